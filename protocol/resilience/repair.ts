/**
 * Mechanism 5, repair and failover: pieces of nodes that stay down are made anew elsewhere, the items nearest to loss first, within a
 * bandwidth, with hedges, back-off, jitter and a budget for second tries. And what placement answers to its commands.
 */
import type { Invariants } from "../kernel/invariant.ts"
import type { DecideContext } from "../kernel/network.ts"
import { multiplyHigh, nameHash, philox } from "../kernel/random.ts"
import { reserve, type Columns } from "../kernel/table.ts"
import type { HasRegistry } from "../registry/registry.ts"
import { capPerDomain, choosePlace, gather, type Chosen } from "./choose-place.ts"
import { DOWN, type HasLiveness } from "./liveness.ts"
import type { livenessParams, placementParams, repairParams } from "./params.ts"
import {
  FREE,
  HELD,
  PIECES_MAX,
  SENT,
  type HasPlacement,
  type PlacementCommands,
  type PlacementEvents,
  type PlacementRefusal,
} from "./placement.ts"
import { addRow, NOBODY, since } from "./rows.ts"

type State = HasRegistry & HasLiveness & HasPlacement
type RepairParams = typeof placementParams &
  typeof repairParams &
  Pick<typeof livenessParams, "observerSeed" | "livenessDetector">
type To = Pick<DecideContext<PlacementEvents, RepairParams, PlacementRefusal>, "out" | "refuse" | "params">
type SettleTo = Pick<To, "out" | "params">
type Rows<K extends keyof PlacementCommands> = Columns<PlacementCommands[K]["shape"]>

const JITTER_KEY = nameHash("resilience/repair-jitter")
const BACKOFF_DOUBLINGS = 6
const words = new Uint32Array(4)
const chosen: Chosen = { nodes: new Uint32Array(256), length: 0 }

export const placementDecide = {
  StoreItem(state: State, rows: Rows<"StoreItem">, begin: number, end: number, { out, refuse, params }: To): void {
    for (let i = begin; i < end; i++) {
      const { item } = state.placement
      const pieces = rows.pieces[i]
      const needed = rows.needed[i]
      if (needed === 0 || needed > pieces || pieces > PIECES_MAX) {
        refuse(i, "item_is_impossible")
        continue
      }
      chosen.length = 0
      const cap = capPerDomain(pieces, needed, params.placementDomainsSurvived)
      for (let slot = 0; slot < pieces; slot++) {
        const node = choosePlace(state, chosen, cap, params, item.length, 0)
        if (node === NOBODY) break
        chosen.nodes[chosen.length++] = node
      }
      if (chosen.length < pieces) {
        refuse(i, "too_few_domains")
        continue
      }
      const r = addRow(out.ItemStored)
      out.ItemStored.needed[r] = needed
      out.ItemStored.pieces[r] = pieces
      out.ItemStored.slots[r] = Math.min(255, pieces + params.repairHedge)
      out.ItemStored.units[r] = rows.units[i]
      out.ItemStored.priority[r] = rows.priority[i]
      out.ItemStored.hasSource[r] = rows.hasSource[i]
      out.ItemStored.at[r] = rows.at[i]
      for (let slot = 0; slot < pieces; slot++) writeSent(out, item.length, slot, chosen.nodes[slot], 0, 0, 0, rows.at[i])
    }
  },

  ConfirmPiece(
    { placement: { item, slot } }: State,
    rows: Rows<"ConfirmPiece">,
    begin: number,
    end: number,
    { out, refuse }: To,
  ): void {
    for (let i = begin; i < end; i++) {
      const it = rows.item[i]
      const s = it < item.length && rows.slot[i] < item.slots[it] ? item.firstSlot[it] + rows.slot[i] : -1
      if (s < 0) refuse(i, "piece_is_unknown")
      else if (slot.state[s] !== SENT || slot.node[s] !== rows.node[i]) refuse(i, "piece_is_not_sent_here")
      else {
        const r = addRow(out.PieceHeld)
        out.PieceHeld.item[r] = it
        out.PieceHeld.slot[r] = rows.slot[i]
        // What was sent with the item itself is no repair.
        out.PieceHeld.repair[r] = slot.sinceS[s] === item.storedS[it] ? 0 : 1
        out.PieceHeld.at[r] = rows.at[i]
      }
    }
  },
} as const

/** Settlement lines, for the network's minute, in this order. */
export const repairLines = {
  /** Pieces of nodes that have been down for long, and pieces nobody confirmed. */
  writeOffPieces(state: State, at: number, { out, params }: SettleTo): void {
    const { item, slot, total } = state.placement
    if (total.held[0] + total.sent[0] === 0) return
    const { status, downS } = state.liveness.node
    const anyDown = state.liveness.total.down[0] > 0
    if (!anyDown && total.sent[0] === 0) return
    for (let s = 0; s < slot.length; s++) {
      if (slot.state[s] === FREE) continue
      const i = slot.item[s]
      const node = slot.node[s]
      if (slot.state[s] === SENT && (status[node] === DOWN || since(slot.sinceS[s], at) >= params.repairConfirmSeconds)) {
        const r = addRow(out.PieceGivenUp)
        out.PieceGivenUp.item[r] = i
        out.PieceGivenUp.slot[r] = s - item.firstSlot[i]
        out.PieceGivenUp.nextTryS[r] = Math.min(0xffff_ffff, at + computeBackoff(item.tries[i], i, params))
        out.PieceGivenUp.at[r] = at
      } else if (
        slot.state[s] === HELD &&
        params.repair === 1 &&
        status[node] === DOWN &&
        since(downS[node], at) >= params.repairDelaySeconds
      ) {
        const r = addRow(out.PieceLost)
        out.PieceLost.item[r] = i
        out.PieceLost.slot[r] = s - item.firstSlot[i]
        out.PieceLost.requeue[r] = item.hasSource[i]
        out.PieceLost.at[r] = at
      }
    }
  },
  /** Items that cannot be rebuilt, and hedges that were not needed. */
  closeItems(state: State, at: number, { out }: SettleTo): void {
    const { item, slot } = state.placement
    for (let i = 0; i < item.length; i++) {
      if (item.lost[i] === 0 && item.hasSource[i] === 0 && item.held[i] < item.needed[i] && item.sent[i] === 0) {
        // Sent pieces of a new item may still arrive; held ones never come back once written off.
        const r = addRow(out.ItemLost)
        out.ItemLost.item[r] = i
        out.ItemLost.at[r] = at
        continue
      }
      let surplus = item.held[i] - item.pieces[i]
      for (let s = item.firstSlot[i] + item.slots[i] - 1; s >= item.firstSlot[i] && surplus > 0; s--) {
        if (slot.state[s] !== HELD) continue
        surplus--
        const r = addRow(out.PieceDropped)
        out.PieceDropped.item[r] = i
        out.PieceDropped.slot[r] = s - item.firstSlot[i]
        out.PieceDropped.at[r] = at
      }
    }
  },
  /** A minute's allowance. What was not used is kept for a minute at most. */
  allowRepair(state: State, _at: number, { out, params }: SettleTo): void {
    if (params.repair === 0 || state.placement.item.length === 0) return
    const minute = params.repairUnitsPerMinute
    const retry = Math.floor((minute * params.repairRetryPermille) / 1000)
    const { total } = state.placement
    const allowance = Math.min(2 * minute, total.allowance[0] + minute)
    const retryAllowance = Math.min(2 * retry, total.retryAllowance[0] + retry)
    if (allowance === total.allowance[0] && retryAllowance === total.retryAllowance[0]) return
    const r = addRow(out.RepairAllowed)
    out.RepairAllowed.allowance[r] = allowance
    out.RepairAllowed.retryAllowance[r] = retryAllowance
  },
  /** Sends new pieces, the items with the fewest to spare first, then by priority, then by number. */
  repairItems(state: State, at: number, { out, params }: SettleTo): void {
    if (params.repair === 0) return
    const { item, slot, total } = state.placement
    const due: number[] = []
    for (let i = 0; i < item.length; i++) if (needsRepair(state, i, at, params.repairThresholdPermille)) due.push(i)
    if (due.length === 0) return
    const spare = (i: number) => item.held[i] - item.needed[i]
    due.sort((a, b) => spare(a) - spare(b) || item.priority[a] - item.priority[b] || a - b)
    let allowance = total.allowance[0]
    let retryAllowance = total.retryAllowance[0]
    for (const i of due) {
      const second = item.tries[i] > 0 ? 1 : 0
      // Rebuilding reads k pieces and writes one; work with a source is sent once.
      const cost = item.units[i] * (item.hasSource[i] === 1 ? 1 : item.needed[i] + 1)
      const missing = item.pieces[i] - item.held[i] - item.sent[i]
      gather(state, i, chosen)
      const cap = capPerDomain(item.pieces[i], item.needed[i], params.placementDomainsSurvived)
      let wanted = missing + (missing > 0 ? params.repairHedge : 0)
      for (let s = 0; s < item.slots[i] && wanted > 0; s++) {
        if (slot.state[item.firstSlot[i] + s] !== FREE) continue
        if (cost > allowance || (second === 1 && cost > retryAllowance)) break
        const node = choosePlace(state, chosen, cap, params, i, at)
        if (node === NOBODY) break
        chosen.nodes[chosen.length++] = node
        allowance -= cost
        if (second === 1) retryAllowance -= cost
        wanted--
        writeSent(out, i, s, node, 1, cost, second, at)
      }
    }
  },
} as const

/** Not lost, due, fewer spare pieces than the threshold, and something to rebuild from. */
function needsRepair({ placement: { item } }: State, i: number, at: number, thresholdPermille: number): boolean {
  if (item.lost[i] === 1 || item.nextTryS[i] > at || item.held[i] + item.sent[i] >= item.pieces[i]) return false
  if (item.hasSource[i] === 0 && item.held[i] < item.needed[i]) return false
  const spareMax = item.pieces[i] - item.needed[i]
  return (item.held[i] - item.needed[i]) * 1000 <= spareMax * thresholdPermille || spareMax === 0
}

/** Seconds until an item is tried again: doubles with each failed round, spread by jitter. */
export function computeBackoff(
  tries: number,
  item: number,
  params: { readonly repairBackoffSeconds: number; readonly repairJitterPermille: number; readonly observerSeed: number },
): number {
  const base = params.repairBackoffSeconds * (1 << Math.min(tries, BACKOFF_DOUBLINGS))
  philox(words, item, tries, 0, 0, params.observerSeed, JITTER_KEY)
  return base + (multiplyHigh(words[0], Math.floor((base * params.repairJitterPermille) / 1000) + 1) >>> 0)
}

function writeSent(
  out: SettleTo["out"],
  item: number,
  slot: number,
  node: number,
  repair: number,
  cost: number,
  second: number,
  at: number,
): void {
  reserve(out.PieceSent, 1)
  const r = out.PieceSent.length++
  out.PieceSent.item[r] = item
  out.PieceSent.slot[r] = slot
  out.PieceSent.node[r] = node
  out.PieceSent.repair[r] = repair
  out.PieceSent.cost[r] = cost
  out.PieceSent.second[r] = second
  out.PieceSent.at[r] = at
}

export type PlacementPromise = "pieces_are_counted" | "no_node_holds_two_pieces_of_an_item"
export const placementInvariants: Record<PlacementPromise, Invariants<HasPlacement>[string]> = {
  pieces_are_counted: {
    because: "repair and metrics read the counts, so they must be the slots in each state",
    check: ({ placement: { item, slot, total } }, report) => {
      let held = 0
      let sent = 0
      for (let i = 0; i < item.length; i++) {
        let mine = 0
        for (let s = item.firstSlot[i]; s < item.firstSlot[i] + item.slots[i]; s++) if (slot.state[s] === HELD) mine++
        held += mine
        sent += item.sent[i]
        if (mine !== item.held[i]) report.require(false, () => `item ${i} counts ${item.held[i]} held, its slots ${mine}`)
      }
      report.require(
        total.held[0] === held && total.sent[0] === sent && total.items[0] === item.length,
        () =>
          `totals say ${total.held[0]} held and ${total.sent[0]} sent of ${total.items[0]} items, rows ${held}, ${sent}, ${item.length}`,
      )
    },
  },
  no_node_holds_two_pieces_of_an_item: {
    because: "two pieces on one node are one piece when it fails",
    check: ({ placement: { item, slot, load } }, report) => {
      let loaded = 0
      for (let i = 0; i < item.length; i++) {
        const seen = new Set<number>()
        for (let s = item.firstSlot[i]; s < item.firstSlot[i] + item.slots[i]; s++) {
          if (slot.state[s] === FREE) continue
          loaded++
          if (seen.has(slot.node[s])) report.require(false, () => `node ${slot.node[s]} holds two pieces of item ${i}`)
          seen.add(slot.node[s])
        }
      }
      let sum = 0
      for (let n = 0; n < load.length; n++) sum += load.pieces[n]
      report.require(sum === loaded, () => `nodes carry ${sum} pieces, slots ${loaded}`)
    },
  },
}
export const placementSabotage: Record<PlacementPromise, (state: HasPlacement) => void> = {
  pieces_are_counted: ({ placement: { total } }) => void total.held[0]++,
  no_node_holds_two_pieces_of_an_item: ({ placement: { load } }) => void load.pieces[0]++,
}
