/**
 * Datagrams between hotspots, each of one length and kind. None is answered by more than a fifth more bytes than it has, so that nobody
 * can aim this door at others.
 *
 *     beacon   1 | chain 8 | window 4 | key 32 | nonce 8 | try 1 | signature 64
 *     receipt  2 | beacon's digest 32 | try 1 | key 32 | nonce 8 | signature 64
 *     ack      3 | receipt's digest 32 | signature 64
 *     final    4 | receipt's digest 32 | round trip in µs 4 | signature 64
 */
const BEACON = 1
const RECEIPT = 2
const ACK = 3
const FINAL = 4
const LENGTH: Readonly<Record<number, number>> = { [BEACON]: 118, [RECEIPT]: 138, [ACK]: 97, [FINAL]: 101 }

export type Message =
  | {
      readonly kind: "beacon"
      readonly chain: Uint8Array
      readonly window: number
      readonly key: Uint8Array
      readonly nonce: Uint8Array
      readonly attempt: number
      readonly signature: Uint8Array
    }
  | {
      readonly kind: "receipt"
      readonly beacon: Uint8Array
      readonly attempt: number
      readonly key: Uint8Array
      readonly nonce: Uint8Array
      readonly signature: Uint8Array
    }
  | { readonly kind: "ack"; readonly receipt: Uint8Array; readonly signature: Uint8Array }
  | { readonly kind: "final"; readonly receipt: Uint8Array; readonly roundTripMicro: number; readonly signature: Uint8Array }

const u32 = (n: number): Uint8Array => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(n)
  return bytes
}

export function encode(m: Message): Uint8Array {
  const parts: readonly Uint8Array[] =
    m.kind === "beacon"
      ? [Uint8Array.of(BEACON), m.chain, u32(m.window), m.key, m.nonce, Uint8Array.of(m.attempt), m.signature]
      : m.kind === "receipt"
        ? [Uint8Array.of(RECEIPT), m.beacon, Uint8Array.of(m.attempt), m.key, m.nonce, m.signature]
        : m.kind === "ack"
          ? [Uint8Array.of(ACK), m.receipt, m.signature]
          : [Uint8Array.of(FINAL), m.receipt, u32(m.roundTripMicro), m.signature]
  return new Uint8Array(Buffer.concat(parts))
}

/** Total: anything that is none of the four is undefined. */
export function decode(bytes: Uint8Array): Message | undefined {
  if (bytes.length === 0 || LENGTH[bytes[0]] !== bytes.length) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let at = 1
  const take = (n: number): Uint8Array => bytes.slice(at, (at += n))
  const takeU32 = (): number => view.getUint32((at += 4) - 4, true)
  const takeU8 = (): number => bytes[at++]
  switch (bytes[0]) {
    case BEACON:
      return {
        kind: "beacon",
        chain: take(8),
        window: takeU32(),
        key: take(32),
        nonce: take(8),
        attempt: takeU8(),
        signature: take(64),
      }
    case RECEIPT:
      return { kind: "receipt", beacon: take(32), attempt: takeU8(), key: take(32), nonce: take(8), signature: take(64) }
    case ACK:
      return { kind: "ack", receipt: take(32), signature: take(64) }
    default:
      return { kind: "final", receipt: take(32), roundTripMicro: takeU32(), signature: take(64) }
  }
}
