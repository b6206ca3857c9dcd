/** Names a regime's incomes apart, where nodes have several at once: a hotspot's and its radio's. */
export function byPart<R extends { readonly regime: string; readonly part: string }>(rows: readonly R[]): readonly R[] {
  const parts = new Set(rows.map((r) => r.part))
  return parts.size > 1 ? rows.map((r) => ({ ...r, regime: `${r.regime}, ${r.part}` })) : rows
}
