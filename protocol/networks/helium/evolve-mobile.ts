/** Mobile's events change the state here: total, silent, and blind to anything but their rows. */
import { DAY, HOUR } from "../../kernel/clock.ts"
import type { Evolve } from "../../kernel/network.ts"
import { reserve, touch } from "../../kernel/table.ts"
import { burn, holderOf, mint, post } from "../../ledger/ledger.ts"
import type { MobileWorld } from "./decide-mobile.ts"
import type { MobileEvents } from "./events-mobile.ts"
import { SAMPLES_MAX } from "./mobile-speedtest.ts"

/** `SENIORITY_REASONS`: a provider's ban. */
const PROVIDER_BAN = 3

export const evolveMobile: Evolve<MobileWorld, MobileEvents> = {
  RadioRegistered({ radio, radioHead, speedtest, coverage }, rows, begin, end) {
    reserve(radio, end - begin)
    reserve(speedtest, (end - begin) * SAMPLES_MAX)
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      let r = radioHead.radio[node] - 1
      if (r < 0) {
        r = radio.length++
        radio.node[r] = node
        radioHead.radio[node] = r + 1
        speedtest.length += SAMPLES_MAX
      }
      radio.kind[r] = rows.kind[i]
      // Another kind of radio has other coverage: the old claim goes with the old radio.
      radio.object[r] = 0
      radio.hexes[r] = 0
    }
    touch(radio)
    touch(radioHead)
    touch(speedtest)
    // What the map sorts includes the kind.
    touch(coverage)
  },

  CoverageClaimed({ radio, radioHead, coverage }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      const r = radioHead.radio[rows.node[i]] - 1
      const hexes = rows.hexes[i]
      if (hexes > radio.hexRoom[r]) {
        reserve(coverage, hexes)
        radio.hexBegin[r] = coverage.length
        radio.hexRoom[r] = hexes
        coverage.length += hexes
      }
      radio.hexes[r] = 0
      radio.object[r] = rows.object[i]
      radio.claimedS[r] = rows.claimedS[i]
      // Nothing measured of the old hexes holds for the new ones, whatever their object is called.
      radio.placeObject[r] = 0
    }
    touch(radio)
    touch(coverage)
  },

  HexCovered({ radio, radioHead, coverage }, rows, begin, end) {
    const { hexHi, hexLo, powerDdbm, level } = coverage
    for (let i = begin; i < end; i++) {
      const r = radioHead.radio[rows.node[i]] - 1
      const h = radio.hexBegin[r] + radio.hexes[r]++
      hexHi[h] = rows.hexHi[i]
      hexLo[h] = rows.hexLo[i]
      powerDdbm[h] = rows.powerDdbm[i]
      level[h] = rows.level[i]
    }
    touch(radio)
    touch(coverage)
  },

  HeartbeatReported({ radio, radioHead, registry, mobileTotal }, rows, begin, end) {
    const { assertions } = registry.nodes
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const r = radioHead.radio[node] - 1
      const atS = rows.atS[i]
      const day = Math.floor(atS / DAY)
      if (day !== radio.day[r]) {
        radio.day[r] = day
        radio.hours[r] = radio.trustQuarters[r] = radio.metresSum[r] = 0
      }
      const hour = 1 << Math.floor((atS - day * DAY) / HOUR)
      // One heartbeat an hour counts, the first (oracles: truncated_timestamp).
      if ((radio.hours[r] & hour) === 0) {
        radio.hours[r] |= hour
        radio.trustQuarters[r] += rows.trustQuarters[i]
        radio.metresSum[r] += rows.metres[i]
      }
      // A heartbeat that could not re-claim seniority does not keep it alive either (oracles: NoAction).
      if (rows.seniorityObject[i] === radio.object[r] && atS > radio.lastHeartbeatS[r]) radio.lastHeartbeatS[r] = atS
      radio.placeHi[r] = rows.placeHi[i]
      radio.placeLo[r] = rows.placeLo[i]
      radio.placeS[r] = rows.placeS[i]
      radio.placeMetres[r] = rows.metres[i]
      radio.placeWithin[r] = rows.isWithin[i]
      radio.placeReach[r] = rows.reachMetres[i]
      radio.placeObject[r] = radio.object[r]
      radio.placeAssertions[r] = assertions[node]
      radio.seniorityS[r] = rows.seniorityS[i]
      radio.seniorityObject[r] = rows.seniorityObject[i]
      radio.seniorityReason[r] = rows.seniorityReason[i]
    }
    mobileTotal.heartbeats[0] += end - begin
    touch(radio)
    touch(mobileTotal)
  },

  SpeedtestReported({ radio, radioHead, speedtest }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      const r = radioHead.radio[rows.node[i]] - 1
      const k = r * SAMPLES_MAX + (radio.speedtests[r] % SAMPLES_MAX)
      radio.speedtests[r]++
      speedtest.atS[k] = rows.atS[i]
      speedtest.uploadKbps[k] = rows.uploadKbps[i]
      speedtest.downloadKbps[k] = rows.downloadKbps[i]
      speedtest.latencyMs[k] = rows.latencyMs[i]
    }
    touch(radio)
    touch(speedtest)
  },

  ConnectionsCounted({ radio, radioHead }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      const r = radioHead.radio[rows.node[i]] - 1
      radio.connections[r] = rows.connections[i]
      radio.phones[r] = rows.phones[i]
    }
    touch(radio)
  },

  RadioBanned({ radio, radioHead }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      const r = radioHead.radio[rows.node[i]] - 1
      radio.banned[r] = rows.banned[i]
      // A ban also costs seniority, which an earlier claim cannot bring back (oracles: ServiceProviderBan).
      if (rows.banned[i] === 1) {
        radio.seniorityS[r] = rows.at[i]
        radio.seniorityObject[r] = radio.object[r]
        radio.seniorityReason[r] = PROVIDER_BAN
      }
    }
    touch(radio)
  },

  HexAssigned({ assignment }, rows, begin, end) {
    reserve(assignment, end - begin)
    for (let i = begin; i < end; i++) {
      const j = assignment.length++
      assignment.hexHi[j] = rows.hexHi[i]
      assignment.hexLo[j] = rows.hexLo[i]
      assignment.index[j] = rows.index[i]
    }
    touch(assignment)
  },

  HexBoosted({ boost, ledger, mobileTotal }, rows, begin, end) {
    reserve(boost, end - begin)
    for (let i = begin; i < end; i++) {
      const j = boost.length++
      boost.hexHi[j] = rows.hexHi[i]
      boost.hexLo[j] = rows.hexLo[i]
      boost.kind[j] = rows.kind[i]
      boost.multiplier[j] = rows.multiplier[i]
      boost.fromS[j] = rows.fromS[i]
      boost.untilS[j] = rows.untilS[i]
      burn(ledger, "dc", ledger.account.credit_holders, rows.dc[i])
      mobileTotal.creditsBurned[0] += rows.dc[i]
    }
    touch(boost)
    touch(mobileTotal)
  },

  MappersCounted({ mapper }, rows, begin, end) {
    reserve(mapper, end - begin)
    for (let i = begin; i < end; i++) {
      const j = mapper.length++
      mapper.subscribers[j] = rows.subscribers[i]
      mapper.verificationPoints[j] = rows.verificationPoints[i]
    }
    touch(mapper)
  },

  MobileDataTransferred({ radio, radioHead, ledger, mobileTotal }, rows, begin, end) {
    let dc = 0
    for (let i = begin; i < end; i++) {
      radio.dcEpoch[radioHead.radio[rows.node[i]] - 1] += rows.dc[i]
      dc += rows.dc[i]
    }
    burn(ledger, "dc", ledger.account.credit_holders, dc)
    mobileTotal.creditsBurned[0] += dc
    mobileTotal.dcEpoch[0] += dc
    touch(radio)
    touch(mobileTotal)
  },

  MobileTransferQueued({ radio, radioHead, ledger, economy, mobileTotal }, rows, begin, end) {
    let dc = 0
    for (let i = begin; i < end; i++) {
      radio.dcEpoch[radioHead.radio[rows.node[i]] - 1] += rows.dc[i]
      dc += rows.dc[i]
    }
    post(ledger, "dc", ledger.account.credit_holders, ledger.account.queued_credits, dc)
    economy.creditsQueued[0] += dc
    mobileTotal.creditsQueued[0] += dc
    mobileTotal.dcEpoch[0] += dc
    touch(radio)
    touch(economy)
    touch(mobileTotal)
  },

  /**
   * In HNT it is part of what the day's emission set aside for the other networks; MOBILE is minted by its own schedule, and that
   * HNT is its treasury (HIP-51, HIP-53).
   */
  MobileEmissionIssued({ economy, ledger, mobileTotal }, rows, begin, end) {
    const { account } = ledger
    for (let i = begin; i < end; i++) {
      const isMobile = rows.inMobile[i] === 1
      const token = isMobile ? "mobile" : "hnt"
      // What the ceiling redirected has left for the delegators already, with the day's issue.
      const fresh = isMobile ? 0 : rows.emission[i] - rows.overflow[i]
      if (isMobile) mint(ledger, token, account.mobile_pool, rows.emission[i])
      else post(ledger, "hnt", account.other_networks, account.mobile_pool, fresh)
      post(ledger, "hnt", account.other_networks, account.mobile_treasury, rows.treasury[i])
      mobileTotal.setAside.addNumber(0, fresh + rows.treasury[i] + rows.overflow[i])
      mobileTotal.owed[0] = mobileTotal.owedOverflow[0] = mobileTotal.owedDay[0] = 0
      post(ledger, token, account.mobile_pool, account.delegators, rows.delegators[i])
      mobileTotal.inMobile[0] = rows.inMobile[i]
      mobileTotal.emittedEpoch[0] = rows.emission[i]
      mobileTotal.openDay[0] = rows.day[i] + 1
      if (economy.delegatorDay[0] === rows.day[i] + 1)
        (isMobile ? economy.delegatorMobile : economy.delegatorHnt)[0] += rows.delegators[i]
    }
    touch(economy)
    touch(mobileTotal)
  },

  MobilePoolsSplit({ ledger, mobileTotal }, rows, begin, end) {
    const { account } = ledger
    const token = mobileTotal.inMobile[0] === 1 ? "mobile" : "hnt"
    for (let i = begin; i < end; i++) {
      post(ledger, token, account.mobile_pool, account.mappers, rows.mappers[i])
      post(ledger, token, account.mobile_pool, account.service_providers, rows.serviceProviders[i])
      mobileTotal.hexesCovered[0] = rows.hexesCovered[i]
      mobileTotal.radiosRewarded[0] = rows.radios[i]
    }
    touch(mobileTotal)
  },

  RadioPaid({ radio, radioHead, ledger, mobileTotal }, rows, begin, end) {
    const first = holderOf(ledger, 0)
    const isMobile = mobileTotal.inMobile[0] === 1
    const token = isMobile ? "mobile" : "hnt"
    const earned = isMobile ? radio.earnedMobile : radio.earnedHnt
    let paid = 0
    let coverage = 0
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const r = radioHead.radio[node] - 1
      const forCoverage = rows.coverage[i] + rows.boosted[i]
      const sum = forCoverage + rows.data[i]
      post(ledger, token, ledger.account.mobile_pool, first + node, sum)
      earned[r] += sum
      radio.earnedCoverage[r] += forCoverage
      paid += sum
      coverage += forCoverage
    }
    mobileTotal.paid.addNumber(0, paid)
    mobileTotal.paidCoverage.addNumber(0, coverage)
    mobileTotal.paidEpoch[0] += paid
    touch(radio)
    touch(mobileTotal)
  },

  MobileEpochClosed(state, rows, begin, end) {
    const { ledger, mobileTotal } = state
    const token = mobileTotal.inMobile[0] === 1 ? "mobile" : "hnt"
    for (let i = begin; i < end; i++) {
      post(ledger, token, ledger.account.mobile_pool, ledger.account.unallocated, rows.unallocated[i])
      mobileTotal.unallocated.addNumber(0, rows.unallocated[i])
      if (rows.late[i] === 1) forgetOldest(state)
      else beginEpoch(state, rows.day[i])
    }
    mobileTotal.emittedEpoch[0] = mobileTotal.paidEpoch[0] = mobileTotal.inMobile[0] = mobileTotal.openDay[0] = 0
    touch(mobileTotal)
  },

  /** The epoch's claims are in rows of their own; the next epoch begins with none. */
  MobileEpochDeferred(state, rows, begin, end) {
    const { mapper, mapperDeferred, mobileWaiting } = state
    for (let i = begin; i < end; i++) {
      reserve(mobileWaiting, 1)
      const w = mobileWaiting.length++
      mobileWaiting.day[w] = rows.day[i]
      mobileWaiting.dc[w] = rows.dc[i]
      mobileWaiting.heartbeats[w] = rows.heartbeats[i]
      mobileWaiting.hexesCovered[w] = rows.hexesCovered[i]
      reserve(mapperDeferred, mapper.length)
      for (let m = 0; m < mapper.length; m++) {
        const j = mapperDeferred.length++
        mapperDeferred.day[j] = rows.day[i]
        mapperDeferred.subscribers[j] = mapper.subscribers[m]
        mapperDeferred.verificationPoints[j] = mapper.verificationPoints[m]
      }
      beginEpoch(state, rows.day[i])
    }
    touch(mapperDeferred)
    touch(mobileWaiting)
  },

  RadioDeferred({ mobileDeferred }, rows, begin, end) {
    reserve(mobileDeferred, end - begin)
    for (let i = begin; i < end; i++) {
      const j = mobileDeferred.length++
      mobileDeferred.day[j] = rows.day[i]
      mobileDeferred.node[j] = rows.node[i]
      mobileDeferred.baseWeight[j] = rows.baseWeight[i]
      mobileDeferred.boostedWeight[j] = rows.boostedWeight[i]
      mobileDeferred.heartbeats[j] = rows.heartbeats[i]
      mobileDeferred.dc[j] = rows.dc[i]
    }
    touch(mobileDeferred)
  },

  MobileRedeemed({ ledger, mobileTotal }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      burn(ledger, "mobile", holderOf(ledger, rows.node[i]), rows.mobile[i])
      post(ledger, "hnt", ledger.account.mobile_treasury, ledger.account.owners, rows.hnt[i])
      mobileTotal.redeemed.addNumber(0, rows.mobile[i])
    }
    touch(mobileTotal)
  },
}

function beginEpoch({ radio, mapper, mobileTotal }: MobileWorld, closed: number): void {
  radio.dcEpoch.fill(0)
  mapper.length = 0
  mobileTotal.dcEpoch[0] = 0
  mobileTotal.day[0] = closed
  touch(radio)
  touch(mapper)
  touch(mobileTotal)
}

/** Takes the oldest waiting Mobile day, and its claims, out of the queue. */
function forgetOldest({ mobileDeferred, mapperDeferred, mobileTotal, mobileWaiting }: MobileWorld): void {
  dropDay(mobileDeferred, mobileWaiting.day[0])
  dropDay(mapperDeferred, mobileWaiting.day[0])
  dropFirst(mobileWaiting, 1)
  mobileTotal.epochsLate[0]++
}

function dropDay(rows: { readonly day: ArrayLike<number>; length: number }, day: number): void {
  let gone = 0
  while (gone < rows.length && rows.day[gone] === day) gone++
  dropFirst(rows as never, gone)
}

function dropFirst(
  rows: MobileWorld["mobileWaiting"] | MobileWorld["mobileDeferred"] | MobileWorld["mapperDeferred"],
  gone: number,
): void {
  for (const column of Object.values(rows))
    if (ArrayBuffer.isView(column)) (column as Float64Array).copyWithin(0, gone, rows.length)
  rows.length -= gone
  touch(rows)
}
