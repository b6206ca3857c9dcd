/** What a scenario expected, held against what happened. A claim that cannot be judged says so and does not hold. */
import { permilleOf, type Claim, type Scenario } from "../../protocol/boundary/scenario.ts"
import { parseInstant, spanSeconds } from "../../protocol/boundary/instant.ts"
import type { Plan } from "../engine/plan.ts"
import type { NetworkResult } from "./measure.ts"
import type { MetricReading } from "./reading.ts"

export interface ClaimResult {
  readonly claim: string
  readonly holds: boolean
  readonly figure: string
}

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`

/** Share served by a network during the window or the run; undefined when nothing was asked. */
function served(result: NetworkResult, during: "window" | "run"): number | undefined {
  const offered = during === "window" ? result.windowOfferedMilli : result.offeredMilli
  const got = during === "window" ? result.windowServedMilli : result.servedMilli
  return offered === null || got === null || offered === 0 ? undefined : got / offered
}

/** The unit of "network.metric". */
function unitOf(plan: Plan, metric: string): string {
  const [name] = metric.split(".", 1)
  const { network } = plan.networks.find((n) => n.network.name === name)!
  const own = metric.slice(name.length + 1)
  return (network.metrics[own] ?? network.inhabit.observes?.[own])?.unit ?? ""
}

export function judge(
  scenario: Scenario,
  plan: Plan,
  results: readonly NetworkResult[],
  metrics: MetricReading,
): readonly ClaimResult[] {
  const of = (name: string): NetworkResult => results.find((r) => r.network === name)!
  const judged = (claim: Claim): ClaimResult => {
    switch (claim.claim) {
      case "always":
        // A run whose promises broke never gets here: it stops at the epoch that broke them.
        return { claim: `always ${claim.invariant}`, holds: true, figure: "checked after every epoch" }
      case "keeps":
      case "loses": {
        const share = served(of(claim.network), claim.during)
        const bound = permilleOf(claim.atLeast)! / 1000
        const what = claim.claim === "keeps" ? share : share === undefined ? undefined : 1 - share
        return {
          claim: `${claim.network} ${claim.claim} at least ${percent(bound)} during the ${claim.during}`,
          holds: what !== undefined && what >= bound,
          figure: what === undefined ? "nothing was asked for" : percent(what),
        }
      }
      case "reads": {
        const { metric, figure, atLeast, atMost, during } = claim
        const span = during === "run" ? { from: plan.beginS, to: plan.endS } : plan.windowS
        const value = span === undefined ? undefined : metrics.figure(metric, figure, span.from, span.to)
        const say = (n: number): string => `${n.toLocaleString("en-GB")} ${unitOf(plan, metric)}`
        const bounds = [
          ...(atLeast === undefined ? [] : [`at least ${say(atLeast)}`]),
          ...(atMost === undefined ? [] : [`at most ${say(atMost)}`]),
        ].join(" and ")
        return {
          claim: `${figure} ${metric} during the ${during} is ${bounds}`,
          holds: value !== undefined && value >= (atLeast ?? -Infinity) && value <= (atMost ?? Infinity),
          figure: value === undefined ? "no epoch lies within" : say(value),
        }
      }
      case "recovers": {
        const { recoverS } = of(claim.network)
        const withinS = spanSeconds(claim.within)!
        const moment = plan.timeline.find((m) => m.label === claim.of)
        const fromS = moment?.atS ?? parseInstant(claim.of) ?? plan.windowS?.from
        const took =
          recoverS === null || fromS === undefined || plan.windowS === undefined
            ? null
            : Math.max(0, plan.windowS.from + recoverS - fromS)
        return {
          claim: `${claim.network} recovers within ${withinS / 60} min of "${claim.of}"`,
          holds: took !== null && took <= withinS,
          figure: took === null ? "not recovered" : `${took / 60} min`,
        }
      }
      case "servesMoreThan": {
        const a = served(of(claim.network), claim.during)
        const b = served(of(claim.than), claim.during)
        return {
          claim: `${claim.network} serves a larger share than ${claim.than} during the ${claim.during}`,
          holds: a !== undefined && b !== undefined && a > b,
          figure: a === undefined || b === undefined ? "nothing was asked for" : `${percent(a)} against ${percent(b)}`,
        }
      }
      case "stands": {
        const fromS = plan.windowS?.from
        const afterS = spanSeconds(claim.after)!
        const read = (atS: number): number | undefined => metrics.at(claim.metric, atS)
        const before = fromS === undefined ? undefined : read(fromS)
        // A run that ends before has no figure to show for it.
        const after = fromS === undefined || fromS + afterS > plan.endS ? undefined : read(fromS + afterS)
        const share = before === undefined || after === undefined || before === 0 ? undefined : after / before
        const [low, high] = [permilleOf(claim.atLeast)! / 1000, permilleOf(claim.atMost)! / 1000]
        return {
          claim: `${claim.metric} stands at ${percent(low)} to ${percent(high)} of what it was, ${afterS % 3600 === 0 ? `${afterS / 3600} h` : `${afterS / 60} min`} after onset`,
          holds: share !== undefined && share >= low && share <= high,
          figure: share === undefined ? "not recorded" : percent(share),
        }
      }
    }
  }
  return (scenario.expect ?? []).map(judged)
}
