/** Is a real node's income that of its simulated twin? Wins of elections are Poisson in proportion to power; income follows wins. */
export interface Group {
  readonly nodes: number
  readonly wins: number
  /** In the figure's units. */
  readonly earned: number
}
export interface Comparison {
  readonly real: Group
  readonly twin: Group
  /** Wins a node, real less twin, and half the width of its interval at the level. */
  readonly difference: number
  readonly half: number
  readonly level: number
  readonly agrees: boolean
  /** Earned a win: equal but for what each block happened to pay. */
  readonly perWin: { readonly real: number; readonly twin: number }
}

/** Two-sided quantiles of the normal distribution. */
const Z = { 0.99: 2.5758, 0.99999: 4.4172 } as const

/** Compares two groups of equal power a node. The interval is that of a difference of two Poisson rates. */
export function compareTwins(real: Group, twin: Group, level: keyof typeof Z = 0.99): Comparison {
  const rate = (g: Group): number => g.wins / g.nodes
  const variance = real.wins / real.nodes ** 2 + twin.wins / twin.nodes ** 2
  const difference = rate(real) - rate(twin)
  const half = Z[level] * Math.sqrt(variance)
  const perWin = { real: real.earned / Math.max(1, real.wins), twin: twin.earned / Math.max(1, twin.wins) }
  return { real, twin, difference, half, level, agrees: Math.abs(difference) <= half, perWin }
}
