/** The market workload does what it says: nothing refused, ten days of leases open, one hash. */
import { expect, test } from "vitest"
import { playMarket } from "./akash.ts"

test("thirteen days of a small market: as many leases as ten days of orders, and two runs agree", () => {
  const size = { days: 13, providers: 60, ordersADay: 48, bidsAnOrder: 20, lifeDays: 10 }
  const [a, b] = [playMarket(size), playMarket(size)]
  expect([a.refused, a.openLeases]).toEqual([0, 480])
  expect(b.hash).toBe(a.hash)
  // Deployments, bids, leases, closes and, once a day, a collection of every lease with its settlement.
  expect(a.events).toBeGreaterThan(13 * 48 * 22)
})
