/** Groups without a lease, oldest first: a list through the groups' own rows, so that nobody has to look at all of them. */
import type { State } from "./state.ts"

export function addWaiting({ chain, group }: Pick<State, "chain" | "group">, g: number): void {
  const last = chain.lastWaiting[0]
  group.waitPrevious[g] = last
  group.waitNext[g] = 0
  if (last === 0) chain.firstWaiting[0] = g + 1
  else group.waitNext[last - 1] = g + 1
  chain.lastWaiting[0] = g + 1
  chain.waiting[0]++
}

export function removeWaiting({ chain, group }: Pick<State, "chain" | "group">, g: number): void {
  const previous = group.waitPrevious[g]
  const next = group.waitNext[g]
  if (previous === 0) chain.firstWaiting[0] = next
  else group.waitNext[previous - 1] = next
  if (next === 0) chain.lastWaiting[0] = previous
  else group.waitPrevious[next - 1] = previous
  group.waitPrevious[g] = 0
  group.waitNext[g] = 0
  chain.waiting[0]--
}
