/**
 * Locked rewards by the day they come free: what vesting.ts does in half-day slots, here in days of UTC. A day's rewards are one
 * award, locked when the day ends. The buckets of a miner are rows `node * 181 + day modulo 181`.
 */
import { touch } from "../../kernel/table.ts"
import { Wide } from "../../kernel/wide.ts"
import { VESTING_DAYS, type State } from "./state.ts"

const STEPS = VESTING_DAYS - 1

export const bucketOf = (node: number, day: number): number => node * VESTING_DAYS + (day % VESTING_DAYS)

/** Buckets due after the day vested last, up to `day`: at most all. */
export const daysDue = (vestedDay: number, day: number): number => Math.min(VESTING_DAYS, Math.max(0, day - vestedDay))

const due = new Wide(1)
/** What comes free for a miner up to `day`, in attoFIL; undefined when nothing does. */
export function vestedBy({ network, vesting }: State, node: number, day: number): Wide | undefined {
  const { hi, lo } = vesting.amountAtto
  due.setNumber(0, 0)
  for (let d = day - daysDue(network.vestedDay[0], day) + 1; d <= day; d++) {
    const b = bucketOf(node, d)
    due.add(0, hi[b], lo[b])
  }
  return due.hi[0] === 0 && due.lo[0] === 0 ? undefined : due
}

function release({ miner, network, vesting }: State, node: number, bucket: number, hi: number, lo: number): void {
  vesting.amountAtto.subtract(bucket, hi, lo)
  miner.lockedAtto.subtract(node, hi, lo)
  network.lockedAtto.subtract(0, hi, lo)
}

/** Empties the buckets that `vestedBy` summed. */
export function clearVested(state: State, node: number, day: number): void {
  const { network, vesting } = state
  for (let d = day - daysDue(network.vestedDay[0], day) + 1; d <= day; d++) {
    const b = bucketOf(node, d)
    release(state, node, b, vesting.amountAtto.hi[b], vesting.amountAtto.lo[b])
  }
  touch(vesting)
}

/** An amount is locked today: it gets its buckets when the day ends. */
export function lockToday({ miner, network }: State, node: number, amounts: Wide, row: number): void {
  const hi = amounts.hi[row]
  const lo = amounts.lo[row]
  miner.lockedAtto.add(node, hi, lo)
  miner.lockedTodayAtto.add(node, hi, lo)
  network.lockedAtto.add(0, hi, lo)
}

const share = new Wide(1)
/**
 * Today's amount goes to the next 180 days, each with what is due by it in proportion, floored, less what the days before
 * release: vesting.ts's rule. floor(amount * k / 180) is k times the quotient and floor(rest * k / 180).
 */
export function spreadLocked({ miner, network, vesting }: State, node: number, amount: bigint): void {
  const rest = Number(amount % BigInt(STEPS))
  share.set(0, amount / BigInt(STEPS))
  const hi = share.hi[0]
  const lo = share.lo[0]
  const first = network.vestedDay[0]
  for (let k = 1; k <= STEPS; k++) {
    const b = bucketOf(node, first + k)
    vesting.amountAtto.add(b, hi, lo)
    const extra = Math.floor((rest * k) / STEPS) - Math.floor((rest * (k - 1)) / STEPS)
    if (extra > 0) vesting.amountAtto.addNumber(b, extra)
  }
  miner.lockedTodayAtto.setNumber(node, 0)
  touch(vesting)
}

/** Takes an amount out of a miner's locked rewards, soonest first, today's last. */
export function takeSoonest(state: State, node: number, amount: bigint): void {
  if (amount <= 0n) return
  const { miner, network, vesting } = state
  let left = amount
  for (let k = 1; k <= VESTING_DAYS && left > 0n; k++) {
    const b = bucketOf(node, network.vestedDay[0] + k)
    const held = vesting.amountAtto.get(b)
    const taken = held < left ? held : left
    if (taken === 0n) continue
    share.set(0, taken)
    release(state, node, b, share.hi[0], share.lo[0])
    left -= taken
  }
  if (left > 0n) {
    share.set(0, left)
    miner.lockedTodayAtto.subtract(node, share.hi[0], share.lo[0])
    miner.lockedAtto.subtract(node, share.hi[0], share.lo[0])
    network.lockedAtto.subtract(0, share.hi[0], share.lo[0])
  }
  touch(vesting)
}
