/** The real engine, where it is installed: four validators on this computer, one killed, a quorum lost and found, one hash at the end. */
import { expect, test } from "vitest"
import { findEngine, HOW_TO_INSTALL } from "./engine-program.ts"
import { perturb } from "./perturb.ts"

const engine = findEngine()

test(
  "four real validators live through a kill, halt without a quorum, and end in one hash",
  { timeout: 240_000 },
  async (context) => {
    if (engine === undefined) return context.skip(HOW_TO_INSTALL)
    const said: string[] = []
    // Ports of its own, so that a network that runs here already is not disturbed.
    const report = await perturb({ engine, extent: "short", hosts: "loopback", portBase: 4000, say: (line) => said.push(line) })
    expect(report.perturbations.map((p) => [p.perturbation, p.ok, p.note])).toEqual([
      ["kill -9 of v1", true, expect.any(String)],
      ["two of four away", true, expect.stringContaining("Halted, safe")],
    ])
    expect(report.invariants.filter((i) => !i.ok)).toEqual([])
    expect(report.acknowledged).toBeGreaterThan(0)
  },
)
