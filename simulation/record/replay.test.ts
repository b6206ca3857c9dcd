/** Whatever is changed in a run's folder, replay names the first epoch that differs, and what of it. */
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import fc from "fast-check"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { readChain } from "./log-file.ts"
import { replayRun, type Replayed } from "./replay.ts"
import type { RunResult } from "./run.ts"
import { abortAfter, bytes, lines, runsFolder } from "./small-runs.ts"
import { quiet, small } from "./small-scenario.ts"

const runs = runsFolder()
afterAll(runs.clear)

let full: RunResult
let epochs: RunResult
/** Where each epoch's frame begins in events.bin, and where the last one ends. */
let frames: number[]
beforeAll(async () => {
  // Twelve epochs of two hours: long enough for every kind of event, short enough to be replayed a hundred times.
  full = await runs.start(quiet(7200), { log: "full" })
  epochs = await runs.start(quiet(7200))
  frames = framesOf(bytes(full.runDir, "events.bin"))
})

function framesOf(log: Buffer): number[] {
  const begins = [0]
  while (begins.at(-1)! < log.length) begins.push(begins.at(-1)! + 16 + log.readDoubleLE(begins.at(-1)! + 8))
  return begins
}

/** A copy of a run with one of its files changed. */
function changed(of: RunResult, name: string, change: (file: Buffer) => Buffer | string): string {
  const runDir = runs.copy(of.runDir)
  writeFileSync(join(runDir, name), change(readFileSync(join(runDir, name))))
  return runDir
}

/** A copy with one line of its chain changed, removed (undefined) or multiplied. */
const withLine = (of: RunResult, epoch: number, change: (line: string) => string | undefined): string =>
  changed(
    of,
    "chain.jsonl",
    (file) =>
      file
        .toString()
        .trimEnd()
        .split("\n")
        .flatMap((line, i) => (i === epoch ? (change(line) ?? []) : line))
        .join("\n") + "\n",
  )

const isoEnd = (epoch: number): string => new Date(readChain(full.runDir).headers[epoch].at * 1000).toISOString()

describe("an untouched run", () => {
  test("is verified by folding its events, or by running it again", async () => {
    const whole = { verified: true, epochs: 12, events: full.events, logHash: full.logHash }
    expect(await replayRun(full.runDir)).toMatchObject({ ...whole, how: "folded" })
    expect(await replayRun(epochs.runDir)).toMatchObject({ ...whole, how: "run again" })
  })

  test("with an incident and a provider too, for both kinds of log", async () => {
    for (const log of ["full", "epochs"] as const) {
      // oxlint-disable-next-line no-await-in-loop
      const { runDir, logHash } = await runs.start(small(), { log })
      // oxlint-disable-next-line no-await-in-loop
      expect(await replayRun(runDir)).toMatchObject({ verified: true, logHash })
    }
  })

  test("whose events were deleted is run again", async () => {
    const runDir = runs.copy(full.runDir)
    rmSync(join(runDir, "events.bin"))
    expect(await replayRun(runDir)).toMatchObject({ verified: true, how: "run again", logHash: full.logHash })
  })

  test("leaves no file open", async ({ skip }) => {
    if (!existsSync("/proc/self/fd")) skip("open files: only Linux lists them in /proc/self/fd")
    const open = (): number => readdirSync("/proc/self/fd").length
    const before = open()
    await replayRun(full.runDir)
    await replayRun(changed(full, "events.bin", (log) => log.subarray(0, 5000)))
    expect(open()).toBe(before)
  })
})

describe("events.bin", () => {
  test("one changed byte anywhere: its epoch is named", async () => {
    const log = bytes(full.runDir, "events.bin")
    await fc.assert(
      fc.asyncProperty(fc.nat(log.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const runDir = changed(full, "events.bin", (file) => file.fill(file[at] ^ mask, at, at + 1))
        const { verified, difference } = await replayRun(runDir)
        const epoch = frames.findLastIndex((begin) => begin <= at)
        expect(verified).toBe(false)
        expect(difference).toMatchObject({ epoch, at: isoEnd(epoch) })
        // A changed head of a frame leaves no whole body to hash, unless the body only seems shorter.
        const inFrame = at - frames[epoch]
        expect(inFrame >= 16 ? ["events"] : inFrame >= 8 ? ["truncated", "events"] : ["truncated"]).toContain(difference!.what)
      }),
      { numRuns: 40 },
    )
  })

  test.each(["the first row", "the middle", "the last byte"])("a changed byte at %s", async (where) => {
    const size = frames.at(-1)!
    const at = { "the first row": 16 + 12, "the middle": size >> 1, "the last byte": size - 1 }[where]!
    const { difference } = await replayRun(changed(full, "events.bin", (file) => file.fill(file[at] ^ 255, at, at + 1)))
    expect(difference).toMatchObject({ what: "events", epoch: frames.findLastIndex((begin) => begin <= at) })
    expect(difference!.expected).toBe(readChain(full.runDir).headers[difference!.epoch].events)
    expect(difference!.found).not.toBe(difference!.expected)
  })

  test("cut short anywhere: the first epoch that is not whole", async () => {
    const log = bytes(full.runDir, "events.bin")
    await fc.assert(
      fc.asyncProperty(fc.nat(log.length - 1), async (length) => {
        const { verified, difference } = await replayRun(changed(full, "events.bin", (file) => file.subarray(0, length)))
        expect(verified).toBe(false)
        expect(difference).toMatchObject({ what: "truncated", epoch: frames.findLastIndex((begin) => begin <= length) })
      }),
      { numRuns: 10 },
    )
  })

  test("longer than it should be", async () => {
    const runDir = runs.copy(full.runDir)
    appendFileSync(join(runDir, "events.bin"), "more")
    expect((await replayRun(runDir)).difference).toMatchObject({
      what: "events",
      epoch: 11,
      expected: "the end of the log",
      found: "4 bytes more",
    })
  })
})

describe("chain.jsonl", () => {
  const flip = (field: string) => (line: string) => {
    const header = JSON.parse(line)
    const now =
      typeof header[field] === "number" ? header[field] + 1 : header[field].replace(/^./, (c: string) => (c === "0" ? "1" : "0"))
    return JSON.stringify({ ...header, [field]: now })
  }
  const both = async (make: (of: RunResult) => string): Promise<Replayed["difference"][]> => [
    (await replayRun(make(full))).difference,
    (await replayRun(make(epochs))).difference,
  ]

  test.each([
    ["events", "events"],
    ["state", "state"],
    ["hash", "chain"],
    ["previous", "chain"],
    ["epoch", "chain"],
    ["at", "chain"],
    ["rows", "events"],
  ])("a changed %s", async (field, what) => {
    for (const difference of await both((of) => withLine(of, 5, flip(field))))
      expect(difference).toMatchObject({ epoch: 5, what })
  })

  test("a removed line, in the middle or at the end", async () => {
    for (const difference of await both((of) => withLine(of, 5, () => undefined)))
      expect(difference).toMatchObject({ epoch: 5, what: "chain", expected: "epoch 5", found: "epoch 6" })
    for (const difference of await both((of) => withLine(of, 11, () => undefined)))
      expect(difference).toMatchObject({ epoch: 11, what: "truncated", expected: "12 epochs", found: "11 headers" })
  })

  test("a line twice, and one too many at the end", async () => {
    for (const difference of await both((of) => withLine(of, 5, (line) => `${line}\n${line}`)))
      expect(difference).toMatchObject({ epoch: 6, what: "chain" })
    const extra = (line: string) => `${line}\n${JSON.stringify({ ...JSON.parse(line), epoch: 12 })}`
    for (const difference of await both((of) => withLine(of, 11, extra)))
      expect(difference).toMatchObject({ epoch: 12, what: "truncated" })
  })

  test("a last line cut short", async () => {
    for (const difference of await both((of) => changed(of, "chain.jsonl", (file) => file.subarray(0, -20))))
      expect(difference).toMatchObject({ epoch: 11, what: "truncated" })
  })

  test("a line that is no header is named, and so is the way out", async () => {
    for (const damage of ["{", "", "5", "null", '{"epoch":5}', "\u0000\u0000"])
      // oxlint-disable-next-line no-await-in-loop
      await expect(replayRun(withLine(full, 5, () => damage))).rejects.toThrow(
        /^line 6 of .*chain\.jsonl is damaged: it is no header of an epoch.*; restore it from a copy, or run the scenario again$/,
      )
  })

  test("gone altogether", async () => {
    const { difference } = await replayRun(changed(full, "chain.jsonl", () => ""))
    expect(difference).toMatchObject({ epoch: 0, what: "truncated", found: "0 headers" })
    await expect(replayRun(mkdtempSync(join(runs.dir, "bare-")))).rejects.toThrow(/is not a run folder/)
  })
})

describe("run.json", () => {
  test.each(["logHash", "stateHash"])("another %s than the chain's", async (field) => {
    for (const of of [full, epochs]) {
      const runDir = changed(of, "run.json", (file) =>
        JSON.stringify({ ...JSON.parse(file.toString()), [field]: "00".repeat(32) }),
      )
      // oxlint-disable-next-line no-await-in-loop
      expect((await replayRun(runDir)).difference).toMatchObject({ what: "manifest", epoch: 11, expected: "00".repeat(32) })
    }
  })

  test("another seed than the log's", async () => {
    const reseed = (file: Buffer) => {
      const manifest = JSON.parse(file.toString())
      return JSON.stringify({ ...manifest, scenario: { ...manifest.scenario, seed: 8 } })
    }
    // Headers only: other things happen. Events kept: they still are what the chain says, but not of this world.
    expect((await replayRun(changed(epochs, "run.json", reseed))).difference).toMatchObject({ what: "events", epoch: 0 })
    expect((await replayRun(changed(full, "run.json", reseed))).difference).toMatchObject({ what: "state", epoch: 0 })
  })
})

test("a stopped run's log is verified as far as it goes, and so is one that grew after its manifest was written", async () => {
  const stopped = await runs.start(small(), { log: "full", ...abortAfter(1) })
  expect(await replayRun(stopped.runDir)).toMatchObject({ verified: true, epochs: stopped.epochs })
  const grown = changed(stopped, "run.json", (file) =>
    JSON.stringify({ ...JSON.parse(file.toString()), status: "running", logHash: "" }),
  )
  expect((await replayRun(grown)).verified).toBe(true)
  expect(lines(grown, "chain.jsonl")).toHaveLength(stopped.epochs)
})
