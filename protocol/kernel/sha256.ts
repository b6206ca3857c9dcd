/**
 * SHA-256 (FIPS 180-4) in plain synchronous TypeScript, for small inputs that the protocol itself hashes. The hash chain over
 * the log uses the hasher that is handed in (see hash.ts), which is far faster.
 */

/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
export const ROUND_CONSTANT = new Uint32Array(64)
/** The same of the square roots of the first eight primes. */
export const START = new Uint32Array(8)

/** The first 32 bits of the fractional part of the k-th root of n, in integers: floor(root(n * 2^32k)) mod 2^32. */
const rootBits = (n: number, k: bigint): number => {
  const target = BigInt(n) << (32n * k)
  let low = 0n
  let high = 1n << 40n
  while (high - low > 1n) {
    const middle = (low + high) >> 1n
    if (middle ** k <= target) low = middle
    else high = middle
  }
  return Number(low & 0xffffffffn)
}

for (let n = 2, found = 0; found < 64; n++) {
  let prime = true
  for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false
  if (!prime) continue
  if (found < 8) START[found] = rootBits(n, 2n)
  ROUND_CONSTANT[found++] = rootBits(n, 3n)
}

const turn = (x: number, n: number): number => (x >>> n) | (x << (32 - n))

/** 32 bytes of SHA-256 over the message. */
export const sha256 = (message: Uint8Array): Uint8Array => {
  const blocks = Math.floor((message.length + 8) / 64) + 1
  const padded = new Uint8Array(blocks * 64)
  padded.set(message)
  padded[message.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(padded.length - 8, Math.floor(message.length / 536870912))
  view.setUint32(padded.length - 4, (message.length % 536870912) * 8)

  const state = START.slice()
  const w = new Uint32Array(64)
  for (let offset = 0; offset < padded.length; offset += 64) {
    for (let t = 0; t < 16; t++) w[t] = view.getUint32(offset + 4 * t)
    mixBlock(state, w)
  }
  const digest = new Uint8Array(32)
  const out = new DataView(digest.buffer)
  for (let i = 0; i < 8; i++) out.setUint32(4 * i, state[i])
  return digest
}

/** One block: w holds its sixteen words and is filled up to sixty-four. */
const mixBlock = (state: Uint32Array, w: Uint32Array): void => {
  for (let t = 16; t < 64; t++) {
    const near = w[t - 2]
    const far = w[t - 15]
    const nearMix = turn(near, 17) ^ turn(near, 19) ^ (near >>> 10)
    const farMix = turn(far, 7) ^ turn(far, 18) ^ (far >>> 3)
    w[t] = nearMix + w[t - 7] + farMix + w[t - 16]
  }
  let [a, b, c, d, e, f, g, h] = state
  for (let t = 0; t < 64; t++) {
    const choice = (e & f) ^ (~e & g)
    const majority = (a & b) ^ (a & c) ^ (b & c)
    const first = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + choice + ROUND_CONSTANT[t] + w[t]) | 0
    const second = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + majority) | 0
    h = g
    g = f
    f = e
    e = (d + first) | 0
    d = c
    c = b
    b = a
    a = (first + second) | 0
  }
  const round = [a, b, c, d, e, f, g, h]
  for (let i = 0; i < 8; i++) state[i] += round[i]
}
