/** Looks into a run: its outcome, one epoch, one node, or one event on its way from command to header. */
import { join } from "node:path"
import type { Header } from "../../protocol/kernel/log.ts"
import { factAt } from "../../protocol/kernel/row-type.ts"
import type { Machine } from "../../protocol/kernel/machine.ts"
import type { AnyTable } from "../../protocol/kernel/table.ts"
import { nearest } from "../../protocol/kernel/param.ts"
import { resolve } from "../engine/resolve.ts"
import { Simulation } from "../engine/simulation.ts"
import { RecordProblem } from "./durable.ts"
import { environment } from "./environment.ts"
import { BodyReader, hasEvents, readChain } from "./log-file.ts"
import { readManifest, type Manifest } from "./manifest.ts"
import { openRun } from "./query.ts"
import { machinesOf, readBody } from "./replay.ts"

export interface Inspection {
  readonly epoch?: number
  readonly network?: string
  readonly node?: number
  /** Name of an event: its first row in the epoch, or in the run, is walked. */
  readonly walk?: string
}

/** Rows shown of one event type. */
const SHOWN = 5

/** Lines of text for people. Throws a RecordProblem that names what is wrong with the question. */
export async function inspectRun(runDir: string, question: Inspection): Promise<readonly string[]> {
  const manifest = readManifest(runDir)
  if (question.network !== undefined && !manifest.networks.some((n) => n.name === question.network)) {
    const names = manifest.networks.map((n) => n.name)
    throw new RecordProblem(
      `this run has no network ${question.network}; did you mean ${nearest(question.network, names)}? It has ${names.join(" and ")}`,
    )
  }
  if (question.node !== undefined) return inspectNode(runDir, manifest, question.network, question.node)
  if (question.walk !== undefined) return inspectEvents(runDir, manifest, question.epoch, question.walk)
  if (question.epoch !== undefined) return inspectEvents(runDir, manifest, question.epoch, undefined)
  return overview(runDir, manifest)
}

const iso = (s: number): string => new Date(s * 1000).toISOString().replace(".000Z", "Z")

function overview(runDir: string, m: Manifest): readonly string[] {
  const { headers } = readChain(runDir)
  return [
    m.question,
    `${m.name}, seed ${m.seed}, ${iso(m.beginS)} to ${iso(m.endS)}: ${m.status}, ${headers.length} epochs, ${m.events.toLocaleString("en-GB")} events in ${m.seconds} s`,
    ...m.networks.map(
      (n) =>
        `  ${n.name}: ${n.nodes} ${n.nodeWord}s, preset ${n.preset}${Object.keys(n.changed).length === 0 ? "" : `, changed ${JSON.stringify(n.changed)}`}`,
    ),
    ...m.summary,
    `log ${m.log}: ${m.logHash}`,
    `state: ${m.stateHash}`,
    `again: ${m.command}`,
  ]
}

async function inspectNode(runDir: string, m: Manifest, network: string | undefined, node: number): Promise<readonly string[]> {
  const named = network ?? m.networks.find((n) => n.nodes > node)?.name
  const of = m.networks.find((n) => n.name === named)
  if (of === undefined || node >= of.nodes) {
    const largest = m.networks.reduce((a, b) => (b.nodes > a.nodes ? b : a))
    throw new RecordProblem(
      `there is no node ${node}${network === undefined ? "" : ` in ${network}`}: nodes are numbered from 0 to ${(of ?? largest).nodes - 1}`,
    )
  }
  if (m.status !== "complete")
    throw new RecordProblem(
      `the run in ${runDir} is ${m.status}: its node table is written when it is complete; go on with --resume ${runDir}`,
    )
  const run = await openRun(runDir)
  try {
    const { columns, rows } = await run.query(`select * from nodes_${of.name} where node = ${node}`)
    return [`${of.nodeWord} ${node} of ${of.name}`, ...columns.map((c, i) => `  ${c}: ${String(rows[0][i])}`)]
  } finally {
    run.close()
  }
}

/** One epoch's events by type, or the walk of one of them. */
async function inspectEvents(
  runDir: string,
  m: Manifest,
  epoch: number | undefined,
  walk: string | undefined,
): Promise<readonly string[]> {
  const { headers } = readChain(runDir)
  if (epoch !== undefined && epoch >= headers.length)
    throw new RecordProblem(`there is no epoch ${epoch}: this run has epochs 0 to ${headers.length - 1}`)
  const plan = resolve(m.scenario)
  const streams = plan.networks.flatMap(({ network }) => [network.name, `${network.name}'s world`])
  const types = [...new Set(plan.networks.flatMap(({ network }) => Object.keys(network.events)))]
  if (walk !== undefined && !types.includes(walk))
    throw new RecordProblem(`no network of this run has an event ${walk}; did you mean ${nearest(walk, types)}?`)
  const lines: string[] = []
  const show = (
    header: Header,
    stream: number,
    machine: Machine,
    type: number,
    rows: AnyTable,
    begin: number,
    end: number,
  ): boolean => {
    const name = machine.types[type]
    if (walk === undefined) {
      lines.push(`${streams[stream]}: ${end - begin} × ${name}`)
      for (let i = begin; i < Math.min(end, begin + SHOWN); i++) lines.push(`    ${text(factAt(name, rows, i))}`)
      return false
    }
    if (name !== walk) return false
    lines.push(...walkOf(machine, name, rows, begin, header))
    return true
  }
  const source = m.log === "full" && hasEvents(runDir) ? fromLog(runDir, plan, headers) : fromRun(plan)
  for (const header of headers) {
    if (epoch !== undefined && header.epoch > epoch) break
    const wanted = epoch === undefined || header.epoch === epoch
    if (wanted && walk === undefined)
      lines.push(
        `epoch ${header.epoch}, ends ${iso(header.at)}: ${header.rows} events`,
        `  events ${header.events}`,
        `  state ${header.state}`,
        `  header ${header.hash} after ${header.previous}`,
      )
    let found = false
    source(header, (...row) => {
      if (wanted && !found) found = show(header, ...row)
    })
    if (found) return lines
  }
  if (walk !== undefined)
    throw new RecordProblem(`${walk} did not happen${epoch === undefined ? " in this run" : ` in epoch ${epoch}`}`)
  return lines
}

/** What fixed-point and big numbers look like to people. */
const text = (fact: object): string => JSON.stringify(fact, (_, v: unknown) => (typeof v === "bigint" ? v.toString() : v))

/** The way of a fact, door by door. */
function walkOf(machine: Machine, name: string, rows: AnyTable, row: number, header: Header): readonly string[] {
  const { network } = machine
  const commands = Object.entries(network.commands as Record<string, { emits: readonly string[]; because: string }>).filter(
    ([, c]) => c.emits.includes(name),
  )
  const folder = join("protocol", "networks", network.name)
  return [
    `${name}: ${network.events[name].because}`,
    `  asked     ${commands.length === 0 ? `by nobody: a settlement writes it (${folder}/settle.ts)` : commands.map(([c, { because }]) => `${c}: ${because}`).join(" | ")}`,
    ...(commands.length === 0 ? [] : [`  decided   ${folder}/decide*.ts`]),
    `  written   ${text(factAt(name, rows, row))}`,
    `  evolved   ${folder}/evolve.ts, ${name}`,
    `  chained   epoch ${header.epoch} (ends ${iso(header.at)}), events ${header.events.slice(0, 16)}…`,
    `  state     ${header.state.slice(0, 16)}…`,
    `  header    ${header.hash.slice(0, 16)}… after ${header.previous.slice(0, 16)}…`,
  ]
}

type Visit = (stream: number, machine: Machine, type: number, rows: AnyTable, begin: number, end: number) => void

function fromLog(
  runDir: string,
  plan: ReturnType<typeof resolve>,
  headers: readonly Header[],
): (header: Header, visit: Visit) => void {
  const machines = machinesOf(plan)
  const reader = new BodyReader(runDir)
  return (header, visit) => {
    const body = reader.next(header.epoch)
    if (body === undefined || body === "damaged")
      throw new RecordProblem(
        `the log of ${runDir} ends, or is damaged, before epoch ${header.epoch} of ${headers.length}; replay says more`,
      )
    readBody(
      body,
      (stream, type) => machines[stream]?.rowsOf[type],
      (stream, type, rows, length) => visit(stream, machines[stream], type, rows, 0, length),
    )
  }
}

/** Where only headers were kept, the run is simulated again up to the epoch. */
function fromRun(plan: ReturnType<typeof resolve>): (header: Header, visit: Visit) => void {
  let visit: Visit = () => {}
  const sim = new Simulation(
    plan,
    environment({
      onEpoch: (sources) =>
        sources.forEach((s, stream) =>
          s.runs.forEach((r) => visit(stream, s as Machine, r.type, s.rowsOf[r.type], r.begin, r.end)),
        ),
    }),
  )
  return (_header, now) => {
    visit = now
    sim.tick()
  }
}
