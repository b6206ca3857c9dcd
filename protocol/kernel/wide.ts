/**
 * A column of exact signed integers up to ±2^101: hi · 2^48 + lo, both kept in doubles that hold whole numbers.
 * It adds without allocating, which a BigInt64Array cannot, and reaches attoFIL, which 64 bits cannot.
 */

const BASE = 0x1_0000_0000_0000 // 2^48
const BIG_BASE = 1n << 48n
const HALF = 0x100_0000 // 2^24

export class Wide {
  /** What one unit of `hi` is worth: 2^48. */
  static readonly BASE = BASE
  /** Largest magnitude a cell may hold. */
  static readonly MAX = 1n << 101n

  readonly hi: Float64Array
  readonly lo: Float64Array

  constructor(capacity: number) {
    this.hi = new Float64Array(capacity)
    this.lo = new Float64Array(capacity)
  }

  /** The value at `i`, exact. */
  get(i: number): bigint {
    return BigInt(this.hi[i]) * BIG_BASE + BigInt(this.lo[i])
  }

  /** Sets `i` to `value`. Throws a RangeError beyond ±2^101. */
  set(i: number, value: bigint): void {
    if (value > Wide.MAX || value < -Wide.MAX) throw new RangeError(`amount ${value} does not fit ±2^101`)
    const lo = ((value % BIG_BASE) + BIG_BASE) % BIG_BASE
    this.lo[i] = Number(lo)
    this.hi[i] = Number((value - lo) / BIG_BASE) + 0
  }

  /** Sets `i` to a safe integer. */
  setNumber(i: number, value: number): void {
    // + 0: a −0 would hash otherwise than the 0 it equals
    const whole = value + 0
    const hi = Math.floor(whole / BASE)
    this.hi[i] = hi
    this.lo[i] = whole - hi * BASE
  }

  /** Adds a safe integer (may be negative) to `i`. */
  addNumber(i: number, value: number): void {
    const hi = Math.floor(value / BASE)
    this.add(i, hi, value - hi * BASE)
  }

  /** Adds the value in parts: `lo` in [0, 2^48). */
  add(i: number, hi: number, lo: number): void {
    const sum = this.lo[i] + lo
    const carry = sum >= BASE ? 1 : 0
    this.lo[i] = sum - carry * BASE
    this.hi[i] = this.hi[i] + hi + carry
  }

  /** Subtracts the value in parts: `lo` in [0, 2^48). */
  subtract(i: number, hi: number, lo: number): void {
    const difference = this.lo[i] - lo
    const borrow = difference < 0 ? 1 : 0
    this.lo[i] = difference + borrow * BASE
    this.hi[i] = this.hi[i] - hi - borrow
  }

  /** Divides a value from 0 at `i` by a whole number from 1 to 2^24, floored; returns the rest. */
  divide(i: number, by: number): number {
    const hi = Math.floor(this.hi[i] / by)
    // Long division in digits of 2^24: every step stays below 2^48.
    const upper = Math.floor(this.lo[i] / HALF)
    const first = (this.hi[i] - hi * by) * HALF + upper
    const second = Math.floor(first / by)
    const last = (first - second * by) * HALF + (this.lo[i] - upper * HALF)
    const lo = Math.floor(last / by)
    this.hi[i] = hi
    this.lo[i] = second * HALF + lo
    return last - lo * by
  }

  /** True when the value at `i` is at least `hi`, `lo` in parts. */
  covers(i: number, hi: number, lo: number): boolean {
    return this.hi[i] > hi || (this.hi[i] === hi && this.lo[i] >= lo)
  }

  /** True when the value at `i` is below zero. */
  isNegative(i: number): boolean {
    return this.hi[i] < 0
  }

  /** Copies another column into the head of this one. */
  copy(from: Wide): void {
    this.hi.set(from.hi)
    this.lo.set(from.lo)
  }

  /** The value at `i` as a number: exact below 2^53, for measures and charts only. */
  toNumber(i: number): number {
    return this.hi[i] * BASE + this.lo[i]
  }
}
