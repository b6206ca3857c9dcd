/** How people write moments and spans, and the whole seconds of Unix time they mean. No clock is read: text in, numbers out. */
import { DAY, HOUR, MINUTE } from "../kernel/clock.ts"

/** A length of time with its unit, such as `{ "hours": 36 }`. */
export type Span =
  | { readonly seconds: number }
  | { readonly minutes: number }
  | { readonly hours: number }
  | { readonly days: number }

export const SPAN_UNITS = { seconds: 1, minutes: MINUTE, hours: HOUR, days: DAY } as const

const DAYS_PER_400_YEARS = 146_097
/** From 0000-03-01, where the count below begins, to 1970-01-01. */
const DAYS_TO_1970 = 719_468
const MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const
const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
const daysIn = (year: number, month: number): number => MONTHS[month - 1] + (month === 2 && isLeap(year) ? 1 : 0)

/** Days since 1970-01-01. Years are counted from 1 March, so that a leap day ends its year. */
function dayNumber(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const inEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return era * DAYS_PER_400_YEARS + inEra * 365 + Math.floor(inEra / 4) - Math.floor(inEra / 100) + dayOfYear - DAYS_TO_1970
}

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.0+)?)?Z)?$/u

/** Unix seconds of `2025-11-18T11:28:00Z`, `2025-11-18T11:28Z` or `2025-11-18` (its midnight, UTC); undefined for anything else. */
export function parseInstant(text: string): number | undefined {
  const found = ISO.exec(text)
  if (found === null) return undefined
  const [year, month, day, hour, minute, second] = found.slice(1).map((part) => (part === undefined ? 0 : Number(part)))
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59 || second > 59) return undefined
  return dayNumber(year, month, day) * DAY + hour * HOUR + minute * MINUTE + second
}

/** `2025-11-18T11:28:00Z` */
export function sayInstant(atS: number): string {
  let left = Math.floor(atS / DAY)
  const inDay = atS - left * DAY
  let year = 1970
  const length = () => (isLeap(year) ? 366 : 365)
  while (left < 0) {
    year--
    left += length()
  }
  while (left >= length()) {
    left -= length()
    year++
  }
  let month = 1
  while (left >= daysIn(year, month)) {
    left -= daysIn(year, month)
    month++
  }
  const two = (n: number): string => String(n).padStart(2, "0")
  const clock = [Math.floor(inDay / HOUR), Math.floor(inDay / MINUTE) % 60, inDay % MINUTE].map(two).join(":")
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(left + 1)}T${clock}Z`
}

/** Whole seconds of a span, or undefined when it has none. */
export function spanSeconds(span: Span): number | undefined {
  const [[unit, count]] = Object.entries(span) as [[keyof typeof SPAN_UNITS, number]]
  const seconds = count * SPAN_UNITS[unit]
  return Number.isSafeInteger(seconds) ? seconds : undefined
}

const LETTERS: Readonly<Record<string, number>> = { s: 1, m: MINUTE, min: MINUTE, h: HOUR, d: DAY }

/** Seconds of `3d`, `36h`, `90m`, `1d12h`, as typed on a command line; undefined for anything else. */
export function parseSpan(text: string): number | undefined {
  if (!/^(\d+(d|h|min|m|s))+$/u.test(text)) return undefined
  let seconds = 0
  for (const [, count, unit] of text.matchAll(/(\d+)(d|h|min|m|s)/gu)) seconds += Number(count) * LETTERS[unit]
  return Number.isSafeInteger(seconds) ? seconds : undefined
}

/** `36 h`, `5 days`, `90 min`, `45 s`: the largest unit that stays whole. */
export function saySpan(seconds: number): string {
  if (seconds !== 0 && seconds % DAY === 0) return seconds === DAY ? "1 day" : `${seconds / DAY} days`
  if (seconds !== 0 && seconds % HOUR === 0) return `${seconds / HOUR} h`
  if (seconds !== 0 && seconds % MINUTE === 0) return `${seconds / MINUTE} min`
  return `${seconds} s`
}
