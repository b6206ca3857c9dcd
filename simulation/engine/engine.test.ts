/** The tick loop: what falls due falls due once, what changes the world cuts time, and rules change from their moment on. */
import { afterAll, describe, expect, test } from "vitest"
import type { Scenario } from "../../protocol/boundary/scenario.ts"
import { DAY, HOUR, MINUTE } from "../../protocol/kernel/clock.ts"
import type { Inhabitants } from "../../protocol/kernel/habitat.ts"
import { PARAMETER_CHANGED, type Machine } from "../../protocol/kernel/machine.ts"
import type { AnyNetwork } from "../../protocol/kernel/network.ts"
import { at, change, corrupt, hinder, kill, minutes, percent, permille, share } from "../../scenarios/vocabulary.ts"
import type { Action } from "../faults/action.ts"
import { environment } from "../record/environment.ts"
import { replayRun } from "../record/replay.ts"
import { resumeRun } from "../record/run.ts"
import { about, runsFolder } from "../record/small-runs.ts"
import { quiet, small } from "../record/small-scenario.ts"
import type { TruthState } from "../world/truth.ts"
import type { Plan } from "./plan.ts"
import { resolve } from "./resolve.ts"
import { Simulation, type Inhabited } from "./simulation.ts"

const env = environment()
const played = (plan: Plan, each?: (sim: Simulation) => void): Simulation => {
  const sim = new Simulation(plan, env)
  while (!sim.done) {
    sim.tick()
    each?.(sim)
  }
  return sim
}
const named = (sim: Simulation, name: string): Inhabited => sim.networks.find((n) => n.name === name)!
const column = (n: Inhabited, name: string): number[] => [
  ...(n.epochs.rows as unknown as Record<string, Float64Array>)[name].subarray(0, n.epochs.rows.length),
]
/** The same plan with its networks seen by a spy. */
const spied = (plan: Plan, spy: (network: AnyNetwork) => AnyNetwork): Plan => ({
  ...plan,
  networks: plan.networks.map((n) => ({ ...n, network: spy(n.network) })),
})

describe("cadences", () => {
  /** When each line of each settlement ran. */
  function settled(plan: Plan): Record<string, number[]> {
    const seen: Record<string, number[]> = {}
    played(
      spied(plan, (network) => ({
        ...network,
        cadences: Object.fromEntries(
          Object.entries(network.cadences).map(([name, cadence]) => [
            name,
            {
              ...cadence,
              lines: {
                seen: (_: unknown, atS: number) => void (seen[`${network.name}.${name}`] ??= []).push(atS),
                ...cadence.lines,
              },
            },
          ]),
        ),
      })),
    )
    return seen
  }

  test.each([MINUTE, 7 * MINUTE, HOUR, 5 * HOUR, DAY])(
    "fall due once at every multiple, whatever the epochs are (%i s)",
    (everySeconds) => {
      const plan = resolve(quiet(everySeconds))
      const seen = settled(plan)
      for (const { network, values } of plan.networks)
        for (const [name, cadence] of Object.entries(network.cadences)) {
          if (cadence.when?.(values) === false) {
            expect(seen[`${network.name}.${name}`], "what is switched off never falls due").toBeUndefined()
            continue
          }
          const due = []
          for (let atS = plan.beginS + cadence.everySeconds; atS <= plan.endS; atS += cadence.everySeconds) due.push(atS)
          expect(seen[`${network.name}.${name}`]).toEqual(due)
        }
    },
  )

  test("a run that begins between two of them waits for the next", () => {
    const plan = resolve(small({ ...withoutIncident, begins: "2025-11-17T18:10:00Z", lasts: { hours: 2 } }))
    const [first] = Object.entries(settled(plan)).flatMap(([name, times]) => (name.startsWith("cdn.") ? [times] : []))
    expect(first.map((atS) => (atS - plan.beginS) / MINUTE)).toEqual([50, 110])
  })
})

const withoutIncident = { fine: [], timeline: [], sweep: [], incident: undefined } as Partial<Scenario>

describe("slices", () => {
  const beginS = resolve(small()).beginS
  const moment = (minute: number, action: Action) => ({ atS: beginS + minute * MINUTE, label: `minute ${minute}`, do: action })
  const everyone = { network: "helium" }

  test("time is cut wherever the world changes, and nodes act in one state of it at a time", () => {
    const plan: Plan = {
      ...resolve(small({ ...withoutIncident, epoch: { hours: 3 }, lasts: { hours: 6 } })),
      timeline: [
        moment(13, { verb: "pause", where: everyone, forS: 4 * MINUTE }),
        moment(200, { verb: "kill", where: everyone }),
        moment(207, { verb: "change", network: "cdn", parameter: "failingSharePermille", value: 1 }),
      ],
    }
    const slices: { from: number; to: number; up: number }[] = []
    const sim = played(
      spied(plan, (network) =>
        network.name !== "helium"
          ? network
          : {
              ...network,
              inhabit: {
                ...network.inhabit,
                enter(context) {
                  const actors: Inhabitants = network.inhabit.enter(context)
                  return {
                    ...bound(actors),
                    act(fromS: number, toS: number) {
                      slices.push({
                        from: (fromS - beginS) / MINUTE,
                        to: (toS - beginS) / MINUTE,
                        up: context.habitat.running.reduce((a, b) => a + b, 0),
                      })
                      actors.act(fromS, toS)
                    },
                  }
                },
              },
            },
      ),
    )
    expect(sim.epoch).toBe(2)
    slices.forEach(({ from, to }, i) => {
      expect(to).toBeGreaterThan(from)
      expect(from).toBe(i === 0 ? 0 : slices[i - 1].to)
    })
    const begins = slices.map((s) => s.from)
    for (const cut of [13, 17, 200, 207]) expect(begins).toContain(cut)
    // The cadence of half an hour cuts too.
    for (let half = 30; half < 360; half += 30) expect(begins).toContain(half)
    for (const { from, up } of slices) expect(up, `from minute ${from}`).toBe((from >= 13 && from < 17) || from >= 200 ? 0 : 300)
    expect(slices.at(-1)!.to).toBe(360)
  })

  test("a node's down time is counted to the second, though epochs are long", () => {
    const plan: Plan = {
      ...resolve(small({ ...withoutIncident, epoch: { hours: 6 }, lasts: { hours: 6 } })),
      timeline: [moment(13, { verb: "pause", where: everyone, forS: 250 })],
    }
    const { tally, lender } = named(played(plan), "helium")
    expect([...tally.table.downS]).toEqual(Array.from({ length: 300 }, () => 250))
    expect(lender.up).toBe(300)
  })

  test("an incident in long epochs and in short ones ends in the same truth", () => {
    const ends = [1, 10, 60].map((epoch) => {
      const sim = played(resolve(small({ fine: [], epoch: minutes(epoch) })))
      return sim.networks.map((n) => ({
        stops: [...(n.world.state as TruthState).node.stops],
        downS: [...n.tally.table.downS],
        facility: [...(n.world.state as TruthState).facility.corrupt],
      }))
    })
    expect(ends[1]).toEqual(ends[0])
    expect(ends[2]).toEqual(ends[0])
  })
})

/** An object's methods without the object: some inhabitants are classes, and a spread would lose them. */
function bound(actors: Inhabitants): Inhabitants {
  return {
    arrive: () => actors.arrive(),
    act: (fromS, toS) => actors.act(fromS, toS),
    close: (toS) => actors.close?.(toS),
    serve: (fromS, toS, byNode) => actors.serve(fromS, toS, byNode),
    ...(actors.observe === undefined ? {} : { observe: () => actors.observe!() }),
  }
}

describe("a rule that changes", () => {
  const runs = runsFolder()
  afterAll(runs.clear)
  const broken = at("2025-11-18T06:10:00Z", "a bad file", corrupt("cdn", "config-builder", { to: percent(100) }))
  const milder = at("2025-11-18T07:00:00Z", "half as bad", change("cdn", "failingSharePermille", 300))
  const [before, after] = [{ timeline: [broken] }, { timeline: [broken, milder] }].map(small)

  test("does so from its moment on: nothing before it moves", () => {
    const [plain, changed] = [before, after].map((s) => named(played(resolve(s)), "cdn"))
    const ends = column(plain, "endS")
    const moment = resolve(after).timeline[1].atS
    const lost = (n: Inhabited) =>
      column(n, "offeredMilli").map((offered, i) => Math.round(((offered - column(n, "servedMilli")[i]) * 1000) / offered))
    ends.forEach((endS, i) => {
      if (endS <= moment) expect(lost(changed)[i]).toBe(lost(plain)[i])
    })
    const later = ends.findIndex((endS) => endS > moment)
    expect(
      lost(plain)
        .slice(later)
        .every((share) => share === 750),
    ).toBe(true)
    expect(
      lost(changed)
        .slice(later)
        .every((share) => share === 300),
    ).toBe(true)
  })

  test("is in the log, once, in its epoch", () => {
    const seen: [number, unknown][] = []
    const plan = resolve(after)
    const sim = new Simulation(plan, {
      ...env,
      onEpoch: (sources) => {
        for (const s of sources as readonly Machine[])
          for (const { type, begin, end } of s.runs)
            if (s.types[type] === PARAMETER_CHANGED)
              for (let i = begin; i < end; i++)
                seen.push([sim.epoch - 1, (s.rowsOf[type] as unknown as { value: Float64Array }).value[i]])
      },
    })
    const ends: number[] = []
    while (!sim.done) ends.push(sim.tick().toS)
    expect(seen).toEqual([[ends.findIndex((endS) => endS > plan.timeline[1].atS), 300]])
  })

  test("is replayed from the log alone, and is changed once in a run that stops at its very moment", async () => {
    // Epochs of half an hour from 18:00 on: the fifth begins with the change.
    const early = small({
      ...withoutIncident,
      lasts: { hours: 4 },
      timeline: [
        at(minutes(70), "a bad file", corrupt("cdn", "config-builder", { to: percent(100) })),
        at(minutes(120), "half as bad", change("cdn", "failingSharePermille", 300)),
      ],
    })
    const run = await runs.start(early, { log: "full" })
    expect(await replayRun(run.runDir)).toMatchObject({ verified: true, how: "folded" })
    let result = await runs.start(early, { log: "full", signal: AbortSignal.abort() })
    // oxlint-disable-next-line no-await-in-loop
    while (result.epochs < 6) result = await resumeRun(result.runDir, { ...about, signal: AbortSignal.abort() })
    result = await resumeRun(result.runDir, about)
    expect(result.logHash).toBe(run.logHash)
    expect(result.stateHash).toBe(run.stateHash)
  })
})

describe("a shared provider", () => {
  const dependent = (nodes: number, users: number) => ({
    dependsOn: { helium: { on: "cdn", nodes: permille(nodes), users: permille(users), because: "a test" } },
  })
  const bad = {
    timeline: [at("2025-11-18T06:30:00Z", "the edge fails", hinder("cdn", "edge", { serves: percent(40), for: minutes(60) }))],
  }
  const calm = { timeline: [] }
  const run = (changes: Partial<Scenario>) => played(resolve(small({ sweep: [], ...changes })))
  const availability = (sim: Simulation, name: string) => {
    const [offered, served] = ["offeredMilli", "servedMilli"].map((c) => column(named(sim, name), c))
    return offered.map((o, i) => (o === 0 ? 1 : served[i] / o))
  }
  const inOutage = (sim: Simulation): number[] =>
    column(named(sim, "cdn"), "endS").flatMap((endS, i) =>
      endS > Date.parse("2025-11-18T06:31:00Z") / 1000 && endS <= Date.parse("2025-11-18T07:30:00Z") / 1000 ? [i] : [],
    )

  test("drags down those whose users all stand behind it, as far as it falls itself and no longer", () => {
    const sim = run({ ...bad, ...dependent(0, 1000) })
    const [cdn, helium] = ["cdn", "helium"].map((n) => availability(sim, n))
    for (const i of inOutage(sim)) {
      expect(cdn[i]).toBeCloseTo(0.4, 2)
      expect(helium[i]).toBeCloseTo(0.4, 2)
    }
    expect(helium.at(-1)).toBeGreaterThan(0.99)
  })

  test("leaves those alone who do not depend on it: not a digit moves", () => {
    const [apart, calmApart, alone] = [
      run({ ...bad, ...dependent(0, 0) }),
      run({ ...calm, ...dependent(0, 0) }),
      run({ ...bad, dependsOn: undefined }),
    ].map((sim) => named(sim, "helium"))
    for (const name of Object.keys(apart.epochs.rows.shape)) {
      expect(column(apart, name), name).toEqual(column(calmApart, name))
      expect(column(alone, name), name).toEqual(column(apart, name))
    }
  })

  test("reaches exactly the share that was asked for, and every node behind it is cut in proportion", () => {
    const nobody = named(run({ ...bad, ...dependent(0, 0) }), "helium")
    const all = run({ ...bad, ...dependent(1000, 1000) })
    const { behind, userBehind } = (named(all, "helium").world.state as TruthState).node
    expect([...behind, ...userBehind].every((b) => b === 1)).toBe(true)
    const none = (nobody.world.state as TruthState).node
    expect([...none.behind, ...none.userBehind].every((b) => b === 0)).toBe(true)

    const during = played({
      ...resolve(small({ sweep: [], ...bad, ...dependent(1000, 0) })),
      endS: Date.parse("2025-11-18T07:00:00Z") / 1000,
    })
    const helium = named(during, "helium")
    expect([...helium.lender.throughPermille].every((p) => p === 400)).toBe(true)
    expect([...helium.lender.userThroughPermille].every((p) => p === 1000)).toBe(true)
  })

  test("a share in between loses in between", () => {
    const worst = [0, 250, 500, 1000].map((users) => {
      const sim = run({ ...bad, ...dependent(0, users) })
      const helium = availability(sim, "helium")
      return Math.min(...inOutage(sim).map((i) => helium[i]))
    })
    expect(worst).toEqual([...worst].sort((a, b) => b - a))
    expect(worst[0]).toBeGreaterThan(0.99)
    expect(worst[2]).toBeGreaterThan(worst[3] + 0.1)
  })

  test("a node that stops serves nobody, behind a provider or not", () => {
    const sim = run({
      ...dependent(0, 0),
      timeline: [at("2025-11-18T06:30:00Z", "all stop", kill("helium", share(percent(100)), { for: minutes(60) }))],
    })
    const helium = availability(sim, "helium")
    for (const i of inOutage(sim)) expect(helium[i]).toBe(0)
  })
})
