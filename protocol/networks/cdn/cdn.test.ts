/** Given what has happened, when something is asked, then this happens or is refused: every event, every refusal. */
import { describe, expect, test } from "vitest"
import { Report } from "../../kernel/invariant.ts"
import { problem } from "../../kernel/param.ts"
import type { Fact } from "../../kernel/row-type.ts"
import { specify } from "../../kernel/specify.ts"
import { FAILED, LOADED, REJECTED, type Events } from "./events.ts"
import { cdn } from "./index.ts"
import { params, presets, type DatedPreset } from "./params.ts"
import { COMPLETE, HALTED, ROLLED_BACK, ROLLING } from "./state.ts"

const ports = { geometry: {} as never }
const T = 1_000_000

const registered = (node: number): Fact<Events> => ({ type: "PopRegistered", node, latE7: 10, lngE7: -20, atS: T })
const published = (revision: number, atS = T, stages = 1): Fact<Events> => ({
  type: "ConfigPublished",
  revision,
  features: 60,
  stages,
  firstStagePermille: 50,
  bakeSeconds: 300,
  atS,
})
const answered = (node: number, revision: number, outcome: number, atS = T): Fact<Events> => ({
  type: "ConfigAnswered",
  node,
  revision,
  outcome,
  atS,
})
const completed = (revision: number, knownGood: number, atS = T): Fact<Events> => ({
  type: "RolloutCompleted",
  revision,
  knownGood,
  atS,
})
const reported = (node: number, errorPermille: number, atS = T): Fact<Events> => ({
  type: "HealthReported",
  node,
  errorPermille,
  failing: errorPermille >= 50 ? 1 : 0,
  atS,
})
/** Two PoPs at work on a configuration that is known to be good. */
const atWork = [registered(0), registered(1), published(1), answered(0, 1, LOADED), answered(1, 1, LOADED), completed(1, 1)]
const given = (...facts: Fact<Events>[]) => specify(cdn, { nodes: 3, ports })(...facts)
const givenStages = (...facts: Fact<Events>[]) =>
  specify(cdn, { nodes: 3, params: { rolloutStages: 4, rolloutBakeSeconds: 300 }, ports })(...facts)

describe("a PoP is registered", () => {
  const ask = (node: number) => ({ type: "RegisterPop", node, latE7: 10, lngE7: -20, atS: T }) as const

  test("once", () => {
    const { facts, state } = given().when(ask(0))
    expect(facts).toEqual([registered(0)])
    expect([state.control.registered[0], state.pop.lngE7[0]]).toEqual([1, -20])
  })
  test("but not where there is no node", () => expect(given().when(ask(3)).refusals).toEqual(["unknown_node"]))
  test("and not twice, even in one go", () => expect(given().when(ask(0), ask(0)).refusals).toEqual(["already_registered"]))
})

describe("a configuration is published", () => {
  const ask = (features = 60, atS = T + 60) => ({ type: "PublishConfig", features, atS }) as const

  test("the first goes everywhere at once, whatever the stages, since there is nothing to fall back on", () => {
    const { facts, state } = givenStages(registered(0)).when(ask())
    expect(facts).toEqual([{ ...published(1, T + 60), bakeSeconds: 0 }])
    expect([state.control.rolling[0], state.config.status[0]]).toEqual([1, ROLLING])
  })
  test("a later one goes to its first stage, and waits as long as a push or a bake takes", () => {
    expect(givenStages(...atWork).when(ask()).facts).toEqual([published(2, T + 60, 4)])
    expect(given(...atWork).when(ask()).facts).toEqual([
      { ...published(2, T + 60), bakeSeconds: params.propagationSeconds.default },
    ])
  })
  test("but not when it is empty", () => expect(given(...atWork).when(ask(0)).refusals).toEqual(["file_is_empty"]))
  test("and one at a time", () => expect(given(...atWork).when(ask(), ask()).refusals).toEqual(["rollout_in_progress"]))
  test("and not before the last push", () => expect(given(...atWork).when(ask(60, T - 1)).refusals).toEqual(["out_of_order"]))
})

describe("a PoP answers a push", () => {
  const ask = (node: number, revision: number, outcome = LOADED, atS = T + 61) =>
    ({ type: "AcknowledgeConfig", node, revision, outcome, atS }) as const
  const pushed = [...atWork, published(2, T + 60)]

  test("it loaded it", () => {
    const { facts, state } = given(...pushed).when(ask(0, 2))
    expect(facts).toEqual([answered(0, 2, LOADED, T + 61)])
    expect([state.pop.revision[0], state.pop.broken[0], state.config.loaded[1]]).toEqual([2, 0, 1])
  })
  test("it took it and broke", () => {
    const { state } = given(...pushed).when(ask(0, 2, FAILED))
    expect([state.pop.revision[0], state.pop.broken[0], state.pop.failures[0], state.config.failed[1]]).toEqual([2, 1, 1, 1])
  })
  test("it kept what it had", () => {
    const { state } = given(...pushed).when(ask(0, 2, REJECTED))
    expect([state.pop.revision[0], state.pop.answered[0], state.pop.broken[0], state.pop.rejections[0]]).toEqual([1, 2, 0, 1])
  })
  test("the next good one mends it, and the time between is kept", () => {
    const later = { type: "ConfigRolledBack", revision: 2, toRevision: 1, atS: T + 90 } as const
    const { state } = given(...pushed, answered(0, 2, FAILED, T + 61), later).when(ask(0, 1, LOADED, T + 95))
    expect([state.pop.broken[0], state.pop.brokenSeconds[0]]).toEqual([0, 34])
  })
  test("but not when nobody knows it", () =>
    expect(given(...pushed).when(ask(2, 2), ask(9, 2)).refusals).toEqual(["unknown_pop", "unknown_pop"]))
  test("nor about what was never published", () =>
    expect(given(...pushed).when(ask(0, 0), ask(0, 3)).refusals).toEqual(["unknown_revision", "unknown_revision"]))
  test("nor about what it was not sent: node 1 is not in the first stage", () => {
    const staged = [...atWork, published(2, T + 60, 4)]
    expect(givenStages(...staged).when(ask(1, 2), ask(0, 1), ask(0, 2)).refusals).toEqual(["not_pushed_here", "not_pushed_here"])
  })
  test("nor twice", () => expect(given(...pushed).when(ask(0, 2), ask(0, 2, FAILED)).refusals).toEqual(["already_answered"]))
  test("nor before its last answer", () =>
    expect(given(...pushed).when(ask(0, 2, LOADED, T - 1)).refusals).toEqual(["out_of_order"]))
})

describe("a roll-out is looked at", () => {
  const ask = (atS: number) => ({ type: "AdvanceRollout", atS }) as const
  const pushed = [...atWork, published(2, T + 60, 4), answered(0, 2, LOADED, T + 61)]

  test("it goes on when its stage was watched long enough", () => {
    const { facts, state } = givenStages(...pushed).when(ask(T + 360))
    expect(facts).toEqual([{ type: "StageAdvanced", revision: 2, stage: 2, atS: T + 360 }])
    expect([state.config.stage[1], state.control.pushedS[0]]).toEqual([2, T + 360])
  })
  test("after the last stage it is complete, and known to be good when all answers were", () => {
    const { facts, state } = givenStages(...pushed).when(ask(T + 360), ask(T + 660), ask(T + 960), ask(T + 1260))
    expect(facts.at(-1)).toEqual({ type: "RolloutCompleted", revision: 2, knownGood: 1, atS: T + 1260 })
    expect([state.control.current[0], state.control.lastKnownGood[0], state.config.status[1]]).toEqual([2, 2, COMPLETE])
  })
  test("a global push completes whatever it does, but is then not known to be good", () => {
    const { facts, state } = given(...atWork, published(2, T + 60), answered(0, 2, FAILED, T + 61)).when(ask(T + 360))
    expect(facts).toEqual([completed(2, 0, T + 360)])
    expect([state.control.current[0], state.control.lastKnownGood[0]]).toEqual([2, 1])
  })
  test("it is halted and rolled back when it hurts too many of those it reached", () => {
    const { facts, state } = givenStages(...atWork, published(2, T + 60, 4), answered(0, 2, FAILED, T + 61)).when(ask(T + 120))
    expect(facts).toEqual([
      { type: "RolloutHalted", revision: 2, stage: 1, exposed: 1, hurt: 1, atS: T + 120 },
      { type: "ConfigRolledBack", revision: 2, toRevision: 1, atS: T + 120 },
    ])
    expect([state.config.status[1], state.control.current[0], state.control.halts[0]]).toEqual([HALTED, 1, 1])
  })
  test("a PoP that rejected it counts as hurt", () => {
    const { facts } = givenStages(...atWork, published(2, T + 60, 4), answered(0, 2, REJECTED, T + 61)).when(ask(T + 120))
    expect(facts[0]).toMatchObject({ type: "RolloutHalted", hurt: 1 })
  })
  test("but not when none is open", () => expect(given(...atWork).when(ask(T + 1)).refusals).toEqual(["no_rollout_in_progress"]))
  test("nor before its push", () => expect(givenStages(...pushed).when(ask(T)).refusals).toEqual(["out_of_order"]))
  test("nor while it bakes", () => expect(givenStages(...pushed).when(ask(T + 359)).refusals).toEqual(["still_baking"]))
})

describe("an operator rolls back", () => {
  const ask = (revision: number, atS = T + 400) => ({ type: "RollBackConfig", revision, atS }) as const
  const bad = [...atWork, published(2, T + 60), answered(0, 2, FAILED, T + 61), completed(2, 0, T + 70)]

  test("to a configuration known to be good", () => {
    const { facts, state } = given(...bad).when(ask(1))
    expect(facts).toEqual([{ type: "ConfigRolledBack", revision: 2, toRevision: 1, atS: T + 400 }])
    expect([state.control.current[0], state.config.status[1], state.control.rollbacks[0]]).toEqual([1, ROLLED_BACK, 1])
  })
  test("out of an open roll-out too", () => {
    const { state, refusals } = given(...atWork, published(2, T + 60)).when(ask(1))
    expect([refusals, state.control.rolling[0]]).toEqual([[], 0])
  })
  test("but not to one that never was", () =>
    expect(given(...bad).when(ask(0), ask(3)).refusals).toEqual(["unknown_revision", "unknown_revision"]))
  test("nor to a bad one", () => expect(given(...bad).when(ask(2)).refusals).toEqual(["not_known_good"]))
  test("nor to where it is", () => expect(given(...atWork).when(ask(1)).refusals).toEqual(["already_current"]))
  test("nor before the last push", () => expect(given(...bad).when(ask(1, T)).refusals).toEqual(["out_of_order"]))
})

describe("PoPs report and fall silent", () => {
  const ask = (node: number, errorPermille: number, atS = T) => ({ type: "ReportHealth", node, errorPermille, atS }) as const

  test("a report replaces the last one in the sums", () => {
    const { facts, state } = given(...atWork).when(ask(0, 750), ask(1, 49), ask(0, 100, T + 1))
    expect(facts).toEqual([reported(0, 750), reported(1, 49), reported(0, 100, T + 1)])
    const { reporting, failing, errorSum } = state.control
    expect([reporting[0], failing[0], errorSum[0]]).toEqual([2, 1, 149])
  })
  test("but not from a stranger", () =>
    expect(given(...atWork).when(ask(2, 0), ask(9, 0)).refusals).toEqual(["unknown_pop", "unknown_pop"]))
  test("nor late", () => expect(given(...atWork, reported(0, 0)).when(ask(0, 0, T - 1)).refusals).toEqual(["out_of_order"]))
  test("one not heard from is left out of the sums", () => {
    const { facts, state } = given(...atWork, reported(0, 750), reported(1, 0, T + 3600)).settle("hour", T + 7200)
    expect(facts).toEqual([{ type: "PopWentSilent", node: 0, atS: T + 7200 }])
    const { reporting, failing, errorSum, calmSinceS } = state.control
    expect([reporting[0], failing[0], errorSum[0], calmSinceS[0]]).toEqual([1, 0, 0, T + 7200])
  })
})

describe("the automated test", () => {
  const ask = (atS: number) => ({ type: "ProbeFleet", atS }) as const
  const failing = [...atWork, reported(0, 0, T), reported(1, 200, T + 1)]

  test("three failures in a row open an incident", () => {
    const { facts, state } = given(...failing).when(ask(T + 60), ask(T + 120), ask(T + 180))
    expect(facts.filter((f) => f.type !== "FleetProbed")).toEqual([
      { type: "IncidentOpened", onsetS: T + 1, detectedS: T + 180, errorPermille: 100 },
    ])
    expect(facts[0]).toEqual({ type: "FleetProbed", errorPermille: 100, failed: 1, atS: T + 60 })
    expect(cdn.metrics["incident.open"].of(state)).toBe(1)
  })
  test("an hour of passes clears it, and it was mitigated when the last PoP stopped failing", () => {
    const opened = given(...failing).when(ask(T + 60), ask(T + 120), ask(T + 180))
    const calm = opened.when({ type: "ReportHealth", node: 1, errorPermille: 0, atS: T + 190 })
    const { facts, state } = calm.when(...Array.from({ length: 60 }, (_, i) => ask(T + 240 + i * 60)))
    expect(facts.at(-1)).toEqual({ type: "IncidentCleared", mitigatedS: T + 190, clearedS: T + 3780, lastedSeconds: 189 })
    expect(cdn.metrics["incident.open"].of(state)).toBe(0)
  })
  test("a passed test begins the count again", () => {
    const { facts } = given(...failing)
      .when(ask(T + 60), ask(T + 120))
      .when({ type: "ReportHealth", node: 1, errorPermille: 0, atS: T + 130 }, ask(T + 180))
      .when({ type: "ReportHealth", node: 1, errorPermille: 200, atS: T + 190 }, ask(T + 240), ask(T + 300))
    expect(facts.some((f) => f.type === "IncidentOpened")).toBe(false)
  })
  test("never twice at one time", () =>
    expect(given(...failing).when(ask(T + 60), ask(T + 60)).refusals).toEqual(["out_of_order"]))
  test("not where nobody was heard from", () => expect(given(...atWork).when(ask(T + 60)).refusals).toEqual(["nothing_to_probe"]))
})

describe("the numbers and the promises", () => {
  test("every default and every preset lies in range", () => {
    for (const [name, p] of Object.entries(params)) expect(problem("cdn", params, name, p.default)).toBeUndefined()
    for (const preset of Object.values(presets) as readonly DatedPreset[]) {
      for (const [name, value] of Object.entries(preset.values)) expect(problem("cdn", params, name, value)).toBeUndefined()
      for (const [name, range] of Object.entries(preset.unpublished ?? {}))
        for (const end of range) expect(problem("cdn", params, name, end)).toBeUndefined()
    }
  })
  test.each(Object.keys(cdn.invariants))("%s is caught when broken, in a fresh state and in a used one", (name) => {
    for (const story of [given(), given(...atWork, published(2, T + 60), reported(0, 750))]) {
      const sound = new Report()
      cdn.invariants[name].check(story.state, sound)
      expect(sound.broken).toEqual([])
      cdn.sabotage[name](story.state)
      const report = new Report()
      cdn.invariants[name].check(story.state, report)
      expect(report.broken.length).toBeGreaterThan(0)
    }
  })
})
