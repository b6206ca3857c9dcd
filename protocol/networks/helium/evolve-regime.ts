/** Events outside SOL-HNT's plain day change the state here. */
import type { Evolve } from "../../kernel/network.ts"
import { reserve, touch } from "../../kernel/table.ts"
import { burn, holderOf, mint, post } from "../../ledger/ledger.ts"
import type { Events } from "./events.ts"
import { VALIDATORS, type regimeEvents } from "./events-regime.ts"
import type { State } from "./state.ts"

export const evolveRegime: Pick<Evolve<State, Events>, keyof typeof regimeEvents> = {
  LedgerPaced({ economy }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      economy.pacedS[0] = rows.at[i]
      economy.pacePermille[0] = rows.pacePermille[i]
      economy.sinceEpoch[0] = rows.sinceEpoch[i]
    }
    touch(economy)
  },

  PricePublished({ economy }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      economy.priceS[0] = rows.at[i]
      economy.emaE8Usd[0] = rows.emaE8Usd[i]
      economy.confidenceE8Usd[0] = rows.confidenceE8Usd[i]
      economy.substituted[0] = rows.substituted[i]
    }
    touch(economy)
  },

  ChallengeIssued({ challenge }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      const challenger = rows.challenger[i]
      challenge.challenger[rows.challengee[i]] = challenger + 1
      challenge.openedS[rows.challengee[i]] = rows.at[i]
      if (challenger !== VALIDATORS) challenge.issuedS[challenger] = rows.at[i]
    }
    touch(challenge)
  },

  ChallengeCompleted({ challenge, validator }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      challenge.challenger[rows.challengee[i]] = 0
      if (rows.challenger[i] === VALIDATORS) validator.shares[0] += rows.shares[i]
      else challenge.shares[rows.challenger[i]] += rows.shares[i]
    }
    touch(challenge)
    touch(validator)
  },

  BlockEpochClosed({ challenge, economy, hotspot, ledger, total, validator }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      economy.pacedS[0] = rows.at[i]
      economy.sinceEpoch[0] = economy.sinceSettled[0] = rows.sinceEpoch[i]
      economy.lost[0] += rows.lost[i]
      if (rows.lost[i] > 0) economy.missedEpochs[0]++
      if (rows.epochs[i] === 0) continue
      const minted = rows.hotspots[i] + rows.consensus[i] + rows.securities[i]
      mint(ledger, "hnt", ledger.account.iot_pool, rows.hotspots[i])
      mint(ledger, "hnt", ledger.account.consensus, rows.consensus[i])
      mint(ledger, "hnt", ledger.account.securities, rows.securities[i])
      economy.blockEpochs[0] += rows.epochs[i]
      economy.chainScheduled[0] += rows.scheduled[i] + rows.reEmitted[i]
      economy.chainMinted[0] += minted
      economy.chainUnissued[0] += rows.unissued[i]
      economy.burnOverage[0] = rows.burnOverage[i]
      total.emitted[0] += minted
      total.hntBurnedEpoch[0] = total.creditsEpoch[0] = 0
      hotspot.beaconShareE8.fill(0)
      hotspot.witnessShareE8.fill(0)
      hotspot.dcEpoch.fill(0)
      challenge.shares.fill(0)
      validator.shares[0] = 0
      touch(challenge)
      touch(validator)
    }
    touch(economy)
  },

  /** The old chain paid owners themselves: what it pays is drawn at once. */
  BlockRewardPaid({ claim, economy, hotspot, ledger, total }, rows, begin, end) {
    let paid = 0
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const sum = rows.challenger[i] + rows.beacon[i] + rows.witness[i] + rows.data[i]
      hotspot.earned[node] += sum
      claim.hnt[node] += sum
      paid += sum
    }
    post(ledger, "hnt", ledger.account.iot_pool, ledger.account.owners, paid)
    total.paid[0] += paid
    economy.claimed[0] += paid
    touch(claim)
    touch(economy)
  },

  /** The epoch's shares move to where they wait, and the next epoch begins with none. */
  EpochDeferred({ deferred, economy, hotspot, total, waiting }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      const day = rows.day[i]
      reserve(waiting, 1)
      const w = waiting.length++
      waiting.day[w] = day
      waiting.reason[w] = rows.reason[i]
      reserve(deferred, hotspot.length)
      for (let node = 0; node < hotspot.length; node++) {
        if (hotspot.beaconShareE8[node] + hotspot.witnessShareE8[node] + hotspot.dcEpoch[node] === 0) continue
        const j = deferred.length++
        deferred.day[j] = day
        deferred.node[j] = node
        deferred.beaconShareE8[j] = hotspot.beaconShareE8[node]
        deferred.witnessShareE8[j] = hotspot.witnessShareE8[node]
        deferred.dc[j] = hotspot.dcEpoch[node]
      }
      hotspot.beaconShareE8.fill(0)
      hotspot.witnessShareE8.fill(0)
      hotspot.dcEpoch.fill(0)
      total.creditsEpoch[0] = 0
      economy.deferredDay[0] = day + 1
      economy.epochsDeferred[0]++
    }
    touch(deferred)
    touch(waiting)
    touch(economy)
  },

  BreakerTripped({ economy }, rows, begin, end) {
    for (let i = begin; i < end; i++) economy.trippedS[0] = rows.at[i]
    touch(economy)
  },

  SubDaoEmitted(state, rows, begin, end) {
    const { economy, ledger, total } = state
    for (let i = begin; i < end; i++) {
      mint(ledger, "hnt", ledger.account.iot_treasury, rows.treasury[i])
      mint(ledger, "hnt", ledger.account.other_networks, rows.others[i])
      mint(ledger, "hnt", ledger.account.securities, rows.securities[i])
      mint(ledger, "iot", ledger.account.iot_pool, rows.iot[i])
      mint(ledger, "iot", ledger.account.delegators, rows.delegators[i])
      total.day[0] = rows.day[i]
      total.emitted[0] += rows.treasury[i] + rows.others[i] + rows.securities[i]
      total.smoothedBurn[0] = rows.smoothed[i]
      total.hntBurnedEpoch[0] = 0
      economy.iotShareE9[0] = rows.shareE9[i]
      economy.openDay[0] = rows.day[i] + 1
      economy.iotDelegated[0] = rows.delegators[i]
      economy.mintedInWindow[0] = rows.windowed[i]
      economy.windowS[0] = rows.at[i]
      oweMobile(state, rows.day[i], rows.others[i])
      economy.delegatorDay[0] = rows.day[i] + 1
      economy.delegatorIot[0] = rows.delegators[i]
      economy.delegatorHnt[0] = economy.delegatorMobile[0] = 0
    }
    touch(economy)
  },

  IotPoolsSplit({ ledger }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      post(ledger, "iot", ledger.account.iot_pool, ledger.account.operations, rows.operations[i])
      post(ledger, "iot", ledger.account.iot_pool, ledger.account.unallocated, rows.oracles[i])
    }
  },

  IotRewardPaid({ economy, ledger }, rows, begin, end) {
    const first = holderOf(ledger, 0)
    for (let i = begin; i < end; i++) {
      const sum = rows.beacon[i] + rows.witness[i] + rows.data[i]
      post(ledger, "iot", ledger.account.iot_pool, first + rows.node[i], sum)
      economy.iotPaidEpoch[0] += sum
    }
    touch(economy)
  },

  IotEpochClosed(state, rows, begin, end) {
    const { economy, ledger, total } = state
    for (let i = begin; i < end; i++) {
      post(ledger, "iot", ledger.account.iot_pool, ledger.account.unallocated, rows.unallocated[i])
      if (rows.late[i] === 1) forgetOldest(state)
      else beginEpoch(state)
      economy.openDay[0] = economy.iotDelegated[0] = economy.iotPaidEpoch[0] = 0
    }
    total.creditsEpoch[0] = 0
    touch(economy)
  },

  LateEpochClosed(state, rows, begin, end) {
    const { ledger, total } = state
    for (let i = begin; i < end; i++) {
      post(ledger, "hnt", ledger.account.iot_pool, ledger.account.unallocated, rows.unallocated[i])
      total.unallocated[0] += rows.unallocated[i]
      forgetOldest(state)
    }
    total.delegatedEpoch[0] = total.paidEpoch[0] = 0
    state.economy.openDay[0] = 0
    touch(state.economy)
  },

  BackstopApplied({ economy, ledger, mobileTotal }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      if (mobileTotal.owedDay[0] === rows.day[i] + 1) {
        mobileTotal.owedOverflow[0] = rows.overflow[i]
        touch(mobileTotal)
      }
      post(ledger, "hnt", ledger.account.other_networks, ledger.account.delegators, rows.overflow[i])
      if (economy.delegatorDay[0] === rows.day[i] + 1) economy.delegatorHnt[0] += rows.overflow[i]
      mint(ledger, "hnt", ledger.account.council, rows.council[i])
      mint(ledger, "hnt", ledger.account.supplement, rows.supplement[i] - rows.council[i])
      economy.topUp[0] += rows.topUp[i]
      economy.overflow[0] += rows.overflow[i]
      economy.supplement[0] += rows.supplement[i]
    }
    touch(economy)
  },

  TransferQueued({ economy, hotspot, ledger, total }, rows, begin, end) {
    let dc = 0
    for (let i = begin; i < end; i++) {
      hotspot.dcEpoch[rows.node[i]] += rows.dc[i]
      dc += rows.dc[i]
    }
    post(ledger, "dc", ledger.account.credit_holders, ledger.account.queued_credits, dc)
    economy.creditsQueued[0] += dc
    total.creditsEpoch[0] += dc
    touch(economy)
  },

  QueuedCreditsBurned({ economy, ledger, mobileTotal, total }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      const mobile = mobileTotal.creditsQueued[0]
      burn(ledger, "dc", ledger.account.queued_credits, rows.dc[i])
      economy.creditsQueued[0] -= rows.dc[i]
      total.creditsBurned[0] += rows.dc[i] - mobile
      if (mobile === 0) continue
      mobileTotal.creditsBurned[0] += mobile
      mobileTotal.creditsQueued[0] = 0
      touch(mobileTotal)
    }
    touch(economy)
  },

  RewardsClaimed({ claim, economy, ledger }, rows, begin, end) {
    const first = holderOf(ledger, 0)
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      post(ledger, "hnt", first + node, ledger.account.owners, rows.hnt[i])
      post(ledger, "iot", first + node, ledger.account.owners, rows.iot[i])
      claim.hnt[node] += rows.hnt[i]
      economy.claimed[0] += rows.hnt[i]
    }
    touch(claim)
    touch(economy)
  },

  IotRedeemed({ ledger }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      burn(ledger, "iot", holderOf(ledger, rows.node[i]), rows.iot[i])
      post(ledger, "hnt", ledger.account.iot_treasury, ledger.account.owners, rows.hnt[i])
    }
  },
}

/** What an issued day gives Mobile is owed to it where it had an epoch that day: one that waits, or the one that just ended. */
export function oweMobile({ mobileTotal, mobileWaiting, radio, waiting }: State, day: number, hnt: number): void {
  const isLate = waiting.length > 0 && waiting.day[0] === day
  const hadEpoch = isLate ? mobileWaiting.length > 0 && mobileWaiting.day[0] === day : radio.length > 0
  if (!hadEpoch) return
  mobileTotal.owed[0] = hnt
  mobileTotal.owedOverflow[0] = 0
  mobileTotal.owedDay[0] = day + 1
  mobileTotal.offered.addNumber(0, hnt)
  touch(mobileTotal)
}

function beginEpoch({ hotspot }: State): void {
  hotspot.beaconShareE8.fill(0)
  hotspot.witnessShareE8.fill(0)
  hotspot.dcEpoch.fill(0)
}

/** Takes the oldest waiting day, and its shares, out of the queue. */
function forgetOldest({ deferred, economy, waiting }: State): void {
  const day = waiting.day[0]
  let gone = 0
  while (gone < deferred.length && deferred.day[gone] === day) gone++
  for (const name of ["day", "node", "beaconShareE8", "witnessShareE8", "dc"] as const)
    deferred[name].copyWithin(0, gone, deferred.length)
  deferred.length -= gone
  waiting.day.copyWithin(0, 1, waiting.length)
  waiting.reason.copyWithin(0, 1, waiting.length)
  waiting.length--
  economy.epochsLate[0]++
  touch(deferred)
  touch(waiting)
}
