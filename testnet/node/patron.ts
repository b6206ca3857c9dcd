/** Whoever pays for work on a chain: joins with a key, and signs what it asks, one command after the other. */
import { RecordProblem } from "../../protocol/boundary/durable.ts"
import type { Ask, Live } from "../../protocol/kernel/live.ts"
import { networkOf } from "../../protocol/networks/index.ts"
import { hexOf, signCommand, type KeyPair } from "../ledger/command.ts"
import type { Account, Status } from "../ledger/reading.ts"
import { doorRefusals } from "../ledger/refusals.ts"
import type { GatewayClient } from "./client.ts"

const GOOD_FOR_S = 60

export class Patron {
  readonly client: GatewayClient
  readonly #key: KeyPair

  constructor(client: GatewayClient, key: KeyPair) {
    this.client = client
    this.#key = key
  }

  /** Joins where it has not yet. Throws a RecordProblem where the chain's network has no such door. */
  async joined<D extends "lease" | "render">(
    role: D,
    lacks: string,
  ): Promise<{ readonly account: Account; readonly status: Status; readonly door: NonNullable<Live[D]> }> {
    const hex = hexOf(this.#key.publicKey)
    const status = await this.client.status()
    const live: Live | undefined = networkOf(status.network)?.live
    const door = live?.[role]
    if (door === undefined) throw new RecordProblem(`the chain ${status.chain} runs ${status.network}, which ${lacks}`)
    if ((await this.client.account(hex)) === undefined)
      await this.ask({ type: "OpenAccount", row: {} }, undefined, "joining", "gate")
    return { account: (await this.client.account(hex))!, status, door: door as NonNullable<Live[D]> }
  }

  /** Signs one command and waits until it is final. Throws a RecordProblem with the refusal in words. */
  async ask({ type, row }: Ask, evidence: Uint8Array | undefined, doing: string, network?: string): Promise<void> {
    const status = await this.client.status()
    const account = await this.client.account(hexOf(this.#key.publicKey))
    const expiryS = status.time + Math.min(status.expirySecondsMax, GOOD_FOR_S * status.speed)
    const body = { chain: status.chain, expiryS, network: network ?? status.network, nonce: (account?.nonce ?? 0) + 1, type, row }
    const [{ reason }] = await this.client.submit(signCommand(this.#key, body, evidence))
    if (reason === "") return
    const words = (doorRefusals as Record<string, string>)[reason] ?? networkOf(status.network)?.refusals[reason] ?? ""
    throw new RecordProblem(`${doing} was refused: ${reason}. ${words}`)
  }
}
