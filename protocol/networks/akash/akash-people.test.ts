/** Akash's people: providers that cheat, providers that come and go for cost, demand that moves, and who lost how much. */
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { readScenario } from "../../boundary/scenario.ts"
import { at, hours, kill, percent, scenario, share } from "../../../scenarios/vocabulary.ts"
import { resolve } from "../../../simulation/engine/resolve.ts"
import { Simulation } from "../../../simulation/engine/simulation.ts"
import { environment } from "../../../simulation/record/environment.ts"
import { LOSS_CLASSES, lossClass, lossMinutes, lossQuantile } from "./inhabit-lost.ts"
import type { State } from "./state.ts"

const env = environment()

/** Days of 24 providers; `then` changes a parameter at an hour. */
function lived(
  values: Record<string, number>,
  { days = 2, faults = [] }: { readonly days?: number; readonly faults?: readonly Parameters<typeof at>[] } = {},
) {
  const draft = scenario({
    name: "akash-people",
    question: "What do people do?",
    begins: "2026-07-01T00:00:00Z",
    lasts: hours(24 * days),
    seed: 7,
    epoch: hours(6),
    networks: {
      akash: {
        nodes: 24,
        preset: "v2.1-2026-06-11",
        change: { tenantsAtBegin: 8, arrivalsPerProviderDay: 4, meanHours: 48, ...values },
      },
    },
    timeline: faults.map((f) => at(...f)),
  })
  const sim = new Simulation(resolve(readScenario(JSON.parse(JSON.stringify(draft)))), env)
  while (!sim.done) sim.tick()
  const [n] = sim.networks
  const rows = n.epochs.rows as unknown as Record<string, Float64Array> & { length: number }
  return {
    state: n.machine.state as State,
    last: (name: string): number => rows[name][rows.length - 1],
    column: (name: string): number[] => [...rows[name].subarray(0, rows.length)],
    refused: n.machine.reasons.filter((_, i) => n.machine.refused[i] > 0),
  }
}

describe("cheats", () => {
  const honest = lived({})
  test("without them nobody is one, nobody is shunned and no tenant of a calm run loses a minute", () => {
    expect(
      ["cheaterIncomePermille", "cheaterLeases", "providerShunned", "tenantLostShare", "tenantLostMost"].map(honest.last),
    ).toEqual([0, 0, 0, 0, 0])
  })
  test("phantoms win by underbidding and earn until tenants notice; complaints that are told end it", () => {
    const [alone, told] = [0, 2].map((shunAfter) => lived({ phantomPermille: 200, shunAfter }))
    expect(alone.last("tenantLostShare")).toBeGreaterThan(300)
    expect(alone.last("cheaterIncomePermille")).toBeGreaterThan(5)
    expect(told.last("cheaterIncomePermille")).toBeLessThan(alone.last("cheaterIncomePermille") / 3)
    expect(told.last("tenantLostShare")).toBeLessThan(alone.last("tenantLostShare") / 2)
    expect(told.last("providerShunned")).toBeGreaterThan(0)
    expect(alone.refused).toEqual([])
  })
  test("tenants who ask for an auditor's word are let alone by phantoms: none signs them", () => {
    expect(lived({ phantomPermille: 200, auditedPermille: 1000 }).last("tenantLostShare")).toBe(0)
  })
  test("baiters close what they won; where they owe a day's notice their tenants move in peace more often", () => {
    const bait = lived({ baiterPermille: 200 })
    const bound = lived({ baiterPermille: 200, windowSeconds: 86_400, demandsNotice: 1 })
    expect(bait.state.chain.closedByProvider[0]).toBeGreaterThan(50)
    expect(bound.state.chain.closedByProvider[0]).toBeLessThan(bait.state.chain.closedByProvider[0] / 3)
    expect(bound.last("tenantLostShare")).toBeLessThan(bait.last("tenantLostShare") / 2)
    // Who has to stay serves, and is paid for it.
    expect(bound.last("cheaterIncomePermille")).toBeGreaterThan(bait.last("cheaterIncomePermille"))
  })
  test("griefers do nothing until they are more than an order has places; then nobody comes in", () => {
    const griefers = { grieferPermille: 500, tenantsAtBegin: 0 }
    const wide = lived({ ...griefers, orderMaxBids: 30 })
    const narrow = lived({ ...griefers, orderMaxBids: 5 })
    expect(wide.last("tenantLostShare")).toBe(0)
    expect(wide.state.chain.leases[0]).toBeGreaterThan(150)
    expect(narrow.state.chain.leases[0]).toBeLessThan(wide.state.chain.leases[0] / 10)
    // Deposits came back: it cost them nothing.
    expect(narrow.state.ledger.tokens.akt.balance.toNumber(narrow.state.ledger.account.bid_escrow)).toBeLessThan(
      24 * 21 * 500_000,
    )
  })
  test("who lets escrow run dry is found within the hour, so little stays unpaid", () => {
    const dry = lived({ drainingPermille: 500, drainDepositHours: 6, minDepositMicro: 1 })
    expect(dry.state.chain.closedForFunds[0]).toBeGreaterThan(20)
    expect(dry.last("escrowUnpaidPermille")).toBeLessThan(200)
    expect(honest.state.chain.closedForFunds[0]).toBeLessThan(dry.state.chain.closedForFunds[0])
  })
})

describe("operators", () => {
  const dear = { operatorsReact: 1, exitAfterDays: 3, providerCostMilliUsdPerDay: 400_000 }
  test("leave when a day costs more than it brings, and not before their patience ends", () => {
    const gone = lived(dear, { days: 8 })
    expect(
      gone
        .column("operatorAway")
        .slice(0, 8)
        .every((a) => a === 0),
    ).toBe(true)
    expect(gone.last("operatorAway")).toBeGreaterThan(5)
    expect(gone.state.chain.closedByProvider[0]).toBeGreaterThan(0)
    expect(lived({ ...dear, operatorsReact: 0 }, { days: 8 }).last("operatorAway")).toBe(0)
  })
  test("outsiders come where others live well, and stay outside where they do not", () => {
    const outside = { outsidersPermille: 500, operatorsReact: 1, enterAfterDays: 2, exitAfterDays: 300, enterAbovePermille: 500 }
    const rich = lived({ ...outside, providerCostMilliUsdPerDay: 100 }, { days: 5 })
    const poor = lived({ ...outside, providerCostMilliUsdPerDay: 4_000_000 }, { days: 5 })
    expect(rich.column("operatorAway")[0]).toBeGreaterThan(6)
    expect(rich.last("operatorAway")).toBe(0)
    expect(poor.last("operatorAway")).toBe(poor.column("operatorAway")[0])
  })
  test("churn takes some whatever they earn", () => {
    expect(lived({ churnPpmPerDay: 100_000 }, { days: 4 }).last("operatorAway")).toBeGreaterThan(2)
  })
})

test("demand follows shocks and weekends", () => {
  const orders = (values: Record<string, number>) =>
    lived({ tenantsAtBegin: 0, ...values }, { days: 1 }).state.chain.deployments[0]
  const usual = orders({})
  expect(orders({ demandPermille: 3000 })).toBeGreaterThan(2.5 * usual)
  expect(orders({ demandPermille: 0 })).toBe(0)
  // 1 July 2026 is a Wednesday: weekends without anybody leave more for it.
  expect(orders({ weekendPermille: 0 })).toBeGreaterThan(1.2 * usual)
  expect(orders({ winterPermille: 2000 })).toBeLessThan(0.4 * usual)
})

describe("lost time", () => {
  test("is counted by tenant: a third of the providers fails, and some lose nothing, some an hour", () => {
    const faults: Parameters<typeof at>[] = [[hours(6), "a third fail", kill("akash", share(percent(33)))]]
    const hit = lived({ spreadPermille: 1000, noticeSeconds: 3600 }, { days: 1, faults })
    const [affected, median, p90, p99, most] = [
      "tenantLostShare",
      "tenantLostMedian",
      "tenantLost90",
      "tenantLost99",
      "tenantLostMost",
    ].map(hit.last)
    expect(affected).toBeGreaterThan(50)
    expect(affected).toBeLessThan(500)
    expect(median).toBe(0)
    expect([p90, p99, most]).toEqual([p90, p99, most].toSorted((a, b) => a - b))
    expect(p99).toBeGreaterThan(5)
    const standby = { standbyLeases: 1, antiAffinity: 2, threadsPerProvider: 2000, gpusPerProvider: 100 }
    expect(
      lived({ spreadPermille: 1000, noticeSeconds: 3600, ...standby }, { days: 1, faults }).last("tenantLostShare"),
    ).toBeLessThan(affected / 2)
  })
  test("falls into classes whose edge is never below it nor a class too high", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 * 86_400 }), (seconds) => {
        const k = lossClass(seconds)
        expect(k).toBeGreaterThanOrEqual(0)
        expect(k).toBeLessThan(LOSS_CLASSES)
        if (k < LOSS_CLASSES - 1) expect(lossMinutes(k) * 60).toBeGreaterThanOrEqual(seconds)
        if (k > 0) expect(lossMinutes(k - 1) * 60).toBeLessThan(k === LOSS_CLASSES - 1 ? seconds + 1 : Math.max(seconds, 1))
      }),
    )
    expect([0, 1, 60, 61, 3600, 3601].map(lossClass)).toEqual([0, 1, 1, 2, 60, 61])
  })
  test("has quantiles: none without tenants, the least class that so many do not exceed", () => {
    expect(lossQuantile([], 500)).toBe(-1)
    expect(lossQuantile([0, 0], 500)).toBe(-1)
    expect([0, 500, 501, 900, 999, 1000].map((q) => lossQuantile([5, 4, 0, 1], q))).toEqual([0, 0, 1, 1, 3, 3])
  })
})
