/**
 * The ABCI server without the engine: the stand-in drives real sockets. Crashes at each persistence point, replay, state sync, forks that
 * are found, sets that change, and handlers that answer whatever they are sent.
 */
import { spawn, type ChildProcess } from "node:child_process"
import { fileURLToPath } from "node:url"
import fc from "fast-check"
import { afterEach, describe, expect, test } from "vitest"
import { toHex } from "../../protocol/kernel/hash.ts"
import { joinBatch } from "../ledger/batch.ts"
import { newKeyPair, type KeyPair } from "../ledger/command.ts"
import { exportChain, replayChain } from "../ledger/export.ts"
import { addressOf } from "../ledger/quorum.ts"
import { codeOf } from "../ledger/refusals.ts"
import { toWords } from "../ledger/words.ts"
import { ask } from "../ledger/small-chain.ts"
import { newEngineKey } from "./engine-home.ts"
import { dial, hangUp } from "./stand-in.ts"
import {
  configOf,
  folderOf,
  serve,
  SNAPSHOT_EVERY,
  standInChain,
  sweep,
  type Served,
  type StandInChain,
} from "./stand-in-chain.ts"
import { chunksOf } from "./sync-snapshot.ts"

const PROCESS = fileURLToPath(new URL("application-process.ts", import.meta.url))
let chain: StandInChain
const open: Served[] = []
afterEach(async () => {
  for (const s of open.splice(0)) await s.close()
  sweep(chain)
})
const start = async (name: string, options: Parameters<typeof serve>[2] = {}): Promise<Served> => {
  const served = await serve(chain, name, options)
  open.push(served)
  return served
}
const register = (node: number) =>
  ask(chain, chain.authority, "RegisterPop", { node, latE7: 0, lngE7: 0, atS: 0 }, { expiryS: chain.genesis.beginS + 80_000 })
const health = (node: number, errorPermille: number) =>
  ask(chain, chain.authority, "ReportHealth", { node, errorPermille, atS: 0 }, { expiryS: chain.genesis.beginS + 80_000 })
const tx = (...commands: Uint8Array[]) => joinBatch(commands)
const codes = (data: Uint8Array) => Array.from({ length: data.length / 2 }, (_, k) => (data[2 * k] << 8) | data[2 * k + 1])
const join = (key: KeyPair) => ask(chain, key, "OpenAccount", {}, { network: "gate", expiryS: chain.genesis.beginS + 80_000 })

describe("four applications on one chain", () => {
  test("agree on every block; what is bad in a block is a code, and what was taken up counts once", async () => {
    chain = standInChain()
    const { engine } = chain
    const peers = (await Promise.all(["v0", "v1", "v2", "v3"].map((n) => start(n)))).map((s) => s.peer)
    const first = tx(register(0), register(1))
    expect(await engine.check(peers, first)).toEqual([0, 0, 0, 0])
    const third = tx(register(2))
    const forged = Buffer.from(register(3))
    forged[50] ^= 1
    const results = await engine.decide(peers, [first, third, first, tx(forged), new Uint8Array([1, 2, 3])])
    expect(results.map((r) => r.code)).toEqual([0, 0, 0, 0, 2])
    expect(codes(results[0].data)).toEqual([0, 0])
    // The same bytes again: replayed, both.
    expect(codes(results[2].data)).toEqual([10, 10])
    expect(codes(results[3].data)).toEqual([5])
    expect(await engine.check(peers, first)).toEqual([10, 10, 10, 10])
    for (let n = 0; n < 6; n++) await engine.decide(peers, [tx(health(n % 3, n))])
    expect(open.map((s) => s.app.application.gate.control.commands[0])).toEqual([9, 9, 9, 9])
    expect(new Set(open.map((s) => s.app.application.info().appHash)).size).toBe(1)
  })

  test("one that lies about its app hash is found at once", async () => {
    chain = standInChain()
    const [a, b] = [await start("v0"), await start("v1", { lieFrom: 3 })]
    const peers = [a.peer, b.peer]
    await chain.engine.decide(peers, [])
    await chain.engine.decide(peers, [])
    await expect(chain.engine.decide(peers, [])).rejects.toThrow("v1 answers block 3 otherwise")
  })

  test("stake makes a validator, leaving unmakes it, and a double signature is the end of it", async () => {
    chain = standInChain()
    const { engine } = chain
    const peers = (await Promise.all(["v0", "v1"].map((n) => start(n)))).map((s) => s.peer)
    const [operator, key] = [newKeyPair(), newEngineKey()]
    const expiryS = chain.genesis.beginS + 80_000
    const bond = (stakeAtto: string) =>
      ask(chain, operator, "Bond", { ...toWords("k", key.publicKey), stakeAtto } as never, { network: "validators", expiryS })
    const address = addressOf(key.publicKey)
    await engine.decide(peers, [tx(join(operator))])
    expect(codes((await engine.decide(peers, [tx(bond("999"))]))[0].data)).toEqual([codeOf("stake_is_too_small", [])])
    expect(codes((await engine.decide(peers, [tx(bond(`${200_000n * 10n ** 18n}`))]))[0].data)).toEqual([22])
    await engine.decide(peers, [tx(bond(`${70n * 10n ** 18n}`))])
    expect(engine.powers.get(address)).toBe(70n)
    await engine.decide(peers, [tx(bond(`${5n * 10n ** 18n}`))])
    expect(engine.powers.get(address)).toBe(75n)
    // Evidence against a genesis validator, and against the newcomer after it has left.
    const [guilty] = engine.powers.keys()
    await engine.decide(peers, [], { guilty: [guilty] })
    expect(engine.powers.get(guilty)).toBe(0n)
    const leave = () => ask(chain, operator, "Unbond", { validator: 4 }, { network: "validators", expiryS })
    await engine.decide(peers, [tx(leave())])
    expect(engine.powers.get(address)).toBe(0n)
    expect(codes((await engine.decide(peers, [tx(leave())]))[0].data)).toEqual([codeOf("not_bonded", [])])
    await engine.decide(peers, [], { guilty: [address] })
    const { validator } = open[0].app.application.quorum!.state
    expect(validator.status[4]).toBe(4)
    const account = open[0].app.application.accountOf(toHex(operator.publicKey))!
    expect(open[0].app.application.gate.account.spentAtto.get(account)).toBe(75n * 10n ** 18n)
    expect(open[0].app.application.quorum!.powers().size).toBe(3)
  })

  test("time follows the headers, and stands still across a halt", async () => {
    chain = standInChain()
    const { peer, app } = await start("v0")
    await chain.engine.decide([peer], [])
    const { time } = app.application.info()
    await chain.engine.decide([peer], [], { afterMs: 1500 })
    expect(app.application.info().time - time).toBe(90)
    await chain.engine.decide([peer], [], { afterMs: 3_600_000 })
    expect(app.application.info().time - time).toBe(90 + 300)
    await chain.engine.decide([peer], [], { afterMs: -500 })
    expect(app.application.info().time - time).toBe(90 + 300)
  })
})

describe("persistence", () => {
  test(
    "killed at each of the three points of a commit, it comes back to the same app hash and goes on",
    { timeout: 120_000 },
    async () => {
      chain = standInChain()
      const { engine } = chain
      const other = await start("other")
      const lives = [
        // Before the journal: the block was finalised and is forgotten. Between journal and snapshot: it is there. After: likewise.
        { step: "committing", height: SNAPSHOT_EVERY, back: SNAPSHOT_EVERY - 1 },
        { step: "journalled", height: 2 * SNAPSHOT_EVERY, back: 2 * SNAPSHOT_EVERY },
        { step: "kept", height: 3 * SNAPSHOT_EVERY, back: 3 * SNAPSHOT_EVERY },
      ] as const
      let expected = 0
      for (const { step, height, back } of lives) {
        const life = await launch("v0", { dieAt: { step, height } })
        expect(await engine.handshake(life.peer)).toBe(expected)
        const gone = new Promise((done) => life.child.once("exit", (_, signal) => done(signal)))
        const deciding = async (): Promise<void> => {
          while (engine.height < height) await engine.decide([other.peer, life.peer], [tx(health(0, engine.height))])
        }
        await expect(deciding()).rejects.toThrow("hung up")
        expect(await gone).toBe("SIGKILL")
        expected = back
      }
      const last = await launch("v0")
      expect(await engine.handshake(last.peer)).toBe(expected)
      await engine.decide([other.peer, last.peer], [tx(health(0, 1))])
      hangUp(last.peer)
      await new Promise((done) => last.child.once("exit", done))
      // What it kept is a chain that exports and replays to the engine's own last app hash.
      const exported = exportChain(folderOf(chain, "v0"), `${chain.dir}/run`)
      expect(exported).toMatchObject({ blocks: engine.height, logHash: engine.blocks.at(-1)!.appHash })
      expect(await replayChain(`${chain.dir}/run`)).toMatchObject({ verified: true, logHash: exported.logHash })
    },
  )

  test("an application that starts from nothing is played every block", async () => {
    chain = standInChain()
    const first = await start("v0")
    for (let n = 0; n < 7; n++) await chain.engine.decide([first.peer], [tx(health(0, n))])
    const second = await start("v1")
    expect(second.app.application.info()).toEqual(first.app.application.info())
  })

  async function launch(
    name: string,
    trial?: Parameters<typeof configOf>[2],
  ): Promise<{ child: ChildProcess; peer: Awaited<ReturnType<typeof dial>> }> {
    const { path, socket } = configOf(chain, name, trial)
    const child = spawn(process.execPath, [PROCESS, path], { stdio: ["ignore", "ignore", "inherit", "ipc"] })
    await new Promise((done, fail) => {
      child.once("message", done)
      child.once("exit", fail)
    })
    return { child, peer: await dial(name, socket) }
  }
})

describe("state sync", () => {
  test("a newcomer gets the chain by chunks, goes on with the others, and comes back after a restart", async () => {
    chain = standInChain()
    const { engine } = chain
    const donor = await start("v0")
    for (let n = 0; n < 2 * SNAPSHOT_EVERY + 2; n++)
      await engine.decide([donor.peer], [tx(n < 3 ? register(n) : health(n % 3, n))])
    const newcomer = await start("new", { shake: false })
    const height = await engine.stateSync(donor.peer, newcomer.peer)
    expect(height).toBe(2 * SNAPSHOT_EVERY)
    expect(await engine.handshake(newcomer.peer)).toBe(height)
    await engine.decide([donor.peer, newcomer.peer], [tx(health(1, 9))])
    expect(newcomer.app.application.info()).toEqual(donor.app.application.info())
    await newcomer.close()
    open.splice(open.indexOf(newcomer), 1)
    const again = await start("new", { shake: false })
    expect(await engine.handshake(again.peer)).toBe(engine.height)
  })

  test("a snapshot that was bent is refused, and nothing of it stays", async () => {
    chain = standInChain()
    const { engine } = chain
    const donor = await start("v0")
    for (let n = 0; n < SNAPSHOT_EVERY; n++) await engine.decide([donor.peer], [tx(register(n))])
    const newcomer = await start("new", { shake: false })
    // In the quorum's clock, the last of the tables with rows.
    const flip = (chunk: Uint8Array): Uint8Array => chunk.map((b, i) => (i === chunk.length - 30 ? b ^ 1 : b))
    expect(await engine.stateSync(donor.peer, newcomer.peer, flip)).toBe(0)
    expect(newcomer.app.application.info().height).toBe(0)
    // A whole lie, digest and all, does not come to the trusted app hash either.
    const bytes = Buffer.from(flip(donor.app.store.readSync(SNAPSHOT_EVERY)!))
    const { createHash } = await import("node:crypto")
    const snapshot = {
      height: BigInt(SNAPSHOT_EVERY),
      format: 1,
      chunks: chunksOf(bytes),
      hash: createHash("sha256").update(bytes).digest(),
    }
    const appHash = Buffer.from(engine.blocks[SNAPSHOT_EVERY - 1].appHash, "hex")
    await newcomer.peer.snapshot.ask({ case: "offerSnapshot", value: { snapshot, appHash } }, "offerSnapshot")
    const applied = { index: 0, chunk: bytes, sender: "liar" }
    const answer = await newcomer.peer.snapshot.ask({ case: "applySnapshotChunk", value: applied }, "applySnapshotChunk")
    expect([answer.result, answer.rejectSenders]).toEqual([5, ["liar"]])
    expect(newcomer.told.join()).toContain("another app hash")
    expect(await engine.handshake(newcomer.peer)).toBe(0)
  })
})

describe("handlers are total", () => {
  test("any tx, in the mempool or in a block, is a code; replicas agree on it", async () => {
    chain = standInChain()
    const { engine } = chain
    const peers = (await Promise.all(["v0", "v1"].map((n) => start(n)))).map((s) => s.peer)
    const good = register(0)
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.uint8Array({ maxLength: 300 }),
            fc.nat(good.length - 1).map((i) => tx(good.map((b, k) => (k === i ? b ^ 4 : b)))),
          ),
          {
            maxLength: 6,
          },
        ),
        async (txs) => {
          const checked = await Promise.all(txs.map((t) => engine.check(peers, t)))
          expect(checked.every(([a, b]) => a === b && a > 0)).toBe(true)
          await engine.decide(peers, txs)
        },
      ),
      { numRuns: 40 },
    )
    expect(open[0].app.application.gate.control.commands[0]).toBe(0)
  })

  test("odd questions are answered, and bytes that are none close their connection alone", async () => {
    chain = standInChain()
    const { peer } = await start("v0")
    expect((await peer.query.ask({ case: "query", value: { path: "/nonsense/../x" } }, "query")).code).toBe(1)
    expect((await peer.query.ask({ case: "query", value: { path: "status" } }, "query")).code).toBe(0)
    const nothing = await peer.snapshot.ask(
      { case: "loadSnapshotChunk", value: { height: 99n, format: 1, chunk: 7 } },
      "loadSnapshotChunk",
    )
    expect(nothing.chunk).toHaveLength(0)
    const unoffered = await peer.snapshot.ask({ case: "applySnapshotChunk", value: { index: 3 } }, "applySnapshotChunk")
    expect(unoffered.result).toBe(2)
    const odd = { snapshot: { height: 5n, format: 9, chunks: 1 } }
    expect((await peer.snapshot.ask({ case: "offerSnapshot", value: odd }, "offerSnapshot")).result).toBe(4)
    await peer.consensus.ask({ case: "commit", value: {} }, "commit")
    await peer.consensus.ask({ case: "extendVote", value: {} }, "extendVote")
    peer.mempool.write(Buffer.from([3, 0xff, 0xff, 0xff]))
    await peer.mempool.closed
    await chain.engine.decide([peer], [])
    expect(chain.engine.height).toBe(1)
  })
})
