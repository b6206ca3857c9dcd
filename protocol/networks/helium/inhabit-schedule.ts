/** When each hotspot beacons: one uniformly random second of every aligned interval, in time order. */
import { block, multiplyHigh, type Stream } from "../../kernel/random.ts"

/** Words in a block: a node's instants of so many intervals in a row come from one. */
const WORDS = 4

/** The instants of every entry, a block per entry and four intervals. */
export class Instants {
  readonly #stream: Stream
  readonly #words: Uint32Array
  readonly #block = new Uint32Array(WORDS)
  #group = -1

  constructor(s: Stream, nodes: number) {
    this.#stream = s
    this.#words = new Uint32Array(WORDS * nodes)
  }

  /** Writes each node's second of an interval, from 0 to below `every`. */
  draw(interval: number, every: number, seconds: Uint32Array): void {
    const group = Math.floor(interval / WORDS)
    const words = this.#words
    if (group !== this.#group) {
      for (let node = 0; node < seconds.length; node++) {
        block(this.#stream, this.#block, node, group)
        words.set(this.#block, WORDS * node)
      }
      this.#group = group
    }
    const word = interval - group * WORDS
    for (let node = 0; node < seconds.length; node++) seconds[node] = multiplyHigh(words[WORDS * node + word], every)
  }
}

export class BeaconSchedule {
  readonly #instants: Instants
  readonly #nodes: number
  /** The interval now laid out: its instants in order, and where reading stopped. */
  #interval = -1
  #every = 0
  /** Who each entry is of. */
  readonly #of: Uint32Array
  readonly #isFixed: boolean
  readonly #order: Uint32Array
  readonly #at: Uint32Array
  readonly #drawn: Uint32Array
  #starts = new Uint32Array(0)

  /** Beacons due, as columns; overwritten by each call. */
  node: Uint32Array = new Uint32Array(0)
  atS: Uint32Array = new Uint32Array(0)
  length = 0

  /**
   * One entry per node, and one more for each of `extra` (nodes, with repetitions): those beacon again. With `isFixed` every
   * interval has the instants of the first: from one to the next it is then always one interval.
   */
  constructor(s: Stream, nodes: number, extra: readonly number[] = [], isFixed = false) {
    const entries = nodes + extra.length
    this.#instants = new Instants(s, entries)
    this.#isFixed = isFixed
    this.#of = new Uint32Array(entries)
    for (let e = 0; e < entries; e++) this.#of[e] = e < nodes ? e : extra[e - nodes]
    this.#nodes = entries
    this.#order = new Uint32Array(entries)
    this.#at = new Uint32Array(entries)
    this.#drawn = new Uint32Array(entries)
  }

  /** Fills this object's columns with the beacons of [fromS, toS), by second, then by node. */
  due(fromS: number, toS: number, every: number): this {
    this.length = 0
    for (let interval = Math.floor(fromS / every); interval * every < toS; interval++) {
      this.#layOut(interval, every)
      const begin = this.#find(Math.max(0, fromS - interval * every))
      const end = this.#find(Math.min(every, toS - interval * every))
      this.#room(this.length + end - begin)
      for (let k = begin; k < end; k++) {
        this.node[this.length] = this.#order[k]
        this.atS[this.length++] = interval * every + this.#at[k]
      }
    }
    return this
  }

  /** Draws and counting-sorts one interval, once. */
  #layOut(interval: number, every: number): void {
    if (interval === this.#interval && every === this.#every) return
    if (this.#starts.length !== every + 1) this.#starts = new Uint32Array(every + 1)
    const starts = this.#starts.fill(0)
    this.#instants.draw(this.#isFixed ? 0 : interval, every, this.#drawn)
    for (let node = 0; node < this.#nodes; node++) starts[this.#drawn[node] + 1]++
    for (let s = 0; s < every; s++) starts[s + 1] += starts[s]
    const cursor = starts.slice()
    for (let node = 0; node < this.#nodes; node++) {
      const k = cursor[this.#drawn[node]]++
      this.#order[k] = this.#of[node]
      this.#at[k] = this.#drawn[node]
    }
    this.#interval = interval
    this.#every = every
  }

  /** First place at or after a second of the interval. */
  #find(second: number): number {
    return this.#starts[second]
  }

  #room(rows: number): void {
    if (rows <= this.node.length) return
    const grow = (old: Uint32Array): Uint32Array => {
      const wider = new Uint32Array(rows * 2)
      wider.set(old)
      return wider
    }
    this.node = grow(this.node)
    this.atS = grow(this.atS)
  }
}
