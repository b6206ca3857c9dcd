/** What the resilience mechanisms mean in Helium. All of it is a what-if: its network has none of them. */
import type { Hooks } from "../../resilience/embed/hooks.ts"
import type { State } from "./state.ts"

const COVERAGE = ["beacon", "witness"] as const

export const hooks: Hooks<State> = {
  because: {
    penalty: "None to soften: a hotspot that is away earns nothing for what it did not prove, and loses no stake.",
    reward: "A day's pools of beacons and witnesses; data is paid by what was carried, and is left alone.",
    work: "One for each hotspot that counts in the density map.",
    ledger: "The chain, or Solana: packets are routed without it, and receipts wait.",
  },
  penalties: [],
  rewards: (["day.pay_hotspots", "density.pay_late"] as const).flatMap((where) =>
    (["RewardPaid", "IotRewardPaid"] as const).map((event) => ({
      cadence: where.slice(0, where.indexOf(".")),
      line: where.slice(where.indexOf(".") + 1),
      event,
      columns: COVERAGE,
      because: "What hotspots are paid for proofs of coverage.",
    })),
  ),
  placed: {
    because: "A device's route: the hotspot that carries it, and one that stands by elsewhere.",
    needed: 1,
    pieces: 2,
    units: 1,
    hasSource: 0,
  },
  workOf: ({ hotspot }, node) => hotspot.active[node],
  ledger: { facility: "ledger", isHalted: ({ economy }) => economy.pacePermille[0] === 0 },
}
