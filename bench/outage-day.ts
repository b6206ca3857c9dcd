/** An outage day of the resilience example: 10,000 nodes by the minute, a country dark for ten hours, detected, declared, graced and repaired. */
import { appendRow } from "../protocol/kernel/table.ts"
import { CORRELATED } from "../protocol/resilience/confusion.ts"
import { Rehearsal } from "../protocol/resilience/example/inhabit-rehearsal.ts"

const MINUTES = 24 * 60

export interface OutageDay {
  readonly nodes: number
  readonly items: number
  readonly beats: number
  readonly repaired: number
  readonly declared: number
  /** User CPU, not wall time. */
  readonly seconds: number
}

/** Runs the day once. An item is 4-of-10; there are a fifth as many as nodes. */
export function outageDay(nodes: number): OutageDay {
  const items = Math.floor(nodes / 5)
  const begun = process.cpuUsage()
  const r = new Rehearsal({ nodes, seed: 3, params: { repairUnitsPerMinute: 10_000 } })
  const dark = r.members("country", 4)
  r.run(MINUTES, (minute) => {
    if (minute === 10) {
      for (let i = 0; i < items; i++)
        appendRow(r.commands.StoreItem, { needed: 4, pieces: 10, units: 1, priority: 0, hasSource: 0, at: r.nowS })
      r.submit("StoreItem")
    }
    if (minute === 300) for (const node of dark) r.set(node, false, CORRELATED)
    if (minute === 900) for (const node of dark) r.set(node, true)
  })
  const { liveness, placement, outages } = r.state
  return {
    nodes,
    items,
    beats: liveness.total.beats[0],
    repaired: placement.total.repaired[0],
    declared: outages.total.declarations[0],
    seconds: process.cpuUsage(begun).user / 1e6,
  }
}
