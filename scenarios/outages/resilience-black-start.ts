/** From nothing: every node of Render is off, and power comes back over three hours. Order, quorum and time of a black start. */
import { always, at, days, everyone, hours, kill, keeps, percent, reads, restart, scenario } from "../vocabulary.ts"

export default scenario({
  name: "resilience-black-start",
  question:
    "When every node is off and power returns over three hours, when does Render serve again, and when do 99 % of its nodes?",
  sources: ["outages: Solana's restarts (quorum of 80 %), resilience-science §9"],
  choices: [
    "That all nodes go at once is made up: it is the rehearsal of the worst case.",
    "Keepers hold one snapshot: a forked third would stop the restart until people decide (protocol/resilience/README.md).",
  ],
  begins: "2026-07-01T00:00:00Z",
  lasts: days(2),
  seed: 6014,
  epoch: hours(1),
  networks: { render: { nodes: 400, preset: "rnp-019-2025-07-28+resilience", change: { placedItemsPermille: 0 } } },
  incident: { onset: "2026-07-01T12:00:00Z", mainRecovery: "2026-07-01T19:00:00Z", fullRecovery: "2026-07-02T00:00:00Z" },
  timeline: [
    at("2026-07-01T12:00:00Z", "everything is off", kill("render", everyone)),
    at("2026-07-01T14:00:00Z", "power returns", restart("render", everyone, { over: hours(3) })),
  ],
  watch: ["render.resilience.restart.serving", "render.resilience.restart.firstService", "render.resilience.restart.restored"],
  expect: [
    always("resilience_phases_are_counted"),
    // Two thirds of forty keepers must be back before anybody serves: in the mean after two hours, here after 88 minutes.
    reads("render.resilience.restart.firstService", "highest", { atLeast: 60 * 60, atMost: 150 * 60 }, "run"),
    reads("render.resilience.restart.restored", "highest", { atLeast: 60 * 60, atMost: 200 * 60 }, "run"),
    reads("render.resilience.restart.serving", "last", { atLeast: 400 }, "run"),
    // Frames that were due in the dark are few: an artist waits a day.
    keeps("render", percent(95), "run"),
  ],
})
