/** Artists ask for four times as much for ten days: a queue, missed deadlines, a burn, and the same pay for all. */
import { always, at, change, days, hours, loses, parameter, percent, recovers, scenario } from "../vocabulary.ts"

export default scenario({
  name: "render-demand-shock",
  question:
    "When artists ask for four times as many frames for ten days, how many come too late, and what do operators earn by it?",
  sources: [
    "shared fact sheet on prices and demand: weekly credits ranged from 27,770 to 1,184,136 around a mean of 156,978 in 97 weeks",
    "RNP-013: the job pool is 15,000 RENDER a week whatever is rendered; RNP-001: the mint never follows the burn",
  ],
  choices: [
    "Four times the usual is less than the largest week on record, 7.5 times the mean; the length is made up.",
    "2,000 machines at about 35 % of their capacity, so that the shock is one and a half times what they can do.",
    "Operators do not come for ten days of queue: by the rules they earn nothing by it but a larger share's worth.",
  ],

  begins: "2025-10-01T00:00:00Z",
  lasts: days(50),
  seed: 20251015,
  epoch: hours(6),

  networks: {
    render: {
      nodes: 2000,
      preset: "rnp-019-2025-07-28",
      change: { framesPerNodeDay: 60, deadlineHours: 24 },
    },
  },

  incident: { onset: "2025-10-15T00:00:00Z", mainRecovery: "2025-10-25T00:00:00Z", fullRecovery: "2025-11-10T00:00:00Z" },

  timeline: [
    at("2025-10-15T00:00:00Z", "four times the demand", change("render", "demandPermille", 4000)),
    at("2025-10-25T00:00:00Z", "demand is as before", change("render", "demandPermille", 1000)),
  ],

  sweep: [
    parameter("render", "tier2JobsPermille", "jobs that pay for priority, ‰", [0, 300, 550, 800, 1000]),
    parameter("render", "tier2TakesTier3", "better nodes take economy jobs", [0, 1]),
    parameter("render", "maxGpusPerJob", "GPUs a job may hold", [2, 5, 20, 100]),
  ],
  watch: [
    "render.frame.queued",
    "render.frame.late",
    "render.frame.wait",
    "render.node.working",
    "render.supply.burnt",
    "render.reward.paid",
  ],

  expect: [
    always("a_frame_is_paid_at_most_once"),
    loses("render", percent(20)),
    recovers("render", days(21), "demand is as before"),
  ],
})
