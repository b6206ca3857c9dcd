/** Mobile's commands become events or refusals here: read · refuse · write. Heartbeats and coverage are in `decide-radio.ts`. */
import { isCell, resolutionOf } from "../../kernel/geometry.ts"
import type { Decide } from "../../kernel/network.ts"
import { reserve } from "../../kernel/table.ts"
import { canPay } from "../../ledger/ledger.ts"
import { isRegistered, type Registry } from "../../registry/registry.ts"
import type { MobileCommands, MobileRefusal } from "./commands-mobile.ts"
import { decideRadio } from "./decide-radio.ts"
import type { MobileEvents } from "./events-mobile.ts"
import { cellOf, isCoverageCell } from "./mobile-reach.ts"
import type { params } from "./params.ts"
import { radioOf, type HasMobile } from "./state-mobile.ts"
import type { RegimeState } from "./state-regime.ts"

/** What Mobile decides on: its own state, and who is registered and where. */
export interface MobileWorld extends HasMobile {
  readonly registry: Registry
  readonly economy: RegimeState["economy"]
  readonly hotspot: { readonly region: ArrayLike<number>; readonly denied: ArrayLike<number> }
}
/** Refusals that Mobile shares with IoT. */
export type SharedRefusal = "gateway_not_found" | "not_asserted" | "payer_is_out_of_credits"
export type DecideMobile = Decide<MobileWorld, MobileCommands, MobileEvents, typeof params, MobileRefusal | SharedRefusal>

/** Assignments are told for cells of this resolution. */
const ASSIGNED_RESOLUTION = 9
/** A boost's month. */
const MONTH_S = 30 * 86_400
const CLOCK_END_S = 0xffff_ffff
const RADIO_KINDS = 4

export const decideMobile: DecideMobile = {
  ...decideRadio,

  /** A hotspot has one radio; of another kind it replaces the first, in the same row. */
  RegisterRadio(state, rows, begin, end, { out, params, refuse }) {
    const to = out.RadioRegistered
    reserve(to, end - begin)
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const kind = rows.kind[i]
      const r = radioOf(state, node)
      if (!isRegistered(state.registry, node)) refuse(i, "gateway_not_found")
      else if (params.mobileBegun === 0) refuse(i, "mobile_has_not_begun")
      else if (kind < 1 || kind > RADIO_KINDS) refuse(i, "radio_kind_is_unknown")
      else if (r >= 0 && state.radio.kind[r] === kind) refuse(i, "radio_is_registered")
      else {
        const j = to.length++
        to.node[j] = node
        to.kind[j] = kind
      }
    }
  },

  /** Tests of any age are kept; which of them count is asked when the day is paid. */
  ReportSpeedtest(state, rows, begin, end, { out, refuse }) {
    const to = out.SpeedtestReported
    reserve(to, end - begin)
    for (let i = begin; i < end; i++) {
      if (radioOf(state, rows.node[i]) < 0) {
        refuse(i, "radio_is_unknown")
        continue
      }
      const j = to.length++
      to.node[j] = rows.node[i]
      to.atS[j] = rows.atS[i]
      to.uploadKbps[j] = rows.uploadKbps[i]
      to.downloadKbps[j] = rows.downloadKbps[i]
      to.latencyMs[j] = rows.latencyMs[i]
    }
  },

  ReportConnections(state, rows, begin, end, { out, refuse }) {
    const to = out.ConnectionsCounted
    reserve(to, end - begin)
    for (let i = begin; i < end; i++) {
      if (radioOf(state, rows.node[i]) < 0) {
        refuse(i, "radio_is_unknown")
        continue
      }
      const j = to.length++
      to.node[j] = rows.node[i]
      to.connections[j] = rows.connections[i]
      to.phones[j] = rows.phones[i]
    }
  },

  BanRadio(state, rows, begin, end, { out, refuse }) {
    const to = out.RadioBanned
    reserve(to, end - begin)
    for (let i = begin; i < end; i++) {
      if (radioOf(state, rows.node[i]) < 0) {
        refuse(i, "radio_is_unknown")
        continue
      }
      const j = to.length++
      to.node[j] = rows.node[i]
      to.banned[j] = rows.banned[i]
      to.at[j] = rows.at[i]
    }
  },

  AssignHex(_state, rows, begin, end, { out, refuse }) {
    const to = out.HexAssigned
    reserve(to, end - begin)
    for (let i = begin; i < end; i++) {
      const cell = cellOf(rows.hexHi[i], rows.hexLo[i])
      if (!isCell(cell) || resolutionOf(cell) !== ASSIGNED_RESOLUTION) {
        refuse(i, "assignment_is_no_cell")
        continue
      }
      const j = to.length++
      to.hexHi[j] = rows.hexHi[i]
      to.hexLo[j] = rows.hexLo[i]
      to.index[j] = rows.index[i]
    }
  },

  /** Paid in Data Credits, which are burnt (HIP-84; limits by HIP-122). */
  BoostHex({ ledger }, rows, begin, end, { out, params, refuse }) {
    const to = out.HexBoosted
    reserve(to, end - begin)
    for (let i = begin; i < end; i++) {
      const multiplier = rows.multiplier[i]
      const months = rows.months[i]
      const untilS = rows.at[i] + months * MONTH_S
      const dc = multiplier * months * params.mobileBoostCredits
      if (!isCoverageCell(rows.hexHi[i], rows.hexLo[i])) refuse(i, "hex_is_no_cell")
      else if (multiplier < 1 || multiplier > params.mobileBoostMax) refuse(i, "boost_is_too_large")
      else if (months < params.mobileBoostMonthsMin) refuse(i, "boost_is_too_short")
      else if (untilS > CLOCK_END_S) refuse(i, "boost_is_too_long")
      else if (!canPay(ledger, "dc", ledger.account.credit_holders, dc)) refuse(i, "payer_is_out_of_credits")
      else {
        const j = to.length++
        to.hexHi[j] = rows.hexHi[i]
        to.hexLo[j] = rows.hexLo[i]
        to.kind[j] = rows.kind[i]
        to.multiplier[j] = multiplier
        to.fromS[j] = rows.at[i]
        to.untilS[j] = untilS
        to.dc[j] = dc
      }
    }
  },

  ReportMappers(_state, rows, begin, end, { out, refuse }) {
    const to = out.MappersCounted
    reserve(to, end - begin)
    for (let i = begin; i < end; i++) {
      if (rows.subscribers[i] === 0) {
        refuse(i, "nobody_mapped")
        continue
      }
      const j = to.length++
      to.subscribers[j] = rows.subscribers[i]
      to.verificationPoints[j] = rows.verificationPoints[i]
    }
  },

  /** Traffic is paid before it is rewarded: no credits, no event. While the ledger is down it is carried all the same. */
  ReportDataTransfer(state, rows, begin, end, { out, refuse }) {
    const to = state.economy.pacePermille[0] === 0 ? out.MobileTransferQueued : out.MobileDataTransferred
    reserve(to, end - begin)
    for (let i = begin; i < end; i++) {
      if (radioOf(state, rows.node[i]) < 0) refuse(i, "radio_is_unknown")
      else if (!canPay(state.ledger, "dc", state.ledger.account.credit_holders, rows.dc[i])) refuse(i, "payer_is_out_of_credits")
      else {
        const j = to.length++
        to.node[j] = rows.node[i]
        to.dc[j] = rows.dc[i]
      }
    }
  },
}
