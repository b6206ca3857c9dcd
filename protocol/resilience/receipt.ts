/**
 * Mechanism 8, ledger outage: while the ledger is halted nodes go on serving, and payers sign receipts that nodes keep. Afterwards they are
 * settled in order of their numbers: each number once, none before the one below it. What is lost or late is counted; twice is impossible,
 * because a number that was passed never comes back.
 *
 * Signatures are not checked bit by bit here; the boundary does that. Money is the network's (`Purse`).
 */
import { command, event } from "../kernel/row-type.ts"
import { filled, type AnyTable, type Columns, type Table } from "../kernel/table.ts"
import { count, nodeIndex, seconds, unit } from "../kernel/unit.ts"
import type { Invariants } from "../kernel/invariant.ts"
import type { DecideContext } from "../kernel/network.ts"
import { absence } from "../registry/decide.ts"
import type { HasRegistry, RegistryRefusal } from "../registry/registry.ts"
import type { receiptParams } from "./params.ts"
import { addRow, since } from "./rows.ts"

const sequence = unit("receipt number of the node, from 0", "u32")
const money = unit("smallest unit of credit", "u32")
const moneySum = unit("smallest unit of credit", "safe", 0)

const nodeShape = { next: sequence, forgone: unit("count", "u32") } as const
const totalShape = {
  paid: count,
  paidAmount: moneySum,
  forgone: count,
  /** Settled more than an hour after they were signed, and by how much in all. */
  delayed: count,
  delaySeconds: count,
  delayMaxSeconds: count,
} as const
const DELAYED_FROM_S = 60 * 60

export interface Receipts {
  readonly node: Table<typeof nodeShape>
  readonly total: Table<typeof totalShape>
}
export interface HasReceipts {
  readonly receipts: Receipts
}
export const receipts = (nodes: number): Receipts => ({ node: filled(nodeShape, nodes), total: filled(totalShape, 1) })
export const receiptTables = (r: Receipts): Record<string, AnyTable> => ({ "receipt.node": r.node, "receipt.total": r.total })

export const receiptEvents = {
  ReceiptSettled: event("a receipt was paid", {
    node: nodeIndex,
    payer: nodeIndex,
    sequence,
    amount: money,
    delaySeconds: seconds,
    at: seconds,
  }),
  ReceiptsForgone: event("a node gave up on receipts it lost or kept too long", {
    node: nodeIndex,
    next: sequence,
    forgone: sequence,
    at: seconds,
  }),
} as const
export type ReceiptEvents = typeof receiptEvents

export const receiptCommands = {
  SettleReceipt: command(
    "hand in a signed receipt",
    { node: nodeIndex, payer: nodeIndex, sequence, amount: money, signedS: seconds, at: seconds },
    ["ReceiptSettled"],
  ),
  ForgoReceipts: command("give up on all receipts below a number", { node: nodeIndex, next: sequence, at: seconds }, [
    "ReceiptsForgone",
  ]),
} as const
export type ReceiptCommands = typeof receiptCommands

/** In order of precedence, after the registry's `absence`. */
export const receiptRefusals = {
  receipt_was_settled: "this number was paid or given up: it is never paid again",
  receipt_leaves_a_gap: "receipts are settled in order; the ones before must come first, or be given up",
  receipt_is_from_the_future: "it is signed later than it is handed in",
  receipt_has_expired: "it was kept too long",
  payer_cannot_pay: "the payer's purse does not cover it",
  nothing_to_forgo: "the numbers below this one are settled already",
} as const
export type ReceiptRefusal = keyof typeof receiptRefusals

/** Where the money is. Called from decide (can) and evolve (pay). */
export interface Purse<State> {
  readonly canPay: (state: State, payer: number, amount: number) => boolean
  readonly pay: (state: State, payer: number, node: number, amount: number) => void
}

type To = Pick<DecideContext<ReceiptEvents, typeof receiptParams, ReceiptRefusal | RegistryRefusal>, "out" | "refuse" | "params">
type Rows<K extends keyof ReceiptEvents> = Columns<ReceiptEvents[K]["shape"]>

export const receiptEvolve = <State extends HasReceipts>(purse: Purse<State>) => ({
  ReceiptSettled(state: State, rows: Rows<"ReceiptSettled">, begin: number, end: number): void {
    const { node, total } = state.receipts
    for (let i = begin; i < end; i++) {
      node.next[rows.node[i]] = rows.sequence[i] + 1
      purse.pay(state, rows.payer[i], rows.node[i], rows.amount[i])
      total.paidAmount[0] += rows.amount[i]
      total.delaySeconds[0] += rows.delaySeconds[i]
      if (rows.delaySeconds[i] >= DELAYED_FROM_S) total.delayed[0]++
      total.delayMaxSeconds[0] = Math.max(total.delayMaxSeconds[0], rows.delaySeconds[i])
    }
    total.paid[0] += end - begin
  },
  ReceiptsForgone(state: State, rows: Rows<"ReceiptsForgone">, begin: number, end: number): void {
    const { node, total } = state.receipts
    for (let i = begin; i < end; i++) {
      node.next[rows.node[i]] = rows.next[i]
      node.forgone[rows.node[i]] += rows.forgone[i]
      total.forgone[0] += rows.forgone[i]
    }
  },
})

const SEQUENCE_END = 0xffff_ffff

export const receiptDecide = <State extends HasReceipts & HasRegistry>(purse: Purse<State>) => ({
  SettleReceipt(
    state: State,
    rows: Columns<ReceiptCommands["SettleReceipt"]["shape"]>,
    begin: number,
    end: number,
    { out, refuse, params }: To,
  ): void {
    const { next } = state.receipts.node
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const reason = absence(state.registry, node) ?? absence(state.registry, rows.payer[i])
      if (reason !== undefined) refuse(i, reason)
      else if (rows.sequence[i] < next[node] || rows.sequence[i] === SEQUENCE_END) refuse(i, "receipt_was_settled")
      else if (rows.sequence[i] > next[node]) refuse(i, "receipt_leaves_a_gap")
      else if (rows.signedS[i] > rows.at[i]) refuse(i, "receipt_is_from_the_future")
      else if (rows.at[i] - rows.signedS[i] > params.receiptKeepSeconds) refuse(i, "receipt_has_expired")
      else if (!purse.canPay(state, rows.payer[i], rows.amount[i])) refuse(i, "payer_cannot_pay")
      else {
        const r = addRow(out.ReceiptSettled)
        out.ReceiptSettled.node[r] = node
        out.ReceiptSettled.payer[r] = rows.payer[i]
        out.ReceiptSettled.sequence[r] = rows.sequence[i]
        out.ReceiptSettled.amount[r] = rows.amount[i]
        out.ReceiptSettled.delaySeconds[r] = since(rows.signedS[i], rows.at[i])
        out.ReceiptSettled.at[r] = rows.at[i]
      }
    }
  },
  ForgoReceipts(
    state: State,
    rows: Columns<ReceiptCommands["ForgoReceipts"]["shape"]>,
    begin: number,
    end: number,
    { out, refuse }: To,
  ): void {
    const { next } = state.receipts.node
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const reason = absence(state.registry, node)
      if (reason !== undefined) refuse(i, reason)
      else if (rows.next[i] <= next[node]) refuse(i, "nothing_to_forgo")
      else {
        const r = addRow(out.ReceiptsForgone)
        out.ReceiptsForgone.node[r] = node
        out.ReceiptsForgone.next[r] = rows.next[i]
        out.ReceiptsForgone.forgone[r] = rows.next[i] - next[node]
        out.ReceiptsForgone.at[r] = rows.at[i]
      }
    }
  },
})

export type ReceiptPromise = "no_receipt_is_paid_twice"
export const receiptInvariants: Record<ReceiptPromise, Invariants<HasReceipts>[string]> = {
  no_receipt_is_paid_twice: {
    because: "a node's numbers below the next were each paid once or given up once",
    check: ({ receipts: { node, total } }, report) => {
      let passed = 0
      let forgone = 0
      for (let n = 0; n < node.length; n++) {
        passed += node.next[n]
        forgone += node.forgone[n]
      }
      report.require(
        total.paid[0] === passed - forgone && total.forgone[0] === forgone,
        () =>
          `${total.paid[0]} payments and ${total.forgone[0]} given up for ${passed} receipt numbers, ${forgone} of them given up`,
      )
    },
  },
}
export const receiptSabotage: Record<ReceiptPromise, (state: HasReceipts) => void> = {
  no_receipt_is_paid_twice: ({ receipts: { total } }) => void total.paid[0]++,
}
