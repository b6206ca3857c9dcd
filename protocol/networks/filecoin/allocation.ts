/**
 * Verified allocations: what a client's DataCap asks of the sector that claims it.
 * Sources: filecoin-project/builtin-actors@b0a3bdd6 actors/market/src/lib.rs (`alloc_request_for_deal`),
 * actors/verifreg/src/lib.rs (`can_claim_alloc`), runtime/src/runtime/policy.rs; FIP-0045.
 */
import { EPOCHS_PER_DAY, EPOCHS_PER_TROPICAL_YEAR } from "./epoch.ts"

/** Epochs after which an unclaimed allocation lapses (`MAXIMUM_VERIFIED_ALLOCATION_EXPIRATION`). */
export const ALLOCATION_EPOCHS_MAX = 60 * EPOCHS_PER_DAY
/** Epochs by which a sector may outlive the deal whose allocation it claims (`MARKET_DEFAULT_ALLOCATION_TERM_BUFFER`). */
export const CLAIM_TERM_BUFFER = 90 * EPOCHS_PER_DAY
/** Longest term of an allocation. */
export const CLAIM_TERM_MAX = 5 * EPOCHS_PER_TROPICAL_YEAR

export interface Allocation {
  /** Epochs that the claiming sector must still live, at least and at most. */
  readonly termMin: number
  readonly termMax: number
  /** Last epoch in which it may be claimed. */
  readonly claimUntil: number
}

/** The allocation that the market makes for a verified deal published at `now`. */
export const allocateForDeal = (now: number, start: number, end: number): Allocation => ({
  termMin: end - start,
  termMax: Math.min(end - start + CLAIM_TERM_BUFFER, CLAIM_TERM_MAX),
  claimUntil: Math.min(start, now + ALLOCATION_EPOCHS_MAX),
})

/** Whether a sector that ends at `expiration` has a life from now on within the allocation's term. */
export const isWithinTerm = ({ termMin, termMax }: Pick<Allocation, "termMin" | "termMax">, now: number, expiration: number) =>
  expiration - now >= termMin && expiration - now <= termMax
