/** Filecoin's rules of the calendar, the books, the market and gas under their vector names; filecoin.ts holds the rest. */

import * as baseFee from "../../networks/filecoin/base-fee.ts"
import * as assignment from "../../networks/filecoin/deadline-assignment.ts"
import * as calendar from "../../networks/filecoin/deadlines.ts"
import * as deals from "../../networks/filecoin/deals.ts"
import * as queues from "../../networks/filecoin/expiration-queue.ts"
import * as pdp from "../../networks/filecoin/possession.ts"
import * as power from "../../networks/filecoin/power-table.ts"
import { type Grid, quantizeDown, quantizeUp } from "../../networks/filecoin/quantize.ts"
import { computeCirculatingSupply, type SupplyParts } from "../../networks/filecoin/supply.ts"
import * as warm from "../../networks/filecoin/warm-storage.ts"

/** Amounts, bytes and fixed point travel as decimal strings. */
type Text = string

const whole = (text: Text | number): bigint => BigInt(text)
const text = (value: bigint): Text => value.toString()

interface WindowInput {
  periodStart: number
  index: number
  epoch: number
}

const deadlines = {
  "filecoin.quantizeUp": (v: Grid & { epoch: number }) => quantizeUp(v, v.epoch),
  "filecoin.quantizeDown": (v: Grid & { epoch: number }) => quantizeDown(v, v.epoch),
  "filecoin.deadlineAt": (v: { offset: number; epoch: number }) => {
    const { index, periodStart } = calendar.computeDeadlineAt(v.offset, v.epoch)
    return { index, periodStart }
  },
  "filecoin.deadlineInfo": (v: { periodStart: number; index: number }) => {
    const { index: _index, periodStart: _periodStart, ...epochs } = calendar.computeDeadline(v.periodStart, v.index)
    return epochs
  },
  "filecoin.postDisputable": (v: WindowInput) => calendar.isDisputable(v.periodStart, v.index, v.epoch),
  "filecoin.deadlineCompactable": (v: WindowInput) => calendar.isCompactable(v.periodStart, v.index, v.epoch),
  "filecoin.currentProvingPeriodStart": (v: { epoch: number; offset: number }) =>
    calendar.computePeriodStart(v.offset, v.epoch),
  "filecoin.assignDeadlines": (v: {
    partitionSize: number
    maxPartitions: number
    newSectors: number
    deadlines: (assignment.DeadlineLoad | null)[]
  }) => {
    const assigned = assignment.assignDeadlines(v.deadlines, v.newSectors, v.partitionSize, v.maxPartitions)
    const sectors: (number[] | null)[] = v.deadlines.map((deadline) => (deadline === null ? null : []))
    assigned.forEach((deadline, sector) => sectors[deadline]!.push(sector))
    return sectors
  },
  "filecoin.assignDeadlinesLimit": (v: {
    partitionSize: number
    maxPartitions: number
    newSectors: number
    deadlines: number
    liveEach: number
    deadEach: number
  }) => {
    const loads = Array.from({ length: v.deadlines }, () => ({ live: v.liveEach, dead: v.deadEach }))
    let assigned: Uint16Array
    try {
      assigned = assignment.assignDeadlines(loads, v.newSectors, v.partitionSize, v.maxPartitions)
    } catch (error) {
      if (error instanceof RangeError) return { error: true, fewest: null, most: null }
      throw error
    }
    const counts = loads.map(() => 0)
    for (const deadline of assigned) counts[deadline]++
    return { error: false, fewest: Math.min(...counts), most: Math.max(...counts) }
  },
}

interface QueueOp {
  op: "add" | "rescheduleAsFaults" | "rescheduleAllAsFaults" | "rescheduleRecovered" | "remove" | "popUntil"
  epoch: number | null
  sectors: number[]
  faults: number[]
  recovering: number[]
}
/** All sectors of these vectors have one power, so that power counts them. */
const SECTOR_POWER: power.PowerPair = { raw: 1n, qa: 1n }

const writeExpired = (queue: queues.ExpirationQueue, set: queues.ExpirationSet, recovering: bigint) => ({
  onTime: [...set.onTime].sort((a, b) => a - b),
  early: [...set.early].sort((a, b) => a - b),
  pledge: text(set.pledgeAtto),
  dailyFee: text(set.dailyFeeAtto),
  active: Number(set.activePower.raw),
  faulty: Number(set.faultyPower.raw),
  recovering: Number(recovering),
  setsLeft: queue.sets.size,
})

const runQueueOp = (queue: queues.ExpirationQueue, step: QueueOp, sectors: queues.ExpiringSector[]): unknown => {
  switch (step.op) {
    case "add":
      return void queues.addActiveSectors(queue, sectors)
    case "rescheduleAsFaults":
      return void queues.rescheduleAsFaults(queue, step.epoch!, sectors)
    case "rescheduleAllAsFaults":
      return void queues.rescheduleAllAsFaults(queue, step.epoch!)
    case "rescheduleRecovered":
      return void queues.rescheduleRecovered(queue, sectors)
    case "remove": {
      const removal = queues.removeSectors(queue, sectors, new Set(step.faults), new Set(step.recovering))
      return writeExpired(queue, removal.removed, removal.recoveringPower.raw)
    }
    case "popUntil":
      return writeExpired(queue, queues.popUntil(queue, step.epoch!), 0n)
  }
}

const books = {
  "filecoin.expirationQueue": (v: {
    quant: Grid
    sectors: { number: number; expiration: number; pledge: Text; dailyFee: Text }[]
    ops: QueueOp[]
  }) => {
    const known = new Map(
      v.sectors.map(({ number, expiration, pledge, dailyFee }) => [
        number,
        { number, expiration, power: SECTOR_POWER, pledgeAtto: whole(pledge), dailyFeeAtto: whole(dailyFee) },
      ]),
    )
    const queue = queues.createExpirationQueue(v.quant)
    const results = v.ops.map((step) => runQueueOp(queue, step, step.sectors.map((number) => known.get(number)!)))
    return results.filter((result) => result !== undefined)
  },
  "filecoin.powerTable": (v: {
    minPower: Text
    minMiners: number
    claims: { raw: Text; qa: Text }[]
    deltas: { miner: number; raw: Text; qa: Text }[]
  }) => {
    const rule = { minBytes: whole(v.minPower), minMiners: v.minMiners }
    const claims: power.PowerPair[] = v.claims.map(() => power.NO_POWER)
    let totals = power.NO_TOTALS
    const apply = (miner: number, delta: { raw: Text; qa: Text }): void => {
      const change = power.applyClaimDelta(totals, claims[miner], { raw: whole(delta.raw), qa: whole(delta.qa) }, rule)
      totals = change.totals
      claims[miner] = change.claim
    }
    const show = () => {
      const { raw, qa } = power.computeNetworkPower(totals, rule)
      return { raw: text(raw), qa: text(qa), aboveMin: totals.minersAboveMin }
    }
    v.claims.forEach((claim, miner) => apply(miner, claim))
    const shown = [show()]
    for (const delta of v.deltas) {
      apply(delta.miner, delta)
      shown.push(show())
    }
    return shown
  },
  "filecoin.circulatingSupply": (v: Record<keyof SupplyParts, number>) => {
    const parts = Object.fromEntries(Object.entries(v).map(([name, fil]) => [name, BigInt(fil)]))
    return Number(computeCirculatingSupply(parts as Record<keyof SupplyParts, bigint>))
  },
}

interface TermInput {
  pricePerEpoch: Text
  start: number
  end: number
}
const readTerm = (v: TermInput) => ({ pricePerEpochAtto: whole(v.pricePerEpoch), start: v.start, end: v.end })
const readDeal = (v: TermInput & { providerCollateral: Text; clientCollateral: Text }): deals.Deal => ({
  ...readTerm(v),
  providerCollateralAtto: whole(v.providerCollateral),
  clientCollateralAtto: whole(v.clientCollateral),
})

const markets = {
  "filecoin.dealTerminate": (
    v: TermInput & { activation: number; terminationEpoch: number; providerCollateral: Text; clientCollateral: Text },
  ) => {
    const ending = deals.terminateDeal(readDeal(v), v.terminationEpoch)
    return { payment: text(ending.paymentAtto), slashed: text(ending.slashedAtto), clientRefund: text(ending.refundAtto) }
  },
  "filecoin.dealSettle": (v: TermInput & { lastSettled: number; settleAt: number }) =>
    text(deals.computeSettlement(readTerm(v), v.settleAt, v.lastSettled)),
  "filecoin.dealTimeout": (v: TermInput & { providerCollateral: Text; clientCollateral: Text }) => {
    const { burntAtto, clientUnlockedAtto } = deals.expireUnstartedDeal(readDeal(v))
    return { burnt: text(burntAtto), clientUnlocked: text(clientUnlockedAtto) }
  },
  "filecoin.dealProviderCollateralMin": (v: {
    circulatingSupply: Text
    pieceSize: Text
    networkRawPower: Text
    baselinePower: Text
  }) =>
    text(
      deals.computeProviderCollateralMin(
        whole(v.circulatingSupply),
        whole(v.pieceSize),
        whole(v.networkRawPower),
        whole(v.baselinePower),
      ),
    ),
  // The vectors' README says truncation; the chain floors (see base-fee.ts).
  "filecoin.nextBaseFeeLegacy": (v: { baseFee: Text; gasLimitUsed: Text; blocks: number }) =>
    text(baseFee.nextBaseFeeByGas(whole(v.baseFee), whole(v.gasLimitUsed), v.blocks, "trunc")),
  "filecoin.nextBaseFeeFromPremium": (v: { baseFee: Text; premium: Text }) =>
    text(baseFee.nextBaseFeeByPremium(whole(v.baseFee), whole(v.premium))),
  "filecoin.premiumPercentile": (v: { premiums: Text[]; gasLimits: Text[] }) =>
    text(baseFee.computePremiumPercentile(v.premiums.map((p, i) => ({ premium: whole(p), gasLimit: whole(v.gasLimits[i]) })))),
  "filecoin.effectivePremium": (v: { baseFee: Text; maxFee: Text; maxPriority: Text }) =>
    text(baseFee.computeEffectivePremium(whole(v.baseFee), whole(v.maxFee), whole(v.maxPriority))),
  "filecoin.pdp.proofFee": (v: { rawSize: Text; feePerTiB: Text }) =>
    text(pdp.computeProofFee(whole(v.rawSize), whole(v.feePerTiB))),
  "filecoin.pdp.faultPeriods": (v: { period: number; calledAtMinusDeadline: number; provenThisPeriod: boolean }) =>
    pdp.countFaultPeriods(v.period, v.calledAtMinusDeadline, v.provenThisPeriod),
  "filecoin.pdp.detection": (v: { lostShare: number; challengesPerDay: number; days: number }) =>
    pdp.computeDetection(v.lostShare, v.challengesPerDay, v.days),
  "filecoin.fwss.ratePerEpoch": (v: { bytes: Text }) => text(warm.computeRatePerEpoch(whole(v.bytes))),
  "filecoin.fwss.validatePayment": (v: {
    activation: number
    period: number
    proven: number[]
    from: number
    to: number
    now: number
    proposed: Text
  }) => {
    const proven = new Set(v.proven)
    const periods = { activation: v.activation, periodEpochs: v.period }
    const release = warm.releasePayment(periods, (k) => proven.has(k), v.from, v.to, v.now, whole(v.proposed))
    return { amount: text(release.amount), settleUpto: release.settleUpto }
  },
}

export const storage = { ...deadlines, ...books, ...markets }
