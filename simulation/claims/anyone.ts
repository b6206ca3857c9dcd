/**
 * Claim 7: anyone can take part. Time from nothing to a first reward: measured by machine on the testnet, bounded from below by each network's
 * rules, and with people not measured at all, which the verdict says.
 */
import { scenarioOf, type Arena } from "./arena.ts"
import { judged, type Ask } from "./ask.ts"
import type { Boundary, Judged, Threshold } from "./claim.ts"
import { over } from "./ladder.ts"
import { joinCase, joinChoices, joinTable, readFirstReward } from "./measured-join.ts"
import type { CourseAsk } from "./trials.ts"

/** The line that people would be held to: a month from an empty hand to a first reward. Nobody has tried. */
const A_MONTH: Threshold = { at: 30 * 24, side: "at most" }

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
  const measured = readFirstReward()
  const byMachine = joinCase(measured)
  const byPeople = stages.map((a): Judged =>
    judged(a, "a person with an empty hand", over([]), A_MONTH, "by people on the live network: nobody has measured it", "hours"),
  )
  return {
    id: "anyone-can-take-part",
    words: "anyone can take part",
    question: "How long does it take from nothing to a first reward?",
    experiment: `By machine: ${measured.seconds.length} node processes joined a testnet of this project and waited for a first reward. By people, on ${stages.length} live networks: not run, and undecided. And from the rules alone: hours from the first minute of a network to its first payment to anybody`,
    rule: "By machine: a minute at most, the testnet’s goal from before it was measured, whole interval over the joins. By people: a month at most; a case that nobody has measured has no figure and is undecided, so that the claim cannot come out as “holds” while people have not been asked. The floor by the rules decides nothing.",
    figure: {
      what: `wall time from starting a node process to its first reward, on a testnet of this project at ${measured.speed} times the protocol’s clock`,
      estimate: byMachine.estimate,
      unit: "hours",
      range: `95 % interval over ${measured.seconds.length} joins`,
    },
    threshold: A_MONTH,
    measured: "time to the first reward",
    unit: "hours",
    bars: "The bar is a 95 % interval over joins; what was not measured has no dot",
    cases: [byMachine, ...byPeople],
    boundary: stages.map((a, k): Boundary => ({
      axis: "from the first minute of a network until anybody at all is paid, whole hours",
      network: a.id,
      at: over(hours[k]),
      unit: "hours",
      how: "simulated; it speaks of the rules, not of people",
    })),
    boundaryTitle: "A floor by the rules alone, which decides nothing",
    panels: [],
    tables: [
      joinTable(measured),
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
      ...joinChoices(measured),
      "Not in it: buying hardware, collateral and stake, installing, sealing, waiting for a first customer, failing and asking for help.",
      "What would decide it: thirty people, each beginning with an empty machine and ending with a first reward in a wallet, on each network.",
    ],
    sources: ["the networks' own rules, as in their folders", "docs/internals/testnet-figures.md"],
  }
}
