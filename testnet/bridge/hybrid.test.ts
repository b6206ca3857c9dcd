/** Real and simulated providers in one network: one log, and equal incomes for equal power. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, test } from "vitest"
import { newKeyPair } from "../ledger/command.ts"
import { exportChain, replayChain } from "../ledger/export.ts"
import { ask, openChain, smallChain } from "../ledger/small-chain.ts"
import { Crowd } from "./crowd.ts"
import { Lockstep } from "./lockstep.ts"
import { compareTwins, type Group } from "./twins.ts"

const scratch = mkdtempSync(join(tmpdir(), "blackstart-hybrid-"))
const dirs = [scratch]
afterAll(() => dirs.forEach((dir) => rmSync(dir, { recursive: true, force: true })))
const SECTORS = 2
const REAL = 4

test("for a day at equal power, with sealed bytes on one side and none on the other", { timeout: 120_000 }, async () => {
  const simulated = 24
  const chain = smallChain({ nodes: REAL + simulated, simulated, authoritySlackS: 3600 })
  dirs.push(chain.dir)
  const pair = new Lockstep(chain, { real: REAL, sectors: SECTORS, othersSectors: SECTORS, homes: scratch, spreadWindows: 6 })
  await pair.grow()
  await pair.run(18 * 3600)
  expect([pair.of("missed", pair.real), pair.of("missed", pair.crowd.nodes)]).toEqual([0, 0])
  // At a level that luck alone breaks once in 100,000 runs.
  const found = compareTwins(pair.since(pair.real), pair.since(pair.crowd.nodes), 0.99999)
  expect(found.real.wins).toBeGreaterThan(30)
  expect(found.agrees, JSON.stringify(found)).toBe(true)
  expect(found.perWin.real / found.perWin.twin).toBeCloseTo(1, 1)
  expect(Object.keys(pair.crowd.refused)).toEqual([])
  // The one log holds both, and folds to the same hashes.
  await pair.ledger.close()
  const out = join(scratch, "run")
  exportChain(chain.dir, out)
  expect(await replayChain(out)).toMatchObject({ verified: true, logHash: pair.ledger.info().appHash })
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
