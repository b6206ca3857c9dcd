/** Runs the settings: one worker each, started, paused, scrubbed and forked together, so that two sides share every die. */
import { newCore } from "../browser/new-core.ts"
import { CoreProblem, type Core } from "../browser/core.ts"
import type { Frame, LifePart } from "../browser/messages.ts"
import type { Scenario } from "../protocol/boundary/scenario.ts"
import { Preview, previewOf } from "./preview.ts"
import { Side, type SideName } from "./side.ts"

export interface RunnerListener {
  /** Something to draw; at once, when it is the first of another setting. */
  readonly changed: (isFirst?: boolean) => void
  readonly problem: (sentence: string | undefined) => void
  readonly life: (side: SideName, part: LifePart) => void
  /** A side has come to its end with its hashes. */
  readonly ended: (side: Side) => void
}

/** A run of the economy up to this many node days is folded whole at every move of a slider. */
const QUICK_NODE_DAYS = 1_200_000
/** Stillness after which such a run is folded again with its hashes and snapshots, ms. */
const SETTLE_MS = 350
/** The same for the full run of a network that was previewed: a slider that was let go waits less than one that only stands still. */
const LET_GO_MS = 120
/** A full run that has not come to its first epoch for so long is previewed, ms. */
const PATIENCE_MS = 1200
/** A core that has not answered for so long is in the middle of a long epoch, ms. */
const DEAF_MS = 3000

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
  readonly #previews: Partial<Record<SideName, Preview>> = {}
  readonly #previewed: Partial<Record<SideName, Scenario>> = {}
  /** Sides whose full run is to begin when a slider rests. */
  readonly #due = new Set<SideName>()
  #fullTimer: ReturnType<typeof setTimeout> | undefined
  #isStarting = false
  /** No epoch has come of the full run of the newest setting. */
  #isAwaited = false
  /** What is drawn is a preview with few nodes: the full run has not come to its first epoch yet. */
  isPreview = false

  constructor(scenario: Scenario, listener: RunnerListener) {
    this.#listener = listener
    this.a = this.#make("a", scenario)
  }

  get sides(): readonly Side[] {
    return this.b === undefined ? [this.a] : [this.a, this.b]
  }
  /** The sides that are drawn: the previews while there is nothing else of what is asked. */
  get seen(): readonly Side[] {
    return this.isPreview ? this.sides.map((s) => this.#previews[s.name]?.side ?? s) : this.sides
  }
  /** The preview of a side whose full run is under way, to be drawn behind it. */
  ghost(name: SideName): Side | undefined {
    const preview = this.#previews[name]?.side
    const isOf = preview !== undefined && this.#previewed[name] === preview.scenario && preview.epoch > 0
    return isOf && !this.isPreview && this.isRunning && !this.sides.find((s) => s.name === name)!.done ? preview : undefined
  }
  /** Epochs that every side has done. */
  get epoch(): number {
    return Math.min(...this.seen.map((s) => s.epoch))
  }
  get isDone(): boolean {
    return !this.isPreview && this.#due.size === 0 && this.sides.every((s) => s.done)
  }

  /** The full run of the newest setting has come to an epoch. */
  get isArriving(): boolean {
    return !this.#isAwaited && this.sides.every((s) => s.epoch > 0)
  }
  /** What is drawn is a preview of the newest setting, not of one that a slider has left since. */
  get isNewestPreview(): boolean {
    return this.isPreview && this.#isPreviewed()
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
    this.#endPreview()
    this.shown = 0
    this.isFollowed = true
    await this.#guard(async () => {
      await Promise.all(this.sides.map((s) => s.start(true)))
      if (turn !== this.#turn) return
      this.#listener.changed()
      await this.run()
      // A worker that has folded once is several times as fast at the first touch of a slider.
      this.#preview()
      this.#fullTimer = setTimeout(() => this.#lookAhead(turn), PATIENCE_MS)
    })
  }

  /** One side has another scenario: it begins anew. A quick one is folded whole at once. */
  async change(name: SideName, scenario: Scenario, isFinal: boolean): Promise<void> {
    const side = name === "a" ? this.a : this.b
    if (side === undefined) return
    side.scenario = scenario
    if (isQuick(scenario)) return this.#fold(side)
    this.#due.add(name)
    this.#isAwaited = true
    this.#turn++
    this.#endGhosts()
    this.isRunning = true
    this.isFollowed = true
    // Whatever runs is of the setting before: the preview has the processor now.
    for (const s of this.sides) if (!s.done) void s.core.ask("pause", {}).catch(() => {})
    this.#preview()
    this.#listener.changed()
    clearTimeout(this.#fullTimer)
    await new Promise<void>((resolve) => {
      this.#fullTimer = setTimeout(() => resolve(this.#runDue()), isFinal ? LET_GO_MS : SETTLE_MS)
    })
  }

  /** Begins the full runs that are due; the other side keeps what it has. */
  async #runDue(): Promise<void> {
    if (this.#isStarting) return
    this.#isStarting = true
    await this.#guard(async () => {
      while (this.#due.size > 0) {
        /* oxlint-disable no-await-in-loop -- the newest setting after the one before */
        const turn = this.#turn
        const sides = this.sides.filter((s) => this.#due.has(s.name))
        await Promise.all(sides.map((s) => this.#startSoon(s)))
        if (turn !== this.#turn) continue
        this.#due.clear()
        this.isRunning = true
        this.isFollowed = true
        if (!this.isPreview) this.shown = 0
        await Promise.all(this.sides.filter((s) => !s.done).map((s) => s.core.ask("run", {})))
        /* oxlint-enable no-await-in-loop */
        this.#listener.changed()
      }
    })
    this.#isStarting = false
  }

  /** A run whose first epoch takes long is drawn as its preview until then. */
  #lookAhead(turn: number): void {
    if (turn !== this.#turn || !this.isRunning || this.sides.every((s) => s.epoch > 0)) return
    this.#isAwaited = true
    this.#previewArrived(true)
  }

  /** Starts a side's scenario. A core that is deep in one epoch of the run before reads no mail: another one takes its place. */
  async #startSoon(side: Side): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<"late">((resolve) => (timer = setTimeout(() => resolve("late"), DEAF_MS)))
    const started = side.start(true)
    const came = await Promise.race([started, late])
    clearTimeout(timer)
    if (came !== "late") return
    side.core.end()
    side.core = this.#hear(side.name, newCore())
    await side.start(true)
  }

  /** Folds few nodes of every side, so that both are drawn alike. */
  #preview(): void {
    for (const side of this.sides) {
      if (isQuick(side.scenario)) continue
      const few = previewOf(side.scenario)
      if (few === undefined) continue
      const preview = (this.#previews[side.name] ??= new Preview(side.name, newCore(), few, {
        arrived: (isFirst) => this.#previewArrived(isFirst),
      }))
      this.#previewed[side.name] = few
      void preview.show(few)
    }
  }

  #previewArrived(isFirst: boolean): void {
    if (!this.#isAwaited) {
      // The warming up after a start, or what goes on behind a full run.
      this.#listener.changed()
      return
    }
    if (!this.#isPreviewed()) return
    this.isPreview = true
    if (this.isFollowed) this.shown = this.epoch
    this.#listener.changed(isFirst)
  }

  #isPreviewed(): boolean {
    return this.sides.every((s) => {
      const p = this.#previews[s.name]?.side
      return p !== undefined && p.scenario === this.#previewed[s.name] && p.epoch > 0
    })
  }

  /** Nothing of a preview is drawn from now on. */
  #endPreview(): void {
    clearTimeout(this.#fullTimer)
    this.#due.clear()
    this.isPreview = this.#isAwaited = false
    this.#endGhosts()
    for (const preview of Object.values(this.#previews)) preview.stop()
  }
  #endGhosts(): void {
    delete this.#previewed.a
    delete this.#previewed.b
  }

  async run(): Promise<void> {
    if (this.#due.size > 0) return this.#runDue()
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
    clearTimeout(this.#fullTimer)
    for (const preview of Object.values(this.#previews)) preview.stop()
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
    // A preview is only looked at.
    if (!isFinal || this.isPreview) return
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
    return new Side(name, this.#hear(name, newCore()), scenario)
  }

  #hear(name: SideName, core: Core): Core {
    core.onFrame = (frame) => this.#take(name === "a" ? this.a : this.b!, frame)
    core.onLife = (part) => this.#listener.life(name, part)
    core.onProblem = (sentence) => {
      this.isRunning = false
      this.#listener.problem(sentence)
    }
    return core
  }

  #take(side: Side, frame: Frame): void {
    // What was under way when another setting was asked for.
    if (this.#due.has(side.name)) return
    side.take(frame)
    const isFirst = this.#isAwaited && this.#due.size === 0 && this.sides.every((s) => s.epoch > 0)
    if (isFirst) {
      this.isPreview = this.#isAwaited = false
      this.isFollowed = true
    }
    if (this.isFollowed) this.shown = this.epoch
    if (this.isDone) this.isRunning = false
    if (frame.done) this.#listener.ended(side)
    this.#listener.changed(isFirst)
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
