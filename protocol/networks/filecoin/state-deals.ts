/**
 * Tables of the built-in market and of what clients keep in it.
 *
 * A row of `deal` stands for up to 32 bundles of equal deals between one client and one provider: a bit each. A bundle lies in one
 * sector; which one follows from row and bit (deal-rows.ts). So 10,000 providers with many deals are tens of thousands of rows.
 * The client of a deal is a neighbourhood, numbered as the node that stands in it.
 */
import { slotHead, slotShape, type SlotHead } from "../../kernel/slots.ts"
import { filled, paged, table, type AnyTable, type Table } from "../../kernel/table.ts"
import { amount, count, flag, nodeIndex, unit } from "../../kernel/unit.ts"
import { bundleMask, bundleSize, pieceMib } from "./events-deals.ts"
import { epochUnit, sectorCount } from "./units.ts"

const dealLink = unit("deal + 1", "u32")
const mib = unit("MiB", "safe", 0)

export const dealShape = {
  ...slotShape,
  node: nodeIndex,
  client: nodeIndex,
  /** Bundles that still run. */
  deals: bundleMask,
  each: bundleSize,
  pieceMib,
  verified: flag,
  /** 1 when its bits are the client's objects of the same numbers. */
  kept: flag,
  /** The cohort that holds it, plus 1; 0 before activation. */
  cohort: unit("cohort + 1", "u32"),
  /** The cohort's sectors when it was activated, and how many had gone from it before. */
  sectors: sectorCount,
  goneBefore: sectorCount,
  startEpoch: epochUnit,
  endEpoch: epochUnit,
  /** Last epoch in which a verified one may be claimed. */
  claimEpoch: epochUnit,
  /** Up to which it has been paid; 0: never settled. */
  settledEpoch: epochUnit,
  /** Of each single deal. */
  priceAtto: amount,
  providerCollateralAtto: amount,
  clientCollateralAtto: amount,
  nextOfClient: dealLink,
  nextOfCohort: dealLink,
} as const

/** What deals put into a cohort: one row a cohort, as far as any has had deals. */
const contentShape = {
  deal: dealLink,
  deals: count,
  usedMib: mib,
  /** Claimed by deals; beside the share that its sectors had before. */
  verifiedMib: mib,
  /** Quality-adjusted GiB a sector before the first claim; 0 while there is none. */
  baseQaGib: unit("GiB a sector", "u16"),
  /** Sectors that have expired or been terminated. */
  gone: sectorCount,
} as const

/** f05's escrow and locked tables. Row: a node, as the owner of a provider and as a client. */
export const escrowShape = {
  clientAtto: amount,
  clientLockedAtto: amount,
  providerAtto: amount,
  providerLockedAtto: amount,
} as const

/** What a client keeps: 32 objects at most, a bit each. Ours, not Filecoin's. */
const keeperShape = {
  /** First deal of the client, kept or not. */
  deal: dealLink,
  /** Objects that have ever been stored, and those of which a deal still holds a copy. */
  placed: bundleMask,
  present: bundleMask,
  repair: unit("repair + 1", "u32"),
} as const

/** Copies that the repair policy has ordered and nobody has made yet. */
const repairShape = {
  ...slotShape,
  client: nodeIndex,
  node: nodeIndex,
  objects: bundleMask,
  orderedEpoch: epochUnit,
} as const

const dealTotalsShape = {
  /** Rows that are published and not activated. */
  pending: count,
  /** Single deals. */
  published: count,
  activated: count,
  completed: count,
  slashed: count,
  timedOut: count,
  paidAtto: amount,
  escrowAtto: amount,
  /** Objects. */
  placed: count,
  present: count,
  repairing: count,
  repaired: count,
  repairsGivenUp: count,
} as const

export interface DealState {
  readonly deal: Table<typeof dealShape>
  readonly dealHead: SlotHead
  readonly content: Table<typeof contentShape>
  readonly escrow: Table<typeof escrowShape>
  readonly keeper: Table<typeof keeperShape>
  readonly repair: Table<typeof repairShape>
  readonly repairHead: SlotHead
  readonly dealTotals: Table<typeof dealTotalsShape>
}

export const genesisDeals = (nodes: number): DealState => ({
  deal: paged(table(dealShape, 0)),
  dealHead: slotHead(),
  content: paged(table(contentShape, 0)),
  escrow: filled(escrowShape, nodes),
  keeper: filled(keeperShape, nodes),
  repair: table(repairShape, 0),
  repairHead: slotHead(),
  dealTotals: filled(dealTotalsShape, 1),
})

export const dealTables = (s: DealState): Readonly<Record<keyof DealState, AnyTable>> => ({
  deal: s.deal,
  dealHead: s.dealHead,
  content: s.content,
  escrow: s.escrow,
  keeper: s.keeper,
  repair: s.repair,
  repairHead: s.repairHead,
  dealTotals: s.dealTotals,
})

export const seldomDeals = ["deal", "content", "escrow", "keeper", "repair"] as const
