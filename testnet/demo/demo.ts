/** The demonstration: one site, served by one central proxy and by leased nodes, visited all the time, and broken by buttons. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Fleet, REGIONS, type Host, type Region } from "./fleet.ts"
import { fetchSound, Market, PATHS } from "./market.ts"

export interface DemoOptions {
  readonly nodes?: number
  readonly copies?: number
  /** How long a visitor waits for a host [ms]; a busy computer's visitors wait longer. */
  readonly patienceMs?: number
  /** Dice in [0, 1): who is killed, which copy a visitor asks first. */
  readonly dice?: () => number
}

const SAMPLE_MS = 500
const VISITS = 10
const ROUND_MS = 250
/** A visitor waits so long for a host, and asks so many copies before giving up. */
const PATIENCE_MS = 300
const TRIES_MAX = 3
/** A staged rollout: one host in so many milliseconds, and no further once so many have failed their health check. */
const ROLLOUT_MS = 600
const ROLLOUT_FAILURES_MAX = 3
const KEPT = 240
const LOG_KEPT = 60
const MARKS_KEPT = 60

export type Act = "kill-proxy" | "kill-half" | `kill-region:${Region}` | "push-config" | "repair"
export const ACTS: readonly Act[] = [
  "kill-proxy",
  "kill-half",
  ...REGIONS.map((r) => `kill-region:${r}` as const),
  "push-config",
  "repair",
]

/** Visits of one sample, and how many got the page. */
export interface Sample {
  /** Seconds since the start. */
  readonly t: number
  readonly visits: number
  readonly central: number
  readonly nodes: number
}
/** A line of what happened: what somebody did (with the number of its mark in the chart), what broke, what healed. */
export interface Told {
  readonly t: number
  readonly kind: "act" | "loss" | "heal"
  /** Of the chart's mark; 0 where it has none. */
  readonly mark: number
  readonly text: string
}
export interface Shown {
  readonly t: number
  readonly height: number
  readonly appHash: string
  readonly copies: number
  readonly proxy: { readonly region: string; readonly state: HostState }
  readonly hosts: readonly { readonly name: string; readonly region: string; readonly state: HostState }[]
  readonly marks: readonly { readonly t: number; readonly mark: number; readonly label: string }[]
  readonly log: readonly Told[]
  readonly visits: number
  readonly centralServed: number
  readonly nodesServed: number
}
export type HostState = "dead" | "broken" | "serving" | "idle"

export class Demo {
  readonly fleet: Fleet
  readonly market: Market
  readonly samples: Sample[] = []
  readonly dir = mkdtempSync(join(tmpdir(), "blackstart-demo-"))
  readonly #dice: () => number
  readonly #copies: number
  readonly #patienceMs: number
  readonly #log: Told[] = []
  readonly #marks: { t: number; mark: number; label: string }[] = []
  #marked = 0
  readonly #listeners = new Set<(sample: Sample) => void>()
  readonly #loops: Promise<void>[] = []
  /** Undefined until visits begin. */
  #began: number | undefined
  #stopped = false
  #totals = { visits: 0, central: 0, nodes: 0 }
  /** A later repair or push ends a rollout that is under way. */
  #rollout = 0

  constructor(options: DemoOptions = {}) {
    this.#dice = options.dice ?? Math.random
    this.#copies = options.copies ?? 6
    this.#patienceMs = options.patienceMs ?? PATIENCE_MS
    this.fleet = new Fleet(this.dir, options.nodes ?? 24)
    this.market = new Market(this.dir, this.fleet.nodes, this.#copies, (kind, text) => this.#tell(kind, text), options.patienceMs)
  }

  /** Starts every process, leases the copies, and begins to visit. */
  async start(): Promise<void> {
    await this.fleet.startAll()
    await this.market.open()
    await this.market.round()
    this.#began = performance.now()
    this.#loops.push(
      this.#every(ROUND_MS, () => this.market.round()),
      this.#every(SAMPLE_MS, () => this.#sample()),
    )
  }

  async close(): Promise<void> {
    this.#stopped = true
    this.#rollout++
    await Promise.all(this.#loops)
    await this.fleet.close()
    await this.market.close()
    rmSync(this.dir, { recursive: true, force: true })
  }

  onSample(seen: (sample: Sample) => void): () => void {
    this.#listeners.add(seen)
    return () => void this.#listeners.delete(seen)
  }

  async act(act: Act): Promise<void> {
    const { nodes, proxy } = this.fleet
    if (act === "kill-proxy") {
      this.#mark(
        "server off",
        proxy.isRunning ? "You switched off the left site's only server." : "The left site's only server was off already.",
      )
      await proxy.kill()
    } else if (act === "kill-half") {
      const alive = nodes.filter((n) => n.isRunning)
      // Drawn without putting back.
      const drawn = Array.from(
        { length: Math.ceil(alive.length / 2) },
        () => alive.splice(Math.floor(this.#dice() * alive.length), 1)[0],
      )
      const [off, on] = [drawn.length, drawn.length + alive.length]
      this.#mark("half off", `You switched off ${off} of the ${on} nodes that were on. ${this.#heldBy(drawn)}`)
      await Promise.all(drawn.map((n) => n.kill()))
    } else if (act.startsWith("kill-region:")) {
      const region = act.slice("kill-region:".length)
      const dark = nodes.filter((n) => n.region === region && n.isRunning)
      const server = proxy.region === region && proxy.isRunning ? " and the left site's only server" : ""
      this.#mark(
        `${region} dark`,
        `You cut the power in the ${region}: ${count(dark.length, "node")}${server} went off. ${this.#heldBy(dark)}`,
      )
      await Promise.all([proxy, ...nodes].filter((h) => h.region === region).map((h) => h.kill()))
    } else if (act === "push-config") {
      this.#mark("bad update", "You sent everybody a settings file that is too long to load.")
      await proxy.configure("bad")
      this.#tell(
        "loss",
        proxy.isRunning
          ? "The left site's only server took it at once, and answers nothing but errors."
          : "The left site's only server is off, and cannot take it.",
      )
      void this.#rollOut(++this.#rollout)
    } else await this.#repair()
  }

  show(): Shown {
    const { height, appHash } = this.market.ledger.info()
    const leased = new Set(this.market.leases().map((l) => l.node))
    const { proxy, nodes } = this.fleet
    return {
      t: this.#now(),
      height,
      appHash,
      copies: this.#copies,
      proxy: { region: proxy.region, state: stateOf(proxy, true) },
      hosts: nodes.map((h, i) => ({ name: h.name, region: h.region, state: stateOf(h, leased.has(i)) })),
      marks: this.#marks,
      log: this.#log,
      visits: this.#totals.visits,
      centralServed: this.#totals.central,
      nodesServed: this.#totals.nodes,
    }
  }

  /** What a visitor sees now, by either way; undefined where there is nothing to see. */
  async look(way: "central" | "nodes"): Promise<string | undefined> {
    const bases = way === "central" ? [this.fleet.proxy.url] : this.#leased()
    for (const base of bases.slice(0, TRIES_MAX))
      try {
        const answer = await fetch(`${base}/`, { signal: AbortSignal.timeout(this.#patienceMs) })
        if (answer.ok) return await answer.text()
        await answer.body?.cancel()
      } catch {
        // The next copy, if there is one.
      }
    return undefined
  }

  async #sample(): Promise<void> {
    const path = PATHS[Math.floor(this.#dice() * PATHS.length)]
    const central = Array.from({ length: VISITS }, () => fetchSound(this.fleet.proxy.url, path, this.#patienceMs))
    const nodes = Array.from({ length: VISITS }, () => this.#visitNodes(path))
    const served = async (all: readonly Promise<boolean>[]): Promise<number> => (await Promise.all(all)).filter(Boolean).length
    const sample = { t: this.#now(), visits: VISITS, central: await served(central), nodes: await served(nodes) }
    this.#totals.visits += VISITS
    this.#totals.central += sample.central
    this.#totals.nodes += sample.nodes
    this.samples.push(sample)
    if (this.samples.length > KEPT) this.samples.shift()
    for (const seen of this.#listeners) seen(sample)
  }

  /** A visitor reads the leases off the chain, and asks copies in an order of its own until one answers. */
  async #visitNodes(path: string): Promise<boolean> {
    for (const base of this.#leased().slice(0, TRIES_MAX)) if (await fetchSound(base, path, this.#patienceMs)) return true
    return false
  }

  #leased(): readonly string[] {
    const all = this.market.leases().map((l) => this.fleet.nodes[l.node].url)
    for (let i = all.length - 1; i > 0; i--) {
      const j = Math.floor(this.#dice() * (i + 1))
      const kept = all[i]
      all[i] = all[j]
      all[j] = kept
    }
    return all
  }

  /** Hosts take the configuration one after another; the rollout stops when too many of them fail. */
  async #rollOut(mine: number): Promise<void> {
    const waiting = this.fleet.nodes.filter((n) => n.isRunning)
    let failed = 0
    while (waiting.length > 0 && failed < ROLLOUT_FAILURES_MAX) {
      await sleep(ROLLOUT_MS)
      if (this.#rollout !== mine) return
      const [host] = waiting.splice(Math.floor(this.#dice() * waiting.length), 1)
      await host.configure("bad")
      if ((await host.order("GET", "health")) !== undefined) continue
      failed++
      this.#tell(
        "loss",
        `${upper(host.name)} took the bad settings and fails its health check (${failed} of ${ROLLOUT_FAILURES_MAX}).`,
      )
    }
    this.#tell(
      "heal",
      `The nodes' update stops after ${count(failed, "failure")}: ${count(waiting.length, "node")} never took it.`,
    )
  }

  async #repair(): Promise<void> {
    this.#mark("repaired", "You switched everything on again, with settings that load.")
    this.#rollout++
    await this.fleet.startAll()
    await Promise.all([this.fleet.proxy, ...this.fleet.nodes].filter((h) => h.config === "bad").map((h) => h.configure("good")))
  }

  #now = (): number => (this.#began === undefined ? 0 : Math.round((performance.now() - this.#began) / 10) / 100)

  /** What a loss of these nodes costs the right site at once. */
  #heldBy(lost: readonly Host[]): string {
    const held = this.market.leases().filter((l) => lost.includes(this.fleet.nodes[l.node])).length
    return held === 0 ? "None of them kept a copy." : `${count(held, "copy", "copies")} went with them.`
  }

  #mark(label: string, text: string): void {
    this.#marks.push({ t: this.#now(), mark: ++this.#marked, label })
    if (this.#marks.length > MARKS_KEPT) this.#marks.shift()
    this.#tell("act", text, this.#marked)
  }
  #tell(kind: Told["kind"], text: string, mark = 0): void {
    this.#log.unshift({ t: this.#now(), kind, mark, text })
    this.#log.length = Math.min(this.#log.length, LOG_KEPT)
  }

  async #every(ms: number, work: () => Promise<void>): Promise<void> {
    while (!this.#stopped) {
      const began = performance.now()
      await work()
      await sleep(Math.max(10, ms - (performance.now() - began)))
    }
  }
}

const stateOf = (host: Host, isServing: boolean): HostState =>
  !host.isRunning ? "dead" : host.config === "bad" ? "broken" : isServing ? "serving" : "idle"

const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`

const upper = (text: string): string => text[0].toUpperCase() + text.slice(1)
const sleep = (ms: number): Promise<void> => new Promise((done) => void setTimeout(done, ms))
