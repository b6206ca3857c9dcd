/** Answers a page's requests with one session: what the worker runs, and what a test runs without one. */
import { BrokenPromise } from "../protocol/kernel/invariant.ts"
import { refuse, ScenarioProblem } from "../protocol/boundary/problem.ts"
import { catalogue } from "./catalogue.ts"
import { Life } from "./life.ts"
import type { FromCore, Requests, ToCore } from "./messages.ts"
import { ground, Session } from "./session.ts"

/** A slice of work between two looks at the mail, ms. */
const SLICE_MS = 24
const INCOME_EVERY_MS = 500
const FRAMES_PER_SECOND = 30

export interface Outside {
  readonly post: (message: FromCore) => void
  /** Calls back as soon as waiting messages were read. */
  readonly later: (work: () => void) => void
  /** Milliseconds, for pacing only: no result depends on it. */
  readonly now: () => number
}

export class Desk {
  readonly #out: Outside
  readonly #environment = ground()
  #session: Session | undefined
  #life: Life | undefined
  #isRunning = false
  #isScheduled = false
  #until = 0
  #frameMs = 1000 / FRAMES_PER_SECOND
  #framedEpoch = 0
  #framedAt = 0
  #incomeAt = 0

  constructor(out: Outside) {
    this.#out = out
  }

  take(message: ToCore): void {
    const { id } = message
    try {
      this.#out.post({ re: id, answer: this.#answer(message) })
    } catch (error) {
      this.#out.post({ re: id, problem: sayError(error) })
    }
  }

  #answer(m: ToCore): Requests[ToCore["do"]]["answer"] {
    if (m.do === "catalogue") return catalogue()
    if (m.do === "start") return this.#start(m.ask.scenario, m.ask.chained !== false).about()
    if (m.do === "fold") {
      const session = this.#start(m.ask.scenario, false)
      session.finish()
      return this.#frame(session, true)
    }
    const session = this.#session ?? refuse("nothing is running: start a scenario first")
    switch (m.do) {
      case "step":
        session.tick()
        return this.#frame(session, true)
      case "run":
        this.#until = Math.min(m.ask.until ?? session.epochs, session.epochs)
        this.#frameMs = 1000 / (m.ask.framesPerSecond ?? FRAMES_PER_SECOND)
        this.#isRunning = true
        this.#framedEpoch = session.epoch
        this.#schedule()
        return {}
      case "pause":
        this.#isRunning = false
        return { epoch: session.epoch }
      case "finish":
        this.#isRunning = false
        this.#framedEpoch = session.epoch
        session.finish()
        return this.#frame(session, true)
      case "scrub": {
        this.#rest()
        session.scrub(m.ask.epoch)
        this.#framedEpoch = Math.max(0, session.epoch - 1)
        return this.#frame(session, true)
      }
      case "fork":
        this.#rest()
        this.#session = session.fork(m.ask.changes)
        this.#framedEpoch = this.#session.epoch
        return { scenario: this.#session.scenario, about: this.#session.about() }
      case "measure":
        return session.measure(m.ask.network, m.ask.measure)
      case "hashes":
        return session.hashes()
      case "life":
        this.#life = new Life(session, m.ask.network, m.ask.node)
        this.#schedule()
        return {}
      case "stopLife":
        this.#life = undefined
        return {}
    }
  }

  #start(scenario: unknown, isChained: boolean): Session {
    this.#rest()
    const session = new Session(scenario, {
      environment: this.#environment,
      ...(isChained ? {} : { chained: false, hasSnapshots: false }),
    })
    this.#session = session
    this.#framedEpoch = 0
    // The first picture of a run is whole, and comes at once.
    this.#framedAt = this.#incomeAt = -Infinity
    return session
  }

  #rest(): void {
    this.#isRunning = false
    this.#life = undefined
  }

  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    this.#out.later(() => {
      this.#isScheduled = false
      try {
        this.#work()
      } catch (error) {
        this.#rest()
        this.#out.post({ push: "problem", problem: sayError(error) })
      }
      if (this.#isRunning || this.#life !== undefined) this.#schedule()
    })
  }

  #work(): void {
    const session = this.#session!
    const began = this.#out.now()
    while (this.#isRunning) {
      if (session.epoch >= this.#until || session.done) this.#isRunning = false
      else session.tick()
      const now = this.#out.now()
      if (!this.#isRunning || now - this.#framedAt >= this.#frameMs) {
        const withIncome = !this.#isRunning || now - this.#incomeAt >= INCOME_EVERY_MS
        if (withIncome) this.#incomeAt = now
        this.#framedAt = now
        this.#out.post({ push: "frame", frame: this.#frame(session, withIncome) })
      }
      if (now - began >= SLICE_MS) return
    }
    while (this.#life !== undefined) {
      const part = this.#life.next()
      if (part !== undefined) {
        if (part.done) this.#life = undefined
        this.#out.post({ push: "life", part })
      }
      if (this.#out.now() - began >= SLICE_MS) return
    }
  }

  #frame(session: Session, withIncome: boolean) {
    const frame = session.frame(this.#framedEpoch, withIncome)
    this.#framedEpoch = frame.epoch
    return frame
  }
}

/** One sentence, whatever went wrong. */
export const sayError = (error: unknown): string =>
  error instanceof ScenarioProblem
    ? error.message
    : error instanceof BrokenPromise
      ? `A promise of the network was broken, which is a fault of ours: ${error.broken[0]}.`
      : error instanceof RangeError && /allocation|Array buffer|Invalid typed array length/i.test(error.message)
        ? "This browser has no memory left for a run of that size: choose fewer nodes."
        : `The core stopped, which is a fault of ours: ${error instanceof Error ? error.message : String(error)}`
