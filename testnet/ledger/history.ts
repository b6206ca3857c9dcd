/** A chain's history as columns for SQL: its blocks, its commands with what became of them, and what every node measured window by window. */
import { join } from "node:path"
import { RecordProblem } from "../../protocol/boundary/durable.ts"
import { ChainApplication } from "./application.ts"
import { hexOf, readCommand } from "./command.ts"
import { genesisHash } from "./genesis.ts"
import { readJournal } from "./journal.ts"
import { readNodes } from "./reading.ts"
import { applyBlock, JOURNAL_FILE, loadGenesis } from "./recovery.ts"

/** One column: its name, and a number or a text a row. */
export interface HistoryColumn {
  readonly name: string
  readonly type: "BIGINT" | "DOUBLE" | "VARCHAR"
  readonly values: (number | string)[]
}
export interface History {
  readonly tables: Readonly<Record<"blocks" | "commands" | "nodes", readonly HistoryColumn[]>>
  readonly height: number
  /** Where the journal was damaged, if it was: the tables hold what lies before. */
  readonly damage: string | undefined
}

type Kinds = Readonly<Record<string, HistoryColumn["type"]>>

/** A table that grows by rows. */
class Growing {
  readonly columns: readonly HistoryColumn[]
  constructor(kinds: Kinds) {
    this.columns = Object.entries(kinds).map(([name, type]) => ({ name, type, values: [] }))
  }
  add(row: Readonly<Record<string, number | string>>): void {
    for (const { name, values } of this.columns) values.push(row[name])
  }
}

const BLOCKS: Kinds = {
  height: "BIGINT",
  time: "BIGINT",
  commands: "BIGINT",
  refused: "BIGINT",
  events: "BIGINT",
  app_hash: "VARCHAR",
}
const COMMANDS: Kinds = {
  height: "BIGINT",
  place: "BIGINT",
  key: "VARCHAR",
  network: "VARCHAR",
  type: "VARCHAR",
  nonce: "BIGINT",
  row: "VARCHAR",
  bytes: "BIGINT",
  code: "BIGINT",
  reason: "VARCHAR",
}
const NODES: Kinds = { height: "BIGINT", time: "BIGINT", node: "BIGINT", key: "VARCHAR", sectors: "BIGINT" }

/**
 * Folds the journal in `dir` again and writes its history down. Nodes are measured once in a window of the chain, and at its last block.
 * Throws a RecordProblem when the chain's own hashes do not follow.
 */
export function readHistory(dir: string): History {
  const genesis = loadGenesis(dir)
  const path = join(dir, JOURNAL_FILE)
  const application = new ChainApplication(genesis)
  const measures = Object.keys(application.network.nodeMeasures)
  const blocks = new Growing(BLOCKS)
  const commands = new Growing(COMMANDS)
  const nodes = new Growing({ ...NODES, ...Object.fromEntries(measures.map((m) => [snake(m), "DOUBLE" as const])) })
  const window = application.network.live?.windowSeconds ?? 3600
  const measure = (): void => {
    const { height, time } = application.info()
    for (const { node, key, sectors, measures: read } of readNodes(application))
      nodes.add({ height, time, node, key, sectors, ...Object.fromEntries(measures.map((m) => [snake(m), read[m]])) })
  }
  let seen = -1
  let measured = -1
  const reader = readJournal(path, genesisHash(genesis))
  let next = reader.next()
  for (; next.done !== true; next = reader.next()) {
    const { block } = next.value
    const { header, results } = applyBlock(application, block, path, true)
    const { appHash } = application.info()
    const refused = results.filter((r) => r.code !== 0).length
    const { height, time } = block
    blocks.add({ height, time, commands: results.length, refused, events: header.rows, app_hash: appHash })
    for (const [place, bytes] of block.commands.entries()) {
      const command = readCommand(bytes, true)
      if (typeof command === "string")
        throw new RecordProblem(`${path}: block ${height} holds bytes that are no command (${command})`)
      const { network, type, nonce, row } = command.body
      const { code, reason } = results[place]
      commands.add({
        height,
        place,
        key: hexOf(command.key),
        network,
        type,
        nonce,
        row: JSON.stringify(row),
        bytes: bytes.length,
        code,
        reason,
      })
    }
    if (Math.floor(time / window) !== seen) {
      seen = Math.floor(time / window)
      measured = height
      measure()
    }
  }
  if (application.info().height > measured) measure()
  const damage =
    next.value === undefined ? undefined : `${path} is damaged at byte ${next.value.at} of ${next.value.size}: ${next.value.why}`
  return {
    tables: { blocks: blocks.columns, commands: commands.columns, nodes: nodes.columns },
    height: application.info().height,
    damage,
  }
}

/** `earnedMicroFil` → `earned_micro_fil`, as in the tables of a simulated run. */
const snake = (name: string): string => name.replaceAll(/([a-z0-9])([A-Z])/gu, "$1_$2").toLowerCase()
