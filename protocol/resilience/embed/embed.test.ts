/** What the mechanisms do to a network's own rows, and what they answer to its own rules. */
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { resolve } from "../../kernel/param.ts"
import { table } from "../../kernel/table.ts"
import { amount, count, nodeIndex, seconds } from "../../kernel/unit.ts"
import { DECLARED, ENDED, REJECTED } from "../outage.ts"
import { isExcused, isWrittenOff, sharesDeclaredFate } from "./ask.ts"
import { earlierOfOne, declaredS } from "./index.ts"
import { soften, weigh } from "./lines.ts"
import { isOn, MECHANISMS, ON, resilienceParams, without, type Mechanism } from "./params.ts"
import { resilienceGenesis, type Resilience } from "./state.ts"

const NODES = 8
const off = resolve("test", resilienceParams, undefined)
const state = (): Resilience => resilienceGenesis(NODES, off)
const paid = { node: nodeIndex, pay: count, big: amount, at: seconds } as const

describe("rewards", () => {
  test("are split by amount and weight, and their sum stays as it was, whatever the weights", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 2 ** 40 }), fc.integer({ min: 1, max: 100_000 })), { maxLength: NODES }),
        fc.integer({ min: 0, max: 3 }),
        (rows, before) => {
          const s = state()
          const out = table(paid, 16)
          // Rows that stood there before are somebody else's.
          for (let i = 0; i < before; i++) out.pay[out.length++] = 77
          rows.forEach(([pay, weight], node) => {
            const r = out.length++
            out.node[r] = node
            out.pay[r] = pay
            out.big.set(r, BigInt(pay) * 10n ** 12n)
            s.standing.weightPermille[node] = weight
          })
          for (const column of ["pay", "big"]) weigh(s, out, before, column)
          const after = rows.map((_, i) => out.pay[before + i])
          expect(after.reduce((a, b) => a + b, 0)).toBe(rows.reduce((a, [pay]) => a + pay, 0))
          expect(rows.reduce((a, _, i) => a + out.big.get(before + i), 0n)).toBe(
            rows.reduce((a, [pay]) => a + BigInt(pay) * 10n ** 12n, 0n),
          )
          for (let i = 0; i < before; i++) expect(out.pay[i]).toBe(77)
          // Of equal pay the heavier gets no less; a unit is the dust of the floors.
          rows.forEach(([pay, weight], i) =>
            rows.forEach(([other, lighter], j) => {
              if (pay === other && weight >= lighter && j > 0) expect(after[i]).toBeGreaterThanOrEqual(after[j])
            }),
          )
        },
      ),
      { numRuns: 200 },
    )
  })
  test("of nodes never weighed stay as they are", () => {
    const out = table(paid, 4)
    for (const [node, pay] of [3, 5, 0].entries()) {
      out.node[node] = node
      out.pay[node] = pay
      out.length++
    }
    weigh(state(), out, 0, "pay")
    expect([...out.pay.subarray(0, 3)]).toEqual([3, 5, 0])
  })
})

test("a penalty is softened for who is under grace at this settlement, and for nobody else", () => {
  const s = state()
  const at = 1_000_000
  for (const [node, ppm, coveredS] of [
    [0, 1_000_000, at],
    [1, 250_000, at],
    [2, 1_000_000, at - 1800],
  ]) {
    s.grace.node.usedSeconds[node] = 1
    s.grace.node.coveredS[node] = coveredS
    s.grace.node.waivedPpm[node] = ppm
  }
  const out = table(paid, 8)
  for (let node = 0; node < 4; node++) {
    out.node[node] = node
    out.pay[node] = 1001
    out.big.set(node, 10n ** 20n + 1n)
    out.length++
  }
  soften(s, at, out, 0, "pay")
  soften(s, at, out, 0, "big")
  expect([...out.pay.subarray(0, 4)]).toEqual([0, 750, 1001, 1001])
  expect([0, 1, 2, 3].map((i) => out.big.get(i))).toEqual([0n, 75_000_000_000_000_000_000n, 10n ** 20n + 1n, 10n ** 20n + 1n])
})

describe("when an outage was noticed", () => {
  const claims = (...rows: readonly (readonly [status: number, onsetS: number, decidedS: number, endedS: number])[]) => {
    const s = state()
    for (const [status, onsetS, decidedS, endedS] of rows) {
      const c = s.outages.claim.length++
      Object.entries({ status, onsetS, decidedS, endedS }).forEach(([k, v]) => (s.outages.claim[k as "status"][c] = v))
    }
    return declaredS(s)
  }
  test("is when the first of the claims that touch one another was declared", () => {
    expect(claims()).toBe(0)
    expect(claims([REJECTED, 100, 200, 0])).toBe(0)
    expect(claims([ENDED, 1000, 1300, 9000], [DECLARED, 8900, 9300, 0])).toBe(1300)
    expect(claims([DECLARED, 1000, 1300, 0], [DECLARED, 99_000, 99_300, 0])).toBe(1300)
    expect(claims([ENDED, 1000, 1300, 9000], [ENDED, 50_000, 50_300, 60_000])).toBe(50_300)
  })
  test("of two ways to notice the earlier counts, unless they speak of different days", () => {
    expect(earlierOfOne(0, 0)).toBe(0)
    expect(earlierOfOne(500, 0)).toBe(500)
    expect(earlierOfOne(1000, 4000)).toBe(1000)
    expect(earlierOfOne(1000, 900_000)).toBe(900_000)
  })
  test("what rang before an onset says nothing of what began there, though it is of the same day", () => {
    // Seen in an outage day of 2,500 Akash providers: some leases closed three hours before a country went dark.
    expect(earlierOfOne(1000, 12_000, 11_700)).toBe(12_000)
    expect(earlierOfOne(12_000, 1000, 11_700)).toBe(12_000)
    expect(earlierOfOne(12_500, 12_000, 11_700)).toBe(12_000)
    expect(earlierOfOne(12_000, 900_000, 11_700)).toBe(12_000)
    expect(earlierOfOne(1000, 0, 11_700)).toBe(1000)
  })
})

test("what is asked of a network that does not embed the mechanisms is answered no", () => {
  expect(isExcused({}, ON, 0)).toBe(false)
  expect(isWrittenOff({}, ON, 0, 1)).toBe(false)
  expect(sharesDeclaredFate({}, ON, 0, 1)).toBe(false)
})
test("who declared one system shares its fate; who said nothing of it shares none", () => {
  const s = { resilience: state() }
  const { nodes, total } = s.resilience.registry
  total.registered[0] = NODES
  nodes.asn.set([7, 7, 0, 0])
  expect([sharesDeclaredFate(s, ON, 0, 1), sharesDeclaredFate(s, ON, 2, 3), sharesDeclaredFate(s, off, 0, 1)]).toEqual([
    true,
    false,
    false,
  ])
})

describe("switches", () => {
  test("all off is off, and each mechanism alone can be switched off", () => {
    expect(isOn(off)).toBe(false)
    expect(isOn({ ...off, ...ON })).toBe(true)
    for (const mechanism of Object.keys(MECHANISMS) as Mechanism[])
      for (const [name, value] of Object.entries(without(mechanism))) {
        expect(ON[name as keyof typeof ON], `${name} is on in ON`).not.toBe(value)
        expect(off[name as keyof typeof ON]).toBe(value)
      }
  })
})
