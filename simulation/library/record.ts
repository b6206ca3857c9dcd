/**
 * An incident record as it stands in a library of outages, read liberally: what is missing or odd becomes an assumption in words,
 * and only what leaves no question to ask (no object, no time at all) is refused.
 */
import { refuse } from "../../protocol/boundary/problem.ts"
import { sayInstant } from "../../protocol/boundary/instant.ts"
import { readInstant } from "./instant.ts"

const MINUTE = 60

/** One dated line of a record. `capacity` is the part of normal service that was left, 0 to 1, where the source gives it. */
export interface Step {
  readonly atS: number
  readonly phase: string
  readonly what: string
  readonly capacity?: number
}

/** A level at a time; from `simulate.profile`. */
export interface Knot {
  readonly atS: number
  readonly capacity: number
}

export interface Fraction {
  readonly metric: string
  /** 0 to 1, when the record gives a number or a percentage. */
  readonly value?: number
  readonly text: string
}

export interface Incident {
  readonly id: string
  readonly name: string
  readonly isDecentralised: boolean
  /** The record says neither that it was centralised nor that it was not. */
  readonly isKindUnsaid: boolean
  /** The times everything is counted from, and to. */
  readonly onsetS: number
  readonly endS: number
  /** No end is on record: the end above is an assumption. */
  readonly isOpenEnded: boolean
  readonly steps: readonly Step[]
  readonly profile: readonly Knot[]
  readonly profileBasis: string
  readonly fractions: readonly Fraction[]
  readonly domains: readonly { readonly type: string; readonly value: string }[]
  readonly select: Readonly<Record<string, readonly string[]>>
  readonly detectMin?: number
  readonly mitigateMin?: number
  readonly mainRecoveryMin?: number
  readonly rootCause: string
  readonly note: string
  readonly sources: readonly string[]
  readonly conflicts: readonly string[]
  /** What was taken for granted, in words. */
  readonly assumptions: readonly string[]
}

type Json = Readonly<Record<string, unknown>>
const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value)
const text = (value: unknown): string => (typeof value === "string" ? value.trim() : "")
const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]
const words = (value: unknown): readonly string[] =>
  list(value).flatMap((v) =>
    typeof v === "string" || typeof v === "number" ? [String(v)] : typeof v === "boolean" ? [String(v)] : [],
  )

/** Data in words: "depth: 5 %, 40 %". */
const sayData = (data: Json): string =>
  Object.entries(data)
    .map(([k, v]) => `${k}: ${typeof v === "string" ? v : (JSON.stringify(v) ?? "")}`)
    .join(", ")

/** Does this look like a record of an incident rather than like a scenario? */
export const isRecord = (data: unknown): data is Json =>
  isObject(data) &&
  !("question" in data) &&
  !("incidents" in data) &&
  ["timeline", "simulate", "rootCause", "domains", "fraction"].some((k) => k in data || ("id" in data && "start" in data))

/** A part of normal, 0 to 1; percentages above 1 are read as such. */
function capacityOf(value: unknown): number | undefined {
  const number = typeof value === "string" ? Number(value.replace(/%$/u, "")) / (value.endsWith("%") ? 100 : 1) : value
  if (typeof number !== "number" || !Number.isFinite(number) || number < 0) return undefined
  if (number <= 1) return number
  return number <= 100 ? number / 100 : undefined
}

/** Reads a record. Throws a ScenarioProblem that names the record, the field and the way out. */
export function readRecord(data: unknown): Incident {
  if (!isObject(data))
    refuse(
      `this is ${Array.isArray(data) ? "a list" : typeof data === "string" ? `the text ${JSON.stringify(short(data))}` : String(data)}, not an incident: a record is an object with id, start, timeline and domains`,
    )
  const assumptions: string[] = []
  const name = text(data.name) || text(data.title) || text(data.id) || "an unnamed incident"
  const id = slug(text(data.id) || name)
  const steps = readSteps(data.timeline, id, assumptions)
  const onsetS = readOnset(data, steps, id, assumptions)
  const { endS, isOpenEnded } = readEnd(data, steps, onsetS, assumptions)
  const simulate = isObject(data.simulate) ? data.simulate : {}
  const kind = text(data.kind).toLowerCase()
  if (!/centrali[sz]ed/u.test(kind))
    assumptions.push(
      `kind is ${kind === "" ? "missing" : `"${kind}"`}: taken for centralised unless a ledger or a known network is named`,
    )
  const minutes = (field: string): number | undefined => {
    const value = data[field]
    return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : undefined
  }
  const times = {
    detectMin: minutes("detectMin"),
    mitigateMin: minutes("mitigateMin"),
    mainRecoveryMin: minutes("mainRecoveryMin"),
  }
  return {
    id,
    name,
    isDecentralised: /^de-?centrali[sz]ed/u.test(kind),
    isKindUnsaid: !/centrali[sz]ed/u.test(kind),
    onsetS,
    endS,
    isOpenEnded,
    steps,
    profile: readProfile(simulate.profile, onsetS, assumptions),
    profileBasis: text(simulate.profileBasis),
    fractions: readFractions(data.fraction),
    domains: readDomains(data.domains, assumptions),
    select: isObject(simulate.select) ? Object.fromEntries(Object.entries(simulate.select).map(([k, v]) => [k, words(v)])) : {},
    ...Object.fromEntries(Object.entries(times).filter(([, v]) => v !== undefined)),
    rootCause: text(data.rootCause),
    note: text(data.note),
    sources: readSources(data.sources),
    // A conflict written as data is a conflict too: none is dropped.
    conflicts: list(data.conflicts).flatMap((c) => (isObject(c) ? [sayData(c)] : words(c))),
    assumptions,
  }
}

const slug = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]+/gu, "-")
    .replaceAll(/^[-.]+|[-.]+$/gu, "")
    .slice(0, 60) || "incident"

function readSteps(written: unknown, id: string, assumptions: string[]): readonly Step[] {
  const steps: Step[] = []
  for (const [i, step] of list(written).entries()) {
    if (!isObject(step)) {
      assumptions.push(`timeline[${i}] is no object with t and phase: left out`)
      continue
    }
    const atS = readInstant(step.t ?? step.time ?? step.at)
    if (atS === undefined) {
      assumptions.push(`timeline[${i}] has no time that can be read (${JSON.stringify(step.t ?? null)}): left out`)
      continue
    }
    const capacity = capacityOf(step.capacity)
    if (step.capacity !== undefined && step.capacity !== null && capacity === undefined)
      assumptions.push(
        `timeline[${i}].capacity is ${JSON.stringify(step.capacity)}, no part of normal service from 0 to 1: not used`,
      )
    const what = text(step.what) || text(step.description) || text(step.phase) || "a step"
    steps.push({ atS, phase: text(step.phase).toLowerCase() || "info", what, ...(capacity === undefined ? {} : { capacity }) })
    if (step.approx === true)
      assumptions.push(`the time of "${short(what)}" (${sayInstant(atS)}) is approximate or computed in the record`)
  }
  if (steps.length === 0) assumptions.push(`${id} has no timeline that can be read: only its start and end are used`)
  return steps.toSorted((a, b) => a.atS - b.atS)
}

export const short = (what: string): string => (what.length <= 70 ? what : `${what.slice(0, 67)}...`)

function readOnset(data: Json, steps: readonly Step[], id: string, assumptions: string[]): number {
  const start = readInstant(data.start)
  if (start !== undefined) return start
  const why =
    data.start === undefined || data.start === null ? "no start" : `a start that is no time (${JSON.stringify(data.start)})`
  const first = steps.find((s) => s.phase === "onset") ?? steps.find((s) => s.phase !== "trigger" && s.phase !== "info")
  if (first !== undefined) {
    assumptions.push(`the record has ${why}: the onset is its first step, ${sayInstant(first.atS)}`)
    return first.atS
  }
  const day = readInstant(data.date) ?? steps[0]?.atS
  if (day !== undefined) {
    assumptions.push(
      `the record has ${why}: the onset is ${sayInstant(day)}, which is all it says of the day; clock times mean nothing`,
    )
    return day
  }
  return refuse(
    `${id} has ${why}, no dated step in timeline and no date: give start as a time in UTC such as "2025-11-18T11:28:00Z"`,
  )
}

/** Of an incident without an end this much is played. */
const OPEN_S = 24 * 3600
/** No outage lasts longer; a figure that says so is a slip. */
const LONGEST_S = 10 * 366 * 24 * 3600

function readEnd(
  data: Json,
  steps: readonly Step[],
  onsetS: number,
  assumptions: string[],
): { readonly endS: number; readonly isOpenEnded: boolean } {
  const known = (endS: number) => ({ endS, isOpenEnded: false })
  const after = (atS: number | undefined): atS is number => atS !== undefined && atS > onsetS
  const end = readInstant(data.end)
  if (data.end !== undefined && data.end !== null && !after(end))
    assumptions.push(`end is ${JSON.stringify(data.end)}, no time after the onset: not used`)
  const lasts = plausible(data.fullRecoveryMin, MINUTE)
  const full = steps.findLast((s) => s.phase === "full_recovery")
  // The last word of the timeline goes further than the record's own end where services returned and only later were whole.
  if (after(end)) {
    if (full !== undefined && full.atS > end)
      assumptions.push(`CONFLICT: end is ${sayInstant(end)}, the step of full recovery ${sayInstant(full.atS)}; the end is taken`)
    return known(end)
  }
  if (after(full?.atS)) return known(full.atS)
  if (lasts !== undefined) return known(onsetS + lasts)
  const told = durationOf(data)
  if (told !== undefined) {
    assumptions.push(`the record has no end, only a duration of ${told / MINUTE} min: counted from the onset`)
    return known(onsetS + told)
  }
  const back = steps.findLast((s) => /recover/u.test(s.phase) && s.atS > onsetS)
  if (back !== undefined) {
    assumptions.push(`the record has no end: its last step of recovery is taken, ${sayInstant(back.atS)}`)
    return known(back.atS)
  }
  const last = steps.at(-1)?.atS ?? onsetS
  const endS = Math.max(last + 3600, onsetS + OPEN_S)
  assumptions.push(`the record has no end: ${Math.round((endS - onsetS) / 3600)} h of it are played`)
  return { endS, isOpenEnded: true }
}

/** Whole seconds of a length given in units of `unitS`, at least one and at most ten years; undefined for anything else. */
function plausible(value: unknown, unitS: number): number | undefined {
  const seconds = typeof value === "number" ? Math.round(value * unitS) : Number.NaN
  return seconds >= 1 && seconds <= LONGEST_S ? seconds : undefined
}

/** A duration given as a fraction's metric ("duration minutes", "chain halt hours"), in seconds. */
function durationOf(data: Json): number | undefined {
  for (const f of list(data.fraction)) {
    if (!isObject(f)) continue
    const unit = /\b(minute|hour|day|second)s?\b/iu.exec(text(f.metric))?.[1]?.toLowerCase()
    const lasts =
      unit === undefined ? undefined : plausible(f.value, { second: 1, minute: MINUTE, hour: 3600, day: 86_400 }[unit]!)
    if (lasts !== undefined) return lasts
  }
  return undefined
}

/** Pairs of minute and capacity; words among them, and profiles in words, are not levels. */
function readProfile(written: unknown, onsetS: number, assumptions: string[]): readonly Knot[] {
  if (typeof written === "string") {
    assumptions.push(`simulate.profile is in words ("${short(written)}"): the shape follows the timeline`)
    return []
  }
  // One profile a place: the places fail by themselves, so no common level is imposed.
  if (isObject(written)) {
    assumptions.push(
      `simulate.profile has one course a place (${Object.keys(written).join(", ")}): none is put in, each place fails by itself`,
    )
    return []
  }
  const knots = new Map<number, number>()
  for (const [i, pair] of list(written).entries()) {
    const [minute, level] = Array.isArray(pair) ? (pair as readonly unknown[]) : [undefined, undefined]
    const capacity = typeof level === "string" ? undefined : capacityOf(level)
    if (typeof minute !== "number" || !Number.isFinite(minute) || capacity === undefined) {
      assumptions.push(
        `simulate.profile[${i}] is ${short(JSON.stringify(pair) ?? "nothing")}, no pair of minute and capacity: left out`,
      )
      continue
    }
    // Two levels at one minute are a jump, and the later one holds.
    knots.set(Math.round(onsetS + minute * MINUTE), capacity)
  }
  return [...knots].map(([atS, capacity]) => ({ atS, capacity })).toSorted((a, b) => a.atS - b.atS)
}

function readFractions(written: unknown): readonly Fraction[] {
  return list(written).flatMap((f) => {
    if (typeof f === "number") return [{ metric: "", text: String(f), ...(f >= 0 && f <= 1 ? { value: f } : {}) }]
    if (!isObject(f)) return []
    const metric = text(f.metric)
    if (typeof f.value === "number")
      return [{ metric, text: String(f.value), ...(f.value >= 0 && f.value <= 1 ? { value: f.value } : {}) }]
    const said = text(f.value)
    const percent = /(?<![<\d.])(\d+(?:\.\d+)?)\s*%/u.exec(said)
    const value = percent === null ? undefined : Number(percent[1]) / 100
    return [{ metric, text: said, ...(value === undefined || value > 1 ? {} : { value }) }]
  })
}

function readDomains(written: unknown, assumptions: string[]): Incident["domains"] {
  const domains = list(written).flatMap((d) => {
    if (typeof d === "string") return [{ type: d.toLowerCase(), value: "" }]
    if (!isObject(d) || text(d.type) === "") return []
    return [{ type: text(d.type).toLowerCase(), value: words(d.value).join(",") }]
  })
  if (domains.length === 0) assumptions.push("the record names no failure domain: a whole provider is taken to fail")
  return domains
}

const readSources = (written: unknown): readonly string[] =>
  list(written).flatMap((s) => {
    if (typeof s === "string" && s.trim() !== "") return [s.trim()]
    if (!isObject(s)) return []
    const parts = [text(s.title), text(s.url), text(s.seen) === "" ? "" : `seen as ${text(s.seen)}`].filter((p) => p !== "")
    return parts.length === 0 ? [] : [parts.join(", ")]
  })
