/** Two recorded folders side by side: what differs in what they were made of, and in what they came to. */
import { existsSync } from "node:fs"
import { join } from "node:path"
import { RecordProblem } from "../record/durable.ts"
import { readManifest, RUN_FILE } from "../record/manifest.ts"
import { literal, openDuckDb } from "../record/parquet.ts"
import { readStudyManifest, STUDY_FILE } from "./conduct.ts"

export interface Difference {
  /** A path into the manifest, or "network.figure", or "point, measure". */
  readonly what: string
  readonly a: string
  readonly b: string
  /** b - a, where both are numbers. */
  readonly change?: number
}

export interface Comparison {
  readonly kind: "run" | "study"
  readonly a: string
  readonly b: string
  readonly made: readonly Difference[]
  readonly came: readonly Difference[]
  /** True when both came to the same bits. */
  readonly same: boolean
}

/** What is told of a run, not what it is made of. */
const TOLD = new Set([
  "seconds",
  "command",
  "commit",
  "summary",
  "footnotes",
  "results",
  "claims",
  "refusals",
  "invariants",
  "events",
  "epochs",
  "logHash",
  "stateHash",
  "status",
  "parameterHash",
  "name",
])
const TOLD_STUDY = new Set(["spent", "command", "commit", "analysis", "runs", "failed", "status", "digest", "name"])

/** Throws a RecordProblem when the two are not both runs or both studies, complete. */
export async function compareFolders(a: string, b: string): Promise<Comparison> {
  const kind = (dir: string): "run" | "study" => {
    if (existsSync(join(dir, STUDY_FILE)) && !existsSync(join(dir, RUN_FILE))) return "study"
    return "run"
  }
  const [ka, kb] = [kind(a), kind(b)]
  if (ka !== kb) throw new RecordProblem(`${a} is a ${ka} and ${b} is a ${kb}: compare two of the same kind`)
  return ka === "run" ? compareRuns(a, b) : compareStudies(a, b)
}

function compareRuns(a: string, b: string): Comparison {
  const [x, y] = [readManifest(a), readManifest(b)]
  for (const [dir, m] of [
    [a, x],
    [b, y],
  ] as const)
    if (m.status !== "complete")
      throw new RecordProblem(`the run in ${dir} is ${m.status}: finish it by blackstart run --resume ${dir}`)
  const figures = (m: typeof x): Record<string, unknown> =>
    Object.fromEntries([
      ...m.results.flatMap(({ network, ...all }) =>
        Object.entries(all).map(([name, value]) => [`${network}.${name}`, value] as const),
      ),
      ...m.claims.map((c) => [`claim "${c.claim}"`, `${c.holds ? "holds" : "does not hold"} (${c.figure})`] as const),
      ["events", m.events],
    ])
  return {
    kind: "run",
    a,
    b,
    made: differ(without(x, TOLD), without(y, TOLD)),
    came: differ(figures(x), figures(y)),
    same: x.logHash === y.logHash && x.stateHash === y.stateHash,
  }
}

async function compareStudies(a: string, b: string): Promise<Comparison> {
  const [x, y] = [readStudyManifest(a), readStudyManifest(b)]
  for (const [dir, m] of [
    [a, x],
    [b, y],
  ] as const)
    if (m.status !== "complete")
      throw new RecordProblem(`the study in ${dir} is not finished: finish it by blackstart study --resume ${dir}`)
  const { connection, close } = await openDuckDb()
  try {
    const estimates = async (dir: string): Promise<Record<string, unknown>> => {
      const path = join(dir, "estimates.parquet")
      const reader = await connection
        .runAndReadAll(`select label, measure, mean, low, high from read_parquet(${literal(path)}) order by point, measure`)
        .catch((cause: unknown) => {
          throw new RecordProblem(`${path} is missing or damaged: run the study again; the cache still has its runs`, { cause })
        })
      return Object.fromEntries(
        (reader.getRowsJS() as [string, string, number, number, number][]).flatMap(([label, measure, mean, low, high]) => [
          [`${label}: ${measure}`, mean],
          [`${label}: ${measure} interval`, `${say(low)} to ${say(high)}`],
        ]),
      )
    }
    const [ea, eb] = [await estimates(a), await estimates(b)]
    const claims = (m: typeof x): Record<string, unknown> =>
      Object.fromEntries(
        (m.analysis?.claims ?? []).map((c) => [`claim "${c.claim}"`, `${c.holds ? "holds" : "does not hold"} (${c.figure})`]),
      )
    const came = differ({ ...ea, ...claims(x) }, { ...eb, ...claims(y) })
    // Equal figures may come of unlike runs; what a run ended with is its fingerprint.
    const runs = (dir: string): string => `read_parquet(${literal(join(dir, "runs.parquet"))})`
    const unlike = await connection
      .runAndReadAll(
        `select count(*) from ${runs(a)} x full join ${runs(b)} y using (run) where x.fingerprint is distinct from y.fingerprint`,
      )
      .catch((cause: unknown) => {
        throw new RecordProblem(`the runs.parquet of ${a} or ${b} is missing or damaged: run the study again`, { cause })
      })
    const same = came.length === 0 && Number(unlike.getRowsJS()[0][0]) === 0
    return { kind: "study", a, b, made: differ(without(x, TOLD_STUDY), without(y, TOLD_STUDY)), came, same }
  } finally {
    close()
  }
}

const without = (data: object, told: ReadonlySet<string>): unknown =>
  Object.fromEntries(Object.entries(data).filter(([key]) => !told.has(key)))

const isTree = (x: unknown): x is Record<string, unknown> => typeof x === "object" && x !== null
const say = (x: unknown): string =>
  x === undefined || x === null
    ? "–"
    : typeof x === "number"
      ? String(Number(x.toPrecision(8)))
      : typeof x === "string"
        ? x
        : JSON.stringify(x)

/** Leaves that differ, in order. */
function differ(a: unknown, b: unknown, path = ""): readonly Difference[] {
  if (isTree(a) && isTree(b))
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
      differ(a[key], b[key], path === "" ? key : `${path}.${key}`),
    )
  if (Object.is(a, b)) return []
  const change = typeof a === "number" && typeof b === "number" ? { change: b - a } : {}
  return [{ what: path, a: say(a), b: say(b), ...change }]
}

/** In lines for people. */
export function sayComparison({ a, b, made, came, same }: Comparison): string {
  const lines = (all: readonly Difference[]): readonly string[] =>
    all.map(
      (d) =>
        `  ${d.what}: ${cut(d.a)} → ${cut(d.b)}${d.change === undefined ? "" : ` (${d.change > 0 ? "+" : ""}${say(d.change)})`}`,
    )
  return [
    made.length === 0 ? `${a} and ${b} are made of the same.` : `${a} and ${b} differ in what they are made of:`,
    ...lines(made),
    same
      ? "They came to the same, bit for bit."
      : came.length === 0
        ? "Their figures are the same, their hashes are not."
        : "They came to:",
    ...lines(came),
    "",
  ].join("\n")
}

const cut = (text: string): string => (text.length > 80 ? `${text.slice(0, 77)}...` : text)
