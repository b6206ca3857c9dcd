/** The doors that fuzz.test.ts does not walk: files of a stopped chain, the demonstration's page and hosts, and a corpus of what has hurt others. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { request } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import fc from "fast-check"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { RecordProblem } from "../protocol/boundary/durable.ts"
import { Demo } from "./demo/demo.ts"
import { serveDemo, type Served } from "./demo/serve.ts"
import { startGateway, type Gateway } from "./gateway/server.ts"
import type { EmbeddedLedger } from "./ledger/embedded.ts"
import { readHistory } from "./ledger/history.ts"
import { JOURNAL_FILE, SNAPSHOTS } from "./ledger/recovery.ts"
import { repair } from "./ledger/repair.ts"
import { ask, openChain, smallChain, type SmallChain } from "./ledger/small-chain.ts"
import { Home } from "./node/home.ts"

const scratch = mkdtempSync(join(tmpdir(), "blackstart-doors-"))
let chain: SmallChain
let appHash: string

beforeAll(async () => {
  chain = smallChain({ network: "cdn", nodes: 4 })
  const ledger = openChain(chain, { snapshotEveryBlocks: 2 })
  for (let n = 0; n < 5; n++) {
    const answer = ledger.submit(ask(chain, chain.authority, "RegisterPop", { node: n % 4, latE7: n, lngE7: 0, atS: 0 }))
    await ledger.cut(chain.genesis.beginS + n)
    await answer
  }
  appHash = ledger.info().appHash
  await ledger.close()
})
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true })
  rmSync(chain.dir, { recursive: true, force: true })
})

const bent = fc.record({
  at: fc.double({ min: 0, max: 0.9999, noNaN: true }),
  by: fc.integer({ min: 1, max: 255 }),
  how: fc.constantFrom("flip", "cut", "add", "zero"),
})
function bend(bytes: Buffer, { at, by, how }: { at: number; by: number; how: string }): Buffer {
  const i = Math.floor(at * bytes.length)
  if (how === "cut") return bytes.subarray(0, i)
  if (how === "add") return Buffer.concat([bytes, Buffer.alloc(by, by)])
  const out = Buffer.from(bytes)
  if (how === "flip") out[i] ^= by
  else out.fill(0, i, Math.min(out.length, i + by))
  return out
}

describe("files of a stopped chain", () => {
  test("whatever is bent: told in sentences, nothing cut unasked, and never another history", async () => {
    const files = [JOURNAL_FILE, "genesis.json", ...readdirSync(join(chain.dir, SNAPSHOTS)).map((f) => join(SNAPSHOTS, f))]
    const dir = join(scratch, "bent")
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files), bent, async (file, how) => {
        rmSync(dir, { recursive: true, force: true })
        cpSync(chain.dir, dir, { recursive: true })
        writeFileSync(join(dir, file), bend(readFileSync(join(dir, file)), how))
        const before = readFileSync(join(dir, JOURNAL_FILE))
        const found = repair(dir, false)
        expect(found.every((f) => f.text !== "" && !f.text.includes("\n"))).toBe(true)
        expect(readFileSync(join(dir, JOURNAL_FILE)).equals(before)).toBe(true)
        try {
          readHistory(dir)
        } catch (error) {
          expect(error).toBeInstanceOf(RecordProblem)
        }
        try {
          const ledger = openChain({ ...chain, dir })
          const info = ledger.info()
          await ledger.close()
          // A snapshot, or the whole journal: either way this very chain, or a shorter one that was told of.
          return info.appHash === appHash || found.some((f) => !f.ok)
        } catch (error) {
          return error instanceof RecordProblem && found.some((f) => !f.ok)
        }
      }),
      { numRuns: 60 },
    )
  })

  test("a node's config and key files of any bytes are used, or refused in a sentence", () => {
    const dir = join(scratch, "home")
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.constantFrom("config.json", "key.pem"), (bytes, file) => {
        rmSync(dir, { recursive: true, force: true })
        const home = new Home(dir)
        home.key()
        writeFileSync(join(dir, file), bytes, { mode: 0o600 })
        try {
          if (file === "key.pem") home.key()
          else home.config()
          return false
        } catch (error) {
          return error instanceof RecordProblem && !error.message.includes("\n")
        }
      }),
      { numRuns: 80 },
    )
  })
})

/** Paths, methods and bodies that have hurt other servers: kept, and added to. */
const CORPUS: readonly (readonly [method: string, path: string, body?: string, headers?: Readonly<Record<string, string>>])[] = [
  ["GET", "/../../../../etc/passwd"],
  ["GET", "/%2e%2e/%2e%2e/etc/passwd"],
  ["GET", "/v1/accounts/%00"],
  ["GET", "/v1/accounts/__proto__"],
  ["GET", "/v1/accounts/%E0%A4%A"],
  ["GET", "/v1/seeds/1e309"],
  ["GET", "/v1/seeds/-0"],
  ["GET", "/v1/seeds/9007199254740993"],
  ["GET", "//v1//status"],
  ["GET", `/${"a".repeat(8000)}`],
  ["GET", "/?__proto__[x]=1"],
  ["POST", "/v1/commands", "\0".repeat(4)],
  ["POST", "/v1/commands", "\xff\xff\xff\xff"],
  ["POST", "/v1/commands", "x".repeat(70_000)],
  ["POST", "/v1/commands", "", { "content-length": "-1" }],
  ["DELETE", "/v1/status"],
  ["OPTIONS", "*"],
  ["TRACE", "/"],
  ["POST", "/act/%E0%A4%A"],
  ["POST", "/act/constructor"],
  ["POST", "/act/kill-region:__proto__"],
  ["POST", "/act/kill-proxy", "", { origin: "null" }],
  ["GET", "/", "", { host: "evil.example" }],
  ["GET", "/live", "", { "last-event-id": "9".repeat(5000) }],
  ["PUT", "/_/site", "{"],
  ["PUT", "/_/config", "[]", { "x-token": "0" }],
]

/** The status of one request on a connection of its own; 0 where it was closed without one. */
const knock = (
  base: string,
  method: string,
  path: string,
  body = "",
  headers: Readonly<Record<string, string>> = {},
): Promise<number> =>
  new Promise((done) => {
    const { hostname, port } = new URL(base)
    try {
      const one = request(
        {
          host: hostname,
          port,
          method,
          path,
          headers: { "content-length": String(Buffer.byteLength(body)), ...headers },
          agent: false,
        },
        (answer) => {
          done(answer.statusCode ?? 0)
          answer.destroy()
        },
      )
      one.on("error", () => done(0))
      one.setTimeout(5000, () => one.destroy())
      one.end(body)
    } catch {
      // Node itself refuses to send it.
      done(0)
    }
  })

describe("HTTP of the gateway, the demonstration and its hosts", () => {
  let demo: Demo
  let page: Served
  let ledger: EmbeddedLedger
  let gateway: Gateway
  let own: SmallChain
  beforeAll(async () => {
    own = smallChain({ network: "cdn", nodes: 4 })
    ledger = openChain(own)
    gateway = await startGateway(ledger, { port: 0 })
    demo = new Demo({ nodes: 8, copies: 2, patienceMs: 3000 })
    await demo.start()
    page = await serveDemo(demo, 0)
  })
  afterAll(async () => {
    await gateway.close()
    await ledger.close()
    await page.close()
    await demo.close()
    rmSync(own.dir, { recursive: true, force: true })
  })

  test("the corpus: an answer below 500 or none, and everything is as it was", { timeout: 60_000 }, async () => {
    const before = ledger.info()
    const host = demo.fleet.nodes.find((n) => n.isRunning)!
    for (const [method, path, body, headers] of CORPUS)
      for (const base of [gateway.url, page.url, host.url]) {
        const status = await knock(base, method, path, body, headers)
        const isOdd = status >= 500 && !(base === host.url && status === 503)
        expect(isOdd ? `${method} ${path.slice(0, 60)} at ${base}: ${status}` : "").toBe("")
      }
    expect(ledger.info()).toEqual(before)
    expect(demo.show().proxy.state).toBe("serving")
    expect((await fetch(`${gateway.url}/v1/status`)).status).toBe(200)
    expect((await fetch(`${page.url}/state.json`)).status).toBe(200)
  })

  test("any method and path at the demonstration, with any body", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("GET", "POST", "PUT", "DELETE", "PATCH"),
        fc.webPath(),
        fc.constantFrom("/", "/act/", "/view/", "/_/"),
        fc.string({ maxLength: 60 }),
        async (method, path, prefix, body) => (await knock(page.url, method, prefix + path.replace(/^\/+/u, ""), body)) < 500,
      ),
      { numRuns: 80 },
    )
    expect(demo.fleet.proxy.isRunning).toBe(true)
  })
})
