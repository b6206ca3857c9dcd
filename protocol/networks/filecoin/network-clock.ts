/**
 * Half an hour of the network's clock: reward state and filters, epoch by epoch as reward.ts and smoothing.ts do, with two
 * shortcuts: power is sampled once, at the end, and so is the epoch reward, which moves by about 1e-5 in a half hour.
 *
 * Null rounds have no cron. The next tipset catches up as `updateNetworkKpi` of reward.ts does: every epoch since realises power,
 * the reward's filter takes one step for all of them, the power's filter one step of one epoch. The last epoch of a half hour is
 * taken for a tipset when any of it was.
 */
import type { Values } from "../../kernel/param.ts"
import { computeTheta, nextBaselineBytes } from "./baseline.ts"
import { epochAt, SLOT_EPOCHS } from "./chain-time.ts"
import { MINIMUM_MINERS } from "./cohorts.ts"
import { EPOCHS_PER_DAY } from "./epoch.ts"
import type { Events } from "./events.ts"
import { computeEpochReward, MAINNET_ALLOCATION } from "./minting.ts"
import type { FilecoinParams } from "./params.ts"
import { alphaBetaNext } from "./smoothing.ts"
import { jumpBaseline, type State } from "./state.ts"
import { blocksOf } from "./state-chain.ts"
import { needsBlocks } from "./tipsets.ts"
import { addRow, type Table } from "../../kernel/table.ts"
import { readEstimateAt, writeEstimate } from "./wide-pair.ts"

/** Power that rewards and pledge are measured by, in GiB (power-table.ts `computeNetworkPower`). */
export const networkPowerGib = ({ network }: State): { readonly raw: number; readonly qa: number } =>
  network.minersAboveMin[0] < MINIMUM_MINERS
    ? { raw: network.committedRawGib[0], qa: network.committedQaGib[0] }
    : { raw: network.countedRawGib[0], qa: network.countedQaGib[0] }

/** What one update catches up with: as much as a settlement closes. */
const CATCH_UP_EPOCHS_MAX = EPOCHS_PER_DAY

/** Writes one update up to `at`. Epochs beyond a day, or before a run's first half hour, realise no power. */
export function writeKpi(
  state: State,
  at: number,
  v: Values<FilecoinParams>,
  to: Table<Events["NetworkKpiUpdated"]["shape"]>,
): void {
  const { network } = state
  const power = networkPowerGib(state)
  const raw = BigInt(power.raw) << 30n
  const qa = BigInt(power.qa) << 30n
  const epoch = Math.max(epochAt(at), network.epoch[0])
  const isByTipsets = needsBlocks(state, v) && network.nowS[0] !== 0
  const steps = Math.min(isByTipsets ? CATCH_UP_EPOCHS_MAX : SLOT_EPOCHS, epoch - network.epoch[0])
  let baseline = network.baselineBytes.get(0)
  const skipped = epoch - network.epoch[0] - steps
  if (skipped > 0) baseline = jumpBaseline(baseline, skipped)

  let realised = network.cumsumRealised.get(0)
  let cumsum = network.cumsumBaseline.get(0)
  let effective = network.effectiveBaselineBytes.get(0)
  let time = network.networkTime[0]
  let theta = computeTheta(time, effective, realised, cumsum)
  let before = theta
  for (let k = 0; k < steps; k++) {
    baseline = nextBaselineBytes(baseline)
    realised += raw < baseline ? raw : baseline
    while (realised > cumsum) {
      time++
      effective = nextBaselineBytes(effective)
      cumsum += effective
    }
    if (k >= steps - 2) {
      before = theta
      theta = computeTheta(time, effective, realised, cumsum)
    }
  }
  const reward = steps === 0 ? network.epochRewardAtto.get(0) : computeEpochReward(epoch, before, theta, MAINNET_ALLOCATION)
  let smoothedReward = readEstimateAt(network, "reward", 0)
  let smoothedQa = readEstimateAt(network, "qa", 0)
  let passed = 0
  // The reward is for `epoch`, which begins now; its cron ran at the end of the one before.
  for (let e = epoch - steps; e < epoch; e++) {
    passed++
    if (isByTipsets && e < epoch - 1 && blocksOf(state, e) === 0) continue
    smoothedReward = alphaBetaNext(smoothedReward, reward, passed)
    smoothedQa = alphaBetaNext(smoothedQa, qa, 1)
    passed = 0
  }
  const r = addRow(to)
  to.atS[r] = at
  to.epoch[r] = epoch
  to.alarmed[r] = network.live[0] > 0 && network.faulty[0] * 1000 > network.live[0] * v.alarmFaultyPermille ? 1 : 0
  to.epochRewardAtto.set(r, reward)
  to.baselineBytes.set(r, baseline)
  to.cumsumRealised.set(r, realised)
  to.cumsumBaseline.set(r, cumsum)
  to.networkTime[r] = time
  to.effectiveBaselineBytes.set(r, effective)
  writeEstimate(to, "reward", r, smoothedReward)
  writeEstimate(to, "qa", r, smoothedQa)
}
