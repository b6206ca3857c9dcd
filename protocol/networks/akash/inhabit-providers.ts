/** Providers in a simulated world: what they own, what they ask, whether their watchdog outlives their machines. */
import { mulDivFloor } from "../../kernel/money.ts"
import type { Values } from "../../kernel/param.ts"
import { below, block, stream, type Stream } from "../../kernel/random.ts"
import { MEMORY_GIB_PER_THREAD, STORAGE_GIB_PER_THREAD } from "./params-world.ts"
import type { AkashParams } from "./params.ts"
import { BLOCKS_PER_MONTH } from "./pricing.ts"
import { isSubset } from "./attributes.ts"
import type { State } from "./state.ts"
import { AUDITORS, RATE_MAX, UAKT } from "./units.ts"
import { computeWatchdogSeconds } from "./watchdog.ts"

const MIB_PER_GIB = 1024
/** The attribute that auditors sign: this provider is who it says it is. */
export const AUDITED_ATTRIBUTE = 1
/** The auditor tenants ask for. */
export const AUDITOR = 0
/** 0.001 USD a month → 1e-6 uact a block: 1e-3 · 1e6 · 1e6 / blocks. */
const RATE_PER_MILLI_USD = 1e9

export interface Spec {
  readonly cpuMilli: number
  readonly memoryMib: number
  readonly storageMib: number
  readonly gpus: number
}

/** The price script's target for a group, 0.001 USD a month, rounded down. */
export const computeTargetMilliUsd = (v: Values<AkashParams>, s: Spec): number =>
  mulDivFloor(s.cpuMilli, v.cpuMonthlyMilliUsd, 1000) +
  mulDivFloor(s.memoryMib, v.memoryMonthlyMilliUsd, MIB_PER_GIB) +
  mulDivFloor(s.storageMib, v.storageMonthlyMilliUsd, MIB_PER_GIB) +
  s.gpus * v.gpuMonthlyMilliUsd

/** A month's price as a rate per block in the market's token; `nanoUsd` is the price of AKT. */
export const computeRate = (milliUsd: number, denom: number, nanoUsd: number): number => {
  const uact = mulDivFloor(milliUsd, RATE_PER_MILLI_USD, BLOCKS_PER_MONTH)
  const rate = denom === UAKT ? mulDivFloor(uact, 1e9, nanoUsd) : uact
  return Math.max(1, Math.min(RATE_MAX, rate))
}

export interface ProviderDice {
  readonly margin: Stream
  readonly audited: Stream
  readonly watchdog: Stream
  readonly delay: Stream
}
export const providerDice = (seed: number): ProviderDice => ({
  margin: stream(seed, "akash/margin"),
  audited: stream(seed, "akash/audited"),
  watchdog: stream(seed, "akash/watchdog"),
  delay: stream(seed, "akash/bid-delay"),
})

export const isAudited = (dice: ProviderDice, v: Values<AkashParams>, node: number): boolean =>
  below(dice.audited, 1000, node) < v.auditedProvidersPermille

/** What the provider adds to the script's target, in permille of it; its own for good. */
export const marginOf = (dice: ProviderDice, v: Values<AkashParams>, node: number): number =>
  1000 - v.marginPermille + below(dice.margin, 2 * v.marginPermille + 1, node)

/** Room for one more group, by what its leases take already. */
export const hasRoom = ({ provider }: State, v: Values<AkashParams>, node: number, s: Spec): boolean =>
  provider.cpuMilli[node] + s.cpuMilli <= v.threadsPerProvider * 1000 &&
  provider.memoryMib[node] + s.memoryMib <= v.threadsPerProvider * MEMORY_GIB_PER_THREAD * MIB_PER_GIB &&
  provider.storageMib[node] + s.storageMib <= v.threadsPerProvider * STORAGE_GIB_PER_THREAD * MIB_PER_GIB &&
  provider.gpus[node] + s.gpus <= v.gpusPerProvider

/** Does the provider's own word, or its auditor's, fulfil what a group asks? The chain checks it again. */
export const isEligible = ({ provider, audit, group }: State, node: number, g: number): boolean => {
  if (provider.registered[node] === 0 || !isSubset(group.attributes[g], provider.attributes[node])) return false
  return (group.allOf[g] | group.anyOf[g]) === 0 || audit.signed[node * AUDITORS + AUDITOR] === 1
}

/** Bids whose deposits the provider's AKT would pay. */
export const countDeposits = ({ ledger: l }: State, v: Values<AkashParams>, node: number): number =>
  v.bidDepositUakt === 0
    ? Number.MAX_SAFE_INTEGER
    : Math.floor(l.tokens.akt.balance.toNumber(l.accounts.length + node) / v.bidDepositUakt)

const words = new Uint32Array(4)

/** Seconds from the failure of a provider's machines at `downSinceS` until its watchdog closes the leases; Infinity when it failed too. */
export function watchdogSeconds(dice: ProviderDice, v: Values<AkashParams>, node: number, downSinceS: number): number {
  if (below(dice.watchdog, 1000, node, downSinceS, 1) >= v.watchdogPermille) return Infinity
  block(dice.watchdog, words, node, downSinceS, 2)
  return computeWatchdogSeconds(words, v.watchdogRetries)
}
