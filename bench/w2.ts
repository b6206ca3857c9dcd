/**
 * W2, heartbeats through a regional outage: 10,000 nodes, each heard by eight others, one in five down for ten minutes.
 *
 * The wall of the house runs through it. The world has the timers, the messages in flight and the truth of who is up, and
 * logs what it did in a stream of its own. The protocol sees heartbeats and its own timers, and suspects. Detection delay and
 * false alarms are measured from outside. Written twice, on the kernel and bare, on the same event queue.
 */
import { toHex } from "../protocol/kernel/hash.ts"
import { Log, type Source } from "../protocol/kernel/log.ts"
import { Machine } from "../protocol/kernel/machine.ts"
import { network } from "../protocol/kernel/network.ts"
import { EventQueue } from "../protocol/kernel/queue.ts"
import { command, event, tables } from "../protocol/kernel/row-type.ts"
import { filled, reserve, table, type AnyTable, type Table } from "../protocol/kernel/table.ts"
import { count, count32, flag, unit } from "../protocol/kernel/unit.ts"
import { agree, h, measure, noPorts, sha256, uninhabited, type Options, type Timing } from "./workload.ts"

export const NODES = 10_000
export const FAN_OUT = 8
const SEED = 42
export const SECOND = 1_000_000
export const END_S = 3600
export const PERIOD = 30 * SECOND
const TIMEOUT = 95 * SECOND
export const LATENCY_MIN = 20_000
const LATENCY_SPREAD = 100_000
const LOSS_PERMILLE = 5
export const OUTAGE_BEGIN = 1800 * SECOND
export const OUTAGE_END = 2400 * SECOND
/** An epoch of the log. */
export const EPOCH = 60 * SECOND
export const CHECKSUM_START = 0x811c9dc5 | 0
export const feed = (checksum: number, value: number): number => Math.imul(checksum ^ value, 0x01000193)

export const isUp = (node: number, at: number): boolean => at < OUTAGE_BEGIN || at >= OUTAGE_END || node % 5 !== 0
export const firstTick = (node: number): number => h(SEED, node, 100) % PERIOD
export const isLost = (edge: number, round: number): boolean => h(SEED ^ 0x5bd1e995, edge, round) % 1000 < LOSS_PERMILLE
export const latency = (edge: number, round: number): number => LATENCY_MIN + (h(SEED, edge + 7_777_777, round) % LATENCY_SPREAD)

/** Who hears whom: edge e goes from node ⌊e/8⌋ to `to[e]`; `into[begin[n]..begin[n+1])` are the edges into n, ascending. */
interface Topology {
  readonly nodes: number
  readonly edges: number
  readonly to: Uint32Array
  readonly begin: Uint32Array
  readonly into: Uint32Array
}
export const sourceOf = (edge: number): number => Math.floor(edge / FAN_OUT)

export function topology(nodes: number): Topology {
  const edges = nodes * FAN_OUT
  const to = new Uint32Array(edges)
  const begin = new Uint32Array(nodes + 1)
  for (let e = 0; e < edges; e++) {
    const from = sourceOf(e)
    const drawn = h(SEED, from, e % FAN_OUT) % nodes
    to[e] = drawn === from ? (from + 1) % nodes : drawn
    begin[to[e] + 1]++
  }
  for (let n = 0; n < nodes; n++) begin[n + 1] += begin[n]
  const into = new Uint32Array(edges)
  const next = begin.slice()
  for (let e = 0; e < edges; e++) into[next[to[e]]++] = e
  return { nodes, edges, to, begin, into }
}

const microseconds = unit("µs", "safe", 0)
const edge = count32

// The protocol: a failure detector per node.
const commands = {
  Perceive: command(
    "a heartbeat arrived on an edge, or (edge = edges + node) a node's own timer fired",
    { edge, at: microseconds },
    ["EdgeSuspected", "HeartbeatHeard", "EdgeCleared"],
  ),
} as const
const events = {
  EdgeSuspected: event("nothing was heard on an edge for longer than the timeout", { edge, at: microseconds }),
  HeartbeatHeard: event("a heartbeat was heard", { edge, at: microseconds }),
  EdgeCleared: event("a suspected edge was heard again", { edge, at: microseconds }),
} as const
const edgeShape = { last: microseconds, suspected: flag } as const
const totalShape = { heard: count, suspicions: count, recoveries: count } as const
interface State {
  readonly topology: Topology
  readonly edge: Table<typeof edgeShape>
  readonly total: Table<typeof totalShape>
}

export const failureDetector = network({
  ...uninhabited,
  name: "w2",
  because: "the heartbeat workload that peers were measured on",
  service: { unit: "heartbeat", because: "not measured here" },
  nodeWord: "node",
  commands,
  events,
  refusals: {},
  genesis: ({ nodes }): State => {
    const net = topology(nodes)
    return { topology: net, edge: filled(edgeShape, net.edges), total: filled(totalShape, 1) }
  },
  tables: ({ edge, total }: State) => ({ edge, total }),
  cadences: {},
  decide: {
    Perceive: (
      { topology, edge: { last, suspected } },
      rows,
      first,
      end,
      { out: { EdgeSuspected, HeartbeatHeard, EdgeCleared } },
    ) => {
      for (let i = first; i < end; i++) {
        const edge = rows.edge[i]
        const at = rows.at[i]
        if (edge < topology.edges) {
          write(HeartbeatHeard, edge, at)
          if (suspected[edge] === 1) write(EdgeCleared, edge, at)
          continue
        }
        const node = edge - topology.edges
        const { begin, into } = topology
        for (let k = begin[node]; k < begin[node + 1]; k++)
          if (at - last[into[k]] > TIMEOUT && suspected[into[k]] === 0) write(EdgeSuspected, into[k], at)
      }
    },
  },
  evolve: {
    EdgeSuspected: ({ edge: { suspected }, total }, { edge }, begin, end) => {
      for (let r = begin; r < end; r++) suspected[edge[r]] = 1
      total.suspicions[0] += end - begin
    },
    HeartbeatHeard: ({ edge: { last, suspected }, total }, { edge, at }, begin, end) => {
      for (let r = begin; r < end; r++) {
        last[edge[r]] = at[r]
        suspected[edge[r]] = 0
      }
      total.heard[0] += end - begin
    },
    EdgeCleared: ({ total }, _, begin, end) => {
      total.recoveries[0] += end - begin
    },
  },
})

type Moment = Table<{ readonly edge: typeof edge; readonly at: typeof microseconds }>
export function write(to: Moment, edge: number, at: number): void {
  if (to.length === to.capacity) reserve(to, 1)
  const r = to.length++
  to.edge[r] = edge
  to.at[r] = at
}

/** The world's stream: what its nodes and links did, hashed beside the protocol's. */
export class World implements Source {
  readonly rows = tables(
    {
      HeartbeatSent: event("sent; it falls due at `at`", { edge, at: microseconds }),
      HeartbeatDropped: event("sent, and lost on the way", { edge, at: microseconds }),
      HeartbeatVanished: event("arrived at a node that was down", { edge, at: microseconds }),
    },
    1024,
  )
  readonly rowsOf = Object.values(this.rows) as readonly AnyTable[]
  readonly counts = new Float64Array(this.rowsOf.length)

  /** One run a type and epoch: nobody folds these rows, so only their order within a type matters. */
  get runs() {
    return this.rowsOf.map((t, type) => ({ type, begin: 0, end: t.length })).filter((run) => run.end > 0)
  }
  stateTables() {
    return {}
  }
  clear(): void {
    this.rowsOf.forEach((t, type) => {
      this.counts[type] += t.length
      t.length = 0
    })
  }
}

export interface Heartbeats {
  readonly events: number
  readonly sent: number
  readonly dropped: number
  readonly delivered: number
  readonly suspicions: number
  readonly recoveries: number
  readonly falsePositives: number
  readonly meanDelayS: number
  readonly checksum: number
}
export interface Size {
  readonly nodes?: number
  readonly endS?: number
}

/** The workload on the kernel; with a log, both streams and every epoch's state go into its chain. */
export function heartbeatsOnKernel({ nodes = NODES, endS = END_S }: Size = {}, log?: Log): Heartbeats {
  const machine = new Machine(failureDetector, nodes, {}, noPorts)
  const { topology, total } = machine.state as State
  const { edges, to } = topology
  const suspected = machine.out.EdgeSuspected as Moment
  const world = new World()
  const { HeartbeatSent, HeartbeatDropped, HeartbeatVanished } = world.rows
  const perceived = table(commands.Perceive.shape, 1024)
  const sources = [machine, world]
  const end = endS * SECOND
  const queue = new EventQueue(2 * nodes)
  for (let n = 0; n < nodes; n++) queue.push(firstTick(n), edges + n)
  let [events, epochEnd, measured, falsePositives, delaySum, checksum] = [0, EPOCH, 0, 0, 0, CHECKSUM_START]

  while (queue.time < end) {
    // Nothing sent within the shortest latency of this moment arrives within it: a window of the world's time is one step.
    const windowEnd = Math.min(queue.time + LATENCY_MIN, epochEnd, end)
    perceived.length = 0
    while (queue.time < windowEnd) {
      const at = queue.time
      const what = queue.payload
      queue.pop()
      events++
      if (what < edges) {
        if (isUp(to[what], at)) write(perceived, what, at)
        else write(HeartbeatVanished, what, at)
        continue
      }
      const node = what - edges
      if (isUp(node, at)) {
        const round = Math.floor(at / PERIOD)
        for (let e = node * FAN_OUT; e < (node + 1) * FAN_OUT; e++)
          if (isLost(e, round)) write(HeartbeatDropped, e, at)
          else {
            const due = at + latency(e, round)
            write(HeartbeatSent, e, due)
            queue.push(due, e)
          }
        write(perceived, what, at)
      }
      queue.push(at + PERIOD, what)
    }
    machine.step("Perceive", perceived, 0, perceived.length)
    for (; measured < suspected.length; measured++) {
      const at = suspected.at[measured]
      const edge = suspected.edge[measured]
      if (isUp(sourceOf(edge), at)) falsePositives++
      else delaySum += at - OUTAGE_BEGIN
      checksum = feed(feed(checksum, edge), Math.floor(at / 1000))
    }
    if (queue.time < Math.min(epochEnd, end)) continue
    if (log === undefined) for (const source of sources) source.clear()
    else log.close(sources, epochEnd / SECOND)
    measured = 0
    while (epochEnd <= queue.time) epochEnd += EPOCH
  }
  const [arriving, dropped] = world.counts
  const suspicions = total.suspicions[0]
  return {
    events,
    sent: arriving + dropped,
    dropped,
    delivered: total.heard[0],
    suspicions,
    recoveries: total.recoveries[0],
    falsePositives,
    meanDelayS: delaySum / SECOND / (suspicions - falsePositives),
    checksum: checksum >>> 0,
  }
}

/** The same mechanics in one loop over typed arrays, with counters and no rows. */
export function heartbeatsBare({ nodes = NODES, endS = END_S }: Size = {}): Heartbeats {
  const { edges, to, begin, into } = topology(nodes)
  const last = new Float64Array(edges)
  const isSuspected = new Uint8Array(edges)
  const end = endS * SECOND
  const queue = new EventQueue(2 * nodes)
  for (let n = 0; n < nodes; n++) queue.push(firstTick(n), edges + n)
  let [events, sent, dropped, delivered, suspicions, recoveries, falsePositives, delaySum] = [0, 0, 0, 0, 0, 0, 0, 0]
  let checksum = CHECKSUM_START
  while (queue.time < end) {
    const at = queue.time
    const what = queue.payload
    queue.pop()
    events++
    if (what < edges) {
      if (!isUp(to[what], at)) continue
      delivered++
      last[what] = at
      if (isSuspected[what] === 1) {
        isSuspected[what] = 0
        recoveries++
      }
      continue
    }
    const node = what - edges
    if (isUp(node, at)) {
      const round = Math.floor(at / PERIOD)
      for (let e = node * FAN_OUT; e < (node + 1) * FAN_OUT; e++) {
        sent++
        if (isLost(e, round)) dropped++
        else queue.push(at + latency(e, round), e)
      }
      for (let k = begin[node]; k < begin[node + 1]; k++) {
        const e = into[k]
        if (isSuspected[e] === 1 || at - last[e] <= TIMEOUT) continue
        isSuspected[e] = 1
        suspicions++
        if (isUp(sourceOf(e), at)) falsePositives++
        else delaySum += at - OUTAGE_BEGIN
        checksum = feed(feed(checksum, e), Math.floor(at / 1000))
      }
    }
    queue.push(at + PERIOD, what)
  }
  const meanDelayS = delaySum / SECOND / (suspicions - falsePositives)
  return { events, sent, dropped, delivered, suspicions, recoveries, falsePositives, meanDelayS, checksum: checksum >>> 0 }
}

/** The check values that the specification publishes for the full size, at its digits. */
export const HEARTBEATS_PUBLISHED: Readonly<Record<keyof Heartbeats, string>> = {
  events: "10433280",
  sent: "9280000",
  dropped: "46570",
  delivered: "8975730",
  suspicions: "21077",
  recoveries: "21077",
  falsePositives: "8356",
  meanDelayS: "94.465",
  checksum: "1440058565",
}

/** Times W2. Throws when any variant's figures are not the published ones (full size) or the bare loop's (any size). */
export function w2({ nodes = NODES, endS = END_S, repeats = 5 }: Options & Size = {}): readonly Timing[] {
  const size = { nodes, endS }
  const isFull = nodes === NODES && endS === END_S
  const bare = heartbeatsBare(size)
  const check = (result: Heartbeats, variant: string) => {
    for (const name of Object.keys(bare) as (keyof Heartbeats)[]) {
      if (!Object.is(result[name], bare[name]))
        throw new Error(`W2 ${variant}: ${name} is ${result[name]}, the bare loop has ${bare[name]}; a wrong run is not timed`)
      if (isFull) agree(`W2 ${variant}`, name, result[name], HEARTBEATS_PUBLISHED[name])
    }
  }
  const variants = {
    "bare typed arrays": () => heartbeatsBare(size),
    "kernel, log off": () => heartbeatsOnKernel(size),
    "kernel, log on": () => heartbeatsOnKernel(size, new Log(sha256)),
  }
  return measure("W2 heartbeat", "events", bare.events, variants, check, repeats)
}

/** The log's hash at a size: equal in every run and on every engine. */
export function heartbeatsLogHash(size: Size): string {
  const log = new Log(sha256)
  heartbeatsOnKernel(size, log)
  return toHex(log.hash)
}
