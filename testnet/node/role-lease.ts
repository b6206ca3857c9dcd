/**
 * The lease role: bids for sites, fetches what it won by its hashes, serves it over HTTP, collects its pay, and looks at the leases of
 * others when it is drawn to.
 */
import { createServer, type Server } from "node:http"
import { rmSync } from "node:fs"
import { join } from "node:path"
import { sha256 } from "../ledger/command.ts"
import { GOOD, SILENT, WRONG } from "../ledger/gate-lease.ts"
import type { Account } from "../ledger/reading.ts"
import { BlobStore } from "../site/blobs.ts"
import { fileFor, readManifest, type Manifest } from "../site/manifest.ts"
import { GUEST, typeOf } from "../site/path.ts"
import { fetchFile } from "../site/visits.ts"
import type { Bench, RoleWork } from "./role.ts"

/** Asked of what a tenant would pay: half when idle, a tenth more for each lease held, so that the idle win. */
const ASK_PERMILLE = 500
const ASK_MORE_PERMILLE = 100
const ASK_MAX_PERMILLE = 1000
/** Collected at most so often, by the wall. */
const COLLECT_MS = 5000
const PROBE_TIMEOUT_MS = 1500

type Lease = NonNullable<Account["lease"]>

export class LeaseRole implements RoleWork {
  #server: Server | undefined
  #port = 0
  #blobs: BlobStore | undefined
  /** Sites served, by name. */
  readonly #serving = new Map<string, Manifest>()
  readonly #missing = new Set<string>()
  #collectedAt = -Infinity
  #served = 0
  #probed = 0
  #caught = 0

  listen = async (bench: Bench): Promise<{ httpPort: number; udpPort: number }> => {
    this.#blobs ??= new BlobStore(join(bench.home.dir, "sites"))
    if (this.#server === undefined) {
      const server = createServer((request, response) => {
        const { status, body, type } = this.#answer(request.method ?? "", request.url ?? "")
        response.writeHead(status, { ...GUEST, "content-type": type, "content-length": body.length })
        response.end(request.method === "HEAD" ? undefined : body)
      })
      server.maxConnections = 256
      server.requestTimeout = 10_000
      const host = bench.config.address ?? "127.0.0.1"
      this.#port = (await open(server, bench.config.servePort ?? 0, host)) ?? (await open(server, 0, host)) ?? 0
      this.#server = server
      if (this.#port !== bench.config.servePort) bench.remember({ servePort: this.#port })
    }
    return { httpPort: this.#port, udpPort: 0 }
  }

  serve = async (bench: Bench): Promise<void> => {
    const { account, status, live } = bench
    const door = live.lease!
    const view = account.lease!
    if (!view.joined) {
      const stake = BigInt(account.grantedAtto) - BigInt(account.spentAtto)
      const made = await bench.submit(status.network, door.asks.join(account.node, stake))
      if (bench.took(made, "registering")) bench.tell(`provider ${account.node} is registered and bids for sites`)
      return
    }
    await this.#fetch(bench, view)
    await this.#bid(bench, view)
    await this.#probe(bench, view)
    await this.#collect(bench, view)
  }

  leave = async (bench: Bench): Promise<boolean> => {
    const { account, live, status } = bench
    await this.#collect(bench, account.lease!, 0)
    for (const { group } of account.lease!.leases)
      bench.took(await bench.submit(status.network, live.lease!.asks.giveUp(account.node, group)), `giving up lease ${group}`)
    return account.lease!.leases.length === 0
  }

  clear = (bench: Bench): void => rmSync(join(bench.home.dir, "sites"), { recursive: true, force: true })

  stop = (): void => {
    this.#server?.closeAllConnections()
    this.#server?.close()
  }

  why = ({ lease, measures }: Account): string =>
    lease === undefined || lease.leases.length === 0
      ? `leases that have ended; ${measures.leasesWon ?? 0} won so far`
      : `${lease.leases.length} lease(s) paid by the block: ${lease.leases.map(({ site, rate }) => `${site} at ${(rate / 1e6).toFixed(0)} uakt`).join(", ")}`

  figures = ({ lease, measures }: Account): readonly (readonly [string, string])[] => [
    ["sites served", lease?.leases.map(({ site }) => site).join(", ") || "none"],
    ["leases won", String(measures.leasesWon ?? 0)],
    ["requests answered", String(this.#served)],
    ["leases of others looked at", String(this.#probed)],
    ["of them found silent or wrong", String(this.#caught)],
  ]

  /** Gets what it has to serve, and forgets what it has not. */
  async #fetch(bench: Bench, view: Lease): Promise<void> {
    const held = new Set(view.leases.map(({ site }) => site))
    for (const name of this.#serving.keys())
      if (!held.has(name)) {
        this.#serving.delete(name)
        bench.tell(`${name} is no longer its to serve`)
      }
    for (const { site, root } of view.leases) {
      if (this.#serving.has(site) || site === "") continue
      const manifest = await this.#content(bench, root)
      const files = readManifest(manifest ?? new Uint8Array(0))
      if (files === undefined) continue
      let isWhole = true
      for (const file of files.files) isWhole = (await this.#content(bench, file.sha256)) !== undefined && isWhole
      if (!isWhole) {
        if (!this.#missing.has(site)) bench.tell(`${site}: some of its content is at no gateway yet`, true)
        this.#missing.add(site)
        continue
      }
      this.#missing.delete(site)
      this.#serving.set(site, files)
      bench.tell(`won ${site} and serves it: ${files.files.length} file(s)`)
    }
  }

  /** Content from this disk, or from a gateway and then kept. */
  async #content(bench: Bench, hash: string): Promise<Uint8Array | undefined> {
    const here = this.#blobs!.get(hash)
    if (here !== undefined) return here
    const bytes = await bench.client.blob(hash)
    if (bytes !== undefined) this.#blobs!.put(hash, bytes, () => true)
    return bytes
  }

  async #bid(bench: Bench, view: Lease): Promise<void> {
    const { account, live, status } = bench
    const mine = new Set(view.leases.map(({ deployment }) => deployment))
    for (const { group, deployment, maxRate } of view.orders) {
      // One lease of a site is enough: two on one computer die together.
      if (mine.has(deployment)) continue
      const permille = Math.min(ASK_MAX_PERMILLE, ASK_PERMILLE + ASK_MORE_PERMILLE * view.leases.length)
      const rate = Math.max(1, Math.floor((maxRate * permille) / 1000))
      const bid = await bench.submit(status.network, live.lease!.asks.bid(account.node, group, rate))
      if (
        bid.reason !== "order_not_open" &&
        bid.reason !== "bid_exists" &&
        bid.reason !== "too_many_bids" &&
        bid.reason !== "unknown_group"
      )
        bench.took(bid, `bidding for group ${group}`)
    }
  }

  async #probe(bench: Bench, view: Lease): Promise<void> {
    const seed = view.probes.length === 0 ? undefined : await bench.client.seed(view.window)
    if (seed === undefined) return
    for (const { group, site, root, node, ip, httpPort } of view.probes) {
      const manifest = readManifest((await this.#content(bench, root)) ?? new Uint8Array(0))
      // What cannot be known to be wrong is not said to be.
      if (manifest === undefined) continue
      const dice = Buffer.from(sha256(Buffer.concat([seed, bench.key.publicKey, Buffer.from(`file ${group}`)])))
      const file = manifest.files[dice.readUInt32LE(0) % manifest.files.length]
      const began = performance.now()
      const found = await fetchFile(`http://${ip}:${httpPort}/sites/${site}/${file.path}`, file.sha256, PROBE_TIMEOUT_MS)
      const verdict = found === "no_answer" ? SILENT : found === "wrong_content" ? WRONG : GOOD
      this.#probed++
      if (verdict !== GOOD) {
        this.#caught++
        bench.tell(`node ${node} does not serve ${site}: ${verdict === SILENT ? "no answer" : "wrong content"}`)
      }
      const latencyMicro = Math.min(0xffff_ffff, Math.round((performance.now() - began) * 1000))
      const row = { group, window: view.window, verdict, latencyMicro }
      await bench.submit("gate", { type: "ReportProbe", row })
    }
  }

  async #collect(bench: Bench, view: Lease, everyMs = COLLECT_MS): Promise<void> {
    if (performance.now() - this.#collectedAt < everyMs) return
    this.#collectedAt = performance.now()
    for (const { group } of view.leases)
      bench.took(await bench.submit(bench.status.network, bench.live.lease!.asks.collect(group)), `collecting of lease ${group}`)
  }

  /** Any request is answered; what it does not serve is 404. */
  #answer(method: string, url: string): { status: number; body: Uint8Array; type: string } {
    const none = (status: number, text: string) => ({ status, body: new Uint8Array(Buffer.from(text)), type: "text/plain" })
    if (method !== "GET" && method !== "HEAD") return none(405, "GET only\n")
    const [, sites, name = "", ...rest] = url.split("?")[0].split("/")
    const manifest = sites === "sites" ? this.#serving.get(name) : undefined
    if (manifest === undefined) return none(404, "not served here\n")
    const file = fileFor(manifest, rest.join("/"))
    const body = file === undefined ? undefined : this.#blobs!.get(file.sha256)
    if (file === undefined || body === undefined) return none(404, "no such file\n")
    this.#served++
    return { status: 200, body, type: typeOf(file.path) }
  }
}

/** Listens; the port it got, or undefined where it could not. */
const open = (server: Server, port: number, host: string): Promise<number | undefined> =>
  new Promise((done) => {
    server.once("error", () => done(undefined))
    server.listen(port, host, () => {
      server.removeAllListeners("error")
      server.on("error", () => {})
      done((server.address() as { readonly port: number }).port)
    })
  })
