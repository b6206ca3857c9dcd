/** Event → state: total and silent. Frames move in jobs.ts, lines in queues.ts, an epoch's end in books.ts. */
import type { Evolve } from "../../kernel/network.ts"
import { burn, mint, postCell, ISSUANCE } from "../../ledger/ledger.ts"
import { burnFromMarket, closeBooks, moveTier } from "./books.ts"
import type { Events } from "./events.ts"
import {
  approve,
  assign,
  cancelQueued,
  closeJob,
  countTime,
  deliver,
  lockFrames,
  noteFinished,
  openJob,
  queueFrames,
  release,
  takeFromDelivery,
  takeFromNode,
} from "./jobs.ts"
import { delistNode, enlistNode, isIdle, relistJob } from "./queues.ts"
import { creatorHolder, REPUTATION_START_E6, type State } from "./state.ts"
import { SILENT } from "./units.ts"

/** Seconds of rent that a week can hold. */
const WEEK_S = 7 * 24 * 3600

const tick = ({ service }: State, atS: number): void => {
  if (atS > service.clockS[0]) service.clockS[0] = atS
}

export const evolve: Evolve<State, Events> = {
  NodeRegistered(state, rows, begin, end) {
    const { node, service } = state
    for (let i = begin; i < end; i++) {
      const n = rows.node[i]
      node.registered[n] = 1
      node.kind[n] = rows.kind[i]
      node.wallet[n] = rows.wallet[i]
      node.ob[n] = rows.ob[i]
      node.vramGb[n] = rows.vramGb[i]
      node.vramClass[n] = rows.vramClass[i]
      node.tier[n] = rows.tier[i]
      node.multiplierPermille[n] = rows.multiplierPermille[i]
      node.joinedS[n] = rows.sinceS[i]
      node.reputationE6[n] = REPUTATION_START_E6
      service.nodes[0]++
      tick(state, rows.atS[i])
    }
  },
  NodeConnected(state, rows, begin, end) {
    const { node, service } = state
    for (let i = begin; i < end; i++) {
      const n = rows.node[i]
      node.connected[n] = 1
      node.waitS[n] = rows.atS[i]
      node.countedS[n] = rows.atS[i]
      service.connected[0]++
      if (isIdle(state, n)) enlistNode(state, n)
      tick(state, rows.atS[i])
    }
  },
  FramesRequeued(state, rows, begin, end) {
    const { job, node, service } = state
    for (let i = begin; i < end; i++) {
      const n = rows.node[i]
      const j = rows.job[i]
      job.assigned[j] -= rows.frames[i]
      node.lost[n] += rows.frames[i]
      service.requeued[0] += rows.frames[i]
      const level = node.level[n]
      const notNode = node.notNode[n]
      release(state, n, rows.atS[i])
      queueFrames(state, j, rows.frames[i], level, notNode)
      tick(state, rows.atS[i])
    }
  },
  NodeDisconnected(state, rows, begin, end) {
    const { node, service } = state
    for (let i = begin; i < end; i++) {
      const n = rows.node[i]
      if (isIdle(state, n)) delistNode(state, n)
      countTime(state, n, rows.atS[i])
      node.connected[n] = 0
      service.connected[0]--
      if (rows.cause[i] === SILENT) service.dropped[0]++
      tick(state, rows.atS[i])
    }
  },
  CreditsBought(state, rows, begin, end) {
    const { ledger, service } = state
    for (let i = begin; i < end; i++) {
      mint(ledger, "credit", creatorHolder(state, rows.creator[i]), rows.microCredit[i])
      service.boughtMicroCredit[0] += rows.microCredit[i]
      tick(state, rows.atS[i])
    }
  },
  JobSubmitted(state, rows, begin, end) {
    const { job, service } = state
    for (let i = begin; i < end; i++) {
      const j = openJob(state, rows.creator[i])
      job.tier[j] = rows.tier[i]
      job.vramClass[j] = rows.vramClass[i]
      job.maxGpus[j] = rows.maxGpus[i]
      job.frames[j] = rows.frames[i]
      job.milliObh[j] = rows.milliObh[i]
      job.microCredit[j] = rows.microCredit[i]
      job.funded[j] = rows.funded[i]
      job.submittedS[j] = rows.atS[i]
      job.deadlineS[j] = rows.deadlineS[i]
      job.fresh[j] = rows.frames[i]
      service.jobs[0]++
      service.asked[0] += rows.frames[i]
      if (rows.funded[i] === 1) lockFrames(state, j, rows.frames[i])
      relistJob(state, j)
      tick(state, rows.atS[i])
    }
  },
  JobFunded(state, rows, begin, end) {
    const { job } = state
    for (let i = begin; i < end; i++) {
      const j = rows.job[i]
      lockFrames(state, j, job.fresh[j])
      job.funded[j] = 1
      relistJob(state, j)
      tick(state, rows.atS[i])
    }
  },
  JobCancelled(state, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      cancelQueued(state, rows.job[i])
      tick(state, rows.atS[i])
    }
  },
  FramesAssigned(state, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      assign(state, rows.job[i], rows.node[i], rows.frames[i], rows.level[i], rows.rerender[i], rows.atS[i])
      tick(state, rows.atS[i])
    }
  },
  FramesRendered(state, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      deliver(state, rows.job[i], rows.node[i], rows.frames[i], rows.atS[i])
      takeFromNode(state, rows.node[i], rows.frames[i], rows.atS[i])
      tick(state, rows.atS[i])
    }
  },
  FramesRejected(state, rows, begin, end) {
    const { creator, job, node, service } = state
    for (let i = begin; i < end; i++) {
      const n = rows.node[i]
      const j = rows.job[i]
      const frames = rows.frames[i]
      node.rejected[n] += frames
      service.rejected[0] += frames
      if (rows.delivery[i] === 0) takeFromNode(state, n, frames, rows.atS[i])
      else {
        takeFromDelivery(state, rows.delivery[i] - 1, frames)
        // What a check finds says nothing about the artist.
        creator.rejected[job.creator[j]] += frames
      }
      queueFrames(state, j, frames, rows.level[i] + 1, n + 1)
      tick(state, rows.atS[i])
    }
  },
  JobQuarantined(state, rows, begin, end) {
    const { job, service } = state
    for (let i = begin; i < end; i++) {
      job.quarantined[rows.job[i]] = 1
      service.quarantines[0]++
      cancelQueued(state, rows.job[i])
      tick(state, rows.atS[i])
    }
  },
  FramesApproved(state, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      approve(state, rows.job[i], rows.uptoS[i], rows.cause[i])
      tick(state, rows.atS[i])
    }
  },
  DeadlinePassed(state, rows, begin, end) {
    const { creator, job, service } = state
    for (let i = begin; i < end; i++) {
      const j = rows.job[i]
      job.judged[j] = 1
      creator.due[job.creator[j]] += rows.frames[i]
      creator.onTime[job.creator[j]] += rows.onTime[i]
      service.due[0] += rows.frames[i]
      service.onTime[0] += rows.onTime[i]
      noteFinished(state, j)
    }
  },
  JobClosed(state, rows, begin, end) {
    for (let i = begin; i < end; i++) closeJob(state, rows.job[i])
  },
  PricePosted(state, rows, begin, end) {
    const { service } = state
    for (let i = begin; i < end; i++) {
      if (service.priceMicroUsd[0] > 0)
        service.averageSum.set(
          0,
          service.averageSum.get(0) + BigInt(service.priceMicroUsd[0]) * BigInt(Math.max(0, rows.atS[i] - service.priceS[0])),
        )
      else service.averageBeginS[0] = rows.atS[i]
      service.priceMicroUsd[0] = rows.priceMicroUsd[i]
      service.eurUsdE6[0] = rows.eurUsdE6[i]
      service.priceS[0] = rows.atS[i]
      tick(state, rows.atS[i])
    }
  },
  RoundOpened(state, rows, begin, end) {
    const { service } = state
    for (let i = begin; i < end; i++) {
      service.pausedS[0] += rows.standstillS[i]
      service.rounds[0]++
      if (service.epochBeginS[0] === 0) service.epochBeginS[0] = rows.atS[i]
      tick(state, rows.atS[i])
    }
  },
  RentalRecorded(state, rows, begin, end) {
    const { node, service } = state
    for (let i = begin; i < end; i++) {
      const n = rows.node[i]
      node.rentedS[n] = Math.min(WEEK_S, node.rentedS[n] + rows.seconds[i])
      service.rentMicroUsd.addNumber(0, rows.microUsd[i])
      burnFromMarket(state, rows.burnt8, i)
      tick(state, rows.atS[i])
    }
  },
  SaladPaid(state, rows, begin, end) {
    const { service } = state
    for (let i = begin; i < end; i++) {
      service.saladMicroUsd.addNumber(0, rows.microUsd[i])
      service.chefsMicroUsd.addNumber(0, rows.rewardMicroUsd[i])
      burnFromMarket(state, rows.burnt8, i)
      tick(state, rows.atS[i])
    }
  },
  ChefsPaid(state, rows, begin, end) {
    const { ledger, service } = state
    for (let i = begin; i < end; i++) {
      postCell(ledger, "render", ISSUANCE, ledger.account.chefs, rows.minted8, i)
      service.minted8.add(0, rows.minted8.hi[i], rows.minted8.lo[i])
      service.chefsMicroUsd.addNumber(0, -rows.rewardMicroUsd[i])
      service.averageSum.setNumber(0, 0)
      service.averageBeginS[0] = rows.atS[i]
      service.priceS[0] = Math.max(service.priceS[0], rows.atS[i])
      tick(state, rows.atS[i])
    }
  },
  RewardPaid(state, rows, begin, end) {
    const { ledger, node, service } = state
    for (let i = begin; i < end; i++) {
      const n = rows.node[i]
      const holder = ledger.accounts.length + n
      for (const part of [rows.job8, rows.availability8]) {
        postCell(ledger, "render", ISSUANCE, holder, part, i)
        for (const sum of [service.minted8, service.paid8]) sum.add(0, part.hi[i], part.lo[i])
        node.paid8.add(n, part.hi[i], part.lo[i])
      }
      node.lastPaid8.set(n, rows.job8.get(i) + rows.availability8.get(i))
      node.paidEpoch[n] = service.epochsClosed[0]
    }
  },
  SubnetPaid({ ledger, node, service }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      const n = rows.node[i]
      const holder = ledger.accounts.length + n
      for (const part of [rows.job8, rows.availability8]) {
        postCell(ledger, "render", ledger.account.node_reserve, holder, part, i)
        service.paid8.add(0, part.hi[i], part.lo[i])
        node.paid8.add(n, part.hi[i], part.lo[i])
      }
      node.lastPaid8.set(n, rows.job8.get(i) + rows.availability8.get(i))
      node.paidEpoch[n] = service.epochsClosed[0]
    }
  },
  EpochClosed(state, rows, begin, end) {
    const { ledger, service } = state
    for (let i = begin; i < end; i++) {
      burn(ledger, "credit", ledger.account.spent, rows.spentMicroCredit[i])
      burnFromMarket(state, rows.burnt8, i)
      for (const [account, part] of [
        [ledger.account.node_reserve, rows.reserve8],
        [ledger.account.operations, rows.operations8],
        [ledger.account.grants, rows.grants8],
      ] as const) {
        postCell(ledger, "render", ISSUANCE, account, part, i)
        service.minted8.add(0, part.hi[i], part.lo[i])
      }
      service.openMicroCredit[0] -= rows.spentMicroCredit[i]
      service.spentMicroUsd.add(0, rows.spentMicroUsd.hi[i], rows.spentMicroUsd.lo[i])
      service.lastSpentMicroUsd.set(0, rows.spentMicroUsd.get(i))
      service.feeMicroUsd.add(0, rows.feeMicroUsd.hi[i], rows.feeMicroUsd.lo[i])
      service.epochsClosed[0]++
      service.epochBeginS[0] = rows.atS[i]
      tick(state, rows.atS[i])
      closeBooks(state, rows.atS[i])
    }
  },
  TierChanged(state, rows, begin, end) {
    for (let i = begin; i < end; i++) moveTier(state, rows.node[i], rows.tier[i])
  },
  HourClosed(state, rows, begin, end) {
    const { service } = state
    for (let i = begin; i < end; i++) {
      if (rows.alarmed[i] === 1 && service.alarmed[0] === 0) service.detectedS[0] = rows.atS[i]
      service.alarmed[0] = rows.alarmed[i]
      service.dropped[0] = 0
    }
  },
}
