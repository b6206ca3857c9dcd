/** Events change the state here: total, silent, and blind to anything but their rows. */
import type { Evolve } from "../../kernel/network.ts"
import { holderOf, ISSUANCE, postCell } from "../../ledger/ledger.ts"
import type { Events } from "./events.ts"
import type { State } from "./state.ts"

export const evolve: Evolve<State, Events> = {
  NodeJoined({ node: nodes, total }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      nodes.joined[node] = 1
      nodes.heardS[node] = rows.atS[i]
      total.joined[0]++
    }
  },

  ProofAccepted({ node: nodes, total }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      nodes.heardS[node] = rows.atS[i]
      nodes.proofs[node]++
      nodes.dayProofs[node]++
      total.proofs[0]++
      total.dayProofs[0]++
      total.silent[0] -= nodes.silent[node]
      nodes.silent[node] = 0
    }
  },

  NodeFellSilent({ node: nodes, total }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      nodes.silent[rows.node[i]] = 1
      total.silent[0]++
    }
  },

  AlarmRaised({ total }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      total.alarmed[0] = 1
      total.alarmS[0] = rows.atS[i]
      total.alarms[0]++
    }
  },

  AlarmCleared({ total }, _rows, begin, end) {
    for (let i = begin; i < end; i++) total.alarmed[0] = 0
  },

  PoolMinted({ ledger: l }, rows, begin, end) {
    for (let i = begin; i < end; i++) postCell(l, "token", ISSUANCE, l.account.rewards, rows.amount, i)
  },

  NodePaid({ ledger: l }, rows, begin, end) {
    for (let i = begin; i < end; i++) postCell(l, "token", l.account.rewards, holderOf(l, rows.node[i]), rows.amount, i)
  },

  DayClosed({ node: nodes, total, ledger: l }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      postCell(l, "token", l.account.rewards, l.account.treasury, rows.dust, i)
      nodes.dayProofs.fill(0)
      total.dayProofs[0] = 0
    }
  },
}
