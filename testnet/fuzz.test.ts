/** Every door, fuzzed: never a crash, never a changed state, always a named refusal. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import * as net from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import fc from "fast-check"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { RecordProblem } from "../protocol/boundary/durable.ts"
import { startGateway, type Gateway } from "./gateway/server.ts"
import { splitBatch } from "./ledger/batch.ts"
import { canonical, hexOf, newKeyPair, readCommand, signCommand } from "./ledger/command.ts"
import { EmbeddedLedger } from "./ledger/embedded.ts"
import { JOURNAL_FILE } from "./ledger/recovery.ts"
import { readGenesis } from "./ledger/genesis.ts"
import { doorRefusals } from "./ledger/refusals.ts"
import { ask, openChain, smallChain, smallGenesis, type SmallChain } from "./ledger/small-chain.ts"
import { pauseAfter } from "./node/client.ts"
import { readConfig } from "./node/home.ts"

let chain: SmallChain
let ledger: EmbeddedLedger
let gateway: Gateway
const key = newKeyPair()
const named = (reason: string) => Object.hasOwn(doorRefusals, reason)
const state = () => ({
  ...ledger.info(),
  hash: ledger.application.networkStateHash(),
  accounts: ledger.application.gate.account.length,
})

beforeAll(async () => {
  chain = smallChain()
  ledger = openChain(chain)
  const opened = ledger.submit(ask(chain, key, "OpenAccount", {}, { network: "gate" }))
  const made = ledger.submit(ask(chain, key, "CreateMiner", { node: 0, offset: 0, fundsAtto: `${10n ** 22n}` }))
  await ledger.cut(chain.genesis.beginS + 10)
  expect([(await opened).reason, (await made).reason]).toEqual(["", "unknown_account"])
  gateway = await startGateway(ledger, { port: 0, perAddressSecond: 1e6 })
})
afterAll(async () => {
  await gateway.close()
  await ledger.close()
})

/** A valid command to bend. */
const valid = () => Buffer.from(ask(chain, key, "DeclareRecoveries", { node: 0, deadline: 3, atS: 0 }))

describe("bytes", () => {
  test("any bytes are refused by name, and change nothing", async () => {
    const before = state()
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), async (bytes) => named((await ledger.submit(bytes)).reason)),
      { numRuns: 400 },
    )
    expect(state()).toEqual(before)
  })

  test("a genuine command with any byte changed, cut or added is refused by name", async () => {
    const before = state()
    await fc.assert(
      fc.asyncProperty(
        fc.nat(10_000),
        fc.integer({ min: 1, max: 255 }),
        fc.constantFrom("flip", "cut", "add"),
        async (at, by, how) => {
          const bytes = valid()
          const i = at % bytes.length
          if (how === "flip") bytes[i] ^= by
          const bent =
            how === "cut" ? bytes.subarray(0, i) : how === "add" ? Buffer.concat([bytes, Buffer.alloc(1 + (by % 9), by)]) : bytes
          return named((await ledger.submit(bent)).reason)
        },
      ),
      { numRuns: 400 },
    )
    expect(state()).toEqual(before)
  })

  test("what is read back is what was signed: canonical form is one form", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.oneof(fc.integer(), fc.string()), { maxKeys: 6 }), fc.string(), (row, type) => {
        const body = { chain: "c", expiryS: 1, network: "n", nonce: 1, type, row }
        const read = readCommand(signCommand(key, body))
        return typeof read === "string"
          ? read === "oversize" || Object.hasOwn(row, "__proto__")
          : canonical(read.body) === canonical(body)
      }),
    )
  })

  test("a batch is cut into its parts, or is none", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const parts = splitBatch(bytes)
        return parts === undefined || parts.reduce((sum, p) => sum + 4 + p.length, 0) === bytes.length
      }),
    )
  })
})

describe("JSON", () => {
  const cell = fc.oneof(
    fc.integer(),
    fc.double(),
    fc.string(),
    fc.constantFrom(-0, 2 ** 53, "1e9", "-0", "٣", "NaN", "constructor"),
  )
  test("any signed body is taken up by the rules, or refused by name; rows that do not fit never pass", async () => {
    const types = [...Object.keys(ledger.application.network.commands), "OpenAccount", "__proto__", "toString", ""]
    const columns = ["node", "atS", "deadline", "sectors", "amountAtto", "fundsAtto", "offset", "skipped", "__proto__", "length"]
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...types),
        fc.dictionary(fc.constantFrom(...columns), cell),
        fc.constantFrom("filecoin", "gate", "helium", ""),
        async (type, row, network) => {
          const clean = Object.fromEntries(Object.entries(row).filter(([, v]) => typeof v === "string" || Number.isFinite(v)))
          const answer = ledger.submit(ask(chain, key, type, clean, { network }))
          const blocks = ledger.info().height
          await ledger.cut(ledger.info().time + 1)
          const { reason, code, height } = await answer
          return code === 0 || height === blocks + 1 ? true : named(reason)
        },
      ),
      { numRuns: 300 },
    )
  })

  test("a genesis and a config are read whole, or refused in a sentence", () => {
    const refuses = (read: (data: unknown) => unknown) => (data: unknown) => {
      try {
        read(data)
        return true
      } catch (error) {
        return error instanceof RecordProblem && !error.message.includes("\n")
      }
    }
    const genesis = smallGenesis(key)
    fc.assert(
      fc.property(
        fc.jsonValue(),
        refuses((d) => readGenesis(d)),
      ),
    )
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(genesis)), fc.jsonValue(), (field, value) =>
        refuses((d) => readGenesis(d))({ ...genesis, [field]: value }),
      ),
      // An object that cannot be turned into text once broke the sentence that names it.
      { examples: [["format", { toString: "" }]] },
    )
    const config = { gateways: ["http://127.0.0.1:1"], roles: ["storage"], sectors: 1, pagePort: 0 }
    fc.assert(
      fc.property(
        fc.jsonValue(),
        refuses((d) => readConfig(d, "config.json")),
      ),
    )
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(config)), fc.jsonValue(), (field, value) =>
        refuses((d) => readConfig(d, "c"))({ ...config, [field]: value }),
      ),
    )
  })
})

describe("HTTP", () => {
  test("any post is answered with named refusals", async () => {
    const before = state()
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.boolean(), async (bytes, framed) => {
        const head = Buffer.alloc(4)
        head.writeUInt32LE(bytes.length)
        const answer = await fetch(`${gateway.url}/v1/commands`, {
          method: "POST",
          body: framed ? Buffer.concat([head, bytes]) : bytes,
        })
        const results = (await answer.json()) as { reason: string }[]
        return answer.status < 500 && results.length > 0 && results.every((r) => named(r.reason))
      }),
      { numRuns: 120 },
    )
    expect(state()).toEqual(before)
  })

  test("any path is answered below 500, and tells nothing of this computer", async () => {
    await fc.assert(
      fc.asyncProperty(fc.webPath(), fc.constantFrom("/", "/v1/accounts/", "/v1/seeds/", "/v1/"), async (path, prefix) => {
        const answer = await fetch(gateway.url + prefix + path.replace(/^\/+/u, ""))
        const text = (await answer.text()).slice(0, 5000)
        return answer.status < 500 && !text.includes("node_modules") && !text.includes("PRIVATE")
      }),
      { numRuns: 120 },
    )
  })

  test("a body that is larger than said, or than taken, is refused without being read", async () => {
    const answer = await fetch(`${gateway.url}/v1/commands`, { method: "POST", body: new Uint8Array(2 * 1024 * 1024) })
    expect([answer.status, ((await answer.json()) as { reason: string }[])[0].reason]).toEqual([413, "oversize"])
  })

  test("bytes that are no HTTP do not hurt it", async () => {
    const { port } = new URL(gateway.url)
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        (bytes) =>
          new Promise<boolean>((done) => {
            const socket = net.connect(Number(port), "127.0.0.1", () => socket.end(bytes))
            socket.on("error", () => done(true))
            socket.on("close", () => done(true))
            socket.resume()
          }),
      ),
      { numRuns: 40 },
    )
    expect((await fetch(`${gateway.url}/v1/status`)).status).toBe(200)
  })

  test("it listens on this computer only, unless told otherwise", () => {
    expect(new URL(gateway.url).hostname).toBe("127.0.0.1")
  })

  test("an address that floods is refused, by name", async () => {
    const slow = await startGateway(ledger, { port: 0, perAddressSecond: 1 })
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => fetch(`${slow.url}/v1/commands`, { method: "POST", body: "x" })),
    )
    const reasons = await Promise.all(answers.map(async (a) => ((await a.json()) as { reason: string }[])[0].reason))
    expect(reasons.filter((r) => r === "flooding").length).toBe(4)
    await slow.close()
  })
})

describe("journal files", () => {
  test("any damage is told, or the chain comes back as it was up to there: never a crash, never another history", async () => {
    const hurt = smallChain({ network: "cdn", nodes: 4 })
    const open = openChain(hurt)
    const hashes = ["0".repeat(64)]
    for (let n = 0; n < 6; n++) {
      const answer = open.submit(
        ask(
          hurt,
          hurt.authority,
          n < 4 ? "RegisterPop" : "ReportHealth",
          n < 4 ? { node: n, latE7: 0, lngE7: 0, atS: 0 } : { node: 1, errorPermille: n, atS: 0 },
        ),
      )
      hashes.push((await open.cut(hurt.genesis.beginS + n)).appHash)
      expect((await answer).reason).toBe("")
    }
    // Killed, not closed.
    const whole = readFileSync(join(hurt.dir, JOURNAL_FILE))
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length - 1),
        fc.integer({ min: 1, max: 255 }),
        fc.constantFrom("flip", "cut", "add", "zero"),
        fc.boolean(),
        async (at, by, how, cutDamage) => {
          const dir = mkdtempSync(join(tmpdir(), "blackstart-hurt-"))
          EmbeddedLedger.create(dir, hurt.genesis)
          const bytes = Buffer.from(whole)
          if (how === "flip") bytes[at] ^= by
          if (how === "zero") bytes.fill(0, at, Math.min(bytes.length, at + by))
          const bent =
            how === "cut" ? bytes.subarray(0, at) : how === "add" ? Buffer.concat([bytes, Buffer.alloc(by, by)]) : bytes
          writeFileSync(join(dir, JOURNAL_FILE), bent)
          try {
            const again = openChain({ ...hurt, dir }, { cutDamage })
            const { height, appHash } = again.info()
            await again.close()
            return hashes[height] === appHash
          } catch (error) {
            return error instanceof RecordProblem
          } finally {
            rmSync(dir, { recursive: true, force: true })
          }
        },
      ),
      { numRuns: 150 },
    )
  })
})

test("pauses grow, are bounded, and differ between nodes", () => {
  fc.assert(
    fc.property(fc.nat(100), fc.double({ min: 0, max: 0.999, noNaN: true }), (n, dice) => {
      const pause = pauseAfter(n, dice)
      return pause >= 125 && pause <= 15_000 && pauseAfter(n + 1, dice) >= pause
    }),
  )
})

test("nothing secret is in a journal, a genesis or an account", () => {
  const pem = chain.authority.privateKey.export({ type: "pkcs8", format: "der" }) as Buffer
  const secret = pem.subarray(-32)
  for (const file of [JOURNAL_FILE, "genesis.json"]) {
    const bytes = readFileSync(join(chain.dir, file))
    expect(bytes.includes(secret) || bytes.includes(hexOf(secret))).toBe(false)
  }
})
