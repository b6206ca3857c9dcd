/** Units of Akash's events, commands and tables. */
import { unit } from "../../kernel/unit.ts"

/** Whole micro-tokens of one deposit or price: bounded so that rate times blocks stays exact in a double. */
export const MICRO_MAX = 1e15
/** 10 ACT a block: on chain a single unit's price may be as much. */
export const RATE_MAX = 1e13
export const VALIDATORS_MAX = 100
export const AUDITORS = 8
export const SOURCES_MAX = 4
/** Price changes kept per source. */
export const POINTS = 64
export const GROUPS_MAX = 20

export const micro = unit("micro-token", "safe", 0, MICRO_MAX)
/** What adds up: below 2^53. */
export const microSum = unit("micro-token", "safe", 0)
export const rate = unit("1e-6 micro-token per block", "safe", 0, RATE_MAX)
export const height = unit("block", "safe", 0)
export const denom = unit("0 uakt, 1 uact", "u8", 0, 1)
export const deploymentRow = unit("deployment", "u32")
export const groupRow = unit("group", "u32")
export const bidRow = unit("bid", "u32")
export const paymentRow = unit("payment", "u32")
export const requestRow = unit("request", "u32")
export const unbondingRow = unit("unbonding", "u32")
/** A row plus 1, or 0 for none. */
export const rowLink = unit("row + 1; 0 is none", "u32")
export const tenant = unit("tenant", "u32")
export const attributeMask = unit("attributes, one bit each", "u32")
export const auditorMask = unit("auditors, one bit each", "u8")
export const auditorIndex = unit("auditor", "u8", 0, AUDITORS - 1)
export const validatorIndex = unit("validator", "u8", 0, VALIDATORS_MAX - 1)
export const sourceIndex = unit("price source", "u8", 0, SOURCES_MAX - 1)
export const nanoUsd = unit("1e-9 USD", "safe", 1, 1e12)
export const closeReason = unit("reason (chain-sdk LeaseClosedReason)", "u16")
/** 0 is the public, n the provider of node n − 1. */
export const holder = unit("0 public, else node + 1", "u32")
export const mintStatus = unit("1 healthy, 2 warning, 3 halt_cr, 4 halt_oracle", "u8", 1, 4)
export const cancelReason = unit("1 epsilon, 2 minimum_mint, 3 max_attempts", "u8", 1, 3)

export const UAKT = 0
export const UACT = 1
