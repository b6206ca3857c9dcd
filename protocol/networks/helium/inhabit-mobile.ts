/**
 * Mobile radios and their users, as actors in a world: truth becomes command rows here, and nothing of it goes further.
 *
 * A share of the places has a radio. It sends a heartbeat an hour, tests its backhaul twice a day and carries what its users send.
 * Coverage is a patch of cells around the place; the radio says how strong each is.
 */
import { DAY, HOUR } from "../../kernel/clock.ts"
import type { Habitat, InhabitContext } from "../../kernel/habitat.ts"
import type { Values } from "../../kernel/param.ts"
import { below, block, draw, stream, type Stream } from "../../kernel/random.ts"
import { reserve } from "../../kernel/table.ts"
import type { Commands } from "./commands.ts"
import { CoveragePatch } from "./inhabit-patch.ts"
import { assignmentIndex, type Assignment } from "./mobile-assignment.ts"
import { isIndoorKind } from "./mobile-map.ts"
import { parent9Hi, parent9Lo } from "./mobile-reach.ts"
import type { params } from "./params.ts"
import type { State } from "./state.ts"

type Context = InhabitContext<State, Commands>
type Settings = Values<typeof params>

const INDOOR_WIFI = 1
const OUTDOOR_WIFI = 2
/** From a Wi-Fi kind to its CBRS one. */
const CBRS = 2
/** Radios whose coverage is submitted at once. */
const LOT = 256
const HIGH = 0
const MEDIUM = 1
const LOW = 2
/** Strongest signal of a patch's first hex and what each further one loses, 0.1 dBm; an assumption. */
const POWER_FIRST_DDBM = -700
const POWER_STEP_DDBM = 2
const POWER_SPREAD_DDBM = 200
/** Of a radio's hexes, nearest first, how many in a thousand it covers strongly, and fairly; an assumption. */
const INDOOR_HIGH_PERMILLE = 50
const OUTDOOR_HIGH_PERMILLE = 150
const OUTDOOR_MEDIUM_PERMILLE = 500
/** Neighbours within earshot that make a place a town, and a busy one; an assumption. */
const TOWN_HEARERS = 8
const BUSY_HEARERS = 14
/** Speed tests a day. */
const TESTS_EVERY_S = 12 * HOUR
/** Home lines: the four tiers and their shares in a thousand; an assumption. */
const LINES = [
  { permille: 700, uploadKbps: 25_000, downloadKbps: 250_000, latencyMs: 25 },
  { permille: 200, uploadKbps: 9_000, downloadKbps: 90_000, latencyMs: 40 },
  { permille: 80, uploadKbps: 6_000, downloadKbps: 60_000, latencyMs: 60 },
  { permille: 20, uploadKbps: 1_500, downloadKbps: 20_000, latencyMs: 120 },
] as const
const MEGABYTES_PER_GIGABYTE = 1000
const KILO = 1000
const USERS_MAX = 60
const BOOST_MONTHS = 12
const PHONES = 5

export class MobileRadios {
  readonly #c: Context
  readonly #h: Habitat
  readonly #carried: Float64Array
  readonly #traits: Stream
  /** Second of the hour at which each place's radio speaks. */
  readonly #secondOf: Uint32Array

  constructor(context: Context, carried: Float64Array) {
    this.#c = context
    this.#h = context.habitat
    this.#carried = carried
    this.#traits = stream(this.#h.seed, "helium/mobile/traits")
    const { nodes } = this.#h
    this.#secondOf = new Uint32Array(nodes)
    const instants = stream(this.#h.seed, "helium/mobile/instant")
    for (let node = 0; node < nodes; node++) this.#secondOf[node] = below(instants, HOUR, node)
  }

  /**
   * Radios are registered, their coverage submitted, and the oracles' data sets published for where they stand: at the start, or when
   * Mobile begins.
   */
  arrive(atS: number): void {
    const { commands, submit } = this.#c
    const { mobileRadiosPermille, mobileIndoorPermille, mobileCbrsPermille, mobileBegun } = this.#params()
    if (mobileRadiosPermille === 0 || mobileBegun === 0) return
    const register = commands.RegisterRadio
    reserve(register, this.#h.nodes)
    for (let node = 0; node < this.#h.nodes; node++) {
      if (draw(this.#traits, node, 0) % 1000 >= mobileRadiosPermille) continue
      const j = register.length++
      register.node[j] = node
      const isIndoor = draw(this.#traits, node, 1) % 1000 < mobileIndoorPermille
      const isCbrs = mobileCbrsPermille > 0 && draw(this.#traits, node, 6) % 1000 < mobileCbrsPermille
      register.kind[j] = (isIndoor ? INDOOR_WIFI : OUTDOOR_WIFI) + (isCbrs ? CBRS : 0)
    }
    if (register.length === 0) return
    submit("RegisterRadio")
    this.#publishAssignments()
    this.#submitCoverage(atS)
    this.#boost(atS)
    this.#countUsers()
    this.#test(atS, atS + 1)
  }

  /** Heartbeats due in [fromS, toS), by hour and radio, and tests of the backhaul; what users send adds up. */
  act(fromS: number, toS: number): void {
    if (this.#c.state.radio.length === 0) this.arrive(fromS)
    if (this.#c.state.radio.length === 0) return
    const { submit } = this.#c
    for (let at = fromS; at < toS;) {
      const hour = Math.floor(at / HOUR)
      const until = Math.min(toS, (hour + 1) * HOUR)
      this.#beat(hour, at - hour * HOUR, until - hour * HOUR)
      at = until
    }
    submit("ReportHeartbeat")
    for (let at = (Math.floor((fromS - 1) / TESTS_EVERY_S) + 1) * TESTS_EVERY_S; at < toS; at += TESTS_EVERY_S)
      this.#test(at, Math.min(at + 1, toS))
    this.#carry(fromS, toS)
  }

  /** At midnight mappers are counted and the packet verifier reports what each radio carried. Returns the credits that takes. */
  close(toS: number): number {
    if (toS % DAY !== 0 || this.#c.state.radio.length === 0) return 0
    const { commands, submit, state } = this.#c
    const { mobileCreditsPerGigabyte, mobileMappersPermille } = this.#params()
    const mappers = commands.ReportMappers
    reserve(mappers, 1)
    mappers.subscribers[0] = Math.floor((state.radio.length * mobileMappersPermille) / 1000)
    mappers.verificationPoints[0] = 0
    mappers.length = mappers.subscribers[0] > 0 ? 1 : 0
    submit("ReportMappers")
    const rows = commands.ReportDataTransfer
    reserve(rows, state.radio.length)
    let spent = 0
    for (let r = 0; r < state.radio.length; r++) {
      const node = state.radio.node[r]
      const megabytes = Math.floor(this.#carried[node] / KILO)
      const dc = Math.floor((megabytes * mobileCreditsPerGigabyte) / MEGABYTES_PER_GIGABYTE)
      if (dc === 0) continue
      this.#carried[node] -= megabytes * KILO
      const j = rows.length++
      rows.node[j] = node
      rows.dc[j] = dc
      spent += dc
    }
    submit("ReportDataTransfer")
    return spent
  }

  #beat(hour: number, fromSecond: number, toSecond: number): void {
    const { state, commands } = this.#c
    const { radio } = state
    const { running, throughPermille, nodes } = this.#h
    const { mobileSpoofPermille } = this.#params()
    const cells = this.#h.cells()
    const rows = commands.ReportHeartbeat
    reserve(rows, radio.length)
    const { node: nodeOf, at, hexHi, hexLo, object, validatedS, operational } = rows
    let j = rows.length
    // In the order of radios, not of seconds: each is its own decision, and their rows lie side by side.
    for (let r = 0; r < radio.length; r++) {
      const node = radio.node[r]
      const second = this.#secondOf[node]
      if (second < fromSecond || second >= toSecond) continue
      // A heartbeat that does not get through is sent again within its hour: only a dead line loses it.
      if (running[node] === 0 || throughPermille[node] === 0) continue
      // A spoofer's radio stands at somebody else's place, and its location service says so.
      const where = mobileSpoofPermille > 0 && this.#isSpoofer(node) ? (node + 1) % nodes : node
      const atS = hour * HOUR + second
      nodeOf[j] = node
      at[j] = atS
      hexHi[j] = cells.hexHi[where]
      hexLo[j] = cells.hexLo[where]
      object[j] = radio.object[r]
      validatedS[j] = atS
      operational[j] = 1
      j++
    }
    rows.length = j
  }

  #test(atS: number, toS: number): void {
    if (toS <= atS) return
    const { state, commands, submit } = this.#c
    const rows = commands.ReportSpeedtest
    reserve(rows, state.radio.length)
    for (let r = 0; r < state.radio.length; r++) {
      const node = state.radio.node[r]
      if (this.#h.running[node] === 0 || this.#h.throughPermille[node] === 0) continue
      let dice = draw(this.#traits, node, 2) % 1000
      let line = 0
      while (dice >= LINES[line].permille) dice -= LINES[line++].permille
      const j = rows.length++
      rows.node[j] = node
      rows.atS[j] = atS
      rows.uploadKbps[j] = LINES[line].uploadKbps
      rows.downloadKbps[j] = LINES[line].downloadKbps
      rows.latencyMs[j] = LINES[line].latencyMs
    }
    submit("ReportSpeedtest")
  }

  /** Counted from the clock, so that a day comes to the same whatever the ticks it is cut into. */
  #carry(fromS: number, toS: number): void {
    const { radio } = this.#c.state
    const { running, throughPermille, userThroughPermille } = this.#h
    const { mobileCarriedMegabytes } = this.#params()
    const router = this.#h.served("packet-router")
    const kilobytesPerS = (mobileCarriedMegabytes * KILO) / DAY
    const weights = this.#busyness()
    const carried = this.#carried
    for (let r = 0; r < radio.length; r++) {
      const node = radio.node[r]
      const weight = weights[node]
      if (weight === 0 || running[node] === 0) continue
      const through = (throughPermille[node] * userThroughPermille[node] * router) / 1e9
      const rate = kilobytesPerS * weight * through
      carried[node] += Math.floor(rate * toS) - Math.floor(rate * fromS)
    }
  }

  /** How much busier than the mean each radio is: most carry little, one in sixteen eight times the mean, idle ones nothing. */
  #weights: Float64Array | undefined
  #idle = -1
  #busyness(): Float64Array {
    const { mobileIdlePermille } = this.#params()
    if (this.#weights !== undefined && this.#idle === mobileIdlePermille) return this.#weights
    this.#idle = mobileIdlePermille
    const weights = new Float64Array(this.#h.nodes)
    const words = new Uint32Array(4)
    const busy = stream(this.#h.seed, "helium/mobile/busy")
    for (let n = 0; n < this.#h.nodes; n++) {
      block(busy, words, n)
      weights[n] = words[0] % 1000 < mobileIdlePermille ? 0 : words[1] % 16 === 0 ? 8 : 0.5 + (words[2] % 1000) / 30_000
    }
    return (this.#weights = weights)
  }

  #isSpoofer(node: number): boolean {
    return draw(this.#traits, node, 3) % 1000 < this.#params().mobileSpoofPermille
  }

  /** Mean income of spoofing radios since genesis for a thousand of the others', in the token now paid; 0 without spoofers. */
  spooferIncomePermille(): number {
    const { radio } = this.#c.state
    const { mobileSpoofPermille, mobileInMobile } = this.#params()
    if (mobileSpoofPermille === 0) return 0
    const earned = mobileInMobile === 1 ? radio.earnedMobile : radio.earnedHnt
    const income = [0, 0]
    const count = [0, 0]
    for (let r = 0; r < radio.length; r++) {
      const spoofs = this.#isSpoofer(radio.node[r]) ? 1 : 0
      income[spoofs] += earned[r]
      count[spoofs]++
    }
    if (count[0] === 0 || count[1] === 0 || income[0] === 0) return 0
    return Math.round((income[1] / count[1] / (income[0] / count[0])) * 1000)
  }

  /** Carriers count users: idle radios have none, the others some, busy ones enough to qualify. */
  #countUsers(): void {
    const { state, commands, submit } = this.#c
    const rows = commands.ReportConnections
    const weights = this.#busyness()
    reserve(rows, state.radio.length)
    for (let r = 0; r < state.radio.length; r++) {
      const node = state.radio.node[r]
      const isIdle = weights[node] === 0
      const j = rows.length++
      rows.node[j] = node
      rows.connections[j] = isIdle ? 0 : draw(this.#traits, node, 4) % USERS_MAX
      rows.phones[j] = isIdle ? 0 : PHONES
    }
    submit("ReportConnections")
  }

  /** Towns are where many hotspots hear each other; the busiest of them have footfall. */
  #publishAssignments(): void {
    const { state, commands, submit } = this.#c
    const { begin } = this.#h.radio()
    const cells = this.#h.cells()
    const rows = commands.AssignHex
    reserve(rows, state.radio.length)
    for (let r = 0; r < state.radio.length; r++) {
      const node = state.radio.node[r]
      const hearers = begin[node + 1] - begin[node]
      const footfall = hearers >= BUSY_HEARERS ? "A" : hearers >= TOWN_HEARERS ? "B" : "C"
      const land = hearers > 0 ? "A" : "B"
      const j = rows.length++
      rows.hexHi[j] = parent9Hi(cells.hexHi[node])
      rows.hexLo[j] = parent9Lo(cells.hexLo[node])
      rows.index[j] = assignmentIndex(`${footfall}${land}${hearers >= TOWN_HEARERS ? "A" : "B"}` as Assignment)
    }
    submit("AssignHex")
  }

  /** Service providers boost the hexes that some radios stand on. */
  #boost(atS: number): void {
    const { state, commands, submit } = this.#c
    const { mobileBoostedPermille, mobileBoostMax } = this.#params()
    const cells = this.#h.cells()
    const rows = commands.BoostHex
    reserve(rows, state.radio.length)
    for (let r = 0; r < state.radio.length; r++) {
      const node = state.radio.node[r]
      if (draw(this.#traits, node, 5) % 1000 >= mobileBoostedPermille) continue
      const j = rows.length++
      rows.hexHi[j] = cells.hexHi[node]
      rows.hexLo[j] = cells.hexLo[node]
      rows.kind[j] = 0
      rows.multiplier[j] = mobileBoostMax
      rows.months[j] = BOOST_MONTHS
      rows.at[j] = atS
    }
    submit("BoostHex")
  }

  #submitCoverage(atS: number): void {
    const { state, commands, submit } = this.#c
    const { mobileHexesPerRadio } = this.#params()
    const cells = this.#h.cells()
    const rows = commands.SubmitCoverage
    const patch = new CoveragePatch(mobileHexesPerRadio)
    const claims = stream(this.#h.seed, "helium/mobile/claim")
    const { radio } = state
    for (let r = 0; r < radio.length; r++) {
      const node = radio.node[r]
      patch.around(cells.hexHi[node], cells.hexLo[node])
      reserve(rows, patch.length)
      const isIndoor = isIndoorKind(radio.kind[r])
      const spread = below(claims, POWER_SPREAD_DDBM, node, 0)
      const claimedS = atS - below(claims, 365 * DAY, node, 1)
      for (let k = 0; k < patch.length; k++) {
        const near = (patch.nearness[k] * 1000) / patch.length
        const j = rows.length++
        rows.object[j] = node + 1
        rows.node[j] = node
        rows.claimedS[j] = claimedS
        rows.hexHi[j] = patch.hexHi[k]
        rows.hexLo[j] = patch.hexLo[k]
        rows.powerDdbm[j] = POWER_FIRST_DDBM - POWER_STEP_DDBM * patch.nearness[k] + spread
        rows.level[j] = isIndoor
          ? near < INDOOR_HIGH_PERMILLE
            ? HIGH
            : LOW
          : near < OUTDOOR_HIGH_PERMILLE
            ? HIGH
            : near < OUTDOOR_MEDIUM_PERMILLE
              ? MEDIUM
              : LOW
      }
      if ((r + 1) % LOT === 0) submit("SubmitCoverage")
    }
    submit("SubmitCoverage")
  }

  #params(): Settings {
    return this.#h.params() as Settings
  }
}
