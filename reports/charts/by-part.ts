/** Regimes side by side, where nodes may have several incomes at once, a hotspot's and its radio's: how each is called. */
export interface Named {
  readonly regime: string
  /** Whose income; empty where a node has one only. */
  readonly part: string
}
export type Labelled<R> = R & {
  /** On an axis. */
  readonly label: string
  /** In a sentence, after "of". */
  readonly phrase: string
}

export function byPart<R extends Named>(rows: readonly R[]): readonly Labelled<R>[] {
  const isOne = new Set(rows.map((r) => r.part)).size < 2
  return rows.map((r) => ({
    ...r,
    label: isOne ? r.regime : `${r.regime}, ${r.part}`,
    phrase: isOne ? `their income under ${r.regime}` : `what ${r.part} pays under ${r.regime}`,
  }))
}

/** Room that the longest label of an axis takes, px. */
export const roomFor = (labels: readonly string[]): number => 20 + 6.4 * Math.max(...labels.map((l) => l.length))
