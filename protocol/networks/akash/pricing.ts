/**
 * What providers ask: by scale (provider@afc4dd7c bidengine/pricing.go) and by the script that the helm charts ship
 * (helm-charts@f3d8d46c price_script_generic.sh). Decimals are exact until the rounding each names.
 */
import * as decimal from "../../kernel/decimal.ts"
import type { Decimal } from "../../kernel/decimal.ts"

/** 6.117 s blocks, 30.437 days: (60 / 6.117) · 24 · 60 · 30.437. */
export const BLOCKS_PER_MONTH = 429_909
const MEBI = decimal.make(1n << 20n)
const GIBI = decimal.make(1n << 30n)
const QUOTIENT_PLACES = 16
/** What a GPU of no known price costs at least, USD a month. */
const GPU_USD_MIN = decimal.make(100n)
const MICRO = decimal.make(1_000_000n)

const sum = (all: readonly Decimal[]): Decimal => all.reduce(decimal.add, decimal.zero)
const times = (n: number | string, count: number): Decimal => decimal.mul(decimal.parse(n), decimal.make(BigInt(count)))

export interface ScaleResources {
  readonly cpuMilli: number
  readonly memoryBytes: number | string
  readonly storageBytes: number | string
  readonly endpoints: number
  readonly ips: number
  readonly count: number
}
export interface Scales {
  readonly cpu: Decimal
  readonly memory: Decimal
  readonly storage: Decimal
  readonly endpoint: Decimal
  readonly ip: Decimal
}

/** Price per block. MiB are divided once, on the total, to 16 places half up; endpoints and addresses are not multiplied by count. */
export const computeScalePrice = (scales: Scales, resources: readonly ScaleResources[]): Decimal => {
  const cpu = sum(resources.map((r) => times(r.cpuMilli, r.count)))
  const memory = sum(resources.map((r) => times(r.memoryBytes, r.count)))
  const storage = sum(resources.map((r) => times(r.storageBytes, r.count)))
  const mebi = (bytes: Decimal) => decimal.div(bytes, MEBI, QUOTIENT_PLACES, "half_up")
  return sum([
    decimal.mul(cpu, scales.cpu),
    decimal.mul(mebi(memory), scales.memory),
    decimal.mul(mebi(storage), scales.storage),
    decimal.mul(sum(resources.map((r) => decimal.make(BigInt(r.endpoints)))), scales.endpoint),
    decimal.mul(sum(resources.map((r) => decimal.make(BigInt(r.ips)))), scales.ip),
  ])
}

export interface ScriptResources {
  readonly cpuMilli: number
  readonly memoryBytes: number | string
  readonly ephemeralBytes: number | string
  readonly endpoints: number
  /** Null: none. */
  readonly gpuModel: string | null
  readonly gpuUnits: number
  readonly count: number
}
/** USD a month: per thread, per 2^30 bytes, per endpoint. */
export interface ScriptTargets {
  readonly cpu: Decimal
  readonly memory: Decimal
  readonly ephemeral: Decimal
  readonly endpoint: Decimal
}

/**
 * What a GPU costs a month: its exact name "model.vram.interface", then without its last part, then the model alone, and
 * for an unknown one the dearest listed, at least 100.
 */
export const findGpuPrice = (prices: ReadonlyMap<string, Decimal>, model: string): Decimal => {
  const found = prices.get(model) ?? prices.get(model.replace(/\.[^.]*$/u, "")) ?? prices.get(model.replace(/\..*$/u, ""))
  return found ?? Array.from(prices.values()).reduce(decimal.max, GPU_USD_MIN)
}

/** The script's target in USD a month, exact. */
export const computeScriptUsd = (
  targets: ScriptTargets,
  prices: ReadonlyMap<string, Decimal>,
  resources: readonly ScriptResources[],
): Decimal => {
  const gibi = (bytes: Decimal) => decimal.div(bytes, GIBI, 30, "trunc")
  return sum([
    decimal.mul(sum(resources.map((r) => decimal.div(times(r.cpuMilli, r.count), decimal.make(1000n), 3, "trunc"))), targets.cpu),
    decimal.mul(gibi(sum(resources.map((r) => times(r.memoryBytes, r.count)))), targets.memory),
    decimal.mul(gibi(sum(resources.map((r) => times(r.ephemeralBytes, r.count)))), targets.ephemeral),
    decimal.mul(sum(resources.map((r) => times(r.endpoints, r.count))), targets.endpoint),
    ...resources.flatMap((r) =>
      r.gpuModel === null ? [] : [decimal.mul(findGpuPrice(prices, r.gpuModel), times(r.gpuUnits, r.count))],
    ),
  ])
}

/** Micro-units per block from USD a month, half up at `places`. `aktUsd` prices uakt; uact is a dollar. */
export const computeScriptRate = (usdMonth: Decimal, aktUsd: Decimal | null, blocksPerMonth: number, places: number): Decimal => {
  const perBlock = decimal.make(BigInt(blocksPerMonth))
  const below = aktUsd === null ? perBlock : decimal.mul(perBlock, aktUsd)
  return decimal.div(decimal.mul(usdMonth, MICRO), below, places, "half_up")
}

/** No bid above what the order pays at most. */
export const doesScriptBid = (rate: Decimal, orderAmount: Decimal): boolean => decimal.compare(rate, orderAmount) <= 0

export interface BondUnits<T> {
  readonly gpu: T
  readonly vcpu: T
  readonly memGb: T
  readonly storageTb: T
}
/** Bond of a provider in the draft AEP-86, AKT; not on chain. */
export const computeBond = (capacity: BondUnits<Decimal>, perUnit: BondUnits<Decimal>): Decimal =>
  sum((["gpu", "vcpu", "memGb", "storageTb"] as const).map((unit) => decimal.mul(capacity[unit], perUnit[unit])))
