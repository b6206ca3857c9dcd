/** How a report writes numbers, times and names: one way each, in British English. */

/** `12,345`; a bigint keeps every digit. */
export const whole = (n: number | bigint): string => (typeof n === "bigint" ? n : Math.round(n)).toLocaleString("en-GB")

/** A fraction as per cent with one decimal, or two significant digits below 0.1%; `0%` only for a true nought, `100%` only for all. */
export function percent(fraction: number): string {
  const p = fraction * 100
  const size = Math.abs(p)
  if (size === 0) return "0%"
  if (size < 0.1) return `${Number(p.toPrecision(2))}%`
  // 99.97% must not be printed as 100.0%: the difference is what a report is about.
  if (size > 99.9 && size < 100) return `${(Math.floor(size * 1000) / 1000) * Math.sign(p)}%`
  return `${trim(p.toFixed(1))}%`
}

/** The two ends of an interval: `2.1–3.4%`, or one figure when they print alike. */
export function span(low: number, high: number): string {
  const [a, b] = [percent(low), percent(high)]
  return a === b ? a : `${a.replace("%", "")}–${b}`
}

const trim = (s: string) => s.replace(/\.0$/, "")

/** Seconds as minutes (`3 min`, `5.5 min`) or, from 10 hours, as hours. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${trim(seconds.toFixed(1))} s`
  return seconds < 36_000 ? `${trim((seconds / 60).toFixed(1))} min` : `${trim((seconds / 3600).toFixed(1))} h`
}

/** `11:28` in UTC. */
export const clock = (unixS: number): string => new Date(unixS * 1000).toISOString().slice(11, 16)
/** `2025-11-18 11:28 UTC`. */
export const instant = (unixS: number): string => `${new Date(unixS * 1000).toISOString().slice(0, 16).replace("T", " ")} UTC`
/** `18 Nov`. */
export const day = (unixS: number): string =>
  new Date(unixS * 1000).toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" })
/** `18 November 2025`. */
export const longDay = (unixS: number): string =>
  new Date(unixS * 1000).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" })

/** The plural of a unit or node word: `request` → `requests`; a word that ends in s stays. */
export const plural = (word: string): string =>
  word === "PoP" ? "PoPs" : word.endsWith("s") ? word : /[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`
/** `1 hotspot`, `2 hotspots`. */
export const some = (n: number, word: string): string => `${whole(n)} ${n === 1 ? word : plural(word)}`

/** A divisor and its word that keep a column of large amounts readable. */
export function scaleOf(largest: number): { readonly by: number; readonly word: string } {
  const size = Math.abs(largest)
  if (size >= 1e20) return { by: 1e18, word: "10¹⁸ " }
  if (size >= 1e14) return { by: 1e12, word: "trillion " }
  if (size >= 1e11) return { by: 1e9, word: "billion " }
  if (size >= 1e8) return { by: 1e6, word: "million " }
  if (size >= 1e6) return { by: 1e3, word: "thousand " }
  return { by: 1, word: "" }
}

/** `a`, `a and b`, `a, b and c`. */
export const list = (words: readonly string[]): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`

/** The first letter large. */
export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
