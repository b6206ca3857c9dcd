/** Content by its hash, in a folder: what was promised on the chain, and nothing else. Every read checks the hash again. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs"
import { join } from "node:path"
import { replaceFile } from "../../protocol/boundary/durable.ts"
import { hexOf, sha256 } from "../ledger/command.ts"
import { FILE_BYTES_MAX } from "./manifest.ts"

export type BlobRefusal = "not_its_hash" | "not_promised" | "oversize" | "store_is_full"
export const STORE_BYTES_MAX = 256 * 1024 * 1024

export class BlobStore {
  readonly #dir: string
  readonly #max: number
  #bytes: number | undefined

  constructor(dir: string, max = STORE_BYTES_MAX) {
    this.#dir = dir
    this.#max = max
  }

  /** The content, or undefined where it is not there or not what it was. */
  get(hash: string): Uint8Array | undefined {
    if (!/^[0-9a-f]{64}$/u.test(hash)) return undefined
    const path = join(this.#dir, hash)
    if (!existsSync(path)) return undefined
    const bytes = readFileSync(path)
    if (hexOf(sha256(bytes)) === hash) return new Uint8Array(bytes)
    rmSync(path, { force: true })
    this.#bytes = undefined
    return undefined
  }

  /** Keeps content under its hash, if it is that content and `isPromised` says that the chain wants it. */
  put(hash: string, bytes: Uint8Array, isPromised: (hash: string) => boolean): BlobRefusal | undefined {
    if (bytes.length > FILE_BYTES_MAX) return "oversize"
    if (hexOf(sha256(bytes)) !== hash) return "not_its_hash"
    if (!isPromised(hash)) return "not_promised"
    if (existsSync(join(this.#dir, hash))) return undefined
    if (this.#used() + bytes.length > this.#max) return "store_is_full"
    mkdirSync(this.#dir, { recursive: true, mode: 0o700 })
    replaceFile(join(this.#dir, hash), bytes)
    this.#bytes = this.#used() + bytes.length
    return undefined
  }

  /** Drops what is not among these. */
  keepOnly(wanted: ReadonlySet<string>): void {
    if (!existsSync(this.#dir)) return
    for (const name of readdirSync(this.#dir)) if (!wanted.has(name)) rmSync(join(this.#dir, name), { force: true })
    this.#bytes = undefined
  }

  #used(): number {
    this.#bytes ??= existsSync(this.#dir)
      ? readdirSync(this.#dir).reduce((sum, name) => sum + statSync(join(this.#dir, name)).size, 0)
      : 0
    return this.#bytes
  }
}
