/**
 * Challengers of the old chain: each hotspot, or the validators in their stead, asks another to beacon once an interval, gathers
 * what was heard, and brings the receipts to the chain. A challenger that is down loses the proof for everybody.
 */
import type { InhabitContext } from "../../kernel/habitat.ts"
import type { Values } from "../../kernel/param.ts"
import { below, stream, type Stream } from "../../kernel/random.ts"
import { reserve } from "../../kernel/table.ts"
import type { Commands } from "./commands.ts"
import { VALIDATORS } from "./events-regime.ts"
import { BeaconSchedule } from "./inhabit-schedule.ts"
import type { params } from "./params.ts"
import type { State } from "./state.ts"

/** Beacons due, as columns. */
export interface Due {
  readonly node: Uint32Array
  readonly atS: Uint32Array
  readonly length: number
}

export class Challenges implements Due {
  readonly #c: InhabitContext<State, Commands>
  readonly #targets: Stream
  readonly #schedule: BeaconSchedule
  #every = 1
  node = new Uint32Array(0)
  atS = new Uint32Array(0)
  #challenger = new Uint32Array(0)
  length = 0

  constructor(context: InhabitContext<State, Commands>) {
    this.#c = context
    const { nodes, seed } = context.habitat
    this.#targets = stream(seed, "helium/challenge-target")
    this.#schedule = new BeaconSchedule(stream(seed, "helium/challenge-instant"), nodes, [], true)
  }

  /** Challenges of [fromS, toS), in time order. In one interval everybody is challenged once, by another. */
  due(fromS: number, toS: number): this {
    const { habitat } = this.#c
    const { nodes, running, throughPermille } = habitat
    const v = habitat.params() as Values<typeof params>
    this.length = 0
    if (habitat.served("ledger") === 0) return this
    this.#every = v.challengeIntervalBlocks * v.blockSeconds
    const all = this.#schedule.due(Math.max(fromS, habitat.beginS), toS, this.#every)
    if (this.node.length < all.length)
      [this.node, this.atS, this.#challenger] = [0, 0, 0].map(() => new Uint32Array(all.length * 2))
    for (let k = 0; k < all.length; k++) {
      const by = all.node[k]
      const shift = nodes < 2 ? 0 : 1 + below(this.#targets, nodes - 1, Math.floor(all.atS[k] / this.#every))
      const fromValidators = v.challengers === 2
      if (!fromValidators && (running[by] === 0 || throughPermille[by] === 0)) continue
      const j = this.length++
      this.node[j] = fromValidators ? by : (by + shift) % nodes
      this.atS[j] = all.atS[k]
      this.#challenger[j] = fromValidators ? VALIDATORS : by
    }
    return this
  }

  /** Issues the challenges from `k` on, at most `lot`, all of one interval; gives the end of them. */
  issue(k: number, lot: number): number {
    const { commands, submit } = this.#c
    const rows = commands.IssueChallenge
    reserve(rows, lot)
    const interval = Math.floor(this.atS[k] / this.#every)
    let i = k
    for (; i < this.length && i < k + lot && Math.floor(this.atS[i] / this.#every) === interval; i++) {
      const j = rows.length++
      rows.challenger[j] = this.#challenger[i]
      rows.challengee[j] = this.node[i]
      rows.at[j] = this.atS[i]
    }
    submit("IssueChallenge")
    return i
  }

  submitReceipts(from: number, end: number): void {
    const { commands, submit } = this.#c
    const rows = commands.SubmitReceipts
    reserve(rows, end - from)
    for (let i = from; i < end; i++) {
      const j = rows.length++
      rows.challenger[j] = this.#challenger[i]
      rows.challengee[j] = this.node[i]
      rows.at[j] = this.atS[i]
    }
    submit("SubmitReceipts")
  }
}
