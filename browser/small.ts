/** Small runs that the browser's tests play: an outage with everything, and the economy. */
import { at, change, corrupt, hours, kill, minutes, percent, repair, scenario, share } from "../scenarios/vocabulary.ts"

export const OUTAGE = scenario({
  question: "Does the page come to the same bits?",
  begins: "2025-11-17T20:00:00Z",
  lasts: hours(8),
  seed: 22,
  epoch: minutes(30),
  networks: { cdn: { nodes: 20 }, helium: { nodes: 120 } },
  dependsOn: { helium: { on: "cdn", nodes: percent(30), users: percent(10), because: "a test" } },
  incident: { onset: "2025-11-17T22:00:00Z", mainRecovery: "2025-11-17T22:30:00Z" },
  timeline: [
    at(
      "2025-11-17T22:00:00Z",
      "a bad file",
      corrupt("cdn", "config-builder", { from: percent(20), to: percent(100), over: minutes(20) }),
    ),
    at("2025-11-17T22:05:00Z", "some stop", kill("helium", share(percent(25)), { for: minutes(40) })),
    at("2025-11-17T22:10:00Z", "worse", change("cdn", "failingSharePermille", 900)),
    at("2025-11-17T22:30:00Z", "the right file", repair("cdn", "config-builder")),
  ],
})

/** Ninety days of the economy; `nodes` and parameters as wanted. */
export const economyOf = (nodes: number, change: Readonly<Record<string, number>> = {}, days = 90) => ({
  question: "Who gains?",
  begins: "2026-01-01T00:00:00Z",
  lasts: { days },
  seed: 7,
  epoch: { days: 1 },
  networks: { economy: { nodes, change } },
})
