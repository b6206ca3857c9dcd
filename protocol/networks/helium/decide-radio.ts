/**
 * Coverage objects and heartbeats: what a radio claims to cover, and whether it is there to do so.
 * Source: helium/oracles@21935653 mobile_verifier/src/{coverage,seniority}.rs and heartbeats/mod.rs `ValidatedHeartbeat::validate`,
 * whose order of checks is kept.
 */
import { DAY } from "../../kernel/clock.ts"
import { reserve } from "../../kernel/table.ts"
import type { DecideMobile } from "./decide-mobile.ts"
import { isIndoorKind, isWifiKind } from "./mobile-map.ts"
import { cellOf, computeMetres, isCoverageCell, isWithinReach } from "./mobile-reach.ts"
import { REGIONS } from "./regions.ts"
import { radioOf } from "./state-mobile.ts"

const LEVEL_HIGH = 0
const LEVEL_LOW = 2
/** Where Mobile is offered, as the nearest LoRaWAN region has it. */
const OFFERED = REGIONS.findIndex((region) => region.name === "US915")
/** `SENIORITY_REASONS`, as numbers. */
const NEW_CLAIM = 1
const NOT_SEEN = 2
const TRUSTED = 4

export const decideRadio: Pick<DecideMobile, "SubmitCoverage" | "ReportHeartbeat"> = {
  /** An object is taken whole or not at all; the refusal names its first wrong row. */
  SubmitCoverage(state, rows, begin, end, { out, params, refuse }) {
    const node = rows.node[begin]
    const r = radioOf(state, node)
    if (r < 0) return refuse(begin, "radio_is_unknown")
    if (rows.object[begin] === 0) return refuse(begin, "bad_coverage_object")
    if (rows.object[begin] === state.radio.object[r]) return refuse(begin, "object_is_known")
    if (end - begin > params.mobileHexesMax) return refuse(begin, "coverage_is_too_large")
    const isIndoor = isIndoorKind(state.radio.kind[r])
    const { hexHi, hexLo, level } = rows
    for (let i = begin; i < end; i++) {
      if (rows.node[i] !== node || rows.claimedS[i] !== rows.claimedS[begin]) return refuse(i, "object_is_mixed")
      if (!isCoverageCell(hexHi[i], hexLo[i])) return refuse(i, "hex_is_no_cell")
      if (i > begin && !(hexHi[i] > hexHi[i - 1] || (hexHi[i] === hexHi[i - 1] && hexLo[i] > hexLo[i - 1])))
        return refuse(i, "hex_is_out_of_order")
      if (isIndoor && level[i] !== LEVEL_HIGH && level[i] !== LEVEL_LOW) return refuse(i, "signal_level_is_not_indoor")
    }
    const claim = out.CoverageClaimed
    reserve(claim, 1)
    const c = claim.length++
    claim.node[c] = node
    claim.object[c] = rows.object[begin]
    claim.claimedS[c] = rows.claimedS[begin]
    claim.hexes[c] = end - begin
    const to = out.HexCovered
    reserve(to, end - begin)
    for (let i = begin; i < end; i++) {
      const j = to.length++
      to.node[j] = node
      to.hexHi[j] = hexHi[i]
      to.hexLo[j] = hexLo[i]
      to.powerDdbm[j] = rows.powerDdbm[i]
      to.level[j] = level[i]
    }
  },

  /** Every row is a decision of its own: a heartbeat without a confirmed place stands on the one before. */
  ReportHeartbeat(state, rows, begin, end, { out, params, refuse, ports }) {
    const { registry, radio, coverage, mobileTotal } = state
    const to = out.HeartbeatReported
    reserve(to, end - begin)
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const r = radioOf(state, node)
      const atS = rows.at[i]
      const day = Math.floor(atS / DAY)
      if (rows.object[i] === 0) refuse(i, "bad_coverage_object")
      else if (r < 0 || rows.object[i] !== radio.object[r]) refuse(i, "no_such_coverage_object")
      else if (rows.operational[i] === 0) refuse(i, "not_operational")
      else if (day <= mobileTotal.day[0] || day < radio.day[r]) refuse(i, "heartbeat_outside_range")
      else if (!isCoverageCell(rows.hexHi[i], rows.hexLo[i])) refuse(i, "invalid_place")
      else if (params.mobileGeofence === 1 && state.hotspot.region[node] !== OFFERED) refuse(i, "unsupported_location")
      else if (registry.nodes.status[node] !== 1) refuse(i, "gateway_not_found")
      else if (isWifiKind(radio.kind[r]) && registry.nodes.assertions[node] === 0) refuse(i, "not_asserted")
      else {
        // A fresh word on the place, or the last one while it is still fresh: at most so old, and none from the future counts less.
        const isFresh = rows.validatedS[i] > 0 && atS - rows.validatedS[i] <= params.mobileValidationSeconds
        const isKept = radio.placeS[r] > 0 && atS - radio.placeS[r] <= params.mobileValidationSeconds
        const isTrusted = isFresh || isKept
        const hexHi = isTrusted && !isFresh ? radio.placeHi[r] : rows.hexHi[i]
        const hexLo = isTrusted && !isFresh ? radio.placeLo[r] : rows.hexLo[i]
        const assertions = registry.nodes.assertions[node]
        let metres = radio.placeMetres[r]
        let isWithin = radio.placeWithin[r]
        const isMeasured =
          radio.placeObject[r] === radio.object[r] &&
          radio.placeAssertions[r] === assertions &&
          radio.placeHi[r] === hexHi &&
          radio.placeLo[r] === hexLo &&
          radio.placeReach[r] === params.mobileReachMetres
        if (!isMeasured) {
          const place = cellOf(hexHi, hexLo)
          metres =
            assertions === 0
              ? 0
              : computeMetres(place, cellOf(registry.nodes.hexHi[node], registry.nodes.hexLo[node]), ports.geometry)
          const first = radio.hexBegin[r]
          const last = first + radio.hexes[r]
          isWithin = isWithinReach(place, coverage.hexHi, coverage.hexLo, first, last, params.mobileReachMetres, ports.geometry)
            ? 1
            : 0
        }
        const isIndoor = isIndoorKind(radio.kind[r])
        const full = isIndoor ? params.mobileIndoorFullMetres : params.mobileOutdoorFullMetres
        const quarter = isIndoor ? params.mobileIndoorQuarterMetres : params.mobileOutdoorQuarterMetres
        const j = to.length++
        to.node[j] = node
        to.atS[j] = atS
        to.placeHi[j] = hexHi
        to.placeLo[j] = hexLo
        to.placeS[j] = isFresh ? rows.validatedS[i] : isKept ? radio.placeS[r] : 0
        to.metres[j] = metres
        to.isWithin[j] = isWithin
        to.reachMetres[j] = params.mobileReachMetres
        to.trustQuarters[j] = !isWifiKind(radio.kind[r])
          ? TRUSTED
          : !isTrusted || isWithin === 0
            ? 0
            : metres <= full
              ? TRUSTED
              : metres <= quarter
                ? 1
                : 0
        // Seniority as `computeSeniority` has it; here without an object per heartbeat, a property holds the two together.
        const isNew = radio.seniorityReason[r] === 0
        const isChanged = radio.seniorityObject[r] !== radio.object[r]
        const claimedS = radio.claimedS[r]
        let seniorityS = radio.seniorityS[r]
        let object = radio.seniorityObject[r]
        let reason = radio.seniorityReason[r]
        if (isNew || isChanged) {
          if (isNew || reason === NEW_CLAIM || claimedS >= seniorityS) {
            seniorityS = claimedS
            object = radio.object[r]
            reason = NEW_CLAIM
          }
        } else if (atS - radio.lastHeartbeatS[r] > params.mobileSilenceSeconds && claimedS < atS) {
          seniorityS = atS
          reason = NOT_SEEN
        }
        to.seniorityS[j] = seniorityS
        to.seniorityObject[j] = object
        to.seniorityReason[j] = reason
      }
    }
  },
}
