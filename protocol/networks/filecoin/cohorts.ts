/** Cohorts of sectors: what moves them, and with them every count and claim above them. Called from evolve. */
import { reserve, touch } from "../../kernel/table.ts"
import { DEADLINES } from "./deadlines.ts"
import { countGone } from "./deal-rows.ts"
import { SECTOR_GIB, type State } from "./state.ts"

/** Raw GiB from which a claim counts, and miners that must be that large before it matters (power-table.ts). */
export const MINIMUM_GIB = 10 * 1024
export const MINIMUM_MINERS = 4

export const headOf = (node: number, deadline: number): number => node * DEADLINES + deadline

/** First cohort of a deadline, or -1; `nextCohort` gives the others. */
export const firstCohort = ({ head }: State, node: number, deadline: number): number => head.cohort[headOf(node, deadline)] - 1
export const nextCohort = ({ cohort }: State, c: number): number => cohort.next[c] - 1

const qaGibOf = ({ cohort }: State, c: number): number => cohort.qaGib[c]

/** Sectors of a deadline by their state. */
export interface DeadlineCount {
  live: number
  faulty: number
  recovering: number
  unproven: number
  active: number
}
const counted: DeadlineCount = { live: 0, faulty: 0, recovering: 0, unproven: 0, active: 0 }
/** Counts a deadline. The same object each time: read it before the next call. */
export function countDeadline(state: State, node: number, deadline: number): Readonly<DeadlineCount> {
  const { cohort } = state
  counted.live = counted.faulty = counted.recovering = counted.unproven = 0
  for (let c = firstCohort(state, node, deadline); c >= 0; c = nextCohort(state, c)) {
    counted.live += cohort.sectors[c]
    counted.faulty += cohort.faulty[c]
    counted.recovering += cohort.recovering[c]
    counted.unproven += cohort.unproven[c]
  }
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

const count = (
  { miner, network }: State,
  node: number,
  name: "live" | "faulty" | "recovering" | "unproven",
  by: number,
): void => {
  miner[name][node] += by
  network[name][0] += by
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
  const { cohort, head } = state
  reserve(cohort, 1)
  const c = cohort.length++
  const h = headOf(node, deadline)
  cohort.node[c] = node
  cohort.deadline[c] = deadline
  cohort.sectors[c] = row.sectors
  cohort.unproven[c] = row.active ? 0 : row.sectors
  cohort.qaGib[c] = row.qaGib
  cohort.activationEpoch[c] = row.activationEpoch
  cohort.expirationEpoch[c] = row.expirationEpoch
  cohort.next[c] = head.cohort[h]
  head.cohort[h] = c + 1
  count(state, node, "live", row.sectors)
  if (row.active) changeClaim(state, node, row.sectors * SECTOR_GIB, row.sectors * qaGibOf(state, c))
  else count(state, node, "unproven", row.sectors)
  touch(cohort)
  touch(head)
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

/** `sectors` of a cohort's active ones become faulty, and those of its new ones that `unproven` says. */
function fault(state: State, c: number, sectors: number, unproven: number, epoch: number): void {
  const { cohort } = state
  const node = cohort.node[c]
  if (cohort.faulty[c] === 0) cohort.faultEpoch[c] = epoch
  cohort.faulty[c] += sectors + unproven
  cohort.unproven[c] -= unproven
  count(state, node, "faulty", sectors + unproven)
  count(state, node, "unproven", -unproven)
  changeClaim(state, node, -sectors * SECTOR_GIB, -sectors * qaGibOf(state, c))
}

/** Up to `sectors` active ones of a deadline become faulty, in the order of its list. */
export function faultActive(state: State, node: number, deadline: number, sectors: number, epoch: number): void {
  const { cohort } = state
  let left = sectors
  for (let c = firstCohort(state, node, deadline); c >= 0 && left > 0; c = nextCohort(state, c)) {
    const n = Math.min(left, cohort.sectors[c] - cohort.faulty[c] - cohort.unproven[c])
    if (n > 0) fault(state, c, n, 0, epoch)
    left -= n
  }
  touch(cohort)
}

/** No proof came: everything live is faulty, and what recovered no longer does. */
export function faultAll(state: State, node: number, deadline: number, epoch: number): void {
  const { cohort } = state
  for (let c = firstCohort(state, node, deadline); c >= 0; c = nextCohort(state, c)) {
    count(state, node, "recovering", -cohort.recovering[c])
    cohort.recovering[c] = 0
    const fresh = cohort.unproven[c]
    const active = cohort.sectors[c] - cohort.faulty[c] - fresh
    if (active + fresh > 0) fault(state, c, active, fresh, epoch)
  }
  touch(cohort)
}

/** All faulty sectors of a deadline are to recover. */
export function recoverAll(state: State, node: number, deadline: number): void {
  const { cohort } = state
  for (let c = firstCohort(state, node, deadline); c >= 0; c = nextCohort(state, c)) {
    count(state, node, "recovering", cohort.faulty[c] - cohort.recovering[c])
    cohort.recovering[c] = cohort.faulty[c]
  }
  touch(cohort)
}

/** A proof: recovering and new sectors of the deadline have power. */
export function activate(state: State, node: number, deadline: number): void {
  const { cohort } = state
  for (let c = firstCohort(state, node, deadline); c >= 0; c = nextCohort(state, c)) {
    const back = cohort.recovering[c]
    const fresh = cohort.unproven[c]
    if (back + fresh === 0) continue
    cohort.recovering[c] = 0
    cohort.faulty[c] -= back
    cohort.unproven[c] = 0
    count(state, node, "recovering", -back)
    count(state, node, "faulty", -back)
    count(state, node, "unproven", -fresh)
    changeClaim(state, node, (back + fresh) * SECTOR_GIB, (back + fresh) * qaGibOf(state, c))
  }
  touch(cohort)
}

/**
 * Ends `sectors` of a cohort: faulty ones first, then active, then new ones. The caller moves the money. An empty cohort leaves
 * its deadline's list; its row stays.
 */
export function removeSectors(state: State, c: number, sectors: number): void {
  const { cohort, head } = state
  const node = cohort.node[c]
  const faulty = Math.min(sectors, cohort.faulty[c])
  const active = Math.min(sectors - faulty, cohort.sectors[c] - cohort.faulty[c] - cohort.unproven[c])
  const fresh = sectors - faulty - active
  cohort.sectors[c] -= sectors
  countGone(state, c, sectors)
  cohort.faulty[c] -= faulty
  cohort.unproven[c] -= fresh
  const recovering = Math.max(0, cohort.recovering[c] - cohort.faulty[c])
  cohort.recovering[c] -= recovering
  count(state, node, "live", -sectors)
  count(state, node, "faulty", -faulty)
  count(state, node, "unproven", -fresh)
  count(state, node, "recovering", -recovering)
  changeClaim(state, node, -active * SECTOR_GIB, -active * qaGibOf(state, c))
  if (cohort.sectors[c] === 0) {
    const h = headOf(node, cohort.deadline[c])
    if (head.cohort[h] === c + 1) head.cohort[h] = cohort.next[c]
    else
      for (let p = head.cohort[h] - 1; p >= 0; p = cohort.next[p] - 1)
        if (cohort.next[p] === c + 1) {
          cohort.next[p] = cohort.next[c]
          break
        }
    cohort.next[c] = 0
    touch(head)
  }
  touch(cohort)
}
