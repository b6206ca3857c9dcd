/** Events change the state here: total, silent, and blind to anything but their rows. */
import type { Evolve } from "../../kernel/network.ts"
import { reserve, touch } from "../../kernel/table.ts"
import { burn, holderOf, mint, post } from "../../ledger/ledger.ts"
import { registryEvolve } from "../../registry/registry.ts"
import type { Events } from "./events.ts"
import { evolveMobile } from "./evolve-mobile.ts"
import { evolveVehnt } from "./evolve-vehnt.ts"
import { evolveRegime, oweMobile } from "./evolve-regime.ts"
import type { State } from "./state.ts"

export const evolve: Evolve<State, Events> = {
  ...registryEvolve,
  ...evolveMobile,
  ...evolveRegime,
  ...evolveVehnt,

  HotspotConfigured({ hotspot }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      hotspot.region[node] = rows.region[i]
      hotspot.gainDdbi[node] = rows.gainDdbi[i]
      hotspot.capable[node] = rows.capable[i]
    }
    touch(hotspot)
  },

  PathMeasured({ path, pathHead, registry }, rows, begin, end) {
    reserve(path, end - begin)
    const { assertions } = registry.nodes
    for (let i = begin; i < end; i++) {
      const p = path.length++
      const beaconer = rows.beaconer[i]
      path.beaconer[p] = beaconer
      path.witness[p] = rows.witness[i]
      path.cells[p] = rows.cells[i]
      path.metres[p] = rows.metres[i]
      path.spaceLossNanoDb[p] = rows.spaceLossNanoDb[i]
      path.beaconerAssertions[p] = assertions[beaconer]
      path.witnessAssertions[p] = assertions[rows.witness[i]]
      path.next[p] = pathHead.path[beaconer]
      pathHead.path[beaconer] = p + 1
    }
    touch(pathHead)
  },

  DenylistChanged({ hotspot }, rows, begin, end) {
    for (let i = begin; i < end; i++) hotspot.denied[rows.node[i]] = rows.denied[i]
    touch(hotspot)
  },

  EdgeDenied({ edge }, rows, begin, end) {
    reserve(edge, end - begin)
    for (let i = begin; i < end; i++) {
      const j = edge.length++
      edge.a[j] = rows.a[i]
      edge.b[j] = rows.b[i]
      edge.denied[j] = rows.denied[i]
    }
    touch(edge)
  },

  BeaconReported({ hotspot }, rows, begin, end) {
    const { node: nodes, receivedS, receivedMs, entropyS, frequencyHz, txPowerDbm, payload, channelLossNanoDb } = rows
    const {
      lastBeaconS,
      open,
      openReceivedS,
      openReceivedMs,
      openEntropyS,
      openFrequencyHz,
      openTxPowerDbm,
      openPayload,
      openChannelLossNanoDb,
    } = hotspot
    for (let i = begin; i < end; i++) {
      const node = nodes[i]
      // A batch logs refused beacons first, and one of those may have come later than this.
      if (receivedS[i] > lastBeaconS[node]) lastBeaconS[node] = receivedS[i]
      open[node] = 1
      openReceivedS[node] = receivedS[i]
      openReceivedMs[node] = receivedMs[i]
      openEntropyS[node] = entropyS[i]
      openFrequencyHz[node] = frequencyHz[i]
      openTxPowerDbm[node] = txPowerDbm[i]
      openPayload[node] = payload[i]
      openChannelLossNanoDb[node] = channelLossNanoDb[i]
    }
  },

  BeaconRefused({ hotspot, total }, rows, begin, end) {
    // The schedule check looks at the last beacon, valid or not (oracles: last_beacon is updated even when invalid).
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      if (rows.receivedS[i] > hotspot.lastBeaconS[node]) hotspot.lastBeaconS[node] = rows.receivedS[i]
    }
    total.beaconsRefused[0] += end - begin
  },

  WitnessProved({ hotspot, total }, rows, begin, end) {
    const { beaconer, witness, shareE8 } = rows
    const { witnessedS, witnessShareE8, witnessed, openReceivedS } = hotspot
    let rewarded = 0
    for (let i = begin; i < end; i++) {
      const node = witness[i]
      const atS = openReceivedS[beaconer[i]]
      if (atS > witnessedS[node]) witnessedS[node] = atS
      const share = shareE8[i]
      if (share === 0) continue
      rewarded++
      witnessed[node]++
      witnessShareE8[node] += share
    }
    total.witnessesProved[0] += end - begin
    total.witnessesRewarded[0] += rewarded
  },

  PocResolved({ hotspot, total }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      const node = rows.beaconer[i]
      hotspot.open[node] = 0
      if (rows.valid[i] > 0) hotspot.goodBeaconS[node] = rows.atS[i]
      if (rows.unreciprocated[i] === 1) total.beaconsUnreciprocated[0]++
      else if (rows.selected[i] > 0) {
        hotspot.beacons[node]++
        hotspot.beaconShareE8[node] += rows.shareE8[i]
        total.beaconsProved[0]++
      }
    }
  },

  HexScaleChanged({ hotspot, total }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      total.active[0] += rows.active[i] - hotspot.active[node]
      hotspot.active[node] = rows.active[i]
      hotspot.scaleE4[node] = rows.scaleE4[i]
    }
  },

  CreditsMinted({ ledger, total }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      burn(ledger, "hnt", ledger.account.circulation, rows.hnt[i])
      mint(ledger, "dc", ledger.account.credit_holders, rows.dc[i])
      total.hntBurnedEpoch[0] += rows.hnt[i]
    }
  },

  DataTransferred({ hotspot, ledger, total }, rows, begin, end) {
    let dc = 0
    for (let i = begin; i < end; i++) {
      hotspot.dcEpoch[rows.node[i]] += rows.dc[i]
      dc += rows.dc[i]
    }
    burn(ledger, "dc", ledger.account.credit_holders, dc)
    total.creditsBurned[0] += dc
    total.creditsEpoch[0] += dc
  },

  EmissionIssued(state, rows, begin, end) {
    const { economy, ledger, total } = state
    for (let i = begin; i < end; i++) {
      const all = rows.scheduled[i] + rows.reEmitted[i] + rows.toppedUp[i]
      economy.iotShareE9[0] = rows.shareE9[i]
      economy.openDay[0] = rows.day[i] + 1
      economy.mintedInWindow[0] = rows.windowed[i]
      economy.windowS[0] = rows.at[i]
      mint(ledger, "hnt", ledger.account.iot_pool, rows.iot[i])
      mint(ledger, "hnt", ledger.account.other_networks, all - rows.iot[i])
      post(ledger, "hnt", ledger.account.iot_pool, ledger.account.delegators, rows.delegators[i])
      total.day[0] = rows.day[i]
      total.emitted[0] += all
      total.smoothedBurn[0] = rows.smoothed[i]
      total.hntBurnedEpoch[0] = 0
      total.delegatedEpoch[0] = rows.delegators[i]
      oweMobile(state, rows.day[i], all - rows.iot[i])
      economy.delegatorDay[0] = rows.day[i] + 1
      economy.delegatorHnt[0] = rows.delegators[i]
      economy.delegatorIot[0] = economy.delegatorMobile[0] = 0
    }
    touch(economy)
  },

  PoolsSplit({ ledger }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      post(ledger, "hnt", ledger.account.iot_pool, ledger.account.operations, rows.operations[i])
      // No oracle set exists, so its share is paid out as unallocated (oracles: reward_share.rs).
      post(ledger, "hnt", ledger.account.iot_pool, ledger.account.unallocated, rows.oracles[i])
    }
  },

  RewardPaid({ hotspot, ledger, total }, rows, begin, end) {
    const { node, beacon, witness, data } = rows
    const first = holderOf(ledger, 0)
    let paid = 0
    for (let i = begin; i < end; i++) {
      const sum = beacon[i] + witness[i] + data[i]
      post(ledger, "hnt", ledger.account.iot_pool, first + node[i], sum)
      hotspot.earned[node[i]] += sum
      paid += sum
    }
    total.paid[0] += paid
    total.paidEpoch[0] += paid
  },

  EpochClosed({ economy, hotspot, ledger, total }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      post(ledger, "hnt", ledger.account.iot_pool, ledger.account.unallocated, rows.unallocated[i])
      total.unallocated[0] += rows.unallocated[i]
    }
    hotspot.beaconShareE8.fill(0)
    hotspot.witnessShareE8.fill(0)
    hotspot.dcEpoch.fill(0)
    total.delegatedEpoch[0] = total.paidEpoch[0] = total.creditsEpoch[0] = 0
    economy.openDay[0] = 0
    touch(economy)
  },
}
