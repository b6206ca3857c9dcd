/** A quiet year: nothing fails. What coverage earns, and the measure every outage is held against. */
import { always, days, keeps, percent, scenario } from "../vocabulary.ts"

export default scenario({
  name: "helium-year",
  question: "In a year in which nothing fails, what do 10,000 hotspots prove, carry and earn?",
  sources: ["protocol/networks/helium/params.ts: every rule with its HIP"],
  choices: [
    "The HNT price, IoT's share of the emission and the traffic stay as they were in November 2025: an assumption that makes years comparable.",
  ],

  begins: "2025-08-01T00:00:00Z",
  lasts: days(365),
  seed: 365,
  epoch: days(1),

  networks: { helium: { nodes: 10_000, preset: "SOL-HNT" } },
  watch: ["helium.coverage.proved", "helium.reward.paid", "helium.hotspot.active"],
  expect: [always("emission_is_accounted"), keeps("helium", percent(99), "run")],
})
