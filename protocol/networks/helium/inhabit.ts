/**
 * Hotspots and their users, as actors in a world: truth becomes command rows here, and nothing of it goes further.
 *
 * A hotspot beacons at a random instant of each aligned interval (gateway-rs mk_next_beacon_time); whoever hears it
 * reports. Devices send uplinks all day; any hotspot near them can carry one.
 */
import { DAY } from "../../kernel/clock.ts"
import type { Habitat, Inhabit, InhabitContext, Inhabitants, RadioPaths } from "../../kernel/habitat.ts"
import type { Values } from "../../kernel/param.ts"
import { below, block, Mixer, stream } from "../../kernel/random.ts"
import { reserve } from "../../kernel/table.ts"
import { unit } from "../../kernel/unit.ts"
import { NO_PATH, type Commands } from "./commands.ts"
import type { params } from "./params.ts"
import { cheaterIncomePermille, measureRings, publishEdges, vouch } from "./inhabit-cheats.ts"
import { Challenges, type Due } from "./inhabit-challenges.ts"
import { claim, refreshPrice, watch } from "./inhabit-ledger.ts"
import { lockHnt, tendPositions } from "./inhabit-vehnt.ts"
import { ROLE, rolesFor, type Roles } from "./inhabit-roles.ts"
import { BeaconSchedule } from "./inhabit-schedule.ts"
import { exactBeacon } from "./exact-beacon.ts"
import { facilities, observes } from "./inhabit-world.ts"
import { payloadTag } from "./payload-tag.ts"
import { Uplinks } from "./inhabit-uplinks.ts"
import { MobileRadios } from "./inhabit-mobile.ts"
import { REGIONS, regionOf } from "./regions.ts"
import { BONES, type State } from "./state.ts"

/** Antennas sold with hotspots and their rough shares; an assumption, gains in 0.1 dBi. */
const GAINS_DDBI = [12, 12, 12, 30, 30, 40, 58, 80] as const
const EIRP_DBM = 27
/** The weakest signal a hotspot decodes, 0.1 dBm: LoRa near SF9 at 125 kHz; an assumption shared with the radio map. */
const SENSITIVITY_DDBM = -1340
/** The 14 bits of a draw that decide whether a report is late. */
const LATE_DRAWS = 16_384
/** Beacons sent at once: however large the fleet, their reports are still in cache when they are decided. */
const LOT = 512
const CREDITS_PER_USD = 100_000

const memory = {
  carriedMilli: unit("1/1000 uplink", "safe", 0),
  /** Of Mobile traffic, between two reports. */
  mobileKilobytes: unit("kB", "safe", 0),
  /** Credits that a milking owner spent through his own hotspot. */
  milkedDc: unit("DC", "safe", 0),
} as const

type Context = InhabitContext<State, Commands>
type Settings = Values<typeof params>

class Hotspots implements Inhabitants {
  readonly #c: Context
  readonly #h: Habitat
  #schedule: BeaconSchedule
  readonly #uplinks: Uplinks
  readonly #mobile: MobileRadios
  readonly #carried: Float64Array
  readonly #poc
  readonly #words = new Uint32Array(4)
  readonly #mixer = new Mixer()
  #dice = new Uint32Array(256)
  #calm = { version: -1, now: false }
  #radio: RadioPaths | undefined
  #hinted: boolean | undefined
  /** Whole dB of each antenna, in 0.1 dB. */
  #gain: Int16Array | undefined
  readonly #roles: () => Roles | undefined
  readonly #milked: Float64Array
  readonly #challenges: Challenges
  #chatty = { roles: undefined as Roles | undefined, beacons: 0 }

  constructor(context: Context) {
    this.#c = context
    this.#h = context.habitat
    this.#schedule = new BeaconSchedule(stream(this.#h.seed, "helium/beacon-instant"), this.#h.nodes)
    this.#poc = stream(this.#h.seed, "helium/poc")
    this.#carried = (context.memory as unknown as { carriedMilli: Float64Array }).carriedMilli
    this.#milked = (context.memory as unknown as { milkedDc: Float64Array }).milkedDc
    this.#uplinks = new Uplinks(this.#h)
    this.#mobile = new MobileRadios(context, (context.memory as unknown as { mobileKilobytes: Float64Array }).mobileKilobytes)
    this.#roles = rolesFor(this.#h)
    this.#challenges = new Challenges(context)
  }

  /** Hotspots join, say where they are and what they are; the verifier measures who can hear whom; users buy credits. */
  arrive(): void {
    const { commands, submit } = this.#c
    const { nodes, places, beginS, seed } = this.#h
    const cells = this.#h.cells()
    const { country, asn, provider, client, grid, operator } = places.domains
    const gains = stream(seed, "helium/antenna")
    const roles = this.#roles()
    for (const t of [commands.RegisterNode, commands.AssertLocation, commands.DeclareDomains, commands.ConfigureHotspot])
      reserve(t, nodes)
    for (let node = 0; node < nodes; node++) {
      const r = commands.RegisterNode
      r.node[node] = node
      r.owner[node] = operator.of[node]
      r.at[node] = beginS
      const a = commands.AssertLocation
      const said = roles?.asserts[node] ?? node
      a.node[node] = node
      a.hexHi[node] = cells.hexHi[said]
      a.hexLo[node] = cells.hexLo[said]
      a.latE7[node] = cells.latE7[said]
      a.lngE7[node] = cells.lngE7[said]
      a.at[node] = beginS
      const d = commands.DeclareDomains
      d.node[node] = node
      // A declared domain of 0 means "not said", so indexes are declared one higher.
      d.country[node] = country.of[node] + 1
      d.asn[node] = asn.of[node] + 1
      d.provider[node] = provider.of[node] + 1
      d.client[node] = client.of[node] + 1
      d.grid[node] = grid.of[node] + 1
      d.at[node] = beginS
      const c = commands.ConfigureHotspot
      const region = regionOf(country.names[country.of[node]])
      c.node[node] = node
      c.region[node] = region
      c.gainDdbi[node] = GAINS_DDBI[below(gains, GAINS_DDBI.length, node)]
      c.capable[node] = REGIONS[region].poc ? 1 : 0
    }
    for (const type of ["RegisterNode", "AssertLocation", "DeclareDomains", "ConfigureHotspot"] as const) {
      commands[type].length = nodes
      submit(type)
    }
    this.#measurePaths(roles)
    this.#buyCredits(this.#params().creditsBoughtUsd * CREDITS_PER_USD, beginS)
    lockHnt(this.#c)
    this.#mobile.arrive(beginS)
  }

  /** Beacons due in [fromS, toS), in time order, each with its hearers' reports; sent in lots that stay in cache until decided. */
  act(fromS: number, toS: number): void {
    watch(this.#c, fromS)
    this.#prove(fromS, toS)
    this.#mobile.act(Math.max(fromS, this.#h.beginS), toS)
  }

  #prove(fromS: number, toS: number): void {
    const v = this.#params()
    if (v.proofOfCoverage === 0) return
    if (v.challengers > 0) return this.#answer(fromS, toS)
    if (this.#proofThrough() === 0) return
    const { submit } = this.#c
    const due = this.#timed().due(Math.max(fromS, this.#h.beginS), toS, v.beaconIntervalSeconds)
    for (let k = 0; k < due.length; k += LOT) {
      this.#beacon(due, k, Math.min(due.length, k + LOT))
      submit("ReportBeacon")
      submit("ReportWitness")
    }
  }

  /** The old chain: challenges, the beacons they ask for, whoever hears them, and the challengers' receipts. */
  #answer(fromS: number, toS: number): void {
    const { submit } = this.#c
    const due = this.#challenges.due(fromS, toS)
    for (let k = 0; k < due.length;) {
      const end = this.#challenges.issue(k, LOT)
      this.#beacon(due, k, end)
      submit("ReportBeacon")
      submit("ReportWitness")
      this.#challenges.submitReceipts(k, end)
      k = end
    }
  }

  /** The share of proofs that reach a verifier with an entropy that lives: on the old chain there is neither. */
  #proofThrough(): number {
    return this.#params().challengers > 0 ? 1000 : Math.floor((this.#h.served("verifier") * this.#h.served("entropy")) / 1000)
  }

  /** Everybody once an interval; chatty hotspots again. */
  #timed(): BeaconSchedule {
    const roles = this.#roles()
    const { chattyBeacons } = this.#params()
    if (roles !== this.#chatty.roles || (roles !== undefined && chattyBeacons !== this.#chatty.beacons)) {
      this.#chatty = { roles, beacons: chattyBeacons }
      const extra = (roles?.chatty ?? []).flatMap((node) => Array.from({ length: chattyBeacons - 1 }, () => node))
      this.#schedule = new BeaconSchedule(stream(this.#h.seed, "helium/beacon-instant"), this.#h.nodes, extra)
    }
    return this.#schedule
  }

  /** Writes the reports of beacons [from, end) of those due, and of whoever hears them. */
  #beacon(due: Due, from: number, end: number): void {
    const roles = this.#roles()
    const proofThrough = this.#proofThrough()
    const { commands } = this.#c
    const { running, throughPermille, skewS } = this.#h
    const verified = this.#h.served("verifier")
    const v = this.#params()
    const { beaconIntervalSeconds, entropyTickSeconds, lateReportPermille } = v
    const radio = (this.#radio ??= this.#h.radio())
    const { begin, to, rssiDeciDbm } = radio
    const hinted = (this.#hinted ??= this.#isAligned(radio))
    const beacons = commands.ReportBeacon
    const witnesses = commands.ReportWitness
    const { hotspot } = this.#c.state
    const gain = (this.#gain ??= Int16Array.from(hotspot.gainDdbi, (g) => Math.trunc(g / 10) * 10))
    const lateBelow = Math.floor((lateReportPermille * LATE_DRAWS) / 1000)
    const mixer = this.#mixer
    const calm = this.#isCalm()
    const isExact = v.exactBeacons === 1
    let room = 0
    for (let k = from; k < end; k++) room += begin[due.node[k] + 1] - begin[due.node[k]]
    if (roles !== undefined) room += (end - from) * v.ringSize
    reserve(beacons, end - from)
    reserve(witnesses, room)
    const { beaconer, witness: hearer, receivedMs, payload: payloads, frequencyHz: frequencies, signalDdbm, path } = witnesses
    let w = witnesses.length
    for (let k = from; k < end; k++) {
      const node = due.node[k]
      if (running[node] === 0 || hotspot.capable[node] === 0) continue
      const role = roles === undefined ? ROLE.honest : roles.of[node]
      if (role === ROLE.silent) continue
      const atS = due.atS[k]
      // Who beacons once an interval has one block for it; who is asked or chatters, one for each second.
      block(
        this.#poc,
        this.#words,
        node,
        v.challengers > 0 || role === ROLE.chatty ? atS : Math.floor(atS / beaconIntervalSeconds),
      )
      mixer.seed(this.#words)
      const channel = mixer.next()
      // A hotspot whose clock is off asks for the entropy of another time, and the verifier sees when it arrived.
      const clockS = skewS === undefined ? atS : Math.max(0, atS + skewS[node])
      const entropyS = Math.floor(clockS / entropyTickSeconds) * entropyTickSeconds
      const local = mixer.next()
      const region = hotspot.region[node]
      const { channelsHz } = REGIONS[region]
      const made = isExact ? exactBeacon(entropyS, local, region) : undefined
      const payload = made?.payload ?? payloadTag(entropyS, local, node)
      const frequencyHz = made?.frequencyHz ?? channelsHz[channel % channelsHz.length]
      const atMs = atS * 1000 + ((channel >>> 8) % 1000)
      // A report that does not get through is lost: the entropy is dead before it could be sent again.
      if (throughPermille[node] < 1000 && mixer.next() % 1000 >= throughPermille[node]) continue
      if (proofThrough < 1000 && mixer.next() % 1000 >= proofThrough) continue
      // Nobody is there to receive it, and the entropy does not wait.
      if (verified < 1000 && mixer.next() % 1000 >= verified) continue
      const b = beacons.length++
      beacons.node[b] = node
      beacons.receivedMs[b] = atMs
      beacons.entropyS[b] = entropyS
      beacons.local[b] = local
      beacons.payload[b] = payload
      beacons.frequencyHz[b] = frequencyHz
      beacons.txPowerDbm[b] = EIRP_DBM - Math.trunc(hotspot.gainDdbi[node] / 10)

      if (role === ROLE.ring) {
        witnesses.length = w
        vouch(this.#c, roles!.rings[roles!.ringOf[node]], node, atMs, payload, frequencyHz, mixer)
        w = witnesses.length
        continue
      }
      const start = begin[node]
      const heard = begin[node + 1] - start
      if (this.#dice.length < 2 * heard) this.#dice = new Uint32Array(4 * heard)
      const dice = this.#dice
      mixer.fill(dice, calm ? heard : 2 * heard)
      for (let q = 0; q < heard; q++) {
        const p = start + q
        const witness = to[p]
        const r = dice[q]
        if (roles !== undefined && roles.of[witness] === ROLE.ring) continue
        if (!calm && (running[witness] === 0 || dice[heard + q] % 1000 >= throughPermille[witness])) continue
        const signal = rssiDeciDbm[p] - (r & 0x7f) + gain[witness]
        if (signal < SENSITIVITY_DDBM) continue
        const late = r >>> 18 < lateBelow ? 5000 : 0
        beaconer[w] = node
        hearer[w] = witness
        receivedMs[w] = atMs + 40 + ((r >>> 7) & 0x3ff) + late
        payloads[w] = payload
        frequencies[w] = frequencyHz
        signalDdbm[w] = signal
        path[w] = hinted ? p : NO_PATH
        w++
      }
    }
    witnesses.length = w
  }

  serve(fromS: number, toS: number, byNode?: { offered: Float64Array; served: Float64Array }) {
    return this.#uplinks.serve(
      fromS,
      toS,
      this.#params().deviceRangeMetres,
      (this.#radio ??= this.#h.radio()),
      this.#carried,
      byNode,
    )
  }

  /** The packet router reports what each hotspot carried, and users replace the credits they spent; at midnight owners draw. */
  close(toS: number): void {
    const v = this.#params()
    if (toS % DAY === 0) {
      refreshPrice(this.#c, toS)
      publishEdges(this.#c, this.#roles(), toS)
    }
    if (toS % v.transferEverySeconds === 0 || toS % DAY === 0) this.#reportTraffic(toS, v)
    if (toS % DAY !== 0) return
    claim(this.#c, toS, v.claimEveryDays)
    tendPositions(this.#c, toS, v.claimEveryDays)
  }

  #reportTraffic(toS: number, v: Settings): void {
    const { commands, submit } = this.#c
    const rows = commands.ReportTransfer
    const roles = toS % DAY === 0 ? this.#roles() : undefined
    reserve(rows, this.#h.nodes)
    let spent = 0
    for (let node = 0; node < this.#h.nodes; node++) {
      let dc = Math.floor(this.#carried[node] / 1000)
      this.#carried[node] -= dc * 1000
      if (roles !== undefined && roles.of[node] === ROLE.milking && this.#h.running[node] === 1) {
        dc += v.milkingCreditsPerDay
        this.#milked[node] += v.milkingCreditsPerDay
      }
      if (dc === 0) continue
      const j = rows.length++
      rows.node[j] = node
      rows.dc[j] = dc
      spent += dc
    }
    submit("ReportTransfer")
    spent += this.#mobile.close(toS)
    this.#buyCredits(spent, toS)
  }

  /** Burns enough HNT for `dc` credits: dc = hnt × price × 10^5. */
  #buyCredits(dc: number, atS: number): void {
    if (dc === 0) return
    refreshPrice(this.#c, atS)
    const v = this.#params()
    const lowE8 = v.hntPriceE8Usd - 2 * v.priceConfidenceE8Usd
    if (lowE8 <= 0) return
    const rows = this.#c.commands.MintCredits
    reserve(rows, 1)
    const j = rows.length++
    rows.hnt[j] = Math.ceil(((dc / CREDITS_PER_USD) * BONES * BONES) / lowE8)
    rows.at[j] = atS
    this.#c.submit("MintCredits")
  }

  observe = (): Readonly<Record<string, number>> => ({
    "cheater.incomePermille": cheaterIncomePermille(this.#c, this.#roles(), this.#milked),
    "cheater.mobileIncomePermille": this.#mobile.spooferIncomePermille(),
  })

  #measurePaths(roles: Roles | undefined): void {
    const radio = (this.#radio ??= this.#h.radio())
    const rows = this.#c.commands.MeasurePath
    reserve(rows, radio.to.length)
    for (let node = 0; node < this.#h.nodes; node++)
      for (let p = radio.begin[node]; p < radio.begin[node + 1]; p++) {
        rows.beaconer[p] = node
        rows.witness[p] = radio.to[p]
      }
    rows.length = radio.to.length
    this.#c.submit("MeasurePath")
    if (roles !== undefined) measureRings(this.#c, roles)
  }

  /** Where the protocol's path table lines up with the radio map, the hint is the same row; otherwise there is no hint. */
  #isAligned(radio: RadioPaths): boolean {
    const { path } = this.#c.state
    const last = radio.to.length - 1
    return last >= 0 && path.length > last && path.witness[last] === radio.to[last]
  }

  /** True while every hotspot runs and gets everything through: then nothing needs to be asked about any of them. */
  #isCalm(): boolean {
    const version = this.#h.truthVersion()
    if (this.#calm.version !== version) {
      const { running, throughPermille } = this.#h
      this.#calm = { version, now: running.every((r) => r === 1) && throughPermille.every((t) => t === 1000) }
    }
    return this.#calm.now
  }

  #params(): Settings {
    return this.#h.params() as Settings
  }
}

export const inhabit: Inhabit<State, Commands> = {
  profile: "residential",
  facilities,
  observes,
  demandMilliPerNodeMinute: (v) => v.uplinkMilliPerMinute,
  memory,
  enter: (context) => new Hotspots(context),
}
