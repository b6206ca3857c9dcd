/**
 * Mechanism 3, grace: inside a declared outage, penalties are waived and rewards go on at a share, for nodes that were in the domain
 * before and are silent now, up to an allowance per period.
 *
 * Why faking does not pay. Whoever switches off x healthy nodes to save the penalties p of y that fail gives up their reward r. With a cliff at the
 * threshold θ one node could save them all. So the waiver rises in a straight line from 0 at θ to all of it at θ₂: a node more raises it by
 * 1/((θ₂−θ)D) for y < θ₂D nodes, which is worth at most p·θ₂/(θ₂−θ). Faking is unprofitable for every x, y and any number of names iff
 * p·θ₂ ≤ r·(θ₂−θ) (`isFakingBounded`). Beside that, an operator's own nodes do not count for its own grace (adversaries F3), nodes silent
 * before the onset are not covered, domains declared lately give nothing (F2), and a false claim costs a bond.
 * What it costs: in a slow recovery the last to return lose their waiver, because the share that is silent falls.
 */
import { event, type Tables } from "../kernel/row-type.ts"
import { filled, reserve, type AnyTable, type Columns, type Table } from "../kernel/table.ts"
import { count, nodeIndex, seconds, unit } from "../kernel/unit.ts"
import type { HasRegistry } from "../registry/registry.ts"
import type { Invariants } from "../kernel/invariant.ts"
import type { Values } from "../kernel/param.ts"
import { DECLARED, type HasOutages } from "./outage.ts"
import { HEARD, type HasLiveness } from "./liveness.ts"
import type { graceParams, outageParams } from "./params.ts"
import { domainsOf, since } from "./rows.ts"

const duration = unit("s", "safe", 0)
const PPM = 1_000_000
/** Parts per million: in ‰ the rounding of a waiver would be worth more than the bound allows. */
const ppm = unit("ppm", "u32", 0, PPM)
export const graceShape = {
  /** Since when the node's declared domains are what they are. */
  domainsSinceS: seconds,
  periodS: seconds,
  usedSeconds: duration,
  /** The settlement that last booked grace for it, and how much of a penalty that waives. */
  coveredS: seconds,
  waivedPpm: ppm,
} as const
const totalShape = { usedSeconds: duration, nodesUsed: count } as const

export interface Grace {
  readonly node: Table<typeof graceShape>
  readonly total: Table<typeof totalShape>
}
export interface HasGrace {
  readonly grace: Grace
}
export const grace = (nodes: number): Grace => ({ node: filled(graceShape, nodes), total: filled(totalShape, 1) })
export const graceTables = (g: Grace): Record<string, AnyTable> => ({ "grace.node": g.node, "grace.total": g.total })

export const graceEvents = {
  GraceUsed: event("a silent node of a declared outage used some of its allowance", {
    node: nodeIndex,
    claim: unit("claim", "u32"),
    seconds: duration,
    waivedPpm: ppm,
    periodS: seconds,
    at: seconds,
  }),
} as const
export type GraceEvents = typeof graceEvents

export const graceEvolve = {
  GraceUsed({ grace: g }: HasGrace, rows: Columns<GraceEvents["GraceUsed"]["shape"]>, begin: number, end: number): void {
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      if (g.node.periodS[node] !== rows.periodS[i] || g.node.usedSeconds[node] === 0) {
        g.node.usedSeconds[node] = 0
        g.total.nodesUsed[0]++
      }
      g.node.periodS[node] = rows.periodS[i]
      g.node.coveredS[node] = rows.at[i]
      g.node.waivedPpm[node] = rows.waivedPpm[i]
      g.node.usedSeconds[node] += rows.seconds[i]
      g.total.usedSeconds[0] += rows.seconds[i]
    }
  },
} as const

/** For a network's own `DomainsDeclared`: call beside the registry's. */
export function noteDomains({ grace: g }: HasGrace, nodes: Uint32Array, at: Uint32Array, begin: number, end: number): void {
  for (let i = begin; i < end; i++) g.node.domainsSinceS[nodes[i]] = at[i]
}

type State = HasRegistry & HasLiveness & HasOutages & HasGrace
type GraceParams = typeof graceParams & Pick<typeof outageParams, "outageSharePermille">

/** Grace that `node` has left at `at`, in seconds. */
export function graceLeft(
  { grace: { node: g } }: HasGrace,
  node: number,
  at: number,
  params: Values<typeof graceParams>,
): number {
  return Math.max(0, params.graceSecondsMax - (isFresh(g, node, at, params.gracePeriodSeconds) ? 0 : g.usedSeconds[node]))
}

const isFresh = (g: Grace["node"], node: number, at: number, periodSeconds: number): boolean =>
  g.usedSeconds[node] === 0 || since(g.periodS[node], at) >= periodSeconds

/** True where grace was booked for the stretch that ends at `at`: `useGrace` of the same settlement must have run before. */
export const isUnderGrace = ({ grace: { node: g } }: HasGrace, node: number, at: number): boolean =>
  g.usedSeconds[node] > 0 && g.coveredS[node] === at

/**
 * A settlement line: books the grace of the `everySeconds` before `at`. Covered is a silent node that fell silent after the onset, said
 * long before the onset that it is in the domain, and whose domain is out also when its own operator's nodes are left out.
 */
export function useGrace(
  state: State,
  at: number,
  { out, params }: { readonly out: Tables<GraceEvents>; readonly params: Values<GraceParams> },
  everySeconds: number,
): void {
  const { claim, total } = state.outages
  if (total.declared[0] === 0 || params.graceSecondsMax === 0) return
  const { status, suspectedS, beats, length } = state.liveness.node
  const { owner } = state.registry.nodes
  const g = state.grace.node
  const to = out.GraceUsed
  const booked = new Uint8Array(length)
  for (let c = 0; c < claim.length; c++) {
    if (claim.status[c] !== DECLARED) continue
    const of = domainsOf(state.registry, claim.kind[c])
    const own = new Map<number, { members: number; silent: number }>()
    let members = 0
    let silent = 0
    for (let node = 0; node < length; node++) {
      if (of[node] !== claim.domain[c] || beats[node] === 0) continue
      let mine = own.get(owner[node])
      if (mine === undefined) own.set(owner[node], (mine = { members: 0, silent: 0 }))
      members++
      mine.members++
      if (status[node] === HEARD) continue
      silent++
      mine.silent++
    }
    for (let node = 0; node < length; node++) {
      if (of[node] !== claim.domain[c] || status[node] === HEARD || booked[node] === 1) continue
      if (suspectedS[node] < claim.onsetS[c] || g.domainsSinceS[node] + params.graceFreezeSeconds > claim.onsetS[c]) continue
      const mine = own.get(owner[node])!
      const waived = computeWaiver(silent - mine.silent, members - mine.members, params)
      if (waived === 0) continue
      const left = graceLeft(state, node, at, params)
      if (left === 0) continue
      booked[node] = 1
      reserve(to, 1)
      const r = to.length++
      to.node[r] = node
      to.claim[r] = c
      to.seconds[r] = Math.min(left, everySeconds)
      to.waivedPpm[r] = waived
      to.periodS[r] = isFresh(g, node, at, params.gracePeriodSeconds) ? at : g.periodS[node]
      to.at[r] = at
    }
  }
}

/** How much of a penalty is waived, in ppm, where `silent` of `members` nodes are silent, the beneficiary's own left out: 0 at the threshold, all at full. */
export function computeWaiver(silent: number, members: number, params: Values<GraceParams>): number {
  if (members === 0) return 0
  const over = silent * 1000 - members * params.outageSharePermille
  const range = Math.max(1, params.graceFullPermille - params.outageSharePermille) * members
  return Math.floor((params.graceWaivedPermille * (PPM / 1000) * Math.min(range, Math.max(0, over))) / range)
}

/** What is left of a penalty for the stretch that ends at `at`, floored. */
export const penaltyUnderGrace = (state: HasGrace, node: number, at: number, penalty: number): number =>
  isUnderGrace(state, node, at) ? Math.floor((penalty * (PPM - state.grace.node.waivedPpm[node])) / PPM) : penalty

/** An operator that owns x + y nodes of a domain under names that do not tell. */
export interface Faking {
  readonly members: number
  /** Healthy nodes switched off to make it look like an outage. */
  readonly switchedOff: number
  /** Nodes that fail anyway, and whose penalties it hopes to save. */
  readonly failing: number
  readonly hours: number
  readonly rewardPerHour: number
  readonly penaltyPerHour: number
}

/** What faking gains over waiting: penalties saved on failing nodes, less reward and penalties of those switched off. */
export const computeFakingGain = (f: Faking, params: Values<GraceParams>): number => {
  const hours = Math.min(f.hours, params.graceSecondsMax / 3600)
  const silent = f.switchedOff + f.failing
  const waived = computeWaiver(silent, f.members, params) / PPM
  const before = computeWaiver(f.failing, f.members, params) / PPM
  const kept = (waived > 0 ? params.graceRewardPermille / 1000 : 0) * f.rewardPerHour
  const keptBefore = (before > 0 ? params.graceRewardPermille / 1000 : 0) * f.rewardPerHour
  const saved = f.failing * (f.penaltyPerHour * (waived - before) + kept - keptBefore) * hours
  return saved - f.switchedOff * ((f.rewardPerHour + f.penaltyPerHour) * f.hours - (kept + waived * f.penaltyPerHour) * hours)
}

/** True where no number of names and nodes makes faking pay: no reward under grace, and p·θ₂ ≤ r·(θ₂ − θ). */
export const isFakingBounded = (rewardPerHour: number, penaltyPerHour: number, params: Values<GraceParams>): boolean =>
  params.graceRewardPermille === 0 &&
  (penaltyPerHour * params.graceWaivedPermille * params.graceFullPermille) / 1000 <=
    rewardPerHour * (params.graceFullPermille - params.outageSharePermille)

/** What of its usual reward a silent node still earns, in permille. */
export const rewardUnderGrace = (covered: boolean, params: Values<typeof graceParams>): number =>
  covered ? params.graceRewardPermille : 0

export type GracePromise = "grace_is_counted" | "grace_has_a_period"
export const graceInvariants: Record<GracePromise, Invariants<HasGrace>[string]> = {
  grace_is_counted: {
    because: "grace used is what the nodes used, whatever the period",
    check: ({ grace: { node, total } }, report) => {
      let used = 0
      for (let i = 0; i < node.length; i++) used += node.usedSeconds[i]
      report.require(
        used <= total.usedSeconds[0],
        () => `nodes have used ${used} s, in all only ${total.usedSeconds[0]} s were given`,
      )
    },
  },
  grace_has_a_period: {
    because: "every use of grace belongs to a period that began with one",
    check: ({ grace: { node } }, report) => {
      for (let i = 0; i < node.length; i++)
        if (node.periodS[i] === 0 && node.usedSeconds[i] > 0)
          report.require(false, () => `node ${i} used ${node.usedSeconds[i]} s in no period`)
    },
  },
}
export const graceSabotage: Record<GracePromise, (state: HasGrace) => void> = {
  grace_is_counted: ({ grace: { node } }) => void (node.usedSeconds[0] += Number.MAX_SAFE_INTEGER / 2),
  grace_has_a_period: ({ grace: { node } }) => {
    node.periodS[0] = 0
    node.usedSeconds[0] = 1
  },
}
