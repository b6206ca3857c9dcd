/** A world small enough for a test, with a short incident in it: 300 hotspots, 30 points of presence, a day and a half. */
import { readScenario, type Scenario } from "../../protocol/boundary/scenario.ts"
import {
  at,
  corrupt,
  hours,
  kill,
  minutes,
  nodesBehind,
  parameter,
  percent,
  permille,
  repair,
  scenario,
  seconds,
  share,
} from "../../scenarios/vocabulary.ts"

const written = scenario({
  name: "small",
  question: "Does a run give the same hashes however it is run?",
  begins: "2025-11-17T18:00:00Z",
  lasts: hours(30),
  seed: 7,
  epoch: minutes(30),
  fine: [{ from: "2025-11-18T06:00:00Z", to: "2025-11-18T08:00:00Z", every: seconds(60) }],
  networks: { cdn: { nodes: 30 }, helium: { nodes: 300 } },
  dependsOn: {
    helium: { on: "cdn", nodes: percent(20), users: percent(10), because: "a test: enough for the coupling to show" },
  },
  incident: { onset: "2025-11-18T06:30:00Z", mainRecovery: "2025-11-18T07:30:00Z", fullRecovery: "2025-11-18T08:00:00Z" },
  timeline: [
    at("2025-11-18T06:30:00Z", "a bad file", corrupt("cdn", "config-builder", { to: percent(100) })),
    at("2025-11-18T06:40:00Z", "some hotspots stop", kill("helium", share(percent(10)), { for: minutes(90) })),
    at("2025-11-18T07:30:00Z", "the right file", repair("cdn", "config-builder")),
  ],
  sweep: [
    nodesBehind("helium", "share of hotspots behind the provider", [0, 200, 1000].map(permille)),
    parameter("cdn", "failingSharePermille", "share of requests that fail", [500, 1000]),
  ],
})

/** As it comes out of a file, with what a test changes. */
export const small = (changes: Partial<Scenario> = {}): Scenario =>
  readScenario(JSON.parse(JSON.stringify({ ...written, ...changes })))

/** Nothing fails, and every epoch is as long as every other. */
export const quiet = (everySeconds: number, days = 1): Scenario => {
  const { fine: _, incident: __, timeline: ___, sweep: ____, ...rest } = small()
  return readScenario({ ...rest, begins: "2025-11-17T00:00:00Z", lasts: { days }, epoch: { seconds: everySeconds } })
}
