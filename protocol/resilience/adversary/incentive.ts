/**
 * Games between a cheat and those who check: closed forms 5.5 to 5.7 of the adversaries fact sheet (2026-11-22), and the prices of forging,
 * grace, bribes and reputation that its catalogue names. Amounts in any one unit, rates a period.
 */
import { exp, pow } from "../../kernel/real.ts"
import { atLeastOnce } from "../analytic/special.ts"

export interface Inspection {
  readonly checked: number
  readonly cheats: number
  /** What each of n checkers plays, and the chance that all are idle: the same for every n. */
  readonly each: number
  readonly idle: number
}

/** The inspection game: g saved by cheating, S lost when caught, v a check, R a catch, n checkers (5.5; K15). */
export function computeInspection(gain: number, stake: number, checkCost: number, reward: number, checkers: number): Inspection {
  const idle = stake / (gain + stake)
  return { checked: gain / (gain + stake), cheats: Math.min(1, checkCost / reward), each: 1 - pow(idle, 1 / checkers), idle }
}

/** The least jackpot that pays a checker for looking, where errors are forced at a known rate (5.5; K15). */
export const computeJackpot = (checkCost: number, forcedErrorRate: number): number => checkCost / forcedErrorRate

/** What k names share of a jackpot J: J·k/2^(k−1) (Truebit, from its wiki; 5.5; K15). */
export const computeJackpotShare = (jackpot: number, names: number): number => (jackpot * names) / pow(2, names - 1)

/** Profit of own traffic x, unit cost 1, in a pool B beside organic traffic V, paid no more than κ its cost (5.6; K12). */
export const computeWashProfit = (pool: number, organic: number, own: number, cap = Infinity): number =>
  own === 0 ? 0 : Math.min((pool * own) / (organic + own), cap * own) - own

/** The own traffic that earns most without a cap: √(BV) − V, or none (5.6; K12). */
export const computeBestWash = (pool: number, organic: number): number =>
  pool > organic ? Math.sqrt(pool * organic) - organic : 0

/** Income of one identity that is found after T on average: in full, behind an escrow of W, or throttled to θ for its first D (5.7; K14). */
export const computeCycleIncome = (rate: number, meanLife: number): number => rate * meanLife
export const computeEscrowedIncome = (rate: number, meanLife: number, escrow: number): number =>
  rate * meanLife * exp(-escrow / meanLife)
export const computeThrottledIncome = (rate: number, meanLife: number, throttle: number, first: number): number =>
  rate * meanLife * (1 - (1 - throttle) * (1 - exp(-first / meanLife)))

/** How long an identity of cost c must last at rate r; with only θ of it paid for the first D (5.7; K13). */
export const computeBreakEven = (cost: number, rate: number, throttle = 1, first = 0): number => {
  const slow = rate * throttle
  return cost <= slow * first ? cost / slow : cost / rate + (1 - throttle) * first
}

/** Share of its pay that a Storj node has received when it leaves after m months: 75, 50, 25 % held, half of it back in month 16 (5.7; K16). */
export function computeStorjReceived(months: number): number {
  let paid = 0
  let held = 0
  for (let m = 1; m <= months; m++) {
    const part = m <= 3 ? 0.75 : m <= 6 ? 0.5 : m <= 9 ? 0.25 : 0
    paid += 1 - part
    held += part
  }
  return months === 0 ? 0 : (paid + (months >= 16 ? held / 2 : 0)) / months
}

/** Forging pays iff it is found less often than this: the cost saved over the pay, and the periods of pay held back (K31). */
export const computeForgingBound = (costOverPay: number, heldBack = 0): number => costOverPay / (1 + heldBack)

/** Caught at least once in so many frames, where a share is sampled and a share of those is seen (K31). */
export const computeCaught = (sampled: number, seen: number, frames: number): number => atLeastOnce(sampled * seen, frames)

/** The least bond behind a claim of grace: G hours of γ of the reward and of what the capacity is worth elsewhere, over p (F2; K23). */
export const computeGraceBond = (hours: number, graceShare: number, reward: number, resold: number, caught: number): number =>
  (hours * (graceShare * reward + resold)) / caught

/** May an operator with x·N nodes of a domain gain by switching them off to save b penalties? Not while this holds (F3). */
export const isSelfOutageUnprofitable = (
  failing: number,
  penalty: number,
  graceShare: number,
  reward: number,
  switchedOff: number,
  hours: number,
): boolean => failing * penalty <= (1 - graceShare) * reward * switchedOff * hours

/** What a p + ε bribe must hold, and what it spends where all follow it: nothing (C7). */
export const computeBribe = (voters: number, pay: number, epsilon: number) => ({ held: voters * (pay + epsilon), spent: 0 })

/** The largest job whose loss a reputation still outweighs: margin over discount (D7). */
export const computeReputationBound = (margin: number, discount: number): number => margin / discount

/** A captured auditor is deterred while p·bond is at least what it sells before it is found (E4). */
export const isAuditorDeterred = (caught: number, bond: number, fee: number, attestations: number): boolean =>
  caught * bond >= fee * attestations

/** What the money locked in n bids costs: n·deposit·y·time (E2). */
export const computeLockCost = (bids: number, deposit: number, perYear: number, seconds: number): number =>
  (bids * deposit * perYear * seconds) / 31_557_600
