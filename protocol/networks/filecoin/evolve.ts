/** Event → state: total and silent. Counts and claims move in cohorts.ts, vesting tables in vesting-days.ts. */
import type { Evolve } from "../../kernel/network.ts"
import { touch } from "../../kernel/table.ts"
import { holderOf, postCell, postWide } from "../../ledger/ledger.ts"
import { addTo, burn, owe, takeFrom } from "./books-moves.ts"
import { epochAt, GENESIS_S, SLOT_S, slotAt } from "./chain-time.ts"
import {
  activate,
  addCohort,
  faultActive,
  faultAll,
  firstCohort,
  MINIMUM_GIB,
  MINIMUM_MINERS,
  movePledge,
  nextCohort,
  recoverAll,
  removeSectors,
} from "./cohorts.ts"
import { DEADLINES } from "./deadlines.ts"
import { EPOCH_SECONDS } from "./epoch.ts"
import { DECLARED, type Events } from "./events.ts"
import { beginInstance, countBlock, countMessage, evolveChain } from "./evolve-chain.ts"
import { KEPT_SLOTS, type State } from "./state.ts"
import { clearVested, lockToday, spreadLocked, takeSoonest } from "./vesting-days.ts"

/** Where in the year of expiries a brought cohort stands: a fraction by Knuth's multiplicative hash, so that they spread evenly. */
const spreadOf = (index: number, epochs: number): number =>
  Math.floor(((Math.imul(index, 0x9e3779b1) >>> 0) / 0x1_0000_0000) * epochs)

export const evolve: Evolve<State, Events> = {
  ...evolveChain,
  MinerCreated(state, rows, begin, end) {
    const { ledger, miner, network } = state
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      miner.created[node] = 1
      miner.offset[node] = rows.offset[i]
      network.miners[0]++
      postCell(ledger, "fil", ledger.account.circulation, holderOf(ledger, node), rows.fundsAtto, i)
      lockToday(state, node, rows.depositAtto, i)
    }
  },
  MinerFunded({ ledger }, rows, begin, end) {
    for (let i = begin; i < end; i++)
      postCell(ledger, "fil", ledger.account.circulation, holderOf(ledger, rows.node[i]), rows.amountAtto, i)
  },
  BalanceWithdrawn({ ledger }, rows, begin, end) {
    for (let i = begin; i < end; i++)
      postCell(ledger, "fil", holderOf(ledger, rows.node[i]), ledger.account.circulation, rows.amountAtto, i)
  },
  SectorsBrought(state, rows, begin, end) {
    const { cohort, network } = state
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      for (let deadline = 0; deadline < DEADLINES; deadline++) {
        const verified = deadline < rows.verifiedDeadlines[i] ? 1 : 0
        const c = addCohort(state, node, deadline, {
          sectors: rows.sectorsPerDeadline[i],
          verified,
          activationEpoch: rows.activationEpoch[i],
          expirationEpoch: rows.expirationEpoch[i] + spreadOf(node * DEADLINES + deadline, rows.spreadEpochs[i]),
          active: true,
        })
        const pledge = verified === 1 ? rows.verifiedPledgeAtto : rows.plainPledgeAtto
        addTo(cohort.pledgeAtto, c, pledge, i)
        addTo(cohort.dailyFeeAtto, c, verified === 1 ? rows.verifiedFeeAtto : rows.plainFeeAtto, i)
        movePledge(state, node, pledge.hi[i], pledge.lo[i], true)
        // It was locked before the start: what circulates stays as it was.
        addTo(network.circulatingBaseAtto, 0, pledge, i)
      }
    }
  },
  SectorsPreCommitted(state, rows, begin, end) {
    const { miner } = state
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      miner.pendingSectors[node] = rows.sectors[i]
      miner.pendingEpoch[node] = rows.epoch[i]
      addTo(miner.depositAtto, node, rows.depositAtto, i)
      countMessage(state, node, "preCommitted", rows.sectors[i])
    }
  },
  PreCommitExpired(state, rows, begin, end) {
    const { miner } = state
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      miner.pendingSectors[node] = 0
      takeFrom(miner.depositAtto, node, rows.depositAtto, i)
      owe(state, node, rows.depositAtto, i)
    }
  },
  SectorsProven(state, rows, begin, end) {
    const { cohort, miner } = state
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      miner.pendingSectors[node] = 0
      miner.depositAtto.setNumber(node, 0)
      countMessage(state, node, "proveCommitted", rows.sectors[i])
      const c = addCohort(state, node, rows.deadline[i], {
        sectors: rows.sectors[i],
        verified: rows.verified[i],
        activationEpoch: rows.activationEpoch[i],
        expirationEpoch: rows.expirationEpoch[i],
        active: false,
      })
      addTo(cohort.pledgeAtto, c, rows.pledgeAtto, i)
      addTo(cohort.dailyFeeAtto, c, rows.dailyFeeAtto, i)
      movePledge(state, node, rows.pledgeAtto.hi[i], rows.pledgeAtto.lo[i], true)
    }
  },
  WindowPoStSubmitted(state, rows, begin, end) {
    const { miner, network } = state
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      miner.provenSlot[node] = rows.slot[i]
      miner.proofs[node]++
      network.proofs[0]++
      if (rows.skipped[i] > 0) faultActive(state, node, rows.deadline[i], rows.skipped[i], epochAt(rows.slot[i] * SLOT_S))
      if (rows.recovered[i] + rows.activated[i] > 0) activate(state, node, rows.deadline[i])
    }
  },
  SectorsFaulted(state, rows, begin, end) {
    const { miner, network } = state
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      if (rows.cause[i] === DECLARED) {
        faultActive(state, node, rows.deadline[i], rows.sectors[i], rows.epoch[i])
        countMessage(state, node, "recoveries", 1)
      } else {
        miner.missed[node]++
        network.missed[0]++
        faultAll(state, node, rows.deadline[i], rows.epoch[i])
      }
    }
  },
  RecoveryDeclared(state, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      recoverAll(state, rows.node[i], rows.deadline[i])
      countMessage(state, rows.node[i], "recoveries", 1)
    }
  },
  SectorsExtended(state, rows, begin, end) {
    const { cohort } = state
    for (let i = begin; i < end; i++)
      for (let c = firstCohort(state, rows.node[i], rows.deadline[i]); c >= 0; c = nextCohort(state, c))
        cohort.expirationEpoch[c] = Math.max(cohort.expirationEpoch[c], rows.expirationEpoch[i])
    touch(cohort)
  },
  SectorsExpired(state, rows, begin, end) {
    const { cohort, network } = state
    for (let i = begin; i < end; i++) {
      const c = rows.cohort[i]
      network.expired[0] += rows.sectors[i]
      movePledge(state, rows.node[i], rows.pledgeAtto.hi[i], rows.pledgeAtto.lo[i], false)
      takeFrom(cohort.pledgeAtto, c, rows.pledgeAtto, i)
      cohort.dailyFeeAtto.setNumber(c, 0)
      removeSectors(state, c, rows.sectors[i])
    }
  },
  SectorsTerminated(state, rows, begin, end) {
    const { cohort, network } = state
    for (let i = begin; i < end; i++) {
      const c = rows.cohort[i]
      network.terminated[0] += rows.sectors[i]
      movePledge(state, rows.node[i], rows.pledgeAtto.hi[i], rows.pledgeAtto.lo[i], false)
      takeFrom(cohort.pledgeAtto, c, rows.pledgeAtto, i)
      takeFrom(cohort.dailyFeeAtto, c, rows.dailyFeeAtto, i)
      owe(state, rows.node[i], rows.feeAtto, i)
      addTo(network.terminationFeesAtto, 0, rows.feeAtto, i)
      removeSectors(state, c, rows.sectors[i])
    }
  },
  DeadlineClosed(state, rows, begin, end) {
    const { network } = state
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      addTo(network.faultFeesAtto, 0, rows.faultFeeAtto, i)
      addTo(network.dailyFeesAtto, 0, rows.dailyFeeAtto, i)
      if (rows.burnt[i] === 1) {
        burn(state, node, rows.faultFeeAtto, i)
        burn(state, node, rows.dailyFeeAtto, i)
      } else {
        owe(state, node, rows.faultFeeAtto, i)
        owe(state, node, rows.dailyFeeAtto, i)
      }
    }
  },
  DebtRepaid(state, rows, begin, end) {
    const { miner, network } = state
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      takeSoonest(state, node, rows.unlockedAtto.get(i))
      takeFrom(miner.feeDebtAtto, node, rows.burntAtto, i)
      takeFrom(network.feeDebtAtto, 0, rows.burntAtto, i)
      burn(state, node, rows.burntAtto, i)
    }
  },
  ElectionDrawn({ network }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      network.electedEpoch[0] = rows.epoch[i]
      network.epochsElected[0]++
      network.winsDrawn[0] += rows.wins[i]
    }
  },
  TicketWon({ miner }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      miner.ticketEpoch[rows.node[i]] = rows.epoch[i]
      miner.ticketWins[rows.node[i]] = rows.wins[i]
    }
  },
  BlockProduced(state, rows, begin, end) {
    const { ledger, miner, network } = state
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      miner.ticketWins[node] = 0
      miner.wins[node] += rows.wins[i]
      network.winsPaid[0] += rows.wins[i]
      countBlock(state, rows.epoch[i], slotAt(GENESIS_S + rows.epoch[i] * EPOCH_SECONDS))
      if (network.blockEpoch[0] !== rows.epoch[i]) {
        network.blockEpoch[0] = rows.epoch[i]
        network.epochsWithBlock[0]++
      }
      postCell(ledger, "fil", ledger.account.reward_actor, holderOf(ledger, node), rows.rewardAtto, i)
      addTo(network.mintedAtto, 0, rows.rewardAtto, i)
      addTo(miner.earnedAtto, node, rows.rewardAtto, i)
      lockToday(state, node, rows.lockedAtto, i)
    }
  },
  ConsensusFaultReported(state, rows, begin, end) {
    const { ledger, miner } = state
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      miner.freeEpoch[node] = rows.untilEpoch[i] + 1
      burn(state, node, rows.burntAtto, i)
      postWide(ledger, "fil", holderOf(ledger, node), ledger.account.circulation, rows.reporterAtto.get(i))
      owe(state, node, rows.owedAtto, i)
    }
  },
  FinalityCertified(state, rows, begin, end) {
    const { network } = state
    for (let i = begin; i < end; i++) {
      beginInstance(state, rows.atS[i], rows.instances[i])
      network.finalEpoch[0] = rows.epoch[i]
      network.certifiedS[0] = rows.atS[i]
      network.certificates[0]++
    }
  },
  PowerTableKept({ kept, lookback, miner, network }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      const k = rows.slot[i] % KEPT_SLOTS
      const everybody = network.minersAboveMin[0] < MINIMUM_MINERS
      const first = k * miner.length
      let sum = 0
      for (let node = 0; node < miner.length; node++) {
        if (everybody || miner.rawGib[node] >= MINIMUM_GIB) sum += miner.qaGib[node]
        lookback.qaGib[first + node] = sum
      }
      kept.slot[k] = rows.slot[i]
      kept.qaGib[k] = sum
    }
    touch(lookback)
  },
  NetworkKpiUpdated({ network }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      network.nowS[0] = rows.atS[i]
      network.epoch[0] = rows.epoch[i]
      network.networkTime[0] = rows.networkTime[i]
      if (rows.alarmed[i] === 1 && network.alarmed[0] === 0) network.detectedS[0] = rows.atS[i]
      network.alarmed[0] = rows.alarmed[i]
      // A chain without F3, or one that has just begun, is not held to be halted since 1970.
      if (network.certifiedS[0] === 0) network.certifiedS[0] = rows.atS[i] - SLOT_S
      for (const name of KPI_WIDE) {
        network[name].hi[0] = rows[name].hi[i]
        network[name].lo[0] = rows[name].lo[i]
      }
    }
  },
  RewardsVested(state, rows, begin, end) {
    for (let i = begin; i < end; i++) clearVested(state, rows.node[i], rows.day[i])
  },
  RewardsLocked(state, rows, begin, end) {
    for (let i = begin; i < end; i++) spreadLocked(state, rows.node[i], rows.amountAtto.get(i))
  },
  DayVested({ network }, rows, begin, end) {
    for (let i = begin; i < end; i++) network.vestedDay[0] = rows.day[i]
  },
}

/** Columns that the update replaces as they are. */
export const KPI_WIDE = [
  "epochRewardAtto",
  "baselineBytes",
  "cumsumRealised",
  "cumsumBaseline",
  "effectiveBaselineBytes",
  "rewardPositionHigh",
  "rewardPositionLow",
  "rewardVelocityHigh",
  "rewardVelocityLow",
  "qaPositionHigh",
  "qaPositionLow",
  "qaVelocityHigh",
  "qaVelocityLow",
] as const
