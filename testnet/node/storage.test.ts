/** Real storage on a chain: sealed bytes earn power; deleted, damaged and shared ones do not. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { networkOf } from "../../protocol/networks/index.ts"
import {
  challengesOf,
  nodesOf,
  POSSESSION_CHALLENGES,
  provePossession,
  proveSeal,
  SEAL_CHALLENGES,
} from "../../protocol/proofs/sealed-sector.ts"
import { newKeyPair, type KeyPair } from "../ledger/command.ts"
import type { EmbeddedLedger } from "../ledger/embedded.ts"
import { hexOf } from "../ledger/command.ts"
import { readAccount, readSeed } from "../ledger/reading.ts"
import { ask, openChain, smallChain, type SmallChain } from "../ledger/small-chain.ts"
import { SectorStore } from "./sectors.ts"

const BYTES = 16 * 1024
const { storage, windowSeconds } = networkOf("filecoin")!.live!
const { asks } = storage!

/** A provider with a store of its own on a chain whose time the test keeps. */
class Provider {
  readonly key: KeyPair = newKeyPair()
  readonly store = new SectorStore(mkdtempSync(join(tmpdir(), "blackstart-store-")), this.key.publicKey, BYTES)
  readonly chain: SmallChain
  readonly ledger: EmbeddedLedger

  constructor(chain: SmallChain, ledger: EmbeddedLedger) {
    this.chain = chain
    this.ledger = ledger
  }
  get account() {
    return readAccount(this.ledger.application, hexOf(this.key.publicKey))!
  }
  get seed(): Uint8Array {
    return Buffer.from(readSeed(this.ledger.application, Math.floor(this.ledger.info().time / windowSeconds))!, "hex")
  }
  async ask(
    { type, row }: { type: string; row: Readonly<Record<string, number | string>> },
    evidence?: Uint8Array,
    network?: string,
  ) {
    const expiryS = this.ledger.info().time + 3600
    const answer = this.ledger.submit(ask(this.chain, this.key, type, row, { evidence, network, expiryS }))
    await this.ledger.cut(this.ledger.info().time + 30)
    return (await answer).reason
  }
  async join() {
    expect(await this.ask({ type: "OpenAccount", row: {} }, undefined, "gate")).toBe("")
    const { node, grantedAtto } = this.account
    expect(await this.ask(asks.join(node, this.ledger.info().time, BigInt(grantedAtto)))).toBe("")
  }
  async announce(commitments?: Uint8Array) {
    const { commD, commC, commR } = this.store.seal(this.account.sectors.length)
    return this.ask(asks.announce(this.account.node, 1), commitments ?? Buffer.concat([commD, commC, commR]))
  }
  /** Goes on to the window whose seed challenges what was announced. */
  async untilSeed() {
    const announced = this.account.sectors.find((s) => s.status === "announced")!
    const window = Math.floor((announced.announcedS + storage!.sealDelaySeconds) / windowSeconds) + 1
    while (this.ledger.info().time < window * windowSeconds) await this.ledger.cut(this.ledger.info().time + 300)
  }
  async seal() {
    await this.untilSeed()
    const announced = this.account.sectors.find((s) => s.status === "announced")!
    return this.ask(asks.seal(this.account.node), this.store.proveSeal(announced.number, this.seed))
  }
  async untilDue() {
    for (let n = 0; n < 2000 && this.account.storage!.due === 0; n++) await this.ledger.cut(this.ledger.info().time + 300)
    return this.account.storage!
  }
  possess(proof: Uint8Array) {
    const head = Buffer.alloc(4)
    head.writeUInt32LE(this.account.sectors[0].sector)
    return this.ask(asks.possess(this.account.node, this.account.storage!.deadline, 0), Buffer.concat([head, proof]))
  }
}

async function provider() {
  const chain = smallChain()
  const ledger = openChain(chain)
  await ledger.cut(chain.genesis.beginS + 60)
  const p = new Provider(chain, ledger)
  await p.join()
  return p
}
async function proven() {
  const p = await provider()
  expect(await p.announce()).toBe("")
  expect(await p.seal()).toBe("")
  await p.untilDue()
  return p
}

describe("a sector's way", () => {
  test("announced, sealed, proven: power, and the next window asks again", async () => {
    const p = await proven()
    expect(await p.possess(p.store.provePossession(0, p.seed)!)).toBe("")
    expect(p.account.measures.qaGib).toBe(32)
    expect(p.account.storage!.due).toBe(0)
    const first = p.account.sectors[0].provenWindow
    await p.untilDue()
    expect(await p.possess(p.store.provePossession(0, p.seed)!)).toBe("")
    expect(p.account.sectors[0].provenWindow).toBe(first + 48)
    await p.ledger.close()
  })

  test("before its seed is drawn a seal cannot be proven", async () => {
    const p = await provider()
    await p.announce()
    expect(await p.ask(asks.seal(p.account.node), new Uint8Array(64))).toBe("seed_is_not_drawn")
    await p.ledger.close()
  })
})

describe("what is caught", () => {
  test("a deleted file: no proof, the deadline passes, power is gone; a recovery needs the bytes again", async () => {
    const p = await proven()
    await p.possess(p.store.provePossession(0, p.seed)!)
    rmSync(p.store.fileOf(0))
    const { deadline } = await p.untilDue()
    expect(p.store.provePossession(0, p.seed)).toBeUndefined()
    await p.ledger.cut(p.ledger.info().time + windowSeconds + 60)
    expect(p.account.measures).toMatchObject({ qaGib: 0, missed: 1 })
    // The data follows from the key: the same replica comes back, is declared and proven.
    p.store.seal(0)
    expect(p.account.storage!.recoverable).toEqual([deadline])
    expect(await p.ask(asks.recover(p.account.node, deadline))).toBe("")
    await p.untilDue()
    expect(await p.possess(p.store.provePossession(0, p.seed)!)).toBe("")
    expect(p.account.measures.qaGib).toBe(32)
    await p.ledger.close()
  })

  test("a damaged file: a proof from its bytes is refused at the door", async () => {
    const p = await proven()
    const path = p.store.fileOf(0)
    // A byte of every leaf: ten challenges miss a half that is damaged once in 1,024 times.
    writeFileSync(
      path,
      readFileSync(path).map((byte, i) => (i % 32 === 0 ? byte ^ 1 : byte)),
    )
    const challenges = challengesOf(p.seed, 0, nodesOf(BYTES), POSSESSION_CHALLENGES)
    expect(p.store.provePossession(0, p.seed)).toBeUndefined()
    const tree = readFileSync(path.replace(".replica", ".tree"))
    expect(await p.possess(provePossession(readFileSync(path), tree, challenges))).toBe("evidence_is_invalid")
    expect(p.account.measures.qaGib).toBe(0)
    await p.ledger.close()
  })

  test("a shared file: another provider that commits to the same replica cannot prove its seal", async () => {
    const p = await proven()
    const thief = new Provider(p.chain, p.ledger)
    await thief.join()
    const stolen = p.store.seal(0)
    expect(await thief.announce(Buffer.concat([stolen.commD, stolen.commC, stolen.commR]))).toBe("")
    await thief.untilSeed()
    expect(await thief.ask(asks.seal(thief.account.node), p.store.proveSeal(0, thief.seed))).toBe("evidence_is_invalid")
    await p.ledger.close()
  })

  test("unsealed data committed to as a replica", async () => {
    const p = await provider()
    const real = p.store.seal(0)
    const data = Uint8Array.from(real.replica, (b, i) => b ^ real.columns[(i >> 5) * 128 + 96 + (i & 31)])
    const lazy = { ...real, commR: real.commD, replica: data, replicaTree: real.dataTree }
    expect(await p.announce(Buffer.concat([real.commD, real.commC, real.commD]))).toBe("")
    await p.untilSeed()
    const challenges = challengesOf(p.seed, 0, nodesOf(BYTES), SEAL_CHALLENGES)
    expect(await p.ask(asks.seal(p.account.node), proveSeal(data, lazy, challenges))).toBe("evidence_is_invalid")
    await p.ledger.close()
  })

  test("yesterday's proof", async () => {
    const p = await proven()
    const old = p.store.provePossession(0, p.seed)!
    await p.possess(old)
    await p.untilDue()
    expect(await p.possess(old)).toBe("evidence_is_invalid")
    await p.ledger.close()
  })
})
