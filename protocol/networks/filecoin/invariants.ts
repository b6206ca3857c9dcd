/** The promises that hold after every epoch, and a broken state for each. */
import type { Invariants } from "../../kernel/invariant.ts"
import { touch } from "../../kernel/table.ts"
import { Wide } from "../../kernel/wide.ts"
import { ledgerInvariants } from "../../ledger/invariants.ts"
import { balance, holderOf, post } from "../../ledger/ledger.ts"
import { unlockedOf } from "./books.ts"
import { deadlineRow, MINIMUM_GIB, qaGibOf } from "./cohorts.ts"
import { MINING_ALLOCATION_ATTO, type State } from "./state.ts"
import { sumCohorts, turnOf } from "./sums.ts"
import { chainInvariants, chainSabotage } from "./invariants-chain.ts"
import { dealInvariants, dealSabotage } from "./invariants-deals.ts"
import { possessionInvariants, possessionSabotage } from "./invariants-possession.ts"
import { sumScheduled } from "./vesting-days.ts"

const PARTS = ["live", "faulty", "recovering", "unproven"] as const
const SUMS = ["pledgeAtto", "lockedAtto", "feeDebtAtto"] as const

const DEADLINE_SUMS = [...PARTS, "qaGib", "faultyQaGib", "expirationEpoch"] as const
const sum = { live: 0, faulty: 0, recovering: 0, unproven: 0, qaGib: 0, faultyQaGib: 0, expirationEpoch: 0 }
const fees = new Wide(1)

const isEqual = (a: Wide, i: number, b: Wide, j: number): boolean => a.hi[i] === b.hi[j] && a.lo[i] === b.lo[j]

export const invariants: Invariants<State> = {
  ...ledgerInvariants((s: State) => s.ledger),
  ...dealInvariants,
  ...possessionInvariants,
  power_and_pledge_are_of_cohorts: {
    because:
      "A claim is the sum of its cohorts' active sectors, and every other count of a miner, and its pledge, the sum of theirs.",
    check(state, report) {
      const { miner } = state
      const { from, to } = turnOf(state)
      const sums = sumCohorts(state, from, to)
      for (let node = from, i = 0; node < to; node++, i++)
        for (const name of ["rawGib", "qaGib", ...PARTS] as const)
          if (sums[name][i] !== miner[name][node])
            report.require(
              false,
              () => `provider ${node} counts ${name} ${miner[name][node]}, its cohorts add up to ${sums[name][i]}`,
            )
      for (let node = from, i = 0; node < to; node++, i++)
        if (!isEqual(sums.pledgeAtto, i, miner.pledgeAtto, node))
          report.require(
            false,
            () => `provider ${node} has pledged ${miner.pledgeAtto.get(node)}, for cohorts of ${sums.pledgeAtto.get(i)}`,
          )
    },
  },
  deadlines_add_up_their_cohorts: {
    because:
      "A cohort that no deadline lists would never be asked for a proof again, and proofs and fees go by the deadline's sums. Faulty and new sectors are live ones, and only faulty ones recover.",
    check(state, report) {
      const { cohort, deadline, miner } = state
      const { from, to } = turnOf(state)
      for (let phase = 0; phase < deadline.length; phase += miner.length)
        for (let node = from; node < to; node++) {
          const d = phase + node
          sum.live = sum.faulty = sum.recovering = sum.unproven = sum.qaGib = sum.faultyQaGib = sum.expirationEpoch = 0
          fees.setNumber(0, 0)
          let listed = 0
          for (let c = deadline.cohort[d] - 1; c >= 0 && listed <= cohort.length; c = cohort.next[c] - 1) {
            listed++
            if (deadlineRow(state, cohort.node[c], cohort.deadline[c]) !== d)
              report.require(
                false,
                () =>
                  `cohort ${c} of provider ${cohort.node[c]} is listed by provider ${node}, half hour ${Math.floor(d / miner.length)}`,
              )
            if (cohort.faulty[c] + cohort.unproven[c] > cohort.sectors[c] || cohort.recovering[c] > cohort.faulty[c])
              report.require(
                false,
                () =>
                  `cohort ${c} of ${cohort.sectors[c]} sectors has ${cohort.faulty[c]} faulty, ${cohort.recovering[c]} recovering, ${cohort.unproven[c]} unproven`,
              )
            sum.live += cohort.sectors[c]
            sum.faulty += cohort.faulty[c]
            sum.recovering += cohort.recovering[c]
            sum.unproven += cohort.unproven[c]
            sum.qaGib += cohort.sectors[c] * qaGibOf(state, c)
            sum.faultyQaGib += cohort.faulty[c] * qaGibOf(state, c)
            if (sum.expirationEpoch === 0 || cohort.expirationEpoch[c] < sum.expirationEpoch)
              sum.expirationEpoch = cohort.expirationEpoch[c]
            fees.add(0, cohort.dailyFeeAtto.hi[c], cohort.dailyFeeAtto.lo[c])
          }
          const isSame =
            deadline.live[d] === sum.live &&
            deadline.faulty[d] === sum.faulty &&
            deadline.recovering[d] === sum.recovering &&
            deadline.unproven[d] === sum.unproven &&
            deadline.qaGib[d] === sum.qaGib &&
            deadline.faultyQaGib[d] === sum.faultyQaGib &&
            deadline.expirationEpoch[d] === sum.expirationEpoch
          for (const name of isSame ? [] : DEADLINE_SUMS)
            if (deadline[name][d] !== sum[name])
              report.require(
                false,
                () =>
                  `provider ${node}, half hour ${Math.floor(d / miner.length)}, keeps ${name} ${deadline[name][d]}, its cohorts give ${sum[name]}`,
              )
          if (!isEqual(fees, 0, deadline.dailyFeeAtto, d))
            report.require(
              false,
              () =>
                `provider ${node}, half hour ${Math.floor(d / miner.length)}, keeps a daily fee of ${deadline.dailyFeeAtto.get(d)}, its cohorts give ${fees.get(0)}`,
            )
        }
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
    because: "Every locked reward has a day on which it comes free, or was locked today; and nothing flows when all have.",
    check(state, report) {
      const { miner } = state
      const { from, to } = turnOf(state)
      const { scheduled, left } = sumScheduled(state, from, to)
      for (let node = from, i = 0; node < to; node++, i++) {
        scheduled.add(i, miner.lockedTodayAtto.hi[node], miner.lockedTodayAtto.lo[node])
        if (!isEqual(scheduled, i, miner.lockedAtto, node))
          report.require(
            false,
            () => `provider ${node} has ${miner.lockedAtto.get(node)} locked, ${scheduled.get(i)} of it scheduled`,
          )
        if (left.hi[i] !== 0 || left.lo[i] !== 0)
          report.require(false, () => `provider ${node} has ${left.get(i)} a day flowing after its last award`)
      }
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
    because:
      "What is burnt is not lost from the books: f099 holds it, and it is what providers got and neither have nor took out.",
    check({ ledger, miner, network }, report) {
      const held = balance(ledger, "fil", ledger.account.burnt)
      const gone = new Wide(1)
      const { balance: all } = ledger.tokens.fil
      const first = holderOf(ledger, 0)
      for (let node = 0; node < miner.length; node++) {
        gone.add(0, miner.fundedAtto.hi[node], miner.fundedAtto.lo[node])
        gone.add(0, miner.earnedAtto.hi[node], miner.earnedAtto.lo[node])
        gone.subtract(0, all.hi[first + node], all.lo[first + node])
      }
      report.require(
        held === network.burntAtto.get(0) && held === gone.get(0),
        () => `f099 holds ${held}, ${network.burntAtto.get(0)} is counted, providers miss ${gone.get(0)}`,
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
  ...dealSabotage,
  ...possessionSabotage,
  escrow_is_backed: (s) => post(s.ledger, "fil", s.ledger.account.circulation, s.ledger.account.escrow, 1),
  vesting_is_backed: (s) => post(s.ledger, "fil", s.ledger.account.circulation, s.ledger.account.vesting, 1),
  debits_equal_credits: (s) => s.ledger.tokens.fil.balance.addNumber(s.ledger.account.burnt, 1),
  only_issuance_is_negative: (s) => {
    const { balance: all } = s.ledger.tokens.fil
    const burnt = s.ledger.account.burnt
    all.set(s.ledger.account.circulation, all.get(s.ledger.account.circulation) + all.get(burnt) + 5n)
    all.setNumber(burnt, -5)
  },
  power_and_pledge_are_of_cohorts: (s) => {
    for (let node = 0; node < s.miner.length; node++) s.miner.pledgeAtto.addNumber(node, 1)
  },
  deadlines_add_up_their_cohorts: (s) => {
    for (let d = 0; d < s.deadline.length; d++) s.deadline.live[d]++
    touch(s.deadline)
  },
  totals_are_of_miners: (s) => void s.network.committedQaGib[0]++,
  locked_funds_are_held: (s) => {
    s.miner.created[0] = 1
    s.miner.depositAtto.set(0, s.ledger.tokens.fil.balance.get(holderOf(s.ledger, 0)) + 1n)
  },
  locked_rewards_are_scheduled: (s) => {
    for (let node = 0; node < s.miner.length; node++) s.miner.lockedAtto.addNumber(node, 1)
  },
  minted_is_within_the_allocation: (s) => shift(s, s.ledger.account.reward_actor, s.ledger.account.circulation, 1),
  burnt_is_held_by_f099: (s) => shift(s, s.ledger.account.circulation, s.ledger.account.burnt, 1),
  ...chainSabotage,
  no_more_blocks_than_wins: (s) => void (s.network.winsPaid[0] = s.network.winsDrawn[0] + 1),
}
