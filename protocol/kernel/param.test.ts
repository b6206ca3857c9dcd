import { describe, expect, it } from "vitest"
import { defaults, distance, nearest, params, problem, resolve, underTopics, type Param } from "./param.ts"

const rules = params({
  proofGraceEpochs: {
    default: 3,
    unit: "epochs",
    range: [0, 30],
    source: "HIP-1, 2020-01-01",
    because: "a missed proof is forgiven",
  },
  rewardSharePermille: { default: 750, unit: "‰", range: [0, 1000], source: "assumption: half again", because: "who earns" },
})

describe("a sentence for each mistake", () => {
  it.each([
    [
      "rewardSharePermile",
      1,
      "helium has no parameter rewardSharePermile; did you mean helium.rewardSharePermille (‰, 0 to 1000)?",
    ],
    ["PROOFGRACEEPOCH", 1, "helium has no parameter PROOFGRACEEPOCH; did you mean helium.proofGraceEpochs (epochs, 0 to 30)?"],
    ["toString", 1, /^helium has no parameter toString; did you mean/],
    ["proofGraceEpochs", 31, "helium.proofGraceEpochs = 31 epochs is out of range: it may be 0 to 30 (HIP-1, 2020-01-01)"],
    ["proofGraceEpochs", -1, /out of range/],
    ["proofGraceEpochs", 1.5, "helium.proofGraceEpochs must be a whole number of epochs from 0 to 30, got 1.5"],
    ["proofGraceEpochs", "3", 'helium.proofGraceEpochs must be a whole number of epochs from 0 to 30, got "3"'],
    ["proofGraceEpochs", null, /got null$/],
  ] as const)("%s = %j", (name, value, expected) => {
    const said = problem("helium", rules, name, value)
    if (typeof expected === "string") expect(said).toBe(expected)
    else expect(said).toMatch(expected)
  })

  it("none at either end of the range", () => {
    expect([0, 30].map((v) => problem("helium", rules, "proofGraceEpochs", v))).toEqual([undefined, undefined])
  })

  it("a network without parameters has nothing to suggest", () => {
    expect(problem("cdn", {}, "x", 1)).toBe("cdn has no parameter x")
  })
})

describe("resolve", () => {
  it("takes defaults, then the preset, then changes", () => {
    const preset = { because: "an era", values: { proofGraceEpochs: 5, rewardSharePermille: 1 } }
    expect(resolve("helium", rules, undefined)).toEqual(defaults(rules))
    expect(resolve("helium", rules, preset, { rewardSharePermille: 2 })).toEqual({ proofGraceEpochs: 5, rewardSharePermille: 2 })
    expect(defaults(rules).proofGraceEpochs).toBe(3)
  })
  it("throws that sentence", () => {
    expect(() => resolve("helium", rules, undefined, { nope: 1 })).toThrow("did you mean")
    expect(() => resolve("helium", rules, { because: "", values: { proofGraceEpochs: 99 } })).toThrow("out of range")
  })
})

describe("nearest", () => {
  it("counts edits, without regard to case, first come first", () => {
    expect([distance("", "abc"), distance("kitten", "sitting"), distance("same", "same")]).toEqual([3, 3, 0])
    expect(nearest("AB", ["xx", "ab", "ac"])).toBe("ab")
    expect(nearest("z", ["a", "b"])).toBe("a")
    expect(nearest("a", [])).toBeUndefined()
  })
})

describe("topics", () => {
  const p = { default: 1, unit: "s", range: [0, 2], source: "assumption", because: "x" } as const
  const all = { waitMin: p, waitMax: p, price: p }
  it("reach every parameter, and keep its place", () => {
    const told = underTopics(all, { Money: ["price"], Waiting: ["wait*"] })
    expect(Object.entries<Param>(told).map(([name, { topic }]) => [name, topic])).toEqual([
      ["waitMin", "Waiting"],
      ["waitMax", "Waiting"],
      ["price", "Money"],
    ])
  })
  it("none is forgotten, named twice or made up", () => {
    expect(() => underTopics(all, { Waiting: ["wait*"] })).toThrow("parameter price is under no topic: put it under one")
    expect(() => underTopics(all, { Waiting: ["wait*"], Most: ["waitMax", "price"] })).toThrow(
      'parameter waitMax is under "Waiting" and under "Most": leave it out of one',
    )
    expect(() => underTopics(all, { Money: ["prize"] })).toThrow('topic "Money": there is no parameter prize')
  })
})
