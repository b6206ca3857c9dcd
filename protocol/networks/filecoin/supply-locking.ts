/**
 * What is locked by the day: pledges made, renewed and released, rewards locked and vesting; and from that what circulates.
 * Sources: facts/filecoin.md §17, after CELtd/mechafil-jax locking.py and supply.py; FIP-0081 (the blend), FIP-0004 (75% of a
 * reward, 180 days).
 */
import type { SupplyDrivers, SupplyPlan } from "./supply-plan.ts"

/** Days of expected reward in a storage pledge. */
const PLEDGE_DAYS = 20
const LOCKED_SHARE = 0.75
const REWARD_RELEASE_DAYS = 180

/** The part of a run's days that locking reads and fills. FIL and PiB. */
export interface LockedDays {
  readonly qaPib: Float64Array
  readonly onboardedQaPib: Float64Array
  readonly renewedQaPib: Float64Array
  readonly rewardFil: Float64Array
  readonly mintedFil: Float64Array
  readonly burntFil: Float64Array
  readonly vestedFil: Float64Array
  readonly pledgeFilPerPib: Float64Array
  /** Pledge that each day put under lock for a sector's life, over the survival of that day. */
  readonly madeFil: Float64Array
  readonly lockedPledgeFil: Float64Array
  readonly lockedRewardFil: Float64Array
  readonly circulatingFil: Float64Array
}

/**
 * Pledge of a PiB of quality-adjusted power, FIL: 20 days of the reward it may expect, and its share of what the lock target
 * asks of the supply, `gamma` of it measured against the baseline where that is larger than the network; at most `mostFil`.
 */
export function computePledgePerPib(
  rewardFil: number,
  circulatingFil: number,
  qaPib: number,
  baselinePib: number,
  lockTarget: number,
  gamma: number,
  mostFil: number,
): number {
  if (!(qaPib > 0)) return mostFil
  const share = circulatingFil > 0 ? lockTarget * circulatingFil : 0
  const storage = (PLEDGE_DAYS * rewardFil) / qaPib
  const whole = qaPib > baselinePib ? qaPib : baselinePib
  const pledge = storage + ((1 - gamma) * share) / qaPib + (gamma * share) / whole
  return pledge < mostFil ? pledge : mostFil
}

/** Fills days `from` on, from the day before; day 0 stands as the plan starts. */
export function lockDays(plan: SupplyPlan, drivers: SupplyDrivers, days: LockedDays, from: number): void {
  const { historyDays, sectorDays, releaseFromDay, reserveFil, pledgeFilPerPibMax, gamma, survival, vestedFil, start } = plan
  const { baselinePib, paidShare } = plan.minting
  const { burntFil: burntBefore, renewalRate: renewedBefore } = plan.history
  const { pledgeFil: knownRelease } = plan.known
  const { qaPib, onboardedQaPib, renewedQaPib, rewardFil, mintedFil, burntFil, pledgeFilPerPib, madeFil } = days
  const { lockedPledgeFil, lockedRewardFil, circulatingFil } = days
  const linear = plan.release === "linear"
  const lockedOfReward = LOCKED_SHARE * paidShare
  if (from === 0) {
    circulatingFil[0] = start.circulatingFil
    lockedPledgeFil[0] = start.lockedPledgeFil
    lockedRewardFil[0] = start.lockedRewardFil
    burntFil[0] = burntBefore[0]
    madeFil[0] = 0
    pledgeFilPerPib[0] = 0
    from = 1
  }
  const lockedOn = (i: number): number => (i > 0 ? lockedOfReward * rewardFil[i] : start.lockedRewardDailyFil)
  let window = 0
  if (linear) for (let i = from - REWARD_RELEASE_DAYS; i < from; i++) window += lockedOn(i)
  let circulating = circulatingFil[from - 1]
  let pledge = lockedPledgeFil[from - 1]
  let reward = lockedRewardFil[from - 1]
  let burnt = burntFil[from - 1]
  for (let i = from; i < qaPib.length; i++) {
    const f = i - historyDays
    const rate = f < 0 ? renewedBefore[i] : drivers.renewalRate[f]
    burnt = f < 0 ? burntBefore[i] : burnt + drivers.burnFil[f]
    const stays = survival[i]
    const ended = stays < survival[i - 1] ? pledge * (1 - stays / survival[i - 1]) : 0
    const past = i - sectorDays
    const due = past >= releaseFromDay ? knownRelease[i] + madeFil[past] * stays : knownRelease[i]
    const day = rewardFil[i]
    const each = computePledgePerPib(
      day,
      circulating,
      qaPib[i],
      baselinePib[i],
      drivers.lockTarget[i],
      gamma[i],
      pledgeFilPerPibMax,
    )
    const fresh = each * onboardedQaPib[i]
    const again = each * renewedQaPib[i]
    const kept = rate * due
    const more = again > kept ? again - kept : 0
    pledge += fresh - (due - kept) + more - ended
    madeFil[i] = (fresh + kept + more) / stays
    const locked = lockedOfReward * day
    if (linear) {
      reward += locked - window / REWARD_RELEASE_DAYS
      window += locked - lockedOn(i - REWARD_RELEASE_DAYS)
    } else reward += locked - reward / REWARD_RELEASE_DAYS
    circulating = reserveFil + mintedFil[i] + vestedFil[i] - (pledge + reward) - burnt
    burntFil[i] = burnt
    pledgeFilPerPib[i] = each
    lockedPledgeFil[i] = pledge
    lockedRewardFil[i] = reward
    circulatingFil[i] = circulating
  }
}
