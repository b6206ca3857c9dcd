/**
 * resilient(network, hooks): the same network with the ten mechanisms in it, each off until a parameter switches it on.
 *
 * Nothing of the network's own rules is changed: facts and requests of the mechanisms stand beside its own, their state in one object of its
 * own, their settlements run before its settlements, and its penalties and rewards are looked at in the rows that its own lines wrote.
 */
import type { Inhabit } from "../../kernel/habitat.ts"
import type { AnyNetwork, Network } from "../../kernel/network.ts"
import type { Params, Preset, Values } from "../../kernel/param.ts"
import type { CommandTypes, EventTypes } from "../../kernel/row-type.ts"
import { DECLARED, ENDED } from "../outage.ts"
import type { Hooks } from "./hooks.ts"
import { inhabitResilience, resilienceChart } from "./inhabit.ts"
import { embedded, resilienceCadences } from "./lines.ts"
import { resilienceMetrics } from "./metrics.ts"
import { ON, resilienceParams, WITH_RESILIENCE, type ResilienceParams } from "./params.ts"
import { commands, decide, events, evolve, refusals, refuseCollisions } from "./part.ts"
import {
  resilienceGenesis,
  resilienceInvariants,
  resilienceSabotage,
  resilienceTables,
  type HasResilience,
  type Resilience,
} from "./state.ts"

export type { Hooks } from "./hooks.ts"
export type { HasResilience } from "./state.ts"

/**
 * In types it is the network it was, with more parameters: who reads or writes the network's own facts need not know of the mechanisms. Their state is
 * reached by `HasResilience`, their commands and events by part.ts.
 */
export type Resilient<State, C extends CommandTypes, E extends EventTypes, P extends Params, R extends string> = Network<
  State,
  C,
  E,
  P & ResilienceParams,
  R
>

const HOUR_S = 3600
const DAY_S = 24 * HOUR_S

/**
 * When the network first declared the outage, or the run of outages that touch one another, that it declared last: Unix seconds; 0: none. A
 * country that goes dark and an ASN of it that is still dark when the country is back are one incident, and were noticed once. With `sinceS`
 * it is the first that was declared after it, if one was: what was declared before an onset says nothing of what began there.
 */
export function declaredS({ outages: { claim } }: Pick<Resilience, "outages">, sinceS = 0): number {
  let begun = 0
  let overS = 0
  for (let c = 0; c < claim.length; c++) {
    if (claim.status[c] !== DECLARED && claim.status[c] !== ENDED) continue
    if (sinceS > 0 && claim.decidedS[c] > sinceS) return claim.decidedS[c]
    if (begun === 0 || claim.onsetS[c] > overS + HOUR_S) begun = claim.decidedS[c]
    overS = Math.max(overS, claim.status[c] === DECLARED ? Infinity : claim.endedS[c])
  }
  return begun
}

/**
 * Of two ways to notice, the earlier where both speak of one day's incident; else the later incident. 0: never noticed. One that rang before
 * `sinceS` while the other rang after it rang for something else.
 */
export function earlierOfOne(a: number, b: number, sinceS = 0): number {
  const isOne = sinceS > 0 ? a > sinceS === b > sinceS : Math.abs(a - b) <= DAY_S
  return a === 0 || b === 0 || !isOne ? Math.max(a, b) : Math.min(a, b)
}

/** Throws an Error where a name of the network is also one of the mechanisms'. */
export function resilient<State, C extends CommandTypes, E extends EventTypes, P extends Params, R extends string>(
  base: Network<State, C, E, P, R>,
  hooks: Hooks<State>,
): Resilient<State, C, E, P, R> {
  const { name } = base
  refuseCollisions(name, "command", base.commands, commands)
  refuseCollisions(name, "event", base.events, events)
  refuseCollisions(name, "parameter", base.params, resilienceParams)
  refuseCollisions(name, "metric", base.metrics, resilienceMetrics)
  for (const { cadence, line, event } of [...hooks.penalties, ...hooks.rewards])
    if (base.cadences[cadence]?.lines[line] === undefined || base.events[event] === undefined)
      throw new Error(`${name} has no line ${cadence}.${line} that writes ${event}: its hooks name what is not there`)
  const merged: AnyNetwork = {
    ...base,
    commands: { ...base.commands, ...commands },
    events: { ...base.events, ...events },
    // Its own first: a refusal's place is what events and tallies hold.
    refusals: { ...base.refusals, ...refusals, ...base.refusals },
    params: { ...base.params, ...resilienceParams },
    coherent: (values: Values) => base.coherent?.(values as Values<P>) ?? hooks.coherent?.(values),
    presets: { ...base.presets, ...withResilience(base.presets, hooks) },
    genesis: (size: { readonly nodes: number }, params: Values) =>
      Object.assign(base.genesis(size, params as Values<P>) as object, {
        resilience: resilienceGenesis(size.nodes, params as Values<ResilienceParams>),
      }),
    tables: ({ resilience, ...own }: State & HasResilience) => ({
      ...base.tables(own as State),
      ...resilienceTables({ resilience }),
    }),
    seldom: [...(base.seldom ?? []), ...Object.keys(resilienceTables({ resilience: resilienceGenesis(1, ONE) }))],
    decide: { ...base.decide, ...decide },
    evolve: { ...base.evolve, ...evolve },
    cadences: { ...resilienceCadences(hooks), ...embedded(base.cadences, hooks) },
    invariants: { ...base.invariants, ...resilienceInvariants },
    sabotage: { ...base.sabotage, ...resilienceSabotage },
    metrics: { ...base.metrics, ...resilienceMetrics },
    // What the network finds out by its own means counts too.
    detectedS: (state: State & HasResilience, sinceS?: number) =>
      earlierOfOne(base.detectedS?.(state, sinceS) ?? 0, declaredS(state.resilience, sinceS), sinceS),
    nodeMeasures: {
      ...base.nodeMeasures,
      "resilience.graceSeconds": {
        unit: "s",
        because: "Grace it used in the last period.",
        of: ({ resilience }: HasResilience, node: number) => resilience.grace.node.usedSeconds[node],
      },
      "resilience.weight": {
        unit: "‰",
        because: "Weight of its domains in what is paid; 1000 where nothing is weighed.",
        of: ({ resilience }: HasResilience, node: number) => resilience.standing.weightPermille[node] || 1000,
      },
    },
    charts: [...(base.charts ?? []), resilienceChart],
    inhabit: inhabitResilience(
      base.inhabit as unknown as Inhabit<never, CommandTypes>,
      hooks as unknown as Hooks<never>,
    ) as unknown as AnyNetwork["inhabit"],
  }
  return merged as unknown as Resilient<State, C, E, P, R>
}

const ONE = Object.fromEntries(
  Object.entries(resilienceParams).map(([name, p]) => [name, p.default]),
) as unknown as Values<ResilienceParams>

/** Each preset once more, with every mechanism on. Without dates: history knows none of these. */
const withResilience = (
  presets: Readonly<Record<string, Preset>>,
  hooks: Pick<Hooks<never>, "on">,
): Readonly<Record<string, Preset>> =>
  Object.fromEntries(
    Object.entries(presets).map(([name, preset]) => [
      name + WITH_RESILIENCE,
      {
        because: `${preset.because} With the ten mechanisms of resilience on: a what-if.`,
        values: { ...preset.values, ...ON, ...hooks.on },
      },
    ]),
  )
