/** Every number of newcomer. Replace each source: a document with its date, or the word "assumption" and what is assumed. */
import { HOUR } from "../../kernel/clock.ts"
import { params as declare, type Preset } from "../../kernel/param.ts"

export const params = declare({
  proveEverySeconds: {
    default: HOUR,
    unit: "s",
    range: [60, 24 * HOUR],
    source: "assumption: once an hour",
    because: "Least time between two proofs of a node: a proof that comes sooner is refused.",
    side: "protocol",
  },
  silentSeconds: {
    default: 3 * HOUR,
    unit: "s",
    range: [60, 48 * HOUR],
    source: "assumption: three proofs missed",
    because: "A node that proved nothing for so long is held to be away.",
    side: "protocol",
  },
  alarmPermille: {
    default: 100,
    unit: "‰ of nodes",
    range: [1, 1000],
    source: "assumption: a tenth",
    because: "Share of silent nodes from which on the network holds that an incident has begun.",
    side: "protocol",
  },
  dailyPool: {
    default: 1_000_000,
    unit: "token units a day",
    range: [0, 1_000_000_000_000],
    source: "assumption: arbitrary",
    because: "Minted each day and shared by the day's proofs. Of a day without proofs it stays in the treasury.",
    side: "protocol",
  },
  demandMilliPerNodeMinute: {
    default: 10_000,
    unit: "service units × 1000",
    range: [1000, 1_000_000],
    source: "assumption: arbitrary",
    because: "What users ask of a node's neighbourhood in a minute, on average. Only fractions served mean anything.",
    side: "world",
    atStart: true,
  },
})
export type NewcomerParams = typeof params

export const presets = {
  today: {
    because: "The rules as they stand. Give each regime of the real network a preset, its dates and its sources.",
    values: {},
  },
} as const satisfies Readonly<Record<string, Preset<NewcomerParams>>>
