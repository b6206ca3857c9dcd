/** Real rendering: tiles given, promised, drawn and rendered again; what is forged is found, and costs; the picture is one to look at. */
import { mkdtempSync, rmSync } from "node:fs"
import { inflateSync } from "node:zlib"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, test } from "vitest"
import { networkOf } from "../../protocol/networks/index.ts"
import { renderTile, tileAt, tilesOf, type SceneAsk } from "../../protocol/proofs/path-tracer.ts"
import { startGateway } from "../gateway/server.ts"
import { hexOf, newKeyPair, sha256, type KeyPair } from "../ledger/command.ts"
import { EmbeddedLedger } from "../ledger/embedded.ts"
import { exportChain, replayChain } from "../ledger/export.ts"
import { readAccount, readNodes, readPictures } from "../ledger/reading.ts"
import { isDrawn, sceneEvidence, tilesEvidence } from "../ledger/render-door.ts"
import { ask, openChain, smallChain, type SmallChain } from "../ledger/small-chain.ts"
import { Agent } from "./agent.ts"
import { Artist } from "./artist.ts"
import { GatewayClient } from "./client.ts"
import { Home } from "./home.ts"
import { RenderRole } from "./role-render.ts"

const scratch = mkdtempSync(join(tmpdir(), "blackstart-render-"))
const dirs = [scratch]
afterAll(() => dirs.forEach((dir) => rmSync(dir, { recursive: true, force: true })))

const live = networkOf("render")!.live!
const { asks, checkedPermille } = live.render!
const WINDOW = live.windowSeconds
/** One path a pixel and sixteen pixels a tile: cheap to render again. */
const TINY: SceneAsk = { seed: 3, width: 160, height: 40, tile: 4, samples: 1 }

/** Renderers by hand, on a chain whose time the test keeps; `forged` says which tiles they forge. */
class Crew {
  readonly chain: SmallChain = smallChain({ network: "render", nodes: 8 })
  readonly ledger = openChain(this.chain)
  readonly keys: KeyPair[] = []
  readonly forged = new Set<number>()

  constructor() {
    dirs.push(this.chain.dir)
  }
  async send(
    key: KeyPair,
    { type, row }: { type: string; row: Readonly<Record<string, number | string>> },
    evidence?: Uint8Array,
    network?: string,
  ) {
    const answer = this.ledger.submit(
      ask(this.chain, key, type, row, { evidence, network, expiryS: this.ledger.info().time + 3600 }),
    )
    await this.ledger.cut(this.ledger.info().time + 10)
    return (await answer).reason
  }
  account(key: KeyPair) {
    return readAccount(this.ledger.application, hexOf(key.publicKey))!
  }
  async join(renders: boolean): Promise<KeyPair> {
    const key = newKeyPair()
    await this.ledger.cut(this.ledger.info().time + 10)
    expect(await this.send(key, { type: "OpenAccount", row: {} }, undefined, "gate")).toBe("")
    const { node } = this.account(key)
    if (renders) {
      expect(await this.send(key, asks.join(node))).toBe("")
      expect(await this.send(key, asks.connect(node))).toBe("")
      this.keys.push(key)
    }
    return key
  }
  async order(scene: SceneAsk): Promise<KeyPair> {
    const artist = await this.join(false)
    const { node } = this.account(artist)
    expect(await this.send(artist, asks.buy(node, 900_000_000n))).toBe("")
    const now = this.ledger.info().time
    expect(await this.send(artist, asks.submit(node, tilesOf(scene), now), sceneEvidence(scene))).toBe("")
    return artist
  }
  /** Everybody delivers what it has; forged tiles have one bit wrong. */
  async round(scene: SceneAsk, forge: (tile: number, key: KeyPair) => boolean): Promise<void> {
    await this.ledger.cut(this.ledger.info().time + 10)
    for (const key of this.keys) {
      const { node, render } = this.account(key)
      if (render!.tiles.length === 0) continue
      const promises = render!.tiles.map(({ tile, number }) => {
        const bytes = renderTile(scene, number)
        if (forge(tile, key)) {
          bytes[0] ^= 1
          this.forged.add(tile)
        }
        return { tile, digest: sha256(bytes) }
      })
      expect(await this.send(key, asks.deliver(node, promises.length), tilesEvidence(promises))).toBe("")
    }
  }
  nextWindow() {
    return this.ledger.cut((Math.floor(this.ledger.info().time / WINDOW) + 1) * WINDOW + 1)
  }
  get picture() {
    return readPictures(this.ledger.application)[0]
  }
}

describe("a forged tile", () => {
  test("drawn, it takes its whole delivery with it: no pay for it, another node renders it, the picture is right", async () => {
    const crew = new Crew()
    const honest = await crew.join(true)
    const cheat = await crew.join(true)
    await crew.order(TINY)
    let seen = 0
    // The cheat forges everything; the chain draws one in eight, and a delivery of four is out with the first that is found.
    for (let n = 0; n < 200 && crew.picture.status === "rendering"; n++) {
      await crew.round(TINY, (_, key) => key === cheat)
      await crew.nextWindow()
      seen = Math.max(seen, crew.account(cheat).render!.rejected)
      expect(crew.account(honest).render!.rejected).toBe(0)
    }
    expect(crew.picture.status).toBe("finished")
    const lost = crew.picture.rejected
    expect(seen).toBeGreaterThan(0)
    expect(lost).toBeGreaterThanOrEqual(seen)
    // The day's end: pay is by approved work, so the rejected tiles are income lost; and reputation tells.
    for (let n = 0; n < 30; n++) await crew.nextWindow()
    const paid = (key: KeyPair) => crew.account(key).measures
    expect(paid(cheat).rendered).toBeGreaterThan(lost)
    expect(paid(cheat).paidMicroRender).toBeLessThan(paid(honest).paidMicroRender)
    expect(paid(cheat).reputation).toBeLessThan(paid(honest).reputation)
    await crew.ledger.close()
  }, 60_000)

  test("is found as often as the formula says", async () => {
    const runs = 10
    let caught = 0
    let deliveries = 0
    let expected = 0
    for (let run = 0; run < runs; run++) {
      const crew = new Crew()
      await crew.join(true)
      await crew.order({ ...TINY, seed: run })
      // 400 tiles, in deliveries of four of which the first is forged: each is found with probability p.
      for (let n = 0; n < 8; n++) {
        await crew.round({ ...TINY, seed: run }, (tile) => tile % 4 === 0)
        await crew.round({ ...TINY, seed: run }, (tile) => tile % 4 === 0)
      }
      await crew.nextWindow()
      await crew.nextWindow()
      const { tile } = crew.ledger.application.gate
      for (const t of crew.forged) if (tile.level[t] > 0) caught++
      deliveries += crew.forged.size
      expected += (crew.forged.size * checkedPermille) / 1000
      await crew.ledger.close()
    }
    const p = checkedPermille / 1000
    const sd = Math.sqrt(deliveries * p * (1 - p))
    expect(deliveries).toBeGreaterThan(100)
    expect(Math.abs(caught - expected)).toBeLessThan(3.5 * sd)
    expect(caught).toBeGreaterThan(0)
  }, 60_000)

  test("whether it is drawn follows from a seed that nobody knew when it was promised, at the stated rate", () => {
    let drawn = 0
    for (let t = 0; t < 20_000; t++) if (isDrawn(sha256(Buffer.from("seed")), t, 125)) drawn++
    expect(drawn / 20_000).toBeCloseTo(0.125, 2)
  })
})

describe("what a renderer may not say", () => {
  test("tiles of others, scenes that are none, machines that are better, work of nobody", async () => {
    const crew = new Crew()
    const one = await crew.join(true)
    const two = await crew.join(true)
    const artist = await crew.order(TINY)
    await crew.ledger.cut(crew.ledger.info().time + 10)
    const { node, render } = crew.account(one)
    const theirs = crew.account(two).render!.tiles.map(({ tile }) => ({ tile, digest: new Uint8Array(32) }))
    expect(render!.tiles.length).toBe(4)
    expect(await crew.send(one, asks.deliver(node, 4), tilesEvidence(theirs))).toBe("tile_is_not_yours")
    const mine = render!.tiles.map(({ tile }) => ({ tile, digest: new Uint8Array(32) }))
    expect(await crew.send(one, asks.deliver(node, 4), tilesEvidence([mine[0], mine[0], mine[1], mine[2]]))).toBe(
      "tile_is_not_yours",
    )
    expect(await crew.send(one, asks.deliver(node, 3), tilesEvidence(mine))).toBe("evidence_is_invalid")
    expect(await crew.send(one, asks.deliver(node, 4))).toBe("evidence_is_missing")
    const { node: a } = crew.account(artist)
    expect(
      await crew.send(artist, asks.submit(a, 1, crew.ledger.info().time), sceneEvidence({ ...TINY, tile: 64, samples: 256 })),
    ).toBe("evidence_is_invalid")
    const { type, row } = asks.join(a)
    expect(await crew.send(artist, { type, row: { ...row, ob: 20_000 } })).toBe("not_yours_to_say")
    expect(await crew.send(artist, { type, row: { ...row, wallet: 0 } })).toBe("not_your_node")
    expect(await crew.send(artist, { type, row: { ...row, sinceS: 1 } })).toBe("time_is_not_yours")
    await crew.ledger.close()
  })
})

describe("agents", () => {
  test("render a picture over a gateway, one of them forging; the PNG is the scene, and the log folds", async () => {
    const scene: SceneAsk = { seed: 7, width: 96, height: 64, tile: 16, samples: 16 }
    const chain = smallChain({ network: "render", speed: 10_800 })
    dirs.push(chain.dir)
    const ledger = EmbeddedLedger.open(chain.dir, { blockMs: 60 })
    const gateway = await startGateway(ledger, { port: 0 })
    const stop = new AbortController()
    const forger = new RenderRole((s, n) => renderTile({ ...s, samples: 1 }, n))
    const agents = [undefined, undefined, forger].map((work, n) => {
      const home = new Home(join(scratch, `node-${n}`))
      home.saveConfig({ gateways: [gateway.url], roles: ["render"], sectors: 1, pagePort: 0 })
      const agent = new Agent({ home, config: home.config()!, say: () => {}, signal: stop.signal, roundMs: 60, work })
      return { agent, done: agent.run() }
    })
    const client = new GatewayClient([gateway.url])
    const artist = new Artist(client, newKeyPair())
    const number = await artist.order(scene)
    const began = performance.now()
    const finished = async () => (await client.pictures()).find((p) => p.picture === number)?.status === "finished"
    while (!(await finished()) && performance.now() - began < 60_000) await new Promise((r) => setTimeout(r, 100))
    const paid = () => readNodes(ledger.application).some((n) => n.measures.paidMicroRender > 0)
    while (!paid() && performance.now() - began < 90_000) await new Promise((r) => setTimeout(r, 100))
    expect(paid()).toBe(true)
    const made = (await client.picture(number))!
    expect(made.missing).toBe(0)
    stop.abort()
    await Promise.all(agents.map((a) => a.done))
    const rgb = pixelsOf(made.png, scene)
    let right = 0
    for (let n = 0; n < tilesOf(scene); n++) {
      const at = tileAt(scene, n)
      const bytes = renderTile(scene, n)
      let same = true
      for (let y = 0; y < at.height; y++) {
        const from = ((at.y + y) * scene.width + at.x) * 3
        same &&=
          Buffer.compare(rgb.subarray(from, from + at.width * 3), bytes.subarray(y * at.width * 3, (y + 1) * at.width * 3)) === 0
      }
      if (same) right++
    }
    // Two honest ones of three: what stands wrong in it are forgeries that were not drawn.
    expect(right).toBeGreaterThanOrEqual(tilesOf(scene) / 2)
    await gateway.close()
    await ledger.close()
    const out = join(scratch, "run")
    exportChain(chain.dir, out)
    expect(await replayChain(out)).toMatchObject({ verified: true, logHash: ledger.info().appHash })
  }, 120_000)
})

/** Red, green and blue of a PNG as this project writes it. */
function pixelsOf(png: Uint8Array, { width, height }: SceneAsk): Buffer {
  const bytes = Buffer.from(png)
  expect(bytes.readUInt32BE(16)).toBe(width)
  const at = bytes.indexOf("IDAT")
  const lines = inflateSync(bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at - 4)))
  return Buffer.concat(
    Array.from({ length: height }, (_, y) => lines.subarray(y * (1 + width * 3) + 1, (y + 1) * (1 + width * 3))),
  )
}
