/** A run that is handed on: a link and a file hold the same, and what is damaged is one sentence. */
import { describe, expect, test } from "vitest"
import type { Scenario } from "../protocol/boundary/scenario.ts"
import { fromFragment, readShared, toFragment } from "./share.ts"
import { OUTAGE } from "./small.ts"

const a = JSON.parse(JSON.stringify(OUTAGE)) as Scenario
const log = "a".repeat(64)
const shared = { blackstart: 1, a, b: { ...a, seed: 3 }, came: { a: { epoch: 16, log }, b: { epoch: 16, log } } }

test("a link holds the run, in few characters", async () => {
  const fragment = await toFragment(shared)
  expect(fragment).toMatch(/^run=[\w-]+$/u)
  expect(fragment.length).toBeLessThan(1500)
  expect(await fromFragment(`#${fragment}`)).toEqual(shared)
})

test("a plain scenario is a run", () => {
  expect(readShared(a)).toEqual({ blackstart: 1, a })
})

describe("what is damaged is one sentence", () => {
  test.each([
    ["", "this link holds no run: ask for it again, or open the saved file"],
    ["#run=AAAA", "this link was cut or changed on its way: ask for it again, or open the saved file"],
  ])("a link: %s", async (fragment, sentence) => {
    await expect(fromFragment(fragment)).rejects.toThrow(sentence)
  })

  test.each([
    [null, "this is no run: a run is an object with a scenario in it, as the studio saves one"],
    [{ ...shared, blackstart: 2 }, "this run has format 2, and this studio reads 1: open it with the version that saved it"],
    [{ ...shared, c: 1 }, "this run says c, which the studio does not know: it has a, b and came"],
    [{ ...shared, came: { a: { epoch: 16, log: "b" } } }, "what the run came to is damaged"],
    [{ blackstart: 1, a: { ...a, seed: -1 } }, "setting A: "],
    [{ ...shared, b: { ...a, question: "" } }, "setting B: "],
  ])("a file: %#", (data, sentence) => {
    expect(() => readShared(data)).toThrow(sentence)
  })
})
