/** A world made by hand for this folder's tests: a few places, facility truth set by the test, and a clock that ticks. */
import type { Cells, Habitat, RadioPaths, ServiceMeasure } from "../../kernel/habitat.ts"
import { Report } from "../../kernel/invariant.ts"
import { Machine } from "../../kernel/machine.ts"
import { resolve } from "../../kernel/param.ts"
import { tables, type Tables } from "../../kernel/row-type.ts"
import { table, type Table } from "../../kernel/table.ts"
import type { Commands } from "./commands.ts"
import { cdn } from "./index.ts"
import type { CdnParams } from "./params.ts"
import type { State } from "./state.ts"

const HOUR = 60 * 60
/** 2025-11-18T00:00:00Z. */
export const NOVEMBER_18_S = 1_763_424_000
/** Unix seconds of a time of that day. */
export const at = (hours: number, minutes: number, seconds = 0): number => NOVEMBER_18_S + hours * HOUR + minutes * 60 + seconds

const absent = (): never => {
  throw new Error("a content network asks for no cells and no radio paths")
}

export interface Truth {
  /** Facility → served, permille; 1000 where not named. */
  served: Record<string, number>
  /** Facility → corrupt, permille; 0 where not named. */
  corrupt: Record<string, number>
  /** Nodes whose process runs or not. */
  running: Uint8Array
  through: Uint16Array
  userThrough: Uint16Array
}

export interface World {
  readonly machine: Machine
  readonly state: State
  readonly truth: Truth
  readonly nowS: () => number
  /** Ticks on until `toS`. A tick ends at its own multiples, at full hours and at `toS`. */
  readonly until: (toS: number, tickSeconds?: number) => World
  /** What users got between the last two stops. */
  readonly served: () => ServiceMeasure & { readonly permille: number; readonly nodeServed: Float64Array }
  readonly observe: () => Readonly<Record<string, number>>
  readonly broken: () => readonly string[]
}

export interface WorldSetting {
  readonly nodes?: number
  readonly seed?: number
  readonly beginS?: number
  readonly preset?: keyof typeof cdn.presets
  readonly params?: { readonly [K in keyof CdnParams]?: number }
}

export function handMadeWorld({ nodes = 40, seed = 1, beginS = at(11, 0), preset, params = {} }: WorldSetting = {}): World {
  const values = resolve("cdn", cdn.params, cdn.presets[preset ?? cdn.defaultPreset], params as Record<string, number>)
  const machine = new Machine(cdn, nodes, values, { geometry: {} as never })
  const truth: Truth = {
    served: {},
    corrupt: {},
    running: new Uint8Array(nodes).fill(1),
    through: new Uint16Array(nodes).fill(1000),
    userThrough: new Uint16Array(nodes).fill(1000),
  }
  const habitat: Habitat = {
    seed,
    nodes,
    beginS,
    places: {
      nodes,
      latE7: Int32Array.from({ length: nodes }, (_, i) => i * 1000),
      lngE7: Int32Array.from({ length: nodes }, (_, i) => -i * 1000),
      utcOffsetMinutes: new Int16Array(nodes),
      backupMinutes: new Uint16Array(nodes),
      domains: {},
    },
    cells: absent as () => Cells,
    radio: absent as () => RadioPaths,
    running: truth.running,
    throughPermille: truth.through,
    userThroughPermille: truth.userThrough,
    truthVersion: () => 0,
    served: (facility) => truth.served[facility] ?? 1000,
    corrupt: (facility) => truth.corrupt[facility] ?? 0,
    demand: (fromS, toS, into) =>
      void into.fill(Math.floor(((toS - fromS) * cdn.inhabit.demandMilliPerNodeMinute(machine.params)) / 60)),
    params: () => machine.params,
  }
  const commands: Tables<Commands> = tables(cdn.commands, 64)
  const inhabitants = cdn.inhabit.enter({
    habitat,
    state: machine.state as State,
    commands,
    memory: table({}, 0) as Table,
    submit: (type) => {
      const rows = commands[type] as unknown as Table
      machine.step(type, rows, 0, rows.length)
      rows.length = 0
    },
  })
  inhabitants.arrive()

  let nowS = beginS
  const sum = { offeredMilli: 0, servedMilli: 0, degradedMilli: 0 }
  const nodeServed = new Float64Array(nodes)
  const byNode = { offered: new Float64Array(nodes), served: new Float64Array(nodes) }
  const world: World = {
    machine,
    state: machine.state as State,
    truth,
    nowS: () => nowS,
    until(toS, tickSeconds = 60) {
      sum.offeredMilli = sum.servedMilli = sum.degradedMilli = 0
      nodeServed.fill(0)
      while (nowS < toS) {
        const next = Math.min(toS, (Math.floor(nowS / tickSeconds) + 1) * tickSeconds, (Math.floor(nowS / HOUR) + 1) * HOUR)
        inhabitants.act(nowS, next)
        byNode.served.fill(0)
        const tick = inhabitants.serve(nowS, next, byNode)
        sum.offeredMilli += tick.offeredMilli
        sum.servedMilli += tick.servedMilli
        sum.degradedMilli += tick.degradedMilli
        for (let i = 0; i < nodes; i++) nodeServed[i] += byNode.served[i]
        nowS = next
        if (nowS % HOUR === 0) machine.settle("hour", nowS)
      }
      return world
    },
    served: () => ({ ...sum, permille: Math.floor((sum.servedMilli * 1000) / sum.offeredMilli), nodeServed }),
    observe: () => inhabitants.observe!(),
    broken: () => {
      const report = new Report()
      for (const name of Object.keys(cdn.invariants)) cdn.invariants[name].check(machine.state as State, report.within(name))
      return report.broken
    },
  }
  return world
}
