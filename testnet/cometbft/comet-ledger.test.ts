/** The port over the engine: answers come with the block, silence is never an answer, and the same bytes count once. */
import { createServer, type Server } from "node:http"
import { afterEach, beforeEach, expect, test } from "vitest"
import { newKeyPair } from "../ledger/command.ts"
import { ask } from "../ledger/small-chain.ts"
import { CometLedger } from "./comet-ledger.ts"
import { CometRpc } from "./rpc.ts"
import { serve, standInChain, sweep, type Served, type StandInChain } from "./stand-in-chain.ts"

let chain: StandInChain
let served: Served
let ledger: CometLedger
let server: Server
/** What the mempool was handed, until `decide` puts it in a block. */
let mempool: Uint8Array[] = []
let isUp = true
let handed = 0

beforeEach(async () => {
  chain = standInChain()
  mempool = []
  isUp = true
  handed = 0
  // An RPC endpoint whose mempool is the stand-in's.
  server = createServer((request, response) => {
    let body = ""
    request.on("data", (chunk: Buffer) => (body += chunk.toString()))
    request.on("end", () => {
      if (!isUp) return void request.socket.destroy()
      const tx = Buffer.from((JSON.parse(body) as { params: { tx: string } }).params.tx, "base64")
      // A check that is under way when the test ends has nobody to answer.
      chain.engine.check([served.peer], tx).then(
        ([code]) => {
          if (code === 0) mempool.push(tx)
          handed++
          response.end(JSON.stringify({ result: { code } }))
        },
        () => response.destroy(),
      )
    })
  })
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
  served = await serve(chain, "v0", { onCommit: (...args) => ledger.committed(...args) })
  const { port } = server.address() as { port: number }
  const rpc = new CometRpc(["http://127.0.0.1:9", `http://127.0.0.1:${port}`], 500)
  ledger = new CometLedger(served.app, rpc, chain.dir, { gatherMs: 5, patienceMs: 900, perKeySecond: 20 })
})
afterEach(async () => {
  await ledger.close()
  await served.close()
  server.closeAllConnections()
  server.close()
  sweep(chain)
})
const decide = async (): Promise<void> => {
  while (mempool.length === 0) await new Promise((next) => setTimeout(next, 5))
  await chain.engine.decide([served.peer], mempool.splice(0))
}
const expiryS = () => chain.genesis.beginS + 80_000
const register = (node: number) =>
  ask(chain, chain.authority, "RegisterPop", { node, latE7: 0, lngE7: 0, atS: 0 }, { expiryS: expiryS() })

test("commands gathered in one transaction are answered with their block, each with its own outcome; a dead endpoint is passed over", async () => {
  const seen: number[] = []
  ledger.onBlock((b) => seen.push(b.commands))
  const answers = [register(0), register(0), register(1)].map((c) => ledger.submit(c))
  await decide()
  const results = await Promise.all(answers)
  expect(results.map((r) => [r.reason === "", r.height])).toEqual([
    [true, 1],
    [false, 1],
    [true, 1],
  ])
  expect(results[0].appHash).toBe(ledger.info().appHash)
  expect(seen).toEqual([3])
  expect(ledger.waiting).toBe(0)
})

test("the same bytes sent twice while they are under way share one answer; later they are replayed", async () => {
  const bytes = register(0)
  const first = ledger.submit(bytes)
  while (mempool.length === 0) await new Promise((next) => setTimeout(next, 5))
  const second = ledger.submit(bytes)
  await decide()
  expect([await first, await second].map((r) => [r.reason, r.height])).toEqual([
    ["", 1],
    ["", 1],
  ])
  expect((await ledger.submit(bytes)).reason).toBe("replayed")
  expect(served.app.application.gate.control.commands[0]).toBe(1)
})

test("no endpoint, or no block in time, is not_final_yet; what was under way still counts once", async () => {
  isUp = false
  const lost = register(0)
  expect((await ledger.submit(lost)).reason).toBe("not_final_yet")
  isUp = true
  const slow = ledger.submit(lost)
  while (mempool.length === 0) await new Promise((next) => setTimeout(next, 5))
  expect(await slow).toMatchObject({ reason: "not_final_yet", height: 0 })
  // Sent a third time: the mempool has it from the second, which is no answer yet.
  const again = ledger.submit(lost)
  while (handed < 2) await new Promise((next) => setTimeout(next, 5))
  await decide()
  expect(await again).toMatchObject({ reason: "", height: 1 })
  expect(served.app.application.gate.control.commands[0]).toBe(1)
})

test("the door refuses at once what cannot be: forged, unknown, flooding", async () => {
  const forged = Buffer.from(register(0))
  forged[40] ^= 1
  const stranger = ask(chain, newKeyPair(), "RegisterPop", { node: 0, latE7: 0, lngE7: 0, atS: 0 }, { expiryS: expiryS() })
  expect((await ledger.submit(forged)).reason).toBe("forged")
  expect((await ledger.submit(stranger)).reason).toBe("unknown_account")
  const key = newKeyPair()
  const opened = ledger.submit(ask(chain, key, "OpenAccount", {}, { network: "gate", expiryS: expiryS() }))
  await decide()
  expect((await opened).reason).toBe("")
  const flood = Array.from({ length: 60 }, () =>
    ledger.submit(ask(chain, key, "CloseAccount", {}, { network: "gate", expiryS: expiryS() })),
  )
  await decide()
  expect((await Promise.all(flood)).filter((r) => r.reason === "flooding").length).toBeGreaterThan(0)
})
