/** What an outage report prints: availability, lost capacity, response times. Sources: textbook; Bruneau 2003 (citation UNVERIFIED). */

const MINUTES_PER_YEAR = 365 * 24 * 60
const MINUTES_PER_DAY = 24 * 60

/** Steady-state availability from mean times, and the minutes of downtime in a year of 365 days. */
export const computeAvailability = (mtbfHours: number, mttrHours: number) => ({
  availability: mtbfHours / (mtbfHours + mttrHours),
  downtimeMinPerYear: (mttrHours / (mtbfHours + mttrHours)) * MINUTES_PER_YEAR,
})

/** Minutes of downtime in a year of 365 days that an availability leaves. */
export const computeDowntimePerYear = (availability: number): number => (1 - availability) * MINUTES_PER_YEAR

/** [minute, quality from 0 to 1]; straight lines between, two points at one minute make a step. */
export type QualityPoint = readonly [number, number]

/** Lost capacity in minutes (the resilience triangle), the lowest quality, and 1 − loss/duration. Throws a RangeError without points. */
export const computeLossOfResilience = (points: readonly QualityPoint[]) => {
  if (points.length === 0) throw new RangeError("lost capacity needs at least one point")
  let lorMinutes = 0
  let minQ = points[0][1]
  for (let i = 1; i < points.length; i++) {
    lorMinutes += (points[i][0] - points[i - 1][0]) * (1 - (points[i][1] + points[i - 1][1]) / 2)
    minQ = Math.min(minQ, points[i][1])
  }
  const durationMin = points[points.length - 1][0] - points[0][0]
  return { lorMinutes, minQ, durationMin, resilienceIndex: durationMin === 0 ? 1 : 1 - lorMinutes / durationMin }
}

/** "HH:MM" as minutes of the day. Throws a RangeError for anything else. */
export const readClock = (clock: string): number => {
  const match = /^(\d{1,2}):(\d{2})$/.exec(clock)
  const minutes = match === null ? NaN : Number(match[1]) * 60 + Number(match[2])
  if (match === null || Number(match[2]) > 59 || minutes > MINUTES_PER_DAY)
    throw new RangeError(`"${clock}" is not a time of day as HH:MM`)
  return minutes
}

export interface IncidentClock {
  readonly impact: string
  readonly detect: string
  readonly firstMitigation: string
  readonly main: string
  readonly full: string
}

/** Minutes from onset to detection, first mitigation, main and full recovery; all times of one day. */
export const computeIncidentTimes = (at: IncidentClock) => {
  const onset = readClock(at.impact)
  return {
    detectMin: readClock(at.detect) - onset,
    firstMitigationMin: readClock(at.firstMitigation) - onset,
    mainRecoveryMin: readClock(at.main) - onset,
    fullRecoveryMin: readClock(at.full) - onset,
  }
}
