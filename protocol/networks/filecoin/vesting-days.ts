/**
 * Locked rewards by the day they come free: what vesting.ts does in half-day slots, here in days of UTC. A day's rewards are one
 * award, locked when the day ends and freed in 180 equal steps; the rest of that division, below 180 attoFIL, comes with the last.
 *
 * Awards of a day are a row, not entries of 180: what comes free each day is kept as a flow, to which an award adds its step and
 * from which it is taken when it is paid out. So a day costs one row a miner, and a fee that eats the soonest entry one as well.
 */
import { type Columns, touchRow, touchRows } from "../../kernel/table.ts"
import { Wide } from "../../kernel/wide.ts"
import { type Events, FROM_VESTING } from "./events.ts"
import { type State, VESTING_DAYS } from "./state.ts"

export const STEPS = VESTING_DAYS - 1

/** First row of a day's awards, and of what is taken from what comes free on it. */
export const dayRow = ({ miner }: State, day: number): number => ((day + VESTING_DAYS) % VESTING_DAYS) * miner.length

/** Days due after the day vested last, up to `day`: at most all. */
export const daysDue = (vestedDay: number, day: number): number => Math.min(VESTING_DAYS, Math.max(0, day - vestedDay))

const BASE = Wide.BASE
let dayHi = 0
let dayLo = 0
/** Of a flow, what comes free on `day` by the rows: into dayHi and dayLo, from 0. */
function readDay(state: State, node: number, day: number, flowHi: number, flowLo: number): void {
  const { vesting } = state
  const { takenAtto } = vesting
  const row = dayRow(state, day) + node
  dayHi = flowHi - takenAtto.hi[row]
  dayLo = flowLo + vesting.restAtto[dayRow(state, day - STEPS) + node] - takenAtto.lo[row]
  if (dayLo < 0) {
    dayLo += BASE
    dayHi--
  } else if (dayLo >= BASE) {
    dayLo -= BASE
    dayHi++
  }
}

const flow = new Wide(1)
function readFlow({ miner }: State, node: number): void {
  flow.hi[0] = miner.flowAtto.hi[node]
  flow.lo[0] = miner.flowAtto.lo[node]
}
/** The award whose last step is on `day` flows no more. */
function passDay(state: State, node: number, day: number): void {
  const row = dayRow(state, day - STEPS) + node
  flow.subtract(0, state.vesting.stepAtto.hi[row], state.vesting.stepAtto.lo[row])
}

const due = new Wide(1)
/** What comes free for a miner up to `day`, in attoFIL: the same object each time; undefined when nothing does. */
export function vestedBy(state: State, node: number, day: number): Wide | undefined {
  const first = state.network.vestedDay[0] + 1
  const last = first + daysDue(first - 1, day) - 1
  due.setNumber(0, 0)
  readFlow(state, node)
  const soon = state.miner.soonDay[node]
  for (let d = first; d <= last; d++) {
    if (d === soon) due.add(0, state.miner.soonLeftAtto.hi[node], state.miner.soonLeftAtto.lo[node])
    else if (d > soon) {
      readDay(state, node, d, flow.hi[0], flow.lo[0])
      due.add(0, dayHi, dayLo)
    }
    passDay(state, node, d)
  }
  return due.hi[0] === 0 && due.lo[0] === 0 ? undefined : due
}

/**
 * Everything still scheduled for miners [from, to), day after day from the last vested one on: `scheduled` in attoFIL, and what
 * would go on flowing after it, which must be nothing. Row 0 is miner `from`.
 */
export function sumScheduled(state: State, from: number, to: number): { readonly scheduled: Wide; readonly left: Wide } {
  const { miner, network, vesting } = state
  const { stepAtto, restAtto, takenAtto } = vesting
  const scheduled = new Wide(to - from)
  const left = new Wide(to - from)
  left.hi.set(miner.flowAtto.hi.subarray(from, to))
  left.lo.set(miner.flowAtto.lo.subarray(from, to))
  const first = network.vestedDay[0] + 1
  for (let d = first; d < first + STEPS; d++) {
    const over = dayRow(state, d - STEPS) + from
    const day = dayRow(state, d) + from
    for (let i = 0; i < to - from; i++) {
      const soon = miner.soonDay[from + i]
      if (d > soon) {
        scheduled.add(i, left.hi[i], left.lo[i])
        scheduled.add(i, 0, restAtto[over + i])
        scheduled.subtract(i, takenAtto.hi[day + i], takenAtto.lo[day + i])
      } else if (d === soon) scheduled.add(i, miner.soonLeftAtto.hi[from + i], miner.soonLeftAtto.lo[from + i])
      left.subtract(i, stepAtto.hi[over + i], stepAtto.lo[over + i])
    }
  }
  return { scheduled, left }
}

/** Days up to `day` are over: their awards' last steps are paid. */
export function closeDays(state: State, day: number): void {
  const { miner, network, vesting } = state
  const { stepAtto, restAtto, takenAtto } = vesting
  const n = miner.length
  const first = network.vestedDay[0] + 1
  for (let d = first; d < first + daysDue(first - 1, day); d++) {
    const paid = dayRow(state, d - STEPS)
    const over = dayRow(state, d)
    for (let node = 0; node < n; node++) miner.flowAtto.subtract(node, stepAtto.hi[paid + node], stepAtto.lo[paid + node])
    stepAtto.hi.fill(0, paid, paid + n)
    stepAtto.lo.fill(0, paid, paid + n)
    restAtto.fill(0, paid, paid + n)
    takenAtto.hi.fill(0, over, over + n)
    takenAtto.lo.fill(0, over, over + n)
    touchRows(vesting, paid, paid + n)
    touchRows(vesting, over, over + n)
  }
  network.vestedDay[0] = day
}

/** An amount is locked today: it gets its steps when the day ends. */
export function lockToday({ miner, network }: State, node: number, amounts: Wide, row: number): void {
  const hi = amounts.hi[row]
  const lo = amounts.lo[row]
  miner.lockedAtto.add(node, hi, lo)
  miner.lockedTodayAtto.add(node, hi, lo)
  network.lockedAtto.add(0, hi, lo)
}

const share = new Wide(1)
/** Today's amount, in `row` of `amounts`, goes to the next 180 days. */
export function spreadLocked(state: State, node: number, amounts: Wide, row: number): void {
  const { miner, network, vesting } = state
  if (miner.soonDay[node] > network.vestedDay[0]) digest(state, node)
  share.hi[0] = amounts.hi[row]
  share.lo[0] = amounts.lo[row]
  const rest = share.divide(0, STEPS)
  const award = dayRow(state, network.vestedDay[0]) + node
  vesting.stepAtto.add(award, share.hi[0], share.lo[0])
  vesting.restAtto[award] += rest
  miner.flowAtto.add(node, share.hi[0], share.lo[0])
  miner.lockedTodayAtto.setNumber(node, 0)
  touchRow(vesting, award)
}

/**
 * What fees have eaten is written into the rows of the days, and no day is being eaten any more: before an award, which gives every
 * day something again.
 */
function digest(state: State, node: number): void {
  const { miner, network, vesting } = state
  const soon = miner.soonDay[node]
  readFlow(state, node)
  for (let d = network.vestedDay[0] + 1; d <= soon; d++) {
    readDay(state, node, d, flow.hi[0], flow.lo[0])
    const row = dayRow(state, d) + node
    vesting.takenAtto.add(row, dayHi, dayLo)
    if (d === soon) vesting.takenAtto.subtract(row, miner.soonLeftAtto.hi[node], miner.soonLeftAtto.lo[node])
    touchRow(vesting, row)
    passDay(state, node, d)
  }
  miner.soonDay[node] = 0
}

/** Takes an amount, in parts, out of a miner's locked rewards: soonest first, today's last. It must be there. */
export function takeSoonest(state: State, node: number, hi: number, lo: number): void {
  const { miner, network } = state
  const left = miner.soonLeftAtto
  miner.lockedAtto.subtract(node, hi, lo)
  network.lockedAtto.subtract(0, hi, lo)
  const first = network.vestedDay[0] + 1
  if (miner.soonDay[node] >= first && left.covers(node, hi, lo)) {
    left.subtract(node, hi, lo)
    return
  }
  eatOn(state, node, hi, lo, first)
}

/** As `takeSoonest` for rows [begin, end) of fees that are paid from vesting rewards. */
export function takeFees(state: State, rows: Columns<Events["DailyFeeCharged"]["shape"]>, begin: number, end: number): void {
  const { miner, network } = state
  const { soonDay } = miner
  const { hi: lockedHi, lo: lockedLo } = miner.lockedAtto
  const { hi: leftHi, lo: leftLo } = miner.soonLeftAtto
  const { hi: feeHi, lo: feeLo } = rows.feeAtto
  const first = network.vestedDay[0] + 1
  let sumHi = 0
  let sumLo = 0
  for (let i = begin; i < end; i++) {
    if (rows.paid[i] !== FROM_VESTING) continue
    const node = rows.node[i]
    const hi = feeHi[i]
    const lo = feeLo[i]
    sumHi += hi
    sumLo += lo
    if (sumLo >= BASE) {
      sumLo -= BASE
      sumHi++
    }
    const lockedRest = lockedLo[node] - lo
    const borrow = lockedRest < 0 ? 1 : 0
    lockedLo[node] = lockedRest + borrow * BASE
    lockedHi[node] -= hi + borrow
    if (soonDay[node] < first || leftHi[node] < hi || (leftHi[node] === hi && leftLo[node] < lo)) {
      eatOn(state, node, hi, lo, first)
      continue
    }
    const rest = leftLo[node] - lo
    const over = rest < 0 ? 1 : 0
    leftLo[node] = rest + over * BASE
    leftHi[node] -= hi + over
  }
  network.lockedAtto.subtract(0, sumHi, sumLo)
}

/** As `takeSoonest`, when the day being eaten is none or not enough: it moves on to the day that is. */
function eatOn(state: State, node: number, hi: number, lo: number, first: number): void {
  const { miner } = state
  const left = miner.soonLeftAtto
  const end = first + STEPS
  share.hi[0] = hi
  share.lo[0] = lo
  let day = miner.soonDay[node]
  if (day < first) {
    day = first
    readFlow(state, node)
    readDay(state, node, day, flow.hi[0], flow.lo[0])
    left.hi[node] = dayHi
    left.lo[node] = dayLo
  } else {
    flow.hi[0] = miner.soonFlowAtto.hi[node]
    flow.lo[0] = miner.soonFlowAtto.lo[node]
  }
  while (day < end && !left.covers(node, share.hi[0], share.lo[0])) {
    share.subtract(0, left.hi[node], left.lo[node])
    passDay(state, node, day)
    day++
    // Beyond the last day nothing is scheduled: only today's is left.
    if (day < end) readDay(state, node, day, flow.hi[0], flow.lo[0])
    left.hi[node] = day < end ? dayHi : 0
    left.lo[node] = day < end ? dayLo : 0
  }
  miner.soonDay[node] = day
  miner.soonFlowAtto.hi[node] = flow.hi[0]
  miner.soonFlowAtto.lo[node] = flow.lo[0]
  if (day < end) left.subtract(node, share.hi[0], share.lo[0])
  else miner.lockedTodayAtto.subtract(node, share.hi[0], share.lo[0])
}
