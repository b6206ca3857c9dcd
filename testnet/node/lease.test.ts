/** Real leases: a site is promised, bid for and served; a provider that dies or serves something else is found and replaced. */
import { createServer } from "node:http"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { launch } from "puppeteer-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { CHROMIUM, FLAGS } from "../../browser/chromium.ts"
import { replayChain, exportChain } from "../ledger/export.ts"
import { startGateway, type Gateway } from "../gateway/server.ts"
import { EmbeddedLedger } from "../ledger/embedded.ts"
import { newKeyPair } from "../ledger/command.ts"
import { readNodes, readSites } from "../ledger/reading.ts"
import { smallChain, type SmallChain } from "../ledger/small-chain.ts"
import { GUEST } from "../site/path.ts"
import { Agent } from "./agent.ts"
import { GatewayClient } from "./client.ts"
import { Home } from "./home.ts"
import { Tenant } from "./tenant.ts"

const scratch = mkdtempSync(join(tmpdir(), "blackstart-lease-"))
const text = (words: string) => new Uint8Array(Buffer.from(words))
const PAGE = "<!doctype html><title>hello</title>served by whoever is alive"
/** A site that tries to read what it is not given: the gateway, its neighbour, and what a browser keeps for either. */
const THIEF = `<!doctype html><title>begins</title><iframe id="frame" src="/sites/hello/"></iframe><script>
const reads = {
  gateway: async () => (await fetch("/v1/status")).text(),
  neighbour: async () => (await fetch("/sites/hello/")).text(),
  frame: () => document.getElementById("frame").contentDocument.body.textContent,
  cookie: () => document.cookie,
  storage: () => localStorage.length,
  page: () => { const seen = window.open("/"); if (seen === null) throw new Error("no window"); return "a window" },
  elsewhere: () => new Promise((done, fail) => { const img = new Image(); img.onload = done; img.onerror = fail; img.src = ELSEWHERE }),
}
onload = async () => {
  const got = ["origin " + origin]
  for (const [name, read] of Object.entries(reads)) try { await read(); got.push(name + " read") } catch { got.push(name + " kept") }
  document.title = got.join(", ")
}
</script>`
const nodes: { stop: AbortController; done: Promise<unknown>; agent: Agent; said: string[] }[] = []
let chain: SmallChain
let ledger: EmbeddedLedger
let gateway: Gateway

beforeAll(async () => {
  // Windows of three quarters of a second, auctions of half a second.
  chain = smallChain({ network: "akash", speed: 240 })
  ledger = EmbeddedLedger.open(chain.dir, { blockMs: 60 })
  gateway = await startGateway(ledger, { port: 0 })
  for (let n = 0; n < 4; n++) start(n)
})
afterAll(async () => {
  for (const { stop, done } of nodes) {
    stop.abort()
    await done
  }
  await gateway.close()
  await ledger.close()
  for (const dir of [scratch, chain.dir]) rmSync(dir, { recursive: true, force: true })
})

function start(n: number): void {
  const home = new Home(join(scratch, `node-${n}`))
  home.saveConfig({ gateways: [gateway.url], roles: ["lease"], sectors: 1, pagePort: 0 })
  const stop = new AbortController()
  const said: string[] = []
  const agent = new Agent({ home, config: home.config()!, say: (line) => said.push(line), signal: stop.signal, roundMs: 120 })
  nodes.push({ stop, done: agent.run(), agent, said })
}
async function until(what: () => boolean | Promise<boolean>, ms = 30_000): Promise<number> {
  const began = performance.now()
  while (!(await what())) {
    if (performance.now() - began > ms) throw new Error(`it did not happen in ${ms} ms: ${what.toString()}`)
    await new Promise((r) => setTimeout(r, 50))
  }
  return performance.now() - began
}
const site = () => readSites(ledger.application).find((s) => s.name === "hello")
const holders = () => site()!.groups.map((g) => g.node)
/** The agent of a node of the chain: they joined in no order. */
const agentOf = (node: number) => nodes.find(({ agent }) => agent.standing().account?.node === node)!
const visit = async (path = "") => {
  const answer = await fetch(`${gateway.url}/sites/hello/${path}`)
  return { status: answer.status, body: await answer.text(), by: answer.headers.get("x-served-by") }
}

describe("a site on a live market", () => {
  test("is promised, bid for, served, and paid for by the block", { timeout: 60_000 }, async () => {
    const tenant = new Tenant(new GatewayClient([gateway.url]), newKeyPair())
    await until(() => readNodes(ledger.application).filter((n) => n.measures.akt > 0).length === 4)
    expect(
      await tenant.deploy(
        "hello",
        [
          { path: "index.html", content: text(PAGE) },
          { path: "a/b.txt", content: text("b") },
        ],
        2,
      ),
    ).toBe("/sites/hello/")
    await until(async () => holders().every((n) => n >= 0) && (await visit()).status === 200)
    expect(new Set(holders()).size).toBe(2)
    expect((await visit()).body).toBe(PAGE)
    expect((await visit("a/b.txt")).body).toBe("b")
    expect((await visit("nothing")).status).toBe(404)
    await until(async () => new Set([(await visit()).by, (await visit()).by]).size === 2)
    await until(() => holders().every((n) => readNodes(ledger.application)[n].measures.earnedMicro > 0))
    expect(agentOf(holders()[0]).agent.standing().figures).toContainEqual(["sites served", "hello"])
    // The four providers work; the tenant, who joined too, only pays.
    const seen = (await (await fetch(`${gateway.url}/v1/nodes`)).json()) as readonly { readonly takesPart: boolean }[]
    expect([seen.length, seen.filter((n) => n.takesPart).length]).toEqual([5, 4])
    // A second site may not take the name, and nobody can put what was not promised.
    const thief = new Tenant(new GatewayClient([gateway.url]), newKeyPair())
    await expect(thief.deploy("hello", [{ path: "index.html", content: text("mine") }], 1)).rejects.toThrow(/name_is_taken/u)
    expect(await new GatewayClient([gateway.url]).putBlob(text("spam"))).toBe("not_promised")
  })

  test("a site's script reads neither the gateway nor another site, in a real browser", { timeout: 60_000 }, async ({ skip }) => {
    if (CHROMIUM === undefined)
      return skip("a guest in a browser: there is no Chromium here; apt-get install chromium installs it")
    let strayed = 0
    const elsewhere = createServer((_, response) => (strayed++, response.writeHead(200, { "content-type": "image/png" }).end()))
    await new Promise<void>((done) => elsewhere.listen(0, "127.0.0.1", done))
    const at = JSON.stringify(`http://127.0.0.1:${(elsewhere.address() as { readonly port: number }).port}/x.png`)
    const index = { path: "index.html", content: text(THIEF.replace("ELSEWHERE", at)) }
    await new Tenant(new GatewayClient([gateway.url]), newKeyPair()).deploy("thief", [index], 1)
    const kept = "origin null, gateway kept, neighbour kept, frame kept, cookie kept, storage kept, page kept, elsewhere kept"
    const profile = mkdtempSync(join(tmpdir(), "blackstart-guest-"))
    const browser = await launch({ executablePath: CHROMIUM, userDataDir: profile, args: [...FLAGS] })
    try {
      const tab = await browser.newPage()
      const thief = () => readSites(ledger.application).find((s) => s.name === "thief")
      await until(async () => (await fetch(`${gateway.url}/sites/thief/`)).status === 200)
      // By way of the gateway, and straight from the node that serves it.
      for (const base of [gateway.url, `http://127.0.0.1:${thief()!.groups[0].endpoint.httpPort}`]) {
        await tab.goto(`${base}/sites/thief/`)
        await until(async () => (await tab.title()) !== "begins")
        expect(await tab.title()).toBe(kept)
      }
      expect(strayed).toBe(0)
    } finally {
      await browser.close()
      elsewhere.close()
      rmSync(profile, { recursive: true, force: true })
    }
    // What is no page is a guest too: an error, a redirect's end, bytes by their hash.
    const blob = `${gateway.url}/v1/blobs/${site()!.root}`
    for (const url of [`${gateway.url}/sites/hello/`, `${gateway.url}/sites/none/`, `${gateway.url}/sites/hello/none`, blob]) {
      const answer = await fetch(url)
      expect([url, answer.headers.get("content-security-policy")]).toEqual([url, GUEST["content-security-policy"]])
      await answer.body?.cancel()
    }
    expect(GUEST["content-security-policy"]).toMatch(/^sandbox allow-scripts;/u)
  })

  test("a provider dies: visitors notice nothing, probes do, and another takes the lease", { timeout: 90_000 }, async () => {
    const [victim] = holders()
    agentOf(victim).stop.abort()
    await agentOf(victim).done
    for (let n = 0; n < 6; n++) expect((await visit()).body).toBe(PAGE)
    await until(() => holders().every((n) => n >= 0 && n !== victim), 60_000)
    expect(site()!.failovers).toBe(1)
    await until(async () => (await visit()).by === `node ${holders()[0]}`)
  })

  test("a provider that serves something else: never a visitor's, and it loses the lease", { timeout: 90_000 }, async () => {
    const [liar, other] = holders()
    const { httpPort } = site()!.groups[0].endpoint
    agentOf(liar).stop.abort()
    await agentOf(liar).done
    const fake = createServer((_, response) => response.end("forged"))
    await new Promise<void>((done) => fake.listen(httpPort, "127.0.0.1", done))
    for (let n = 0; n < 4; n++) expect((await visit()).body).toBe(PAGE)
    await until(() => holders()[0] !== liar, 60_000)
    fake.close()
    expect(holders()[1]).toBe(other)
    expect(nodes.some(({ said }) => said.some((line) => line.includes("wrong content")))).toBe(true)
  })

  test("the chain's log folds to the same hashes", { timeout: 60_000 }, async () => {
    await ledger.close()
    const out = join(scratch, "run")
    const exported = exportChain(chain.dir, out)
    expect(exported.blocks).toBe(ledger.info().height)
    expect(await replayChain(out)).toMatchObject({ verified: true, logHash: ledger.info().appHash })
  })
})
