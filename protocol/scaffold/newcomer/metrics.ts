/** What is read off newcomer's state: once an epoch for the network, once a run for each node. */
import type { Metric, NodeMeasure } from "../../kernel/network.ts"
import { balance, holderOf, supply } from "../../ledger/ledger.ts"
import type { State } from "./state.ts"

export const metrics: Readonly<Record<string, Metric<State>>> = {
  "node.joined": {
    unit: "nodes",
    because: "Nodes on the network.",
    kind: "gauge",
    of: ({ total }) => total.joined[0],
  },
  "node.silent": {
    unit: "nodes",
    because: "Nodes held to be away.",
    kind: "gauge",
    of: ({ total }) => total.silent[0],
  },
  "proof.accepted": {
    unit: "proofs",
    because: "Proofs that counted.",
    kind: "counter",
    of: ({ total }) => total.proofs[0],
  },
  "alarm.raised": {
    unit: "alarms",
    because: "Times the network held that an incident had begun.",
    kind: "counter",
    of: ({ total }) => total.alarms[0],
  },
  "reward.paid": {
    unit: "token units",
    because: "Paid to nodes.",
    kind: "counter",
    of: ({ ledger: l }) => Number(supply(l, "token") - balance(l, "token", l.account.treasury)),
  },
}

export const nodeMeasures: Readonly<Record<string, NodeMeasure<State>>> = {
  proofs: {
    unit: "proofs",
    because: "Proofs that counted.",
    of: ({ node: nodes }, node) => nodes.proofs[node],
  },
  earned: {
    unit: "token units",
    because: "Rewards it has got.",
    isIncome: true,
    of: ({ ledger: l }, node) => Number(balance(l, "token", holderOf(l, node))),
  },
}
