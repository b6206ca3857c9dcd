/** Scenarios for two worlds: every one drawn by a seed is valid, is the same again, and can be done to real processes. */
import { expect, test } from "vitest"
import { readScenario } from "../protocol/boundary/scenario.ts"
import { loadScenario } from "../simulation/record/load.ts"
import { generateScenario } from "./generate-scenario.ts"
import { judgeStands, predict } from "./two-worlds.ts"

test("24 drawn scenarios play in the simulator, and their orders are for processes", () => {
  const verbs = new Set<string>()
  for (let seed = 0; seed < 24; seed++) {
    const scenario = generateScenario(seed, 5)
    expect(generateScenario(seed, 5)).toEqual(scenario)
    expect(readScenario(JSON.parse(JSON.stringify(scenario)))).toEqual(scenario)
    const { orders, lengthS, metrics } = predict(scenario)
    for (const o of orders) {
      verbs.add(o.act)
      expect(o.node).toBeLessThan(5)
      expect(o.atS).toBeGreaterThanOrEqual(0)
      expect(o.atS).toBeLessThan(lengthS)
    }
    expect(metrics.map((m) => m.name)).toEqual(["power.qa", "power.faulty"])
  }
  expect([...verbs].toSorted()).toEqual(["cut", "kill", "lose", "mend", "pause", "push", "slow", "start"])
})

test("half-die: the simulator hits the nodes it names, and holds its claims against its own course", async () => {
  const scenario = await loadScenario("scenarios/testnet/half-die.ts")
  const predicted = predict(scenario)
  const killed = predicted.orders.filter((o) => o.act === "kill").map((o) => o.node)
  expect(predicted.orders.filter((o) => o.act === "start").map((o) => o.node)).toEqual(killed)
  const own = predicted.metrics.map((m) => m.course)
  expect(judgeStands(scenario, predicted, own).map((c) => [c.predicted, c.observed])).toEqual([
    [true, true],
    [true, true],
  ])
  const flat = own.map((course) => course.map((p) => ({ ...p, value: course[0].value })))
  expect(judgeStands(scenario, predicted, flat)[0].observed).toBe(false)
})

test("a network that no real node runs is refused in a sentence", () => {
  const scenario = generateScenario(1)
  expect(() => predict({ ...scenario, networks: { helium: { nodes: 5 } }, timeline: [], watch: [] })).toThrow(
    /one network that real nodes can run/u,
  )
  const many = { ...scenario, networks: { filecoin: { ...scenario.networks.filecoin, nodes: 400 } } }
  expect(() => predict(many)).toThrow(/may be up to 40/u)
})
