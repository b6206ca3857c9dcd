/**
 * How much was left, when: from what a record publishes, and from assumptions where it does not. Levels are held until the next one,
 * except between the knots of a profile, which are joined.
 */
import { short, type Incident, type Knot, type Step } from "./record.ts"

export interface Course {
  /** In order of time, permille; the first at onset, the last whole again, unless nothing came back. */
  readonly levels: readonly { readonly atS: number; readonly leftPermille: number }[]
  /** What was lost at the deepest, permille. */
  readonly depthPermille: number
  /** Where the depth comes from: a level that was published, a fraction that was, or nobody. */
  readonly depthFrom: "level" | "fraction" | "assumed"
  /** The record says what came back, or only that something did. */
  readonly assumptions: readonly string[]
}

/** Of an outage whose depth nobody published: as for 18 November 2025. */
const DEPTH_ASSUMED = 750
/** A joined pair of knots is cut into so many steps at most. */
const RAMP_STEPS = 10
const STEP_S = 60
/** Where a main recovery is dated, all before it gives back this part of the loss, and this is lost after it: as for 18 November 2025. */
const RELIEF_PERMILLE = 100
const TAIL_PERMILLE = 20
/** A step that speaks of the way to manage a service, not of the service. */
const ASIDE = /dashboard|login|console|status page/iu

const permille = (capacity: number): number => Math.round(capacity * 1000)
const isBack = (phase: string): boolean => /recover/u.test(phase)
const isEased = (phase: string): boolean => /recover|mitigat/u.test(phase)
const isDown = (phase: string): boolean => /onset/u.test(phase)

/** What a fraction says is lost, 0 to 1; undefined where it speaks of something else. */
export function lostOf(
  i: Incident,
): { readonly lost: number; readonly metric: string; readonly text: string; readonly isRange: boolean } | undefined {
  for (const { metric, value, text } of i.fractions) {
    if (
      value === undefined ||
      value === 0 ||
      /counterfactual|afterwards|behind|quorum|top \d|corridor|event$|share$|revenue|^one /iu.test(metric)
    )
      continue
    const said = { metric, text, isRange: (text.match(/%/gu)?.length ?? 0) > 1 }
    if (/participation|availab|remain|\bleft\b|uptime|after restart|online/iu.test(metric)) return { lost: 1 - value, ...said }
    return { lost: value, ...said }
  }
  return undefined
}

/** What is taken where a record gives no depth, and why. */
export interface Default {
  readonly depthPermille: number
  readonly because: string
}
export const UNPUBLISHED: Default = {
  depthPermille: DEPTH_ASSUMED,
  because: `how much failed is not on record: ${DEPTH_ASSUMED} ‰, an assumption`,
}

/** The course of an incident; `otherwise` where its depth is not on record. `isHeld`: what stands still does so until it goes on. */
export function courseOf(i: Incident, otherwise: Default = UNPUBLISHED, isHeld = false): Course {
  const assumptions: string[] = []
  // A level reached by a recovery, or by what was done against it, says nothing of how deep it was before.
  const known = [
    ...i.profile,
    ...i.steps.flatMap((s) => (s.capacity === undefined || isEased(s.phase) ? [] : [{ atS: s.atS, capacity: s.capacity }])),
  ]
  const during = known.filter((k) => k.atS >= i.onsetS - STEP_S && k.atS <= i.endS)
  const lowest = during.reduce((low, k) => Math.min(low, k.capacity), 1)
  const fraction = lostOf(i)
  const [depthPermille, depthFrom] =
    lowest < 1
      ? ([1000 - permille(lowest), "level"] as const)
      : fraction !== undefined
        ? ([permille(fraction.lost), "fraction"] as const)
        : ([otherwise.depthPermille, "assumed"] as const)
  if (depthFrom === "fraction")
    assumptions.push(
      `the depth, ${depthPermille} ‰, is the record's "${fraction!.metric}"${fraction!.isRange ? ` (${fraction!.text}: the first figure is taken)` : ""}; it gives no level over time`,
    )
  if (depthFrom === "assumed") assumptions.push(otherwise.because)
  const levels =
    i.profile.length >= 2 && i.profile.some((k) => k.capacity < 1)
      ? fromProfile(i, isHeld, assumptions)
      : fromSteps(i, depthPermille, assumptions)
  return { levels: tidy(levels, i, depthPermille), depthPermille, depthFrom, assumptions }
}

type Level = Course["levels"][number]

/** The knots joined. A lone pair from loss to whole says when, not how: it is held until its end. */
function fromProfile(i: Incident, isHeld: boolean, assumptions: string[]): readonly Level[] {
  if (/assum/iu.test(i.profileBasis)) assumptions.push(`levels follow the record's profile; of it: "${i.profileBasis}"`)
  const isPair = i.profile.length === 2
  const held = isHeld || isPair
  if (isPair) assumptions.push("the profile says when service was back, not how it came back: nothing before the end")
  /** Recovery steps near one knot, and not the one before, date when service came back, not how: nothing until then. */
  const isJump = (from: Knot, to: Knot): boolean => {
    const near = (atS: number): boolean => i.steps.some((s) => isBack(s.phase) && Math.abs(s.atS - atS) <= 2 * STEP_S)
    const between = i.steps.some((s) => isBack(s.phase) && s.atS > from.atS && s.atS < to.atS - 2 * STEP_S)
    return to.capacity > from.capacity && near(to.atS) && !near(from.atS) && !between
  }
  const levels: Level[] = []
  i.profile.forEach((knot, k) => {
    const next: Knot | undefined = i.profile[k + 1]
    levels.push({ atS: knot.atS, leftPermille: permille(knot.capacity) })
    if (next === undefined || held || next.capacity === knot.capacity || isJump(knot, next)) return
    const steps = Math.min(RAMP_STEPS, Math.floor((next.atS - knot.atS) / STEP_S))
    for (let n = 1; n < steps; n++)
      levels.push({
        atS: Math.round((knot.atS + ((next.atS - knot.atS) * n) / steps) / STEP_S) * STEP_S,
        leftPermille: permille(knot.capacity + ((next.capacity - knot.capacity) * n) / steps),
      })
  })
  return levels
}

/** Step by step: published levels as they stand; between them each recovery gives back an equal part of what is still lost. */
function fromSteps(i: Incident, depthPermille: number, assumptions: string[]): readonly Level[] {
  const deepest = 1000 - depthPermille
  const steps = i.steps.filter((s) => s.atS >= i.onsetS && s.atS < i.endS)
  const levels: Level[] = [{ atS: i.onsetS, leftPermille: deepest }]
  const mainS = i.mainRecoveryMin === undefined ? undefined : i.onsetS + i.mainRecoveryMin * 60
  let guessed = 0
  steps.forEach((step, k) => {
    const now = levels.at(-1)!.leftPermille
    if (step.capacity !== undefined) levels.push({ atS: step.atS, leftPermille: permille(step.capacity) })
    else if (step.phase === "secondary_onset" && ASIDE.test(step.what))
      assumptions.push(`"${short(step.what)}" is a second onset of the control plane: users' requests do not fall with it`)
    else if (step.phase === "secondary_onset") {
      guessed++
      levels.push({ atS: step.atS, leftPermille: Math.min(now, deepest) })
    } else if (isBack(step.phase)) {
      const waiting = (from: number, until: (step: Step) => boolean): number => {
        const later = steps.slice(from)
        const end = later.findIndex(until)
        return (end < 0 ? later : later.slice(0, end)).filter((s) => isBack(s.phase) && s.capacity === undefined).length
      }
      guessed++
      if (mainS !== undefined && step.atS < mainS) {
        const before = waiting(0, (s) => s.atS >= mainS)
        levels.push({ atS: step.atS, leftPermille: now + Math.round(((1000 - deepest) * RELIEF_PERMILLE) / 1000 / before) })
      } else if (mainS !== undefined && step.atS - mainS < STEP_S)
        levels.push({ atS: step.atS, leftPermille: 1000 - TAIL_PERMILLE })
      else
        levels.push({
          atS: step.atS,
          leftPermille: now + Math.round((1000 - now) / (waiting(k + 1, (s) => isDown(s.phase)) + 2)),
        })
    }
  })
  if (guessed > 0)
    assumptions.push(
      `of ${guessed} steps the level is not on record: ${mainS === undefined ? "a recovery gives back an equal part of what is still lost" : `what comes before the main recovery gives back ${RELIEF_PERMILLE} ‰ of the loss, and ${TAIL_PERMILLE} ‰ are lost after it`}; a second onset takes as much as the first`,
    )
  return levels
}

/** In order, within the incident, no level twice; whole again at the end of an incident that has one. */
function tidy(levels: readonly Level[], i: Incident, depthPermille: number): readonly Level[] {
  const within = levels.filter((l) => l.atS >= i.onsetS && l.atS < i.endS)
  const all: Level[] = []
  for (const level of within.toSorted((a, b) => a.atS - b.atS)) {
    if (all.at(-1)?.atS === level.atS) all.pop()
    if (all.at(-1)?.leftPermille !== level.leftPermille) all.push(level)
  }
  // The record's own first level may lie a little after its onset.
  if (all.every((l) => l.leftPermille === 1000)) all.splice(0, all.length, { atS: i.onsetS, leftPermille: 1000 - depthPermille })
  if (i.isOpenEnded) return all
  const last = i.steps.findLast((s) => s.phase === "full_recovery" && s.capacity !== undefined)?.capacity ?? 1
  if (all.at(-1)!.leftPermille !== permille(last)) all.push({ atS: i.endS, leftPermille: permille(last) })
  return all
}
