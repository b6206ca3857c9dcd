/** The codec: round trips, numbers around the powers of two where others have failed, frames however they are chunked. */
import { create, fromBinary, toBinary } from "@bufbuild/protobuf"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { RequestSchema, ValidatorUpdateSchema } from "./abci/abci-types.generated.js"
import { decodeRequest, decodeResponse, Deframer, encodeRequest, encodeResponse, frame, FRAME_BYTES_MAX } from "./wire.ts"

const edges = [31n, 32n, 53n, 63n].flatMap((n) => [-2n, -1n, 0n, 1n].map((d) => (1n << n) + d)).filter((x) => x < 1n << 63n)
const int64 = fc.oneof(fc.constantFrom(...edges), fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }))
const deframe = (bytes: Uint8Array): Uint8Array => new Deframer().push(bytes)[0]

describe("messages", () => {
  test("powers and heights beyond 32 bits come back as they were", () => {
    fc.assert(
      fc.property(int64, (power) => {
        const bytes = toBinary(ValidatorUpdateSchema, create(ValidatorUpdateSchema, { power }))
        return fromBinary(ValidatorUpdateSchema, bytes).power === power
      }),
    )
    // Field 2, varint: 2^31, which a known encoder writes as nothing at all.
    expect([...toBinary(ValidatorUpdateSchema, create(ValidatorUpdateSchema, { power: 1n << 31n }))]).toEqual([
      0x10, 0x80, 0x80, 0x80, 0x80, 0x08,
    ])
  })

  test("a block comes back as it was sent", () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }),
        fc.bigInt({ min: 1n, max: (1n << 63n) - 1n }),
        (txs, height) => {
          const ask = decodeRequest(deframe(encodeRequest({ case: "finalizeBlock", value: { txs, height } })))
          expect(ask.case).toBe("finalizeBlock")
          if (ask.case !== "finalizeBlock") return
          expect(ask.value.height).toBe(height)
          expect(ask.value.txs.map((t) => [...t])).toEqual(txs.map((t) => [...t]))
        },
      ),
      { numRuns: 60 },
    )
  })

  test("goldens: field numbers as the specification has them", () => {
    const hex = (b: Uint8Array) => Buffer.from(b).toString("hex")
    // Request: echo 1, flush 2, commit 11; Response: flush 3, commit 12 with retain_height 3.
    expect(hex(encodeRequest({ case: "echo", value: { message: "hi" } }))).toBe("060a040a026869")
    expect(hex(encodeRequest({ case: "flush", value: {} }))).toBe("021200")
    expect(hex(encodeRequest({ case: "commit", value: {} }))).toBe("025a00")
    expect(hex(encodeResponse({ case: "flush", value: {} }))).toBe("021a00")
    expect(hex(encodeResponse({ case: "commit", value: { retainHeight: 7n } }))).toBe("0462021807")
  })

  test("any bytes are a request or throw; they never hang", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decodeRequest(bytes)
          decodeResponse(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(Error)
        }
      }),
    )
    expect(fromBinary(RequestSchema, new Uint8Array(0)).value.case).toBeUndefined()
  })
})

describe("frames", () => {
  test("however a stream is chunked, the same messages come out", () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 400 }), { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat(3000), { maxLength: 12 }),
        (bodies, cuts) => {
          const stream = Buffer.concat(bodies.map(frame))
          const at = [0, ...cuts.map((c) => c % (stream.length + 1)).toSorted((a, b) => a - b), stream.length]
          const deframer = new Deframer()
          const out = at.slice(1).flatMap((end, k) => deframer.push(stream.subarray(at[k], end)))
          expect(out.map((b) => [...b])).toEqual(bodies.map((b) => [...b]))
        },
      ),
    )
  })

  test("a length of more than ten bytes, or of more than a frame may have, is refused", () => {
    expect(() => new Deframer().push(new Uint8Array(11).fill(0x80))).toThrow(RangeError)
    expect(() => new Deframer().push(frame(new Uint8Array(0)).fill(0xff))).not.toThrow()
    const large = Buffer.from([0x80, 0x80, 0x80, 0x80, 0x08])
    expect(FRAME_BYTES_MAX).toBeLessThan(2 ** 31)
    expect(() => new Deframer().push(large)).toThrow(/bytes/u)
  })
})
