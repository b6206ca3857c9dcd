/**
 * Derives every hash of a run again. A full log is folded onto fresh machines without deciding anything; where only the
 * headers were kept, the run is a pure function of its manifest and is run again. The first epoch that differs is named.
 */
import { differenceOf, foldEpoch, type Difference, type Replayed } from "../../protocol/boundary/fold-log.ts"
import { Log, type Header } from "../../protocol/kernel/log.ts"
import { Machine } from "../../protocol/kernel/machine.ts"
import type { Plan } from "../engine/plan.ts"
import { resolve } from "../engine/resolve.ts"
import { Simulation } from "../engine/simulation.ts"
import { truthOf } from "../world/truth.ts"
import { environment, sha256 } from "./environment.ts"
import { BodyReader, hasEvents, readChain } from "./log-file.ts"
import { readManifest, type Manifest } from "./manifest.ts"

export { readBody, type Difference, type Replayed } from "../../protocol/boundary/fold-log.ts"

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

function fold(reader: BodyReader, plan: Plan): (header: Header) => Header | "truncated" {
  const machines = machinesOf(plan)
  const log = new Log(sha256)
  return (header) => {
    const body = reader.next(header.epoch)
    if (body === undefined || body === "damaged") return "truncated"
    return foldEpoch(sha256, log, machines, body, header)
  }
}

function runAgain(plan: Plan): (header: Header) => Header | "truncated" {
  const sim = new Simulation(plan, environment())
  return () => (sim.done ? "truncated" : sim.tick().header!)
}
