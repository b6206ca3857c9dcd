/** What moves a job's frames from one state to the next, and everybody's counts with them. Called from evolve. */
import { closeSlot, openSlot } from "../../kernel/slots.ts"
import { post } from "../../ledger/ledger.ts"
import { delistJob, delistNode, enlistNode, isIdle, relistJob } from "./queues.ts"
import { creatorHolder, type State } from "./state.ts"
import { BY_SILENCE } from "./units.ts"

/** Time since the node's state last changed is counted as waiting or as work. */
export function countTime({ node }: State, n: number, atS: number): void {
  const passed = Math.max(0, atS - node.countedS[n])
  if (node.connected[n] === 1) {
    if (node.job[n] === 0) node.idleS[n] += passed
    else node.busyS[n] += passed
  }
  node.countedS[n] = Math.max(node.countedS[n], atS)
}

/** Credits of `frames` move between a creator and what is locked. */
export function lockFrames(state: State, j: number, frames: number): void {
  const { job, ledger, service } = state
  const amount = frames * job.microCredit[j]
  post(ledger, "credit", creatorHolder(state, job.creator[j]), ledger.account.locked, amount)
  service.lockedMicroCredit[0] += amount
}

/** A job whose deadline has come and whose frames are all settled is put among the finished. */
export function noteFinished({ job, service }: State, j: number): void {
  if (job.judged[j] === 0 || job.approved[j] + job.cancelled[j] !== job.frames[j] || job.listed[j] !== 0) return
  job.listed[j] = FINISHED
  job.next[j] = service.finished[0]
  service.finished[0] = j + 1
}
const FINISHED = 2

/** Frames that nobody will render: their credits go back. */
function cancelFrames(state: State, j: number, frames: number): void {
  const { job, ledger, service } = state
  if (job.funded[j] === 1) {
    const amount = frames * job.microCredit[j]
    post(ledger, "credit", ledger.account.locked, creatorHolder(state, job.creator[j]), amount)
    service.lockedMicroCredit[0] -= amount
  }
  job.cancelled[j] += frames
  service.cancelled[0] += frames
  noteFinished(state, j)
}

/** Frames no node has begun: as good as new, or a cohort that must not meet `notNode` − 1 again. */
export function queueFrames(state: State, j: number, frames: number, level: number, notNode: number): void {
  const { job, rerender, rerenderHead } = state
  if (job.quarantined[j] === 1) cancelFrames(state, j, frames)
  else if (level === 0) job.fresh[j] += frames
  else {
    const r = openSlot(rerender, rerenderHead)
    rerender.frames[r] = frames
    rerender.level[r] = level
    rerender.notNode[r] = notNode
    rerender.next[r] = job.rerender[j]
    job.rerender[j] = r + 1
    job.again[j] += frames
  }
  relistJob(state, j)
}

/** Takes everything not begun off the job, and gives its credits back. */
export function cancelQueued(state: State, j: number): void {
  const { job, rerender, rerenderHead } = state
  const frames = job.fresh[j] + job.again[j]
  for (let r = job.rerender[j]; r !== 0;) {
    const next = rerender.next[r - 1]
    closeSlot(rerender, rerenderHead, r - 1)
    r = next
  }
  job.rerender[j] = 0
  job.fresh[j] = 0
  job.again[j] = 0
  cancelFrames(state, j, frames)
  relistJob(state, j)
}

/** Takes frames of a re-render cohort off the job: they are assigned. Returns the node they must not meet, + 1. */
function takeCohort(state: State, j: number, r: number, frames: number): number {
  const { job, rerender, rerenderHead } = state
  const notNode = rerender.notNode[r]
  job.again[j] -= frames
  rerender.frames[r] -= frames
  rerender.version++
  if (rerender.frames[r] > 0) return notNode
  if (job.rerender[j] === r + 1) job.rerender[j] = rerender.next[r]
  else
    for (let p = job.rerender[j] - 1; p >= 0; p = rerender.next[p] - 1)
      if (rerender.next[p] === r + 1) {
        rerender.next[p] = rerender.next[r]
        break
      }
  closeSlot(rerender, rerenderHead, r)
  return notNode
}

/** A node takes `frames` of a job; `rerender` is the cohort they are of, + 1, or 0. */
export function assign(state: State, j: number, n: number, frames: number, level: number, rerender: number, atS: number): void {
  const { job, node, creator, service } = state
  delistNode(state, n)
  countTime(state, n, atS)
  const notNode = rerender === 0 ? 0 : takeCohort(state, j, rerender - 1, frames)
  if (rerender === 0) job.fresh[j] -= frames
  node.job[n] = j + 1
  node.frames[n] = frames
  node.level[n] = level
  node.notNode[n] = notNode
  node.assignedS[n] = atS
  job.assigned[j] += frames
  job.held[j]++
  creator.held[job.creator[j]]++
  service.working[0]++
  // Served: to the end of its line.
  delistJob(state, j)
  relistJob(state, j)
}

/** The node has nothing left of its cohort: it waits again, if it is there. */
export function release(state: State, n: number, atS: number): void {
  const { job, node, creator, service } = state
  const j = node.job[n] - 1
  countTime(state, n, atS)
  node.job[n] = 0
  node.frames[n] = 0
  job.held[j]--
  creator.held[job.creator[j]]--
  service.working[0]--
  node.waitS[n] = atS
  if (isIdle(state, n)) enlistNode(state, n)
  relistJob(state, j)
}

/** `frames` of the node's cohort are no longer its work: uploaded, or failed on arrival. */
export function takeFromNode(state: State, n: number, frames: number, atS: number): void {
  const { job, node } = state
  job.assigned[node.job[n] - 1] -= frames
  node.frames[n] -= frames
  node.assignedS[n] = atS
  if (node.frames[n] === 0) release(state, n, atS)
}

/** Frames of a node wait for judgement. */
export function deliver(state: State, j: number, n: number, frames: number, atS: number): void {
  const { delivery, deliveryHead, job, node, service } = state
  const level = node.level[n]
  const d = openSlot(delivery, deliveryHead)
  delivery.job[d] = j + 1
  delivery.node[d] = n
  delivery.frames[d] = frames
  delivery.level[d] = level
  delivery.clockS[d] = atS - service.pausedS[0]
  delivery.next[d] = 0
  delivery.younger[d] = 0
  delivery.older[d] = service.youngest[0]
  if (service.youngest[0] === 0) service.oldest[0] = d + 1
  else delivery.younger[service.youngest[0] - 1] = d + 1
  service.youngest[0] = d + 1
  if (job.lastDelivery[j] === 0) job.delivery[j] = d + 1
  else delivery.next[job.lastDelivery[j] - 1] = d + 1
  job.lastDelivery[j] = d + 1
  job.rendered[j] += frames
  job.renderedS[j] = atS
  node.rendered[n] += frames
  service.rendered[0] += frames
  service.waitedS[0] += frames * Math.max(0, atS - job.submittedS[j])
}

/** A delivery is settled: out of the line of all that await judgement, and its row is free. */
function closeDelivery({ delivery, deliveryHead, service }: State, d: number): void {
  const older = delivery.older[d]
  const younger = delivery.younger[d]
  if (older === 0) service.oldest[0] = younger
  else delivery.younger[older - 1] = younger
  if (younger === 0) service.youngest[0] = older
  else delivery.older[younger - 1] = older
  closeSlot(delivery, deliveryHead, d)
}

/** Takes `frames` out of a delivery, and the delivery off its job when none is left. */
export function takeFromDelivery(state: State, d: number, frames: number): void {
  const { delivery, job } = state
  const j = delivery.job[d] - 1
  job.rendered[j] -= frames
  delivery.frames[d] -= frames
  delivery.version++
  if (delivery.frames[d] > 0) return
  let before = 0
  for (let p = job.delivery[j]; p !== d + 1; p = delivery.next[p - 1]) before = p
  if (before === 0) job.delivery[j] = delivery.next[d]
  else delivery.next[before - 1] = delivery.next[d]
  if (job.lastDelivery[j] === d + 1) job.lastDelivery[j] = before
  closeDelivery(state, d)
}

/** Everything delivered to job `j` up to `uptoS` on the service's clock is paid: once, for it leaves the job's deliveries. */
export function approve(state: State, j: number, uptoS: number, cause: number): void {
  const { creator, delivery, job, ledger, node, service } = state
  const c = job.creator[j]
  let frames = 0
  let d = job.delivery[j]
  while (d !== 0 && delivery.clockS[d - 1] <= uptoS) {
    const of = delivery.frames[d - 1]
    const n = delivery.node[d - 1]
    node.approved[n] += of
    node.workMicroCredit[n] += of * job.microCredit[j]
    frames += of
    const next = delivery.next[d - 1]
    closeDelivery(state, d - 1)
    d = next
  }
  job.delivery[j] = d
  if (d === 0) job.lastDelivery[j] = 0
  job.rendered[j] -= frames
  job.approved[j] += frames
  creator.approved[c] += frames
  const amount = frames * job.microCredit[j]
  post(ledger, "credit", ledger.account.locked, ledger.account.spent, amount)
  service.lockedMicroCredit[0] -= amount
  service.openMicroCredit[0] += amount
  service.spentMicroCredit[0] += amount
  service.milliObh[0] += frames * job.milliObh[j]
  service.approved[0] += frames
  if (cause === BY_SILENCE) service.approvedBySilence[0] += frames
  noteFinished(state, j)
}

/** Opens a row for a job and chains it to its creator's others. */
export function openJob(state: State, creatorOf: number): number {
  const { creator, job, jobHead } = state
  const j = openSlot(job, jobHead)
  clearJob(state, j)
  job.creator[j] = creatorOf
  job.sibling[j] = creator.job[creatorOf]
  if (creator.job[creatorOf] !== 0) job.elder[creator.job[creatorOf] - 1] = j + 1
  creator.job[creatorOf] = j + 1
  return j
}
/** A row that was another job's. */
function clearJob({ job }: State, j: number): void {
  job.quarantined[j] = 0
  job.judged[j] = 0
  job.fresh[j] = 0
  job.again[j] = 0
  job.assigned[j] = 0
  job.rendered[j] = 0
  job.approved[j] = 0
  job.cancelled[j] = 0
  job.held[j] = 0
  job.delivery[j] = 0
  job.lastDelivery[j] = 0
  job.renderedS[j] = 0
  job.rerender[j] = 0
  job.listed[j] = 0
  job.next[j] = 0
  job.previous[j] = 0
  job.elder[j] = 0
  job.waitingSeq[j] = 0
}

/** Nothing of the job is left: its row is free for another. */
export function closeJob(state: State, j: number): void {
  const { creator, job, jobHead, service } = state
  // The finished are closed from the head of their chain.
  service.finished[0] = job.next[j]
  const elder = job.elder[j]
  const sibling = job.sibling[j]
  if (elder === 0) creator.job[job.creator[j]] = sibling
  else job.sibling[elder - 1] = sibling
  if (sibling !== 0) job.elder[sibling - 1] = elder
  closeSlot(job, jobHead, j)
}
