/** The death spiral: holders stop hoping, the price falls, operators leave; and the one rule that lets the service outlive it. */
import written from "../../scenarios/economics/render-death-spiral.ts"
import type { Scenario } from "../../scenarios/vocabulary.ts"
import { lostShare, secondsAt, type Figures } from "./figures.ts"

export interface SpiralSettings {
  readonly machines: number
  /** Part of the burn that is paid to nodes, ‰. */
  readonly remintPermille: number
  /** Days of loss that an operator bears. */
  readonly patienceDays: number
  readonly seed?: number
}
export const SPIRAL: SpiralSettings = { machines: 150, remintPermille: 0, patienceDays: 56 }
const BEGIN_S = secondsAt(written.begins)
/** From the loss of hope to ten days before the end. */
export const AFTER = { fromS: BEGIN_S + 84 * 86_400, toS: BEGIN_S + 345 * 86_400 }

export function spiralOf(settings: Partial<SpiralSettings> = {}): Scenario {
  const { machines, remintPermille, patienceDays, seed } = { ...SPIRAL, ...settings }
  const { sweep: _sweep, expect: _expect, watch: _watch, ...rest } = written
  const { render } = written.networks
  return {
    ...rest,
    seed: seed ?? written.seed,
    networks: {
      render: { ...render, nodes: machines, change: { ...render.change, remintPermille, exitAfterDays: patienceDays } },
    },
  }
}

export const spiralLoss = (figures: Figures): number => lostShare(figures, "render", AFTER)

/** Machines connected at the end, of those there on the day before hope went. */
export function machinesLeft(figures: Figures): number {
  const { endS, nodeConnected } = figures.rows.render
  const before = endS.findIndex((s) => s >= AFTER.fromS)
  return nodeConnected[nodeConnected.length - 1] / nodeConnected[before]
}
