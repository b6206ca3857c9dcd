/** Providers fill every order's places with bids and withdraw them before the tenant can choose. */
import { always, at, change, days, hours, loses, parameter, percent, reads, scenario } from "../vocabulary.ts"

export default scenario({
  name: "akash-bid-griefing",
  question:
    "Closed bids count toward an order's limit and deposits come back: how many griefers does it take until nobody finds a provider?",
  sources: [
    "akash-network/node@3efe26bf x/market: limit of bids with `>`, so 21 fit; closed bids count",
    "shared fact sheet on adversaries, E2: 1.5e-5 dollars an order",
  ],
  choices: [
    "100 providers; from noon on 30 of them bid first and withdraw. Below 21 nothing is to be seen: the limit is the threshold.",
    "A tenant looks at an order without bids for an hour and then asks anew. Nobody shuns a bidder that never won.",
  ],
  begins: "2026-07-01T00:00:00Z",
  lasts: days(2),
  seed: 33,
  epoch: hours(1),
  networks: { akash: { nodes: 100, preset: "v2.1-2026-06-11", change: { tenantsAtBegin: 6, arrivalsPerProviderDay: 3 } } },
  incident: { onset: hours(12), mainRecovery: hours(36), fullRecovery: hours(36) },
  timeline: [
    at(hours(12), "griefers bid", change("akash", "grieferPermille", 300)),
    at(hours(36), "they stop", change("akash", "grieferPermille", 0)),
  ],
  sweep: [parameter("akash", "orderMaxBids", "bids an order takes", [20, 40, 80])],
  watch: ["akash.leases.created", "akash.groups.waiting", "akash.tenants.without", "akash.tenant.lost99"],
  expect: [
    always("no_token_from_nowhere"),
    loses("akash", percent(5)),
    reads("akash.groups.waiting", "highest", { atLeast: 20 }, "window"),
  ],
})
