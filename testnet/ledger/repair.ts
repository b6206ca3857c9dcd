/** Looks at a chain's folder without starting it: what is whole, where damage lies, what it costs, and the way back. Cuts only when told to. */
import { existsSync, readdirSync, renameSync, statSync } from "node:fs"
import { join } from "node:path"
import { RecordProblem } from "../../protocol/boundary/durable.ts"
import { genesisHash, type Genesis } from "./genesis.ts"
import { cutOff, readJournal, type Damage } from "./journal.ts"
import { holderOf } from "./lock.ts"
import { JOURNAL_FILE, loadGenesis, LOCK_FILE, recover, SNAPSHOTS } from "./recovery.ts"
import { readSnapshots } from "./snapshot-file.ts"

export interface Finding {
  readonly ok: boolean
  readonly text: string
}

/** Examines the chain in `dir`. With `cut`, what lies behind a damage is set aside beside the journal, so that the chain can go on from before it. */
export function repair(dir: string, cut: boolean): readonly Finding[] {
  const found: Finding[] = []
  const good = (text: string): void => void found.push({ ok: true, text })
  const bad = (text: string): void => void found.push({ ok: false, text })
  const holder = holderOf(join(dir, LOCK_FILE))
  if (holder !== undefined) {
    bad(`a ledger runs in ${dir} (process ${holder}): stop it first, its folder changes under it`)
    return found
  }
  const genesis = tried(bad, () => loadGenesis(dir))
  if (genesis === undefined) return found
  good(`genesis.json is whole: chain ${genesis.chain}, network ${genesis.network}`)
  const told: string[] = []
  const snapshots = readSnapshots(join(dir, SNAPSHOTS), (line) => void told.push(line))
  for (const line of told) bad(line)
  for (const { snapshot, journalEnd } of snapshots)
    good(`the snapshot of block ${snapshot.meta.height} is whole; the journal had ${journalEnd} bytes then`)
  const path = join(dir, JOURNAL_FILE)
  if (!existsSync(path)) {
    if (snapshots.length > 0)
      bad(`${path} is missing, and there are snapshots of it: restore it from a copy; without it nothing can be checked`)
    else good("there is no journal yet: the chain was never started")
    return found
  }
  const journal = tried(bad, () => readWhole(path, genesis))
  if (journal === undefined) return found
  const { blocks, commands, damage } = journal
  good(`${blocks} blocks with ${commands} commands are whole in the journal`)
  const ends = snapshots.map((s) => s.journalEnd)
  if (damage !== undefined) examineDamage(dir, damage, ends, cut, good, bad)
  else if (ends.some((end) => end > statSync(path).size)) examineShort(dir, blocks, cut, good, bad)
  fold(dir, genesis, good, bad)
  return found
}

function readWhole(path: string, genesis: Genesis): { blocks: number; commands: number; damage: Damage | undefined } {
  const reader = readJournal(path, genesisHash(genesis))
  let blocks = 0
  let commands = 0
  let next = reader.next()
  for (; next.done !== true; next = reader.next()) {
    blocks++
    commands += next.value.block.commands.length
  }
  return { blocks, commands, damage: next.value }
}

function examineDamage(
  dir: string,
  damage: Damage,
  ends: readonly number[],
  cut: boolean,
  good: (text: string) => void,
  bad: (text: string) => void,
): void {
  const path = join(dir, JOURNAL_FILE)
  const place = `${path} is damaged at byte ${damage.at} of ${damage.size}, behind block ${damage.height}: ${damage.why}`
  if (ends.some((end) => end > damage.at && end <= damage.size)) {
    bad(
      `${place}; a snapshot was taken behind it, so the chain can go on, and nothing is to be cut: but its history before cannot be derived again, so restore the journal from a copy for that`,
    )
    return
  }
  if (ends.some((end) => end > damage.size))
    bad(`${place}; a snapshot says that more was written and answered for: restore the journal from a copy if there is one`)
  else if (damage.wholeBehind === 0)
    bad(
      `${place}; nothing whole lies behind it: a kill leaves this of a block that was never answered, and the next start sets it aside; if it was whole once, restore the journal from a copy first`,
    )
  else
    bad(
      `${place}; ${damage.wholeBehind} whole records lie behind it, and were answered for: restore the journal from a copy if there is one`,
    )
  if (!cut) {
    bad(
      `without a copy: blackstart testnet repair --dir ${dir} --cut sets all behind block ${damage.height} aside, and the chain goes on from there`,
    )
    return
  }
  const aside = cutOff(path, damage.at)
  setAsideBehind(dir, damage.height)
  good(
    `cut: ${damage.size - damage.at} bytes are set aside in ${aside}, and the journal ends at block ${damage.height} with ${statSync(path).size} bytes`,
  )
}

/** Its last records are gone without a trace: only a snapshot knows of them. */
function examineShort(
  dir: string,
  height: number,
  cut: boolean,
  good: (text: string) => void,
  bad: (text: string) => void,
): void {
  bad(
    `${join(dir, JOURNAL_FILE)} ends at block ${height}, and a snapshot is of a later one: what was answered for between is gone; restore the journal from a copy if there is one`,
  )
  if (!cut) {
    bad(
      `without a copy: blackstart testnet repair --dir ${dir} --cut sets the later snapshots aside, and the chain goes on from block ${height}`,
    )
    return
  }
  setAsideBehind(dir, height)
  good(`the later snapshots are set aside, and the chain goes on from block ${height}`)
}

/** A snapshot from behind the cut is of a chain that is no more. */
function setAsideBehind(dir: string, height: number): void {
  for (const name of listBehind(dir, height)) renameSync(join(dir, SNAPSHOTS, name), join(dir, SNAPSHOTS, `${name}.cut`))
}

const listBehind = (dir: string, height: number): readonly string[] =>
  existsSync(join(dir, SNAPSHOTS))
    ? readdirSync(join(dir, SNAPSHOTS)).filter((f) => f.endsWith(".snapshot") && Number.parseInt(f, 10) > height)
    : []

/** Does it come back, hash for hash? A torn tail is left alone here: only a start, or --cut, removes it. */
function fold(dir: string, genesis: Genesis, good: (text: string) => void, bad: (text: string) => void): void {
  const come = tried(bad, () => recover(dir, genesis, { look: true }, () => {}))
  if (come === undefined) return
  const { height, appHash } = come.application.info()
  good(`the chain comes back at block ${height}, app hash ${appHash.slice(0, 16)}…, every hash on the one before`)
}

/** The work's result; a mishap that can be told is told and gives undefined. */
function tried<T>(bad: (text: string) => void, work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof RecordProblem)) throw error
    bad(error.message)
    return undefined
  }
}
