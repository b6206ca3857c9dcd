/** Runs a scenario, or goes on with a run, in a process of its own, so that a test can kill it: ACTION RUN_DIR LOG [SCENARIO.json]. */
import { readFileSync } from "node:fs"
import { readScenario } from "../../protocol/boundary/scenario.ts"
import { resolve } from "../engine/resolve.ts"
import { resumeRun, startRun } from "./run.ts"

const [action, runDir, log, file] = process.argv.slice(2)
const about = { commit: "test", version: "test", report: false, checkpointEveryMs: 20 }

try {
  const result = action === "resume" ? await resumeRun(runDir, about) : await start()
  process.stdout.write(`${JSON.stringify(result)}\n`)
} catch (error) {
  process.stderr.write(`${(error as Error).name}: ${(error as Error).message}\n`)
  process.exitCode = 1
}

function start() {
  const scenario = readScenario(JSON.parse(readFileSync(file, "utf8")))
  return startRun(scenario, resolve(scenario), { ...about, outDir: runDir, log: log as "full" | "epochs", reproduce: "test" })
}
