/**
 * W3, Monte Carlo over ten years of a Filecoin-like supply: 1,000 runs of 3,680 daily steps, five drivers drawn a run.
 *
 * Written twice: as a plan for the supply model of protocol/networks/filecoin, in mechafil's conventions, and as bare loops
 * with the engine's own exponential and logarithm. Both must give the published check values before either is timed. A
 * speed workload, not a forecast: its history is synthetic.
 */
import {
  computeSimpleFil,
  DECAY_PER_DAY,
  GROWTH_PER_DAY,
  MECHAFIL_BASELINE_PIB,
} from "../protocol/networks/filecoin/supply-minting.ts"
import { SupplyModel } from "../protocol/networks/filecoin/supply-model.ts"
import { createDrivers, GIB_PER_PIB, type SupplyDrivers, type SupplyPlan } from "../protocol/networks/filecoin/supply-plan.ts"
import { exp } from "../protocol/kernel/real.ts"
import { agree, h, measure, type Options, type Timing } from "./workload.ts"

const RUNS = 1000
const HISTORY = 30
const FORECAST = 3650
const DAYS = HISTORY + FORECAST
const SECTOR_DAYS = 360
/** Sectors of before the forecast expire in this many days, evenly. */
const OLD_DAYS = 540
/** 2024-01-01 is so many days after 2020-10-15. */
const FIRST_DAY = 1173
const EIB = 1024
const RESERVE = 17_066_618.96177341
const VESTED = 420e6
const BURNT = 35e6
const BURN_A_DAY = 10_000
const OLD_RELEASE = 200_000
const OLD_RENEWAL = 0.6
const ALLOCATIONS: readonly (readonly [fil: number, days: number])[] = [
  [51803587, 183],
  [31821712, 365],
  [7223364, 730],
  [88536841, 1095],
  [9805053, 2190],
  [3e8, 2190],
  [1e8, 2190],
]

interface Draw {
  readonly onboard: number
  readonly renewal: number
  readonly verified: number
  readonly lockTarget: number
}
const u = (k: number, run: number): number => h(43_000 + k, run, 0) / 0x1_0000_0000
const drawOf = (run: number): Draw => ({
  onboard: 2 + 6 * u(1, run),
  renewal: 0.3 + 0.6 * u(2, run),
  verified: 0.3 + 0.6 * u(3, run),
  lockTarget: 0.2 + 0.2 * u(4, run),
})

/** What a run ends with; over many, their quantiles. */
export interface Supply {
  readonly circulating: number
  readonly locked: number
  readonly minted: number
}
export interface Supplies {
  readonly runs: readonly Supply[]
  readonly quantiles: Readonly<Record<keyof Supply, readonly number[]>>
}

const days = (of: (i: number) => number, n = DAYS): Float64Array => Float64Array.from({ length: n }, (_, i) => of(i))

function vestedDays(): Float64Array {
  let vested = VESTED
  return days((i) => {
    for (const [fil, span] of ALLOCATIONS) if (FIRST_DAY + i < span) vested += fil / span
    return vested
  })
}

/** The workload as a plan of the product's model. */
export const supplyPlan = (): SupplyPlan => ({
  days: DAYS,
  historyDays: HISTORY,
  sectorDays: SECTOR_DAYS,
  history: {
    rawPib: days(() => 10 * EIB, HISTORY),
    qaPib: days(() => 24 * EIB, HISTORY),
    onboardedQaPib: days(() => 12, HISTORY),
    renewedQaPib: days(() => 14, HISTORY),
    renewalRate: days(() => OLD_RENEWAL, HISTORY),
    burntFil: days((i) => BURNT + BURN_A_DAY * i, HISTORY),
  },
  known: {
    rawPib: days((i) => (i < OLD_DAYS ? 10 : 0), FORECAST),
    qaPib: days((i) => (i < OLD_DAYS ? 24 : 0), FORECAST),
    pledgeFil: days((i) => (i < HISTORY + OLD_DAYS ? OLD_RELEASE : 0)),
  },
  minting: {
    simpleFil: days((i) => computeSimpleFil(FIRST_DAY + i)),
    baselinePib: days((i) => 24 * EIB * exp(GROWTH_PER_DAY * i)),
    initialBaselinePib: MECHAFIL_BASELINE_PIB,
    cappedBeforePibDays: 9000 * EIB,
    paidShare: 1,
    mintedOffsetFil: 0,
  },
  vestedFil: vestedDays(),
  gamma: days(() => 1),
  survival: days(() => 1),
  start: { circulatingFil: 480e6, lockedPledgeFil: 90e6, lockedRewardFil: 90e6, lockedRewardDailyFil: 0 },
  releaseFromDay: HISTORY,
  reserveFil: RESERVE,
  pledgeFilPerPibMax: GIB_PER_PIB,
  release: "proportional",
})

/** `runs` runs on the product's model. */
export function suppliesOnModel(runs: number): Supplies {
  const model = new SupplyModel(supplyPlan())
  const drivers = createDrivers(model.plan)
  drivers.burnFil.fill(BURN_A_DAY)
  const last = DAYS - 1
  const { circulatingFil, lockedPledgeFil, lockedRewardFil, curveFil } = model.days
  return gather(runs, (run) => {
    steer(drivers, drawOf(run))
    model.run(drivers)
    return {
      circulating: Math.max(circulatingFil[last], 0),
      locked: lockedPledgeFil[last] + lockedRewardFil[last],
      minted: curveFil[last],
    }
  })
}

function steer({ onboardPib, renewalRate, verifiedShare, lockTarget }: SupplyDrivers, draw: Draw): void {
  onboardPib.fill(draw.onboard)
  renewalRate.fill(draw.renewal)
  verifiedShare.fill(draw.verified)
  lockTarget.fill(draw.lockTarget)
}

/** The same runs in one loop over typed arrays, as the specification writes them. */
export function suppliesBare(runs: number): Supplies {
  const [q, qaRenewed, rawRenewed, cum, reward, lock] = Array.from({ length: 6 }, () => new Float64Array(DAYS))
  const [raw, qa] = [new Float64Array(DAYS), new Float64Array(DAYS)]
  // The same for every run, and so made once, as in the model.
  const vested = vestedDays()
  const base = days((i) => 24 * EIB * Math.exp(GROWTH_PER_DAY * i))
  const simple = days((i) => 330e6 * (1 - Math.exp(-DECAY_PER_DAY * (FIRST_DAY + i))))
  const b0Pib = 2.766213637444971e18 / 2 ** 50
  return gather(runs, (run) => {
    const { onboard, renewal, verified, lockTarget } = drawOf(run)
    for (let i = 0; i < HISTORY; i++) {
      raw[i] = 10 * EIB
      qa[i] = 24 * EIB
      q[i] = 12
      qaRenewed[i] = 14
    }
    const quality = (1 + 9 * verified) * onboard
    for (let i = HISTORY; i < DAYS; i++) {
      const f = i - HISTORY
      const rawOut = (f < OLD_DAYS ? 10 : 0) + (f >= SECTOR_DAYS ? onboard + rawRenewed[i - SECTOR_DAYS] : 0)
      const qaOut = (f < OLD_DAYS ? 24 : 0) + (f >= SECTOR_DAYS ? quality + qaRenewed[i - SECTOR_DAYS] : 0)
      rawRenewed[i] = renewal * rawOut
      qaRenewed[i] = renewal * qaOut
      q[i] = quality
      raw[i] = raw[i - 1] + onboard - rawOut + rawRenewed[i]
      qa[i] = qa[i - 1] + quality - qaOut + qaRenewed[i]
    }
    let capped = 9000 * EIB
    for (let i = 0; i < DAYS; i++) {
      capped += Math.min(base[i], raw[i])
      const theta = Math.log((GROWTH_PER_DAY * capped) / b0Pib + 1) / GROWTH_PER_DAY
      cum[i] = 770e6 * (1 - Math.exp(-DECAY_PER_DAY * theta)) + simple[i]
      reward[i] = i === 0 ? 0 : cum[i] - cum[i - 1]
    }
    let [circulating, locked, lockedReward, burn] = [480e6, 180e6, 90e6, BURNT]
    lock[0] = 0
    for (let i = 1; i < DAYS; i++) {
      const r = i < HISTORY ? OLD_RENEWAL : renewal
      const due = (i < HISTORY + OLD_DAYS ? OLD_RELEASE : 0) + (i - SECTOR_DAYS >= HISTORY ? lock[i - SECTOR_DAYS] : 0)
      const pledge = (x: number) =>
        Math.min(
          x * 2 ** 20,
          (20 * reward[i] * x) / qa[i] + Math.max(0, (lockTarget * circulating * x) / Math.max(qa[i], base[i])),
        )
      const p = pledge(q[i])
      const w = pledge(qaRenewed[i])
      const o = r * due
      lock[i] = p + Math.max(o, w)
      const dReward = 0.75 * reward[i] - lockedReward / 180
      lockedReward += dReward
      locked += p - (1 - r) * due + Math.max(0, w - o) + dReward
      burn = i < HISTORY ? BURNT + BURN_A_DAY * i : burn + BURN_A_DAY
      circulating = RESERVE + cum[i] + vested[i] - locked - burn
    }
    return { circulating: Math.max(circulating, 0), locked, minted: cum[DAYS - 1] }
  })
}

function gather(runs: number, one: (run: number) => Supply): Supplies {
  const all = Array.from({ length: runs }, (_, run) => one(run))
  const quantilesOf = (name: keyof Supply): readonly number[] => {
    const sorted = Float64Array.from(all, (s) => s[name]).toSorted()
    return [0.05, 0.5, 0.95].map((p) => sorted[Math.round(p * (runs - 1))])
  }
  return {
    runs: all,
    quantiles: { circulating: quantilesOf("circulating"), locked: quantilesOf("locked"), minted: quantilesOf("minted") },
  }
}

/** The check values that the specification publishes, by run, at its digits. */
export const SUPPLIES_PUBLISHED: Readonly<Record<number, Readonly<Record<keyof Supply, string>>>> = {
  0: { circulating: "1166034581.152", locked: "-3712149.4088", minted: "606739082.6899" },
  4: { circulating: "1162749872.0456", locked: "-9957509.3115", minted: "597209013.6806" },
}
/** How far the model's roots and the engine's exponentials may lie apart, of the supply. */
const NEAR = 1e-12

/** Throws unless the published runs are as published, and every run is the bare loop's within NEAR of the supply. */
export function checkSupplies({ runs }: Supplies, variant: string, bare?: Supplies): void {
  for (const [run, published] of Object.entries(SUPPLIES_PUBLISHED))
    for (const name of Object.keys(published) as (keyof Supply)[])
      agree(`W3 ${variant}, run ${run}`, name, runs[Number(run)][name], published[name])
  for (const [run, theirs] of (bare?.runs ?? []).entries())
    for (const name of Object.keys(theirs) as (keyof Supply)[])
      if (!(Math.abs(runs[run][name] - theirs[name]) <= NEAR * Math.max(theirs.circulating, theirs.minted)))
        throw new Error(
          `W3 ${variant}: ${name} of run ${run} is ${runs[run][name]}, the bare loop has ${theirs[name]}; a wrong run is not timed`,
        )
}

/** Times W3. Throws when a variant's figures are not the published ones, or not those of the bare loop. */
export function w3({ runs = RUNS, repeats = 5 }: Options & { readonly runs?: number } = {}): readonly Timing[] {
  const bare = suppliesBare(runs)
  const variants = {
    "bare typed arrays": () => suppliesBare(runs),
    "supply model": () => suppliesOnModel(runs),
  }
  return measure("W3 ten-year supply", "runs", runs, variants, (result, variant) => checkSupplies(result, variant, bare), repeats)
}
