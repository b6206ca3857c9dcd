/**
 * The least that a year of deadlines can cost: plain typed arrays that write a proof and a daily fee for every provider and half hour,
 * move the fee from its balance and its vesting rewards, and chain both rows by SHA-256. No elections, faults, filters or promises.
 */
import { sha256 } from "./workload.ts"

const SLOTS = 48
const BASE = 2 ** 48

export interface BareYear {
  readonly proofs: number
  readonly seconds: number
}

export function bareDeadlines(nodes: number, days: number): BareYear {
  const proof = {
    node: new Uint32Array(nodes * SLOTS),
    deadline: new Uint8Array(nodes * SLOTS),
    slot: new Uint32Array(nodes * SLOTS),
    sectors: new Uint32Array(nodes * SLOTS),
  }
  const fee = {
    node: new Uint32Array(nodes * SLOTS),
    deadline: new Uint8Array(nodes * SLOTS),
    hi: new Float64Array(nodes * SLOTS),
    lo: new Float64Array(nodes * SLOTS),
    paid: new Uint8Array(nodes * SLOTS),
  }
  const deadline = {
    live: new Uint32Array(nodes * SLOTS).fill(20),
    faulty: new Uint32Array(nodes * SLOTS),
    recovering: new Uint32Array(nodes * SLOTS),
    feeHi: new Float64Array(nodes * SLOTS),
    feeLo: new Float64Array(nodes * SLOTS).fill(123_456_789),
  }
  const offset = Uint8Array.from({ length: nodes }, (_, i) => i % SLOTS)
  const provenSlot = new Uint32Array(nodes)
  const proofs = new Float64Array(nodes)
  const [heldHi, heldLo, lockedHi, lockedLo] = [0, 1, 2, 3].map((k) => new Float64Array(nodes).fill(k % 2 === 0 ? 1e6 : 0))
  let previous = new Uint8Array(32)
  let done = 0
  const pay = (his: Float64Array, los: Float64Array, node: number, hi: number, lo: number): void => {
    const rest = los[node] - lo
    const borrow = rest < 0 ? 1 : 0
    los[node] = rest + borrow * BASE
    his[node] -= hi + borrow
  }
  const begin = performance.now()
  for (let day = 0; day < days; day++) {
    let r = 0
    for (let phase = 0; phase < SLOTS; phase++) {
      const slot = day * SLOTS + phase + 1
      const first = phase * nodes
      const from = r
      for (let node = 0; node < nodes; node++) {
        const d = first + node
        const provable = deadline.live[d] - deadline.faulty[d] + deadline.recovering[d]
        if (provable === 0 || provenSlot[node] === slot) continue
        proof.node[r] = node
        proof.deadline[r] = phase < offset[node] ? phase + SLOTS - offset[node] : phase - offset[node]
        proof.slot[r] = slot
        proof.sectors[r] = provable
        r++
      }
      for (let i = from; i < r; i++) {
        provenSlot[proof.node[i]] = slot
        proofs[proof.node[i]]++
      }
      for (let i = from; i < r; i++) {
        const node = proof.node[i]
        fee.node[i] = node
        fee.deadline[i] = proof.deadline[i]
        fee.hi[i] = deadline.feeHi[first + node]
        fee.lo[i] = deadline.feeLo[first + node]
        fee.paid[i] = lockedHi[node] > fee.hi[i] ? 1 : 0
      }
      for (let i = from; i < r; i++) {
        pay(heldHi, heldLo, fee.node[i], fee.hi[i], fee.lo[i])
        pay(lockedHi, lockedLo, fee.node[i], fee.hi[i], fee.lo[i])
      }
    }
    const hasher = sha256()
    hasher.update(previous)
    for (const table of [proof, fee])
      for (const column of Object.values(table)) hasher.update(new Uint8Array(column.buffer, 0, r * column.BYTES_PER_ELEMENT))
    previous = new Uint8Array(hasher.digest())
    done += r
  }
  return { proofs: done, seconds: (performance.now() - begin) / 1000 }
}
