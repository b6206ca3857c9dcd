/** The page of adversaries is current, and the table that is quoted says what was played. */
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { columns, csv, rowOf, tidy } from "../simulation/adversary/table.ts"
import { playCatalogue } from "../simulation/adversary/play.ts"
import { entryOf } from "../simulation/adversary/catalogue.ts"
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
  // Two sides of three combinations at two seeds, the best at a third, and one and all names at three.
  expect(played.plays).toBeGreaterThanOrEqual(2 * 3 * 2 + 2)
  expect(played.sybil.map((s) => [s.names, s.undefended.mean])).toEqual([
    [1, 1],
    [2, 2],
    [5, 5],
    [10, 10],
  ])
  const again = await playCatalogue([entryOf("B4")], { seeds: 3, sweep: false })
  expect(again.map(rowOf)).toEqual([played].map(rowOf))
})
