/** Times are parsed without the computer's clock, and agree with it. */
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { parseInstant, parseSpan, sayInstant, saySpan, spanSeconds } from "./instant.ts"

describe("instants", () => {
  test("agree with the language's own calendar from year 0 to 9999, there and back", () => {
    fc.assert(
      fc.property(fc.integer({ min: -62_167_219_200, max: 253_402_300_799 }), (seconds) => {
        const iso = new Date(seconds * 1000).toISOString().replace(".000Z", "Z")
        expect(sayInstant(seconds)).toBe(iso)
        expect(parseInstant(iso)).toBe(seconds)
      }),
    )
  })

  test.each([
    ["2025-11-18", 1_763_424_000],
    ["2025-11-18T11:28Z", 1_763_465_280],
    ["2025-11-18T11:28:00.000Z", 1_763_465_280],
    ["2024-02-29", 1_709_164_800],
  ])("%s is %i", (text, seconds) => expect(parseInstant(text)).toBe(seconds))

  test.each([
    "",
    "tomorrow",
    "2025-02-29",
    "2025-13-01",
    "2025-00-10",
    "2025-11-18T24:00Z",
    "2025-11-18T11:28:00",
    "2025-11-18T11:28:00+01:00",
    "18.11.2025",
  ])("%j is no instant: a time without its zone would be somebody's local one", (text) =>
    expect(parseInstant(text)).toBeUndefined(),
  )
})

describe("spans", () => {
  test.each([
    ["3d", 259_200],
    ["36h", 129_600],
    ["1d12h", 129_600],
    ["90m", 5400],
    ["90min", 5400],
    ["45s", 45],
  ])("%s on a command line is %i s", (text, seconds) => expect(parseSpan(text)).toBe(seconds))
  test.each(["", "3", "3w", "h", "-3d", "1.5h"])("%j is no span", (text) => expect(parseSpan(text)).toBeUndefined())

  test("in a scenario they carry their unit, and are whole seconds", () => {
    expect(spanSeconds({ hours: 1.5 })).toBe(5400)
    expect(spanSeconds({ minutes: 0.001 })).toBeUndefined()
  })

  test("are said in the largest unit that stays whole", () => {
    expect([86_400, 5 * 86_400, 5400, 3600, 45, 0].map(saySpan)).toEqual(["1 day", "5 days", "90 min", "1 h", "45 s", "0 s"])
  })
})
