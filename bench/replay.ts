/** Replay and verify: fold a fully logged run on fresh machines from its bytes alone, and compare every header with the run's. */
import { h3Geometry } from "../protocol/boundary/geometry.ts"
import { Log, type Header } from "../protocol/kernel/log.ts"
import { Machine } from "../protocol/kernel/machine.ts"
import { bytesOf, reserve } from "../protocol/kernel/table.ts"
import { fleet } from "./fleet.ts"
import { sha256 } from "./workload.ts"

interface Epoch {
  readonly header: Header
  readonly body: Uint8Array
}

export interface ReplayTiming {
  readonly events: number
  /** Seconds of the run, and of its replay with every header compared. */
  readonly seconds: number
  readonly replaySeconds: number
}

const HEAD = 12

/** Rows folded from one epoch's body. */
function foldBody(machines: readonly Machine[], body: Uint8Array): number {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  let rows = 0
  for (let at = 0; at < body.length;) {
    const machine = machines[view.getUint16(at, true)]
    const type = view.getUint16(at + 2, true)
    const n = view.getUint32(at + 4, true)
    at += HEAD
    const t = machine.rowsOf[type]
    t.length = 0
    reserve(t, n)
    t.length = n
    for (const name of Object.keys(t.shape))
      for (const column of bytesOf(t, name, 0, n)) {
        column.set(body.subarray(at, at + column.length))
        at += column.length
      }
    machine.replay(type, t, 0, n)
    t.length = 0
    rows += n
  }
  return rows
}

/** Throws where a header differs. The first epoch is folded untimed: it is genesis, on a cold engine. */
export function heliumReplay(nodes: number, days: number): ReplayTiming {
  const epochs: Epoch[] = []
  let parts: Uint8Array[] = []
  const f = fleet({ nodes, days, sink: { write: (bytes) => void parts.push(bytes.slice()) } })
  let seconds = 0
  let events = 0
  while (!f.simulation.done) {
    const begin = performance.now()
    const header = f.simulation.tick().header!
    if (epochs.length > 0) {
      seconds += (performance.now() - begin) / 1000
      events += header.rows
    }
    epochs.push({ header, body: new Uint8Array(Buffer.concat(parts)) })
    parts = []
  }
  const { machine, world } = f.hotspots
  const fresh = [machine, world].map((m) => new Machine(m.network, nodes, m.params, { geometry: h3Geometry }))
  const log = new Log(sha256)
  let replaySeconds = 0
  for (const [k, { header, body }] of epochs.entries()) {
    const begin = performance.now()
    const rows = foldBody(fresh, body)
    const again = log.seal(sha256AndDigest(body), log.stateHash(fresh), header.at, rows)
    if (again.hash !== header.hash)
      throw new Error(`replay: epoch ${k} has hash ${again.hash}, the run ${header.hash}; a wrong replay is not timed`)
    if (k > 0) replaySeconds += (performance.now() - begin) / 1000
  }
  return { events, seconds, replaySeconds }
}

function sha256AndDigest(body: Uint8Array): Uint8Array {
  const hasher = sha256()
  hasher.update(body)
  return hasher.digest()
}
