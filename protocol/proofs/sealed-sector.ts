/**
 * Sealed storage and possession, small but genuine: a stacked DRG over 32-byte nodes, with Merkle commitments and no SNARK, so a
 * proof carries the openings themselves.
 *
 * A label is SHA-256 of {replica, layer, node, its parents' labels}; the last layer's labels are the key that the data is combined
 * with, by exclusive or. What is committed to: the data (commD), the columns of labels (commC) and the replica (commR). Filecoin's
 * mainnet has 11 layers and 32 GiB; here the layers are 4 and a sector is 16 KiB to 1 MiB. Filecoin adds in a field and proves by
 * Groth16 over Poseidon; both are left out, and said so in docs/internals/storage-proofs.md.
 */
import { philox } from "../kernel/random.ts"
import { DRG_DEGREE, PARENTS, parentsOf } from "./drg-graph.ts"
import { buildTree, depthOf, HASH_BYTES, isEqual, isInTree, pathOf, rootOf, type Digest } from "./merkle.ts"

export const LAYERS = 4
/** Nodes a seal's proof opens. */
export const SEAL_CHALLENGES = 6
/** Leaves of each sector that a proof of possession opens: as many as Filecoin's window proof of 10 per sector. */
export const POSSESSION_CHALLENGES = 10
export const SECTOR_BYTES_MIN = 16 * 1024
export const SECTOR_BYTES_MAX = 1024 * 1024
const COLUMN = LAYERS * HASH_BYTES

/** What a provider publishes of a sector. */
export interface Commitments {
  readonly commD: Uint8Array
  readonly commC: Uint8Array
  readonly commR: Uint8Array
}
/** What stays on its disk: the replica and its tree to prove from, and the labels' columns until the seal is proven. */
export interface Sealed extends Commitments {
  readonly replica: Uint8Array
  readonly replicaTree: Uint8Array
  readonly columns: Uint8Array
  readonly columnTree: Uint8Array
  readonly dataTree: Uint8Array
}

const SEAL_TAG = Uint8Array.from("blackstart sector 1", (c) => c.charCodeAt(0))

/** The name of a replica: whose it is, which of its sectors, of which data. Another provider's copy has another name and other bytes. */
export function replicaId(digest: Digest, owner: Uint8Array, sector: number, commD: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(SEAL_TAG.length + owner.length + 4 + HASH_BYTES)
  bytes.set(SEAL_TAG)
  bytes.set(owner, SEAL_TAG.length)
  new DataView(bytes.buffer).setUint32(SEAL_TAG.length + owner.length, sector, true)
  bytes.set(commD, SEAL_TAG.length + owner.length + 4)
  return digest(bytes)
}

/** Room for the longest label's input, reused. */
class Labeller {
  readonly #bytes = new Uint8Array(HASH_BYTES + 8 + PARENTS * HASH_BYTES)
  readonly #view = new DataView(this.#bytes.buffer)
  readonly #digest: Digest
  #used = 0

  constructor(digest: Digest, replica: Uint8Array) {
    this.#digest = digest
    this.#bytes.set(replica)
  }
  begin(layer: number, node: number): void {
    this.#view.setUint32(HASH_BYTES, layer, true)
    this.#view.setUint32(HASH_BYTES + 4, node, true)
    this.#used = HASH_BYTES + 8
  }
  parent(label: Uint8Array): void {
    this.#bytes.set(label, this.#used)
    this.#used += HASH_BYTES
  }
  end(): Uint8Array {
    return this.#digest(this.#bytes.subarray(0, this.#used))
  }
}

/** Seals `data`, whose length is a power of two of bytes. Throws a RangeError for any other length. */
export function seal(digest: Digest, data: Uint8Array, owner: Uint8Array, sector: number): Sealed {
  const nodes = nodesOf(data.length)
  const node = (of: Uint8Array, i: number): Uint8Array => of.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES)
  const dataTree = buildTree(digest, nodes, (i) => node(data, i))
  const commD = rootOf(dataTree)
  const labeller = new Labeller(digest, replicaId(digest, owner, sector, commD))
  const parents = new Uint32Array(nodes * PARENTS)
  for (let i = 0; i < nodes; i++) parentsOf(i, nodes, parents.subarray(i * PARENTS, (i + 1) * PARENTS))
  const columns = new Uint8Array(nodes * COLUMN)
  const label = (layer: number, i: number): Uint8Array =>
    columns.subarray(i * COLUMN + layer * HASH_BYTES, i * COLUMN + (layer + 1) * HASH_BYTES)
  for (let layer = 0; layer < LAYERS; layer++)
    for (let i = 0; i < nodes; i++) {
      labeller.begin(layer, i)
      if (i > 0) for (let k = 0; k < DRG_DEGREE; k++) labeller.parent(label(layer, parents[i * PARENTS + k]))
      if (layer > 0) for (let k = DRG_DEGREE; k < PARENTS; k++) labeller.parent(label(layer - 1, parents[i * PARENTS + k]))
      label(layer, i).set(labeller.end())
    }
  const replica = new Uint8Array(data.length)
  for (let i = 0; i < nodes; i++)
    for (let b = 0; b < HASH_BYTES; b++) replica[i * HASH_BYTES + b] = data[i * HASH_BYTES + b] ^ label(LAYERS - 1, i)[b]
  const columnTree = buildTree(digest, nodes, (i) => columns.subarray(i * COLUMN, (i + 1) * COLUMN))
  const replicaTree = buildTree(digest, nodes, (i) => node(replica, i))
  return { commD, commC: rootOf(columnTree), commR: rootOf(replicaTree), replica, replicaTree, columns, columnTree, dataTree }
}

export function nodesOf(bytes: number): number {
  const nodes = bytes / HASH_BYTES
  if (bytes < SECTOR_BYTES_MIN || bytes > SECTOR_BYTES_MAX || 1 << depthOf(nodes) !== nodes)
    throw new RangeError(`a sector has ${SECTOR_BYTES_MIN} to ${SECTOR_BYTES_MAX} bytes, a power of two, got ${bytes}`)
  return nodes
}

/** Challenged nodes of a sector under a 32-byte seed: drawn with replacement, as the chance of detection 1 − (1 − a)^c takes them. */
export function challengesOf(seed: Uint8Array, sector: number, nodes: number, count: number): Uint32Array {
  const words = new Uint32Array(4)
  const s = new DataView(seed.buffer, seed.byteOffset, HASH_BYTES)
  const u = (i: number): number => s.getUint32(4 * i, true)
  return Uint32Array.from({ length: count }, (_, k) => {
    // All 256 bits of the seed count: two passes, the second keyed by the other half.
    philox(words, u(0), u(1), sector, k, u(2), u(3))
    philox(words, words[0], words[1], words[2], words[3] ^ u(4), u(5) ^ u(6), u(7))
    return words[0] % nodes
  })
}

/** Opens the challenged leaves of a replica: a leaf and its path each, end to end. The bytes are read from `replica` as they are now. */
export function provePossession(replica: Uint8Array, tree: Uint8Array, challenges: Uint32Array): Uint8Array {
  const nodes = nodesOf(replica.length)
  const depth = depthOf(nodes)
  const out = new Uint8Array(challenges.length * (1 + depth) * HASH_BYTES)
  challenges.forEach((i, k) => {
    const at = k * (1 + depth) * HASH_BYTES
    out.set(replica.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES), at)
    out.set(pathOf(tree, nodes, i), at + HASH_BYTES)
  })
  return out
}

/** Are these the challenged leaves of the replica behind `commR`? Total: any other bytes are false. */
export function isPossession(
  digest: Digest,
  commR: Uint8Array,
  nodes: number,
  challenges: Uint32Array,
  proof: Uint8Array,
): boolean {
  const size = (1 + depthOf(nodes)) * HASH_BYTES
  if (proof.length !== challenges.length * size) return false
  return challenges.every((i, k) => {
    const one = proof.subarray(k * size, (k + 1) * size)
    return isInTree(digest, commR, nodes, i, one.subarray(0, HASH_BYTES), one.subarray(HASH_BYTES))
  })
}

/** Opens the challenged nodes of a fresh seal: data, replica, its column and its parents' columns, each with its path. */
export function proveSeal(data: Uint8Array, sealed: Sealed, challenges: Uint32Array): Uint8Array {
  const nodes = nodesOf(data.length)
  const parts: Uint8Array[] = []
  const parents = new Uint32Array(PARENTS)
  const column = (i: number): void =>
    void parts.push(sealed.columns.subarray(i * COLUMN, (i + 1) * COLUMN), pathOf(sealed.columnTree, nodes, i))
  for (const i of challenges) {
    const leaf = (of: Uint8Array): Uint8Array => of.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES)
    parts.push(leaf(data), pathOf(sealed.dataTree, nodes, i), leaf(sealed.replica), pathOf(sealed.replicaTree, nodes, i))
    column(i)
    parentsOf(i, nodes, parents)
    for (const p of parents) column(p)
  }
  const out = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0))
  let at = 0
  for (const p of parts) {
    out.set(p, at)
    at += p.length
  }
  return out
}

/** Is the replica behind these commitments the seal of the data behind them, at the challenged nodes? Total. */
export function isSeal(
  digest: Digest,
  { commD, commC, commR }: Commitments,
  replica: Uint8Array,
  nodes: number,
  challenges: Uint32Array,
  proof: Uint8Array,
): boolean {
  const path = depthOf(nodes) * HASH_BYTES
  const size = 2 * (HASH_BYTES + path) + (1 + PARENTS) * (COLUMN + path)
  if (proof.length !== challenges.length * size) return false
  const labeller = new Labeller(digest, replica)
  const parents = new Uint32Array(PARENTS)
  return challenges.every((i, k) => {
    let at = k * size
    const take = (n: number): Uint8Array => proof.subarray(at, (at += n))
    const [data, dataPath, encoded, encodedPath] = [take(HASH_BYTES), take(path), take(HASH_BYTES), take(path)]
    if (!isInTree(digest, commD, nodes, i, data, dataPath) || !isInTree(digest, commR, nodes, i, encoded, encodedPath))
      return false
    parentsOf(i, nodes, parents)
    const own = take(COLUMN)
    if (!isInTree(digest, commC, nodes, i, own, take(path))) return false
    const columns: Uint8Array[] = []
    for (const p of parents) {
      const column = take(COLUMN)
      if (!isInTree(digest, commC, nodes, p, column, take(path))) return false
      columns.push(column)
    }
    const label = (column: Uint8Array, layer: number): Uint8Array => column.subarray(layer * HASH_BYTES, (layer + 1) * HASH_BYTES)
    for (let layer = 0; layer < LAYERS; layer++) {
      labeller.begin(layer, i)
      if (i > 0) for (let d = 0; d < DRG_DEGREE; d++) labeller.parent(label(columns[d], layer))
      if (layer > 0) for (let d = DRG_DEGREE; d < PARENTS; d++) labeller.parent(label(columns[d], layer - 1))
      if (!isEqual(labeller.end(), label(own, layer))) return false
    }
    const key = label(own, LAYERS - 1)
    return data.every((byte, b) => (byte ^ key[b]) === encoded[b])
  })
}
