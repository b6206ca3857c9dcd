/**
 * What anybody can read of Akash's market at the end of an epoch, beside what others charge for the same: two vCPU with 8 GiB for a
 * month, the unit in which the clouds' list prices are cited.
 */
import { isOpen } from "../../kernel/slots.ts"
import type { Values } from "../../kernel/param.ts"
import { medianMicroUsd } from "../../markets/comparators.ts"
import { computeTargetMilliUsd, type Spec } from "./inhabit-providers.ts"
import type { AkashParams } from "./params.ts"
import type { State } from "./state.ts"

const MICRO = 1_000_000
const MONTH_MS = 30.437 * 86_400_000
/** The comparators' machine; their disks are not in their price. */
const PAIR: Spec = { cpuMilli: 2000, memoryMib: 8192, storageMib: 0, gpus: 0 }

/**
 * Millionths of a dollar a month for two vCPU and 8 GiB, as the open leases pay: the price script's figure for such a machine, times what
 * all leases together pay over what the script asks for all of them. 0 without a lease. `nanoUsd` is the price of AKT.
 */
export function pairMicroUsd({ chain, group, payment }: State, v: Values<AkashParams>, nanoUsd: number): number {
  let paid = 0
  let asked = 0
  for (let p = 0; p < payment.length; p++) {
    const g = payment.group[p] - 1
    if (g < 0 || !isOpen(payment, p) || !isOpen(group, g)) continue
    paid += payment.rate[p]
    const { cpuMilli, memoryMib, storageMib, gpus } = group
    asked +=
      computeTargetMilliUsd(v, { cpuMilli: cpuMilli[g], memoryMib: memoryMib[g], storageMib: storageMib[g], gpus: gpus[g] }) *
      1000
  }
  if (asked === 0) return 0
  const micro = ((paid / MICRO) * MONTH_MS) / chain.blockMs[0]
  const microUsd = v.paidInAct === 1 ? micro : (micro * nanoUsd) / 1e9
  return Math.floor((microUsd / asked) * computeTargetMilliUsd(v, PAIR) * 1000)
}

export const priceObserves = {
  "price.akt": { unit: "microUSD", because: "What the market pays for an AKT." },
  "pair.paid": {
    unit: "microUSD a month",
    because:
      "What leases pay for two vCPU and 8 GiB: the script's price for that, times what all leases pay over what it asks for all.",
  },
  "pair.hyperscaler": {
    unit: "microUSD a month",
    because: "The median list price of hyperscalers for the same (markets/comparators.ts, 2026-10-28).",
  },
  "pair.host": {
    unit: "microUSD a month",
    because: "A budget host's list price for the same (markets/comparators.ts, 2026-10-28).",
  },
  "providers.there": { unit: "providers", because: "Providers whose machines run and are connected." },
} as const

/** The figures that `priceObserves` declares, as they stand. */
export function observePrices(
  state: State,
  v: Values<AkashParams>,
  nanoUsd: number,
  isUp: (node: number) => boolean,
): Readonly<Record<keyof typeof priceObserves, number>> {
  let there = 0
  for (let node = 0; node < state.provider.length; node++) if (isUp(node)) there++
  return {
    "price.akt": Math.floor(nanoUsd / 1000),
    "pair.paid": pairMicroUsd(state, v, nanoUsd),
    "pair.hyperscaler": medianMicroUsd("vCPU-pair month", "hyperscaler"),
    "pair.host": medianMicroUsd("vCPU-pair month", "host"),
    "providers.there": there,
  }
}
