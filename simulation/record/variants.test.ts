/** A variant lives only the networks whose lot it changes, and gives what it would give in company. */
import { expect, test } from "vitest"
import { resolve } from "../engine/resolve.ts"
import { Simulation } from "../engine/simulation.ts"
import { take, restore } from "./checkpoint.ts"
import { environment } from "./environment.ts"
import { measureAll } from "./measure.ts"
import { small } from "./small-scenario.ts"
import { runSweep } from "./variants.ts"

const behind = (on: string) => ({ on, nodes: { percent: 20 }, users: { percent: 10 }, because: "a test" })

test("every network's results are those of a whole run, also of networks that stood still", { timeout: 60_000 }, async () => {
  const scenario = small({
    networks: { cdn: { nodes: 20 }, helium: { nodes: 60 }, akash: { nodes: 30 }, filecoin: { nodes: 20 }, render: { nodes: 30 } },
    dependsOn: { helium: behind("cdn"), akash: behind("cdn"), render: behind("cdn") },
    sweep: [
      { axis: "usersBehind", network: "akash", label: "akash users", values: [{ permille: 700 }] },
      { axis: "nodesBehind", network: "helium", label: "hotspots", values: [{ permille: 500 }] },
      { axis: "parameter", network: "cdn", parameter: "failingSharePermille", label: "failing", values: [900] },
    ],
  })
  const plan = resolve(scenario)
  const first = new Simulation(plan, environment())
  while (first.nextEndS <= plan.windowS!.from - 600) first.tick()
  const fork = take(first, {} as never, 0)
  const variants = await runSweep(
    scenario,
    plan,
    environment(),
    fork,
    () => Promise.resolve(),
    () => {},
  )

  const whole = (change: (p: typeof plan) => typeof plan, onto: (sim: Simulation) => void = () => {}) => {
    const varied = change({ ...plan, endS: plan.windowS!.to })
    const sim = new Simulation(varied, environment())
    restore(sim, fork)
    for (const n of sim.networks) {
      const dependency = varied.dependencies.find((d) => d.network === n.name)
      if (dependency !== undefined) sim.attach(n, dependency)
    }
    onto(sim)
    while (!sim.done) sim.tick()
    return sim.networks.map((n) => measureAll(n, plan.windowS))
  }
  const behindAs = (network: string, nodesPermille: number, usersPermille: number) => (p: typeof plan) => ({
    ...p,
    dependencies: p.dependencies.map((d) => (d.network === network ? { ...d, nodesPermille, usersPermille } : d)),
  })
  const of = (variant: string) => variants.find((v) => v.variant === variant)!.results
  expect(of("akash users = 700 ‰")).toEqual(whole(behindAs("akash", 0, 700)))
  expect(of("hotspots = 500 ‰")).toEqual(whole(behindAs("helium", 500, 0)))
  expect(of("cdn.failingSharePermille = 900")).toEqual(
    whole(
      (p) => p,
      (sim) => sim.networks.find((n) => n.name === "cdn")!.machine.change("failingSharePermille", 900),
    ),
  )
  expect(variants.map((v) => v.variant)).toEqual([
    "akash users = 700 ‰",
    "hotspots = 500 ‰",
    "cdn.failingSharePermille = 900",
    ...[0, 1, 2, 3, 4].map((n) => `luck ${n}`),
  ])
  // Positive control: the changes do something, so equal results are not all the same ones.
  expect(of("akash users = 700 ‰")).not.toEqual(of("luck 0"))
  expect(of("hotspots = 500 ‰")).not.toEqual(of("luck 0"))
})
