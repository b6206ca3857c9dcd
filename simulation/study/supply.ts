/** Supply studies on disk: the observed series and the study that are read, and the folder that an outlook is written to. */
import { existsSync } from "node:fs"
import { mkdir, readFile, stat } from "node:fs/promises"
import { basename, join } from "node:path"
import { fileURLToPath } from "node:url"
import { ScenarioProblem } from "../../protocol/boundary/problem.ts"
import { readSupplyHistory, sayDay } from "../../protocol/boundary/supply-history.ts"
import { readSupplyStudy, type SupplyStudy } from "../../protocol/boundary/supply-study.ts"
import {
  type ObservedDay,
  type Outlook,
  type OutlookName,
  type SupplyParams,
  supplyViews,
} from "../../protocol/networks/index.ts"
import { explainFailure, replaceFile } from "../record/durable.ts"
import { readJson } from "../record/load.ts"
import { type ParquetColumn, toSnakeCase, writeParquet } from "../record/parquet.ts"

const bundled = (file: string): string => fileURLToPath(new URL(`../../scenarios/economics/${file}`, import.meta.url))
/** The series and the study that come with blackstart. */
export const BUNDLED_HISTORY = bundled("filecoin-observed.csv")
export const BUNDLED_STUDY = bundled("filecoin-supply-outlook.json")
/** A series of every day since genesis is a quarter of a megabyte. */
const BYTES_MAX = 64 * 2 ** 20

/** The rows of a CSV file. Throws a ScenarioProblem that names the file and what to do. */
export async function readHistoryFile(path: string): Promise<readonly ObservedDay[]> {
  await expectFile(path, "an observed series", ".csv")
  return readSupplyHistory(await readFile(path, "utf8"), name(path), supplyViews.filecoin.firstDay)
}

/** The study in a JSON file. Throws a ScenarioProblem that names the file and what to do. */
export async function readStudyFile(path: string): Promise<SupplyStudy> {
  await expectFile(path, "a supply study", ".json")
  const data = await readJson(path)
  try {
    return readSupplyStudy(data)
  } catch (cause) {
    if (cause instanceof ScenarioProblem) throw new ScenarioProblem(`${path}: ${cause.message}`)
    throw cause
  }
}

const name = (path: string): string => (path === BUNDLED_HISTORY ? basename(path) : path)

async function expectFile(path: string, what: string, ending: string): Promise<void> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw new ScenarioProblem(
      cause.code === "ENOENT"
        ? `there is no file ${path}: name ${what}, a ${ending} file`
        : `${path} cannot be read: ${cause.message}`,
    )
  })
  if (found.isDirectory()) throw new ScenarioProblem(`${path} is a folder: name ${what} in it, a ${ending} file`)
  if (!path.toLowerCase().endsWith(ending)) throw new ScenarioProblem(`${path} is no ${ending} file: ${what} is one`)
  if (found.size > BYTES_MAX) throw new ScenarioProblem(`${path} has ${found.size} bytes: ${what} has at most ${BYTES_MAX}`)
}

const UNITS: Readonly<Record<OutlookName, string>> = {
  circulating: "Fil",
  locked: "Fil",
  minted: "Fil",
  vested: "Fil",
  burnt: "Fil",
  raw: "Pib",
  qa: "Pib",
  reward: "PerWinFil",
  pledge: "Per32GibFil",
}

/** What an outlook says of each day, a column a quantile. */
export function outlookColumns(outlook: Outlook): readonly ParquetColumn[] {
  const dates = Array.from({ length: outlook.days }, (_, d) => sayDay(outlook.beginDay + d))
  return [
    { name: "date", type: "VARCHAR", values: dates },
    ...(Object.keys(UNITS) as OutlookName[]).flatMap((series) =>
      (["p05", "p50", "p95"] as const).map((q): ParquetColumn => ({
        name: `${toSnakeCase(`${series}${UNITS[series]}`)}_${q}`,
        type: "DOUBLE",
        values: outlook.series[series][q],
      })),
    ),
  ]
}

/** Six decimals are below what a double of this size holds of a FIL over ten years of sums; they are cut the same way everywhere. */
const DECIMALS = 6

/**
 * Writes `days.csv`, `days.parquet`, `study.json` (what it was made of) and `page` as `report.html` into `folder`, which must not
 * hold a study yet. Throws one sentence when it does, or when the disk refuses.
 */
export async function writeOutlook(
  folder: string,
  outlook: Outlook,
  made: {
    readonly study: SupplyStudy
    readonly scenario: unknown
    readonly params: SupplyParams
    readonly history: string
    readonly command: string
    readonly version: string
  },
  page: string,
): Promise<void> {
  if (existsSync(join(folder, "study.json")))
    throw new ScenarioProblem(`--out ${folder}: there is a study in it already; name another folder`)
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw explainFailure(cause, "make", folder)
  })
  const columns = outlookColumns(outlook)
  const lines = [columns.map((c) => c.name).join(",")]
  for (let d = 0; d < outlook.days; d++)
    lines.push(
      columns
        .map(({ values }) => (typeof values[d] === "number" ? (values[d] as number).toFixed(DECIMALS) : String(values[d])))
        .join(","),
    )
  replaceFile(join(folder, "days.csv"), `${lines.join("\n")}\n`)
  await writeParquet(join(folder, "days.parquet"), columns)
  replaceFile(join(folder, "report.html"), page)
  // Last, because it marks the folder as whole.
  replaceFile(
    join(folder, "study.json"),
    `${JSON.stringify({ ...made, seed: outlook.seed, runs: outlook.runs, begins: sayDay(outlook.beginDay) }, null, 2)}\n`,
  )
}
