/** The flagship question: one provider fails worldwide for three hours. Who loses what? */
import {
  at,
  corrupt,
  days,
  hinder,
  hours,
  loses,
  minutes,
  nodesBehind,
  parameter,
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
  name: "cloudflare-2025-11-18",
  question:
    "When one Cloudflare-like provider fails, what do users lose on it, and what on a network of 10,000 independent hotspots?",
  sources: ["blog.cloudflare.com/18-november-2025-outage, 2025-11-18 (full text read in a copy)"],
  choices: [
    "Onset is 11:28 UTC, the time in the post's table, where errors meet customer traffic; the prose says 11:20.",
    "Workers KV goes round the core proxy at 13:05, the table's time; the prose says 13:04.",
    "How long the file was sometimes good was not published: the share of bad builds climbs from a half to all of them in 90 minutes, an assumption.",
    'How much of the traffic failed was not published ("the majority of core traffic"): 750 ‰, an assumption, and the result is shown from 500 to 1000 ‰.',
    "How much of a hotspot network stands behind such a provider is not known: 10 % of hotspots and 5 % of users, an assumption, and the result is shown from 0 to 1000 ‰.",
  ],

  begins: "2025-11-15T00:00:00Z",
  lasts: days(5),
  seed: 20251118,
  epoch: hours(1),
  fine: [{ from: "2025-11-18T11:00:00Z", to: "2025-11-18T17:30:00Z", every: seconds(60) }],

  networks: {
    cdn: { nodes: 330, preset: "cloudflare-2025-11-18" },
    helium: { nodes: 10_000, preset: "SOL-HNT" },
  },
  dependsOn: {
    helium: {
      on: "cdn",
      nodes: percent(10),
      users: percent(5),
      because:
        "assumption, range 0 to 100 %: homes seldom reach the oracles through such a provider, and a few applications receive their data behind it",
    },
  },

  incident: {
    record: "cloudflare-2025-11-18",
    onset: "2025-11-18T11:28:00Z",
    mainRecovery: "2025-11-18T14:30:00Z",
    fullRecovery: "2025-11-18T17:06:00Z",
  },

  timeline: [
    at("2025-11-18T11:28:00Z", "the first bad file", corrupt("cdn", "config-builder", { to: percent(100) })),
    at(
      "2025-11-18T11:29:00Z",
      "good and bad files in turn, ever more of them bad",
      corrupt("cdn", "config-builder", { from: percent(50), to: percent(100), over: minutes(90), every: minutes(5) }),
    ),
    at("2025-11-18T13:05:00Z", "Workers KV goes round the proxy", hinder("cdn", "kv-through-proxy", { serves: percent(0) })),
    at("2025-11-18T14:24:00Z", "no more new files", hinder("cdn", "config-builder", { serves: percent(0) })),
    at("2025-11-18T14:30:00Z", "the right file is out", repair("cdn", "config-builder")),
    at("2025-11-18T14:30:00Z", "some services wait for a restart", hinder("cdn", "late-services", { serves: percent(0) })),
    at(
      "2025-11-18T14:40:00Z",
      "the second wave: everybody logs in at once",
      hinder("cdn", "login", { serves: percent(0), for: minutes(50) }),
    ),
    at("2025-11-18T17:06:00Z", "the last services are restarted", repair("cdn", "late-services")),
    at("2025-11-18T17:06:00Z", "Workers KV goes through the proxy again", repair("cdn", "kv-through-proxy")),
  ],

  sweep: [
    nodesBehind("helium", "share of hotspots behind the provider", shares),
    usersBehind("helium", "share of users behind the provider", shares),
    parameter("cdn", "failingSharePermille", "share of requests that fail", [500, 600, 750, 900, 1000]),
  ],
  watch: ["helium.coverage.proved", "helium.reward.paid", "cdn.pops.broken", "cdn.incident.open"],

  expect: [
    loses("cdn", percent(25)),
    recovers("cdn", minutes(5), "the last services are restarted"),
    servesMoreThan("helium", "cdn"),
  ],
})
