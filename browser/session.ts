/**
 * A run that can be stepped, scrubbed and forked: the tick loop with its headers, snapshots and one frame a look. The same in a
 * worker and in Node; a run's headers are those of `blackstart run` for the same scenario.
 */
import type { Scenario } from "../protocol/boundary/scenario.ts"
import { refuse } from "../protocol/boundary/problem.ts"
import { sayInstant } from "../protocol/boundary/instant.ts"
import type { Header } from "../protocol/kernel/log.ts"
import type { AnyNetwork } from "../protocol/kernel/network.ts"
import { plainHasher } from "../simulation/engine/hasher.ts"
import type { Plan } from "../simulation/engine/plan.ts"
import { Simulation, type Environment, type Inhabited } from "../simulation/engine/simulation.ts"
import { metricColumn } from "../simulation/engine/tally.ts"
import { groundedEnvironment } from "../simulation/record/ground.ts"
import { feedOf, type Told } from "./feed.ts"
import {
  CUT_OFF,
  LOST_MOST,
  STOPPED,
  type About,
  type Change,
  type FeedItem,
  type Frame,
  type Hashes,
  type NetworkAbout,
} from "./messages.ts"
import { countEpochs, planOf } from "./plan.ts"
import { restore, Snapshots, type Snapshot } from "./snapshots.ts"

/** Of one network: what its nodes were asked and given by the end of the epoch before, and the byte each was given since. */
interface Sight {
  readonly offered: Float64Array
  readonly served: Float64Array
  readonly levels: Uint8Array
}

export interface SessionOptions {
  /** False leaves the hashes out: for a slider that wants its answer at once. */
  readonly chained?: boolean
  /** Places are kept in it, so that a next run stands on the same ground. */
  readonly environment?: Environment
  readonly snapshotBytes?: number
  /** False takes none: such a run only goes forward. */
  readonly hasSnapshots?: boolean
}

/** Places of the runs of one worker. */
export const ground = (): Environment => groundedEnvironment(plainHasher)

export class Session {
  readonly scenario: Scenario
  readonly plan: Plan
  readonly epochs: number
  readonly snapshots: Snapshots
  readonly headers: Header[] = []
  readonly #options: SessionOptions
  #sim: Simulation
  readonly #sights: readonly Sight[]
  #feed: FeedItem[] = []
  readonly #told: Told = new Map()
  #toldEpoch = 0

  /** Throws a ScenarioProblem with one sentence. */
  constructor(scenario: unknown, options: SessionOptions = {}) {
    const planned = planOf(scenario)
    this.scenario = planned.scenario
    this.plan = planned.plan
    this.#options = { ...options, environment: options.environment ?? ground() }
    this.epochs = countEpochs(this.plan)
    this.snapshots = new Snapshots(this.epochs, options.snapshotBytes)
    this.#sim = this.simulate(this.plan)
    this.#sights = this.#sim.networks.map(({ lender: { nodes } }) => ({
      offered: new Float64Array(nodes),
      served: new Float64Array(nodes),
      levels: new Uint8Array(nodes),
    }))
    if (options.hasSnapshots !== false) this.snapshots.consider(this.#sim)
  }

  get epoch(): number {
    return this.#sim.epoch
  }
  get done(): boolean {
    return this.#sim.done
  }
  get atS(): number {
    return this.#sim.atS
  }

  /** A simulation of a plan on this session's ground. */
  simulate(plan: Plan, extra: Partial<Environment> = {}): Simulation {
    return new Simulation(plan, {
      ...this.#options.environment!,
      ...(this.#options.chained === false ? { chained: false } : {}),
      onEpoch: (sources) => {
        // An epoch that is folded again was told before.
        if (this.#sim.epoch > this.#toldEpoch) this.#feed.push(...feedOf(this.#sim, sources, this.#told))
      },
      ...extra,
    })
  }

  /** A new simulation put to where a snapshot was taken: one that was later already may keep what it derived there. */
  simulateFrom(plan: Plan, snapshot: Snapshot, extra: Partial<Environment> = {}): Simulation {
    const sim = this.simulate(plan, extra)
    // Before its first epoch a new one stands at the start already, with the rows of who depends on whom still to be logged.
    if (snapshot.epoch > 0) restore(sim, snapshot)
    return sim
  }

  /** To the end. Nodes are looked at for the last epoch only. */
  finish(): void {
    while (!this.#sim.done) this.tick(this.#sim.epoch >= this.epochs - 2)
  }

  /** One epoch, unless the run is done. */
  tick(isSeen = true): void {
    if (this.#sim.done) return
    const before = this.#sim.epoch
    const { header, fromS, toS } = this.#sim.tick()
    if (header !== undefined) {
      if (this.headers.length === before) this.headers.push(header)
      else if (this.headers[before].hash !== header.hash)
        throw new Error(
          `epoch ${before} came to ${header.hash} when it was folded again, and to ${this.headers[before].hash} before`,
        )
    }
    for (const m of before < this.#toldEpoch ? [] : this.plan.timeline)
      if (m.atS >= fromS && m.atS < toS)
        this.#feed.push({ atS: m.atS, network: "", type: m.label, because: "", count: 1, kind: "moment" })
    this.#toldEpoch = Math.max(this.#toldEpoch, this.#sim.epoch)
    if (isSeen) this.#sim.networks.forEach((n, k) => look(n, this.#sights[k]))
    if (this.#options.hasSnapshots !== false) this.snapshots.consider(this.#sim)
  }

  /** To where `epoch` epochs are done; the last of them is always run, so that a frame shows what it did. */
  scrub(epoch: number): void {
    if (!Number.isInteger(epoch) || epoch < 0 || epoch > this.epochs)
      refuse(`there is no epoch ${epoch}: this run has ${this.epochs}, and time goes from 0 to there`)
    if (epoch <= this.#sim.epoch || this.snapshots.before(Math.max(0, epoch - 1)).epoch > this.#sim.epoch) {
      this.#sim = this.simulateFrom(this.plan, this.snapshots.before(Math.max(0, epoch - 1)))
      this.#sim.networks.forEach((n, k) => look(n, this.#sights[k]))
    }
    while (this.#sim.epoch < epoch) this.tick()
  }

  /** The scenario with these changes from now on: what `fork` goes on in, and what can be saved. */
  forked(changes: readonly Change[]): Scenario {
    if (changes.length === 0) refuse("a fork changes nothing: name a parameter and its new value")
    const at = sayInstant(this.#sim.atS)
    const moments = changes.map(({ network, parameter, value }) => ({
      at,
      label: `${parameter} becomes ${value}`,
      do: { verb: "change" as const, network, parameter, value },
    }))
    return { ...this.scenario, timeline: [...(this.scenario.timeline ?? []), ...moments] }
  }

  /** Another future from this epoch, with the same past: its snapshots and headers are shared. */
  fork(changes: readonly Change[]): Session {
    if (this.#sim.done) refuse("the run is at its end: go back in time before a fork")
    const other = new Session(this.forked(changes), this.#options)
    const { epoch } = this.#sim
    other.snapshots.adopt(this.snapshots.until(epoch))
    other.headers.push(...this.headers.slice(0, epoch))
    other.scrub(epoch)
    return other
  }

  about(): About {
    const { plan } = this
    return {
      question: this.scenario.question,
      seed: plan.seed,
      beginS: plan.beginS,
      endS: plan.endS,
      epochs: this.epochs,
      ...(plan.windowS === undefined ? {} : { onsetS: plan.windowS.from, recoveryS: plan.windowS.to }),
      moments: plan.timeline.map(({ atS, label }) => ({ atS, label })),
      networks: plan.networks.map((p, k) => aboutNetwork(p.network, p.preset, p.values, this.#sim.networks[k])),
    }
  }

  /** What happened since epoch `since`, and how it stands. */
  frame(since: number, withIncome = false): Frame {
    const { networks, epoch, atS, done } = this.#sim
    const feed = this.#feed
    this.#feed = []
    return {
      epoch,
      atS,
      done,
      headers: this.headers.slice(since, epoch),
      rows: Object.fromEntries(networks.map((n) => [n.name, rowsSince(n, since)])),
      nodes: Object.fromEntries(networks.map((n, k) => [n.name, this.#sights[k].levels.slice()])),
      ...(withIncome ? { income: this.#incomes() } : {}),
      feed,
    }
  }

  measure(network: string, measure: string): Float64Array {
    const n = this.#sim.networks.find((other) => other.name === network)
    const found = n?.network.nodeMeasures[measure]
    if (n === undefined || found === undefined) return refuse(`${network} has no measure ${measure} of a node`)
    const { state } = n.machine
    return Float64Array.from({ length: n.lender.nodes }, (_, node) => found.of(state, node))
  }

  hashes(): Hashes {
    const { epoch } = this.#sim
    const last = this.headers[epoch - 1]
    const rows = this.headers.slice(0, epoch).reduce((sum, h) => sum + h.rows, 0)
    return { epoch, log: last?.hash ?? "", state: last?.state ?? "", rows }
  }

  #incomes(): Record<string, Float64Array> {
    const all: Record<string, Float64Array> = {}
    for (const n of this.#sim.networks) {
      const income = incomeOf(n.network)
      if (income !== undefined) all[n.name] = this.measure(n.name, income)
    }
    return all
  }
}

/** The measure that says what a node was paid: the one declared so, else the first whose name says it. */
export const incomeOf = (network: AnyNetwork): string | undefined => {
  const names = Object.keys(network.nodeMeasures)
  return names.find((m) => network.nodeMeasures[m].isIncome === true) ?? names.find((m) => /earned|paid/i.test(m))
}

function look({ lender, tally }: Inhabited, { offered, served, levels }: Sight): void {
  const { running, throughPermille } = lender
  for (let i = 0; i < levels.length; i++) {
    const { offered: asked, served: given } = totals(tally.table, i)
    const wanted = asked - offered[i]
    const got = given - served[i]
    offered[i] = asked
    served[i] = given
    levels[i] =
      running[i] === 0
        ? STOPPED
        : throughPermille[i] === 0
          ? CUT_OFF
          : wanted <= 0
            ? 0
            : Math.max(0, Math.round(((wanted - got) * LOST_MOST) / wanted))
  }
}
/** One object, so that a look at ten thousand nodes makes none. */
const both = { offered: 0, served: 0 }
function totals(t: Inhabited["tally"]["table"], node: number): typeof both {
  both.offered = t.offered[node] + t.windowOffered[node]
  both.served = t.served[node] + t.windowServed[node]
  return both
}

function rowsSince(n: Inhabited, since: number): Record<string, Float64Array> {
  const table = n.epochs.rows
  const columns = table as unknown as Record<string, ArrayLike<number>>
  return Object.fromEntries(
    Object.keys(table.shape).map((name) => [
      name,
      Float64Array.from({ length: Math.max(0, table.length - since) }, (_, i) => columns[name][since + i]),
    ]),
  )
}

function aboutNetwork(
  network: AnyNetwork,
  preset: string,
  values: Readonly<Record<string, number>>,
  inhabited: Inhabited,
): NetworkAbout {
  const { places } = inhabited.lender
  const recorded = (name: string, unit: string, because: string, kind: "counter" | "gauge") => ({
    name,
    column: metricColumn(name),
    unit,
    because,
    kind,
  })
  return {
    name: network.name,
    because: network.because,
    nodeWord: network.nodeWord,
    nodes: places.nodes,
    preset,
    service: network.service,
    metrics: [
      ...Object.entries(network.metrics).map(([name, m]) => recorded(name, m.unit, m.because, m.kind)),
      ...Object.entries(network.inhabit.observes ?? {}).map(([name, m]) => recorded(name, m.unit, m.because, "gauge")),
    ],
    measures: Object.entries(network.nodeMeasures).map(([name, m]) => ({ name, unit: m.unit, because: m.because })),
    income: incomeOf(network),
    params: { ...values },
    latE7: places.latE7,
    lngE7: places.lngE7,
    domains: places.domains,
  }
}
