/** What the resilience mechanisms mean in Akash. All of it is a what-if: its chain has none of them. */
import type { Hooks } from "../../resilience/embed/hooks.ts"
import type { State } from "./state.ts"

export const hooks: Hooks<State> = {
  because: {
    penalty: "A provider's own watchdog gives up the lease of machines that are away: under grace it waits (inhabit.ts).",
    reward: "No pool pays providers: tenants do. There is nothing to split by diversity, and the mechanism changes nothing here.",
    work: "Leases held.",
    ledger: "Two thirds of the validators' power: workloads run on without the chain, and receipts wait.",
  },
  penalties: [],
  rewards: [],
  placed: {
    because: "A workload with one standby on a provider that does not share its fate.",
    needed: 1,
    pieces: 2,
    units: 4,
    hasSource: 0,
  },
  workOf: ({ provider }, node) => provider.leases[node],
  ledger: { facility: "validators", isHalted: ({ chain }) => chain.halted[0] === 1 },
}
