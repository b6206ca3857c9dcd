/**
 * A node's way to the chain: several gateways, one at a time. One that does not answer is left for the next; when none does, the
 * pause doubles, with jitter, so that a thousand nodes do not come back in the same instant.
 */
import { hexOf, sha256 } from "../ledger/command.ts"
import type { Result } from "../ledger/ledger.ts"
import type { Account, PictureSeen, SiteSeen, Status } from "../ledger/reading.ts"

const TIMEOUT_MS = 8000
const PAUSE_MS = 250
const PAUSE_MS_MAX = 15_000
/** A chain that stands still this long at one gateway may go on at another: a validator can be alive and behind. */
const STALE_MS = 4000

/** No gateway answered, or what answered is none. */
export class Unreachable extends Error {
  constructor(why: string) {
    super(why)
    this.name = "Unreachable"
  }
}

/** Milliseconds to wait after `failures` in a row: doubling, capped, and anywhere in its upper half. `dice` is in [0, 1). */
export const pauseAfter = (failures: number, dice: number): number =>
  Math.round(Math.min(PAUSE_MS_MAX, PAUSE_MS * 2 ** Math.min(failures, 10)) * (0.5 + dice / 2))

export class GatewayClient {
  readonly #gateways: readonly string[]
  #at = 0
  #height = 0
  #grewAt = performance.now()
  readonly #staleMs: number
  failures = 0

  constructor(gateways: readonly string[], staleMs = STALE_MS) {
    this.#gateways = gateways.map((g) => g.replace(/\/+$/u, ""))
    this.#staleMs = staleMs
  }

  get gateway(): string {
    return this.#gateways[this.#at]
  }

  status = async (): Promise<Status> => {
    const status = (await this.#json("/v1/status")) as Status | undefined
    if (status === undefined || !Number.isInteger(status?.height) || typeof status.chain !== "string")
      throw this.#noGateway("it says no height of a chain")
    const now = performance.now()
    if (status.height > this.#height) {
      this.#height = status.height
      this.#grewAt = now
    } else if (now - this.#grewAt > this.#staleMs) {
      this.#at = (this.#at + 1) % this.#gateways.length
      this.#grewAt = now
    }
    return status
  }

  account = async (key: string): Promise<Account | undefined> => {
    const found = await this.#json(`/v1/accounts/${key}`)
    return found === undefined ? undefined : (found as Account)
  }

  sites = async (): Promise<readonly SiteSeen[]> => (await this.#json("/v1/sites")) as readonly SiteSeen[]

  pictures = async (): Promise<readonly PictureSeen[]> => (await this.#json("/v1/pictures")) as readonly PictureSeen[]

  /** A picture as PNG, with how many of its tiles have not come. */
  picture = async (p: number): Promise<{ readonly png: Uint8Array; readonly missing: number } | undefined> => {
    const answer = await this.#any((base) => fetch(`${base}/pictures/${p}.png`, { signal: AbortSignal.timeout(TIMEOUT_MS) }))
    const png = new Uint8Array(await answer.arrayBuffer())
    return answer.status === 200 ? { png, missing: Number(answer.headers.get("x-missing-tiles")) } : undefined
  }

  seed = async (window: number): Promise<Uint8Array | undefined> => {
    const found = (await this.#json(`/v1/seeds/${window}`)) as { readonly seed: string } | undefined
    return found === undefined ? undefined : new Uint8Array(Buffer.from(found.seed, "hex"))
  }

  /** Content by its hash, checked; undefined where no gateway has it yet. */
  blob = async (hash: string): Promise<Uint8Array | undefined> => {
    const answer = await this.#any((base) => fetch(`${base}/v1/blobs/${hash}`, { signal: AbortSignal.timeout(TIMEOUT_MS) }))
    const bytes = new Uint8Array(await answer.arrayBuffer())
    return answer.status === 200 && hexOf(sha256(bytes)) === hash ? bytes : undefined
  }

  /** Gives content to a gateway; the refusal's name, or "". */
  putBlob = async (bytes: Uint8Array): Promise<string> => {
    const answer = await this.#any(
      (base) =>
        fetch(`${base}/v1/blobs/${hexOf(sha256(bytes))}`, {
          method: "PUT",
          body: Buffer.from(bytes),
          signal: AbortSignal.timeout(2 * TIMEOUT_MS),
        }),
      true,
    )
    const { reason } = ((await this.#read(answer)) ?? {}) as { readonly reason?: string }
    if (typeof reason !== "string") throw this.#noGateway("it does not say what became of the content")
    return reason
  }

  /** Posts signed commands. The same bytes may go out twice, through two gateways: the nonce makes the second a replay. */
  submit = async (...commands: readonly Uint8Array[]): Promise<readonly Result[]> => {
    const parts = commands.flatMap((c) => {
      const head = Buffer.alloc(4)
      head.writeUInt32LE(c.length)
      return [head, c]
    })
    const answer = await this.#any(
      (base) =>
        fetch(`${base}/v1/commands`, { method: "POST", body: Buffer.concat(parts), signal: AbortSignal.timeout(2 * TIMEOUT_MS) }),
      true,
    )
    const results = (await this.#read(answer)) as readonly Result[]
    if (!Array.isArray(results)) throw this.#noGateway("it does not say what became of the commands")
    return results.length === commands.length ? results : commands.map(() => results[0])
  }

  /** A JSON answer; undefined for 404. */
  async #json(path: string): Promise<unknown> {
    const answer = await this.#any((base) => fetch(base + path, { signal: AbortSignal.timeout(TIMEOUT_MS) }))
    if (answer.status === 404) {
      await answer.body?.cancel()
      return undefined
    }
    return this.#read(answer)
  }

  /** A web server that is no gateway answers too, with a page of its own. */
  async #read(answer: Response): Promise<unknown> {
    try {
      return await answer.json()
    } catch {
      throw this.#noGateway("its answer is no JSON")
    }
  }

  /** The next gateway is tried next time. */
  #noGateway(why: string): Unreachable {
    const { gateway } = this
    this.#at = (this.#at + 1) % this.#gateways.length
    this.failures++
    return new Unreachable(`${gateway} answers, but is no gateway of a blackstart testnet: ${why}; is its address right?`)
  }

  /** An answer of the first gateway that has one. One that refuses this address any more reads has none; a refused post says so itself. */
  async #any(ask: (base: string) => Promise<Response>, isPost = false): Promise<Response> {
    let why = ""
    for (let k = 0; k < this.#gateways.length; k++) {
      try {
        const answer = await ask(this.gateway)
        if (answer.status < 500 && (isPost || answer.status !== 429)) {
          this.failures = 0
          return answer
        }
        await answer.body?.cancel()
        why =
          answer.status === 429
            ? `${this.gateway} is asked too often from this address`
            : `${this.gateway} answers ${answer.status}`
      } catch (error) {
        const { cause, message } = error as Error & { readonly cause?: Error }
        why = `${this.gateway} does not answer (${cause?.message ?? message})`
      }
      this.#at = (this.#at + 1) % this.#gateways.length
    }
    this.failures++
    throw new Unreachable(why)
  }
}
