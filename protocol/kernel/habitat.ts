/**
 * What a simulated world lends a network's inhabitants: ground truth, places and demand.
 *
 * This is the actors' side of the wall. `inhabit` turns truth into command rows, as a hotspot's owner or a user would;
 * decide, evolve and settle are never handed any of it, and a test keeps them from importing it.
 */
import type { CommandTypes, Tables } from "./row-type.ts"
import type { Values } from "./param.ts"
import type { AnyTable, Shape } from "./table.ts"

export interface Domain {
  /** node → index into names */
  readonly of: Uint32Array
  readonly names: readonly string[]
}

/** Who can physically hear whom: row `begin[a]`..`begin[a+1]` lists the hearers of a, strongest first. */
export interface RadioPaths {
  readonly begin: Uint32Array
  readonly to: Uint32Array
  readonly metres: Uint32Array
  /** Median received signal of a 27 dBm beacon, in tenths of dBm. */
  readonly rssiDeciDbm: Int16Array
}

export interface Places {
  readonly nodes: number
  readonly latE7: Int32Array
  readonly lngE7: Int32Array
  readonly utcOffsetMinutes: Int16Array
  readonly backupMinutes: Uint16Array
  readonly domains: Readonly<Record<string, Domain>>
}

export interface Cells {
  readonly hexHi: Uint32Array
  readonly hexLo: Uint32Array
  readonly latE7: Int32Array
  readonly lngE7: Int32Array
}

/** A part of a network that is not a node: a config builder, an oracle, a packet router. Served and corrupt in permille. */
export interface Facility {
  readonly name: string
  readonly because: string
}

export interface Habitat {
  readonly seed: number
  readonly nodes: number
  /** Unix seconds at genesis. */
  readonly beginS: number
  readonly places: Places
  readonly cells: () => Cells
  readonly radio: () => RadioPaths
  /** 1 where the node's process runs and has power. Changes only between ticks. */
  readonly running: Uint8Array
  /** Share of what the node sends that gets through to the network's own machines, in permille, this tick. */
  readonly throughPermille: Uint16Array
  /** The same for the application or user behind the node's place: a common dependency no second node helps against. */
  readonly userThroughPermille: Uint16Array
  /** Share of what the node stored that is gone, in permille; absent where nobody lost anything. */
  readonly lostPermille?: Uint16Array
  /** Why a node was last taken from its users: 0 never, 1 by itself, 2 with others of a failure domain. What detectors are judged by. */
  readonly fate?: Uint8Array
  /** How many seconds the node's clock is ahead; absent where all are right. */
  readonly skewS?: Int32Array
  /** What users near the node ask for, in permille of what they usually do; absent where all do. Already in `demand`. */
  readonly askedPermille?: Uint32Array
  /** Bumped whenever any of these changed. */
  readonly truthVersion: () => number
  /** Truth about one of the network's own facilities. */
  readonly served: (facility: string) => number
  readonly corrupt: (facility: string) => number
  /** Demand of the node's neighbourhood in [fromS, toS), in the network's service unit ×1000. */
  readonly demand: (fromS: number, toS: number, into: Float64Array) => void
  readonly params: () => Values
}

/** What users asked for and got this tick, in the service unit ×1000, and how long latency-like harm lasted. */
export interface ServiceMeasure {
  offeredMilli: number
  servedMilli: number
  /** Answered, but wrongly or worse than promised. A part of servedMilli. */
  degradedMilli: number
}

export interface Inhabitants {
  /** The commands of genesis: nodes join and say where they are. */
  readonly arrive: () => void
  /** What nodes do in [fromS, toS): commands only. */
  readonly act: (fromS: number, toS: number) => void
  /** After users were served and before anything is settled: what is reported at the end of the slice. */
  readonly close?: (toS: number) => void
  /** What users got in [fromS, toS), in total and by node's neighbourhood. */
  readonly serve: (fromS: number, toS: number, byNode?: { offered: Float64Array; served: Float64Array }) => ServiceMeasure
  /** Truth as the actors see it, for the epoch table only: the metrics `Inhabit.observes` declares, as they stand now. */
  readonly observe?: () => Readonly<Record<string, number>>
}

export interface InhabitContext<State, C extends CommandTypes> {
  readonly habitat: Habitat
  /** Public knowledge: what anyone may read off the ledger. */
  readonly state: State
  readonly commands: Tables<C>
  /** The table declared by `Inhabit.memory`, one row a node, kept in snapshots. */
  readonly memory: AnyTable
  /** Submits the rows gathered in `commands[type]` and empties it. */
  readonly submit: (type: keyof C & string) => void
}

export interface Inhabit<State, C extends CommandTypes> {
  /** The world profile its nodes are placed by. */
  readonly profile: string
  readonly facilities: readonly Facility[]
  /** Mean demand per node and minute, in the service unit ×1000. */
  readonly demandMilliPerNodeMinute: (params: Values) => number
  /** Metrics of the truth, such as the share of users waiting: unit and reason by name. */
  readonly observes?: Readonly<Record<string, { readonly unit: string; readonly because: string }>>
  /** What actors count between two reports, per node: kept in snapshots, never in the protocol's state. */
  readonly memory?: Shape
  /** Beyond `memory` actors remember nothing: what they know is truth, public state and dice, so a snapshot needs no more. */
  readonly enter: (context: InhabitContext<State, C>) => Inhabitants
}
