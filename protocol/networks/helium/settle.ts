/** The settlements of Helium IoT, as tables of contents: the density map every half hour, the books every midnight UTC. */
import { DAY, MINUTE } from "../../kernel/clock.ts"
import { div, make, toUnits } from "../../kernel/decimal.ts"
import type { Cadence, Settle } from "../../kernel/network.ts"
import { mulDivFloor } from "../../kernel/money.ts"
import type { Values } from "../../kernel/param.ts"
import { reserve } from "../../kernel/table.ts"
import { civilDate } from "./civil-date.ts"
import { computeDailyEmission, computeNetEmissions, SMOOTHED_BURN_START_BONES } from "./emission.ts"
import type { Events } from "./events.ts"
import { computeIotEpochPayouts, newIotPayoutColumns, type IotPayoutColumns } from "./iot-payouts.ts"
import type { IotShares } from "./iot-pools.ts"
import type { params } from "./params.ts"
import { mobileLines } from "./settle-mobile.ts"
import { BONES, type State } from "./state.ts"

type Line = Settle<State, Events, typeof params>

const HNT_DECIMALS = 8
const PPM = 1_000_000

/** Scales follow who is active; a hotspot that fell silent stops crowding its neighbours (oracles: hex_density.rs). */
const refresh_density: Line = (state, at, { out, params: v, ports }) => {
  const to = out.HexScaleChanged
  reserve(to, state.hotspot.length)
  state.density.refresh(state, at, v, ports.geometry, (node, scaleE4, active) => {
    const j = to.length++
    to.node[j] = node
    to.scaleE4[j] = scaleE4
    to.active[j] = active
  })
}

/** The day's HNT: its schedule, and what was burnt, smoothed over seven days and capped (HIP-20; HRP-20250312). */
const issue_emission: Line = ({ total }, at, { out, params: v }) => {
  const day = at / DAY - 1
  const scheduled = Number(toUnits(computeDailyEmission("hnt", civilDate(day)), HNT_DECIMALS, "floor"))
  const burned = total.hntBurnedEpoch[0]
  const net = computeNetEmissions(
    BigInt(scheduled),
    BigInt(total.smoothedBurn[0]) || SMOOTHED_BURN_START_BONES,
    BigInt(burned),
    BigInt(v.netEmissionsCapBones),
  )
  const all = Number(net.totalRewards)
  const iot = mulDivFloor(all, v.iotSharePpm, PPM)
  const to = out.EmissionIssued
  reserve(to, 1)
  const j = to.length++
  to.day[j] = day
  to.scheduled[j] = scheduled
  to.reEmitted[j] = all - scheduled
  to.iot[j] = iot
  to.delegators[j] = mulDivFloor(iot, v.delegatorsPercent, 100)
  to.burned[j] = burned
  to.smoothed[j] = Number(net.smoothed)
}

const shares = (v: Values<typeof params>): IotShares => ({
  beaconPercent: v.beaconsPercent,
  witnessPercent: v.witnessesPercent,
  dataPercent: v.dataPercent,
  operationsPercent: v.operationsPercent,
  oraclePercent: v.oraclesPercent,
  remainderBeaconPercent: v.underflowBeaconsPercent,
  remainderWitnessPercent: 100 - v.underflowBeaconsPercent,
  remainderOperationsPercent: 0,
})

let payouts: IotPayoutColumns = newIotPayoutColumns(0)

/** Pools, then every hotspot's floored share of them (HIP-10, HIP-15, HIP-52; oracles: reward_share.rs). */
const pay_hotspots: Line = ({ hotspot, total, ledger }, _at, { out, params: v }) => {
  // The percentages are of the whole epoch; the delegators' part has left the pool already.
  const emissions = ledger.tokens.hnt.balance.toNumber(ledger.account.iot_pool) + total.delegatedEpoch[0]
  if (payouts.beacon.length < hotspot.length) payouts = newIotPayoutColumns(hotspot.length)
  const totals = computeIotEpochPayouts(
    {
      emissionsBones: emissions,
      pricePerBone: div(make(BigInt(v.hntPriceE8Usd), HNT_DECIMALS), make(BigInt(BONES)), 2 * HNT_DECIMALS, "floor"),
      length: hotspot.length,
      beaconSharesE8: hotspot.beaconShareE8,
      witnessSharesE8: hotspot.witnessShareE8,
      dc: hotspot.dcEpoch,
    },
    payouts,
    shares(v),
  )
  const split = out.PoolsSplit
  reserve(split, 1)
  const s = split.length++
  split.day[s] = total.day[0]
  split.beacons[s] = Number(totals.beacon)
  split.witnesses[s] = Number(totals.witness)
  split.data[s] = Number(totals.dataTransfer)
  split.operations[s] = Number(totals.operations)
  split.oracles[s] = Number(totals.oracles)
  const to = out.RewardPaid
  reserve(to, hotspot.length)
  const { beacon, witness, dataTransfer } = payouts
  for (let node = 0; node < hotspot.length; node++) {
    if (beacon[node] + witness[node] + dataTransfer[node] === 0) continue
    const j = to.length++
    to.node[j] = node
    to.beacon[j] = beacon[node]
    to.witness[j] = witness[node]
    to.data[j] = dataTransfer[node]
  }
}

/** What nobody claimed is set aside by name, and the next epoch starts from zero. */
const close_books: Line = ({ total, ledger, hotspot }, _at, { out }) => {
  const to = out.EpochClosed
  reserve(to, 1)
  let sum = 0
  for (let node = 0; node < hotspot.length; node++) sum += hotspot.witnessShareE8[node]
  const j = to.length++
  to.day[j] = total.day[0]
  to.paid[j] = total.paidEpoch[0]
  to.unallocated[j] = ledger.tokens.hnt.balance.toNumber(ledger.account.iot_pool)
  to.shares[j] = sum
}

export const cadences: Readonly<Record<string, Cadence<State, Events, typeof params>>> = {
  density: {
    because: "The verifier refreshes its density map every 30 minutes (oracles@824f7724).",
    everySeconds: 30 * MINUTE,
    lines: { refresh_density },
  },
  day: {
    because: "An epoch is a UTC day; its books close when it ends (helium.md §3.1).",
    everySeconds: DAY,
    lines: { issue_emission, pay_hotspots, close_books, ...mobileLines },
  },
}
