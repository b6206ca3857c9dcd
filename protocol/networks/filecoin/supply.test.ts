import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { EPOCHS_PER_YEAR } from "./epoch.ts"
import { ATTO_PER_FIL } from "./minting.ts"
import { computeCirculatingSupply, computeGenesisVested, GENESIS_ALLOCATIONS, LIFTOFF_EPOCH } from "./supply.ts"

describe("the circulating supply", () => {
  const fil = fc.bigInt(0n, 2_000_000_000n)
  test("is never below 0 and loses what is burnt or locked", () => {
    fc.assert(
      fc.property(fil, fil, fil, fil, fil, (vested, mined, burnt, locked, more) => {
        const parts = { vested, mined, reserveInitial: 300n, reserveBalance: 200n, burnt, locked }
        const now = computeCirculatingSupply(parts)
        const then = computeCirculatingSupply({ ...parts, burnt: burnt + more })
        expect(now >= 0n && then <= now && (then === 0n || now - then === more)).toBe(true)
        expect(computeCirculatingSupply({ ...parts, locked: locked + more })).toBe(then)
      }),
    )
  })
  test("of FIP-0100's table, up to the rounding of its parts", () => {
    const parts = {
      vested: 484_847_134n,
      mined: 365_928_138n,
      reserveInitial: 300_000_000n,
      reserveBalance: 282_933_381n,
      burnt: 40_327_377n,
      locked: 140_975_297n,
    }
    expect(computeCirculatingSupply(parts)).toBe(686_539_217n)
  })
})

describe("genesis allocations", () => {
  test("vest steadily from liftoff and are all out after six years", () => {
    const total = GENESIS_ALLOCATIONS.reduce((sum, [, fil]) => sum + fil, 0n) * ATTO_PER_FIL
    expect(computeGenesisVested(LIFTOFF_EPOCH - 1)).toBe(0n)
    expect(computeGenesisVested(LIFTOFF_EPOCH)).toBe(10_632_000n * ATTO_PER_FIL)
    expect(computeGenesisVested(LIFTOFF_EPOCH + 6 * EPOCHS_PER_YEAR)).toBe(total)
    expect(computeGenesisVested(100 * EPOCHS_PER_YEAR)).toBe(total)
    fc.assert(
      fc.property(fc.nat(8 * EPOCHS_PER_YEAR), (epoch) => {
        expect(computeGenesisVested(epoch) <= computeGenesisVested(epoch + 1)).toBe(true)
      }),
    )
  })
})
