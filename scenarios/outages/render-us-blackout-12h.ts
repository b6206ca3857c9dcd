/** Half of the machines vanish in the middle of their frames: what was uploaded stays, the rest is queued again on the other half. */
import {
  always,
  at,
  blackout,
  country,
  days,
  hours,
  keeps,
  parameter,
  percent,
  recovers,
  restorePower,
  scenario,
} from "../vocabulary.ts"

export default scenario({
  name: "render-us-blackout-12h",
  question:
    "When the machines of one country go dark in the middle of their frames for twelve hours, how much work is done twice, and which artists wait?",
  sources: [
    "know.rendernetwork.com: a node that is offline in the middle of a frame gets no pay and no penalty, and the frame is queued again",
    "shared fact sheet on Render, A10",
  ],
  choices: [
    "No such outage is on record: place, length and depth are made up. Where machines stand is the world's profile of homes, an assumption for Render.",
    "A node has the largest part of its cohort's finished frames uploaded already; only the frame it was at is lost with it.",
    "The window of the answer runs a day beyond the grid's return: deadlines missed for the outage come due until then.",
    "60 % of the capacity is in use, so that the other half cannot carry everything.",
  ],

  begins: "2025-11-15T00:00:00Z",
  lasts: days(8),
  seed: 20251118,
  epoch: hours(2),

  networks: { render: { nodes: 4000, preset: "rnp-019-2025-07-28", change: { framesPerNodeDay: 100, deadlineHours: 24 } } },

  incident: { onset: "2025-11-18T06:00:00Z", mainRecovery: "2025-11-19T18:00:00Z", fullRecovery: "2025-11-19T18:00:00Z" },

  timeline: [
    at("2025-11-18T06:00:00Z", "the grid goes", blackout("render", country("US"))),
    at("2025-11-18T18:00:00Z", "the grid is back", restorePower("render", country("US"), { over: hours(1) })),
  ],

  sweep: [
    parameter("render", "nodeTimeoutS", "seconds of silence until frames are queued again", [60, 600, 3600, 14_400]),
    parameter("render", "deadlineHours", "mean hours an artist gives", [6, 12, 24, 48]),
    parameter("render", "maxGpusPerJob", "GPUs a job may hold", [2, 5, 20, 100]),
  ],
  watch: ["render.node.connected", "render.node.working", "render.frame.requeued", "render.frame.queued", "render.frame.late"],

  expect: [always("a_frame_is_paid_at_most_once"), keeps("render", percent(99)), recovers("render", days(3), "the grid is back")],
})
