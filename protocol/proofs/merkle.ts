/**
 * Binary Merkle trees over 32-byte leaves, a power of two of them. Leaves and inner nodes are told apart by a first byte, so that
 * neither can pass for the other. The digest is handed in; both ends must use SHA-256.
 */

export type Digest = (bytes: Uint8Array) => Uint8Array
export const HASH_BYTES = 32

const buffer = new Uint8Array(1 + 2 * HASH_BYTES)
const inner = (digest: Digest, all: Uint8Array, left: number, more: Uint8Array, right: number): Uint8Array => {
  buffer[0] = 1
  buffer.set(all.subarray(left, left + HASH_BYTES), 1)
  buffer.set(more.subarray(right, right + HASH_BYTES), 1 + HASH_BYTES)
  return digest(buffer)
}
/** The digest of a leaf's bytes. */
export function leafDigest(digest: Digest, bytes: Uint8Array): Uint8Array {
  const framed = new Uint8Array(1 + bytes.length)
  framed.set(bytes, 1)
  return digest(framed)
}

/** Levels end to end, leaf digests first, the root last: 2n − 1 digests. `leaf` gives leaf i's bytes. */
export function buildTree(digest: Digest, leaves: number, leaf: (i: number) => Uint8Array): Uint8Array {
  const tree = new Uint8Array((2 * leaves - 1) * HASH_BYTES)
  for (let i = 0; i < leaves; i++) tree.set(leafDigest(digest, leaf(i)), i * HASH_BYTES)
  let from = 0
  for (let n = leaves; n > 1; n >>= 1) {
    const to = from + n
    for (let i = 0; i < n >> 1; i++) {
      const at = (from + 2 * i) * HASH_BYTES
      tree.set(inner(digest, tree, at, tree, at + HASH_BYTES), (to + i) * HASH_BYTES)
    }
    from = to
  }
  return tree
}

export const rootOf = (tree: Uint8Array): Uint8Array => tree.subarray(tree.length - HASH_BYTES)

/** Levels between a leaf and the root of so many leaves, which are a power of two. */
export function depthOf(leaves: number): number {
  let depth = 0
  while (1 << depth < leaves) depth++
  return depth
}

/** Siblings from leaf `i` up to below the root. */
export function pathOf(tree: Uint8Array, leaves: number, i: number): Uint8Array {
  const depth = depthOf(leaves)
  const path = new Uint8Array(depth * HASH_BYTES)
  let from = 0
  let at = i
  for (let level = 0, n = leaves; level < depth; level++, n >>= 1) {
    const sibling = (from + (at ^ 1)) * HASH_BYTES
    path.set(tree.subarray(sibling, sibling + HASH_BYTES), level * HASH_BYTES)
    from += n
    at >>= 1
  }
  return path
}

/** Does the path lead from these bytes, as leaf `i` of `leaves`, to this root? False for any path of another length. */
export function isInTree(
  digest: Digest,
  root: Uint8Array,
  leaves: number,
  i: number,
  bytes: Uint8Array,
  path: Uint8Array,
): boolean {
  const depth = depthOf(leaves)
  if (path.length !== depth * HASH_BYTES || i < 0 || i >= leaves) return false
  let node = leafDigest(digest, bytes)
  for (let level = 0; level < depth; level++) {
    const at = level * HASH_BYTES
    node = ((i >> level) & 1) === 0 ? inner(digest, node, 0, path, at) : inner(digest, path, at, node, 0)
  }
  return isEqual(node, root)
}

export function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
