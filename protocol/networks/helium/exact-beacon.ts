/**
 * Beacons bit for bit, for runs that audit them: the payload of 51 bytes and its channel from both entropies, as gateways make
 * them. What a report carries of it is its first four bytes; the channel is checked too.
 */
import { sha256 } from "../../kernel/sha256.ts"
import { computeBeacon } from "./beacon-entropy.ts"
import { REGIONS } from "./regions.ts"

const ENTROPY_WORD = "entropy"

/** The service's entropy of a second: 32 bytes that follow from it. The real ones are random; nothing else differs. */
function remoteEntropy(entropyS: number): Uint8Array {
  const message = new Uint8Array(ENTROPY_WORD.length + 4)
  for (let i = 0; i < ENTROPY_WORD.length; i++) message[i] = ENTROPY_WORD.charCodeAt(i)
  new DataView(message.buffer).setUint32(ENTROPY_WORD.length, entropyS, true)
  return sha256(message)
}
const kept = { entropyS: -1, bytes: new Uint8Array(0) }

/** First four bytes of the payload, little-endian, and the channel in Hz. `local` is the gateway's four bytes, little-endian. */
export function exactBeacon(entropyS: number, local: number, region: number): { payload: number; frequencyHz: number } {
  if (kept.entropyS !== entropyS) {
    kept.bytes = remoteEntropy(entropyS) as Uint8Array<ArrayBuffer>
    kept.entropyS = entropyS
  }
  const own = new Uint8Array(4)
  new DataView(own.buffer).setUint32(0, local, true)
  const plan = REGIONS[region < REGIONS.length ? region : 0]
  const { payload, frequencyHz } = computeBeacon(kept.bytes, entropyS, own, plan.channelsHz)
  return { payload: new DataView(payload.buffer).getUint32(0, true), frequencyHz }
}
