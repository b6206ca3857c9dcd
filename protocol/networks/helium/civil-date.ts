/** Day number since 1970-01-01 → date of the Gregorian calendar, in whole numbers. */
import type { CivilDate } from "./emission.ts"

const DAYS_PER_400_YEARS = 146_097

/** Years are counted from 1 March, so that a leap day ends its year. */
export function civilDate(day: number): CivilDate {
  const z = day + 719_468 // days from 0000-03-01 to 1970-01-01
  const era = Math.floor(z / DAYS_PER_400_YEARS)
  const inEra = z - era * DAYS_PER_400_YEARS
  const yearOfEra = Math.floor(
    (inEra - Math.floor(inEra / 1460) + Math.floor(inEra / 36_524) - Math.floor(inEra / 146_096)) / 365,
  )
  const dayOfYear = inEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
  }
}

/** Date of the Gregorian calendar → day number since 1970-01-01: the inverse of `civilDate`. */
export function dayOf({ year, month, day }: CivilDate): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  const inEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * DAYS_PER_400_YEARS + inEra - 719_468
}
