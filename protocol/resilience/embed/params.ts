/**
 * Parameters of the mechanisms as a real network has them: the components' own, each off by default, because no mainnet has it today,
 * and the few numbers that joining them to a network needs. `ON` is every mechanism switched on.
 */
import { params as declare, underTopics, type Param, type Params } from "../../kernel/param.ts"
import { topics } from "./topics.ts"
import {
  admissionParams,
  diversityParams,
  graceParams,
  livenessParams,
  outageParams,
  placementParams,
  receiptParams,
  releaseParams,
  repairParams,
  restartParams,
} from "../params.ts"

const HOUR = 3600
const DAY = 24 * HOUR

/** What switches each mechanism off, and what on: the components' own defaults unless said otherwise. */
const OFF = {
  livenessDetector: 0,
  outageDeclaration: 0,
  graceWaivedPermille: 0,
  placementAntiAffinity: 0,
  repair: 0,
  admission: 0,
  dropExpired: 0,
  priorities: 0,
  brownOutPermille: 0,
  rolloutStages: 1,
  rolloutHaltPermille: 1000,
  versionCapPermille: 1000,
  receiptKeepSeconds: 0,
  diversityBetaMilli: 0,
} as const

const off = <const P extends Params>(all: P): P =>
  Object.fromEntries(
    Object.entries(all).map(([name, p]: [string, Param]) => [
      name,
      name in OFF
        ? {
            ...p,
            default: OFF[name as keyof typeof OFF],
            source: `off by default: no mainnet has it. On it is ${p.default} (${p.source})`,
          }
        : p,
    ]),
  ) as unknown as P

const source = "assumption"

export const resilienceParams = underTopics(
  {
    ...off(livenessParams),
    ...off(outageParams),
    ...off(graceParams),
    ...off(placementParams),
    ...off(repairParams),
    ...off(admissionParams),
    ...off(releaseParams),
    ...off(receiptParams),
    ...off(restartParams),
    ...off(diversityParams),
    ...declare({
      blackStart: {
        default: 0,
        unit: "0 off, 1 on",
        range: [0, 1],
        source: "off by default: a node that comes up serves at once",
        because: "whether a node that was off must find peers and a snapshot before it serves, and the ledger its keepers",
      },
      keepersPermille: {
        default: 100,
        unit: "‰",
        range: [0, 1000],
        source,
        because: "share of nodes that keep the ledger's snapshots; fixed at genesis",
        atStart: true,
      },
      serviceUnitsPerNode: {
        default: 0,
        unit: "1/1000 service unit per minute; 0 knows no limit",
        range: [0, 1_000_000_000],
        source: "off by default: the network's own rules say what is served, whatever the load",
        because: "what one node that is believed to be there can serve in a minute; beyond it requests wait",
      },
      retryBudgetPermille: {
        default: 100_000,
        unit: "‰ of first tries",
        range: [0, 100_000],
        source:
          "off by default (100 tries to each first one); on it is 20: resilience-science §7, and retry-storm.ts, where 2 % recovers",
        because: "second tries in a minute may not be more than this share of first ones",
        side: "world",
      },
      serviceTimeoutSeconds: {
        default: 120,
        unit: "s",
        range: [60, DAY],
        source,
        because: "how long a user waits for an answer",
        side: "world",
      },
      serviceRetryPermille: {
        default: 0,
        unit: "‰",
        range: [0, 990],
        source: "off by default: a request that failed is not repeated",
        because: "share of failed requests that are tried again, each time anew",
        side: "world",
      },
      serviceBackoffSeconds: {
        default: 120,
        unit: "s",
        range: [60, DAY],
        source: "assumption: mean of a memoryless wait, so that it has its jitter built in",
        because: "how long a user waits before the next try",
        side: "world",
      },
      placedItemsPermille: {
        default: 0,
        unit: "items per 1000 nodes",
        range: [0, 10_000],
        source: "off by default",
        because: "what users ask the network to keep on nodes that do not share fate (see Hooks.placed for what it is there)",
        side: "world",
        atStart: true,
      },
      releaseAdoptSeconds: {
        default: 600,
        unit: "s",
        range: [60, 30 * DAY],
        source: "assumption: clients that update themselves",
        because: "within this long of being offered a release, a node runs it",
        side: "world",
      },
      snapshotSeconds: {
        default: 300,
        unit: "s",
        range: [60, DAY],
        source,
        because: "how long a node that comes up takes to fetch a snapshot",
        side: "world",
      },
      receiptAmount: {
        default: 1000,
        unit: "smallest unit of credit",
        range: [1, 1_000_000],
        source,
        because: "what a node's users owe it for an hour of service",
        side: "world",
      },
      receiptResendPermille: {
        default: 20,
        unit: "‰",
        range: [0, 1000],
        source: "assumption: answers are lost on the way, as on any network",
        because: "share of receipts that a node hands in a second time because it did not hear that they were settled",
        side: "world",
      },
      creditPerNode: {
        default: 10_000_000,
        unit: "smallest unit of credit",
        range: [0, 1_000_000_000],
        source: "assumption: enough for bonds, and for a year's receipts",
        because: "what users and claimants near each node bring at the beginning",
        side: "world",
        atStart: true,
      },
    }),
  },
  topics,
)
export type ResilienceParams = typeof resilienceParams

const components: Params = {
  ...livenessParams,
  ...outageParams,
  ...graceParams,
  ...placementParams,
  ...repairParams,
  ...admissionParams,
  ...releaseParams,
  ...receiptParams,
  ...diversityParams,
}
/** Every mechanism on: what the presets "… +resilience" set. */
export const ON: { readonly [K in keyof typeof OFF | "blackStart" | "retryBudgetPermille" | "placedItemsPermille"]: number } = {
  ...(Object.fromEntries(Object.keys(OFF).map((name) => [name, components[name].default])) as Record<keyof typeof OFF, number>),
  blackStart: 1,
  retryBudgetPermille: 20,
  placedItemsPermille: 100,
}

/** Appended to the name of a preset. */
export const WITH_RESILIENCE = "+resilience"

/** The ten mechanisms, each with the parameters that switch it: for those who measure one by one. */
export const MECHANISMS = {
  liveness: ["livenessDetector"],
  declaration: ["outageDeclaration"],
  grace: ["graceWaivedPermille"],
  placement: ["placementAntiAffinity"],
  repair: ["repair", "retryBudgetPermille"],
  degradation: ["admission", "dropExpired", "priorities", "brownOutPermille"],
  rollout: ["rolloutStages", "rolloutHaltPermille", "versionCapPermille"],
  receipts: ["receiptKeepSeconds"],
  blackStart: ["blackStart"],
  diversity: ["diversityBetaMilli"],
} as const satisfies Readonly<Record<string, readonly (keyof typeof ON)[]>>
export type Mechanism = keyof typeof MECHANISMS

/** Values that switch one mechanism off while the others are as they are. */
export const without = (mechanism: Mechanism): Readonly<Record<string, number>> =>
  Object.fromEntries(
    (MECHANISMS[mechanism] as readonly (keyof ResilienceParams)[]).map((name) => [name, resilienceParams[name].default]),
  )

type Switches = { readonly [K in keyof ResilienceParams]?: number }

/** Is anything of this on that must be looked at minute by minute? Off, a network is cut into no slice more than its own. */
export const isOn = (v: Switches): boolean =>
  (v.livenessDetector ?? 0) > 0 ||
  (v.blackStart ?? 0) > 0 ||
  (v.serviceUnitsPerNode ?? 0) > 0 ||
  (v.receiptKeepSeconds ?? 0) > 0 ||
  (v.placedItemsPermille ?? 0) > 0 ||
  (v.diversityBetaMilli ?? 0) > 0 ||
  (v.rolloutStages ?? 1) > 1
