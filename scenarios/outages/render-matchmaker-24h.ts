/** One company's matchmaker is down for a day: thousands of machines stand idle beside a queue, and all come back at once. */
import { always, at, days, hinder, hours, loses, parameter, percent, recovers, repair, scenario } from "../vocabulary.ts"

export default scenario({
  name: "render-matchmaker-24h",
  question:
    "When the one service that matches, stores and approves is down for a day, what do artists miss, and how long does the queue last?",
  sources: [
    "know.rendernetwork.com: matchmaker, previews and approval are one company's; approval after 72 hours of silence",
    "shared fact sheet on Render, A10: a control-plane outage stops dispatch, approval timers and epochs; frames in flight finish and upload afterwards",
  ],
  choices: [
    "No such outage is on record: time and length are made up.",
    "The window of the answer runs two days beyond the repair: deadlines missed for the outage come due until then.",
    "Artists' own deadlines run on: 24 hours on average, twice as long for economy jobs. Jobs wanted in the outage are submitted after it.",
  ],

  begins: "2025-11-15T00:00:00Z",
  lasts: days(9),
  seed: 20251118,
  epoch: hours(2),

  networks: { render: { nodes: 4000, preset: "rnp-019-2025-07-28", change: { framesPerNodeDay: 60, deadlineHours: 24 } } },

  incident: { onset: "2025-11-18T06:00:00Z", mainRecovery: "2025-11-21T06:00:00Z", fullRecovery: "2025-11-21T06:00:00Z" },

  timeline: [
    at("2025-11-18T06:00:00Z", "the matchmaker is down", hinder("render", "control-plane", { serves: percent(0) })),
    at("2025-11-19T06:00:00Z", "the matchmaker is back", repair("render", "control-plane")),
  ],

  sweep: [
    parameter("render", "deadlineHours", "mean hours an artist gives", [6, 12, 24, 48, 96]),
    parameter("render", "framesPerMatch", "frames handed to a node at once", [5, 20, 50]),
  ],
  watch: ["render.frame.queued", "render.frame.late", "render.node.working", "render.service.standstill"],

  expect: [always("a_frame_is_in_one_place"), loses("render", percent(2)), recovers("render", days(4), "the matchmaker is back")],
})
