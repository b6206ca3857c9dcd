/** How long nodes stay and stay away: Weibull sessions, renewal, survival curves, batteries. Spec: resilience-science §9. */
import { exp, ln, pow } from "../../kernel/real.ts"
import { gamma } from "./special.ts"

const LN2 = Math.LN2

export interface Weibull {
  readonly shape: number
  readonly scale: number
}

/** Mean and median, in the unit of the scale. */
export const computeWeibullMoments = ({ shape, scale }: Weibull) => ({
  mean: scale * gamma(1 + 1 / shape),
  median: scale * pow(LN2, 1 / shape),
})

/** Long-run share of time up when up and down times alternate. */
export const computeRenewalAvailability = (on: Weibull, off: Weibull): number => {
  const up = computeWeibullMoments(on).mean
  return up / (up + computeWeibullMoments(off).mean)
}

/** Chance to stay up `extra` more after `age`. With shape below 1 it rises with age: reward age, place data on old nodes. */
export const computeWeibullResidual = ({ shape, scale }: Weibull, age: number, extra: number): number =>
  exp(pow(age / scale, shape) - pow((age + extra) / scale, shape))

/** A draw from the law at a uniform u in (0, 1]. */
export const drawWeibull = ({ shape, scale }: Weibull, u: number): number => scale * pow(-ln(u), 1 / shape)

export interface Observation {
  readonly time: number
  /** It still lasted when it was last seen. */
  readonly censored: boolean
}

/** Survival curve at the times of events; one censored at an event's time still counts as at risk. */
export const computeKaplanMeier = (data: readonly Observation[]) => {
  const sorted = data.toSorted((a, b) => a.time - b.time)
  const curve: { time: number; survival: number }[] = []
  let survival = 1
  for (let i = 0; i < sorted.length;) {
    const { time } = sorted[i]
    let events = 0
    let j = i
    for (; j < sorted.length && sorted[j].time === time; j++) if (!sorted[j].censored) events++
    if (events > 0) {
      const atRisk = sorted.length - i
      survival *= (atRisk - events) / atRisk
      curve.push({ time, survival })
    }
    i = j
  }
  return curve
}

/** Exponential exhaustion of backup power between two levels `hours` apart. A level that did not fall has no half-life. */
export const computeBatteryDecay = (initial: number, final: number, hours: number, atHours: number) => {
  const ratePerHour = ln(initial / final) / hours
  return {
    ratePerHour,
    halfLifeHours: ratePerHour > 0 ? LN2 / ratePerHour : null,
    levelAt: initial * exp(-ratePerHour * atHours),
  }
}
