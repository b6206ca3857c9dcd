/**
 * Sweeps over runners that meet in PostgreSQL: `npm run bench:sweeps` starts a database and two runners of one thread each, and prints
 * what 200 jobs of about 50 ms take against the sum of their own work, what killing a runner costs, and how memory stands after many
 * jobs that do next to nothing. Every ratio is against figures of the same run.
 */
import { spawn, type ChildProcess } from "node:child_process"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { clusterEngine } from "../simulation/study/cluster/engine-cluster.ts"
import { freePort, HOW_TO_INSTALL, ownPostgres, postgresPrograms } from "../simulation/study/cluster/own-postgres.ts"
import type { Task } from "../simulation/study/engine.ts"
import { planStudy } from "../simulation/study/load.ts"
import type { Model } from "../simulation/study/model.ts"
import { Runner } from "../simulation/study/run-job.ts"
import { base, smallStudy } from "../simulation/study/small-study.ts"
import { align } from "./table.ts"

const JOBS = 200
const WANTED_MS = 50
const WARM_UP = 40
const KILL_AFTER = 80
const CLI = fileURLToPath(new URL("../cli/main.ts", import.meta.url))
const MANY = process.argv.includes("--many") ? 100_000 : 2000

const odd = process.argv.slice(2).find((arg) => arg !== "--many")
if (odd !== undefined) {
  console.error(`npm run bench:sweeps knows no ${odd}: it knows --many, 100,000 jobs for the one of memory`)
  process.exit(1)
}
const programs = postgresPrograms()
if (programs === undefined) {
  console.log(`bench of sweeps: ${HOW_TO_INSTALL}`)
  process.exit(0)
}

const sized = (nodes: number): Model =>
  planStudy(
    smallStudy({ bases: { all: { scenario: { ...base, networks: { cdn: { nodes: 30 }, helium: { nodes } } } } } }),
  ).models.get("all")!
/** An hour of three points of presence: next to nothing, so that the wire is what is seen. */
const tiny = (): Model =>
  planStudy(
    smallStudy({
      bases: {
        all: {
          scenario: {
            question: "Does memory grow with the number of jobs?",
            begins: "2025-11-18T00:00:00Z",
            lasts: { hours: 1 },
            epoch: { minutes: 30 },
            seed: 1,
            networks: { cdn: { nodes: 3 } },
          },
        },
      },
      vary: [],
      measure: { broken: { of: "metric", metric: "cdn.pops.failing", figure: "mean" } },
    }),
  ).models.get("all")!

/** Jobs, no two alike. */
function* tasks(model: Model, from: number, count: number): Generator<Task> {
  for (let run = 0; run < count; run++) yield { run, job: model.job({}, [], from + run) }
}

/** With as many hotspots as make a job take as long as wanted, on this machine, now. */
function asLongAsWanted(): Model {
  const runner = new Runner()
  let nodes = 100
  for (let round = 0; round < 4; round++) {
    for (const { job } of tasks(sized(nodes), 9_000_000 + round * 100, 10)) runner.run(job)
    const began = performance.now()
    for (const { job } of tasks(sized(nodes), 9_000_050 + round * 100, 10)) runner.run(job)
    nodes = Math.max(10, Math.round((nodes * WANTED_MS) / ((performance.now() - began) / 10)))
  }
  return sized(nodes)
}

async function runnerAt(url: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [CLI, "runner", "--threads", "1", "--port", String(await freePort())], {
    env: { ...process.env, BLACKSTART_DATABASE: url },
    stdio: ["ignore", "pipe", "inherit"],
  })
  await new Promise((up) => child.stdout!.once("data", up))
  child.stdout!.resume()
  return child
}

interface Timing {
  readonly seconds: number
  readonly work: number
  readonly results: number
}
async function sweep(url: string, what: Iterable<Task>, each: (done: number, work: number) => void = () => {}): Promise<Timing> {
  const engine = clusterEngine({ database: url })
  const began = performance.now()
  const seen = new Set<number>()
  let work = 0
  for await (const { run, result, seconds } of engine.run(what)) {
    if (result.status === "failed") throw new Error(result.why)
    if (seen.has(run)) throw new Error(`run ${run} came twice`)
    seen.add(run)
    work += seconds
    each(seen.size, work)
  }
  const seconds = (performance.now() - began) / 1000
  await engine.close()
  return { seconds, work, results: seen.size }
}
const rssMB = (pid: number | undefined): number =>
  Number(/VmRSS:\s+(\d+)/u.exec(readFileSync(`/proc/${pid ?? process.pid}/status`, "utf8"))?.[1] ?? 0) / 1024

const database = await ownPostgres(programs)
const runners: ChildProcess[] = []
try {
  const model = asLongAsWanted()
  runners.push(...(await Promise.all([runnerAt(database.url), runnerAt(database.url)])))
  // Twice: the second runner has its shards a second after the first.
  for (const from of [1, 5000]) await sweep(database.url, tasks(model, from, WARM_UP))
  const rows: (readonly (string | number)[])[] = []
  const plain = await sweep(database.url, tasks(model, 10_000, JOBS))
  const row = (what: string, t: Timing, ideal: number) =>
    rows.push([what, t.results, (t.work / t.results) * 1000, t.seconds, t.results / t.seconds, (100 * ideal) / t.seconds])
  row("two runners", plain, plain.work / 2)
  let [killedAt, workThen] = [0, 0]
  const killed = await sweep(database.url, tasks(model, 20_000, JOBS), (done, work) => {
    if (done !== KILL_AFTER) return
    runners[1].kill("SIGKILL")
    killedAt = performance.now()
    workThen = work
  })
  const since = (performance.now() - killedAt) / 1000
  row(`one killed after ${KILL_AFTER}`, killed, workThen / 2 + (killed.work - workThen))
  console.log(
    align(
      ["sweep over PostgreSQL", "jobs", "a job [ms]", "time [s]", "rate [1/s]", "of ideal [%]"],
      rows.map((r) => r.map((c) => (typeof c === "number" ? c.toFixed(c < 100 && !Number.isInteger(c) ? 1 : 0) : c))),
    ),
  )
  // What was left when it died is the other's to do alone; the time beyond that is what its death cost.
  console.log(
    `killing one cost ${Math.max(0, since - (killed.work - workThen)).toFixed(1)} s beyond the ${(killed.work - workThen).toFixed(1)} s of work that was left to the other`,
  )
  runners.push(await runnerAt(database.url))
  const at: string[] = []
  const many = await sweep(database.url, tasks(tiny(), 30_000, MANY), (done) => {
    if (done % (MANY / 4) === 0) at.push(`${rssMB(undefined).toFixed(0)} and ${rssMB(runners[0].pid).toFixed(0)}`)
  })
  console.log(
    `${MANY.toLocaleString("en-GB")} jobs of ${((many.work / MANY) * 1000).toFixed(1)} ms: ${(MANY / many.seconds).toFixed(0)} a second; memory of the study and of a runner at each quarter [MB]: ${at.join(", ")}`,
  )
} finally {
  for (const child of runners) child.kill("SIGKILL")
  database.remove()
}
