/** The agent against a live gateway: it joins, earns, outlives kill -9 and a gateway that vanishes, and leaves cleanly. */
import { spawn, type ChildProcess } from "node:child_process"
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, expect, test } from "vitest"
import { startGateway, type Gateway } from "../gateway/server.ts"
import { EmbeddedLedger } from "../ledger/embedded.ts"
import { readNodes } from "../ledger/reading.ts"
import { smallChain, type SmallChain } from "../ledger/small-chain.ts"
import { examine } from "./doctor.ts"
import { Home } from "./home.ts"

const CLI = fileURLToPath(new URL("../../cli/blackstart.mjs", import.meta.url))
const home = join(mkdtempSync(join(tmpdir(), "blackstart-agent-")), "node")
let chain: SmallChain
let ledger: EmbeddedLedger
let gateways: Gateway[]
const nodes: ChildProcess[] = []

beforeAll(async () => {
  // Twice the usual speed: windows of one and a half seconds, so that the test is short and a busy computer still proves in time.
  chain = smallChain({ speed: 1200 })
  ledger = EmbeddedLedger.open(chain.dir, { blockMs: 100 })
  gateways = [await startGateway(ledger, { port: 0 }), await startGateway(ledger, { port: 0 })]
})
afterAll(async () => {
  for (const node of nodes) node.kill("SIGKILL")
  for (const gateway of gateways) await gateway.close()
  await ledger.close()
})

function start(...more: string[]): { child: ChildProcess; said: () => string } {
  const child = spawn(process.execPath, [CLI, "join", ...gateways.map((g) => g.url), "--home", home, ...more])
  let text = ""
  for (const out of [child.stdout, child.stderr]) out.on("data", (chunk: Buffer) => (text += chunk.toString()))
  nodes.push(child)
  return { child, said: () => text }
}
async function until(what: () => boolean, ms = 60_000): Promise<void> {
  const began = performance.now()
  while (!what()) {
    if (performance.now() - began > ms) throw new Error(`it did not happen in ${ms} ms: ${what.toString()}`)
    await new Promise((r) => setTimeout(r, 100))
  }
}
const earned = () => readNodes(ledger.application)[0]?.measures.earnedMicroFil ?? 0

test("join, earn, die, come back, lose a gateway, leave", { timeout: 200_000 }, async () => {
  const first = start()
  await until(() => earned() > 0)
  expect(first.said()).toContain("joined test-1")
  expect(statSync(join(home, "key.pem")).mode & 0o777).toBe(0o600)
  expect(first.said()).not.toContain("PRIVATE")

  // A second agent on the same home is refused, in a sentence.
  const second = start()
  await until(() => second.child.exitCode !== null)
  expect([second.child.exitCode, second.said()]).toEqual([1, expect.stringContaining("runs in")])

  first.child.kill("SIGKILL")
  const before = earned()
  const again = start()
  await until(() => earned() > before)
  expect(again.said()).not.toContain("joined test-1")
  expect(readNodes(ledger.application)).toHaveLength(1)
  expect((await examine(home)).filter((f) => !f.ok && !f.text.includes("missed"))).toEqual([])
  expect((await examine(home)).some((f) => f.ok && f.text.includes(`process ${again.child.pid}`))).toBe(true)

  const gone = gateways.shift()!
  await gone.close()
  const then = earned()
  await until(() => earned() > then)
  again.child.kill("SIGTERM")
  await until(() => again.child.exitCode !== null)
  expect(again.said()).toContain("stopped")
  expect((await examine(home)).some((f) => !f.ok && f.text.includes("does not answer"))).toBe(true)
  expect((await examine(home)).some((f) => !f.ok && f.text.includes("its agent does not run"))).toBe(true)

  const leaving = start("--leave")
  await until(() => leaving.child.exitCode !== null)
  expect(leaving.said()).toContain("left the chain")
  expect(readNodes(ledger.application)[0].closed).toBe(true)
  expect(readdirSync(join(home, "sectors"))).toEqual([])
  // Whoever left has nothing to mend but to begin anew: no sector is missed, and no agent.
  const wrong = (await examine(home)).filter((f) => !f.ok && !f.text.includes("does not answer")).map((f) => f.text)
  expect(wrong).toEqual(["this key has left the chain for good: join with another --home"])
  const late = start()
  await until(() => late.child.exitCode !== null)
  expect([late.child.exitCode, late.said()]).toEqual([1, expect.stringContaining("left the chain for good")])
})

test("a key that others may read is refused, and the doctor says what to do", async () => {
  const dir = mkdtempSync(join(tmpdir(), "blackstart-home-"))
  const own = new Home(dir)
  own.saveConfig({ gateways: ["http://127.0.0.1:9"], roles: ["storage"], sectors: 1, pagePort: 0 })
  own.key()
  const { chmodSync } = await import("node:fs")
  chmodSync(own.keyPath, 0o644)
  expect(() => own.key()).toThrow(/can be read by others.*chmod 600/u)
  const wrong = (await examine(dir)).filter((f) => !f.ok).map((f) => f.text)
  expect(wrong.join("\n")).toMatch(/chmod 600[\s\S]*does not answer[\s\S]*no gateway can be used/u)
  expect(existsSync(own.keyPath)).toBe(true)
})

test("the doctor makes no folder where there is none, and tells a damaged key in plain words", async () => {
  const dir = mkdtempSync(join(tmpdir(), "blackstart-home-"))
  const nowhere = join(dir, "nowhere")
  expect(await examine(nowhere)).toEqual([{ ok: false, text: expect.stringContaining("blackstart join URL makes one") }])
  expect(existsSync(nowhere)).toBe(false)
  const own = new Home(dir)
  own.saveConfig({ gateways: ["http://127.0.0.1:9"], roles: ["storage"], sectors: 1, pagePort: 0 })
  writeFileSync(own.keyPath, "-----BEGIN PRIVATE KEY-----\nhalf", { mode: 0o600 })
  const texts = (await examine(dir)).map((f) => f.text).join("\n")
  expect(texts).toMatch(/is damaged, or no Ed25519 key: restore it/u)
  expect(texts).not.toMatch(/DECODER|error:/u)
  rmSync(dir, { recursive: true })
})
