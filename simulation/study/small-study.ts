/** Studies small enough for a test, and engines that misbehave as a test wants. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { readStudy, type Study } from "../../protocol/boundary/study.ts"
import { small } from "../record/small-scenario.ts"
import { beginStudy, resumeStudy, type ConductOptions, type StudyResult } from "./conduct.ts"
import { inlineEngine } from "./engine-inline.ts"

/** A day and a half of 60 hotspots behind 30 points of presence takes a few hundredths of a second. */
export const base = { ...small(), sweep: [], networks: { cdn: { nodes: 30 }, helium: { nodes: 60 } } }

export const smallStudy = (changes: Partial<Record<keyof Study, unknown>> = {}): Study =>
  readStudy(
    JSON.parse(
      JSON.stringify({
        study: "runs",
        name: "small",
        question: "Are the tables the same, whoever makes them?",
        bases: { "as it was": { scenario: base } },
        vary: [{ by: "grid", of: { "helium.witnessesMax": [5, 14], "cdn.failingSharePermille": [500, 1000] } }],
        seeds: { from: 1, count: 3 },
        measure: {
          lost: { of: "service", network: "cdn", figure: "lost", during: "window" },
          broken: { of: "metric", metric: "cdn.pops.failing", figure: "mean" },
          recovered: { of: "outage", network: "helium", figure: "recoverS" },
          gini: { of: "nodes", measure: "helium.earnedBones", figure: "gini" },
        },
        ...changes,
      }),
    ),
  )

/** Thousands of these run in seconds: two years of the supply. */
export const supplyStudy = (supply: unknown, changes: Partial<Record<keyof Study, unknown>> = {}): Study =>
  smallStudy({
    bases: { flat: { supply, case: "flat", years: 1 } },
    vary: [{ by: "grid", of: { "supply.burnFil": [1000, 50_000] } }],
    measure: {
      circulating: { of: "metric", metric: "supply.circulating", figure: "last" },
      locked: { of: "metric", metric: "supply.locked", figure: "highest" },
    },
    ...changes,
  })

export function studiesFolder() {
  const dir = mkdtempSync(join(tmpdir(), "blackstart-studies-"))
  let made = 0
  const next = (): string => join(dir, `study-${made++}`)
  const options = (changes: Partial<ConductOptions>): ConductOptions => ({
    outDir: next(),
    engine: inlineEngine,
    cacheDir: undefined,
    commit: "test",
    version: "test",
    command: "npx blackstart study small.json",
    ...changes,
  })
  return {
    dir,
    next,
    begin: (study: Study, changes: Partial<ConductOptions> = {}): Promise<StudyResult> => beginStudy(study, options(changes)),
    resume: (outDir: string, changes: Partial<ConductOptions> = {}): Promise<StudyResult> =>
      resumeStudy(options({ ...changes, outDir })),
    clear: (): void => rmSync(dir, { recursive: true, force: true }),
  }
}

/** Bytes of a study's tables, by name. */
export const tablesOf = (studyDir: string, names: readonly string[] = ["runs", "estimates", "differences", "dictionary"]) =>
  Object.fromEntries(
    names.flatMap((name) =>
      ["csv", "parquet"].map((ending) => [`${name}.${ending}`, readFileSync(join(studyDir, `${name}.${ending}`), "latin1")]),
    ),
  )

/** The rows of a CSV table as objects of text; the tests' labels hold no commas or quotes but between quotes at both ends. */
export function csvOf(studyDir: string, name: string): readonly Readonly<Record<string, string>>[] {
  const [head, ...rows] = readFileSync(join(studyDir, `${name}.csv`), "utf8")
    .trimEnd()
    .split("\n")
  const cells = (line: string): readonly string[] =>
    [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/gu)].map((m) => m[1].replace(/^"|"$/gu, ""))
  const names = cells(head)
  return rows.map((row) => {
    const values = cells(row)
    return Object.fromEntries(names.map((n, k) => [n, values[k]]))
  })
}
