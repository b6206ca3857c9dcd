/** What a provider lost at once, as its proofs find it: each deadline's share of it once, whatever becomes of the sectors afterwards. */
import { below, stream } from "../../kernel/random.ts"
import type { AnyTable } from "../../kernel/table.ts"
import { permille, unit } from "../../kernel/unit.ts"
import { DEADLINES } from "./deadlines.ts"

export const memory = {
  /** The loss that `foundDeadlines` speaks of. */
  foundOf: permille,
  /** One bit a deadline: its part of that loss stands in the books already. */
  foundDeadlines: unit("one bit a deadline", "safe", 0),
} as const

/** One bit a deadline: 48 of them fit into a double's whole numbers. */
const BIT = Float64Array.from({ length: DEADLINES }, () => 1)
for (let i = 1; i < DEADLINES; i++) BIT[i] = 2 * BIT[i - 1]

/** What a deadline's proof must leave out, and whether anything is left to prove. */
export interface Missing {
  /** Sectors that are gone and not known to be. */
  sectors: number
  isAll: boolean
}

/**
 * Asks of a provider's deadline with `live` sectors, `faulty` of them known to be, how many more of a loss of `lost` permille must be found.
 * What was found once is not looked for again: terminated after its weeks as a fault, it takes no part of what is left with it. The dice
 * round: of single sectors, that share is gone. The answer is lent, good until the next call.
 */
export function losses(seed: number, remembered: AnyTable) {
  const { foundOf, foundDeadlines } = remembered as unknown as Record<"foundOf" | "foundDeadlines", Float64Array>
  const fractions = stream(seed, "filecoin/loss-fraction")
  const answer: Missing = { sectors: 0, isAll: false }
  return (node: number, deadline: number, lost: number, live: number, faulty: number): Missing => {
    if (foundOf[node] !== lost) {
      foundOf[node] = lost
      foundDeadlines[node] = 0
    }
    answer.sectors = 0
    answer.isAll = false
    const bit = BIT[deadline]
    if (Math.floor(foundDeadlines[node] / bit) % 2 === 1) return answer
    const gone = Math.floor((live * lost + below(fractions, 1000, node, deadline)) / 1000)
    // Found when the books say so, not when it was sent: a proof may be refused, or wait.
    if (faulty >= gone) foundDeadlines[node] += bit
    answer.sectors = Math.max(0, Math.min(live - faulty, gone - faulty))
    answer.isAll = gone >= live
    return answer
  }
}
