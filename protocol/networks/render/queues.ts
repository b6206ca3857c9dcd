/**
 * Who waits: nodes for frames, jobs for nodes, in lines by tier and VRAM class. Called from evolve.
 *
 * Nodes stand by (waiting since, reputation from high to low, number): the fact sheet's proposed tie-break (A2). Jobs stand in the
 * order in which they could last be served; a job that was served goes to the end.
 */
import type { State } from "./state.ts"
import { CLASSES, RENDERING, T2 } from "./units.ts"

/** The line of a tier (2 or 3) and a VRAM class. */
export const lineOf = (tier: number, vramClass: number): number => (tier - T2) * CLASSES + vramClass

/** A node renders, is there, and has nothing to do. */
export const isIdle = ({ node }: State, n: number): boolean =>
  node.connected[n] === 1 && node.job[n] === 0 && node.kind[n] === RENDERING

/** True when node `a` has waited longer than node `b`, ties decided. */
export function isBefore({ node }: State, a: number, b: number): boolean {
  if (node.waitS[a] !== node.waitS[b]) return node.waitS[a] < node.waitS[b]
  if (node.reputationE6[a] !== node.reputationE6[b]) return node.reputationE6[a] > node.reputationE6[b]
  return a < b
}

/** Puts an idle node in its place, looking from the end, where it nearly always belongs. */
export function enlistNode(state: State, n: number): void {
  const { node, idle } = state
  const line = lineOf(node.tier[n], node.vramClass[n])
  let before = idle.tail[line]
  while (before !== 0 && isBefore(state, n, before - 1)) before = node.previous[before - 1]
  const after = before === 0 ? idle.head[line] : node.next[before - 1]
  node.previous[n] = before
  node.next[n] = after
  if (before === 0) idle.head[line] = n + 1
  else node.next[before - 1] = n + 1
  if (after === 0) idle.tail[line] = n + 1
  else node.previous[after - 1] = n + 1
  idle.waiting[line]++
}

export function delistNode({ node, idle }: State, n: number): void {
  const line = lineOf(node.tier[n], node.vramClass[n])
  const before = node.previous[n]
  const after = node.next[n]
  if (before === 0) idle.head[line] = after
  else node.next[before - 1] = after
  if (after === 0) idle.tail[line] = before
  else node.previous[after - 1] = before
  node.previous[n] = 0
  node.next[n] = 0
  idle.waiting[line]--
}

/** Nodes that a creator of this reputation may hold at once, rounded down, at least one. ASSUMPTION: the function is not published. */
export const creatorLimit = (reputationE6: number, creatorNodesMax: number): number =>
  Math.max(1, Math.floor((creatorNodesMax * reputationE6) / 1_000_000))

/** A job has frames to give and its own GPUs are not all taken. Its creator's limit is looked at when frames are matched. */
export const isServable = ({ job }: State, j: number): boolean =>
  job.fresh[j] + job.again[j] > 0 && job.held[j] < job.maxGpus[j] && job.funded[j] === 1 && job.quarantined[j] === 0

/** Puts a servable job at the end of its line, or takes one that is not out of it. */
export function relistJob(state: State, j: number): void {
  const { job, queue, service } = state
  const can = isServable(state, j)
  if (can === (job.listed[j] === 1)) return
  const line = lineOf(job.tier[j], job.vramClass[j])
  if (!can) {
    delistJob(state, j)
    return
  }
  const last = queue.tail[line]
  job.listed[j] = 1
  job.previous[j] = last
  job.next[j] = 0
  if (last === 0) queue.head[line] = j + 1
  else job.next[last - 1] = j + 1
  queue.tail[line] = j + 1
  queue.waiting[line]++
  job.waitingSeq[j] = service.waitingSeq[0]++
}

export function delistJob({ job, queue }: State, j: number): void {
  if (job.listed[j] !== 1) return
  const line = lineOf(job.tier[j], job.vramClass[j])
  const before = job.previous[j]
  const after = job.next[j]
  if (before === 0) queue.head[line] = after
  else job.next[before - 1] = after
  if (after === 0) queue.tail[line] = before
  else job.previous[after - 1] = before
  job.listed[j] = 0
  job.previous[j] = 0
  job.next[j] = 0
  queue.waiting[line]--
}
