/** The storage role: seals sectors on this disk, proves them when their windows come, makes the blocks it wins. */
import { statfsSync } from "node:fs"
import { join } from "node:path"
import { RecordProblem } from "../../protocol/boundary/durable.ts"
import type { Account } from "../ledger/reading.ts"
import { coins } from "./coins.ts"
import type { Bench, RoleWork } from "./role.ts"
import { SectorStore } from "./sectors.ts"

const ANNOUNCE_MAX = 4
/** A disk fuller than this makes an agent say so before it fails. */
const FREE_BYTES_MIN = 64 * 1024 * 1024

export class StorageRole implements RoleWork {
  readonly #announceMax: number
  /** Deadlines that are known to stay faulty. */
  readonly #given = new Set<number>()
  #provenWindow = 0
  #blockS = 0

  /** Sectors sealed and announced together: fewer lie in more deadlines. */
  constructor(announceMax = ANNOUNCE_MAX) {
    this.#announceMax = announceMax
  }

  serve = async (bench: Bench): Promise<void> => {
    const { account, status, live } = bench
    const { asks } = live.storage!
    const view = account.storage!
    const { node } = account
    if (!view.joined) {
      const stake = BigInt(account.grantedAtto) - BigInt(account.spentAtto)
      const made = await bench.submit(status.network, asks.join(node, status.time, stake))
      if (bench.took(made, "registering"))
        bench.tell(`node ${node} is registered, with ${coins(status, String(stake))} of test stake behind it`)
      return
    }
    if (view.wonS > 0 && view.wonS !== this.#blockS) {
      const block = await bench.submit(status.network, asks.block(node, view.wonS))
      if (bench.took(block, "making the block it won")) this.#blockS = view.wonS
    }
    const store = storeOf(bench)
    const window = Math.floor(status.time / status.windowSeconds)
    if (view.due > 0 && this.#provenWindow !== window) await this.#prove(bench, store, window)
    for (const deadline of view.recoverable) {
      const mine = account.sectors.filter((s) => s.status === "sealed" && s.deadline === deadline)
      if (!mine.every((s) => store.isWhole(s.number, Buffer.from(s.commR, "hex")))) {
        // Said once: it is asked again every window, and stays so.
        if (!this.#given.has(deadline))
          bench.tell(
            `deadline ${deadline} stays faulty: bytes on this disk are damaged or gone; join with a larger --sectors, and others are sealed in their place`,
            true,
          )
        this.#given.add(deadline)
        continue
      }
      this.#given.delete(deadline)
      const declared = await bench.submit(status.network, asks.recover(node, deadline))
      if (bench.took(declared, "declaring a recovery")) bench.tell(`deadline ${deadline} will be proven again at its next window`)
    }
    await this.#grow(bench, store)
    return
  }

  async #prove(bench: Bench, store: SectorStore, window: number): Promise<void> {
    const { account, status, live } = bench
    const view = account.storage!
    const seed = await bench.client.seed(window)
    if (seed === undefined) return
    const mine = account.sectors.filter((s) => s.status === "sealed" && s.deadline === view.deadline)
    const parts: Uint8Array[] = []
    for (const { sector, number } of mine) {
      const proof = store.provePossession(number, seed)
      if (proof === undefined) {
        bench.tell(`sector ${number} cannot be proven: its bytes on this disk are damaged or gone`, true)
        continue
      }
      const head = Buffer.alloc(4)
      head.writeUInt32LE(sector)
      parts.push(head, proof)
    }
    const shown = parts.length / 2
    if (shown === 0) return
    const ask = live.storage!.asks.possess(account.node, view.deadline, Math.max(0, view.due - shown))
    const proven = await bench.submit(status.network, ask, Buffer.concat(parts))
    if (bench.took(proven, `proving deadline ${view.deadline}`)) {
      this.#provenWindow = window
      bench.tell(`deadline ${view.deadline} proven: ${shown} of ${mine.length} sectors are still here`)
    }
  }

  /** Seals towards the number of sectors that the config asks for: announced first, proven when the chain has drawn the seed. */
  async #grow(bench: Bench, store: SectorStore): Promise<void> {
    const { account, status, live } = bench
    const announced = account.sectors.filter((s) => s.status === "announced")
    const { asks } = live.storage!
    if (announced.length > 0) {
      const window = Math.floor((announced[0].announcedS + status.sealDelaySeconds) / status.windowSeconds) + 1
      if (status.time < window * status.windowSeconds) return
      const seed = await bench.client.seed(window)
      if (seed === undefined) return
      const proof = Buffer.concat(announced.map(({ number }) => store.proveSeal(number, seed)))
      const sealed = await bench.submit(status.network, asks.seal(account.node), proof)
      if (sealed.reason === "too_late" || sealed.reason === "no_pre_commit") await this.#announce(bench, store)
      else if (bench.took(sealed, "proving the seal"))
        bench.tell(`${announced.length} sealed sector(s) proven: power comes with the first window`)
      return
    }
    if (account.sectors.filter((s) => s.status === "sealed").length < bench.config.sectors) await this.#announce(bench, store)
  }

  async #announce(bench: Bench, store: SectorStore): Promise<void> {
    const { account, status, live } = bench
    const missing = bench.config.sectors - account.sectors.filter((s) => s.status === "sealed").length
    const count = Math.min(this.#announceMax, missing)
    if (count <= 0) return
    checkRoom(bench.home.dir, count * status.sectorBytes * 3)
    const first = account.sectors.length
    const evidence = Buffer.concat(
      Array.from({ length: count }, (_, k) => {
        const { commD, commC, commR } = store.seal(first + k)
        return Buffer.concat([commD, commC, commR])
      }),
    )
    const told = await bench.submit(status.network, live.storage!.asks.announce(account.node, count), evidence)
    if (bench.took(told, "announcing sectors"))
      bench.tell(`${count} sector(s) of ${status.sectorBytes / 1024} KiB sealed on this disk and announced`)
  }

  leave = async (bench: Bench): Promise<boolean> => {
    const { account, live } = bench
    const view = account.storage!
    const { asks } = live.storage!
    for (const deadline of view.endable) {
      const ended = await bench.submit(bench.status.network, asks.end(account.node, deadline))
      if (bench.took(ended, `ending deadline ${deadline}`)) bench.tell(`the sectors of deadline ${deadline} are given up`)
    }
    if (view.held.length > 0) {
      if (view.endable.length === 0) bench.tell(`deadline ${view.held.join(", ")} may be ended after its window: waiting`)
      return false
    }
    return true
  }

  clear = (bench: Bench): void => {
    for (const { number } of bench.account.sectors) storeOf(bench).drop(number)
  }

  why = ({ measures }: Account, before: Readonly<Record<string, number>>): string =>
    `${(measures.wins ?? 0) - (before.wins ?? 0)} wins, in proportion to ${measures.qaGib ?? 0} GiB of proven power, and their blocks made in time`

  figures = ({ measures: m, sectors }: Account): readonly (readonly [string, string])[] => [
    ["fees and penalties [FIL]", ((m.burntMicroFil ?? 0) / 1e6).toFixed(3)],
    ["blocks won", String(m.wins ?? 0)],
    ["proofs missed", String(m.missed ?? 0)],
    ["proven power [GiB]", String(m.qaGib ?? 0)],
    ["sectors sealed", String(sectors.filter((s) => s.status === "sealed").length)],
  ]
}

const storeOf = ({ home, key, status }: Bench): SectorStore =>
  new SectorStore(join(home.dir, "sectors"), key.publicKey, status.sectorBytes)

export function checkRoom(dir: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(dir)
  if (bavail * bsize < bytes + FREE_BYTES_MIN)
    throw new RecordProblem(
      `the disk is full: ${dir} has ${Math.floor((bavail * bsize) / 2 ** 20)} MiB left, no room for another sector`,
    )
}
