/**
 * Checks of one witness report against its beacon, each a pure predicate that answers "ok" or the reason of the refusal. Their
 * order is fixed by the verifier (`do_witness_verifications`) and belongs to the caller.
 * Source: helium/oracles@824f7724 iot_verifier/src/poc.rs, unless a line says otherwise.
 */

import { greatCircleMetres, resolutionOf, type Geometry } from "../../kernel/geometry.ts"
import { log10 } from "../../kernel/real.ts"

export type WitnessVerdict =
  | "ok"
  | "BelowMinDistance"
  | "MaxDistanceExceeded"
  | "BadRssi"
  | "InvalidFrequency"
  | "DeniedEdge"
  | "TooLate"

/** Steps at `WITNESS_CELL_RES` that a witness must be away from the beaconer (`POC_CELL_DISTANCE_MINIMUM`, HIP-15's 300 m). */
export const WITNESS_CELLS_MIN = 8
/** H3 resolution at which those steps are counted (`POC_CELL_PARENT_RES`). */
export const WITNESS_CELL_RES = 11
/** Whole kilometres a witness may be away at most (`POC_DISTANCE_LIMIT`, HIP-58). */
export const WITNESS_DISTANCE_KM_MAX = 100
/** Hz by which the two frequencies may differ. */
export const WITNESS_FREQUENCY_TOLERANCE_HZ = 100_000
/** ms from the beacon report to a witness report, when the beacon report came first (HIP-94). */
export const BEACON_TO_WITNESS_LAG_MS_MAX = 4_000
/** ms from the first witness report to a later one, when a witness came first (HIP-94). */
export const WITNESS_LAG_MS_MAX = 1_500
/** Speed of light as the verifier has it, m/s. */
export const SPEED_OF_LIGHT_M_PER_S = 2.998e8

const PI = 3.141592653589793

/** Great-circle metres between two cell centres, rounded to the nearest metre. */
export const computeCellDistanceM = (a: bigint, b: bigint, geometry: Pick<Geometry, "centreRadians">): number =>
  Math.round(greatCircleMetres(geometry.centreRadians(a), geometry.centreRadians(b)))

/** Steps between two cells once both are taken to `res`; -1 where one is coarser or the grid names no distance. */
export const computeCellGridDistance = (
  a: bigint,
  b: bigint,
  res: number,
  geometry: Pick<Geometry, "gridDistance" | "parent">,
): number =>
  resolutionOf(a) < res || resolutionOf(b) < res ? -1 : geometry.gridDistance(geometry.parent(a, res), geometry.parent(b, res))

/** Refuses a witness nearer than `cellsMin` steps at `res`; also one whose distance cannot be told, as the source does. */
export const verifyWitnessMinCells = (
  beacon: bigint,
  witness: bigint,
  cellsMin: number,
  res: number,
  geometry: Pick<Geometry, "gridDistance" | "parent">,
): WitnessVerdict => (computeCellGridDistance(beacon, witness, res, geometry) < cellsMin ? "BelowMinDistance" : "ok")

/** Refuses a witness farther than `kmMax`: metres rounded, then cut to whole kilometres. HIP-58. */
export const verifyWitnessMaxDistance = (
  beacon: bigint,
  witness: bigint,
  kmMax: number,
  geometry: Pick<Geometry, "centreRadians">,
): WitnessVerdict => (Math.trunc(computeCellDistanceM(beacon, witness, geometry) / 1000) > kmMax ? "MaxDistanceExceeded" : "ok")

/** One radio path: powers and gains of both ends. Gains in tenths of dBi, power in dBm. */
export interface RadioPath {
  readonly txPowerDbm: number
  readonly beaconGainDdbi: number
  readonly witnessGainDdbi: number
  readonly frequencyHz: number
}

/** Free-space path loss in dB over `distanceM` metres: 20 log10(4 pi d f / c). */
export const computePathLossDb = (distanceM: number, frequencyHz: number): number =>
  20 * log10((4 * PI * distanceM * frequencyHz) / SPEED_OF_LIGHT_M_PER_S)

/** Strongest signal, in dBm, that free space allows; each gain is cut to whole dB first. Infinite at distance 0. */
export const computeExpectedRssiDbm = (path: RadioPath, distanceM: number): number =>
  path.txPowerDbm +
  Math.trunc(path.beaconGainDdbi / 10) -
  computePathLossDb(distanceM, path.frequencyHz) +
  Math.trunc(path.witnessGainDdbi / 10)

/** Refuses a report louder than free space allows. `signalDdbm` in tenths of dBm, `distanceM` rounded to whole metres. */
export const verifyWitnessRssi = (path: RadioPath, signalDdbm: number, distanceM: number): WitnessVerdict =>
  signalDdbm / 10 > computeExpectedRssiDbm(path, distanceM) ? "BadRssi" : "ok"

/** Refuses a frequency more than `toleranceHz` off; the limit itself is allowed. */
export const verifyWitnessFrequency = (beaconHz: number, witnessHz: number, toleranceHz: number): WitnessVerdict =>
  Math.abs(beaconHz - witnessHz) > toleranceHz ? "InvalidFrequency" : "ok"

/** Refuses a pair on the denied-edge list; an edge has no direction. Source: helium/denylist@738247d7, edges. */
export const verifyEdge = (deniedEdges: Iterable<readonly [string, string]>, a: string, b: string): WitnessVerdict => {
  for (const [one, other] of deniedEdges) {
    if ((one === a && other === b) || (one === b && other === a)) return "DeniedEdge"
  }
  return "ok"
}

/** Longest permitted delays of HIP-94, in ms. */
export interface LagRule {
  readonly beaconToWitnessMsMax: number
  readonly witnessMsMax: number
}

export const HIP94_LAG: LagRule = {
  beaconToWitnessMsMax: BEACON_TO_WITNESS_LAG_MS_MAX,
  witnessMsMax: WITNESS_LAG_MS_MAX,
}

/** Refuses a report that came too long after the first event of its beacon. Arrival times in ms of one clock; limits allowed. */
export const verifyWitnessLag = (
  beaconMs: number,
  firstWitnessMs: number,
  witnessMs: number,
  rule: LagRule = HIP94_LAG,
): WitnessVerdict => {
  const late =
    beaconMs <= firstWitnessMs ? witnessMs - beaconMs > rule.beaconToWitnessMsMax : witnessMs - firstWitnessMs > rule.witnessMsMax
  return late ? "TooLate" : "ok"
}
