/**
 * A hotspot's radio, which is a UDP socket: it beacons once a window, answers the beacons of others at once, and measures how long the
 * way there and back took. Whatever comes in is taken up or refused by name; nothing that comes in can make it fail.
 */
import * as crypto from "node:crypto"
import type { KeyPair } from "../ledger/command.ts"
import { hexOf, sha256 } from "../ledger/command.ts"
import {
  beaconBytes,
  chainTag,
  finalBytes,
  isSigned,
  NONCE_BYTES,
  receiptBytes,
  signBytes,
  type Heard,
} from "../ledger/receipts.ts"
import { decode, encode, type Message } from "./wire.ts"

export interface Address {
  readonly ip: string
  readonly port: number
}
export interface Peer extends Address {
  readonly account: number
  readonly key: Uint8Array
}
export type StationRefusal = "malformed" | "wrong_chain" | "wrong_window" | "forged" | "flooding" | "unasked"

const TRIES = 4
const BETWEEN_TRIES_MS = 90
const WAIT_MS = 500
const ADDRESSES_MAX = 4096
const PER_ADDRESS_SECOND = 200
const PENDING_MAX = 1024
const PENDING_MS = 5000
const MICRO_MAX = 10_000_000

interface Pending {
  readonly beacon: Uint8Array
  readonly key: Uint8Array
  readonly nonce: Uint8Array
  readonly sentAt: number
}
interface Sending {
  readonly bytes: Uint8Array
  readonly digest: string
  readonly peers: ReadonlyMap<string, Peer>
  readonly sentAt: number[]
  /** Receipts answered, by their digest. */
  readonly trips: Map<string, { readonly peer: Peer; readonly nonce: Uint8Array; readonly micro: number }>
  readonly heard: Map<number, Heard>
}

export class Station {
  readonly #key: KeyPair
  readonly #chain: string
  readonly #tag: Uint8Array
  readonly #send: (bytes: Uint8Array, to: Address) => void
  readonly #clock: () => number
  readonly #budget = new Map<string, { tokens: number; at: number }>()
  readonly #pending = new Map<string, Pending>()
  readonly refused: Record<string, number> = {}
  #window = -1
  #seed = new Uint8Array(32)
  #sending: Sending | undefined
  answered = 0

  /** `clock`: milliseconds that only go on. */
  constructor(key: KeyPair, chain: string, send: (bytes: Uint8Array, to: Address) => void, clock = () => performance.now()) {
    this.#key = key
    this.#chain = chain
    this.#tag = chainTag(chain)
    this.#send = send
    this.#clock = clock
  }

  /** The window now open and its seed: beacons of any other are not answered. */
  listenIn(window: number, seed: Uint8Array): void {
    this.#window = window
    this.#seed = new Uint8Array(seed)
  }
  get window(): number {
    return this.#window
  }

  /** Beacons to peers, and gathers those that answered; of several tries the quickest counts. */
  async beacon(peers: readonly Peer[], nonce: Uint8Array = crypto.randomBytes(NONCE_BYTES)): Promise<readonly Heard[]> {
    const bytes = beaconBytes(this.#chain, this.#window, this.#seed, this.#key.publicKey, nonce)
    const signature = signBytes(this.#key, bytes)
    const sending: Sending = {
      bytes,
      digest: hexOf(sha256(bytes)),
      peers: new Map(peers.map((p) => [hexOf(p.key), p])),
      sentAt: [],
      trips: new Map(),
      heard: new Map(),
    }
    this.#sending = sending
    const { publicKey } = this.#key
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const message = {
        kind: "beacon",
        chain: this.#tag,
        window: this.#window,
        key: publicKey,
        nonce,
        attempt,
        signature,
      } as const
      const datagram = encode(message)
      sending.sentAt.push(this.#clock())
      for (const peer of peers) this.#send(datagram, peer)
      await new Promise((next) => setTimeout(next, attempt === TRIES - 1 ? WAIT_MS : BETWEEN_TRIES_MS))
    }
    this.#sending = undefined
    return [...sending.heard.values()].toSorted((a, b) => a.account - b.account)
  }

  /** One datagram: why it is refused, or undefined. Never throws. */
  take(bytes: Uint8Array, from: Address): StationRefusal | undefined {
    const now = this.#clock()
    const refusal = this.#judge(bytes, from, now)
    if (refusal !== undefined) this.refused[refusal] = (this.refused[refusal] ?? 0) + 1
    return refusal
  }

  #judge(bytes: Uint8Array, from: Address, now: number): StationRefusal | undefined {
    const message = decode(bytes)
    if (message === undefined) return "malformed"
    if (!this.#allow(from.ip, now)) return "flooding"
    if (message.kind === "beacon") return this.#onBeacon(message, from, now)
    if (message.kind === "receipt") return this.#onReceipt(message, from, now)
    return message.kind === "ack" ? this.#onAck(message, from, now) : this.#onFinal(message)
  }

  #onBeacon(m: Extract<Message, { kind: "beacon" }>, from: Address, now: number): StationRefusal | undefined {
    if (Buffer.compare(m.chain, this.#tag) !== 0) return "wrong_chain"
    if (m.window !== this.#window) return "wrong_window"
    const beacon = beaconBytes(this.#chain, m.window, this.#seed, m.key, m.nonce)
    if (!isSigned(m.key, beacon, m.signature)) return "forged"
    const nonce = new Uint8Array(crypto.randomBytes(NONCE_BYTES))
    const { publicKey } = this.#key
    const receipt = receiptBytes(beacon, publicKey, nonce)
    const signature = signBytes(this.#key, receipt)
    this.#forget(now)
    if (this.#pending.size >= PENDING_MAX) return "flooding"
    this.#pending.set(hexOf(sha256(receipt)), { beacon, key: m.key, nonce, sentAt: this.#clock() })
    this.#send(encode({ kind: "receipt", beacon: sha256(beacon), attempt: m.attempt, key: publicKey, nonce, signature }), from)
    return undefined
  }

  #onReceipt(m: Extract<Message, { kind: "receipt" }>, from: Address, now: number): StationRefusal | undefined {
    const sending = this.#sending
    const peer = sending?.peers.get(hexOf(m.key))
    if (sending === undefined || peer === undefined || hexOf(m.beacon) !== sending.digest) return "unasked"
    const sentAt = sending.sentAt[m.attempt]
    if (sentAt === undefined) return "unasked"
    const receipt = receiptBytes(sending.bytes, m.key, m.nonce)
    if (!isSigned(m.key, receipt, m.signature)) return "forged"
    const digest = sha256(receipt)
    const micro = microsOf(now - sentAt)
    sending.trips.set(hexOf(digest), { peer, nonce: m.nonce, micro })
    this.#send(encode({ kind: "ack", receipt: digest, signature: signBytes(this.#key, ackBytes(digest)) }), from)
    return undefined
  }

  #onAck(m: Extract<Message, { kind: "ack" }>, from: Address, now: number): StationRefusal | undefined {
    const id = hexOf(m.receipt)
    const pending = this.#pending.get(id)
    if (pending === undefined) return "unasked"
    if (!isSigned(pending.key, ackBytes(m.receipt), m.signature)) return "forged"
    this.#pending.delete(id)
    const roundTripMicro = microsOf(now - pending.sentAt)
    const final = finalBytes(pending.beacon, this.#key.publicKey, pending.nonce, roundTripMicro)
    this.answered++
    this.#send(encode({ kind: "final", receipt: m.receipt, roundTripMicro, signature: signBytes(this.#key, final) }), from)
    return undefined
  }

  #onFinal(m: Extract<Message, { kind: "final" }>): StationRefusal | undefined {
    const sending = this.#sending
    const trip = sending?.trips.get(hexOf(m.receipt))
    if (sending === undefined || trip === undefined) return "unasked"
    const { peer, nonce, micro } = trip
    if (!isSigned(peer.key, finalBytes(sending.bytes, peer.key, nonce, m.roundTripMicro), m.signature)) return "forged"
    const heard = { account: peer.account, nonce, beaconerMicro: micro, witnessMicro: m.roundTripMicro, signature: m.signature }
    const before = sending.heard.get(peer.account)
    if (before === undefined || micro + m.roundTripMicro < before.beaconerMicro + before.witnessMicro)
      sending.heard.set(peer.account, heard)
    return undefined
  }

  #forget(now: number): void {
    for (const [id, { sentAt }] of this.#pending) {
      if (now - sentAt < PENDING_MS) return
      this.#pending.delete(id)
    }
  }

  #allow(ip: string, now: number): boolean {
    const bucket = this.#budget.get(ip) ?? { tokens: PER_ADDRESS_SECOND, at: now }
    bucket.tokens = Math.min(PER_ADDRESS_SECOND, bucket.tokens + ((now - bucket.at) / 1000) * PER_ADDRESS_SECOND)
    bucket.at = now
    if (this.#budget.size >= ADDRESSES_MAX) this.#budget.clear()
    this.#budget.set(ip, bucket)
    if (bucket.tokens < 1) return false
    bucket.tokens--
    return true
  }
}

const ACK_TAG = Buffer.from("blackstart ack 1\n")
const ackBytes = (receipt: Uint8Array): Uint8Array => Buffer.concat([ACK_TAG, receipt])
const microsOf = (ms: number): number => Math.min(MICRO_MAX, Math.max(0, Math.round(ms * 1000)))
