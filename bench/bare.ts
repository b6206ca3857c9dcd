/**
 * A Helium day as a bare loop over typed arrays: the same draws, checks, selection, units, scales and payouts as the network,
 * the same event columns, and nothing besides: no machine, log, hash, promise or table. It is what the product is held against.
 */
import { h3Geometry } from "../protocol/boundary/geometry.ts"
import { make, div } from "../protocol/kernel/decimal.ts"
import type { Values } from "../protocol/kernel/param.ts"
import { block, Mixer, stream, type Stream } from "../protocol/kernel/random.ts"
import { DensityMap } from "../protocol/networks/helium/density-map.ts"
import { computeIotEpochPayouts, newIotPayoutColumns } from "../protocol/networks/helium/iot-payouts.ts"
import type { params } from "../protocol/networks/helium/params.ts"
import { Instants } from "../protocol/networks/helium/inhabit-schedule.ts"
import { payloadTag } from "../protocol/networks/helium/payload-tag.ts"
import { channelLossNanoDb, powerNanoDb } from "../protocol/networks/helium/radio-loss.ts"
import { REGIONS } from "../protocol/networks/helium/regions.ts"
import { rewardUnitsE4 } from "../protocol/networks/helium/reward-units.ts"
import { BONES, type State } from "../protocol/networks/helium/state.ts"
import { barePaths, type BarePaths } from "./bare-paths.ts"
import { copyNodes, newEvents, type BareEvents, type BareNodes } from "./bare-columns.ts"
import { DAY_S, type Fleet } from "./fleet.ts"

const HALF_HOUR_S = 1800
/** As the hotspots of the world do it (protocol/networks/helium/inhabit.ts). */
const EIRP_DBM = 27
const SENSITIVITY_DDBM = -1340
const LATE_DRAWS = 16_384
/** Earlier than any arrival: a place that earns nothing. */
const OUT = -1

export class BareFleet {
  readonly events: BareEvents
  readonly node: BareNodes
  /** Reports refused: late or with a dead entropy, by a standing check or too loud, and for want of reciprocity. */
  readonly refused = { late: 0, standing: 0, reciprocity: 0 }
  /** Events that are one row a day and need no column here. */
  single = 0
  readonly #state: State
  readonly #v: Values<typeof params>
  readonly #paths: BarePaths
  readonly #instants: Instants
  readonly #poc: Stream
  readonly #mixer = new Mixer()
  readonly #words = new Uint32Array(4)
  readonly #dice = new Uint32Array(64)
  readonly #kept = new Uint32Array(64)
  readonly #keptAt = new Float64Array(64)
  readonly #after = new Int32Array(64)
  readonly #crowded = new Int32Array(64)
  readonly #mark: Uint32Array
  readonly #near: Uint32Array
  #stamp = 0
  readonly #units
  readonly #loss = new Map<number, number>()
  readonly #density = new DensityMap()
  readonly #fleet: Fleet
  readonly #asked: Float64Array
  readonly #carried: Float64Array
  readonly #payouts
  readonly #drawn: Uint32Array
  readonly #order: Uint32Array
  readonly #starts: Uint32Array

  constructor(fleet: Fleet) {
    const { machine, lender, memory } = fleet.hotspots
    const state = machine.state as State
    const nodes = state.hotspot.length
    this.#fleet = fleet
    this.#state = state
    this.#v = machine.params as Values<typeof params>
    this.node = copyNodes(state)
    const radio = lender.radio()
    this.#paths = barePaths(state, radio, this.#v)
    const daily = DAY_S / this.#v.beaconIntervalSeconds
    this.events = newEvents(nodes, daily * nodes, daily * radio.to.length)
    this.#instants = new Instants(stream(lender.seed, "helium/beacon-instant"), nodes)
    this.#poc = stream(lender.seed, "helium/poc")
    this.#mark = new Uint32Array(nodes)
    this.#near = new Uint32Array(nodes)
    this.#units = rewardUnitsE4(64, {
      n: this.#v.unitsDesired,
      r: make(BigInt(this.#v.unitsDecayPermille), 3),
      cap: make(BigInt(this.#v.unitsCapMilli), 3),
    })
    this.#asked = new Float64Array(nodes)
    this.#carried = (memory as unknown as { carriedMilli: Float64Array }).carriedMilli.slice()
    this.#payouts = newIotPayoutColumns(nodes)
    this.#drawn = new Uint32Array(nodes)
    this.#order = new Uint32Array(nodes)
    this.#starts = new Uint32Array(this.#v.beaconIntervalSeconds + 1)
    // The map is planned before anything is timed, as the network's was.
    this.#refreshDensity(0)
    this.events.HexScaleChanged.length = 0
  }

  /** The day from `fromS`, of which `iotBones` are the epoch's emission. */
  day(fromS: number, iotBones: number): number {
    for (const e of Object.values(this.events)) e.length = 0
    const every = this.#v.beaconIntervalSeconds
    for (let interval = fromS / every; interval * every < fromS + DAY_S; interval++) {
      this.#layOut(interval, every)
      for (let at = 0; at < every; at += HALF_HOUR_S) {
        this.#beacons(interval * every, this.#starts[at], this.#starts[at + HALF_HOUR_S], every)
        this.#refreshDensity(interval * every + at + HALF_HOUR_S)
      }
    }
    this.#carry(fromS)
    this.#pay(iotBones)
    return Object.values(this.events).reduce((sum, e) => sum + e.length, this.single)
  }

  #layOut(interval: number, every: number): void {
    const starts = this.#starts.fill(0)
    const drawn = this.#drawn
    this.#instants.draw(interval, every, drawn)
    for (let node = 0; node < drawn.length; node++) starts[drawn[node] + 1]++
    for (let s = 0; s < every; s++) starts[s + 1] += starts[s]
    for (let node = drawn.length - 1; node >= 0; node--) this.#order[--starts[drawn[node] + 1]] = node
    // Each start has sunk to that of the second before it.
    starts.copyWithin(0, 1)
    starts[every] = drawn.length
  }

  /** Beacons [begin, end) of the interval's order, each followed to its end. */
  #beacons(intervalS: number, begin: number, end: number, every: number): void {
    const {
      status,
      assertions,
      denied,
      capable,
      region,
      wholeGain,
      lastBeaconS,
      goodBeaconS,
      witnessedS,
      scaleE4,
      beacons,
      beaconShareE8,
      witnessShareE8,
      witnessed,
    } = this.node
    const { BeaconReported: reported, WitnessProved: proved, PocResolved: resolved } = this.events
    const {
      entropyTickSeconds,
      entropyLifespanSeconds,
      lateReportPermille,
      lagAfterBeaconMs,
      lagAfterFirstWitnessMs,
      reciprocitySeconds,
      witnessesMax,
    } = this.#v
    const paths = this.#paths
    const { to, rssiDeciDbm, limit } = paths
    const mixer = this.#mixer
    const dice = this.#dice
    const kept = this.#kept
    const keptAt = this.#keptAt
    const after = this.#after
    const mark = this.#mark
    const lateBelow = Math.floor((lateReportPermille * LATE_DRAWS) / 1000)
    for (let k = begin; k < end; k++) {
      const node = this.#order[k]
      if (capable[node] === 0) continue
      const atS = intervalS + this.#drawn[node]
      block(this.#poc, this.#words, node, intervalS / every)
      mixer.seed(this.#words)
      const channel = mixer.next()
      const local = mixer.next()
      const entropyS = atS - (atS % entropyTickSeconds)
      const payload = payloadTag(entropyS, local, node)
      const { channelsHz } = REGIONS[region[node]]
      const frequencyHz = channelsHz[channel % channelsHz.length]
      const ms = (channel >>> 8) % 1000
      const atMs = atS * 1000 + ms
      const powerDbm = EIRP_DBM - wholeGain[node] / 10

      // The beacon's checks.
      if (
        status[node] !== 1 ||
        assertions[node] === 0 ||
        denied[node] === 1 ||
        entropyS % entropyTickSeconds !== 0 ||
        atS < entropyS ||
        atS > entropyS + entropyLifespanSeconds ||
        Math.floor(atS / every) <= Math.floor(lastBeaconS[node] / every) ||
        payload !== payloadTag(entropyS, local, node)
      )
        throw new Error(`the beacon of ${node} at ${atS} is refused: no calm world`)
      lastBeaconS[node] = atS
      let channelLoss = this.#loss.get(frequencyHz)
      if (channelLoss === undefined) this.#loss.set(frequencyHz, (channelLoss = channelLossNanoDb(frequencyHz)))
      const j = reported.length++
      reported.node[j] = node
      reported.receivedS[j] = atS
      reported.receivedMs[j] = ms
      reported.entropyS[j] = entropyS
      reported.frequencyHz[j] = frequencyHz
      reported.txPowerDbm[j] = powerDbm
      reported.payload[j] = payload
      reported.channelLossNanoDb[j] = channelLoss

      // Its hearers: who hears, reports in time and passes every check.
      const start = paths.begin[node]
      const heard = paths.begin[node + 1] - start
      mixer.fill(dice, heard)
      const stamp = ++this.#stamp
      const power = Math.floor((powerNanoDb(powerDbm) - channelLoss) / 1000)
      let earliest = Infinity
      let reports = 0
      for (let q = 0; q < heard; q++) {
        const p = start + q
        const r = dice[q]
        const signal = rssiDeciDbm[p] - (r & 0x7f) + wholeGain[to[p]]
        if (signal < SENSITIVITY_DDBM) continue
        const receivedMs = atMs + 40 + ((r >>> 7) & 0x3ff) + (r >>> 18 < lateBelow ? 5000 : 0)
        if (receivedMs < earliest) earliest = receivedMs
        keptAt[q] = receivedMs
        kept[reports++] = q
        dice[q] = signal * 100_000 <= power + limit[p] ? 1 : 0
      }
      if (reports === 0) continue
      const latest = atMs <= earliest ? atMs + lagAfterBeaconMs : earliest + lagAfterFirstWitnessMs
      const dead = (entropyS + entropyLifespanSeconds) * 1000 + 999
      let valid = 0
      for (let i = 0; i < reports; i++) {
        const q = kept[i]
        const witness = to[start + q]
        const at = keptAt[q]
        if (at > dead || at > latest) this.refused.late++
        else if (dice[q] === 0 || mark[witness] === stamp) this.refused.standing++
        else {
          kept[valid] = witness
          keptAt[valid++] = at
        }
        mark[witness] = stamp
      }

      // Reciprocity, selection, units.
      const reciprocated = reciprocitySeconds === 0 || (witnessedS[node] > 0 && atS - witnessedS[node] <= reciprocitySeconds)
      let left = 0
      for (let i = 0; i < valid; i++) {
        const witness = kept[i]
        const own = goodBeaconS[witness]
        if (reciprocated && (reciprocitySeconds === 0 || (own > 0 && atS - own <= reciprocitySeconds))) {
          kept[left] = witness
          keptAt[left++] = keptAt[i]
          continue
        }
        this.refused.reciprocity++
        const w = proved.length++
        proved.beaconer[w] = node
        proved.witness[w] = witness
        proved.shareE8[w] = 0
        if (atS > witnessedS[witness]) witnessedS[witness] = atS
      }
      const all = left <= witnessesMax
      const selected = all ? left : this.#select(left, witnessesMax, atMs)
      const share = this.#units.witness[selected] * scaleE4[node]
      for (let i = 0; i < left; i++) {
        const witness = kept[i]
        const w = proved.length++
        const earns = all || after[i] !== OUT ? share : 0
        proved.beaconer[w] = node
        proved.witness[w] = witness
        proved.shareE8[w] = earns
        if (atS > witnessedS[witness]) witnessedS[witness] = atS
        if (earns === 0) continue
        witnessed[witness]++
        witnessShareE8[witness] += earns
      }
      const beaconShare = this.#units.beaconer[selected] * scaleE4[node]
      const unreciprocated = reciprocated ? 0 : 1
      const d = resolved.length++
      resolved.beaconer[d] = node
      resolved.atS[d] = atS
      resolved.shareE8[d] = beaconShare
      resolved.selected[d] = selected
      resolved.valid[d] = valid
      resolved.unreciprocated[d] = unreciprocated
      if (valid > 0) goodBeaconS[node] = atS
      if (unreciprocated === 0 && selected > 0) {
        beacons[node]++
        beaconShareE8[node] += beaconShare
      }
    }
  }

  /** Those near an earlier one are out, then the latest (HIP-83, HIP-136); gives the number that earns. */
  #select(n: number, max: number, atMs: number): number {
    const kept = this.#kept
    const after = this.#after
    const near = this.#near
    const stamp = this.#stamp
    const crowded = this.#crowded
    const { nearBegin, nearTo, isNearAny } = this.#paths
    let few = 0
    for (let i = 0; i < n; i++) {
      after[i] = this.#keptAt[i] - atMs
      if (isNearAny[kept[i]] === 0) continue
      let m = few++
      for (; m > 0 && after[crowded[m - 1]] > after[i]; m--) crowded[m] = crowded[m - 1]
      crowded[m] = i
    }
    let selected = n
    for (let m = 0; m < few; m++) {
      const witness = kept[crowded[m]]
      if (near[witness] === stamp) {
        after[crowded[m]] = OUT
        selected--
      } else for (let q = nearBegin[witness]; q < nearBegin[witness + 1]; q++) near[nearTo[q]] = stamp
    }
    for (; selected > max; selected--) {
      let latestMs = OUT
      let latest = 0
      for (let i = 0; i < n; i++) {
        const isLater = (latestMs - after[i] - 1) >> 31
        latestMs ^= (latestMs ^ after[i]) & isLater
        latest ^= (latest ^ i) & isLater
      }
      after[latest] = OUT
    }
    return selected
  }

  /** Scales follow who is active: the network's own map, over these columns. */
  #refreshDensity(atS: number): void {
    const { node, events } = this
    const to = events.HexScaleChanged
    const columns = { hotspot: node, registry: this.#state.registry } as unknown as State
    this.#density.refresh(columns, atS, this.#v, h3Geometry, (n, scaleE4, active) => {
      const j = to.length++
      to.node[j] = n
      to.scaleE4[j] = node.scaleE4[n] = scaleE4
      to.active[j] = node.active[n] = active
    })
  }

  /** What every hotspot carried that day, as Data Credits. */
  #carry(fromS: number): void {
    const asked = this.#asked
    const carried = this.#carried
    const to = this.events.DataTransferred
    this.#fleet.hotspots.lender.demand(fromS, fromS + DAY_S, asked)
    for (let n = 0; n < asked.length; n++) {
      carried[n] += asked[n]
      const dc = Math.floor(carried[n] / 1000)
      if (dc === 0) continue
      carried[n] -= dc * 1000
      const j = to.length++
      to.node[j] = n
      to.dc[j] = dc
      this.node.dcEpoch[n] += dc
    }
  }

  #pay(iotBones: number): void {
    const { beaconShareE8, witnessShareE8, dcEpoch, earned } = this.node
    const v = this.#v
    const price = div(make(BigInt(v.hntPriceE8Usd), 8), make(BigInt(BONES)), 16, "floor")
    computeIotEpochPayouts(
      {
        emissionsBones: iotBones,
        pricePerBone: price,
        length: earned.length,
        beaconSharesE8: beaconShareE8,
        witnessSharesE8: witnessShareE8,
        dc: dcEpoch,
      },
      this.#payouts,
      {
        beaconPercent: v.beaconsPercent,
        witnessPercent: v.witnessesPercent,
        dataPercent: v.dataPercent,
        operationsPercent: v.operationsPercent,
        oraclePercent: v.oraclesPercent,
        remainderBeaconPercent: v.underflowBeaconsPercent,
        remainderWitnessPercent: 100 - v.underflowBeaconsPercent,
        remainderOperationsPercent: 0,
      },
    )
    const { beacon, witness, dataTransfer } = this.#payouts
    const to = this.events.RewardPaid
    for (let n = 0; n < earned.length; n++) {
      const sum = beacon[n] + witness[n] + dataTransfer[n]
      if (sum === 0) continue
      const j = to.length++
      to.node[j] = n
      to.beacon[j] = beacon[n]
      to.witness[j] = witness[n]
      to.data[j] = dataTransfer[n]
      earned[n] += sum
    }
    beaconShareE8.fill(0)
    witnessShareE8.fill(0)
    dcEpoch.fill(0)
  }
}
