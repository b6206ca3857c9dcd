/** The doors of sites, pictures and coverage against anything: always a named refusal, never a crash, never a state changed by nonsense. */
import { rmSync } from "node:fs"
import fc from "fast-check"
import { afterAll, describe, expect, test } from "vitest"
import { startGateway } from "./gateway/server.ts"
import { newKeyPair } from "./ledger/command.ts"
import { readSiteEvidence, siteEvidence } from "./ledger/lease-door.ts"
import { readScene, readTiles } from "./ledger/render-door.ts"
import { ask, openChain, smallChain } from "./ledger/small-chain.ts"
import { doorRefusals } from "./ledger/refusals.ts"
import { readManifest } from "./site/manifest.ts"
import { isPath } from "./site/path.ts"

const dirs: string[] = []
afterAll(() => dirs.forEach((dir) => rmSync(dir, { recursive: true, force: true })))

const ROWS: Readonly<Record<string, readonly string[]>> = {
  akash: [
    "node",
    "tenant",
    "group",
    "deployment",
    "rate",
    "deposit",
    "groups",
    "maxRate",
    "fundsUakt",
    "atS",
    "attributes",
    "bid",
  ],
  render: ["node", "creator", "frames", "failed", "job", "microCredit", "wallet", "ob", "atS", "sinceS", "tier", "milliObh"],
  helium: ["node", "local", "owner", "hexHi", "hexLo", "latE7", "lngE7", "at", "receivedMs", "entropyS", "payload"],
}

describe.each(Object.keys(ROWS))("%s", (network) => {
  test("any signed body, with any evidence, is taken up by the rules or refused by name", async () => {
    const chain = smallChain({ network, nodes: 8 })
    dirs.push(chain.dir)
    const ledger = openChain(chain)
    const key = newKeyPair()
    await ledger.cut(chain.genesis.beginS + 60)
    const opened = ledger.submit(ask(chain, key, "OpenAccount", {}, { network: "gate" }))
    await ledger.cut(chain.genesis.beginS + 61)
    expect((await opened).reason).toBe("")
    const { live, commands, refusals } = ledger.application.network
    const names = new Set([...Object.keys(doorRefusals), ...Object.keys(refusals)])
    const shapes = commands as Record<string, { readonly shape: object }>
    const n = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 10 }), fc.integer(), fc.constantFrom(2 ** 32 - 1, 1e13, -1))
    // Rows that have a command's own columns reach further than random ones.
    const body = fc
      .constantFrom(...Object.keys(live!.access))
      .chain((type) =>
        fc.tuple(
          fc.constant(type),
          fc.record(Object.fromEntries(Object.keys(shapes[type].shape).map((column) => [column, n]))),
          fc.dictionary(fc.constantFrom(...ROWS[network]), n, { maxKeys: 2 }),
        ),
      )
    const gate = fc.tuple(
      fc.constantFrom("SetEndpoint", "ReportProbe"),
      fc.record({ ip4: n, httpPort: n, udpPort: n }),
      fc.dictionary(fc.constantFrom("group", "window", "verdict", "latencyMicro"), n),
    )
    const evidence = fc.oneof(
      fc.constant(new Uint8Array(0)),
      fc.uint8Array({ minLength: 1, maxLength: 200 }),
      fc.constantFrom(12, 36, 64, 92, 144).map((length) => new Uint8Array(length).fill(7)),
    )
    await fc.assert(
      fc.asyncProperty(fc.oneof(body, gate), evidence, fc.boolean(), async ([type, row, more], bytes, plain) => {
        const isGate = type === "SetEndpoint" || type === "ReportProbe"
        const answer = ledger.submit(
          ask(chain, key, type, plain ? row : { ...row, ...more }, {
            network: isGate ? "gate" : network,
            evidence: bytes.length === 0 ? undefined : bytes,
            expiryS: ledger.info().time + 3600,
          }),
        )
        await ledger.cut(ledger.info().time + 1)
        const { code, reason } = await answer
        return code === 0 || names.has(reason)
      }),
      { numRuns: 250 },
    )
    expect(ledger.trouble).toBeUndefined()
    await ledger.close()
  })
})

test("evidence is read whole or not at all; a site's name is one name", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
      const site = readSiteEvidence(bytes)
      if (site !== undefined) expect(siteEvidence(site.name, site.root)).toEqual(Uint8Array.from(bytes))
      const scene = readScene(bytes)
      if (scene !== undefined) expect(scene.tile * scene.tile * scene.samples).toBeLessThanOrEqual(65_536)
      const tiles = readTiles(bytes, Math.floor(bytes.length / 36))
      if (tiles !== undefined) expect(tiles.length * 36).toBe(bytes.length)
    }),
  )
  for (const name of ["", "-a", "A", "a/b", "a".repeat(33), "a b"])
    expect(() => siteEvidence(name, new Uint8Array(32))).toThrow(/no name/u)
})

test("a manifest is read or is none; no path leaves its site", () => {
  fc.assert(fc.property(fc.jsonValue(), (data) => void readManifest(Buffer.from(JSON.stringify(data)))))
  const file = fc.record({ path: fc.oneof(fc.webPath(), fc.string()), sha256: fc.constant("0".repeat(64)), bytes: fc.integer() })
  fc.assert(
    fc.property(fc.array(file, { maxLength: 4 }), (files) => {
      const manifest = readManifest(Buffer.from(JSON.stringify({ files })))
      for (const { path } of manifest?.files ?? []) expect(path.split("/")).not.toContain("..")
    }),
  )
  for (const path of ["../x", "/x", "a//b", "a/../b", ".x", "a/.b", "a\\b", ""]) expect(isPath(path)).toBe(false)
})

test("any address of content, sites and pictures is answered below 500 or as unavailable; nothing unpromised is kept", async () => {
  const chain = smallChain({ network: "akash" })
  dirs.push(chain.dir)
  const ledger = openChain(chain)
  const gateway = await startGateway(ledger, { port: 0, perAddressSecond: 1e6 })
  await fc.assert(
    fc.asyncProperty(
      fc.webPath(),
      fc.constantFrom("/sites/", "/pictures/", "/v1/blobs/"),
      fc.constantFrom("GET", "PUT"),
      fc.uint8Array({ maxLength: 60 }),
      async (path, prefix, method, bytes) => {
        const answer = await fetch(gateway.url + prefix + path.replace(/^\/+/u, ""), {
          method,
          ...(method === "PUT" ? { body: Buffer.from(bytes) } : {}),
          redirect: "manual",
        })
        await answer.arrayBuffer()
        return answer.status < 500 && (method === "GET" || answer.status !== 200)
      },
    ),
    { numRuns: 150 },
  )
  await gateway.close()
  await ledger.close()
})
