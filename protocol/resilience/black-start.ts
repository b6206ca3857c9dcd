/**
 * Mechanism 9, black start: from nothing but snapshots on disks and peers to find, back to first service and to 99 %.
 *
 * Order: nodes start and meet peers; the ledger's keepers compare snapshots; when enough of them stand on one snapshot the ledger runs again;
 * the others fetch it; then the roles start one after another, each when enough of the one before serves. Time is measured from the
 * first node that starts.
 */
import { command, event } from "../kernel/row-type.ts"
import { filled, reserve, table, type AnyTable, type Columns, type Table } from "../kernel/table.ts"
import { count32, nodeIndex, seconds, unit } from "../kernel/unit.ts"
import type { Invariants } from "../kernel/invariant.ts"
import type { DecideContext } from "../kernel/network.ts"
import { absence } from "../registry/decide.ts"
import type { HasRegistry, RegistryRefusal } from "../registry/registry.ts"
import type { restartParams } from "./params.ts"
import { addRow } from "./rows.ts"

export const OFF = 0
export const STARTED = 1
export const SYNCED = 2
export const SERVING = 3
export const ROLES = 4
/** Roles in the order they start. */
export const KEEPER = 0

const role = unit("0 keeper of the ledger, 1 oracle, 2 gateway, 3 service", "u8", 0, ROLES - 1)
const height = unit("epoch of a snapshot", "u32")
const digest = unit("first 32 bits of a snapshot's hash", "u32")
const phase = unit("0 off, 1 started, 2 on the ledger's snapshot, 3 serving", "u8", OFF, SERVING)

export const restartShape = { phase, role, height, digest, peers: count32, lastPeer: nodeIndex } as const
const tallyShape = { height, digest, keepers: count32 } as const
const roleShape = { nodes: count32, serving: count32 } as const
const totalShape = {
  started: count32,
  serving: count32,
  /** 1 while the ledger runs. */
  running: unit("0 or 1", "u8", 0, 1),
  height,
  digest,
  begunS: seconds,
  ledgerS: seconds,
  firstServiceS: seconds,
  /** When 99 % of the nodes that started served; 0: not yet. */
  restoredS: seconds,
} as const

export interface Restart {
  readonly node: Table<typeof restartShape>
  /** Keepers on each snapshot, while the ledger is down. */
  readonly tally: Table<typeof tallyShape>
  readonly role: Table<typeof roleShape>
  readonly total: Table<typeof totalShape>
}
export interface HasRestart {
  readonly restart: Restart
}
export const restart = (nodes: number): Restart => ({
  node: filled(restartShape, nodes),
  tally: table(tallyShape, 4),
  role: filled(roleShape, ROLES),
  total: filled(totalShape, 1),
})
export const restartTables = (r: Restart): Record<string, AnyTable> => ({
  "restart.node": r.node,
  "restart.tally": r.tally,
  "restart.role": r.role,
  "restart.total": r.total,
})

export const restartEvents = {
  NodeStarted: event("a node came up with the snapshot on its disk", { node: nodeIndex, role, height, digest, at: seconds }),
  PeerMet: event("a node found another that is up", { node: nodeIndex, peer: nodeIndex, at: seconds }),
  LedgerRestarted: event("enough keepers stand on one snapshot", { height, digest, keepers: count32, at: seconds }),
  SnapshotTaken: event("a node stands on the ledger's snapshot", { node: nodeIndex, height, digest, at: seconds }),
  ServiceBegun: event("a node serves again", { node: nodeIndex, at: seconds }),
  ServiceRestored: event("99 % of the nodes that started serve", { at: seconds }),
  NodeStopped: event("a node went off", { node: nodeIndex, at: seconds }),
  LedgerStopped: event("too few keepers are left", { at: seconds }),
} as const
export type RestartEvents = typeof restartEvents

export const restartCommands = {
  StartNode: command("come up", { node: nodeIndex, role, height, digest, at: seconds }, ["NodeStarted", "LedgerRestarted"]),
  MeetPeer: command("say which peer was found", { node: nodeIndex, peer: nodeIndex, at: seconds }, ["PeerMet"]),
  TakeSnapshot: command(
    "fetch the ledger's snapshot from a peer that stands on it",
    { node: nodeIndex, from: nodeIndex, at: seconds },
    ["SnapshotTaken"],
  ),
  BeginService: command("serve again", { node: nodeIndex, at: seconds }, ["ServiceBegun", "ServiceRestored"]),
  StopNode: command("go off", { node: nodeIndex, at: seconds }, ["NodeStopped", "LedgerStopped"]),
} as const
export type RestartCommands = typeof restartCommands

/** In order of precedence, after the registry's `absence`. */
export const restartRefusals = {
  node_is_up_already: "it has started",
  node_is_off: "it has to start first",
  peer_is_off: "nobody answers there",
  peer_was_met: "a peer counts once; peers are met in ascending order of their number",
  ledger_is_down: "there is no snapshot to stand on yet",
  peers_are_too_few: "a node that knows too few peers can be shown a false ledger",
  source_is_not_synced: "the source does not stand on the ledger's snapshot",
  node_is_synced_already: "it stands on it",
  node_is_not_synced: "it would serve from an old state",
  node_serves_already: "it serves",
  earlier_role_is_missing: "too few of the role before serve for this one to be of use",
} as const
export type RestartRefusal = keyof typeof restartRefusals

type To = Pick<DecideContext<RestartEvents, typeof restartParams, RestartRefusal | RegistryRefusal>, "out" | "refuse" | "params">
type Rows<K extends keyof RestartEvents> = Columns<RestartEvents[K]["shape"]>
type Asked<K extends keyof RestartCommands> = Columns<RestartCommands[K]["shape"]>

export const restartEvolve = {
  NodeStarted({ restart: r }: HasRestart, rows: Rows<"NodeStarted">, begin: number, end: number): void {
    for (let i = begin; i < end; i++) {
      const n = rows.node[i]
      if (r.total.started[0] === 0) r.total.begunS[0] = rows.at[i]
      r.node.phase[n] = STARTED
      r.node.role[n] = rows.role[i]
      r.node.height[n] = rows.height[i]
      r.node.digest[n] = rows.digest[i]
      r.node.peers[n] = r.node.lastPeer[n] = 0
      r.role.nodes[rows.role[i]]++
      r.total.started[0]++
      if (rows.role[i] === KEEPER) r.tally.keepers[findTally(r, rows.height[i], rows.digest[i])]++
    }
  },
  PeerMet({ restart: { node } }: HasRestart, rows: Rows<"PeerMet">, begin: number, end: number): void {
    for (let i = begin; i < end; i++) {
      node.peers[rows.node[i]]++
      node.lastPeer[rows.node[i]] = rows.peer[i]
    }
  },
  LedgerRestarted({ restart: { total, node } }: HasRestart, rows: Rows<"LedgerRestarted">, begin: number, end: number): void {
    for (let i = begin; i < end; i++) {
      total.running[0] = 1
      total.height[0] = rows.height[i]
      total.digest[0] = rows.digest[i]
      total.ledgerS[0] = rows.at[i]
      for (let n = 0; n < node.length; n++)
        if (node.phase[n] === STARTED && node.height[n] === rows.height[i] && node.digest[n] === rows.digest[i])
          node.phase[n] = SYNCED
    }
  },
  SnapshotTaken({ restart: r }: HasRestart, rows: Rows<"SnapshotTaken">, begin: number, end: number): void {
    for (let i = begin; i < end; i++) {
      const n = rows.node[i]
      if (r.node.role[n] === KEEPER) {
        r.tally.keepers[findTally(r, r.node.height[n], r.node.digest[n])]--
        r.tally.keepers[findTally(r, rows.height[i], rows.digest[i])]++
      }
      r.node.phase[n] = SYNCED
      r.node.height[n] = rows.height[i]
      r.node.digest[n] = rows.digest[i]
    }
  },
  ServiceBegun({ restart: { node, role, total } }: HasRestart, rows: Rows<"ServiceBegun">, begin: number, end: number): void {
    for (let i = begin; i < end; i++) {
      node.phase[rows.node[i]] = SERVING
      role.serving[node.role[rows.node[i]]]++
      total.serving[0]++
      if (total.firstServiceS[0] === 0) total.firstServiceS[0] = rows.at[i]
    }
  },
  ServiceRestored({ restart: { total } }: HasRestart, rows: Rows<"ServiceRestored">, begin: number, end: number): void {
    for (let i = begin; i < end; i++) total.restoredS[0] = rows.at[i]
  },
  NodeStopped({ restart: r }: HasRestart, rows: Rows<"NodeStopped">, begin: number, end: number): void {
    for (let i = begin; i < end; i++) {
      const n = rows.node[i]
      const as = r.node.role[n]
      r.role.nodes[as]--
      r.total.started[0]--
      if (r.node.phase[n] === SERVING) {
        r.role.serving[as]--
        r.total.serving[0]--
      }
      if (as === KEEPER) r.tally.keepers[findTally(r, r.node.height[n], r.node.digest[n])]--
      r.node.phase[n] = OFF
      // From nothing: the next start begins a new clock.
      if (r.total.started[0] === 0) r.total.begunS[0] = r.total.firstServiceS[0] = r.total.restoredS[0] = r.total.ledgerS[0] = 0
    }
  },
  LedgerStopped({ restart: { total } }: HasRestart, _rows: Rows<"LedgerStopped">, _begin: number, _end: number): void {
    total.running[0] = 0
  },
} as const

/** The tally of a snapshot; a new one where there is none. */
function findTally({ tally }: Restart, height: number, digest: number): number {
  for (let k = 0; k < tally.length; k++) if (tally.height[k] === height && tally.digest[k] === digest) return k
  reserve(tally, 1)
  const k = tally.length++
  tally.height[k] = height
  tally.digest[k] = digest
  tally.keepers[k] = 0
  return k
}

/** Keepers on a snapshot now, without opening a tally for it. */
const keepersOn = ({ tally }: Restart, height: number, digest: number): number => {
  for (let k = 0; k < tally.length; k++) if (tally.height[k] === height && tally.digest[k] === digest) return tally.keepers[k]
  return 0
}

type State = HasRestart & HasRegistry & { readonly keepers: HasKeepers }
/** A network says how many keepers its ledger has in all: the quorum is of these, not of those that came back. */
export interface HasKeepers {
  readonly total: { readonly keepers: Uint32Array }
}

/** Keepers that are on one snapshot, `came` of `all`, suffice. */
const isQuorum = (came: number, all: number, permille: number): boolean => all > 0 && came * 1000 >= all * permille

export const restartDecide = {
  StartNode(state: State, rows: Asked<"StartNode">, begin: number, end: number, { out, refuse, params }: To): void {
    const { restart: r } = state
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const reason = absence(state.registry, node)
      if (reason !== undefined) refuse(i, reason)
      else if (r.node.phase[node] !== OFF) refuse(i, "node_is_up_already")
      else {
        const k = addRow(out.NodeStarted)
        out.NodeStarted.node[k] = node
        out.NodeStarted.role[k] = rows.role[i]
        out.NodeStarted.height[k] = rows.height[i]
        out.NodeStarted.digest[k] = rows.digest[i]
        out.NodeStarted.at[k] = rows.at[i]
        const came = keepersOn(r, rows.height[i], rows.digest[i]) + 1
        if (rows.role[i] !== KEEPER || r.total.running[0] === 1) continue
        if (!isQuorum(came, state.keepers.total.keepers[0], params.restartQuorumPermille)) continue
        const l = addRow(out.LedgerRestarted)
        out.LedgerRestarted.height[l] = rows.height[i]
        out.LedgerRestarted.digest[l] = rows.digest[i]
        out.LedgerRestarted.keepers[l] = came
        out.LedgerRestarted.at[l] = rows.at[i]
      }
    }
  },
  MeetPeer({ restart: r, registry }: State, rows: Asked<"MeetPeer">, begin: number, end: number, { out, refuse }: To): void {
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const peer = rows.peer[i]
      const reason = absence(registry, node) ?? absence(registry, peer)
      if (reason !== undefined) refuse(i, reason)
      else if (r.node.phase[node] === OFF) refuse(i, "node_is_off")
      else if (peer === node || r.node.phase[peer] === OFF) refuse(i, "peer_is_off")
      else if (r.node.peers[node] > 0 && peer <= r.node.lastPeer[node]) refuse(i, "peer_was_met")
      else {
        const k = addRow(out.PeerMet)
        out.PeerMet.node[k] = node
        out.PeerMet.peer[k] = peer
        out.PeerMet.at[k] = rows.at[i]
      }
    }
  },
  TakeSnapshot(
    { restart: r, registry }: State,
    rows: Asked<"TakeSnapshot">,
    begin: number,
    end: number,
    { out, refuse, params }: To,
  ): void {
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const source = rows.from[i]
      const reason = absence(registry, node) ?? absence(registry, source)
      if (reason !== undefined) refuse(i, reason)
      else if (r.node.phase[node] === OFF) refuse(i, "node_is_off")
      else if (r.total.running[0] === 0) refuse(i, "ledger_is_down")
      else if (r.node.phase[node] >= SYNCED) refuse(i, "node_is_synced_already")
      else if (r.node.peers[node] < params.restartPeersMin) refuse(i, "peers_are_too_few")
      else if (r.node.phase[source] < SYNCED) refuse(i, "source_is_not_synced")
      else {
        const k = addRow(out.SnapshotTaken)
        out.SnapshotTaken.node[k] = node
        out.SnapshotTaken.height[k] = r.total.height[0]
        out.SnapshotTaken.digest[k] = r.total.digest[0]
        out.SnapshotTaken.at[k] = rows.at[i]
      }
    }
  },
  BeginService(
    { restart: r, registry }: State,
    rows: Asked<"BeginService">,
    begin: number,
    end: number,
    { out, refuse, params }: To,
  ): void {
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const reason = absence(registry, node)
      if (reason !== undefined) refuse(i, reason)
      else if (r.node.phase[node] === OFF) refuse(i, "node_is_off")
      else if (r.total.running[0] === 0) refuse(i, "ledger_is_down")
      else if (r.node.phase[node] === STARTED) refuse(i, "node_is_not_synced")
      else if (r.node.phase[node] === SERVING) refuse(i, "node_serves_already")
      else if (!isRoleBeforeServing(r, r.node.role[node], params.restartNextPermille)) refuse(i, "earlier_role_is_missing")
      else {
        const k = addRow(out.ServiceBegun)
        out.ServiceBegun.node[k] = node
        out.ServiceBegun.at[k] = rows.at[i]
        if (r.total.restoredS[0] !== 0 || (r.total.serving[0] + 1) * 100 < r.total.started[0] * 99) continue
        out.ServiceRestored.at[addRow(out.ServiceRestored)] = rows.at[i]
      }
    }
  },
  StopNode(state: State, rows: Asked<"StopNode">, begin: number, end: number, { out, refuse, params }: To): void {
    const { restart: r } = state
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const reason = absence(state.registry, node)
      if (reason !== undefined) refuse(i, reason)
      else if (r.node.phase[node] === OFF) refuse(i, "node_is_off")
      else {
        const k = addRow(out.NodeStopped)
        out.NodeStopped.node[k] = node
        out.NodeStopped.at[k] = rows.at[i]
        const isKeeper = r.node.role[node] === KEEPER && r.node.phase[node] >= SYNCED
        const left = keepersOn(r, r.total.height[0], r.total.digest[0]) - 1
        if (!isKeeper || r.total.running[0] === 0 || isQuorum(left, state.keepers.total.keepers[0], params.restartQuorumPermille))
          continue
        out.LedgerStopped.at[addRow(out.LedgerStopped)] = rows.at[i]
      }
    }
  },
} as const

/** The nearest earlier role that has nodes must serve to the share asked; where there is none, nothing stands in the way. */
function isRoleBeforeServing({ role }: Restart, mine: number, permille: number): boolean {
  for (let before = mine - 1; before >= 0; before--)
    if (role.nodes[before] > 0) return role.serving[before] * 1000 >= role.nodes[before] * permille
  return true
}

export type RestartPromise = "phases_are_counted"
export const restartInvariants: Record<RestartPromise, Invariants<HasRestart>[string]> = {
  phases_are_counted: {
    because: "quorum and order read the counts, so they must be the nodes in each phase, role and snapshot",
    check: ({ restart: { node, role, tally, total } }, report) => {
      const nodes = new Uint32Array(ROLES)
      const serving = new Uint32Array(ROLES)
      for (let n = 0; n < node.length; n++) {
        if (node.phase[n] === OFF) continue
        nodes[node.role[n]]++
        if (node.phase[n] === SERVING) serving[node.role[n]]++
      }
      let keepers = 0
      for (let k = 0; k < tally.length; k++) keepers += tally.keepers[k]
      let started = 0
      for (let k = 0; k < ROLES; k++) {
        started += nodes[k]
        report.require(
          role.nodes[k] === nodes[k] && role.serving[k] === serving[k],
          () => `role ${k} counts ${role.nodes[k]} nodes, ${role.serving[k]} serving; rows ${nodes[k]}, ${serving[k]}`,
        )
      }
      report.require(keepers === nodes[KEEPER], () => `${keepers} keepers on snapshots, ${nodes[KEEPER]} are up`)
      report.require(total.started[0] === started, () => `${total.started[0]} started by the total, ${started} by rows`)
    },
  },
}
export const restartSabotage: Record<RestartPromise, (state: HasRestart) => void> = {
  phases_are_counted: ({ restart: { total } }) => void total.started[0]++,
}
