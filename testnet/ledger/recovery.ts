/** How a chain comes back: the newest snapshot, then every block behind it, each on the app hash it was decided on. */
import { readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { explainFailure, RecordProblem } from "../../protocol/boundary/durable.ts"
import { toHex } from "../../protocol/kernel/hash.ts"
import { ChainApplication } from "./application.ts"
import { readCommand } from "./command.ts"
import { genesisHash, readGenesis, type Genesis } from "./genesis.ts"
import { cutOff, FILE_HEAD, readJournal, type JournalBlock } from "./journal.ts"
import { readSnapshots } from "./snapshot-file.ts"

export const GENESIS_FILE = "genesis.json"
export const JOURNAL_FILE = "journal.bin"
export const SNAPSHOTS = "snapshots"
export const LOCK_FILE = "ledger.lock"

export interface RecoverOptions {
  /** True: a hole in the journal is cut off with all that follows it. Only the operator may say so. */
  readonly cutDamage?: boolean
  /** True: signatures in the journal are checked again, not trusted. */
  readonly distrustJournal?: boolean
  /** True: nothing on the disk is changed, not even a torn tail. */
  readonly look?: boolean
}

export function loadGenesis(dir: string): Genesis {
  const path = join(dir, GENESIS_FILE)
  let text: string
  try {
    text = readFileSync(path, "utf8")
  } catch (error) {
    throw explainFailure(error, "read the chain's genesis", path)
  }
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    throw new RecordProblem(`${path} is damaged: it is not JSON; restore it from a copy`)
  }
  return readGenesis(data, path)
}

/** Folds a journal onto the newest snapshot that it reaches. */
export function recover(dir: string, genesis: Genesis, options: RecoverOptions, tell: (sentence: string) => void) {
  const path = join(dir, JOURNAL_FILE)
  const application = new ChainApplication(genesis)
  const kept = readSnapshots(join(dir, SNAPSHOTS), tell)[0]
  let end = 0
  let from = 0
  if (kept !== undefined) {
    application.restore(kept.snapshot)
    from = kept.journalEnd
    const { size } = statSync(path)
    if (size < from)
      throw new RecordProblem(
        `${path} has ${size} bytes, and a snapshot of block ${kept.snapshot.meta.height} says that ${from} were written and answered for: restore the journal from a copy; without one, blackstart testnet repair --dir ${dir} says what can go on`,
      )
  }
  let blocks = 0
  let commands = 0
  const reader = readJournal(path, genesisHash(genesis), from, application.info().height)
  let next = reader.next()
  for (; next.done !== true; next = reader.next()) {
    const { block } = next.value
    applyBlock(application, block, path, options.distrustJournal !== true)
    blocks++
    commands += block.commands.length
    end = next.value.end
  }
  const damage = next.value
  if (damage === undefined) return { application, end: Math.max(end, from, FILE_HEAD), blocks, commands }
  const height = Math.max(damage.height, application.info().height)
  const place = `${path} is damaged at byte ${damage.at} of ${damage.size}: ${damage.why}`
  if (damage.wholeBehind > 0 && options.cutDamage !== true)
    throw new RecordProblem(
      `${place}; blocks up to ${height} are whole, and so are ${damage.wholeBehind} records behind the damage: restore the journal from a copy, or start with --cut-damage to go on from block ${height} (what is cut is kept beside the journal)`,
    )
  if (options.look === true) return { application, end: damage.at, blocks, commands }
  const aside = cutOff(path, damage.at)
  tell(`${place}; blocks up to ${height} are whole and kept, what followed is set aside in ${aside}`)
  return { application, end: damage.at, blocks, commands }
}

/** Applies a journalled block, whose app hashes must follow. Throws a RecordProblem where they do not. */
export function applyBlock(
  application: ChainApplication,
  block: JournalBlock,
  path: string,
  trusted: boolean,
): ReturnType<ChainApplication["finalizeBlock"]> {
  const { height, appHash } = application.info()
  if (block.height !== height + 1)
    throw new RecordProblem(`${path}: block ${block.height} stands where block ${height + 1} should: restore it from a copy`)
  if (toHex(block.previous) !== appHash)
    throw new RecordProblem(
      `${path}: block ${block.height} was decided on app hash ${toHex(block.previous)}, and block ${height} comes to ${appHash}: the journal, a snapshot, or the program since was changed`,
    )
  const commands = block.commands.map((bytes) => {
    const command = readCommand(bytes, trusted)
    if (typeof command === "string")
      throw new RecordProblem(`${path}: block ${block.height} holds bytes that are no command (${command})`)
    command.checked = trusted
    return command
  })
  const { time, consensus } = block
  const finalised = application.finalizeBlock({ height: block.height, time, commands, consensus })
  application.commit()
  return finalised
}
