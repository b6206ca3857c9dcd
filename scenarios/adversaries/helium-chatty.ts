/** Gateways that beacon again and again within one interval. */
import { always, at, change, days, hours, reads, scenario } from "../vocabulary.ts"

export default scenario({
  name: "helium-chatty",
  question: "What does a chatty gateway earn, before and after one beacon an interval is checked?",
  sources: ["oracles@824f7724 iot_verifier poc.rs: IrregularInterval"],
  choices: ["That the check was ever absent is a what-if, not history. Four beacons an interval are an assumption."],
  begins: "2025-11-10T00:00:00Z",
  lasts: days(5),
  seed: 600,
  epoch: hours(6),
  networks: { helium: { nodes: 2000, preset: "SOL-HNT", change: { chattyPermille: 50, scheduleChecked: 0 } } },
  incident: { onset: "2025-11-11T00:00:00Z" },
  timeline: [at("2025-11-11T00:00:00Z", "one beacon an interval", change("helium", "scheduleChecked", 1))],
  watch: ["helium.cheater.incomePermille"],
  expect: [always("rewards_equal_postings"), reads("helium.cheater.incomePermille", "last", { atMost: 2500 }, "run")],
})
