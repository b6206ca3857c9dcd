/** Looking into a run: its outcome, an epoch, a node, the walk of a fact; and what a wrong question is told. */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { inspectRun } from "./inspect.ts"
import { readChain } from "./log-file.ts"
import type { RunResult } from "./run.ts"
import { abortAfter, runsFolder } from "./small-runs.ts"
import { small } from "./small-scenario.ts"

const runs = runsFolder()
afterAll(runs.clear)

let full: RunResult
let epochs: RunResult
beforeAll(async () => {
  full = await runs.start(small(), { log: "full" })
  epochs = await runs.start(small())
})

test("a run in a few lines: its question, its size, its outcome, its hashes and how to run it again", async () => {
  const text = (await inspectRun(full.runDir, {})).join("\n")
  expect(text).toContain("Does a run give the same hashes however it is run?")
  expect(text).toContain("small, seed 7, 2025-11-17T18:00:00")
  expect(text).toContain(`${full.epochs} epochs, ${full.events.toLocaleString("en-GB")} events`)
  expect(text).toContain("  helium: 300 hotspots, preset ")
  for (const line of [
    ...full.summary,
    `log full: ${full.logHash}`,
    `state: ${full.stateHash}`,
    "again: npx blackstart run small",
  ])
    expect(text).toContain(line)
})

describe("an epoch", () => {
  test("by type of event, with its hashes; read from the log or simulated again", async () => {
    const { headers } = readChain(full.runDir)
    const [read, simulated] = await Promise.all([full, epochs].map((r) => inspectRun(r.runDir, { epoch: 54 })))
    expect(simulated).toEqual(read)
    expect(read[0]).toBe(`epoch 54, ends 2025-11-18T06:31:00Z: ${headers[54].rows} events`)
    expect(read.slice(1, 4)).toEqual([
      `  events ${headers[54].events}`,
      `  state ${headers[54].state}`,
      `  header ${headers[54].hash} after ${headers[54].previous}`,
    ])
    // 06:30: the builder's work is corrupt. Its next build is at 06:33.
    expect(read.join("\n")).toContain("cdn's world: 1 × FacilityCorrupted")
    expect((await inspectRun(full.runDir, { epoch: 57 })).join("\n")).toMatch(/^cdn: 1 × ConfigPublished\n {4}\{/m)
    const rows = read.flatMap((line) => /: (\d+) × /.exec(line)?.[1] ?? []).map(Number)
    expect(rows.reduce((a, b) => a + b, 0)).toBe(headers[54].rows)
  })

  test("that there is not", async () => {
    await expect(inspectRun(full.runDir, { epoch: 100_000 })).rejects.toThrow(
      `there is no epoch 100000: this run has epochs 0 to ${full.epochs - 1}`,
    )
  })
})

describe("a walk", () => {
  test("from who asked to the header; the same for both kinds of log", async () => {
    const [read, simulated] = await Promise.all([full, epochs].map((r) => inspectRun(r.runDir, { walk: "ConfigPublished" })))
    expect(simulated).toEqual(read)
    expect(read.map((line) => line.trim().split(" ")[0])).toEqual([
      "ConfigPublished:",
      "asked",
      "decided",
      "written",
      "evolved",
      "chained",
      "state",
      "header",
    ])
    expect(read[1]).toContain("PublishConfig:")
    expect(read[5]).toContain("chained   epoch 0 ")
  })

  test("of an event in one epoch, or of a settlement's own", async () => {
    expect((await inspectRun(full.runDir, { walk: "ConfigPublished", epoch: 57 }))[5]).toContain("epoch 57 ")
    const paid = await inspectRun(full.runDir, { walk: "RewardPaid" })
    expect(paid[1]).toBe("  asked     by nobody: a settlement writes it (protocol/networks/helium/settle.ts)")
  })

  test("of what there is not", async () => {
    await expect(inspectRun(full.runDir, { walk: "ConfigPublishd" })).rejects.toThrow(
      "no network of this run has an event ConfigPublishd; did you mean ConfigPublished?",
    )
    await expect(inspectRun(full.runDir, { walk: "ConfigPublished", epoch: 3 })).rejects.toThrow(
      "ConfigPublished did not happen in epoch 3",
    )
  })
})

describe("a node", () => {
  test("its row of the node table", async () => {
    const text = await inspectRun(full.runDir, { node: 17, network: "helium" })
    expect(text[0]).toBe("hotspot 17 of helium")
    expect(text).toContain("  node: 17")
    expect(text.join("\n")).toMatch(/ {2}grid: \w/)
    expect((await inspectRun(full.runDir, { node: 299 }))[0]).toBe("hotspot 299 of helium")
    expect((await inspectRun(full.runDir, { node: 3 }))[0]).toMatch(/ 3 of cdn$/)
  })

  test("that there is not, in a network that there is not, or not yet", async () => {
    await expect(inspectRun(full.runDir, { node: 300 })).rejects.toThrow("there is no node 300: nodes are numbered from 0 to 299")
    await expect(inspectRun(full.runDir, { node: 30, network: "cdn" })).rejects.toThrow(
      "there is no node 30 in cdn: nodes are numbered from 0 to 29",
    )
    await expect(inspectRun(full.runDir, { node: 3, network: "helum" })).rejects.toThrow(
      "this run has no network helum; did you mean helium? It has cdn and helium",
    )
    const stopped = await runs.start(small(), abortAfter(1))
    await expect(inspectRun(stopped.runDir, { node: 3 })).rejects.toThrow(
      /is stopped: its node table is written when it is complete; go on with --resume/,
    )
  })
})

test("a damaged log is said to be damaged, not shown", async () => {
  const runDir = runs.copy(full.runDir)
  writeFileSync(join(runDir, "events.bin"), readFileSync(join(runDir, "events.bin")).subarray(0, 3000))
  await expect(inspectRun(runDir, { epoch: 54 })).rejects.toThrow(/ends, or is damaged, before epoch 0 of \d+; replay says more/)
})
