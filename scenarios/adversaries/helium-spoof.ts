/** Hotspots work where they stand and say that they stand in another city. */
import { always, at, change, days, hours, reads, scenario } from "../vocabulary.ts"

export default scenario({
  name: "helium-spoof",
  question: "What does a false location earn, before and after the 100 km limit of HIP-58?",
  sources: ["HIP-58; var-126, 2022-04-14"],
  choices: [
    "Where they say they are is a random place in the same country: an assumption. Free space limits them too: RSSI is checked before and after.",
  ],
  begins: "2025-11-10T00:00:00Z",
  lasts: days(5),
  seed: 58,
  epoch: hours(6),
  networks: { helium: { nodes: 2000, preset: "SOL-HNT", change: { spoofPermille: 50, distanceMaxKm: 1000 } } },
  incident: { onset: "2025-11-11T00:00:00Z" },
  timeline: [at("2025-11-11T00:00:00Z", "HIP-58: no farther than 100 km", change("helium", "distanceMaxKm", 100))],
  watch: ["helium.cheater.incomePermille"],
  expect: [always("rewards_equal_postings"), reads("helium.cheater.incomePermille", "last", { atMost: 700 }, "run")],
})
