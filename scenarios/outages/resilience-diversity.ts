/** The diversity bonus: the same pool of Helium's rewards, split so that a hotspot in a scarce country and system earns more. */
import { always, at, days, hours, keeps, kill, largest, parameter, percent, reads, restart, scenario } from "../vocabulary.ts"

const DARK = largest(1, "country")

export default scenario({
  name: "resilience-diversity",
  question:
    "What does a hotspot's proof of coverage earn where its country is scarce, when the same pool is split by diversity, and what in the country that has most?",
  sources: ["adversaries 7.2 and 7.3 (weight by share to the power of minus beta, clipped, lowest over kinds)"],
  choices: [
    "Helium has no such weight. Where a hotspot stands is what it declares: who lies about it is the adversaries' business.",
    "Nobody moves or joins for it within four days: what it buys in the long run is in protocol/resilience/README.md.",
  ],
  begins: "2026-07-01T00:00:00Z",
  lasts: days(4),
  seed: 6014,
  epoch: hours(12),
  networks: {
    helium: {
      nodes: 500,
      preset: "SOL-HNT+resilience",
      change: { blackStart: 0, placedItemsPermille: 0, receiptKeepSeconds: 0, diversityBetaMilli: 500, diversityKinds: 1 },
    },
  },
  incident: { onset: "2026-07-03T00:00:00Z", mainRecovery: "2026-07-03T12:00:00Z", fullRecovery: "2026-07-04T00:00:00Z" },
  timeline: [
    at("2026-07-03T00:00:00Z", "the largest country goes dark", kill("helium", DARK)),
    at("2026-07-03T12:00:00Z", "it is back", restart("helium", DARK)),
  ],
  sweep: [parameter("helium", "diversityBetaMilli", "how much scarcity is worth, beta x1000", [0, 500, 1000])],
  watch: ["helium.resilience.diversity.weightMin", "helium.resilience.diversity.weightMax", "helium.reward.paid"],
  expect: [
    always("resilience_debits_equal_credits"),
    reads("helium.resilience.diversity.weightMax", "highest", { atLeast: 1500, atMost: 3000 }, "run"),
    reads("helium.resilience.diversity.weightMin", "lowest", { atLeast: 500, atMost: 900 }, "run"),
    keeps("helium", percent(40)),
  ],
})
