/**
 * The agent an operator runs. Each round reads where the chain stands and does the next thing that is due; what it remembers is on
 * the chain and on its disk, so that kill -9, a reboot or a sleep are all the same to it as a long round.
 */
import { statfsSync } from "node:fs"
import { join } from "node:path"
import { RecordProblem } from "../../protocol/boundary/durable.ts"
import type { Ask, Live } from "../../protocol/kernel/live.ts"
import { networkOf } from "../../protocol/networks/index.ts"
import { hexOf, signCommand, type KeyPair } from "../ledger/command.ts"
import type { Result } from "../ledger/ledger.ts"
import type { Account, Status } from "../ledger/reading.ts"
import { doorRefusals } from "../ledger/refusals.ts"
import { GatewayClient, pauseAfter, Unreachable } from "./client.ts"
import type { Config, Home } from "./home.ts"
import { SectorStore } from "./sectors.ts"

const ROUND_MS = 400
/** Wall seconds that a command is good for. */
const GOOD_FOR_S = 60
const ANNOUNCE_MAX = 4
const STORY_MAX = 200
/** Income is told at most so often. */
const INCOME_MS = 5000
/** A disk fuller than this makes an agent say so before it fails. */
const FREE_BYTES_MIN = 64 * 1024 * 1024

export interface AgentOptions {
  readonly home: Home
  readonly config: Config
  /** A line for the terminal and the page. */
  readonly say: (line: string) => void
  readonly signal?: AbortSignal
  /** True: end every sector, close the account and go. */
  readonly leave?: boolean
  readonly roundMs?: number
  /** Sectors sealed and announced together; fewer lie in more deadlines. */
  readonly announceMax?: number
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
  readonly story: readonly string[]
  /** Milliseconds from the start to the first income; undefined before it. */
  readonly firstRewardMs: number | undefined
}

export class Agent {
  readonly #options: AgentOptions
  readonly #key: KeyPair
  readonly #keyHex: string
  readonly #client: GatewayClient
  readonly #began = performance.now()
  readonly #story: string[] = []
  #config: Config
  #nonce = 0
  #status: Status | undefined
  #account: Account | undefined
  #trouble: string | undefined
  /** What was told last. */
  #earned: { readonly earned: number; readonly wins: number; readonly at: number } | undefined
  #firstRewardMs: number | undefined
  #provenWindow = 0
  #blockS = 0
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
      firstRewardMs: this.#firstRewardMs,
    }
  }

  /** Runs until it is told to stop, or has left. Throws a RecordProblem for what only the operator can mend. */
  async run(): Promise<"stopped" | "left"> {
    const { signal } = this.#options
    while (signal?.aborted !== true) {
      let pause = this.#options.roundMs ?? ROUND_MS
      try {
        if (await this.#round()) return "left"
        this.#trouble = undefined
      } catch (error) {
        if (error instanceof Unreachable) {
          pause = pauseAfter(this.#client.failures, Math.random())
          this.#tell(`no gateway answers: ${error.message}; trying again in ${(pause / 1000).toFixed(1)} s`, true)
        } else if (error instanceof RecordProblem && /disk is full/u.test(error.message)) {
          pause = 5000
          this.#tell(`${error.message}; proofs of what is stored go on`, true)
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
    const live = networkOf(status.network)?.live
    if (live?.storage === undefined)
      throw new RecordProblem(
        `the chain ${status.chain} runs ${status.network}, which has no storage role: choose another gateway`,
      )
    const account = await this.#client.account(this.#keyHex)
    this.#account = account
    if (account === undefined) {
      if (this.#options.leave === true) return true
      const [opened] = await this.#submit("gate", { type: "OpenAccount", row: {} })
      if (this.#took(opened, "joining"))
        this.#tell(`joined ${status.chain}; the faucet gave ${fil(status.grantAtto)} FIL of test stake`)
      return false
    }
    if (account.closed) {
      if (this.#options.leave === true) return true
      throw new RecordProblem("this key has left the chain for good: join with another --home, which makes a new key")
    }
    this.#watchIncome(account, live)
    return this.#options.leave === true ? this.#leave(account, live) : this.#serve(account, status, live)
  }

  /** A gateway of another chain is told, not followed. */
  #hold(status: Status): void {
    if (this.#config.chain === undefined) {
      this.#config = { ...this.#config, chain: status.chain }
      this.#options.home.saveConfig(this.#config)
    } else if (this.#config.chain !== status.chain)
      throw new RecordProblem(
        `the gateway ${this.#client.gateway} serves the chain ${status.chain}, and this node joined ${this.#config.chain}: mend gateways in ${this.#options.home.configPath}, or use another --home`,
      )
  }

  async #serve(account: Account, status: Status, live: Live): Promise<false> {
    const { asks } = live.storage!
    const view = account.storage!
    const { node } = account
    if (!view.joined) {
      const stake = BigInt(account.grantedAtto) - BigInt(account.spentAtto)
      const [made] = await this.#submit(status.network, asks.join(node, status.time, stake))
      if (this.#took(made, "registering"))
        this.#tell(`node ${node} is registered, with ${fil(String(stake))} FIL of test stake behind it`)
      return false
    }
    if (view.wonS > 0 && view.wonS !== this.#blockS) {
      const [block] = await this.#submit(status.network, asks.block(node, view.wonS))
      if (this.#took(block, "making the block it won")) this.#blockS = view.wonS
    }
    const store = this.#store(status)
    const window = Math.floor(status.time / status.windowSeconds)
    if (view.due > 0 && this.#provenWindow !== window) await this.#prove(account, status, live, store, window)
    for (const deadline of view.recoverable) {
      const mine = account.sectors.filter((s) => s.status === "sealed" && s.deadline === deadline)
      if (!mine.every((s) => store.isWhole(s.number, Buffer.from(s.commR, "hex")))) {
        this.#tell(`deadline ${deadline} stays faulty: its bytes on this disk are damaged or gone`, true)
        continue
      }
      const [declared] = await this.#submit(status.network, asks.recover(node, deadline))
      if (this.#took(declared, "declaring a recovery")) this.#tell(`deadline ${deadline} will be proven again at its next window`)
    }
    await this.#grow(account, status, live, store)
    return false
  }

  async #prove(account: Account, status: Status, live: Live, store: SectorStore, window: number): Promise<void> {
    const view = account.storage!
    const seed = await this.#client.seed(window)
    if (seed === undefined) return
    const mine = account.sectors.filter((s) => s.status === "sealed" && s.deadline === view.deadline)
    const parts: Uint8Array[] = []
    for (const { sector, number } of mine) {
      const proof = store.provePossession(number, seed)
      if (proof === undefined) {
        this.#tell(`sector ${number} cannot be proven: its bytes on this disk are damaged or gone`, true)
        continue
      }
      const head = Buffer.alloc(4)
      head.writeUInt32LE(sector)
      parts.push(head, proof)
    }
    const shown = parts.length / 2
    if (shown === 0) return
    const ask = live.storage!.asks.possess(account.node, view.deadline, Math.max(0, view.due - shown))
    const [proven] = await this.#submit(status.network, ask, Buffer.concat(parts))
    if (this.#took(proven, `proving deadline ${view.deadline}`)) {
      this.#provenWindow = window
      this.#tell(`deadline ${view.deadline} proven: ${shown} of ${mine.length} sectors are still here`)
    }
  }

  /** Seals towards the number of sectors that the config asks for: announced first, proven when the chain has drawn the seed. */
  async #grow(account: Account, status: Status, live: Live, store: SectorStore): Promise<void> {
    const announced = account.sectors.filter((s) => s.status === "announced")
    const { asks } = live.storage!
    if (announced.length > 0) {
      const window = Math.floor((announced[0].announcedS + status.sealDelaySeconds) / status.windowSeconds) + 1
      if (status.time < window * status.windowSeconds) return
      const seed = await this.#client.seed(window)
      if (seed === undefined) return
      const proof = Buffer.concat(announced.map(({ number }) => store.proveSeal(number, seed)))
      const [sealed] = await this.#submit(status.network, asks.seal(account.node), proof)
      if (sealed.reason === "too_late" || sealed.reason === "no_pre_commit") await this.#announce(account, status, live, store)
      else if (this.#took(sealed, "proving the seal"))
        this.#tell(`${announced.length} sealed sector(s) proven: power comes with the first window`)
      return
    }
    if (account.sectors.filter((s) => s.status === "sealed").length < this.#config.sectors)
      await this.#announce(account, status, live, store)
  }

  async #announce(account: Account, status: Status, live: Live, store: SectorStore): Promise<void> {
    const missing = this.#config.sectors - account.sectors.filter((s) => s.status === "sealed").length
    const count = Math.min(this.#options.announceMax ?? ANNOUNCE_MAX, missing)
    if (count <= 0) return
    this.#checkRoom(count * status.sectorBytes * 3)
    const first = account.sectors.length
    const evidence = Buffer.concat(
      Array.from({ length: count }, (_, k) => {
        const { commD, commC, commR } = store.seal(first + k)
        return Buffer.concat([commD, commC, commR])
      }),
    )
    const [told] = await this.#submit(status.network, live.storage!.asks.announce(account.node, count), evidence)
    if (this.#took(told, "announcing sectors"))
      this.#tell(`${count} sector(s) of ${status.sectorBytes / 1024} KiB sealed on this disk and announced`)
  }

  #checkRoom(bytes: number): void {
    const { bavail, bsize } = statfsSync(this.#options.home.dir)
    if (bavail * bsize < bytes + FREE_BYTES_MIN)
      throw new RecordProblem(
        `the disk is full: ${this.#options.home.dir} has ${Math.floor((bavail * bsize) / 2 ** 20)} MiB left, no room for another sector`,
      )
  }

  async #leave(account: Account, live: Live): Promise<boolean> {
    const view = account.storage!
    const { asks } = live.storage!
    for (const deadline of view.endable) {
      const [ended] = await this.#submit(this.#status!.network, asks.end(account.node, deadline))
      if (this.#took(ended, `ending deadline ${deadline}`)) this.#tell(`the sectors of deadline ${deadline} are given up`)
    }
    if (view.held.length > 0) {
      if (view.endable.length === 0) this.#tell(`deadline ${view.held.join(", ")} may be ended after its window: waiting`)
      return false
    }
    const [closed] = await this.#submit("gate", { type: "CloseAccount", row: {} })
    if (!this.#took(closed, "closing the account")) return false
    const store = this.#store(this.#status!)
    for (const { number } of account.sectors) store.drop(number)
    this.#tell("left the chain: the account is closed and the sectors are removed from this disk")
    return true
  }

  #store(status: Status): SectorStore {
    return new SectorStore(join(this.#options.home.dir, "sectors"), this.#key.publicKey, status.sectorBytes)
  }

  async #submit(network: string, { type, row }: Ask, evidence?: Uint8Array): Promise<readonly Result[]> {
    const { chain, time, speed, expirySecondsMax } = this.#status!
    this.#nonce = Math.max(this.#nonce, this.#account?.nonce ?? 0) + 1
    const nonce = this.#nonce
    const expiryS = time + Math.min(expirySecondsMax, GOOD_FOR_S * speed)
    const results = await this.#client.submit(signCommand(this.#key, { chain, expiryS, network, nonce, type, row }, evidence))
    const [{ reason, height, appHash }] = results
    this.#options.onAnswer?.({ nonce, type, reason, height, appHash })
    return results
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

  #watchIncome({ measures }: Account, live: Live): void {
    const earned = measures[live.income] ?? 0
    const wins = measures.wins ?? 0
    const now = performance.now()
    if (this.#earned === undefined) this.#earned = { earned, wins, at: -Infinity }
    else if (earned > this.#earned.earned && now - this.#earned.at >= INCOME_MS) {
      this.#firstRewardMs ??= now - this.#began
      const more = ((earned - this.#earned.earned) / 1e6).toFixed(3)
      this.#tell(
        `earned ${more} FIL, ${(earned / 1e6).toFixed(3)} in all: ${wins - this.#earned.wins} wins, in proportion to ${measures.qaGib ?? 0} GiB of proven power, and their blocks made in time`,
      )
      this.#earned = { earned, wins, at: now }
    }
  }

  #tell(line: string, isTrouble = false): void {
    if (isTrouble) this.#trouble = line
    // The same trouble every round is one line.
    if (line === this.#said) return
    this.#said = line
    this.#story.unshift(line)
    this.#story.length = Math.min(this.#story.length, STORY_MAX)
    this.#options.say(line)
  }
}

export const fil = (atto: string): string => (BigInt(atto) / 10n ** 18n).toLocaleString("en-GB")

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
