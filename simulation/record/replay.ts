/**
 * Derives every hash of a run again. A full log is folded onto fresh machines without deciding anything; where only the
 * headers were kept, the run is a pure function of its manifest and is run again. The first epoch that differs is named.
 */
import { createHash } from "node:crypto"
import { fromHex } from "../../protocol/kernel/hash.ts"
import { Log, type Header } from "../../protocol/kernel/log.ts"
import { Machine } from "../../protocol/kernel/machine.ts"
import { bytesOf, reserve, rowBytes, type AnyTable } from "../../protocol/kernel/table.ts"
import type { Plan } from "../engine/plan.ts"
import { resolve } from "../engine/resolve.ts"
import { Simulation } from "../engine/simulation.ts"
import { truthOf } from "../world/truth.ts"
import { environment, sha256 } from "./environment.ts"
import { BodyReader, hasEvents, readChain } from "./log-file.ts"
import { readManifest } from "./manifest.ts"

export interface Difference {
  readonly epoch: number
  readonly at: string
  readonly what: "events" | "state" | "chain" | "truncated" | "manifest"
  readonly expected: string
  readonly found: string
}
export interface Replayed {
  readonly verified: boolean
  readonly how: "folded" | "run again"
  readonly epochs: number
  readonly events: number
  readonly seconds: number
  readonly logHash: string
  readonly difference?: Difference
}

type OnProgress = (p: { readonly epoch: number; readonly epochs: number; readonly events: number; readonly seconds: number }) => void

/** Verifies the run in `runDir`. Throws a RecordProblem where the folder cannot be read at all. */
export async function replayRun(runDir: string, onProgress?: OnProgress): Promise<Replayed> {
  const began = performance.now()
  const manifest = readManifest(runDir)
  const plan = resolve(manifest.scenario)
  const { headers, truncated } = readChain(runDir)
  const folded = manifest.log === "full" && hasEvents(runDir)
  const next = folded ? fold(runDir, plan) : runAgain(plan)
  let events = 0
  let logHash = ""
  const answer = (difference?: Difference): Replayed => ({
    verified: difference === undefined,
    how: folded ? "folded" : "run again",
    epochs: headers.length,
    events,
    seconds: (performance.now() - began) / 1000,
    logHash,
    ...(difference === undefined ? {} : { difference }),
  })
  const iso = (at: number): string => new Date(at * 1000).toISOString()
  let breath = performance.now()
  for (const header of headers) {
    const found = next(header)
    if (found === "truncated") return answer({ epoch: header.epoch, at: iso(header.at), what: "truncated", expected: `${header.rows} rows`, found: "the log ends, or is damaged, before them" })
    for (const [what, expected, got] of [
      ["events", header.events, found.events],
      ["state", header.state, found.state],
      ["chain", header.hash, found.hash],
      ["chain", header.previous, found.previous],
    ] as const)
      if (expected !== got) return answer({ epoch: header.epoch, at: iso(header.at), what, expected, found: got })
    events += header.rows
    logHash = found.hash
    if (performance.now() - breath > 40) {
      onProgress?.({ epoch: header.epoch + 1, epochs: headers.length, events, seconds: (performance.now() - began) / 1000 })
      await new Promise((go) => setImmediate(go))
      breath = performance.now()
    }
  }
  const last = headers.at(-1)
  if (truncated || (manifest.status === "complete" && headers.length !== manifest.epochs))
    return answer({ epoch: headers.length, at: last === undefined ? iso(plan.beginS) : iso(last.at), what: "truncated", expected: `${manifest.epochs} epochs`, found: `${headers.length} headers` })
  if (manifest.status !== "running" && manifest.logHash !== logHash)
    return answer({ epoch: headers.length - 1, at: last === undefined ? iso(plan.beginS) : iso(last.at), what: "manifest", expected: manifest.logHash, found: logHash })
  return answer()
}

/** Machines of a plan in the log's order of streams: each network's own, then its world's. */
export function machinesOf(plan: Plan): Machine[] {
  const env = environment()
  return plan.networks.flatMap(({ network, nodes, values }) => {
    const { places } = env.site(network.inhabit.profile, plan.seed, nodes, plan)
    const facilities = network.inhabit.facilities.map((f) => f.name)
    return [new Machine(network, nodes, values, env.ports), new Machine(truthOf(facilities, places.domains.client.of), nodes, {}, env.ports)]
  })
}

/** Puts a body's runs into tables and calls `fold` for each. False where the body does not read as runs of this plan. */
export function readBody(body: Uint8Array, tablesOf: (stream: number, type: number) => AnyTable | undefined, fold: (stream: number, type: number, rows: AnyTable, length: number) => void): boolean {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  let at = 0
  while (at < body.length) {
    if (at + 12 > body.length) return false
    const stream = view.getUint16(at, true)
    const type = view.getUint16(at + 2, true)
    const length = view.getUint32(at + 4, true)
    const size = view.getUint32(at + 8, true)
    at += 12
    const rows = tablesOf(stream, type)
    if (rows === undefined || size !== length * rowBytes(rows.shape) || at + size > body.length) return false
    rows.length = 0
    reserve(rows, length)
    for (const name of Object.keys(rows.shape))
      for (const part of bytesOf(rows, name, 0, length)) {
        part.set(body.subarray(at, at + part.length))
        at += part.length
      }
    fold(stream, type, rows, length)
  }
  return true
}

function fold(runDir: string, plan: Plan): (header: Header) => Header | "truncated" {
  const machines = machinesOf(plan)
  const reader = new BodyReader(runDir)
  const log = new Log(sha256)
  return (header) => {
    const body = reader.next(header.epoch)
    if (body === undefined || body === "damaged") return "truncated"
    let rows = 0
    const whole = readBody(
      body,
      (stream, type) => machines[stream]?.rowsOf[type],
      (stream, type, table, length) => {
        rows += length
        machines[stream].replay(type, table, 0, length)
      },
    )
    // A body that does not read as rows was changed: its hash will say so, and the state is not to be trusted.
    const events = createHash("sha256").update(body).digest()
    const state = whole ? log.stateHash(machines) : fromHex("00".repeat(32))
    return log.seal(events, state, header.at, rows)
  }
}

function runAgain(plan: Plan): (header: Header) => Header | "truncated" {
  const sim = new Simulation(plan, environment())
  return () => (sim.done ? "truncated" : sim.tick().header!)
}

