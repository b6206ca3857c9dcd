/** Solana halts for five hours; twice more in the what-if, over a midnight. Hotspots go on. */
import { always, at, days, hinder, keeps, reads, minutes, parameter, permille, percent, repair, scenario } from "../vocabulary.ts"

export default scenario({
  name: "solana-2024-02-06",
  question: "When Solana halts, does Helium lose anything, or only time?",
  sources: [
    "Solana, 02-06-24 Mainnet Beta outage report (excerpt)",
    "helium-program-library calculate_utility_score: an epoch may be cranked for any past day (project's fact sheet, section 10.3)",
  ],
  choices: [
    "The halt's effect on Helium was not documented (UNVERIFIED): what is shown follows from the programs' code.",
    "It lasted from 09:53 to 14:55 and crossed no midnight, so no epoch was late. A second halt, twelve hours later and as long, is invented to show one.",
    "Helium counts about five hours, the incident record 302 minutes: the record is taken.",
    "A cron tries again every half hour; the rewarder's own five minutes are not modelled.",
  ],
  begins: "2024-02-05T00:00:00Z",
  lasts: days(4),
  seed: 20240206,
  epoch: minutes(30),
  networks: { helium: { nodes: 10_000, preset: "SOL-DNT/2024-01-26" } },
  incident: {
    record: "solana-2024-02-06",
    onset: "2024-02-06T09:53:00Z",
    mainRecovery: "2024-02-06T14:55:00Z",
    fullRecovery: "2024-02-06T14:55:00Z",
  },
  timeline: [
    at("2024-02-06T09:53:00Z", "Solana halts", hinder("helium", "ledger", { serves: percent(0) })),
    at("2024-02-06T14:55:00Z", "consensus resumes", repair("helium", "ledger")),
    at("2024-02-06T21:53:00Z", "what if: it halts again", hinder("helium", "ledger", { serves: percent(0) })),
    at("2024-02-07T02:55:00Z", "what if: it resumes", repair("helium", "ledger")),
  ],
  sweep: [parameter("helium", "mintBreakerEpochs", "epochs that may be minted in a day", [1, 5])],
  watch: ["helium.epoch.waiting", "helium.epoch.late", "helium.credits.queued", "helium.emission.lost"],
  expect: [
    always("waiting_epochs_keep_their_shares"),
    always("queued_credits_are_held"),
    keeps("helium", permille(999), "window"),
    reads("helium.emission.lost", "total", { atMost: 0 }, "run"),
    reads("helium.epoch.late", "total", { atLeast: 1, atMost: 1 }, "run"),
    reads("helium.epoch.waiting", "last", { atMost: 0 }, "run"),
  ],
})
