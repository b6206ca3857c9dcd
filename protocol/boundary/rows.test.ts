/** What the door says to what it does not let in: thing, place, way out. Round trips are the exam's (conformance.test.ts). */
import { Result, Schema } from "effect"
import { describe, expect, test } from "vitest"
import { command, tables } from "../kernel/row-type.ts"
import { amount, nodeIndex, permille, unit } from "../kernel/unit.ts"
import { factCodec, factSchema, problemWith, rowSchema } from "./rows.ts"

const types = {
  Pay: command("somebody pays", { node: nodeIndex, share: permille, sum: amount }, []),
  Weigh: command("somebody weighs", { real: unit("kg", "real", 0, 10) }, []),
}
const codec = factCodec(types)
const why = (json: unknown): string => {
  const found = codec.decode(json)
  return Result.isFailure(found) ? found.failure.message : "nothing"
}
const pay = { type: "Pay", node: 1, share: 2, sum: "3" }

describe("a fact in order", () => {
  test("becomes a row, wide amounts as bigint", () => expect(Result.getOrThrow(codec.decode(pay))).toEqual({ ...pay, sum: 3n }))
  test("and JSON again", () =>
    expect(codec.encode({ type: "Pay", node: 1, share: 2, sum: -(2n ** 101n) })).toEqual({
      ...pay,
      sum: "-2535301200456458802993406410752",
    }))
  test("a row without its type has a schema too", () =>
    expect(Schema.decodeUnknownSync(rowSchema(types.Weigh.shape))({ real: 1.5 })).toEqual({ real: 1.5 }))
  test("the schemas say what they are", () =>
    expect(JSON.stringify(Schema.toJsonSchemaDocument(factSchema(types)))).toContain("somebody pays"))
})

test.each([
  [{ ...pay, share: 1001 }, "Pay.share must be a whole number of ‰ from 0 to 1000, got 1001"],
  [{ ...pay, node: "x" }, 'Pay.node must be a whole number of node from 0 to 4294967295, got "x"'],
  [{ ...pay, node: -0 }, "Pay.node must be a whole number of node from 0 to 4294967295, got -0"],
  [{ ...pay, node: 0.5 }, "Pay.node must be a whole number of node from 0 to 4294967295, got 0.5"],
  [{ ...pay, sum: 3 }, "Pay.sum must be a whole number of smallest unit within ±2^101, as a string of digits, got 3"],
  [
    { ...pay, sum: "2535301200456458802993406410753" },
    'Pay.sum must be a whole number of smallest unit within ±2^101, as a string of digits, got "2535301200456458802993406410753"',
  ],
  [{ ...pay, sum: "007" }, 'Pay.sum must be a whole number of smallest unit within ±2^101, as a string of digits, got "007"'],
  [{ type: "Weigh", real: 11 }, "Weigh.real must be a finite number of kg from 0 to 10, got 11"],
  [{ type: "Pay", node: 1, sum: "1" }, "Pay.share is missing: it must be a whole number of ‰ from 0 to 1000"],
  [{ ...pay, nodes: 1 }, "Pay has no column nodes; did you mean node?"],
  [{ type: "pay" }, 'there is no type "pay"; did you mean Pay?'],
  [{ node: 1 }, "there is no type undefined; there are Pay, Weigh"],
  [[pay], /^a fact is an object with a type, got/],
  [null, "a fact is an object with a type, got null"],
])("%j", (json, message) => {
  expect(why(json)).toMatch(message)
  expect(problemWith(types, json)).toMatch(message)
})

test("facts are read all or none, and the bad one is counted", () => {
  const into = tables(types, 1)
  const found = codec.read([pay, pay, { ...pay, share: -1 }], into)
  expect(Result.isFailure(found) && found.failure.message).toMatch(/^fact 2: Pay.share/)
  expect(into.Pay.length).toBe(0)
  expect(Result.getOrThrow(codec.read([pay, pay], into))).toBe(2)
  expect(codec.write("Pay", into.Pay, 0, 2)).toEqual([pay, pay])
})
