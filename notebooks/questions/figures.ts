/** Figures of a finished run: shares lost, sums, inequality. The same in a page and in Node. */

/** What an epoch table holds, by network and column. */
export interface Figures {
  readonly rows: Readonly<Record<string, Readonly<Record<string, Float64Array>>>>
  /** Numbers per node, by network and measure. */
  readonly measured: Readonly<Record<string, Readonly<Record<string, Float64Array>>>>
}

export interface Between {
  /** Unix seconds. */
  readonly fromS: number
  readonly toS: number
}
const ALWAYS: Between = { fromS: 0, toS: Infinity }

export const secondsAt = (iso: string): number => Date.parse(iso) / 1000

/** Sum of a column over the epochs that lie between. */
export function total(figures: Figures, network: string, column: string, { fromS, toS }: Between = ALWAYS): number {
  const rows = figures.rows[network]
  const values = rows[column]
  if (values === undefined) throw new RangeError(`${network} records no ${column}`)
  let sum = 0
  for (let i = 0; i < values.length; i++) if (rows.endS[i] - rows.seconds[i] >= fromS && rows.endS[i] <= toS) sum += values[i]
  return sum
}

/** Share of what users asked for that was not served, 0 to 1. */
export function lostShare(figures: Figures, network: string, between: Between = ALWAYS): number {
  const offered = total(figures, network, "offeredMilli", between)
  return offered === 0 ? 0 : 1 - total(figures, network, "servedMilli", between) / offered
}

export interface Point {
  readonly at: Date
  readonly value: number
}

/** One value an epoch, at its end. */
export function series(
  figures: Figures,
  network: string,
  value: (row: (column: string) => number) => number,
  { fromS, toS }: Between = ALWAYS,
): readonly Point[] {
  const rows = figures.rows[network]
  return Array.from(rows.endS, (endS, i) => ({
    at: new Date(endS * 1000),
    endS,
    value: value((column) => rows[column][i]),
  })).filter(({ endS }) => endS >= fromS && endS <= toS)
}

/** The share served in an epoch, %. */
export const servedPercent = (row: (column: string) => number): number =>
  row("offeredMilli") === 0 ? 100 : (100 * row("servedMilli")) / row("offeredMilli")

/** Gini coefficient of what nodes have, 0 (all the same) to 1. */
export function gini(values: Float64Array): number {
  const sorted = values.toSorted()
  let sum = 0
  let weighted = 0
  sorted.forEach((value, i) => {
    sum += value
    weighted += (2 * (i + 1) - sorted.length - 1) * value
  })
  return sum === 0 ? 0 : weighted / (sorted.length * sum)
}

export const sayShare = (share: number, decimals = 1): string => `${(100 * share).toFixed(decimals)}\u00a0%`
