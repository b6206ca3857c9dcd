/** The mechanisms in the real networks, in a small world: nothing while they are off; found, declared, paid and told apart while they are on. */
import { describe, expect, test } from "vitest"
import type { Scenario } from "../../protocol/boundary/scenario.ts"
import type { AnyNetwork } from "../../protocol/kernel/network.ts"
import { networks } from "../../protocol/networks/index.ts"
import { WITH_RESILIENCE } from "../../protocol/resilience/embed/params.ts"
import { environment } from "../record/environment.ts"
import { resolve } from "./resolve.ts"
import { Simulation, type Inhabited } from "./simulation.ts"

const BEGIN = "2025-11-15T00:00:00Z"
const ONSET_S = Date.UTC(2025, 10, 15, 4) / 1000
const embedding = (Object.values(networks) as AnyNetwork[]).filter((n) => "livenessDetector" in n.params)

const story = (network: AnyNetwork, on: boolean, change: Readonly<Record<string, number>> = {}): Scenario => ({
  name: "small",
  question: "What do the mechanisms do?",
  begins: BEGIN,
  lasts: { hours: 9 },
  epoch: { hours: 3 },
  seed: 5,
  networks: {
    [network.name]: { nodes: 90, preset: network.defaultPreset + (on ? WITH_RESILIENCE : ""), change },
  },
  incident: { onset: { hours: 4 }, mainRecovery: { hours: 7 } },
  timeline: [
    {
      at: { hours: 2 },
      label: "one by one",
      do: { verb: "kill", network: network.name, where: { share: { percent: 4 } }, for: { hours: 1 } },
    },
    {
      at: { hours: 4 },
      label: "dark",
      do: { verb: "kill", network: network.name, where: { largest: { of: "country", count: 1 } }, for: { hours: 3 } },
    },
  ],
})

function live(scenario: Scenario): { readonly n: Inhabited; readonly written: ReadonlyMap<string, number> } {
  const written = new Map<string, number>()
  const simulation = new Simulation(resolve(scenario), {
    ...environment(),
    onEpoch: ([machine]) =>
      machine.rowsOf.forEach((rows, type) => {
        const name = simulation.networks[0].machine.types[type]
        written.set(name, (written.get(name) ?? 0) + rows.length)
      }),
  })
  while (!simulation.done) simulation.tick()
  return { n: simulation.networks[0], written }
}

describe.each(embedding)("$name", (network) => {
  test("off, writes nothing of the mechanisms", () => {
    const { written, n } = live(story(network, false))
    for (const type of [
      "HeartbeatHeard",
      "NodeEnrolled",
      "OutageClaimed",
      "PieceSent",
      "ReceiptSettled",
      "NodeStarted",
      "WorkAdmitted",
    ])
      expect(written.get(type), type).toBe(0)
    for (const [name, metric] of Object.entries(network.metrics))
      if (name.startsWith("resilience.") && !name.includes("weight")) expect(metric.of(n.machine.state), name).toBe(0)
  })

  test("on, a dark country is declared within ten minutes, single failures are not, and no healthy node is taken for down", () => {
    const { n } = live(story(network, true))
    const seen = n.actors.observe!()
    const of = (truth: string, belief: string): number => seen[`resilience.watch.${truth}.as.${belief}`]
    const read = (name: string): number => network.metrics[`resilience.${name}`].of(n.machine.state)
    const minutes = (network.detectedS!(n.machine.state) - ONSET_S) / 60
    expect(minutes).toBeGreaterThan(0)
    expect(minutes).toBeLessThanOrEqual(10)
    expect(read("outages.declared")).toBe(1)
    expect(seen["resilience.watch.falseSuspicions"]).toBe(0)
    expect(of("well", "individual") + of("well", "correlated")).toBeLessThan(0.01 * of("well", "well"))
    // Recall and precision of both kinds of failure, in node minutes.
    const correlated = of("correlated", "well") + of("correlated", "individual") + of("correlated", "correlated")
    expect(of("correlated", "correlated") / correlated).toBeGreaterThan(0.9)
    expect(of("individual", "individual")).toBeGreaterThan(0.8 * (of("individual", "well") + of("individual", "individual")))
    expect(of("individual", "correlated")).toBe(0)
    // Every hour that somebody served was signed and paid once.
    expect(read("receipts.paid")).toBeGreaterThan(0)
    expect(seen["resilience.receipts.lost"]).toBe(0)
  })
})
