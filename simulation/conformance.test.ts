/**
 * The exam of an inhabited network: whatever happens to its world, its promises hold, its log is one, and neither the length
 * of a tick nor a rest in between changes where it ends. Nothing here knows which network it is.
 */
import { createHash } from "node:crypto"
import { describe, expect, test } from "vitest"
import { DAY, HOUR, MINUTE } from "../protocol/kernel/clock.ts"
import { hashTable, toHex } from "../protocol/kernel/hash.ts"
import type { AnyNetwork } from "../protocol/kernel/network.ts"
import { resolve } from "../protocol/kernel/param.ts"
import { below, stream } from "../protocol/kernel/random.ts"
import { loadTables, saveTables } from "../protocol/kernel/snapshot.ts"
import { networks } from "../protocol/networks/index.ts"
import { misfitsOf } from "../protocol/networks/exam-column.ts"
import { randomValues } from "../protocol/networks/exam-history.ts"
import type { Moment, Plan } from "./engine/plan.ts"
import { Simulation } from "./engine/simulation.ts"
import type { Action, Where } from "./faults/action.ts"
import { environment } from "./record/environment.ts"

const BEGIN = 20_410 * DAY
const NODES = 120
/** A wild run may take seconds, and a machine may do other things too. */
const SLOW_MS = 120_000
/** Samples of the world are dear and the same for every run of a seed. */
const env = environment()

/** What may happen to whole nodes: afterwards each of them serves everything or nothing. */
const WHOLE = ["kill", "pause", "restart", "disconnect", "reconnect", "blackout", "restorePower"] as const
/** What leaves a part: shares are rounded once a slice, so tick lengths may differ by a thousandth of a unit. */
const PARTIAL = ["degrade", "corrupt", "hinder", "repair"] as const

/** Eight moments of a day and a half, on nobody's grid. */
function randomTimeline(
  network: AnyNetwork,
  seed: number,
  verbs: readonly (typeof WHOLE | typeof PARTIAL)[number][],
): readonly Moment[] {
  const luck = stream(seed, `${network.name}/exam/timeline`)
  const { facilities } = network.inhabit
  return Array.from({ length: 8 }, (_, i): Moment => {
    const dice = (n: number, of: number) => below(luck, n, i, of)
    const where: Where = { network: network.name, permille: 50 + dice(700, 1) }
    const forS = 1 + dice(5 * HOUR, 2)
    const overS = dice(HOUR, 3)
    const on = { network: network.name, facility: facilities[dice(facilities.length, 4)]?.name ?? "" }
    const all: Readonly<Record<(typeof verbs)[number], Action>> = {
      kill: { verb: "kill", where, ...(dice(2, 5) === 0 ? {} : { forS }) },
      pause: { verb: "pause", where, forS },
      restart: { verb: "restart", where, overS },
      disconnect: { verb: "disconnect", where, forS, overS },
      reconnect: { verb: "reconnect", where, overS },
      blackout: { verb: "blackout", where, forS },
      restorePower: { verb: "restorePower", where, overS },
      degrade: { verb: "degrade", where, passesPermille: dice(1001, 6), forS },
      corrupt: { verb: "corrupt", ...on, fromPermille: dice(1001, 7), toPermille: dice(1001, 8), overS, everyS: 300 },
      hinder: { verb: "hinder", ...on, servedPermille: dice(1001, 9), forS },
      repair: { verb: "repair", ...on },
    }
    return { atS: BEGIN + HOUR + dice(36 * HOUR, 0), label: `${i}`, do: all[verbs[dice(verbs.length, 10)]] }
  }).toSorted((a, b) => a.atS - b.atS)
}

const planOf = (network: AnyNetwork, seed: number, but: Partial<Plan> & { readonly wild?: boolean } = {}): Plan => {
  const { wild = false, ...rest } = but
  const preset = resolve(network.name, network.params, network.presets[network.defaultPreset])
  return {
    seed,
    beginS: BEGIN,
    endS: BEGIN + 2 * DAY,
    everySeconds: HOUR,
    windows: [],
    networks: [
      { network, nodes: NODES, preset: network.defaultPreset, values: wild ? randomValues(network, seed, preset) : preset },
    ],
    dependencies: [],
    timeline: randomTimeline(network, seed, WHOLE),
    calendar: "2025-11-18",
    ...rest,
  }
}

const run = (simulation: Simulation, untilS = Infinity): Simulation => {
  while (!simulation.done && simulation.atS < untilS) simulation.tick()
  return simulation
}
const epochsOf = (simulation: Simulation) =>
  simulation.networks[0].epochs.rows as unknown as Record<"offeredMilli" | "servedMilli", Float64Array>
const sumOf = (simulation: Simulation, name: "offeredMilli" | "servedMilli"): number => {
  const column = epochsOf(simulation)[name]
  return column.subarray(0, simulation.epoch).reduce((a, b) => a + b, 0)
}
const digest = (simulation: Simulation, but: RegExp = /^$/): Readonly<Record<string, string>> => {
  const named = simulation.savedTables()
  const names = Object.keys(named).filter((name) => !but.test(name))
  return Object.fromEntries(names.map((name) => [name, toHex(hashTable(() => createHash("sha256"), named[name]))]))
}

describe.each(Object.values(networks) as AnyNetwork[])("$name, inhabited", (network) => {
  test.each([1, 2, 3])("two runs give one log hash, seed %i", (seed) => {
    const plan = planOf(network, seed, { timeline: randomTimeline(network, seed, [...WHOLE, ...PARTIAL]) })
    const once = run(new Simulation(plan, env))
    expect(toHex(once.log.hash)).toBe(toHex(run(new Simulation(plan, env)).log.hash))
    expect(once.log.rows).toBeGreaterThan(NODES)
  })

  test.each([1, 2, 3, 4])(
    "ticks of a minute, an hour and a day end in one state, seed %i",
    (seed) => {
      const [finest, ...coarser] = [MINUTE, HOUR, DAY].map((everySeconds) =>
        run(new Simulation(planOf(network, seed, { everySeconds }), env)),
      )
      const served = (s: Simulation) => sumOf(s, "servedMilli")
      for (const other of coarser) {
        // What is recorded about users is rounded once a slice, where nodes stand in for each other.
        expect(digest(other, /\.record\./)).toEqual(digest(finest, /\.record\./))
        expect(Math.abs(served(other) - served(finest))).toBeLessThanOrEqual(served(finest) / 10_000)
      }
    },
    SLOW_MS,
  )

  test.each(Array.from({ length: 40 }, (_, i) => i))(
    "promises hold and numbers fit, whatever happens and whatever the rules, seed %i",
    (seed) => {
      const simulation = new Simulation(
        planOf(network, seed, { wild: seed > 2, timeline: randomTimeline(network, seed, [...WHOLE, ...PARTIAL]) }),
        env,
      )
      // The engine checks every promise after every epoch and throws when one is broken.
      run(simulation)
      const wrong = Object.entries(simulation.savedTables()).flatMap(([name, rows]) => misfitsOf(name, rows))
      expect(wrong.slice(0, 10)).toEqual([])
    },
    SLOW_MS,
  )

  test.each([1, 2])("a run resumed from its snapshot is the run that never stopped, seed %i", (seed) => {
    const plan = planOf(network, seed, { timeline: randomTimeline(network, seed, [...WHOLE, ...PARTIAL]) })
    const whole = run(new Simulation(plan, env))
    const half = run(new Simulation(plan, env), BEGIN + 29 * HOUR)
    const resumed = new Simulation(plan, env)
    loadTables(resumed.savedTables(), saveTables(half.savedTables()))
    resumed.continueFrom({ epoch: half.epoch, atS: half.atS, previous: half.log.hash, rows: half.log.rows })
    run(resumed)
    expect(toHex(resumed.log.hash)).toBe(toHex(whole.log.hash))
    expect(digest(resumed)).toEqual(digest(whole))
  })

  test("users are served something when nothing is wrong, and never more than they asked", () => {
    const simulation = run(new Simulation(planOf(network, 1, { timeline: [], endS: BEGIN + DAY }), env))
    expect(sumOf(simulation, "offeredMilli")).toBeGreaterThan(0)
    expect(sumOf(simulation, "servedMilli")).toBeGreaterThan(0.99 * sumOf(simulation, "offeredMilli"))
    const { offeredMilli, servedMilli } = epochsOf(simulation)
    for (let i = 0; i < simulation.epoch; i++) expect(servedMilli[i]).toBeLessThanOrEqual(offeredMilli[i])
  })
})

test("networks that share a world and nothing else end where they end alone", () => {
  const all = Object.values(networks) as AnyNetwork[]
  const plans = all.map((network) => planOf(network, 5, { timeline: randomTimeline(network, 5, WHOLE) }))
  const together = run(new Simulation({ ...plans[0], networks: plans.flatMap((p) => p.networks), timeline: [] }, env))
  for (const [i, network] of all.entries()) {
    const alone = run(new Simulation({ ...plans[i], timeline: [] }, env))
    const mine = Object.fromEntries(Object.entries(digest(together)).filter(([name]) => name.startsWith(`${network.name}.`)))
    expect(mine).toEqual(digest(alone))
  }
})
