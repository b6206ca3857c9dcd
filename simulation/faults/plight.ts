/** Verbs whose truth stands in the world's table of plights, which only a timeline that speaks of them has. */
import type { Moment } from "../engine/plan.ts"

const PLIGHTS: readonly string[] = ["loseData", "skewClock", "surge"]

export const speaksOfPlight = (timeline: readonly Moment[]): boolean => timeline.some((m) => PLIGHTS.includes(m.do.verb))
