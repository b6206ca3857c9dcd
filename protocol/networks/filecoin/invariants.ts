/** The promises that hold after every epoch, and a broken state for each. */
import type { Invariants } from "../../kernel/invariant.ts"
import { touch } from "../../kernel/table.ts"
import { Wide } from "../../kernel/wide.ts"
import { ledgerInvariants } from "../../ledger/invariants.ts"
import { balance, holderOf, post } from "../../ledger/ledger.ts"
import { unlockedOf } from "./books.ts"
import { addCohort, MINIMUM_GIB } from "./cohorts.ts"
import { chainInvariants, chainSabotage } from "./invariants-chain.ts"
import { DEADLINES } from "./deadlines.ts"
import { MINING_ALLOCATION_ATTO, SECTOR_GIB, type State } from "./state.ts"
import { type CohortSums, sumCohorts, sumVestingDays, unlessPassed } from "./sums.ts"

const PARTS = ["live", "faulty", "recovering", "unproven"] as const
const SUMS = ["pledgeAtto", "lockedAtto", "feeDebtAtto"] as const

const isEqual = (a: Wide, i: number, b: Wide, j: number): boolean => a.hi[i] === b.hi[j] && a.lo[i] === b.lo[j]

/** Kept sums, or fresh ones when some provider's differ from them. */
function soundest<T>(sum: (fresh: boolean) => T, nodes: number, differs: (sums: T, node: number) => boolean): T {
  const kept = sum(false)
  for (let node = 0; node < nodes; node++) if (differs(kept, node)) return sum(true)
  return kept
}

export const invariants: Invariants<State> = {
  ...ledgerInvariants((s: State) => s.ledger),
  power_is_of_active_sectors: {
    because: "A claim is the sum of its cohorts' active sectors, and every other count of a miner is the sum of theirs.",
    check(state, report) {
      const { miner } = state
      const names = ["rawGib", "qaGib", ...PARTS] as const
      const differs = (sums: CohortSums, node: number) => names.some((name) => sums[name][node] !== miner[name][node])
      const sums = soundest((fresh) => sumCohorts(state, fresh), miner.length, differs)
      for (let node = 0; node < miner.length; node++)
        for (const name of names)
          if (sums[name][node] !== miner[name][node])
            report.require(
              false,
              () => `provider ${node} counts ${name} ${miner[name][node]}, its cohorts add up to ${sums[name][node]}`,
            )
    },
  },
  parts_of_a_cohort_fit: {
    because: "Faulty and new sectors are live ones, and only faulty ones recover.",
    check({ cohort }, report) {
      unlessPassed("parts", cohort, cohort, () => {
        let fits = true
        for (let c = 0; c < cohort.length; c++)
          if (cohort.faulty[c] + cohort.unproven[c] > cohort.sectors[c] || cohort.recovering[c] > cohort.faulty[c]) {
            fits = false
            report.require(
              false,
              () =>
                `cohort ${c} of ${cohort.sectors[c]} sectors has ${cohort.faulty[c]} faulty, ${cohort.recovering[c]} recovering, ${cohort.unproven[c]} unproven`,
            )
          }
        return fits
      })
    },
  },
  deadlines_list_their_cohorts: {
    because: "A cohort that no deadline lists would never be asked for a proof again.",
    check({ cohort, head, miner }, report) {
      unlessPassed("lists", cohort, head, () => {
        let live = 0
        for (let c = 0; c < cohort.length; c++) if (cohort.sectors[c] > 0) live++
        let listed = 0
        let strays = 0
        for (let node = 0; node < miner.length; node++)
          for (let d = 0; d < DEADLINES; d++)
            for (let c = head.cohort[node * DEADLINES + d] - 1; c >= 0 && listed <= live; c = cohort.next[c] - 1) {
              listed++
              if (cohort.node[c] === node && cohort.deadline[c] === d) continue
              strays++
              report.require(
                false,
                () => `cohort ${c} of provider ${cohort.node[c]} is listed by provider ${node}, deadline ${d}`,
              )
            }
        report.require(listed === live, () => `${live} cohorts live, the deadlines list ${listed}`)
        return listed === live && strays === 0
      })
    },
  },
  totals_are_of_miners: {
    because: "Rewards, elections and pledge are measured by kept totals: they must be the sums of the rows.",
    check({ miner, network }, report) {
      let [raw, qa, countedRaw, countedQa, above, miners] = [0, 0, 0, 0, 0, 0]
      for (let node = 0; node < miner.length; node++) {
        miners += miner.created[node]
        raw += miner.rawGib[node]
        qa += miner.qaGib[node]
        if (miner.rawGib[node] < MINIMUM_GIB) continue
        above++
        countedRaw += miner.rawGib[node]
        countedQa += miner.qaGib[node]
      }
      const sums = {
        committedRawGib: raw,
        committedQaGib: qa,
        countedRawGib: countedRaw,
        countedQaGib: countedQa,
        minersAboveMin: above,
        miners,
      } as const
      for (const name of Object.keys(sums) as (keyof typeof sums)[])
        report.require(
          network[name][0] === sums[name],
          () => `${name} is kept as ${network[name][0]}, the providers add up to ${sums[name]}`,
        )
      for (const part of PARTS) {
        let sum = 0
        for (let node = 0; node < miner.length; node++) sum += miner[part][node]
        report.require(
          network[part][0] === sum,
          () => `${network[part][0]} sectors ${part} are kept, the providers add up to ${sum}`,
        )
      }
      for (const name of SUMS) {
        const sum = new Wide(1)
        for (let node = 0; node < miner.length; node++) sum.add(0, miner[name].hi[node], miner[name].lo[node])
        report.require(
          isEqual(sum, 0, network[name], 0),
          () => `${name} is kept as ${network[name].get(0)}, the providers add up to ${sum.get(0)}`,
        )
      }
    },
  },
  pledge_is_of_cohorts: {
    because: "Pledge is locked for sectors, and released with them.",
    check(state, report) {
      const { miner } = state
      const differs = (sums: CohortSums, node: number) => !isEqual(sums.pledgeAtto, node, miner.pledgeAtto, node)
      const sums = soundest((fresh) => sumCohorts(state, fresh), miner.length, differs)
      for (let node = 0; node < miner.length; node++)
        if (differs(sums, node))
          report.require(
            false,
            () => `provider ${node} has pledged ${miner.pledgeAtto.get(node)}, for cohorts of ${sums.pledgeAtto.get(node)}`,
          )
    },
  },
  locked_funds_are_held: {
    because: "A miner's balance covers what it has locked, deposited and pledged; none of them, and no debt, is below 0.",
    check(state, report) {
      const { ledger, miner } = state
      for (let node = 0; node < miner.length; node++) {
        if (miner.created[node] === 0 && miner.feeDebtAtto.hi[node] === 0) continue
        const held = ledger.tokens.fil.balance.toNumber(holderOf(ledger, node))
        const locked = miner.lockedAtto.toNumber(node) + miner.depositAtto.toNumber(node) + miner.pledgeAtto.toNumber(node)
        // Doubles clear those far from the edge; the others are counted exactly.
        const free = held - locked > held * 1e-6 ? 0n : unlockedOf(state, node)
        if (free < 0n) report.require(false, () => `provider ${node} has ${-free} less than it has locked`)
        for (const name of [...SUMS, "depositAtto"] as const)
          if (miner[name].isNegative(node))
            report.require(false, () => `provider ${node} has ${name} ${miner[name].get(node)}, below 0`)
      }
    },
  },
  locked_rewards_are_scheduled: {
    because: "Every locked reward has a day on which it comes free, or was locked today.",
    check(state, report) {
      const { miner } = state
      const today = new Wide(1)
      const differs = (sums: Wide, node: number): boolean => {
        today.hi[0] = sums.hi[node]
        today.lo[0] = sums.lo[node]
        today.add(0, miner.lockedTodayAtto.hi[node], miner.lockedTodayAtto.lo[node])
        return !isEqual(today, 0, miner.lockedAtto, node)
      }
      const sums = soundest((fresh) => sumVestingDays(state, fresh), miner.length, differs)
      for (let node = 0; node < miner.length; node++)
        if (differs(sums, node))
          report.require(
            false,
            () => `provider ${node} has ${miner.lockedAtto.get(node)} locked, ${today.get(0)} of it scheduled`,
          )
    },
  },
  minted_is_within_the_allocation: {
    because: "Rewards come out of 1.1 billion FIL: paid before, paid since and still held are exactly that.",
    check({ ledger, network }, report) {
      const held = balance(ledger, "fil", ledger.account.reward_actor)
      const all = held + network.mintedAtto.get(0) + network.minedBeforeAtto.get(0)
      report.require(
        all === MINING_ALLOCATION_ATTO,
        () => `held ${held}, minted and mined before add up to ${all}, not ${MINING_ALLOCATION_ATTO}`,
      )
    },
  },
  burnt_is_held_by_f099: {
    because: "What is burnt is not lost from the books: f099 holds it, and every fee paid is in it.",
    check({ ledger, miner, network }, report) {
      const held = balance(ledger, "fil", ledger.account.burnt)
      const sum = new Wide(1)
      for (let node = 0; node < miner.length; node++) sum.add(0, miner.burntAtto.hi[node], miner.burntAtto.lo[node])
      report.require(
        held === network.burntAtto.get(0) && held === sum.get(0),
        () => `f099 holds ${held}, ${network.burntAtto.get(0)} is counted, providers burnt ${sum.get(0)}`,
      )
    },
  },
  ...chainInvariants,
  no_more_blocks_than_wins: {
    because: "Only a win that was drawn is paid: a missed one is not minted.",
    check({ network }, report) {
      report.require(
        network.winsPaid[0] <= network.winsDrawn[0],
        () => `${network.winsPaid[0]} wins are paid, ${network.winsDrawn[0]} were drawn`,
      )
    },
  },
}

/** Moves FIL past the ledger's own functions, so that only one promise sees it. */
const shift = ({ ledger }: State, from: number, to: number, by: number): void => {
  ledger.tokens.fil.balance.addNumber(from, -by)
  ledger.tokens.fil.balance.addNumber(to, by)
}

export const sabotage: Readonly<Record<string, (s: State) => void>> = {
  escrow_is_backed: (s) => post(s.ledger, "fil", s.ledger.account.circulation, s.ledger.account.escrow, 1),
  vesting_is_backed: (s) => post(s.ledger, "fil", s.ledger.account.circulation, s.ledger.account.vesting, 1),
  debits_equal_credits: (s) => s.ledger.tokens.fil.balance.addNumber(s.ledger.account.burnt, 1),
  only_issuance_is_negative: (s) => {
    const { balance: all } = s.ledger.tokens.fil
    const burnt = s.ledger.account.burnt
    all.set(s.ledger.account.circulation, all.get(s.ledger.account.circulation) + all.get(burnt) + 5n)
    all.setNumber(burnt, -5)
  },
  power_is_of_active_sectors: (s) => void (s.miner.rawGib[0] += SECTOR_GIB),
  parts_of_a_cohort_fit: (s) => {
    if (s.cohort.length === 0)
      addCohort(s, 0, 0, { sectors: 1, verified: 0, activationEpoch: 0, expirationEpoch: 0, active: true })
    s.cohort.recovering[0] = s.cohort.faulty[0] + 1
    touch(s.cohort)
  },
  deadlines_list_their_cohorts: (s) => {
    if (s.cohort.length === 0)
      addCohort(s, 0, 0, { sectors: 1, verified: 0, activationEpoch: 0, expirationEpoch: 0, active: true })
    if (s.cohort.sectors.subarray(0, s.cohort.length).every((n) => n === 0)) s.cohort.sectors[0] = 1
    s.head.cohort.fill(0)
    touch(s.head)
  },
  totals_are_of_miners: (s) => void s.network.committedQaGib[0]++,
  pledge_is_of_cohorts: (s) => s.miner.pledgeAtto.addNumber(0, 1),
  locked_funds_are_held: (s) => {
    s.miner.created[0] = 1
    s.miner.depositAtto.set(0, s.ledger.tokens.fil.balance.get(holderOf(s.ledger, 0)) + 1n)
  },
  locked_rewards_are_scheduled: (s) => s.miner.lockedAtto.addNumber(0, 1),
  minted_is_within_the_allocation: (s) => shift(s, s.ledger.account.reward_actor, s.ledger.account.circulation, 1),
  burnt_is_held_by_f099: (s) => shift(s, s.ledger.account.circulation, s.ledger.account.burnt, 1),
  ...chainSabotage,
  no_more_blocks_than_wins: (s) => void (s.network.winsPaid[0] = s.network.winsDrawn[0] + 1),
}
