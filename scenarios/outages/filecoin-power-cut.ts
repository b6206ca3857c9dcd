/** The grid with most storage behind it goes dark for thirty hours: power leaves deadline by deadline, then fees come. */
import {
  at,
  blackout,
  days,
  grid,
  hours,
  keeps,
  minutes,
  parameter,
  percent,
  recovers,
  restorePower,
  scenario,
  reads,
  stands,
} from "../vocabulary.ts"

export default scenario({
  name: "filecoin-power-cut",
  question:
    "When the power grid with more of Filecoin's storage on it than any other is out for thirty hours, how fast does proven power go, what does it cost, and who pays?",
  sources: [
    "geobeat.xyz/network/filecoin, November 2025 (24 countries, the largest 24 % of reachable nodes; 116 hosting organisations)",
    "filcensus.reiers.io, 2026-06-18 (267 operators, 1.71 EiB raw, 15.0 EiB quality-adjusted power)",
    "filecoin-project/builtin-actors@b0a3bdd6, actors/miner (deadline close, fault fees); FIP-0002 (the first missed proof is free)",
    "FIP-0086 (F3 needs two thirds of the power)",
  ],
  choices: [
    "No such outage is on record: place and length are made up. Thirty hours are a day in which every deadline is missed once, and six hours in which the fees begin.",
    "The grid is the world model's largest for storage: mainland China and Hong Kong as one synchronous area, 39.5 % of providers. That the largest country holds 24 % is published, which country it is and what Hong Kong holds is not: assumptions.",
    "One hall in two has generators; they last half a day at the median (150 minutes to 58 hours), and a hall shares them. Assumptions.",
    "Power comes back evenly over three hours. Providers declare their sectors recovered as soon as they can; one in twenty is lazy.",
    "Three copies of each object, placed and never repaired, are ours and not Filecoin's.",
  ],

  begins: "2026-11-16T00:00:00Z",
  lasts: days(4),
  seed: 20261116,
  epoch: minutes(30),

  networks: { filecoin: { nodes: 10_000, preset: "nv28-2026-05-27" } },

  incident: {
    onset: "2026-11-17T00:00:00Z",
    mainRecovery: "2026-11-18T06:00:00Z",
    fullRecovery: "2026-11-18T09:00:00Z",
  },

  timeline: [
    at("2026-11-17T00:00:00Z", "the grid goes dark", blackout("filecoin", grid("cn"))),
    at("2026-11-18T06:00:00Z", "power returns", restorePower("filecoin", grid("cn"), { over: hours(3) })),
  ],

  sweep: [parameter("filecoin", "replicas", "copies of each object", [1, 2, 3, 5])],
  watch: [
    "filecoin.power.qa",
    "filecoin.sectors.away",
    "filecoin.sectors.faulty",
    "filecoin.fee.fault",
    "filecoin.win.paid",
    "filecoin.f3.halted",
    "filecoin.epoch.null",
  ],

  expect: [
    // A forty-eighth of what is dark goes with each half hour, for a day; then only what generators held up until then.
    stands("filecoin.power.qa", minutes(30), { atLeast: percent(99), atMost: percent(99.9) }),
    stands("filecoin.power.qa", hours(12), { atLeast: percent(80), atMost: percent(90) }),
    stands("filecoin.power.qa", hours(24), { atLeast: percent(60), atMost: percent(75) }),
    // Each deadline has to come round again: a day after power is back, so is nearly all of what the chain counts.
    stands("filecoin.power.qa", hours(33), { atLeast: percent(60), atMost: percent(75) }),
    stands("filecoin.power.qa", hours(60), { atLeast: percent(95), atMost: percent(100) }),
    // 10,000 FIL at least before power is back, in microFIL; nobody is away for the 42 days that end a sector.
    reads("filecoin.fee.fault", "total", { atLeast: 10_000 * 1_000_000 }),
    reads("filecoin.fee.termination", "total", { atMost: 0 }, "run"),
    keeps("filecoin", percent(90)),
    recovers("filecoin", hours(4), "power returns"),
  ],
})
