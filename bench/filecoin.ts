/**
 * A fleet of storage providers in a calm world, in a process of its own so that its memory is its own:
 * `node bench/filecoin.ts NODES DAYS` prints one JSON line. One epoch of the log a day, every promise checked, every event chained.
 */
import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { h3Geometry } from "../protocol/boundary/geometry.ts"
import { resolve } from "../protocol/kernel/param.ts"
import { filecoin } from "../protocol/networks/filecoin/index.ts"
import type { State } from "../protocol/networks/filecoin/state.ts"
import { Simulation, type Environment } from "../simulation/engine/simulation.ts"
import type { Plan } from "../simulation/engine/plan.ts"
import { nodeCells } from "../simulation/world/cells.ts"
import { profileOf } from "../simulation/world/profiles.ts"
import { radioPaths } from "../simulation/world/radio.ts"
import { sampleNodes } from "../simulation/world/sampler.ts"
import { bareDeadlines } from "./bare-filecoin.ts"
import { peakMB } from "./long-run.ts"
import { sha256 } from "./workload.ts"

const DAY_S = 86_400
const BEGIN_S = Date.UTC(2025, 10, 15) / 1000
const SEED = 1

export interface FilecoinYear {
  readonly nodes: number
  readonly days: number
  /** Proofs of deadlines, and all rows of the log. */
  readonly proofs: number
  readonly events: number
  /** From the first day, genesis in it, to the last. */
  readonly seconds: number
  readonly userSeconds: number
  /** The bare loop's, for the same proofs, half before and half after the run. */
  readonly bareSeconds: number
  readonly peakMB: number
}

function simulate(nodes: number, days: number): Simulation {
  const places = sampleNodes(profileOf(filecoin.inhabit.profile), SEED, nodes)
  const cells = nodeCells(places)
  const plan: Plan = {
    seed: SEED,
    beginS: BEGIN_S,
    endS: BEGIN_S + days * DAY_S,
    everySeconds: DAY_S,
    windows: [],
    networks: [
      { network: filecoin, nodes, preset: filecoin.defaultPreset, values: resolve("filecoin", filecoin.params, undefined) },
    ],
    dependencies: [],
    timeline: [],
    calendar: "2025-11-18",
  }
  const env: Environment = {
    newHasher: sha256,
    ports: { geometry: h3Geometry },
    site: () => ({ places, cells: () => cells, radio: () => radioPaths(places, SEED, { pathsMax: 1 }) }),
  }
  return new Simulation(plan, env)
}

function measureHere(nodes: number, days: number): FilecoinYear {
  const simulation = simulate(nodes, days)
  const { network } = simulation.networks[0].machine.state as State
  const before = bareDeadlines(nodes, Math.ceil(days / 2))
  const [begin, begun] = [performance.now(), process.cpuUsage()]
  let events = 0
  while (!simulation.done) events += simulation.tick().header!.rows
  const seconds = (performance.now() - begin) / 1000
  const userSeconds = process.cpuUsage(begun).user / 1e6
  const after = bareDeadlines(nodes, Math.floor(days / 2))
  const proofs = network.proofs[0]
  // A day without faults has 48 proofs a provider; lazy and data-losing ones miss a few.
  if (proofs < 0.99 * nodes * days * 48) throw new Error(`${proofs} proofs in ${days} days of ${nodes}: a wrong run is not timed`)
  const bareSeconds = ((before.seconds + after.seconds) / (before.proofs + after.proofs)) * proofs
  return { nodes, days, proofs, events, seconds, userSeconds, bareSeconds, peakMB: peakMB() }
}

const SELF = fileURLToPath(import.meta.url)

/** Runs in a child process; throws with its last words when it fails. */
export function filecoinYear(nodes: number, days: number): FilecoinYear {
  const child = spawnSync(process.execPath, [SELF, String(nodes), String(days)], { encoding: "utf8", maxBuffer: 1 << 24 })
  if (child.status !== 0) throw new Error(`a run of ${nodes} providers over ${days} days failed: ${child.stderr || child.signal}`)
  return JSON.parse(child.stdout) as FilecoinYear
}

if (process.argv[1] === SELF) {
  const [nodes, days] = process.argv.slice(2).map(Number)
  process.stdout.write(`${JSON.stringify(measureHere(nodes, days))}\n`)
}
