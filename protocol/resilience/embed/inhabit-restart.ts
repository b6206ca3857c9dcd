/**
 * Black start, by hand and machine: who has power comes up with the snapshot on its disk, finds peers at addresses it remembers, fetches what
 * the ledger's keepers agree on, and serves when its turn comes. Who loses power is seen to go by its peers.
 */
import { appendRow } from "../../kernel/table.ts"
import type { Values } from "../../kernel/param.ts"
import { below, stream } from "../../kernel/random.ts"
import { KEEPER, OFF, ROLES, SERVING, STARTED, SYNCED } from "../black-start.ts"
import type { Desk } from "./inhabit-watch.ts"
import type { ResilienceParams } from "./params.ts"

type V = Values<ResilienceParams>
/** Addresses tried for each peer wanted. */
const TRIES = 4
const ONE_SNAPSHOT = { height: 1, digest: 1 } as const

export class Restarts {
  readonly #d: Desk
  readonly #luck
  readonly #powered: (node: number) => boolean
  readonly #truthVersion: () => number
  #settled = -1

  constructor(desk: Desk, powered: (node: number) => boolean, truthVersion: () => number) {
    this.#d = desk
    this.#powered = powered
    this.#truthVersion = truthVersion
    this.#luck = stream(desk.seen.seed, "resilience/peers")
  }

  /** Keepers are spread evenly over the nodes; one in fifty others is an oracle, one in twenty a gateway. */
  #roleOf(node: number): number {
    const { seen, state } = this.#d
    const keepers = state.keepers.total.keepers[0]
    if ((node * keepers) % seen.nodes < keepers) return KEEPER
    if (node % 50 === 7) return 1
    return node % 20 === 3 ? 2 : ROLES - 1
  }

  /** At the beginning everybody is up and on one snapshot: the rehearsal is not of the first day. */
  begin(atS: number): void {
    const { seen, state, memory } = this.#d
    const { phase } = state.restart.node
    for (const isKeepers of [false, true])
      for (let node = 0; node < seen.nodes; node++)
        if (this.#powered(node) && phase[node] === OFF && (this.#roleOf(node) === KEEPER) === isKeepers) this.#start(node, atS)
    this.#d.submit("StartNode")
    this.#serve(atS)
    memory.upS.fill(0)
  }

  #start(node: number, atS: number): void {
    appendRow(this.#d.commands.StartNode, { node, role: this.#roleOf(node), ...ONE_SNAPSHOT, at: atS })
    this.#d.memory.upS[node] = atS
  }

  /** Who is on the ledger's snapshot serves as soon as enough of the role before it do. */
  #serve(atS: number): void {
    const { state, commands, seen, submit } = this.#d
    if (state.restart.total.running[0] === 0) return
    for (let role = 0; role < ROLES; role++) {
      for (let node = 0; node < seen.nodes; node++)
        if (state.restart.node.phase[node] === SYNCED && state.restart.node.role[node] === role)
          appendRow(commands.BeginService, { node, at: atS })
      submit("BeginService")
    }
  }

  /** A minute of coming and going. */
  act(v: V, atS: number): void {
    const { seen, state, memory, commands, submit } = this.#d
    const { phase } = state.restart.node
    // Nobody comes or goes, and nobody is on the way.
    const now = this.#truthVersion()
    if (now === this.#settled) return
    let isMoving = false
    for (let node = 0; node < seen.nodes; node++) {
      const powered = this.#powered(node)
      if (!powered && phase[node] !== OFF) appendRow(commands.StopNode, { node, at: atS })
      else if (powered && phase[node] === OFF) this.#start(node, atS)
      isMoving ||= powered && phase[node] !== SERVING
    }
    submit("StopNode")
    submit("StartNode")
    this.#settled = isMoving ? -1 : now
    if (!isMoving) return
    let here = 0
    for (let node = 0; node < seen.nodes; node++) if (phase[node] !== OFF) here++
    for (let node = 0; node < seen.nodes; node++) {
      // Where fewer are up than one must meet, no try can succeed.
      if (here <= v.restartPeersMin) break
      if (phase[node] !== STARTED || atS < memory.upS[node] + v.snapshotSeconds) continue
      if (state.restart.node.peers[node] < v.restartPeersMin) this.#meet(v, node, atS)
    }
    submit("MeetPeer")
    if (state.restart.total.running[0] === 1) {
      for (let node = 0; node < seen.nodes; node++) {
        if (phase[node] !== STARTED || state.restart.node.peers[node] < v.restartPeersMin) continue
        const from = this.#findSynced(node, atS)
        if (from >= 0) appendRow(commands.TakeSnapshot, { node, from, at: atS })
      }
      submit("TakeSnapshot")
    }
    this.#serve(atS)
  }

  /** Tries addresses it remembers; where enough answer in one go it has met its peers. */
  #meet(v: V, node: number, atS: number): void {
    const { seen, state, commands } = this.#d
    const { phase, lastPeer, peers } = state.restart.node
    const found = new Set<number>()
    for (let t = 0; t < TRIES * v.restartPeersMin; t++) {
      const peer = below(this.#luck, seen.nodes, node, atS, t)
      if (peer !== node && phase[peer] !== OFF && (peers[node] === 0 || peer > lastPeer[node])) found.add(peer)
    }
    if (found.size < v.restartPeersMin) return
    for (const peer of [...found].toSorted((a, b) => a - b).slice(0, v.restartPeersMin))
      appendRow(commands.MeetPeer, { node, peer, at: atS })
  }

  #findSynced(node: number, atS: number): number {
    const { seen, state } = this.#d
    for (let t = 0; t < 8; t++) {
      const peer = below(this.#luck, seen.nodes, node, atS, 1000 + t)
      if (peer !== node && state.restart.node.phase[peer] >= SYNCED) return peer
    }
    return -1
  }
}
