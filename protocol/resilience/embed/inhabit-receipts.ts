/**
 * Receipts: for every hour a node serves, its users sign one. Where the ledger runs it is handed in at once; where it is halted nodes keep it, go
 * on serving, and hand all in by their numbers once it is back. Now and then a node does not hear the answer and hands in what was paid already.
 */
import { HOUR } from "../../kernel/clock.ts"
import { addRow, appendRow } from "../../kernel/table.ts"
import type { Values } from "../../kernel/param.ts"
import { below, stream } from "../../kernel/random.ts"
import type { Desk } from "./inhabit-watch.ts"
import type { ResilienceParams } from "./params.ts"

type V = Values<ResilienceParams>
/** Hours a node has room for. */
const ROOM = 64

export class Receipts {
  readonly #d: Desk
  readonly #luck

  constructor(desk: Desk) {
    this.#d = desk
    this.#luck = stream(desk.seen.seed, "resilience/receipt")
  }

  /** At a full hour: what was served in it is signed; what is kept is handed in if the ledger runs. */
  close(v: V, atS: number, isHalted: boolean): void {
    const { seen, memory, submit } = this.#d
    for (let node = 0; node < seen.nodes; node++) {
      this.#shift(node, atS)
      if (seen.running[node] === 1) memory.keptLow[node] = (memory.keptLow[node] | 1) >>> 0
    }
    if (isHalted) return
    for (let node = 0; node < seen.nodes; node++)
      if (seen.running[node] === 1 && seen.throughPermille[node] > 0) this.#handIn(v, node, atS)
    submit("ForgoReceipts")
    submit("SettleReceipt")
    for (let node = 0; node < seen.nodes; node++)
      if (seen.running[node] === 1 && seen.throughPermille[node] > 0) memory.keptLow[node] = memory.keptHigh[node] = 0
  }

  /** Makes room for the hour that ends at `atS`. What does not fit any more is lost. */
  #shift(node: number, atS: number): void {
    const { memory } = this.#d
    const hours = memory.keptS[node] === 0 ? ROOM : Math.min(ROOM, Math.floor((atS - memory.keptS[node]) / HOUR))
    memory.keptS[node] = atS
    for (let h = 0; h < hours; h++) {
      if (memory.keptLow[node] + memory.keptHigh[node] === 0) return
      if (memory.keptHigh[node] >>> 31 === 1) memory.receiptsLost[node]++
      memory.keptHigh[node] = ((memory.keptHigh[node] << 1) | (memory.keptLow[node] >>> 31)) >>> 0
      memory.keptLow[node] = (memory.keptLow[node] << 1) >>> 0
    }
  }

  /** All of a node's, oldest first, by the numbers they were signed with. */
  #handIn(v: V, node: number, atS: number): void {
    const { seen, state, memory, commands } = this.#d
    const next = state.receipts.node.next[node]
    const payer = (node + 1) % seen.nodes
    let sequence = next
    let expired = 0
    const to = commands.SettleReceipt
    // Most of the time there is the last hour's alone.
    const oldest = memory.keptHigh[node] > 0 ? ROOM - 1 : 31 - Math.clz32(memory.keptLow[node])
    for (let age = oldest; age >= 0; age--) {
      const kept = age < 32 ? memory.keptLow[node] >>> age : memory.keptHigh[node] >>> (age - 32)
      if ((kept & 1) === 0) continue
      const signedS = atS - age * HOUR
      if (atS - signedS > v.receiptKeepSeconds) {
        expired = ++sequence
        continue
      }
      const copies = below(this.#luck, 1000, node, signedS) < v.receiptResendPermille ? 2 : 1
      for (let k = 0; k < copies; k++) {
        const r = addRow(to)
        to.node[r] = node
        to.payer[r] = payer
        to.sequence[r] = sequence
        to.amount[r] = v.receiptAmount
        to.signedS[r] = signedS
        to.at[r] = atS
      }
      sequence++
    }
    if (expired > 0) appendRow(commands.ForgoReceipts, { node, next: expired, at: atS })
  }

  /** Receipts that nodes hold and nobody has paid yet. */
  countKept(): number {
    const { memory, seen } = this.#d
    let kept = 0
    for (let node = 0; node < seen.nodes; node++)
      for (const half of [memory.keptLow[node], memory.keptHigh[node]])
        for (let rest = half; rest !== 0; rest = (rest & (rest - 1)) >>> 0) kept++
    return kept
  }
}
