/** All ten mechanisms over one ledger: where bonds lie, who pays for receipts, what is promised, and how each promise is broken in a test. */
import type { Invariants } from "../kernel/invariant.ts"
import { ledgerInvariants } from "../ledger/invariants.ts"
import { canPay, holderOf, post, type Ledger } from "../ledger/ledger.ts"
import { registryInvariants } from "../registry/decide.ts"
import type { HasRegistry } from "../registry/registry.ts"
import { admissionInvariants, admissionSabotage, type HasAdmission } from "./admission.ts"
import { restartInvariants, restartSabotage, type HasRestart } from "./black-start.ts"
import { graceInvariants, graceSabotage, type HasGrace } from "./grace.ts"
import { livenessInvariants, livenessSabotage } from "./liveness-decide.ts"
import type { HasLiveness } from "./liveness.ts"
import { outageInvariants, outageSabotage } from "./outage-decide.ts"
import type { Bonds, HasOutages } from "./outage.ts"
import type { HasPlacement } from "./placement.ts"
import { receiptInvariants, receiptSabotage, type HasReceipts, type Purse } from "./receipt.ts"
import { releaseInvariants, releaseSabotage, type HasReleases } from "./release.ts"
import { placementInvariants, placementSabotage } from "./repair.ts"

/** State that has every mechanism, and a ledger of one token whose account "bonds" holds what claims put down. */
export interface HasMechanisms<T extends string>
  extends HasRegistry, HasLiveness, HasOutages, HasGrace, HasPlacement, HasAdmission, HasReleases, HasReceipts, HasRestart {
  readonly ledger: Ledger<T, "bonds" | "treasury">
}

/** Bonds are held in an account of that name, and go to the treasury when lost. */
export const bondsIn = <T extends string>(token: T): Bonds<HasMechanisms<T>> => ({
  canLock: ({ ledger: l }, node, amount) => canPay(l, token, holderOf(l, node), amount),
  lock: ({ ledger: l }, node, amount) => post(l, token, holderOf(l, node), l.account.bonds, amount),
  release: ({ ledger: l }, node, amount) => post(l, token, l.account.bonds, holderOf(l, node), amount),
  forfeit: ({ ledger: l }, _node, amount) => post(l, token, l.account.bonds, l.account.treasury, amount),
})
export const purseIn = <T extends string>(token: T): Purse<HasMechanisms<T>> => ({
  canPay: ({ ledger: l }, payer, amount) => canPay(l, token, holderOf(l, payer), amount),
  pay: ({ ledger: l }, payer, node, amount) => post(l, token, holderOf(l, payer), holderOf(l, node), amount),
})

export const mechanismInvariants = <T extends string>(token: T): Invariants<HasMechanisms<T>> => ({
  ...registryInvariants,
  ...ledgerInvariants<HasMechanisms<T>>((s) => s.ledger),
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
      const held = l.tokens[token].balance.get(l.account.bonds)
      report.require(held === BigInt(locked), () => `bonds hold ${held}, claims say ${locked}`)
    },
  },
})

/** For tests: breaks each promise of that name. */
export const mechanismSabotage = <T extends string>(token: T): Readonly<Record<string, (state: HasMechanisms<T>) => void>> => ({
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
  debits_equal_credits: ({ ledger: l }) => void l.tokens[token].balance.lo[l.account.treasury]++,
  only_issuance_is_negative: ({ ledger: l }) => l.tokens[token].balance.set(l.account.treasury, -1n),
  escrow_is_backed: ({ ledger: l }) => void l.tokens[token].balance.lo[1]++,
  vesting_is_backed: ({ ledger: l }) => void l.tokens[token].balance.lo[2]++,
  bonds_back_claims: ({ ledger: l }) => void l.tokens[token].balance.lo[l.account.bonds]++,
})
