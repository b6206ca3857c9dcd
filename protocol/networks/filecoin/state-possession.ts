/** Tables of warm storage: data sets with the rail that pays each, and the accounts of those who pay. */
import { slotHead, slotShape, type SlotHead } from "../../kernel/slots.ts"
import { filled, table, type AnyTable, type Table } from "../../kernel/table.ts"
import { amount, count, nodeIndex, unit } from "../../kernel/unit.ts"
import { dataSetGib, periodCount } from "./events-possession.ts"
import type { PayAccount } from "./pay-account.ts"
import { epochUnit } from "./units.ts"

/** Periods of which a rail remembers whether they were proven; it must be settled before a later one is proven (ours). */
export const PERIODS_KEPT = 32

const dataSetShape = {
  ...slotShape,
  node: nodeIndex,
  client: nodeIndex,
  gib: dataSetGib,
  activationEpoch: epochUnit,
  /** End of the period to prove next. */
  deadlineEpoch: epochUnit,
  /** Bit k: period `firstPeriod` + k was proven. */
  proven: unit("periods, a bit each", "u32"),
  firstPeriod: periodCount,
  settledEpoch: epochUnit,
  /** Last epoch of a terminated rail; 0 while it runs. */
  endEpoch: epochUnit,
  rateUsdfc: amount,
} as const

export const payerShape = {
  fundsUsdfc: amount,
  lockupUsdfc: amount,
  rateUsdfc: amount,
  lockedEpoch: epochUnit,
} as const

const possessionTotalsShape = {
  proven: count,
  faulted: count,
  terminated: count,
  gib: count,
  paidUsdfc: amount,
  fundsUsdfc: amount,
  feesAtto: amount,
} as const

export interface PossessionState {
  readonly dataSet: Table<typeof dataSetShape>
  readonly dataSetHead: SlotHead
  readonly payer: Table<typeof payerShape>
  readonly possessionTotals: Table<typeof possessionTotalsShape>
}

export const genesisPossession = (nodes: number): PossessionState => ({
  dataSet: table(dataSetShape, 0),
  dataSetHead: slotHead(),
  payer: filled(payerShape, nodes),
  possessionTotals: filled(possessionTotalsShape, 1),
})

export const possessionTables = (s: PossessionState): Readonly<Record<keyof PossessionState, AnyTable>> => ({
  dataSet: s.dataSet,
  dataSetHead: s.dataSetHead,
  payer: s.payer,
  possessionTotals: s.possessionTotals,
})

export const seldomPossession = ["dataSet", "payer", "ledger.balance.usdfc"] as const

/** A client's account as it was last brought up. */
export const accountOf = ({ payer }: PossessionState, client: number): PayAccount => ({
  funds: payer.fundsUsdfc.get(client),
  lockup: payer.lockupUsdfc.get(client),
  rate: payer.rateUsdfc.get(client),
  lockedEpoch: payer.lockedEpoch[client],
})
