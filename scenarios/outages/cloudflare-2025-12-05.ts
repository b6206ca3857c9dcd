/** A short outage with published depth: 28 % of requests for 25 minutes. The model must give the published figure back. */
import {
  at,
  corrupt,
  hours,
  keeps,
  loses,
  minutes,
  nodesBehind,
  percent,
  permille,
  recovers,
  repair,
  scenario,
  seconds,
  servesMoreThan,
  usersBehind,
} from "../vocabulary.ts"

const shares = [0, 100, 250, 500, 750, 1000].map(permille)

export default scenario({
  name: "cloudflare-2025-12-05",
  question:
    "When a change reaches every point of presence within a minute and 28 % of requests fail, what is lost before it is taken back?",
  sources: ["blog.cloudflare.com/5-december-2025-outage, 2025-12-05 (timeline read in copies)"],
  choices: [
    "All times and the 28 % are as published.",
    "The over-long file of 18 November stands in for the nil lookup: in both, the module meets a value it was not written for.",
    "How much of a hotspot network stands behind such a provider is not known: 10 % of hotspots and 5 % of users, an assumption, and the result is shown from 0 to 1000 ‰.",
  ],

  begins: "2025-12-05T00:00:00Z",
  lasts: hours(24),
  seed: 20251205,
  epoch: hours(1),
  fine: [{ from: "2025-12-05T08:30:00Z", to: "2025-12-05T09:30:00Z", every: seconds(60) }],

  networks: {
    cdn: { nodes: 330, preset: "cloudflare-2025-12-05" },
    helium: { nodes: 10_000, preset: "SOL-HNT" },
  },
  dependsOn: {
    helium: {
      on: "cdn",
      nodes: percent(10),
      users: percent(5),
      because: "assumption, range 0 to 100 %: the same as on 18 November",
    },
  },

  incident: {
    record: "cloudflare-2025-12-05",
    onset: "2025-12-05T08:47:00Z",
    mainRecovery: "2025-12-05T09:12:00Z",
    fullRecovery: "2025-12-05T09:12:00Z",
  },

  timeline: [
    at("2025-12-05T08:47:00Z", "the change starts to spread", corrupt("cdn", "config-builder", { to: percent(100) })),
    at("2025-12-05T09:11:00Z", "the rollback starts to spread", repair("cdn", "config-builder")),
  ],

  sweep: [
    nodesBehind("helium", "share of hotspots behind the provider", shares),
    usersBehind("helium", "share of users behind the provider", shares),
  ],
  watch: ["cdn.pops.broken", "cdn.incident.open"],

  expect: [
    loses("cdn", percent(25)),
    keeps("cdn", percent(70)),
    recovers("cdn", minutes(2), "the rollback starts to spread"),
    servesMoreThan("helium", "cdn"),
  ],
})
