/** Checkpoints: a snapshot with everything needed to go on from it, whole or not at all. */
import { createHash } from "node:crypto"
import { existsSync, readFileSync } from "node:fs"
import { fromHex, toHex } from "../../protocol/kernel/hash.ts"
import { loadTables, saveTables, SNAPSHOT_FORMAT } from "../../protocol/kernel/snapshot.ts"
import type { Simulation } from "../engine/simulation.ts"
import { explainFailure, RecordProblem, replaceFile } from "./durable.ts"
import type { Offsets } from "./log-file.ts"

interface Meta {
  readonly format: number
  readonly epoch: number
  readonly atS: number
  readonly previous: string
  readonly rows: number
  readonly offsets: Offsets
  /** Wall seconds spent so far. */
  readonly seconds: number
}

const DIGEST = 32
const HEAD = 4

/** A simulation as it stands between two epochs. */
export interface Checkpoint {
  readonly meta: Meta
  readonly tables: Uint8Array
}

export const take = (sim: Simulation, offsets: Offsets, seconds: number): Checkpoint => ({
  meta: {
    format: SNAPSHOT_FORMAT,
    epoch: sim.epoch,
    atS: sim.atS,
    previous: toHex(sim.log.hash),
    rows: sim.log.rows,
    offsets,
    seconds,
  },
  tables: saveTables(sim.savedTables()),
})

/** Puts a simulation of the same plan back to where the checkpoint was taken. */
export function restore(sim: Simulation, { meta, tables }: Checkpoint): void {
  try {
    loadTables(sim.savedTables(), tables)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new RecordProblem(
      `the checkpoint does not fit this version's tables (${error.message}); a snapshot is never converted: run the scenario again, or go on with the version in run.json`,
    )
  }
  sim.continueFrom({ epoch: meta.epoch, atS: meta.atS, previous: fromHex(meta.previous), rows: meta.rows })
}

/** {meta length u32, meta JSON, tables, SHA-256 of all before}. */
export function writeCheckpoint(path: string, { meta, tables }: Checkpoint): void {
  const text = new TextEncoder().encode(JSON.stringify(meta))
  const bytes = new Uint8Array(HEAD + text.length + tables.length + DIGEST)
  new DataView(bytes.buffer).setUint32(0, text.length, true)
  bytes.set(text, HEAD)
  bytes.set(tables, HEAD + text.length)
  bytes.set(createHash("sha256").update(bytes.subarray(0, -DIGEST)).digest(), bytes.length - DIGEST)
  replaceFile(path, bytes)
}

/** The checkpoint at `path`, or undefined where there is none. Throws a RecordProblem when it is damaged. */
export function readCheckpoint(path: string): Checkpoint | undefined {
  if (!existsSync(path)) return undefined
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    throw explainFailure(error, "read the checkpoint", path)
  }
  const damaged = () =>
    new RecordProblem(`the checkpoint ${path} is damaged: its digest does not match; delete it and start the run again`)
  if (bytes.length < HEAD + DIGEST) throw damaged()
  const body = bytes.subarray(0, -DIGEST)
  if (!createHash("sha256").update(body).digest().equals(bytes.subarray(-DIGEST))) throw damaged()
  const length = bytes.readUInt32LE(0)
  const meta = JSON.parse(bytes.subarray(HEAD, HEAD + length).toString("utf8")) as Meta
  if (meta.format !== SNAPSHOT_FORMAT)
    throw new RecordProblem(
      `the checkpoint ${path} has format ${JSON.stringify(meta.format) ?? "none"}, this version reads ${SNAPSHOT_FORMAT}; a snapshot is never converted: delete it and start the run again`,
    )
  return { meta, tables: new Uint8Array(body.subarray(HEAD + length)) }
}
