/**
 * BLAKE2b with 32 bytes of output and no key (RFC 7693), in plain synchronous TypeScript: Filecoin draws elections and breaks
 * ties with it. 64-bit words are pairs of 32-bit ones, low half first.
 */

const DIGEST_BYTES = 32
const BLOCK_BYTES = 128
const ROUNDS = 12
/** The message words of each round; rounds 10 and 11 repeat 0 and 1. */
const SIGMA = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
  [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
  [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
  [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
  [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
  [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
  [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
  [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
  [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
]
/** SHA-512's start: the first 64 bits of the fractional parts of the square roots of the first eight primes. */
const START = Uint32Array.from(
  [2n, 3n, 5n, 7n, 11n, 13n, 17n, 19n].flatMap((prime) => {
    const bits = squareRoot(prime << 128n) & 0xffffffffffffffffn
    return [Number(bits & 0xffffffffn), Number(bits >> 32n)]
  }),
)

/** 32 bytes of BLAKE2b over the message. */
export const blake2b256 = (message: Uint8Array): Uint8Array => {
  const h = START.slice()
  // Parameter block: digest length, no key, fanout 1, depth 1.
  h[0] ^= 0x01010000 ^ DIGEST_BYTES
  const m = new Uint32Array(32)
  const v = new Uint32Array(32)
  const blocks = Math.max(1, Math.ceil(message.length / BLOCK_BYTES))
  const padded = new Uint8Array(blocks * BLOCK_BYTES)
  padded.set(message)
  const view = new DataView(padded.buffer)
  for (let block = 0; block < blocks; block++) {
    const isLast = block === blocks - 1
    for (let i = 0; i < 32; i++) m[i] = view.getUint32(block * BLOCK_BYTES + 4 * i, true)
    compress(h, m, v, isLast ? message.length : (block + 1) * BLOCK_BYTES, isLast)
  }
  const digest = new Uint8Array(DIGEST_BYTES)
  const out = new DataView(digest.buffer)
  for (let i = 0; i < DIGEST_BYTES / 4; i++) out.setUint32(4 * i, h[i], true)
  return digest
}

const compress = (h: Uint32Array, m: Uint32Array, v: Uint32Array, bytesSoFar: number, isLast: boolean): void => {
  v.set(h)
  v.set(START, 16)
  v[24] ^= bytesSoFar
  v[25] ^= Math.floor(bytesSoFar / 2 ** 32)
  if (isLast) {
    v[28] = ~v[28]
    v[29] = ~v[29]
  }
  for (let round = 0; round < ROUNDS; round++) {
    const s = SIGMA[round % 10]
    for (let i = 0; i < 4; i++) mix(v, m, i, 4 + i, 8 + i, 12 + i, s[2 * i], s[2 * i + 1])
    for (let i = 0; i < 4; i++) mix(v, m, i, 4 + ((i + 1) & 3), 8 + ((i + 2) & 3), 12 + ((i + 3) & 3), s[8 + 2 * i], s[9 + 2 * i])
  }
  for (let i = 0; i < 16; i++) h[i] ^= v[i] ^ v[i + 16]
}

/** RFC 7693's G on words a, b, c, d with message words x and y. */
const mix = (v: Uint32Array, m: Uint32Array, a: number, b: number, c: number, d: number, x: number, y: number): void => {
  add(v, a, v[2 * b], v[2 * b + 1])
  add(v, a, m[2 * x], m[2 * x + 1])
  turn(v, d, a, 32)
  add(v, c, v[2 * d], v[2 * d + 1])
  turn(v, b, c, 24)
  add(v, a, v[2 * b], v[2 * b + 1])
  add(v, a, m[2 * y], m[2 * y + 1])
  turn(v, d, a, 16)
  add(v, c, v[2 * d], v[2 * d + 1])
  turn(v, b, c, 63)
}

/** v[a] += (low, high) modulo 2^64. */
const add = (v: Uint32Array, a: number, low: number, high: number): void => {
  const sum = v[2 * a] + low
  v[2 * a] = sum
  v[2 * a + 1] = v[2 * a + 1] + high + (sum >= 2 ** 32 ? 1 : 0)
}

/** v[a] = (v[a] ^ v[b]) turned right by `bits`: 16, 24, 32 or 63. */
const turn = (v: Uint32Array, a: number, b: number, bits: number): void => {
  const low = v[2 * a] ^ v[2 * b]
  const high = v[2 * a + 1] ^ v[2 * b + 1]
  if (bits === 32) {
    v[2 * a] = high
    v[2 * a + 1] = low
  } else if (bits === 63) {
    v[2 * a] = (low << 1) | (high >>> 31)
    v[2 * a + 1] = (high << 1) | (low >>> 31)
  } else {
    v[2 * a] = (low >>> bits) | (high << (32 - bits))
    v[2 * a + 1] = (high >>> bits) | (low << (32 - bits))
  }
}

/** floor(sqrt(n)). */
function squareRoot(n: bigint): bigint {
  let low = 0n
  let high = 1n << 80n
  while (high - low > 1n) {
    const middle = (low + high) >> 1n
    if (middle * middle <= n) low = middle
    else high = middle
  }
  return low
}
