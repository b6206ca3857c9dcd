/**
 * The leases of the demonstration, on a real ledger with Akash's own rules: a tenant orders so many copies of a site, hosts bid, the
 * tenant accepts, probes what it pays for, closes the lease of a host that does not answer, and the order goes out again. Every step is
 * a signed command in a block: hosts sign with keys of their own, and the tenant with the chain's authority.
 */
import { rmSync } from "node:fs"
import { join } from "node:path"
import { hexOf, newKeyPair, signCommand, type JsonRow } from "../ledger/command.ts"
import { EmbeddedLedger } from "../ledger/embedded.ts"
import { DEFAULTS, readGenesis, suited } from "../ledger/genesis.ts"
import type { Host } from "./fleet.ts"
import { FILES, HASHES, hashOf } from "./site.ts"

const NETWORK = "akash"
/** Before deposits in a second token: one token is enough to show a lease. */
const PRESET = "v1.1-2025-11"
/** What a host brings for its bids' deposits, in uakt: part of what the faucet gave it. */
const FUNDS = 100_000_000
const RATE = 1_000_000
/** Probes of a lease that may fail in a row before the tenant closes it. */
const MISSES_MAX = 2
const PROBE_MS = 500
/** Rounds without a loss before a copy is moved to where copies are fewer. */
const SPREAD_ROUNDS = 8

/** The columns of the core's tables that are read here. */
interface Tables {
  readonly group: {
    readonly length: number
    readonly lease: Uint8Array
    readonly order: Uint8Array
    readonly node: Uint32Array
    readonly firstBid: Uint32Array
  }
  readonly bid: { readonly node: Uint32Array; readonly rate: Float64Array; readonly next: Uint32Array }
}

export interface Lease {
  readonly group: number
  readonly node: number
}

export class Market {
  readonly ledger: EmbeddedLedger
  readonly #key = newKeyPair()
  readonly #nodes: readonly Host[]
  readonly #copies: number
  readonly #tell: (kind: "loss" | "heal", text: string) => void
  readonly #misses: number[]
  readonly #patienceMs: number
  #nonce = 0
  /** Larger than any nonce of a host's registration. */
  #bidNonce = 10
  /** Rounds in a row in which every copy was leased. */
  #calm = 0

  constructor(
    dir: string,
    nodes: readonly Host[],
    copies: number,
    tell: (kind: "loss" | "heal", text: string) => void,
    patienceMs = PROBE_MS,
  ) {
    this.#patienceMs = patienceMs
    this.#nodes = nodes
    this.#copies = copies
    this.#tell = tell
    this.#misses = Array.from({ length: copies }, () => 0)
    const path = join(dir, "chain")
    rmSync(path, { recursive: true, force: true })
    const genesis = readGenesis({
      ...DEFAULTS,
      ...suited(NETWORK),
      chain: "demo",
      network: NETWORK,
      preset: PRESET,
      params: {},
      nodes: nodes.length,
      speed: 1,
      authority: hexOf(this.#key.publicKey),
    })
    EmbeddedLedger.create(path, genesis)
    this.ledger = EmbeddedLedger.open(path, { blockMs: 100 })
  }

  /** Registers every host, and orders the copies. */
  async open(): Promise<void> {
    for (const node of this.#nodes.keys()) {
      // A host's place is the order in which its account was opened.
      const order = { ...this.#chain(), nonce: 1, node, fundsUakt: FUNDS }
      const signed = JSON.parse(
        (await this.#nodes[node].order("PUT", "join", JSON.stringify(order))) ?? "[]",
      ) as readonly string[]
      for (const bytes of signed) await this.#submit(bytes)
    }
    const size = { cpuMilli: 100, memoryMib: 64, storageMib: 64, gpus: 0, maxRate: 1000 * RATE }
    const row = { tenant: 1, deposit: 1_000_000_000_000, groups: this.#copies, ...size, attributes: 0, allOf: 0, anyOf: 0 }
    await this.#ask("CreateDeployment", { ...row, minWindowS: 0, note: 0, atS: 0 })
  }

  /** What the chain says is leased now. */
  leases(): readonly Lease[] {
    const { group } = this.#tables
    return Array.from({ length: group.length }, (_, g) => g)
      .filter((g) => group.lease[g] > 0)
      .map((g) => ({ group: g, node: group.node[g] }))
  }

  /** One round of the tenant: probes, closes what failed, and leases anew. */
  async round(): Promise<void> {
    await Promise.all(this.leases().map((lease) => this.#probe(lease)))
    const { group } = this.#tables
    let waiting = 0
    for (let g = 0; g < group.length; g++)
      if (group.order[g] === 1) {
        waiting++
        await this.#lease(g)
      }
    if (waiting > 0) this.#calm = 0
    else if (++this.#calm % SPREAD_ROUNDS === 0) await this.#spread()
  }

  close = (): Promise<void> => this.ledger.close()

  get #tables(): Tables {
    return this.ledger.application.machine.state as Tables
  }

  async #probe({ group, node }: Lease): Promise<void> {
    const isSound = await fetchSound(this.#nodes[node].url, "/", this.#patienceMs)
    this.#misses[group] = isSound ? 0 : this.#misses[group] + 1
    if (this.#misses[group] < MISSES_MAX) return
    this.#misses[group] = 0
    await this.#ask("CloseLease", { group, atS: 0 })
    this.#tell("loss", `Copy ${group + 1} is lost: ${this.#nodes[node].name} no longer serves it, so its lease ends.`)
    await this.#nodes[node].order("DELETE", "site")
  }

  async #lease(group: number): Promise<void> {
    const held = this.leases().map((l) => l.node)
    // A host that holds a copy does not bid for another; who is dead, or cannot load its configuration, does not answer.
    const free = this.#nodes
      .map((host, node) => ({ host, node }))
      .filter(({ host, node }) => host.isRunning && !held.includes(node))
    const bids = await Promise.all(
      free.map(({ host, node }) => {
        const order = { ...this.#chain(), nonce: ++this.#bidNonce, node, group, rateOne: RATE }
        return host.order("PUT", "bid", JSON.stringify(order))
      }),
    )
    await Promise.all(bids.flatMap((bytes) => (bytes === undefined ? [] : [this.#submit(bytes)])))
    const bid = this.#choose(group, held)
    if (bid === undefined) return
    const { node } = bid
    if (!(await this.#nodes[node].giveSite())) return
    if ((await this.#ask("CreateLease", { group, bid: bid.row, atS: 0 })) !== "") return
    const { name, region } = this.#nodes[node]
    this.#tell(
      "heal",
      `Copy ${group + 1} goes to ${name} in the ${region}, the best of ${bid.offers} offer${bid.offers === 1 ? "" : "s"}.`,
    )
  }

  /** Moves one copy out of a region that has two more than another with free hosts: what fails together should not serve together. */
  async #spread(): Promise<void> {
    const leases = this.leases()
    const countIn = (region: string): number => leases.filter((l) => this.#nodes[l.node].region === region).length
    const rooms = [
      ...new Set(
        this.#nodes
          .filter((h, i) => h.isRunning && h.config === "good" && leases.every((l) => l.node !== i))
          .map((h) => h.region),
      ),
    ]
    const fewest = rooms.toSorted((a, b) => countIn(a) - countIn(b))[0]
    const moved = leases.find((l) => fewest !== undefined && countIn(this.#nodes[l.node].region) >= countIn(fewest) + 2)
    if (moved === undefined) return
    await this.#ask("CloseLease", { group: moved.group, atS: 0 })
    const { name, region } = this.#nodes[moved.node]
    this.#tell("heal", `Copy ${moved.group + 1} leaves ${name}: the ${region} has more copies than it should.`)
    await this.#nodes[moved.node].order("DELETE", "site")
  }

  /** The cheapest bid of the region that has the fewest copies: a tenant that spreads its copies survives a region. */
  #choose(
    group: number,
    held: readonly number[],
  ): { readonly row: number; readonly node: number; readonly rate: number; readonly offers: number } | undefined {
    const { group: groups, bid } = this.#tables
    const count = (node: number): number => held.filter((h) => this.#nodes[h].region === this.#nodes[node].region).length
    let best: { row: number; node: number; rate: number } | undefined
    let offers = 0
    for (let row = groups.firstBid[group] - 1; row >= 0; row = bid.next[row] - 1) {
      const one = { row, node: bid.node[row], rate: bid.rate[row] }
      if (!this.#nodes[one.node].isRunning || held.includes(one.node)) continue
      offers++
      const order = best === undefined ? -1 : count(one.node) - count(best.node) || one.rate - best.rate || one.node - best.node
      if (order < 0) best = one
    }
    return best === undefined ? undefined : { ...best, offers }
  }

  /** What is in every command of now. */
  #chain(): { readonly chain: string; readonly network: string; readonly expiryS: number } {
    const { chain, expirySecondsMax } = this.ledger.application.genesis
    return { chain, network: NETWORK, expiryS: this.ledger.info().time + expirySecondsMax }
  }

  async #submit(base64: string): Promise<string> {
    return (await this.ledger.submit(new Uint8Array(Buffer.from(base64, "base64")))).reason
  }

  /** Signs as the tenant and submits; the refusal's name, or "". */
  async #ask(type: string, row: JsonRow): Promise<string> {
    const bytes = signCommand(this.#key, { ...this.#chain(), nonce: ++this.#nonce, type, row })
    return (await this.ledger.submit(bytes)).reason
  }
}

/** True where the host answered in time with exactly what was meant. */
export async function fetchSound(base: string, path: string, ms: number): Promise<boolean> {
  try {
    const answer = await fetch(base + path, { signal: AbortSignal.timeout(ms) })
    const bytes = new Uint8Array(await answer.arrayBuffer())
    return answer.ok && hashOf(bytes) === HASHES[path]
  } catch {
    return false
  }
}
export const PATHS = Object.keys(FILES)
