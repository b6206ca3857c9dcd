/** The honesty rules of the catalogue: own dice, paired luck, positive controls, and a judge that can say no. */
import { describe, expect, test } from "vitest"
import { honestly, type Capture } from "./capture.ts"
import { catalogue, entryOf } from "./catalogue.ts"
import { judge, medianSurvival, survival } from "./metrics.ts"
import { playAdversary } from "./play.ts"
import { ownUnits } from "./policy.ts"
import { drawnRoles } from "./presence.ts"
import { runStage, type Stage } from "./stage.ts"

describe("an adversary inside a network run", () => {
  const stage: Stage = { network: "helium", nodes: 40, days: 1 }
  const capture = (policy: Capture["policy"]): Capture => ({
    id: "test",
    share: 0.25,
    takes: { AssertLocation: "node", ReportBeacon: "node", ReportWitness: "witness" },
    ticks: true,
    budget: { money: 0, identities: 10 },
    policy,
  })
  const hash = (c?: Capture): string => runStage(stage, 5, c, true).logHash

  test("that does what its software would do anyway leaves the log as it is, bit for bit, however many dice it throws", () => {
    const alone = hash()
    expect(hash(capture(() => honestly))).toBe(alone)
    expect(
      hash(
        capture(() => (view, _budget, rng) => {
          for (let i = 0; i < 100; i++) rng.unit()
          return honestly(view)
        }),
      ),
    ).toBe(alone)
  })
  test("that keeps silent changes it", () => expect(hash(capture(() => () => []))).not.toBe(hash()))
  test("has no way to act but commands", () =>
    expect(() =>
      hash(capture(() => (view) => (view.moment === "tick" ? [{ type: "RewardPaid", row: { node: 0 } }] : honestly(view)))),
    ).toThrow("no command RewardPaid"))
  test("sees no truth: its view holds the ledger, the parameters and its own", () => {
    let seen: readonly string[] = []
    hash(capture(() => (view) => ((seen = Object.keys(view)), honestly(view))))
    expect(seen).toEqual(["moment", "fromS", "atS", "state", "params", "own", "intended"])
  })
  test("owns exactly its share, and a larger share only adds nodes", () => {
    const [small, large] = [0.1, 0.3].map((share) => ownUnits(3, "A1", 100, share))
    expect([small, large].map((o) => o.reduce((a, b) => a + b, 0))).toEqual([10, 30])
    expect(small.every((is, i) => is <= large[i])).toBe(true)
  })
})

describe("the catalogue", () => {
  test("names each entry once, and says of each what it states", () => {
    expect(new Set(catalogue.map((e) => e.id)).size).toBe(catalogue.length)
    for (const e of catalogue) {
      for (const text of [e.name, e.goal, e.cost, e.defence.name, e.defence.off, e.defence.source, e.omits])
        expect(text.length, `${e.id}: ${text}`).toBeGreaterThan(3)
      for (const { range, tries } of Object.values(e.knobs))
        for (const t of tries) expect(t >= range[0] && t <= range[1], `${e.id}: ${t}`).toBe(true)
    }
  })
  test("unknown ids are refused by name", () => expect(() => entryOf("Z9")).toThrow("there is no adversary Z9"))
})

describe("metrics", () => {
  test("survival counts who was never found as censored", () => {
    const lives = [
      { hours: 2, isFound: true },
      { hours: 3, isFound: false },
      { hours: 4, isFound: true },
      { hours: 9, isFound: false },
    ]
    expect(survival(lives)).toEqual([
      { hours: 2, alive: 0.75 },
      { hours: 4, alive: 0.375 },
    ])
    expect(medianSurvival(lives)).toBe(4)
    expect(medianSurvival([{ hours: 9, isFound: false }])).toBeNaN()
  })
  test("a judge tells what holds, what breaks and what is open", () => {
    const e = (low: number, high: number) => ({ mean: (low + high) / 2, low, high, deviation: 0, runs: 5, missing: 0 })
    expect([e(0.5, 1), e(0.9, 1.1), e(1.1, 1.3), { ...e(0, 0), runs: 0 }].map((x) => judge(x, 1))).toEqual([
      "holds",
      "open",
      "breaks",
      "not measured",
    ])
  })
})

describe("positive controls must pay", () => {
  test("Helium before HIP-10: own traffic draws many times its cost, and nothing beyond it with the peg", async () => {
    const played = await playAdversary("A5", { seeds: 2, sweep: false, knobs: { milkingCreditsPerDay: 10_000 } })
    expect(played.undefended.metrics.own.mean).toBeGreaterThan(100)
    expect(played.defended.metrics.own.mean).toBeLessThan(1)
  })
  test("a clique of five earns more than honest gateways where there is no list, and less with one", async () => {
    const played = await playAdversary("A1", { seeds: 4, sweep: false, knobs: { size: 5, gapKm: 3 } })
    expect(played.undefended.metrics.rho.low).toBeGreaterThan(1)
    expect(played.defended.metrics.rho.mean).toBeLessThan(played.undefended.metrics.rho.mean - 0.3)
  })
})

test("roles are drawn as the network's own inhabitants draw them", () => {
  const stage: Stage = { network: "helium", nodes: 200, days: 1, change: { silentPermille: 200 } }
  const run = runStage(stage, 3)
  const beacons = run.measure("beacons")
  drawnRoles(3, 200, 200).forEach((is, node) => {
    if (is === 1) expect(beacons[node]).toBe(0)
  })
})
