/** A chain's history by SQL, and its folder looked at and mended. */
import { execFileSync } from "node:child_process"
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { newKeyPair } from "./command.ts"
import { readHistory } from "./history.ts"
import { FILE_HEAD, readJournal } from "./journal.ts"
import { genesisHash } from "./genesis.ts"
import { JOURNAL_FILE } from "./recovery.ts"
import { repair } from "./repair.ts"
import { ask, openChain, smallChain, type SmallChain } from "./small-chain.ts"

const CLI = fileURLToPath(new URL("../../cli/blackstart.mjs", import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), "blackstart-history-"))
let chain: SmallChain
let ends: readonly number[]

beforeAll(async () => {
  chain = smallChain({ nodes: 4 })
  const ledger = openChain(chain)
  const keys = [newKeyPair(), newKeyPair()]
  let time = chain.genesis.beginS
  const put = async (bytes: readonly Uint8Array[]): Promise<void> => {
    const answers = bytes.map((b) => ledger.submit(b))
    await ledger.cut((time += 1800))
    await Promise.all(answers)
  }
  await put(keys.map((key) => ask(chain, key, "OpenAccount", {}, { network: "gate" })))
  await put(keys.map((key, node) => ask(chain, key, "CreateMiner", { node, offset: 3, fundsAtto: String(10n ** 22n) })))
  await put([ask(chain, keys[0], "WithdrawBalance", { node: 0, amountAtto: String(10n ** 30n) })])
  for (let n = 0; n < 4; n++) await put([ask(chain, keys[n % 2], "FundMiner", { node: n % 2, amountAtto: "5" })])
  await ledger.close()
  ends = [...readJournal(join(chain.dir, JOURNAL_FILE), genesisHash(chain.genesis))].map((b) => b.end)
})
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true })
  rmSync(chain.dir, { recursive: true, force: true })
})

/** A copy of the chain's folder, to be hurt; without its snapshots unless told. */
function copy(name: string, withSnapshots = false): string {
  const dir = join(scratch, name)
  cpSync(chain.dir, dir, { recursive: true })
  if (!withSnapshots) rmSync(join(dir, "snapshots"), { recursive: true, force: true })
  return dir
}
const flip = (dir: string, at: number): void => {
  const bytes = readFileSync(join(dir, JOURNAL_FILE))
  bytes[at] ^= 0x40
  writeFileSync(join(dir, JOURNAL_FILE), bytes)
}
const wrong = (dir: string, cut = false): readonly string[] =>
  repair(dir, cut)
    .filter((f) => !f.ok)
    .map((f) => f.text)

describe("history", () => {
  test("blocks, commands with their refusals, and nodes window by window", () => {
    const { tables, height, damage } = readHistory(chain.dir)
    expect([height, damage]).toEqual([7, undefined])
    const column = (table: keyof typeof tables, name: string) => tables[table].find((c) => c.name === name)!.values
    expect(column("blocks", "height")).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(column("commands", "type").slice(0, 5)).toEqual([
      "OpenAccount",
      "OpenAccount",
      "CreateMiner",
      "CreateMiner",
      "WithdrawBalance",
    ])
    expect(column("commands", "reason")[4]).not.toBe("")
    expect(column("commands", "code").filter((c) => c !== 0)).toHaveLength(1)
    // Two nodes from the first window on, one sample a window.
    expect(column("nodes", "node")).toHaveLength(14)
    for (const columns of Object.values(tables)) expect(new Set(columns.map((c) => c.values.length)).size).toBe(1)
  })

  test("SQL over its Parquet, on the command line; asked again it is not derived again", { timeout: 60_000 }, () => {
    const dir = copy("asked")
    const query = (sql: string) =>
      JSON.parse(
        execFileSync(process.execPath, [CLI, "testnet", "query", sql, "--dir", dir, "--json"], { encoding: "utf8" }),
      ) as unknown
    expect(
      query(
        "select type, count(*) as n, sum(case when code > 0 then 1 else 0 end) as refused from commands group by type order by type",
      ),
    ).toEqual([
      { type: "CreateMiner", n: 2, refused: 0 },
      { type: "FundMiner", n: 4, refused: 0 },
      { type: "OpenAccount", n: 2, refused: 0 },
      { type: "WithdrawBalance", n: 1, refused: 1 },
    ])
    const before = readFileSync(join(dir, "history", "blocks.parquet"))
    expect(query("select max(height) as height from blocks")).toEqual([{ height: 7 }])
    expect(readFileSync(join(dir, "history", "blocks.parquet")).equals(before)).toBe(true)
  })
})

describe("repair", () => {
  test("a whole chain is told as whole, and nothing is changed", () => {
    const dir = copy("whole", true)
    const before = readdirSync(dir)
    expect(wrong(dir)).toEqual([])
    expect(readdirSync(dir)).toEqual(before)
  })

  test("a torn tail is told with its byte, and left for the next start", () => {
    const dir = copy("torn")
    truncateSync(join(dir, JOURNAL_FILE), ends[6] - 5)
    const [text] = wrong(dir)
    expect(text).toContain(`damaged at byte ${ends[5]} of ${ends[6] - 5}, behind block 6`)
    expect(text).toContain("was never answered")
    expect(readFileSync(join(dir, JOURNAL_FILE))).toHaveLength(ends[6] - 5)
    const ledger = openChain({ ...chain, dir })
    expect(ledger.info().height).toBe(6)
  })

  test("a hole says where, what is whole behind it, and the two ways back; --cut takes the second", async () => {
    const dir = copy("hole")
    flip(dir, ends[3] + 40)
    expect(() => openChain({ ...chain, dir })).toThrow(/damaged at byte/u)
    const texts = wrong(dir)
    expect(texts[0]).toContain(`damaged at byte ${ends[3]}`)
    expect(texts[0]).toContain("2 whole records lie behind it")
    expect(texts[1]).toContain("--cut")
    repair(dir, true)
    expect(wrong(dir)).toEqual([])
    const ledger = openChain({ ...chain, dir })
    expect(ledger.info().height).toBe(4)
    await ledger.close()
    expect(readdirSync(dir).some((f) => f.startsWith(`${JOURNAL_FILE}.cut-at-`))).toBe(true)
  })

  test("a hole before a snapshot costs history, not the chain: nothing is cut, even when asked", () => {
    const dir = copy("behind", true)
    flip(dir, ends[1] + 40)
    const size = readFileSync(join(dir, JOURNAL_FILE)).length
    const found = repair(dir, true)
    expect(found.some((f) => !f.ok && f.text.includes("nothing is to be cut"))).toBe(true)
    expect(found.some((f) => f.ok && f.text.includes("comes back at block 7"))).toBe(true)
    expect(readFileSync(join(dir, JOURNAL_FILE))).toHaveLength(size)
  })

  test("last records that are gone without a trace, when a snapshot knows of them: --cut goes on from what is there", async () => {
    for (const [name, more] of [
      ["short", 0],
      ["shorter", 9],
    ] as const) {
      const dir = copy(name, true)
      truncateSync(join(dir, JOURNAL_FILE), ends[3] + more)
      expect(() => openChain({ ...chain, dir })).toThrow(/testnet repair/u)
      const texts = wrong(dir).join("\n")
      expect(texts).toMatch(/--cut[\s\S]*restore the journal/u)
      expect(texts).not.toContain("next start")
      repair(dir, true)
      expect(wrong(dir)).toEqual([])
      const ledger = openChain({ ...chain, dir })
      expect(ledger.info().height).toBe(4)
      await ledger.close()
    }
  })

  test("whole records out of their order are found, behind a snapshot too", () => {
    const dir = copy("swapped", true)
    const bytes = readFileSync(join(dir, JOURNAL_FILE))
    const [a, b] = [bytes.subarray(ends[1], ends[2]), bytes.subarray(ends[2], ends[3])]
    writeFileSync(join(dir, JOURNAL_FILE), Buffer.concat([bytes.subarray(0, ends[1]), b, a, bytes.subarray(ends[3])]))
    expect(wrong(dir).join()).toContain("block 4 stands where block 3 should")
    const twice = copy("twice")
    writeFileSync(join(twice, JOURNAL_FILE), Buffer.concat([bytes, bytes.subarray(ends[5])]))
    expect(wrong(twice)[0]).toContain("block 7 stands where block 8 should")
    repair(twice, true)
    expect(wrong(twice)).toEqual([])
  })

  test("a lost journal, a foreign one, a genesis that is none: each in a sentence", () => {
    const lost = copy("lost", true)
    rmSync(join(lost, JOURNAL_FILE))
    expect(wrong(lost).join()).toContain("restore it from a copy")
    const foreign = copy("foreign")
    flip(foreign, FILE_HEAD - 1)
    expect(wrong(foreign).join()).toContain("journal of another chain")
    const none = copy("none")
    writeFileSync(join(none, "genesis.json"), "{")
    expect(wrong(none).join()).toContain("it is not JSON")
  })

  test("a folder whose ledger runs is left alone", () => {
    const dir = copy("running")
    // Process 1 always lives.
    writeFileSync(join(dir, "ledger.lock"), "1")
    expect(wrong(dir)[0]).toContain("a ledger runs in")
    expect(() => openChain({ ...chain, dir })).toThrow(/a ledger runs in .* \(process 1\)/u)
  })
})
