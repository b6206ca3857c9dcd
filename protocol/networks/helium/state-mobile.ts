/** The state of Helium Mobile: its tables, beside those of IoT, and the promises that hold after every epoch. */
import type { Invariants } from "../../kernel/invariant.ts"
import { filled, reserve, table, type AnyTable, type Table } from "../../kernel/table.ts"
import { amount, count, count16, count32, flag, hexHigh, hexLow, metres, nodeIndex, seconds, unit } from "../../kernel/unit.ts"
import { holderOf, type Ledger } from "../../ledger/ledger.ts"
import {
  assignmentIndexUnit,
  boostMultiplier,
  hoursOfDay,
  kilobits,
  object,
  radioKind,
  reason,
  signalLevel,
  signalPower,
  smallest,
  weight,
} from "./events-mobile.ts"
import { CoverageMap } from "./mobile-map.ts"
import { sumWhole } from "./mobile-payouts.ts"
import { SAMPLES_MAX } from "./mobile-speedtest.ts"

/** Radios join in the order of rows; a hotspot has one at most, and keeps its row. Times are Unix seconds; 0 means never. */
export const radioShape = {
  node: nodeIndex,
  /** 1 indoor Wi-Fi, 2 outdoor Wi-Fi, 3 indoor CBRS, 4 outdoor CBRS. */
  kind: radioKind,
  banned: flag,
  /** Unique connections of the last seven days (HIP-134, 140), and phones that moved a megabyte (HIP-84). */
  connections: count16,
  phones: count16,
  /** Its coverage object and when that was claimed; its hexes are rows [hexBegin, hexBegin + hexes) of `coverage`. */
  object,
  claimedS: seconds,
  hexBegin: unit("row of coverage", "u32"),
  hexRoom: count32,
  hexes: count32,
  seniorityS: seconds,
  seniorityObject: object,
  seniorityReason: reason,
  /** The day its heartbeats are counted for, the hours heard, and the sums of their trust and distance. */
  day: unit("day since 1970", "u16"),
  hours: hoursOfDay,
  trustQuarters: unit("1/4", "u16"),
  metresSum: metres,
  lastHeartbeatS: seconds,
  /** The last place a location service confirmed, and what was measured from there. */
  placeHi: hexHigh,
  placeLo: hexLow,
  placeS: seconds,
  placeMetres: metres,
  placeWithin: flag,
  placeReach: metres,
  placeObject: object,
  placeAssertions: count16,
  speedtests: count32,
  dcEpoch: unit("DC", "safe", 0),
  /** Paid so far, in the two tokens Mobile has paid in. */
  earnedHnt: smallest,
  earnedMobile: smallest,
  /** Of that, for coverage. */
  earnedCoverage: smallest,
} as const

/** Claimed hexes, radio by radio; rows that no radio points to any more are left where they are. */
export const coverageShape = { hexHi: hexHigh, hexLo: hexLow, powerDdbm: signalPower, level: signalLevel } as const
/** Rows 6r to 6r + 5 are the newest tests of radio r, in turn. */
export const speedtestShape = {
  atS: seconds,
  uploadKbps: kilobits,
  downloadKbps: kilobits,
  latencyMs: unit("ms", "u32"),
} as const
/** What the oracles' data sets say of a cell of resolution 9; the last word on a cell holds. */
export const assignmentShape = { hexHi: hexHigh, hexLo: hexLow, index: assignmentIndexUnit } as const
export const boostShape = {
  hexHi: hexHigh,
  hexLo: hexLow,
  /** A kind of radio, or 0 for all (HIP-109). */
  kind: unit("radio kind, 0 for all", "u8", 0, 4),
  multiplier: boostMultiplier,
  fromS: seconds,
  untilS: seconds,
} as const
/** Subscribers who mapped this epoch, by how many verification points each has (HIP-118). */
export const mapperShape = { subscribers: count32, verificationPoints: count16 } as const
/** Mobile epochs that wait for their emission, oldest first: the claims of their radios, and of who mapped in them. */
export const mobileDeferredShape = {
  day: unit("day since 1970", "u16"),
  node: nodeIndex,
  baseWeight: weight,
  boostedWeight: weight,
  heartbeats: unit("heartbeats", "u8", 0, 24),
  dc: unit("DC", "safe", 0),
} as const
export const mapperDeferredShape = { day: unit("day since 1970", "u16"), ...mapperShape } as const
export const mobileWaitingShape = {
  day: unit("day since 1970", "u16"),
  dc: unit("DC", "safe", 0),
  heartbeats: count,
  hexesCovered: count32,
} as const
const bones = unit("bones (1e-8 HNT)", "safe", 0)
const radioHeadShape = { radio: unit("radio row + 1", "u32") } as const

const mobileTotalShape = {
  /** The last epoch that was closed or put by, day since 1970; 0: none. */
  day: unit("day since 1970", "u16"),
  heartbeats: count,
  hexesCovered: count32,
  radiosRewarded: count32,
  /** Wide: MOBILE is minted by the hundred trillion of its smallest unit a day. */
  paid: amount,
  paidCoverage: amount,
  unallocated: amount,
  dcEpoch: unit("DC", "safe", 0),
  creditsBurned: unit("DC", "safe", 0),
  /** Of the credits that wait for the ledger, Mobile's. */
  creditsQueued: unit("DC", "safe", 0),
  /** Of the epoch being settled; zero between epochs. */
  emittedEpoch: smallest,
  paidEpoch: smallest,
  /** 1 while the epoch pays MOBILE, 0 for HNT. */
  inMobile: flag,
  /** The day whose emission is set aside for radios and not yet paid, plus one; 0 between epochs. */
  openDay: unit("day since 1970, plus 1", "u32"),
  /** HNT of a day that was issued and not yet set aside for Mobile, and that day plus one; 0 between epochs. */
  owed: bones,
  owedOverflow: bones,
  owedDay: unit("day since 1970, plus 1", "u32"),
  /** HNT that issued epochs gave Mobile, and what was set aside of it: pools, treasury, delegators. */
  offered: amount,
  setAside: amount,
  /** MOBILE burnt for HNT of the treasury. */
  redeemed: amount,
  epochsLate: count,
} as const

export interface MobileState {
  readonly radio: Table<typeof radioShape>
  readonly radioHead: Table<typeof radioHeadShape>
  readonly coverage: Table<typeof coverageShape>
  readonly speedtest: Table<typeof speedtestShape>
  readonly assignment: Table<typeof assignmentShape>
  readonly boost: Table<typeof boostShape>
  readonly mapper: Table<typeof mapperShape>
  readonly mobileDeferred: Table<typeof mobileDeferredShape>
  readonly mapperDeferred: Table<typeof mapperDeferredShape>
  readonly mobileWaiting: Table<typeof mobileWaitingShape>
  readonly mobileTotal: Table<typeof mobileTotalShape>
  /** Derived; never hashed. */
  readonly map: CoverageMap
}

/** What Mobile needs of the whole state. */
export interface HasMobile extends MobileState {
  readonly ledger: Ledger<
    "hnt" | "dc" | "iot" | "mobile",
    MobileAccount | "owners" | "queued_credits" | "credit_holders" | "other_networks" | "delegators" | "unallocated"
  >
}

/** Tokens and accounts that Mobile adds to the ledger. */
export const MOBILE_TOKENS = ["mobile"] as const
export const MOBILE_ACCOUNTS = ["mobile_pool", "mappers", "service_providers", "mobile_treasury"] as const
export type MobileAccount = (typeof MOBILE_ACCOUNTS)[number]

/** No radio yet: a run without Mobile carries four bytes a node. */
export const mobileGenesis = (nodes: number): MobileState => ({
  radio: table(radioShape, 0),
  radioHead: filled(radioHeadShape, nodes),
  coverage: table(coverageShape, 0),
  speedtest: table(speedtestShape, 0),
  assignment: table(assignmentShape, 0),
  boost: table(boostShape, 0),
  mapper: table(mapperShape, 0),
  mobileDeferred: table(mobileDeferredShape, 0),
  mapperDeferred: table(mapperDeferredShape, 0),
  mobileWaiting: table(mobileWaitingShape, 0),
  mobileTotal: filled(mobileTotalShape, 1),
  map: new CoverageMap(),
})

export const mobileTables = (s: MobileState) =>
  ({
    radio: s.radio,
    radioHead: s.radioHead,
    coverage: s.coverage,
    speedtest: s.speedtest,
    assignment: s.assignment,
    boost: s.boost,
    mapper: s.mapper,
    mobileDeferred: s.mobileDeferred,
    mapperDeferred: s.mapperDeferred,
    mobileWaiting: s.mobileWaiting,
    mobileTotal: s.mobileTotal,
  }) satisfies Readonly<Record<string, AnyTable>>
/** All of them say when they change, so that a run without Mobile hashes them once. */
export const mobileSeldom = [
  "radio",
  "radioHead",
  "coverage",
  "speedtest",
  "assignment",
  "boost",
  "mapper",
  "mobileDeferred",
  "mapperDeferred",
  "mobileWaiting",
  "mobileTotal",
] as const

/** Row of a hotspot's radio, or -1. */
export const radioOf = ({ radioHead }: MobileState, node: number): number =>
  node < radioHead.length ? radioHead.radio[node] - 1 : -1

/** How many bits of a word are set. */
export const bitsOf = (word: number): number => {
  let bits = word - ((word >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** Trust and distance of one heartbeat are at most these. */
const QUARTERS_MAX = 4

export const mobileInvariants: Invariants<HasMobile> = {
  mobile_rewards_equal_postings: {
    because: "What radios earned is what was paid to them, and the MOBILE they hold is what they earned of it.",
    check({ radio, mobileTotal, ledger }, report) {
      const earnedMobile = sumWhole(radio.earnedMobile, radio.length)
      const earned = sumWhole(radio.earnedHnt, radio.length) + earnedMobile
      let held = 0n
      for (let r = 0; r < radio.length; r++) held += ledger.tokens.mobile.balance.get(holderOf(ledger, radio.node[r]))
      const paid = mobileTotal.paid.get(0)
      const redeemed = mobileTotal.redeemed.get(0)
      report.require(earned === paid, () => `radios earned ${earned} ≠ paid ${paid}`)
      report.require(
        held + redeemed === earnedMobile,
        () => `radios hold ${held} and redeemed ${redeemed} ≠ earned ${earnedMobile} of MOBILE's smallest unit`,
      )
    },
  },
  mobile_emission_is_accounted: {
    because: "Every unit of the Mobile epoch is paid, set aside or unallocated; the pool is empty between epochs.",
    check({ ledger }, report) {
      for (const token of ["hnt", "mobile"] as const) {
        const left = ledger.tokens[token].balance.toNumber(ledger.account.mobile_pool)
        report.require(left === 0, () => `the Mobile pool holds ${left} of ${token} between epochs ≠ 0`)
      }
    },
  },
  mobile_gets_what_epochs_give_it: {
    because: "Of every issued epoch Mobile gets its HNT once, on time or late: none is lost, none is paid twice.",
    check({ mobileTotal }, report) {
      const [offered, setAside] = [mobileTotal.offered.get(0), mobileTotal.setAside.get(0)]
      report.require(offered === setAside, () => `epochs gave Mobile ${offered} bones ≠ ${setAside} set aside for it`)
      report.require(mobileTotal.owedDay[0] === 0, () => `day ${mobileTotal.owedDay[0] - 1} is issued and Mobile has not had it`)
    },
  },
  waiting_radios_keep_their_claims: {
    because: "A Mobile epoch waits for its emission with the claims of its own radios.",
    check({ mobileDeferred, mapperDeferred, mobileWaiting }, report) {
      for (let i = 1; i < mobileWaiting.length; i++)
        report.require(
          mobileWaiting.day[i] > mobileWaiting.day[i - 1],
          () => `Mobile's day ${mobileWaiting.day[i]} waits behind day ${mobileWaiting.day[i - 1]}`,
        )
      const waits = new Set(mobileWaiting.day.subarray(0, mobileWaiting.length))
      for (const { day, length } of [mobileDeferred, mapperDeferred])
        for (let i = 0; i < length; i++)
          if (!waits.has(day[i])) report.require(false, () => `claims of day ${day[i]} wait, and that day does not`)
    },
  },
  coverage_has_one_owner: {
    because: "A radio's hexes are rows of its own, as many as its coverage object has.",
    check({ radio, coverage }, report) {
      let room = 0
      for (let r = 0; r < radio.length; r++) {
        room += radio.hexRoom[r]
        if (radio.hexes[r] > radio.hexRoom[r] || radio.hexBegin[r] + radio.hexRoom[r] > coverage.length)
          report.require(
            false,
            () =>
              `radio ${r} has ${radio.hexes[r]} hexes from row ${radio.hexBegin[r]} in room for ${radio.hexRoom[r]}, of ${coverage.length} rows`,
          )
      }
      report.require(room <= coverage.length, () => `radios have room for ${room} hexes > ${coverage.length} rows`)
    },
  },
  trust_fits_the_heartbeats: {
    because: "A radio is trusted for the heartbeats it sent, one an hour, and no more.",
    check({ radio }, report) {
      for (let r = 0; r < radio.length; r++) {
        const most = QUARTERS_MAX * bitsOf(radio.hours[r])
        if (radio.trustQuarters[r] > most)
          report.require(false, () => `radio ${r} has ${radio.trustQuarters[r]} quarters of trust > ${most}`)
      }
    },
  },
  one_radio_a_hotspot: {
    because: "Each radio row belongs to the hotspot that points to it.",
    check({ radio, radioHead, speedtest }, report) {
      for (let r = 0; r < radio.length; r++)
        if (radioHead.radio[radio.node[r]] !== r + 1)
          report.require(
            false,
            () => `radio ${r} is hotspot ${radio.node[r]}'s, which points to ${radioHead.radio[radio.node[r]] - 1}`,
          )
      report.require(
        speedtest.length === radio.length * SAMPLES_MAX,
        () => `${speedtest.length} rows of speed tests ≠ ${radio.length} radios × ${SAMPLES_MAX}`,
      )
    },
  },
}

/** One broken state per promise. Each needs no radio to be there. */
export const mobileSabotage: Readonly<Record<string, (s: HasMobile) => void>> = {
  mobile_rewards_equal_postings: (s) => s.mobileTotal.paid.addNumber(0, 1),
  mobile_emission_is_accounted: (s) => {
    s.ledger.tokens.mobile.balance.addNumber(s.ledger.account.mobile_pool, 1)
    s.ledger.tokens.mobile.balance.addNumber(s.ledger.account.issuance, -1)
  },
  mobile_gets_what_epochs_give_it: (s) => s.mobileTotal.setAside.addNumber(0, 1),
  waiting_radios_keep_their_claims: (s) => {
    const { mobileWaiting, mobileDeferred } = s
    mobileWaiting.length = 0
    reserve(mobileDeferred, 1)
    mobileDeferred.length = 1
  },
  coverage_has_one_owner: (s) => {
    strayRadio(s)
    s.radio.hexes[0] = s.radio.hexRoom[0] + 1
  },
  trust_fits_the_heartbeats: (s) => {
    strayRadio(s)
    s.radio.trustQuarters[0] = QUARTERS_MAX * bitsOf(s.radio.hours[0]) + 1
  },
  one_radio_a_hotspot: (s) => {
    strayRadio(s)
    s.radioHead.radio[s.radio.node[0]] = 0
  },
}

/** Makes sure there is a radio to break. */
function strayRadio({ radio }: HasMobile): void {
  if (radio.length > 0) return
  const one = filled(radioShape, 1)
  for (const name of Object.keys(radioShape)) (radio as unknown as Record<string, unknown>)[name] = (one as never)[name]
  ;(radio as { length: number; capacity: number }).length = 1
  radio.capacity = 1
}
