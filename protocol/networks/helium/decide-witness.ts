/**
 * Witnesses, decided: thirteen checks each, then reciprocity, selection and units. The beacon came before, in decide-beacon.ts.
 *
 * Source of the checks and their order: oracles@824f7724 iot_verifier/src/poc.rs (do_witness_verifications);
 * HIP-15, 58, 83, 94, 106, 136.
 */
import type { DecideContext, Decide } from "../../kernel/network.ts"
import { reserve, type Columns } from "../../kernel/table.ts"
import type { Commands, Refusal } from "./commands.ts"
import type { Events } from "./events.ts"
import { findPath, isFresh, isTooNear, measure } from "./path.ts"
import type { params } from "./params.ts"
import { NEVER, TOO_NEAR } from "./path-limits.ts"
import { powerNanoDb, signalNanoDb, wholeGainNanoDb } from "./radio-loss.ts"
import { unitsE4 } from "./unit-table.ts"
import type { State } from "./state.ts"

type WitnessRows = Columns<Commands["ReportWitness"]["shape"]>
type Context = DecideContext<Events, typeof params, Refusal>
const NANO_PER_DECI = 100_000_000 // 0.1 dB in 1e-9 dB

/** Witnesses of one beacon that passed every check and may be rewarded, in list order, and when each arrived; -1 once it is out. */
const valid = { witness: new Uint32Array(64), afterMs: new Int32Array(64), length: 0 }
/** Rows of those that passed as well, and are set aside for want of reciprocity. */
const aside = { rows: new Int32Array(64), length: 0 }
/** Places among the valid of those that have a near neighbour anywhere, by arrival. */
const crowded = { place: new Int32Array(64) }
/** Marks witnesses already seen in, or too near for, the decision now made. Two bytes each: they are looked up at random. */
const seen = { mark: new Uint16Array(0), near: new Uint16Array(0), stamp: 0 }

/** Scratch grows, never shrinks, and holds nothing between decisions. */
function begin(nodes: number, rows: number): void {
  if (seen.mark.length < nodes) {
    seen.mark = new Uint16Array(nodes)
    seen.near = new Uint16Array(nodes)
    seen.stamp = 0
  }
  if (seen.stamp === 0xffff) {
    seen.mark.fill(0)
    seen.near.fill(0)
    seen.stamp = 0
  }
  seen.stamp++
  if (valid.witness.length < rows) {
    valid.witness = new Uint32Array(rows * 2)
    valid.afterMs = new Int32Array(rows * 2)
    aside.rows = new Int32Array(rows * 2)
    crowded.place = new Int32Array(rows * 2)
  }
}

export const decideWitness: Pick<Decide<State, Commands, Events, typeof params, Refusal>, "ReportWitness"> = {
  /** All reports of one beacon, as one decision. The rows [from, end) name the same beaconer. */
  ReportWitness(state, rows, from, end, to) {
    const beaconer = rows.beaconer[from]
    const { hotspot, registry } = state
    if (!(beaconer < hotspot.length) || hotspot.open[beaconer] === 0 || to.params.proofOfCoverage === 0) {
      for (let i = from; i < end; i++) to.refuse(i, "beacon_is_not_open")
      return
    }
    begin(hotspot.length, end - from)
    const { params } = to
    const atS = hotspot.openReceivedS[beaconer]
    const window = params.reciprocitySeconds
    // Without a window every time will do; with one, never (0) will not.
    const sinceS = window === 0 ? 0 : Math.max(1, atS - window)
    const reciprocated = hotspot.witnessedS[beaconer] >= sinceS
    checkWitnesses(state, rows, from, end, beaconer, reciprocated ? sinceS : Infinity, to)

    const kept = valid.length
    const proved = kept + aside.length
    const out = to.out.WitnessProved
    reserve(out, proved)
    let j = out.length
    const { beaconer: outBeaconer, witness: outWitness, shareE8 } = out
    // Heard by valid witnesses, but silent itself, or heard by those who are never heard: contact, yet no reward.
    for (let k = 0; k < aside.length; k++, j++) {
      const row = aside.rows[k]
      const witness = rows.witness[row]
      to.refuse(row, reciprocated ? "gateway_no_valid_beacons" : "gateway_no_valid_witnesses")
      outBeaconer[j] = beaconer
      outWitness[j] = witness
      shareE8[j] = 0
    }
    const selected = select(state, params)
    const units = unitsE4(selected, params)
    const scale = hotspot.scaleE4[beaconer]
    const share = units.witness * scale
    const { witness: validWitness, afterMs } = valid
    for (let k = 0; k < kept; k++, j++) {
      outBeaconer[j] = beaconer
      outWitness[j] = validWitness[k]
      // Minus one is all ones: nothing for those who are out, without a branch that nobody can predict.
      shareE8[j] = share & ~(afterMs[k] >> 31)
    }
    out.length = j

    const resolved = to.out.PocResolved
    reserve(resolved, 1)
    const r = resolved.length++
    resolved.beaconer[r] = beaconer
    resolved.atS[r] = atS
    resolved.shareE8[r] = units.beaconer * scale
    resolved.selected[r] = selected
    resolved.valid[r] = Math.min(255, proved)
    resolved.unreciprocated[r] = reciprocated || registry.nodes.status[beaconer] === 0 ? 0 : 1
  },
}

/**
 * Gathers the rows that pass every check, in list order; refuses the others by the first check they fail. Witnesses whose own
 * last good beacon came before `goodSinceS` are set aside.
 */
function checkWitnesses(
  state: State,
  rows: WitnessRows,
  from: number,
  end: number,
  beaconer: number,
  goodSinceS: number,
  to: Context,
): void {
  const { mark, stamp } = seen
  const { hotspot } = state
  const { goodBeaconS } = hotspot
  const { witness, receivedMs, payload, frequencyHz, signalDdbm, path: hint } = rows
  const { witness: hearer } = state.path
  const { first, end: endOf, loudestDdb } = state.limits.of(state, to.params)
  const firstPath = first[beaconer]
  const endPath = endOf[beaconer]
  const {
    firstMs,
    lastMs,
    frequencyMin,
    frequencyMax,
    payload: sentPayload,
    power,
  } = holdAgainst(state, rows, from, end, beaconer, to.params)
  // Rounded down on this side and exact on the other, so what passes here passes there.
  const powerDdb = Math.floor(power / NANO_PER_DECI)
  const { witness: kept, afterMs } = valid
  const { rows: asideRows } = aside
  let n = 0
  let apart = 0
  for (let i = from; i < end; i++) {
    const w = witness[i]
    const p = hint[i]
    const at = receivedMs[i]
    const hz = frequencyHz[i]
    const passes =
      p >= firstPath &&
      p < endPath &&
      hearer[p] === w &&
      mark[w] !== stamp &&
      at >= firstMs &&
      at <= lastMs &&
      payload[i] === sentPayload &&
      hz >= frequencyMin &&
      hz <= frequencyMax &&
      signalDdbm[i] <= powerDdb + loudestDdb[p]
    if (!passes) {
      const reason = witnessProblem(state, rows, i, beaconer, holdAgainst(state, rows, from, end, beaconer, to.params), to)
      if (w < mark.length && reason !== "self_witness") mark[w] = stamp
      if (reason !== undefined) {
        to.refuse(i, reason)
        continue
      }
    }
    mark[w] = stamp
    if (goodBeaconS[w] >= goodSinceS) {
      kept[n] = w
      afterMs[n++] = at - firstMs
    } else asideRows[apart++] = i
  }
  valid.length = n
  aside.length = apart
}

/** What the reports of one beacon are held against. */
interface Sent {
  readonly entropyS: number
  readonly entropyEndS: number
  readonly latestMs: number
  /** Earliest and latest arrival that pass both the entropy window and the lag. */
  readonly firstMs: number
  readonly lastMs: number
  readonly payload: number
  readonly frequencyMin: number
  readonly frequencyMax: number
  /** Transmit power less the channel's loss, 1e-9 dB: what a witness without gain hears at one metre, before gains. */
  readonly power: number
}

/** Small enough to be inlined where it is called, so that the hot caller makes no object; the other call is rare. */
function holdAgainst(
  { hotspot }: State,
  { receivedMs, witness }: WitnessRows,
  from: number,
  end: number,
  beaconer: number,
  params: Context["params"],
): Sent {
  const beaconMs = hotspot.openReceivedS[beaconer] * 1000 + hotspot.openReceivedMs[beaconer]
  // Only a witness that came before the beacon report moves the limit.
  let earliest = beaconMs
  for (let i = from; i < end; i++) if (receivedMs[i] < earliest && witness[i] !== beaconer) earliest = receivedMs[i]
  const latestMs = earliest === beaconMs ? beaconMs + params.lagAfterBeaconMs : earliest + params.lagAfterFirstWitnessMs
  const entropyS = hotspot.openEntropyS[beaconer]
  const entropyEndS = entropyS + params.entropyLifespanSeconds
  const frequencyHz = hotspot.openFrequencyHz[beaconer]
  return {
    entropyS,
    entropyEndS,
    latestMs,
    firstMs: entropyS * 1000,
    lastMs: Math.min(latestMs, entropyEndS * 1000 + 999),
    payload: hotspot.openPayload[beaconer],
    frequencyMin: frequencyHz - params.frequencyToleranceHz,
    frequencyMax: frequencyHz + params.frequencyToleranceHz,
    power: powerNanoDb(hotspot.openTxPowerDbm[beaconer]) - hotspot.openChannelLossNanoDb[beaconer],
  }
}

/** The first check a witness report fails, in the verifier's order, or undefined. */
function witnessProblem(
  state: State,
  rows: WitnessRows,
  i: number,
  beaconer: number,
  sent: Sent,
  { params, ports }: Context,
): Refusal | undefined {
  const { hotspot, registry, path, limits } = state
  const witness = rows.witness[i]
  const hint = rows.path[i]
  const isHinted = hint >= limits.first[beaconer] && hint < limits.end[beaconer] && path.witness[hint] === witness
  // What the limits say of a pair saves looking it up again: only `NEVER` leaves the reason open.
  const known = isHinted ? limits.loudestDdb[hint] : NEVER
  const isOpen = known === NEVER
  const p = !isOpen || (isHinted && isFresh(state, hint)) ? hint : findPath(state, beaconer, witness)
  if (isOpen) {
    if (!(registry.nodes.status[witness] === 1)) return "gateway_not_found"
    if (registry.nodes.assertions[witness] === 0) return "not_asserted"
    if (hotspot.denied[witness] === 1) return "denied"
    if (state.deniedEdges.of(state).has(beaconer, witness)) return "denied_edge"
    if (witness === beaconer) return "self_witness"
  }
  if (seen.mark[witness] === seen.stamp) return "duplicate"
  const receivedS = Math.floor(rows.receivedMs[i] / 1000)
  if (receivedS < sent.entropyS || receivedS > sent.entropyEndS) return "entropy_expired"
  if (rows.receivedMs[i] > sent.latestMs) return "too_late"
  if (rows.payload[i] !== sent.payload) return "wrong_payload"
  if (isOpen && hotspot.capable[witness] === 0) return "invalid_capability"
  if (rows.frequencyHz[i] < sent.frequencyMin || rows.frequencyHz[i] > sent.frequencyMax) return "invalid_frequency"
  if (known === TOO_NEAR) return "below_min_distance"
  if (isOpen && hotspot.region[witness] !== hotspot.region[beaconer]) return "invalid_region"
  const { cells, metres, spaceLossNanoDb } =
    p >= 0
      ? { cells: path.cells[p], metres: path.metres[p], spaceLossNanoDb: path.spaceLossNanoDb[p] }
      : measure(state, beaconer, witness, ports.geometry)
  if (isTooNear(cells, params.distanceMinCells)) return "below_min_distance"
  if (metres >= (params.distanceMaxKm + 1) * 1000) return "max_distance_exceeded"
  const gains = wholeGainNanoDb(hotspot.gainDdbi[beaconer]) + wholeGainNanoDb(hotspot.gainDdbi[witness])
  if (signalNanoDb(rows.signalDdbm[i]) > sent.power + gains - spaceLossNanoDb) return "bad_rssi"
  return undefined
}

/**
 * Which valid witnesses are rewarded (HIP-83, HIP-136): of more than the maximum, those near an earlier one are set aside
 * and the earliest kept; of equal times the first in the list. Puts the others out; gives the number left.
 */
function select(state: State, params: Context["params"]): number {
  let selected = valid.length
  if (selected <= params.witnessesMax) return selected
  // Who is set aside depends on earlier ones only, so it can be settled before the latest are dropped.
  if (params.exclusionCells > 0) selected -= setNearAside(state)
  for (; selected > params.witnessesMax; selected--) dropLatest()
  return selected
}

function dropLatest(): void {
  const { afterMs, length } = valid
  let latestMs = -1
  let latest = 0
  for (let k = 0; k < length; k++) {
    // Without a branch, because nobody can predict which is the latest: all ones where this one is no earlier.
    const isLater = (latestMs - afterMs[k] - 1) >> 31
    latestMs ^= (latestMs ^ afterMs[k]) & isLater
    latest ^= (latest ^ k) & isLater
  }
  afterMs[latest] = -1
}

/** Puts out, in order of arrival, those that stand too near one taken before; gives their number. */
function setNearAside({ limits: { nearBegin, nearTo, isNearAny } }: State): number {
  const { near, stamp } = seen
  const { witness, afterMs, length } = valid
  const { place } = crowded
  // Few have any neighbour: only they need be put in order.
  let few = 0
  for (let k = 0; k < length; k++) {
    if (isNearAny[witness[k]] === 0) continue
    let m = few++
    for (; m > 0 && afterMs[place[m - 1]] > afterMs[k]; m--) place[m] = place[m - 1]
    place[m] = k
  }
  if (few < 2) return 0
  let dropped = 0
  for (let m = 0; m < few; m++) {
    const node = witness[place[m]]
    if (near[node] === stamp) {
      afterMs[place[m]] = -1
      dropped++
    } else for (let q = nearBegin[node]; q < nearBegin[node + 1]; q++) near[nearTo[q]] = stamp
  }
  return dropped
}
