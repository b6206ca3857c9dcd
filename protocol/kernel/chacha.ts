/**
 * The ChaCha12 keystream as 32-bit words: the generator `ChaCha12Rng` of the Rust crate rand_chacha when seeded with 32 bytes
 * (key = seed, block counter from 0, stream 0). Helium draws beacon payloads from it.
 */

/** "expand 32-byte k" as four little-endian words (Bernstein 2008). */
const CONSTANT = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574]
const DOUBLE_ROUNDS = 6

/** The first `count` words. Throws a RangeError unless the seed has 32 bytes. */
export const chacha12Words = (seed: Uint8Array, count: number): Uint32Array => {
  if (seed.length !== 32) throw new RangeError(`a ChaCha12 seed has 32 bytes, not ${seed.length}`)
  const start = new Uint32Array(16)
  start.set(CONSTANT)
  for (let i = 0; i < 8; i++) {
    start[4 + i] = seed[4 * i] | (seed[4 * i + 1] << 8) | (seed[4 * i + 2] << 16) | (seed[4 * i + 3] << 24)
  }
  const words = new Uint32Array(count)
  const block = new Uint32Array(16)
  for (let offset = 0; offset < count; offset += 16) {
    // Words 12 and 13 are the 64-bit block counter, 14 and 15 the stream.
    start[12] = offset / 16
    start[13] = Math.floor(offset / 16 / 4294967296)
    block.set(start)
    for (let round = 0; round < DOUBLE_ROUNDS; round++) doubleRound(block)
    for (let i = 0; i < 16 && offset + i < count; i++) words[offset + i] = block[i] + start[i]
  }
  return words
}

/** Four column quarters, then four diagonal ones. */
const doubleRound = (x: Uint32Array): void => {
  for (let i = 0; i < 4; i++) quarterRound(x, i, 4 + i, 8 + i, 12 + i)
  for (let i = 0; i < 4; i++) quarterRound(x, i, 4 + ((i + 1) % 4), 8 + ((i + 2) % 4), 12 + ((i + 3) % 4))
}

const quarterRound = (x: Uint32Array, a: number, b: number, c: number, d: number): void => {
  x[a] += x[b]
  x[d] = turn(x[d] ^ x[a], 16)
  x[c] += x[d]
  x[b] = turn(x[b] ^ x[c], 12)
  x[a] += x[b]
  x[d] = turn(x[d] ^ x[a], 8)
  x[c] += x[d]
  x[b] = turn(x[b] ^ x[c], 7)
}

const turn = (x: number, n: number): number => (x << n) | (x >>> (32 - n))
