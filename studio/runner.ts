/** Runs the settings: one worker each, started, paused, scrubbed and forked together, so that two sides share every die. */
import { newCore } from "../browser/new-core.ts"
import { CoreProblem } from "../browser/core.ts"
import type { Frame, LifePart } from "../browser/messages.ts"
import type { Scenario } from "../protocol/boundary/scenario.ts"
import { Side, type SideName } from "./side.ts"

export interface RunnerListener {
  /** Something to draw. */
  readonly changed: () => void
  readonly problem: (sentence: string | undefined) => void
  readonly life: (side: SideName, part: LifePart) => void
  /** A side has come to its end with its hashes. */
  readonly ended: (side: Side) => void
}

/** A run of the economy up to this many node days is folded whole at every move of a slider. */
const QUICK_NODE_DAYS = 1_200_000
/** Stillness after which such a run is folded again with its hashes and snapshots, ms. */
const SETTLE_MS = 350

export const isQuick = (s: Scenario): boolean => {
  const nodes = s.networks.economy?.nodes
  const days = "days" in s.lasts ? s.lasts.days : Infinity
  return nodes !== undefined && "days" in s.epoch && s.epoch.days === 1 && nodes * days <= QUICK_NODE_DAYS
}

export class Runner {
  readonly #listener: RunnerListener
  a: Side
  b: Side | undefined
  /** Epoch shown; a run that is followed shows the last. */
  shown = 0
  isFollowed = true
  isRunning = false
  readonly #isFolding: Partial<Record<SideName, boolean>> = {}
  readonly #isStale: Partial<Record<SideName, boolean>> = {}
  #settling: ReturnType<typeof setTimeout> | undefined
  /** Counts starts, so that what comes too late is known. */
  #turn = 0

  constructor(scenario: Scenario, listener: RunnerListener) {
    this.#listener = listener
    this.a = this.#make("a", scenario)
  }

  get sides(): readonly Side[] {
    return this.b === undefined ? [this.a] : [this.a, this.b]
  }
  /** Epochs that every side has done. */
  get epoch(): number {
    return Math.min(...this.sides.map((s) => s.epoch))
  }
  get isDone(): boolean {
    return this.sides.every((s) => s.done)
  }

  /** Something is being folded for what is shown. */
  get isBusy(): boolean {
    return this.isRunning || this.#isFolding.a === true || this.#isFolding.b === true
  }

  /** Both sides begin; with `b` absent only one is left. */
  async load(a: Scenario, b: Scenario | undefined): Promise<void> {
    this.a.scenario = a
    if (b === undefined) {
      this.b?.core.end()
      this.b = undefined
    } else if (this.b === undefined) this.b = this.#make("b", b)
    else this.b.scenario = b
    await this.restart()
  }

  /** From the first epoch, and on. */
  async restart(): Promise<void> {
    const turn = ++this.#turn
    clearTimeout(this.#settling)
    this.shown = 0
    this.isFollowed = true
    await this.#guard(async () => {
      await Promise.all(this.sides.map((s) => s.start(true)))
      if (turn !== this.#turn) return
      this.#listener.changed()
      await this.run()
    })
  }

  /** One side has another scenario: it begins anew. A quick one is folded whole at once. */
  async change(name: SideName, scenario: Scenario, isFinal: boolean): Promise<void> {
    const side = name === "a" ? this.a : this.b
    if (side === undefined) return
    side.scenario = scenario
    if (isQuick(scenario)) return this.#fold(side)
    if (!isFinal) return
    // The other side keeps what it has; only what changed is folded again.
    this.#turn++
    await this.#guard(async () => {
      await side.start(true)
      this.shown = 0
      this.isFollowed = true
      this.isRunning = true
      await side.core.ask("run", {})
      this.#listener.changed()
    })
  }

  async run(): Promise<void> {
    await this.#guard(async () => {
      this.isRunning = true
      this.isFollowed = true
      for (const s of this.sides) s.rewind(this.shown)
      this.#listener.changed()
      await Promise.all(this.sides.filter((s) => !s.done).map((s) => s.core.ask("run", {})))
    })
  }

  async pause(): Promise<void> {
    this.isRunning = false
    await this.#guard(async () => void (await Promise.all(this.sides.map((s) => s.core.ask("pause", {})))))
    this.#listener.changed()
  }

  async step(): Promise<void> {
    this.isRunning = false
    await this.#guard(async () => {
      for (const s of this.sides) s.rewind(this.shown)
      for (const s of this.sides) s.take(await s.core.ask("step", {})) // oxlint-disable-line no-await-in-loop -- at most two
      this.shown = this.epoch
      this.#listener.changed()
    })
  }

  /** Shows an epoch from what is kept; `isFinal` folds to it exactly, so that a run can go on or fork from there. */
  async scrub(epoch: number, isFinal: boolean): Promise<void> {
    this.isFollowed = epoch === this.epoch && !isFinal
    this.shown = epoch
    this.#listener.changed()
    if (!isFinal) return
    if (this.isRunning) await this.pause()
    await this.#guard(async () => {
      const turn = this.#turn
      const frames = await Promise.all(this.sides.map((s) => s.core.ask("scrub", { epoch: Math.min(epoch, s.epoch) })))
      if (turn !== this.#turn) return
      this.sides.forEach((s, i) => {
        const { epoch: end, done } = s
        s.take(frames[i], true)
        s.epoch = end
        s.done = done
      })
      this.#listener.changed()
    })
  }

  /** Another future of one side, from the epoch shown. Answers with its scenario. */
  async fork(name: SideName, network: string, parameter: string, value: number): Promise<Scenario | undefined> {
    const side = name === "a" ? this.a : this.b
    if (side === undefined) return undefined
    const epoch = Math.min(this.shown, side.epoch)
    let scenario: Scenario | undefined
    await this.#guard(async () => {
      await side.core.ask("scrub", { epoch })
      const answer = await side.core.ask("fork", { changes: [{ network, parameter, value }] })
      scenario = answer.scenario as Scenario
      side.scenario = scenario
      side.begin(answer.about, epoch)
      this.isRunning = true
      this.isFollowed = true
      await side.core.ask("run", {})
    })
    return scenario
  }

  #make(name: SideName, scenario: Scenario): Side {
    const side = new Side(name, newCore(), scenario)
    side.core.onFrame = (frame) => this.#take(side, frame)
    side.core.onLife = (part) => this.#listener.life(name, part)
    side.core.onProblem = (sentence) => {
      this.isRunning = false
      this.#listener.problem(sentence)
    }
    return side
  }

  #take(side: Side, frame: Frame): void {
    side.take(frame)
    if (this.isFollowed) this.shown = this.epoch
    if (this.isDone) this.isRunning = false
    if (frame.done) this.#listener.ended(side)
    this.#listener.changed()
  }

  /** Folds a whole run for a slider: the newest setting wins, one fold at a time. */
  async #fold(side: Side): Promise<void> {
    clearTimeout(this.#settling)
    this.#isStale[side.name] = true
    if (this.#isFolding[side.name] === true) return
    this.#isFolding[side.name] = true
    this.isRunning = false
    this.#listener.changed()
    this.#turn++
    await this.#guard(async () => {
      while (this.#isStale[side.name] === true) {
        this.#isStale[side.name] = false
        /* oxlint-disable no-await-in-loop -- the newest setting after the one before */
        const { scenario } = side
        // Places and names are as they were, as long as size and seed are.
        const about = side.isOnSameGround(scenario) ? side.about! : await side.core.ask("start", { scenario, chained: false })
        const frame = await side.core.ask("fold", { scenario })
        /* oxlint-enable no-await-in-loop */
        side.begin(about, 0, scenario)
        side.take(frame)
        this.isFollowed = true
        this.shown = this.epoch
        this.#listener.changed()
      }
    })
    this.#isFolding[side.name] = false
    this.#listener.changed()
    this.#settling = setTimeout(() => void this.#settle(), SETTLE_MS)
  }

  /** The same runs once more, with hashes and snapshots, behind what is shown. */
  async #settle(): Promise<void> {
    const turn = this.#turn
    await this.#guard(async () => {
      for (const side of this.sides)
        if (side.hashes === undefined) {
          /* oxlint-disable no-await-in-loop -- at most two */
          await side.core.ask("start", { scenario: side.scenario })
          if (turn !== this.#turn) return
          await side.core.ask("run", { framesPerSecond: 4 })
          /* oxlint-enable no-await-in-loop */
        }
    }, false)
  }

  /** A problem stays on the page until something that was asked for went well. */
  async #guard(work: () => Promise<void>, isAsked = true): Promise<void> {
    try {
      await work()
      if (isAsked) this.#listener.problem(undefined)
    } catch (error) {
      this.isRunning = false
      if (!(error instanceof CoreProblem)) throw error
      this.#listener.problem(error.message)
      this.#listener.changed()
    }
  }
}
