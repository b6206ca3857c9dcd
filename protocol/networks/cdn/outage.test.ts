/** The same bad file under three ways of working, and the two outages of 2025 as the record tells them, on 40 PoPs. */
import { describe, expect, test } from "vitest"
import { at, handMadeWorld, type World } from "./inhabit-hand-made.ts"
import { computeStage } from "./rollout.ts"
import { BUILDER, CONTROL_PLANE, DASHBOARD, EDGE, KV_THROUGH_PROXY, LATE_SERVICES, LOGIN } from "./inhabit-truth.ts"

/** Runs well until 11:28, when the first bad build falls, and then with a builder that is always bad. */
const broken = (setting: Parameters<typeof handMadeWorld>[0]): World => {
  const world = handMadeWorld(setting).until(at(11, 28))
  world.truth.corrupt[BUILDER] = 1000
  return world
}
const metric = (world: World, name: string): number => world.observe()[name]

describe("one bad file", () => {
  test("pushed to all at once, it breaks every PoP within seconds and is noticed after three minutes", () => {
    const world = broken({})
    expect(world.served().permille).toBe(1000)
    const { control } = world.state
    world.until(at(11, 29))
    expect(metric(world, "pops.broken")).toBe(40)
    expect(Math.max(...world.state.pop.brokenS)).toBeLessThanOrEqual(at(11, 28, 10))
    expect([control.failing[0], control.incidentsOpened[0]]).toEqual([40, 0])

    world.until(at(11, 32))
    expect(control.detectedS[0]).toBe(at(11, 31))
    expect(control.onsetS[0]).toBe(at(11, 28, 1))
    expect(world.until(at(12, 0)).served().permille).toBe(250)
    expect(world.broken()).toEqual([])
  })

  test("pushed in four stages, it stays in the first and is rolled back each time", () => {
    const world = broken({ preset: "staged" })
    let most = 0
    while (world.nowS() < at(12, 28)) most = Math.max(most, metric(world.until(world.nowS() + 60), "pops.broken"))
    const first = Array.from({ length: 40 }, (_, node) => computeStage(node, 4, 50)).filter((stage) => stage === 1).length
    expect([most, first]).toEqual([3, 3])
    const { control } = world.state
    expect(control.halts[0]).toBeGreaterThan(5)
    expect(control.rollbacks[0]).toBe(control.halts[0])
    expect([control.current[0], control.lastKnownGood[0]]).toEqual([1, 1])
    expect(world.broken()).toEqual([])
  })

  test("pushed in four stages while good, a new file takes a quarter of an hour and more to reach all", () => {
    const world = handMadeWorld({ preset: "staged" }).until(at(11, 10))
    world.machine.change("featuresInUse", 61)
    world.until(at(11, 30))
    expect(world.state.control.current[0]).toBe(1)
    world.until(at(11, 40))
    expect([world.state.control.current[0], world.state.control.lastKnownGood[0]]).toEqual([2, 2])
  })

  test("checked by each PoP before use, it breaks none", () => {
    const world = broken({ params: { validateBeforeLoad: 1 } }).until(at(12, 0))
    expect(metric(world, "pops.broken")).toBe(0)
    expect(world.served().permille).toBe(1000)
    expect([world.state.control.rejections[0], world.state.control.incidentsOpened[0]]).toEqual([40, 0])
    // A good file follows, and is taken.
    world.truth.corrupt[BUILDER] = 0
    world.until(at(12, 10))
    expect([world.state.control.lastKnownGood[0], world.state.pop.revision[0]]).toEqual([3, 3])
  })
})

describe("18 November 2025", () => {
  const world = handMadeWorld({ seed: 18 }).until(at(11, 28))
  const served: Record<string, number> = {}
  const until = (name: string, toS: number) => (served[name] = world.until(toS).served().permille)

  test("oscillates, stays down, is relieved, returns, and has a tail", () => {
    // The first build is bad for certain; then the cluster is updated node by node.
    world.truth.corrupt[BUILDER] = 1000
    until("onset", at(11, 29))
    world.truth.corrupt[BUILDER] = 500
    until("oscillation", at(12, 30))
    world.truth.corrupt[BUILDER] = 1000
    world.until(at(12, 40))
    until("down", at(13, 5))
    world.truth.served[KV_THROUGH_PROXY] = 0
    until("relieved", at(14, 24))
    world.truth.served[BUILDER] = 0
    until("stopped", at(14, 30))
    Object.assign(world.truth.served, { [BUILDER]: 1000, [LATE_SERVICES]: 0 })
    world.truth.corrupt[BUILDER] = 0
    world.until(at(14, 31))
    until("tail", at(17, 6))
    Object.assign(world.truth.served, { [LATE_SERVICES]: 1000, [KV_THROUGH_PROXY]: 1000 })
    until("well", at(18, 0))

    expect(served.onset).toBeGreaterThan(250)
    expect(served.oscillation).toBeGreaterThan(300)
    expect(served.oscillation).toBeLessThan(950)
    expect(served).toMatchObject({ down: 250, relieved: 325, stopped: 325, tail: 980, well: 1000 })
    expect(world.broken()).toEqual([])
  })

  test("is one incident: noticed after 3 minutes, over after 182", () => {
    const { onsetS, detectedS, mitigatedS, incidentsOpened, rollbacks } = world.state.control
    expect([incidentsOpened[0], rollbacks[0]]).toEqual([1, 1])
    expect(Math.floor((detectedS[0] - at(11, 28)) / 60)).toBe(3)
    expect(onsetS[0] - at(11, 28)).toBeLessThanOrEqual(10)
    expect(Math.floor((mitigatedS[0] - at(11, 28)) / 60)).toBe(182)
  })

  test("gives the same fleet whatever the seed's oscillation was, and another oscillation for another seed", () => {
    const changes = (seed: number) => {
      const w = broken({ seed }).until(at(11, 30))
      w.truth.corrupt[BUILDER] = 500
      w.until(at(13, 30))
      return Array.from(w.state.config.publishedS.subarray(0, w.state.config.length))
    }
    expect(changes(1)).toEqual(changes(1))
    expect(changes(1)).not.toEqual(changes(2))
    expect(
      changes(1)
        .slice(1)
        .every((s) => (s - at(0, 3)) % 300 === 0),
    ).toBe(true)
  })
})

test("5 December 2025: 28 % of requests for 24 minutes, noticed after three", () => {
  const begin = at(8, 0)
  const world = handMadeWorld({ preset: "cloudflare-2025-12-05", beginS: begin }).until(at(8, 47))
  world.truth.corrupt[BUILDER] = 1000
  world.until(at(8, 48))
  expect(world.served().permille).toBeGreaterThan(720)
  expect(world.until(at(9, 11)).served().permille).toBe(720)
  expect(world.state.control.detectedS[0]).toBe(at(8, 50))
  world.truth.corrupt[BUILDER] = 0
  world.until(at(9, 12, 1))
  expect(metric(world, "pops.broken")).toBe(0)
  expect(world.until(at(10, 0)).served().permille).toBe(1000)
  expect(world.state.pop.brokenSeconds[0]).toBe(24 * 60)
})

describe("other parts fail", () => {
  test("degraded answers are served, and counted apart", () => {
    const { offeredMilli, degradedMilli } = broken({}).until(at(11, 29)).until(at(11, 39)).served()
    expect(Math.round((degradedMilli * 1000) / offeredMilli)).toBe(100)
  })

  test("the dashboard falls with the proxy, is freed by the bypass, and falls again under its backlog", () => {
    const world = broken({}).until(at(11, 40))
    expect(metric(world, "dashboard.ok")).toBe(250)
    world.truth.served[KV_THROUGH_PROXY] = 0
    expect(metric(world, "dashboard.ok")).toBe(1000)
    world.truth.served[LOGIN] = 0
    expect(metric(world, "dashboard.ok")).toBe(500)
    world.truth.served[DASHBOARD] = 0
    expect(metric(world, "dashboard.ok")).toBe(0)
    expect(world.until(at(11, 50)).served().permille).toBe(325)
  })

  test("without the control plane nothing is pushed or noticed, and users lose nothing", () => {
    const world = handMadeWorld().until(at(11, 20))
    world.truth.served[CONTROL_PLANE] = 0
    world.truth.corrupt[BUILDER] = 1000
    expect(world.until(at(14, 0)).served().permille).toBe(1000)
    expect([world.state.config.length, world.state.control.reporting[0]]).toEqual([1, 0])
    world.truth.served[CONTROL_PLANE] = 1000
    world.truth.corrupt[BUILDER] = 0
    world.until(at(14, 10))
    expect(world.state.control.reporting[0]).toBe(40)
  })

  test("a stopped builder changes nothing", () => {
    const world = handMadeWorld().until(at(11, 20))
    world.truth.served[BUILDER] = 0
    world.truth.corrupt[BUILDER] = 1000
    expect(world.until(at(13, 0)).state.config.length).toBe(1)
  })

  test("a tired edge serves less everywhere, and is noticed", () => {
    const world = handMadeWorld().until(at(11, 20))
    world.truth.served[EDGE] = 900
    expect(world.until(at(11, 40)).served().permille).toBe(900)
    expect(world.state.control.detectedS[0]).toBe(at(11, 22))
  })

  test("PoPs that are down hand their users to the others, until those are full", () => {
    const world = handMadeWorld({ params: { failoverCapacityPermille: 500 } }).until(at(11, 20))
    world.truth.running.fill(0, 0, 10)
    const few = world.until(at(11, 30)).served()
    expect(few.permille).toBe(1000)
    expect(few.nodeServed[0]).toBe(few.nodeServed[39])
    world.truth.running.fill(0, 0, 20)
    const many = world.until(at(11, 40)).served()
    expect(many.permille).toBe(750)
    expect(many.nodeServed[0]).toBe(many.nodeServed[39] / 2)
    world.truth.running.fill(0)
    expect(world.until(at(11, 50)).served().permille).toBe(0)
    expect(world.state.control.reporting[0]).toBe(40)
    expect(world.until(at(14, 0)).state.control.reporting[0]).toBe(0)
    expect(world.broken()).toEqual([])
  })

  test("users cut off by their own side are lost, and no second PoP helps them", () => {
    const world = handMadeWorld().until(at(11, 20))
    world.truth.userThrough.fill(400, 0, 20)
    const { permille, nodeServed } = world.until(at(11, 30)).served()
    expect(permille).toBe(700)
    expect(nodeServed[0] * 1000).toBe(nodeServed[39] * 400)
  })

  test("a PoP that was away during the bad file returns to a good one", () => {
    const world = handMadeWorld().until(at(11, 20))
    world.truth.running[3] = 0
    world.until(at(11, 28)).truth.corrupt[BUILDER] = 1000
    world.until(at(11, 45)).truth.corrupt[BUILDER] = 0
    world.until(at(11, 50)).truth.running[3] = 1
    world.until(at(11, 52))
    expect([world.state.pop.failures[3], world.state.pop.broken[3]]).toEqual([0, 0])
    expect(metric(world, "pops.broken")).toBe(0)
  })

  test("a PoP cut off from the control plane keeps the file it has", () => {
    const world = broken({})
    world.truth.through[3] = 0
    world.until(at(11, 40))
    expect([world.state.pop.revision[3], world.state.pop.revision[4]]).toEqual([1, 2])
  })
})
