/**
 * The agent an operator runs. Each round reads where the chain stands and does the next thing that is due; what it remembers is on
 * the chain and on its disk, so that kill -9, a reboot or a sleep are all the same to it as a long round.
 */
import { RecordProblem } from "../../protocol/boundary/durable.ts"
import type { Ask, Live } from "../../protocol/kernel/live.ts"
import { networkOf } from "../../protocol/networks/index.ts"
import { hexOf, signCommand, type KeyPair } from "../ledger/command.ts"
import type { Result } from "../ledger/ledger.ts"
import type { Account, Status } from "../ledger/reading.ts"
import { doorRefusals } from "../ledger/refusals.ts"
import { GatewayClient, pauseAfter, Unreachable } from "./client.ts"
import { coins, earnings } from "./coins.ts"
import { ROLES, type Config, type Home, type Role } from "./home.ts"
import { CoverageRole } from "./role-coverage.ts"
import { LeaseRole } from "./role-lease.ts"
import { RenderRole } from "./role-render.ts"
import { StorageRole } from "./role-storage.ts"
import type { Bench, RoleWork } from "./role.ts"

const ROUND_MS = 400
/** Wall seconds that a command is good for. */
const GOOD_FOR_S = 60
const STORY_MAX = 200
/** Income is told at most so often. */
const INCOME_MS = 5000

const MAKE: Readonly<Record<Role, (options: AgentOptions) => RoleWork>> = {
  storage: ({ announceMax }) => new StorageRole(announceMax),
  coverage: () => new CoverageRole(),
  render: () => new RenderRole(),
  lease: () => new LeaseRole(),
}

export interface AgentOptions {
  readonly home: Home
  readonly config: Config
  /** A line for the terminal and the page. */
  readonly say: (line: string) => void
  readonly signal?: AbortSignal
  /** True: end every sector, close the account and go. */
  readonly leave?: boolean
  readonly roundMs?: number
  /** Storage: sectors sealed and announced together; fewer lie in more deadlines. */
  readonly announceMax?: number
  /** In place of the role's own software: for tests of nodes that cheat. */
  readonly work?: RoleWork
  /** Hears of every command that was answered. */
  readonly onAnswer?: (told: {
    readonly nonce: number
    readonly type: string
    readonly reason: string
    readonly height: number
    readonly appHash: string
  }) => void
}

/** What the node knows of itself, for its page. */
export interface Standing {
  readonly key: string
  readonly gateway: string
  readonly status: Status | undefined
  readonly account: Account | undefined
  readonly trouble: string | undefined
  /** What it did, newest first, and when: Unix milliseconds of this computer's clock. */
  readonly story: readonly { readonly atMs: number; readonly line: string }[]
  /** What the role has to show, as labels and values. */
  readonly figures: readonly (readonly [string, string])[]
  /** Milliseconds from the start to the first income; undefined before it. */
  readonly firstRewardMs: number | undefined
}

export class Agent {
  readonly #options: AgentOptions
  readonly #key: KeyPair
  readonly #keyHex: string
  readonly #client: GatewayClient
  readonly #began = performance.now()
  readonly #story: { atMs: number; line: string }[] = []
  #config: Config
  #nonce = 0
  #status: Status | undefined
  #account: Account | undefined
  #trouble: string | undefined
  /** What was told last. */
  #earned: { readonly earned: number; readonly measures: Account["measures"]; readonly at: number } | undefined
  #firstRewardMs: number | undefined
  #work: RoleWork | undefined
  #said = ""

  constructor(options: AgentOptions) {
    this.#options = options
    this.#config = options.config
    this.#key = options.home.key()
    this.#keyHex = hexOf(this.#key.publicKey)
    this.#client = new GatewayClient(options.config.gateways)
  }

  standing(): Standing {
    return {
      key: this.#keyHex,
      gateway: this.#client.gateway,
      status: this.#status,
      account: this.#account,
      trouble: this.#trouble,
      story: this.#story,
      figures: this.#account === undefined ? [] : (this.#work?.figures(this.#account) ?? []),
      firstRewardMs: this.#firstRewardMs,
    }
  }

  /** Runs until it is told to stop, or has left. Throws a RecordProblem for what only the operator can mend. */
  async run(): Promise<"stopped" | "left"> {
    try {
      return await this.#rounds()
    } finally {
      this.#work?.stop?.()
    }
  }

  async #rounds(): Promise<"stopped" | "left"> {
    const { signal } = this.#options
    while (signal?.aborted !== true) {
      let pause = this.#options.roundMs ?? ROUND_MS
      try {
        this.#trouble = undefined
        if (await this.#round()) return "left"
      } catch (error) {
        if (error instanceof Unreachable) {
          pause = pauseAfter(this.#client.failures, Math.random())
          this.#tell(`no gateway answers: ${error.message}; trying again in ${(pause / 1000).toFixed(1)} s`, true)
        } else if (error instanceof RecordProblem && /disk is full/u.test(error.message)) {
          pause = 5000
          this.#tell(`${error.message}; what it has goes on`, true)
        } else throw error
      }
      await sleep(pause, signal)
    }
    return "stopped"
  }

  /** One round. True once the node has left. */
  async #round(): Promise<boolean> {
    const status = await this.#client.status()
    this.#status = status
    this.#hold(status)
    const live = networkOf(status.network)?.live as Live
    const work = this.#roleFor(status, live)
    if (this.#options.leave !== true) work.ready?.(this.#config)
    const account = await this.#client.account(this.#keyHex)
    this.#account = account
    if (account === undefined) {
      if (this.#options.leave === true) return true
      const opened = await this.#submit("gate", { type: "OpenAccount", row: {} })
      if (this.#took(opened, "joining"))
        this.#tell(`joined ${status.chain}; the faucet gave ${coins(status, status.grantAtto)} of test stake`)
      return false
    }
    if (account.closed) {
      if (this.#options.leave === true) return true
      throw new RecordProblem("this key has left the chain for good: join with another --home, which makes a new key")
    }
    this.#watchIncome(account, live)
    const bench = this.#bench(status, account, live)
    return this.#options.leave === true ? this.#leave(bench) : this.#serve(bench)
  }

  /** A gateway of another chain is told, not followed. */
  #hold(status: Status): void {
    if (this.#config.chain === undefined) {
      this.#remember({ chain: status.chain })
    } else if (this.#config.chain !== status.chain)
      throw new RecordProblem(
        `the gateway ${this.#client.gateway} serves the chain ${status.chain}, and this node joined ${this.#config.chain}: mend gateways in ${this.#options.home.configPath}, or use another --home`,
      )
  }

  async #serve(bench: Bench): Promise<false> {
    await this.#listen(bench)
    await this.#work!.serve(bench)
    return false
  }

  /** The role that this chain has and this node takes. */
  #roleFor(status: Status, live: Live | undefined): RoleWork {
    if (this.#work !== undefined) return this.#work
    const role = ROLES.find((r) => live !== undefined && Object.hasOwn(live, r))
    if (role === undefined)
      throw new RecordProblem(
        `the chain ${status.chain} runs ${status.network}, which has no role for real nodes: choose another gateway`,
      )
    if (!this.#config.roles.includes(role))
      throw new RecordProblem(
        `the chain ${status.chain} runs ${status.network}, where nodes do ${role}; this one is told to do ${this.#config.roles.join(", ")}: join with --role ${role}, or another gateway`,
      )
    this.#work = this.#options.work ?? MAKE[role](this.#options)
    return this.#work
  }

  /** Tells the chain where this node listens, when its role does and the chain does not know it yet. */
  async #listen(bench: Bench): Promise<void> {
    const { account } = bench
    const ports = await this.#work!.listen?.(bench)
    if (ports === undefined) return
    const ip = this.#config.address ?? "127.0.0.1"
    const { endpoint } = account
    if (endpoint.ip === ip && endpoint.httpPort === ports.httpPort && endpoint.udpPort === ports.udpPort) return
    const ip4 = ip.split(".").reduce((sum, part) => sum * 256 + Number(part), 0)
    const told = await bench.submit("gate", { type: "SetEndpoint", row: { ip4, ...ports } })
    if (bench.took(told, "telling where it listens"))
      this.#tell(
        `listens at ${ip}, ${[ports.httpPort > 0 ? `HTTP ${ports.httpPort}` : "", ports.udpPort > 0 ? `UDP ${ports.udpPort}` : ""].filter((t) => t !== "").join(", ")}`,
      )
  }

  async #leave(bench: Bench): Promise<boolean> {
    const work = this.#work!
    if (!(await work.leave(bench))) return false
    const closed = await bench.submit("gate", { type: "CloseAccount", row: {} })
    if (!this.#took(closed, "closing the account")) return false
    work.clear(bench)
    this.#tell("left the chain: the account is closed and what it kept for it is removed from this disk")
    return true
  }

  #bench(status: Status, account: Account, live: Live): Bench {
    return {
      home: this.#options.home,
      config: this.#config,
      key: this.#key,
      client: this.#client,
      status,
      account,
      live,
      submit: (network, ask, evidence) => this.#submit(network, ask, evidence),
      took: (result, doing) => this.#took(result, doing),
      tell: (line, isTrouble) => this.#tell(line, isTrouble),
      remember: (changes) => this.#remember(changes),
    }
  }

  #remember(changes: Partial<Config>): void {
    this.#config = { ...this.#config, ...changes }
    this.#options.home.saveConfig(this.#config)
  }

  async #submit(network: string, { type, row }: Ask, evidence?: Uint8Array): Promise<Result> {
    const { chain, time, speed, expirySecondsMax } = this.#status!
    this.#nonce = Math.max(this.#nonce, this.#account?.nonce ?? 0) + 1
    const expiryS = time + Math.min(expirySecondsMax, GOOD_FOR_S * speed)
    const nonce = this.#nonce
    const body = { chain, expiryS, network, nonce, type, row }
    const [result] = await this.#client.submit(signCommand(this.#key, body, evidence))
    const { reason, height, appHash } = result
    this.#options.onAnswer?.({ nonce, type, reason, height, appHash })
    return result
  }

  /** True where it was taken up. A refusal is told once, in words, with its name. */
  #took({ reason }: Result, doing: string): boolean {
    // Taken up before, and the answer was lost on the way.
    if (reason === "" || reason === "replayed") return reason === ""
    const network = networkOf(this.#status!.network)
    const words = (doorRefusals as Record<string, string>)[reason] ?? network?.refusals[reason] ?? "no reason was given"
    this.#tell(`${doing} was refused: ${reason}. ${words}`, true)
    return false
  }

  #watchIncome(account: Account, live: Live): void {
    const { measures } = account
    const earned = measures[live.income] ?? 0
    const now = performance.now()
    if (this.#earned === undefined) this.#earned = { earned, measures, at: -Infinity }
    else if (earned > this.#earned.earned && now - this.#earned.at >= INCOME_MS) {
      this.#firstRewardMs ??= now - this.#began
      const status = this.#status!
      this.#tell(
        `earned ${earnings(status, earned - this.#earned.earned)}, ${earnings(status, earned)} in all: ${this.#work!.why(account, this.#earned.measures)}`,
      )
      this.#earned = { earned, measures, at: now }
    }
  }

  #tell(line: string, isTrouble = false): void {
    if (isTrouble) this.#trouble = line
    // The same trouble every round is one line.
    if (line === this.#said) return
    this.#said = line
    this.#story.unshift({ atMs: Date.now(), line })
    this.#story.length = Math.min(this.#story.length, STORY_MAX)
    this.#options.say(line)
  }
}

const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((done) => {
    const timer = setTimeout(done, ms)
    signal?.addEventListener(
      "abort",
      () => {
        clearTimeout(timer)
        done()
      },
      { once: true },
    )
  })
