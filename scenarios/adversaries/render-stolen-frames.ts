/** Nodes deliver copies of frames that others rendered for the same job. */
import { always, at, change, days, parameter, reads, scenario } from "../vocabulary.ts"

export default scenario({
  name: "render-stolen-frames",
  question:
    "What does copying other nodes' frames earn, before every frame is compared with its neighbours and when nine in ten are?",
  sources: [
    "shared fact sheet on adversaries, D1: stale or copied frames; watermarked previews, 72 hours",
    "facts/render.md: artists judge what they get; no check by hash is published",
  ],
  choices: [
    "One node in twenty copies what others delivered of its job, where there is any, three times as fast; it renders the others. Artists who look notice three in ten.",
    "Income is pay at the last price, less the electricity of work really done.",
  ],
  begins: "2025-10-06T00:00:00Z",
  lasts: days(43),
  seed: 42,
  epoch: days(1),
  networks: {
    render: {
      nodes: 300,
      preset: "rnp-019-2025-07-28",
      change: { fakerPermille: 0, thiefPermille: 50, fakerHastePermille: 3000 },
    },
  },
  incident: { onset: days(14) },
  timeline: [at(days(14), "copies are looked for", change("render", "stolenCheckPermille", 900))],
  sweep: [parameter("render", "thiefPermille", "nodes that copy, ‰", [10, 50, 200, 500])],
  watch: [
    "render.cheater.incomePermille",
    "render.frame.stolen",
    "render.frame.rejected",
    "render.job.quarantined",
    "render.node.tier2",
  ],
  expect: [
    always("supply_is_minted_less_burnt"),
    reads("render.cheater.incomePermille", "highest", { atLeast: 1000 }, "run"),
    reads("render.cheater.incomePermille", "last", { atMost: 950 }, "run"),
    reads("render.frame.stolen", "last", { atLeast: 100 }, "run"),
  ],
})
