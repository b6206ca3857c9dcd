/**
 * The transmit scale of `hex-density.ts` over a whole fleet: the geometry is looked up once, in a plan; each evaluation then
 * runs over typed arrays and gives the scale of every hotspot in whole 1e-4. A property proves it equal to the plain rule.
 */

import * as decimal from "../../kernel/decimal.ts"
import { parentCell, resolutionOf, type Geometry } from "../../kernel/geometry.ts"
import { computeHexLimit, descending, HEX_SCALE_DECIMALS, HEX_SCALE_MISSING_E4, type HexLevel } from "./hex-density.ts"

interface PlannedLevel {
  readonly rule: HexLevel
  readonly cells: number
  /** Child cell (of the level below) -> cell of this level. */
  readonly parentOf: Int32Array
  /** Cells that can ever be clipped; all others keep what they count. */
  readonly clippable: Int32Array
  /** One-ring of clippable[i]: ring[ringStart[i]] up to ring[ringStart[i + 1]]. Empty where the limit is a constant. */
  readonly ringStart: Int32Array
  readonly ring: Int32Array
}

export interface HexDensityPlan {
  readonly hotspots: number
  /** Hotspot -> its own hex; hotspots of one hex share a scale. */
  readonly hexOf: Int32Array
  /** Own hex -> counted cell, or -1 where the hex is coarser than the counting resolution. */
  readonly countedOf: Int32Array
  readonly countedCells: number
  readonly levels: readonly PlannedLevel[]
  /** Columns reused by every evaluation: per level and cell, and one byte per hex. */
  readonly scratch: {
    readonly clipped: Float64Array[]
    readonly unclipped: Float64Array[]
    readonly scale: Float64Array[]
    readonly hexIsActive: Uint8Array
  }
}

/**
 * Plans the map of a fleet. In: the asserted H3 cell of every hotspot, the levels, the counting resolution. Throws a RangeError
 * for a level whose max is below its target: its result would depend on the order of cells. Looks up a one-ring only where the
 * fleet is dense enough for it to matter.
 */
export const planHexDensity = (
  hotspotCells: readonly bigint[],
  levels: readonly HexLevel[],
  countRes: number,
  geometry: Pick<Geometry, "gridDisk1">,
): HexDensityPlan => {
  const { keys: hexes, index: hexOf } = intern(hotspotCells)
  const countable = hexes.map((hex) => (resolutionOf(hex) < countRes ? undefined : parentCell(hex, countRes)))
  const counted = intern(countable.filter((cell) => cell !== undefined))
  const countedOf = new Int32Array(hexes.length).fill(-1)
  for (let hex = 0, next = 0; hex < hexes.length; hex++) if (countable[hex] !== undefined) countedOf[hex] = counted.index[next++]

  let cells = counted.keys
  let most = new Float64Array(cells.length)
  for (const hex of hexOf) if (countedOf[hex] >= 0) most[countedOf[hex]]++
  const planned: PlannedLevel[] = []
  for (const rule of descending(levels, countRes)) {
    if (rule.max < rule.target) throw new RangeError(`resolution ${rule.res}: max ${rule.max} is below target ${rule.target}`)
    const parents = intern(cells.map((cell) => parentCell(cell, rule.res)))
    const parentMost = new Float64Array(parents.keys.length)
    for (let i = 0; i < cells.length; i++) parentMost[parents.index[i]] += most[i]
    planned.push(planLevel(rule, parents, parentMost, geometry))
    cells = parents.keys
    most = parentMost.map((count) => Math.min(count, rule.max))
  }
  const sizes = [counted.keys.length, ...planned.map((l) => l.cells)]
  const columns = () => sizes.map((size) => new Float64Array(size))
  return {
    hotspots: hotspotCells.length,
    hexOf,
    countedOf,
    countedCells: counted.keys.length,
    levels: planned,
    scratch: { clipped: columns(), unclipped: columns(), scale: columns(), hexIsActive: new Uint8Array(hexes.length) },
  }
}

interface Interned {
  readonly keys: bigint[]
  readonly index: Int32Array
  readonly find: ReadonlyMap<bigint, number>
}

/** Distinct values in order of first appearance, and each input's place among them. */
const intern = (values: readonly bigint[]): Interned => {
  const find = new Map<bigint, number>()
  const keys: bigint[] = []
  const index = new Int32Array(values.length)
  for (let i = 0; i < values.length; i++) {
    let at = find.get(values[i])
    if (at === undefined) {
      at = keys.push(values[i]) - 1
      find.set(values[i], at)
    }
    index[i] = at
  }
  return { keys, index, find }
}

const planLevel = (
  rule: HexLevel,
  parents: Interned,
  most: Float64Array,
  geometry: Pick<Geometry, "gridDisk1">,
): PlannedLevel => {
  const clippable: number[] = []
  const ring: number[] = []
  const ringStart = [0]
  for (let cell = 0; cell < parents.keys.length; cell++) {
    // Up to its target a cell is never clipped, whatever its neighbours hold.
    if (most[cell] <= rule.target) continue
    clippable.push(cell)
    if (rule.max > rule.target) {
      for (const near of geometry.gridDisk1(parents.keys[cell])) {
        const at = parents.find.get(near)
        if (at !== undefined) ring.push(at)
      }
    }
    ringStart.push(ring.length)
  }
  return {
    rule,
    cells: parents.keys.length,
    parentOf: parents.index,
    clippable: Int32Array.from(clippable),
    ringStart: Int32Array.from(ringStart),
    ring: Int32Array.from(ring),
  }
}

/**
 * Fills `scaleE4[i]` with the transmit scale of hotspot i in 1e-4, half-even. Only hotspots with `isActive[i]` = 1 are counted
 * (all, without the column); a hotspot in a hex that holds no active one gets `missingE4`. Allocates nothing.
 */
export const computeHexScalesE4 = (
  plan: HexDensityPlan,
  scaleE4: Int32Array,
  isActive?: Uint8Array,
  missingE4: number = HEX_SCALE_MISSING_E4,
): void => {
  const { hexOf, countedOf, levels, scratch } = plan
  const { clipped, unclipped, scale, hexIsActive } = scratch
  clipped[0].fill(0)
  hexIsActive.fill(0)
  for (let i = 0; i < plan.hotspots; i++) {
    if (isActive !== undefined && isActive[i] === 0) continue
    const cell = countedOf[hexOf[i]]
    if (cell < 0) continue
    clipped[0][cell]++
    hexIsActive[hexOf[i]] = 1
  }
  unclipped[0].set(clipped[0])
  for (let l = 0; l < levels.length; l++) clipLevel(levels[l], clipped[l], unclipped[l + 1], clipped[l + 1])

  const top = levels.length
  for (let cell = 0; cell < scale[top].length; cell++) scale[top][cell] = ratio(clipped[top][cell], unclipped[top][cell])
  for (let l = top - 1; l >= 0; l--) {
    const { parentOf } = levels[l]
    for (let cell = 0; cell < parentOf.length; cell++) {
      scale[l][cell] = scale[l + 1][parentOf[cell]] * ratio(clipped[l][cell], unclipped[l][cell])
    }
  }
  for (let i = 0; i < plan.hotspots; i++) {
    const hex = hexOf[i]
    scaleE4[i] = hexIsActive[hex] === 1 ? roundScale(plan, countedOf[hex], scale[0][countedOf[hex]]) : missingE4
  }
}

const clipLevel = (level: PlannedLevel, below: Float64Array, unclipped: Float64Array, clipped: Float64Array): void => {
  const { rule, parentOf, clippable, ringStart, ring } = level
  unclipped.fill(0)
  for (let child = 0; child < parentOf.length; child++) unclipped[parentOf[child]] += below[child]
  clipped.set(unclipped)
  for (let i = 0; i < clippable.length; i++) {
    const cell = clippable[i]
    let occupied = 0
    for (let r = ringStart[i]; r < ringStart[i + 1]; r++) if (clipped[ring[r]] >= rule.target) occupied++
    clipped[cell] = Math.min(computeHexLimit(rule, occupied), unclipped[cell])
  }
}

/** A cell without hotspots takes no part in the product. */
const ratio = (clipped: number, unclipped: number): number => (unclipped === 0 ? 1 : clipped / unclipped)

/** A product of a dozen ratios is right to 1e-11 of a step: nearer than this to a tie, the integers decide. */
const TIE_MARGIN = 1e-9
const STEPS = 10_000

const roundScale = (plan: HexDensityPlan, cell: number, scale: number): number => {
  const steps = scale * STEPS
  const whole = Math.floor(steps)
  const rest = steps - whole
  if (Math.abs(rest - 0.5) > TIE_MARGIN) return rest > 0.5 ? whole + 1 : whole
  const { levels, scratch } = plan
  let above = decimal.tenTo(HEX_SCALE_DECIMALS)
  let below = 1n
  for (let l = 0, at = cell; l <= levels.length; l++) {
    above *= BigInt(scratch.clipped[l][at])
    below *= BigInt(scratch.unclipped[l][at])
    if (l < levels.length) at = levels[l].parentOf[at]
  }
  return Number(decimal.divideWhole(above, below, "half_even"))
}
