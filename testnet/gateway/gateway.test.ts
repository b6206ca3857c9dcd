/** The gateway: what is posted, its stream of blocks, its limits, and a ledger whose disk is full behind it. */
import { spawnSync } from "node:child_process"
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { newKeyPair } from "../ledger/command.ts"
import { EmbeddedLedger } from "../ledger/embedded.ts"
import { ask, smallChain, type SmallChain } from "../ledger/small-chain.ts"
import { startGateway, type Gateway } from "./server.ts"

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
})
const get = (path: string) => fetch(gateway.url + path)
const frame = (bytes: Uint8Array): Buffer<ArrayBuffer> => {
  const head = Buffer.alloc(4)
  head.writeUInt32LE(bytes.length)
  return Buffer.concat([head, bytes])
}

test("a command posted is final when it is answered, and the account can be read at once", async () => {
  const key = newKeyPair()
  const answer = await fetch(`${gateway.url}/v1/commands`, {
    method: "POST",
    body: frame(ask(chain, key, "OpenAccount", {}, { network: "gate" })),
  })
  const [result] = (await answer.json()) as { reason: string; height: number }[]
  expect(result).toMatchObject({ reason: "", height: expect.any(Number) })
  const account = (await (await get(`/v1/accounts/${Buffer.from(key.publicKey).toString("hex")}`)).json()) as {
    node: number
    storage: object
  }
  expect(account).toMatchObject({ node: 0, storage: { joined: false, due: 0 } })
  // Who only joined, as a tenant or an artist does, is not counted among those who work.
  expect(await (await get("/v1/nodes")).json()).toMatchObject([{ node: 0, closed: false, takesPart: false }])
})

test("blocks are streamed, each on the one before", async () => {
  const reader = (await get("/v1/blocks")).body!.getReader()
  let text = ""
  while ((text.match(/^data:/gmu) ?? []).length < 3) text += new TextDecoder().decode((await reader.read()).value)
  await reader.cancel()
  const heights = [...text.matchAll(/"height":(\d+)/gu)].map((m) => Number(m[1]))
  expect(heights[1]).toBe(heights[0] + 1)
})

test("joins from one address are limited", async () => {
  const strict = await startGateway(ledger, { port: 0, joinsPerAddressDay: 1 })
  const join1 = () =>
    fetch(`${strict.url}/v1/commands`, {
      method: "POST",
      body: frame(ask(chain, newKeyPair(), "OpenAccount", {}, { network: "gate" })),
    })
  const reasons = [await (await join1()).json(), await (await join1()).json()].map((r) => (r as { reason: string }[])[0].reason)
  expect(reasons).toEqual(["", "flooding"])
  await strict.close()
})

test("a port that is taken is told in a sentence", async () => {
  await expect(startGateway(ledger, { port: Number(new URL(gateway.url).port) })).rejects.toThrow(/is taken .* choose another/u)
})

test(
  "a full disk: nothing is answered as final, and the ledger goes on when there is room",
  { timeout: 60_000 },
  async ({ skip }) => {
    const disk = mkdtempSync(join(tmpdir(), "blackstart-disk-"))
    if (process.getuid?.() !== 0 || spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", disk]).status !== 0)
      skip("a full disk: mounting a small one is not permitted here")
    try {
      const dir = join(disk, "chain")
      EmbeddedLedger.create(dir, chain.genesis)
      const small = EmbeddedLedger.open(dir, { blockMs: Infinity })
      const filler = join(disk, "filler")
      const key = newKeyPair()
      const opened = small.submit(ask(chain, key, "OpenAccount", {}, { network: "gate" }))
      await small.cut(chain.genesis.beginS + 1)
      expect((await opened).reason).toBe("")
      try {
        writeFileSync(filler, Buffer.alloc(128 * 1024))
      } catch {
        // As full as it gets.
      }
      expect(existsSync(filler)).toBe(true)
      const before = small.info()
      // What fits in the page that the journal already has is still taken up: then nothing more.
      const reasons = new Set<string>()
      for (let n = 0; n < 60 && !reasons.has("disk_is_full"); n++) {
        const asked = small.submit(ask(chain, key, "FundMiner", { node: 0, amountAtto: "1" }))
        await small.cut()
        reasons.add((await asked).reason)
      }
      expect(reasons).toContain("disk_is_full")
      expect(small.trouble).toBe("disk_is_full")
      expect((await small.submit(ask(chain, key, "FundMiner", { node: 0, amountAtto: "1" }))).reason).toBe("disk_is_full")
      const stood = small.info()
      rmSync(filler)
      await small.cut()
      const after = small.submit(ask(chain, key, "FundMiner", { node: 0, amountAtto: "1" }))
      await small.cut()
      expect((await after).reason).toBe("unknown_miner")
      const end = small.info()
      expect(end.height).toBe(stood.height + 2)
      expect(stood.height).toBeGreaterThanOrEqual(before.height)
      await small.close()
      const again = EmbeddedLedger.open(dir, { blockMs: Infinity })
      expect(again.info()).toEqual(end)
      await again.close()
    } finally {
      spawnSync("umount", [disk])
    }
  },
)
