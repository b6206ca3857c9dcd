import { createHash } from "node:crypto"
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { appendRow, table } from "../../protocol/kernel/table.ts"
import { unit } from "../../protocol/kernel/unit.ts"
import { fromTable, toSnakeCase, writeParquet, type ParquetColumn } from "./parquet.ts"
import { openRun, print, query } from "./query.ts"

const dir = mkdtempSync(join(tmpdir(), "blackstart-record-"))
afterAll(() => rmSync(dir, { recursive: true, force: true }))
const folder = (name: string) => {
  mkdirSync(join(dir, name))
  return join(dir, name)
}

const everyType: readonly ParquetColumn[] = [
  { name: "tiny", type: "UTINYINT", values: Uint8Array.of(0, 255, 7) },
  { name: "small", type: "USMALLINT", values: [0, 65535, 7] },
  { name: "node", type: "INTEGER", values: Int32Array.of(-(2 ** 31), 2 ** 31 - 1, 7) },
  { name: "at", type: "UINTEGER", values: Uint32Array.of(0, 2 ** 32 - 1, 7) },
  { name: "safe", type: "BIGINT", values: Float64Array.of(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, -7) },
  { name: "share", type: "DOUBLE", values: Float64Array.of(0.1, -0.5, Number.MAX_VALUE) },
  { name: "wide", type: "HUGEINT", values: [-(1n << 101n), (1n << 101n) - 1n, 2n ** 70n] },
  { name: "city", type: "VARCHAR", values: ["São Paulo", "", 'L\'Aquila, "AQ"'] },
]

describe("writing and asking", () => {
  it("gives back every type exactly, at its limits", async () => {
    const run = folder("types")
    await writeParquet(join(run, "all.parquet"), everyType)
    const { columns, rows } = await query(run, 'from "all"')
    expect(columns).toEqual(everyType.map((c) => c.name))
    expect(rows).toEqual([0, 1, 2].map((i) => everyType.map((c) => c.values[i])))
    expect((await query(run, 'select sum(wide) as total from "all"')).rows).toEqual([[2n ** 70n - 1n]])
  })

  it("keeps the order of more rows than one chunk holds, strings included", async () => {
    const run = folder("many")
    const n = 5000
    await writeParquet(join(run, "nodes.parquet"), [
      { name: "node", type: "INTEGER", values: Int32Array.from({ length: n }, (_, i) => i) },
      { name: "city", type: "VARCHAR", values: Array.from({ length: n }, (_, i) => `a city with a long name, number ${i}`) },
    ])
    const { rows } = await query(run, "from nodes")
    expect(rows).toHaveLength(n)
    expect(rows.every((row, i) => row[0] === i && row[1] === `a city with a long name, number ${i}`)).toBe(true)
  })

  it("writes an empty table that still has its columns", async () => {
    const run = folder("empty")
    await writeParquet(join(run, "sweep.parquet"), [{ name: "value", type: "INTEGER", values: [] }])
    expect(await query(run, "from sweep")).toEqual({ columns: ["value"], rows: [] })
  })

  it("writes the same bytes every time", async () => {
    const run = folder("bytes")
    const hash = async (name: string) => {
      await writeParquet(join(run, name), everyType)
      return createHash("sha256")
        .update(readFileSync(join(run, name)))
        .digest("hex")
    }
    expect(await hash("one.parquet")).toBe(await hash("two.parquet"))
  })

  it("takes a kernel table, with wide money and names in snake_case", async () => {
    const t = table(
      {
        node: unit("node", "u32"),
        paidBones: unit("bone", "wide"),
        latE7: unit("1e-7 degree", "i32"),
        bias: unit("dB", "i16"),
        sum: unit("count", "safe"),
      },
      8,
    )
    appendRow(t, { node: 4_000_000_000, paidBones: 1n << 100n, latE7: -899_999_999, bias: -3, sum: 2 ** 52 })
    appendRow(t, { node: 1, paidBones: -5n, latE7: 0, bias: 3, sum: -1 })
    const run = folder("table")
    await writeParquet(join(run, "t.parquet"), fromTable(t))
    expect(await query(run, "from t")).toEqual({
      columns: ["node", "paid_bones", "lat_e7", "bias", "sum"],
      rows: [
        [4_000_000_000, 1n << 100n, -899_999_999, -3, 2 ** 52],
        [1, -5, 0, 3, -1],
      ],
    })
    expect(["coverage.proved", "reward.paidBones", "latE7", "HTTPStatus"].map(toSnakeCase)).toEqual([
      "coverage_proved",
      "reward_paid_bones",
      "lat_e7",
      "http_status",
    ])
  })
})

describe("when writing goes wrong", () => {
  const one: readonly ParquetColumn[] = [{ name: "node", type: "INTEGER", values: [1] }]

  it("leaves the old file and no temporary one when a value does not fit", async () => {
    const run = folder("misfit")
    const path = join(run, "t.parquet")
    await writeParquet(path, one)
    const before = readFileSync(path)
    await expect(writeParquet(path, [{ name: "tiny", type: "UTINYINT", values: [1, 256] }])).rejects.toThrow(
      `${path} was not written: row 1 of column tiny holds 256, which is no UTINYINT`,
    )
    expect(readFileSync(path)).toEqual(before)
    expect(readdirSync(run)).toEqual(["t.parquet"])
  })

  it("says that the disk is full, and how to go on", async () => {
    const run = folder("full")
    symlinkSync("/dev/full", join(run, "t.parquet.tmp"))
    await expect(writeParquet(join(run, "t.parquet"), one)).rejects.toThrow(
      /the disk is full\. Free some space or choose another folder/,
    )
    expect(readdirSync(run)).toEqual([])
    expect(existsSync("/dev/full")).toBe(true)
  })

  it("says that the folder is missing, or that a folder is in the way", async () => {
    await expect(writeParquet(join(dir, "nowhere", "t.parquet"), one)).rejects.toThrow(
      /the folder .*nowhere does not exist\. Create it first/,
    )
    mkdirSync(join(folder("taken"), "t.parquet"))
    await expect(writeParquet(join(dir, "taken", "t.parquet"), one)).rejects.toThrow(/a folder of that name is in the way/)
    expect(readdirSync(join(dir, "taken"))).toEqual(["t.parquet"])
  })

  it("refuses columns of different lengths, and none at all", async () => {
    await expect(writeParquet("x", [...one, { name: "b", type: "INTEGER", values: [] }])).rejects.toThrow(
      "column b has 0 rows, but node has 1",
    )
    await expect(writeParquet("x", [])).rejects.toThrow("needs at least one column")
    await expect(writeParquet("x", [...one, ...one])).rejects.toThrow("two columns are called node")
  })
})

describe("when a question goes wrong", () => {
  it("answers in one sentence that says what there is instead", async () => {
    const run = folder("ask")
    await writeParquet(join(run, "epochs_cdn.parquet"), everyType)
    await writeParquet(join(run, "nodes_cdn.parquet"), everyType)
    await expect(query(run, "from epoch")).rejects.toThrow(
      "there is no table epoch in this run; the tables are epochs_cdn, nodes_cdn, epochs, nodes",
    )
    await expect(query(run, "select nod from nodes_cdn")).rejects.toThrow(
      /^the query failed: Referenced column "nod" not found.*Candidate bindings: .*"node"/,
    )
    await expect(query(run, "selec 1")).rejects.toThrow(/^the query failed: syntax error at or near "selec"$/)
    await expect(query(join(dir, "gone"), "select 1")).rejects.toThrow(`there is no run folder ${join(dir, "gone")}`)
    await expect(query(folder("bare"), "select 1")).rejects.toThrow("holds no Parquet tables")
    writeFileSync(join(run, "torn.parquet"), "PAR1")
    await expect(openRun(run)).rejects.toThrow(/torn\.parquet is not a readable Parquet file .*run the scenario again/)
  })
})

it("prints an answer as text, CSV and JSON", () => {
  const answer = {
    columns: ["city", "bones"],
    rows: [
      ['Bonn, "DE"', 12],
      ["Lima", 1n << 60n],
      [null, null],
    ],
  }
  expect(print(answer, "text")).toBe(
    'city                      bones\n──────────  ───────────────────\nBonn, "DE"                   12\nLima        1152921504606846976\n\n',
  )
  expect(print(answer, "csv")).toBe('city,bones\n"Bonn, ""DE""",12\nLima,1152921504606846976\n,\n')
  expect(JSON.parse(print(answer, "json"))).toEqual([
    { city: 'Bonn, "DE"', bones: 12 },
    { city: "Lima", bones: "1152921504606846976" },
    { city: null, bones: null },
  ])
})
