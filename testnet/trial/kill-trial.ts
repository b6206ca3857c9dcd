/**
 * Kills a ledger at random points, over and over, on one chain: between deciding and journalling, between journalling and applying,
 * after applying, or wherever a signal finds it. Then everything that was ever answered must stand where the answer said it stands.
 */
import { spawn } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { readChain } from "../../protocol/boundary/log-file.ts"
import { readCommand } from "../ledger/command.ts"
import { JOURNAL_FILE } from "../ledger/recovery.ts"
import { exportChain, replayChain } from "../ledger/export.ts"
import { genesisHash } from "../ledger/genesis.ts"
import { readJournal } from "../ledger/journal.ts"
import { smallChain } from "../ledger/small-chain.ts"

interface Answer {
  readonly nonce: number
  readonly reason: string
  readonly height: number
  readonly appHash: string
}
export interface KillReport {
  readonly kills: number
  readonly answered: number
  readonly blocks: number
  /** Answers whose command is not in the block that the answer named. */
  readonly lost: number
  /** Answers, or openings, whose app hash is not the chain's at that height. */
  readonly forked: number
  readonly unopened: readonly string[]
  readonly verified: boolean
}

const CHILD = fileURLToPath(new URL("./kill-child.ts", import.meta.url))

/** `dice` gives numbers in [0, 1). */
export async function killTrial(kills: number, dice: () => number, tell: (line: string) => void = () => {}): Promise<KillReport> {
  const chain = smallChain({ network: "cdn", nodes: 4, speed: 60 })
  writeFileSync(join(chain.dir, "authority.pem"), chain.authority.privateKey.export({ type: "pkcs8", format: "pem" }), {
    mode: 0o600,
  })
  const answers: Answer[] = []
  const openings: { height: number; appHash: string }[] = []
  const unopened: string[] = []
  for (let k = 0; k < kills; k++) {
    // Every other life ends by a signal from outside, at a time of its own.
    const { lines, said } = await live(chain.dir, k % 2 === 0 ? 1 + Math.floor(dice() * 40) : 1e9, 20 + dice() * 150)
    for (const line of lines) {
      if (line.startsWith("answer ")) answers.push(JSON.parse(line.slice(7)) as Answer)
      if (line.startsWith("open ")) openings.push(JSON.parse(line.slice(5)) as { height: number; appHash: string })
    }
    if (!lines.some((l) => l.startsWith("open "))) unopened.push(said)
    if (k % 100 === 99) tell(`${k + 1} of ${kills} kills`)
  }
  const out = join(mkdtempSync(join(tmpdir(), "blackstart-killed-")), "run")
  // What the last kill left behind is cut by opening once more; the export reads whole records only.
  const exported = exportChain(chain.dir, out)
  const { headers } = readChain(out)
  const standing = new Map<number, number>()
  for (const { block } of readJournal(join(chain.dir, JOURNAL_FILE), genesisHash(chain.genesis)))
    for (const bytes of block.commands) {
      const command = readCommand(bytes)
      if (typeof command !== "string") standing.set(command.body.nonce, block.height)
    }
  const taken = answers.filter((a) => a.height > 0)
  const verified = (await replayChain(out)).verified
  for (const dir of [chain.dir, dirname(out)]) rmSync(dir, { recursive: true, force: true })
  return {
    kills,
    answered: taken.length,
    blocks: exported.blocks,
    lost: taken.filter((a) => standing.get(a.nonce) !== a.height).length,
    forked: [...taken, ...openings].filter((a) => a.height > 0 && headers[a.height - 1]?.hash !== a.appHash).length,
    unopened,
    verified,
  }
}

/** One life of the child: its whole lines, and what it said went wrong. */
function live(dir: string, dieAt: number, ms: number): Promise<{ lines: readonly string[]; said: string }> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [CHILD, dir, String(dieAt)], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NODE_COMPILE_CACHE: join(dir, "compiled") },
    })
    let text = ""
    let said = ""
    let timer: NodeJS.Timeout | undefined
    child.stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString()
      // The clock of the outside kill starts when the chain is open.
      timer ??= setTimeout(() => child.kill("SIGKILL"), dieAt === 1e9 ? ms : 5000)
    })
    child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()))
    child.on("close", () => {
      clearTimeout(timer)
      done({ lines: text.split("\n").slice(0, -1), said })
    })
  })
}
