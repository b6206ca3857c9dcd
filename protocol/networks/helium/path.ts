/** Distances between asserted locations: looked up where measured, computed where not. */
import type { Geometry } from "../../kernel/geometry.ts"
import { greatCircleMetres } from "./distance.ts"
import { spaceLossNanoDb } from "./radio-loss.ts"
import type { State } from "./state.ts"

/** Stands for a distance the grid does not name: too far apart, or across a pentagon. */
export const UNKNOWN_CELLS = 0xffff
/** A distance the grid does not name counts as too near: the verifier cannot show the opposite (oracles: poc.rs). */
export const isTooNear = (cells: number, cellsMin: number): boolean => cells < cellsMin || cells === UNKNOWN_CELLS

const CHECK_RESOLUTION = 11 // oracles@824f7724 poc.rs: minimum distance is counted in cells of resolution 11

/** Row of the fresh path from beaconer to witness, or -1. Stale rows, measured before either moved, do not count. */
export function findPath(state: State, beaconer: number, witness: number): number {
  const { path, pathHead } = state
  for (let p = pathHead.path[beaconer]; p !== 0; p = path.next[p - 1])
    if (path.witness[p - 1] === witness && isFresh(state, p - 1)) return p - 1
  return -1
}

/** True when neither hotspot of path row `p` has moved since it was measured. */
export const isFresh = ({ path, registry }: State, p: number): boolean =>
  path.beaconerAssertions[p] === registry.nodes.assertions[path.beaconer[p]] &&
  path.witnessAssertions[p] === registry.nodes.assertions[path.witness[p]]

const cellOf = ({ registry }: State, node: number): bigint =>
  (BigInt(registry.nodes.hexHi[node]) << 32n) | BigInt(registry.nodes.hexLo[node])

/** Distance of two asserted hotspots, in cells of resolution 11 and in metres between cell centres. */
export function measure(
  state: State,
  a: number,
  b: number,
  geometry: Geometry,
): { cells: number; metres: number; spaceLossNanoDb: number } {
  const { latE7, lngE7 } = state.registry.nodes
  const metres = greatCircleMetres(latE7[a], lngE7[a], latE7[b], lngE7[b])
  const steps = geometry.gridDistance(
    geometry.parent(cellOf(state, a), CHECK_RESOLUTION),
    geometry.parent(cellOf(state, b), CHECK_RESOLUTION),
  )
  const cells = steps < 0 || steps >= UNKNOWN_CELLS ? UNKNOWN_CELLS : steps
  return { cells, metres, spaceLossNanoDb: spaceLossNanoDb(metres) }
}
