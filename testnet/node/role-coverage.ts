/** The coverage role: says where it is, beacons once a window to the neighbours drawn for it, and answers theirs at once. */
import * as crypto from "node:crypto"
import { createSocket, type Socket } from "node:dgram"
import { cellAt } from "../../protocol/boundary/geometry.ts"
import { RecordProblem } from "../../protocol/boundary/durable.ts"
import { Station } from "../beacon/station.ts"
import type { Account } from "../ledger/reading.ts"
import { NONCE_BYTES, receiptsEvidence } from "../ledger/receipts.ts"
import type { Config } from "./home.ts"
import type { Bench, RoleWork } from "./role.ts"

/** Hotspots assert cells of this resolution. */
const RESOLUTION = 12
/** A beacon goes out somewhere in this part of its window, so that all have heard of the window, and not all beacon at once. */
const EARLIEST = 0.2
const SPREAD = 0.5

export class CoverageRole implements RoleWork {
  #socket: Socket | undefined
  #port = 0
  #station: Station | undefined
  #tried = -1
  #due = 0
  /** Adds so much to every answer: for tests of nodes that are elsewhere. */
  readonly #delayMs: number

  constructor(delayMs = 0) {
    this.#delayMs = delayMs
  }

  listen = async (bench: Bench): Promise<{ httpPort: number; udpPort: number }> => {
    if (this.#socket === undefined) {
      const { address = "127.0.0.1", beaconPort = 0 } = bench.config
      const socket = (await open(beaconPort, address)) ?? (await open(0, address))
      if (socket === undefined)
        throw new RecordProblem(`no UDP socket can be opened at ${address}: is the address this computer's?`)
      this.#socket = socket
      this.#port = socket.address().port
      const send = (bytes: Uint8Array, to: { ip: string; port: number }): void => {
        // A neighbour that is gone is told by its silence; a stopped node sends nothing.
        const now = (): void => {
          if (this.#socket === socket) socket.send(bytes, to.port, to.ip, () => {})
        }
        if (this.#delayMs === 0) now()
        else setTimeout(now, this.#delayMs)
      }
      this.#station = new Station(bench.key, bench.status.chain, send)
      socket.on("message", (bytes, { address: ip, port }) => void this.#station!.take(bytes, { ip, port }))
      socket.on("error", () => {})
      if (this.#port !== beaconPort) bench.remember({ beaconPort: this.#port })
    }
    return { httpPort: 0, udpPort: this.#port }
  }

  ready = ({ at }: Config): void => {
    if (at === undefined)
      throw new RecordProblem("a hotspot has to say where it is: blackstart join --at LATITUDE,LONGITUDE, such as 48.137,11.575")
  }

  serve = async (bench: Bench): Promise<void> => {
    const { account, status, live } = bench
    const { asks } = live.coverage!
    const view = account.coverage!
    const at = bench.config.at!
    if (!view.registered) {
      if (bench.took(await bench.submit(status.network, asks.join(account.node)), "registering"))
        bench.tell(`hotspot ${account.node} is registered`)
      return
    }
    const { cell, latE7, lngE7 } = cellAt(at.lat, at.lng, RESOLUTION)
    if (view.cell !== cell.toString(16)) {
      const place = { hexHi: Number(cell >> 32n), hexLo: Number(cell & 0xffff_ffffn), latE7, lngE7 }
      if (bench.took(await bench.submit(status.network, asks.place(account.node, place)), "saying where it is"))
        bench.tell(`says that it is at ${at.lat}, ${at.lng} (cell ${cell.toString(16)})`)
      return
    }
    if (!view.configured) {
      bench.took(await bench.submit(status.network, asks.configure(account.node)), "registering its radio")
      return
    }
    if (view.liar)
      bench.tell(
        `the chain says that this node is not where it says (${view.reason}): its coverage is not paid; mend at in ${bench.home.configPath} and join with another --home`,
        true,
      )
    await this.#beacon(bench, view)
  }

  async #beacon(bench: Bench, view: NonNullable<Account["coverage"]>): Promise<void> {
    const { account, status, live } = bench
    const station = this.#station!
    if (station.window !== view.window) {
      const seed = await bench.client.seed(view.window)
      if (seed === undefined) return
      station.listenIn(view.window, seed)
      this.#due = (EARLIEST + SPREAD * Math.random()) * status.windowSeconds + view.window * status.windowSeconds
    }
    if (view.beaconed || this.#tried === view.window || view.peers.length === 0 || status.time < this.#due) return
    this.#tried = view.window
    const nonce = new Uint8Array(crypto.randomBytes(NONCE_BYTES))
    const peers = view.peers.map(({ account: a, key, ip, udpPort }) => ({
      account: a,
      key: new Uint8Array(Buffer.from(key, "hex")),
      ip,
      port: udpPort,
    }))
    const heard = await station.beacon(peers, nonce)
    const local = Buffer.from(nonce).readUInt32LE(0)
    const told = await bench.submit(
      status.network,
      live.coverage!.asks.beacon(account.node, local),
      receiptsEvidence(nonce, heard),
    )
    if (!bench.took(told, "reporting its beacon")) return
    const trips = heard.map((h) => Math.min(h.beaconerMicro, h.witnessMicro)).toSorted((a, b) => a - b)
    bench.tell(
      heard.length === 0
        ? `beaconed to ${peers.length} neighbour(s), and none answered`
        : `beaconed: ${heard.length} of ${peers.length} neighbours heard it, there and back in ${(trips[0] / 1000).toFixed(2)} to ${(trips.at(-1)! / 1000).toFixed(2)} ms`,
    )
  }

  leave = async (bench: Bench): Promise<boolean> => {
    const { account, live, status } = bench
    if (account.coverage!.registered)
      return bench.took(await bench.submit(status.network, live.coverage!.asks.leave(account.node)), "retiring")
    return true
  }

  clear = (): void => {}

  stop = (): void => {
    this.#socket?.close()
    this.#socket = undefined
  }

  why = ({ measures }: Account, before: Readonly<Record<string, number>>): string =>
    `its shares of the day's pools, by ${(measures.beacons ?? 0) - (before.beacons ?? 0)} beacon(s) of its own that counted and ${(measures.witnessed ?? 0) - (before.witnessed ?? 0)} of others that it heard`

  figures = ({ coverage, measures }: Account): readonly (readonly [string, string])[] => [
    ["its beacons that earned", String(measures.beacons ?? 0)],
    ["beacons of others it was paid for hearing", String(measures.witnessed ?? 0)],
    ["round trips with neighbours", String(coverage?.contacts ?? 0)],
    ["of them against its claimed place", String(coverage?.contradictions ?? 0)],
    ["datagrams refused", String(Object.values(this.#station?.refused ?? {}).reduce((sum, n) => sum + n, 0))],
  ]
}

/** An open socket, or undefined where it cannot be had. */
const open = (port: number, address: string): Promise<Socket | undefined> =>
  new Promise((done) => {
    const socket = createSocket("udp4")
    socket.once("error", () => {
      socket.close()
      done(undefined)
    })
    socket.bind(port, address, () => {
      socket.removeAllListeners("error")
      done(socket)
    })
  })
