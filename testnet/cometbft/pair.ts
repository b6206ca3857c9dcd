/**
 * A validator as it runs: our application and the engine, two processes that live and die as one. The engine kills itself when the
 * application is gone; the application goes down when the engine hangs up, because what it had finalised and not committed must be
 * forgotten. Whichever ends first, both are started again, after a pause that doubles while it does not help.
 */
import { spawn, type ChildProcess } from "node:child_process"
import { closeSync, mkdirSync, openSync } from "node:fs"
import { dirname } from "node:path"
import { fileURLToPath } from "node:url"
import type { ValidatorHome } from "./layout.ts"

const PROGRAM = fileURLToPath(new URL("application-process.ts", import.meta.url))
const PAUSE_MS = 250
const PAUSE_MS_MAX = 4000
/** A pair that lived this long was well: the next pause is short again. */
const WELL_MS = 20_000
const STOP_MS = 5000

export interface PairOptions {
  readonly name: string
  readonly home: ValidatorHome
  /** Path of the engine's program. */
  readonly engine: string
  /** Puts a command where the validator lives: into a namespace, or nowhere. */
  readonly place?: (command: readonly string[]) => readonly string[]
  readonly tell?: (sentence: string) => void
}

export class Pair {
  /** The engine's program and variables of the next start: an upgrade, or a clock that is off. */
  engine: string
  env: Readonly<Record<string, string>> = {}
  readonly #options: PairOptions
  #app: ChildProcess | undefined
  #node: ChildProcess | undefined
  #wanted = false
  #running: Promise<void> | undefined
  #wake: (() => void) | undefined
  /** Times that the pair was started again by itself. */
  restarts = 0

  constructor(options: PairOptions) {
    this.#options = options
    this.engine = options.engine
  }

  get name(): string {
    return this.#options.name
  }
  get pids(): readonly number[] {
    return [this.#node, this.#app].flatMap((c) => (c?.pid !== undefined && isUp(c) ? [c.pid] : []))
  }
  get isUp(): boolean {
    return this.pids.length === 2
  }

  start(): void {
    if (this.#wanted) return
    this.#wanted = true
    this.#running = this.#live()
  }

  /** Asks both to stop, and sees that they do. */
  async stop(): Promise<void> {
    this.#wanted = false
    this.#wake?.()
    // The engine first: it closes its stores, and the application goes when it hangs up.
    const first = this.#node !== undefined && isUp(this.#node) ? this.#node : this.#app
    if (first !== undefined && isUp(first)) first.kill("SIGTERM")
    const last = setTimeout(() => this.signal("SIGKILL"), STOP_MS)
    await this.#running
    clearTimeout(last)
  }

  /** Sends a signal to both, by their pids. After SIGKILL the pair comes back by itself; stop it first where it should not. */
  signal(name: "SIGKILL" | "SIGSTOP" | "SIGCONT"): void {
    for (const child of [this.#node, this.#app]) if (child !== undefined && isUp(child)) child.kill(name)
  }

  async #live(): Promise<void> {
    let pause = PAUSE_MS
    while (this.#wanted) {
      const began = performance.now()
      const why = await this.#once()
      if (!this.#wanted) return
      this.restarts++
      pause = performance.now() - began > WELL_MS ? PAUSE_MS : Math.min(2 * pause, PAUSE_MS_MAX)
      this.#options.tell?.(`${this.name}: ${why}; both are started again in ${pause} ms`)
      await new Promise<void>((done) => {
        this.#wake = done
        setTimeout(done, pause)
      })
    }
  }

  /** One life of both. Returns what ended it. */
  async #once(): Promise<string> {
    const { home } = this.#options
    this.#app = this.#spawn([process.execPath, PROGRAM, home.config], home.appLog, true)
    const app = this.#app
    const ready = await new Promise<boolean>((done) => {
      app.once("message", () => done(true))
      app.once("close", () => done(false))
      app.once("error", () => done(false))
    })
    if (!ready) return `its application did not start, see ${home.appLog}`
    if (!this.#wanted) {
      app.kill("SIGTERM")
      await gone(app)
      return "stopped"
    }
    this.#node = this.#spawn([this.engine, "node", "--home", home.engine], home.engineLog, false)
    const node = this.#node
    const why = await Promise.race([gone(app, "its application ended"), gone(node, "its engine ended")])
    // When it is asked to stop, the engine goes first and takes the application with it.
    const both = Promise.all([gone(app), gone(node)])
    const last = setTimeout(
      () => {
        for (const child of [node, app]) if (isUp(child)) child.kill("SIGKILL")
      },
      this.#wanted ? 0 : STOP_MS,
    )
    await both
    clearTimeout(last)
    return why
  }

  #spawn(command: readonly string[], log: string, channel: boolean): ChildProcess {
    mkdirSync(dirname(log), { recursive: true })
    const out = openSync(log, "a", 0o600)
    const [program, ...rest] = this.#options.place?.(command) ?? command
    const child = spawn(program, rest, {
      stdio: channel ? ["ignore", out, out, "ipc"] : ["ignore", out, out],
      env: channel ? process.env : { ...process.env, ...this.env },
    })
    closeSync(out)
    child.on("error", () => {})
    return child
  }
}

const isUp = (child: ChildProcess): boolean => child.pid !== undefined && child.exitCode === null && child.signalCode === null
const gone = (child: ChildProcess, why = ""): Promise<string> =>
  isUp(child) ? new Promise((done) => child.once("exit", () => done(why))) : Promise.resolve(why)
