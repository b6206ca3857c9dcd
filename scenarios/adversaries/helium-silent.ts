/** Gateways that witness and never beacon. */
import { always, at, change, days, hours, reads, scenario } from "../vocabulary.ts"

export default scenario({
  name: "helium-silent",
  question: "What does a silent gateway earn, before and after reciprocity (HIP-106)?",
  sources: ["HIP-106; HIP-42 counts about 14 % that did not beacon as intended"],
  choices: ["How many are silent is an assumption: 50 ‰."],
  begins: "2025-11-10T00:00:00Z",
  lasts: days(6),
  seed: 1060,
  epoch: hours(6),
  networks: { helium: { nodes: 2000, preset: "SOL-HNT", change: { silentPermille: 50, reciprocitySeconds: 0 } } },
  incident: { onset: "2025-11-11T00:00:00Z" },
  timeline: [at("2025-11-11T00:00:00Z", "HIP-106: within 48 hours", change("helium", "reciprocitySeconds", 172_800))],
  watch: ["helium.cheater.incomePermille"],
  expect: [always("rewards_equal_postings"), reads("helium.cheater.incomePermille", "last", { atMost: 500 }, "run")],
})
