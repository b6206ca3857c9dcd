/**
 * The tick loop: one logical clock, many cadences, every network of a plan and the world they share.
 *
 * An epoch is one tick: the world moves, nodes act, users are served, what falls due is settled, promises are checked, and
 * the chain gets one header. Within it time is cut wherever the world changes or a cadence falls due, so a day in one
 * tick and a day in 1,440 go through the same states.
 */
import { nextMultiple, tickEnd } from "../../protocol/kernel/clock.ts"
import type { Inhabitants } from "../../protocol/kernel/habitat.ts"
import type { NewHasher } from "../../protocol/kernel/hash.ts"
import { BrokenPromise, Report, type Invariant } from "../../protocol/kernel/invariant.ts"
import { Log, type Header, type Sink, type Source } from "../../protocol/kernel/log.ts"
import { Machine } from "../../protocol/kernel/machine.ts"
import type { AnyNetwork, Ports } from "../../protocol/kernel/network.ts"
import { draw, stream } from "../../protocol/kernel/random.ts"
import { tables, type Tables } from "../../protocol/kernel/row-type.ts"
import { appendRow, filled, reserve, type Table, type AnyTable } from "../../protocol/kernel/table.ts"
import { select } from "../faults/select.ts"
import { compileAgenda, type Entry, type Subject } from "../faults/agenda.ts"
import { speaksOfPlight } from "../faults/plight.ts"
import { truthOf, type TruthState } from "../world/truth.ts"
import { Lender, type Site } from "./habitat.ts"
import type { Dependency, Plan, PlannedNetwork } from "./plan.ts"
import { EpochTable, NodeTally, type FocusReading } from "./tally.ts"

export interface Environment {
  readonly newHasher: NewHasher
  readonly ports: Ports
  /** Places of a network's nodes: sampled once per (profile, seed, nodes), shared by variants. */
  readonly site: (profile: string, seed: number, nodes: number, plan: Plan) => Site
  readonly sink?: Sink
  /** The line that reproduces the run, for broken promises. */
  readonly reproduce?: string
  /** Sees every epoch's rows before they are hashed and forgotten. */
  readonly onEpoch?: (sources: readonly Source[]) => void
  /** False only for variants that are compared by their measures and never kept. */
  readonly chained?: boolean
}

/** One network in its world. */
export class Inhabited {
  readonly name: string
  readonly network: AnyNetwork
  readonly machine: Machine
  readonly world: Machine
  readonly lender: Lender
  readonly actors: Inhabitants
  readonly memory: AnyTable
  readonly epochs: EpochTable
  readonly tally: NodeTally
  readonly commands: Tables<any>
  readonly subject: Subject
  /** What its rules and its world promise of their states. */
  readonly promises: readonly { readonly name: string; readonly check: Invariant<unknown>["check"]; readonly of: Machine }[]
  servedPermille = 1000

  constructor(planned: PlannedNetwork, plan: Plan, env: Environment) {
    const { network, nodes, values } = planned
    this.name = network.name
    this.network = network
    const site = env.site(network.inhabit.profile, plan.seed, nodes, plan)
    const facilities = network.inhabit.facilities.map((f) => f.name)
    const { places } = site
    this.machine = new Machine(network, nodes, values, env.ports)
    this.world = new Machine(
      truthOf(facilities, places.domains.client.of, plan.hasPlight ?? speaksOfPlight(plan.timeline)),
      nodes,
      {},
      env.ports,
    )
    this.lender = new Lender(
      plan.seed,
      plan.beginS,
      site,
      this.world,
      facilities,
      () => this.machine.params,
      network.inhabit.demandMilliPerNodeMinute,
    )
    this.memory = filled(network.inhabit.memory ?? {}, nodes)
    this.commands = tables(network.commands, 16)
    const rowsOf = new Map<string, AnyTable>(Object.entries(this.commands))
    const submit = (type: string): void => {
      const rows = rowsOf.get(type)!
      if (rows.length > 0) this.machine.step(type, rows, 0, rows.length)
      rows.length = 0
    }
    this.actors = network.inhabit.enter({
      habitat: this.lender,
      state: this.machine.state,
      commands: this.commands,
      memory: this.memory,
      submit,
    })
    this.promises = [this.machine, this.world].flatMap((of) =>
      (Object.entries(of.network.invariants) as [string, Invariant<unknown>][]).map(([name, { check }]) => ({ name, check, of })),
    )
    this.epochs = new EpochTable(network, plan.focus?.network === this.name)
    this.tally = new NodeTally(nodes)
    this.subject = {
      places,
      facilities,
      behind: new Uint8Array(nodes),
      client: Uint32Array.from(places.domains.client.of),
      stopped: new Uint8Array(nodes),
      cutS: new Float64Array(nodes),
      failedS: new Float64Array(nodes),
      gone: new Uint8Array(nodes),
      darkS: new Float64Array(nodes),
      fate: new Uint8Array(nodes),
    }
  }

  /** Nodes of the plan's focus, found once who depends on whom is known. */
  #focus: Uint32Array | undefined

  /** How the nodes of the focus fared by now: their neighbours' requests since genesis, and how many of them are there. */
  focus(plan: Plan): FocusReading | undefined {
    if (plan.focus?.network !== this.name) return undefined
    this.#focus ??= unite(plan.focus.where.map((where) => select(where, this.subject, stream(plan.seed, "focus/share"))))
    let [offered, served, present] = [0, 0, 0]
    for (const node of this.#focus) {
      const total = this.tally.totals(node)
      offered += total.offered
      served += total.served
      if (this.lender.running[node] === 1) present += this.lender.throughPermille[node]
    }
    return { offered, served, presentPermille: this.#focus.length === 0 ? 1000 : Math.round(present / this.#focus.length) }
  }

  /** Everything a snapshot must hold: protocol state, truth, actors' memory and what was recorded so far. */
  savedTables(): Readonly<Record<string, AnyTable>> {
    const named: Record<string, AnyTable> = {}
    for (const [part, all] of [
      ["state", this.machine.stateTables()],
      ["world", this.world.stateTables()],
      ["actors", { memory: this.memory }],
      ["record", { epochs: this.epochs.rows, tally: this.tally.rows, refused: this.tally.refusedTable(this.machine) }],
    ] as const)
      for (const name of Object.keys(all)) named[`${this.name}.${part}.${name}`] = (all as Record<string, AnyTable>)[name]
    return named
  }
}

type AnyCadence = AnyNetwork["cadences"][string]
interface Due {
  readonly of: Inhabited
  readonly name: string
  readonly cadence: AnyCadence
}
/** A cadence may sleep while what it serves is switched off. */
const isDue = ({ cadence, of }: Due): boolean => cadence.when === undefined || cadence.when(of.machine.params)

const unite = (sets: readonly Uint32Array[]): Uint32Array =>
  Uint32Array.from(new Set(sets.flatMap((nodes) => [...nodes]))).toSorted()

/** What an epoch did. */
export interface Tick {
  readonly fromS: number
  readonly toS: number
  readonly header: Header | undefined
}

export class Simulation {
  readonly plan: Plan
  readonly networks: readonly Inhabited[]
  /** Those that live on; the others only divide time. */
  #live: readonly Inhabited[]
  readonly #env: Environment
  readonly #sources: readonly Source[]
  readonly #cadences: readonly Due[]
  #log: Log
  #agenda: readonly Entry[] = []
  #moments: readonly number[] = []
  #next = 0
  #at: number
  #epoch = 0

  constructor(plan: Plan, env: Environment) {
    this.plan = plan
    this.#env = env
    this.#at = plan.beginS
    this.networks = this.#live = plan.networks.map((n) => new Inhabited(n, plan, env))
    this.#sources = this.networks.flatMap((n) => [n.machine, n.world])
    this.#cadences = this.networks.flatMap((of) =>
      (Object.entries(of.network.cadences) as [string, AnyCadence][]).map(([name, cadence]) => ({ of, name, cadence })),
    )
    this.#log = new Log(env.newHasher, env.sink)
    this.#attach()
    this.#compile()
  }

  /** Lets only these live on; the others stand still. What these do is then, to the bit, what they do in company. */
  keepOnly(names: ReadonlySet<string>): void {
    this.#live = this.networks.filter((n) => names.has(n.name))
  }

  get atS(): number {
    return this.#at
  }
  get done(): boolean {
    return this.#at >= this.plan.endS
  }
  get log(): Log {
    return this.#log
  }
  get epoch(): number {
    return this.#epoch
  }
  /** Every world fact that the timeline brings about: what a live testnet is made to suffer too. */
  get agenda(): readonly Entry[] {
    return this.#agenda
  }

  /** When the epoch now due will end. Onset and main recovery end one too, so that no epoch is half inside the window. */
  get nextEndS(): number {
    const { endS, everySeconds, windows, windowS } = this.plan
    return tickEnd(this.#at, endS, everySeconds, windows, [], windowS === undefined ? [] : [windowS.from, windowS.to])
  }

  /** Runs one epoch. The first one begins with everybody's arrival. */
  tick(): Tick {
    const fromS = this.#at
    if (fromS === this.plan.beginS && this.#epoch === 0) for (const n of this.#live) n.actors.arrive()
    const toS = this.nextEndS
    for (const n of this.#live) n.epochs.open()
    for (let at = fromS; at < toS;) at = this.#slice(at, toS)
    this.#keepPromises(toS)
    for (const n of this.#live)
      n.epochs.close(
        this.#epoch,
        fromS,
        toS,
        n.machine.state,
        n.lender.up,
        n.machine.refused,
        n.actors.observe?.(),
        n.focus(this.plan),
      )
    this.#at = toS
    this.#epoch++
    if (this.#env.chained === false) {
      for (const s of this.#sources) s.clear()
      return { fromS, toS, header: undefined }
    }
    this.#env.onEpoch?.(this.#sources)
    return { fromS, toS, header: this.#log.close(this.#sources, toS) }
  }

  /** From `fromS` to the next thing that changes: one state of the world, then whatever falls due at its end. */
  #slice(fromS: number, limitS: number): number {
    this.#applyAgenda(fromS)
    let toS = limitS
    const nextMoment = this.#next < this.#moments.length ? this.#moments[this.#next] : Infinity
    toS = Math.min(toS, nextMoment)
    for (const due of this.#cadences) if (isDue(due)) toS = Math.min(toS, nextMultiple(fromS, due.cadence.everySeconds))
    for (const n of this.#live) {
      this.#depend(n)
      n.lender.look()
      n.actors.act(fromS, toS)
      const measured = n.actors.serve(fromS, toS, n.tally.slice(this.#inWindow(fromS)))
      n.epochs.add(measured)
      if (n.lender.away > 0) n.tally.away(n.lender.running, n.lender.throughPermille, toS - fromS)
      n.servedPermille = measured.offeredMilli === 0 ? 1000 : Math.floor((measured.servedMilli * 1000) / measured.offeredMilli)
      n.actors.close?.(toS)
    }
    for (const due of this.#cadences)
      if (toS % due.cadence.everySeconds === 0 && isDue(due) && this.#live.includes(due.of)) due.of.machine.settle(due.name, toS)
    return toS
  }

  #inWindow(atS: number): boolean {
    const w = this.plan.windowS
    return w !== undefined && atS >= w.from && atS < w.to
  }

  /** World facts and rule changes due by `atS`. Rows of one kind that stand together go as one run. */
  #applyAgenda(atS: number): void {
    for (const moment of this.plan.timeline)
      if (moment.atS === atS) {
        if (moment.do.verb === "change") this.#named(moment.do.network).machine.change(moment.do.parameter, moment.do.value)
        else if (moment.do.verb === "adopt") this.#named(moment.do.network).machine.changeAll(moment.do.values)
      }
    while (this.#next < this.#moments.length && this.#moments[this.#next] <= atS) this.#next++
    while (this.#entry < this.#agenda.length && this.#agenda[this.#entry].atS <= atS) {
      const { network, type } = this.#agenda[this.#entry]
      const { world, lender } = this.#named(network)
      const rows = (this.#worldCommands.get(network) as unknown as Record<string, AnyTable>)[type]
      while (this.#entry < this.#agenda.length) {
        const e = this.#agenda[this.#entry]
        if (e.atS > atS || e.network !== network || e.type !== type) break
        appendRow(rows, e.row as never)
        if (e.fate !== undefined) lender.fate[e.row.node] = e.fate
        this.#entry++
      }
      world.step(type, rows, 0, rows.length)
      rows.length = 0
    }
  }
  #entry = 0
  readonly #worldCommands = new Map<string, Tables<any>>()

  /** What the provider serves is what those behind it get through. */
  #depend(n: Inhabited): void {
    const dependency = this.plan.dependencies.find((d) => d.network === n.name)
    if (dependency === undefined) return
    const { servedPermille } = this.#named(dependency.on)
    if ((n.world.state as TruthState).provider.served[0] === servedPermille) return
    const rows = (this.#worldCommands.get(n.name) as unknown as Record<string, AnyTable>).MeasureProvider
    appendRow(rows, { served: servedPermille } as never)
    n.world.step("MeasureProvider", rows, 0, 1)
    rows.length = 0
  }

  /** Who depends on whom, drawn once: a larger share only adds nodes to a smaller one's. */
  #attach(): void {
    for (const n of this.networks) {
      this.#worldCommands.set(n.name, tables(n.world.network.commands, 16))
      const dependency = this.plan.dependencies.find((d) => d.network === n.name)
      if (dependency !== undefined) this.attach(n, dependency)
    }
  }

  /** Attaches nodes of `n` to the provider as `dependency` says; for a fork with another share too. */
  attach(n: Inhabited, dependency: Dependency): void {
    const own = stream(this.plan.seed, `dependency/${dependency.on}/nodes`)
    const users = stream(this.plan.seed, `dependency/${dependency.on}/users`)
    const truth = (n.world.state as TruthState).node
    const rows = (this.#worldCommands.get(n.name) as unknown as Record<string, Table<{}> & Record<string, Uint8Array>>).Attach
    reserve(rows, n.lender.nodes)
    for (let node = 0; node < n.lender.nodes; node++) {
      const behind = draw(own, node) % 1000 < dependency.nodesPermille ? 1 : 0
      const userBehind = draw(users, node) % 1000 < dependency.usersPermille ? 1 : 0
      n.subject.behind[node] = behind
      if (behind === truth.behind[node] && userBehind === truth.userBehind[node]) continue
      const j = rows.length++
      rows.node[j] = node
      rows.behind[j] = behind
      rows.userBehind[j] = userBehind
    }
    if (rows.length > 0) n.world.step("Attach", rows, 0, rows.length)
    rows.length = 0
  }

  #compile(): void {
    this.#agenda = compileAgenda(
      this.plan.seed,
      this.plan.endS,
      this.plan.timeline,
      new Map(this.networks.map((n) => [n.name, n.subject])),
    )
    const changes = this.plan.timeline.filter((m) => m.do.verb === "change" || m.do.verb === "adopt").map((m) => m.atS)
    this.#moments = [...new Set([...this.#agenda.map((e) => e.atS), ...changes])].sort((a, b) => a - b)
  }

  #keepPromises(atS: number): void {
    const report = new Report()
    for (const n of this.#live)
      for (const { name, check, of } of n.promises)
        check(
          of.state,
          report.within(() => `${n.name}: epoch ${this.#epoch} (ends ${atS}): ${name}`),
        )
    if (report.broken.length > 0)
      throw new BrokenPromise(report.broken, this.#env.reproduce ?? `the same scenario with seed ${this.plan.seed}`)
  }

  #named(name: string): Inhabited {
    const found = this.networks.find((n) => n.name === name)
    if (found === undefined) throw new Error(`the plan speaks of ${name}, which it does not run`)
    return found
  }

  /** Every table, for a snapshot. */
  savedTables(): Readonly<Record<string, AnyTable>> {
    return Object.assign({}, ...this.networks.map((n) => n.savedTables()))
  }

  /** After tables were restored in place: continues from that epoch. The agenda is compiled anew, and skipped up to there. */
  continueFrom(at: { readonly epoch: number; readonly atS: number; readonly previous: Uint8Array; readonly rows: number }): void {
    this.#epoch = at.epoch
    this.#at = at.atS
    this.#log = new Log(this.#env.newHasher, this.#env.sink, { epoch: at.epoch, previous: at.previous, rows: at.rows })
    this.#entry = this.#agenda.findIndex((e) => e.atS >= at.atS)
    if (this.#entry < 0) this.#entry = this.#agenda.length
    for (const { network, row, fate } of this.#agenda.slice(0, this.#entry))
      if (fate !== undefined) this.#named(network).lender.fate[row.node] = fate
    this.#next = 0
    for (const n of this.networks) {
      n.machine.refreshParams()
      n.tally.restoreRefused(n.machine)
      n.epochs.resume(n.machine.state)
      n.lender.look()
      n.servedPermille = n.epochs.lastServedPermille()
      n.machine.clear()
      n.world.clear()
    }
  }
}
