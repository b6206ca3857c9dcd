/** Limits per address: a bucket of tokens refilled by the clock, and a count of joins a day. Bounded, so that strangers cannot fill memory. */

const ADDRESSES_MAX = 20_000
const DAY_MS = 24 * 60 * 60 * 1000

export class AddressLimits {
  readonly #perSecond: number
  readonly #joinsPerDay: number
  readonly #clock: () => number
  readonly #all = new Map<string, { tokens: number; at: number; joins: number; day: number }>()

  constructor(options: { readonly perSecond: number; readonly joinsPerDay: number; readonly clock?: () => number }) {
    this.#perSecond = options.perSecond
    this.#joinsPerDay = options.joinsPerDay
    this.#clock = options.clock ?? (() => performance.now())
  }

  /** Takes `n` tokens from the address' bucket; false where it has too few. */
  allow(address: string, n = 1): boolean {
    const entry = this.#entry(address)
    if (entry.tokens < n) return false
    entry.tokens -= n
    return true
  }

  /** Counts a join from the address; false where it had its share today. */
  allowJoin(address: string): boolean {
    const entry = this.#entry(address)
    if (entry.joins >= this.#joinsPerDay) return false
    entry.joins++
    return true
  }

  #entry(address: string) {
    const now = this.#clock()
    const day = Math.floor(now / DAY_MS)
    const most = 4 * this.#perSecond
    let entry = this.#all.get(address)
    if (entry === undefined) {
      // The oldest goes first: a Map keeps the order of arrival.
      if (this.#all.size >= ADDRESSES_MAX) this.#all.delete(this.#all.keys().next().value!)
      entry = { tokens: most, at: now, joins: 0, day }
      this.#all.set(address, entry)
    }
    entry.tokens = Math.min(most, entry.tokens + ((now - entry.at) / 1000) * this.#perSecond)
    entry.at = now
    if (entry.day !== day) {
      entry.day = day
      entry.joins = 0
    }
    return entry
  }
}
