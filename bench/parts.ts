/**
 * Parts of the bench by name, timed by this process's user CPU: `npm run bench -- w2`, `outage-day`, `helium`, `render`, `filecoin` or `akash`, with
 * `--nodes=N` and `--days=D` for the years. On a machine that others use, run two of them back to back and compare; wall times say little there.
 */
import { market } from "./akash.ts"
import { filecoinYear } from "./filecoin.ts"
import { fleet, runDay } from "./fleet.ts"
import { MIXED, outageDay, worldDay } from "./outage-day.ts"
import { renderYear } from "./render.ts"
import { figure, formatTimings } from "./table.ts"
import { w2Full } from "./w2-full.ts"
import { w2 } from "./w2.ts"

interface Size {
  readonly nodes: number
  readonly days: number
}

const told = (what: string, { nodes, days }: Size, events: number, userSeconds: number): string =>
  `${what}: ${figure(nodes)} nodes, ${days} days, ${figure(events)} events, ${userSeconds.toFixed(2)} s of user CPU, ${figure(events / userSeconds)}/s`

function heliumDays({ nodes, days }: Size): string {
  const f = fleet({ nodes, days })
  const begun = process.cpuUsage()
  let events = 0
  for (let d = 0; d < days; d++) events += runDay(f).events
  return told("Helium", { nodes, days }, events, process.cpuUsage(begun).user / 1e6)
}

const PARTS: Readonly<Record<string, (size: Size) => string>> = {
  w2: () => formatTimings([...w2({ repeats: 3 }), ...w2Full({ repeats: 3 })]),
  "outage-day": ({ nodes }) => {
    const alone = outageDay(nodes)
    const mixed = worldDay(MIXED)
    const akash = worldDay({ akash: nodes / 4 })
    return [
      `the resilience example, ${figure(nodes)} nodes: ${alone.seconds.toFixed(2)} s of user CPU`,
      `all networks, mechanisms on: ${mixed.seconds.toFixed(2)} s, ${mixed.networks.map((n) => `${n.name} ${figure(n.nodes)}`).join(", ")}`,
      `Akash alone, ${figure(nodes / 4)} providers, mechanisms on: ${akash.seconds.toFixed(2)} s`,
    ].join("\n")
  },
  helium: heliumDays,
  render: ({ nodes, days }) => {
    const { events, userSeconds } = renderYear(nodes, days)
    return told("Render", { nodes, days }, events, userSeconds)
  },
  filecoin: ({ nodes, days }) => {
    const { events, userSeconds } = filecoinYear(nodes, days)
    return told("Filecoin", { nodes, days }, events, userSeconds)
  },
  akash: ({ days }) => {
    const { events, cpuSeconds } = market(days)
    return told("Akash's market", { nodes: 1000, days }, events, cpuSeconds)
  },
}

const NODES = 10_000
const YEAR = 365

/** What each bench may be told; "" is all of them together. */
const FLAGS: Readonly<Record<string, readonly string[]>> = {
  "": ["--short"],
  testnet: ["--short", "--only=", "--count=", "--write="],
  claim: ["--short", "--only="],
  akash: ["--days="],
  "outage-day": ["--nodes="],
}
const SIZES = ["--nodes=", "--days="]

/** Throws a RangeError for the first flag that the bench named among the arguments does not know. */
export function refuseOddFlags(args: readonly string[]): void {
  const name = args.find((arg) => !arg.startsWith("--")) ?? ""
  const known = FLAGS[name] ?? SIZES
  const odd = args.find(
    (arg) => arg.startsWith("--") && !known.some((flag) => arg === flag || (flag.endsWith("=") && arg.startsWith(flag))),
  )
  if (odd !== undefined)
    throw new RangeError(`npm run bench -- ${name === "" ? "" : `${name} `}knows no ${odd}: it knows ${known.join(", ")}`)
}

/** What the arguments ask for, or undefined when they name no part. Throws a RangeError for a part or a size that there is not. */
export function partOf(args: readonly string[]): (() => string) | undefined {
  const name = args.find((arg) => Object.hasOwn(PARTS, arg))
  if (name === undefined) {
    const odd = args.find((arg) => !arg.startsWith("--"))
    if (odd === undefined) return undefined
    throw new RangeError(`there is no part ${odd}: the parts are testnet, claim, ${Object.keys(PARTS).join(", ")}`)
  }
  const size = (flag: string, otherwise: number): number => {
    const given = args.find((arg) => arg.startsWith(`--${flag}=`))
    const n = given === undefined ? otherwise : Number(given.slice(flag.length + 3))
    if (!Number.isInteger(n) || n < 1) throw new RangeError(`--${flag} takes a whole number from 1, got ${given}`)
    return n
  }
  const sizes = { nodes: size("nodes", NODES), days: size("days", YEAR) }
  return () => PARTS[name](sizes)
}
