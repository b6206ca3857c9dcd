/**
 * When and where users ask for the service, in whole permille: base demand × the hour's shape × the place's weight.
 */
import { cities, cityName } from "./cities.ts"
import type { Placement } from "./placement.ts"

/**
 * Demand at each full local hour, permille of the day's mean. w(h) = 1 + .45 cos(2π(h−19)/24) + .12 cos(4π(h−21.5)/24),
 * rounded, the two units too many taken off 16:00 and 21:00.
 * Source: facts/prices-and-demand.md §4.1, an ASSUMPTION fitted to the peak-to-mean ratios of AMS-IX (1.49) and DE-CIX (1.54).
 */
const HOURS = [
  1148, 969, 799, 659, 566, 525, 534, 581, 650, 726, 798, 860, 915, 969, 1031, 1109, 1202, 1305, 1404, 1481, 1520, 1505, 1434,
  1310,
]
const DAY_MINUTES = 24 * 60

/** Straight lines between the hours; remainders are carried to the next minute, so that the mean of the day is exactly 1000. */
function drawDay(): Uint16Array {
  const minutes = new Uint16Array(DAY_MINUTES)
  let sum = 0
  for (let minute = 0; minute < DAY_MINUTES; minute++) {
    const hour = Math.floor(minute / 60)
    const within = minute % 60
    const before = Math.floor(sum / 60)
    sum += HOURS[hour] * (60 - within) + HOURS[(hour + 1) % 24] * within
    minutes[minute] = Math.floor(sum / 60) - before
  }
  return minutes
}

const day = drawDay()

/** Demand at a local minute of the day (any whole number, wrapped into 0..1439), permille of the day's mean. */
export function diurnalPermille(minuteOfDay: number): number {
  const wrapped = minuteOfDay % DAY_MINUTES
  return day[wrapped < 0 ? wrapped + DAY_MINUTES : wrapped]
}

/** The local minute of the day at a Unix time in whole seconds and an offset in minutes ahead of UTC. */
export function localMinuteOfDay(unixSeconds: number, utcOffsetMinutes: number): number {
  const minute = (Math.floor(unixSeconds / 60) + utcOffsetMinutes) % DAY_MINUTES
  return minute < 0 ? minute + DAY_MINUTES : minute
}

/**
 * How much of the demand is near each node, in permille of the mean node; the column sums to 1000 × nodes.
 * "node": everywhere alike, for services whose users came with the nodes. "population": a city's inhabitants, shared by its
 * nodes, for services whose users were there before them. A cloud region's town that is not in the city table counts as 100,000.
 * Both are assumptions.
 */
export function demandWeights(placement: Placement, by: "node" | "population" = "node"): Uint32Array {
  const weights = new Uint32Array(placement.nodes).fill(1000)
  if (by === "node") return weights
  const { of, names } = placement.domains.city
  const inhabitants = new Map<string, number>()
  const all = cities()
  for (let i = 0; i < all.count; i++) inhabitants.set(cityName(i), all.population[i])
  const populations = names.map((name) => inhabitants.get(name) ?? 100_000)
  const residents = new Uint32Array(names.length)
  for (const city of of) residents[city]++
  const total = populations.reduce((sum, population) => sum + population, 0)
  // Sums of whole running totals: what rounding takes from one node it gives to the next.
  let running = 0
  let given = 0
  for (let node = 0; node < placement.nodes; node++) {
    running += populations[of[node]] / residents[of[node]]
    const upTo = node === placement.nodes - 1 ? placement.nodes * 1000 : Math.floor((running / total) * placement.nodes * 1000)
    weights[node] = upTo - given
    given = upTo
  }
  return weights
}

/**
 * Writes each node's demand in the minute that holds `unixSeconds` into `into`: base × weight × hour, in the unit of `base`.
 * `base` is the mean demand per node and minute.
 */
export function demandAt(
  placement: Placement,
  weights: Uint32Array,
  base: number,
  unixSeconds: number,
  into: Float64Array,
): void {
  for (let node = 0; node < placement.nodes; node++) {
    const minute = localMinuteOfDay(unixSeconds, placement.utcOffsetMinutes[node])
    into[node] = (base * weights[node] * day[minute]) / 1_000_000
  }
}
