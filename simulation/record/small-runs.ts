/** Runs for tests: made in a folder of their own, cleared away with it, and compared byte by byte where that is promised. */
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Scenario } from "../../protocol/boundary/scenario.ts"
import { resolve } from "../engine/resolve.ts"
import { openRun } from "./query.ts"
import { startRun, type RunOptions, type RunResult } from "./run.ts"

export const about = { commit: "test", version: "test", report: false } as const

/** A folder for a test file's runs. */
export function runsFolder() {
  const dir = mkdtempSync(join(tmpdir(), "blackstart-runs-"))
  let made = 0
  const next = (): string => join(dir, `run-${made++}`)
  return {
    dir,
    next,
    start: (scenario: Scenario, options: Partial<RunOptions> = {}): Promise<RunResult> =>
      startRun(scenario, resolve(scenario), {
        ...about,
        outDir: next(),
        log: "epochs",
        reproduce: "npx blackstart run small",
        ...options,
      }),
    copy(runDir: string): string {
      const copied = next()
      cpSync(runDir, copied, { recursive: true })
      return copied
    },
    clear: (): void => rmSync(dir, { recursive: true, force: true }),
  }
}

export const bytes = (runDir: string, name: string): Buffer => readFileSync(join(runDir, name))
export const lines = (runDir: string, name: string): string[] => readFileSync(join(runDir, name), "utf8").trimEnd().split("\n")

/** Every row of a run's epoch and node tables. */
export async function recorded(runDir: string): Promise<unknown> {
  const run = await openRun(runDir)
  try {
    const answers = []
    // One after the other: they share a connection.
    // oxlint-disable-next-line no-await-in-loop
    for (const table of ["epochs_cdn", "epochs_helium", "nodes_cdn", "nodes_helium"])
      answers.push(await run.query(`select * from ${table} order by all`))
    return answers
  } finally {
    run.close()
  }
}

/** A signal that is raised when progress has been reported often enough. */
export function abortAfter(reports: number): Pick<RunOptions, "signal" | "onProgress"> {
  const control = new AbortController()
  let heard = 0
  return { signal: control.signal, onProgress: () => void (++heard >= reports && control.abort()) }
}
