/**
 * Users at the door of a network whose nodes can serve only so much: requests wait, are answered, time out, and are tried again. The network's own
 * people say what share of them reach a node at all; the queue says how many of those are answered in time.
 *
 * Retries are a pool that empties without memory (its mean wait is the back-off, its spread the jitter). Where the budget for second tries is
 * spent, the rest give up.
 */
import { MINUTE } from "../../kernel/clock.ts"
import type { ServiceMeasure } from "../../kernel/habitat.ts"
import type { Values } from "../../kernel/param.ts"
import { isOpen } from "../../kernel/slots.ts"
import { appendRow } from "../../kernel/table.ts"
import type { Desk } from "./inhabit-watch.ts"
import type { ResilienceParams } from "./params.ts"
import { countHeard } from "./part.ts"

type V = Values<ResilienceParams>
type ByNode = { offered: Float64Array; served: Float64Array }
const UNITS_MAX = 0xffff_ffff

export class Queue {
  readonly #d: Desk
  readonly #offered: Float64Array
  readonly #served: Float64Array

  constructor(desk: Desk) {
    this.#d = desk
    this.#offered = new Float64Array(desk.seen.nodes)
    this.#served = new Float64Array(desk.seen.nodes)
  }

  /** What users got in [fromS, toS). `inner` says what the network's own people answer to whoever reaches them. */
  serve(v: V, fromS: number, toS: number, inner: (byNode: ByNode) => ServiceMeasure, byNode?: ByNode): ServiceMeasure {
    const { memory, state, submit } = this.#d
    this.#offered.fill(0)
    this.#served.fill(0)
    const reached = inner({ offered: this.#offered, served: this.#served })
    const { total } = state.admission
    const fresh = Math.min(UNITS_MAX, Math.floor(reached.servedMilli))
    const returning = Math.floor(memory.waitingMilli[0] * Math.min(1, (toS - fromS) / v.serviceBackoffSeconds))
    const budget = Math.floor((fresh * v.retryBudgetPermille) / 1000)
    const again = Math.min(returning, budget, UNITS_MAX)
    memory.waitingMilli[0] -= returning
    memory.gaveUpMilli[0] += returning - again
    memory.retriedMilli[0] += again
    const turnedAway = total.turnedAway[0]
    this.#offer(0, fresh, toS, v)
    this.#offer(1, again, toS, v)
    submit("OfferWork")
    const failed = total.turnedAway[0] - turnedAway + this.#timedOut(fromS, toS)
    const retries = Math.floor((failed * v.serviceRetryPermille) / 1000)
    memory.waitingMilli[0] += retries
    memory.gaveUpMilli[0] += failed - retries
    const inTime = total.served[0] - total.late[0]
    // What was handed to nodes that were gone and not yet missed was answered by nobody.
    const heard = countHeard(state)
    const honest = heard === 0 ? 1 : Math.min(1, this.#d.seen.there / heard)
    const answered = Math.min(reached.offeredMilli, Math.floor((inTime - memory.inTimeMilli[0]) * honest))
    memory.inTimeMilli[0] = inTime
    const share = reached.servedMilli === 0 ? 0 : answered / reached.servedMilli
    if (byNode !== undefined)
      for (let node = 0; node < this.#offered.length; node++) {
        byNode.offered[node] += this.#offered[node]
        byNode.served[node] += Math.min(this.#offered[node], Math.floor(this.#served[node] * share))
      }
    return { offeredMilli: reached.offeredMilli, servedMilli: answered, degradedMilli: Math.min(answered, reached.degradedMilli) }
  }

  #offer(priority: number, units: number, atS: number, v: V): void {
    if (units > 0) appendRow(this.#d.commands.OfferWork, { priority, units, deadlineS: atS + v.serviceTimeoutSeconds, at: atS })
  }

  /** Units still waiting whose minute of deadline ended in (fromS, toS]: their users wait no longer. */
  #timedOut(fromS: number, toS: number): number {
    const { bucket } = this.#d.state.admission
    let units = 0
    for (let k = 0; k < bucket.length; k++) {
      if (!isOpen(bucket, k)) continue
      const endS = bucket.deadlineS[k] + MINUTE
      if (endS > fromS && endS <= toS) units += bucket.units[k]
    }
    return units
  }
}
