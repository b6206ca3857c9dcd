/** Real coverage: beacons and receipts over UDP, paid by Helium's rules; a place that cannot be is found, named and not paid. */
import { createSocket } from "node:dgram"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import fc from "fast-check"
import { afterAll, describe, expect, test } from "vitest"
import { Station, type StationRefusal } from "../beacon/station.ts"
import { decode, encode } from "../beacon/wire.ts"
import { startGateway } from "../gateway/server.ts"
import { newKeyPair } from "../ledger/command.ts"
import { findLiars, judgeTrip } from "../ledger/coverage-door.ts"
import { EmbeddedLedger } from "../ledger/embedded.ts"
import { exportChain, replayChain } from "../ledger/export.ts"
import { FASTER_THAN_LIGHT, FITS, TOO_SLOW } from "../ledger/gate-coverage.ts"
import { readAccount, readNodes } from "../ledger/reading.ts"
import { beaconBytes, chainTag, readReceipts, receiptsEvidence, signBytes } from "../ledger/receipts.ts"
import { smallChain } from "../ledger/small-chain.ts"
import { Agent } from "./agent.ts"
import { CoverageRole } from "./role-coverage.ts"
import { Home } from "./home.ts"

const scratch = mkdtempSync(join(tmpdir(), "blackstart-coverage-"))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const trip = (micro: number) => ({ beaconerMicro: micro, witnessMicro: micro })

describe("a round trip against two places", () => {
  test("light goes 299,792,458 metres a second, there and back", () => {
    // 149,896.229 metres there and back take one millisecond.
    expect(judgeTrip(149_896, trip(1000), 1e6)).toBe(FITS)
    expect(judgeTrip(149_897, trip(1000), 1e6)).toBe(FASTER_THAN_LIGHT)
    expect(judgeTrip(20_000_000, trip(133_000), 1e6)).toBe(FASTER_THAN_LIGHT)
    expect(judgeTrip(20_000_000, trip(134_000), 1e6)).toBe(FITS)
  })
  test("either side alone can tell that it was too fast; to be too slow both must have measured it", () => {
    expect(judgeTrip(1_000_000, { beaconerMicro: 90_000, witnessMicro: 300 }, 1e6)).toBe(FASTER_THAN_LIGHT)
    expect(judgeTrip(1000, { beaconerMicro: 900_000, witnessMicro: 300 }, 100_000)).toBe(FITS)
    expect(judgeTrip(1000, trip(200_000), 100_000)).toBe(TOO_SLOW)
  })
})

test("a hotspot without a place is told so before it takes anything from the faucet", async () => {
  const chain = smallChain({ network: "helium" })
  const ledger = EmbeddedLedger.open(chain.dir, { blockMs: 40 })
  const gateway = await startGateway(ledger, { port: 0 })
  try {
    const home = new Home(join(scratch, "nowhere"))
    home.saveConfig({ gateways: [gateway.url], roles: ["coverage"], sectors: 1, pagePort: 0 })
    const agent = new Agent({ home, config: home.config()!, say: () => {} })
    await expect(agent.run()).rejects.toThrow(/has to say where it is: blackstart join --at/u)
    expect(readAccount(ledger.application, agent.standing().key)).toBeUndefined()
  } finally {
    await gateway.close()
    await ledger.close()
    rmSync(chain.dir, { recursive: true, force: true })
  }
})

describe("who lies", () => {
  const pair = (a: number, b: number, verdict = FITS) => ({ a, b, verdict })
  const among = (nodes: readonly number[], liars: readonly number[]) =>
    nodes.flatMap((a) =>
      nodes.filter((b) => b > a).map((b) => pair(a, b, liars.includes(a) || liars.includes(b) ? FASTER_THAN_LIGHT : FITS)),
    )
  test("one among honest ones, and not those that it contradicts", () => {
    expect(findLiars(among([1, 2, 3, 4], [3]), 3).map((l) => l.account)).toEqual([3])
    expect(findLiars(among([1, 2, 3, 4], []), 3)).toEqual([])
  })
  test("two of them, one after the other; with too few partners nobody is named", () => {
    expect(
      findLiars(among([1, 2, 3, 4, 5, 6, 7], [3, 6]), 3)
        .map((l) => l.account)
        .toSorted((x, y) => x - y),
    ).toEqual([3, 6])
    expect(findLiars(among([1, 2], [2]), 3)).toEqual([])
    expect(findLiars(among([1, 2, 3], [2]), 3)).toEqual([])
  })
  test("a minority of liars of any size is named, whatever the order, and no honest node ever", () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 12 }), fc.nat(), (n, seed) => {
        const nodes = Array.from({ length: n }, (_, i) => i + 1)
        const count = Math.floor((n - 1) / 3)
        const liars = nodes.toSorted((a, b) => ((a * 7919 + seed) % 104_729) - ((b * 7919 + seed) % 104_729)).slice(0, count)
        const found = findLiars(among(nodes, liars), 3).map((l) => l.account)
        expect(found.toSorted((a, b) => a - b)).toEqual(liars.toSorted((a, b) => a - b))
      }),
    )
  })
})

describe("the UDP door", () => {
  const NAMES: readonly StationRefusal[] = ["malformed", "wrong_chain", "wrong_window", "forged", "flooding", "unasked"]
  const from = { ip: "127.0.0.1", port: 9 }
  const make = () => {
    const sent: Uint8Array[] = []
    let now = 0
    const key = newKeyPair()
    const station = new Station(
      key,
      "test-1",
      (bytes) => sent.push(bytes),
      () => (now += 100),
    )
    station.listenIn(7, new Uint8Array(32))
    return { station, sent, key }
  }
  const beaconOf = (chain = "test-1", window = 7) => {
    const key = newKeyPair()
    const nonce = new Uint8Array(8)
    const signature = signBytes(key, beaconBytes(chain, window, new Uint8Array(32), key.publicKey, nonce))
    return encode({ kind: "beacon", chain: chainTag(chain), window, key: key.publicKey, nonce, attempt: 0, signature })
  }
  test("a genuine beacon is answered; of another chain or window, or bent, it is refused by name", () => {
    const { station, sent } = make()
    expect([station.take(beaconOf(), from), sent.length]).toEqual([undefined, 1])
    expect(sent[0].length).toBeLessThan(1.2 * beaconOf().length)
    expect(station.take(beaconOf("test-2"), from)).toBe("wrong_chain")
    expect(station.take(beaconOf("test-1", 8), from)).toBe("wrong_window")
    const bent = beaconOf()
    bent[100] ^= 1
    expect(station.take(bent, from)).toBe("forged")
    expect(sent.length).toBe(1)
  })
  test("any bytes are refused by name and answered by nothing: lengths, kinds, and flips of genuine ones", () => {
    const { station, sent } = make()
    const corpus = [beaconOf(), ...[118, 138, 97, 101].map((n, k) => new Uint8Array(n).fill(k + 1))]
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc.tuple(fc.constantFrom(...corpus), fc.nat(200), fc.integer({ min: 1, max: 255 })).map(([bytes, at, by]) => {
            const copy = Uint8Array.from(bytes)
            // The byte that counts tries is not signed: it only says which try is answered.
            const i = at % copy.length === 53 ? 0 : at % copy.length
            copy[i] ^= by
            return copy
          }),
        ),
        (bytes) => {
          const refusal = station.take(bytes, from)
          return refusal !== undefined && NAMES.includes(refusal)
        },
      ),
      { numRuns: 1500 },
    )
    expect(sent.length).toBe(0)
  })
  test("messages read back as they were written; receipts on the ledger too, or are none", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 150 }), (bytes) => {
        const message = decode(bytes)
        if (message !== undefined) expect(encode(message)).toEqual(Uint8Array.from(bytes))
        const read = readReceipts(bytes)
        if (read !== undefined) expect(receiptsEvidence(read.nonce, read.heard)).toEqual(Uint8Array.from(bytes))
      }),
    )
  })
  test("an address that floods is refused, and others are heard", () => {
    let now = 0
    const station = new Station(
      newKeyPair(),
      "test-1",
      () => {},
      () => (now += 0.001),
    )
    station.listenIn(7, new Uint8Array(32))
    const ack = new Uint8Array(97).fill(3)
    const reasons = Array.from({ length: 300 }, () => station.take(ack, from))
    expect(reasons.filter((r) => r === "flooding").length).toBeGreaterThan(90)
    expect(station.take(ack, { ip: "127.0.0.2", port: 9 })).toBe("unasked")
  })
})

test(
  "five hotspots in a city: they earn; one claims Lisbon, one answers from far away: both are named and denied",
  { timeout: 120_000 },
  async () => {
    const chain = smallChain({ network: "helium", nodes: 16, speed: 9000 })
    const ledger = EmbeddedLedger.open(chain.dir, { blockMs: 80 })
    const gateway = await startGateway(ledger, { port: 0 })
    const stop = new AbortController()
    const places = [
      ...Array.from({ length: 5 }, (_, i) => ({ lat: 48.1 + 0.012 * i, lng: 11.5 + 0.02 * (i % 2) })),
      { lat: 38.72, lng: -9.14 },
      { lat: 48.13, lng: 11.55 },
    ]
    const agents = places.map((at, n) => {
      const home = new Home(join(scratch, `node-${n}`))
      home.saveConfig({ gateways: [gateway.url], roles: ["coverage"], sectors: 1, pagePort: 0, at })
      // The last one's answers take 200 ms longer than its place allows.
      const work = new CoverageRole(n === 6 ? 200 : 0)
      const agent = new Agent({ home, config: home.config()!, say: () => {}, signal: stop.signal, roundMs: 100, work })
      return { agent, done: agent.run() }
    })
    const standing = (n: number) => readAccount(ledger.application, agents[n].agent.standing().key)?.coverage
    const earned = (n: number) => readAccount(ledger.application, agents[n].agent.standing().key)?.measures.earnedBones ?? 0
    const began = performance.now()
    const isDone = () => [5, 6].every((n) => standing(n)?.denied === true) && [0, 1, 2, 3, 4].every((n) => earned(n) > 0)
    while (!isDone() && performance.now() - began < 90_000) await new Promise((r) => setTimeout(r, 100))
    expect([0, 1, 2, 3, 4, 5, 6].map((n) => standing(n)?.reason)).toEqual([
      "",
      "",
      "",
      "",
      "",
      "faster than light",
      "too slow for the place",
    ])
    expect([5, 6].map((n) => standing(n)?.denied)).toEqual([true, true])
    expect([0, 1, 2, 3, 4].every((n) => earned(n) > 0)).toBe(true)
    expect(earned(5)).toBe(0)
    expect(readNodes(ledger.application).length).toBe(7)
    // Bytes that are none, at a live door.
    const { endpoint } = readAccount(ledger.application, agents[0].agent.standing().key)!
    const socket = createSocket("udp4")
    for (let n = 0; n < 50; n++) socket.send(Buffer.alloc(n * 5, n), endpoint.udpPort, endpoint.ip)
    await new Promise((r) => setTimeout(r, 200))
    socket.close()
    expect(Number(agents[0].agent.standing().figures.find(([label]) => label === "datagrams refused")![1])).toBeGreaterThan(20)
    stop.abort()
    await Promise.all(agents.map((a) => a.done))
    await gateway.close()
    await ledger.close()
    const out = join(scratch, "run")
    exportChain(chain.dir, out)
    expect(await replayChain(out)).toMatchObject({ verified: true, logHash: ledger.info().appHash })
    rmSync(chain.dir, { recursive: true, force: true })
  },
)
