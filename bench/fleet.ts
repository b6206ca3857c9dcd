/** A fleet of hotspots in a calm world: the plan, the ground it stands on, and a run whose days can be taken one by one. */
import { h3Geometry } from "../protocol/boundary/geometry.ts"
import { resolve } from "../protocol/kernel/param.ts"
import type { Sink } from "../protocol/kernel/log.ts"
import { helium } from "../protocol/networks/helium/index.ts"
import { Simulation, type Environment, type Inhabited } from "../simulation/engine/simulation.ts"
import type { Site } from "../simulation/engine/habitat.ts"
import type { Plan } from "../simulation/engine/plan.ts"
import { nodeCells } from "../simulation/world/cells.ts"
import { profileOf } from "../simulation/world/profiles.ts"
import { radioPaths } from "../simulation/world/radio.ts"
import { sampleNodes } from "../simulation/world/sampler.ts"
import { sha256 } from "./workload.ts"

export const DAY_S = 86_400
const BEGIN_S = Date.UTC(2025, 10, 15) / 1000
const SEED = 1

export interface FleetOptions {
  readonly nodes: number
  readonly days: number
  /** Hearers kept for each beaconer, the strongest. */
  readonly hearersMax?: number
  readonly sink?: Sink
  /** Changes to the network's default preset. */
  readonly changes?: Readonly<Record<string, number>>
}

export interface Fleet {
  readonly simulation: Simulation
  readonly hotspots: Inhabited
}

/** Ground is made once per size: it costs more than a day. */
const sites = new Map<string, Site>()

function siteOf(nodes: number, hearersMax: number): Site {
  const key = `${nodes}/${hearersMax}`
  let site = sites.get(key)
  if (site === undefined) {
    const places = sampleNodes(profileOf(helium.inhabit.profile), SEED, nodes)
    const cells = nodeCells(places)
    const radio = radioPaths(places, SEED, { pathsMax: hearersMax })
    site = { places, cells: () => cells, radio: () => radio }
    sites.set(key, site)
  }
  return site
}

/** The workload is four beacons a hotspot and day, each heard by up to this many; a scenario's world keeps 16 hearers. */
export const WORKLOAD_HEARERS = 14

/** One epoch a day, every event chained, every promise kept, every epoch recorded. */
export function fleet({ nodes, days, hearersMax = WORKLOAD_HEARERS, sink, changes }: FleetOptions): Fleet {
  const plan: Plan = {
    seed: SEED,
    beginS: BEGIN_S,
    endS: BEGIN_S + days * DAY_S,
    everySeconds: DAY_S,
    windows: [],
    networks: [
      { network: helium, nodes, preset: helium.defaultPreset, values: resolve("helium", helium.params, undefined, changes) },
    ],
    dependencies: [],
    timeline: [],
    calendar: "2025-11-18",
  }
  const env: Environment = { newHasher: sha256, ports: { geometry: h3Geometry }, site: () => siteOf(nodes, hearersMax), sink }
  const simulation = new Simulation(plan, env)
  return { simulation, hotspots: simulation.networks[0] }
}

/** The next day: its events and the seconds it took. */
export function runDay({ simulation }: Fleet): { readonly events: number; readonly seconds: number } {
  const begin = performance.now()
  const { header } = simulation.tick()
  return { events: header!.rows, seconds: (performance.now() - begin) / 1000 }
}
