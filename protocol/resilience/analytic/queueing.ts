/** Queues, retries and the loads that keep themselves up. Spec: resilience-science §7 (Bronson, HotOS'21). */
import { pow } from "../../kernel/real.ts"
import { binomialAtLeast } from "./special.ts"

/** One server. Mean customers and time are null where arrivals outrun it. */
export const computeMm1 = (lambda: number, mu: number) => {
  const rho = lambda / mu
  const stable = rho < 1
  return {
    rho,
    customers: stable ? lambda / (mu - lambda) : null,
    timeInSystem: stable ? 1 / (mu - lambda) : null,
    pEmpty: stable ? (mu - lambda) / mu : 0,
  }
}

/** c servers at `load` erlangs: blocked without a queue (B), waiting with one (C), mean wait in service times; null where it grows for ever. */
export const computeErlang = (servers: number, load: number) => {
  let blocking = 1
  for (let i = 1; i <= servers; i++) blocking = (load * blocking) / (i + load * blocking)
  if (load >= servers) return { blocking, pWait: 1, meanWait: null }
  const pWait = (servers * blocking) / (servers - load * (1 - blocking))
  return { blocking, pWait, meanWait: pWait / (servers - load) }
}

/** Expected attempts per request: 1 + p + … + p^retries. */
export const computeRetryAttempts = (pFail: number, retries: number): number => {
  let sum = 0
  for (let i = retries; i >= 0; i--) sum = 1 + pFail * sum
  return sum
}

/** Attempts at the bottom when each of `layers` layers retries and the bottom is down. */
export const computeLayeredRetries = (retries: number, layers: number): number => pow(retries + 1, layers)

/** Can a retry storm keep itself going: offered load in (C/(1+r), C]. Above capacity it is overload, not metastability. */
export const computeMetastable = (capacity: number, offered: number, retries: number) => {
  const loadWithRetries = offered * (1 + retries)
  return {
    loadWithRetries,
    metastable: offered <= capacity && loadWithRetries > capacity,
    selfHealsBelow: capacity / (1 + retries),
  }
}

/** What queues up in a full outage and how long it takes to work off; null where there is nothing to spare. */
export const computeBacklogDrain = (offered: number, capacity: number, outageS: number) => {
  const backlog = offered * outageS
  return { backlog, drainS: backlog === 0 ? 0 : capacity > offered ? backlog / (capacity - offered) : null }
}

/** Load when retries are held to a share of requests. */
export const computeRetryBudget = (offered: number, capacity: number, budget: number) => {
  const load = offered * (1 + budget)
  return { load, stable: load <= capacity, maxSafeOffered: capacity / (1 + budget) }
}

/** Reconnections spread evenly over a window: mean per second, and the chance that one given second has more than `limit`. */
export const computeReconnectJitter = (nodes: number, windowS: number, limit: number) => ({
  meanPerSecond: nodes / windowS,
  pExceed: limit >= nodes ? 0 : binomialAtLeast(Math.floor(limit) + 1, nodes, 1 / Math.max(1, windowS)),
})
