/** Snapshots of a chain beside its journal, the last two of them: a start reads one and folds only the blocks behind it. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { RecordProblem, replaceFile } from "../../protocol/boundary/durable.ts"
import type { Snapshot } from "./application.ts"
import { sha256 } from "./command.ts"

const KEPT = 2
const DIGEST = 32

/** A snapshot, and where the journal stood when it was taken. */
export interface Kept {
  readonly snapshot: Snapshot
  readonly journalEnd: number
}

const nameOf = (height: number): string => `${String(height).padStart(12, "0")}.snapshot`

/** {meta length u32, meta JSON, tables, SHA-256 of all before}, written whole or not at all. */
export function writeSnapshot(folder: string, { snapshot, journalEnd }: Kept): void {
  mkdirSync(folder, { recursive: true })
  const meta = Buffer.from(JSON.stringify({ ...snapshot.meta, journalEnd }))
  const head = Buffer.alloc(4)
  head.writeUInt32LE(meta.length)
  const body = Buffer.concat([head, meta, snapshot.tables])
  replaceFile(join(folder, nameOf(snapshot.meta.height)), Buffer.concat([body, sha256(body)]))
  for (const old of listSnapshots(folder).slice(0, -KEPT)) rmSync(join(folder, old), { force: true })
}

const listSnapshots = (folder: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((f) => f.endsWith(".snapshot"))
        .toSorted()
    : []

/** Snapshots from the newest to the oldest; damaged ones are left out and told. */
export function readSnapshots(folder: string, tell: (sentence: string) => void): readonly Kept[] {
  return listSnapshots(folder)
    .toReversed()
    .flatMap((name) => {
      try {
        return [readSnapshot(join(folder, name))]
      } catch (error) {
        if (!(error instanceof RecordProblem)) throw error
        tell(`${error.message}; the chain is read from further back instead`)
        return []
      }
    })
}

function readSnapshot(path: string): Kept {
  const bytes = readFileSync(path)
  const damaged = new RecordProblem(`the snapshot ${path} is damaged`)
  if (bytes.length < 4 + DIGEST) throw damaged
  const body = bytes.subarray(0, -DIGEST)
  if (!Buffer.from(sha256(body)).equals(bytes.subarray(-DIGEST))) throw damaged
  const length = bytes.readUInt32LE(0)
  try {
    const { journalEnd, ...meta } = JSON.parse(bytes.toString("utf8", 4, 4 + length)) as Snapshot["meta"] & { journalEnd: number }
    return { snapshot: { meta, tables: new Uint8Array(body.subarray(4 + length)) }, journalEnd }
  } catch {
    throw damaged
  }
}
