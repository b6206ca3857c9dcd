/** The verbs beyond stopping and cutting: what each does to a running network, and that what ends restores. */
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { readScenario } from "../../protocol/boundary/scenario.ts"
import { resolve } from "../engine/resolve.ts"
import { Simulation, type Inhabited } from "../engine/simulation.ts"
import { environment } from "../record/environment.ts"
import type { TruthState } from "../world/truth.ts"
import type { Moment } from "../engine/plan.ts"
import type { Action } from "./action.ts"
import { timeOf } from "./spread.ts"

const HOUR = 3600
const env = environment({ chained: false })
const BEGIN = "2025-11-18T00:00:00Z"
type Doing = { readonly verb: string; readonly network: string; readonly [more: string]: unknown }

/** Plays actions at these hours of a day and a half, and gives the network back. */
function play(
  network: string,
  nodes: number,
  told: readonly (readonly [hour: number, todo: Doing])[],
  hours = 36,
  change = {},
): Inhabited {
  const plan = resolve(
    readScenario({
      question: "?",
      begins: BEGIN,
      lasts: { hours },
      seed: 3,
      epoch: { hours: 1 },
      networks: { [network]: { nodes, change } },
      timeline: told.map(([hour, todo], i) => ({ at: { hours: hour }, label: `moment ${i}`, do: todo })),
    }),
  )
  const sim = new Simulation(plan, env)
  while (!sim.done) sim.tick()
  return sim.networks[0]
}
const column = (n: Inhabited, name: string): readonly number[] =>
  Array.from((n.epochs.rows as unknown as Record<string, Float64Array>)[name]).slice(0, n.epochs.rows.length)
const sum = (of: readonly number[]): number => of.reduce((all, x) => all + x, 0)

describe("push, seize, leave", () => {
  test("a push takes a share down, and a restart puts it right", () => {
    const n = play("filecoin", 100, [
      [10, { verb: "push", network: "filecoin", where: { share: { percent: 50 } }, over: { hours: 2 } }],
      [20, { verb: "restart", network: "filecoin", where: {}, over: { hours: 4 }, curve: "human" }],
    ])
    const running = column(n, "running")
    expect(running[9]).toBe(100)
    expect(Math.min(...running)).toBeGreaterThan(30)
    expect(Math.min(...running)).toBeLessThan(70)
    expect(running.at(-1)).toBe(100)
  })
  test("nobody restarts what was seized or has left; nobody takes it twice", () => {
    for (const verb of ["seize", "leave"]) {
      const todo = { verb, network: "filecoin", where: { share: { percent: 100 } } }
      const n = play("filecoin", 50, [
        [5, todo],
        [6, todo],
        [10, { verb: "restart", network: "filecoin", where: {} }],
      ])
      expect(column(n, "running").at(-1)).toBe(0)
      expect(Array.from((n.world.state as TruthState).node.stops)).toEqual(Array.from({ length: 50 }, () => 1))
    }
  })
  test("a lifted order gives them back", () => {
    const n = play("filecoin", 50, [[5, { verb: "seize", network: "filecoin", where: {}, for: { hours: 2 } }]])
    expect([column(n, "running")[5], column(n, "running").at(-1)]).toEqual([0, 50])
  })
})

describe("halt, cutOracle", () => {
  test("Filecoin's blocks stop for as long as its ledger does, and retrievals go on", () => {
    const n = play("filecoin", 100, [[12, { verb: "halt", network: "filecoin", for: { hours: 3 } }]])
    const wins = column(n, "winPaid")
    expect(wins.slice(12, 15)).toEqual([0, 0, 0])
    expect(wins[11]).toBeGreaterThan(300)
    expect(wins[20]).toBeGreaterThan(300)
    expect(column(n, "servedMilli")).toEqual(column(n, "offeredMilli"))
  })
  test("Helium proves nothing without its verifier, and carries on", () => {
    const n = play("helium", 200, [[12, { verb: "cutOracle", network: "helium", for: { hours: 6 } }]])
    const proved = column(n, "coverageProved")
    expect(proved.slice(12, 18)).toEqual([0, 0, 0, 0, 0, 0])
    expect(sum(proved.slice(20, 30))).toBeGreaterThan(0)
    expect(column(n, "servedMilli")).toEqual(column(n, "offeredMilli"))
  })
})

describe("loseData, skewClock, surge, crash", () => {
  test("lost data is found by proofs within a day, as much as was lost", () => {
    const calm = play("filecoin", 100, [], 60)
    const n = play("filecoin", 100, [[12, { verb: "loseData", network: "filecoin", where: {}, share: { percent: 20 } }]], 60)
    const [faulty, live] = [column(n, "sectorsFaulty").at(-1)!, column(n, "sectorsLive").at(-1)!]
    expect(faulty / live).toBeGreaterThan(0.18)
    expect(faulty / live).toBeLessThan(0.25)
    expect(column(calm, "sectorsFaulty").at(-1)! / live).toBeLessThan(0.05)
    // Discs fail, machines run.
    expect(column(n, "running").at(-1)).toBe(100)
  })
  test("all lost is all faulty, and half lost is half: with one sector in each deadline too", () => {
    // By half of the nodes: were it all of them, nobody could win a block, and a chain that stands still closes no deadline.
    const faulty = (percent: number, sectorsPerDeadline: number) => {
      const where = { share: { percent: 50 } }
      const verb = { verb: "loseData", network: "filecoin", where, share: { percent } } as const
      const level = { sizeSpreadPermille: 0, lossyPermille: 0, lazyPermille: 0, sectorsPerDeadline }
      return column(play("filecoin", 60, [[12, verb]], 60, level), "sectorsFaulty").at(-1)!
    }
    const [ten, one] = [faulty(100, 10), faulty(100, 1)]
    // Whole nodes: every sector of all 48 deadlines of whoever lost them.
    expect(one).toBeGreaterThan(48 * 20)
    expect([one % 48, ten]).toEqual([0, 10 * one])
    expect(faulty(50, 1) / one).toBeGreaterThan(0.45)
    expect(faulty(50, 1) / one).toBeLessThan(0.55)
  })
  test("what was lost once is found once: when faults have ended after 42 days, the other half stays", () => {
    const verb = { verb: "loseData", network: "filecoin", where: { share: { percent: 50 } }, share: { percent: 50 } } as const
    const level = { sizeSpreadPermille: 0, lossyPermille: 0, lazyPermille: 0, sectorsPerDeadline: 10 }
    const n = play("filecoin", 8, [[12, verb]], 24 * 50, level)
    const faulty = column(n, "sectorsFaulty")
    // Four of eight providers lost five of ten sectors in each of 48 deadlines.
    expect([Math.max(...faulty), faulty.at(-1)]).toEqual([960, 0])
    // Besides, some came to their end as agreed.
    expect(column(n, "sectorsLive").at(-1)).toBeGreaterThan(0.95 * (3840 - 960))
  })
  test("a provider whose disks fail loses a deadline's last sector too", () => {
    const level = { sizeSpreadPermille: 0, lossyPermille: 500, lossPermille: 1000, lazyPermille: 0, sectorsPerDeadline: 1 }
    expect(column(play("filecoin", 20, [], 60, level), "sectorsFaulty").at(-1)).toBeGreaterThanOrEqual(48 * 5)
  })
  test("a clock off by a minute is forgiven by Helium, by an hour is not; by either, not by Filecoin's elections", () => {
    const proved = (by: number) =>
      sum(
        column(play("helium", 200, [[12, { verb: "skewClock", network: "helium", where: {}, by }]]), "coverageProved").slice(13),
      )
    expect(proved(60)).toBe(0) // an entropy of the future
    expect(proved(-60)).toBeGreaterThan(0)
    expect(proved(-3600)).toBe(0)
    const wins = (by: number) =>
      sum(
        column(
          play("filecoin", 50, [[12, { verb: "skewClock", network: "filecoin", where: {}, by, for: { hours: 5 } }]]),
          "winPaid",
        ).slice(12, 17),
      )
    expect(wins(10)).toBeGreaterThan(0)
    expect(wins(60)).toBe(0)
  })
  test("a crowd is served as far as there is room; where nothing is bounded, whole", () => {
    const told = (network: string) => [[12, { verb: "surge", network, where: {}, times: 3, for: { hours: 4 } }]] as const
    const cdn = play("cdn", 30, told("cdn"))
    const [asked, got] = [column(cdn, "offeredMilli"), column(cdn, "servedMilli")]
    // Half as much again as usual fits, three times as much is asked for.
    expect(got[13] / asked[13]).toBeCloseTo(0.5, 2)
    expect(got[20]).toBe(asked[20])
    const helium = play("helium", 100, told("helium"))
    const calm = play("helium", 100, [])
    expect(column(helium, "offeredMilli")[13] / column(calm, "offeredMilli")[13]).toBeCloseTo(3, 2)
    expect(column(helium, "servedMilli")[13]).toBe(column(helium, "offeredMilli")[13])
  })
  test("a crash moves the price, and drives away whom it is said to", () => {
    const n = play("helium", 200, [[12, { verb: "crash", network: "helium", to: { percent: 10 }, leave: { percent: 30 } }]])
    expect(n.machine.params.hntPriceE8Usd).toBe(Math.round(n.network.params.hntPriceE8Usd.default / 10))
    expect(column(n, "running").at(-1)).toBeLessThan(170)
    expect(() => play("cdn", 30, [[1, { verb: "crash", network: "cdn", to: { percent: 10 } }]])).toThrow(
      /cdn has no price of a token; say with leave/u,
    )
  })
})

describe("recovery curves", () => {
  test("begin at nothing, end whole, never turn back; people's is Prysm's", () => {
    for (const curve of ["exponential", "human"] as const) {
      const times = Array.from({ length: 1001 }, (_, k) => timeOf(curve, k * 1000))
      expect([times[0], times[1000]]).toEqual([0, 1_000_000])
      expect(times.every((t, k) => k === 0 || t >= times[k - 1])).toBe(true)
    }
    // 11, 86 and 158 minutes of three times 158.
    expect([200_000, 600_000, 800_000].map((s) => Math.round((timeOf("human", s) * 474) / 1e6))).toEqual([11, 86, 158])
    // Early half of an exponential: ln 2 / 3 of it, less what is cut off at its end.
    expect(timeOf("exponential", 500_000) / 1e6).toBeCloseTo(0.215, 2)
  })
})

const minute = (m: number): number => Date.parse(BEGIN) / 1000 + m * 60
const plan = resolve(
  readScenario({
    question: "?",
    begins: BEGIN,
    lasts: { hours: 12 },
    seed: 5,
    epoch: { hours: 1 },
    networks: { cdn: { nodes: 20 } },
  }),
)
const where = fc.record({ network: fc.constant("cdn"), permille: fc.integer({ min: 0, max: 1000 }) })
const forS = fc.integer({ min: 60, max: 2 * HOUR })
const overS = fc.integer({ min: 0, max: HOUR })
/** Verbs that end by themselves, each before the day does. */
const ending: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ verb: fc.constant("kill" as const), where, forS }),
  fc.record({ verb: fc.constant("push" as const), where, forS, overS }),
  fc.record({ verb: fc.constant("seize" as const), where, forS }),
  fc.record({ verb: fc.constant("disconnect" as const), where, forS, overS }),
  fc.record({ verb: fc.constant("blackout" as const), where, forS }),
)
const truthAfter = (timeline: readonly Moment[]): string => {
  const sim = new Simulation({ ...plan, timeline }, env)
  while (!sim.done) sim.tick()
  const { node } = sim.networks[0].world.state as TruthState
  return JSON.stringify([Array.from(node.stops), Array.from(node.cuts)])
}
const at = (m: number, action: Action): Moment => ({ atS: minute(m), label: `at ${m}`, do: action })

test("what ends restores: after any overlapping, repeated faults everybody is back", () => {
  const told = fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), ending), { maxLength: 8 })
  const whole = truthAfter([])
  fc.assert(
    fc.property(told, (all) => {
      expect(truthAfter(all.map(([m, action]) => at(m, action)))).toBe(whole)
    }),
    { numRuns: 60 },
  )
})

test("faults of everybody that end by themselves commute: in whichever order they are written, the same nodes are down", () => {
  const everybody = ending.map(
    (action) => ({ ...action, where: { network: "cdn" }, ...("overS" in action ? { overS: 0 } : {}) }) as Action,
  )
  const midway = (timeline: readonly Moment[]): string => {
    const sim = new Simulation({ ...plan, timeline, endS: minute(180) }, env)
    while (!sim.done) sim.tick()
    const { node } = sim.networks[0].world.state as TruthState
    return JSON.stringify([Array.from(node.stops), Array.from(node.cuts)])
  }
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 170 }), everybody, everybody, (m, a, b) => {
      expect(midway([at(m, a), at(m, b)])).toBe(midway([at(m, b), at(m, a)]))
    }),
    { numRuns: 60 },
  )
})
