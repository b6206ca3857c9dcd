/** The page of adversaries is current, and the table that is quoted says what was played. */
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { columns, csv, rowOf, tidy } from "../simulation/adversary/table.ts"
import { countPlays, playCatalogue } from "../simulation/adversary/play.ts"
import { entryOf } from "../simulation/adversary/catalogue.ts"
import { inlineEngine } from "../simulation/study/engine-inline.ts"
import type { Task } from "../simulation/study/engine.ts"
import { adversariesPage } from "../reports/adversaries.ts"
import { renderAdversaries } from "./docs-adversaries.ts"

test("docs/reference/adversaries.md is what npm run docs writes", () => {
  const path = fileURLToPath(new URL("../docs/reference/adversaries.md", import.meta.url))
  expect(readFileSync(path, "utf8") === renderAdversaries(), "run npm run docs").toBe(true)
})

test("every figure of the page is a row of the table", async () => {
  const rows = (await playCatalogue([entryOf("B4"), entryOf("C6")], { seeds: 3 })).map(rowOf)
  const table = tidy(rows)
  const b4 = table.find((r) => r.entry === "B4" && r.defence === "off" && r.metric === "rho")!
  expect(b4.mean).toBeCloseTo(5.5, 10)
  expect(b4.knobs).toBe('{"copies":10}')
  // Where there is no income there is no ρ, and no row of it.
  expect(table.some((r) => r.entry === "C6" && r.metric === "rho")).toBe(false)
  expect(table.some((r) => r.entry === "C6" && r.metric === "own" && r.share === 0.05)).toBe(true)
  const text = csv(table)
  expect(text.split("\n").length).toBe(table.length + 2)
  expect(text).toContain('"{""copies"":10}"')
  expect(columns(table).every((c) => c.values.length === table.length)).toBe(true)
  const page = adversariesPage(rows)
  expect(page).toContain("B4 Sybil storage")
  expect(page).toContain("5.5")
  expect(page).not.toContain("NaN")
})

test("a search tries every combination, keeps the best, and tells how much it played", async () => {
  const [played] = await playCatalogue([entryOf("B4")], { seeds: 3, sweep: false })
  expect(played.tried).toBe(3)
  expect(played.undefended.knobs).toEqual({ copies: 10 })
  // Searched on seeds after those that judge: two sides of three combinations at two, then three; judged at three, with one and all names.
  expect([played.seedsFrom, played.searchFrom]).toEqual([1, 4])
  expect(played.plays).toBe(countPlays([entryOf("B4")], { seeds: 3, sweep: false }))
  expect(played.plays).toBeGreaterThanOrEqual(2 * 3 * 2 + 2 * 3)
  expect(played.sybil.map((s) => [s.names, s.undefended.mean])).toEqual([
    [1, 1],
    [2, 2],
    [5, 5],
    [10, 10],
  ])
  const again = await playCatalogue([entryOf("B4")], { seeds: 3, sweep: false })
  expect(again.map(rowOf)).toEqual([played].map(rowOf))
})

test("the first seed is the one that is asked for, and the search never sees a seed that judges", async () => {
  const seen = new Map<number, number>()
  const inner = inlineEngine()
  const watched = {
    ...inner,
    run: (tasks: Iterable<Task>) => {
      const list = [...tasks]
      for (const { job } of list) if (job.model === "adversary") seen.set(job.setting.seed, (seen.get(job.setting.seed) ?? 0) + 1)
      return inner.run(list)
    },
  }
  const told: (readonly [number, number])[] = []
  const onPlay = (done: number, planned: number): void => void told.push([done, planned])
  const [played] = await playCatalogue([entryOf("A6")], { seeds: 2, seedsFrom: 50, sweep: false, onPlay }, watched)
  expect([...seen.keys()].toSorted((a, b) => a - b)).toEqual([50, 51, 52, 53])
  // Of judges one setting a side, of the search all of them.
  expect(seen.get(50)).toBe(2)
  expect(seen.get(52)).toBe(2 * played.tried)
  const [first] = await playCatalogue([entryOf("A6")], { seeds: 1, seedsFrom: 51, sweep: false, knobs: played.defended.knobs })
  expect(first.defended.rhos[0]).toBe(played.defended.rhos[1])
  // Progress goes one way, and ends at what was planned.
  for (let i = 1; i < told.length; i++) expect(told[i][1]).toBeLessThanOrEqual(told[i - 1][1])
  expect(told.at(-1)![0]).toBe(told.at(-1)![1])
})
