/** Providers that underbid, win, and close the lease an hour later. */
import { always, at, change, days, hours, reads, scenario } from "../vocabulary.ts"

export default scenario({
  name: "akash-bait",
  question:
    "What does bait and close earn, and what do tenants lose by it, with complaints that nobody hears and with complaints that all do?",
  sources: [
    "AEP-82 (2026-06-11: reclamation windows, the chain's own defence: sweep windowSeconds with demandsNotice 1)",
    "akash-network/node@3efe26bf x/market: a provider may close its lease at any time; its group is paused until the tenant acts",
  ],
  choices: [
    "One provider in ten, at half its price, stays an hour. Assumptions: nobody has counted them.",
    "With a window of a day nearly all of them serve until their tenants leave, and earn more than the honest: the rule makes cheap providers of them (--set akash.windowSeconds=86400 --set akash.demandsNotice=1).",
  ],
  begins: "2026-07-01T00:00:00Z",
  lasts: days(6),
  seed: 32,
  epoch: hours(6),
  networks: { akash: { nodes: 60, preset: "v2.1-2026-06-11", change: { baiterPermille: 100 } } },
  incident: { onset: "2026-07-02T00:00:00Z" },
  timeline: [at("2026-07-02T00:00:00Z", "complaints are told", change("akash", "shunAfter", 3))],
  watch: ["akash.cheater.incomePermille", "akash.tenant.lostShare", "akash.tenant.lost90", "akash.closed.provider"],
  expect: [always("no_token_from_nowhere"), reads("akash.cheater.incomePermille", "last", { atMost: 500 }, "run")],
})
