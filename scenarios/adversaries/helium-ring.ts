/** Hotspots in one room say that they stand apart, and witness each other only. */
import { always, at, change, days, hours, reads, scenario } from "../vocabulary.ts"

export default scenario({
  name: "helium-ring",
  question: "What does a ring of witnesses earn for an honest hotspot's thousand, before and after the list of denied edges?",
  sources: [
    "adversaries fact sheet A1: five already reach the most a beacon can earn",
    "denylist@738247d7: terrain, distance and latency edges, weekly since 2023-08-21",
  ],
  choices: [
    "Who rings, how large rings are and how many edges the classifiers find are assumptions: 50 ‰, five, 900 ‰.",
    "Reciprocity (HIP-106) does not help: a ring satisfies it. The lag limit does not either: all of a room report at once.",
  ],
  begins: "2025-11-10T00:00:00Z",
  lasts: days(6),
  seed: 106,
  epoch: hours(6),
  networks: { helium: { nodes: 2000, preset: "SOL-HNT", change: { ringPermille: 50 } } },
  incident: { onset: "2025-11-11T00:00:00Z" },
  timeline: [
    at("2025-11-11T00:00:00Z", "the weekly list of edges is published on the third day", change("helium", "edgeListDays", 2)),
  ],
  watch: ["helium.cheater.incomePermille"],
  expect: [always("rewards_equal_postings"), reads("helium.cheater.incomePermille", "last", { atMost: 1500 }, "run")],
})
