/** What has happened on newcomer: facts, in the past tense, each with its own time. */
import { event } from "../../kernel/row-type.ts"
import { amount, count, nodeIndex, seconds } from "../../kernel/unit.ts"

export const events = {
  NodeJoined: event("A node is on the network.", { node: nodeIndex, atS: seconds }),
  ProofAccepted: event("A node has shown that it works.", { node: nodeIndex, atS: seconds }),
  NodeFellSilent: event("A node proved nothing for too long.", { node: nodeIndex, atS: seconds }),
  AlarmRaised: event("So many nodes are silent that something must have happened.", { silent: count, atS: seconds }),
  AlarmCleared: event("Enough nodes are heard again.", { silent: count, atS: seconds }),
  PoolMinted: event("A day's reward exists.", { amount, atS: seconds }),
  NodePaid: event("A node has its share of the day's reward.", { node: nodeIndex, amount, atS: seconds }),
  DayClosed: event("What no node got goes to the treasury, and a new day is counted.", { dust: amount, atS: seconds }),
} as const
export type Events = typeof events
