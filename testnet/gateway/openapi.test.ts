/** The OpenAPI document against the routes that the gateway really has, and against what they really answer. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { HttpRouter } from "effect/http"
import { OpenApi } from "effect/http-api"
import { afterAll, beforeAll, expect, test } from "vitest"
import { EmbeddedLedger } from "../ledger/embedded.ts"
import { smallChain, type SmallChain } from "../ledger/small-chain.ts"
import { Api } from "./api.ts"
import { AddressLimits } from "./limits.ts"
import { routes, startGateway, type Gateway } from "./server.ts"

let chain: SmallChain
let ledger: EmbeddedLedger
let gateway: Gateway
beforeAll(async () => {
  chain = smallChain()
  ledger = EmbeddedLedger.open(chain.dir, { blockMs: 50 })
  gateway = await startGateway(ledger, { port: 0 })
})
afterAll(async () => {
  await gateway.close()
  await ledger.close()
  rmSync(chain.dir, { recursive: true, force: true })
})

type Operations = Readonly<
  Record<string, { readonly responses: Readonly<Record<string, unknown>>; readonly parameters?: readonly object[] }>
>
const documented = (): Readonly<Record<string, Operations>> =>
  OpenApi.fromApi(Api).paths as unknown as Readonly<Record<string, Operations>>

/** Every method and path that the gateway registers with the router. */
async function walk(): Promise<readonly string[]> {
  const seen: string[] = []
  const recording = Layer.effect(
    HttpRouter.HttpRouter,
    Effect.map(
      HttpRouter.make,
      (router) =>
        ({
          ...router,
          add: (method, path, ...rest) => {
            seen.push(`${method} ${path}`)
            return router.add(method, path, ...rest)
          },
          addAll: (all) => {
            for (const { method, path } of all) seen.push(`${method} ${path}`)
            return router.addAll(all)
          },
        }) satisfies typeof router,
    ),
  )
  const limits = new AddressLimits({ perSecond: 1, readsPerSecond: 1, joinsPerDay: 1 })
  const all = routes(ledger, limits).pipe(Layer.provide(recording), Layer.provide(NodeHttpServer.layerHttpServices))
  await Effect.runPromise(Effect.scoped(Layer.build(all as Layer.Layer<never>)))
  return seen
}
/** `/v1/accounts/:key` → `/v1/accounts/{key}`, and what a star stands for is called path. */
const inOpenApi = (route: string): string => route.replaceAll(/:(\w+)/gu, "{$1}").replace("*", "{path}")

test("every route that the gateway has is in the document, and the document has no other", async () => {
  const real = (await walk()).map(inOpenApi).filter((route) => route !== "GET /openapi.json")
  expect(real.length).toBeGreaterThan(15)
  const told = Object.entries(documented()).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  )
  expect(told.toSorted((a, b) => a.localeCompare(b))).toEqual(real.toSorted((a, b) => a.localeCompare(b)))
})

test("the document is served as it is made, names every parameter of its paths, and no operation twice", async () => {
  const spec = (await (await fetch(`${gateway.url}/openapi.json`)).json()) as {
    openapi: string
    paths: Record<string, Operations>
  }
  expect(spec.openapi).toMatch(/^3\.1/u)
  expect(spec.paths).toEqual(JSON.parse(JSON.stringify(documented())))
  const ids = new Set<unknown>()
  for (const [path, item] of Object.entries(spec.paths))
    for (const operation of Object.values(item)) {
      const named = (operation.parameters ?? []).map((p) => (p as { name: string }).name)
      expect(named, path).toEqual([...path.matchAll(/\{(\w+)\}/gu)].map((m) => m[1]))
      ids.add((operation as { operationId?: string }).operationId)
    }
  expect(ids.size).toBe(Object.values(spec.paths).flatMap((item) => Object.keys(item)).length)
})

const HASH = "0".repeat(64)
test.each([
  ["GET", "/", "/", 200],
  ["GET", "/metrics", "/metrics", 200],
  ["GET", "/v1/figures", "/v1/figures", 200],
  ["GET", "/v1/nodes", "/v1/nodes", 200],
  ["GET", "/v1/refusals", "/v1/refusals", 200],
  ["GET", "/v1/status", "/v1/status", 200],
  ["GET", "/v1/sites", "/v1/sites", 200],
  ["GET", "/v1/validators", "/v1/validators", 404],
  ["GET", "/v1/accounts/00", "/v1/accounts/{key}", 404],
  ["GET", "/v1/seeds/x", "/v1/seeds/{window}", 404],
  ["GET", `/v1/blobs/${HASH}`, "/v1/blobs/{hash}", 404],
  ["PUT", `/v1/blobs/${HASH}`, "/v1/blobs/{hash}", 409],
  ["GET", "/pictures/0.png", "/pictures/{file}", 404],
  ["GET", "/sites/none", "/sites/{path}", 302],
  ["GET", "/sites/none/x", "/sites/{path}", 404],
  ["POST", "/v1/commands", "/v1/commands", 400],
] as const)("%s %s answers as its entry %s says: %i", async (method, path, entry, status) => {
  const answer = await fetch(gateway.url + path, { method, redirect: "manual", ...(method === "GET" ? {} : { body: "x" }) })
  expect(answer.status).toBe(status)
  expect(Object.keys(documented()[entry][method.toLowerCase()].responses)).toContain(String(status))
  await answer.body?.cancel()
})

test("commands that this ledger cannot bring to an end are answered 503, as the document says", async () => {
  const dir = mkdtempSync(join(tmpdir(), "blackstart-stuck-"))
  const result = { code: 1, reason: "not_final_yet", height: 0, appHash: "" }
  const stuck = Object.create(ledger, { submit: { value: async () => result }, dir: { value: dir } }) as EmbeddedLedger
  const other = await startGateway(stuck, { port: 0 })
  const answer = await fetch(`${other.url}/v1/commands`, { method: "POST", body: Buffer.from([1, 0, 0, 0, 7]) })
  expect([answer.status, await answer.json()]).toEqual([503, [result]])
  expect(documented()["/v1/commands"].post.responses).toHaveProperty("503")
  await other.close()
  rmSync(dir, { recursive: true, force: true })
})

test("reads have a bucket of their own: sites, blobs and pictures cost more, commands are not held up, and it fills again", async () => {
  let now = 0
  const limits = new AddressLimits({ perSecond: 10, readsPerSecond: 10, joinsPerDay: 1, clock: () => now })
  expect([limits.allowRead("a", 40), limits.allowRead("a"), limits.allow("a"), limits.allowRead("b")]).toEqual([
    true,
    false,
    true,
    true,
  ])
  now = 500
  expect([limits.allowRead("a", 5), limits.allowRead("a")]).toEqual([true, false])
  // In a burst of 240: 120 blobs of 2, 48 pages of 5, 4 pictures of 50, 240 of anything else.
  for (const [path, fit] of [
    [`/v1/blobs/${HASH}`, 120],
    ["/sites/none/x", 48],
    ["/pictures/0.png", 4],
    ["/v1/refusals", 240],
    ["/no/such/page", 240],
  ] as const) {
    const strict = await startGateway(ledger, { port: 0, readsPerAddressSecond: 60 })
    const statuses: number[] = []
    for (let k = 0; k < 10 * fit && statuses.at(-1) !== 429; k++) {
      const answer = await fetch(strict.url + path)
      statuses.push(answer.status)
      if (answer.status === 429) expect(await answer.json()).toEqual({ reason: "flooding" })
      else await answer.body?.cancel()
    }
    // The clock goes on meanwhile, so that a few more may fit.
    expect(statuses.at(-1), path).toBe(429)
    expect(statuses.length, path).toBeGreaterThan(fit)
    const post = await fetch(`${strict.url}/v1/commands`, { method: "POST", body: "x" })
    expect(post.status).toBe(400)
    await strict.close()
  }
})
