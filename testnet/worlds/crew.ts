/** The real nodes of a scenario: one process each, started, signalled, cut off and robbed of bytes as the orders say. */
import { spawn, type ChildProcess } from "node:child_process"
import { randomFillSync } from "node:crypto"
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, writeFileSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Link } from "./link.ts"
import type { Order } from "./orders.ts"

const GOOD = fileURLToPath(new URL("../node/light.ts", import.meta.url))
const BAD = fileURLToPath(new URL("./bad-version.ts", import.meta.url))
/** A supervisor starts a version that ended again after so long. */
const AGAIN_MS = 1000

interface Member {
  child: ChildProcess | undefined
  version: "good" | "bad"
  /** What it should be doing: a supervisor sees to it. */
  wanted: boolean
  stopped: boolean
}

export class Crew {
  readonly #dir: string
  readonly #link: Link
  readonly #sectors: number
  readonly #roundMs: number
  readonly #all: Member[] = []
  /** Processes that ended by themselves, for the report. */
  crashes = 0

  constructor(dir: string, link: Link, options: { readonly sectors: number; readonly roundMs: number }) {
    this.#dir = dir
    this.#link = link
    this.#sectors = options.sectors
    this.#roundMs = options.roundMs
  }

  homeOf(node: number): string {
    return join(this.#dir, "nodes", String(node))
  }
  get running(): number {
    return this.#all.filter((m) => m.child !== undefined && !m.stopped && m.version === "good").length
  }
  get pids(): readonly number[] {
    return this.#all.flatMap((m) => (m.child?.pid === undefined ? [] : [m.child.pid]))
  }

  /** Starts the process of the next node, and gives its index. */
  hire(): number {
    const node = this.#all.length
    this.#all.push({ child: undefined, version: "good", wanted: true, stopped: false })
    this.#start(node)
    return node
  }

  obey({ node, act, permille = 1000 }: Order): void {
    const member = this.#all[node]
    if (act === "kill") {
      member.wanted = false
      member.child?.kill("SIGKILL")
    } else if (act === "push") {
      member.version = "bad"
      // An update ends the old version and starts the new one: the supervisor does the second.
      member.child?.kill("SIGKILL")
    } else if (act === "pause") {
      member.stopped = true
      member.child?.kill("SIGSTOP")
    } else if (act === "start") this.#bringBack(node)
    else if (act === "cut") this.#link.pass(node, 0)
    else if (act === "mend") this.#link.pass(node, 1000)
    else if (act === "slow") this.#link.pass(node, permille)
    else this.#spoil(node, permille)
  }

  /** Ends every process, by signal; resolves when they are gone. */
  async close(): Promise<void> {
    const children = this.#all.flatMap((member) => {
      member.wanted = false
      return member.child === undefined ? [] : [member.child]
    })
    await Promise.all(
      children.map(
        (child) =>
          new Promise<void>((done) => {
            child.once("close", () => done())
            child.kill("SIGKILL")
          }),
      ),
    )
  }

  #bringBack(node: number): void {
    const member = this.#all[node]
    member.wanted = true
    if (member.stopped) {
      member.stopped = false
      member.child?.kill("SIGCONT")
    }
    if (member.version === "bad") {
      member.version = "good"
      member.child?.kill("SIGKILL")
    } else if (member.child === undefined) this.#start(node)
  }

  #start(node: number): void {
    const member = this.#all[node]
    const home = this.homeOf(node)
    mkdirSync(home, { recursive: true, mode: 0o700 })
    const out = openSync(join(home, "agent.log"), "a", 0o600)
    const program = member.version === "good" ? GOOD : BAD
    const args = [home, String(this.#sectors), String(this.#roundMs), this.#link.urlOf(node)]
    const line = [...this.#link.prefix(node), process.execPath, "--max-semi-space-size=1", program, ...args]
    // What one process compiled, the next need not: a start takes long on a clock that runs fast.
    const env = { ...process.env, NODE_COMPILE_CACHE: join(this.#dir, "compiled") }
    const child = spawn(line[0], line.slice(1), { stdio: ["ignore", out, out], env })
    closeSync(out)
    member.child = child
    child.once("close", (code) => {
      if (member.child !== child) return
      member.child = undefined
      if (!member.wanted) return
      if (code !== null && code !== 0) this.crashes++
      setTimeout(() => {
        if (member.wanted && member.child === undefined) this.#start(node)
      }, AGAIN_MS)
    })
  }

  /** Overwrites the replicas of that share of the node's sectors with random bytes. */
  #spoil(node: number, permille: number): void {
    const folder = join(this.homeOf(node), "sectors")
    const replicas = existsSync(folder) ? readdirSync(folder).filter((f) => f.endsWith(".replica")) : []
    for (const name of replicas.toSorted().slice(0, Math.ceil((replicas.length * permille) / 1000))) {
      const path = join(folder, name)
      writeFileSync(path, randomFillSync(Buffer.alloc(readFileSync(path).length)))
    }
  }
}
