/**
 * What runs while validators are perturbed: two real storage nodes that seal, prove and are paid, and keys that send signed payments
 * through all gateways, one after the other, keeping every acknowledgement. At the end each must stand in the chain exactly once.
 */
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { hexOf, newKeyPair, signCommand, type KeyPair } from "../ledger/command.ts"
import type { Genesis } from "../ledger/genesis.ts"
import { Agent } from "../node/agent.ts"
import { GatewayClient, Unreachable } from "../node/client.ts"
import { Home } from "../node/home.ts"

const PAUSE_MS = 80
const FUNDS = String(10n ** 22n)
const KEY = 32
const SIGNATURE = 64

export interface Acknowledged {
  readonly signature: string
  readonly height: number
}

export const signatureIn = (bytes: Uint8Array): string => hexOf(bytes.subarray(KEY, KEY + SIGNATURE))

export class Load {
  readonly acknowledged: Acknowledged[] = []
  /** Milliseconds from submission to the answer, of payments that were final at the first try. */
  readonly waits: number[] = []
  /** Sent again, because no answer came or the validators had not agreed yet. */
  resent = 0
  readonly #genesis: Genesis
  readonly #gateways: readonly string[]
  readonly #stop = new AbortController()
  readonly #running: Promise<unknown>[] = []

  constructor(genesis: Genesis, gateways: readonly string[]) {
    this.#genesis = genesis
    this.#gateways = gateways
  }

  /** Real nodes, in this process: each with a home, a key and a sector of its own. */
  startNodes(dir: string, count: number): void {
    for (let k = 0; k < count; k++) {
      const folder = join(dir, `node${k}`)
      mkdirSync(folder, { recursive: true })
      const home = new Home(folder)
      const gateways = this.#from(k)
      const config = { gateways, roles: ["storage"], sectors: 1, pagePort: 0 } as const
      home.saveConfig(config)
      this.#running.push(new Agent({ home, config, say: () => {}, signal: this.#stop.signal }).run().catch(() => {}))
    }
  }

  startPayments(lanes: number): void {
    for (let k = 0; k < lanes; k++) this.#running.push(this.#lane(newKeyPair(), new GatewayClient(this.#from(k))))
  }

  stop = async (): Promise<void> => {
    this.#stop.abort()
    await Promise.all(this.#running)
  }

  /** Every client begins with another gateway, and fails over to the rest. */
  #from(k: number): readonly string[] {
    const at = k % this.#gateways.length
    return [...this.#gateways.slice(at), ...this.#gateways.slice(0, at)]
  }

  async #lane(key: KeyPair, client: GatewayClient): Promise<void> {
    const { signal } = this.#stop
    let nonce = 0
    let nowS = this.#genesis.beginS
    const good = async (type: string, row: Record<string, number | string>, network = this.#genesis.network): Promise<void> => {
      const body = {
        chain: this.#genesis.chain,
        expiryS: nowS + this.#genesis.expirySecondsMax - 7200,
        network,
        nonce: ++nonce,
        type,
        row,
      }
      const bytes = signCommand(key, body)
      const began = performance.now()
      let tries = 0
      while (!signal.aborted) {
        try {
          const [result] = await client.submit(bytes)
          if (result.code === 0) {
            this.acknowledged.push({ signature: signatureIn(bytes), height: result.height })
            if (tries === 0) this.waits.push(performance.now() - began)
            return
          }
          // Taken up by an earlier try whose answer was lost, or expired while the chain moved on: either way, on to the next.
          if (result.reason !== "not_final_yet" && result.reason !== "ledger_is_closing" && result.reason !== "disk_is_full")
            return
        } catch (error) {
          if (!(error instanceof Unreachable)) throw error
        }
        tries++
        this.resent++
        await sleep(300)
      }
    }
    const look = async (): Promise<void> => {
      try {
        nowS = (await client.status()).time
      } catch {
        // The time of before will do.
      }
    }
    await look()
    await good("OpenAccount", {}, "gate")
    const account = await client.account(hexOf(key.publicKey)).catch(() => undefined)
    if (account === undefined) return
    const { node } = account
    await good("CreateMiner", { node, offset: node % 48, fundsAtto: FUNDS })
    for (let n = 0; !signal.aborted; n++) {
      if (n % 50 === 0) await look()
      await good("FundMiner", { node, amountAtto: "1" })
      await sleep(PAUSE_MS)
    }
  }
}

export const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))
