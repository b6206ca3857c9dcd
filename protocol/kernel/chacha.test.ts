import { describe, expect, test } from "vitest"
import { chacha12Words } from "./chacha.ts"

const toBytes = (words: Uint32Array): string => {
  const view = new DataView(new ArrayBuffer(words.length * 4))
  words.forEach((word, i) => view.setUint32(4 * i, word, true))
  return Array.from(new Uint8Array(view.buffer), (b) => b.toString(16).padStart(2, "0")).join("")
}

describe("ChaCha12, 256-bit key, against draft-strombergson-chacha-test-vectors", () => {
  test("all zeros (TC1), first block", () =>
    expect(toBytes(chacha12Words(new Uint8Array(32), 16))).toBe(
      "9bf49a6a0755f953811fce125f2683d50429c3bb49e074147e0089a52eae155f" +
        "0564f879d27ae3c02ce82834acfa8c793a629f2ca0de6919610be82f411326be",
    ))
  test("a longer stream begins with the shorter one and does not repeat a block", () => {
    const seed = Uint8Array.from({ length: 32 }, (_, i) => i)
    const long = chacha12Words(seed, 51)
    expect(long.slice(0, 20)).toEqual(chacha12Words(seed, 20))
    expect(long.slice(16, 32)).not.toEqual(long.slice(0, 16))
  })
  test("a seed of another length is refused", () => expect(() => chacha12Words(new Uint8Array(31), 1)).toThrow(RangeError))
})
