/**
 * What falls due: the mechanisms' own minute and half hour, and what they do to lines of the network's own settlements.
 *
 * A penalty is softened and a reward split anew in the rows that the network's own line has just written, before they are evolved: the
 * log tells what was taken and paid, and the network's rules need not know who softened it.
 */
import { DAY, MINUTE } from "../../kernel/clock.ts"
import type { Cadence, DecideContext, Settle } from "../../kernel/network.ts"
import type { Values } from "../../kernel/param.ts"
import type { AnyTable } from "../../kernel/table.ts"
import { Wide } from "../../kernel/wide.ts"
import { serveWork as serveAdmitted } from "../admission.ts"
import { computeWeights } from "../diversity.ts"
import { isUnderGrace, useGrace } from "../grace.ts"
import { livenessLines } from "../liveness-decide.ts"
import { HEARD } from "../liveness.ts"
import { outageLines } from "../outage-decide.ts"
import { watchRollout } from "../release.ts"
import { repairLines } from "../repair.ts"
import { addRow } from "../rows.ts"
import type { Hooks } from "./hooks.ts"
import { isOn, type ResilienceParams } from "./params.ts"
import { capacityOf, type Events } from "./part.ts"
import type { HasResilience, Resilience } from "./state.ts"

const PPM = 1_000_000
const ROUND_S = 30 * MINUTE
type To = Pick<DecideContext<Events, ResilienceParams, never>, "out" | "params">
type Part = (state: Resilience, at: number, to: To) => void
type Lines<State> = Readonly<Record<string, Settle<State & HasResilience, any, any>>>

/** The cadences of the mechanisms. They fall due only while something is on, so that off they cut no time into slices. */
export function resilienceCadences<State>(
  hooks: Hooks<State>,
): Readonly<Record<string, Cadence<State & HasResilience, any, any>>> {
  const minute: Readonly<Record<string, Part>> = {
    ...livenessLines,
    ...outageLines,
    ...repairLines,
    serveWork: (state, at, to) => serveAdmitted(state, at, to, capacityOf as never),
  }
  return {
    resilienceMinute: {
      because: "Heartbeats come by the minute, so silence is looked at by the minute. Only while a mechanism is on.",
      everySeconds: MINUTE,
      when: isOn,
      lines: Object.fromEntries(
        Object.entries(minute).map(([name, line]) => [
          name,
          (state: HasResilience, at: number, to: never) => line(state.resilience, at, to),
        ]),
      ) as unknown as Lines<State>,
    },
    resilienceRound: {
      because:
        "Roll-outs are watched, grace is booked and domains are weighed by the half hour, before the network's own settlements.",
      everySeconds: ROUND_S,
      when: isOn,
      lines: {
        watchRollout: (state: State & HasResilience, at: number, to: never) =>
          watchRollout(state.resilience, at, to, (r: Resilience, node) => isProving(state, r, node, hooks)),
        bookGrace: ({ resilience }: HasResilience, at: number, to: never) => bookGrace(resilience, at, to),
        weighDomains: (state: State & HasResilience, at: number, to: never) => weighDomains(state, at, to, hooks),
      } as unknown as Lines<State>,
    },
  }
}

const isProving = <State>(state: State & HasResilience, r: Resilience, node: number, hooks: Hooks<State>): boolean =>
  r.standing.failing[node] === 0 && r.liveness.node.status[node] === HEARD && (hooks.proves?.(state, node) ?? true)

function bookGrace(state: Resilience, at: number, to: To): void {
  if (to.params.graceWaivedPermille > 0) useGrace(state, at, to, ROUND_S)
}

/** Once a day: how scarce the domains are that a node says it is in, by the work of who is there. */
function weighDomains<State>(state: State & HasResilience, at: number, { out, params }: To, hooks: Hooks<State>): void {
  if (at % DAY !== 0) return
  const { registry, liveness, standing } = state.resilience
  if (registry.total.registered[0] === 0) return
  const { length } = registry.nodes
  const work = new Float64Array(length)
  const weights = new Float64Array(length)
  for (let node = 0; node < length; node++)
    if (registry.nodes.status[node] === 1 && (params.livenessDetector === 0 || liveness.node.status[node] === HEARD))
      work[node] = Math.max(1, Math.min(Number.MAX_SAFE_INTEGER, hooks.workOf(state, node)))
  computeWeights(registry, work, params, weights)
  const to = out.NodeWeighed
  for (let node = 0; node < length; node++) {
    if (weights[node] === weightOf(standing.weightPermille[node])) continue
    const r = addRow(to)
    to.node[r] = node
    to.weightPermille[r] = weights[node]
    to.at[r] = at
  }
}
const weightOf = (kept: number): number => (kept === 0 ? 1000 : kept)

type OutTable = AnyTable & { readonly node: Uint32Array }
type Cells = Wide | Float64Array | Uint32Array

/** The network's own cadences, with penalties softened and rewards weighed. */
export function embedded<State>(
  cadences: Readonly<Record<string, Cadence<State, any, any>>>,
  hooks: Hooks<State>,
): Readonly<Record<string, Cadence<State & HasResilience, any, any>>> {
  return Object.fromEntries(
    Object.entries(cadences).map(([name, cadence]) => [
      name,
      {
        ...cadence,
        lines: Object.fromEntries(
          Object.entries(cadence.lines).map(([line, settle]) => [line, withHooks(settle, name, line, hooks)]),
        ),
      },
    ]),
  )
}

function withHooks<State>(
  settle: Settle<State, any, any>,
  cadence: string,
  line: string,
  hooks: Hooks<State>,
): Settle<State & HasResilience, any, any> {
  const penalties = hooks.penalties.filter((p) => p.cadence === cadence && p.line === line)
  const rewards = hooks.rewards.filter((r) => r.cadence === cadence && r.line === line)
  if (penalties.length + rewards.length === 0) return settle as Settle<State & HasResilience, any, any>
  const before = new Uint32Array(penalties.length + rewards.length)
  return (state, at, to) => {
    const { out, params } = to as unknown as { out: Readonly<Record<string, OutTable>>; params: Values<ResilienceParams> }
    const softens = params.graceWaivedPermille > 0 && state.resilience.grace.total.nodesUsed[0] > 0
    const weighs = params.diversityBetaMilli > 0
    if (!softens && !weighs) return settle(state, at, to)
    penalties.forEach((p, i) => (before[i] = out[p.event].length))
    rewards.forEach((r, i) => (before[penalties.length + i] = out[r.event].length))
    settle(state, at, to)
    if (softens) penalties.forEach((p, i) => soften(state.resilience, at, out[p.event], before[i], p.column))
    if (weighs)
      rewards.forEach((r, i) => {
        for (const column of r.columns) weigh(state.resilience, out[r.event], before[penalties.length + i], column)
      })
  }
}

/** What is left of penalties of nodes under grace, floored. */
export function soften(state: Resilience, at: number, rows: OutTable, begin: number, column: string): void {
  const cells = (rows as unknown as Record<string, Cells>)[column]
  for (let i = begin; i < rows.length; i++) {
    const node = rows.node[i]
    if (!isUnderGrace(state, node, at)) continue
    const left = PPM - state.grace.node.waivedPpm[node]
    if (cells instanceof Wide) cells.set(i, (cells.get(i) * BigInt(left)) / BigInt(PPM))
    else cells[i] = Math.floor((cells[i] * left) / PPM)
  }
}

/**
 * Splits what rows [begin, length) pay anew, by amount × weight, floored; what the floors leave goes to the first row that is paid, so that
 * the sum stays as it was.
 */
export function weigh({ standing }: Pick<Resilience, "standing">, rows: OutTable, begin: number, column: string): void {
  const cells = (rows as unknown as Record<string, Cells>)[column]
  const read = cells instanceof Wide ? (i: number) => cells.get(i) : (i: number) => BigInt(cells[i])
  const write =
    cells instanceof Wide ? (i: number, v: bigint) => cells.set(i, v) : (i: number, v: bigint) => void (cells[i] = Number(v))
  let pool = 0n
  let raw = 0n
  let first = -1
  for (let i = begin; i < rows.length; i++) {
    const paid = read(i)
    if (paid <= 0n) continue
    if (first < 0) first = i
    pool += paid
    raw += paid * BigInt(weightOf(standing.weightPermille[rows.node[i]]))
  }
  if (first < 0) return
  let given = 0n
  for (let i = begin; i < rows.length; i++) {
    const paid = read(i)
    if (paid <= 0n) continue
    const share = (pool * paid * BigInt(weightOf(standing.weightPermille[rows.node[i]]))) / raw
    given += share
    write(i, share)
  }
  write(first, read(first) + pool - given)
}
