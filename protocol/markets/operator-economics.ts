/**
 * Why operators stay: what a machine costs a day, what it earns, and how long a loss is borne. Behaviour, so called by inhabitants;
 * the two columns of its memory are spread into a network's `Inhabit.memory`.
 *
 * Operators leave slowly and do not follow the price from month to month: in 16 months of Filecoin the correlation of exits
 * with the month's price was 0.04 (facts/prices-and-demand.md §0.4). Hence days of patience both ways, and a gap between the two margins.
 */
import { mulDivFloor } from "../kernel/money.ts"
import { below, type Stream } from "../kernel/random.ts"
import { count16 } from "../kernel/unit.ts"

export interface MachineCost {
  /** At the wall while it works, and while it waits. */
  readonly watts: number
  readonly idleWatts: number
  readonly microUsdPerKwh: number
  /** Colocation, connection, labour: what leaving saves. Sunk hardware is not in it. */
  readonly otherMicroUsdPerDay: number
}

const SECONDS_OF_DAY = 86_400
const WATT_DAY_TO_KWH = 24 / 1000

/** Cash cost of one day with `busySeconds` of work, millionths of a dollar, rounded down: what is paid only if the machine stays on. */
export function dailyCostMicroUsd(cost: MachineCost, busySeconds: number): number {
  const busy = Math.min(SECONDS_OF_DAY, busySeconds)
  const wattSeconds = cost.watts * busy + cost.idleWatts * (SECONDS_OF_DAY - busy)
  return Math.floor((wattSeconds / SECONDS_OF_DAY) * WATT_DAY_TO_KWH * cost.microUsdPerKwh) + cost.otherMicroUsdPerDay
}

export interface Patience {
  /** Leaves after this many days in a row with a margin below. */
  readonly exitBelowPermille: number
  readonly exitAfterDays: number
  /** Comes after this many days in a row with an expected margin above. */
  readonly enterAbovePermille: number
  readonly enterAfterDays: number
}

/** Days in a row: spread into `Inhabit.memory`, one row a node. */
export const patienceShape = { lossDays: count16, gainDays: count16 } as const
export interface PatienceColumns {
  readonly lossDays: Uint16Array
  readonly gainDays: Uint16Array
}

/** (revenue − cost) / cost in permille, rounded down. Revenue without a cost is a margin of a thousandfold. */
export function marginPermille(revenueMicroUsd: number, costMicroUsd: number): number {
  if (costMicroUsd <= 0) return revenueMicroUsd > 0 ? 1_000_000 : 0
  return Math.floor(((revenueMicroUsd - costMicroUsd) * 1000) / costMicroUsd)
}

export const STAY = 0
export const LEAVE = 1
export const ENTER = 2

/** One day of one operator: counts the days in a row, and says what comes of it. Between the two margins nothing is counted. */
export function weighDay(
  memory: PatienceColumns,
  node: number,
  isIn: boolean,
  margin: number,
  p: Patience,
): typeof STAY | typeof LEAVE | typeof ENTER {
  if (isIn) {
    memory.gainDays[node] = 0
    if (margin >= p.exitBelowPermille) {
      memory.lossDays[node] = 0
      return STAY
    }
    if (memory.lossDays[node] + 1 < p.exitAfterDays) {
      memory.lossDays[node]++
      return STAY
    }
    memory.lossDays[node] = 0
    return LEAVE
  }
  memory.lossDays[node] = 0
  if (margin < p.enterAbovePermille) {
    memory.gainDays[node] = 0
    return STAY
  }
  if (memory.gainDays[node] + 1 < p.enterAfterDays) {
    memory.gainDays[node]++
    return STAY
  }
  memory.gainDays[node] = 0
  return ENTER
}

/** Whether a node goes today whatever it earns: base churn in millionths a day. Dice keyed by node and day. */
export const churns = (dice: Stream, node: number, day: number, ppmPerDay: number): boolean =>
  ppmPerDay > 0 && below(dice, 1_000_000, node, day) < ppmPerDay

/** Price over bottom-up cost, in permille, rounded down: how much of a price is imposed (facts/prices-and-demand.md §5.3). 0 without a cost. */
export const imposedPermille = (priceMicroUsd: number, costMicroUsd: number): number =>
  costMicroUsd <= 0 ? 0 : mulDivFloor(priceMicroUsd, 1000, costMicroUsd)
