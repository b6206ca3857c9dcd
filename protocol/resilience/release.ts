/**
 * Mechanism 7, roll-out: releases of a client reach nodes in stages, canaries first; a roll-out halts by itself when the updated prove less
 * than the others, and no release may hold more of the network than its cap.
 *
 * Whether a node proves what it should is the network's to say (`Proves`): sectors, beacons, answers.
 */
import { command, event } from "../kernel/row-type.ts"
import { multiplyHigh, nameHash, philox } from "../kernel/random.ts"
import { filled, reserve, table, type AnyTable, type Columns, type Table } from "../kernel/table.ts"
import { count, count32, nodeIndex, seconds, unit } from "../kernel/unit.ts"
import type { Invariants } from "../kernel/invariant.ts"
import type { DecideContext } from "../kernel/network.ts"
import type { Values } from "../kernel/param.ts"
import { absence } from "../registry/decide.ts"
import { REGISTERED, type HasRegistry, type RegistryRefusal } from "../registry/registry.ts"
import type { livenessParams, releaseParams } from "./params.ts"
import { addRow, since } from "./rows.ts"

export const ROLLING = 1
export const COMPLETE = 2
export const HALTED = 3
const releaseNumber = unit("release, from 1; 0 is none", "u32")
const stage = unit("stage", "u8")

export const releaseShape = {
  status: unit("1 rolling, 2 complete, 3 halted", "u8", ROLLING, HALTED),
  stage,
  stages: stage,
  canaryPermille: unit("‰", "u16", 0, 1000),
  pushedS: seconds,
  stageS: seconds,
  /** Nodes that run it now. */
  nodes: count32,
} as const
const totalShape = { releases: count, halts: count, adoptions: count, rolling: releaseNumber, last: releaseNumber } as const

export interface Releases {
  /** Release 1 is row 0. Changes seldom. */
  readonly release: Table<typeof releaseShape>
  readonly node: Table<{ readonly release: typeof releaseNumber; readonly adoptedS: typeof seconds }>
  readonly total: Table<typeof totalShape>
}
export interface HasReleases {
  readonly releases: Releases
}
export const releases = (nodes: number): Releases => ({
  release: table(releaseShape, 8),
  node: filled({ release: releaseNumber, adoptedS: seconds }, nodes),
  total: filled(totalShape, 1),
})
export const releaseTables = (r: Releases): Record<string, AnyTable> => ({
  "release.release": r.release,
  "release.node": r.node,
  "release.total": r.total,
})

export const releaseEvents = {
  ReleasePushed: event("a release was offered to its first stage", {
    release: releaseNumber,
    stages: stage,
    canaryPermille: unit("‰", "u16", 0, 1000),
    at: seconds,
  }),
  ReleaseAdopted: event("a node runs another release", { node: nodeIndex, release: releaseNumber, at: seconds }),
  ReleaseAdvanced: event("a release was offered to its next stage", { release: releaseNumber, stage, at: seconds }),
  ReleaseCompleted: event("a release was offered to everyone and watched", { release: releaseNumber, at: seconds }),
  ReleaseHalted: event("the updated prove too little", {
    release: releaseNumber,
    stage,
    updated: count32,
    updatedProving: count32,
    others: count32,
    othersProving: count32,
    at: seconds,
  }),
} as const
export type ReleaseEvents = typeof releaseEvents

export const releaseCommands = {
  PushRelease: command("offer a new release of the client", { at: seconds }, ["ReleasePushed"]),
  AdoptRelease: command("run a release, or return to one", { node: nodeIndex, release: releaseNumber, at: seconds }, [
    "ReleaseAdopted",
  ]),
} as const
export type ReleaseCommands = typeof releaseCommands

export const releaseRefusals = {
  release_is_rolling: "one roll-out at a time",
  release_is_unknown: "no release has this number",
  release_is_halted: "this release was halted; it is not offered any more",
  release_is_run_already: "the node runs it",
  release_is_not_offered_yet: "the node's stage has not been reached",
  release_is_at_its_cap: "one more would make the network a monoculture",
} as const
export type ReleaseRefusal = keyof typeof releaseRefusals

type ReleaseParams = typeof releaseParams & Pick<typeof livenessParams, "observerSeed">
type To = Pick<DecideContext<ReleaseEvents, ReleaseParams, ReleaseRefusal | RegistryRefusal>, "out" | "refuse" | "params">
type Rows<K extends keyof ReleaseEvents> = Columns<ReleaseEvents[K]["shape"]>

export const releaseEvolve = {
  ReleasePushed({ releases: { release, total } }: HasReleases, rows: Rows<"ReleasePushed">, begin: number, end: number): void {
    reserve(release, end - begin)
    for (let i = begin; i < end; i++) {
      const r = release.length++
      release.status[r] = ROLLING
      release.stage[r] = 1
      release.stages[r] = rows.stages[i]
      release.canaryPermille[r] = rows.canaryPermille[i]
      release.pushedS[r] = release.stageS[r] = rows.at[i]
      release.nodes[r] = 0
      total.rolling[0] = rows.release[i]
      total.releases[0]++
    }
  },
  ReleaseAdopted(
    { releases: { release, node, total } }: HasReleases,
    rows: Rows<"ReleaseAdopted">,
    begin: number,
    end: number,
  ): void {
    for (let i = begin; i < end; i++) {
      const before = node.release[rows.node[i]]
      if (before > 0) release.nodes[before - 1]--
      release.nodes[rows.release[i] - 1]++
      node.release[rows.node[i]] = rows.release[i]
      node.adoptedS[rows.node[i]] = rows.at[i]
    }
    total.adoptions[0] += end - begin
  },
  ReleaseAdvanced({ releases: { release } }: HasReleases, rows: Rows<"ReleaseAdvanced">, begin: number, end: number): void {
    for (let i = begin; i < end; i++) {
      release.stage[rows.release[i] - 1] = rows.stage[i]
      release.stageS[rows.release[i] - 1] = rows.at[i]
    }
  },
  ReleaseCompleted(
    { releases: { release, total } }: HasReleases,
    rows: Rows<"ReleaseCompleted">,
    begin: number,
    end: number,
  ): void {
    for (let i = begin; i < end; i++) {
      release.status[rows.release[i] - 1] = COMPLETE
      total.rolling[0] = 0
      total.last[0] = rows.release[i]
    }
  },
  ReleaseHalted({ releases: { release, total } }: HasReleases, rows: Rows<"ReleaseHalted">, begin: number, end: number): void {
    for (let i = begin; i < end; i++) {
      release.status[rows.release[i] - 1] = HALTED
      total.rolling[0] = 0
      total.halts[0]++
    }
  },
} as const

const KEY = nameHash("resilience/rollout")
const words = new Uint32Array(4)

/** The stage, from 1, in which a release reaches a node: canaries are drawn anew for each release, the other stages are of equal size. */
export function computeStage(node: number, release: number, stages: number, canaryPermille: number, seed: number): number {
  if (stages <= 1) return 1
  philox(words, node, release, 0, 0, seed, KEY)
  const place = multiplyHigh(words[0], 1000) >>> 0
  if (place < canaryPermille) return 1
  return Math.min(stages, 2 + Math.floor(((place - canaryPermille) * (stages - 1)) / Math.max(1, 1000 - canaryPermille)))
}

/** The most nodes one release may hold: at least one, so that a small network can be updated at all. */
export const computeCap = (registered: number, capPermille: number): number =>
  Math.max(1, Math.floor((registered * capPermille) / 1000))

export const releaseDecide = {
  PushRelease(
    { releases: r }: HasReleases,
    rows: Columns<ReleaseCommands["PushRelease"]["shape"]>,
    begin: number,
    end: number,
    { out, refuse, params }: To,
  ): void {
    for (let i = begin; i < end; i++) {
      if (r.total.rolling[0] !== 0) {
        refuse(i, "release_is_rolling")
        continue
      }
      const k = addRow(out.ReleasePushed)
      out.ReleasePushed.release[k] = r.release.length + 1
      out.ReleasePushed.stages[k] = params.rolloutStages
      out.ReleasePushed.canaryPermille[k] = params.rolloutCanaryPermille
      out.ReleasePushed.at[k] = rows.at[i]
    }
  },

  AdoptRelease(
    { releases: r, registry }: HasReleases & HasRegistry,
    rows: Columns<ReleaseCommands["AdoptRelease"]["shape"]>,
    begin: number,
    end: number,
    { out, refuse, params }: To,
  ): void {
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const release = rows.release[i]
      const k = release - 1
      const reason = absence(registry, node)
      if (reason !== undefined) refuse(i, reason)
      else if (release === 0 || release > r.release.length) refuse(i, "release_is_unknown")
      else if (r.release.status[k] === HALTED) refuse(i, "release_is_halted")
      else if (r.node.release[node] === release) refuse(i, "release_is_run_already")
      else if (
        r.release.status[k] === ROLLING &&
        computeStage(node, release, r.release.stages[k], r.release.canaryPermille[k], params.observerSeed) > r.release.stage[k]
      )
        refuse(i, "release_is_not_offered_yet")
      else if (
        !leavesHalted(r, node) &&
        r.release.nodes[k] + 1 > computeCap(registry.total.registered[0], params.versionCapPermille)
      )
        refuse(i, "release_is_at_its_cap")
      else {
        const a = addRow(out.ReleaseAdopted)
        out.ReleaseAdopted.node[a] = node
        out.ReleaseAdopted.release[a] = release
        out.ReleaseAdopted.at[a] = rows.at[i]
      }
    }
  },
} as const

/** A way back must always be open. */
const leavesHalted = (r: Releases, node: number): boolean => {
  const now = r.node.release[node]
  return now > 0 && r.release.status[now - 1] === HALTED
}

/** Does a node prove what it should, as the network knows it. */
export type Proves<State> = (state: State, node: number) => boolean

/** Settlement line: looks at the open roll-out, halts it, waits, or goes on. */
export function watchRollout<State extends HasReleases & HasRegistry>(
  state: State,
  at: number,
  { out, params }: { readonly out: To["out"]; readonly params: Values<ReleaseParams> },
  proves: Proves<State>,
): void {
  const { release, node, total } = state.releases
  const rolling = total.rolling[0]
  if (rolling === 0) return
  const k = rolling - 1
  let updated = 0
  let updatedProving = 0
  let others = 0
  let othersProving = 0
  for (let n = 0; n < node.length; n++) {
    if (state.registry.nodes.status[n] !== REGISTERED) continue
    const proving = proves(state, n) ? 1 : 0
    if (node.release[n] === rolling) {
      updated++
      updatedProving += proving
    } else {
      others++
      othersProving += proving
    }
  }
  // Against the others, so that an outage that hits both halts nothing. With nobody left on the old release it is against all.
  const usual = others === 0 ? 1 : othersProving / others
  if (
    updated > 0 &&
    params.rolloutHaltPermille < 1000 &&
    usual * updated - updatedProving >= (updated * params.rolloutHaltPermille) / 1000
  ) {
    const r = addRow(out.ReleaseHalted)
    out.ReleaseHalted.release[r] = rolling
    out.ReleaseHalted.stage[r] = release.stage[k]
    out.ReleaseHalted.updated[r] = updated
    out.ReleaseHalted.updatedProving[r] = updatedProving
    out.ReleaseHalted.others[r] = others
    out.ReleaseHalted.othersProving[r] = othersProving
    out.ReleaseHalted.at[r] = at
  } else if (since(release.stageS[k], at) >= params.rolloutBakeSeconds) {
    if (release.stage[k] < release.stages[k]) {
      const r = addRow(out.ReleaseAdvanced)
      out.ReleaseAdvanced.release[r] = rolling
      out.ReleaseAdvanced.stage[r] = release.stage[k] + 1
      out.ReleaseAdvanced.at[r] = at
    } else {
      const r = addRow(out.ReleaseCompleted)
      out.ReleaseCompleted.release[r] = rolling
      out.ReleaseCompleted.at[r] = at
    }
  }
}

/** The release most nodes run, as a share of those registered: what one bad push could take. */
export function largestShare({ releases: { release }, registry }: HasReleases & HasRegistry): number {
  let most = 0
  for (let k = 0; k < release.length; k++) most = Math.max(most, release.nodes[k])
  return registry.total.registered[0] === 0 ? 0 : most / registry.total.registered[0]
}

export type ReleasePromise = "release_nodes_are_counted"
export const releaseInvariants: Record<ReleasePromise, Invariants<HasReleases>[string]> = {
  release_nodes_are_counted: {
    because: "the cap reads the counts, so they must be the nodes that run each release",
    check: ({ releases: { release, node, total } }, report) => {
      const nodes = new Uint32Array(release.length + 1)
      for (let n = 0; n < node.length; n++) nodes[node.release[n]]++
      for (let k = 0; k < release.length; k++)
        if (nodes[k + 1] !== release.nodes[k])
          report.require(false, () => `release ${k + 1} counts ${release.nodes[k]} nodes, rows ${nodes[k + 1]}`)
      report.require(total.releases[0] === release.length, () => `${total.releases[0]} releases counted, ${release.length} rows`)
    },
  },
}
export const releaseSabotage: Record<ReleasePromise, (state: HasReleases) => void> = {
  release_nodes_are_counted: ({ releases: { total } }) => void total.releases[0]++,
}
