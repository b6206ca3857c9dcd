import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import { findRedundantWitnesses, selectWitnesses } from "./witness-selection.ts"

const report = (id: string, receivedMs: number, status = "Valid") => ({ id, receivedMs, status })

describe("HIP-83: the first to witness", () => {
  test("given more valid witnesses than places, then the earliest win and ties keep list order", () => {
    const list = [report("late", 9), report("x", 0, "BadRssi"), report("tie1", 5), report("tie2", 5), report("early", 1)]
    expect(selectWitnesses(list, 2)).toEqual({ selected: ["early", "tie1"], unselected: ["tie2", "late", "x"] })
  })
  test("given enough places, then list order is kept", () =>
    expect(selectWitnesses([report("b", 2), report("a", 1)], 14).selected).toEqual(["b", "a"]))
  test("a self-witness is not even recorded", () =>
    expect(selectWitnesses([report("me", 0, "SelfWitness")], 14)).toEqual({ selected: [], unselected: [] }))
  test("everyone else is in exactly one list, and no unselected valid one came before a selected one", () => {
    const status = fc.constantFrom("Valid", "Valid", "Valid", "BadRssi", "SelfWitness")
    const reports = fc.array(fc.tuple(fc.nat(20), status), { maxLength: 30 })
    fc.assert(
      fc.property(reports, fc.nat(10), (list, max) => {
        const all = list.map(([ms, s], i) => report(String(i), ms, s))
        const { selected, unselected } = selectWitnesses(all, max)
        const recorded = all.filter((w) => w.status !== "SelfWitness").map((w) => w.id)
        expect([...selected, ...unselected].toSorted()).toEqual(recorded.toSorted())
        const msOf = (id: string) => all[Number(id)].receivedMs
        const passedOver = unselected.filter((id) => all[Number(id)].status === "Valid")
        expect(Math.max(-1, ...selected.map(msOf))).toBeLessThanOrEqual(Math.min(Infinity, ...passedOver.map(msOf)))
      }),
    )
  })
})

describe("HIP-136: no two in one place", () => {
  // Cells on a line: the place is in the digits, and the distance is their difference.
  const cellAt = (place: number): bigint => (1n << 59n) | (11n << 52n) | BigInt(place)
  const line = { gridDistance: (a: bigint, b: bigint) => Math.abs(Number(a - b)), parent: (cell: bigint) => cell }
  const at = (id: string, receivedMs: number, place: number) => ({ id, receivedMs, cell: cellAt(place) })
  const redundant = (list: ReturnType<typeof at>[], max: number) => findRedundantWitnesses(list, max, 8, 11, line)

  test("A hides B, and C, near B alone, is kept (example 3)", () =>
    expect(redundant([at("A", 1, 0), at("B", 2, 7), at("C", 3, 14), at("D", 4, 900)], 3)).toEqual(["B"]))
  test("B first hides both (example 2)", () =>
    expect(redundant([at("A", 2, 0), at("B", 1, 7), at("C", 3, 14), at("D", 4, 900)], 3)).toEqual(["A", "C"]))
  test("with as many places as witnesses nothing is redundant", () =>
    expect(redundant([at("A", 1, 0), at("B", 2, 1)], 2)).toEqual([]))
  test("eight steps apart is far enough", () => expect(redundant([at("A", 1, 0), at("B", 2, 8), at("C", 3, 99)], 2)).toEqual([]))
})
