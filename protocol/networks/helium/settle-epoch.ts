/**
 * A daily epoch, whenever it is settled: its HNT issued, its hotspots paid, its books closed. At midnight where it can be, half
 * hour by half hour once it can where it could not: an epoch of Solana is delayed, never lost.
 */
import { DAY } from "../../kernel/clock.ts"
import { div, make, type Decimal } from "../../kernel/decimal.ts"
import type { Settle } from "../../kernel/network.ts"
import type { Values } from "../../kernel/param.ts"
import { reserve } from "../../kernel/table.ts"
import { balance } from "../../ledger/ledger.ts"
import type { Events } from "./events.ts"
import { computeIotEpochPayouts, newIotPayoutColumns, type IotPayoutColumns } from "./iot-payouts.ts"
import type { IotShares } from "./iot-pools.ts"
import { issueHnt, issueIot } from "./settle-issue.ts"
import type { params } from "./params.ts"
import { priceOf } from "./price.ts"
import { BONES, type State } from "./state.ts"

export type Line = Settle<State, Events, typeof params>
type V = Values<typeof params>

const HNT_DECIMALS = 8
/** IOT has six decimals and its price twelve. */
const IOT_PRICE_DECIMALS = 18

/** Why an epoch cannot be settled now; the numbers are the event's. */
export const WAITS = { ledger: 0, data: 1, breaker: 2, price: 3, queue: 4 } as const

/** When the last proof of coverage that counted came in. */
function lastProofS({ hotspot }: State): number {
  let last = 0
  for (let node = 0; node < hotspot.length; node++) if (hotspot.goodBeaconS[node] > last) last = hotspot.goodBeaconS[node]
  return last
}

const waitsForAll = ({ economy }: State, v: V): number | undefined => {
  if (economy.pacePermille[0] === 0) return WAITS.ledger
  return v.backstop === 1 && economy.substituted[0] === 1 ? WAITS.price : undefined
}

/** At midnight: an epoch that cannot be settled now is put by, with who proved and carried what in it. */
export const defer_epoch: Line = (state, at, { out, params: v }) => {
  if (v.ownChain === 1) return
  const { waiting } = state
  const isDry = (): boolean => {
    const last = v.rewarderPatienceSeconds === 0 || v.proofOfCoverage === 0 ? 0 : lastProofS(state)
    return last > 0 && last < at - v.rewarderPatienceSeconds
  }
  const reason = waitsForAll(state, v) ?? (waiting.length > 0 ? WAITS.queue : isDry() ? WAITS.data : undefined)
  if (reason !== undefined) writeDeferred(out.EpochDeferred, at / DAY - 1, reason)
}

type Deferred = Parameters<Line>[2]["out"]["EpochDeferred"]
export function writeDeferred(to: Deferred, day: number, reason: number): void {
  reserve(to, 1)
  const j = to.length++
  to.day[j] = day
  to.reason[j] = reason
}

/** The day's HNT, and in SOL-DNT the day's IOT. */
export const issue_emission: Line = (state, at, to) => {
  const day = at / DAY - 1
  if (to.params.ownChain === 1 || state.economy.deferredDay[0] === day + 1) return
  if (to.params.dntRewards === 1) issueIot(state, at, day, to)
  else issueHnt(state, at, day, to)
}

/** The oldest epoch that waits, one in each half hour: `calculate_utility_score` may be cranked for any past day. */
export const issue_late: Line = (state, at, to) => {
  const { params: v } = to
  const { waiting } = state
  if (v.ownChain === 1 || waiting.length === 0 || waitsForAll(state, v) !== undefined) return
  const day = waiting.day[0]
  const endS = (day + 1) * DAY
  if (at <= endS) return
  // The rewarder asks for a share later than the period's end (oracles: data_current_check).
  if (v.rewarderPatienceSeconds > 0 && v.proofOfCoverage === 1) {
    const last = lastProofS(state)
    if (last > 0 && last <= endS) return
  }
  if (v.dntRewards === 1) issueIot(state, at, day, to)
  else issueHnt(state, at, day, to)
}

const shares = (v: V): IotShares => ({
  beaconPercent: v.beaconsPercent,
  witnessPercent: v.witnessesPercent,
  dataPercent: v.dataPercent,
  operationsPercent: v.operationsPercent,
  oraclePercent: v.oraclesPercent,
  remainderBeaconPercent: v.underflowBeaconsPercent,
  remainderWitnessPercent: 100 - v.underflowBeaconsPercent - v.underflowOperationsPercent,
  remainderOperationsPercent: v.underflowOperationsPercent,
})

let payouts: IotPayoutColumns = newIotPayoutColumns(0)

interface EpochShares {
  readonly beaconShareE8: Float64Array
  readonly witnessShareE8: Float64Array
  readonly dc: Float64Array
}
const late = { beaconShareE8: new Float64Array(0), witnessShareE8: new Float64Array(0), dc: new Float64Array(0) }

/** True when the epoch now open is one that waited. */
const isLate = ({ economy, waiting }: State): boolean => waiting.length > 0 && waiting.day[0] + 1 === economy.openDay[0]

/** Who proved and carried what in the epoch now open. */
function sharesOf(state: State): EpochShares {
  const { deferred, hotspot, waiting } = state
  if (!isLate(state)) return { beaconShareE8: hotspot.beaconShareE8, witnessShareE8: hotspot.witnessShareE8, dc: hotspot.dcEpoch }
  for (const name of ["beaconShareE8", "witnessShareE8", "dc"] as const) {
    if (late[name].length < hotspot.length) late[name] = new Float64Array(hotspot.length)
    late[name].fill(0)
    for (let i = 0; i < deferred.length && deferred.day[i] === waiting.day[0]; i++)
      late[name][deferred.node[i]] = deferred[name][i]
  }
  return late
}

/** Pools, then every hotspot's floored share of them (HIP-10, HIP-15, HIP-52; oracles: reward_share.rs). */
export const pay_hotspots: Line = (state, _at, to) => {
  const { economy, hotspot, ledger, total } = state
  const { params: v } = to
  if (economy.openDay[0] === 0) return
  const isIot = v.dntRewards === 1
  const pool = Number(balance(ledger, isIot ? "iot" : "hnt", ledger.account.iot_pool))
  // The percentages are of the whole epoch; the delegators' part has left the pool already.
  const emissionsBones = pool + (isIot ? economy.iotDelegated[0] : total.delegatedEpoch[0])
  const { beaconShareE8, witnessShareE8, dc } = sharesOf(state)
  if (payouts.beacon.length < hotspot.length) payouts = newIotPayoutColumns(hotspot.length)
  const pricePerBone =
    v.dataPegged === 0 ? FREE : isIot ? make(BigInt(v.iotPriceE12Usd), IOT_PRICE_DECIMALS) : bonePrice(priceOf(state, v).emaE8)
  const totals = computeIotEpochPayouts(
    { emissionsBones, pricePerBone, length: hotspot.length, beaconSharesE8: beaconShareE8, witnessSharesE8: witnessShareE8, dc },
    payouts,
    shares(v),
  )
  const split = isIot ? to.out.IotPoolsSplit : to.out.PoolsSplit
  reserve(split, 1)
  const s = split.length++
  split.day[s] = total.day[0]
  split.beacons[s] = Number(totals.beacon)
  split.witnesses[s] = Number(totals.witness)
  split.data[s] = Number(totals.dataTransfer)
  split.operations[s] = Number(totals.operations)
  split.oracles[s] = Number(totals.oracles)
  const rows = isIot ? to.out.IotRewardPaid : to.out.RewardPaid
  reserve(rows, hotspot.length)
  const { beacon, witness, dataTransfer } = payouts
  for (let node = 0; node < hotspot.length; node++) {
    if (beacon[node] + witness[node] + dataTransfer[node] === 0) continue
    const j = rows.length++
    rows.node[j] = node
    rows.beacon[j] = beacon[node]
    rows.witness[j] = witness[node]
    rows.data[j] = dataTransfer[node]
  }
}

const bonePrice = (emaE8: number): Decimal =>
  div(make(BigInt(emaE8), HNT_DECIMALS), make(BigInt(BONES)), 2 * HNT_DECIMALS, "floor")
/** At next to nothing a bone, any traffic is worth its whole pool: what the network paid before HIP-10. */
const FREE: Decimal = make(1n, 24)

/** What nobody claimed is set aside by name, and the next epoch starts from zero. */
export const close_books: Line = (state, _at, { out, params: v }) => {
  const { economy, hotspot, ledger, total } = state
  if (economy.openDay[0] === 0) return
  const left = Number(balance(ledger, v.dntRewards === 1 ? "iot" : "hnt", ledger.account.iot_pool))
  const wasLate = isLate(state)
  if (v.dntRewards === 1) {
    const to = out.IotEpochClosed
    reserve(to, 1)
    const j = to.length++
    to.day[j] = total.day[0]
    to.paid[j] = economy.iotPaidEpoch[0]
    to.unallocated[j] = left
    to.late[j] = wasLate ? 1 : 0
    return
  }
  const { witnessShareE8 } = sharesOf(state)
  const to = wasLate ? out.LateEpochClosed : out.EpochClosed
  reserve(to, 1)
  let sum = 0
  for (let node = 0; node < hotspot.length; node++) sum += witnessShareE8[node]
  const j = to.length++
  to.day[j] = total.day[0]
  to.paid[j] = total.paidEpoch[0]
  to.unallocated[j] = left
  to.shares[j] = sum
}
