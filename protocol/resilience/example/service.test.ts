/** Mechanisms 4 to 9, each with and without: what it is for is what is lost when it is switched off. */
import { describe, expect, test } from "vitest"
import { HOUR, MINUTE } from "../../kernel/clock.ts"
import { appendRow } from "../../kernel/table.ts"
import { computeDomainOutageLoss } from "../analytic/correlated-failure.ts"
import { piecesUp } from "../choose-place.ts"
import { CORRELATED } from "../confusion.ts"
import { Dice } from "../ensemble/dice.ts"
import { computeStage, largestShare } from "../release.ts"
import { computeBackoff } from "../repair.ts"
import { BEGIN_S, Rehearsal } from "./inhabit-rehearsal.ts"

const QUICK = { livenessDetector: 1, suspicionMinSeconds: 60, outageDeclaration: 0 }
const store = (r: Rehearsal, items: number, needed: number, pieces: number, units = 1, hasSource: 0 | 1 = 0) => {
  for (let i = 0; i < items; i++) appendRow(r.commands.StoreItem, { needed, pieces, units, priority: 0, hasSource, at: r.nowS })
  r.submit("StoreItem")
}
const served = (r: Rehearsal): number => {
  const { item } = r.state.placement
  let up = 0
  for (let i = 0; i < item.length; i++) if (piecesUp(r.state, i) >= item.needed[i]) up++
  return up / item.length
}

describe("placement", () => {
  /** Share of items unavailable while the largest of four providers, with half of the nodes, is dark. */
  const unavailable = (antiAffinity: number): number => {
    const r = new Rehearsal({
      nodes: 400,
      params: { ...QUICK, placementAntiAffinity: antiAffinity, repair: 0 },
      home: (node) => ({
        owner: node,
        country: 0,
        asn: 0,
        provider: node % 2 === 0 ? 1 : 2 + (Math.floor(node / 2) % 3),
        client: 1,
        grid: 0,
      }),
    })
    r.run(5)
    store(r, 400, 4, 10)
    r.run(2)
    for (const node of r.members("provider", 1)) r.set(node, false, CORRELATED)
    r.run(15)
    return 1 - served(r)
  }
  test("uniform placement loses what the hypergeometric law says, anti-affinity loses nothing", () => {
    const p = computeDomainOutageLoss(400, 200, 10, 4)
    expect(p).toBeGreaterThan(0.15)
    expect(Math.abs(unavailable(0) - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 400))
    expect(unavailable(4)).toBe(0)
  })
})

describe("repair", () => {
  /** Kills a fifth of the nodes for good every two hours, for twelve. */
  const attrition = (changes: Readonly<Record<string, number>>) => {
    const r = new Rehearsal({
      nodes: 300,
      params: { ...QUICK, placementAntiAffinity: 0, repairDelaySeconds: 300, repairThresholdPermille: 1000, ...changes },
    })
    r.run(5)
    store(r, 200, 3, 10)
    r.run(2)
    const dice = new Dice(5, "test/attrition")
    r.run(12 * 60, (minute) => {
      if (minute % 120 === 60) for (let node = 0; node < 300; node++) if (r.up[node] === 1 && dice.chance(0.2)) r.set(node, false)
    })
    return r
  }
  test("keeps items that are lost without it", () => {
    const on = attrition({})
    expect(on.state.placement.total.lost[0]).toBe(0)
    expect(served(on)).toBe(1)
    expect(on.state.placement.total.repaired[0]).toBeGreaterThan(400)
    expect(served(attrition({ repair: 0 }))).toBeLessThan(0.9)
  })
  test("stays within its bandwidth, and a narrow one repairs the items nearest to loss first", () => {
    const narrow = attrition({ repairUnitsPerMinute: 8 })
    const { total } = narrow.state.placement
    expect(total.repairUnits[0]).toBeLessThanOrEqual((8 * (narrow.nowS - BEGIN_S)) / MINUTE)
    expect(total.repaired[0]).toBeLessThan(attrition({}).state.placement.total.repaired[0])
    const stopped = attrition({ repairUnitsPerMinute: 0 })
    expect(stopped.state.placement.total.repairs[0]).toBe(0)
  })
  test("back-off doubles, is spread by jitter and has an end; items that failed together part", () => {
    const p = { repairBackoffSeconds: 60, repairJitterPermille: 500, observerSeed: 1 }
    for (let tries = 0; tries < 10; tries++) {
      const base = 60 * 2 ** Math.min(tries, 6)
      for (let item = 0; item < 50; item++) {
        const wait = computeBackoff(tries, item, p)
        expect(wait).toBeGreaterThanOrEqual(base)
        expect(wait).toBeLessThanOrEqual(base * 1.5)
      }
    }
    expect(new Set(Array.from({ length: 50 }, (_, item) => computeBackoff(3, item, p))).size).toBeGreaterThan(30)
    expect(computeBackoff(3, 1, { ...p, repairJitterPermille: 0 })).toBe(480)
  })
  test("targets that are down unseen: hedges bring items back sooner", () => {
    /** Piece-minutes truly missing over three hours, while a third of the targets died a moment before repair began. */
    const missing = (hedge: number): number => {
      const r = new Rehearsal({
        nodes: 300,
        params: {
          ...QUICK,
          placementAntiAffinity: 0,
          repairDelaySeconds: 0,
          repairHedge: hedge,
          repairConfirmSeconds: 1200,
          repairThresholdPermille: 1000,
        },
      })
      r.run(5)
      store(r, 100, 2, 4)
      r.run(2)
      for (let node = 0; node < 300; node += 5) r.set(node, false)
      let sum = 0
      r.run(180, (minute) => {
        if (minute === 5) for (let node = 1; node < 300; node += 3) r.set(node, false)
        const { item, slot } = r.state.placement
        for (let i = 0; i < item.length; i++) {
          let up = 0
          for (let s = item.firstSlot[i]; s < item.firstSlot[i] + item.slots[i]; s++)
            if (slot.state[s] === 2) up += r.up[slot.node[s]]
          sum += Math.max(0, item.pieces[i] - up)
        }
      })
      return sum
    }
    expect(missing(3)).toBeLessThan(missing(0) * 0.95)
  })
  test("work with a source is done again elsewhere, and replicas stand by", () => {
    const r = new Rehearsal({ nodes: 100, params: { ...QUICK, placementAntiAffinity: 0, repairDelaySeconds: 0 } })
    r.run(5)
    store(r, 30, 1, 1, 1, 1)
    store(r, 30, 1, 2)
    r.run(2)
    for (let node = 0; node < 40; node++) r.set(node, false)
    r.run(30)
    const { total, item } = r.state.placement
    expect(total.requeued[0]).toBeGreaterThan(5)
    for (let i = 0; i < 30; i++) expect(piecesUp(r.state, i)).toBe(1)
    // Two replicas that both died are lost; every other item serves.
    for (let i = 30; i < 60; i++) expect(item.lost[i] === 1 || piecesUp(r.state, i) >= 1).toBe(true)
  })
})

describe("degradation", () => {
  /** Twice the work the nodes can do for an hour, a fifth of it essential, with deadlines of five minutes; then an hour of calm. */
  const surge = (changes: Readonly<Record<string, number>>) => {
    const r = new Rehearsal({ nodes: 50, params: { ...changes } })
    r.run(2)
    r.run(120, (minute) => {
      const units = minute < 60 ? 1000 : 300
      appendRow(r.commands.OfferWork, { priority: 0, units: units / 5, deadlineS: r.nowS + 5 * MINUTE, at: r.nowS })
      appendRow(r.commands.OfferWork, { priority: 2, units: (units * 4) / 5, deadlineS: r.nowS + 5 * MINUTE, at: r.nowS })
      r.submit("OfferWork")
    })
    const { total } = r.state.admission
    return {
      useful: total.served[0] - total.late[0],
      late: total.late[0],
      degraded: total.degraded[0],
      turnedAway: total.turnedAway[0],
      expired: total.expired[0],
      queued: total.queued[0],
    }
  }
  const OFF = { admission: 0, dropExpired: 0, priorities: 0, brownOutPermille: 0 }
  test("with everything off, an hour's surge is still worked off for nobody an hour later", () => {
    const off = surge(OFF)
    const on = surge({})
    expect(off.late).toBeGreaterThan(20_000)
    expect(on.late).toBe(0)
    expect(on.useful).toBeGreaterThan(2 * off.useful)
  })
  test("each switch does its own part", () => {
    const off = surge(OFF)
    expect(surge({ ...OFF, dropExpired: 1 }).late).toBe(0)
    expect(surge({ ...OFF, admission: 1 }).turnedAway).toBeGreaterThan(0)
    expect(surge({ ...OFF, admission: 1 }).useful).toBeGreaterThan(off.useful)
    const brown = surge({ ...OFF, dropExpired: 1, brownOutPermille: 300 })
    expect(brown.degraded).toBeGreaterThan(0)
    expect(brown.useful).toBeGreaterThan(surge({ ...OFF, dropExpired: 1 }).useful)
  })
})

describe("roll-out", () => {
  /** A release on which every node fails its proofs. Share of the network on it when it was stopped, or after a day. */
  const push = (changes: Readonly<Record<string, number>>) => {
    const r = new Rehearsal({ nodes: 400, params: { rolloutBakeSeconds: 4 * HOUR, ...changes } })
    r.work = (node) => ({ work: 60, proving: r.state.releases.node.release[node] === 1 ? 0 : 1 })
    r.run(60)
    appendRow(r.commands.PushRelease, { at: r.nowS })
    r.submit("PushRelease")
    let worst = 0
    r.run(24 * 60, (minute) => {
      const { release } = r.state.releases
      if (minute % 10 !== 0 || release.status[0] !== 1) return
      for (let node = 0; node < 400; node++)
        if (
          r.state.releases.node.release[node] === 0 &&
          computeStage(node, 1, release.stages[0], release.canaryPermille[0], 1) <= release.stage[0]
        )
          appendRow(r.commands.AdoptRelease, { node, release: 1, at: r.nowS })
      r.submit("AdoptRelease")
      worst = Math.max(worst, largestShare(r.state))
    })
    return { worst, halts: r.state.releases.total.halts[0] }
  }
  test("one careless push takes a monoculture down", () =>
    expect(push({ rolloutStages: 1, versionCapPermille: 1000, rolloutHaltPermille: 1000 }).worst).toBe(1))
  test("with canaries it halts at the first stage", () => {
    const { worst, halts } = push({ rolloutCanaryPermille: 50 })
    expect(halts).toBe(1)
    expect(worst).toBeLessThan(0.1)
    expect(worst).toBeGreaterThan(0)
  })
  test("stages without a halt only delay it; a cap alone leaves the rest standing", () => {
    expect(push({ rolloutHaltPermille: 1000, versionCapPermille: 1000 }).worst).toBe(1)
    expect(push({ rolloutHaltPermille: 1000, versionCapPermille: 333 }).worst).toBeLessThanOrEqual(0.333)
  })
})

describe("ledger outage", () => {
  test("two days of receipts are settled afterwards, in order, each once; lost and late ones are counted", () => {
    const r = new Rehearsal({ nodes: 20, fund: 1_000_000 })
    const dice = new Dice(1, "test/receipts")
    // The ledger is halted for 48 hours: nothing is submitted, nodes keep what payers sign. Every fiftieth receipt is lost with a disk.
    const kept: { node: number; sequence: number; signedS: number; lost: boolean }[] = []
    for (let hour = 0; hour < 48; hour++)
      for (let node = 1; node < 20; node++)
        kept.push({ node, sequence: hour, signedS: BEGIN_S + hour * HOUR, lost: dice.chance(0.02) })
    const at = BEGIN_S + 49 * HOUR
    const lost = kept.filter((k) => k.lost).length
    const next = new Map<number, number>()
    // Handed in as they come: shuffled between nodes, in order within each, and half of them twice.
    for (const { node, sequence, signedS, lost: gone } of kept) {
      if (gone) continue
      if ((next.get(node) ?? 0) < sequence) {
        appendRow(r.commands.ForgoReceipts, { node, next: sequence, at })
        r.submit("ForgoReceipts")
      }
      next.set(node, sequence + 1)
      const row = { node, payer: 0, sequence, amount: 7, signedS, at }
      appendRow(r.commands.SettleReceipt, row)
      if (sequence % 2 === 0) appendRow(r.commands.SettleReceipt, row)
      r.submit("SettleReceipt")
    }
    for (let node = 1; node < 20; node++)
      if ((next.get(node) ?? 0) < 48) appendRow(r.commands.ForgoReceipts, { node, next: 48, at })
    r.submit("ForgoReceipts")
    const { total } = r.state.receipts
    expect(total.paid[0]).toBe(kept.length - lost)
    expect(total.forgone[0]).toBe(lost)
    expect(total.paidAmount[0]).toBe(7 * (kept.length - lost))
    expect(total.delayed[0]).toBe(total.paid[0])
    expect(total.delayMaxSeconds[0]).toBeLessThanOrEqual(49 * HOUR)
    const twice = r.machine.refused[r.machine.reasons.indexOf("receipt_was_settled")]
    expect(twice).toBeGreaterThan(400)
  })
})

describe("black start", () => {
  /** Nodes come up at random over two hours; keepers last. Times from the first node, in seconds; 0: never. */
  const blackStart = (changes: Readonly<Record<string, number>>, forked = 0) => {
    const r = new Rehearsal({ nodes: 200, params: changes })
    const dice = new Dice(2, "test/black-start")
    const wakes = Array.from({ length: 200 }, (_, node) => (node < 20 ? 40 : 0) + dice.below(80))
    const met = new Uint32Array(200)
    const { restart } = r.state
    for (let minute = 0; minute < 240; minute++) {
      const at = BEGIN_S + minute * MINUTE
      for (let node = 0; node < 200; node++) {
        if (wakes[node] > minute) continue
        const { phase } = restart.node
        if (phase[node] === 0)
          appendRow(r.commands.StartNode, {
            node,
            role: node < 20 ? 0 : node < 30 ? 1 : node < 50 ? 2 : 3,
            height: 1000,
            digest: node < forked ? 2 : 1,
            at,
          })
        else if (phase[node] === 1) {
          for (let peer = met[node]; peer < 200 && restart.node.peers[node] < 3; peer++)
            if (peer !== node && phase[peer] > 0) {
              appendRow(r.commands.MeetPeer, { node, peer, at })
              met[node] = peer + 1
              break
            }
          const source = phase.findIndex((p) => p >= 2)
          if (source >= 0) appendRow(r.commands.TakeSnapshot, { node, from: source, at })
        } else if (phase[node] === 2) appendRow(r.commands.BeginService, { node, at })
      }
      for (const type of ["StartNode", "MeetPeer", "TakeSnapshot", "BeginService"] as const) r.submit(type)
      r.machine.clear()
    }
    const { ledgerS, begunS, firstServiceS, restoredS, running } = restart.total
    const from = (t: number) => (t === 0 ? 0 : t - begunS[0])
    return { ledger: from(ledgerS[0]), first: from(firstServiceS[0]), restored: from(restoredS[0]), running: running[0] }
  }
  test("first the ledger by quorum, then service in order, then 99 %", () => {
    const { ledger, first, restored } = blackStart({})
    expect(ledger).toBeGreaterThan(40 * MINUTE)
    expect(first).toBeGreaterThan(ledger)
    expect(restored).toBeGreaterThan(first)
    expect(restored).toBeLessThan(3 * HOUR)
  })
  test("a lower quorum is sooner, and keepers that forked beyond the quorum's rest never restart", () => {
    expect(blackStart({ restartQuorumPermille: 500 }).ledger).toBeLessThan(blackStart({ restartQuorumPermille: 900 }).ledger)
    expect(blackStart({}, 9)).toMatchObject({ ledger: 0, first: 0, running: 0 })
  })
})
