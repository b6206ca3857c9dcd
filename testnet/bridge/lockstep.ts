/**
 * Real providers' own software and a crowd, on a chain whose time is kept here: every round is finished before time goes on, so that a
 * busy computer misses no deadline and days pass as fast as they can be computed. For comparing incomes; it measures no speed.
 */
import { join } from "node:path"
import { hexOf, newKeyPair, type KeyPair } from "../ledger/command.ts"
import type { EmbeddedLedger } from "../ledger/embedded.ts"
import { readAccount, readSeed, readStatus } from "../ledger/reading.ts"
import { ask, openChain, type SmallChain } from "../ledger/small-chain.ts"
import { Home } from "../node/home.ts"
import { StorageRole } from "../node/role-storage.ts"
import type { Bench } from "../node/role.ts"
import { Crowd } from "./crowd.ts"
import type { Group } from "./twins.ts"

/** A round of the agent is at most three commands, one after the other: they fit a window of half an hour. */
const STEP_S = 300
/** Elections look up the power of 900 epochs of half a minute ago, and the half hour then was not over. */
const LOOKBACK_S = 900 * 30 + 1800
const SECTOR_GIB = 32

export interface LockstepOptions {
  readonly real: number
  /** Sectors of a real node and of its twin; and of the other simulated ones. */
  readonly sectors: number
  readonly othersSectors: number
  /** Folder for the real nodes' disks. */
  readonly homes: string
  readonly spreadWindows?: number
  readonly tell?: (sentence: string) => void
}

/** One real node: the agent's storage role, its sealed bytes on disk, its own key. */
class Real {
  readonly key: KeyPair = newKeyPair()
  readonly refused: Record<string, number> = {}
  readonly #role = new StorageRole()
  readonly #home: Home
  readonly #chain: SmallChain
  readonly #ledger: EmbeddedLedger
  readonly #sectors: number

  constructor(chain: SmallChain, ledger: EmbeddedLedger, home: string, sectors: number) {
    this.#chain = chain
    this.#ledger = ledger
    this.#home = new Home(home)
    this.#sectors = sectors
  }
  get account() {
    return readAccount(this.#ledger.application, hexOf(this.key.publicKey))!
  }
  submit(network: string, { type, row }: Parameters<Bench["submit"]>[1], evidence?: Uint8Array) {
    const expiryS = this.#ledger.info().time + 7200
    return this.#ledger.submit(ask(this.#chain, this.key, type, row, { network, evidence, expiryS }))
  }
  serve(): Promise<void> {
    const { application } = this.#ledger
    const seed = async (window: number) => {
      const found = readSeed(application, window)
      return found === undefined ? undefined : new Uint8Array(Buffer.from(found, "hex"))
    }
    return this.#role.serve({
      home: this.#home,
      config: { gateways: [], roles: ["storage"], sectors: this.#sectors, pagePort: 0 },
      key: this.key,
      // Of a gateway the role only asks for seeds.
      client: { seed } as unknown as Bench["client"],
      status: readStatus(application),
      account: this.account,
      live: application.network.live!,
      submit: (network, one, evidence) => this.submit(network, one, evidence),
      took: ({ reason }) => {
        if (reason !== "") this.refused[reason] = (this.refused[reason] ?? 0) + 1
        return reason === ""
      },
      tell: () => {},
      remember: () => {},
    })
  }
}

export class Lockstep {
  readonly ledger: EmbeddedLedger
  readonly crowd: Crowd
  readonly #reals: readonly Real[]
  readonly #options: LockstepOptions
  readonly #before = new Map<string, Group>()
  real: readonly number[] = []

  constructor(chain: SmallChain, options: LockstepOptions) {
    const { real, sectors, othersSectors, homes, spreadWindows } = options
    this.#options = options
    this.ledger = openChain(chain, { snapshotEveryBlocks: Infinity })
    this.crowd = new Crowd({
      ledger: this.ledger,
      authority: chain.authority,
      sectorsOf: (k) => (k < real ? sectors : othersSectors),
      spreadWindows,
      batchMax: 4000,
    })
    this.#reals = Array.from({ length: real }, (_, n) => new Real(chain, this.ledger, join(homes, `real-${n}`), sectors))
  }

  /** What real nodes were refused, and how often. */
  get refused(): Readonly<Record<string, number>> {
    const sum: Record<string, number> = {}
    for (const real of this.#reals) for (const [reason, n] of Object.entries(real.refused)) sum[reason] = (sum[reason] ?? 0) + n
    return sum
  }

  /** The simulated nodes with as much power as a real one. */
  get twins(): readonly number[] {
    return this.crowd.nodes.slice(0, this.#reals.length)
  }

  /** Everybody joins and grows to its full power, and elections come to know of it. What is counted is counted from here. */
  async grow(): Promise<void> {
    await this.ledger.cut(this.ledger.application.genesis.beginS + 60)
    await this.#through(Promise.all(this.#reals.map((r) => r.submit("gate", { type: "OpenAccount", row: {} }))))
    this.real = this.#reals.map((r) => r.account.node)
    const { real, sectors, othersSectors } = this.#options
    const others = this.crowd.nodes.length - real
    const full = (2 * real * sectors + others * othersSectors) * SECTOR_GIB
    const everyone = [...this.real, ...this.crowd.nodes]
    while (this.of("qaGib", everyone) < full) await this.#round()
    this.#options.tell?.("everybody has its full power")
    await this.run(LOOKBACK_S)
    for (const nodes of [this.real, this.crowd.nodes, this.twins]) this.#before.set(nodes.join(), this.#groupOf(nodes))
  }

  /** So many chain seconds. */
  async run(seconds: number): Promise<void> {
    const end = this.ledger.info().time + seconds
    while (this.ledger.info().time < end) await this.#round()
  }

  /** A figure summed over nodes. */
  of(name: string, nodes: readonly number[]): number {
    const { machine, network } = this.ledger.application
    return nodes.reduce((sum, n) => sum + network.nodeMeasures[name].of(machine.state, n), 0)
  }

  /** Wins and income since `grow`. */
  since(nodes: readonly number[]): Group {
    const now = this.#groupOf(nodes)
    const before = this.#before.get(nodes.join())!
    return { nodes: now.nodes, wins: now.wins - before.wins, earned: now.earned - before.earned }
  }

  #groupOf(nodes: readonly number[]): Group {
    return { nodes: nodes.length, wins: this.of("wins", nodes), earned: this.of("earnedMicroFil", nodes) }
  }

  #round(): Promise<void> {
    return this.#through(Promise.all([this.crowd.act(), ...this.#reals.map((r) => r.serve())]))
  }

  /** Cuts blocks until all of it is done. */
  async #through(work: Promise<unknown>): Promise<void> {
    let working = true
    const done = work.finally(() => (working = false))
    while (working) await this.ledger.cut(this.ledger.info().time + STEP_S)
    await done
  }
}
