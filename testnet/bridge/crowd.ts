/**
 * Simulated providers beside real ones, in one network and through the same commands: the crowd reads what a provider's own software
 * reads, asks what it would ask, and hands it to the ledger in batches, signed by the chain's authority. What it lacks is a disk: nobody
 * asks it for evidence, because its sectors are the simulator's kind, which are there as long as it says so.
 */
import type { Ask, StorageDoor } from "../../protocol/kernel/live.ts"
import { signCommand, type KeyPair } from "../ledger/command.ts"
import type { EmbeddedLedger } from "../ledger/embedded.ts"
import type { Result } from "../ledger/ledger.ts"
import { AUTHORITY } from "../ledger/admission.ts"

export interface CrowdOptions {
  readonly ledger: EmbeddedLedger
  readonly authority: KeyPair
  /** Sectors of the k-th simulated node. */
  readonly sectorsOf: (k: number) => number
  /** What each stakes (default: the faucet's grant, or less where so many would empty the market). */
  readonly stakeAtto?: bigint
  /** Windows over which the nodes' proving periods are spread (default: a day's). */
  readonly spreadWindows?: number
  /** Commands handed over at once. */
  readonly batchMax?: number
}

/** As a real provider's software announces. */
const ANNOUNCE_MAX = 4
const GOOD_FOR_S = 60
/** So many nodes can have a grant each; of twice as many each has half. */
const CROWD_A_GRANT = 2000
/** A day of half hours. */
const SPREAD_WINDOWS = 48

interface Member {
  readonly node: number
  readonly sectors: number
  sealed: number
  /** Sectors announced, and the chain second from which their seal can be proven. */
  announced: number
  sealableS: number
  provenWindow: number
  blockS: number
  /** Nothing is due before. */
  lookS: number
}

export class Crowd {
  readonly #ledger: EmbeddedLedger
  readonly #authority: KeyPair
  readonly #door: StorageDoor<unknown>
  readonly #members: readonly Member[]
  readonly #batchMax: number
  readonly #spread: number
  readonly #windowSeconds: number
  readonly #lookSeconds: number
  readonly #stake: bigint
  /** Nodes whose last commands are not final yet. */
  readonly #busy = new Set<number>()
  #nonce = 0
  #at = 0
  submitted = 0
  readonly refused: Record<string, number> = {}

  /** Throws a RangeError where the chain has no such places, or its network no storage. */
  constructor({ ledger, authority, sectorsOf, spreadWindows = SPREAD_WINDOWS, batchMax = 1000, stakeAtto }: CrowdOptions) {
    const { genesis, network } = ledger.application
    const simulated = genesis.simulated ?? 0
    if (network.live?.storage === undefined) throw new RangeError(`${network.name} has no storage for simulated nodes to do`)
    if (simulated === 0) throw new RangeError("the chain's genesis has no places for simulated nodes")
    this.#ledger = ledger
    this.#authority = authority
    this.#door = network.live.storage as StorageDoor<unknown>
    this.#windowSeconds = network.live.windowSeconds
    this.#lookSeconds = Math.min(this.#windowSeconds, network.live.draw?.everySeconds ?? Infinity)
    this.#stake = stakeAtto ?? BigInt(ledger.application.genesis.faucet.grantAtto) / BigInt(Math.ceil(simulated / CROWD_A_GRANT))
    this.#batchMax = batchMax
    this.#spread = spreadWindows
    const { application } = ledger
    this.#members = Array.from({ length: simulated }, (_, k) => {
      const node = genesis.nodes - simulated + k
      // After a restart: what the network counts is what was sealed.
      const sealed = this.#door.view(application.machine.state, node, genesis.beginS).held.length > 0 ? sectorsOf(k) : 0
      return { node, sectors: sectorsOf(k), sealed, announced: 0, sealableS: 0, provenWindow: -1, blockS: 0, lookS: 0 }
    })
    this.#nonce = application.gate.account.nonce[AUTHORITY]
  }

  get nodes(): readonly number[] {
    return this.#members.map((m) => m.node)
  }

  /** Asks the next thing of every node that has something due, and waits until all of it is final. At most `batchMax` at once. */
  async act(): Promise<readonly Result[]> {
    const { time } = this.#ledger.info()
    const asks: { readonly member: Member; readonly ask: Ask; readonly taken: () => void }[] = []
    for (let n = 0; n < this.#members.length && asks.length < this.#batchMax; n++) {
      const member = this.#members[this.#at]
      this.#at = (this.#at + 1) % this.#members.length
      if (this.#busy.has(member.node)) continue
      if (time < member.lookS) continue
      const next = this.#next(member, time)
      if (next !== undefined) asks.push({ member, ...next })
      // Nothing falls due between two elections, which are drawn as often as windows begin, or oftener.
      else member.lookS = (Math.floor(time / this.#lookSeconds) + 1) * this.#lookSeconds
    }
    // One kind after the other: the core then decides each kind as one batch.
    asks.sort((a, b) => (a.ask.type < b.ask.type ? -1 : a.ask.type > b.ask.type ? 1 : a.member.node - b.member.node))
    const results = await Promise.all(
      asks.map(async ({ member, ask, taken }) => {
        this.#busy.add(member.node)
        const result = await this.#ledger.submit(this.#sign(ask, time))
        this.#busy.delete(member.node)
        if (result.reason === "") taken()
        else {
          this.refused[result.reason] = (this.refused[result.reason] ?? 0) + 1
          member.lookS = time + this.#windowSeconds
        }
        return result
      }),
    )
    this.submitted += results.length
    return results
  }

  /** What this node's own software would ask now. The same order as a real agent's round. */
  #next(m: Member, time: number): { readonly ask: Ask; readonly taken: () => void } | undefined {
    const { application } = this.#ledger
    const door = this.#door
    const view = door.view(application.machine.state, m.node, time)
    const window = Math.floor(time / this.#windowSeconds)
    const { asks } = door
    if (!view.joined) {
      // Real providers come when they come; these all come at once, so their periods are spread.
      const shifted = time + (m.node % this.#spread) * this.#windowSeconds
      return { ask: asks.join(m.node, shifted, this.#stake), taken: () => {} }
    }
    if (view.wonS > 0 && view.wonS !== m.blockS)
      return { ask: asks.block(m.node, view.wonS), taken: () => void (m.blockS = view.wonS) }
    if (view.due > 0 && m.provenWindow !== window)
      return { ask: asks.possess(m.node, view.deadline, 0), taken: () => void (m.provenWindow = window) }
    if (view.recoverable.length > 0) return { ask: asks.recover(m.node, view.recoverable[0]), taken: () => {} }
    if (m.announced > 0) {
      if (time < m.sealableS) return undefined
      return {
        ask: asks.seal(m.node),
        taken: () => {
          m.sealed += m.announced
          m.announced = 0
        },
      }
    }
    if (m.sealed >= m.sectors) return undefined
    const count = Math.min(ANNOUNCE_MAX, m.sectors - m.sealed)
    return {
      ask: asks.announce(m.node, count),
      taken: () => {
        m.announced = count
        // As for a real one: from the first window that begins after the delay, and no sooner.
        const from = this.#ledger.info().time + door.sealDelaySeconds
        m.sealableS = (Math.floor(from / this.#windowSeconds) + 1) * this.#windowSeconds
      },
    }
  }

  #sign({ type, row }: Ask, time: number): Uint8Array {
    const { genesis } = this.#ledger.application
    const expiryS = time + Math.min(genesis.expirySecondsMax, GOOD_FOR_S * genesis.speed)
    const body = { chain: genesis.chain, expiryS, network: genesis.network, nonce: ++this.#nonce, type, row }
    return signCommand(this.#authority, body)
  }
}

/** Lets the crowd act after every block, one batch at a time; the returned function ends it. */
export function follow(ledger: EmbeddedLedger, crowd: Crowd, tell: (sentence: string) => void): () => void {
  let acting = false
  return ledger.onBlock(() => {
    if (acting) return
    acting = true
    crowd
      .act()
      .catch((error: unknown) => tell(`the simulated nodes: ${(error as Error).message}`))
      .finally(() => (acting = false))
  })
}
