/** Commands become events or refusals: read, refuse, write. */
import type { Decide } from "../../kernel/network.ts"
import { addRow } from "../../kernel/table.ts"
import type { Commands, Refusal } from "./commands.ts"
import type { Events } from "./events.ts"
import type { NewcomerParams } from "./params.ts"
import type { State } from "./state.ts"

export const decide: Decide<State, Commands, Events, NewcomerParams, Refusal> = {
  JoinNetwork({ node: nodes }, rows, begin, end, { out, refuse }) {
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      if (node >= nodes.length) refuse(i, "unknown_node")
      else if (nodes.joined[node] === 1) refuse(i, "already_joined")
      else {
        const to = out.NodeJoined
        const r = addRow(to)
        to.node[r] = node
        to.atS[r] = rows.atS[i]
      }
    }
  },

  SubmitProof({ node: nodes }, rows, begin, end, { out, params, refuse }) {
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const atS = rows.atS[i]
      if (node >= nodes.length) refuse(i, "unknown_node")
      else if (nodes.joined[node] === 0) refuse(i, "not_joined")
      else if (atS < earliest(nodes, node, params.proveEverySeconds)) refuse(i, "proof_too_soon")
      else {
        const to = out.ProofAccepted
        const r = addRow(to)
        to.node[r] = node
        to.atS[r] = atS
      }
    }
  },
}

/** The first proof may come at once; every other keeps its distance from the one before. */
const earliest = (nodes: State["node"], node: number, everySeconds: number): number =>
  nodes.proofs[node] === 0 ? nodes.heardS[node] : nodes.heardS[node] + everySeconds
