/** The demonstration, small: buttons really kill processes, the leases heal, and visitors of the nodes hardly notice. */
import { existsSync } from "node:fs"
import { afterAll, beforeAll, expect, test } from "vitest"
import { Demo, type Act } from "./demo.ts"
import { serveDemo, type Served } from "./serve.ts"
import { FILES, hashOf, HASHES, inlined } from "./site.ts"

let demo: Demo
let page: Served

beforeAll(async () => {
  demo = new Demo({ nodes: 8, copies: 3, patienceMs: 3000 })
  await demo.start()
  page = await serveDemo(demo, 0)
})
afterAll(async () => {
  await page.close()
  await demo.close()
  expect(existsSync(demo.dir)).toBe(false)
})

const press = async (act: Act): Promise<void> =>
  expect((await fetch(`${page.url}/act/${encodeURIComponent(act)}`, { method: "POST" })).status).toBe(200)
async function until(what: () => boolean): Promise<void> {
  const began = performance.now()
  while (!what()) {
    if (performance.now() - began > 15_000) throw new Error(`it did not happen: ${what.toString()}`)
    await new Promise((r) => setTimeout(r, 50))
  }
}
const serving = (): number => demo.show().hosts.filter((h) => h.state === "serving").length
const last = () => demo.samples.at(-1)!

test("copies are leased, and what comes is what was meant", async () => {
  expect(serving()).toBe(3)
  expect(hashOf((await demo.look("nodes"))!)).toBe(HASHES["/"])
  // Every host registered and bid with a key of its own: eight accounts beside the authority's.
  expect(demo.market.ledger.application.gate.account.length).toBe(9)
  const shown = await fetch(`${page.url}/view/central`)
  expect(await shown.text()).toBe(inlined(FILES["/"].text))
})

test("the proxy dies: the central way is gone, the nodes serve", { timeout: 30_000 }, async () => {
  await press("kill-proxy")
  expect(demo.fleet.proxy.isRunning).toBe(false)
  await until(() => last().central === 0 && last().nodes === last().visits)
  expect((await fetch(`${page.url}/view/central`)).status).toBe(502)
})

test("half the nodes die: leases move to live ones, on the ledger", { timeout: 30_000 }, async () => {
  const { height } = demo.show()
  await press("kill-half")
  expect(demo.fleet.nodes.filter((n) => n.isRunning)).toHaveLength(4)
  await until(() => serving() === 3 && last().nodes === last().visits)
  expect(demo.show().height).toBeGreaterThan(height)
  for (const { node } of demo.market.leases()) expect(demo.fleet.nodes[node].isRunning).toBe(true)
  // What happened is told in words that need no explanation.
  const told = demo.show().log
  expect(told.find((line) => line.kind === "act")?.text).toMatch(
    /^You switched off 4 of the 8 nodes that were on\. (None of them kept a copy|\d cop(y|ies) went with them)\.$/u,
  )
  for (const { kind, mark, text } of told) {
    expect(mark > 0).toBe(kind === "act")
    expect(text).toMatch(
      kind === "act"
        ? /^You .+\.$/u
        : kind === "loss"
          ? /^Copy \d is lost: node \d .+\.$/u
          : /^Copy \d (goes to|leaves) node \d.+\.$/u,
    )
  }
})

test("a bad configuration breaks the proxy at once and three nodes, and a repair mends all", { timeout: 40_000 }, async () => {
  await press("repair")
  await until(() => last().central === last().visits)
  await press("push-config")
  await until(() => demo.show().log.some((line) => line.text.includes("update stops after 3 failures: 5 nodes never took it")))
  const states = demo.show()
  expect([states.proxy.state, states.hosts.filter((h) => h.state === "broken").length]).toEqual(["broken", 3])
  await until(() => serving() === 3 && last().central === 0 && last().nodes === last().visits)
  await press("repair")
  await until(() => last().central === last().visits && last().nodes === last().visits)
})

test("its buttons are its own page's, and its hosts obey their fleet only", async () => {
  const foreign = await fetch(`${page.url}/act/kill-proxy`, { method: "POST", headers: { origin: "http://elsewhere.example" } })
  expect(foreign.status).toBe(403)
  expect((await fetch(`${page.url}/act/format-disk`, { method: "POST" })).status).toBe(404)
  const host = demo.fleet.nodes.find((n) => n.isRunning)!
  expect((await fetch(`${host.url}/_/config`, { method: "PUT", body: "{}" })).status).toBe(403)
  expect(demo.fleet.proxy.isRunning).toBe(true)
})
