/** What the resilience mechanisms mean in Render. All of it is a what-if: its network has none of them. */
import type { Hooks } from "../../resilience/embed/hooks.ts"
import type { State } from "./state.ts"

export const hooks: Hooks<State> = {
  because: {
    penalty: "None to soften: a node that is away loses its place in line and the frames in its memory, and no stake.",
    reward: "The week's pools of work and availability (RNP-001, RNP-015).",
    work: "OctaneBench of connected nodes.",
    ledger: "The control plane keeps the books: while it is away frames are rendered, and receipts wait.",
  },
  penalties: [],
  rewards: [
    {
      cadence: "hour",
      line: "closeEpoch",
      event: "RewardPaid",
      columns: ["job8", "availability8"],
      because: "What render nodes are paid for a week.",
    },
  ],
  placed: {
    because: "A frame: one node renders it, and it is rendered again from its scene where that node is lost.",
    needed: 1,
    pieces: 1,
    units: 1,
    hasSource: 1,
  },
  workOf: ({ node }, n) => (node.connected[n] === 1 ? node.ob[n] : 0),
  proves: ({ node }, n) => node.registered[n] === 0 || node.connected[n] === 1,
  ledger: { facility: "control-plane" },
}
