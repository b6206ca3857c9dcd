/** The careless twin of the roll-out: one stage, no halt, no cap. One push takes the monoculture down. */
import { at, corrupt, days, hours, percent, reads, repair, scenario, loses } from "../vocabulary.ts"

export default scenario({
  name: "resilience-careless-push",
  question: "When the same bad release goes to every hotspot at once, how much is lost until the next release?",
  sources: ["resilience-science §8", "outages: Cloudflare 2025-11-18 and 2025-12-05, CrowdStrike 2024-07-19"],
  choices: [
    "The mechanisms are on but for the roll-out: one stage, no automatic halt, no cap on a version.",
    "A hotspot that a release breaks serves nothing until it runs another; its updater still works. Assumption.",
  ],
  begins: "2026-07-01T00:00:00Z",
  lasts: days(4),
  seed: 6014,
  epoch: hours(1),
  networks: {
    helium: {
      nodes: 600,
      preset: "SOL-HNT+resilience",
      change: { blackStart: 0, placedItemsPermille: 0, rolloutStages: 1, rolloutHaltPermille: 1000, versionCapPermille: 1000 },
    },
  },
  incident: { onset: "2026-07-03T06:00:00Z", mainRecovery: "2026-07-03T18:00:00Z", fullRecovery: "2026-07-04T12:00:00Z" },
  timeline: [
    at("2026-07-03T06:00:00Z", "a bad release", corrupt("helium", "client-release", { to: percent(80) })),
    at("2026-07-03T12:00:00Z", "a good one", repair("helium", "client-release")),
  ],
  watch: ["helium.resilience.release.broken", "helium.resilience.releases.adoptions"],
  expect: [
    reads("helium.resilience.release.broken", "highest", { atLeast: 420 }, "run"),
    reads("helium.resilience.release.broken", "last", { atMost: 0 }, "run"),
    loses("helium", percent(10)),
  ],
})
