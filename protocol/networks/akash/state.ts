/** The state of Akash: tables and genesis. Promises are in invariants.ts. */
import type { Values } from "../../kernel/param.ts"
import { slotHead, slotShape, type SlotHead } from "../../kernel/slots.ts"
import { filled, table, type AnyTable, type Table } from "../../kernel/table.ts"
import { amount, count, count8, count16, count32, duration, flag, nodeIndex, seconds, unit } from "../../kernel/unit.ts"
import { ledger, mint, post, postWide, tablesOf, type Ledger } from "../../ledger/ledger.ts"
import { specShape } from "./events.ts"
import * as dec from "./legacy-dec.ts"
import type { AkashParams } from "./params.ts"
import * as u from "./units.ts"

const msUnix = unit("ms (Unix)", "safe", 0)
const farS = unit("s (Unix)", "safe", 0)

export const providerShape = {
  registered: flag,
  attributes: u.attributeMask,
  /** What its leases take together: public, since leases are. */
  cpuMilli: unit("1/1000 thread", "safe", 0),
  memoryMib: unit("MiB", "safe", 0),
  storageMib: unit("MiB", "safe", 0),
  gpus: unit("GPUs", "safe", 0),
  leases: count32,
  bids: count32,
  leasesWon: count,
  /** Paid out to it, in micro-tokens of whatever its leases were paid in. */
  earned: amount,
  unstable: count,
} as const

/** Row node · AUDITORS + auditor. */
const auditShape = { signed: flag, attributes: u.attributeMask } as const

export const ACTIVE = 1
export const OVERDRAWN = 3
/** An escrow account and the deployment it pays for. A row is open while something is owed or can be spent. */
export const deploymentShape = {
  ...slotShape,
  tenant: u.tenant,
  denom: u.denom,
  state: unit("1 active, 3 overdrawn", "u8", 1, 3),
  /** What can be spent, in its own token; what is owed stands on the payments. */
  funds: u.micro,
  /** AKT beside ACT, for times when collateral is short. */
  fundsUakt: u.micro,
  settledHeight: u.height,
  firstGroup: u.rowLink,
  firstPayment: u.rowLink,
  note: count32,
  number: count,
  createdS: seconds,
  /** When it became overdrawn. */
  endedS: seconds,
} as const

export const GROUP_OPEN = 1
export const GROUP_PAUSED = 2
export const NO_ORDER = 0
export const ORDER_OPEN = 1
export const ORDER_ACTIVE = 2
export const NO_LEASE = 0
export const LEASE_ACTIVE = 1
export const LEASE_RECLAIMING = 4
/** A group with its live order and its live lease: it has at most one of each. */
export const groupShape = {
  ...slotShape,
  deployment: u.deploymentRow,
  next: u.rowLink,
  gseq: count8,
  state: unit("1 open, 2 paused", "u8", 1, 2),
  oseq: count16,
  ...specShape,
  order: unit("0 none, 1 open, 2 active", "u8", 0, 2),
  orderS: seconds,
  firstBid: u.rowLink,
  bids: count16,
  lease: unit("0 none, 1 active, 4 reclaiming", "u8", 0, 4),
  node: nodeIndex,
  payment: u.rowLink,
  bidDeposit: u.micro,
  windowS: duration,
  deadlineS: farS,
  leaseHeight: u.height,
  leaseS: seconds,
  /** When its last lease ended, if it wants another; 0 otherwise. */
  lostS: seconds,
  /** Its neighbours among the groups that wait for a lease. */
  waitPrevious: u.rowLink,
  waitNext: u.rowLink,
} as const

export const bidShape = {
  ...slotShape,
  group: u.groupRow,
  node: nodeIndex,
  rate: u.rate,
  windowS: duration,
  deposit: u.micro,
  next: u.rowLink,
} as const

/** An escrow payment: what one lease is charged. Payments of an account stand in the order in which it serves them. */
export const paymentShape = {
  ...slotShape,
  deployment: u.deploymentRow,
  /** The group whose lease it pays, or 0 when the lease is gone and the payment stayed. */
  group: u.rowLink,
  node: nodeIndex,
  rate: u.rate,
  balance: u.microSum,
  unsettled: u.microSum,
  /** gseq · 2^16 + oseq. */
  key: unit("gseq · 2^16 + oseq", "u32"),
  next: u.rowLink,
} as const

export const requestShape = {
  ...slotShape,
  holder: u.holder,
  from: u.denom,
  amount: u.micro,
  attempts: count8,
  next: u.rowLink,
} as const

export const BONDED = 1
export const JAILED = 2
export const TOMBSTONED = 3
const validatorShape = {
  state: unit("0 none, 1 bonded, 2 jailed, 3 tombstoned", "u8", 0, 3),
  tokens: u.microSum,
  /** Height + 1 since which it is missing; 0 when it signs. */
  missingFrom: u.height,
  /** Its absence before this one: heights [begin, end). */
  missedBegin: u.height,
  missedEnd: u.height,
  jailedUntilS: farS,
} as const

const unbondingShape = { ...slotShape, validator: u.validatorIndex, amount: u.micro, completesS: farS } as const

const sourceShape = {
  /** Fed at least once. */
  known: flag,
  live: flag,
  stoppedS: seconds,
  /** Points kept, and the place of the newest in the ring. */
  points: count8,
  newest: count8,
} as const
/** Row source · POINTS + place. */
const pointShape = { nanoUsd: unit("1e-9 USD", "safe", 0), atS: seconds } as const

export const STATUS_HEALTHY = 1
export const STATUS_WARNING = 2
export const STATUS_HALT_CR = 3
export const STATUS_HALT_ORACLE = 4

const chainShape = {
  started: flag,
  halted: flag,
  nowS: seconds,
  /** Blocks made by the anchor; more follow every `blockMs` unless it is halted. */
  height: u.height,
  anchorMs: msUnix,
  blockMs: unit("ms", "u16"),
  halts: count,
  haltedS: seconds,
  haltedSeconds: unit("s", "safe", 0),
  /** Groups that wait for a lease, oldest first. */
  firstWaiting: u.rowLink,
  lastWaiting: u.rowLink,
  waiting: count32,

  deployments: count,
  orders: count,
  bids: count,
  leases: count,
  leasesOpen: count32,
  closedByOwner: count,
  closedUnstable: count,
  closedByProvider: count,
  closedForFunds: count,
  /** From the end of a lease to the next of the same group. */
  replaced: count,
  replacedSeconds: unit("s", "safe", 0),
  replacedSecondsMax: duration,
  unstableHour: count32,
  unstableInHour: count32,
  detectedS: seconds,
  paidOut: amount,
  taken: amount,
  strandedUakt: amount,
  strandedUact: amount,

  status: u.mintStatus,
  epochBlocks: count16,
  burnEpoch: u.height,
  mintEpoch: u.height,
  remintCredits: amount,
  pendingUakt: amount,
  pendingUact: amount,
  burntUact: amount,
  mintedUact: amount,
  executed: count,
  cancelled: count,
  firstMint: u.rowLink,
  lastMint: u.rowLink,
  firstSettle: u.rowLink,
  lastSettle: u.rowLink,

  /** Yearly inflation in 1e-18. */
  inflation: amount,
  mintedHeight: u.height,
  slashed: amount,
  /** AKT there were at the beginning, and those made since by inflation and beyond remint credits. */
  genesisUakt: amount,
  inflatedUakt: amount,
  mintedUakt: amount,
} as const

export const TOKENS = ["akt", "act"] as const
export type Token = (typeof TOKENS)[number]
/** `public` is everybody who is no provider: tenants, stakers, the market. `bme` holds the vault and what is pending. */
export const ACCOUNTS = ["public", "bid_escrow", "deployment_escrow", "bme", "community", "staked"] as const

export interface State {
  readonly chain: Table<typeof chainShape>
  readonly provider: Table<typeof providerShape>
  readonly audit: Table<typeof auditShape>
  readonly deployment: Table<typeof deploymentShape>
  readonly deploymentHead: SlotHead
  readonly group: Table<typeof groupShape>
  readonly groupHead: SlotHead
  readonly bid: Table<typeof bidShape>
  readonly bidHead: SlotHead
  readonly payment: Table<typeof paymentShape>
  readonly paymentHead: SlotHead
  readonly request: Table<typeof requestShape>
  readonly requestHead: SlotHead
  readonly validator: Table<typeof validatorShape>
  readonly unbonding: Table<typeof unbondingShape>
  readonly unbondingHead: SlotHead
  readonly source: Table<typeof sourceShape>
  readonly point: Table<typeof pointShape>
  readonly ledger: Ledger<Token, (typeof ACCOUNTS)[number]>
}

const MICRO = 1_000_000
/** Stake falls with rank like 1 / (rank + this): the largest of 100 holds some 6 %. */
const RANK_OFFSET = 5
const WEIGHT_ONE = 1_000_000

export const genesis = ({ nodes }: { readonly nodes: number }, params: Values<AkashParams>): State => {
  const state: State = {
    chain: filled(chainShape, 1),
    provider: filled(providerShape, nodes),
    audit: filled(auditShape, nodes * u.AUDITORS),
    deployment: table(deploymentShape, 0),
    deploymentHead: slotHead(),
    group: table(groupShape, 0),
    groupHead: slotHead(),
    bid: table(bidShape, 0),
    bidHead: slotHead(),
    payment: table(paymentShape, 0),
    paymentHead: slotHead(),
    request: table(requestShape, 0),
    requestHead: slotHead(),
    validator: filled(validatorShape, u.VALIDATORS_MAX),
    unbonding: table(unbondingShape, 0),
    unbondingHead: slotHead(),
    source: filled(sourceShape, u.SOURCES_MAX),
    point: filled(pointShape, u.SOURCES_MAX * u.POINTS),
    ledger: ledger(TOKENS, ACCOUNTS, nodes),
  }
  const { chain, validator, ledger: l } = state
  mint(l, "akt", l.account.public, BigInt(params.supplyAkt) * BigInt(MICRO))
  chain.genesisUakt.set(0, BigInt(params.supplyAkt) * BigInt(MICRO))
  const bonded = Math.floor((params.supplyAkt * params.bondedPermille) / 1000)
  const weight = (rank: number): number => Math.floor(WEIGHT_ONE / (rank + RANK_OFFSET))
  let weights = 0
  for (let v = 0; v < params.validators; v++) weights += weight(v)
  for (let v = 0; v < params.validators; v++) {
    validator.state[v] = BONDED
    validator.tokens[v] = Math.floor((bonded * weight(v)) / weights) * MICRO
    post(l, "akt", l.account.public, l.account.staked, validator.tokens[v])
  }
  postWide(l, "akt", l.account.public, l.account.community, BigInt(params.communityAkt) * BigInt(MICRO))
  if (params.bmeOn === 1) postWide(l, "akt", l.account.community, l.account.bme, BigInt(params.vaultSeedAkt) * BigInt(MICRO))
  // The chain ran before the run begins: mainnet's own genesis was halted until its vault was filled.
  chain.status[0] = STATUS_HEALTHY
  chain.epochBlocks[0] = params.minEpochBlocks
  chain.inflation.set(0, (BigInt(params.inflationPermille) * dec.ONE) / 1000n)
  return state
}

export const stateTables = (state: State): Readonly<Record<string, AnyTable>> => {
  const { ledger: l, ...tables } = state
  return { ...(tables as unknown as Record<string, AnyTable>), ...tablesOf(l) }
}

/** Signatures of auditors and attributes change on few days. */
export const seldom = ["audit"] as const

export const tokenOf = (denom: number): Token => (denom === u.UAKT ? "akt" : "act")
