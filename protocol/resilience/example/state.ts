/** State of the example network: all ten mechanisms side by side, and a small economy of its own. */
import type { Invariants } from "../../kernel/invariant.ts"
import type { Values } from "../../kernel/param.ts"
import { filled, type AnyTable, type Table } from "../../kernel/table.ts"
import { count, count32, flag } from "../../kernel/unit.ts"
import { ledgerInvariants } from "../../ledger/invariants.ts"
import { canPay, ledger, holderOf, post, tablesOf, type Ledger } from "../../ledger/ledger.ts"
import { registryInvariants } from "../../registry/decide.ts"
import { registry, registrySeldom, registryTables, REGISTERED, type HasRegistry } from "../../registry/registry.ts"
import { admission, admissionInvariants, admissionSabotage, admissionTables, type HasAdmission } from "../admission.ts"
import { restart, restartInvariants, restartSabotage, restartTables, type HasKeepers, type HasRestart } from "../black-start.ts"
import { grace, graceInvariants, graceSabotage, graceTables, type HasGrace } from "../grace.ts"
import { livenessInvariants, livenessSabotage } from "../liveness-decide.ts"
import { HEARD, liveness, livenessTables, type HasLiveness } from "../liveness.ts"
import { outageInvariants, outageSabotage } from "../outage-decide.ts"
import { outages, outageSeldom, outageTables, type Bonds, type HasOutages } from "../outage.ts"
import { placement, placementTables, type HasPlacement } from "../placement.ts"
import { receipts, receiptInvariants, receiptSabotage, receiptTables, type HasReceipts, type Purse } from "../receipt.ts"
import { releases, releaseInvariants, releaseSabotage, releaseTables, type HasReleases } from "../release.ts"
import { placementInvariants, placementSabotage } from "../repair.ts"
import type { ExampleParams } from "./params.ts"

const dutyShape = {
  /** Work done since the hour began, and in the last hour with any. */
  work: count,
  usualWork: count,
  /** 1 where the node's last report held its proof. */
  proving: flag,
  paid: count,
  lost: count,
  waived: count,
} as const
const keeperShape = { keepers: count32 } as const

export interface State
  extends HasRegistry, HasLiveness, HasOutages, HasGrace, HasPlacement, HasAdmission, HasReleases, HasReceipts, HasRestart {
  readonly duty: Table<typeof dutyShape>
  readonly keepers: HasKeepers & { readonly total: Table<typeof keeperShape> }
  readonly ledger: Ledger<"token", "bonds" | "treasury">
}

export const genesis = ({ nodes }: { readonly nodes: number }, params: Values<ExampleParams>): State => {
  const total = filled(keeperShape, 1)
  total.keepers[0] = Math.ceil((nodes * params.keepersPermille) / 1000)
  return {
    registry: registry(nodes),
    liveness: liveness(nodes),
    outages: outages(),
    grace: grace(nodes),
    placement: placement(nodes),
    admission: admission(),
    releases: releases(nodes),
    receipts: receipts(nodes),
    restart: restart(nodes),
    duty: filled(dutyShape, nodes),
    keepers: { total },
    ledger: ledger(["token"], ["bonds", "treasury"], nodes),
  }
}

export const stateTables = (s: State): Readonly<Record<string, AnyTable>> => ({
  ...registryTables(s.registry),
  ...livenessTables(s.liveness),
  ...outageTables(s.outages),
  ...graceTables(s.grace),
  ...placementTables(s.placement),
  ...admissionTables(s.admission),
  ...releaseTables(s.releases),
  ...receiptTables(s.receipts),
  ...restartTables(s.restart),
  duty: s.duty,
  keepers: s.keepers.total,
  ...tablesOf(s.ledger),
})
export const seldom = [...registrySeldom, ...outageSeldom] as const

/** Bonds are held in an account of that name, and go to the treasury when lost. */
export const bonds: Bonds<State> = {
  canLock: ({ ledger: l }, node, amount) => canPay(l, "token", holderOf(l, node), amount),
  lock: ({ ledger: l }, node, amount) => post(l, "token", holderOf(l, node), l.account.bonds, amount),
  release: ({ ledger: l }, node, amount) => post(l, "token", l.account.bonds, holderOf(l, node), amount),
  forfeit: ({ ledger: l }, _node, amount) => post(l, "token", l.account.bonds, l.account.treasury, amount),
}
export const purse: Purse<State> = {
  canPay: ({ ledger: l }, payer, amount) => canPay(l, "token", holderOf(l, payer), amount),
  pay: ({ ledger: l }, payer, node, amount) => post(l, "token", holderOf(l, payer), holderOf(l, node), amount),
}

/** Nodes that are believed to be there. */
export const countHeard = ({ registry: r, liveness: l }: State): number => {
  let heard = 0
  for (let node = 0; node < r.nodes.length; node++)
    if (r.nodes.status[node] === REGISTERED && l.node.beats[node] > 0 && l.node.status[node] === HEARD) heard++
  return heard
}
export const proves = ({ duty, liveness: l }: State, node: number): boolean =>
  duty.proving[node] === 1 && l.node.status[node] === HEARD

export const invariants: Invariants<State> = {
  ...registryInvariants,
  ...ledgerInvariants<State>((s) => s.ledger),
  ...livenessInvariants,
  ...outageInvariants,
  ...graceInvariants,
  ...placementInvariants,
  ...admissionInvariants,
  ...releaseInvariants,
  ...receiptInvariants,
  ...restartInvariants,
  bonds_back_claims: {
    because: "what is locked is what open claims say, so that a bond can always be given back or lost",
    check: ({ outages: { claim }, ledger: l }, report) => {
      let locked = 0
      for (let c = 0; c < claim.length; c++) locked += claim.bond[c]
      const held = l.tokens.token.balance.get(l.account.bonds)
      report.require(held === BigInt(locked), () => `bonds hold ${held}, claims say ${locked}`)
    },
  },
}
export const sabotage: Record<string, (state: State) => void> = {
  ...livenessSabotage,
  ...outageSabotage,
  ...graceSabotage,
  ...placementSabotage,
  ...admissionSabotage,
  ...releaseSabotage,
  ...receiptSabotage,
  ...restartSabotage,
  registry_totals_are_counted: ({ registry: r }) => void r.total.registered[0]++,
  unknown_nodes_have_said_nothing: ({ registry: r }) => {
    r.nodes.status[0] = 0
    r.nodes.assertions[0] = 1
  },
  debits_equal_credits: ({ ledger: l }) => void l.tokens.token.balance.lo[l.account.treasury]++,
  only_issuance_is_negative: ({ ledger: l }) => l.tokens.token.balance.set(l.account.treasury, -1n),
  escrow_is_backed: ({ ledger: l }) => void l.tokens.token.balance.lo[1]++,
  vesting_is_backed: ({ ledger: l }) => void l.tokens.token.balance.lo[2]++,
  bonds_back_claims: ({ ledger: l }) => void l.tokens.token.balance.lo[l.account.bonds]++,
}
