/**
 * Which input decides the output. Morris (1991; μ* of Campolongo 2007) screens many inputs with few runs; Sobol indices share out
 * the output's variance: first order by Saltelli et al. (2010), total by Jansen (1999). Intervals are percentile bootstraps.
 */
import { bootstrap, moments } from "./estimate.ts"
import type { Trajectories } from "./design.ts"

export interface Screened {
  /** Mean of the absolute effects: how much it matters. In the output's unit, for the whole range of the input. */
  readonly muStar: number
  readonly muStarLow: number
  readonly muStarHigh: number
  /** Mean effect, with its sign. */
  readonly mu: number
  /** Deviation of the effects: how much it depends on where, or on the others. */
  readonly sigma: number
}

/** Elementary effects of each axis over trajectories whose outputs stand in `outputs`, point after point. */
export function screen(design: Trajectories, outputs: ArrayLike<number>, confidence: number, seed: number): readonly Screened[] {
  const { trajectories, axes, axis, step } = design
  const effects = Array.from({ length: axes }, () => new Float64Array(trajectories).fill(NaN))
  for (let t = 0; t < trajectories; t++)
    for (let s = 0; s < axes; s++) {
      const at = t * (axes + 1) + s
      effects[axis[t * axes + s]][t] = (outputs[at + 1] - outputs[at]) / step[t * axes + s]
    }
  return effects.map((own, k) => {
    const { mean, variance } = moments(own)
    const muStar = moments(own.map(Math.abs)).mean
    const { low, high } = bootstrap(
      trajectories,
      (picked) => meanOf(picked, (i) => Math.abs(own[i])),
      confidence,
      seed,
      `morris/${k}`,
    )
    return { muStar, muStarLow: low, muStarHigh: high, mu: mean, sigma: Math.sqrt(variance) }
  })
}

export interface Index {
  /** Share of the variance that goes when this input alone is known. */
  readonly first: number
  readonly firstLow: number
  readonly firstHigh: number
  /** Share that stays when all others are known. */
  readonly total: number
  readonly totalLow: number
  readonly totalHigh: number
}

/**
 * Indices from Saltelli's design: `outputs` holds, row after row, f(A), f(B), f(AB_0), f(AB_1), … All NaN where the output does not
 * vary. A row in which anything was not measured is left out.
 */
export function sobolIndices(outputs: ArrayLike<number>, axes: number, confidence: number, seed: number): readonly Index[] {
  const width = axes + 2
  const rows: number[] = []
  for (let r = 0; r < Math.floor(outputs.length / width); r++) {
    let isWhole = true
    for (let k = 0; k < width; k++) if (outputs[r * width + k] !== outputs[r * width + k]) isWhole = false
    if (isWhole) rows.push(r)
  }
  // Centred, because both estimators lose digits to a large mean.
  const centre = moments(rows.flatMap((r) => [outputs[r * width], outputs[r * width + 1]])).mean
  const y = (row: number, k: number): number => outputs[rows[row] * width + k] - centre
  const everyRow = Uint32Array.from({ length: rows.length }, (_, i) => i)
  const varianceOf = (picked: Uint32Array): number => {
    const mean = (meanOf(picked, (i) => y(i, 0)) + meanOf(picked, (i) => y(i, 1))) / 2
    return meanOf(picked, (i) => (y(i, 0) - mean) * (y(i, 0) - mean) + (y(i, 1) - mean) * (y(i, 1) - mean)) / 2
  }
  const first = (k: number) => (picked: Uint32Array) => {
    const variance = varianceOf(picked)
    return variance > 0 ? meanOf(picked, (i) => y(i, 1) * (y(i, k + 2) - y(i, 0))) / variance : NaN
  }
  const total = (k: number) => (picked: Uint32Array) => {
    const variance = varianceOf(picked)
    return variance > 0 ? meanOf(picked, (i) => (y(i, 0) - y(i, k + 2)) * (y(i, 0) - y(i, k + 2))) / (2 * variance) : NaN
  }
  return Array.from({ length: axes }, (_, k) => {
    const f = bootstrap(rows.length, first(k), confidence, seed, "sobol")
    const t = bootstrap(rows.length, total(k), confidence, seed, "sobol")
    return {
      first: first(k)(everyRow),
      firstLow: f.low,
      firstHigh: f.high,
      total: total(k)(everyRow),
      totalLow: t.low,
      totalHigh: t.high,
    }
  })
}

function meanOf(picked: Uint32Array, of: (i: number) => number): number {
  let sum = 0
  let n = 0
  for (const i of picked) {
    const x = of(i)
    if (x !== x) continue
    sum += x
    n++
  }
  return n === 0 ? NaN : sum / n
}
