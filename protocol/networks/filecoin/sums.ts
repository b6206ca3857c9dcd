/**
 * Sums over the two large tables, per provider, for the promises: kept while a table says that it has not changed, because half a
 * million cohorts are still most of the time and a run at minute ticks asks 1,440 times a day. A promise that finds a kept sum
 * wrong asks for a fresh one before it speaks, so keeping can hide nothing that changes what it is compared with.
 */
import type { AnyTable } from "../../kernel/table.ts"
import { Wide } from "../../kernel/wide.ts"
import { SECTOR_GIB, type State, VESTING_DAYS } from "./state.ts"

export interface CohortSums {
  readonly rawGib: Float64Array
  readonly qaGib: Float64Array
  readonly live: Float64Array
  readonly faulty: Float64Array
  readonly recovering: Float64Array
  readonly unproven: Float64Array
  readonly pledgeAtto: Wide
}

interface Kept<T> {
  readonly stamp: string
  readonly sums: T
}
const cohortSums = new WeakMap<AnyTable, Kept<CohortSums>>()
const vestingSums = new WeakMap<AnyTable, Kept<Wide>>()
const passed = new WeakMap<AnyTable, Map<string, string>>()

const stampOf = (t: AnyTable): string => `${t.version}/${t.length}`

/** Each provider's cohorts, added up. */
export function sumCohorts({ cohort, miner }: State, fresh: boolean): CohortSums {
  const stamp = stampOf(cohort)
  const before = cohortSums.get(cohort)
  if (!fresh && before?.stamp === stamp) return before.sums
  const n = miner.length
  const sums: CohortSums = {
    rawGib: new Float64Array(n),
    qaGib: new Float64Array(n),
    live: new Float64Array(n),
    faulty: new Float64Array(n),
    recovering: new Float64Array(n),
    unproven: new Float64Array(n),
    pledgeAtto: new Wide(n),
  }
  for (let c = 0; c < cohort.length; c++) {
    const node = cohort.node[c]
    const active = cohort.sectors[c] - cohort.faulty[c] - cohort.unproven[c]
    sums.rawGib[node] += active * SECTOR_GIB
    sums.qaGib[node] += active * cohort.qaGib[c]
    sums.live[node] += cohort.sectors[c]
    sums.faulty[node] += cohort.faulty[c]
    sums.recovering[node] += cohort.recovering[c]
    sums.unproven[node] += cohort.unproven[c]
    sums.pledgeAtto.add(node, cohort.pledgeAtto.hi[c], cohort.pledgeAtto.lo[c])
  }
  cohortSums.set(cohort, { stamp, sums })
  return sums
}

/** Each provider's vesting table, added up, in attoFIL. */
export function sumVestingDays({ miner, vesting }: State, fresh: boolean): Wide {
  const stamp = stampOf(vesting)
  const before = vestingSums.get(vesting)
  if (!fresh && before?.stamp === stamp) return before.sums
  const sums = new Wide(miner.length)
  const { hi, lo } = vesting.amountAtto
  for (let node = 0; node < miner.length; node++)
    for (let b = node * VESTING_DAYS; b < (node + 1) * VESTING_DAYS; b++)
      if (hi[b] !== 0 || lo[b] !== 0) sums.add(node, hi[b], lo[b])
  vestingSums.set(vesting, { stamp, sums })
  return sums
}

/** Runs a check of one table (and another) alone, unless it passed on the same stamps. `check` says whether it passed. */
export function unlessPassed(name: string, t: AnyTable, other: AnyTable, check: () => boolean): void {
  const stamps = passed.get(t) ?? new Map<string, string>()
  passed.set(t, stamps)
  const stamp = `${stampOf(t)} ${stampOf(other)}`
  if (stamps.get(name) === stamp) return
  if (check()) stamps.set(name, stamp)
  else stamps.delete(name)
}
