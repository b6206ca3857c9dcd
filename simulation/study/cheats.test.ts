/** What each rule takes from a cheater: the same world with it and without it, from the same day on, with the same luck. */
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { CHEATS, cheatsIn, measureCheat } from "./cheats.ts"

describe("income of a cheater for a thousand of an honest node's, before a rule and with it", () => {
  /** Before, at least; with the rule, at most. Income counts from genesis, a day before the rule: so it never falls to nothing. */
  test.each([
    ["helium-ring", 400, 350],
    ["helium-spoof", 150, 150],
    ["helium-silent", 700, 300],
    ["helium-chatty", 1150, 1150],
    ["helium-milking", 8000, 4000],
    ["helium-mobile-spoof", 100, 100],
  ])("%s", async (name, before, after) => {
    const found = await measureCheat(join(CHEATS, `${name}.ts`), 1000)
    expect(found.scenario).toBe(name)
    expect(found.rule).not.toBe("")
    expect(found.without).toBeGreaterThan(before)
    expect(found.with).toBeLessThan(after)
    expect(found.with).toBeLessThan(found.without)
  })
})

test("every bundled cheat stands in the table, and a scenario without a cheater does not", async () => {
  expect((await cheatsIn(CHEATS)).length).toBeGreaterThanOrEqual(6)
  await expect(measureCheat(join(CHEATS, "../economics/helium-year.ts"))).rejects.toThrow(/watches no cheater's income/)
})
