/** Sealed storage: an honest seal and proof pass, anything else is caught, and how often is what the formula says. */
import { createHash } from "node:crypto"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { parentsOf, PARENTS, DRG_DEGREE } from "./drg-graph.ts"
import {
  challengesOf,
  isPossession,
  isSeal,
  nodesOf,
  POSSESSION_CHALLENGES,
  provePossession,
  proveSeal,
  replicaId,
  seal,
  SEAL_CHALLENGES,
} from "./sealed-sector.ts"

const digest = (bytes: Uint8Array): Uint8Array => createHash("sha256").update(bytes).digest()
const BYTES = 16 * 1024
const nodes = nodesOf(BYTES)
const data = Uint8Array.from({ length: BYTES }, (_, i) => (i * 7919) >> 3)
const owner = new Uint8Array(32).fill(7)
const sealed = seal(digest, data, owner, 3)
const id = replicaId(digest, owner, 3, sealed.commD)
const seedOf = (n: number): Uint8Array => digest(Uint8Array.of(n & 255, (n >> 8) & 255, n >> 16))

describe("the graph", () => {
  test("parents in a layer lie before their child, and every label below has exactly eight children", () => {
    const parents = new Uint32Array(PARENTS)
    const children = new Uint32Array(nodes)
    for (let i = 0; i < nodes; i++) {
      parentsOf(i, nodes, parents)
      for (let k = 0; k < DRG_DEGREE; k++) expect(parents[k]).toBeLessThan(Math.max(1, i))
      for (let k = DRG_DEGREE; k < PARENTS; k++) children[parents[k]]++
    }
    expect([...children].every((n) => n === 8)).toBe(true)
  })
})

describe("a seal", () => {
  const challenges = challengesOf(seedOf(1), 3, nodes, SEAL_CHALLENGES)
  const proof = proveSeal(data, sealed, challenges)

  test("an honest one is proven, node 0 included", () => {
    expect(isSeal(digest, sealed, id, nodes, challenges, proof)).toBe(true)
    const first = Uint32Array.of(0, 1, nodes - 1)
    expect(isSeal(digest, sealed, id, nodes, first, proveSeal(data, sealed, first))).toBe(true)
  })

  test("another provider cannot pass it off as its own, nor as another sector", () => {
    for (const other of [
      replicaId(digest, new Uint8Array(32).fill(8), 3, sealed.commD),
      replicaId(digest, owner, 4, sealed.commD),
    ])
      expect(isSeal(digest, sealed, other, nodes, challenges, proof)).toBe(false)
  })

  test("data committed to as if it were sealed is caught", () => {
    const lazy = { ...sealed, replica: data, replicaTree: sealed.dataTree, commR: sealed.commD }
    expect(isSeal(digest, lazy, id, nodes, challenges, proveSeal(data, lazy, challenges))).toBe(false)
  })

  test("one changed byte anywhere in a proof is caught", () => {
    fc.assert(
      fc.property(fc.nat(proof.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const forged = proof.slice()
        forged[at] ^= by
        return !isSeal(digest, sealed, id, nodes, challenges, forged)
      }),
      { numRuns: 60 },
    )
  })

  test("any bytes at all are no proof, and no crash", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4096 }), (bytes) => !isSeal(digest, sealed, id, nodes, challenges, bytes)),
      { numRuns: 200 },
    )
  })
})

describe("possession", () => {
  test("what lies there is proven; a missing, moved or foreign leaf is not", () => {
    const challenges = challengesOf(seedOf(9), 3, nodes, POSSESSION_CHALLENGES)
    const proof = provePossession(sealed.replica, sealed.replicaTree, challenges)
    expect(isPossession(digest, sealed.commR, nodes, challenges, proof)).toBe(true)
    expect(isPossession(digest, sealed.commR, nodes, challenges, proof.subarray(32))).toBe(false)
    expect(isPossession(digest, sealed.commR, nodes, challengesOf(seedOf(10), 3, nodes, POSSESSION_CHALLENGES), proof)).toBe(
      false,
    )
    expect(isPossession(digest, sealed.commD, nodes, challenges, proof)).toBe(false)
    const gone = provePossession(new Uint8Array(BYTES), sealed.replicaTree, challenges)
    expect(isPossession(digest, sealed.commR, nodes, challenges, gone)).toBe(false)
  })

  test.each([0.02, 0.1, 0.3])("with %f of the leaves lost, detection is 1 − (1 − a)^c within four standard errors", (share) => {
    const lost = Math.round(share * nodes)
    const damaged = sealed.replica.slice()
    // A contiguous hole, as a lost block of a disk is.
    damaged.fill(0, 100 * 32, (100 + lost) * 32)
    const a = lost / nodes
    const runs = 600
    let caught = 0
    for (let n = 0; n < runs; n++) {
      const challenges = challengesOf(seedOf(n), 3, nodes, POSSESSION_CHALLENGES)
      const proof = provePossession(damaged, sealed.replicaTree, challenges)
      if (!isPossession(digest, sealed.commR, nodes, challenges, proof)) caught++
    }
    const expected = 1 - (1 - a) ** POSSESSION_CHALLENGES
    const error = Math.sqrt((expected * (1 - expected)) / runs)
    expect(Math.abs(caught / runs - expected)).toBeLessThan(4 * error)
  })
})
