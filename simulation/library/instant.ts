/** Times as records write them, in Unix seconds: ISO in UTC or with an offset, a blank for the T, fractions, or a bare number. */
import { parseInstant } from "../../protocol/boundary/instant.ts"

const WRITTEN =
  /^\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?\s*$/iu
/** Later than this many seconds, a bare number counts milliseconds. */
const MILLISECONDS_FROM = 100_000_000_000
const FIRST_S = parseInstant("1990-01-01")!
const LAST_S = parseInstant("2090-01-01")!

/** Whole Unix seconds, a time without zone read as UTC; undefined for anything that is no time between 1990 and 2090. */
export function readInstant(written: unknown): number | undefined {
  if (typeof written === "number" && Number.isFinite(written))
    return between(Math.floor(written >= MILLISECONDS_FROM ? written / 1000 : written))
  if (typeof written !== "string") return undefined
  const found = WRITTEN.exec(written)
  if (found === null) return undefined
  const [, year, month, day, hour = "0", minute = "00", second = "00", zone = "Z"] = found
  const two = (text: string): string => text.padStart(2, "0")
  const atS = parseInstant(`${year}-${two(month)}-${two(day)}T${two(hour)}:${minute}:${second}Z`)
  return atS === undefined ? undefined : between(atS - offsetS(zone))
}

function offsetS(zone: string): number {
  const found = /^([+-])(\d{2}):?(\d{2})$/u.exec(zone)
  if (found === null) return 0
  const [, sign, hours, minutes] = found
  return (sign === "-" ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60)
}

const between = (atS: number): number | undefined => (atS >= FIRST_S && atS <= LAST_S ? atS : undefined)
