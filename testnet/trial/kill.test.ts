/** kill -9 of the ledger at random points loses nothing that was answered, and never forks the hash. */
import { expect, test } from "vitest"
import { draw, stream } from "../../protocol/kernel/random.ts"
import { killTrial } from "./kill-trial.ts"

test("30 kills at random points", { timeout: 120_000 }, async () => {
  const dice = stream(20_261_122, "testnet/kill")
  let n = 0
  const report = await killTrial(30, () => draw(dice, n++) / 2 ** 32)
  expect(report).toMatchObject({ kills: 30, lost: 0, forked: 0, unopened: [], verified: true })
  expect(report.answered).toBeGreaterThan(100)
})
