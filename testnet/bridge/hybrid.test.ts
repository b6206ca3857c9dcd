/** Real and simulated providers in one network: one log, and equal incomes for equal power. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, test } from "vitest"
import { networkOf } from "../../protocol/networks/index.ts"
import { hexOf, newKeyPair, type KeyPair } from "../ledger/command.ts"
import type { EmbeddedLedger } from "../ledger/embedded.ts"
import { exportChain, replayChain } from "../ledger/export.ts"
import { readAccount, readSeed, readStatus } from "../ledger/reading.ts"
import { ask, openChain, smallChain, type SmallChain } from "../ledger/small-chain.ts"
import { Home } from "../node/home.ts"
import { StorageRole } from "../node/role-storage.ts"
import type { Bench } from "../node/role.ts"
import { Crowd } from "./crowd.ts"
import { compareTwins, type Group } from "./twins.ts"

const scratch = mkdtempSync(join(tmpdir(), "blackstart-hybrid-"))
const dirs = [scratch]
afterAll(() => dirs.forEach((dir) => rmSync(dir, { recursive: true, force: true })))
const SECTORS = 2
const REAL = 4
/** A round of the agent is at most three commands, one after the other: they fit a window of half an hour. */
const STEP_S = 300
/** 900 epochs of half a minute, and the half hour that was not over. */
const LOOKBACK_S = 900 * 30 + 1800

/** The agent's own software for storage, on a chain whose time the test keeps. */
class Real {
  readonly key: KeyPair = newKeyPair()
  readonly role = new StorageRole()
  readonly home: Home
  readonly #chain: SmallChain
  readonly #ledger: EmbeddedLedger

  constructor(chain: SmallChain, ledger: EmbeddedLedger, n: number) {
    this.#chain = chain
    this.#ledger = ledger
    this.home = new Home(join(scratch, `real-${n}`))
  }
  get account() {
    return readAccount(this.#ledger.application, hexOf(this.key.publicKey))!
  }
  async submit(network: string, { type, row }: Parameters<Bench["submit"]>[1], evidence?: Uint8Array) {
    return this.#ledger.submit(
      ask(this.#chain, this.key, type, row, { network, evidence, expiryS: this.#ledger.info().time + 7200 }),
    )
  }
  serve(): Promise<void> {
    const { application } = this.#ledger
    const seed = async (w: number) => {
      const found = readSeed(application, w)
      return found === undefined ? undefined : new Uint8Array(Buffer.from(found, "hex"))
    }
    return this.role.serve({
      home: this.home,
      config: { gateways: [], roles: ["storage"], sectors: SECTORS, pagePort: 0 },
      key: this.key,
      client: { seed } as never,
      status: readStatus(application),
      account: this.account,
      live: networkOf("filecoin")!.live!,
      submit: (network, one, evidence) => this.submit(network, one, evidence),
      took: (result) => result.reason === "",
      tell: () => {},
      remember: () => {},
    })
  }
}

test("for a day at equal power, with sealed bytes on one side and none on the other", { timeout: 120_000 }, async () => {
  const simulated = 24
  const chain = smallChain({ nodes: REAL + simulated, simulated, authoritySlackS: 3600 })
  dirs.push(chain.dir)
  const ledger = openChain(chain, { snapshotEveryBlocks: 1e9 })
  await ledger.cut(chain.genesis.beginS + 60)
  const crowd = new Crowd({ ledger, authority: chain.authority, sectorsOf: () => SECTORS, spreadWindows: 6 })
  const reals = Array.from({ length: REAL }, (_, n) => new Real(chain, ledger, n))
  let working = true
  const through = async (work: Promise<unknown>) => {
    working = true
    const done = work.then(() => (working = false))
    while (working) await ledger.cut(ledger.info().time + STEP_S)
    await done
  }
  await through(Promise.all(reals.map((r) => r.submit("gate", { type: "OpenAccount", row: {} }))))
  const { machine, network } = ledger.application
  const of = (name: string, nodes: readonly number[]) =>
    nodes.reduce((sum, n) => sum + network.nodeMeasures[name].of(machine.state, n), 0)
  const groupOf = (nodes: readonly number[]): Group => ({
    nodes: nodes.length,
    wins: of("wins", nodes),
    earned: of("earnedMicroFil", nodes),
  })
  const real = reals.map((r) => r.account.node)
  const everyone = [...real, ...crowd.nodes]
  const run = async (isOver: () => boolean) => {
    while (!isOver()) await through(Promise.all([crowd.act(), ...reals.map((r) => r.serve())]))
  }
  // Who has more power earlier earns more: counted is from when all have the same, by the table that elections look up, 900 epochs ago.
  await run(() => of("qaGib", everyone) === everyone.length * SECTORS * 32)
  const equal = ledger.info().time + LOOKBACK_S
  await run(() => ledger.info().time >= equal)
  const before = [groupOf(real), groupOf(crowd.nodes)]
  const end = ledger.info().time + 18 * 3600
  await run(() => ledger.info().time >= end)
  expect([of("missed", real), of("missed", crowd.nodes)]).toEqual([0, 0])
  const since = (now: Group, then: Group): Group => ({ ...now, wins: now.wins - then.wins, earned: now.earned - then.earned })
  // At a level that luck alone breaks once in 100,000 runs.
  const found = compareTwins(since(groupOf(real), before[0]), since(groupOf(crowd.nodes), before[1]), 0.99999)
  expect(found.real.wins).toBeGreaterThan(30)
  expect(found.agrees, JSON.stringify(found)).toBe(true)
  expect(found.perWin.real / found.perWin.twin).toBeCloseTo(1, 1)
  expect(Object.keys(crowd.refused)).toEqual([])
  // The one log holds both, and folds to the same hashes.
  await ledger.close()
  const out = join(scratch, "run")
  exportChain(chain.dir, out)
  expect(await replayChain(out)).toMatchObject({ verified: true, logHash: ledger.info().appHash })
})

test("places of simulated nodes are nobody else's, and without them there is no crowd", async () => {
  const chain = smallChain({ nodes: 3, simulated: 2 })
  dirs.push(chain.dir)
  const ledger = openChain(chain)
  await ledger.cut(chain.genesis.beginS + 60)
  const open = async () => {
    const answer = ledger.submit(
      ask(chain, newKeyPair(), "OpenAccount", {}, { network: "gate", expiryS: chain.genesis.beginS + 3600 }),
    )
    await ledger.cut(ledger.info().time + 1)
    return (await answer).reason
  }
  expect([await open(), await open()]).toEqual(["", "no_place_left"])
  expect(new Crowd({ ledger, authority: chain.authority, sectorsOf: () => 1 }).nodes).toEqual([1, 2])
  await ledger.close()
  const none = smallChain()
  dirs.push(none.dir)
  const empty = openChain(none)
  expect(() => new Crowd({ ledger: empty, authority: none.authority, sectorsOf: () => 1 })).toThrow(/no places/u)
  await empty.close()
})

test("an income that is another is told", () => {
  const group = (nodes: number, wins: number): Group => ({ nodes, wins, earned: wins * 7 })
  expect(compareTwins(group(10, 1000), group(100, 10_050)).agrees).toBe(true)
  expect(compareTwins(group(10, 800), group(100, 10_000)).agrees).toBe(false)
  // Nobody won anything: nothing is shown, and nothing is claimed.
  expect(compareTwins(group(1, 0), group(1, 0)).half).toBe(0)
})
