/**
 * The matchmaker's rule as OTOY tells it (facts/render.md §A2): the job waiting longest is paired with the eligible node waiting
 * longest. Eligible: the job's tier, memory enough, online. No bidding.
 *
 * A job whose creator holds as many nodes as its reputation allows is passed over; rejected frames never go back to the node
 * they were rejected from. Pure: it reads, and leaves what it found in `found`.
 */
import { creatorLimit, isBefore, lineOf } from "./queues.ts"
import type { State } from "./state.ts"
import { CLASSES, T2, T3 } from "./units.ts"

export interface Match {
  job: number
  node: number
  frames: number
  level: number
  /** The cohort of rejected frames that is served, + 1; 0 for fresh ones. */
  rerender: number
}
/** The same object each time: read it before the next call. */
export const found: Match = { job: 0, node: 0, frames: 0, level: 0, rerender: 0 }

/** How matching is to be done: three of the network's parameters. */
export interface MatchRule {
  readonly framesPerMatch: number
  readonly creatorNodesMax: number
  readonly tier2TakesTier3: number
}

/** The tiers of nodes that may do a job's work: its own, and for economy jobs perhaps the better one. */
const bestTierFor = (tier: number, rule: MatchRule): number => (rule.tier2TakesTier3 === 1 ? T2 : tier)

/** Highest class with a node that waits, in tiers `from` to `to`; −1 without one. */
function topClass({ idle }: State, from: number, to: number): number {
  for (let c = CLASSES - 1; c >= 0; c--) for (let tier = from; tier <= to; tier++) if (idle.head[lineOf(tier, c)] !== 0) return c
  return -1
}

/** The node waiting longest in tiers `from` to `to` with the class or more, other than `not` − 1; −1 when there is none. */
function longestWaiting(state: State, from: number, to: number, vramClass: number, not: number): number {
  const { node, idle } = state
  let best = 0
  for (let tier = from; tier <= to; tier++)
    for (let c = vramClass; c < CLASSES; c++) {
      let n = idle.head[lineOf(tier, c)]
      if (n !== 0 && n === not) n = node.next[n - 1]
      if (n === 0) continue
      if (best === 0 || isBefore(state, n - 1, best - 1)) best = n
    }
  return best - 1
}

/** Whether a job that waits can be served now; fills `found` if so. Re-renders come before fresh frames. */
function serves(state: State, j: number, rule: MatchRule): boolean {
  const { job, rerender, creator } = state
  const c = job.creator[j]
  if (creator.held[c] >= creatorLimit(creator.reputationE6[c], rule.creatorNodesMax)) return false
  const tier = job.tier[j]
  const from = bestTierFor(tier, rule)
  for (let r = job.rerender[j]; r !== 0; r = rerender.next[r - 1]) {
    const n = longestWaiting(state, from, tier, job.vramClass[j], rerender.notNode[r - 1])
    if (n < 0) continue
    found.job = j
    found.node = n
    found.frames = Math.min(rerender.frames[r - 1], rule.framesPerMatch)
    found.level = rerender.level[r - 1]
    found.rerender = r
    return true
  }
  if (job.fresh[j] === 0) return false
  const n = longestWaiting(state, from, tier, job.vramClass[j], 0)
  if (n < 0) return false
  found.job = j
  found.node = n
  found.frames = Math.min(job.fresh[j], rule.framesPerMatch)
  found.level = 0
  found.rerender = 0
  return true
}

/** Finds the next pair into `found`, priority jobs first; false when nobody who waits fits anybody who waits. */
export function findMatch(state: State, rule: MatchRule): boolean {
  const { job, queue } = state
  for (let tier = T2; tier <= T3; tier++) {
    const top = topClass(state, bestTierFor(tier, rule), tier)
    let best = Infinity
    for (let c = 0; c <= top; c++)
      for (let j = queue.head[lineOf(tier, c)]; j !== 0; j = job.next[j - 1]) {
        if (job.waitingSeq[j - 1] >= best) break
        // `found` is written only for a job that has waited longer than the one in it.
        if (!serves(state, j - 1, rule)) continue
        best = job.waitingSeq[j - 1]
        break
      }
    if (best < Infinity) return true
  }
  return false
}
