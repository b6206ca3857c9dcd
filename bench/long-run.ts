/** One run in a process of its own, so that its memory is its own: `node bench/long-run.ts NODES DAYS HEARERS` prints one JSON line. */
import { spawnSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { fleet, WORKLOAD_HEARERS } from "./fleet.ts"

export interface LongRun {
  readonly nodes: number
  readonly days: number
  readonly events: number
  /** Seconds to place the nodes and map their radio; of the first day, genesis in it; and of all other days. */
  readonly setupSeconds: number
  readonly firstDaySeconds: number
  readonly seconds: number
  /** Events of the days after the first. */
  readonly laterEvents: number
  readonly peakMB: number
}

/** A child begins its resource usage with its parent's peak; Linux's own account of the process begins at zero. */
export function peakMB(): number {
  const status = existsSync("/proc/self/status") ? readFileSync("/proc/self/status", "utf8") : ""
  const kB = /VmHWM:\s+(\d+) kB/.exec(status)?.[1]
  return (kB === undefined ? process.resourceUsage().maxRSS : Number(kB)) / 1024
}

function measureHere(nodes: number, days: number, hearersMax: number): LongRun {
  let at = performance.now()
  const lap = (): number => {
    const before = at
    at = performance.now()
    return (at - before) / 1000
  }
  const { simulation } = fleet({ nodes, days, hearersMax })
  const setupSeconds = lap()
  let events = simulation.tick().header!.rows
  const first = events
  const firstDaySeconds = lap()
  while (!simulation.done) events += simulation.tick().header!.rows
  return { nodes, days, events, setupSeconds, firstDaySeconds, seconds: lap(), laterEvents: events - first, peakMB: peakMB() }
}

const SELF = fileURLToPath(import.meta.url)

/** Runs in a child process; throws with its last words when it fails. */
export function longRun(nodes: number, days: number, hearersMax = WORKLOAD_HEARERS): LongRun {
  const child = spawnSync(process.execPath, [SELF, String(nodes), String(days), String(hearersMax)], {
    encoding: "utf8",
    maxBuffer: 1 << 24,
  })
  if (child.status !== 0) throw new Error(`a run of ${nodes} nodes over ${days} days failed: ${child.stderr || child.signal}`)
  return JSON.parse(child.stdout) as LongRun
}

if (process.argv[1] === SELF) {
  const [nodes, days, hearers] = process.argv.slice(2).map(Number)
  process.stdout.write(`${JSON.stringify(measureHere(nodes, days, hearers))}\n`)
}
