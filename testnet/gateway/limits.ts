/**
 * Limits per address: two buckets of tokens refilled by the clock, one for what is written and one for what is read, and a count of
 * joins a day. Bounded, so that strangers cannot fill memory.
 */

const ADDRESSES_MAX = 20_000
const DAY_MS = 24 * 60 * 60 * 1000
/** A bucket holds what comes in so many seconds: a page with its pictures is asked for at once. */
const BURST_SECONDS = 4

/** What a read costs of an address' bucket, beside the 1 of any request: a visit asks a provider, a picture is put together anew. */
export const READ_TOKENS = { blob: 1, site: 4, picture: 49 } as const

export interface AddressLimitOptions {
  /** Commands, and a blob as so many of them. */
  readonly perSecond: number
  readonly readsPerSecond: number
  readonly joinsPerDay: number
  readonly clock?: () => number
}

interface Entry {
  tokens: number
  reads: number
  at: number
  joins: number
  day: number
}

export class AddressLimits {
  readonly #perSecond: number
  readonly #readsPerSecond: number
  readonly #joinsPerDay: number
  readonly #clock: () => number
  readonly #all = new Map<string, Entry>()

  constructor(options: AddressLimitOptions) {
    this.#perSecond = options.perSecond
    this.#readsPerSecond = options.readsPerSecond
    this.#joinsPerDay = options.joinsPerDay
    this.#clock = options.clock ?? (() => performance.now())
  }

  /** Takes `n` tokens from the address' bucket for commands; false where it has too few. */
  allow(address: string, n = 1): boolean {
    const entry = this.#entry(address)
    if (entry.tokens < n) return false
    entry.tokens -= n
    return true
  }

  /** Takes `n` tokens from its bucket for reads, which is another: whoever reads much may still submit. */
  allowRead(address: string, n = 1): boolean {
    const entry = this.#entry(address)
    if (entry.reads < n) return false
    entry.reads -= n
    return true
  }

  /** Counts a join from the address; false where it had its share today. */
  allowJoin(address: string): boolean {
    const entry = this.#entry(address)
    if (entry.joins >= this.#joinsPerDay) return false
    entry.joins++
    return true
  }

  #entry(address: string): Entry {
    const now = this.#clock()
    const day = Math.floor(now / DAY_MS)
    const most = BURST_SECONDS * this.#perSecond
    const readsMost = BURST_SECONDS * this.#readsPerSecond
    let entry = this.#all.get(address)
    if (entry === undefined) {
      // The oldest goes first: a Map keeps the order of arrival.
      if (this.#all.size >= ADDRESSES_MAX) this.#all.delete(this.#all.keys().next().value!)
      entry = { tokens: most, reads: readsMost, at: now, joins: 0, day }
      this.#all.set(address, entry)
    }
    const seconds = (now - entry.at) / 1000
    entry.tokens = Math.min(most, entry.tokens + seconds * this.#perSecond)
    entry.reads = Math.min(readsMost, entry.reads + seconds * this.#readsPerSecond)
    entry.at = now
    if (entry.day !== day) {
      entry.day = day
      entry.joins = 0
    }
    return entry
  }
}
