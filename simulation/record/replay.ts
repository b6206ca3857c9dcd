/**
 * Derives every hash of a run again. A full log is folded onto fresh machines without deciding anything; where only the
 * headers were kept, the run is a pure function of its manifest and is run again. The first epoch that differs is named.
 */
import { createHash } from "node:crypto"
import { toHex, ZERO_HASH } from "../../protocol/kernel/hash.ts"
import { Log, type Header } from "../../protocol/kernel/log.ts"
import { Machine } from "../../protocol/kernel/machine.ts"
import { bytesOf, reserve, rowBytes, type AnyTable } from "../../protocol/kernel/table.ts"
import type { Plan } from "../engine/plan.ts"
import { resolve } from "../engine/resolve.ts"
import { Simulation } from "../engine/simulation.ts"
import { truthOf } from "../world/truth.ts"
import { environment, sha256 } from "./environment.ts"
import { BodyReader, hasEvents, readChain } from "./log-file.ts"
import { readManifest, type Manifest } from "./manifest.ts"

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

type OnProgress = (p: {
  readonly epoch: number
  readonly epochs: number
  readonly events: number
  readonly seconds: number
}) => void

/** Verifies the run in `runDir`. Throws a RecordProblem where the folder cannot be read at all. */
export async function replayRun(runDir: string, onProgress?: OnProgress): Promise<Replayed> {
  const manifest = readManifest(runDir)
  const reader = manifest.log === "full" && hasEvents(runDir) ? new BodyReader(runDir) : undefined
  try {
    return await verify(runDir, manifest, reader, onProgress)
  } finally {
    reader?.end()
  }
}

async function verify(
  runDir: string,
  manifest: Manifest,
  reader: BodyReader | undefined,
  onProgress?: OnProgress,
): Promise<Replayed> {
  const began = performance.now()
  const plan = resolve(manifest.scenario)
  const { headers, truncated } = readChain(runDir)
  const next = reader === undefined ? runAgain(plan) : fold(reader, plan)
  let events = 0
  let last: Header | undefined
  const seconds = (): number => (performance.now() - began) / 1000
  const answer = (difference?: Difference): Replayed => ({
    verified: difference === undefined,
    how: reader === undefined ? "run again" : "folded",
    epochs: headers.length,
    events,
    seconds: seconds(),
    logHash: last?.hash ?? "",
    ...(difference === undefined ? {} : { difference }),
  })
  /** The place is told by the epochs that did verify: a header that differs may not know its own number or time. */
  const differ = (what: Difference["what"], epoch: number, expected: string, found: string): Replayed =>
    answer({
      epoch,
      at: new Date((epoch < headers.length ? headers[epoch].at : (last?.at ?? plan.beginS)) * 1000).toISOString(),
      what,
      expected,
      found,
    })
  let breath = performance.now()
  for (const [epoch, header] of headers.entries()) {
    if (header.epoch !== epoch) return differ("chain", epoch, `epoch ${epoch}`, `epoch ${header.epoch}`)
    const found = next(header)
    if (found === "truncated")
      return differ("truncated", epoch, `${header.rows} rows`, "the log ends, or is damaged, before them")
    const wrong = differenceOf(header, found)
    if (wrong !== undefined) return differ(wrong.what, epoch, wrong.expected, wrong.found)
    events += header.rows
    last = header
    if (performance.now() - breath > 40) {
      onProgress?.({ epoch: epoch + 1, epochs: headers.length, events, seconds: seconds() })
      await new Promise((go) => setImmediate(go))
      breath = performance.now()
    }
  }
  const { status, epochs, logHash, stateHash } = manifest
  if (truncated || (status === "complete" && headers.length < epochs))
    return differ("truncated", headers.length, `${epochs} epochs`, `${headers.length} headers`)
  if (status === "running" || last === undefined) return answer()
  for (const [expected, found] of [
    [logHash, last.hash],
    [stateHash, last.state],
  ])
    if (expected !== found) return differ("manifest", headers.length - 1, expected, found)
  if (reader !== undefined && reader.left > 0)
    return differ("events", headers.length - 1, "the end of the log", `${reader.left} bytes more`)
  return answer()
}

/** The first field of a recorded header that its epoch does not give. */
function differenceOf(recorded: Header, found: Header): Pick<Difference, "what" | "expected" | "found"> | undefined {
  for (const [what, field] of [
    ["events", "events"],
    ["events", "rows"],
    ["state", "state"],
    ["chain", "previous"],
    ["chain", "at"],
    ["chain", "hash"],
  ] as const)
    if (recorded[field] !== found[field]) return { what, expected: String(recorded[field]), found: String(found[field]) }
  return undefined
}

/** Machines of a plan in the log's order of streams: each network's own, then its world's. */
export function machinesOf(plan: Plan): Machine[] {
  const env = environment()
  return plan.networks.flatMap(({ network, nodes, values }) => {
    const { places } = env.site(network.inhabit.profile, plan.seed, nodes, plan)
    const facilities = network.inhabit.facilities.map((f) => f.name)
    return [
      new Machine(network, nodes, values, env.ports),
      new Machine(truthOf(facilities, places.domains.client.of, plan.hasPlight), nodes, {}, env.ports),
    ]
  })
}

/** Puts a body's runs into tables and calls `fold` for each. False where the body does not read as runs of this plan. */
export function readBody(
  body: Uint8Array,
  tablesOf: (stream: number, type: number) => AnyTable | undefined,
  fold: (stream: number, type: number, rows: AnyTable, length: number) => void,
): boolean {
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

function fold(reader: BodyReader, plan: Plan): (header: Header) => Header | "truncated" {
  const machines = machinesOf(plan)
  const log = new Log(sha256)
  return (header) => {
    const body = reader.next(header.epoch)
    if (body === undefined || body === "damaged") return "truncated"
    const events = createHash("sha256").update(body).digest()
    // Changed rows are never folded: evolve trusts what decide wrote. Their hash says already that they were changed.
    const rows = toHex(events) === header.events ? foldBody(body, machines) : undefined
    return log.seal(events, rows === undefined ? ZERO_HASH : log.stateHash(machines), header.at, rows ?? header.rows)
  }
}

/** Rows folded; undefined where the body does not read as runs of these machines. */
function foldBody(body: Uint8Array, machines: readonly Machine[]): number | undefined {
  let rows = 0
  const whole = readBody(
    body,
    (stream, type) => machines[stream]?.rowsOf[type],
    (stream, type, table, length) => {
      rows += length
      machines[stream].replay(type, table, 0, length)
    },
  )
  return whole ? rows : undefined
}

function runAgain(plan: Plan): (header: Header) => Header | "truncated" {
  const sim = new Simulation(plan, environment())
  return () => (sim.done ? "truncated" : sim.tick().header!)
}
