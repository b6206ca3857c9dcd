/**
 * Named counter-based random streams: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC11).
 *
 * A draw is a pure function of (seed, stream name, counter), so the order of draws does not matter, parallel equals
 * serial, and a new draw in one place never moves a draw in another.
 */

const MULTIPLIER_0 = 0xd2511f53
const MULTIPLIER_1 = 0xcd9e8d57
const WEYL_0 = 0x9e3779b9 | 0
const WEYL_1 = 0xbb67ae85 | 0
const ROUNDS = 10

/** High 32 bits of the unsigned product, by 16-bit halves: a double holds each partial product exactly. */
export function multiplyHigh(a: number, b: number): number {
  const al = a & 0xffff
  const ah = a >>> 16
  const bl = b & 0xffff
  const bh = b >>> 16
  const low = al * bl
  const cross = ah * bl
  const other = al * bh
  const middle = (low >>> 16) + (other & 0xffff) + (cross & 0xffff)
  return (ah * bh + (other >>> 16) + (cross >>> 16) + (middle >>> 16)) | 0
}

/** One Philox4x32-10 block: counter (c0..c3), key (k0, k1) → four u32 words in `out`. */
export function philox(out: Uint32Array, c0: number, c1: number, c2: number, c3: number, k0: number, k1: number): void {
  for (let round = 0; round < ROUNDS; round++) {
    const h0 = multiplyHigh(MULTIPLIER_0, c0)
    const l0 = Math.imul(MULTIPLIER_0, c0)
    const h1 = multiplyHigh(MULTIPLIER_1, c2)
    const l1 = Math.imul(MULTIPLIER_1, c2)
    c0 = h1 ^ c1 ^ k0
    c1 = l1
    c2 = h0 ^ c3 ^ k1
    c3 = l0
    k0 = (k0 + WEYL_0) | 0
    k1 = (k1 + WEYL_1) | 0
  }
  out[0] = c0
  out[1] = c1
  out[2] = c2
  out[3] = c3
}

/** A named stream of a run: everything drawn from it is keyed by the run's seed and this name. */
export interface Stream {
  readonly name: string
  readonly k0: number
  readonly k1: number
  readonly salt: number
}

/** FNV-1a over the name's UTF-16 code units: names are short ASCII, so 32 bits keep them apart. */
export function nameHash(name: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193)
  return h >>> 0
}

/** A stream of `seed` (a non-negative safe integer). */
export function stream(seed: number, name: string): Stream {
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new RangeError(`seed ${seed} is not a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`)
  const high = Math.floor(seed / 0x1_0000_0000)
  return { name, k0: seed >>> 0, k1: nameHash(name), salt: high }
}

/** Fills `out` (4 words) with the block at counter (a, b, c). */
export function block(s: Stream, out: Uint32Array, a: number, b = 0, c = 0): void {
  philox(out, a, b, c, s.salt, s.k0, s.k1)
}

const scratch = new Uint32Array(4)

/** One u32 at counter (a, b, c). */
export function draw(s: Stream, a: number, b = 0, c = 0): number {
  philox(scratch, a, b, c, s.salt, s.k0, s.k1)
  return scratch[0]
}

/** An integer in [0, n) for a u32 n, by multiply-high: the bias is at most n / 2^32. */
export function below(s: Stream, n: number, a: number, b = 0, c = 0): number {
  return multiplyHigh(draw(s, a, b, c), n) >>> 0
}

/**
 * A small fast generator (sfc32) for many draws inside one keyed instant, such as the witnesses of one beacon.
 * It is seeded by one Philox block, so it is as independent of everything outside as the block is.
 */
export class Mixer {
  #a = 0
  #b = 0
  #c = 0
  #d = 0

  seed(words: Uint32Array): void {
    this.#a = words[0] | 0
    this.#b = words[1] | 0
    this.#c = words[2] | 0
    this.#d = words[3] | 1
  }

  /** Writes the next `n` words into `out`: the same words as `n` calls of `next`, several times as fast. */
  fill(out: Uint32Array, n: number): void {
    let a = this.#a
    let b = this.#b
    let c = this.#c
    let d = this.#d
    for (let i = 0; i < n; i++) {
      const t = (((a + b) | 0) + d) | 0
      d = (d + 1) | 0
      a = b ^ (b >>> 9)
      b = (c + (c << 3)) | 0
      c = (((c << 21) | (c >>> 11)) + t) | 0
      out[i] = t
    }
    this.#a = a
    this.#b = b
    this.#c = c
    this.#d = d
  }

  /** The next u32. */
  next(): number {
    const t = (((this.#a + this.#b) | 0) + this.#d) | 0
    this.#d = (this.#d + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + t) | 0
    return t >>> 0
  }
}

/**
 * The numbers 0 … n − 1 in a random order, as far as they are asked for: k of them cost k, however many there are (Fisher and Yates'
 * shuffle, begun and taken back). Each order is equally likely, but for the bias of `below`.
 */
export class Shuffle {
  readonly #order: Uint32Array
  readonly #swapped: Uint32Array
  readonly #words = new Uint32Array(4)
  readonly #mixer = new Mixer()
  #drawn = 0

  constructor(n: number) {
    this.#order = Uint32Array.from({ length: n }, (_, i) => i)
    this.#swapped = new Uint32Array(n)
  }

  /** Begins the order that belongs to counter (a, b, c) of a stream. */
  begin(s: Stream, a: number, b = 0, c = 0): void {
    const order = this.#order
    for (let i = this.#drawn - 1; i >= 0; i--) this.#swap(order, i, this.#swapped[i])
    this.#drawn = 0
    block(s, this.#words, a, b, c)
    this.#mixer.seed(this.#words)
  }

  /** The next number, or -1 when all have come. */
  next(): number {
    const i = this.#drawn
    const order = this.#order
    if (i === order.length) return -1
    const j = i + (multiplyHigh(this.#mixer.next(), order.length - i) >>> 0)
    this.#swapped[i] = j
    this.#drawn = i + 1
    this.#swap(order, i, j)
    return order[i]
  }

  #swap(order: Uint32Array, i: number, j: number): void {
    const kept = order[i]
    order[i] = order[j]
    order[j] = kept
  }
}
