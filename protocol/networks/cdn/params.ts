/** Every number of the centralised comparator, and the dated regimes it ran under. */
import { underTopics, type Preset } from "../../kernel/param.ts"
import { topics } from "./topics.ts"

const NOV = "blog.cloudflare.com/18-november-2025-outage, 2025-11-18"
const DEC = "blog.cloudflare.com/5-december-2025-outage, 2025-12-05"
const FAIL_SMALL = "blog.cloudflare.com, Code Orange: Fail Small is complete, 2026-05-01"

export const params = underTopics(
  {
    // How a configuration reaches the PoPs.
    rolloutStages: {
      default: 1,
      unit: "stages",
      range: [1, 10],
      source: `${NOV}; ${DEC}: pushed to the whole fleet in seconds, without stages`,
      because: "1 is one global push. With more, a bad file meets only the PoPs of the stages it has reached.",
    },
    rolloutBakeSeconds: {
      default: 0,
      unit: "s",
      range: [0, 86_400],
      source: `${NOV}: no waiting between PoPs; other values: assumption`,
      because: "How long a stage is watched before the next one begins. Longer is safer, and slower for good files too.",
    },
    firstStagePermille: {
      default: 50,
      unit: "‰ of PoPs",
      range: [1, 1000],
      source: "assumption: one PoP in twenty goes first; the later stages share the rest evenly",
      because: "The blast radius of a bad file that the first stage catches. Only meaningful with more than one stage.",
    },
    canaryHaltErrorPermille: {
      default: 100,
      unit: "‰ of exposed PoPs",
      range: [0, 1000],
      source: "assumption; the idea: " + FAIL_SMALL,
      because: "A roll-out that hurts more than this share of the PoPs it reached is halted and rolled back. Only with stages.",
    },
    propagationSeconds: {
      default: 10,
      unit: "s",
      range: [1, 240],
      source: `${NOV} and ${DEC}: "seconds"; 10 is an assumption`,
      because: "Every PoP has a push after at most this long; the control plane calls no roll-out complete before it.",
    },

    // How the control plane notices.
    detectFailingPermille: {
      default: 50,
      unit: "‰ of requests",
      range: [1, 1000],
      source: "assumption",
      because: "An automated test fails when the mean error of the PoPs heard from is at least this; so does a single PoP.",
    },
    detectProbes: {
      default: 3,
      unit: "tests",
      range: [1, 60],
      source: `${NOV} (11:28 to 11:31) and ${DEC} (08:47 to 08:50): 3 min to detect = 3 tests * 60 s`,
      because: "Failed tests in a row that open an incident. Fewer notice sooner and cry wolf more often.",
    },
    clearProbes: {
      default: 60,
      unit: "tests",
      range: [1, 1440],
      source: "assumption: an hour of calm, since the incident of 18 November stayed open through every run of good builds",
      because: "Passed tests in a row that close an incident. It closes late, but is dated back to when PoPs stopped failing.",
    },
    silenceSeconds: {
      default: 2 * 3600,
      unit: "s",
      range: [3600, 86_400],
      source: "assumption: two hourly reports missed",
      because:
        "A PoP not heard from for this long is left out of the mean. Users do not wait for it: anycast needs no control plane.",
    },

    // What people, machines and files are like. Only the inhabitants read these.
    checkEverySeconds: {
      default: 60,
      unit: "s",
      range: [10, 600],
      source: "assumption: with detectProbes 3 it gives the published 3 min",
      because: "How often the automation tests the fleet and looks at an open roll-out.",
      side: "world",
    },
    configEverySeconds: {
      default: 300,
      unit: "s",
      range: [60, 86_400],
      source: `${NOV}: rebuilt every 5 minutes`,
      because: "How often the builder generates the file; each build may be good or bad anew.",
      side: "world",
    },
    buildOffsetSeconds: {
      default: 180,
      unit: "s",
      range: [0, 86_399],
      source: `${NOV}: first bad file at 11:28, so builds fall at :03, :08, :13 and so on`,
      because: "Builds fall at multiples of configEverySeconds plus this.",
      side: "world",
    },
    featureLimit: {
      default: 200,
      unit: "features",
      range: [1, 1000],
      source: `${NOV}: limit of 200`,
      because: "The proxy's preallocated room. A file with more features breaks the module that loads it.",
      side: "world",
    },
    featuresInUse: {
      default: 60,
      unit: "features",
      range: [1, 200],
      source: `${NOV}: about 60 in use`,
      because: "Size of a good file.",
      side: "world",
    },
    badFeatures: {
      default: 240,
      unit: "features",
      range: [201, 1000],
      source: `${NOV}: "more than 200", the exact size was not published`,
      because: "Size of a bad file. Above the limit, nothing depends on how far above.",
      side: "world",
    },
    validateBeforeLoad: {
      default: 0,
      unit: "0 or 1",
      range: [0, 1],
      source: `${NOV}: 0; 1 after ${FAIL_SMALL} (services keep the last good configuration)`,
      because:
        "A PoP that checks a file before use keeps the last good one. It belongs to the PoP's software, not to the control plane.",
      side: "world",
    },
    failingSharePermille: {
      default: 750,
      unit: "‰ of requests",
      range: [0, 1000],
      source: `${NOV}: "the majority of core traffic", NOT published as a number: study 500 to 1000; ${DEC}: 280 published`,
      because: "Share of a PoP's requests that end in 5xx while its configuration is bad. It sets the depth of the outage.",
      side: "world",
    },
    degradedSharePermille: {
      default: 100,
      unit: "‰ of requests",
      range: [0, 1000],
      source: `${NOV}: old FL proxies gave bot score 0 and no error; the share was NOT published: study 0 to 250`,
      because: "Share of a PoP's requests answered with bot score 0 while its configuration is bad: served, but degraded.",
      side: "world",
    },
    bypassReliefPermille: {
      default: 100,
      unit: "‰ of failing requests",
      range: [0, 300],
      source: `${NOV}: "impact reduced" from 13:05; the amount was NOT published`,
      because: "Share of the failing requests that succeed again once Workers KV and Access go round the core proxy.",
      side: "world",
    },
    tailFailingPermille: {
      default: 20,
      unit: "‰ of requests",
      range: [0, 100],
      source: `${NOV}: remaining services restarted by 17:06; the share was NOT published`,
      because: "Share of requests that fail after the good file is out, until the late services are restarted.",
      side: "world",
    },
    secondWaveFailingPermille: {
      default: 500,
      unit: "‰ of logins",
      range: [100, 1000],
      source: `${NOV}: dashboard overloaded 14:40 to 15:30; the share was NOT published`,
      because: "Share of dashboard logins that fail while a backlog of retries overloads it. No user request depends on it.",
      side: "world",
    },
    requestsPerPopMinute: {
      default: 1000,
      unit: "requests",
      range: [1, 1_000_000],
      source: "assumption: arbitrary",
      because: "Mean demand per PoP. Only fractions served mean anything; never compare requests with another network's unit.",
      side: "world",
    },
    failoverCapacityPermille: {
      default: 500,
      unit: "‰ of present load",
      range: [0, 10_000],
      source: "assumption: a PoP can carry half as much again",
      because: "Spare room of the running PoPs for requests of PoPs that are down; anycast moves them within seconds.",
      side: "world",
    },
  },
  topics,
)
export type CdnParams = typeof params

/** What was not published of an incident, and the range a report should show its result over. */
export interface DatedPreset extends Preset<CdnParams> {
  readonly unpublished?: { readonly [K in keyof CdnParams]?: readonly [number, number] }
}

export const presets = {
  "cloudflare-2025-11-18": {
    because: "One global push every 5 minutes, nothing checked: the defaults are this regime.",
    from: "2025-11-18",
    to: "2025-12-04",
    values: {},
    unpublished: {
      failingSharePermille: [500, 1000],
      degradedSharePermille: [0, 250],
      bypassReliefPermille: [0, 300],
      tailFailingPermille: [0, 100],
      secondWaveFailingPermille: [100, 1000],
    },
  },
  "cloudflare-2025-12-05": {
    because:
      "The same push, another trigger: 28% of requests (old proxy with managed rules) failed at once, and it took one minute to spread. " +
      "The over-long file stands in for the nil lookup: both are a value the module was not written for. " +
      "The build offset puts a build at 08:47; the module's other traffic was served as ever, so nothing is degraded.",
    from: "2025-12-05",
    to: "2026-04-30",
    values: { failingSharePermille: 280, degradedSharePermille: 0, propagationSeconds: 60, buildOffsetSeconds: 120 },
  },
  staged: {
    because: "What if the file had gone out as software does: four stages of five minutes, the first with one PoP in twenty.",
    values: { rolloutStages: 4, rolloutBakeSeconds: 300 },
  },
  "fail-small-2026": {
    because: "Health-mediated stages, and PoPs that keep the last good file. Published as an idea: the numbers are assumptions.",
    from: "2026-05-01",
    values: { rolloutStages: 4, rolloutBakeSeconds: 300, validateBeforeLoad: 1 },
  },
} as const satisfies Readonly<Record<string, DatedPreset>>
