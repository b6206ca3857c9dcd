/** The RPC client: it goes on to the next endpoint when one is silent, and takes an engine's own refusal for an answer. */
import { createServer, type Server } from "node:http"
import { afterEach, expect, test } from "vitest"
import { GatewayClient } from "../node/client.ts"
import { CometRpc, RpcProblem } from "./rpc.ts"

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})
/** An endpoint that answers with what `reply` gives, or never where it gives undefined. Returns its address and what it was asked. */
async function endpoint(reply: (method: string) => object | undefined): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    let body = ""
    request.on("data", (chunk: Buffer) => (body += chunk.toString()))
    request.on("end", () => {
      const { method } = JSON.parse(body) as { method: string }
      asked.push(method)
      const answer = reply(method)
      if (answer !== undefined) response.end(JSON.stringify(answer))
    })
  })
  servers.push(server)
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
  return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}`, asked }
}
const DEAD = "http://127.0.0.1:9"

test("a dead endpoint and a silent one are left for the next, which is asked first from then on", async () => {
  const silent = await endpoint(() => undefined)
  const good = await endpoint(() => ({ result: { code: 0 } }))
  const rpc = new CometRpc([DEAD, silent.url, good.url], 200)
  expect(await rpc.broadcast(new Uint8Array([1]))).toBe(0)
  expect(rpc.endpoint).toBe(good.url)
  expect(await rpc.broadcast(new Uint8Array([2]))).toBe(0)
  expect([silent.asked.length, good.asked.length]).toEqual([1, 2])
})

test("when none answers, it says who and why", async () => {
  await expect(new CometRpc([DEAD, DEAD], 200).status()).rejects.toThrow(/127\.0\.0\.1:9 does not answer/u)
})

test("an engine's own error is an answer; a tx that the mempool has already is taken", async () => {
  const has = await endpoint(() => ({ error: { message: "Internal error", data: "tx already exists in cache" } }))
  const full = await endpoint(() => ({ error: { message: "Internal error", data: "mempool is full" } }))
  const never = await endpoint(() => ({ result: { code: 0 } }))
  expect(await new CometRpc([has.url]).broadcast(new Uint8Array([1]))).toBe(0)
  await expect(new CometRpc([full.url, never.url]).broadcast(new Uint8Array([1]))).rejects.toThrow(RpcProblem)
  expect(never.asked).toEqual([])
})

test("an ABCI query's value is JSON, and its code a refusal", async () => {
  const value = Buffer.from(JSON.stringify({ a: 1 })).toString("base64")
  const good = await endpoint(() => ({ result: { response: { value } } }))
  const bad = await endpoint(() => ({ result: { response: { code: 1, log: "no such path" } } }))
  expect(await new CometRpc([good.url]).query("x")).toEqual({ a: 1 })
  await expect(new CometRpc([bad.url]).query("x")).rejects.toThrow("no such path")
})

test("a node leaves a gateway whose chain stands still for one whose chain goes on", async () => {
  const gateway = async (height: () => number): Promise<string> => {
    const server = createServer((_, response) => response.end(JSON.stringify({ chain: "testnet-1", height: height() })))
    servers.push(server)
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
    return `http://127.0.0.1:${(server.address() as { port: number }).port}`
  }
  let height = 5
  const [still, alive] = [await gateway(() => 5), await gateway(() => ++height)]
  const client = new GatewayClient([still, alive], 50)
  const pause = () => new Promise((done) => setTimeout(done, 80))
  expect((await client.status()).height).toBe(5)
  await pause()
  await client.status()
  expect(client.gateway).toBe(alive)
  for (let n = 0; n < 3; n++) {
    await pause()
    await client.status()
  }
  expect(client.gateway).toBe(alive)
})
