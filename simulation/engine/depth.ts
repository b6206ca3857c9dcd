/** How deep a timeline hinders and degrades a network, and the same timeline with another depth: for levels that nobody published. */
import type { Action } from "../faults/action.ts"
import type { Moment } from "./plan.ts"

/** What an action takes from a network, in permille; 0 where it takes nothing by a level. */
const takenBy = (action: Action, network: string): number => {
  if (action.verb === "hinder" && action.network === network) return 1000 - action.servedPermille
  if (action.verb === "degrade" && action.where.network === network) return 1000 - action.passesPermille
  return 0
}

export const deepestOf = (timeline: readonly Moment[], network: string): number =>
  timeline.reduce((deepest, m) => Math.max(deepest, takenBy(m.do, network)), 0)

/** The same timeline, its deepest hinder or degrade of the network taking `depthPermille`, the others in proportion. */
export function withDepth(timeline: readonly Moment[], network: string, depthPermille: number): readonly Moment[] {
  const deepest = deepestOf(timeline, network)
  return timeline.map((m) => {
    const taken = takenBy(m.do, network)
    if (taken === 0) return m
    const left = 1000 - Math.round((taken * depthPermille) / deepest)
    if (m.do.verb === "hinder") return { ...m, do: { ...m.do, servedPermille: left } }
    if (m.do.verb === "degrade") return { ...m, do: { ...m.do, passesPermille: left } }
    return m
  })
}
