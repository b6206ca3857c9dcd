/** Requests by short names, for the examples: everything happens at one price, on one day, unless told. */
import type { Fact } from "../../kernel/row-type.ts"
import type { Commands } from "./commands.ts"
import { DECOMMISSION, UNSTABLE } from "./lease-rules.ts"
import { UACT, UAKT } from "./units.ts"

/** 2026-06-15T00:00:00Z */
export const T = 1_781_481_600
const BLOCK_S = 6.5
/** Seconds that `blocks` blocks take, rounded up. */
export const blocks = (n: number): number => Math.ceil(n * BLOCK_S)
export const ONE = 1_000_000

export type Ask = Fact<Commands>
export const start = (atS = T): Ask => ({ type: "StartChain", atS })
export const provider = (node: number, atS = T, attributes = 1): Ask => ({
  type: "RegisterProvider",
  node,
  attributes,
  fundsUakt: 10 * ONE,
  atS,
})
export const sign = (node: number, auditor = 0, attributes = 1): Ask => ({
  type: "SignAttributes",
  node,
  auditor,
  attributes,
  atS: T,
})
export const price = (nanoUsd = 1_000_000_000, atS = T, source = 0): Ask => ({ type: "FeedPrice", source, nanoUsd, atS })
export const request = (amount: number, from = UAKT, atS = T, holder = 0): Ask => ({
  type: "RequestBurnMint",
  holder,
  from,
  amount,
  atS,
})
export const end = (atS = T): Ask => ({ type: "EndBlock", atS })
export const deploy = (more: Partial<Extract<Ask, { type: "CreateDeployment" }>> = {}): Ask => ({
  type: "CreateDeployment",
  tenant: 7,
  deposit: 10 * ONE,
  groups: 1,
  cpuMilli: 1000,
  memoryMib: 1024,
  storageMib: 1024,
  gpus: 0,
  maxRate: 1000 * ONE,
  attributes: 0,
  allOf: 0,
  anyOf: 0,
  minWindowS: 0,
  note: 0,
  atS: T,
  ...more,
})
export const bid = (node: number, rate = 100 * ONE, more: Partial<Extract<Ask, { type: "CreateBid" }>> = {}): Ask => ({
  type: "CreateBid",
  group: 0,
  node,
  rate,
  windowS: 0,
  atS: T,
  ...more,
})
export const lease = (row = 0, group = 0, atS = T): Ask => ({ type: "CreateLease", group, bid: row, atS })
export const withdraw = (atS: number, group = 0): Ask => ({ type: "WithdrawLease", group, atS })
export const closeLease = (atS: number, group = 0): Ask => ({ type: "CloseLease", group, atS })
export const closeBid = (node: number, atS: number, reason = UNSTABLE, group = 0): Ask => ({
  type: "CloseBid",
  group,
  node,
  reason,
  atS,
})
export const reclaim = (atS: number, reason = DECOMMISSION): Ask => ({ type: "StartReclaim", group: 0, reason, atS })
export const startGroup = (atS: number): Ask => ({ type: "StartGroup", group: 0, atS })
export const closeDeployment = (atS: number, deployment = 0): Ask => ({ type: "CloseDeployment", deployment, atS })
export const topUp = (amount: number, atS: number, denom = UACT, deployment = 0): Ask => ({
  type: "TopUpDeployment",
  deployment,
  denom,
  amount,
  atS,
})
export const miss = (validator: number, atS: number): Ask => ({ type: "MissBlocks", validator, atS })
export const signBlocks = (validator: number, atS: number): Ask => ({ type: "SignBlocks", validator, atS })
export const hour = (at: number) => ({ settle: "hour", at }) as const
export const day = (at: number) => ({ settle: "day", at }) as const

/** A chain, two providers, a price, and ACT in tenants' hands. */
export const BEGUN: readonly Ask[] = [start(), provider(0), provider(1), sign(0), price(), request(1000 * ONE), end()]
export const BEGAN = [
  "ChainStarted",
  "ProviderRegistered",
  "AttributesSigned",
  "PriceFed",
  "BurnMintRequested",
  "BurnMintExecuted",
  "EpochsSet",
] as const
/** One lease at 100 uact a block, 10 ACT in escrow. */
export const LEASED: readonly Ask[] = [...BEGUN, deploy(), bid(0), bid(1, 120 * ONE), lease()]
export const LEASING = [...BEGAN, "DeploymentCreated", "BidCreated", "LeaseCreated"] as const
