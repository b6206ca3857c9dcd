/** The same hotspots, the same traffic, the same luck: four regimes of one network, and a night without its ledger in each. */
import { always, at, days, hinder, hours, keeps, reads, percent, permille, regimes, repair, scenario } from "../vocabulary.ts"

export default scenario({
  name: "helium-regimes",
  question:
    "The same 10,000 hotspots under Helium's four regimes: who earns, how concentrated is it, and what does an outage cost?",
  sources: [
    "protocol/networks/helium/presets.ts: every dated change with its source",
    "helium/miner@8fb98b42 audit, helium/oracles@824f7724, helium-program-library@145947ee and @af2f8968, HIP-149",
  ],
  choices: [
    "All four run on the same days of November 2025, so that the world is one; daily amounts are that date's, the old chain's its own month. Shares and inequality can be compared between regimes, amounts cannot.",
    "L1-2020 is taken as of January 2023, its last form with challenges: its first months had no density rule and another split.",
    "Each regime begins where SOL-HNT leaves off, a day and a half in: reciprocity is met.",
    "The outage is invented: the settlement ledger away for ten hours over a midnight. Hotspots and their users do not notice it.",
    "Prices and traffic are the same in all: SOL-HNT's.",
    "Every place has a Mobile radio too, an assumption, and the geofence is lifted, so that it may stand anywhere. L1-2020 pays Mobile nothing: it had none.",
  ],
  begins: "2025-11-10T00:00:00Z",
  lasts: days(6),
  seed: 149,
  epoch: hours(2),
  networks: {
    helium: {
      nodes: 10_000,
      preset: "SOL-HNT",
      change: {
        hntPriceE8Usd: 215_100_000,
        claimEveryDays: 0,
        transferEverySeconds: 14_400,
        mobileRadiosPermille: 1000,
        mobileHexesPerRadio: 50,
        mobileGeofence: 0,
        mobileCreditsPerGigabyte: 50_000,
      },
    },
  },
  incident: { onset: "2025-11-11T12:00:00Z" },
  timeline: [
    at("2025-11-13T20:00:00Z", "the ledger halts", hinder("helium", "ledger", { serves: percent(0) })),
    at("2025-11-14T06:00:00Z", "the ledger is back", repair("helium", "ledger")),
  ],
  sweep: [regimes("helium", "regime", ["L1-2020/2022-08-01", "SOL-DNT", "SOL-HNT", "HIP149"])],
  watch: ["helium.reward.paid", "helium.epoch.late", "helium.emission.lost"],
  expect: [
    always("emission_is_accounted"),
    always("waiting_epochs_keep_their_shares"),
    keeps("helium", permille(999), "run"),
    reads("helium.epoch.late", "total", { atLeast: 1, atMost: 1 }, "run"),
    reads("helium.emission.lost", "total", { atMost: 0 }, "run"),
  ],
})
