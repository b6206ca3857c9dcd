/** A regime comes into force: which parameters that changes, and on which days a network's dated regimes begin. */
import { parseInstant, sayInstant } from "../../protocol/boundary/instant.ts"
import { didYouMean, refuse } from "../../protocol/boundary/problem.ts"
import type { Action as WrittenAction } from "../../protocol/boundary/scenario.ts"
import { defaults, nearest, type Params } from "../../protocol/kernel/param.ts"
import type { AnyNetwork } from "../../protocol/kernel/network.ts"
import type { Moment, PlannedNetwork } from "./plan.ts"
import { runningNetwork, type Reading } from "./reading.ts"

type Written = Extract<WrittenAction, { readonly verb: "adopt" }>

/**
 * The moments of an adoption: one preset at `atS`, or, where none is named, the one then in force and every later one of the
 * network's on its own day. Throws a ScenarioProblem for a preset that is not there.
 */
export function adoptions(written: Written, atS: number, label: string, place: string, reading: Reading): readonly Moment[] {
  const planned = runningNetwork(written.network, place, reading.networks)
  const { network } = planned
  const kept = Object.keys(reading.scenario.networks[network.name].change ?? {})
  const moment = (at: number, preset: string, name: string): Moment => ({
    atS: at,
    label: name,
    do: { verb: "adopt", network: network.name, preset, values: valuesOf(planned, preset, kept) },
  })
  const { preset } = written
  if (preset !== undefined) {
    const names = Object.keys(network.presets)
    if (!names.includes(preset))
      refuse(`${place}.preset: ${network.name} has no preset ${preset}${didYouMean(nearest(preset, names), names)}`)
    return [moment(atS, preset, label)]
  }
  const dated = datedPresets(network)
  const current = dated.findLast((d) => d.atS <= atS)
  if (current === undefined)
    refuse(
      dated.length === 0
        ? `${place}: ${network.name} has no dated regimes to follow: name a preset`
        : `${place}: at ${sayInstant(atS)} none of ${network.name}'s regimes had begun; the first is ${dated[0].name}, of ${sayInstant(dated[0].atS)}`,
    )
  return [
    moment(atS, current!.name, label),
    ...dated.filter((d) => d.atS > atS && d.atS < reading.lastS).map((d) => moment(d.atS, d.name, d.name)),
  ]
}

/** Presets with a day they begin on, in that order; of one day the last declared holds. */
export const datedPresets = (network: AnyNetwork): readonly { readonly name: string; readonly atS: number }[] =>
  Object.entries(network.presets)
    .flatMap(([name, { from }]) => {
      const atS = from === undefined ? undefined : parseInstant(from)
      return atS === undefined ? [] : [{ name, atS }]
    })
    .sort((a, b) => a.atS - b.atS)

/**
 * What a preset makes of every parameter that any preset speaks of: its own word, or the default. What the scenario itself
 * set stays, and so does what no preset names.
 */
export function valuesOf(
  { network }: PlannedNetwork,
  preset: string,
  kept: readonly string[] = [],
): Readonly<Record<string, number>> {
  const base: Readonly<Record<string, number>> = defaults(network.params as Params)
  const spoken = new Set(Object.values(network.presets).flatMap((p) => Object.keys(p.values)))
  const own = network.presets[preset].values as Readonly<Record<string, number>>
  return Object.fromEntries([...spoken].filter((name) => !kept.includes(name)).map((name) => [name, own[name] ?? base[name]]))
}
