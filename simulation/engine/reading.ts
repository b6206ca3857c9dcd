/** Reading a scenario: the words that stand for times, shares and networks, as numbers and things. */
import { parseInstant, sayInstant, saySpan, spanSeconds, type Span } from "../../protocol/boundary/instant.ts"
import { didYouMean, refuse } from "../../protocol/boundary/problem.ts"
import { permilleOf, type Instant, type Ratio, type Scenario } from "../../protocol/boundary/scenario.ts"
import { nearest } from "../../protocol/kernel/param.ts"
import type { PlannedNetwork } from "./plan.ts"

/** What is known while a scenario is read: where times count from, and which networks run. */
export interface Reading {
  readonly scenario: Scenario
  readonly beginS: number
  /** The scenario's own end; a run may be told to stop sooner. */
  readonly lastS: number
  readonly networks: readonly PlannedNetwork[]
}

/** Whole seconds of a span, at least `min`. */
export function secondsOf(span: Span, place: string, min = 0): number {
  const seconds = spanSeconds(span) ?? refuse(`${place} is ${JSON.stringify(span)}, which is no whole number of seconds`)
  return seconds >= min ? seconds : refuse(`${place} is ${JSON.stringify(span)}: it must be at least ${saySpan(min)}`)
}

/** Unix seconds of a moment that lies within the scenario, its end included. */
export function instantOf(instant: Instant, place: string, { beginS, lastS }: Reading): number {
  const atS =
    typeof instant === "string"
      ? (parseInstant(instant) ??
        refuse(
          `${place} is ${JSON.stringify(instant)}: write a time in UTC such as "${sayInstant(beginS)}", or a span from the begin such as {"hours": 2}`,
        ))
      : beginS + secondsOf(instant, place)
  if (atS < beginS || atS > lastS)
    refuse(
      `${place} is ${sayInstant(atS)}, outside the scenario, which runs from ${sayInstant(beginS)} to ${sayInstant(lastS)}: move it, or change begins or lasts`,
    )
  return atS
}

export const permille = (ratio: Ratio, place: string): number =>
  permilleOf(ratio) ??
  refuse(`${place} is ${JSON.stringify(ratio)}: shares are counted in whole permille, so write {"permille": a whole number}`)

/** A network that the scenario runs. */
export function runningNetwork(name: string, place: string, networks: readonly PlannedNetwork[]): PlannedNetwork {
  const names = networks.map((n) => n.network.name)
  return (
    networks.find((n) => n.network.name === name) ??
    refuse(`${place}: this scenario runs no network ${name}${didYouMean(nearest(name, names), names)}`)
  )
}
