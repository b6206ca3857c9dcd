/** A chain as a run folder: every block's events and header, derived from the journal again, for `blackstart replay` to fold. */
import { mkdirSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { explainFailure, RecordProblem, replaceFile } from "../../protocol/boundary/durable.ts"
import { differenceOf, foldEpoch, type Difference, type Replayed } from "../../protocol/boundary/fold-log.ts"
import { BodyReader, LogWriter, readChain } from "../../protocol/boundary/log-file.ts"
import type { Header } from "../../protocol/kernel/log.ts"
import { Log } from "../../protocol/kernel/log.ts"
import { ChainApplication, newHasher } from "./application.ts"
import { applyBlock, JOURNAL_FILE, loadGenesis } from "./recovery.ts"
import { emptyMachines } from "./chain-machines.ts"
import { genesisHash, readGenesis, type Genesis } from "./genesis.ts"
import { readJournal } from "./journal.ts"

export const RUN_KIND = "testnet"
const RUN_FILE = "run.json"

interface ChainManifest {
  readonly kind: typeof RUN_KIND
  readonly format: 1
  readonly name: string
  readonly genesis: Genesis
  readonly log: "full"
  readonly status: "complete"
  readonly commands: number
  readonly epochs: number
  readonly events: number
  readonly logHash: string
  readonly stateHash: string
}

export interface Exported {
  readonly blocks: number
  readonly commands: number
  readonly events: number
  readonly logHash: string
  readonly stateHash: string
}

/** Writes the chain in `dir` to the new folder `out`. Signatures are checked again: nothing of the journal is taken on trust. */
export function exportChain(dir: string, out: string): Exported {
  const genesis = loadGenesis(dir)
  try {
    mkdirSync(out, { recursive: true })
    if (readdirSync(out).length > 0) throw new RecordProblem(`${out} is not empty: choose a new folder`)
  } catch (error) {
    throw error instanceof RecordProblem ? error : explainFailure(error, "make the folder", out)
  }
  const writer = new LogWriter(out, true)
  const application = new ChainApplication(genesis, writer)
  const path = join(dir, JOURNAL_FILE)
  let commands = 0
  let events = 0
  let last: Header | undefined
  try {
    const reader = readJournal(path, genesisHash(genesis))
    let next = reader.next()
    for (; next.done !== true; next = reader.next()) {
      const { block } = next.value
      last = applyBlock(application, block, path, false).header
      writer.close(last)
      commands += block.commands.length
      events += last.rows
    }
    // A tail half written is nobody's answer; a hole is another matter.
    if (next.value !== undefined && next.value.wholeBehind > 0)
      throw new RecordProblem(
        `${path} is damaged at byte ${next.value.at}: ${next.value.why}; start the ledger to see the way back`,
      )
    writer.sync()
  } finally {
    writer.end()
  }
  const blocks = application.info().height
  const result = { commands, events, logHash: last?.hash ?? "", stateHash: last?.state ?? "" }
  const manifest: ChainManifest = {
    kind: RUN_KIND,
    format: 1,
    name: genesis.chain,
    genesis,
    log: "full",
    status: "complete",
    epochs: blocks,
    ...result,
  }
  replaceFile(join(out, RUN_FILE), `${JSON.stringify(manifest, null, 1)}\n`)
  return { blocks, ...result }
}

/** Is this folder a chain's, rather than a simulated run's? */
export function isChainRun(runDir: string): boolean {
  try {
    return (JSON.parse(readFileSync(join(runDir, RUN_FILE), "utf8")) as { kind?: unknown })?.kind === RUN_KIND
  } catch {
    return false
  }
}

/** Folds an exported chain onto fresh machines, deciding nothing, and compares every hash. */
export async function replayChain(runDir: string): Promise<Replayed> {
  const began = performance.now()
  const manifest = JSON.parse(readFileSync(join(runDir, RUN_FILE), "utf8")) as ChainManifest
  const genesis = readGenesis(manifest.genesis, join(runDir, RUN_FILE))
  const machines = emptyMachines(genesis)
  const log = new Log(newHasher)
  const { headers, truncated } = readChain(runDir)
  const reader = new BodyReader(runDir)
  let events = 0
  let last: Header | undefined
  const answer = (difference?: Difference): Replayed => ({
    verified: difference === undefined,
    how: "folded",
    epochs: headers.length,
    events,
    seconds: (performance.now() - began) / 1000,
    logHash: last?.hash ?? "",
    ...(difference === undefined ? {} : { difference }),
  })
  const differ = (what: Difference["what"], epoch: number, expected: string, found: string): Replayed =>
    answer({ epoch, at: new Date((last?.at ?? genesis.beginS) * 1000).toISOString(), what, expected, found })
  try {
    for (const [epoch, header] of headers.entries()) {
      if (header.epoch !== epoch) return differ("chain", epoch, `epoch ${epoch}`, `epoch ${header.epoch}`)
      const body = reader.next(epoch)
      if (body === undefined || body === "damaged")
        return differ("truncated", epoch, `${header.rows} rows`, "the log ends, or is damaged, before them")
      const found = foldEpoch(newHasher, log, machines, body, header)
      const wrong = differenceOf(header, found)
      if (wrong !== undefined) return differ(wrong.what, epoch, wrong.expected, wrong.found)
      events += header.rows
      last = header
    }
    if (truncated || headers.length < manifest.epochs)
      return differ("truncated", headers.length, `${manifest.epochs} epochs`, `${headers.length} headers`)
    if (last !== undefined && (manifest.logHash !== last.hash || manifest.stateHash !== last.state))
      return differ("manifest", headers.length - 1, manifest.logHash, last.hash)
    return answer()
  } finally {
    reader.end()
  }
}
