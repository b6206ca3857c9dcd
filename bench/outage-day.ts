/**
 * An outage day by the minute: 10,000 nodes, the largest country of each network dark for ten hours, single nodes failing besides; heartbeats, suspicion,
 * declaration, grace and repair in every network that has them, and every network's service measured in every minute.
 *
 * Twice: the example network alone, which is the mechanisms and nothing else, and the registered networks with all mechanisms on in one world.
 */
import { h3Geometry } from "../protocol/boundary/geometry.ts"
import type { AnyNetwork } from "../protocol/kernel/network.ts"
import { resolve } from "../protocol/kernel/param.ts"
import { appendRow } from "../protocol/kernel/table.ts"
import { networks, type NetworkName } from "../protocol/networks/index.ts"
import { CORRELATED } from "../protocol/resilience/confusion.ts"
import { WITH_RESILIENCE } from "../protocol/resilience/embed/params.ts"
import { Rehearsal } from "../protocol/resilience/example/inhabit-rehearsal.ts"
import type { Site } from "../simulation/engine/habitat.ts"
import type { Moment, Plan } from "../simulation/engine/plan.ts"
import { Simulation, type Inhabited } from "../simulation/engine/simulation.ts"
import { nodeCells } from "../simulation/world/cells.ts"
import { profileOf } from "../simulation/world/profiles.ts"
import { radioPaths } from "../simulation/world/radio.ts"
import { sampleNodes } from "../simulation/world/sampler.ts"
import { sha256 } from "./workload.ts"

const MINUTE = 60
const MINUTES = 24 * 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const BEGIN_S = Date.UTC(2025, 10, 15) / 1000
const SEED = 3

export interface OutageDay {
  readonly nodes: number
  readonly items: number
  readonly beats: number
  readonly repaired: number
  readonly declared: number
  /** User CPU, not wall time. */
  readonly seconds: number
}

/** Runs the day once. An item is 4-of-10; there are a fifth as many as nodes. */
export function outageDay(nodes: number): OutageDay {
  const items = Math.floor(nodes / 5)
  const begun = process.cpuUsage()
  const r = new Rehearsal({ nodes, seed: SEED, params: { repairUnitsPerMinute: 10_000 } })
  const dark = r.members("country", 4)
  r.run(MINUTES, (minute) => {
    if (minute === 10) {
      for (let i = 0; i < items; i++)
        appendRow(r.commands.StoreItem, { needed: 4, pieces: 10, units: 1, priority: 0, hasSource: 0, at: r.nowS })
      r.submit("StoreItem")
    }
    if (minute === 300) for (const node of dark) r.set(node, false, CORRELATED)
    if (minute === 900) for (const node of dark) r.set(node, true)
  })
  const { liveness, placement, outages } = r.state
  return {
    nodes,
    items,
    beats: liveness.total.beats[0],
    repaired: placement.total.repaired[0],
    declared: outages.total.declarations[0],
    seconds: process.cpuUsage(begun).user / 1e6,
  }
}

/** Ten thousand nodes, as many of each network as stand in a proportion one might meet. */
export const MIXED = { helium: 4000, render: 2500, filecoin: 2000, akash: 1200, cdn: 300 } as const

export interface NetworkDay {
  readonly name: string
  readonly nodes: number
  readonly beats: number
  readonly declared: number
  readonly detectMin: number
  readonly repaired: number
  readonly servedPermille: number
}
export interface WorldDay {
  readonly networks: readonly NetworkDay[]
  readonly events: number
  /** User CPU of the day, and of making the ground it stands on and the nodes' arrival, which every variant of a run shares. */
  readonly seconds: number
  readonly groundSeconds: number
}

/** The day in all registered networks together; `sizes`: how many nodes each has. `on`: with the mechanisms. */
export function worldDay(sizes: Readonly<Partial<Record<NetworkName, number>>>, on = true, chained = true): WorldDay {
  const begun = process.cpuUsage()
  const sites = new Map<string, Site>()
  const site = (profile: string, _seed: number, nodes: number): Site => {
    const key = `${profile}/${nodes}`
    let made = sites.get(key)
    if (made === undefined) {
      const places = sampleNodes(profileOf(profile), SEED, nodes)
      const cells = profile === "residential" ? nodeCells(places) : undefined
      const radio = profile === "residential" ? radioPaths(places, SEED, { pathsMax: 14 }) : undefined
      sites.set(key, (made = { places, cells: () => cells!, radio: () => radio! }))
    }
    return made
  }
  const names = Object.keys(sizes) as NetworkName[]
  const where = (network: string) => ({ network, largest: { of: "country", count: 1 } })
  const timeline = names.flatMap((network): Moment[] => [
    { atS: BEGIN_S + 2 * HOUR, label: "one by one", do: { verb: "kill", where: { network, permille: 5 }, forS: HOUR } },
    { atS: BEGIN_S + 5 * HOUR, label: "dark", do: { verb: "kill", where: where(network), forS: 10 * HOUR } },
  ])
  const plan: Plan = {
    seed: SEED,
    beginS: BEGIN_S,
    endS: BEGIN_S + DAY,
    everySeconds: HOUR,
    windows: [],
    networks: names.map((name) => {
      const network = networks[name] as AnyNetwork
      const preset = network.defaultPreset + (on && network.params.livenessDetector !== undefined ? WITH_RESILIENCE : "")
      return { network, nodes: sizes[name]!, preset, values: resolve(name, network.params, network.presets[preset]) }
    }),
    dependencies: [],
    timeline,
    calendar: "2025-11-18",
    windowS: { from: BEGIN_S + 5 * HOUR, to: BEGIN_S + 15 * HOUR },
  }
  const simulation = new Simulation(plan, { newHasher: sha256, ports: { geometry: h3Geometry }, site, chained })
  const ground = process.cpuUsage(begun).user / 1e6
  let events = 0
  while (!simulation.done) {
    simulation.tick()
    events = Math.max(events, simulation.log.rows)
  }
  return {
    networks: simulation.networks.map((n) => tell(n, plan.windowS!.from)),
    events,
    seconds: process.cpuUsage(begun).user / 1e6 - ground,
    groundSeconds: ground,
  }
}

function tell(n: Inhabited, onsetS: number): NetworkDay {
  const read = (name: string): number => n.network.metrics[name]?.of(n.machine.state) ?? 0
  const detectedS = n.network.detectedS?.(n.machine.state, onsetS) ?? 0
  const totals = { offered: 0, served: 0 }
  for (let node = 0; node < n.lender.nodes; node++) {
    const { offered, served } = n.tally.totals(node)
    totals.offered += offered
    totals.served += served
  }
  return {
    name: n.name,
    nodes: n.lender.nodes,
    beats: read("resilience.liveness.beats"),
    declared: read("resilience.outages.declared"),
    detectMin: detectedS > onsetS ? (detectedS - onsetS) / MINUTE : -1,
    repaired: read("resilience.repair.pieces"),
    servedPermille: totals.offered === 0 ? 1000 : Math.round((totals.served * 1000) / totals.offered),
  }
}
