/**
 * `npm run bench -- claim` prints what each claim of the report costs with 30 seeds and no cache: wall seconds with a worker a core, held
 * against the goal, and user CPU, which a busy computer changes less. `--short` takes three seeds, `--only=NAME` one claim.
 */
import { availableParallelism, cpus, loadavg } from "node:os"
import { claimNames, testClaim } from "../simulation/claims/index.ts"
import { threadEngine } from "../simulation/study/engine-threads.ts"
import { align } from "./table.ts"

const SEEDS = process.argv.includes("--short") ? 3 : 30
/** Of a claim with 30 seeds on two quiet cores. */
const GOAL_S = 180

const only = process.argv.find((a) => a.startsWith("--only="))?.slice(7)
if (only !== undefined && !claimNames.includes(only)) {
  process.stderr.write(`--only=${only}: there is ${claimNames.join(", ")}\n`)
  process.exit(1)
}
const workers = availableParallelism()
const rows: string[][] = []
for (const name of only === undefined ? claimNames : [only]) {
  process.stderr.write(`bench: ${name}, ${SEEDS} seeds …\n`)
  const began = performance.now()
  const cpu = process.cpuUsage()
  // oxlint-disable-next-line no-await-in-loop -- one claim at a time, or they would slow each other down
  const { provenance, verdict } = await testClaim(name, {
    engine: (pastDir) => threadEngine(workers, pastDir),
    cacheDir: undefined,
    seedsFrom: 1,
    seeds: SEEDS,
  })
  const wall = (performance.now() - began) / 1000
  const user = process.cpuUsage(cpu).user / 1e6
  rows.push([
    name,
    provenance.runs.toLocaleString("en-GB"),
    wall.toFixed(1),
    user.toFixed(1),
    (user / workers).toFixed(1),
    SEEDS === 30 ? `≤ ${GOAL_S}` : "",
    verdict,
  ])
}
process.stdout.write(
  `blackstart claims bench · Node ${process.version} · ${workers} × ${cpus()[0].model.trim()} · ${SEEDS} seeds, no cache · load ${loadavg()[0].toFixed(1)} over the last minute\n`,
)
process.stdout.write(
  `${align(["claim", "runs", "wall [s]", "user CPU [s]", `a core of ${workers} [s]`, "goal, wall [s]", "verdict"], rows)}\n`,
)
process.exit(0)
