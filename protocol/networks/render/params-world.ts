/** What Render's people and machines are like. No rule reads these: inhabitants do. Markets are in params-market.ts. */
import { params as declare } from "../../kernel/param.ts"
import { world } from "./world-param.ts"

const R20 = "facts/prices-and-demand.md §4.4 (R20, 97 weeks)"

export const worldParams = declare({
  matchEverySeconds: world(
    "s",
    [300, 60, 3600],
    "assumption",
    "How often the matchmaker looks; a node that has finished waits half of it on average.",
  ),
  nodeTimeoutS: world(
    "s",
    [600, 60, 86_400],
    "assumption: no figure is published",
    "Silence after which a node's frames go back to the queue.",
  ),
  framesPerNodeDay: world(
    "frames per node and day",
    [25, 0, 200],
    "SOD: 1.5 million frames in December 2025, over about 2,000 machines (an assumption)",
    "Mean demand near each node.",
  ),
  framesPerJob: world(
    "frames",
    [100, 20, 2000],
    "assumption: the workload of the bench",
    "Mean frames of a job; half of it to half more, evenly.",
  ),
  obhPerFrame: world(
    "OBh",
    [86, 1, 5000],
    `${R20}: about 30 million OBh a week over about 350,000 frames, DERIVED`,
    "Mean work of a frame; a job's frames are alike, jobs are drawn from a quarter to four times of it.",
  ),
  tier2JobsPermille: world(
    "‰ of jobs",
    [550, 0, 1000],
    `${R20}: tier 2 did about 0.7 of the OBh of recent epochs`,
    "Jobs that pay for priority.",
  ),
  deadlineHours: world(
    "h",
    [12, 1, 720],
    "assumption",
    "Mean time an artist gives a job: half to half more; tier 3 jobs have twice as long.",
  ),
  maxGpusPerJob: world(
    "GPUs",
    [20, 1, 1000],
    "assumption: the job's maxGPUs is published, its use is not",
    "Most GPUs that a job may hold.",
  ),
  silentArtistsPermille: world(
    "‰ of jobs",
    [600, 0, 1000],
    "assumption",
    "Jobs whose artist never answers: silence approves after 72 hours.",
  ),
  reviewHours: world("h", [12, 1, 71], "assumption", "Mean time until the others answer."),
  noticePermille: world("‰", [900, 0, 1000], "assumption", "Wrong frames that an artist who looks at them notices."),
  checkPermille: world(
    "‰",
    [300, 0, 1000],
    "assumption: checks of part of the work are published, no share is",
    "Wrong frames that the network's own checks find on arrival.",
  ),
  fakerPermille: world(
    "‰ of nodes",
    [5, 0, 500],
    "assumption",
    "Nodes that deliver frames they did not render: noise, or frames copied from others.",
  ),
  fakerHastePermille: world(
    "‰ of an honest pace",
    [1000, 1000, 10_000],
    "assumption: a faker takes its time, since haste would give it away; facts/adversaries.md D1",
    "How much faster than a sound machine of its card a node delivers what it did not render.",
  ),
  thiefPermille: world(
    "‰ of nodes",
    [0, 0, 500],
    "facts/adversaries.md D1 (stale or copied frames); no share is known",
    "Nodes that deliver copies of frames that others rendered for the same job, and render the others themselves.",
  ),
  stolenCheckPermille: world(
    "‰",
    [0, 0, 1000],
    "assumption: a watermark and a hash of every frame would find all; no such check is published",
    "Stolen frames that the network's own checks find on arrival.",
  ),
  stolenNoticePermille: world(
    "‰",
    [300, 0, 1000],
    "assumption: a neighbouring frame is a sound picture in the wrong place, less easily seen than noise",
    "Stolen frames that an artist who looks at them notices.",
  ),
  freeloaderPermille: world(
    "‰ of creators",
    [5, 0, 500],
    "assumption",
    "Creators who reject half of the sound frames they get, to keep previews unpaid.",
  ),
  latePayerPermille: world("‰ of jobs", [20, 0, 1000], "assumption", "Jobs whose creator buys the credits six hours too late."),
  computeNodesPermille: world(
    "‰ of nodes",
    [100, 0, 1000],
    "assumption",
    "Nodes on the compute subnet, where there is one; one in ten of them on enterprise terms.",
  ),
  rentedPermille: world(
    "‰ of time",
    [500, 0, 1000],
    "facts/prices-and-demand.md §6.1: gpuUtilisation 0.5, range 0.2–0.8",
    "How much of a compute node's time is rented.",
  ),
  rentMicroUsdPerHour: world(
    "microUSD",
    [350_000, 10_000, 20_000_000],
    "RNP-019: RTX 4090 at $0.35 an hour",
    "What a rented hour costs at a multiplier of 1.",
  ),
  saladUsdPerYear: world(
    "USD",
    [4_300_000, 0, 1_000_000_000],
    "RNP-023: $4.3 million a year, 73 % containers",
    "Revenue of the Salad subnet, spread evenly.",
  ),
})
