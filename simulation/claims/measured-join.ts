/**
 * What was measured of joining: `npm run bench -- testnet --only=reward --count=5 --write=docs/internals/data/first-reward.json` starts a new
 * node process on a new testnet, over and over, and keeps how long each took to its first reward. The claim that anyone can take part reads it.
 */
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { judged } from "./ask.ts"
import type { Judged, Threshold, Tidy } from "./claim.ts"
import { over } from "./ladder.ts"
import { sayEstimate } from "./say.ts"

export const FIRST_REWARD_FILE = "docs/internals/data/first-reward.json"
const HOUR_S = 3600
/** The testnet's own goal, set before it was measured: a minute. */
const A_MINUTE: Threshold = { at: 60 / HOUR_S, side: "at most" }

export interface FirstReward {
  readonly format: 1
  /** ISO 8601. */
  readonly at: string
  readonly commit: string
  readonly command: string
  readonly machine: string
  readonly loadAverage: readonly number[]
  /** The network whose rules the testnet follows. */
  readonly rules: string
  /** Seconds of the protocol's clock in a second of the wall. */
  readonly speed: number
  readonly sectorBytes: number
  readonly secondsMax: number
  /** Wall seconds of each join, from the start of its process; null where there was no reward in `secondsMax`. */
  readonly seconds: readonly (number | null)[]
}

/** Throws where the file is none, or of another format. */
export function readFirstReward(): FirstReward {
  const read = JSON.parse(
    readFileSync(fileURLToPath(new URL(`../../${FIRST_REWARD_FILE}`, import.meta.url)), "utf8"),
  ) as FirstReward
  if (read.format !== 1) throw new Error(`${FIRST_REWARD_FILE} has format ${String(read.format)}, and 1 is read here`)
  return read
}

/** Hours of each join; one without a reward counts as the longest that was waited for, so that it is never left out. */
const hoursOf = ({ seconds, secondsMax }: FirstReward): readonly number[] => seconds.map((s) => (s ?? secondsMax) / HOUR_S)

export const joinCase = (m: FirstReward): Judged =>
  judged(
    { id: "testnet", isReference: false },
    `a node process, ${m.rules} rules at ${m.speed} times the clock`,
    over(hoursOf(m)),
    A_MINUTE,
    "by machine: wall time from starting a node on this project’s testnet to its first reward",
    "hours",
  )

/** What a person should know of that measurement, a sentence each. */
export function joinChoices(m: FirstReward): readonly string[] {
  const never = m.seconds.filter((s) => s === null).length
  return [
    `Measured ${m.at.slice(0, 10)} at commit ${m.commit}: ${m.seconds.length} joins in turn, each of a new node on a new testnet, ${never === 0 ? "all rewarded" : `${never} without a reward in ${m.secondsMax} s`}; ${m.machine}, load ${m.loadAverage[0].toFixed(0)}. ${FIRST_REWARD_FILE}; again with ${m.command}.`,
    `The testnet’s clock ran at ${m.speed} times: by the protocol’s own time a join took ${sayEstimate(scaled(m), "hours")}. Sectors have ${m.sectorBytes / 1024} KiB instead of 32 GiB, money comes from a tap, there is nobody to compete with, and the operator of the ledger lets everyone in. It says that the software asks no permission, and nothing of what a real network costs to enter.`,
  ]
}
const scaled = (m: FirstReward) => over(hoursOf(m).map((h) => h * m.speed))

export const joinTable = (m: FirstReward): Tidy => ({
  name: "joins",
  because: `One row a join that was measured; ${FIRST_REWARD_FILE} has the rest.`,
  columns: [
    { name: "join", unit: "number", because: "In the order they were made." },
    {
      name: "seconds",
      unit: "s of the wall",
      because: "From the start of the process to its first reward; empty where there was none.",
    },
    { name: "speed", unit: "ratio", because: "Of the protocol’s clock to the wall’s." },
  ],
  rows: m.seconds.map((s, i) => [i + 1, s ?? NaN, m.speed]),
})
