/** How often a key may have commands taken up: a bucket of tokens per key, refilled by the clock, holding two seconds' worth. */

const KEYS_MAX = 50_000

export class KeyBudget {
  readonly #perSecond: number
  readonly #clock: () => number
  readonly #buckets = new Map<string, { tokens: number; at: number }>()

  /** `clock`: milliseconds that only go on. */
  constructor(perSecond: number, clock: () => number = () => performance.now()) {
    this.#perSecond = perSecond
    this.#clock = clock
  }

  /** Takes a token; false where there is none. */
  spend(keyHex: string): boolean {
    const now = this.#clock()
    const most = 2 * this.#perSecond
    const bucket = this.#buckets.get(keyHex) ?? { tokens: most, at: now }
    bucket.tokens = Math.min(most, bucket.tokens + ((now - bucket.at) / 1000) * this.#perSecond)
    bucket.at = now
    if (this.#buckets.size > KEYS_MAX) this.#buckets.clear()
    this.#buckets.set(keyHex, bucket)
    if (bucket.tokens < 1) return false
    bucket.tokens--
    return true
  }
}
