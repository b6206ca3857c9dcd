/**
 * W2 with the protocol whole: the same nodes, heartbeats, losses and outage as in w2.ts, and every heartbeat that arrives is decided by the mechanisms
 * of resilience themselves: phi and drawn observers, declaration by witnesses, grace, repair, rewards and penalties at the full hour.
 *
 * A heartbeat says when its node sent it, and each of its eight hearers hands it in: the first copy is heard, the others are refused as old. W2's own
 * detector suspects edges, this one nodes, so its suspicions are held against W2's truth of who is up, and against a bare loop that finds them anew.
 * Events are counted as W2 counts them: what falls due in the world's queue.
 */
import { toHex } from "../protocol/kernel/hash.ts"
import { Report } from "../protocol/kernel/invariant.ts"
import { Log } from "../protocol/kernel/log.ts"
import { EventQueue } from "../protocol/kernel/queue.ts"
import { appendRow, reserve } from "../protocol/kernel/table.ts"
import { CORRELATED, precision, recall } from "../protocol/resilience/confusion.ts"
import { example } from "../protocol/resilience/example/index.ts"
import { BEGIN_S as FULL_HOUR, Rehearsal, usualHome } from "../protocol/resilience/example/inhabit-rehearsal.ts"
import {
  CHECKSUM_START,
  END_S,
  EPOCH,
  FAN_OUT,
  feed,
  firstTick,
  HEARTBEATS_PUBLISHED,
  isLost,
  isUp,
  latency,
  LATENCY_MIN,
  NODES,
  OUTAGE_BEGIN,
  OUTAGE_END,
  PERIOD,
  SECOND,
  sourceOf,
  topology,
  World,
  write,
  type Size,
} from "./w2.ts"
import { agree, measure, sha256, type Options, type Timing } from "./workload.ts"

/** The hour's settlement falls five minutes into the outage, so that grace has something to soften. */
const BEGIN_S = FULL_HOUR - (OUTAGE_BEGIN / SECOND + 300)
const REGIONS = 5
/** The region that goes dark: W2 takes every fifth node down, from node 0 on. */
const DARK = 1
/** An item is 4 of 10 pieces; there are a fifth as many items as nodes. */
const ITEMS_PER_NODE = 1 / 5
/** Akka's pause and least deviation, as in the mechanisms' own parameters, but for a heartbeat in 30 s. */
const PARAMS = { heartbeatSeconds: 30, phiPauseMs: 90_000, phiMinDeviationMs: 3000 } as const
/** Outages of the workload last ten minutes: repair that waits for thirty would have nothing to do. */
const REPAIR = { repairDelaySeconds: 60, repairUnitsPerMinute: 10_000 } as const
/** Standard deviations at which phi is 8, by Akka's logistic law: 1.5976 y + 0.070566 y³ = ln(10⁸ − 1). */
const DEVIATIONS = 5.225987
const MINUTE_S = EPOCH / SECOND

export interface Detection {
  readonly events: number
  readonly delivered: number
  /** Heartbeats that were news, and copies of those. */
  readonly heard: number
  readonly old: number
  readonly suspicions: number
  readonly falseSuspicions: number
  readonly confirmed: number
  readonly recovered: number
  /** From the outage's beginning until a node of it is suspected. */
  readonly meanDelayS: number
  /** Of who was suspected when, in order. */
  readonly checksum: number
}
export interface Whole extends Detection {
  readonly declared: number
  readonly ended: number
  /** From the outage's beginning until it is declared. */
  readonly declaredAfterS: number
  readonly graceSeconds: number
  readonly repaired: number
  readonly lostItems: number
  /** Of the looks at nodes in the declared outage. */
  readonly precision: number
  readonly recall: number
}

/** The workload through the mechanisms; every promise is checked each minute. With a log, both streams and every minute's state go into its chain. */
export function heartbeatsThroughProtocol({ nodes = NODES, endS = END_S }: Size = {}, log?: Log): Whole {
  const { edges, to } = topology(nodes)
  const r = new Rehearsal({
    nodes,
    params: { ...PARAMS, ...REPAIR },
    home: (node, dice) => ({ ...usualHome(node, dice), ...regionOf(node) }),
    fund: 1_000_000,
  })
  r.nowS = BEGIN_S
  const { machine, commands, state } = r
  const suspected = machine.out.NodeSuspected
  const world = new World()
  const { HeartbeatSent, HeartbeatDropped, HeartbeatVanished } = world.rows
  const perceived = commands.SendHeartbeat
  const sources = [machine, world]
  const sentS = new Uint32Array(nodes)
  const end = endS * SECOND
  const queue = new EventQueue(2 * nodes)
  for (let n = 0; n < nodes; n++) queue.push(firstTick(n), edges + n)
  let [events, epochEnd, delivered, delaySum, checksum] = [0, EPOCH, 0, 0, CHECKSUM_START]

  while (queue.time < end) {
    const windowEnd = Math.min(queue.time + LATENCY_MIN, epochEnd, end)
    while (queue.time < windowEnd) {
      const at = queue.time
      const what = queue.payload
      queue.pop()
      events++
      if (what < edges) {
        if (isUp(to[what], at)) {
          if (perceived.length === perceived.capacity) reserve(perceived, 1)
          const k = perceived.length++
          const node = sourceOf(what)
          perceived.node[k] = node
          perceived.at[k] = sentS[node]
        } else write(HeartbeatVanished, what, at)
        continue
      }
      const node = what - edges
      if (isUp(node, at)) {
        const round = Math.floor(at / PERIOD)
        sentS[node] = BEGIN_S + Math.floor(at / SECOND)
        for (let e = node * FAN_OUT; e < (node + 1) * FAN_OUT; e++)
          if (isLost(e, round)) write(HeartbeatDropped, e, at)
          else {
            const due = at + latency(e, round)
            write(HeartbeatSent, e, due)
            queue.push(due, e)
          }
      }
      queue.push(at + PERIOD, what)
    }
    delivered += perceived.length
    r.submit("SendHeartbeat")
    if (queue.time < Math.min(epochEnd, end)) continue
    r.nowS = BEGIN_S + epochEnd / SECOND
    setTruth(r, Math.min(epochEnd, end))
    if (r.nowS === BEGIN_S + MINUTE_S) store(r, Math.floor(nodes * ITEMS_PER_NODE))
    r.endMinute()
    checkPromises(r)
    for (let k = 0; k < suspected.length; k++) {
      const node = suspected.node[k]
      if (r.up[node] === 0) delaySum += r.nowS - BEGIN_S - OUTAGE_BEGIN / SECOND
      checksum = feed(feed(checksum, node), r.nowS - BEGIN_S)
    }
    if (log === undefined) for (const source of sources) source.clear()
    else log.close(sources, r.nowS)
    while (epochEnd <= queue.time) epochEnd += EPOCH
  }

  const { total } = state.liveness
  const { claim, total: claims } = state.outages
  const refused = machine.refused[machine.reasons.indexOf("heartbeat_is_old")]
  return {
    events,
    delivered,
    heard: total.beats[0],
    old: refused,
    suspicions: total.suspicions[0],
    falseSuspicions: r.falseSuspicions,
    confirmed: total.confirmed[0],
    recovered: total.recovered[0],
    meanDelayS: mean(delaySum, total.suspicions[0] - r.falseSuspicions),
    checksum: checksum >>> 0,
    declared: claims.declarations[0],
    ended: claims.ended[0],
    declaredAfterS: claims.declarations[0] === 0 ? 0 : claim.decidedS[0] - BEGIN_S - OUTAGE_BEGIN / SECOND,
    graceSeconds: state.grace.total.usedSeconds[0],
    repaired: state.placement.total.repaired[0],
    lostItems: state.placement.total.lost[0],
    precision: precision(r.confusion, CORRELATED),
    recall: recall(r.confusion, CORRELATED),
  }
}

/** Regions are countries and grids; an ASN lies within one. */
function regionOf(node: number): { readonly country: number; readonly grid: number; readonly asn: number } {
  const country = DARK + (node % REGIONS)
  return { country, grid: country, asn: 1 + (country - 1) * 4 + (Math.floor(node / REGIONS) % 4) }
}

function setTruth(r: Rehearsal, at: number): void {
  if (at !== OUTAGE_BEGIN + EPOCH && at !== OUTAGE_END + EPOCH) return
  for (let node = 0; node < r.nodes; node++)
    if (isUp(node, at - 1) !== (r.up[node] === 1)) r.set(node, isUp(node, at - 1), CORRELATED)
}

function store(r: Rehearsal, items: number): void {
  for (let i = 0; i < items; i++)
    appendRow(r.commands.StoreItem, { needed: 4, pieces: 10, units: 1, priority: i % 4, hasSource: 0, at: r.nowS })
  r.submit("StoreItem")
}

/** Every promise of the network, as a run of the product checks them at the end of each epoch. */
function checkPromises(r: Rehearsal): void {
  const report = new Report()
  for (const name of Object.keys(example.invariants)) example.invariants[name].check(r.state, report.within(name))
  if (report.broken.length > 0) throw new Error(report.broken[0])
}

const mean = (sum: number, of: number): number => (of === 0 ? 0 : sum / of)

/**
 * Who is suspected, confirmed and heard again, in one loop over typed arrays: whole periods between heartbeats, so no rhythm to learn, and observers that
 * are all outside the region, so that they confirm whom they look at. Throws where the workload is not as regular as that.
 */
export function detectionBare({ nodes = NODES, endS = END_S }: Size = {}): Detection {
  const { edges, to } = topology(nodes)
  const lastS = new Float64Array(nodes).fill(-1)
  const sentS = new Float64Array(nodes)
  const beats = new Uint32Array(nodes)
  const gone = new Uint8Array(nodes)
  const end = endS * SECOND
  const queue = new EventQueue(2 * nodes)
  for (let n = 0; n < nodes; n++) queue.push(firstTick(n), edges + n)
  let [events, delivered, heard, suspicions, falseSuspicions, confirmed, recovered, delaySum] = [0, 0, 0, 0, 0, 0, 0, 0]
  let checksum = CHECKSUM_START
  const quietS = (PARAMS.phiPauseMs + DEVIATIONS * PARAMS.phiMinDeviationMs + PERIOD / 1000) / 1000
  for (let epochEnd = EPOCH; queue.time < end; epochEnd += EPOCH) {
    while (queue.time < Math.min(epochEnd, end)) {
      const at = queue.time
      const what = queue.payload
      queue.pop()
      events++
      if (what >= edges) {
        const node = what - edges
        queue.push(at + PERIOD, what)
        if (!isUp(node, at)) continue
        sentS[node] = Math.floor(at / SECOND)
        const round = Math.floor(at / PERIOD)
        for (let e = node * FAN_OUT; e < (node + 1) * FAN_OUT; e++) if (!isLost(e, round)) queue.push(at + latency(e, round), e)
        continue
      }
      if (!isUp(to[what], at)) continue
      delivered++
      const node = sourceOf(what)
      if (lastS[node] === sentS[node]) continue
      if (lastS[node] >= 0 && gone[node] === 0 && sentS[node] - lastS[node] !== PERIOD / SECOND)
        throw new Error(`W2 is not regular: node ${node} was heard after ${sentS[node] - lastS[node]} s`)
      heard++
      beats[node]++
      lastS[node] = sentS[node]
      if (gone[node] === 1) recovered++
      gone[node] = 0
    }
    const nowS = epochEnd / SECOND
    for (let node = 0; node < nodes; node++) {
      if (gone[node] === 1 || beats[node] < 2 || nowS - lastS[node] < quietS) continue
      suspicions++
      checksum = feed(feed(checksum, node), nowS)
      if (isUp(node, epochEnd - 1)) {
        falseSuspicions++
        continue
      }
      gone[node] = 1
      confirmed++
      delaySum += nowS - OUTAGE_BEGIN / SECOND
    }
  }
  const meanDelayS = mean(delaySum, suspicions - falseSuspicions)
  const old = delivered - heard
  return {
    events,
    delivered,
    heard,
    old,
    suspicions,
    falseSuspicions,
    confirmed,
    recovered,
    meanDelayS,
    checksum: checksum >>> 0,
  }
}

/** The log's hash at a size: equal in every run and on every engine. */
export function protocolLogHash(size: Size): string {
  const log = new Log(sha256)
  heartbeatsThroughProtocol(size, log)
  return toHex(log.hash)
}

/** What the mechanisms must have done besides: one outage declared and ended, nobody accused, pieces made anew. Throws where they did not. */
export function checkWhole(whole: Whole, bare: Detection, variant: string): void {
  for (const name of Object.keys(bare) as (keyof Detection)[])
    if (!Object.is(whole[name], bare[name]))
      throw new Error(`W2 ${variant}: ${name} is ${whole[name]}, the bare loop has ${bare[name]}; a wrong run is not timed`)
  const isDone =
    whole.declared === 1 && whole.ended === 1 && whole.falseSuspicions === 0 && whole.graceSeconds > 0 && whole.repaired > 0
  if (!isDone) throw new Error(`W2 ${variant}: ${JSON.stringify(whole)}; a wrong run is not timed`)
}

/** Times W2 with full protocol logic beside the bare loop. Throws when a run is wrong. */
export function w2Full({ nodes = NODES, endS = END_S, repeats = 3 }: Options & Size = {}): readonly Timing[] {
  const size = { nodes, endS }
  const bare = detectionBare(size)
  if (nodes === NODES && endS === END_S)
    for (const name of ["events", "delivered"] as const) agree("W2, full protocol", name, bare[name], HEARTBEATS_PUBLISHED[name])
  const variants = {
    "bare typed arrays, detection only": () => detectionBare(size) as Whole,
    "full protocol, log off": () => heartbeatsThroughProtocol(size),
    "full protocol, log on": () => heartbeatsThroughProtocol(size, new Log(sha256)),
  }
  const check = (whole: Whole, variant: string) => {
    if (!variant.startsWith("bare")) checkWhole(whole, bare, variant)
  }
  return measure("W2 full protocol", "events", bare.events, variants, check, repeats)
}
