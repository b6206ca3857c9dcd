/** What may be asked of newcomer, and why it may be refused. */
import { command } from "../../kernel/row-type.ts"
import { nodeIndex, seconds } from "../../kernel/unit.ts"

export const commands = {
  JoinNetwork: command("An operator puts a node on the network.", { node: nodeIndex, atS: seconds }, ["NodeJoined"]),
  SubmitProof: command("A node shows that it works.", { node: nodeIndex, atS: seconds }, ["ProofAccepted"]),
} as const
export type Commands = typeof commands

/** Refusals, in their order of precedence within a command. */
export const refusals = {
  unknown_node: "There is no such node in this world.",
  already_joined: "The node is on the network already.",
  not_joined: "The node has not joined.",
  proof_too_soon: "The node proved itself a short while ago, or later than this.",
} as const
export type Refusal = keyof typeof refusals
