import { execFileSync } from "node:child_process"
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { findDifference } from "./compare.ts"
import { registry, runVectors } from "./index.ts"
import { PENDING } from "./pending.ts"

const file = JSON.parse(readFileSync("vectors/helium.json", "utf8")) as { vectors: { fn: string }[] }
const one = (vector: object) => ({ vectors: [{ id: "x", fn: "helium.hip51Power", input: { hnt: 1000, months: 6 }, expected: 1000, ...vector }] })

describe("the public vectors", () => {
  const report = runVectors(file)
  test("pass, every one that is not pending", () => {
    expect(report.failed).toEqual([])
    expect(report.passed).toBeGreaterThan(0)
    expect(report.passed + report.pending.reduce((sum, { count }) => sum + count, 0)).toBe(file.vectors.length)
  })
  test("each of their functions is either implemented or listed as pending, never both", () => {
    for (const fn of new Set(file.vectors.map((v) => v.fn))) expect([fn, Object.hasOwn(registry, fn)]).toEqual([fn, !PENDING.has(fn)])
  })
})

describe("what fails", () => {
  const failure = (json: unknown) => runVectors(json).failed[0]
  test("an unknown function, even one that only looks pending", () => {
    expect(failure(one({ fn: "helium.nosuch" })).message).toBe("no function named helium.nosuch")
    expect(failure(one({ fn: "helium.mobile.nosuch" })).message).toContain("no function")
    expect(failure(one({ fn: "toString" })).message).toContain("no function")
  })
  test("a wrong expected value, with both values", () => {
    expect(failure(one({ expected: 1001 }))).toMatchObject({ id: "x", expected: 1001, actual: 1000 })
  })
  test("a function that throws", () => {
    expect(failure(one({ fn: "helium.treasuryPrice", input: { hnt: "1", supply: "0" } })).message).toBe("threw: division by zero")
  })
  test("a function fed another shape", () => expect(failure(one({ fn: "helium.iotPools", input: null })).message).toContain("threw"))
})

describe("what is equal", () => {
  test.each([
    [4, 4.0, undefined],
    [null, null, undefined],
    ["1.50", "1.50", undefined],
    [{ a: [1, "2"] }, { a: [1, "2"] }, undefined],
    [1, 1.1, { type: "abs", value: 0.1 }],
    ["44520547.945206", "44520547.945205", { type: "abs", value: 0.000001 }],
    [200, 202, { type: "rel", value: 0.01 }],
    [{ a: "ok", b: -3 }, { a: "ok", b: -3.01 }, { type: "abs", value: 0.02 }],
  ] as const)("%j and %j", (expected, actual, tolerance) => expect(findDifference(expected, actual, tolerance)).toBe(null))
  test.each([
    ["1.50", "1.5", undefined],
    ["4", 4, undefined],
    [null, undefined, undefined],
    [null, 0, { type: "abs", value: 1 }],
    [[1, 2], [1], undefined],
    [{ a: 1 }, { a: 1, b: 2 }, undefined],
    [{ a: 1 }, {}, undefined],
    [1, NaN, { type: "abs", value: 1 }],
    ["ok", "TooLate", { type: "abs", value: 1 }],
    [200, 202.1, { type: "rel", value: 0.01 }],
    [1, 2, undefined],
  ] as const)("not %j and %j", (expected, actual, tolerance) => expect(findDifference(expected, actual, tolerance)).not.toBe(null))
})

describe("the command", () => {
  const folder = mkdtempSync(join(tmpdir(), "vectors-"))
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const run = (...files: string[]): { status: number; out: string } => {
    try {
      return { status: 0, out: execFileSync(process.execPath, ["cli/vectors.ts", ...files], { encoding: "utf8", stdio: "pipe" }) }
    } catch (error) {
      const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string }
      return { status, out: stdout + stderr }
    }
  }
  test("ends with its counts and tells failure by its status", () => {
    const good = write("good.json", JSON.stringify(one({})))
    const bad = write("bad.json", JSON.stringify(one({ expected: 7 })))
    expect(run(good)).toEqual({ status: 0, out: "1 passed, 0 failed\n" })
    const mixed = run(good, bad)
    expect(mixed.status).toBe(1)
    expect(mixed.out).toContain("expected 7")
    expect(mixed.out).toContain("actual   1000")
    expect(mixed.out.trimEnd().split("\n").at(-1)).toBe("1 passed, 1 failed")
  })
  test.each([
    ["missing", join(folder, "none.json"), "does not exist"],
    ["broken", write("broken.json", "{"), "is not valid JSON"],
    ["other", write("other.json", "[]"), "is not a vector file"],
  ])("names a %s file in one sentence", (_, path, words) => {
    const { status, out } = run(path)
    expect(status).toBe(1)
    expect(out.trimEnd().split("\n")).toHaveLength(1)
    expect(out).toContain(path)
    expect(out).toContain(words)
  })
})
