/** Owners buy credits and send traffic to themselves. */
import { always, at, change, days, hours, reads, scenario } from "../vocabulary.ts"

export default scenario({
  name: "helium-milking",
  question: "What does data milking earn, before and after HIP-10 pays traffic no more than it cost?",
  sources: ["HIP-10: in August 2020, $145 of credits drew about $21,000 of HNT", "var-38, 2020-08-12"],
  choices: [
    "Credits spent on oneself are taken off the income at the oracle price. A dollar a day and hotspot is an assumption.",
  ],
  begins: "2025-11-10T00:00:00Z",
  lasts: days(5),
  seed: 10,
  epoch: hours(6),
  networks: { helium: { nodes: 2000, preset: "SOL-HNT", change: { milkingPermille: 50, dataPegged: 0 } } },
  incident: { onset: "2025-11-11T00:00:00Z" },
  timeline: [at("2025-11-11T00:00:00Z", "HIP-10: credits earn what they cost", change("helium", "dataPegged", 1))],
  watch: ["helium.cheater.incomePermille"],
  expect: [always("rewards_equal_postings"), reads("helium.cheater.incomePermille", "last", { atMost: 30_000 }, "run")],
})
