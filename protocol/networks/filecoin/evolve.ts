/** Event → state: total and silent. Counts and claims move in cohorts.ts, what vests in vesting-days.ts. */
import type { Evolve } from "../../kernel/network.ts"
import { type Columns, touch } from "../../kernel/table.ts"
import { Wide } from "../../kernel/wide.ts"
import { collect, holderOf, postCell } from "../../ledger/ledger.ts"
import { ticketOf } from "./books.ts"
import { addTo, burn, owe, takeFrom } from "./books-moves.ts"
import { GENESIS_S, SLOT_S, slotAt } from "./chain-time.ts"
import {
  activate,
  addCohort,
  extendAll,
  faultActive,
  faultAll,
  lowerFee,
  MINIMUM_GIB,
  MINIMUM_MINERS,
  movePledge,
  raiseFee,
  recoverAll,
  removeSectors,
} from "./cohorts.ts"
import { DEADLINES } from "./deadlines.ts"
import { EPOCH_SECONDS } from "./epoch.ts"
import { beginInstance, countBlock, countMessage, evolveChain } from "./evolve-chain.ts"
import { DECLARED, DETECTED, type Events, OWED } from "./events.ts"
import { evolveDeals } from "./evolve-deals.ts"
import { evolvePossession } from "./evolve-possession.ts"
import { KEPT_SLOTS, SECTOR_GIB, type State } from "./state.ts"
import { closeDays, lockToday, spreadLocked, takeFees, takeSoonest } from "./vesting-days.ts"

const collected = new Wide(1)
/** Fees of one kind: paid at once to f099, out of what the event says, or owed. */
function charge(state: State, rows: Columns<Events["DailyFeeCharged"]["shape"]>, begin: number, end: number, total: Wide): void {
  const { ledger, network } = state
  const { feeAtto, paid } = rows
  for (let i = begin; i < end; i++)
    if (paid[i] === OWED) {
      owe(state, rows.node[i], feeAtto, i)
      addTo(total, 0, feeAtto, i)
    }
  takeFees(state, rows, begin, end)
  collect(ledger, "fil", ledger.account.burnt, { node: rows.node, amounts: feeAtto, due: paid }, begin, end, collected)
  addTo(total, 0, collected, 0)
  addTo(network.burntAtto, 0, collected, 0)
}

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
      addTo(miner.fundedAtto, node, rows.fundsAtto, i)
      lockToday(state, node, rows.depositAtto, i)
    }
  },
  MinerFunded({ ledger, miner }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      postCell(ledger, "fil", ledger.account.circulation, holderOf(ledger, rows.node[i]), rows.amountAtto, i)
      addTo(miner.fundedAtto, rows.node[i], rows.amountAtto, i)
    }
  },
  BalanceWithdrawn({ ledger, miner }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      postCell(ledger, "fil", holderOf(ledger, rows.node[i]), ledger.account.circulation, rows.amountAtto, i)
      takeFrom(miner.fundedAtto, rows.node[i], rows.amountAtto, i)
    }
  },
  SectorsBrought(state, rows, begin, end) {
    const { cohort, network } = state
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      for (let deadline = 0; deadline < DEADLINES; deadline++) {
        const isVerified = deadline < rows.verifiedDeadlines[i]
        const c = addCohort(state, node, deadline, {
          sectors: rows.sectorsPerDeadline[i],
          qaGib: isVerified ? rows.verifiedQaGib[i] : SECTOR_GIB,
          activationEpoch: rows.activationEpoch[i],
          expirationEpoch: rows.expirationEpoch[i] + spreadOf(node * DEADLINES + deadline, rows.spreadEpochs[i]),
          active: true,
        })
        const pledge = isVerified ? rows.verifiedPledgeAtto : rows.plainPledgeAtto
        addTo(cohort.pledgeAtto, c, pledge, i)
        raiseFee(state, c, isVerified ? rows.verifiedFeeAtto : rows.plainFeeAtto, i)
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
        qaGib: rows.qaGib[i],
        activationEpoch: rows.activationEpoch[i],
        expirationEpoch: rows.expirationEpoch[i],
        active: false,
      })
      addTo(cohort.pledgeAtto, c, rows.pledgeAtto, i)
      raiseFee(state, c, rows.dailyFeeAtto, i)
      movePledge(state, node, rows.pledgeAtto.hi[i], rows.pledgeAtto.lo[i], true)
    }
  },
  WindowPoStSubmitted({ miner, network }, rows, begin, end) {
    const { proofs, provenSlot } = miner
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      provenSlot[node] = rows.slot[i]
      proofs[node]++
    }
    network.proofs[0] += end - begin
  },
  PowerActivated(state, rows, begin, end) {
    for (let i = begin; i < end; i++) activate(state, rows.node[i], rows.deadline[i])
  },
  SectorsFaulted(state, rows, begin, end) {
    const { miner, network } = state
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      if (rows.cause[i] === DETECTED) {
        miner.missed[node]++
        network.missed[0]++
        faultAll(state, node, rows.deadline[i], rows.epoch[i])
        continue
      }
      faultActive(state, node, rows.deadline[i], rows.sectors[i], rows.epoch[i])
      if (rows.cause[i] === DECLARED) countMessage(state, node, "recoveries", 1)
    }
  },
  RecoveryDeclared(state, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      recoverAll(state, rows.node[i], rows.deadline[i])
      countMessage(state, rows.node[i], "recoveries", 1)
    }
  },
  SectorsExtended(state, rows, begin, end) {
    for (let i = begin; i < end; i++) extendAll(state, rows.node[i], rows.deadline[i], rows.expirationEpoch[i])
  },
  SectorsExpired(state, rows, begin, end) {
    const { cohort, network } = state
    for (let i = begin; i < end; i++) {
      const c = rows.cohort[i]
      network.expired[0] += rows.sectors[i]
      movePledge(state, rows.node[i], rows.pledgeAtto.hi[i], rows.pledgeAtto.lo[i], false)
      takeFrom(cohort.pledgeAtto, c, rows.pledgeAtto, i)
      lowerFee(state, c, cohort.dailyFeeAtto, c)
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
      lowerFee(state, c, rows.dailyFeeAtto, i)
      owe(state, rows.node[i], rows.feeAtto, i)
      addTo(network.terminationFeesAtto, 0, rows.feeAtto, i)
      removeSectors(state, c, rows.sectors[i])
    }
  },
  FaultFeeCharged(state, rows, begin, end) {
    charge(state, rows, begin, end, state.network.faultFeesAtto)
  },
  DailyFeeCharged(state, rows, begin, end) {
    charge(state, rows, begin, end, state.network.dailyFeesAtto)
  },
  DebtRepaid(state, rows, begin, end) {
    const { miner, network } = state
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      takeSoonest(state, node, rows.unlockedAtto.hi[i], rows.unlockedAtto.lo[i])
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
      network.tickets[0] = 0
    }
  },
  TicketWon({ network, ticket }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      const t = network.tickets[0]++
      ticket.node[t] = rows.node[i]
      ticket.wins[t] = rows.wins[i]
    }
  },
  BlockProduced(state, rows, begin, end) {
    const { ledger, miner, network, ticket } = state
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      ticket.wins[ticketOf(state, node)] = 0
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
      postCell(ledger, "fil", holderOf(ledger, node), ledger.account.circulation, rows.reporterAtto, i)
      takeFrom(miner.fundedAtto, node, rows.reporterAtto, i)
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
    const { rawGib, qaGib, length: nodes } = miner
    const sums = lookback.qaGib
    for (let i = begin; i < end; i++) {
      const k = rows.slot[i] % KEPT_SLOTS
      const minimum = network.minersAboveMin[0] < MINIMUM_MINERS ? 0 : MINIMUM_GIB
      const first = k * nodes
      let sum = 0
      for (let node = 0; node < nodes; node++) {
        if (rawGib[node] >= minimum) sum += qaGib[node]
        sums[first + node] = sum
      }
      touch(lookback)
      kept.slot[k] = rows.slot[i]
      kept.qaGib[k] = sum
    }
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
  RewardsVested({ miner, network }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      takeFrom(miner.lockedAtto, rows.node[i], rows.amountAtto, i)
      takeFrom(network.lockedAtto, 0, rows.amountAtto, i)
    }
  },
  DayVested(state, rows, begin, end) {
    for (let i = begin; i < end; i++) closeDays(state, rows.day[i])
  },
  RewardsLocked(state, rows, begin, end) {
    for (let i = begin; i < end; i++) spreadLocked(state, rows.node[i], rows.amountAtto, i)
  },
  ...evolveDeals,
  ...evolvePossession,
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
