/** Where to look: designs over the unit cube, row after row in a Float64Array. All dice are Philox, keyed by the design's seed. */
import { below, draw, stream } from "../../../protocol/kernel/random.ts"
import { sobolSequence } from "./sobol-sequence.ts"

const WORD = 2 ** 32

/** A random order of 0..n-1, a pure function of (seed, name, at). */
export function shuffled(n: number, seed: number, name: string, at: number): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i)
  const s = stream(seed, name)
  for (let i = n - 1; i > 0; i--) {
    const j = below(s, i + 1, i, at)
    const held = order[i]
    order[i] = order[j]
    order[j] = held
  }
  return order
}

/** Latin hypercube: each of `count` equal slices of every axis holds one point, somewhere in it. */
export function latinHypercube(count: number, dimensions: number, seed: number): Float64Array {
  const out = new Float64Array(count * dimensions)
  const within = stream(seed, "study.latin.within")
  for (let d = 0; d < dimensions; d++) {
    const slice = shuffled(count, seed, "study.latin.order", d)
    for (let i = 0; i < count; i++) out[i * dimensions + d] = (slice[i] + (draw(within, i, d) + 0.5) / WORD) / count
  }
  return out
}

/** Which axis each step of a trajectory moved, and by how much of the axis. */
export interface Trajectories {
  /** (axes + 1) points a trajectory. */
  readonly points: Float64Array
  readonly trajectories: number
  readonly axes: number
  /** Axis moved by step s of trajectory t, at t·axes + s; and the signed share of the axis it moved by. */
  readonly axis: Uint32Array
  readonly step: Float64Array
}

/**
 * Morris (1991): each trajectory starts somewhere on a grid of `levels` (even) and moves each axis once, in a random order, up or
 * down by levels / (2 (levels - 1)) of it.
 */
export function morrisTrajectories(trajectories: number, axes: number, levels: number, seed: number): Trajectories {
  const delta = levels / (2 * (levels - 1))
  const points = new Float64Array(trajectories * (axes + 1) * axes)
  const axis = new Uint32Array(trajectories * axes)
  const step = new Float64Array(trajectories * axes)
  const start = stream(seed, "study.morris.start")
  const up = stream(seed, "study.morris.up")
  const x = new Float64Array(axes)
  for (let t = 0; t < trajectories; t++) {
    const order = shuffled(axes, seed, "study.morris.order", t)
    const base = t * (axes + 1) * axes
    for (let k = 0; k < axes; k++) {
      const level = below(start, levels / 2, t, k) / (levels - 1)
      const isUp = draw(up, t, k) % 2 === 0
      x[k] = isUp ? level : level + delta
      step[t * axes + k] = isUp ? delta : -delta
    }
    points.set(x, base)
    const moved = Float64Array.from({ length: axes }, (_, s) => step[t * axes + order[s]])
    for (let s = 0; s < axes; s++) {
      x[order[s]] += moved[s]
      axis[t * axes + s] = order[s]
      points.set(x, base + (s + 1) * axes)
    }
    step.set(moved, t * axes)
  }
  return { points, trajectories, axes, axis, step }
}

/**
 * Saltelli's design for first and total indices: for each of `count` rows A, B, and for each axis k a row of A with its k-th
 * coordinate from B. Row r's points stand together, (axes + 2) of them: A, B, AB_0, AB_1, …
 */
export function saltelliRows(count: number, axes: number, seed: number): Float64Array {
  const both = sobolSequence(count, 2 * axes, seed)
  const out = new Float64Array(count * (axes + 2) * axes)
  for (let r = 0; r < count; r++) {
    const a = both.subarray(r * 2 * axes, r * 2 * axes + axes)
    const b = both.subarray(r * 2 * axes + axes, (r + 1) * 2 * axes)
    const base = r * (axes + 2) * axes
    out.set(a, base)
    out.set(b, base + axes)
    for (let k = 0; k < axes; k++) {
      out.set(a, base + (k + 2) * axes)
      out[base + (k + 2) * axes + k] = b[k]
    }
  }
  return out
}
