/** The processes of the demonstration: one central proxy and the nodes, each started, killed and configured as a whole process. */
import { spawn, type ChildProcess } from "node:child_process"
import { randomBytes } from "node:crypto"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { FILES } from "./site.ts"

const HOST = fileURLToPath(new URL("./host.ts", import.meta.url))
/** For an order to a host; a dead one refuses at once. */
const TIMEOUT_MS = 5000
export const REGIONS = ["north", "east", "south", "west"] as const
export type Region = (typeof REGIONS)[number]

export const GOOD = { features: Array.from({ length: 60 }, (_, i) => `feature ${i}`) }
/** Every row came twice, and twice again: more than the loader has room for. */
export const BAD = { features: Array.from({ length: 240 }, (_, i) => `feature ${i % 60}`) }

/** One process, dead or alive. */
export class Host {
  readonly name: string
  readonly region: Region
  readonly #folder: string
  readonly #token: string
  #child: ChildProcess | undefined
  port = 0
  /** What it was told last: a host that took the bad configuration answers 500. */
  config: "good" | "bad" = "good"

  constructor(name: string, region: Region, folder: string, token: string) {
    this.name = name
    this.region = region
    this.#folder = folder
    this.#token = token
  }

  get isRunning(): boolean {
    return this.#child !== undefined
  }
  get pid(): number | undefined {
    return this.#child?.pid
  }
  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** Starts the process, with a sound configuration; resolves when it listens, or when it was killed before it did. */
  async start(): Promise<void> {
    if (this.#child !== undefined) return
    mkdirSync(this.#folder, { recursive: true })
    writeFileSync(join(this.#folder, "config.json"), JSON.stringify(GOOD))
    this.config = "good"
    const child = spawn(process.execPath, ["--max-old-space-size=32", "--max-semi-space-size=1", HOST, this.#folder], {
      stdio: ["pipe", "pipe", "ignore"],
      env: { PATH: process.env.PATH ?? "", BLACKSTART_DEMO_TOKEN: this.#token },
    })
    this.#child = child
    child.once("exit", () => {
      if (this.#child === child) this.#child = undefined
    })
    const port = await new Promise<number>((done) => {
      child.stdout.on("data", (chunk: Buffer) => {
        const found = /port (\d+)/u.exec(chunk.toString())
        if (found !== null) done(Number(found[1]))
      })
      child.once("exit", () => done(0))
    })
    if (port > 0) this.port = port
  }

  /** SIGKILL: no goodbye. Resolves when the process is gone. */
  async kill(): Promise<void> {
    const child = this.#child
    if (child === undefined) return
    const gone = new Promise<void>((done) => void child.once("exit", () => done()))
    child.kill("SIGKILL")
    await gone
  }

  /** Sends an order to the process; the answer's text, or undefined where it refuses or is not there. */
  async order(method: "GET" | "PUT" | "DELETE", path: string, body?: string): Promise<string | undefined> {
    if (this.#child === undefined) return undefined
    try {
      const answer = await fetch(`${this.url}/_/${path}`, {
        method,
        headers: { "x-token": this.#token },
        ...(body === undefined ? {} : { body }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      const text = await answer.text()
      return answer.ok ? text : undefined
    } catch {
      return undefined
    }
  }

  giveSite = async (): Promise<boolean> => (await this.order("PUT", "site", JSON.stringify(FILES))) !== undefined

  async configure(config: "good" | "bad"): Promise<void> {
    if ((await this.order("PUT", "config", JSON.stringify(config === "good" ? GOOD : BAD))) !== undefined) this.config = config
  }
}

export class Fleet {
  readonly proxy: Host
  readonly nodes: readonly Host[]

  constructor(dir: string, nodes: number) {
    const token = randomBytes(16).toString("hex")
    // The proxy stands somewhere too: in the east.
    this.proxy = new Host("proxy", "east", join(dir, "proxy"), token)
    this.nodes = Array.from(
      { length: nodes },
      (_, i) => new Host(`node ${i}`, REGIONS[Math.floor((i * REGIONS.length) / nodes)], join(dir, `node-${i}`), token),
    )
  }

  /** Starts whatever is down, a few at a time. */
  async startAll(): Promise<void> {
    const waiting = [this.proxy, ...this.nodes].filter((h) => !h.isRunning)
    const lane = async (): Promise<void> => {
      for (let host = waiting.shift(); host !== undefined; host = waiting.shift()) await host.start()
    }
    await Promise.all([lane(), lane(), lane()])
    await this.proxy.giveSite()
  }

  close = async (): Promise<void> => void (await Promise.all([this.proxy, ...this.nodes].map((h) => h.kill())))
}
