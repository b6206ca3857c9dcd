/** What a played incident came to, in the figures that records publish: onset, detection, mitigation, end, and how much was lost. */
import { parseInstant, spanSeconds } from "../../protocol/boundary/instant.ts"
import { permilleOf, type Instant, type Scenario } from "../../protocol/boundary/scenario.ts"
import type { Plan } from "../engine/plan.ts"
import type { Inhabited } from "../engine/simulation.ts"
import { metricColumn } from "../engine/tally.ts"

/** Minutes from the published onset; null: not on record, never, or no notion of it. Lost: 0 to 1. */
export interface Times {
  readonly onsetMin: number | null
  readonly detectMin: number | null
  readonly mitigateMin: number | null
  readonly endMin: number | null
  readonly lost: number | null
}

/** What was left of normal in [fromS, toS), 0 to 1. */
export interface Left {
  readonly fromS: number
  readonly toS: number
  readonly left: number
}

/** Less than this is not told from noise; a pulse is a count, and counts waver. */
const FLOOR = 0.001
const PULSE_FLOOR = 0.5
/** Elections and proofs have found their pace this long before onset. */
const BASELINE_S = 6 * 3600
/** Mitigation: so much of the deepest loss is back. */
const EASED = 0.03

type Rows = Readonly<Record<string, ArrayLike<number>>> & { readonly length: number }

/** The course of the plane that the scenario's record speaks of. */
export function courseMeasured(scenario: Scenario, plan: Plan, victim: Inhabited): readonly Left[] {
  const t = victim.epochs.rows as unknown as Rows
  const plane = scenario.incident?.plane ?? "service"
  const each = (of: (i: number) => number): readonly Left[] =>
    Array.from({ length: t.length }, (_, i) => ({ fromS: t.endS[i] - t.seconds[i], toS: t.endS[i], left: of(i) }))
  const part = (got: ArrayLike<number>, asked: ArrayLike<number>) => each((i) => (asked[i] === 0 ? 1 : got[i] / asked[i]))
  switch (plane) {
    case "nodes":
      return each((i) => t.focusPresent[i] / 1000)
    case "control": {
      const column = Object.keys(victim.network.inhabit.observes ?? {}).find((name) => /dashboard|control|console/u.test(name))
      return column === undefined ? part(t.servedMilli, t.offeredMilli) : each((i) => t[metricColumn(column)][i] / 1000)
    }
    case "ledger": {
      const beats = t[metricColumn(victim.network.pulse!)]
      const onsetS = plan.windowS?.from ?? plan.endS
      let [beaten, seconds] = [0, 0]
      for (let i = 0; i < t.length; i++)
        if (t.endS[i] <= onsetS && t.endS[i] > onsetS - BASELINE_S) {
          beaten += beats[i]
          seconds += t.seconds[i]
        }
      const usual = seconds === 0 ? 0 : beaten / seconds
      return each((i) => (usual === 0 ? 1 : Math.min(1, beats[i] / t.seconds[i] / usual)))
    }
    case "service":
      return t.focusOfferedMilli === undefined
        ? part(t.servedMilli, t.offeredMilli)
        : part(t.focusServedMilli, t.focusOfferedMilli)
  }
}

/** When the network itself first held an incident to have begun after `onsetS`, else last before it; 0: never, or it has no notion of one. */
export const detectionOf = (n: Inhabited, onsetS: number): number => n.network.detectedS?.(n.machine.state, onsetS) ?? 0

/** The figures of a measured course. An incident whose record ends below the whole is over when it is as far. */
export function timesMeasured(
  scenario: Scenario,
  plan: Plan,
  victim: Inhabited,
  course: readonly Left[],
  detectedS: number = detectionOf(victim, plan.windowS?.from ?? 0),
): Times {
  const onsetS = plan.windowS?.from
  if (onsetS === undefined) return { onsetMin: null, detectMin: null, mitigateMin: null, endMin: null, lost: null }
  const published = scenario.incident?.published ?? []
  const last = published.findLast((p) => p.phase === "full_recovery" && p.served !== undefined)?.served
  const open = last === undefined ? 0 : 1 - permilleOf(last)! / 1000
  const floor = scenario.incident?.plane === "ledger" ? PULSE_FLOOR : FLOOR + open
  const after = course.filter((c) => c.toS > onsetS)
  const deepest = after.reduce((low, c) => Math.min(low, c.left), 1)
  const minutes = (atS: number): number => Math.max(0, (atS - onsetS) / 60)
  const hit = after.filter((c) => 1 - c.left > (scenario.incident?.plane === "ledger" ? PULSE_FLOOR : FLOOR))
  const away = after.filter((c) => 1 - c.left > floor)
  const lost = 1 - deepest
  if (hit.length === 0) return { onsetMin: null, detectMin: null, mitigateMin: null, endMin: null, lost }
  const bottom = after.findIndex((c) => c.left === deepest)
  const eased = after.slice(bottom).find((c) => 1 - c.left <= lost * (1 - EASED))
  const end = away.at(-1)
  return {
    onsetMin: minutes(hit[0].fromS),
    detectMin: detectedS > onsetS ? minutes(detectedS) : null,
    mitigateMin: eased === undefined ? null : minutes(eased.fromS),
    endMin: end === undefined ? 0 : end.toS === after.at(-1)!.toS ? null : minutes(end.toS),
    lost,
  }
}

/** The same figures as the record gives them. */
export function timesPublished(
  scenario: Scenario,
  record: { readonly detectMin?: number; readonly mitigateMin?: number },
  lost: number | null,
): Times {
  const { incident } = scenario
  // A translation dates everything.
  const dated = (at: Instant): number => (typeof at === "string" ? parseInstant(at)! : spanSeconds(at)!)
  const onsetS = dated(incident!.onset)
  const steps = (incident!.published ?? []).map((p) => ({ ...p, atS: dated(p.at) }))
  const since = (phases: readonly string[]): number | null => {
    const step = steps.find((s) => phases.includes(s.phase) && s.atS >= onsetS)
    return step === undefined ? null : (step.atS - onsetS) / 60
  }
  return {
    onsetMin: 0,
    detectMin: record.detectMin ?? since(["detection"]),
    mitigateMin: record.mitigateMin ?? since(["mitigation", "partial_recovery"]),
    endMin: null,
    lost,
  }
}
