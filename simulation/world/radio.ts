/**
 * Who can physically hear whom: the ground truth of radio, which the protocol never sees.
 *
 * Loss in decibels = free space at 904 MHz
 *   + 10 (exponent − 2) log10(d / clutterMetres) beyond clutterMetres (log-distance model)
 *   + a normal shadow for the pair, the same in both directions;
 * never less than free space plus `excessMin`, so that no honest report is louder than physics allows (BadRssi).
 * Assumptions, all: exponent, clutter distance, shadow, sensitivity; antennas are 0 dBi at the receiver; terrain is in the
 * shadow only. The output is linear in nodes, and so is the work: a beacon in a crowd looks no further than it must.
 */
import { log10 } from "../../protocol/kernel/real.ts"
import type { Stream } from "../../protocol/kernel/random.ts"
import { block, stream } from "../../protocol/kernel/random.ts"
import { cosine, E7_PER_METRE, metresBetween, TURN_E7 } from "./earth.ts"
import type { Placement } from "./placement.ts"

export interface RadioOptions {
  /** Nothing is heard further away. Kilometres. */
  readonly rangeKm: number
  /** Hearers kept for each beaconer, the strongest. */
  readonly pathsMax: number
  /** Once so many nodes lie within one of REACHES, none further is asked. Measured at 192 against asking all: 99.99 % of the
   *  paths agree at 10,000 nodes, 99.9 % at 40,000, 97.6 % in a crowd of 3,000 within 11 km. */
  readonly candidatesMax: number
  /** Radiated power of a beacon, tenths of dBm (EIRP). */
  readonly eirpDeciDbm: number
  /** Weakest signal that is decoded, tenths of dBm. */
  readonly sensitivityDeciDbm: number
  /** Path-loss exponent in tenths: 20 is free space. */
  readonly exponentTenths: number
  /** Free space holds up to here, metres. */
  readonly clutterMetres: number
  /** Standard deviation of the shadow, tenths of dB. */
  readonly shadowDeciDb: number
  /** Least loss beyond free space, tenths of dB. */
  readonly excessMinDeciDb: number
}

export const radioDefaults: RadioOptions = {
  rangeKm: 40,
  pathsMax: 24,
  candidatesMax: 192,
  // Assumption: half-way between the 14 dBm of Europe and the 36 dBm of the United States.
  eirpDeciDbm: 270,
  // Assumption: about SF9 at 125 kHz on a gateway; data sheets give -127 dBm (SF7) to -141 dBm (SF12).
  sensitivityDeciDbm: -1340,
  // Assumption: suburban roofs; half of all pairs hear each other at roughly 15 km.
  exponentTenths: 35,
  clutterMetres: 20,
  shadowDeciDb: 80,
  // Keeps reports below free space even where a region's channel or a cell centre differs a little from ours.
  excessMinDeciDb: 10,
}

/** Compressed rows: beaconer a's hearers are `begin[a]`..`begin[a+1]`, strongest first, equal signals by node. */
export interface Paths {
  readonly begin: Uint32Array
  readonly to: Uint32Array
  readonly metres: Uint32Array
  /** Median received signal of a beacon at `eirpDeciDbm`, tenths of dBm. */
  readonly rssiDeciDbm: Int16Array
}

/** 20 log10(4π f / c) at 904 MHz and one metre, in tenths of dB: 31.571 dB. */
const FREE_SPACE_METRE_DECI_DB = 315.71

/** How far a beacon is tried before the full range, metres. */
const REACHES = [1000, 1400, 2000, 2800, 4000, 5700, 8000, 11_300, 16_000, 22_600, 32_000]

/** Free-space loss at a distance (metres, at least 1), rounded up to tenths of dB. */
export function freeSpaceDeciDb(metres: number): number {
  return Math.ceil(FREE_SPACE_METRE_DECI_DB + 200 * log10(metres < 1 ? 1 : metres))
}

/** Losses in tenths of dB at every whole metre: a look-up costs a tenth of a logarithm. */
function lossByMetre(rangeMetres: number, rule: RadioOptions): { freeSpace: Uint16Array; clutter: Uint16Array } {
  const freeSpace = new Uint16Array(rangeMetres + 1)
  const clutter = new Uint16Array(rangeMetres + 1)
  const clutterLog = log10(rule.clutterMetres)
  for (let metres = 0; metres <= rangeMetres; metres++) {
    const log = log10(metres < 1 ? 1 : metres)
    freeSpace[metres] = Math.ceil(FREE_SPACE_METRE_DECI_DB + 200 * log)
    // An exponent of 35 tenths adds 15 dB, that is 150 tenths, for each tenfold distance.
    if (metres > rule.clutterMetres) clutter[metres] = Math.round(10 * (rule.exponentTenths - 20) * (log - clutterLog))
  }
  return { freeSpace, clutter }
}

const words = new Uint32Array(4)

/** The pair's shadow in tenths of dB, roughly normal (the sum of eight uniforms); the same whichever way round it is asked. */
function shadow(s: Stream, a: number, b: number, sigmaDeciDb: number): number {
  if (a < b) block(s, words, a, b)
  else block(s, words, b, a)
  let sum = -8 * 0x7fff - 4
  for (let i = 0; i < 4; i++) sum += (words[i] & 0xffff) + (words[i] >>> 16)
  // The sum of eight uniforms on 0..65535 has a standard deviation of 53,510.
  return Math.round((sum * sigmaDeciDb) / 53_510)
}

/** Nodes in bands of latitude, each band sorted by longitude: every rectangle is a few contiguous runs. */
interface Bands {
  readonly rows: number
  readonly begin: Uint32Array
  readonly node: Uint32Array
  /** Longitude from 0 to 360 degrees, in 1e-7 degree, by position. */
  readonly turn: Float64Array
  readonly latE7: Int32Array
}

const BAND_METRES = 2500
const BAND_E7 = Math.round(BAND_METRES * E7_PER_METRE)
const bandOf = (latE7: number): number => Math.floor((latE7 + 900_000_000) / BAND_E7)
/** 32 bits of longitude and 21 of node number fill a double's 53: two million nodes. */
const NODES_MAX = 0x20_0000

function sortIntoBands({ nodes, latE7, lngE7 }: Placement): Bands {
  const rows = bandOf(900_000_000) + 1
  const begin = new Uint32Array(rows + 1)
  for (let i = 0; i < nodes; i++) begin[bandOf(latE7[i]) + 1]++
  for (let row = 0; row < rows; row++) begin[row + 1] += begin[row]
  const next = begin.slice(0, rows)
  const keys = new Float64Array(nodes)
  for (let i = 0; i < nodes; i++) keys[next[bandOf(latE7[i])]++] = (lngE7[i] + TURN_E7 / 2) * NODES_MAX + i
  for (let row = 0; row < rows; row++) if (begin[row + 1] - begin[row] > 1) keys.subarray(begin[row], begin[row + 1]).sort()
  const node = new Uint32Array(nodes)
  const turn = new Float64Array(nodes)
  const byPosition = new Int32Array(nodes)
  for (let at = 0; at < nodes; at++) {
    turn[at] = Math.floor(keys[at] / NODES_MAX)
    node[at] = keys[at] - turn[at] * NODES_MAX
    byPosition[at] = latE7[node[at]]
  }
  return { rows, begin, node, turn, latE7: byPosition }
}

/** The first position in [low, high) whose longitude is at least `at`, or high. */
function lowerBound(turn: Float64Array, low: number, high: number, at: number): number {
  while (low < high) {
    const middle = (low + high) >> 1
    if (turn[middle] < at) low = middle + 1
    else high = middle
  }
  return low
}

/** Fills `runs` with [begin, end) pairs of the positions within a rectangle of half-width `metres`; returns how many nodes. */
function gather(bands: Bands, latE7: number, lngE7: number, metres: number, runs: number[]): number {
  runs.length = 0
  const reach = Math.ceil(metres * E7_PER_METRE)
  const poleward = (latE7 < 0 ? -latE7 : latE7) + reach
  const narrow = cosine(poleward)
  const half = narrow * TURN_E7 <= 2 * reach ? TURN_E7 / 2 : Math.ceil(reach / narrow)
  const centre = lngE7 + TURN_E7 / 2
  const first = Math.max(0, bandOf(latE7 - reach))
  const last = Math.min(bands.rows - 1, bandOf(latE7 + reach))
  let found = 0
  const add = (row: number, west: number, east: number): void => {
    const end = bands.begin[row + 1]
    const from = lowerBound(bands.turn, bands.begin[row], end, west)
    const to = lowerBound(bands.turn, from, end, east + 1)
    if (to === from) return
    runs.push(from, to)
    found += to - from
  }
  for (let row = first; row <= last; row++) {
    if (bands.begin[row] === bands.begin[row + 1]) continue
    if (half >= TURN_E7 / 2) {
      add(row, 0, TURN_E7)
      continue
    }
    add(row, Math.max(0, centre - half), Math.min(TURN_E7, centre + half))
    // The antimeridian cuts a rectangle in two.
    if (centre < half) add(row, centre - half + TURN_E7, TURN_E7)
    if (centre + half > TURN_E7) add(row, 0, centre + half - TURN_E7)
  }
  return found
}

/**
 * The paths of every node as a beaconer. Deterministic in (placement, seed, options); distances and signals of a pair are
 * the same both ways, though one end may keep the other among its strongest and not the reverse.
 * Throws RangeError above two million nodes.
 */
export function radioPaths(placement: Placement, seed: number, options: Partial<RadioOptions> = {}): Paths {
  const { nodes, latE7, lngE7 } = placement
  if (nodes > NODES_MAX) throw new RangeError(`${nodes} nodes: radio paths are built for at most ${NODES_MAX}`)
  const rule = { ...radioDefaults, ...options }
  const rangeMetres = rule.rangeKm * 1000
  const reaches = [...REACHES.filter((reach) => reach < rangeMetres), rangeMetres]
  const shadows = stream(seed, "world.radio.shadow")
  const loss = lossByMetre(rangeMetres, rule)
  // The sum of eight uniforms cannot exceed this, so a pair beyond it needs no draw.
  const luckMax = Math.ceil((rule.shadowDeciDb * 8 * 0x7fff) / 53_510) + 1
  const bands = sortIntoBands(placement)

  const begin = new Uint32Array(nodes + 1)
  let capacity = Math.max(1024, Math.min(nodes * rule.pathsMax, nodes * 16))
  let to = new Uint32Array(capacity)
  let metres = new Uint32Array(capacity)
  let rssi = new Int16Array(capacity)
  const bestTo = new Uint32Array(rule.pathsMax)
  const bestMetres = new Uint32Array(rule.pathsMax)
  const bestRssi = new Int16Array(rule.pathsMax)
  const runs: number[] = []
  let count = 0

  for (let a = 0; a < nodes; a++) {
    // The node finds itself too.
    for (const reach of reaches) if (gather(bands, latE7[a], lngE7[a], reach, runs) > rule.candidatesMax) break
    let kept = 0
    for (let run = 0; run < runs.length; run += 2) {
      for (let at = runs[run]; at < runs[run + 1]; at++) {
        const b = bands.node[at]
        if (b === a) continue
        const distance = metresBetween(latE7[a], lngE7[a], bands.latE7[at], bands.turn[at] - TURN_E7 / 2)
        if (distance > rangeMetres) continue
        const freeSpace = loss.freeSpace[distance]
        const clutter = loss.clutter[distance]
        const quiet = rule.eirpDeciDbm - freeSpace - clutter
        if (quiet + luckMax < rule.sensitivityDeciDbm) continue
        // A full list is only entered by a signal at least as strong as its last.
        if (kept === rule.pathsMax && quiet + luckMax < bestRssi[kept - 1]) continue
        const excess = clutter + shadow(shadows, a, b, rule.shadowDeciDb)
        const signal = rule.eirpDeciDbm - freeSpace - (excess < rule.excessMinDeciDb ? rule.excessMinDeciDb : excess)
        if (signal < rule.sensitivityDeciDbm) continue
        let place = kept
        while (place > 0 && (bestRssi[place - 1] < signal || (bestRssi[place - 1] === signal && bestTo[place - 1] > b))) place--
        if (place === rule.pathsMax) continue
        if (kept < rule.pathsMax) kept++
        for (let i = kept - 1; i > place; i--) {
          bestTo[i] = bestTo[i - 1]
          bestMetres[i] = bestMetres[i - 1]
          bestRssi[i] = bestRssi[i - 1]
        }
        bestTo[place] = b
        bestMetres[place] = distance
        bestRssi[place] = signal
      }
    }
    if (count + kept > capacity) {
      capacity = Math.max(count + kept, capacity * 2)
      to = grow(to, capacity)
      metres = grow(metres, capacity)
      const longer = new Int16Array(capacity)
      longer.set(rssi)
      rssi = longer
    }
    for (let i = 0; i < kept; i++, count++) {
      to[count] = bestTo[i]
      metres[count] = bestMetres[i]
      rssi[count] = bestRssi[i]
    }
    begin[a + 1] = count
  }
  return { begin, to: to.slice(0, count), metres: metres.slice(0, count), rssiDeciDbm: rssi.slice(0, count) }
}

function grow(column: Uint32Array, capacity: number): Uint32Array<ArrayBuffer> {
  const longer = new Uint32Array(capacity)
  longer.set(column)
  return longer
}
