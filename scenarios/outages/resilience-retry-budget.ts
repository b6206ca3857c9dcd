/** The retry storm that does not come: the same hour without three hotspots in five, where clients keep a budget for second tries. */
import { at, hours, kill, keeps, minutes, percent, reads, scenario, share } from "../vocabulary.ts"

export default scenario({
  name: "resilience-retry-budget",
  question:
    "When three in five of a network's nodes are gone for an hour and clients try again, does service come back with the nodes, where second tries have a budget?",
  sources: ["Bronson et al., HotOS 2021; Huang et al., OSDI 2022 (metastable failures)", "resilience-science §7"],
  choices: [
    "A hotspot serves three fifths more than it is asked for on average, a little more than in the busiest hour; nine failed requests in ten are tried again. Both are assumptions, chosen where the storm can come.",
    "Second tries are 2 % of first ones at most, what has expired is not answered, and the door turns away what the queue cannot hold.",
  ],
  begins: "2026-07-01T00:00:00Z",
  lasts: hours(42),
  seed: 6014,
  epoch: minutes(30),
  networks: {
    helium: {
      nodes: 300,
      preset: "SOL-HNT+resilience",
      change: {
        blackStart: 0,
        placedItemsPermille: 0,
        receiptKeepSeconds: 0,
        diversityBetaMilli: 0,
        serviceUnitsPerNode: 3200,
        serviceRetryPermille: 900,
        brownOutPermille: 0,
      },
    },
  },
  incident: { onset: "2026-07-01T19:00:00Z", mainRecovery: "2026-07-01T20:00:00Z", fullRecovery: "2026-07-02T12:00:00Z" },
  timeline: [at("2026-07-01T19:00:00Z", "three hotspots in five go", kill("helium", share(percent(60)), { for: hours(1) }))],
  watch: ["helium.resilience.work.queued", "helium.resilience.work.late", "helium.resilience.retry.waiting"],
  expect: [
    keeps("helium", percent(97), "run"),
    reads("helium.resilience.retry.waiting", "last", { atMost: 1000 }, "run"),
    reads("helium.resilience.work.late", "total", { atMost: 0 }, "run"),
  ],
})
