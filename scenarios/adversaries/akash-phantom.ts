/** Providers that exist on the chain only: they underbid, win, collect, and run nothing. */
import { always, at, change, days, hours, reads, scenario } from "../vocabulary.ts"

export default scenario({
  name: "akash-phantom",
  question:
    "What does a provider earn that wins leases by half the price and runs nothing, before tenants tell each other and after?",
  sources: [
    "AEP-86 (draft: bonds of providers; none is on chain)",
    "akash-network/node@3efe26bf x/provider: registration costs gas only; audited attributes are the one defence",
  ],
  choices: [
    "One provider in ten is a phantom, and asks half of what its margin would; no auditor signs it. Assumptions.",
    "Tenants notice after 15 minutes on average and take another provider next time; from the second day on all shun who had three complaints.",
    "Income is what was collected, costs not taken off.",
  ],
  begins: "2026-07-01T00:00:00Z",
  lasts: days(6),
  seed: 31,
  epoch: hours(6),
  networks: { akash: { nodes: 60, preset: "v2.1-2026-06-11", change: { phantomPermille: 100 } } },
  incident: { onset: "2026-07-02T00:00:00Z" },
  timeline: [at("2026-07-02T00:00:00Z", "complaints are told", change("akash", "shunAfter", 3))],
  watch: [
    "akash.cheater.incomePermille",
    "akash.tenant.lostShare",
    "akash.tenant.lost90",
    "akash.tenant.lost99",
    "akash.provider.shunned",
  ],
  expect: [
    always("no_token_from_nowhere"),
    reads("akash.cheater.incomePermille", "last", { atLeast: 1, atMost: 250 }, "run"),
    reads("akash.provider.shunned", "last", { atLeast: 3 }, "run"),
  ],
})
