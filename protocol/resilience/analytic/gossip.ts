/** How news spreads: push gossip in the mean field, and fan-outs that reach everyone. Spec: resilience-science §6. */
import { exp, ln, log2 } from "../../kernel/real.ts"
import { solveOutbreak } from "./percolation.ts"

const ROUNDS_MAX = 1_000_000

/** Rounds of push gossip from one node until a share `target` knows; null if it never does. */
export const computeGossipPushRounds = (nodes: number, fanout: number, target: number): number | null => {
  let ignorant = 1 - 1 / nodes
  for (let rounds = 0; rounds <= ROUNDS_MAX; rounds++) {
    const informed = 1 - ignorant
    if (informed >= target) return rounds
    const next = ignorant * exp(-fanout * informed)
    if (next === ignorant) return null
    ignorant = next
  }
  return null
}

/** Leading term for fan-out 1 (Pittel 1987): log2 N + ln N. */
export const computePittelRounds = (nodes: number): number => log2(nodes) + ln(nodes)

/** The fan-out that reaches everyone with margin c, and the chance that it does (Kermarrec, Massoulié and Ganesh 2003). */
export const computeGossipAtomic = (nodes: number, c: number) => ({ fanout: ln(nodes) + c, pAll: exp(-exp(-c)) })

/** Final coverage when every node forwards once. */
export const computeInfectAndDieCoverage = (fanout: number): number => solveOutbreak(fanout)
