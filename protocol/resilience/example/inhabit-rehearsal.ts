/**
 * A rehearsal: a small world of its own around the example network. It knows who is truly up and who colludes, beats, votes and
 * witnesses for the nodes minute by minute, and compares what the network believes with what is true. The protocol sees commands only.
 */
import { HOUR, MINUTE } from "../../kernel/clock.ts"
import { Machine } from "../../kernel/machine.ts"
import type { Ports } from "../../kernel/network.ts"
import { resolve } from "../../kernel/param.ts"
import { tables, type Tables } from "../../kernel/row-type.ts"
import { appendRow, reserve } from "../../kernel/table.ts"
import { addLook, believe, confusion, INDIVIDUAL, WELL, type Confusion, type CORRELATED } from "../confusion.ts"
import { Dice } from "../ensemble/dice.ts"
import { HEARD, SUSPECTED } from "../liveness.ts"
import { drawObservers, panel } from "../observers.ts"
import { witnessesOf } from "../outage-decide.ts"
import { OPEN } from "../outage.ts"
import { domainsOf, NOBODY } from "../rows.ts"
import { commands, example, type Commands } from "./index.ts"
import type { State } from "./state.ts"

export interface Home {
  readonly owner: number
  readonly country: number
  readonly asn: number
  readonly provider: number
  readonly client: number
  readonly grid: number
}
export interface Plan {
  readonly nodes: number
  readonly seed?: number
  readonly params?: Readonly<Record<string, number>>
  readonly home?: (node: number, dice: Dice) => Home
  /** Lies as an observer or witness, in the interest of the claim. */
  readonly colludes?: (node: number) => boolean
  /** A country that colluders report as down although it is up, and claim so. */
  readonly frames?: number
  /** Share of heartbeats lost on the way. */
  readonly loss?: number
  readonly fund?: number
}

/** A full hour of 2025. */
export const BEGIN_S = 488_900 * HOUR

/** Ten countries, forty ASNs within them, eight providers across them, three clients; a third as many owners as nodes. */
export const usualHome = (node: number, dice: Dice): Home => {
  const country = 1 + dice.below(10)
  const asn = 1 + (country - 1) * 4 + dice.below(4)
  return { owner: Math.floor(node / 3), country, asn, provider: 1 + dice.below(8), client: 1 + dice.below(3), grid: country }
}

export class Rehearsal {
  readonly machine: Machine
  readonly state: State
  readonly nodes: number
  readonly homes: readonly Home[]
  /** Truth: 1 while a node runs, and why it does not. */
  readonly up: Uint8Array
  readonly cause: Uint8Array
  readonly confusion: Confusion = confusion()
  nowS = BEGIN_S
  /** Suspicions of nodes that were up: what the protocol cannot know. */
  falseSuspicions = 0
  readonly #commands: Tables<Commands>
  readonly #dice: Dice
  readonly #plan: Plan
  readonly #belief: Uint8Array
  #suspicions = 0

  constructor(plan: Plan) {
    this.#plan = plan
    this.nodes = plan.nodes
    this.machine = new Machine(
      example,
      plan.nodes,
      resolve(example.name, example.params, undefined, plan.params),
      {} as Ports,
      1024,
    )
    this.state = this.machine.state as State
    this.#commands = tables(commands, 1024)
    this.#dice = new Dice(plan.seed ?? 1, "resilience/rehearsal")
    const places = new Dice(plan.seed ?? 1, "resilience/rehearsal/home")
    this.homes = Array.from({ length: plan.nodes }, (_, node) => (plan.home ?? usualHome)(node, places))
    this.up = new Uint8Array(plan.nodes).fill(1)
    this.cause = new Uint8Array(plan.nodes)
    this.#belief = new Uint8Array(plan.nodes)
    const early = BEGIN_S - 30 * 24 * HOUR
    this.homes.forEach(({ owner, ...home }, node) => {
      appendRow(this.#commands.RegisterNode, { node, owner, at: early })
      appendRow(this.#commands.DeclareDomains, { node, ...home, at: early })
      if ((plan.fund ?? 0) > 0) appendRow(this.#commands.FundNode, { node, amount: plan.fund!, at: early })
    })
    this.submit("RegisterNode")
    this.submit("DeclareDomains")
    this.submit("FundNode")
  }

  /** Rows to fill and hand in by `submit`. */
  get commands(): Tables<Commands> {
    return this.#commands
  }
  submit(type: keyof Commands): void {
    const rows = this.#commands[type]
    this.machine.step(type, rows, 0, rows.length)
    rows.length = 0
  }

  /** Takes a node down, or up again. */
  set(node: number, isUp: boolean, cause: typeof INDIVIDUAL | typeof CORRELATED = INDIVIDUAL): void {
    this.up[node] = isUp ? 1 : 0
    this.cause[node] = isUp ? WELL : cause
  }
  /** All nodes of a domain. */
  members(kind: keyof Omit<Home, "owner">, domain: number): readonly number[] {
    return this.homes.flatMap((home, node) => (home[kind] === domain ? [node] : []))
  }

  /** Lives through some minutes; `each` is told each minute's beginning and may change the truth. */
  run(minutes: number, each?: (minute: number) => void): void {
    for (let m = 0; m < minutes; m++) {
      each?.(m)
      this.nowS += MINUTE
      this.#beat()
      this.endMinute()
      this.machine.clear()
    }
  }

  /** What follows once a minute's heartbeats are in, `nowS` being its end: settlement, observers, witnesses, arrivals, and the look at the truth. */
  endMinute(): void {
    this.machine.settle("minute", this.nowS)
    this.#countFalse()
    this.#observe()
    if (this.#plan.frames !== undefined) this.#frame(this.#plan.frames)
    this.#witness()
    this.#confirmPieces()
    if (this.nowS % HOUR === 0) {
      this.#work()
      this.machine.settle("hour", this.nowS)
    }
    believe(this.state, this.#belief)
    addLook(this.confusion, this.cause, this.#belief)
  }

  #beat(): void {
    const rows = this.#commands.SendHeartbeat
    reserve(rows, this.nodes)
    const loss = this.#plan.loss ?? 0
    for (let node = 0; node < this.nodes; node++) {
      if (this.up[node] === 0 || (loss > 0 && this.#dice.chance(loss))) continue
      const r = rows.length++
      rows.node[r] = node
      rows.at[r] = this.nowS
    }
    this.submit("SendHeartbeat")
  }

  #countFalse(): void {
    const { total, node } = this.state.liveness
    if (total.suspicions[0] === this.#suspicions) return
    this.#suspicions = total.suspicions[0]
    for (let n = 0; n < this.nodes; n++)
      if (node.status[n] === SUSPECTED && node.suspectedS[n] === this.nowS && this.up[n] === 1) this.falseSuspicions++
  }

  #observe(): void {
    const { liveness: l, registry } = this.state
    if (l.total.suspected[0] === 0) return
    const p = this.machine.params
    if ((p.livenessDetector & 2) === 0) return
    const rows = this.#commands.VoteSuspicion
    for (let node = 0; node < this.nodes; node++) {
      if (l.node.status[node] !== SUSPECTED) continue
      drawObservers(registry, p.observerSeed, node, l.node.round[node], p.observers)
      for (let seat = 0; seat < p.observers; seat++) {
        const observer = panel[seat]
        if (observer === NOBODY || this.up[observer] === 0 || (l.node.votes[node] & (1 << seat)) !== 0) continue
        if (this.up[node] === 1 && this.#plan.colludes?.(observer) !== true) continue
        appendRow(rows, { observer, seat, node, at: this.nowS })
      }
    }
    this.submit("VoteSuspicion")
  }

  /** Colluding observers say that nodes of a healthy country do not answer, and one of them claims an outage before anyone can refute it. */
  #frame(country: number): void {
    const { liveness: l, registry, outages } = this.state
    const p = this.machine.params
    const colludes = this.#plan.colludes!
    for (const node of this.members("country", country)) {
      if (l.node.status[node] !== HEARD) continue
      drawObservers(registry, p.observerSeed, node, l.node.round[node] + 1, p.observers)
      for (let seat = 0; seat < p.observers; seat++)
        if (panel[seat] !== NOBODY && colludes(panel[seat]))
          appendRow(this.#commands.VoteSuspicion, { observer: panel[seat], seat, node, at: this.nowS })
    }
    this.submit("VoteSuspicion")
    const claimant = this.homes.findIndex((home, node) => home.country !== country && colludes(node))
    if (claimant < 0 || outages.total.open[0] + outages.total.declared[0] > 0) return
    appendRow(this.#commands.ClaimOutage, { claimant, kind: 0, domain: country, onsetS: this.nowS, at: this.nowS })
    this.submit("ClaimOutage")
  }

  #witness(): void {
    const { outages } = this.state
    if (outages.total.open[0] === 0) return
    const { claim } = outages
    const p = this.machine.params
    const rows = this.#commands.WitnessOutage
    for (let c = 0; c < claim.length; c++) {
      if (claim.status[c] !== OPEN) continue
      const of = domainsOf(this.state.registry, claim.kind[c])
      let members = 0
      let gone = 0
      for (let node = 0; node < this.nodes; node++)
        if (of[node] === claim.domain[c]) {
          members++
          gone += 1 - this.up[node]
        }
      const isDown = 2 * gone >= members
      witnessesOf(this.state, c, p as never)
      for (let seat = 0; seat < p.witnesses; seat++) {
        const witness = panel[seat]
        if (witness === NOBODY || this.up[witness] === 0 || ((claim.sawDown[c] | claim.sawUp[c]) & (1 << seat)) !== 0) continue
        appendRow(rows, {
          witness,
          claim: c,
          seat,
          down: isDown || this.#plan.colludes?.(witness) === true ? 1 : 0,
          at: this.nowS,
        })
      }
    }
    this.submit("WitnessOutage")
  }

  /** Nodes that are up say that what was sent to them has arrived. */
  #confirmPieces(): void {
    const { item, slot, total } = this.state.placement
    if (total.sent[0] === 0) return
    const rows = this.#commands.ConfirmPiece
    for (let s = 0; s < slot.length; s++)
      if (slot.state[s] === 1 && this.up[slot.node[s]] === 1)
        appendRow(rows, { item: slot.item[s], slot: s - item.firstSlot[slot.item[s]], node: slot.node[s], at: this.nowS })
    this.submit("ConfirmPiece")
  }

  /** What each node did this hour, told at its end by those that are up. */
  work: (node: number) => { readonly work: number; readonly proving: 0 | 1 } = () => ({ work: 60, proving: 1 })
  #work(): void {
    for (let node = 0; node < this.nodes; node++)
      if (this.up[node] === 1) appendRow(this.#commands.ReportDuty, { node, ...this.work(node), at: this.nowS })
    this.submit("ReportDuty")
  }

  /** What a set of nodes earned less what it lost. */
  income(of: readonly number[]): number {
    const { duty } = this.state
    return of.reduce((sum, node) => sum + duty.paid[node] - duty.lost[node], 0)
  }
}
