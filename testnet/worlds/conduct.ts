/**
 * One scenario on real processes, in stages: set up, start, load, perturb, wait, check, stop. The ledger runs here; every node is a
 * process of its own with real sectors on disk. What comes back is what the chain itself measured, dated from the scenario's begin.
 */
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { RecordProblem } from "../../protocol/boundary/durable.ts"
import { startGateway, type Gateway } from "../gateway/server.ts"
import { hexOf, newKeyPair } from "../ledger/command.ts"
import { EmbeddedLedger } from "../ledger/embedded.ts"
import { exportChain, replayChain } from "../ledger/export.ts"
import { DEFAULTS, readGenesis, suited } from "../ledger/genesis.ts"
import { readMetrics, readNodes } from "../ledger/reading.ts"
import { Crew } from "./crew.ts"
import { canIsolate, Namespaces, Proxies, type Link } from "./link.ts"
import type { Order } from "./orders.ts"

const DAY_S = 86_400
const SECTOR_GIB = 32
/** Chain seconds between two samples. */
const SAMPLE_S = 300
/** Somebody reads the gateway so often while nodes are perturbed: a load, and a measure of whether the gateway answers. */
const READ_MS = 100

export interface Conducted {
  readonly network: string
  readonly preset: string
  readonly params: Readonly<Record<string, number>>
  readonly beginS: number
  readonly lengthS: number
  readonly nodes: number
  readonly sectors: number
  readonly speed: number
  readonly orders: readonly Order[]
  /** Metrics of the network to sample. */
  readonly metrics: readonly string[]
  readonly dir: string
  readonly isolate: "auto" | "proxy"
  readonly dice: () => number
  readonly tell: (line: string) => void
  readonly signal?: AbortSignal
}

export interface RealSample {
  /** Chain seconds since the scenario's begin. */
  readonly atS: number
  readonly running: number
  readonly values: readonly number[]
}
export interface Observed {
  readonly samples: readonly RealSample[]
  readonly stages: readonly { readonly name: string; readonly seconds: number }[]
  readonly how: Link["how"]
  readonly sectors: number
  readonly reads: { readonly asked: number; readonly answered: number; readonly slowestMs: number }
  readonly crashes: number
  readonly income: readonly number[]
  readonly blocks: number
  readonly commands: number
  readonly appHash: string
  /** The chain's journal, exported and folded anew, gave the same hashes. */
  readonly verified: boolean
}

class Stages {
  readonly all: { name: string; seconds: number }[] = []
  readonly #tell: (line: string) => void
  #began = performance.now()

  constructor(tell: (line: string) => void) {
    this.#tell = tell
  }
  begin(name: string, more = ""): void {
    this.end()
    this.all.push({ name, seconds: 0 })
    this.#tell(`${name}${more === "" ? "" : `: ${more}`}`)
  }
  end(): void {
    const last = this.all.at(-1)
    if (last !== undefined && last.seconds === 0) last.seconds = (performance.now() - this.#began) / 1000
    this.#began = performance.now()
  }
}

/** Conducts a scenario. Throws a RecordProblem when the nodes do not come up, or when it is told to stop. */
export async function conduct(c: Conducted): Promise<Observed> {
  const stages = new Stages(c.tell)
  const undo: (() => unknown)[] = []
  const isolated = c.isolate === "auto" && canIsolate()
  stages.begin(
    "set up",
    `${c.nodes} nodes behind ${isolated ? "namespaces and nftables" : "a TCP proxy each"}, a chain at ${c.speed} chain seconds a second`,
  )
  try {
    const ledger = openChain(c)
    undo.push(() => ledger.close())
    const link = isolated ? new Namespaces(c.nodes) : new Proxies(c.dice)
    undo.push(() => link.close())
    const gateway = await startGateway(ledger, { host: link.host, port: 0, perAddressSecond: 1e6, joinsPerAddressDay: 1e6 })
    undo.push(() => gateway.close())
    link.port = Number(new URL(gateway.url).port)
    if (link instanceof Proxies) await link.open(c.nodes)
    const crew = new Crew(c.dir, link, { sectors: c.sectors, roundMs: 250 })
    undo.push(() => crew.close())
    const chain = { ledger, gateway, crew }
    stages.begin("start", "a node at a time, over a day of the chain, so that their deadlines lie apart")
    await start(c, chain)
    stages.begin("load", "until every sector is sealed and proven; readers come to the gateway")
    await untilProven(c, chain)
    const reading = read(gateway)
    undo.push(() => reading.stop())
    stages.begin("perturb")
    const samples = await perturb(c, chain, stages)
    stages.begin("check", "the journal is exported and folded anew")
    const reads = await reading.stop()
    await crew.close()
    const { height, appHash } = ledger.info()
    const income = readNodes(ledger.application).map((n) => n.measures[ledger.application.network.live!.income])
    const commands = ledger.application.gate.control.commands[0]
    await ledger.close()
    const out = join(c.dir, "export")
    exportChain(join(c.dir, "chain"), out)
    const { verified, logHash } = await replayChain(out)
    stages.begin("stop")
    for (const work of undo.splice(0).toReversed()) await work()
    stages.end()
    return {
      samples,
      stages: stages.all,
      how: link.how,
      sectors: c.nodes * c.sectors,
      reads,
      crashes: crew.crashes,
      income,
      blocks: height,
      commands,
      appHash,
      verified: verified && logHash === appHash,
    }
  } finally {
    for (const work of undo.toReversed()) await work()
  }
}

interface Chain {
  readonly ledger: EmbeddedLedger
  readonly gateway: Gateway
  readonly crew: Crew
}

function openChain(c: Conducted): EmbeddedLedger {
  const dir = join(c.dir, "chain")
  mkdirSync(dir, { recursive: true })
  const key = newKeyPair()
  const genesis = readGenesis({
    ...DEFAULTS,
    ...suited(c.network),
    chain: "worlds",
    network: c.network,
    preset: c.preset,
    params: c.params,
    nodes: c.nodes,
    // The nodes come before the scenario begins.
    beginS: c.beginS - 4 * DAY_S,
    speed: c.speed,
    sectorBytes: 16 * 1024,
    authority: hexOf(key.publicKey),
  })
  EmbeddedLedger.create(dir, genesis)
  return EmbeddedLedger.open(dir, { blockMs: 100, tell: c.tell })
}

async function start(c: Conducted, { ledger, crew }: Chain): Promise<void> {
  const began = ledger.info().time
  const { gate } = ledger.application
  for (let node = 0; node < c.nodes; node++) {
    await until(c, () => ledger.info().time >= began + (node * DAY_S) / c.nodes, Infinity, "the chain's time to pass")
    crew.hire()
    // Its place on the chain is the order of its coming.
    await until(c, () => gate.account.length - 1 > node, 60_000, `node ${node} to join`)
  }
}

async function untilProven(c: Conducted, { ledger }: Chain): Promise<void> {
  const whole = c.nodes * c.sectors * SECTOR_GIB
  const ms = ((3 * DAY_S) / c.speed) * 1000
  await until(c, () => readMetrics(ledger.application)["power.raw"] >= whole, ms, `${whole} GiB to be proven`)
}

/** Runs the clock of the scenario: gives each order when the chain's time has come, and samples what the chain measures. */
async function perturb(c: Conducted, { ledger, crew }: Chain, stages: Stages): Promise<readonly RealSample[]> {
  const zero = ledger.info().time
  const samples: RealSample[] = []
  const waiting = c.orders.filter((o) => o.node < c.nodes)
  let due = -Infinity
  let isWaiting = false
  const stop = ledger.onBlock(({ time }) => {
    const atS = time - zero
    while (waiting.length > 0 && waiting[0].atS <= atS) {
      const order = waiting.shift()!
      c.tell(`  ${(atS / 3600).toFixed(1)} h: ${order.act} node ${order.node}`)
      crew.obey(order)
    }
    if (waiting.length === 0 && !isWaiting) {
      isWaiting = true
      stages.begin("wait", "what is broken heals, or does not")
    }
    if (atS < due) return
    due = atS + SAMPLE_S
    const all = readMetrics(ledger.application)
    samples.push({ atS, running: crew.running, values: c.metrics.map((m) => all[m]) })
  })
  try {
    await until(c, () => ledger.info().time >= zero + c.lengthS, Infinity, "the scenario to end")
  } finally {
    stop()
  }
  return samples
}

/** Reads the gateway's status again and again, as observers do. */
function read(gateway: Gateway) {
  const reads = { asked: 0, answered: 0, slowestMs: 0 }
  let stopped = false
  const loop = (async () => {
    while (!stopped) {
      const began = performance.now()
      reads.asked++
      try {
        const answer = await fetch(`${gateway.url}/v1/status`, { signal: AbortSignal.timeout(5000) })
        await answer.json()
        if (answer.ok) reads.answered++
        reads.slowestMs = Math.max(reads.slowestMs, Math.round(performance.now() - began))
      } catch {
        // Asked and not answered.
      }
      await new Promise((next) => setTimeout(next, READ_MS))
    }
  })()
  return {
    stop: async () => {
      stopped = true
      await loop
      return reads
    },
  }
}

async function until(c: Conducted, what: () => boolean, ms: number, words: string): Promise<void> {
  const began = performance.now()
  while (!what()) {
    if (c.signal?.aborted === true) throw new RecordProblem("stopped: every node's process was ended, nothing is left behind")
    if (performance.now() - began > ms)
      throw new RecordProblem(
        `waited ${Math.round(ms / 1000)} s for ${words}, in vain: see the agents' logs in ${join(c.dir, "nodes")}`,
      )
    await new Promise((next) => setTimeout(next, 20))
  }
}
