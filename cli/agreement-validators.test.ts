/**
 * Three engines, one core. A simulated run's commands are signed and put through validators' applications over the real ABCI socket, and
 * through the embedded ledger: the two logs end in one hash, and the network's state is the simulation's own.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { quiet } from "../simulation/record/small-scenario.ts"
import type { Scenario } from "../protocol/boundary/scenario.ts"
import { joinBatch } from "../testnet/ledger/batch.ts"
import { EmbeddedLedger } from "../testnet/ledger/embedded.ts"
import { exportChain, replayChain } from "../testnet/ledger/export.ts"
import { ask } from "../testnet/ledger/small-chain.ts"
import { serve, standInChain, sweep } from "../testnet/cometbft/stand-in-chain.ts"
import { record } from "./recorded-run.ts"

const SPEED = 1000

test.each([
  ["cdn", quiet(1800)],
  [
    "filecoin",
    { ...quiet(1800), lasts: { hours: 6 }, networks: { filecoin: { nodes: 4 } }, dependsOn: undefined } as unknown as Scenario,
  ],
] as const)(
  "%s: the validators' log, the embedded ledger's and the simulator's state agree",
  { timeout: 60_000 },
  async (name, scenario) => {
    const run = record(scenario, name)
    const { plan, planned } = run
    const chain = standInChain(
      {
        network: name,
        nodes: planned.nodes,
        preset: planned.preset,
        params: planned.values,
        beginS: plan.beginS,
        speed: SPEED,
        authoritySlackS: 2 ** 31,
        draws: false,
        expirySecondsMax: 2 ** 31,
      },
      2,
    )
    const served = await Promise.all(["v0", "v1"].map((n) => serve(chain, n)))
    const peers = served.map((s) => s.peer)
    const dir = mkdtempSync(join(tmpdir(), "bs-embedded-"))
    try {
      EmbeddedLedger.create(dir, chain.genesis)
      const embedded = EmbeddedLedger.open(dir, {
        blockMs: Infinity,
        perKeySecond: 1e6,
        commandsMax: Infinity,
        blockBytesMax: Infinity,
        waitingMax: Infinity,
      })
      const { application } = served[0].app
      let commands = 0
      // The first block sets the clock; from then on the headers bring chain time to where the simulation settled.
      for (const { atS, steps } of [{ atS: plan.beginS, steps: [] }, ...run.slices, { atS: run.endS, steps: run.rest }]) {
        const bytes = steps.flatMap(({ type, rows }) => rows.map((row) => ask(chain, chain.authority, type, row)))
        commands += bytes.length
        let behindS = atS - application.info().time
        // A header may add so much and no more: a long silence is several blocks.
        do {
          const stepS = Math.min(behindS, 4000)
          behindS -= stepS
          const here = behindS === 0 ? bytes : []
          const txs = Array.from({ length: Math.ceil(here.length / 100) }, (_, k) =>
            joinBatch(here.slice(100 * k, 100 * k + 100)),
          )
          const answers = here.map((one) => embedded.submit(one))
          await chain.engine.decide(peers, txs, { afterMs: (stepS * 1000) / SPEED })
          const { headerMs } = chain.engine.blocks.at(-1)!
          await embedded.cut(application.info().time, { headerMs, carryMilli: 0, guilty: [] })
          expect((await Promise.all(answers)).filter((a) => a.code > 0 && a.code < 1000)).toEqual([])
        } while (behindS > 0)
        expect(application.info().time).toBe(atS)
      }
      expect(commands).toBeGreaterThan(20)
      expect(embedded.info()).toEqual(application.info())
      expect(application.networkStateHash()).toBe(run.state)
      const { appHash } = embedded.info()
      await embedded.close()
      // The log that the validators kept: exported with every signature checked, and folded.
      const out = join(dir, "run")
      expect(exportChain(join(chain.dir, "v1"), out).logHash).toBe(appHash)
      expect(await replayChain(out)).toMatchObject({ verified: true, logHash: appHash })
    } finally {
      for (const s of served) await s.close()
      sweep(chain)
      rmSync(dir, { recursive: true, force: true })
    }
  },
)
