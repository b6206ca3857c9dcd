/** Commands of providers, auditors and tenants about themselves and their escrow become events or refusals: read, refuse, write. */
import type { Decide } from "../../kernel/network.ts"
import { isOpen } from "../../kernel/slots.ts"
import { addRow } from "../../kernel/table.ts"
import { canPay } from "../../ledger/ledger.ts"
import { settleAccount, settleByAkt, writePayOut, writeSettled } from "./accounts.ts"
import { heightAt, refuseTime } from "./chain-clock.ts"
import type { Commands, Refusal } from "./commands.ts"
import type { Events } from "./events.ts"
import { isLostCall, settleOrEnd, writeDeploymentClosed, writeLeasesClosed } from "./lease-ends.ts"
import { OWNER } from "./lease-rules.ts"
import type { AkashParams } from "./params.ts"
import { breakerAt } from "./price-of-akt.ts"
import { OVERDRAWN, STATUS_HALT_CR, tokenOf, type State } from "./state.ts"
import { GROUPS_MAX, MICRO_MAX, UACT, UAKT } from "./units.ts"

type DeploymentCommand = "RegisterProvider" | "SignAttributes" | "CreateDeployment" | "TopUpDeployment" | "CloseDeployment"

export const decideDeployments: Pick<Decide<State, Commands, Events, AkashParams, Refusal>, DeploymentCommand> = {
  RegisterProvider(state, rows, begin, end, { out, refuse }) {
    const { provider, ledger: l } = state
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const wrong = refuseTime(state, rows.atS[i])
      if (wrong !== undefined) refuse(i, wrong)
      else if (node >= provider.length) refuse(i, "unknown_node")
      else if (provider.registered[node] === 1) refuse(i, "already_registered")
      else if (!canPay(l, "akt", l.account.public, rows.fundsUakt[i])) refuse(i, "insufficient_balance")
      else {
        const to = out.ProviderRegistered
        const r = addRow(to)
        to.node[r] = node
        to.attributes[r] = rows.attributes[i]
        to.fundsUakt[r] = rows.fundsUakt[i]
        to.atS[r] = rows.atS[i]
      }
    }
  },

  SignAttributes(state, rows, begin, end, { out, refuse }) {
    const { provider } = state
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const wrong = refuseTime(state, rows.atS[i])
      if (wrong !== undefined) refuse(i, wrong)
      else if (node >= provider.length || provider.registered[node] === 0) refuse(i, "unknown_provider")
      else {
        const to = out.AttributesSigned
        const r = addRow(to)
        to.node[r] = node
        to.auditor[r] = rows.auditor[i]
        to.attributes[r] = rows.attributes[i]
        to.atS[r] = rows.atS[i]
      }
    }
  },

  CreateDeployment(state, rows, begin, end, { out, params, refuse }) {
    const { ledger: l } = state
    for (let i = begin; i < end; i++) {
      const atS = rows.atS[i]
      const denom = params.paidInAct === 1 ? UACT : UAKT
      const groups = rows.groups[i]
      const isAsking = groups > 0 && groups <= GROUPS_MAX && rows.cpuMilli[i] > 0 && rows.memoryMib[i] > 0 && rows.maxRate[i] > 0
      const wrong = refuseTime(state, atS)
      if (wrong !== undefined) refuse(i, wrong)
      else if (!isAsking) refuse(i, "nothing_asked")
      else if (rows.minWindowS[i] > 0 && params.reclamationOn === 0) refuse(i, "reclamation_not_available")
      else if (rows.deposit[i] < params.minDepositMicro) refuse(i, "deposit_too_small")
      else if (!canPay(l, tokenOf(denom), l.account.public, rows.deposit[i])) refuse(i, "insufficient_balance")
      else {
        const to = out.DeploymentCreated
        const r = addRow(to)
        to.tenant[r] = rows.tenant[i]
        to.denom[r] = denom
        to.deposit[r] = rows.deposit[i]
        to.groups[r] = groups
        to.cpuMilli[r] = rows.cpuMilli[i]
        to.memoryMib[r] = rows.memoryMib[i]
        to.storageMib[r] = rows.storageMib[i]
        to.gpus[r] = rows.gpus[i]
        to.maxRate[r] = rows.maxRate[i]
        to.attributes[r] = rows.attributes[i]
        to.allOf[r] = rows.allOf[i]
        to.anyOf[r] = rows.anyOf[i]
        to.minWindowS[r] = rows.minWindowS[i]
        to.note[r] = rows.note[i]
        to.height[r] = heightAt(state, atS)
        to.atS[r] = atS
      }
    }
  },

  TopUpDeployment(state, rows, begin, end, { out, params, refuse }) {
    const { deployment, ledger: l } = state
    for (let i = begin; i < end; i++) {
      const d = rows.deployment[i]
      const denom = rows.denom[i]
      const amount = rows.amount[i]
      const atS = rows.atS[i]
      const wrong = refuseTime(state, atS)
      if (wrong !== undefined) {
        refuse(i, wrong)
        continue
      }
      if (!isOpen(deployment, d)) {
        refuse(i, "unknown_deployment")
        continue
      }
      const isOwn = denom === deployment.denom[d]
      if (!isOwn && !(denom === UAKT && breakerAt(state, params, atS).status === STATUS_HALT_CR)) {
        refuse(i, "wrong_denom")
        continue
      }
      if ((isOwn ? deployment.funds[d] : deployment.fundsUakt[d]) + amount > MICRO_MAX) {
        refuse(i, "deposit_too_large")
        continue
      }
      if (!canPay(l, tokenOf(denom), l.account.public, amount)) {
        refuse(i, "insufficient_balance")
        continue
      }
      const to = out.DeploymentFunded
      const r = addRow(to)
      to.deployment[r] = d
      to.denom[r] = denom
      to.amount[r] = amount
      to.atS[r] = atS
      if (deployment.state[d] !== OVERDRAWN) continue
      const height = heightAt(state, atS)
      const s = settleAccount(state, d, height, isOwn ? amount : 0)
      settleByAkt(state, params, d, s, atS, isOwn ? 0 : amount)
      writeSettled(out, s, height, atS)
      for (let k = 0; k < s.payments; k++) writePayOut(state, params, out, s, k)
      if (!s.isOverdrawn) writeDeploymentClosed(out, d, false, atS)
    }
  },

  CloseDeployment(state, rows, begin, end, { out, params, refuse }) {
    const { deployment } = state
    for (let i = begin; i < end; i++) {
      const d = rows.deployment[i]
      const atS = rows.atS[i]
      const wrong = refuseTime(state, atS)
      if (wrong !== undefined) refuse(i, wrong)
      else if (!isOpen(deployment, d)) refuse(i, "unknown_deployment")
      else if (deployment.state[d] === OVERDRAWN) refuse(i, "deployment_closed")
      else {
        const at = { height: heightAt(state, atS), atS }
        const s = settleOrEnd(state, params, out, d, at, -1, OWNER)
        if (s.isOverdrawn) continue
        if (!isLostCall(params, s)) for (let k = 0; k < s.payments; k++) writePayOut(state, params, out, s, k)
        writeLeasesClosed(state, out, d, OWNER, -1, OWNER, at)
        writeDeploymentClosed(out, d, false, atS)
      }
    }
  },
}
