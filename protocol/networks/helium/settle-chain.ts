/** Half an hour of the old chain: as many epochs as it made blocks for, each worth the same, and nothing for those it did not. */
import { reserve } from "../../kernel/table.ts"
import { computeHip28Reward, roundHalfAway } from "./l1.ts"
import { computeL1EpochPayouts, newL1PayoutColumns, type L1PayoutColumns } from "./l1-payouts.ts"
import { countPace, SETTLED_EVERY_S } from "./ledger-pace.ts"
import { priceOf } from "./price.ts"
import type { Line } from "./settle-epoch.ts"
import { BONES } from "./state.ts"
import { FULL_PACE } from "./state-regime.ts"

const PPM = 1_000_000
const MONTH_S = 30 * 86_400
/** Blocks beyond the election interval for which consensus is paid at most (HIP-28). */
const RESTART_INTERVAL = 5

let payouts: L1PayoutColumns = newL1PayoutColumns(0)

/** Counts blocks; where they make an epoch, pays it (blockchain_txn_rewards_v2; HIP-10, 15, 20, 28). */
export const settle_blocks: Line = (state, at, { out, params: v }) => {
  const { challenge, economy, hotspot, total, validator } = state
  if (v.ownChain === 0) return
  const perEpoch = v.epochBlocks * v.blockSeconds * FULL_PACE
  const since = countPace(economy, at)
  const epochs = Math.min(255, Math.floor(since / perEpoch))
  const worthBones = (v.monthlyRewardHnt * BONES) / (MONTH_S / v.blockSeconds / v.epochBlocks)
  const missing = Math.max(0, SETTLED_EVERY_S * FULL_PACE - Math.max(0, since - economy.sinceSettled[0]))
  const scheduled = Math.floor(worthBones * epochs)
  const burned = total.hntBurnedEpoch[0] + economy.burnOverage[0]
  const reEmitted = Math.min(v.netEmissionsEpochBones * epochs, burned)
  const rewardBones = scheduled + reEmitted
  const of = (ppm: number): number => ppm / PPM
  let paid = { hotspots: 0, validators: 0 }
  if (epochs > 0) {
    if (payouts.data.length < hotspot.length) payouts = newL1PayoutColumns(hotspot.length)
    paid = computeL1EpochPayouts(
      {
        rewardBones,
        fractions: { challengers: of(v.challengersPpm), challengees: of(v.challengeesPpm), witnesses: of(v.witnessesPpm) },
        trafficFraction: of(v.trafficPpm),
        oraclePrice: v.dataPegged === 1 ? priceOf(state, v).emaE8 : 0,
        length: hotspot.length,
        challengers: challenge.shares,
        validatorShares: validator.shares[0],
        challengees: hotspot.beaconShareE8,
        witnesses: hotspot.witnessShareE8,
        dc: hotspot.dcEpoch,
      },
      payouts,
    )
  }
  const groupHnt = computeHip28Reward({
    monthlyRewardHnt: v.monthlyRewardHnt * of(v.consensusPpm),
    blockTimeMs: v.blockSeconds * 1000,
    electionInterval: v.epochBlocks,
    restartInterval: RESTART_INTERVAL,
    startBlock: 1,
    endBlock: v.epochBlocks,
  })
  const consensus = Math.floor(groupHnt * BONES * epochs) + paid.validators
  const securities = roundHalfAway(rewardBones * of(v.securitiesPpm))
  const to = out.BlockEpochClosed
  reserve(to, 1)
  const j = to.length++
  to.at[j] = at
  to.epochs[j] = epochs
  to.sinceEpoch[j] = since - epochs * perEpoch
  to.scheduled[j] = scheduled
  to.reEmitted[j] = reEmitted
  to.burnOverage[j] = epochs === 0 ? economy.burnOverage[0] : burned - reEmitted
  to.hotspots[j] = paid.hotspots
  to.consensus[j] = consensus
  to.securities[j] = securities
  to.unissued[j] = rewardBones - paid.hotspots - consensus - securities
  to.lost[j] = Math.floor((worthBones * missing) / perEpoch)
  if (epochs === 0) return
  const rows = out.BlockRewardPaid
  reserve(rows, hotspot.length)
  const { challenger, beacon, witness, data } = payouts
  for (let node = 0; node < hotspot.length; node++) {
    if (challenger[node] + beacon[node] + witness[node] + data[node] === 0) continue
    const k = rows.length++
    rows.node[k] = node
    rows.challenger[k] = challenger[node]
    rows.beacon[k] = beacon[node]
    rows.witness[k] = witness[node]
    rows.data[k] = data[node]
  }
}
