/** What the resilience mechanisms mean in Filecoin. All of it is a what-if: mainnet has none, but for the waiver of December 2020. */
import type { Hooks } from "../../resilience/embed/hooks.ts"
import type { State } from "./state.ts"

export const hooks: Hooks<State> = {
  because: {
    penalty: "The continued-fault fee, 3.51 days of expected reward a day (FIP-0002): waived by hand in December 2020.",
    reward:
      "The lottery of blocks: a win falls in proportion to power times weight. As many wins an epoch as before, each paid as before.",
    work: "Quality-adjusted power.",
    ledger: "Blocks: while consensus stands still retrievals go on, and receipts wait.",
  },
  penalties: [
    {
      cadence: "halfHour",
      line: "charge_fault_fees",
      event: "FaultFeeCharged",
      column: "feeAtto",
      because: "What a provider in a declared outage is charged for not proving.",
    },
  ],
  rewards: [],
  placed: {
    because: "An object that a client keeps with three providers, any of which can serve it.",
    needed: 1,
    pieces: 3,
    units: 32,
    hasSource: 0,
  },
  workOf: ({ miner }, node) => miner.qaGib[node],
  proves: ({ miner }, node) => miner.live[node] === 0 || miner.faulty[node] * 2 < miner.live[node],
  ledger: { facility: "consensus" },
}
