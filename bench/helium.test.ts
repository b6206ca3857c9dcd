/** What the bench times is what it says it times: the bare loop does the product's day row for row, and replay its hashes. */
import { expect, test } from "vitest"
import { heliumDay } from "./helium.ts"
import { HEXES, mobileDay } from "./mobile.ts"
import { heliumReplay } from "./replay.ts"

// Both throw where a row, a sum or a hash differs; the times are nobody's business here.
test("the bare loop writes the same event rows, refuses as many and pays every hotspot the same", () => {
  const day = heliumDay(600, 2)
  expect(day.events).toBeGreaterThan(600 * 4)
})

test("a logged run, folded from its bytes alone, gives every header again", () => {
  expect(heliumReplay(300, 3).events).toBeGreaterThan(300 * 4)
})

test("a Mobile day hears every radio every hour, and gives each the points that a plain count gives", () => {
  const { hexes, days } = mobileDay(60, 1)
  expect([hexes, days.length]).toEqual([60 * HEXES, 3])
})
