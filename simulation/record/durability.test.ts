/** What was recorded stays recorded: processes are killed, disks fill up, and the run goes on to the same end. */
import { spawn, spawnSync } from "node:child_process"
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Scenario } from "../../protocol/boundary/scenario.ts"
import { readCheckpoint } from "./checkpoint.ts"
import { RecordProblem } from "./durable.ts"
import { replayRun } from "./replay.ts"
import { CHECKPOINT_FILE, resumeRun, type RunResult } from "./run.ts"
import { about, abortAfter, bytes, recorded, runsFolder } from "./small-runs.ts"
import { small } from "./small-scenario.ts"

const runs = runsFolder()
afterAll(runs.clear)
const DRIVER = fileURLToPath(new URL("small-driver.ts", import.meta.url))

const ends = ({ logHash, stateHash, events, epochs }: RunResult) => ({ logHash, stateHash, events, epochs })
const soon = (ms: number) => new Promise((go) => setTimeout(go, ms))

describe("kill -9", () => {
  // Minute by minute for most of it, so that there is time to be killed in.
  const long: Scenario = small({ fine: [{ from: "2025-11-18T00:00:00Z", to: "2025-11-18T08:00:00Z", every: { seconds: 60 } }] })
  let whole: RunResult
  beforeAll(async () => {
    whole = await runs.start(long, { log: "full" })
    writeFileSync(join(runs.dir, "long.json"), JSON.stringify(long))
  })

  /** Runs the driver and kills it as soon as `isTime`; gives the signal that ended it. */
  async function killed(args: readonly string[], isTime: () => boolean): Promise<NodeJS.Signals | null> {
    const child = spawn(process.execPath, [DRIVER, ...args], { stdio: ["ignore", "ignore", "inherit"] })
    const ended = new Promise<NodeJS.Signals | null>((done) => void child.on("exit", (_, signal) => done(signal)))
    // oxlint-disable-next-line no-await-in-loop
    while (child.exitCode === null && !isTime()) await soon(1)
    child.kill("SIGKILL")
    return ended
  }
  const chainBytes = (runDir: string): number =>
    existsSync(join(runDir, "chain.jsonl")) ? statSync(join(runDir, "chain.jsonl")).size : 0
  const savedEpoch = (runDir: string): number => readCheckpoint(join(runDir, CHECKPOINT_FILE))?.meta.epoch ?? 0
  const size = (epochs: number): number => (bytes(whole.runDir, "chain.jsonl").length * epochs) / whole.epochs

  test.each([
    ["full", 3],
    ["epochs", 1],
  ] as const)("the run goes on from its checkpoints to the same end (log %s, %i times)", async (log, times) => {
    const runDir = runs.next()
    let saved = 0
    for (let time = 0; time < times; time++) {
      const args = time === 0 ? ["start", runDir, log, join(runs.dir, "long.json")] : ["resume", runDir]
      // oxlint-disable no-await-in-loop
      expect(await killed(args, () => savedEpoch(runDir) > saved)).toBe("SIGKILL")
      saved = savedEpoch(runDir)
      expect(saved).toBeLessThan(whole.epochs)
      // Whatever reached the disk is sound, though nobody closed it.
      expect((await replayRun(runDir)).difference?.what ?? "verified").toMatch(/verified|truncated/)
      // oxlint-enable no-await-in-loop
    }
    const resumed = await resumeRun(runDir, about)
    expect(ends(resumed)).toEqual(ends(whole))
    expect(bytes(runDir, "chain.jsonl").equals(bytes(whole.runDir, "chain.jsonl"))).toBe(true)
    if (log === "full") expect(bytes(runDir, "events.bin").equals(bytes(whole.runDir, "events.bin"))).toBe(true)
    expect(await recorded(runDir)).toEqual(await recorded(whole.runDir))
    expect((await replayRun(runDir)).verified).toBe(true)
  })

  test("before anything was recorded, or between the log and the manifest", async () => {
    const runDir = runs.next()
    await killed(["start", runDir, "full", join(runs.dir, "long.json")], () => existsSync(join(runDir, "run.json")))
    expect(ends(await resumeRun(runDir, about))).toEqual(ends(whole))
  })

  test("a resumed run that is killed no longer claims its old end", async () => {
    const stopped = await runs.start(long, { log: "full", ...abortAfter(1) })
    const before = chainBytes(stopped.runDir)
    await killed(["resume", stopped.runDir], () => chainBytes(stopped.runDir) > before + size(60))
    expect(JSON.parse(readFileSync(join(stopped.runDir, "run.json"), "utf8")).status).toBe("running")
    expect((await replayRun(stopped.runDir)).difference?.what ?? "verified").toMatch(/verified|truncated/)
    expect(ends(await resumeRun(stopped.runDir, about))).toEqual(ends(whole))
  })
})

/** Why no small disk can be made here; undefined where it can. */
function whyNoDisk(): string | undefined {
  if (process.platform !== "linux") return "only Linux mounts a disk of a few kilobytes"
  if (process.getuid?.() !== 0) return "only root may mount one"
  const place = join(runs.dir, "probe")
  mkdirSync(place)
  const { status, stderr } = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", place])
  if (status !== 0) return `mounting is not permitted here (${String(stderr ?? "there is no mount").trim()})`
  spawnSync("umount", [place])
  return undefined
}

describe("a full disk", () => {
  const without = whyNoDisk()
  const mounted: string[] = []
  const disk = (kilobytes: number): string => {
    const place = runs.next()
    mkdirSync(place)
    expect(spawnSync("mount", ["-t", "tmpfs", "-o", `size=${kilobytes}k`, "tmpfs", place]).status).toBe(0)
    mounted.push(place)
    return place
  }
  afterAll(() => {
    for (const place of mounted) spawnSync("umount", [place])
  })

  let whole: RunResult
  beforeAll(async () => {
    whole = await runs.start(small(), { log: "full" })
  })

  // Too small for the log; for log and checkpoint; for the fork too; for the last events.
  test.for([48, 300, 600, 900])(
    "of %i KB: one sentence, and the run goes on where there is room",
    async (kilobytes, { skip }) => {
      if (without !== undefined) skip(`a full disk: ${without}`)
      const place = disk(kilobytes)
      const runDir = join(place, "run")
      const failure = await runs
        .start(small(), { log: "full", outDir: runDir, checkpointEveryMs: 1 })
        .catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(RecordProblem)
      expect((failure as Error).message).toMatch(/^cannot (append to the log|write) .*: the disk is full; free some space$/)
      // Recorded so far is sound, as far as it goes.
      const { epochs, difference } = await replayRun(runDir)
      expect(difference?.what ?? "verified").toMatch(/verified|truncated/)
      if (kilobytes >= 600) expect(readCheckpoint(join(runDir, CHECKPOINT_FILE))!.meta.epoch).toBeGreaterThan(0)
      expect(epochs).toBeLessThan(whole.epochs)

      const copied = runs.copy(runDir)
      expect(spawnSync("mount", ["-o", "remount,size=20m", place]).status).toBe(0)
      for (const roomy of [copied, runDir]) {
        // oxlint-disable-next-line no-await-in-loop
        expect(ends(await resumeRun(roomy, about))).toEqual(ends(whole))
        expect(bytes(roomy, "events.bin").equals(bytes(whole.runDir, "events.bin"))).toBe(true)
      }
    },
  )

  test("on the command line: one sentence, exit code 1, and --resume goes on", ({ skip }) => {
    if (without !== undefined) skip(`a full disk: ${without}`)
    const place = disk(300)
    writeFileSync(join(runs.dir, "small.json"), JSON.stringify(small()))
    const blackstart = (...args: string[]) =>
      spawnSync(
        process.execPath,
        [fileURLToPath(new URL("../../cli/blackstart.mjs", import.meta.url)), "run", ...args, "--json", "--no-report"],
        {
          encoding: "utf8",
        },
      )
    const full = blackstart(join(runs.dir, "small.json"), "--log", "full", "--out", join(place, "run"))
    expect(full.status).toBe(1)
    expect(full.stderr.trim()).toMatch(/^cannot (append to the log|write) .*: the disk is full; free some space$/)
    expect(spawnSync("mount", ["-o", "remount,size=20m", place]).status).toBe(0)
    const resumed = blackstart("--resume", join(place, "run"))
    expect(resumed.status, resumed.stderr).toBe(0)
    expect(JSON.parse(resumed.stdout.trim().split("\n").at(-1)!)).toMatchObject(ends(whole))
  })

  test("too full for the manifest: nothing begins", async ({ skip }) => {
    if (without !== undefined) skip(`a full disk: ${without}`)
    await expect(runs.start(small(), { outDir: join(disk(8), "run") })).rejects.toThrow(
      /^cannot write .*run\.json: the disk is full; free some space$/,
    )
  })

  test("when the tables are written: the run itself is kept, and goes on from its checkpoint", async ({ skip }) => {
    if (!existsSync("/dev/full")) skip("a disk full of tables: there is no /dev/full here")
    const { runDir } = await runs.start(small(), abortAfter(1))
    const beside = join(runDir, "nodes_cdn.parquet.tmp")
    symlinkSync("/dev/full", beside)
    const failure = await resumeRun(runDir, about).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(RecordProblem)
    expect((failure as Error).message).toMatch(/nodes_cdn\.parquet was not written: the disk is full/)
    rmSync(beside, { force: true })
    expect(ends(await resumeRun(runDir, about))).toEqual(ends(whole))
    expect(await recorded(runDir)).toEqual(await recorded(whole.runDir))
  })
})
