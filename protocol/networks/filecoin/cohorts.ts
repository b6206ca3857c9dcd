/** Cohorts of sectors: what moves them, and with them every count, claim and deadline above them. Called from evolve. */
import { reserve, touchRow } from "../../kernel/table.ts"
import type { Wide } from "../../kernel/wide.ts"
import { DEADLINES } from "./deadlines.ts"
import { countGone } from "./deal-rows.ts"
import { SECTOR_GIB, type State } from "./state.ts"

/** Raw GiB from which a claim counts, and miners that must be that large before it matters (power-table.ts). */
export const MINIMUM_GIB = 10 * 1024
export const MINIMUM_MINERS = 4

/** The half hour of the day in which a miner's deadline is open. */
const phaseOf = ({ miner }: State, node: number, deadline: number): number => (deadline + miner.offset[node]) % DEADLINES
/** A miner's deadline as a row of `state.deadline`. */
export const deadlineRow = (state: State, node: number, deadline: number): number =>
  phaseOf(state, node, deadline) * state.miner.length + node

/** First cohort of a deadline, or -1; `nextCohort` gives the others. */
export const firstCohort = (state: State, node: number, deadline: number): number =>
  state.deadline.cohort[deadlineRow(state, node, deadline)] - 1
export const nextCohort = ({ cohort }: State, c: number): number => cohort.next[c] - 1

/** Quality-adjusted GiB of one sector of a cohort. */
export const qaGibOf = ({ cohort }: State, c: number): number => cohort.qaGib[c]

/** Sectors of a deadline by their state. */
export interface DeadlineCount {
  live: number
  faulty: number
  recovering: number
  unproven: number
  active: number
}
const counted: DeadlineCount = { live: 0, faulty: 0, recovering: 0, unproven: 0, active: 0 }
/** Counts of a deadline. The same object each time: read it before the next call. */
export function countDeadline(state: State, node: number, deadline: number): Readonly<DeadlineCount> {
  const all = state.deadline
  const row = deadlineRow(state, node, deadline)
  counted.live = all.live[row]
  counted.faulty = all.faulty[row]
  counted.recovering = all.recovering[row]
  counted.unproven = all.unproven[row]
  counted.active = counted.live - counted.faulty - counted.unproven
  return counted
}

/** Changes a claim. Crossing the minimum moves the whole claim into the counted totals or out of them (power-table.ts). */
export function changeClaim({ miner, network }: State, node: number, rawGib: number, qaGib: number): void {
  const was = miner.rawGib[node] >= MINIMUM_GIB
  if (was) {
    network.countedRawGib[0] -= miner.rawGib[node]
    network.countedQaGib[0] -= miner.qaGib[node]
  }
  miner.rawGib[node] += rawGib
  miner.qaGib[node] += qaGib
  network.committedRawGib[0] += rawGib
  network.committedQaGib[0] += qaGib
  const is = miner.rawGib[node] >= MINIMUM_GIB
  if (is) {
    network.countedRawGib[0] += miner.rawGib[node]
    network.countedQaGib[0] += miner.qaGib[node]
  }
  if (is !== was) network.minersAboveMin[0] += is ? 1 : -1
}

/** Moves a count of a cohort, and with it those of its deadline, its miner and the network. */
function count(
  { deadline, miner, network }: State,
  row: number,
  node: number,
  name: "live" | "faulty" | "recovering" | "unproven",
  by: number,
): void {
  deadline[name][row] += by
  miner[name][node] += by
  network[name][0] += by
}

const touchCohort = (state: State, c: number, row: number): void => {
  touchRow(state.cohort, c)
  touchRow(state.deadline, row)
}

/** A new cohort of unproven sectors (or active ones, when brought), last in nobody's way: first of its deadline's list. */
export function addCohort(
  state: State,
  node: number,
  deadline: number,
  row: {
    readonly sectors: number
    readonly qaGib: number
    readonly activationEpoch: number
    readonly expirationEpoch: number
    readonly active: boolean
  },
): number {
  const { cohort } = state
  const all = state.deadline
  reserve(cohort, 1)
  const c = cohort.length++
  const d = deadlineRow(state, node, deadline)
  cohort.node[c] = node
  cohort.deadline[c] = deadline
  cohort.sectors[c] = row.sectors
  cohort.unproven[c] = row.active ? 0 : row.sectors
  cohort.qaGib[c] = row.qaGib
  cohort.activationEpoch[c] = row.activationEpoch
  cohort.expirationEpoch[c] = row.expirationEpoch
  cohort.next[c] = all.cohort[d]
  all.expirationEpoch[d] = all.cohort[d] === 0 ? row.expirationEpoch : Math.min(all.expirationEpoch[d], row.expirationEpoch)
  all.cohort[d] = c + 1
  all.qaGib[d] += row.sectors * qaGibOf(state, c)
  count(state, d, node, "live", row.sectors)
  if (row.active) changeClaim(state, node, row.sectors * SECTOR_GIB, row.sectors * qaGibOf(state, c))
  else count(state, d, node, "unproven", row.sectors)
  touchCohort(state, c, d)
  return c
}

/** Adds or subtracts a cohort's share of pledge to its miner and the network. */
export function movePledge({ miner, network }: State, node: number, hi: number, lo: number, up: boolean): void {
  if (up) {
    miner.pledgeAtto.add(node, hi, lo)
    network.pledgeAtto.add(0, hi, lo)
  } else {
    miner.pledgeAtto.subtract(node, hi, lo)
    network.pledgeAtto.subtract(0, hi, lo)
  }
}

/** Raises the daily fee of a cohort, and of its deadline, by cell `row` of `fees`. */
export function raiseFee(state: State, c: number, fees: Wide, row: number): void {
  const { cohort, deadline } = state
  const d = deadlineRow(state, cohort.node[c], cohort.deadline[c])
  cohort.dailyFeeAtto.add(c, fees.hi[row], fees.lo[row])
  deadline.dailyFeeAtto.add(d, fees.hi[row], fees.lo[row])
  touchCohort(state, c, d)
}

/** Lowers it by cell `row` of `fees`, which may be the cohort's own. */
export function lowerFee(state: State, c: number, fees: Wide, row: number): void {
  const { cohort, deadline } = state
  const d = deadlineRow(state, cohort.node[c], cohort.deadline[c])
  const hi = fees.hi[row]
  const lo = fees.lo[row]
  cohort.dailyFeeAtto.subtract(c, hi, lo)
  deadline.dailyFeeAtto.subtract(d, hi, lo)
  touchCohort(state, c, d)
}

/** All sectors of a cohort have another quality from now on. */
export function changeQuality(state: State, c: number, qaGib: number): void {
  const { cohort, deadline } = state
  const d = deadlineRow(state, cohort.node[c], cohort.deadline[c])
  const by = qaGib - cohort.qaGib[c]
  const active = cohort.sectors[c] - cohort.faulty[c] - cohort.unproven[c]
  cohort.qaGib[c] = qaGib
  deadline.qaGib[d] += cohort.sectors[c] * by
  deadline.faultyQaGib[d] += cohort.faulty[c] * by
  changeClaim(state, cohort.node[c], 0, active * by)
  touchCohort(state, c, d)
}

/** `sectors` of a cohort's active ones become faulty, and those of its new ones that `unproven` says. */
function fault(state: State, c: number, row: number, sectors: number, unproven: number, epoch: number): void {
  const { cohort, deadline } = state
  const node = cohort.node[c]
  const qaGib = qaGibOf(state, c)
  if (cohort.faulty[c] === 0) cohort.faultEpoch[c] = epoch
  cohort.faulty[c] += sectors + unproven
  cohort.unproven[c] -= unproven
  deadline.faultyQaGib[row] += (sectors + unproven) * qaGib
  count(state, row, node, "faulty", sectors + unproven)
  count(state, row, node, "unproven", -unproven)
  changeClaim(state, node, -sectors * SECTOR_GIB, -sectors * qaGib)
  touchCohort(state, c, row)
}

/** Up to `sectors` active ones of a deadline become faulty, in the order of its list. */
export function faultActive(state: State, node: number, deadline: number, sectors: number, epoch: number): void {
  const { cohort } = state
  const d = deadlineRow(state, node, deadline)
  let left = sectors
  for (let c = state.deadline.cohort[d] - 1; c >= 0 && left > 0; c = nextCohort(state, c)) {
    const n = Math.min(left, cohort.sectors[c] - cohort.faulty[c] - cohort.unproven[c])
    if (n > 0) fault(state, c, d, n, 0, epoch)
    left -= n
  }
}

/** No proof came: everything live is faulty, and what recovered no longer does. */
export function faultAll(state: State, node: number, deadline: number, epoch: number): void {
  const { cohort } = state
  const d = deadlineRow(state, node, deadline)
  for (let c = state.deadline.cohort[d] - 1; c >= 0; c = nextCohort(state, c)) {
    count(state, d, node, "recovering", -cohort.recovering[c])
    cohort.recovering[c] = 0
    touchCohort(state, c, d)
    const fresh = cohort.unproven[c]
    const active = cohort.sectors[c] - cohort.faulty[c] - fresh
    if (active + fresh > 0) fault(state, c, d, active, fresh, epoch)
  }
}

/** All faulty sectors of a deadline are to recover. */
export function recoverAll(state: State, node: number, deadline: number): void {
  const { cohort } = state
  const d = deadlineRow(state, node, deadline)
  for (let c = state.deadline.cohort[d] - 1; c >= 0; c = nextCohort(state, c)) {
    count(state, d, node, "recovering", cohort.faulty[c] - cohort.recovering[c])
    cohort.recovering[c] = cohort.faulty[c]
    touchCohort(state, c, d)
  }
}

/** A proof: recovering and new sectors of the deadline have power. */
export function activate(state: State, node: number, deadline: number): void {
  const { cohort } = state
  const d = deadlineRow(state, node, deadline)
  for (let c = state.deadline.cohort[d] - 1; c >= 0; c = nextCohort(state, c)) {
    const back = cohort.recovering[c]
    const fresh = cohort.unproven[c]
    if (back + fresh === 0) continue
    const qaGib = qaGibOf(state, c)
    cohort.recovering[c] = 0
    cohort.faulty[c] -= back
    cohort.unproven[c] = 0
    state.deadline.faultyQaGib[d] -= back * qaGib
    count(state, d, node, "recovering", -back)
    count(state, d, node, "faulty", -back)
    count(state, d, node, "unproven", -fresh)
    changeClaim(state, node, (back + fresh) * SECTOR_GIB, (back + fresh) * qaGib)
    touchCohort(state, c, d)
  }
}

/** The earliest end of a deadline's cohorts; 0 when it has none. */
function earliest(state: State, d: number): number {
  let epoch = 0
  for (let c = state.deadline.cohort[d] - 1; c >= 0; c = nextCohort(state, c))
    if (epoch === 0 || state.cohort.expirationEpoch[c] < epoch) epoch = state.cohort.expirationEpoch[c]
  return epoch
}

/** No sector of the deadline ends before `epoch`. */
export function extendAll(state: State, node: number, deadline: number, epoch: number): void {
  const { cohort } = state
  const d = deadlineRow(state, node, deadline)
  for (let c = state.deadline.cohort[d] - 1; c >= 0; c = nextCohort(state, c)) {
    cohort.expirationEpoch[c] = Math.max(cohort.expirationEpoch[c], epoch)
    touchCohort(state, c, d)
  }
  state.deadline.expirationEpoch[d] = earliest(state, d)
}

/**
 * Ends `sectors` of a cohort: faulty ones first, then active, then new ones. The caller moves the money. An empty cohort leaves
 * its deadline's list; its row stays.
 */
export function removeSectors(state: State, c: number, sectors: number): void {
  const { cohort, deadline } = state
  const node = cohort.node[c]
  const d = deadlineRow(state, node, cohort.deadline[c])
  const qaGib = qaGibOf(state, c)
  const faulty = Math.min(sectors, cohort.faulty[c])
  const active = Math.min(sectors - faulty, cohort.sectors[c] - cohort.faulty[c] - cohort.unproven[c])
  const fresh = sectors - faulty - active
  cohort.sectors[c] -= sectors
  countGone(state, c, sectors)
  cohort.faulty[c] -= faulty
  cohort.unproven[c] -= fresh
  const recovering = Math.max(0, cohort.recovering[c] - cohort.faulty[c])
  cohort.recovering[c] -= recovering
  deadline.qaGib[d] -= sectors * qaGib
  deadline.faultyQaGib[d] -= faulty * qaGib
  count(state, d, node, "live", -sectors)
  count(state, d, node, "faulty", -faulty)
  count(state, d, node, "unproven", -fresh)
  count(state, d, node, "recovering", -recovering)
  changeClaim(state, node, -active * SECTOR_GIB, -active * qaGib)
  if (cohort.sectors[c] === 0) unlist(state, c, d)
  touchCohort(state, c, d)
}

function unlist(state: State, c: number, d: number): void {
  const { cohort, deadline } = state
  if (deadline.cohort[d] === c + 1) deadline.cohort[d] = cohort.next[c]
  else
    for (let p = deadline.cohort[d] - 1; p >= 0; p = cohort.next[p] - 1)
      if (cohort.next[p] === c + 1) {
        cohort.next[p] = cohort.next[c]
        touchRow(cohort, p)
        break
      }
  cohort.next[c] = 0
  deadline.expirationEpoch[d] = earliest(state, d)
}
