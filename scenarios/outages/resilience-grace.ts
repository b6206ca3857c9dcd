/** Grace: a country goes dark for two days under Filecoin's providers; what their fault fees would have been is waived. */
import { always, at, days, hours, kill, largest, parameter, reads, restart, scenario } from "../vocabulary.ts"

const DARK = largest(1, "country")

export default scenario({
  name: "resilience-grace",
  question:
    "When the country with most of Filecoin's providers is dark for two days, what do they pay in fault fees with grace inside a declared outage, and what without?",
  sources: ["adversaries F1 to F3, 2026-11-22", "outages, filecoin-2020-12-19: penalties waived by hand"],
  choices: [
    "No such outage is on record: place, length and depth are made up.",
    "Grace is our mechanism; Filecoin has none. Its allowance (48 h in 90 days) and ramp are the defaults of protocol/resilience.",
  ],
  begins: "2026-07-01T00:00:00Z",
  lasts: days(5),
  seed: 6014,
  epoch: hours(2),
  networks: { filecoin: { nodes: 200, preset: "nv27-2025-09-24+resilience", change: { blackStart: 0, placedItemsPermille: 0 } } },
  incident: { onset: "2026-07-02T12:00:00Z", mainRecovery: "2026-07-04T12:00:00Z", fullRecovery: "2026-07-05T12:00:00Z" },
  timeline: [
    at("2026-07-02T12:00:00Z", "the country goes dark", kill("filecoin", DARK)),
    at("2026-07-04T12:00:00Z", "it comes back", restart("filecoin", DARK, { over: hours(2), curve: "exponential" })),
  ],
  sweep: [parameter("filecoin", "graceWaivedPermille", "share of a fee that grace waives, permille", [0, 500, 1000])],
  watch: ["filecoin.fee.fault", "filecoin.resilience.grace.seconds", "filecoin.resilience.outages.declared"],
  expect: [
    always("resilience_grace_is_counted"),
    reads("filecoin.resilience.outages.declared", "highest", { atLeast: 1, atMost: 2 }, "run"),
    reads("filecoin.resilience.grace.seconds", "total", { atLeast: 1 }),
    // In microFIL. Without grace it is more than 50,000 FIL (the sweep shows it).
    reads("filecoin.fee.fault", "total", { atMost: 100_000_000 }),
  ],
})
