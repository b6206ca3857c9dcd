import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { blake2b256 } from "./blake2b.ts"
import {
  computeDrawQ256,
  computeLambdaQ256,
  computeNullRoundProbability,
  computePoissonTails,
  computeWinTails,
  countWins,
  isEligible,
  WIN_COUNT_MAX,
} from "./election.ts"

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")
const count = (length: number) => Uint8Array.from({ length }, (_, i) => i)

describe("BLAKE2b-256", () => {
  // Digests by Python's hashlib.
  test.each([
    ["nothing", new Uint8Array(0), "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"],
    ["abc", Uint8Array.of(97, 98, 99), "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"],
    ["exactly a block", count(128), "c3582f71ebb2be66fa5dd750f80baae97554f3b015663c8be377cfcb2488c1d1"],
    ["two blocks", count(200), "63c3d97a9f8894d5e043a707b0fee7f7ec4c049a23bbf1079df20b4165f9e22d"],
    ["two full blocks", new Uint8Array(256), "2b69702a889248a4d6620475a105dccd5e0d4230aca8a492aaf6510e55d55b02"],
  ])("of %s", (_, message, digest) => expect(hex(blake2b256(message))).toBe(digest))
})

describe("win counts", () => {
  const total = 10n ** 20n
  const power = fc.bigInt(1n, total)
  test("tails fall from one minus e^-lambda and stay in [0, 1)", () => {
    fc.assert(
      fc.property(power, (bytes) => {
        const tails = computeWinTails(bytes, total)
        expect(tails).toHaveLength(WIN_COUNT_MAX)
        for (let k = 1; k < tails.length; k++) expect(tails[k] <= tails[k - 1]).toBe(true)
        // Below an expectation of 1e-10 the last tails are smaller than the 256 bits can tell from 0.
        expect(tails[0] < 1n << 256n && tails[0] >= 0n).toBe(true)
      }),
    )
  })
  test("the lower the draw the more wins, 15 at most; more power never wins less", () => {
    fc.assert(
      fc.property(power, power, fc.bigInt(0n, (1n << 256n) - 1n), fc.bigInt(0n, (1n << 256n) - 1n), (p, q, x, y) => {
        const [low, high] = x < y ? [x, y] : [y, x]
        const [small, large] = p < q ? [p, q] : [q, p]
        const tails = computeWinTails(small, total)
        expect(countWins(low, tails)).toBeGreaterThanOrEqual(countWins(high, tails))
        expect(countWins(x, computeWinTails(large, total))).toBeGreaterThanOrEqual(countWins(x, tails))
      }),
    )
    expect(countWins(0n, computeWinTails(total, total))).toBe(WIN_COUNT_MAX)
    expect(countWins((1n << 256n) - 1n, computeWinTails(total, total))).toBe(0)
  })
  test("a fifth of the power wins once an epoch on average", () => {
    const tails = computeWinTails(20n, 100n)
    let wins = 0
    for (let k = 0; k < 20_000; k++) wins += countWins(computeDrawQ256(Uint8Array.of(k & 255, k >> 8)), tails)
    expect(Math.abs(wins / 20_000 - 1)).toBeLessThan(0.02)
  })
  test("the expectation is five times the share", () => {
    expect(computeLambdaQ256(1n, 5n)).toBe(1n << 256n)
    expect(() => computeLambdaQ256(1n, 0n)).toThrow(RangeError)
    expect(computePoissonTails(5n << 256n, 0)).toEqual([])
  })
  test("a null round is a first tail that everybody misses", () => {
    for (const share of [1, 0.5, 0.25]) {
      const tail = computePoissonTails((5n << 256n) / BigInt(1 / share), 1)[0]
      expect(computeNullRoundProbability(share)).toBeCloseTo(1 - Number(tail >> 200n) / 2 ** 56, 12)
    }
    expect(computeNullRoundProbability(0)).toBe(1)
  })
})

describe("who may be elected", () => {
  const standing = { meetsMinimum: true, qaBytes: 1n, feeDebtAtto: 0n, consensusFaultElapsed: -1 }
  test.each([
    ["a miner in good standing", {}, 10, true],
    ["not below the minimum", { meetsMinimum: false }, 10, false],
    ["not without power now", { qaBytes: 0n }, 10, false],
    ["not in debt", { feeDebtAtto: 1n }, 10, false],
    ["not in the last epoch of a punishment", { consensusFaultElapsed: 10 }, 10, false],
    ["again right after it", { consensusFaultElapsed: 10 }, 11, true],
  ])("%s", (_, change, epoch, expected) => expect(isEligible({ ...standing, ...change }, epoch)).toBe(expected))
})
