/** A hosting provider is away for half a day: power leaves deadline by deadline, blocks at once, and comes back a day later. */
import {
  at,
  days,
  disconnect,
  hours,
  keeps,
  largest,
  minutes,
  parameter,
  percent,
  reconnect,
  recovers,
  scenario,
} from "../vocabulary.ts"

export default scenario({
  name: "filecoin-host-12h",
  question:
    "When the largest hosting company of 10,000 storage providers is cut off for twelve hours, how much proven power goes, who pays, and when is it back?",
  sources: [
    "filecoin-project/builtin-actors@b0a3bdd6, actors/miner (deadline close, fault fees)",
    "FIP-0002 (the first missed proof is free), FIP-0086 (F3)",
  ],
  choices: [
    "No such outage is on record: place, length and depth are made up; twelve hours meet half of every provider's deadlines.",
    "The largest of 116 hosts holds 8 % of providers: how the published 21 % of the largest three divide is an assumption, and so is where each stands.",
    "Providers are as unequal as published in 2022; three copies of each object, and their repair after three missed proofs, are ours and not Filecoin's.",
  ],

  begins: "2025-11-17T00:00:00Z",
  lasts: days(3),
  seed: 20251117,
  epoch: hours(2),

  networks: { filecoin: { nodes: 10_000, preset: "nv27-2025-09-24" } },

  incident: {
    onset: "2025-11-18T06:00:00Z",
    mainRecovery: "2025-11-18T18:00:00Z",
    fullRecovery: "2025-11-18T18:00:00Z",
  },

  timeline: [
    at("2025-11-18T06:00:00Z", "the host is cut off", disconnect("filecoin", largest(1, "provider"))),
    at("2025-11-18T18:00:00Z", "the host is back", reconnect("filecoin", largest(1, "provider"))),
  ],

  sweep: [parameter("filecoin", "replicas", "copies of each object", [1, 2, 3, 5])],
  watch: ["filecoin.power.qa", "filecoin.sectors.faulty", "filecoin.win.paid", "filecoin.fee.fault", "filecoin.f3.halted"],

  expect: [keeps("filecoin", percent(90)), recovers("filecoin", minutes(60), "the host is back")],
})
