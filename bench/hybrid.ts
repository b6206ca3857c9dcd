/**
 * Real providers and ten thousand simulated ones in one network: does a real one earn what its simulated twin does? Prints the
 * comparison and its interval. `node bench/hybrid.ts [simulated] [real] [sectors] [days]`
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Lockstep } from "../testnet/bridge/lockstep.ts"
import { compareTwins } from "../testnet/bridge/twins.ts"
import { smallChain } from "../testnet/ledger/small-chain.ts"

const [simulated = 10_000, real = 12, sectors = 64, days = 4] = process.argv.slice(2).map(Number)
const scratch = mkdtempSync(join(tmpdir(), "blackstart-hybrid-"))
const chain = smallChain({ nodes: real + simulated, simulated, authoritySlackS: 3600 })
const say = (line: string): void => void process.stdout.write(`${((performance.now() - began) / 1000).toFixed(0)} s: ${line}\n`)
const began = performance.now()
try {
  const pair = new Lockstep(chain, { real, sectors, othersSectors: 1, homes: scratch, tell: say })
  await pair.grow()
  say("elections know of it: counting begins")
  for (let day = 1; day <= days; day++) {
    await pair.run(86_400)
    const { real: a, twin: b, difference, half, agrees, perWin } = compareTwins(pair.since(pair.real), pair.since(pair.twins))
    say(
      `day ${day}: real ${a.wins} wins and ${(a.earned / 1e6).toFixed(1)} FIL, twins ${b.wins} and ${(b.earned / 1e6).toFixed(1)}; wins a node ${difference.toFixed(2)} ± ${half.toFixed(2)} (99 %) ${agrees ? "agree" : "DIFFER"}; FIL a win ${(perWin.real / 1e6).toFixed(4)} and ${(perWin.twin / 1e6).toFixed(4)}; missed ${pair.of("missed", pair.real)} and ${pair.of("missed", pair.crowd.nodes)}`,
    )
  }
  const { user } = process.cpuUsage()
  say(
    `${pair.crowd.submitted.toLocaleString("en-GB")} commands of simulated nodes, refused ${JSON.stringify(pair.crowd.refused)}, of real ones ${JSON.stringify(pair.refused)}; ${pair.ledger.info().height} blocks; ${(user / 1e6).toFixed(0)} s of CPU`,
  )
  await pair.ledger.close()
} finally {
  for (const dir of [scratch, chain.dir]) rmSync(dir, { recursive: true, force: true })
}
