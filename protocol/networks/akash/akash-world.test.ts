/** Akash in a simulated world: what its tenants get when providers, the chain, its price feed or its console fail. */
import { describe, expect, test } from "vitest"
import { readScenario } from "../../boundary/scenario.ts"
import {
  at,
  change,
  corrupt,
  hinder,
  hours,
  kill,
  minutes,
  percent,
  repair,
  scenario,
  share,
} from "../../../scenarios/vocabulary.ts"
import { resolve } from "../../../simulation/engine/resolve.ts"
import { Simulation } from "../../../simulation/engine/simulation.ts"
import { environment } from "../../../simulation/record/environment.ts"
import { LEASE_ACTIVE, STATUS_HALT_CR, STATUS_HALT_ORACLE, STATUS_HEALTHY, type State } from "./state.ts"

const env = environment()
const T0 = Date.parse("2026-07-01T12:00:00Z") / 1000
type Todo = Parameters<typeof at>[2]
interface Setting {
  readonly values?: Record<string, number>
  readonly preset?: string
  readonly faults?: readonly [hour: number, label: string, todo: Todo][]
  readonly everyMinutes?: number
  readonly length?: number
}
/** A day of 24 providers from noon; faults at hours of the run. */
function played({ values = {}, preset = "v2.1-2026-06-11", faults = [], everyMinutes = 10, length = 24 }: Setting) {
  const draft = scenario({
    name: "akash-test",
    question: "What do tenants get?",
    begins: "2026-07-01T12:00:00Z",
    lasts: hours(length),
    seed: 11,
    epoch: minutes(everyMinutes),
    networks: { akash: { nodes: 24, preset, change: { tenantsAtBegin: 10, arrivalsPerProviderDay: 4, ...values } } },
    timeline: faults.map(([hour, label, todo]) =>
      at(new Date((T0 + hour * 3600) * 1000).toISOString().replace(".000Z", "Z"), label, todo),
    ),
  })
  const sim = new Simulation(resolve(readScenario(JSON.parse(JSON.stringify(draft)))), env)
  let hash = ""
  while (!sim.done) hash = sim.tick().header?.state ?? hash
  const [n] = sim.networks
  const column = (name: string): number[] => [
    ...(n.epochs.rows as unknown as Record<string, Float64Array>)[name].subarray(0, n.epochs.rows.length),
  ]
  const offered = column("offeredMilli")
  const served = column("servedMilli")
  return {
    state: n.machine.state as State,
    column,
    hash,
    refused: n.machine.reasons.filter((_, i) => n.machine.refused[i] > 0),
    lost: offered.reduce((sum, o, i) => sum + o - served[i], 0) / offered.reduce((a, b) => a + b, 0),
  }
}
/** Tenants spread, so that the failing third holds a third of the leases: where the cheapest win, few providers have most of them. */
const SPREAD = { spreadPermille: 1000 }
const KILL: Setting["faults"] = [[6, "a third fail", kill("akash", share(percent(33)))]]

describe("a calm day", () => {
  const calm = played({})
  test("serves everybody, refuses nothing, and makes a block every six and a half seconds", () => {
    expect([calm.lost, calm.refused, calm.state.chain.halted[0]]).toEqual([0, [], 0])
    expect(calm.state.chain.height[0]).toBe(1 + Math.floor((24 * 3600) / 6.5))
    expect(calm.state.chain.leasesOpen[0]).toBeGreaterThan(150)
    expect(calm.state.chain.status[0]).toBe(STATUS_HEALTHY)
  })
  test("ends the same with ticks of ten minutes, of 77 and of a day, faults or none", () => {
    expect(played({ everyMinutes: 77 }).hash).toBe(calm.hash)
    const [a, b] = [10, 1440].map((everyMinutes) => played({ everyMinutes, faults: KILL }))
    expect(b.hash).toBe(a.hash)
    expect(Math.abs(a.lost - b.lost)).toBeLessThan(1e-6)
  })
  test("goes the same way before burn and mint, paid in AKT", () => {
    const old = played({ preset: "v1.1-2025-11" })
    expect([old.lost, old.refused]).toEqual([0, []])
    expect(old.state.chain.taken.get(0)).toBeGreaterThan(0n)
    expect(old.state.ledger.tokens.act.balance.get(0)).toBe(0n)
  })
})

describe("providers fail", () => {
  const alone = played({ faults: KILL, values: SPREAD })
  test("their tenants are without service until somebody notices, and then somewhere else", () => {
    expect(alone.lost).toBeGreaterThan(0.002)
    expect(alone.lost).toBeLessThan(0.03)
    const { chain } = alone.state
    expect(chain.closedUnstable[0]).toBeGreaterThan(0)
    expect(chain.replaced[0]).toBeGreaterThan(30)
    expect(chain.detectedS[0] - (T0 + 6 * 3600)).toBeGreaterThan(5 * 60)
    expect(chain.detectedS[0] - (T0 + 6 * 3600)).toBeLessThan(15 * 60)
    expect(alone.column("tenantsWithout").at(-1)).toBe(0)
  })
  test("without watchdogs nobody closes as unstable, and everybody waits for the tenant", () => {
    const { state, lost } = played({ faults: KILL, values: { ...SPREAD, watchdogPermille: 0 } })
    expect([state.chain.closedUnstable[0], state.chain.detectedS[0]]).toEqual([0, 0])
    expect(state.chain.closedByOwner[0]).toBeGreaterThan(30)
    expect(lost).toBeGreaterThan(0.001)
  })
  test("slow tenants lose more; a standby lease elsewhere loses less", () => {
    expect(played({ faults: KILL, values: { ...SPREAD, noticeSeconds: 7200 } }).lost).toBeGreaterThan(1.5 * alone.lost)
    expect(
      played({
        faults: KILL,
        values: { ...SPREAD, standbyLeases: 1, antiAffinity: 1, threadsPerProvider: 2000, gpusPerProvider: 100 },
      }).lost,
    ).toBeLessThan(0.5 * alone.lost)
  })
  test("who goes on paying is the tenant: a lease stays open and charges while its provider is dark", () => {
    const dark = played({ faults: KILL, values: { ...SPREAD, watchdogPermille: 0, noticeSeconds: 86_400 }, length: 12 })
    expect(dark.column("tenantsWithout").at(-1)).toBeGreaterThan(30)
    const { group, payment, deployment } = dark.state
    let paying = 0
    for (let g = 0; g < group.length; g++)
      if (group.lease[g] === LEASE_ACTIVE && payment.rate[group.payment[g] - 1] > 0 && deployment.funds[group.deployment[g]] > 0)
        paying++
    expect(paying).toBe(dark.state.chain.leasesOpen[0])
  })
})

describe("what is shared fails", () => {
  test("a chain without validators makes no block and bills nobody, and workloads run on", () => {
    const faults: Setting["faults"] = [
      [6, "half of the validators stop", hinder("akash", "validators", { serves: percent(40) })],
      [12, "they are back", repair("akash", "validators")],
    ]
    const { state, lost, column } = played({ faults })
    expect(Math.max(...column("tenantsWithout"))).toBe(0)
    // Only those who wanted to come meanwhile are missed; without newcomers nobody is.
    expect(column("tenantsTurnedAway").at(-1)).toBeGreaterThan(10)
    expect(lost).toBeGreaterThan(0)
    expect(played({ faults, values: { arrivalsPerProviderDay: 0 } }).lost).toBe(0)
    expect(state.chain.haltedSeconds[0]).toBe(6 * 3600)
    expect(Math.abs(state.chain.height[0] - (18 * 3600) / 6.5)).toBeLessThan(3)
    expect(column("chainHalted").filter((h) => h === 1).length).toBe(36)
    const leases = column("leasesCreated")
    expect(leases.slice(37, 71).reduce((a, b) => a + b, 0)).toBe(0)
  })
  test("without its price feed the breaker closes both ways; leases go on", () => {
    const faults: Setting["faults"] = [[6, "the feed stops", hinder("akash", "price-feed", { serves: percent(0) })]]
    const { state, lost } = played({ faults })
    expect([state.chain.status[0], lost]).toEqual([STATUS_HALT_ORACLE, 0])
  })
  test("after a crash of AKT no ACT is minted: escrow takes AKT beside it", () => {
    const { state } = played({
      values: { vaultSeedAkt: 100, depositHours: 6, floatAct: 0 },
      faults: [[6, "a crash", change("akash", "aktNanoUsd", 300_000_000)]],
      length: 168,
    })
    expect(state.chain.status[0]).toBe(STATUS_HALT_CR)
    let beside = 0
    for (let d = 0; d < state.deployment.length; d++) beside += state.deployment.fundsUakt[d]
    expect(beside).toBeGreaterThan(0)
  })
  test("without the console nobody comes, and nobody reacts", () => {
    const faults: Setting["faults"] = [[2, "no console", hinder("akash", "console", { serves: percent(0) })], ...KILL!]
    const { state, column } = played({ faults, values: { ...SPREAD, watchdogPermille: 0 } })
    expect(state.chain.replaced[0]).toBe(0)
    expect(column("tenantsWithout").at(-1)).toBeGreaterThan(30)
  })
  test("a corrupt feed doubles the price, and orders in AKT halve", () => {
    const wrong = played({
      preset: "v1.1-2025-11",
      faults: [[6, "wrong prices", corrupt("akash", "price-feed", { to: percent(100) })]],
    })
    expect(wrong.state.point.nanoUsd[wrong.state.source.newest[0]]).toBe(1_500_000_000)
  })
})
