/** What a scenario expected, held against what happened. A claim that cannot be judged says so and does not hold. */
import { permilleOf, type Claim, type Scenario } from "../../protocol/boundary/scenario.ts"
import { parseInstant, spanSeconds } from "../../protocol/boundary/instant.ts"
import type { Plan } from "../engine/plan.ts"
import type { NetworkResult } from "./measure.ts"

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

export function judge(scenario: Scenario, plan: Plan, results: readonly NetworkResult[]): readonly ClaimResult[] {
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
      case "measures": {
        const found = of(claim.network).metrics?.[claim.metric]?.[claim.during]
        const { atLeast, atMost } = claim
        const bounds = [
          ...(atLeast === undefined ? [] : [`at least ${atLeast}`]),
          ...(atMost === undefined ? [] : [`at most ${atMost}`]),
        ].join(" and ")
        return {
          claim: `${claim.network}'s ${claim.metric} is ${bounds} during the ${claim.during}`,
          holds: found !== undefined && found >= (atLeast ?? -Infinity) && found <= (atMost ?? Infinity),
          figure: found === undefined ? "not measured" : String(found),
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
    }
  }
  return (scenario.expect ?? []).map(judged)
}
