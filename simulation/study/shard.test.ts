/** A study in parts is the study: whatever the number of parts, in whatever order, and however often one was killed. */
import { cpSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import fc from "fast-check"
import { afterAll, describe, expect, test } from "vitest"
import type { Study } from "../../protocol/boundary/study.ts"
import { STUDY_FILE } from "./conduct.ts"
import { mergeShards } from "./merge.ts"
import { rangeOf, readShard } from "./shard.ts"
import { csvOf, smallStudy, studiesFolder, tablesOf } from "./small-study.ts"

const studies = studiesFolder()
afterAll(studies.clear)

const shards = (study: Study, count: number): Promise<string[]> =>
  Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const result = await studies.begin(study, { shard: { index: i + 1, count } })
      expect(result.status).toBe("part")
      return result.studyDir
    }),
  )
const merge = (folders: readonly string[]) =>
  mergeShards(folders, { outDir: studies.next(), cacheDir: undefined, commit: "test", version: "test", command: "merge" })

describe("merged", () => {
  test("three shards, and thirteen of twelve runs, are the whole, in any order", { timeout: 60_000 }, async () => {
    const whole = tablesOf((await studies.begin(smallStudy())).studyDir)
    for (const count of [3, 13]) {
      // oxlint-disable-next-line no-await-in-loop
      const folders = await shards(smallStudy(), count)
      // oxlint-disable-next-line no-await-in-loop
      const merged = await merge(folders.toReversed())
      expect(merged).toMatchObject({ status: "complete", runs: 12, computed: 0, failed: 0 })
      expect(tablesOf(merged.studyDir)).toEqual(whole)
    }
  })

  test("a shard that was stopped goes on as a shard, and what was damaged in one is run again", { timeout: 60_000 }, async () => {
    const whole = tablesOf((await studies.begin(smallStudy())).studyDir)
    const stop = new AbortController()
    const stopped = await studies.begin(smallStudy(), {
      shard: { index: 1, count: 2 },
      signal: stop.signal,
      onProgress: ({ done }) => done === 2 && stop.abort(),
    })
    expect(stopped.status).toBe("stopped")
    const other = (await studies.begin(smallStudy(), { shard: { index: 2, count: 2 } })).studyDir
    await expect(merge([stopped.studyDir, other])).rejects.toThrow(/shard 1\/2 in .* is not finished: go on .* --resume/u)
    const resumed = await studies.resume(stopped.studyDir)
    expect(resumed).toMatchObject({ status: "part", runs: 6, recovered: 2 })
    await expect(studies.resume(stopped.studyDir)).rejects.toThrow("has all its runs: merge it")
    const journal = join(other, "parts/000000.jsonl")
    writeFileSync(journal, readFileSync(journal, "utf8").replace('"run":7', '"run":8'))
    const merged = await merge([stopped.studyDir, other])
    expect(merged).toMatchObject({ runs: 12, computed: 1 })
    expect(tablesOf(merged.studyDir)).toEqual(whole)
    expect(csvOf(merged.studyDir, "runs")).toHaveLength(12)
  })
})

describe("refused in a sentence", () => {
  test("shards that are missing, doubled, of another study or none", { timeout: 60_000 }, async () => {
    const folders = await shards(smallStudy(), 3)
    const copy = studies.next()
    cpSync(folders[0], copy, { recursive: true })
    const [another] = await shards(smallStudy({ seeds: { from: 9, count: 3 } }), 3)
    const older = studies.next()
    cpSync(folders[2], older, { recursive: true })
    const manifest = JSON.parse(readFileSync(join(older, STUDY_FILE), "utf8")) as { code: string }
    writeFileSync(join(older, STUDY_FILE), JSON.stringify({ ...manifest, code: "older" }))
    const { studyDir } = await studies.begin(smallStudy())
    for (const [given, why] of [
      [[], "there is nothing to merge"],
      [folders.slice(0, 1), "2 of 3 shards are missing: 2, 3; run them with --shard 2/3"],
      [[...folders, copy], "are both shard 1/3"],
      [[folders[0], another, folders[2]], "is of another study"],
      [[folders[0], folders[1], older], "was made by other rules"],
      [[studyDir], "is a whole study"],
      [[studies.dir], "is not a study folder"],
    ] as const)
      // oxlint-disable-next-line no-await-in-loop
      await expect(merge(given)).rejects.toThrow(why)
  })

  test("a study that no shard can know the next runs of", async () => {
    const until = { measure: "lost", halfWidth: 0.01 }
    await expect(
      studies.begin(smallStudy({ seeds: { from: 1, atLeast: 3, atMost: 9, until } }), { shard: { index: 1, count: 2 } }),
    ).rejects.toThrow("give a number of seeds by --seeds")
  })

  test.each(["", "0/3", "4/3", "1", "1/0", "-1/3", "1/3/5", "1.5/3", "1/99999"])("--shard %s", (text) => {
    expect(() => readShard(text)).toThrow("such as 3/16")
  })
})

test("shards cover every run once, and none has two more than another", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 0, max: 100_000 }), (count, runs) => {
      const ranges = Array.from({ length: count }, (_, i) => rangeOf({ index: i + 1, count }, runs))
      expect([ranges[0][0], ranges.at(-1)![1]]).toEqual([0, runs])
      for (let i = 1; i < count; i++) expect(ranges[i][0]).toBe(ranges[i - 1][1])
      const sizes = ranges.map(([a, b]) => b - a)
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
    }),
  )
})
