/** Newcomer told as stories: given what has happened, when something is asked, then this happens or is refused. */
import { describe, expect, test } from "vitest"
import { DAY, HOUR } from "../../kernel/clock.ts"
import type { Fact } from "../../kernel/row-type.ts"
import { specify } from "../../kernel/specify.ts"
import { balance, holderOf } from "../../ledger/ledger.ts"
import type { Events } from "./events.ts"
import { newcomer } from "./index.ts"

/** It asks for no geometry. */
const ports = { geometry: {} as never }
const T = 20_454 * DAY

const joined = (node: number): Fact<Events> => ({ type: "NodeJoined", node, atS: T })
const proved = (node: number, atS: number): Fact<Events> => ({ type: "ProofAccepted", node, atS })

describe("proofs", () => {
  const given = specify(newcomer, { nodes: 3, ports })

  test("a node that has joined proves itself", () => {
    const { facts } = given(joined(0)).when({ type: "SubmitProof", node: 0, atS: T })
    expect(facts).toEqual([{ type: "ProofAccepted", node: 0, atS: T }])
  })

  test("it may not do so twice within the hour, and may at its end", () => {
    const story = given(joined(0), proved(0, T))
    expect(story.when({ type: "SubmitProof", node: 0, atS: T + HOUR - 1 }).refusals).toEqual(["proof_too_soon"])
    expect(story.when({ type: "SubmitProof", node: 0, atS: T + HOUR }).refusals).toEqual([])
  })
})

describe("a day's reward", () => {
  const given = specify(newcomer, { nodes: 3, params: { dailyPool: 100 }, ports })

  test("is shared by proofs, and the dust stays in the treasury", () => {
    const { state } = given(joined(0), joined(1), proved(0, T), proved(1, T), proved(1, T + HOUR)).settle("day", T + DAY)
    const { ledger: l } = state
    expect([0, 1, 2].map((node) => balance(l, "token", holderOf(l, node)))).toEqual([33n, 66n, 0n])
    expect(balance(l, "token", l.account.treasury)).toBe(1n)
  })

  test("stays in the treasury when nobody proved anything", () => {
    const { state } = given(joined(0)).settle("day", T + DAY)
    expect(balance(state.ledger, "token", state.ledger.account.treasury)).toBe(100n)
  })
})

describe("silence", () => {
  const given = specify(newcomer, { nodes: 3, params: { silentSeconds: HOUR, alarmPermille: 600 }, ports })

  test("of one node in two raises no alarm, of both it does", () => {
    const one = given(joined(0), joined(1), proved(0, T + HOUR)).settle("hour", T + HOUR)
    expect(one.facts).toEqual([{ type: "NodeFellSilent", node: 1, atS: T + HOUR }])
    const both = one.settle("hour", T + 2 * HOUR)
    expect(both.facts.map((f) => f.type)).toEqual(["NodeFellSilent", "AlarmRaised"])
    expect(newcomer.detectedS!(both.state)).toBe(T + 2 * HOUR)
  })
})
