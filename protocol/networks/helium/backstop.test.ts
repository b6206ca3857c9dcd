import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import * as decimal from "../../kernel/decimal.ts"
import * as backstop from "./backstop.ts"

const HNT = 100_000_000n
const day = {
  emission: 20_548n * HNT,
  smoothedBurn: 1_644n * HNT,
  netEmissionsCap: 1_644n * HNT,
  dcBurned: 910_000_000n,
  mobileShare: 3_834_117_304n,
  floorPrice: HNT,
  capPrice: HNT,
}
const price = (cents: bigint) => ({ floorPrice: cents * 1_000_000n, capPrice: cents * 1_000_000n })

describe("given carriers that pay $9,100 a day (the program's own worked days)", () => {
  test("at $1 neither floor nor ceiling binds", () =>
    expect(backstop.computeBackstop(day)).toMatchObject({ topUp: 0n, deployerCap: 27_300n * HNT }))
  test("at $0.10 and 91,000 HNT burned a day, deployers are lifted to 45,500 HNT", () => {
    const { topUp } = backstop.computeBackstop({ ...day, ...price(10n), smoothedBurn: 91_000n * HNT })
    const reaching = (amount: bigint) => (amount * day.mobileShare * 70n) / (backstop.SHARE_ONE * 100n)
    const delivered = reaching(day.emission + day.netEmissionsCap) + reaching(topUp)
    expect(delivered / HNT).toBeGreaterThanOrEqual(45_499n)
    expect(delivered / HNT).toBeLessThanOrEqual(45_500n)
  })
  test("right after a crash the top-up ends where the burn ends", () => {
    const { topUp } = backstop.computeBackstop({ ...day, ...price(10n), smoothedBurn: 9_100n * HNT })
    expect(topUp).toBe((9_100n - 1_644n) * HNT)
  })
  test("the ceiling uses the average price, the floor the low one", () => {
    const { deployerCap } = backstop.computeBackstop({ ...day, floorPrice: 90_000_000n })
    expect(deployerCap).toBe(27_300n * HNT)
  })
  test("without a price it sleeps", () =>
    expect(backstop.computeBackstop({ ...day, ...price(0n), smoothedBurn: 91_000n * HNT })).toEqual({
      reEmit: 1_644n * HNT,
      topUp: 0n,
      totalRewards: 22_192n * HNT,
      deployerCap: 0n,
    }))
  test("a price too low to be true tops up nothing", () => {
    const input = { ...day, dcBurned: 10n ** 15n, mobileShare: 1n, floorPrice: 1n, capPrice: 1n, smoothedBurn: 91_000n * HNT }
    expect(backstop.computeBackstop(input).topUp).toBe(0n)
  })
  test("re-emission never exceeds what was burned, and floor and ceiling never bind together", () =>
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 1000n }), fc.bigInt({ min: 0n, max: 200_000n * HNT }), (cents, smoothedBurn) => {
        const out = backstop.computeBackstop({ ...day, ...price(cents), smoothedBurn })
        expect(out.reEmit + out.topUp <= smoothedBurn).toBe(true)
        expect(out.totalRewards).toBe(day.emission + out.reEmit + out.topUp)
        const rewards = (out.totalRewards * day.mobileShare) / backstop.SHARE_ONE
        const overflow = backstop.computeOverflow(rewards, out.deployerCap, rewards)
        expect(out.topUp === 0n || overflow === 0n).toBe(true)
      }),
    ))
})

test("the redirect never takes more than the escrow", () => {
  expect(backstop.computeOverflow(100_000n, 1n, 10_000n)).toBe(10_000n)
  expect(backstop.computeOverflow(100_000n, 60_000n, 100_000n)).toBe(10_000n)
  expect(backstop.computeOverflow(100_000n, 0n, 100_000n)).toBe(0n)
})

describe("the supplement", () => {
  const { start, flatEnd, taperEnd, amount } = backstop.SUPPLEMENT_WINDOW
  test("opens, stays flat, tapers and closes", () => {
    const at = (now: number) => backstop.computeSupplement(now, backstop.SUPPLEMENT_WINDOW)
    expect([start - 1, start, flatEnd - 1, flatEnd].map(at)).toEqual([0n, amount, amount, amount])
    expect([(flatEnd + taperEnd) / 2, taperEnd - 1, taperEnd].map(at)).toEqual([amount / 2n, amount / BigInt(720 * 86_400), 0n])
  })
  test("a year and two more mint about 141 million HNT over both sub-DAOs", () => {
    let total = 0n
    for (let crank = start + 43_200; crank < taperEnd; crank += 86_400)
      total += 2n * backstop.computeSupplement(crank, backstop.SUPPLEMENT_WINDOW)
    expect(total / HNT / 1_000_000n).toBe(141n)
  })
  test("the council's 1.25% is floored", () => expect(backstop.computeCouncilCut(79n)).toBe(0n))
})

describe("the Mobile split", () => {
  const amount = fc.bigInt({ min: 0n, max: 10n ** 15n })
  test("spends exactly what was issued", () =>
    fc.assert(
      fc.property(amount, amount, (emissions, issued) => {
        const { serviceProviders, dataTransfer } = backstop.splitHip149Mobile(emissions, issued)
        expect(serviceProviders + dataTransfer).toBe(issued)
        expect(serviceProviders >= 0n && dataTransfer >= 0n).toBe(true)
      }),
    ))
  test("data: paid + unallocated = pool, dust below one bone per hotspot", () =>
    fc.assert(
      fc.property(amount, fc.array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { maxLength: 20 }), (pool, dc) => {
        const { rewards, unallocated } = backstop.splitMobileData(decimal.make(pool, 2), dc)
        expect(rewards.reduce((a, b) => a + b, unallocated)).toBe(pool / 100n)
        if (dc.some((credits) => credits > 0n)) expect(unallocated <= BigInt(dc.length)).toBe(true)
      }),
    ))
  test("the price comes back out of the ceiling", () => {
    const { deployerCap } = backstop.computeBackstop(day)
    expect(backstop.recoverPrice(deployerCap, day.dcBurned)).toBe(HNT)
    expect(backstop.recoverPrice(0n, 1n)).toBe(null)
  })
})
