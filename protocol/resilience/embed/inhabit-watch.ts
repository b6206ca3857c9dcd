/**
 * Those who watch: each node that runs and is connected says so, drawn observers look at the silent, drawn witnesses outside a domain say what
 * they see. Honest ones all; who lies is the adversaries' business. What the network then believes is held against the truth.
 */
import type { Domain } from "../../kernel/habitat.ts"
import { appendRow, reserve } from "../../kernel/table.ts"
import type { Values } from "../../kernel/param.ts"
import { below, stream } from "../../kernel/random.ts"
import type { Tables } from "../../kernel/row-type.ts"
import { addLook, believe, confusion, CORRELATED, INDIVIDUAL, WELL, type Confusion } from "../confusion.ts"
import { HEARD, SUSPECTED } from "../liveness.ts"
import { drawObservers, panel } from "../observers.ts"
import { OPEN } from "../outage.ts"
import { witnessesOf } from "../outage-decide.ts"
import { domainsOf, NOBODY } from "../rows.ts"
import type { Memory, Seen } from "./inhabit-seen.ts"
import type { ResilienceParams } from "./params.ts"
import type { Commands } from "./part.ts"
import type { Resilience } from "./state.ts"

type V = Values<ResilienceParams>
export interface Desk {
  readonly seen: Seen
  readonly state: Resilience
  readonly commands: Tables<Commands>
  readonly memory: Memory
  readonly submit: (type: keyof Commands) => void
}

export class Watch {
  readonly #d: Desk
  readonly #luck
  readonly #truth: Uint8Array
  readonly #belief: Uint8Array
  readonly #look: Confusion = confusion()
  #suspicions = 0
  /** Of the truth and of what is believed, when they were held against each other last. */
  #judged = ""

  constructor(desk: Desk) {
    this.#d = desk
    this.#luck = stream(desk.seen.seed, "resilience/heartbeat")
    this.#truth = new Uint8Array(desk.seen.nodes)
    this.#belief = new Uint8Array(desk.seen.nodes)
  }

  /** Everybody who was not here before joins, and says where it is: long ago, as far as grace is concerned. */
  enrol(v: V, atS: number): void {
    const { seen, state, commands, submit } = this.#d
    if (state.registry.total.registered[0] > 0) return
    const earlyS = Math.max(0, atS - v.graceFreezeSeconds - 1)
    const domain = (name: string): Domain | undefined => seen.places.domains[name]
    const of = {
      country: domain("country"),
      asn: domain("asn"),
      provider: domain("provider"),
      client: domain("client"),
      grid: domain("grid"),
    }
    const owner = domain("operator")
    for (let node = 0; node < seen.nodes; node++) {
      appendRow(commands.EnrolNode, { node, owner: (owner?.of[node] ?? node) + 1, at: earlyS })
      appendRow(commands.DeclareFate, {
        node,
        // A declared domain of 0 means "not said", so indexes are declared one higher.
        country: said(of.country, node, 0xffff),
        asn: said(of.asn, node, 0xffff_ffff),
        provider: said(of.provider, node, 0xffff),
        client: said(of.client, node, 0xffff),
        grid: said(of.grid, node, 0xffff),
        at: earlyS,
      })
      if (v.creditPerNode > 0) appendRow(commands.BringCredit, { node, amount: v.creditPerNode, at: atS })
    }
    submit("EnrolNode")
    submit("DeclareFate")
    submit("BringCredit")
  }

  /** Heartbeats that fall due in [fromS, toS). They go from node to node, not through the ledger. */
  beat(v: V, fromS: number, toS: number): void {
    const { seen, commands, submit } = this.#d
    const every = v.heartbeatSeconds
    const { running, throughPermille: through, nodes } = seen
    const to = commands.SendHeartbeat
    for (let at = Math.ceil(fromS / every) * every; at < toS; at += every) {
      reserve(to, nodes)
      const { node: column, at: when } = to
      let r = to.length
      for (let node = 0; node < nodes; node++) {
        if (running[node] === 0 || through[node] === 0) continue
        if (through[node] < 1000 && below(this.#luck, 1000, node, at) >= through[node]) continue
        column[r] = node
        when[r] = at
        r++
      }
      to.length = r
      submit("SendHeartbeat")
    }
  }

  /** Observers look at who is suspected; who is not there they confirm. */
  observe(v: V, atS: number): void {
    const { seen, state, commands, memory, submit } = this.#d
    const { liveness: l, registry } = state
    const { running, throughPermille: through } = seen
    if (l.total.suspicions[0] !== this.#suspicions) {
      this.#suspicions = l.total.suspicions[0]
      for (let node = 0; node < seen.nodes; node++)
        if (l.node.status[node] === SUSPECTED && l.node.suspectedS[node] === atS && running[node] === 1 && through[node] > 0)
          memory.falseSuspicions[0]++
    }
    if (l.total.suspected[0] === 0 || (v.livenessDetector & 2) === 0) return
    for (let node = 0; node < seen.nodes; node++) {
      if (l.node.status[node] !== SUSPECTED || (running[node] === 1 && through[node] > 0)) continue
      drawObservers(registry, v.observerSeed, node, l.node.round[node], v.observers)
      for (let s = 0; s < v.observers; s++) {
        const observer = panel[s]
        if (observer === NOBODY || running[observer] === 0 || through[observer] === 0) continue
        if ((l.node.votes[node] & (1 << s)) !== 0) continue
        appendRow(commands.VoteSuspicion, { observer, seat: s, node, at: atS })
      }
    }
    submit("VoteSuspicion")
  }

  /** Witnesses outside say whether most of the domain's nodes answer them. */
  witness(v: V, atS: number): void {
    const { seen, state, commands, submit } = this.#d
    const { claim, total } = state.outages
    if (total.open[0] === 0) return
    const { running, throughPermille: through } = seen
    for (let c = 0; c < claim.length; c++) {
      if (claim.status[c] !== OPEN) continue
      const of = domainsOf(state.registry, claim.kind[c])
      let members = 0
      let gone = 0
      for (let node = 0; node < seen.nodes; node++) {
        if (of[node] !== claim.domain[c]) continue
        members++
        if (running[node] === 0 || through[node] === 0) gone++
      }
      const down = 2 * gone >= members ? 1 : 0
      witnessesOf(state, c, v)
      for (let s = 0; s < v.witnesses; s++) {
        const witness = panel[s]
        if (witness === NOBODY || running[witness] === 0 || through[witness] === 0) continue
        if (((claim.sawDown[c] | claim.sawUp[c]) & (1 << s)) !== 0) continue
        appendRow(commands.WitnessOutage, { witness, claim: c, seat: s, down, at: atS })
      }
    }
    submit("WitnessOutage")
  }

  /** Holds belief against truth for so many seconds, in node seconds. */
  judge(seconds: number): void {
    const { seen, state, memory } = this.#d
    const cells = memory as unknown as Record<string, Float64Array>
    const { suspected, down } = state.liveness.total
    if (seen.there === seen.nodes && suspected[0] + down[0] === 0 && state.outages.total.declared[0] === 0) {
      cells.watch0[0] += seen.nodes * seconds
      return
    }
    const { suspicions, refuted, confirmed, recovered } = state.liveness.total
    const { declarations, ended } = state.outages.total
    const now = [seen.truthVersion(), suspicions[0], refuted[0], confirmed[0], recovered[0], declarations[0], ended[0]].join()
    if (now !== this.#judged) {
      this.#judged = now
      const { running, throughPermille: through, fate } = seen
      for (let node = 0; node < seen.nodes; node++)
        this.#truth[node] =
          running[node] === 1 && through[node] > 0 ? WELL : fate?.[node] === INDIVIDUAL ? INDIVIDUAL : CORRELATED
      believe(state, this.#belief)
      this.#look.counts.fill(0)
      addLook(this.#look, this.#truth, this.#belief)
    }
    for (let k = 0; k < 9; k++) cells[`watch${k}`][0] += this.#look.counts[k] * seconds
  }

  /** Nodes believed to be well that are. */
  heard(): number {
    const { status } = this.#d.state.liveness.node
    let heard = 0
    for (let node = 0; node < status.length; node++) if (status[node] === HEARD) heard++
    return heard
  }
}

/** What a node at home says of a host: nothing. Two homes share none. */
const NO_HOST: ReadonlySet<string> = new Set(["home"])

const said = (d: Domain | undefined, node: number, most: number): number =>
  d === undefined || NO_HOST.has(d.names[d.of[node]]) ? 0 : Math.min(most, d.of[node] + 1)
