/** The embedded ledger: what is answered is final, what is refused is named, and a chain reads back hash for hash. */
import { appendFileSync, mkdtempSync, readFileSync, readdirSync, statSync, truncateSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { newKeyPair } from "./command.ts"
import type { EmbeddedLedger } from "./embedded.ts"
import { JOURNAL_FILE } from "./recovery.ts"
import { exportChain, isChainRun, replayChain } from "./export.ts"
import { ask, openChain, smallChain } from "./small-chain.ts"

const FIL = 10n ** 18n
const create = (node: number, fil = 50_000n, offset = 0) => ({ node, offset, fundsAtto: String(fil * FIL) })

/** A chain with one joined node. */
async function joined(changes = {}) {
  const chain = smallChain(changes)
  const ledger = openChain(chain)
  const key = newKeyPair()
  const opened = ledger.submit(ask(chain, key, "OpenAccount", {}, { network: "gate" }))
  await ledger.cut(chain.genesis.beginS + 10)
  expect((await opened).reason).toBe("")
  return { chain, ledger, key }
}
/** Submits and cuts a block some seconds later. */
async function ordered(ledger: EmbeddedLedger, bytes: Uint8Array, later = 10) {
  const result = ledger.submit(bytes)
  await ledger.cut(ledger.info().time + later)
  return result
}

describe("one command's way", () => {
  test("a key joins, its provider is created out of test stake, and the answer names block and hash", async () => {
    const { chain, ledger, key } = await joined()
    const done = await ordered(ledger, ask(chain, key, "CreateMiner", create(0)))
    expect(done).toMatchObject({ code: 0, reason: "", height: 2, appHash: ledger.info().appHash })
    const again = await ordered(ledger, ask(chain, key, "CreateMiner", create(0)))
    expect(again).toMatchObject({ code: expect.any(Number), reason: "already_created" })
    expect(again.code).toBeGreaterThanOrEqual(1000)
    await ledger.close()
  })

  test("a chain that was closed and opened goes on from the same hash", async () => {
    const { chain, ledger, key } = await joined()
    await ordered(ledger, ask(chain, key, "CreateMiner", create(0)))
    const before = ledger.info()
    await ledger.close()
    const again = openChain(chain)
    expect(again.info()).toEqual(before)
    expect(again.recovered.blocks).toBe(0)
    await again.close()
  })

  test("an export folds to the same hashes, and one changed byte is found", async () => {
    const { chain, ledger, key } = await joined()
    await ordered(ledger, ask(chain, key, "CreateMiner", create(0)))
    await ordered(ledger, ask(chain, key, "FundMiner", { node: 0, amountAtto: "5" }), 4000)
    const { appHash } = ledger.info()
    await ledger.close()
    const out = join(mkdtempSync(join(tmpdir(), "blackstart-export-")), "run")
    const exported = exportChain(chain.dir, out)
    expect(exported).toMatchObject({ blocks: 3, commands: 3, logHash: appHash })
    expect(isChainRun(out)).toBe(true)
    expect(await replayChain(out)).toMatchObject({ verified: true, epochs: 3, logHash: appHash })
    const events = readFileSync(join(out, "events.bin"))
    events[events.length - 20] ^= 1
    writeFileSync(join(out, "events.bin"), events)
    expect(await replayChain(out)).toMatchObject({ verified: false, difference: { epoch: 2, what: "events" } })
  })
})

describe("refusals of the door, by name", () => {
  test("each reaches the one who asks, and none changes the state", async () => {
    const { chain, ledger, key } = await joined()
    await ordered(ledger, ask(chain, key, "CreateMiner", create(0)))
    const { beginS } = chain.genesis
    const stranger = newKeyPair()
    const used = ask(chain, key, "FundMiner", { node: 0, amountAtto: "1" })
    expect((await ordered(ledger, used)).reason).toBe("")
    const forged = ask(chain, key, "FundMiner", { node: 0, amountAtto: "1" })
    forged[40] ^= 1
    const altered = Buffer.from(ask(chain, key, "FundMiner", { node: 0, amountAtto: "1" }))
    altered[altered.indexOf('"amountAtto":"1"') + 14] = "9".charCodeAt(0)
    const spaced = Buffer.from(ask(chain, key, "FundMiner", { node: 0, amountAtto: "1" }))
    const before = ledger.info()
    const cases: readonly (readonly [string, Uint8Array])[] = [
      ["malformed", new Uint8Array(10)],
      ["malformed", new Uint8Array(200)],
      ["oversize", new Uint8Array(600 * 1024)],
      ["not_canonical", spaceOut(spaced)],
      ["forged", forged],
      ["forged", altered],
      ["replayed", used],
      ["wrong_chain", ask(chain, key, "FundMiner", { node: 0, amountAtto: "1" }, { chain: "other-1" })],
      ["expired", ask(chain, key, "FundMiner", { node: 0, amountAtto: "1" }, { expiryS: beginS })],
      ["expires_too_late", ask(chain, key, "FundMiner", { node: 0, amountAtto: "1" }, { expiryS: beginS + 10 * 86_400 })],
      ["unknown_account", ask(chain, stranger, "FundMiner", { node: 0, amountAtto: "1" })],
      ["wrong_network", ask(chain, key, "FundMiner", { node: 0, amountAtto: "1" }, { network: "helium" })],
      ["unknown_command", ask(chain, key, "MintMoney", { node: 0 })],
      ["unknown_command", ask(chain, key, "constructor", {})],
      ["bad_row", ask(chain, key, "FundMiner", { node: 0 })],
      ["bad_row", ask(chain, key, "FundMiner", { node: -1, amountAtto: "1" })],
      ["bad_row", ask(chain, key, "FundMiner", { node: 0, amountAtto: 1 })],
      ["not_your_node", ask(chain, key, "FundMiner", { node: 1, amountAtto: "1" })],
      ["not_allowed", ask(chain, key, "CertifyFinality", { atS: 0, signed: 2, whole: 2 })],
      ["stake_is_spent", ask(chain, key, "FundMiner", { node: 0, amountAtto: String(60_000n * FIL) })],
      ["stake_is_spent", ask(chain, key, "FundMiner", { node: 0, amountAtto: "-1" })],
      ["time_is_not_yours", ask(chain, key, "DeclareRecoveries", { node: 0, deadline: 0, atS: beginS })],
      ["time_is_off", ask(chain, key, "ProduceBlock", { node: 0, atS: beginS + 10_000 })],
      ["evidence_is_missing", ask(chain, key, "PreCommitSectors", { node: 0, sectors: 1, atS: 0 })],
      ["evidence_is_another", ask(chain, key, "FundMiner", { node: 0, amountAtto: "1" }, { evidence: new Uint8Array(8) })],
      ["already_open", ask(chain, key, "OpenAccount", {}, { network: "gate" })],
    ]
    for (const [reason, bytes] of cases) expect(await ledger.submit(bytes), reason).toMatchObject({ reason, height: 0 })
    expect(ledger.info()).toEqual(before)
    await ledger.close()
  })

  test("a flood from one key is held back, and another key is not", async () => {
    const { chain, ledger, key } = await joined()
    await ledger.close()
    let now = 0
    const slow = openChain(chain, { perKeySecond: 5, clock: () => now })
    const answers = Array.from({ length: 12 }, () => slow.submit(ask(chain, key, "FundMiner", { node: 0, amountAtto: "1" })))
    await slow.cut(slow.info().time + 1)
    expect((await Promise.all(answers)).filter((a) => a.reason === "flooding")).toHaveLength(2)
    now += 1000
    const later = slow.submit(ask(chain, key, "FundMiner", { node: 0, amountAtto: "1" }))
    await slow.cut(slow.info().time + 1)
    expect((await later).reason).toBe("unknown_miner")
    await slow.close()
  })

  test("the faucet has a limit a day, and places end", async () => {
    const chain = smallChain({ nodes: 2, faucet: { grantAtto: "1", grantsPerDay: 1 } })
    const ledger = openChain(chain)
    const open = () => ordered(ledger, ask(chain, newKeyPair(), "OpenAccount", {}, { network: "gate" }), 60)
    expect((await open()).reason).toBe("")
    expect((await open()).reason).toBe("faucet_is_dry")
    await ledger.cut(chain.genesis.beginS + 90_000)
    const late = (key = newKeyPair()) =>
      ordered(ledger, ask(chain, key, "OpenAccount", {}, { network: "gate", expiryS: chain.genesis.beginS + 100_000 }), 60)
    expect((await late()).reason).toBe("")
    await ledger.cut(chain.genesis.beginS + 2 * 90_000)
    expect(
      (
        await ordered(
          ledger,
          ask(chain, newKeyPair(), "OpenAccount", {}, { network: "gate", expiryS: chain.genesis.beginS + 190_000 }),
          60,
        )
      ).reason,
    ).toBe("no_place_left")
    await ledger.close()
  })
})

describe("a damaged journal", () => {
  async function threeBlocks() {
    const { chain, ledger, key } = await joined()
    await ordered(ledger, ask(chain, key, "CreateMiner", create(0)))
    await ordered(ledger, ask(chain, key, "FundMiner", { node: 0, amountAtto: "5" }))
    const info = ledger.info()
    const path = join(chain.dir, JOURNAL_FILE)
    // Killed, not closed: no snapshot was taken.
    return { chain, path, info, size: statSync(path).size }
  }

  test("a torn tail is set aside and cut; every whole block is kept", async () => {
    const { chain, path, info, size } = await threeBlocks()
    appendFileSync(path, readFileSync(path).subarray(40, 90))
    const told: string[] = []
    const again = openChain(chain, { tell: (s) => told.push(s) })
    expect(again.info()).toEqual(info)
    expect(statSync(path).size).toBe(size)
    expect(told.join()).toContain(`damaged at byte ${size}`)
    expect(readdirSync(chain.dir).some((f) => f.includes("cut-at"))).toBe(true)
    await again.close()
  })

  test("a hole with whole blocks behind it stops the start and says where; the operator may cut", async () => {
    const { chain, path, size } = await threeBlocks()
    const bytes = readFileSync(path)
    bytes[size >> 1] ^= 1
    writeFileSync(path, bytes)
    expect(() => openChain(chain)).toThrow(/damaged at byte \d+ of \d+.*--cut-damage/u)
    const again = openChain(chain, { cutDamage: true })
    expect(again.info().height).toBeLessThan(3)
    await again.close()
  })

  test("a journal shorter than its snapshot is never taken for whole", async () => {
    const { chain, ledger, key } = await joined()
    await ordered(ledger, ask(chain, key, "CreateMiner", create(0)))
    await ledger.close()
    truncateSync(join(chain.dir, JOURNAL_FILE), 100)
    expect(() => openChain(chain)).toThrow(/restore the journal from a copy/u)
  })

  test("a command changed in place, checksum made to fit, is found by the chain of hashes", async () => {
    const { chain, path } = await threeBlocks()
    const { encodeBlock, readJournal } = await import("./journal.ts")
    const { genesisHash } = await import("./genesis.ts")
    const blocks = [...readJournal(path, genesisHash(chain.genesis))].map(({ block }) => ({
      ...block,
      commands: block.commands.map((c) => c.slice()),
      previous: block.previous.slice(),
    }))
    const head = readFileSync(path).subarray(0, 36)
    blocks[1].time += 1
    writeFileSync(path, Buffer.concat([head, ...blocks.map(encodeBlock)]))
    expect(() => openChain(chain)).toThrow(/app hash/u)
  })
})

/** The same command with a space in its body: signed bytes would differ, but the form is refused before. */
function spaceOut(bytes: Buffer): Uint8Array {
  const length = bytes.readUInt32LE(96)
  const body = Buffer.from(bytes.toString("utf8", 100, 100 + length).replace(",", ", "))
  const head = Buffer.from(bytes.subarray(0, 100))
  head.writeUInt32LE(body.length, 96)
  return Buffer.concat([head, body])
}
