/** ABCI's socket protocol: each message is an unsigned varint of its length and a protobuf Request or Response. */
import { create, fromBinary, toBinary, type MessageInitShape } from "@bufbuild/protobuf"
import { RequestSchema, ResponseSchema, type Request, type Response } from "./abci/abci-types.generated.js"

/** Larger than any block that the chain's own limits let through. */
export const FRAME_BYTES_MAX = 64 * 1024 * 1024
const VARINT_BYTES_MAX = 10

/** Length-prefixes one message. */
export function frame(body: Uint8Array): Buffer {
  const head: number[] = []
  let n = body.length
  for (; n > 127; n = Math.floor(n / 128)) head.push((n & 127) | 128)
  head.push(n)
  return Buffer.concat([Buffer.from(head), body])
}

/** Cuts a stream into messages, however it was chunked. */
export class Deframer {
  #kept: Buffer[] = []
  #length = 0

  /** The messages that are whole now. Throws a RangeError for a length that is none; nothing can follow it. */
  push(chunk: Uint8Array): Uint8Array[] {
    this.#kept.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length))
    this.#length += chunk.length
    const out: Uint8Array[] = []
    for (;;) {
      const size = this.#peek()
      if (size === undefined || this.#length < size.head + size.body) return out
      const all = this.#join()
      out.push(all.subarray(size.head, size.head + size.body))
      this.#kept = [all.subarray(size.head + size.body)]
      this.#length -= size.head + size.body
    }
  }

  #join(): Buffer {
    if (this.#kept.length > 1) this.#kept = [Buffer.concat(this.#kept)]
    return this.#kept[0]
  }

  #peek(): { readonly head: number; readonly body: number } | undefined {
    if (this.#length === 0) return undefined
    const first = this.#kept[0].length < VARINT_BYTES_MAX ? this.#join() : this.#kept[0]
    let body = 0
    for (let i = 0; i < VARINT_BYTES_MAX; i++) {
      if (i >= first.length) return undefined
      body += (first[i] & 127) * 128 ** i
      if (body > FRAME_BYTES_MAX) throw new RangeError(`a message says it has ${body} bytes`)
      if (first[i] < 128) return { head: i + 1, body }
    }
    throw new RangeError("a length has more than ten bytes")
  }
}

export type Ask = Request["value"]
export type Answer = NonNullable<MessageInitShape<typeof ResponseSchema>["value"]>
export type AskInit = NonNullable<MessageInitShape<typeof RequestSchema>["value"]>

/** Throws where the bytes are no Request. */
export const decodeRequest = (body: Uint8Array): Ask => fromBinary(RequestSchema, body).value
export const encodeResponse = (value: Answer): Uint8Array => frame(toBinary(ResponseSchema, create(ResponseSchema, { value })))
export const encodeRequest = (value: AskInit): Uint8Array => frame(toBinary(RequestSchema, create(RequestSchema, { value })))
export const decodeResponse = (body: Uint8Array): Response["value"] => fromBinary(ResponseSchema, body).value
