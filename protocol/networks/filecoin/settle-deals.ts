/**
 * Once a day: deals that never started, and the repair of what clients keep. Repair is ours, not Filecoin's: a policy of clients,
 * decided by what the chain shows (proofs missed, sectors ended) and by nothing else.
 */
import type { Settle } from "../../kernel/network.ts"
import { isOpen } from "../../kernel/slots.ts"
import { addRow } from "../../kernel/table.ts"
import { epochAt, isInHistory } from "./chain-time.ts"
import { writeTimeOut } from "./deal-endings.ts"
import { countBits, faultyBundles, firstOfClient, nextOfClient } from "./deal-rows.ts"
import { EPOCHS_PER_DAY } from "./epoch.ts"
import type { Events } from "./events.ts"
import { isWrittenOff, sharesDeclaredFate } from "../../resilience/embed/ask.ts"
import type { FilecoinParams } from "./params.ts"
import type { State } from "./state.ts"

type Line = Settle<State, Events, FilecoinParams>

/** Copies stand this far apart in node order, so that one operator's or region's run of nodes rarely holds two of them. */
const STRIDE_SHARE = 0.381966
export const strideOf = (nodes: number): number => Math.max(1, Math.floor(nodes * STRIDE_SHARE))
/** Providers looked at for a repair before it waits for another day. */
const CANDIDATES_MAX = 64

/** A deal that is not in a sector after its start is found out by the next day's round (on the chain, within 30 days). */
const time_out_deals: Line = (state, at, { out }) => {
  const { deal, dealTotals } = state
  if (dealTotals.pending[0] === 0 || !isInHistory(at)) return
  const epoch = epochAt(at)
  for (let row = 0; row < deal.length; row++)
    if (isOpen(deal, row) && deal.cohort[row] === 0 && epoch > deal.startEpoch[row]) writeTimeOut(state, row, out.DealsTimedOut)
}

const give_up_repairs: Line = ({ repair, repairHead }, at, { out, params: v }) => {
  if (repairHead.open[0] === 0 || !isInHistory(at)) return
  const epoch = epochAt(at)
  const to = out.RepairGivenUp
  for (let row = 0; row < repair.length; row++)
    if (isOpen(repair, row) && repair.orderedEpoch[row] + v.repairDays * EPOCHS_PER_DAY <= epoch) to.repair[addRow(to)] = row
}

/** Holders of a client's objects, as they are met: node, and objects of which it is held to have a sound copy. */
const holders = new Float64Array(256)
const sound = new Uint32Array(256)

const order_repairs: Line = (state, at, { out, params: v }) => {
  const { deal, dealTotals, keeper, miner } = state
  if (v.repairOn === 0 || dealTotals.placed[0] === 0 || !isInHistory(at)) return
  let budgetMib = v.repairGibPerProviderDay * 1024 * state.network.miners[0]
  const to = out.RepairOrdered
  for (let client = 0; client < keeper.length && budgetMib > 0; client++) {
    const placed = keeper.placed[client]
    if (placed === 0 || keeper.repair[client] !== 0) continue
    let n = 0
    let isWhole = true
    let bundleMib = 0
    for (let row = firstOfClient(state, client); row >= 0 && n < holders.length; row = nextOfClient(state, row)) {
      if (deal.kept[row] === 0 || deal.cohort[row] === 0) continue
      // A provider that the network holds to be down has none, whatever it proved last.
      const isGone = isWrittenOff(state, v, deal.node[row], at)
      const good = isGone ? 0 : (deal.deals[row] & ~overdueBundles(state, row, epochAt(at), v.repairAfterMissed)) >>> 0
      bundleMib = deal.each[row] * deal.pieceMib[row]
      let k = 0
      while (k < n && holders[k] !== deal.node[row]) k++
      if (k === n) {
        holders[n] = deal.node[row]
        sound[n++] = 0
      }
      sound[k] |= good
    }
    for (let k = 0; k < n; k++) isWhole &&= sound[k] === placed
    if (isWhole && n >= v.replicas) continue
    let wanted = 0
    for (let bit = 0; bit < 32; bit++) {
      let copies = 0
      for (let k = 0; k < n; k++) copies += (sound[k] >>> bit) & 1
      if (copies < v.replicas && ((keeper.present[client] >>> bit) & 1) === 1 && budgetMib >= bundleMib) {
        wanted |= 1 << bit
        budgetMib -= bundleMib
      }
    }
    if (wanted === 0) continue
    const node = findTarget(state, client, n, at / (EPOCHS_PER_DAY * 30))
    if (node < 0) {
      budgetMib += countBits(wanted) * bundleMib
      continue
    }
    const r = addRow(to)
    to.client[r] = client
    to.node[r] = node
    to.objects[r] = wanted
    to.epoch[r] = epochAt(at)
  }

  /** A provider that holds none of the client's objects and proves more than half of its sectors; -1 when none is near. */
  function findTarget({ miner: { length } }: State, client: number, n: number, day: number): number {
    const stride = strideOf(length)
    let node = (client + (Math.floor(day) % length) * stride) % length
    for (let tries = 0; tries < CANDIDATES_MAX; tries++) {
      let k = 0
      while (k < n && holders[k] !== node && !(sound[k] > 0 && sharesDeclaredFate(state, v, holders[k], node))) k++
      if (k === n && miner.created[node] === 1 && miner.live[node] > 2 * miner.faulty[node]) return node
      node = (node + 1) % length
    }
    return -1
  }
}

/** Bundles whose sectors have missed `missed` proofs or more: one at once, and one each further proving period. */
function overdueBundles(state: State, row: number, epoch: number, missed: number): number {
  const { cohort, deal } = state
  const c = deal.cohort[row] - 1
  if (cohort.faulty[c] === 0 || cohort.faultEpoch[c] + (missed - 1) * EPOCHS_PER_DAY > epoch) return 0
  return faultyBundles(state, row)
}

export const dealLines = { time_out_deals, give_up_repairs, order_repairs } as const
