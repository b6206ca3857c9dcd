/** Where a record's failure domains lie in the world: the names its networks know for a grid, a country, a system, a provider. */
import type { Where } from "../../protocol/boundary/scenario.ts"
import type { AnyNetwork } from "../../protocol/kernel/network.ts"
import { namesOf } from "../world/names.ts"
import type { DomainType } from "../world/placement.ts"
import { profileOf } from "../world/profiles.ts"
import type { Incident } from "./record.ts"

export type PlaceKind = "grid" | "access" | "country" | "hosting" | "cable"

export interface Place {
  readonly kind: PlaceKind
  readonly where: readonly Where[]
  /** In words: "AS812 Rogers Communications Canada Inc.". */
  readonly said: string
}

const WORD_MIN = 4
/** Words that many companies have in their names. */
const COMMON = new Set([
  "telecom",
  "communications",
  "network",
  "networks",
  "internet",
  "mobile",
  "services",
  "group",
  "company",
  "limited",
  "cable",
  "fiber",
  "online",
  "telekom",
  "broadband",
  "core",
])

const valuesOf = (i: Incident, types: RegExp): readonly string[] =>
  [
    ...i.domains.filter((d) => types.test(d.type)).map((d) => d.value),
    ...Object.entries(i.select).flatMap(([k, v]) => (types.test(k.toLowerCase()) ? v : [])),
  ].filter((v) => v !== "")

const has = (i: Incident, types: RegExp): boolean =>
  i.domains.some((d) => types.test(d.type)) || Object.keys(i.select).some((k) => types.test(k.toLowerCase()))

const GRID = /^(power-?)?grid$|^power$/u
const ACCESS = /^asn?$|^isp$|^carrier$/u
const HOSTING = /^provider$|^cloud$|^region$|^datacent(er|re)$|^hosting$/u
const COUNTRY = /^countr(y|ies)$/u
const CABLE = /cable/u

/** The narrowest place that a record names, as this network knows it; undefined where it names none, or none that its nodes can be in. */
export function placeOf(i: Incident, network: AnyNetwork): Place | undefined {
  const names = (type: DomainType): readonly string[] => namesOf(profileOf(network.inhabit.profile), type) ?? []
  const made = (kind: PlaceKind, type: DomainType, found: readonly string[]): Place | undefined =>
    found.length === 0 ? undefined : { kind, where: found.map((name) => ({ [type]: name })), said: found.join(", ") }
  const countries = (): readonly string[] => countryCodes(valuesOf(i, COUNTRY)).filter((c) => names("country").includes(c))
  if (has(i, CABLE)) return made("cable", "country", countries())
  if (has(i, /^(power-?)?grid$/u) || (has(i, /^power$/u) && !has(i, HOSTING)))
    return made("grid", "grid", gridsOf(valuesOf(i, GRID), names("grid"))) ?? made("grid", "country", countries())
  if (has(i, ACCESS))
    return (
      made("access", "asn", systemsOf(valuesOf(i, /^asn?$/u), names("asn"))) ??
      made("access", "asn", holdersOf(valuesOf(i, /^isp$|^carrier$/u), names("asn")))
    )
  if (has(i, HOSTING))
    return made(
      "hosting",
      "provider",
      names("provider").filter((p) => valuesOf(i, HOSTING).some((v) => v.toLowerCase() === p.toLowerCase())),
    )
  return made("country", "country", countries())
}

const wordsIn = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((w) => w !== "")

/** Grids whose name, or a word of it, stands in what the record says. */
const gridsOf = (said: readonly string[], grids: readonly string[]): readonly string[] => {
  const spoken = new Set(said.flatMap(wordsIn))
  return grids.filter(
    (grid) =>
      !grid.startsWith("other:") && (said.some((v) => v.toLowerCase() === grid) || (grid.length >= WORD_MIN && spoken.has(grid))),
  )
}

const systemsOf = (said: readonly string[], systems: readonly string[]): readonly string[] => {
  const numbers = new Set(said.flatMap((v) => v.match(/\d+/gu) ?? []))
  return systems.filter((name) => numbers.has(/^AS(\d+) /u.exec(name)?.[1] ?? ""))
}

const holdersOf = (said: readonly string[], systems: readonly string[]): readonly string[] => {
  const spoken = said.flatMap(wordsIn).filter((w) => w.length >= WORD_MIN && !COMMON.has(w))
  return systems.filter((name) => wordsIn(name).some((w) => spoken.includes(w)))
}

/** ISO codes among what is said: codes themselves, or names of countries in English. */
export function countryCodes(said: readonly string[]): readonly string[] {
  const codes = said.flatMap((v) => (/^[\s,;/+&A-Z]*$/u.test(v) ? v.split(/[^A-Z]+/u).filter((c) => c.length === 2) : []))
  const names = said.filter((v) => /[a-z]/u.test(v)).flatMap((v) => v.split(/[,;/+&]| and /u).map((w) => w.trim().toLowerCase()))
  return [...new Set([...codes, ...names.flatMap((n) => byName().get(n) ?? [])])]
}

let table: ReadonlyMap<string, string> | undefined
function byName(): ReadonlyMap<string, string> {
  if (table === undefined) {
    const speaks = new Intl.DisplayNames(["en"], { type: "region" })
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ".split("")
    const codes = letters.flatMap((a) => letters.map((b) => a + b))
    table = new Map(
      codes.flatMap((code) => {
        const name = speaks.of(code)
        return name === undefined || name === code ? [] : [[name.toLowerCase(), code] as const]
      }),
    )
  }
  return table
}
