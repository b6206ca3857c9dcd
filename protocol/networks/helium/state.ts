/** The state of Helium IoT: tables, genesis and the promises that hold after every epoch. */
import type { Invariants } from "../../kernel/invariant.ts"
import type { Values } from "../../kernel/param.ts"
import { filled, table, type Table, type AnyTable } from "../../kernel/table.ts"
import { Wide } from "../../kernel/wide.ts"
import { count, count32, flag, nodeIndex, seconds, unit } from "../../kernel/unit.ts"
import { holderOf, ledger, mint, post, tablesOf, type Ledger } from "../../ledger/ledger.ts"
import { ledgerInvariants } from "../../ledger/invariants.ts"
import { registryInvariants } from "../../registry/decide.ts"
import { registry, registryTables, type Registry } from "../../registry/registry.ts"
import { bones, cells, dbm, deciDbi, hertz, nanoDb, payloadTag, region, scaleE4 } from "./events.ts"
import { DeniedEdges } from "./denied-edges.ts"
import { DensityMap } from "./density-map.ts"
import { PathLimits } from "./path-limits.ts"
import type { params } from "./params.ts"
import { regimeInvariants, regimeSabotage } from "./invariants-regime.ts"
import { VEHNT_ACCOUNTS, vehntGenesis, vehntInvariants, vehntSabotage, vehntTables, type VehntState } from "./state-vehnt.ts"
import { regimeGenesis, regimeTables, type RegimeState } from "./state-regime.ts"
import {
  MOBILE_ACCOUNTS,
  MOBILE_TOKENS,
  mobileGenesis,
  mobileInvariants,
  mobileSabotage,
  mobileTables,
  type MobileState,
} from "./state-mobile.ts"

export const BONES = 100_000_000
export const TOKENS = ["hnt", "dc", "iot", ...MOBILE_TOKENS] as const
/** Named accounts beside the ledger's own: they hold what is not a hotspot's. */
export const ACCOUNTS = [
  "circulation",
  "iot_pool",
  "other_networks",
  "delegators",
  "operations",
  "unallocated",
  "credit_holders",
  ...MOBILE_ACCOUNTS,
  /** What owners drew, or were paid at once by the old chain. */
  "owners",
  /** Backs IOT (HIP-51). */
  "iot_treasury",
  "securities",
  "consensus",
  "council",
  "supplement",
  /** Credits of traffic carried while the ledger was down. */
  "queued_credits",
  /** HNT that is locked for voting power. */
  ...VEHNT_ACCOUNTS,
] as const

/** One row per hotspot. Times are Unix seconds; 0 means never. */
export const hotspotShape = {
  region,
  gainDdbi: deciDbi,
  capable: flag,
  denied: flag,
  lastBeaconS: seconds,
  /** Last beacon that at least one valid witness heard. */
  goodBeaconS: seconds,
  /** Last time it was itself a valid witness. */
  witnessedS: seconds,
  open: flag,
  openReceivedS: seconds,
  openReceivedMs: unit("ms after openReceivedS", "u16", 0, 999),
  openEntropyS: seconds,
  openFrequencyHz: hertz,
  openTxPowerDbm: dbm,
  openPayload: payloadTag,
  openChannelLossNanoDb: nanoDb,
  scaleE4,
  active: flag,
  /** Shares and credits of the epoch now open. */
  beaconShareE8: unit("1e-8 reward unit", "safe", 0),
  witnessShareE8: unit("1e-8 reward unit", "safe", 0),
  dcEpoch: unit("DC", "safe", 0),
  beacons: count32,
  witnessed: count32,
  earned: bones,
} as const

/** One row per measured pair, in the order measured: a memo of geometry, good while neither hotspot moves. */
export const pathShape = {
  beaconer: nodeIndex,
  witness: nodeIndex,
  cells,
  metres: unit("m", "u32"),
  spaceLossNanoDb: nanoDb,
  beaconerAssertions: unit("count", "u16"),
  witnessAssertions: unit("count", "u16"),
  /** The next path of the same beaconer, plus 1; 0 ends the list. */
  next: unit("path index + 1", "u32"),
} as const

/** One row per word on the edge denylist, in order: the last on a pair holds. */
export const edgeShape = { a: nodeIndex, b: nodeIndex, denied: flag } as const

const headShape = { path: unit("path index + 1", "u32") } as const

const totalShape = {
  day: unit("day since 1970", "u16"),
  beaconsProved: count,
  beaconsRefused: count,
  beaconsUnreciprocated: count,
  witnessesProved: count,
  witnessesRewarded: count,
  creditsBurned: unit("DC", "safe", 0),
  creditsEpoch: unit("DC", "safe", 0),
  hntBurnedEpoch: bones,
  smoothedBurn: bones,
  emitted: bones,
  paid: bones,
  unallocated: bones,
  active: count32,
  /** Parts of the epoch being settled; zero between epochs. */
  delegatedEpoch: bones,
  paidEpoch: bones,
} as const

export interface State extends MobileState, RegimeState, VehntState {
  readonly registry: Registry
  readonly hotspot: Table<typeof hotspotShape>
  readonly path: Table<typeof pathShape>
  readonly pathHead: Table<typeof headShape>
  readonly total: Table<typeof totalShape>
  readonly ledger: Ledger<(typeof TOKENS)[number], (typeof ACCOUNTS)[number]>
  /** Derived from the registry, rebuilt when needed; never hashed. */
  readonly edge: Table<typeof edgeShape>
  readonly density: DensityMap
  readonly deniedEdges: DeniedEdges
  readonly limits: PathLimits
}

export const genesis = ({ nodes }: { nodes: number }, values: Values<typeof params>): State => {
  const hotspot = filled(hotspotShape, nodes)
  hotspot.scaleE4.fill(values.densityDefaultScaleE4)
  const books = ledger(TOKENS, ACCOUNTS, nodes)
  mint(books, "hnt", books.account.circulation, BigInt(values.supplyAtGenesisHnt) * BigInt(BONES))
  const total = filled(totalShape, 1)
  total.smoothedBurn[0] = 300 // helium-program-library: initial smoothed burn, in bones
  return {
    registry: registry(nodes),
    ...regimeGenesis(nodes, values),
    ...vehntGenesis(),
    hotspot,
    path: table(pathShape, nodes * 4),
    pathHead: filled(headShape, nodes),
    total,
    ledger: books,
    edge: table(edgeShape, 0),
    density: new DensityMap(),
    deniedEdges: new DeniedEdges(),
    limits: new PathLimits(),
    ...mobileGenesis(nodes),
  }
}

export const stateTables = (s: State): Readonly<Record<string, AnyTable>> => ({
  ...registryTables(s.registry),
  hotspot: s.hotspot,
  path: s.path,
  edge: s.edge,
  pathHead: s.pathHead,
  total: s.total,
  ...mobileTables(s),
  ...regimeTables(s),
  ...vehntTables(s),
  ...tablesOf(s.ledger),
})

export const invariants: Invariants<State> = {
  ...regimeInvariants,
  ...vehntInvariants,
  ...ledgerInvariants((s: State) => s.ledger),
  ...registryInvariants,
  ...mobileInvariants,
  rewards_equal_postings: {
    because: "What hotspots earned is what the ledger moved to them, to the bone.",
    check({ hotspot, radio, total, ledger: books, economy }, report) {
      let earned = 0
      let held = 0
      const { hi, lo } = books.tokens.hnt.balance
      const first = holderOf(books, 0)
      for (let node = 0; node < hotspot.length; node++) {
        earned += hotspot.earned[node]
        held += hi[first + node] * Wide.BASE + lo[first + node]
      }
      const drawn = economy.claimed[0]
      report.require(earned === total.paid[0], () => `earned ${earned} ≠ paid ${total.paid[0]} bones`)
      // A Mobile radio is paid into the same account.
      for (let r = 0; r < radio.length; r++) earned += radio.earnedHnt[r]
      report.require(held + drawn === earned, () => `hotspots hold ${held} and drew ${drawn} ≠ earned ${earned} bones`)
    },
  },
  emission_is_accounted: {
    because: "Every bone of the IoT epoch is paid, set aside or unallocated; the pool is empty between epochs.",
    check({ ledger: books }, report) {
      for (const token of ["hnt", "iot"] as const) {
        const left = books.tokens[token].balance.toNumber(books.account.iot_pool)
        report.require(left === 0, () => `the IoT pool holds ${left} smallest units of ${token} between epochs ≠ 0`)
      }
    },
  },
  proof_implies_contact: {
    because: "Nobody is rewarded for coverage that no other radio heard.",
    check({ hotspot }, report) {
      for (let node = 0; node < hotspot.length; node++) {
        if (hotspot.beaconShareE8[node] > 0 && hotspot.goodBeaconS[node] === 0)
          report.require(
            false,
            () => `hotspot ${node} has beacon share ${hotspot.beaconShareE8[node]} and never had a heard beacon`,
          )
        if (hotspot.witnessShareE8[node] > 0 && hotspot.witnessedS[node] === 0)
          report.require(false, () => `hotspot ${node} has witness share ${hotspot.witnessShareE8[node]} and never witnessed`)
      }
    },
  },
  scale_is_a_fraction: {
    because: "The hex-density scale only ever lowers a reward.",
    check({ hotspot }, report) {
      for (let node = 0; node < hotspot.length; node++)
        if (hotspot.scaleE4[node] > 10_000)
          report.require(false, () => `hotspot ${node} has scale ${hotspot.scaleE4[node]} > 10000 (1e-4)`)
    },
  },
}

/** One broken state per promise, so that the exam sees each caught. */
export const sabotage: Readonly<Record<string, (s: State) => void>> = {
  ...mobileSabotage,
  ...regimeSabotage,
  ...vehntSabotage,
  escrow_is_backed: (s) => post(s.ledger, "hnt", s.ledger.account.circulation, s.ledger.account.escrow, 1),
  vesting_is_backed: (s) => post(s.ledger, "hnt", s.ledger.account.circulation, s.ledger.account.vesting, 1),
  debits_equal_credits: (s) => s.ledger.tokens.hnt.balance.addNumber(s.ledger.account.operations, 1),
  only_issuance_is_negative: (s) => {
    s.ledger.tokens.dc.balance.addNumber(s.ledger.account.operations, -5)
    s.ledger.tokens.dc.balance.addNumber(0, 5)
  },
  registry_totals_are_counted: (s) => void s.registry.total.registered[0]++,
  unknown_nodes_have_said_nothing: (s) => {
    s.registry.nodes.status[0] = 0
    s.registry.nodes.asn[0] = 1
  },
  rewards_equal_postings: (s) => void (s.hotspot.earned[0] += 1),
  emission_is_accounted: (s) => {
    s.ledger.tokens.hnt.balance.addNumber(s.ledger.account.iot_pool, 1)
    s.ledger.tokens.hnt.balance.addNumber(0, -1)
  },
  proof_implies_contact: (s) => {
    s.hotspot.beaconShareE8[0] = 7
    s.hotspot.goodBeaconS[0] = 0
  },
  scale_is_a_fraction: (s) => void (s.hotspot.scaleE4[0] = 10_001),
}
