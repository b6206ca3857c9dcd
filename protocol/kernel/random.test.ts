import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { below, block, draw, Mixer, multiplyHigh, nameHash, philox, Shuffle, stream } from "./random.ts"

const u32 = fc.integer({ min: 0, max: 0xffff_ffff })
const ALL = 0xffff_ffff

describe("Philox4x32-10", () => {
  // Random123's kat_vectors, philox4x32 10 rounds.
  it.each([
    ["zeros", [0, 0, 0, 0], [0, 0], [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]],
    ["ones", [ALL, ALL, ALL, ALL], [ALL, ALL], [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]],
    [
      "digits of pi",
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ])("known answer: %s", (_, [c0, c1, c2, c3], [k0, k1], expected) => {
    const out = new Uint32Array(4)
    philox(out, c0, c1, c2, c3, k0, k1)
    expect([...out]).toEqual(expected)
  })

  it("multiplyHigh is the high half of the exact product", () => {
    fc.assert(fc.property(u32, u32, (a, b) => void expect(multiplyHigh(a, b) >>> 0).toBe(Number((BigInt(a) * BigInt(b)) >> 32n))))
  })
})

describe("streams", () => {
  it("a draw does not depend on the order of draws, nor on draws elsewhere", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.array(fc.tuple(u32, u32, u32), { minLength: 1, maxLength: 20 }), (seed, counters) => {
        const s = stream(seed, "coverage")
        const other = stream(seed, "weather")
        const forth = counters.map(([a, b, c]) => draw(s, a, b, c))
        const back = counters.toReversed().map(([a, b, c]) => {
          draw(other, a, b, c)
          return draw(s, a, b, c)
        })
        expect(back.toReversed()).toEqual(forth)
      }),
    )
  })

  it("name, seed and every part of the counter matter", () => {
    const draws = [
      draw(stream(1, "a"), 0),
      draw(stream(2, "a"), 0),
      // beyond 32 bits of seed
      draw(stream(1 + 2 ** 32, "a"), 0),
      draw(stream(1, "b"), 0),
      draw(stream(1, "a"), 1),
      draw(stream(1, "a"), 0, 1),
      draw(stream(1, "a"), 0, 0, 1),
    ]
    expect(new Set(draws).size).toBe(draws.length)
  })

  it("a block's first word is the draw", () => {
    const out = new Uint32Array(4)
    const s = stream(7, "beacon")
    block(s, out, 1, 2, 3)
    expect(out[0]).toBe(draw(s, 1, 2, 3))
    expect(nameHash("")).toBe(0x811c9dc5)
  })

  it("below stays below, and reaches everything about evenly", () => {
    const s = stream(3, "dice")
    const counts = new Array<number>(6).fill(0)
    for (let i = 0; i < 60_000; i++) counts[below(s, 6, i)]++
    // five standard deviations of a fair die
    for (const c of counts) expect(Math.abs(c - 10_000)).toBeLessThan(5 * Math.sqrt((60_000 * 5) / 36))
    fc.assert(
      fc.property(
        u32.filter((n) => n > 0),
        u32,
        (n, i) => void expect(below(s, n, i)).toBeLessThan(n),
      ),
    )
  })

  it.each([-1, 0.5, NaN, 2 ** 53])("refuses %s as a seed", (seed) => {
    expect(() => stream(seed, "a")).toThrow(RangeError)
  })
})

describe("Mixer", () => {
  it("is a function of its four words, and its bits are about even", () => {
    const words = Uint32Array.of(1, 2, 3, 4)
    const [a, b] = [new Mixer(), new Mixer()]
    a.seed(words)
    b.seed(words)
    const ones = new Array<number>(32).fill(0)
    for (let i = 0; i < 10_000; i++) {
      const n = a.next()
      expect(b.next()).toBe(n)
      for (let bit = 0; bit < 32; bit++) ones[bit] += (n >>> bit) & 1
    }
    for (const n of ones) expect(Math.abs(n - 5000)).toBeLessThan(5 * 50)
  })
})

describe("Shuffle", () => {
  const s = stream(7, "test.shuffle")
  it("gives every number once, and the same order for the same counter, however far the last one was drawn", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), u32, fc.nat(70), (n, at, drawnBefore) => {
        const [one, other] = [new Shuffle(n), new Shuffle(n)]
        other.begin(s, at + 1)
        for (let k = 0; k < drawnBefore; k++) other.next()
        one.begin(s, at)
        other.begin(s, at)
        const all = Array.from({ length: n }, () => one.next())
        expect(all.toSorted((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i))
        expect(Array.from({ length: n }, () => other.next())).toEqual(all)
        expect(one.next()).toBe(-1)
      }),
    )
  })
  it("favours no order", () => {
    const shuffle = new Shuffle(4)
    const counts = new Map<string, number>()
    for (let at = 0; at < 24_000; at++) {
      shuffle.begin(s, at)
      const order = [shuffle.next(), shuffle.next(), shuffle.next(), shuffle.next()].join()
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect(counts.size).toBe(24)
    for (const [order, c] of counts) expect(Math.abs(c - 1000), order).toBeLessThan(5 * Math.sqrt(1000))
  })
})
