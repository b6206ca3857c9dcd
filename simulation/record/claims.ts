/** What a scenario expected, held against what happened. A claim that cannot be judged says so and does not hold. */
import { permilleOf, type Claim, type Scenario } from "../../protocol/boundary/scenario.ts"
import { parseInstant, spanSeconds } from "../../protocol/boundary/instant.ts"
import type { Plan } from "../engine/plan.ts"
import type { Inhabited } from "../engine/simulation.ts"
import { metricColumn } from "../engine/tally.ts"
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

/** A figure of a metric over the window or the run; undefined when no epoch lies within. */
export type ReadMetric = (
  network: string,
  metric: string,
  figure: Extract<Claim, { claim: "reads" }>["figure"],
  during: "window" | "run",
) => number | undefined

/** What epoch tables say of a metric. The window takes epochs that lie wholly within. */
export const readerOf =
  (networks: readonly Pick<Inhabited, "name" | "epochs">[], plan: Pick<Plan, "windowS">): ReadMetric =>
  (network, metric, figure, during) => {
    const found = networks.find((n) => n.name === network)
    if (found === undefined) return undefined
    const rows = found.epochs.rows as unknown as Readonly<Record<string, Float64Array>> & { readonly length: number }
    const { windowS } = plan
    if (during === "window" && windowS === undefined) return undefined
    const column = rows[metricColumn(metric)]
    let read: number | undefined
    for (let i = 0; i < rows.length; i++) {
      const isInside = windowS !== undefined && rows.endS[i] - rows.seconds[i] >= windowS.from && rows.endS[i] <= windowS.to
      if (during === "window" && !isInside) continue
      const x = column[i]
      if (read === undefined) read = x
      else if (figure === "total") read += x
      else if (figure === "last") read = x
      else read = figure === "highest" ? Math.max(read, x) : Math.min(read, x)
    }
    return read
  }

export function judge(
  scenario: Scenario,
  plan: Plan,
  results: readonly NetworkResult[],
  read: ReadMetric = () => undefined,
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
        const [name] = metric.split(".", 1)
        const value = read(name, metric.slice(name.length + 1), figure, during)
        const bounds = [
          ...(atLeast === undefined ? [] : [`at least ${atLeast}`]),
          ...(atMost === undefined ? [] : [`at most ${atMost}`]),
        ].join(" and ")
        return {
          claim: `${figure} ${metric} during the ${during} is ${bounds}`,
          holds: value !== undefined && value >= (atLeast ?? -Infinity) && value <= (atMost ?? Infinity),
          figure: value === undefined ? "no epoch lies within" : String(value),
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
    }
  }
  return (scenario.expect ?? []).map(judged)
}
