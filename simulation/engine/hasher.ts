/**
 * The hasher for where there is none: a browser worker. SHA-256 (FIPS 180-4) block by block as bytes arrive, in the engine's
 * own 32-bit integers, so that a run's hashes cost no copy of its log. The same bits as node:crypto's, a few times slower.
 */
import type { NewHasher } from "../../protocol/kernel/hash.ts"
import { ROUND_CONSTANT, START } from "../../protocol/kernel/sha256.ts"

const K = Int32Array.from(ROUND_CONSTANT)
const BLOCK = 64
/** Schedule of the block being mixed: one for all hashers, as none is mixed while another is. */
const w = new Int32Array(64)

export const plainHasher: NewHasher = () => {
  const state = Int32Array.from(START)
  const rest = new Uint8Array(BLOCK)
  let held = 0
  let total = 0
  return {
    update(bytes) {
      total += bytes.length
      let at = 0
      if (held > 0) {
        at = Math.min(BLOCK - held, bytes.length)
        rest.set(bytes.subarray(0, at), held)
        held += at
        if (held < BLOCK) return
        mix(state, rest, 0, 1)
        held = 0
      }
      const blocks = (bytes.length - at) >>> 6
      mix(state, bytes, at, blocks)
      at += blocks * BLOCK
      // Copied, because the bytes are only lent.
      rest.set(bytes.subarray(at), 0)
      held = bytes.length - at
    },
    digest() {
      const tail = new Uint8Array(held < 56 ? BLOCK : 2 * BLOCK)
      tail.set(rest.subarray(0, held))
      tail[held] = 0x80
      const view = new DataView(tail.buffer)
      view.setUint32(tail.length - 8, Math.floor(total / 0x2000_0000))
      view.setUint32(tail.length - 4, (total % 0x2000_0000) * 8)
      mix(state, tail, 0, tail.length / BLOCK)
      const digest = new Uint8Array(32)
      const out = new DataView(digest.buffer)
      for (let i = 0; i < 8; i++) out.setInt32(4 * i, state[i])
      return digest
    },
  }
}

/** Mixes `blocks` blocks of `bytes`, from `at` on, into the state. */
function mix(state: Int32Array, bytes: Uint8Array, at: number, blocks: number): void {
  let s0 = state[0]
  let s1 = state[1]
  let s2 = state[2]
  let s3 = state[3]
  let s4 = state[4]
  let s5 = state[5]
  let s6 = state[6]
  let s7 = state[7]
  for (let block = 0; block < blocks; block++, at += BLOCK) {
    for (let t = 0, i = at; t < 16; t++, i += 4)
      w[t] = (bytes[i] << 24) | (bytes[i + 1] << 16) | (bytes[i + 2] << 8) | bytes[i + 3]
    for (let t = 16; t < 64; t++) {
      const near = w[t - 2]
      const far = w[t - 15]
      const nearMix = ((near >>> 17) | (near << 15)) ^ ((near >>> 19) | (near << 13)) ^ (near >>> 10)
      const farMix = ((far >>> 7) | (far << 25)) ^ ((far >>> 18) | (far << 14)) ^ (far >>> 3)
      w[t] = (nearMix + w[t - 7] + farMix + w[t - 16]) | 0
    }
    let a = s0
    let b = s1
    let c = s2
    let d = s3
    let e = s4
    let f = s5
    let g = s6
    let h = s7
    for (let t = 0; t < 64; t++) {
      const turnedE = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
      const turnedA = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
      const first = (h + turnedE + ((e & f) ^ (~e & g)) + K[t] + w[t]) | 0
      const second = (turnedA + ((a & b) ^ (a & c) ^ (b & c))) | 0
      h = g
      g = f
      f = e
      e = (d + first) | 0
      d = c
      c = b
      b = a
      a = (first + second) | 0
    }
    s0 = (s0 + a) | 0
    s1 = (s1 + b) | 0
    s2 = (s2 + c) | 0
    s3 = (s3 + d) | 0
    s4 = (s4 + e) | 0
    s5 = (s5 + f) | 0
    s6 = (s6 + g) | 0
    s7 = (s7 + h) | 0
  }
  state[0] = s0
  state[1] = s1
  state[2] = s2
  state[3] = s3
  state[4] = s4
  state[5] = s5
  state[6] = s6
  state[7] = s7
}
