/** Demand for leases falls by three quarters: providers who no longer cover their costs leave, and come back when it does. */
import { always, at, change, days, keeps, parameter, percent, reads, scenario } from "../vocabulary.ts"

export default scenario({
  name: "akash-shakeout",
  question:
    "When three quarters of new tenants stay away for two months, how many providers leave, and do those tenants who stay notice?",
  sources: [
    "shared fact sheet on prices and demand 4.5: new leases 61,000 a quarter to 27,000 within a year; providers 69 to 58",
    "the same, 6.2 (colocation at 200 USD a kW and month) and 6.3 (leave only below cash cost)",
  ],
  choices: [
    "Patience of two weeks give or take half, and one week of twice the cost to come: shorter than found (12 weeks), so that it fits a run of four months.",
    "Who leaves closes its leases; their groups are paused and their tenants move on. Prices do not move with it.",
  ],
  begins: "2026-07-01T00:00:00Z",
  lasts: days(120),
  seed: 34,
  epoch: days(1),
  networks: {
    akash: {
      nodes: 40,
      preset: "v2.1-2026-06-11",
      change: { operatorsReact: 1, exitAfterDays: 14, enterAfterDays: 7, enterAbovePermille: 300 },
    },
  },
  incident: { onset: days(20), mainRecovery: days(80), fullRecovery: days(80) },
  timeline: [
    at(days(20), "tenants stay away", change("akash", "demandPermille", 250)),
    at(days(80), "they are back", change("akash", "demandPermille", 1000)),
  ],
  sweep: [
    parameter("akash", "providerCostMilliUsdPerDay", "cash cost of a provider and day, 0.001 USD", [30_000, 60_000, 120_000]),
    parameter("akash", "exitAfterDays", "days of loss that providers bear", [7, 14, 28, 84]),
  ],
  watch: ["akash.operator.away", "akash.operator.margin", "akash.leases.open", "akash.pair.paid", "akash.tenant.lost99"],
  expect: [
    always("no_token_from_nowhere"),
    reads("akash.operator.away", "highest", { atLeast: 10 }, "window"),
    keeps("akash", percent(95)),
  ],
})
