/**
 * Beacons as a pure function of entropy: payload and channel, the life of an entropy, and one beacon per interval.
 * Sources: helium/proto@3dbaedf3 beacon/src (payload); helium/oracles@824f7724 iot_verifier/src/{poc,entropy}.rs (checks).
 */

import { chacha12Words } from "../../kernel/chacha.ts"
import { sha256 } from "../../kernel/sha256.ts"

/** Bytes of a beacon (`BEACON_PAYLOAD_SIZE`). */
export const BEACON_PAYLOAD_BYTES = 51
/** Seconds between beacons of a hotspot (`default_beacon_interval`). */
export const BEACON_INTERVAL_S = 21_600
/** Seconds an entropy stays valid (`ENTROPY_LIFESPAN`). */
export const ENTROPY_LIFE_S = 180
/** Seconds between new entropies (`ENTROPY_TICK_TIME`, poc_entropy/src/entropy_generator.rs). */
export const ENTROPY_TICK_S = 60

export interface Beacon {
  readonly payload: Uint8Array
  readonly frequencyHz: number
}

/**
 * The beacon of two entropies: SHA-256 over remote bytes, remote time (signed 64-bit little-endian seconds), local bytes and a
 * local time of zero seeds ChaCha12; byte i of the payload is the lowest byte of word i; the first two bytes, little-endian,
 * modulo the number of channels choose the frequency. Throws a RangeError without channels or with fewer than two bytes.
 */
export const computeBeacon = (
  remoteEntropy: Uint8Array,
  timestampS: number,
  localEntropy: Uint8Array,
  channelsHz: readonly number[],
  length: number = BEACON_PAYLOAD_BYTES,
): Beacon => {
  if (channelsHz.length === 0) throw new RangeError("a region has at least one channel")
  if (length < 2) throw new RangeError(`a beacon of ${length} bytes cannot choose its channel`)
  const message = new Uint8Array(remoteEntropy.length + 8 + localEntropy.length + 8)
  message.set(remoteEntropy)
  new DataView(message.buffer).setBigInt64(remoteEntropy.length, BigInt(timestampS), true)
  message.set(localEntropy, remoteEntropy.length + 8)
  const words = chacha12Words(sha256(message), length)
  const payload = new Uint8Array(length)
  for (let i = 0; i < length; i++) payload[i] = words[i]
  return { payload, frequencyHz: channelsHz[(payload[0] + 256 * payload[1]) % channelsHz.length] }
}

/** Refuses a report that came outside the life of its entropy: whole seconds, both ends allowed. Times in ms of one clock. */
export const verifyEntropyWindow = (startMs: number, endMs: number, receivedMs: number): "ok" | "EntropyExpired" => {
  const receivedS = Math.floor(receivedMs / 1000)
  return receivedS < Math.floor(startMs / 1000) || receivedS > Math.floor(endMs / 1000) ? "EntropyExpired" : "ok"
}

/**
 * Refuses a second beacon of one aligned interval: the bucket floor(t / interval) must be later than that of the last beacon,
 * which counts even when it was invalid. Unix seconds; `null` = no beacon yet.
 */
export const verifyBeaconSchedule = (
  lastBeaconS: number | null,
  beaconS: number,
  intervalS: number,
): "ok" | "IrregularInterval" =>
  lastBeaconS !== null && Math.floor(beaconS / intervalS) <= Math.floor(lastBeaconS / intervalS) ? "IrregularInterval" : "ok"
