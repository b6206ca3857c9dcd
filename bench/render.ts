/**
 * A year of Render: 10,000 GPUs, 5,000 jobs a day of 100 frames. `node bench/render.ts NODES DAYS` prints one row.
 *
 * Every event chained, every promise checked, one epoch a day; operators stay, so that the fleet is as large as it says.
 */
import { resolve } from "../protocol/kernel/param.ts"
import { render } from "../protocol/networks/render/index.ts"
import type { State } from "../protocol/networks/render/state.ts"
import { Simulation, type Environment } from "../simulation/engine/simulation.ts"
import type { Plan } from "../simulation/engine/plan.ts"
import { profileOf } from "../simulation/world/profiles.ts"
import { sampleNodes } from "../simulation/world/sampler.ts"
import { noPorts, sha256 } from "./workload.ts"

const DAY_S = 86_400
const BEGIN_S = Date.UTC(2025, 9, 1) / 1000
const FRAMES_PER_NODE_DAY = 50

export interface RenderYear {
  readonly nodes: number
  readonly days: number
  readonly jobs: number
  readonly frames: number
  readonly events: number
  readonly setupSeconds: number
  readonly seconds: number
  /** Processor time of this process: neighbours on the machine are out of it. */
  readonly userSeconds: number
  readonly state: State
}

export function renderYear(nodes: number, days: number, changes: Readonly<Record<string, number>> = {}): RenderYear {
  const begin = performance.now()
  const places = sampleNodes(profileOf(render.inhabit.profile), 1, nodes)
  const none = () => {
    throw new Error("Render looks at no map")
  }
  const values = resolve("render", render.params, undefined, { framesPerNodeDay: FRAMES_PER_NODE_DAY, ...changes })
  const plan: Plan = {
    seed: 1,
    beginS: BEGIN_S,
    endS: BEGIN_S + days * DAY_S,
    everySeconds: DAY_S,
    windows: [],
    networks: [{ network: render, nodes, preset: render.defaultPreset, values }],
    dependencies: [],
    timeline: [],
    calendar: "2025-11-18",
  }
  const env: Environment = { newHasher: sha256, ports: noPorts, site: () => ({ places, cells: none, radio: none }) }
  const simulation = new Simulation(plan, env)
  const setupSeconds = (performance.now() - begin) / 1000
  const [at, cpu] = [performance.now(), process.cpuUsage()]
  let events = 0
  while (!simulation.done) events += simulation.tick().header!.rows
  const state = simulation.networks[0].machine.state as State
  return {
    nodes,
    days,
    jobs: state.service.jobs[0],
    frames: state.service.asked[0],
    events,
    setupSeconds,
    seconds: (performance.now() - at) / 1000,
    userSeconds: process.cpuUsage(cpu).user / 1e6,
    state,
  }
}

if (import.meta.main) {
  const [nodes = 10_000, days = 365] = process.argv.slice(2).map(Number)
  const { state, ...row } = renderYear(nodes, days)
  const { service } = state
  process.stdout.write(
    `${JSON.stringify({ ...row, approved: service.approved[0], due: service.due[0], onTime: service.onTime[0], rejected: service.rejected[0], peakMB: Math.round(process.resourceUsage().maxRSS / 1024) })}\n`,
  )
}
