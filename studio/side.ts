/** One setting and its run, as the page keeps it: rows that came so far, nodes of each epoch, hashes and what was told. */
import type { Core } from "../browser/core.ts"
import type { About, FeedItem, Frame, Hashes, NetworkAbout } from "../browser/messages.ts"
import type { Scenario } from "../protocol/boundary/scenario.ts"

/** Told items kept: older ones are folded anew by a node's life, never lost. */
const FEED_MOST = 4000
/** Node pictures kept for scrubbing, bytes. */
const PICTURES_MOST = 64 * 2 ** 20

export type SideName = "a" | "b"

export class Side {
  readonly name: SideName
  /** Another one takes its place when it does not answer. */
  core: Core
  scenario: Scenario
  about: About | undefined
  /** By network and column: one value an epoch. */
  rows: Record<string, Record<string, number[]>> = {}
  /** By epoch: a byte a node, by network. */
  pictures = new Map<number, Readonly<Record<string, Uint8Array>>>()
  income: Readonly<Record<string, Float64Array>> = {}
  incomeEpoch = 0
  feed: FeedItem[] = []
  hashes: Hashes | undefined
  epoch = 0
  done = false
  #every = 1

  constructor(name: SideName, core: Core, scenario: Scenario) {
    this.name = name
    this.core = core
    this.scenario = scenario
  }

  /** Forgets the run and starts the scenario anew. Rejects with one sentence. */
  async start(isChained: boolean): Promise<About> {
    const about = await this.core.ask("start", { scenario: this.scenario, chained: isChained })
    this.begin(about)
    return about
  }

  /** Would a run of it have the same nodes in the same places for the same time? */
  isOnSameGround(scenario: Scenario): boolean {
    const ground = (s: Scenario | undefined): string =>
      JSON.stringify(
        s === undefined
          ? s
          : [
              s.seed,
              s.begins,
              s.lasts,
              s.epoch,
              s.until,
              s.timeline,
              Object.entries(s.networks).map(([n, x]) => [n, x.nodes, x.preset]),
            ],
      )
    return this.about !== undefined && ground(scenario) === ground(this.#begun)
  }
  #begun: Scenario | undefined

  begin(about: About, fromEpoch = 0, scenario: Scenario = this.scenario): void {
    this.about = about
    this.#begun = scenario
    if (fromEpoch === 0) {
      this.rows = Object.fromEntries(about.networks.map((n) => [n.name, {}]))
      this.pictures = new Map()
      this.feed = []
      this.income = {}
      this.#every = 1
    } else {
      for (const columns of Object.values(this.rows)) for (const column of Object.values(columns)) column.length = fromEpoch
      for (const epoch of this.pictures.keys()) if (epoch > fromEpoch) this.pictures.delete(epoch)
    }
    this.hashes = undefined
    this.epoch = fromEpoch
    this.done = false
  }

  network(name: string): NetworkAbout | undefined {
    return this.about?.networks.find((n) => n.name === name)
  }

  /** Frames of a run that is folded again behind what is shown change neither incomes nor hash until it has caught up; an exact one does. */
  take(frame: Frame, isExact = false): void {
    const isBehind = !isExact && frame.epoch < this.epoch
    for (const [network, columns] of Object.entries(frame.rows))
      for (const [name, values] of Object.entries(columns)) {
        const own = ((this.rows[network] ??= {})[name] ??= [])
        const at = frame.epoch - values.length
        for (let i = 0; i < values.length; i++) own[at + i] = values[i]
      }
    this.#keepPicture(frame)
    if (frame.income !== undefined && !isBehind) {
      this.income = frame.income
      this.incomeEpoch = frame.epoch
    }
    if (frame.feed.length > 0) {
      this.feed.push(...frame.feed)
      if (this.feed.length > FEED_MOST) this.feed.splice(0, this.feed.length - FEED_MOST)
    }
    const last = frame.headers.at(-1)
    if (last !== undefined && !isBehind) this.hashes = { epoch: frame.epoch, log: last.hash, state: last.state, rows: 0 }
    this.epoch = Math.max(this.epoch, frame.epoch)
    this.done ||= frame.done
  }

  /** Goes on from an earlier epoch: what came after it comes anew. */
  rewind(epoch: number): void {
    if (epoch >= this.epoch) return
    this.epoch = epoch
    this.done = false
  }

  /** The nodes' picture at an epoch, or the nearest one kept before it. */
  picture(epoch: number): { readonly epoch: number; readonly nodes: Readonly<Record<string, Uint8Array>> } | undefined {
    for (let e = epoch; e >= 0; e--) {
      const nodes = this.pictures.get(e)
      if (nodes !== undefined) return { epoch: e, nodes }
    }
    return undefined
  }

  /** A column up to an epoch. */
  series(network: string, column: string, upto = this.epoch): readonly number[] {
    const all = this.rows[network]?.[column] ?? []
    return upto >= all.length ? all : all.slice(0, upto)
  }

  /** Share served of what was asked, an epoch each; an epoch in which nobody asked counts as served. */
  availability(network: string, upto = this.epoch): readonly number[] {
    const offered = this.series(network, "offeredMilli", upto)
    const served = this.series(network, "servedMilli", upto)
    return offered.map((asked, i) => (asked === 0 ? 1 : served[i] / asked))
  }

  #keepPicture({ epoch, nodes }: Frame): void {
    this.pictures.set(epoch, nodes)
    const bytes = Object.values(nodes).reduce((sum, levels) => sum + levels.length, 0)
    while (this.pictures.size * bytes > PICTURES_MOST && this.pictures.size > 2) {
      this.#every *= 2
      const step = Math.max(1, Math.floor((this.about?.epochs ?? 1) / (PICTURES_MOST / bytes))) * this.#every
      for (const e of this.pictures.keys()) if (e !== epoch && e % step !== 0) this.pictures.delete(e)
    }
  }
}
