/** A ledger that kills itself, for kill-trial.ts: opens a chain, takes up signed commands, says each answer, and dies at a given step. */
import { readFileSync, writeSync } from "node:fs"
import { flushCompileCache } from "node:module"
import { join } from "node:path"
import { keyPairOf } from "../ledger/command.ts"
import { EmbeddedLedger } from "../ledger/embedded.ts"
import { ask } from "../ledger/small-chain.ts"

const [dir, dieAt] = [process.argv[2], Number(process.argv[3])]
const authority = keyPairOf(readFileSync(join(dir, "authority.pem"), "utf8"))
let steps = 0
const ledger = EmbeddedLedger.open(dir, {
  blockMs: 5,
  snapshotEveryBlocks: 7,
  tell: (s) => writeSync(2, `${s}\n`),
  between: () => {
    if (++steps === dieAt) process.kill(process.pid, "SIGKILL")
  },
})
const { genesis, gate } = ledger.application
writeSync(1, `open ${JSON.stringify(ledger.info())}\n`)
// A kill leaves no time for it: the next life starts sooner.
flushCompileCache()
let nonce = gate.account.nonce[0]
const lanes = Array.from({ length: 4 }, async () => {
  for (;;) {
    const mine = ++nonce
    const row: Record<string, number> =
      mine <= 4 ? { node: mine - 1, latE7: 0, lngE7: 0, atS: 0 } : { node: mine % 4, errorPermille: mine % 1000, atS: 0 }
    const expiryS = ledger.info().time + 1000
    const bytes = ask({ genesis }, authority, mine <= 4 ? "RegisterPop" : "ReportHealth", row, { nonce: mine, expiryS })
    const { reason, height, appHash } = await ledger.submit(bytes)
    writeSync(1, `answer ${JSON.stringify({ nonce: mine, reason, height, appHash })}\n`)
  }
})
await Promise.all(lanes)
