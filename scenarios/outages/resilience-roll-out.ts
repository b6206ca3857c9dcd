/** A roll-out with canaries: a release that breaks four nodes in five reaches few of them. The careless one is its twin. */
import { at, corrupt, days, hours, minutes, percent, reads, repair, scenario, keeps, always } from "../vocabulary.ts"

export default scenario({
  name: "resilience-roll-out",
  question:
    "When the developers of hotspot software push a release that breaks four hotspots in five, how many break where it goes out in stages with canaries and halts by itself?",
  sources: ["resilience-science §8", "outages: Cloudflare 2025-11-18 and 2025-12-05, CrowdStrike 2024-07-19"],
  choices: [
    "Helium has no roll-out of this kind: stages, halt and cap are the defaults of protocol/resilience.",
    "A hotspot that a release breaks serves nothing until it runs another; its updater still works. Assumption.",
  ],
  begins: "2026-07-01T00:00:00Z",
  lasts: days(4),
  seed: 6014,
  epoch: hours(1),
  fine: [{ from: "2026-07-03T05:30:00Z", to: "2026-07-03T08:00:00Z", every: minutes(5) }],
  networks: {
    helium: {
      nodes: 600,
      preset: "SOL-HNT+resilience",
      change: { blackStart: 0, placedItemsPermille: 0, rolloutCanaryPermille: 20 },
    },
  },
  incident: { onset: "2026-07-03T06:00:00Z", mainRecovery: "2026-07-03T18:00:00Z", fullRecovery: "2026-07-04T12:00:00Z" },
  timeline: [
    at("2026-07-03T06:00:00Z", "a bad release", corrupt("helium", "client-release", { to: percent(80) })),
    at("2026-07-03T12:00:00Z", "a good one", repair("helium", "client-release")),
  ],
  watch: ["helium.resilience.release.broken", "helium.resilience.releases.halted", "helium.resilience.releases.adoptions"],
  expect: [
    always("resilience_release_nodes_are_counted"),
    reads("helium.resilience.release.broken", "highest", { atLeast: 1, atMost: 30 }, "run"),
    reads("helium.resilience.releases.halted", "total", { atLeast: 1 }, "run"),
    reads("helium.resilience.release.broken", "last", { atMost: 0 }, "run"),
    keeps("helium", percent(97)),
  ],
})
