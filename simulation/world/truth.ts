/**
 * Ground truth about one network's nodes and facilities: what really runs, is connected, or is corrupt.
 *
 * It has the shape of a network (commands, events, evolve), so that world facts are chained and replayed like any other,
 * in a stream of their own. No protocol ever reads it.
 */
import { network, type AnyNetwork } from "../../protocol/kernel/network.ts"
import type { Invariants } from "../../protocol/kernel/invariant.ts"
import { params } from "../../protocol/kernel/param.ts"
import { command, event } from "../../protocol/kernel/row-type.ts"
import { filled, reserve, touch, type Columns, type Shape, type Table, type AnyTable } from "../../protocol/kernel/table.ts"
import { flag, nodeIndex, permille, unit } from "../../protocol/kernel/unit.ts"

const facilityIndex = unit("facility index", "u8")
const clientIndex = unit("client version index", "u32")
const causes = unit("causes", "u8")

export const nodeTruthShape = {
  /** Causes that keep it down: power, crash, pause. It runs when there is none. */
  stops: causes,
  /** Causes that keep it from the internet. */
  cuts: causes,
  /** Share of its traffic that gets through when connected. */
  passes: permille,
  /** 1 when its own connection leads through the provider it shares with others. */
  behind: flag,
  /** 1 when the application its neighbourhood's devices talk to does. */
  userBehind: flag,
  client: clientIndex,
} as const
/** What seldom befalls a node: how much of what it stored is gone, how far its clock is off, how much its neighbours ask for. */
const plightShape = {
  lost: permille,
  skewS: unit("s", "i32"),
  asked: unit("‰ of what is usually asked", "u32"),
} as const
const facilityTruthShape = { served: permille, corrupt: permille } as const
const providerShape = { served: permille } as const

export interface TruthState {
  readonly node: Table<typeof nodeTruthShape>
  readonly facility: Table<typeof facilityTruthShape>
  readonly provider: Table<typeof providerShape>
  /** Empty unless the timeline speaks of a plight. */
  readonly plight: Table<typeof plightShape>
}

const nodeOnly = { node: nodeIndex } as const
const passing = { node: nodeIndex, passes: permille } as const
const attached = { node: nodeIndex, behind: flag, userBehind: flag } as const
const facilityServed = { facility: facilityIndex, served: permille } as const
const facilityCorrupt = { facility: facilityIndex, corrupt: permille } as const
const installed = { node: nodeIndex, client: clientIndex } as const
const losing = { node: nodeIndex, lost: permille } as const
const skewing = { node: nodeIndex, skewS: plightShape.skewS } as const
const asking = { node: nodeIndex, asked: plightShape.asked } as const
const provided = { served: permille } as const

const events = {
  NodeStopped: event("A node lost power or its process ended.", nodeOnly),
  NodeStarted: event("One cause that kept a node down ended.", nodeOnly),
  LinkCut: event("A node lost its way to the internet.", nodeOnly),
  LinkMended: event("One cause that kept a node from the internet ended.", nodeOnly),
  NodeSlowed: event("A node's traffic gets through in part.", passing),
  FacilityServed: event("A facility serves more, or less.", facilityServed),
  FacilityCorrupted: event("A part of a facility's work is corrupt, or no longer is.", facilityCorrupt),
  NodeAttached: event("A node, or the application behind its place, was found to depend on the shared provider.", attached),
  ClientInstalled: event("A node runs another version.", installed),
  ProviderServed: event("The shared provider served this share of what it was asked.", provided),
  DataLost: event("A part of what a node stored is gone.", losing),
  ClockSkewed: event("A node's clock is off by so much, or right again.", skewing),
  DemandSet: event("Users near a node ask for so much of what they usually do.", asking),
} as const
const commands = {
  Stop: command("Stop a node.", nodeOnly, ["NodeStopped"], "batch"),
  Start: command("End one cause that keeps a node down.", nodeOnly, ["NodeStarted"], "batch"),
  Cut: command("Cut a node's link.", nodeOnly, ["LinkCut"], "batch"),
  Mend: command("End one cause that keeps a node from the internet.", nodeOnly, ["LinkMended"], "batch"),
  Slow: command("Let a share of a node's traffic through.", passing, ["NodeSlowed"], "batch"),
  SetServed: command("Set what a facility serves.", facilityServed, ["FacilityServed"]),
  SetCorrupt: command("Set how corrupt a facility's work is.", facilityCorrupt, ["FacilityCorrupted"]),
  Attach: command("Say what depends on the shared provider.", attached, ["NodeAttached"], "batch"),
  Install: command("Give a node another version.", installed, ["ClientInstalled"], "batch"),
  MeasureProvider: command("Say what the shared provider serves.", provided, ["ProviderServed"]),
  LoseData: command("Take a part of what a node stored.", losing, ["DataLost"], "batch"),
  SkewClock: command("Set how far a node's clock is off.", skewing, ["ClockSkewed"], "batch"),
  SetDemand: command("Set how much users near a node ask for.", asking, ["DemandSet"], "batch"),
} as const

/** A world fact is what happened: nothing refuses it, and a command becomes its event unchanged. */
const copy =
  (type: keyof typeof events) =>
  (_: unknown, rows: Columns<Shape>, begin: number, end: number, to: { out: Record<string, AnyTable> }): void => {
    const out = to.out[type]
    reserve(out, end - begin)
    const j = out.length
    for (const name of Object.keys(out.shape)) {
      const source = rows[name] as Uint32Array
      const target = (out as unknown as Record<string, Uint32Array>)[name]
      for (let i = begin; i < end; i++) target[j + i - begin] = source[i]
    }
    out.length = j + end - begin
  }

const invariants: Invariants<TruthState> = {
  links_and_power_are_counted: {
    because: "A node that no cause keeps down is up; causes end as often as they began, never more.",
    check({ node }, report) {
      for (let i = 0; i < node.length; i++)
        if (node.stops[i] > 200 || node.cuts[i] > 200)
          report.require(
            false,
            () => `node ${i} has ${node.stops[i]} stops and ${node.cuts[i]} cuts: more causes ended than began`,
          )
    },
  },
}

/** The world of a network with these facilities. `clients` gives each node's version at genesis. */
export function truthOf(facilities: readonly string[], clients: Uint32Array, hasPlight = false): AnyNetwork {
  const none = params({})
  return network<TruthState, typeof commands, typeof events, typeof none, never>({
    name: "world",
    because: "What is true, whatever a protocol believes.",
    service: { unit: "none", because: "A world serves nobody." },
    nodeWord: "node",
    commands,
    events,
    refusals: {} as Record<never, string>,
    params: none,
    presets: { as_is: { because: "There is one world.", values: {} } },
    defaultPreset: "as_is",
    genesis({ nodes }) {
      const node = filled(nodeTruthShape, nodes)
      node.passes.fill(1000)
      node.client.set(clients.subarray(0, nodes))
      const rows = filled(facilityTruthShape, facilities.length)
      rows.served.fill(1000)
      const provider = filled(providerShape, 1)
      provider.served[0] = 1000
      const plight = filled(plightShape, hasPlight ? nodes : 0)
      plight.asked.fill(1000)
      return { node, facility: rows, provider, plight }
    },
    tables: ({ node, facility, provider, plight }) =>
      ({ node, facility, provider, ...(hasPlight ? { plight } : {}) }) as Readonly<Record<string, AnyTable>>,
    seldom: ["node", "facility", "provider", ...(hasPlight ? ["plight"] : [])],
    decide: {
      Stop: copy("NodeStopped"),
      Start: copy("NodeStarted"),
      Cut: copy("LinkCut"),
      Mend: copy("LinkMended"),
      Slow: copy("NodeSlowed"),
      SetServed: copy("FacilityServed"),
      SetCorrupt: copy("FacilityCorrupted"),
      Attach: copy("NodeAttached"),
      Install: copy("ClientInstalled"),
      MeasureProvider: copy("ProviderServed"),
      LoseData: copy("DataLost"),
      SkewClock: copy("ClockSkewed"),
      SetDemand: copy("DemandSet"),
    } as never,
    evolve: {
      NodeStopped: ({ node }, rows, begin, end) => {
        for (let i = begin; i < end; i++) node.stops[rows.node[i]]++
        touch(node)
      },
      NodeStarted: ({ node }, rows, begin, end) => {
        for (let i = begin; i < end; i++) node.stops[rows.node[i]]--
        touch(node)
      },
      LinkCut: ({ node }, rows, begin, end) => {
        for (let i = begin; i < end; i++) node.cuts[rows.node[i]]++
        touch(node)
      },
      LinkMended: ({ node }, rows, begin, end) => {
        for (let i = begin; i < end; i++) node.cuts[rows.node[i]]--
        touch(node)
      },
      NodeSlowed: ({ node }, rows, begin, end) => {
        for (let i = begin; i < end; i++) node.passes[rows.node[i]] = rows.passes[i]
        touch(node)
      },
      FacilityServed: (s, rows, begin, end) => {
        for (let i = begin; i < end; i++) s.facility.served[rows.facility[i]] = rows.served[i]
        touch(s.facility)
      },
      FacilityCorrupted: (s, rows, begin, end) => {
        for (let i = begin; i < end; i++) s.facility.corrupt[rows.facility[i]] = rows.corrupt[i]
        touch(s.facility)
      },
      NodeAttached: ({ node }, rows, begin, end) => {
        for (let i = begin; i < end; i++) {
          node.behind[rows.node[i]] = rows.behind[i]
          node.userBehind[rows.node[i]] = rows.userBehind[i]
        }
        touch(node)
      },
      ClientInstalled: ({ node }, rows, begin, end) => {
        for (let i = begin; i < end; i++) node.client[rows.node[i]] = rows.client[i]
        touch(node)
      },
      ProviderServed: (s, rows, begin, end) => {
        for (let i = begin; i < end; i++) s.provider.served[0] = rows.served[i]
        touch(s.provider)
      },
      // Lost twice, the larger loss counts: the same discs fail.
      DataLost: ({ plight }, rows, begin, end) => {
        for (let i = begin; i < end; i++) plight.lost[rows.node[i]] = Math.max(plight.lost[rows.node[i]], rows.lost[i])
        touch(plight)
      },
      ClockSkewed: ({ plight }, rows, begin, end) => {
        for (let i = begin; i < end; i++) plight.skewS[rows.node[i]] = rows.skewS[i]
        touch(plight)
      },
      DemandSet: ({ plight }, rows, begin, end) => {
        for (let i = begin; i < end; i++) plight.asked[rows.node[i]] = rows.asked[i]
        touch(plight)
      },
    },
    cadences: {},
    invariants,
    metrics: {},
    nodeMeasures: {},
    inhabit: {
      profile: "none",
      facilities: [],
      demandMilliPerNodeMinute: () => 0,
      enter: () => ({ arrive() {}, act() {}, serve: () => ({ offeredMilli: 0, servedMilli: 0, degradedMilli: 0 }) }),
    },
    sabotage: { links_and_power_are_counted: (s) => void (s.node.stops[0] = 255) },
  })
}
