/** Mechanisms 1 to 3 against the truth of a rehearsal: what is detected, what is mistaken, and whether a faked outage pays. */
import { describe, expect, test } from "vitest"
import { CORRELATED, countOf, INDIVIDUAL, precision, recall, WELL } from "../confusion.ts"
import { Dice } from "../ensemble/dice.ts"
import { computeFakingGain, isFakingBounded } from "../grace.ts"
import { DECLARED, ENDED } from "../outage.ts"
import { BEGIN_S, Rehearsal, usualHome } from "./inhabit-rehearsal.ts"
import { params } from "./params.ts"
import { defaults } from "../../kernel/param.ts"

describe("liveness", () => {
  test("a network without failures suspects nobody, even where one heartbeat in a hundred is lost", () => {
    const r = new Rehearsal({ nodes: 500, loss: 0.01 })
    r.run(240)
    expect(r.falseSuspicions).toBe(0)
    expect(r.state.liveness.total.beats[0]).toBeGreaterThan(500 * 240 * 0.98)
  })
  test("lossy paths make suspicions, all of them refuted or left unconfirmed: observers on other paths see the node", () => {
    const r = new Rehearsal({ nodes: 500, loss: 0.35, params: { phiPauseMs: 30_000 } })
    r.run(240)
    expect(r.falseSuspicions).toBeGreaterThan(20)
    expect(r.state.liveness.total.confirmed[0]).toBe(0)
    expect(r.state.liveness.total.refuted[0]).toBeGreaterThanOrEqual(r.falseSuspicions - 500)
  })
  test("without observers the same paths take healthy nodes for down", () => {
    const r = new Rehearsal({
      nodes: 500,
      loss: 0.35,
      params: { phiPauseMs: 30_000, livenessDetector: 1, suspicionMinSeconds: 60 },
    })
    r.run(240)
    expect(r.state.liveness.total.confirmed[0]).toBeGreaterThan(0)
  })
  test("a dead node is confirmed within minutes; switched off, nothing is heard at all", () => {
    const r = new Rehearsal({ nodes: 300 })
    r.run(30)
    r.set(7, false)
    r.run(10)
    expect(r.state.liveness.node.status[7]).toBe(2)
    expect(r.state.liveness.node.downS[7] - BEGIN_S - 30 * 60).toBeLessThanOrEqual(10 * 60)
    const off = new Rehearsal({ nodes: 300, params: { livenessDetector: 0 } })
    off.run(30)
    expect(off.state.liveness.total.beats[0]).toBe(0)
  })
})

describe("outage declaration", () => {
  const rehearse = (changes: Readonly<Record<string, number>> = {}) => {
    const r = new Rehearsal({ nodes: 1000, seed: 3, params: changes })
    const dice = new Dice(3, "test/outage")
    const dark = r.members("country", 4)
    r.run(360, (minute) => {
      // One node in two hundred fails by itself each hour and stays away for two.
      for (let node = 0; node < 1000; node++) {
        if (r.up[node] === 1 && dice.chance(0.005 / 60)) r.set(node, false)
        else if (r.up[node] === 0 && r.cause[node] === INDIVIDUAL && dice.chance(1 / 120)) r.set(node, true)
      }
      if (minute === 60) for (const node of dark) r.set(node, false, CORRELATED)
      if (minute === 240) for (const node of dark) r.set(node, true)
    })
    return { r, dark }
  }
  test("a dark country is declared once, by its grid or its country, within minutes, and is over when it is back", () => {
    const { r, dark } = rehearse()
    const { claim } = r.state.outages
    const stood = Array.from({ length: claim.length }, (_, c) => c).filter(
      (c) => claim.status[c] === DECLARED || claim.status[c] === ENDED,
    )
    expect(stood.length).toBe(1)
    const [c] = stood
    expect([0, 4]).toContain(claim.kind[c])
    expect(claim.domain[c]).toBe(4)
    expect(claim.members[c]).toBeGreaterThan(dark.length * 0.9)
    expect(claim.decidedS[c] - BEGIN_S - 60 * 60).toBeLessThan(10 * 60)
    expect(Math.abs(claim.endedS[c] - BEGIN_S - 240 * 60)).toBeLessThan(10 * 60)
  })
  test("individual and correlated failure are told apart: the confusion matrix", () => {
    const { r } = rehearse()
    expect(precision(r.confusion, CORRELATED)).toBeGreaterThan(0.95)
    expect(recall(r.confusion, CORRELATED)).toBeGreaterThan(0.93)
    expect(precision(r.confusion, INDIVIDUAL)).toBeGreaterThan(0.9)
    expect(recall(r.confusion, INDIVIDUAL)).toBeGreaterThan(0.8)
    expect(countOf(r.confusion, WELL, CORRELATED)).toBeLessThan(countOf(r.confusion, CORRELATED, CORRELATED) * 0.02)
  })
  test("switched off, every correlated failure is taken for individual ones", () => {
    const { r } = rehearse({ outageDeclaration: 0 })
    expect(recall(r.confusion, CORRELATED)).toBe(0)
    expect(countOf(r.confusion, CORRELATED, INDIVIDUAL)).toBeGreaterThan(0)
  })
  test("a failure everywhere at once is nobody's domain", () => {
    const r = new Rehearsal({ nodes: 600 })
    const dice = new Dice(1, "test/everywhere")
    r.run(60, (minute) => {
      if (minute === 20) for (let node = 0; node < 600; node++) if (dice.chance(0.6)) r.set(node, false)
    })
    expect(r.state.outages.total.declarations[0]).toBe(0)
    // Most observers are down too; the panels shrink to those that are not, and every failure is confirmed all the same.
    const gone = r.up.reduce((n, up) => n + 1 - up, 0)
    expect(r.state.liveness.total.down[0]).toBe(gone)
    expect(r.falseSuspicions).toBe(0)
  })
  test("one operator's own nodes, however many, are no outage", () => {
    const r = new Rehearsal({
      nodes: 300,
      home: (node, dice) => ({
        ...usualHome(node, dice),
        owner: node % 10 === 0 ? 0 : node,
        asn: node % 10 === 0 ? 99 : 1 + (node % 9),
      }),
    })
    r.run(60, (minute) => {
      if (minute === 20) for (let node = 0; node < 300; node += 10) r.set(node, false)
    })
    expect(r.state.outages.total.claims[0]).toBe(0)
  })
})

describe("grace", () => {
  const HOURS = 6
  /** Income of an operator's nodes over six hours in which y of them fail in one ASN, and x more are switched off to make it an outage. */
  const income = (x: number, y: number, changes: Readonly<Record<string, number>>, sybil: boolean): number => {
    const r = new Rehearsal({
      nodes: 200,
      params: { rewardPerHour: 200 * 1000, penaltyPerHour: 400, diversityBetaMilli: 0, ...changes },
      fund: 1_000_000,
      home: (node) => ({
        owner: node < 40 ? (sybil ? node : 0) : 100 + node,
        country: 1 + (node % 7),
        asn: node < 40 ? 1 : 2 + (node % 8),
        provider: 1 + (node % 5),
        client: 1,
        grid: 1 + (node % 7),
      }),
    })
    const mine = Array.from({ length: 40 }, (_, node) => node)
    r.run(60 * HOURS, (minute) => {
      if (minute === 30) for (let node = 0; node < x + y; node++) r.set(node, false, node < y ? INDIVIDUAL : CORRELATED)
    })
    return r.income(mine)
  }
  test("an adversary that searches how many nodes to switch off never gains, alone or under many names", () => {
    let best = -Infinity
    for (const sybil of [false, true])
      for (const y of [2, 8, 18]) {
        const honest = income(0, y, {}, sybil)
        for (const x of [1, 20 - y, 32 - y]) best = Math.max(best, income(x, y, {}, sybil) - honest)
      }
    expect(best).toBeLessThanOrEqual(0)
  })
  test("positive control: where penalties dwarf rewards and names are free, the same adversary gains", () => {
    const loose = { rewardPerHour: 200 * 10, penaltyPerHour: 5000 }
    expect(income(14, 18, loose, true) - income(0, 18, loose, true)).toBeGreaterThan(0)
    // Under one name its own nodes do not count, and the gain is gone.
    expect(income(14, 18, loose, false) - income(0, 18, loose, false)).toBeLessThanOrEqual(0)
  })
  test("the bound, over a thousand adversaries: where it holds nobody gains, and just beyond it somebody does", () => {
    const values = defaults(params)
    const dice = new Dice(1, "test/faking")
    const attempt = (rewardPerHour: number, penaltyPerHour: number) => {
      let best = -Infinity
      for (let k = 0; k < 1000; k++) {
        const members = 5 + dice.below(500)
        const failing = dice.below(members)
        const switchedOff = 1 + dice.below(members - failing)
        best = Math.max(
          best,
          computeFakingGain({ members, failing, switchedOff, hours: 10, rewardPerHour, penaltyPerHour }, values),
        )
      }
      return best
    }
    expect(isFakingBounded(900, 400, values)).toBe(true)
    expect(isFakingBounded(899, 400, values)).toBe(false)
    // A ppm of rounding is all that is left at the edge itself.
    expect(attempt(901, 400)).toBeLessThanOrEqual(0)
    expect(isFakingBounded(900, 2000, values)).toBe(false)
    expect(attempt(900, 2000)).toBeGreaterThan(0)
  })
  test("victims of a real outage keep their money up to the allowance; without grace they pay", () => {
    const lost = (changes: Readonly<Record<string, number>>) => {
      const r = new Rehearsal({ nodes: 200, fund: 1_000_000, params: changes })
      const dark = r.members("country", 2)
      r.run(300, (minute) => {
        if (minute === 30) for (const node of dark) r.set(node, false, CORRELATED)
      })
      return dark.reduce((sum, node) => sum + r.state.duty.lost[node], 0) / dark.length
    }
    expect(lost({})).toBeLessThanOrEqual(100)
    expect(lost({ graceWaivedPermille: 0 })).toBeGreaterThan(350)
    const short = lost({ graceSecondsMax: 2 * 3600 })
    expect(short).toBeGreaterThan(150)
    expect(short).toBeLessThan(350)
  })
})

describe("a false outage by capture (adversaries F1)", () => {
  const frame = (share: number) => {
    const r = new Rehearsal({ nodes: 400, frames: 3, colludes: (node) => (node * 7919) % 1000 < share * 1000, fund: 100_000 })
    r.run(90)
    return r.state.outages.total
  }
  test("a fifth of colluders can claim, but their claims fall and cost them their bonds", () => {
    const total = frame(0.2)
    expect(total.claims[0]).toBeGreaterThan(0)
    expect(total.declarations[0]).toBe(0)
    expect(total.bondsLost[0]).toBe(total.rejected[0] * params.claimBond.default)
    expect(total.bondsLost[0]).toBeGreaterThan(0)
  })
  test("positive control: nine in ten can declare a healthy country down", () =>
    expect(frame(0.9).declarations[0]).toBeGreaterThan(0))
})
