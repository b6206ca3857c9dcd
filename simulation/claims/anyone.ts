/** Claim 7: anyone can take part. Time from nothing to a first reward wants people and machines; here only the protocols' own floor is known. */
import { ARENAS, scenarioOf, type Arena } from "./arena.ts"
import type { Ask } from "./ask.ts"
import type { Boundary } from "./claim.ts"
import { over } from "./ladder.ts"
import type { CourseAsk } from "./trials.ts"

const FIRST_PAID: Readonly<Record<string, { readonly metric: string; readonly days: number }>> = {
  helium: { metric: "reward.paid", days: 2 },
  filecoin: { metric: "reward.minted", days: 2 },
  render: { metric: "reward.paid", days: 9 },
  akash: { metric: "escrow.paid", days: 2 },
}

const askOf = (arena: Arena, seed: number): CourseAsk => {
  const { metric, days } = FIRST_PAID[arena.network]
  return {
    network: arena.network,
    metrics: [metric],
    scenario: scenarioOf({ arena: { ...arena, stepHours: 1 }, seed, steps: days * 24, timeline: [] }),
  }
}

export const anyone: Ask = async ({ arenas, trials }) => {
  const { seeds } = trials
  const stages = arenas.filter((a) => FIRST_PAID[a.network] !== undefined && a.id === a.network)
  const courses = await trials.courses(seeds.flatMap((seed) => stages.map((a) => askOf(a, seed))))
  const hours = stages.map((a, k) =>
    seeds.map((_, s) => {
      const first = courses[s * stages.length + k].epochs.find((e) => e[FIRST_PAID[a.network].metric] > 0)
      return first === undefined ? NaN : first.afterS / 3600
    }),
  )
  const nothing = over([])
  return {
    id: "anyone-can-take-part",
    words: "anyone can take part",
    question: "How long does it take from nothing to a first reward?",
    experiment: `Not run: it needs people or machines that install, join and are paid on the testnet. What is known is the protocols' own floor: hours from the first minute of a network to its first payment to anybody, on ${ARENAS.filter((a) => FIRST_PAID[a.network] !== undefined && a.id === a.network).length} networks`,
    rule: "None yet: with no case measured the verdict is “not measured”. The floor below is a bound from the rules alone: no participant can be paid sooner, and how much later is what is not known.",
    figure: { what: "time from nothing to a first reward: not measured", estimate: nothing, unit: "hours" },
    threshold: { at: 1, side: "below" },
    measured: "hours to the first reward",
    unit: "hours",
    cases: [],
    boundary: stages.map((a, k): Boundary => ({
      axis: "floor by the rules alone: hours until anybody is paid, whole hours",
      network: a.id,
      at: over(hours[k]),
      unit: "hours",
      how: "simulated; it speaks of the rules, not of people",
    })),
    panels: [],
    tables: [
      {
        name: "first_payment",
        because: "One row a network and seed: a floor, not a measurement of joining.",
        columns: [
          { name: "arena", unit: "name", because: "The network at its default size and rules." },
          { name: "seed", unit: "number", because: "Places and luck." },
          { name: "hours", unit: "h", because: "From the first minute to the end of the hour in which somebody was first paid." },
        ],
        rows: stages.flatMap((a, k) => hours[k].map((h, s) => [a.id, seeds[s], h])),
      },
    ],
    choices: [
      "Not in it: buying hardware, collateral and stake, installing, sealing, waiting for a first customer, failing and asking for help.",
      "A testnet can measure it: begin with an empty machine, end with the first reward in a wallet, thirty people. Until then nothing is claimed.",
    ],
    sources: ["the networks' own rules, as in their folders"],
  }
}
