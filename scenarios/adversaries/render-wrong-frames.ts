/** Nodes deliver frames they did not render, three times as fast as a sound machine would. */
import { always, at, change, days, parameter, reads, scenario } from "../vocabulary.ts"

export default scenario({
  name: "render-wrong-frames",
  question:
    "What does a node earn that renders nothing and delivers noise, before the network checks frames on arrival and when it checks nine in ten?",
  sources: [
    "shared fact sheet on adversaries, D1: without slashing forging pays while the chance of being found is below cost over pay",
    "know.rendernetwork.com: approval after 72 hours of silence; three failed re-renders stop a job; reputation, no slashing",
  ],
  choices: [
    "One node in twenty, delivering three times as fast as its card would; six jobs in ten are looked at by nobody. Assumptions.",
    "Income is pay at the last price, less the electricity of work really done.",
  ],
  begins: "2025-10-06T00:00:00Z",
  lasts: days(43),
  seed: 41,
  epoch: days(1),
  networks: {
    render: {
      nodes: 300,
      preset: "rnp-019-2025-07-28",
      change: { fakerPermille: 50, fakerHastePermille: 3000, checkPermille: 0 },
    },
  },
  incident: { onset: days(14) },
  timeline: [at(days(14), "nine frames in ten are checked", change("render", "checkPermille", 900))],
  sweep: [parameter("render", "silentArtistsPermille", "jobs that nobody looks at, ‰", [0, 300, 600, 1000])],
  watch: [
    "render.cheater.incomePermille",
    "render.frame.wrong",
    "render.frame.rejected",
    "render.job.quarantined",
    "render.node.tier2",
  ],
  expect: [
    always("supply_is_minted_less_burnt"),
    // Reputation puts them at the end of the line and out of tier 2: noise pays less than work even where nothing is checked.
    reads("render.cheater.incomePermille", "highest", { atLeast: 200, atMost: 800 }, "run"),
    reads("render.cheater.incomePermille", "last", { atMost: 400 }, "run"),
  ],
})
