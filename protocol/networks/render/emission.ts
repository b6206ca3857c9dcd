/**
 * The schedule of minting (RNP-001, 006, 013, 015, 018, 022): by week and by year, never by what was burnt. Amounts are 1e-8 RENDER.
 *
 * The year table of RNP-001 lives in a spreadsheet that is not public: years 1 to 3 are published, later ones are an ASSUMPTION
 * (the launch phase's growth damping of 0.945 a year). Weekly pools are those observed on chain where they differ from a document.
 */
import { DAY } from "../../kernel/clock.ts"
import { mulDivFloor } from "../../kernel/money.ts"

/** Wednesday, 2023-12-20T00:00:00Z: epoch 1 of the burn-mint equilibrium begins. */
export const BME_BEGIN_S = 19_711 * DAY
export const UNITS = 100_000_000
/** 536,870,912 and 20 % more (RNP-001). */
export const SUPPLY_CAP_RENDER = 644_245_094

const MONTHS = 12
const WEEKS = 52
const WEEK_S = 7 * DAY
const YEAR_S = 365.25 * DAY

/** Weekly job pools as paid, 1e-8 RENDER, from an epoch on (facts/render.md §A5: R20 OBhrs.json; RNP-013 from epoch 25). */
const JOB_POOLS: readonly (readonly [fromEpoch: number, units: number])[] = [
  [1, 39_787.3 * UNITS],
  [2, 42_466.59 * UNITS],
  [3, 43_544.22 * UNITS],
  // 190,142 a month by days of a 365-day year: 190,142 · 12 · 7 / 365. Unclaimed wallets kept epochs 4 to 20 a little below.
  [4, 4_375_870_684_931],
  [25, 15_000 * UNITS],
].map(([from, units]) => [from, Math.round(units)] as const)

/** Weekly availability pools as paid (RNP-013, 015): none at first, then 12,500 a month. */
const AVAILABILITY_POOLS: readonly (readonly [fromEpoch: number, units: number])[] = [
  [1, 0],
  [25, 290_850_000_000],
  [30, Math.floor((12_500 * UNITS * MONTHS) / WEEKS)],
]

/** RENDER a month by year: year 1 (RNP-006), years 2 and 3 (RNP-023: 123,033 + 123,033 + 246,066). */
const MONTHLY: readonly number[] = [760_567, 492_132, 492_132]
/** Part of a month's emission for node operators: 25 % of year 1 (half of the network's half), and of later years. */
const NODES_PERMILLE = 250
const GRANTS_PERMILLE = 250

const atEpoch = (rows: readonly (readonly [number, number])[], epoch: number): number => {
  let units = 0
  for (const [from, value] of rows) if (epoch >= from) units = value
  return units
}

/** The weekly epoch that `atS` lies in: 1 is the first, 0 and below are before the equilibrium. */
export const epochAt = (atS: number): number => Math.floor((atS - BME_BEGIN_S) / WEEK_S) + 1
/** When a weekly epoch begins. */
export const epochBeginS = (epoch: number): number => BME_BEGIN_S + (epoch - 1) * WEEK_S
/** BME year, 1 from 2023-12-20, of 365.25 days. */
export const yearAt = (atS: number): number => Math.floor((atS - BME_BEGIN_S) / YEAR_S) + 1

/** RENDER units of a month's emission in a year; from year 4 on damped by `dampingPermille` a year, rounded down each time (ASSUMPTION). */
export function monthlyUnits(year: number, dampingPermille: number): number {
  if (year < 1) return 0
  if (year <= MONTHLY.length) return MONTHLY[year - 1] * UNITS
  let units = MONTHLY[MONTHLY.length - 1] * UNITS
  for (let y = MONTHLY.length; y < year && units > 0; y++) units = mulDivFloor(units, dampingPermille, 1000)
  return units
}

/** A week's emission by purpose, 1e-8 RENDER. */
export interface WeeklyEmission {
  readonly job: number
  readonly availability: number
  /** What the nodes' part leaves after both pools: the compute subnet is paid of it. */
  readonly reserve: number
  readonly grants: number
  readonly operations: number
}

/** What the schedule mints in the weekly epoch that begins at `beginS`; weeks are 12/52 of a month, rounded down. Nothing before epoch 1. */
export function weeklyEmission(beginS: number, dampingPermille: number): WeeklyEmission {
  const epoch = epochAt(beginS)
  if (epoch < 1) return { job: 0, availability: 0, reserve: 0, grants: 0, operations: 0 }
  const week = Math.floor((monthlyUnits(yearAt(beginS), dampingPermille) * MONTHS) / WEEKS)
  const nodes = mulDivFloor(week, NODES_PERMILLE, 1000)
  const grants = mulDivFloor(week, GRANTS_PERMILLE, 1000)
  // No pool is larger than the nodes' part of the week.
  const job = Math.min(nodes, atEpoch(JOB_POOLS, epoch))
  const availability = Math.min(nodes - job, atEpoch(AVAILABILITY_POOLS, epoch))
  return { job, availability, reserve: nodes - job - availability, grants, operations: week - nodes - grants }
}
