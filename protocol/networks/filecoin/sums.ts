/**
 * Sums over the large tables, per provider, for the promises. Half a million cohorts are more than a promise may count at every
 * epoch: of many providers a share is counted, by turns.
 */
import type { AnyTable } from "../../kernel/table.ts"
import { Wide } from "../../kernel/wide.ts"
import { SLOT_S } from "./chain-time.ts"
import { qaGibOf } from "./cohorts.ts"
import { SECTOR_GIB, type State } from "./state.ts"

const PARTS = ["live", "faulty", "recovering", "unproven"] as const
type Sums = Record<(typeof PARTS)[number] | "rawGib" | "qaGib", Float64Array> & { readonly pledgeAtto: Wide }

/** The cohorts of providers [from, to), added up; row 0 is provider `from`. */
export function sumCohorts(state: State, from: number, to: number): Sums {
  const { cohort, deadline, miner } = state
  const n = to - from
  const of = () => new Float64Array(n)
  const sums: Sums = {
    live: of(),
    faulty: of(),
    recovering: of(),
    unproven: of(),
    rawGib: of(),
    qaGib: of(),
    pledgeAtto: new Wide(n),
  }
  for (let phase = 0; phase < deadline.length; phase += miner.length)
    for (let node = from, i = 0; node < to; node++, i++)
      for (let c = deadline.cohort[phase + node] - 1, left = cohort.length; c >= 0 && left > 0; c = cohort.next[c] - 1, left--) {
        const active = cohort.sectors[c] - cohort.faulty[c] - cohort.unproven[c]
        sums.rawGib[i] += active * SECTOR_GIB
        sums.qaGib[i] += active * qaGibOf(state, c)
        sums.live[i] += cohort.sectors[c]
        sums.faulty[i] += cohort.faulty[c]
        sums.recovering[i] += cohort.recovering[c]
        sums.unproven[i] += cohort.unproven[c]
        sums.pledgeAtto.add(i, cohort.pledgeAtto.hi[c], cohort.pledgeAtto.lo[c])
      }
  return sums
}

/** Up to here all providers are counted each time; of more, a share by turns. */
const ALL_MAX = 64
/** Turns: 13 shares no factor with the 48 half hours of a day, so a run at daily ticks sees every provider once in 13 days. */
const TURNS = 13
/** The providers whose rows are counted one by one this time: from `from` up to `to`. */
export function turnOf({ miner, network }: State): { readonly from: number; readonly to: number } {
  if (miner.length <= ALL_MAX) return { from: 0, to: miner.length }
  const turn = Math.floor(network.nowS[0] / SLOT_S) % TURNS
  return { from: Math.floor((miner.length * turn) / TURNS), to: Math.floor((miner.length * (turn + 1)) / TURNS) }
}

const passed = new WeakMap<AnyTable, Map<string, string>>()
const stampOf = (t: AnyTable): string => `${t.version}/${t.length}`

/** Runs a check of one table (and another) alone, unless it passed on the same stamps. `check` says whether it passed. */
export function unlessPassed(name: string, t: AnyTable, other: AnyTable, check: () => boolean): void {
  const stamps = passed.get(t) ?? new Map<string, string>()
  passed.set(t, stamps)
  const stamp = `${stampOf(t)} ${stampOf(other)}`
  if (stamps.get(name) === stamp) return
  if (check()) stamps.set(name, stamp)
  else stamps.delete(name)
}
