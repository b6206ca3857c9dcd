/**
 * A preview of a setting: the same scenario with the first few of its nodes, which stand in the same places and throw the same dice as
 * in the full run. It is folded in a worker of its own while the full run is on its way, and is never saved or shared.
 */
import { CoreProblem, type Core } from "../browser/core.ts"
import type { Scenario } from "../protocol/boundary/scenario.ts"
import { Side, type SideName } from "./side.ts"

/** Nodes with which a network's first day is folded in about a tenth of a second; measured by bench/studio.ts. */
const FEW: Readonly<Record<string, number>> = { helium: 200, filecoin: 40, render: 400, akash: 12 }
const FEW_OTHERS = 100

/** The scenario with few nodes of each network, or undefined where there are few already. */
export function previewOf(scenario: Scenario): Scenario | undefined {
  let isSmaller = false
  const networks = Object.fromEntries(
    Object.entries(scenario.networks).map(([name, setting]) => {
      const few = FEW[name] ?? FEW_OTHERS
      if (setting.nodes <= few) return [name, setting]
      isSmaller = true
      return [name, { ...setting, nodes: few }]
    }),
  )
  return isSmaller ? { ...scenario, networks } : undefined
}

export interface PreviewListener {
  /** Some epochs more of the newest setting. */
  readonly arrived: (isFirst: boolean) => void
}

export class Preview {
  readonly side: Side
  readonly #listener: PreviewListener
  #wanted: Scenario | undefined
  #isBusy = false
  /** False while frames of an older setting may still come. */
  #isCurrent = false
  #first: (() => void) | undefined

  constructor(name: SideName, core: Core, scenario: Scenario, listener: PreviewListener) {
    this.side = new Side(name, core, scenario)
    this.#listener = listener
    core.onFrame = (frame) => {
      if (!this.#isCurrent) return
      const isFirst = this.side.epoch === 0
      this.side.take(frame)
      this.#listener.arrived(isFirst)
      this.#first?.()
    }
    // What is wrong with a setting, its full run says in one sentence.
    core.onProblem = () => this.#first?.()
  }

  /** Folds this one next; of several the newest. Each that was begun comes to its first frame. */
  async show(scenario: Scenario): Promise<void> {
    if (!this.#isBusy && this.side.epoch > 0 && JSON.stringify(scenario) === JSON.stringify(this.side.scenario)) {
      this.side.scenario = scenario
      this.#listener.arrived(true)
      if (!this.side.done) await this.side.core.ask("run", {}).catch(() => {})
      return
    }
    this.#wanted = scenario
    if (this.#isBusy) return
    this.#isBusy = true
    while (this.#wanted !== undefined) {
      const next: Scenario = this.#wanted
      this.#wanted = undefined
      this.#isCurrent = false
      try {
        /* oxlint-disable no-await-in-loop -- the newest setting after the one before */
        const about = await this.side.core.ask("start", { scenario: next, chained: false })
        this.side.scenario = next
        this.side.begin(about)
        this.#isCurrent = true
        const first = new Promise<void>((resolve) => (this.#first = resolve))
        await this.side.core.ask("run", {})
        await first
        /* oxlint-enable no-await-in-loop */
      } catch (error) {
        if (!(error instanceof CoreProblem)) throw error
      }
    }
    this.#isBusy = false
  }

  /** No more of it: the full run needs the processor. */
  stop(): void {
    this.#wanted = undefined
    // What was begun may be stopped before its first frame: nobody waits for it.
    this.#first?.()
    void this.side.core.ask("pause", {}).catch(() => {})
  }
}
