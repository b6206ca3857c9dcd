/** The page of a study: its question, its finding, what decides or how the points differ, its claims, and what it was made of. */
import { join } from "node:path"
import type { Variation } from "../protocol/boundary/study.ts"
import { toSnakeCase } from "../simulation/record/column.ts"
import { replaceFile, RecordProblem } from "../simulation/record/durable.ts"
import { literal, openDuckDb } from "../simulation/record/parquet.ts"
import { readStudyManifest, type StudyManifest } from "../simulation/study/conduct.ts"
import { indices, tornado } from "./charts/deciders.ts"
import { dots, front, POINTS_SHOWN } from "./charts/points.ts"
import { absent, escape, figure, html, page, section, table } from "./layout.ts"
import { list, whole } from "./number.ts"

interface EstimateRow {
  readonly point: number
  readonly base: string
  readonly label: string
  readonly measure: string
  readonly unit: string
  readonly mean: number | null
  readonly low: number | null
  readonly high: number | null
  readonly runs: number
  readonly missing: number
}

/** Writes `report.html` into a finished study's folder and returns its path. Throws one sentence when it is not finished. */
export async function writeStudyReport(dir: string): Promise<string> {
  const m = readStudyManifest(dir)
  if (m.status !== "complete")
    throw new RecordProblem(`the study in ${dir} is not finished: go on with it by blackstart study --resume ${dir}`)
  const rows = await read(dir)
  const path = join(dir, "report.html")
  replaceFile(path, page(m.question, [head(m), ...pictures(m, rows), claims(m), made(m, dir)].join("\n")))
  return path
}

async function read(dir: string): Promise<readonly EstimateRow[]> {
  const path = join(dir, "estimates.parquet")
  const { connection, close } = await openDuckDb()
  try {
    const reader = await connection.runAndReadAll(
      `select point, base, label, measure, unit, mean, low, high, runs, missing from read_parquet(${literal(path)}) order by point`,
    )
    return reader.getRowObjectsJS().map((r) => ({
      ...r,
      point: Number(r.point),
      runs: Number(r.runs),
      missing: Number(r.missing),
    })) as unknown as EstimateRow[]
  } catch (cause) {
    throw new RecordProblem(`${path} is missing or damaged: run the study again; the cache still has its runs`, { cause })
  } finally {
    close()
  }
}

const confidence = (m: StudyManifest): string => `${Number((m.analysis!.confidence * 100).toPrecision(4))} %`
const fromOf = (m: StudyManifest): string =>
  `${whole(m.runs)} runs at ${whole(m.points)} points, ${whole(m.replicates)} seeds from ${m.study.seeds.from}; intervals hold ${confidence(m)}.`

function head(m: StudyManifest): string {
  return `<header><p class="run">${escape(m.name)} · ${whole(m.runs)} runs · seeds from ${m.study.seeds.from}</p>
<h1>${escape(m.question)}</h1>
<p class="answer">${escape(answer(m))}</p></header>`
}

/** The finding in a sentence: what decides each figure, or how many claims hold. */
function answer(m: StudyManifest): string {
  const { deciders, claims: judged, front: best } = m.analysis!
  const several = Object.keys(m.study.bases).length > 1
  const decided = Object.keys(m.study.measure).flatMap((measure) =>
    Object.keys(m.study.bases).flatMap((base) => {
      const own = deciders.filter((d) => d.measure === measure && d.base === base)
      const size = (d: (typeof own)[number]): number => d.index?.total ?? d.screened?.muStar ?? 0
      if (own.length === 0) return []
      const top = own.reduce((a, b) => (size(b) > size(a) ? b : a))
      const low = top.index?.totalLow ?? top.screened?.muStarLow ?? 0
      // What others may have as much of, nobody decides.
      const rivals = own.filter((d) => d !== top && size(d) >= low).map((d) => d.parameter)
      const of = `${measure}${several ? ` (${base})` : ""}`
      if (!(size(top) > 0)) return [`nothing varied moves ${of}`]
      return rivals.length === 0
        ? [`${top.parameter} decides ${of}`]
        : [`${top.parameter} moves ${of} most, but ${list(rivals)} may do as much`]
    }),
  )
  const holds = judged.filter((c) => c.holds).length
  return `${[
    ...(decided.length > 0 ? [decided.join("; ")] : []),
    ...(best.length > 0 ? [`${best.length} settings are beaten by no other in all goals`] : []),
    ...(judged.length > 0 ? [`of ${judged.length} claims ${holds} ${holds === 1 ? "holds" : "hold"}`] : []),
    ...(decided.length + best.length + judged.length === 0 ? [`${whole(m.runs)} runs at ${whole(m.points)} points`] : []),
  ].join("; ")}.`
}

function pictures(m: StudyManifest, rows: readonly EstimateRow[]): readonly string[] {
  const { deciders, front: best } = m.analysis!
  const from = fromOf(m)
  const bases = Object.keys(m.study.bases)
  const search = m.study.vary?.[0]
  const parts: string[] = []
  if (search?.by === "search") parts.push(drawFront(m, rows, new Set(best)))
  for (const measure of Object.keys(m.study.measure)) {
    const unit = rows.find((r) => r.measure === measure)?.unit ?? ""
    for (const base of bases) {
      const own = deciders.filter((d) => d.measure === measure && d.base === base)
      if (own.length === 0) continue
      const about = { measure: bases.length > 1 ? `${measure} (${base})` : measure, unit, from }
      const known = own.every((d) => Number.isFinite(d.index?.total ?? d.screened?.muStar))
      if (!known) parts.push(absent(measure, "its figures do not vary, or were not measured"))
      else if (own[0].index === undefined)
        parts.push(
          `<section>${figure(
            tornado(
              own.map((d) => ({ parameter: d.parameter, ...d.screened! })),
              about,
            ),
          )}</section>`,
        )
      else
        parts.push(
          `<section>${figure(
            indices(
              own.map((d) => ({ parameter: d.parameter, ...d.index! })),
              about,
            ),
          )}</section>`,
        )
    }
    if (deciders.length > 0 || search?.by === "search") continue
    const own = rows.filter((r) => r.measure === measure && r.mean !== null)
    if (own.length === 0) parts.push(absent(measure, "no run had anything to measure"))
    else if (own.length > POINTS_SHOWN)
      parts.push(absent(measure, `${own.length} points are too many to read; they are in estimates.csv`))
    else
      parts.push(
        `<section>${figure(
          dots(
            own.map((r) => ({ ...r, mean: r.mean! })),
            { measure, unit, from },
          ),
        )}</section>`,
      )
  }
  if (deciders.length > 0) parts.push(decidersTable(m))
  return parts
}

function drawFront(m: StudyManifest, rows: readonly EstimateRow[], best: ReadonlySet<number>): string {
  const search = m.study.vary![0] as Extract<NonNullable<StudyManifest["study"]["vary"]>[number], { by: "search" }>
  const [a, b] = search.goals
  if (b === undefined) return absent("The front", "there is one goal only; the best setting is in front.csv")
  const of = (point: number, measure: string): number => rows.find((r) => r.point === point && r.measure === measure)?.mean ?? NaN
  const tried = [...new Set(rows.map((r) => r.point))]
    .map((point) => ({ x: of(point, a.measure), y: of(point, b.measure), isFront: best.has(point) }))
    .filter((p) => p.x === p.x && p.y === p.y)
  return `<section>${figure(front(tried, [a.measure, b.measure], [a.want, b.want], fromOf(m)))}</section>`
}

const digits = (x: number | null | undefined): string =>
  x === null || x === undefined || x !== x ? "–" : String(Number(x.toPrecision(4)))

function decidersTable(m: StudyManifest): string {
  const { deciders } = m.analysis!
  const isIndex = deciders[0].index !== undefined
  const heads = isIndex ? ["first", "interval", "total", "interval"] : ["μ*", "interval", "μ", "σ"]
  return section(
    "The figures",
    isIndex ? "Shares of the variance." : "Effects of each parameter’s whole range, in the measure’s unit.",
    table(
      [{ text: "measure" }, { text: "parameter" }, ...heads.map((text) => ({ text, number: true }))],
      deciders.map(({ measure, parameter, index: i, screened: s }) => [
        measure,
        parameter,
        ...(i === undefined
          ? [digits(s!.muStar), `${digits(s!.muStarLow)} to ${digits(s!.muStarHigh)}`, digits(s!.mu), digits(s!.sigma)]
          : [
              digits(i.first),
              `${digits(i.firstLow)} to ${digits(i.firstHigh)}`,
              digits(i.total),
              `${digits(i.totalLow)} to ${digits(i.totalHigh)}`,
            ]),
      ]),
    ),
  )
}

function claims(m: StudyManifest): string {
  const { claims: judged } = m.analysis!
  if (judged.length === 0) return ""
  return section(
    "Claims",
    `A claim holds when its whole interval (${confidence(m)}) does.`,
    table(
      [{ text: "claim" }, { text: "holds" }, { text: "figure" }],
      judged.map((c) => [c.claim, c.holds ? "yes" : "no", c.figure]),
    ),
  )
}

function made(m: StudyManifest, dir: string): string {
  const items = (lines: readonly string[]) =>
    lines.length === 0 ? "" : `<ul>${lines.map((l) => `<li>${escape(l)}</li>`).join("")}</ul>`
  const varied = (m.study.vary ?? []).map(sayVariation)
  const columns = [m.digest, m.code]
  return section(
    "What this rests on",
    "",
    `${items(m.study.choices ?? [])}${items(varied.map((v) => (v.length > 600 ? `${v.slice(0, 597)}...` : v)))}${
      (m.study.sources ?? []).length > 0 ? `<p>Sources:</p>${items(m.study.sources!)}` : ""
    }<p>Tables beside this page: runs, estimates and what this kind of study has, as Parquet and CSV; <code>dictionary.csv</code> says every column and unit.
${m.failed > 0 ? `${whole(m.failed)} runs failed: see the column ${escape(toSnakeCase("failed"))}. ` : ""}Study ${columns[0].slice(0, 16)}, code ${columns[1].slice(0, 16)}, version ${escape(m.version)}, commit ${escape(m.commit)}.</p>
<p>The same study again: ${html(`<code>${escape(`${m.command.trim()} --out NEW`)}</code>`).html} (recorded in ${escape(dir)})</p>`,
  )
}

/** What a variation varies, in words: values, ends of ranges, or what responses do. */
export function sayVariation(v: Variation): string {
  const said =
    v.by === "list"
      ? [...new Set(v.points.flatMap((p) => Object.keys(p.set)))]
      : Object.entries(v.of).map(
          ([name, of]: [string, unknown]) => `${name} ${v.by === "responses" ? sayMoments(of) : sayAxis(of)}`,
        )
  return `${v.by}: ${said.join("; ")}`
}

function sayAxis(of: unknown): string {
  if (Array.isArray(of)) return of.join(", ")
  const { from, to, steps, scale } = of as { from?: number; to?: number; steps?: number; scale?: string }
  if (from === undefined && to === undefined) return `over its whole range${scale === "log" ? ", logarithmic" : ""}`
  const ends = `${from === undefined ? "from its least" : from} to ${to ?? "its most"}`
  return `${ends}${steps === undefined ? "" : ` in ${steps} values`}${scale === "log" ? ", logarithmic" : ""}`
}

/** Moments of a timeline by what they call themselves, and what is done. */
function sayMoments(of: unknown): string {
  const moments = (of as readonly { readonly label?: string; readonly do?: { readonly verb?: string } }[]).map(
    ({ label, do: todo }) => `${todo?.verb ?? "?"} "${label ?? ""}"`,
  )
  return `(${moments.length === 0 ? "nothing is added" : moments.join(", ")})`
}
