/** Runners that meet in PostgreSQL give the tables that one thread gives, whatever is done to them meanwhile. */
import { spawn, type ChildProcess } from "node:child_process"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Study } from "../../../protocol/boundary/study.ts"
import type { StudyProgress } from "../conduct.ts"
import { smallStudy, studiesFolder, tablesOf } from "../small-study.ts"
import { clusterEngine } from "./engine-cluster.ts"
import { freePort, HOW_TO_INSTALL, ownPostgres, postgresPrograms, type OwnPostgres } from "./own-postgres.ts"
import { assertReachable, readDatabaseUrl } from "./wire.ts"

const CLI = fileURLToPath(new URL("../../../cli/main.ts", import.meta.url))
const SLOW_MS = 120_000
const programs = postgresPrograms()
const studies = studiesFolder()
let database: OwnPostgres | undefined
const runners: ChildProcess[] = []

beforeAll(async () => {
  if (programs !== undefined) database = await ownPostgres(programs)
}, SLOW_MS)
afterAll(() => {
  for (const child of runners) child.kill("SIGKILL")
  database?.remove()
  studies.clear()
})

/** One thread each, so that a kill takes half of the work away. */
async function startRunner(): Promise<ChildProcess> {
  const port = await freePort()
  const child = spawn(process.execPath, [CLI, "runner", "--threads", "1", "--port", String(port)], {
    env: { ...process.env, BLACKSTART_DATABASE: database!.url },
    stdio: ["ignore", "pipe", "pipe"],
  })
  runners.push(child)
  await new Promise<void>((up, failed) => {
    child.stdout.once("data", () => up())
    child.once("exit", (code) => failed(new Error(`the runner ended with ${code}`)))
  })
  return child
}

/** Not two tests' jobs are the same, or the second would be answered from the first's. */
const study = (from: number, count = 10): Study => smallStudy({ seeds: { from, count } })

/** Conducts it by the runners; `after` so many runs, `act`. */
async function sweep(what: Study, after = Infinity, act: () => void = () => {}) {
  let acted = false
  const result = await studies.begin(what, {
    engine: () => clusterEngine({ database: database!.url, inFlight: 16 }),
    onProgress: ({ done }: StudyProgress) => {
      if (done < after || acted) return
      acted = true
      act()
    },
  })
  expect(acted).toBe(after !== Infinity)
  return result
}
const inOneThread = async (what: Study) => tablesOf((await studies.begin(what)).studyDir)

describe("a study by two runners", () => {
  test("has the bytes of one thread's", { timeout: SLOW_MS }, async ({ skip }) => {
    if (database === undefined) return skip(`sweeps over PostgreSQL: ${HOW_TO_INSTALL}`)
    await Promise.all([startRunner(), startRunner()])
    const whole = await inOneThread(study(1))
    const first = await sweep(study(1))
    expect(first).toMatchObject({ runs: 40, computed: 40, failed: 0 })
    expect(tablesOf(first.studyDir)).toEqual(whole)
  })

  test("loses nothing when a runner is killed", { timeout: SLOW_MS }, async ({ skip }) => {
    if (database === undefined) return skip(`sweeps over PostgreSQL: ${HOW_TO_INSTALL}`)
    const result = await sweep(study(1001), 5, () => runners.at(-1)!.kill("SIGKILL"))
    expect(result).toMatchObject({ runs: 40, computed: 40, failed: 0 })
    expect(tablesOf(result.studyDir)).toEqual(await inOneThread(study(1001)))
    await startRunner()
  })

  test("goes on when a runner is paused, and when it wakes", { timeout: SLOW_MS }, async ({ skip }) => {
    if (database === undefined) return skip(`sweeps over PostgreSQL: ${HOW_TO_INSTALL}`)
    const asleep = runners.at(-1)!
    const result = await sweep(study(2001), 5, () => {
      asleep.kill("SIGSTOP")
      setTimeout(() => asleep.kill("SIGCONT"), 8000)
    })
    expect(result).toMatchObject({ runs: 40, computed: 40, failed: 0 })
    expect(tablesOf(result.studyDir)).toEqual(await inOneThread(study(2001)))
  })

  test("waits for a database that was killed, and goes on when it is back", { timeout: SLOW_MS }, async ({ skip }) => {
    if (database === undefined) return skip(`sweeps over PostgreSQL: ${HOW_TO_INSTALL}`)
    const result = await sweep(study(3001), 5, () => {
      database!.kill()
      setTimeout(() => database!.start(), 3000)
    })
    expect(result).toMatchObject({ runs: 40, computed: 40, failed: 0 })
    expect(tablesOf(result.studyDir)).toEqual(await inOneThread(study(3001)))
  })
})

describe("a database", () => {
  test("that does not answer is named, with the reason and no password", async () => {
    const nowhere = new URL(`postgres://me:secret@127.0.0.1:${await freePort()}/db`)
    await expect(assertReachable(nowhere)).rejects.toThrow(/db at 127\.0\.0\.1:\d+ does not answer as me: .*ECONNREFUSED/u)
    await expect(assertReachable(nowhere)).rejects.not.toThrow(/secret/u)
  })

  test.each(["", "nonsense", "mysql://me@host/db", "postgres://me:secret@host", "postgres://me:secret@host/"])(
    "%s is refused in a sentence that tells no password",
    (url) => {
      expect(() => readDatabaseUrl(url)).toThrow(/postgres:\/\/blackstart:SECRET@/u)
      expect(() => readDatabaseUrl(url)).not.toThrow(/me:secret/u)
    },
  )
})
