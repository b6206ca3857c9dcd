/** Filecoin's rules under their vector names: strings become exact numbers on the way in, and strings again on the way out. */

import { divFloor } from "../../kernel/money.ts"
import * as baseline from "../../networks/filecoin/baseline.ts"
import { expNegQ128, lnQ128 } from "../../networks/filecoin/curves.ts"
import * as election from "../../networks/filecoin/election.ts"
import { EPOCHS_PER_DAY } from "../../networks/filecoin/epoch.ts"
import * as earning from "../../networks/filecoin/expected-reward.ts"
import * as f3 from "../../networks/filecoin/f3.ts"
import { applyPenalty, repayDebt } from "../../networks/filecoin/fee-debt.ts"
import { computeEpochReward } from "../../networks/filecoin/minting.ts"
import * as penalties from "../../networks/filecoin/penalties.ts"
import * as pledge from "../../networks/filecoin/pledge.ts"
import * as proofFee from "../../networks/filecoin/proof-fee.ts"
import { computeQaBytes, computeQuality } from "../../networks/filecoin/quality.ts"
import * as reward from "../../networks/filecoin/reward.ts"
import * as smoothing from "../../networks/filecoin/smoothing.ts"
import * as vesting from "../../networks/filecoin/vesting.ts"
import { storage } from "./filecoin-storage.ts"

/** Amounts, bytes and fixed point travel as decimal strings. */
type Text = string

const whole = (text: Text | number): bigint => BigInt(text)
const text = (value: bigint): Text => value.toString()

/** Position and velocity in whole units. */
interface EstimateInput {
  position: Text
  velocity: Text
}
const readEstimate = (v: EstimateInput) => smoothing.makeEstimate(whole(v.position), whole(v.velocity))

interface EstimatesInput {
  reward: EstimateInput
  networkQa: EstimateInput
}
const readEstimates = (v: EstimatesInput): earning.NetworkEstimates => ({
  reward: readEstimate(v.reward),
  networkQa: readEstimate(v.networkQa),
})

interface PledgeInput extends EstimatesInput {
  baselinePower: Text
  circulatingSupply: Text
  epochsSinceRampStart: number
  rampDurationEpochs: number
}
const readConditions = (v: PledgeInput): pledge.PledgeConditions => ({
  ...readEstimates(v),
  baselineBytes: whole(v.baselinePower),
  circulatingAtto: whole(v.circulatingSupply),
  epochsSinceRampStart: v.epochsSinceRampStart,
  rampEpochs: v.rampDurationEpochs,
})

const writeReward = (state: reward.RewardState) => ({
  epoch: state.epoch,
  thisEpochReward: text(state.thisEpochRewardAtto),
  thisEpochBaselinePower: text(state.thisEpochBaselineBytes),
  cumsumRealized: text(state.cumsumRealised),
  cumsumBaseline: text(state.cumsumBaseline),
  effectiveNetworkTime: state.effectiveNetworkTime,
  effectiveBaselinePower: text(state.effectiveBaselineBytes),
})

const rewards = {
  "filecoin.expNegQ128": (v: { x: Text }) => text(expNegQ128(whole(v.x))),
  "filecoin.lnQ128Floor": (v: { x: Text }) => text(lnQ128(whole(v.x)) >> 128n),
  "filecoin.divFloor": (v: { a: Text; b: Text }) => text(divFloor(whole(v.a), whole(v.b))),
  "filecoin.alphaBetaNext": (v: { positionQ128: Text; velocityQ128: Text; observation: Text; epochDelta: number }) => {
    const estimate = { position: whole(v.positionQ128), velocity: whole(v.velocityQ128) }
    const next = smoothing.alphaBetaNext(estimate, whole(v.observation), v.epochDelta)
    return { positionQ128: text(next.position), velocityQ128: text(next.velocity) }
  },
  "filecoin.extrapolatedCumSumOfRatio": (v: { delta: number; t0: Text | number; num: EstimateInput; denom: EstimateInput }) =>
    text(smoothing.extrapolatedCumSumOfRatio(v.delta, whole(v.t0), readEstimate(v.num), readEstimate(v.denom))),
  "filecoin.computeReward": (v: {
    epoch: number
    prevTheta: Text
    currTheta: Text
    simpleTotal: Text
    baselineTotal: Text
  }) => {
    const allocation = { simpleAtto: whole(v.simpleTotal), baselineAtto: whole(v.baselineTotal) }
    return text(computeEpochReward(v.epoch, whole(v.prevTheta), whole(v.currTheta), allocation))
  },
  "filecoin.rewardStateNew": (v: { power: Text }) => writeReward(reward.createRewardState(whole(v.power))),
  "filecoin.updateNetworkKpi": (v: { constructPower: Text; power: Text; runs: [number, number][]; report: number[] }) => {
    let state = reward.createRewardState(whole(v.constructPower))
    const reported = new Map<number, unknown>()
    for (const [first, last] of v.runs) {
      for (let epoch = first; epoch <= last; epoch++) {
        state = reward.updateNetworkKpi(state, whole(v.power), epoch)
        reported.set(epoch, {
          atEpoch: epoch,
          ...writeReward(state),
          smoothedPosition: text(state.rewardEstimate.position),
          smoothedVelocity: text(state.rewardEstimate.velocity),
        })
      }
    }
    return v.report.map((epoch) => reported.get(epoch))
  },
  "filecoin.computeRTheta": (v: {
    effectiveNetworkTime: number
    baselinePowerAt: Text
    cumsumRealized: Text
    cumsumBaseline: Text
  }) =>
    text(
      baseline.computeTheta(
        v.effectiveNetworkTime,
        whole(v.baselinePowerAt),
        whole(v.cumsumRealized),
        whole(v.cumsumBaseline),
      ),
    ),
  "filecoin.baselinePowerAfter": (v: { start: Text; steps: number }) =>
    text(baseline.computeBaselineBytesAfter(whole(v.start), v.steps)),
  "filecoin.awardBlockReward": (v: {
    thisEpochReward: Text
    winCount: number
    gasReward: Text
    penalty: Text
    balance: Text
  }) => {
    const award = reward.awardBlockReward(
      whole(v.thisEpochReward),
      v.winCount,
      whole(v.gasReward),
      whole(v.penalty),
      whole(v.balance),
    )
    return { reward: text(award.rewardAtto), penaltyToMiner: text(award.penaltyAtto) }
  },
}

interface ShareInput {
  power: Text
  totalPower: Text
}
const readHex = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16))
/** The integer as 5 little-endian bytes. */
const writeProof = (n: number): Uint8Array =>
  Uint8Array.from({ length: 5 }, (_, i) => Number((BigInt(n) >> BigInt(8 * i)) & 255n))

const elections = {
  "filecoin.poissonIcdfQ256": (v: { lambdaBase: number; lambdaShift: number; count: number }) =>
    election.computePoissonTails((whole(v.lambdaBase) << 256n) >> BigInt(v.lambdaShift), v.count).map(text),
  "filecoin.lambdaQ256": (v: ShareInput) => text(election.computeLambdaQ256(whole(v.power), whole(v.totalPower))),
  "filecoin.winCount": (v: ShareInput & { proofHex: string }) => {
    const tails = election.computeWinTails(whole(v.power), whole(v.totalPower))
    return election.countWins(election.computeDrawQ256(readHex(v.proofHex)), tails)
  },
  "filecoin.winCountTotal": (v: ShareInput & { first: number; count: number }) => {
    const tails = election.computeWinTails(whole(v.power), whole(v.totalPower))
    let wins = 0
    for (let k = 0; k < v.count; k++) wins += election.countWins(election.computeDrawQ256(writeProof(v.first + k)), tails)
    return wins
  },
  "filecoin.nullRoundProbability": (v: { onlineShare: number }) => election.computeNullRoundProbability(v.onlineShare),
  "filecoin.f3.scalePower": (v: { power: Text; total: Text }) => f3.scalePower(whole(v.power), whole(v.total)),
  "filecoin.f3.isStrongQuorum": (v: { part: number; whole: number }) => f3.isStrongQuorum(v.part, v.whole),
  "filecoin.f3.isWeakQuorum": (v: { part: number; whole: number }) => f3.isWeakQuorum(v.part, v.whole),
}

const pledges = {
  "filecoin.expectedRewardForPower": (v: EstimatesInput & { qaPower: Text; epochs: number }) =>
    text(earning.computeExpectedReward(readEstimates(v), whole(v.qaPower), v.epochs)),
  "filecoin.expectedRewardForPowerClamped": (v: EstimatesInput & { qaPower: Text; epochs: number }) =>
    text(earning.computeExpectedRewardAtLeastOne(readEstimates(v), whole(v.qaPower), v.epochs)),
  "filecoin.faultFee": (v: EstimatesInput & { qaPower: Text }) =>
    text(penalties.computeFaultFee(readEstimates(v), whole(v.qaPower))),
  "filecoin.invalidWindowPostPenalty": (v: EstimatesInput & { qaPower: Text }) => {
    const { baseAtto, rewardAtto, totalAtto } = penalties.computeDisputePenalty(readEstimates(v), whole(v.qaPower))
    return { penaltyBase: text(baseAtto), rewardTarget: text(rewardAtto), penaltyTarget: text(totalAtto) }
  },
  "filecoin.terminationFee": (v: { initialPledge: Text; sectorAgeEpochs: number; faultFee: Text }) =>
    text(penalties.computeTerminationFee(whole(v.initialPledge), v.sectorAgeEpochs, whole(v.faultFee))),
  "filecoin.initialPledge": (v: PledgeInput & { qaPower: Text }) =>
    text(pledge.computeInitialPledge(readConditions(v), whole(v.qaPower))),
  "filecoin.preCommitDeposit": (v: EstimatesInput & { sectorSize: Text }) =>
    text(pledge.computePreCommitDeposit(readEstimates(v), whole(v.sectorSize))),
  "filecoin.createMinerDeposit": (v: PledgeInput) => text(pledge.computeCreateMinerDeposit(readConditions(v))),
  "filecoin.dailyProofFee": (v: { circulatingSupply: Text; qaPower: Text }) =>
    text(proofFee.computeDailyFee(whole(v.circulatingSupply), whole(v.qaPower))),
  "filecoin.dailyProofFeePayable": (
    v: EstimatesInput & { circulatingSupply: Text; qaPowerPerSector: Text; sectors: number },
  ) => {
    const qaBytes = whole(v.qaPowerPerSector)
    const dailyFee = proofFee.computeDailyFee(whole(v.circulatingSupply), qaBytes) * BigInt(v.sectors)
    const dayReward = earning.computeExpectedReward(readEstimates(v), qaBytes * BigInt(v.sectors), EPOCHS_PER_DAY)
    const payable = proofFee.computePayableFee(dailyFee, dayReward)
    return { dailyFee: text(dailyFee), dayReward: text(dayReward), payable: text(payable) }
  },
  "filecoin.dailyProofFeeAdjust": (v: { dailyFee: Text; oldQa: Text; newQa: Text }) =>
    text(proofFee.adjustDailyFee(whole(v.dailyFee), whole(v.oldQa), whole(v.newQa))),
  "filecoin.qualityForWeight": (v: { size: Text; duration: number; verifiedWeight: Text }) =>
    text(computeQuality(whole(v.size), v.duration, whole(v.verifiedWeight))),
  "filecoin.qaPowerForWeight": (v: { size: Text; duration: number; verifiedWeight: Text }) =>
    text(computeQaBytes(whole(v.size), v.duration, whole(v.verifiedWeight))),
  "filecoin.consensusFault": (v: { rewardEstimate: Text; reportEpoch: number }) => {
    const { penaltyAtto, reporterAtto, burnAtto } = penalties.computeConsensusFaultPenalty(whole(v.rewardEstimate))
    return {
      penalty: text(penaltyAtto),
      reporterReward: text(reporterAtto),
      burn: text(burnAtto),
      consensusFaultElapsed: v.reportEpoch + penalties.CONSENSUS_FAULT_EPOCHS,
    }
  },
  "filecoin.consensusFaultReport": (v: { consensusFaultElapsed: number; now: number; faultEpoch: number }) =>
    penalties.reportConsensusFault(v.consensusFaultElapsed, v.now, v.faultEpoch),
}

interface LockInput {
  vestStart: number
  amount: Text
  spec: vesting.VestingSpec
}

const vestings = {
  "filecoin.vestingSchedule": (v: LockInput & { provingPeriodStart: number; calls: number }) => {
    let { table } = vesting.addLockedFunds([], v.vestStart, whole(v.amount), v.spec, v.provingPeriodStart)
    return Array.from({ length: v.calls }, (_, i) => {
      const released = vesting.unlockVested(table, v.vestStart + i)
      table = released.table
      return text(released.unlockedAtto)
    })
  },
  "filecoin.lockedReward": (v: { reward: Text }) => text(vesting.computeLockedReward(whole(v.reward))),
  "filecoin.rewardVestingTable": (v: { now: number; reward: Text; provingPeriodOffset: number }) => {
    const locked = vesting.computeLockedReward(whole(v.reward))
    const entries = vesting.computeVestingEntries(v.now, locked, vesting.REWARD_VESTING, v.provingPeriodOffset)
    // Of next to nothing nothing is locked, and there is no first and no last.
    const [first, last] = [entries.at(0), entries.at(-1)]
    return {
      locked: text(locked),
      entries: entries.length,
      firstEpoch: first?.epoch ?? null,
      lastEpoch: last?.epoch ?? null,
      firstAmount: first === undefined ? null : text(first.amountAtto),
      lastAmount: last === undefined ? null : text(last.amountAtto),
    }
  },
  "filecoin.penaltyFromReward": (v: { reward: Text; penalty: Text }) => {
    const balanceAtto = whole(v.reward)
    const locked = vesting.computeLockedReward(balanceAtto)
    const table = vesting.computeVestingEntries(0, locked, vesting.REWARD_VESTING, 0)
    const funds = { balanceAtto, vesting: table, depositsAtto: 0n, pledgeAtto: 0n, feeDebtAtto: 0n }
    return text(vesting.sumVesting(repayDebt(applyPenalty(funds, whole(v.penalty)), 0).funds.vesting))
  },
  "filecoin.unlockVestedAndUnvested": (v: LockInput & { take: Text; at: number }) => {
    const entries = vesting.computeVestingEntries(v.vestStart, whole(v.amount), v.spec, 0)
    const { table, vestedAtto, unvestedAtto } = vesting.unlockForDebt(entries, v.at, whole(v.take))
    return {
      takenUnvested: text(unvestedAtto),
      totalUnlocked: text(vestedAtto + unvestedAtto),
      remaining: text(vesting.sumVesting(table)),
      entries: table.map(({ epoch, amountAtto }) => ({ epoch, amount: text(amountAtto) })),
    }
  },
}

export const filecoin = { ...rewards, ...elections, ...pledges, ...vestings, ...storage }
