/**
 * Mechanism 4, placement and redundancy: items of n pieces, k of which are needed, on nodes that do not share fate. k = n = 1 is a job
 * (a frame to render), k = 1 a replicated service with standbys, k > 1 coded data.
 *
 * Mechanism 5, repair and failover, works on the same tables; see repair.ts. Here is what an item and a piece are, and where pieces go.
 */
import { command, event } from "../kernel/row-type.ts"
import { filled, reserve, table, type AnyTable, type Columns, type Table } from "../kernel/table.ts"
import { count, count32, count8, flag, nodeIndex, seconds, unit } from "../kernel/unit.ts"

export const FREE = 0
/** Sent, not confirmed. */
export const SENT = 1
export const HELD = 2

export const itemIndex = unit("item", "u32")
export const slotIndex = unit("slot of an item", "u8")
const pieces = unit("pieces", "u8")
const units = unit("units a piece", "u32")

export const itemShape = {
  needed: pieces,
  pieces,
  /** Slots of an item lie side by side, from here. There are more than pieces, for hedges. */
  firstSlot: unit("slot", "u32"),
  slots: count8,
  units,
  /** 0 is the most urgent. */
  priority: count8,
  /** 1 where lost work is done again from its source, 0 where it must be rebuilt from k pieces. */
  hasSource: flag,
  held: count8,
  sent: count8,
  tries: count8,
  nextTryS: seconds,
  storedS: seconds,
  /** 1 once fewer than k pieces were left of an item without a source: it is lost. */
  lost: flag,
} as const
export const slotShape = {
  state: unit("0 free, 1 sent, 2 held", "u8", FREE, HELD),
  node: nodeIndex,
  item: itemIndex,
  sinceS: seconds,
} as const
const totalShape = {
  items: count32,
  lost: count32,
  held: count,
  sent: count,
  /** Pieces sent for repair, those of them confirmed, given up, and surplus. */
  repairs: count,
  repaired: count,
  givenUp: count,
  dropped: count,
  repairUnits: count,
  /** Units repair may still send, and those of them for second tries. */
  allowance: count,
  retryAllowance: count,
  requeued: count,
} as const

export interface Placement {
  readonly item: Table<typeof itemShape>
  readonly slot: Table<typeof slotShape>
  /** Pieces held or sent, per node. */
  readonly load: Table<{ readonly pieces: typeof count32 }>
  readonly total: Table<typeof totalShape>
}
export interface HasPlacement {
  readonly placement: Placement
}
export const placement = (nodes: number): Placement => ({
  item: table(itemShape, 16),
  slot: table(slotShape, 64),
  load: filled({ pieces: count32 }, nodes),
  total: filled(totalShape, 1),
})
export const placementTables = (p: Placement): Record<string, AnyTable> => ({
  "placement.item": p.item,
  "placement.slot": p.slot,
  "placement.load": p.load,
  "placement.total": p.total,
})

export const placementEvents = {
  ItemStored: event("an item was accepted; its pieces follow", {
    needed: pieces,
    pieces,
    slots: count8,
    units,
    priority: count8,
    hasSource: flag,
    at: seconds,
  }),
  PieceSent: event("a node was asked to hold a piece", {
    item: itemIndex,
    slot: slotIndex,
    node: nodeIndex,
    repair: flag,
    cost: count,
    second: flag,
    at: seconds,
  }),
  PieceHeld: event("a node said that it holds the piece", { item: itemIndex, slot: slotIndex, repair: flag, at: seconds }),
  PieceGivenUp: event("a node did not confirm in time", { item: itemIndex, slot: slotIndex, nextTryS: seconds, at: seconds }),
  PieceDropped: event("a piece too many was let go", { item: itemIndex, slot: slotIndex, at: seconds }),
  PieceLost: event("the node that held the piece was down for too long", {
    item: itemIndex,
    slot: slotIndex,
    requeue: flag,
    at: seconds,
  }),
  ItemLost: event("fewer pieces are left than are needed", { item: itemIndex, at: seconds }),
  RepairAllowed: event("a minute's bandwidth for repair", { allowance: count, retryAllowance: count }),
} as const
export type PlacementEvents = typeof placementEvents

export const placementCommands = {
  StoreItem: command(
    "ask for an item to be kept, or a job to be done",
    { needed: pieces, pieces, units, priority: count8, hasSource: flag, at: seconds },
    ["ItemStored", "PieceSent"],
  ),
  ConfirmPiece: command("say that the piece has arrived", { item: itemIndex, slot: slotIndex, node: nodeIndex, at: seconds }, [
    "PieceHeld",
  ]),
} as const
export type PlacementCommands = typeof placementCommands

export const placementRefusals = {
  item_is_impossible: "an item needs at least one piece, not more than it has, and at most 200",
  too_few_domains: "there are not enough nodes in different failure domains for this item",
  piece_is_unknown: "there is no such item or slot",
  piece_is_not_sent_here: "the slot is free, held already, or another node's",
} as const
export type PlacementRefusal = keyof typeof placementRefusals
export const PIECES_MAX = 200

type Rows<K extends keyof PlacementEvents> = Columns<PlacementEvents[K]["shape"]>

const free = (p: Placement, item: number, s: number): void => {
  const { slot, load } = p
  if (slot.state[s] === HELD) {
    p.item.held[item]--
    p.total.held[0]--
  } else {
    p.item.sent[item]--
    p.total.sent[0]--
  }
  load.pieces[slot.node[s]]--
  slot.state[s] = FREE
}

export const placementEvolve = {
  ItemStored({ placement: { item, slot, total } }: HasPlacement, rows: Rows<"ItemStored">, begin: number, end: number): void {
    reserve(item, end - begin)
    for (let i = begin; i < end; i++) {
      const n = item.length++
      item.needed[n] = rows.needed[i]
      item.pieces[n] = rows.pieces[i]
      item.slots[n] = rows.slots[i]
      item.firstSlot[n] = slot.length
      item.units[n] = rows.units[i]
      item.priority[n] = rows.priority[i]
      item.hasSource[n] = rows.hasSource[i]
      item.storedS[n] = rows.at[i]
      // A restored table may hold old rows beyond its length.
      item.held[n] = item.sent[n] = item.tries[n] = item.nextTryS[n] = item.lost[n] = 0
      reserve(slot, rows.slots[i])
      for (let s = 0; s < rows.slots[i]; s++) {
        const k = slot.length++
        slot.state[k] = FREE
        slot.item[k] = n
        slot.node[k] = slot.sinceS[k] = 0
      }
    }
    total.items[0] += end - begin
  },
  PieceSent({ placement: p }: HasPlacement, rows: Rows<"PieceSent">, begin: number, end: number): void {
    for (let i = begin; i < end; i++) {
      const item = rows.item[i]
      const s = p.item.firstSlot[item] + rows.slot[i]
      p.slot.state[s] = SENT
      p.slot.node[s] = rows.node[i]
      p.slot.sinceS[s] = rows.at[i]
      p.item.sent[item]++
      p.load.pieces[rows.node[i]]++
      if (rows.repair[i] === 0) continue
      p.total.repairs[0]++
      p.total.repairUnits[0] += rows.cost[i]
      p.total.allowance[0] -= rows.cost[i]
      if (rows.second[i] === 1) p.total.retryAllowance[0] -= rows.cost[i]
    }
    p.total.sent[0] += end - begin
  },
  PieceHeld({ placement: p }: HasPlacement, rows: Rows<"PieceHeld">, begin: number, end: number): void {
    for (let i = begin; i < end; i++) {
      const item = rows.item[i]
      const s = p.item.firstSlot[item] + rows.slot[i]
      p.slot.state[s] = HELD
      p.slot.sinceS[s] = rows.at[i]
      p.item.sent[item]--
      p.item.held[item]++
      p.item.tries[item] = 0
      p.total.repaired[0] += rows.repair[i]
    }
    p.total.sent[0] -= end - begin
    p.total.held[0] += end - begin
  },
  PieceGivenUp({ placement: p }: HasPlacement, rows: Rows<"PieceGivenUp">, begin: number, end: number): void {
    for (let i = begin; i < end; i++) {
      const item = rows.item[i]
      free(p, item, p.item.firstSlot[item] + rows.slot[i])
      p.item.nextTryS[item] = rows.nextTryS[i]
      if (p.item.tries[item] < 255) p.item.tries[item]++
    }
    p.total.givenUp[0] += end - begin
  },
  PieceDropped({ placement: p }: HasPlacement, rows: Rows<"PieceDropped">, begin: number, end: number): void {
    for (let i = begin; i < end; i++) free(p, rows.item[i], p.item.firstSlot[rows.item[i]] + rows.slot[i])
    p.total.dropped[0] += end - begin
  },
  PieceLost({ placement: p }: HasPlacement, rows: Rows<"PieceLost">, begin: number, end: number): void {
    for (let i = begin; i < end; i++) {
      free(p, rows.item[i], p.item.firstSlot[rows.item[i]] + rows.slot[i])
      p.total.requeued[0] += rows.requeue[i]
    }
  },
  ItemLost({ placement: { item, total } }: HasPlacement, rows: Rows<"ItemLost">, begin: number, end: number): void {
    for (let i = begin; i < end; i++) item.lost[rows.item[i]] = 1
    total.lost[0] += end - begin
  },
  RepairAllowed({ placement: { total } }: HasPlacement, rows: Rows<"RepairAllowed">, begin: number, end: number): void {
    for (let i = begin; i < end; i++) {
      total.allowance[0] = rows.allowance[i]
      total.retryAllowance[0] = rows.retryAllowance[i]
    }
  },
} as const
