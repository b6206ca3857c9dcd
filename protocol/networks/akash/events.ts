/** What has happened on Akash: the chain, the market, escrow, burn and mint, staking. */
import { event } from "../../kernel/row-type.ts"
import { amount, count8, count16, count32, duration, flag, nodeIndex, seconds, unit } from "../../kernel/unit.ts"
import * as u from "./units.ts"

/** What a group of services asks for, in total over its services and their counts. */
export const specShape = {
  cpuMilli: unit("1/1000 thread", "u32"),
  memoryMib: unit("MiB", "u32"),
  storageMib: unit("MiB", "u32"),
  gpus: count8,
  maxRate: u.rate,
  attributes: u.attributeMask,
  allOf: u.auditorMask,
  anyOf: u.auditorMask,
  /** Notice the order demands; 0 is none. */
  minWindowS: duration,
} as const

export const events = {
  ChainStarted: event("The chain made its first block.", { height: u.height, blockMs: unit("ms", "u16"), atS: seconds }),
  BlocksCounted: event("Blocks made since the last count.", {
    height: u.height,
    anchorMs: unit("ms (Unix)", "safe", 0),
    blockMs: unit("ms", "u16"),
    atS: seconds,
  }),
  ChainHalted: event("No more than two thirds of the voting power signed: no block was made any more.", {
    height: u.height,
    atS: seconds,
  }),
  ChainResumed: event("More than two thirds of the voting power signed again.", { height: u.height, atS: seconds }),

  ProviderRegistered: event("A provider registered its host and attributes, and brought AKT for its bids.", {
    node: nodeIndex,
    attributes: u.attributeMask,
    fundsUakt: u.micro,
    atS: seconds,
  }),
  AttributesSigned: event("An auditor signed a set of a provider's attributes.", {
    node: nodeIndex,
    auditor: u.auditorIndex,
    attributes: u.attributeMask,
    atS: seconds,
  }),
  DeploymentCreated: event("A tenant paid a deposit into escrow and opened one order per group.", {
    tenant: u.tenant,
    denom: u.denom,
    deposit: u.micro,
    groups: count8,
    ...specShape,
    note: count32,
    height: u.height,
    atS: seconds,
  }),
  DeploymentFunded: event("A tenant topped up its escrow account.", {
    deployment: u.deploymentRow,
    denom: u.denom,
    amount: u.micro,
    atS: seconds,
  }),
  BidCreated: event("A provider bid on an open order and paid a deposit.", {
    group: u.groupRow,
    node: nodeIndex,
    rate: u.rate,
    windowS: duration,
    deposit: u.micro,
    atS: seconds,
  }),
  BidClosed: event("A provider took back a bid that was still open; its deposit came back.", { bid: u.bidRow, atS: seconds }),
  PaymentSettled: event("A payment was charged for the blocks since the account's last settlement, as far as funds went.", {
    payment: u.paymentRow,
    paid: u.microSum,
    unsettled: u.microSum,
    /** Taken from the account and credited to nobody: only with trapsOn. */
    stranded: u.microSum,
    height: u.height,
    atS: seconds,
  }),
  DebtPaidInAkt: event("Debt was paid to the provider in AKT, because collateral is short and ACT cannot be minted.", {
    payment: u.paymentRow,
    uakt: u.microSum,
    settled: u.microSum,
  }),
  PaymentPaidOut: event("A provider received what a payment had accrued, less the take.", {
    payment: u.paymentRow,
    amount: u.microSum,
    fee: u.microSum,
  }),
  LeaseCreated: event("A tenant chose a bid; every other open bid of the order was lost and its deposit came back.", {
    group: u.groupRow,
    bid: u.bidRow,
    height: u.height,
    atS: seconds,
  }),
  LeaseReclaimStarted: event("A provider gave notice.", {
    group: u.groupRow,
    reason: u.closeReason,
    deadlineS: unit("s (Unix)", "safe", 0),
    height: u.height,
    atS: seconds,
  }),
  LeaseClosed: event("A lease ended, for a reason.", {
    group: u.groupRow,
    reason: u.closeReason,
    /** 1: its payment stays open and goes on charging: only with trapsOn. */
    paymentStays: flag,
    height: u.height,
    atS: seconds,
  }),
  GroupPaused: event("The provider ended the lease, so the group waits for its tenant.", { group: u.groupRow, atS: seconds }),
  OrderCreated: event("A group without a lease was put up for bids again.", {
    group: u.groupRow,
    height: u.height,
    atS: seconds,
  }),
  DeploymentClosed: event("A deployment and all that belongs to it ended; what was left in escrow went back.", {
    deployment: u.deploymentRow,
    isOverdrawn: flag,
    atS: seconds,
  }),
  DebtForgotten: event("An overdrawn account nobody paid for too long is remembered no more.", {
    deployment: u.deploymentRow,
    atS: seconds,
  }),
  IncidentDetected: event("So many leases were closed as unstable within an hour that something must be wrong.", {
    unstable: count32,
    atS: seconds,
  }),

  BurnMintRequested: event("Tokens were handed to the burn-mint engine, to be exchanged in its next epoch.", {
    holder: u.holder,
    from: u.denom,
    amount: u.micro,
    atS: seconds,
  }),
  BurnMintExecuted: event("A request was carried out at the price of its block.", {
    request: u.requestRow,
    mint: amount,
    spread: amount,
    /** Of AKT: paid from credits of earlier burns; the rest was minted. */
    remint: amount,
    atS: seconds,
  }),
  BurnMintRetried: event("A request could not be carried out for want of a price, and waits.", {
    request: u.requestRow,
    atS: seconds,
  }),
  BurnMintCancelled: event("A request was given up and refunded.", {
    request: u.requestRow,
    reason: u.cancelReason,
    atS: seconds,
  }),
  MintStatusChanged: event("The circuit breaker changed its state.", {
    status: u.mintStatus,
    previous: u.mintStatus,
    ratioBps: unit("bp", "safe"),
    epochBlocks: count16,
    height: u.height,
    atS: seconds,
  }),
  EpochsSet: event("The next epochs of burning and minting were set.", { burnEpoch: u.height, mintEpoch: u.height }),
  PriceFed: event("A price source reports this price from now on, with every block.", {
    source: u.sourceIndex,
    nanoUsd: u.nanoUsd,
    atS: seconds,
  }),
  FeedStopped: event("A price source fell silent.", { source: u.sourceIndex, atS: seconds }),

  InflationMinted: event("New AKT for the blocks of a day.", {
    amount,
    inflation: amount,
    blocks: u.height,
    height: u.height,
    atS: seconds,
  }),
  BlocksMissed: event("A validator stopped signing.", { validator: u.validatorIndex, height: u.height, atS: seconds }),
  BlocksSigned: event("A validator signs again.", { validator: u.validatorIndex, height: u.height, atS: seconds }),
  ValidatorJailed: event("A validator missed too many blocks.", {
    validator: u.validatorIndex,
    slashed: u.microSum,
    untilS: unit("s (Unix)", "safe", 0),
    atS: seconds,
  }),
  ValidatorUnjailed: event("A jailed validator returned.", { validator: u.validatorIndex, height: u.height, atS: seconds }),
  ValidatorTombstoned: event("A validator signed two blocks of one height: slashed, and gone for good.", {
    validator: u.validatorIndex,
    slashed: u.microSum,
    atS: seconds,
  }),
  UnbondingSlashed: event("Stake on its way out was slashed for what its validator did before.", {
    unbonding: u.unbondingRow,
    amount: u.microSum,
  }),
  Delegated: event("AKT were staked with a validator.", { validator: u.validatorIndex, amount: u.micro, atS: seconds }),
  Undelegated: event("Stake began to leave a validator.", {
    validator: u.validatorIndex,
    amount: u.micro,
    completesS: unit("s (Unix)", "safe", 0),
    atS: seconds,
  }),
  UnbondingCompleted: event("Stake came free.", { unbonding: u.unbondingRow, atS: seconds }),
} as const
export type Events = typeof events
