/** Several goals at once: who dominates whom. Every goal is "the less the better"; a goal to be high is handed in negated. */

/** Is `a` at least as good as `b` in every goal, and better in one? What was not measured is worse than anything. */
export function dominates(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  let isBetter = false
  for (let k = 0; k < a.length; k++) {
    const x = a[k] === a[k] ? a[k] : Infinity
    const y = b[k] === b[k] ? b[k] : Infinity
    if (x > y) return false
    if (x < y) isBetter = true
  }
  return isBetter
}

/** The front each point lies on: 0 for those that nobody dominates, 1 for those that only they do, and so on. */
export function frontsOf(goals: readonly ArrayLike<number>[]): Uint32Array {
  const front = new Uint32Array(goals.length)
  const over = goals.map((a) => goals.flatMap((b, j) => (dominates(a, b) ? [j] : [])))
  const under = new Uint32Array(goals.length)
  for (const list of over) for (const j of list) under[j]++
  let now = goals.flatMap((_, i) => (under[i] === 0 ? [i] : []))
  for (let rank = 0; now.length > 0; rank++) {
    const next: number[] = []
    for (const i of now) {
      front[i] = rank
      for (const j of over[i]) if (--under[j] === 0) next.push(j)
    }
    now = next.sort((a, b) => a - b)
  }
  return front
}

/** How lonely each point of one front is: the ends are infinitely so. */
export function crowding(goals: readonly ArrayLike<number>[], members: readonly number[]): Float64Array {
  const lonely = new Float64Array(goals.length)
  for (let k = 0; k < (goals[0]?.length ?? 0); k++) {
    const order = members.toSorted((a, b) => goals[a][k] - goals[b][k] || a - b)
    const [first, last] = [order[0], order[order.length - 1]]
    const span = goals[last][k] - goals[first][k]
    lonely[first] = lonely[last] = Infinity
    // A goal that does not vary, or that was not measured, parts nobody.
    if (!(span > 0) || span === Infinity) continue
    for (let i = 1; i + 1 < order.length; i++) lonely[order[i]] += (goals[order[i + 1]][k] - goals[order[i - 1]][k]) / span
  }
  return lonely
}
