/**
 * The engine's JSON-RPC, through several endpoints: one that does not answer is left for the next, and stays left for a while. A tx
 * may so arrive twice; nonces make the second one a replay.
 */

const TIMEOUT_MS = 3000

/** No endpoint answered, or the one that did had an error of its own. */
export class RpcProblem extends Error {
  constructor(why: string) {
    super(why)
    this.name = "RpcProblem"
  }
}

export interface BlockId {
  readonly hash: string
}
export interface RpcStatus {
  readonly node_info: { readonly id: string; readonly moniker: string; readonly version: string }
  readonly sync_info: {
    readonly latest_block_hash: string
    readonly latest_app_hash: string
    readonly latest_block_height: string
    readonly latest_block_time: string
    readonly earliest_block_height: string
    readonly catching_up: boolean
  }
  readonly validator_info: { readonly address: string; readonly voting_power: string }
}
export interface RpcBlock {
  readonly block_id: BlockId
  readonly block: {
    readonly header: {
      readonly height: string
      readonly time: string
      readonly app_hash: string
      readonly validators_hash: string
    }
    readonly data: { readonly txs: readonly string[] | null }
    readonly evidence: { readonly evidence: readonly { readonly type: string }[] | null }
  } | null
}

export class CometRpc {
  readonly endpoints: readonly string[]
  readonly #timeoutMs: number
  #at = 0
  #id = 0

  constructor(endpoints: readonly string[], timeoutMs = TIMEOUT_MS) {
    this.endpoints = endpoints
    this.#timeoutMs = timeoutMs
  }

  /** Which endpoint is asked first now. */
  get endpoint(): string {
    return this.endpoints[this.#at]
  }

  status = (): Promise<RpcStatus> => this.call("status")
  /** A block and its id; the last one without a height. */
  block = (height?: number): Promise<RpcBlock> => this.call("block", height === undefined ? {} : { height: String(height) })
  /** What an ABCI query found, as JSON. */
  query = async <T>(path: string): Promise<T> => {
    const { response } = await this.call<{ response: { code?: number; log?: string; value?: string | null } }>("abci_query", {
      path,
    })
    if ((response.code ?? 0) !== 0) throw new RpcProblem(response.log ?? `the query ${path} has code ${response.code}`)
    return JSON.parse(Buffer.from(response.value ?? "", "base64").toString("utf8")) as T
  }
  /** Hands a tx to the mempool; resolves with CheckTx' code once the mempool took or refused it. A tx that is there already is taken. */
  broadcast = async (tx: Uint8Array): Promise<number> => {
    try {
      return (await this.call<{ code: number }>("broadcast_tx_sync", { tx: Buffer.from(tx).toString("base64") })).code
    } catch (error) {
      if (error instanceof RpcProblem && error.message.includes("already exists in cache")) return 0
      throw error
    }
  }

  /** Rejects with an RpcProblem: the engine's own error at once, silence after every endpoint was tried. */
  async call<T>(method: string, params: object = {}): Promise<T> {
    let why = ""
    for (let k = 0; k < this.endpoints.length; k++) {
      const at = (this.#at + k) % this.endpoints.length
      let answer: { readonly result?: T; readonly error?: { readonly message: string; readonly data?: string } }
      try {
        const response = await fetch(this.endpoints[at], {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ jsonrpc: "2.0", id: ++this.#id, method, params }),
          signal: AbortSignal.timeout(this.#timeoutMs),
        })
        answer = (await response.json()) as typeof answer
      } catch (error) {
        const { cause, message } = error as Error & { readonly cause?: Error }
        why = `${this.endpoints[at]} does not answer (${cause?.message ?? message})`
        continue
      }
      this.#at = at
      if (answer.error !== undefined) throw new RpcProblem(`${method}: ${answer.error.message} ${answer.error.data ?? ""}`.trim())
      return answer.result as T
    }
    throw new RpcProblem(why)
  }
}
