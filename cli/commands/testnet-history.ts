/** blackstart testnet query and repair: a chain's history by SQL, and what is wrong with its folder. */
import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { does } from "../does.ts"
import { asked, mistake } from "../failure.ts"

const dir = Flag.String("dir").pipe(
  Flag.withDescription("The chain's folder (default runs/testnet)"),
  Flag.withDefault(join("runs", "testnet")),
)

interface Query {
  readonly dir: string
  readonly sql: string
  readonly csv: boolean
  readonly json: boolean
}

export const queryChain = Command.make(
  "query",
  {
    dir,
    sql: Argument.String("sql").pipe(Argument.withDescription("One statement over blocks, commands and nodes")),
    csv: Flag.Boolean("csv").pipe(Flag.withDescription("For spreadsheets"), Flag.withDefault(false)),
    json: Flag.Boolean("json").pipe(Flag.withDescription("For programs: a list of objects"), Flag.withDefault(false)),
  },
  does(async ({ dir: chain, sql, csv, json }: Query) => {
    if (csv && json) mistake("--csv and --json cannot both be: choose one")
    const { query, print } = await import("../../simulation/record/query.ts")
    const folder = await writeHistory(chain)
    const answer = await asked(() => query(folder, sql))
    process.stdout.write(print(answer, csv ? "csv" : json ? "json" : "text"))
  }),
).pipe(
  Command.withDescription("Ask a chain's history by SQL; its journal becomes Parquet files in the folder history beside it"),
  Command.withExamples([
    {
      command:
        'blackstart testnet query "select type, count(*) as n, sum(code > 0) as refused from commands group by type order by n desc"',
      description: "What was asked, and how often it was refused",
    },
  ]),
)

/** Writes the journal's tables as Parquet, unless those there are of this very journal. Returns their folder. */
async function writeHistory(chain: string): Promise<string> {
  const { JOURNAL_FILE } = await import("../../testnet/ledger/recovery.ts")
  const journal = join(chain, JOURNAL_FILE)
  if (!existsSync(journal))
    mistake(`there is no ${journal}: name the chain's folder with --dir, or start one with blackstart testnet up`)
  const folder = join(chain, "history")
  const stampPath = join(folder, "of.json")
  const { size, mtimeMs } = statSync(journal)
  const stamp = JSON.stringify({ size, mtimeMs })
  if (existsSync(stampPath) && readFileSync(stampPath, "utf8") === stamp) return folder
  const [{ readHistory }, { writeParquet }, { replaceFile }] = await Promise.all([
    import("../../testnet/ledger/history.ts"),
    import("../../simulation/record/parquet.ts"),
    import("../../protocol/boundary/durable.ts"),
  ])
  mkdirSync(folder, { recursive: true })
  const { tables, damage } = readHistory(chain)
  if (damage !== undefined) process.stderr.write(`${damage}; the tables hold what lies before it\n`)
  for (const [name, columns] of Object.entries(tables)) await writeParquet(join(folder, `${name}.parquet`), columns as never)
  replaceFile(stampPath, stamp)
  return folder
}

export const repairChain = Command.make(
  "repair",
  {
    dir,
    cut: Flag.Boolean("cut").pipe(
      Flag.withDescription("Set aside what lies behind a damage, so that the chain goes on from before it"),
      Flag.withDefault(false),
    ),
  },
  does(async ({ dir: chain, cut }: { readonly dir: string; readonly cut: boolean }) => {
    const { repair } = await import("../../testnet/ledger/repair.ts")
    const found = repair(chain, cut)
    for (const { ok, text } of found) process.stdout.write(`${ok ? "  ok    " : "  WRONG "} ${text}\n`)
    if (found.some((f) => !f.ok)) process.exitCode = 1
  }),
).pipe(Command.withDescription("Look at a stopped chain's folder: what is whole, where damage lies, and the way back"))
