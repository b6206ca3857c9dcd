/**
 * Sectors on a node's disk: real bytes, sealed. A sector's data follows from the key and its number, as committed capacity's does on
 * mainnet, so that a crash in the middle of sealing loses nothing: it is sealed again to the same replica.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { replaceFile } from "../../protocol/boundary/durable.ts"
import { isEqual, rootOf } from "../../protocol/proofs/merkle.ts"
import {
  challengesOf,
  isPossession,
  nodesOf,
  POSSESSION_CHALLENGES,
  provePossession,
  proveSeal,
  seal,
  SEAL_CHALLENGES,
  type Sealed,
} from "../../protocol/proofs/sealed-sector.ts"
import { sha256 } from "../ledger/command.ts"

export class SectorStore {
  readonly #dir: string
  readonly #owner: Uint8Array
  readonly #bytes: number

  constructor(dir: string, owner: Uint8Array, sectorBytes: number) {
    this.#dir = dir
    this.#owner = owner
    this.#bytes = sectorBytes
  }

  fileOf(number: number): string {
    return join(this.#dir, `${String(number).padStart(6, "0")}.replica`)
  }
  #treeOf(number: number): string {
    return join(this.#dir, `${String(number).padStart(6, "0")}.tree`)
  }

  /** Seals a sector and puts replica and tree on disk, if they are not there. Returns what it is committed to. */
  seal(number: number): Sealed {
    const sealed = seal(sha256, this.#data(number), this.#owner, number)
    mkdirSync(this.#dir, { recursive: true, mode: 0o700 })
    replaceFile(this.fileOf(number), sealed.replica)
    replaceFile(this.#treeOf(number), sealed.replicaTree)
    return sealed
  }

  /** Proof of the seal under a window's seed. */
  proveSeal(number: number, seed: Uint8Array): Uint8Array {
    const data = this.#data(number)
    const challenges = challengesOf(seed, number, nodesOf(this.#bytes), SEAL_CHALLENGES)
    return proveSeal(data, seal(sha256, data, this.#owner, number), challenges)
  }

  /** Proof of possession, from the bytes on disk; undefined where they are gone or the proof would not hold. */
  provePossession(number: number, seed: Uint8Array): Uint8Array | undefined {
    const challenges = challengesOf(seed, number, nodesOf(this.#bytes), POSSESSION_CHALLENGES)
    const files = this.#read(number)
    if (files === undefined) return undefined
    const proof = provePossession(files.replica, files.tree, challenges)
    return isPossession(sha256, rootOf(files.tree), nodesOf(this.#bytes), challenges, proof) ? proof : undefined
  }

  /** Is every byte of the sector what was committed to? For the doctor, and before a recovery is declared. */
  isWhole(number: number, commR: Uint8Array): boolean {
    const files = this.#read(number)
    if (files === undefined || !isEqual(rootOf(files.tree), commR)) return false
    const all = Uint32Array.from({ length: nodesOf(this.#bytes) }, (_, i) => i)
    const proof = provePossession(files.replica, files.tree, all)
    return isPossession(sha256, commR, nodesOf(this.#bytes), all, proof)
  }

  /** Removes what the chain no longer counts. */
  drop(number: number): void {
    rmSync(this.fileOf(number), { force: true })
    rmSync(this.#treeOf(number), { force: true })
  }

  kept(): number {
    return existsSync(this.#dir) ? readdirSync(this.#dir).filter((f) => f.endsWith(".replica")).length : 0
  }

  #read(number: number): { replica: Uint8Array; tree: Uint8Array } | undefined {
    try {
      const replica = new Uint8Array(readFileSync(this.fileOf(number)))
      const tree = new Uint8Array(readFileSync(this.#treeOf(number)))
      const nodes = nodesOf(this.#bytes)
      return replica.length === this.#bytes && tree.length === (2 * nodes - 1) * 32 ? { replica, tree } : undefined
    } catch {
      return undefined
    }
  }

  #data(number: number): Uint8Array {
    const data = new Uint8Array(this.#bytes)
    const seed = Buffer.alloc(40)
    seed.set(this.#owner)
    seed.writeUInt32LE(number, 32)
    for (let at = 0; at < data.length; at += 32) {
      seed.writeUInt32LE(at, 36)
      data.set(sha256(seed), at)
    }
    return data
  }
}
