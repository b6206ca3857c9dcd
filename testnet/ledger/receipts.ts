/**
 * What two nodes sign when one hears the other. A beacon names the chain and holds the window's seed, so that it is of one window only;
 * a receipt names the beacon, and in its last form the round trip that the witness measured. A node signs these bytes and no others with
 * these tags, so that no signature of one kind can be taken for another.
 */
import * as crypto from "node:crypto"
import type { KeyPair } from "./command.ts"
import { sha256 } from "./command.ts"

export const NONCE_BYTES = 8
export const SIGNATURE_BYTES = 64
const BEACON_TAG = Buffer.from("blackstart beacon 1\n")
const RECEIPT_TAG = Buffer.from("blackstart receipt 1\n")
const FINAL_TAG = Buffer.from("blackstart round trip 1\n")

export const chainTag = (chain: string): Uint8Array => sha256(Buffer.from(chain)).subarray(0, 8)

/** What a beacon is signed over. */
export function beaconBytes(chain: string, window: number, seed: Uint8Array, key: Uint8Array, nonce: Uint8Array): Uint8Array {
  const at = Buffer.alloc(4)
  at.writeUInt32LE(window)
  return Buffer.concat([BEACON_TAG, chainTag(chain), at, seed, key, nonce])
}
/** What a witness signs at once. */
export const receiptBytes = (beacon: Uint8Array, witness: Uint8Array, nonce: Uint8Array): Uint8Array =>
  Buffer.concat([RECEIPT_TAG, sha256(beacon), witness, nonce])
/** What a witness signs once its own round trip is known. */
export function finalBytes(beacon: Uint8Array, witness: Uint8Array, nonce: Uint8Array, roundTripMicro: number): Uint8Array {
  const micro = Buffer.alloc(4)
  micro.writeUInt32LE(roundTripMicro)
  return Buffer.concat([FINAL_TAG, sha256(beacon), witness, nonce, micro])
}

export const signBytes = (key: KeyPair, bytes: Uint8Array): Uint8Array => new Uint8Array(crypto.sign(null, bytes, key.privateKey))
/** Never throws: a key that is no point on the curve signs nothing. */
export function isSigned(key: Uint8Array, bytes: Uint8Array, signature: Uint8Array): boolean {
  try {
    const x = Buffer.from(key).toString("base64url")
    return crypto.verify(
      null,
      bytes,
      crypto.createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" }),
      signature,
    )
  } catch {
    return false
  }
}

/** A witness as it stands in a beacon's evidence. */
export interface Heard {
  readonly account: number
  readonly nonce: Uint8Array
  /** As the beaconer measured it, and as the witness did and signed. */
  readonly beaconerMicro: number
  readonly witnessMicro: number
  readonly signature: Uint8Array
}
const HEARD_BYTES = 4 + NONCE_BYTES + 4 + 4 + SIGNATURE_BYTES
export const HEARD_MAX = 64

/** A beacon's nonce and those that heard it. */
export function receiptsEvidence(nonce: Uint8Array, heard: readonly Heard[]): Uint8Array {
  return new Uint8Array(
    Buffer.concat([
      nonce,
      ...heard.flatMap((h) => {
        const head = Buffer.alloc(4)
        head.writeUInt32LE(h.account)
        const times = Buffer.alloc(8)
        times.writeUInt32LE(h.beaconerMicro, 0)
        times.writeUInt32LE(h.witnessMicro, 4)
        return [head, h.nonce, times, h.signature]
      }),
    ]),
  )
}
/** Undefined where the bytes are none. */
export function readReceipts(evidence: Uint8Array): { readonly nonce: Uint8Array; readonly heard: readonly Heard[] } | undefined {
  const rest = evidence.length - NONCE_BYTES
  if (rest < 0 || rest % HEARD_BYTES !== 0 || rest / HEARD_BYTES > HEARD_MAX) return undefined
  const view = new DataView(evidence.buffer, evidence.byteOffset, evidence.length)
  const heard = Array.from({ length: rest / HEARD_BYTES }, (_, k) => {
    const at = NONCE_BYTES + k * HEARD_BYTES
    const times = at + 4 + NONCE_BYTES
    return {
      account: view.getUint32(at, true),
      nonce: evidence.slice(at + 4, at + 4 + NONCE_BYTES),
      beaconerMicro: view.getUint32(times, true),
      witnessMicro: view.getUint32(times + 4, true),
      signature: evidence.slice(times + 8, at + HEARD_BYTES),
    }
  })
  return { nonce: evidence.slice(0, NONCE_BYTES), heard }
}
