/** Laws: the columns do what the rule files say, no token comes from nowhere, and the order in which bids arrive decides nothing. */
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { Machine } from "../../kernel/machine.ts"
import { resolve } from "../../kernel/param.ts"
import { block, stream } from "../../kernel/random.ts"
import { factAt, type Fact } from "../../kernel/row-type.ts"
import { isOpen } from "../../kernel/slots.ts"
import { specify } from "../../kernel/specify.ts"
import { supply } from "../../ledger/ledger.ts"
import { randomHistory } from "../exam-history.ts"
import { takeStep } from "../../kernel/example.ts"
import { findPayment, settleAccount } from "./accounts.ts"
import { matchesRequirements } from "./attributes.ts"
import { missedMax } from "./chain-clock.ts"
import type { Commands } from "./commands.ts"
import { computeDue, settlePayments } from "./escrow-settle.ts"
import { BEGUN, bid, deploy, lease, provider } from "./example-asks.ts"
import { examples } from "./examples.ts"
import { chooseBid, tenantDice } from "./inhabit-tenants.ts"
import { akash } from "./index.ts"
import * as dec from "./legacy-dec.ts"
import { genesis, NO_LEASE, type State } from "./state.ts"
import { AUDITORS } from "./units.ts"
import { computeWatchdogSeconds } from "./watchdog.ts"
import { computeMissedMax } from "./staking-rules.ts"
import * as decimal from "../../kernel/decimal.ts"

const ports = { geometry: {} as never }
const values = resolve("akash", akash.params, undefined)
const play = (nodes: number, ...requests: Fact<Commands>[]) => specify(akash, { nodes, ports })().when(...requests)

describe("escrow", () => {
  test("settles any account as escrow-settle.ts does, in whole micro-tokens", () => {
    const rate = fc.integer({ min: 1, max: 1_000_000_000 })
    fc.assert(
      fc.property(
        fc.array(rate, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 500_000, max: 50_000_000 }),
        fc.nat(200_000),
        (rates, deposit, n) => {
          const requests: Fact<Commands>[] = [deploy({ deposit, groups: rates.length, maxRate: 1e13 })]
          rates.forEach((r, group) => requests.push(bid(0, r, { group }), lease(group, group)))
          // Every bid's row is 0 or free again: leases are made one by one.
          const { state } = play(
            1,
            ...BEGUN.filter((b) => b.type !== "SignAttributes" && !(b.type === "RegisterProvider" && b.node === 1)),
            ...requests.map((q) => (q.type === "CreateLease" ? { ...q, bid: 0 } : q)),
          )
          const s = settleAccount(state, 0, state.deployment.settledHeight[0] + n)
          const due = rates.map((r) => computeDue((BigInt(r) * dec.ONE) / 1_000_000n, n))
          const rule = settlePayments(dec.fromWhole(deposit), [dec.fromWhole(deposit)], due)
          expect(s.isOverdrawn).toBe(rule.isOverdrawn)
          for (let k = 0; k < rates.length; k++) {
            expect(findPayment(s, s.payment[k])).toBe(k)
            expect([BigInt(s.paid[k]), BigInt(s.unsettled[k])]).toEqual([
              dec.truncate(rule.paid[k]),
              dec.truncate(rule.unsettled[k]),
            ])
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  test("in any history AKT change by what the log says and by nothing else, and no lease is without its payment", () => {
    const told = { minted: 0, slashed: 0 }
    for (let seed = 5000; seed < 5300; seed++) {
      const h = randomHistory(akash, examples, seed)
      const machine = new Machine(akash, h.nodes, h.values, ports)
      const state = machine.state as State
      let akt = supply(state.ledger, "akt")
      for (const step of h.steps) {
        const beyondCredits = state.chain.mintedUakt.get(0)
        takeStep(machine, step)
        for (const { type, begin, end } of machine.runs)
          for (let i = begin; i < end; i++) {
            const fact = factAt(machine.types[type], machine.rowsOf[type], i) as unknown as {
              type: string
              amount: bigint | number
              slashed: number
            }
            if (fact.type === "InflationMinted") akt += BigInt(fact.amount)
            if (fact.type === "ValidatorJailed" || fact.type === "ValidatorTombstoned") akt -= BigInt(fact.slashed)
            if (fact.type === "UnbondingSlashed") akt -= BigInt(fact.amount)
            if (fact.type === "InflationMinted") told.minted++
            if (fact.type === "ValidatorTombstoned") told.slashed++
          }
        machine.clear()
        akt += state.chain.mintedUakt.get(0) - beyondCredits
        expect(supply(state.ledger, "akt"), `history ${seed}`).toBe(akt)
        for (let g = 0; g < state.group.length; g++)
          if (isOpen(state.group, g) && state.group.lease[g] !== NO_LEASE)
            expect(isOpen(state.payment, state.group.payment[g] - 1)).toBe(true)
      }
    }
    expect(told.minted > 3 && told.slashed > 3).toBe(true)
  })
})

describe("an auction", () => {
  const NODES = 12
  const setting: Fact<Commands>[] = [...BEGUN, ...Array.from({ length: NODES - 2 }, (_, i) => provider(i + 2))]
  const asks = fc.uniqueArray(fc.record({ node: fc.nat(NODES - 1), rate: fc.integer({ min: 1, max: 6 }) }), {
    selector: (b) => b.node,
    minLength: 1,
  })

  test("ends the same in whatever order the bids arrive, while the order takes them all: cheapest, or by dice", () => {
    fc.assert(
      fc.property(
        asks,
        fc.nat(1000),
        fc.constantFrom(0, 1000),
        fc.integer({ min: 0, max: 9 }),
        (book, turn, spreadPermille, seed) => {
          const dice = tenantDice(seed)
          const v = { ...values, spreadPermille }
          const outcome = (all: typeof book) => {
            const story = play(NODES, ...setting, deploy(), ...all.map((b) => bid(b.node, b.rate)))
            const chosen = chooseBid(story.state, v, dice, undefined, 0)
            const { group, payment, provider: all_ } = story.when(lease(chosen)).state
            return { node: group.node[0], rate: payment.rate[0], open: [...all_.bids] }
          }
          const rotated = [...book.slice(turn % book.length), ...book.slice(0, turn % book.length)]
          const [first] = [outcome(book)]
          expect(outcome(rotated)).toEqual(first)
          expect(outcome(book.toReversed())).toEqual(first)
          if (spreadPermille === 0) expect(first.rate).toBe(Math.min(...book.map((b) => b.rate)))
        },
      ),
      { numRuns: 60 },
    )
  })

  test("with more bids than an order takes, arrival decides who is in, and a book is as good as its bids one by one", () => {
    const story = (all: readonly number[]) =>
      specify(akash, { nodes: NODES, params: { orderMaxBids: 3 }, ports })().when(
        ...setting,
        deploy(),
        ...all.map((n) => bid(n, 100)),
      )
    const held = (s: State) => Array.from({ length: NODES }, (_, n) => s.provider.bids[n])
    const forth = story([0, 1, 2, 3, 4, 5])
    expect([held(forth.state).slice(0, 6), forth.refusals]).toEqual([
      [1, 1, 1, 1, 0, 0],
      ["too_many_bids", "too_many_bids"],
    ])
    expect(held(story([5, 4, 3, 2, 1, 0]).state).slice(0, 6)).toEqual([0, 0, 1, 1, 1, 1])
  })

  test("takes a provider apart from the tenant's other leases, where there is one, and the cheapest of those", () => {
    fc.assert(
      fc.property(asks, fc.array(fc.nat(3), { minLength: NODES, maxLength: NODES }), fc.nat(NODES - 1), (book, of, sibling) => {
        const asn = { of: Uint32Array.from(of), names: ["a", "b", "c", "d"] }
        const rows = [
          ...setting,
          deploy({ groups: 2 }),
          bid(sibling, 1, { group: 1 }),
          lease(0, 1),
          ...book.map((b) => bid(b.node, b.rate)),
        ]
        const { state } = play(NODES, ...rows)
        const chosen = chooseBid(state, { ...values, spreadPermille: 0, antiAffinity: 2 }, tenantDice(1), asn, 0)
        const apart = book.filter((b) => of[b.node] !== of[sibling])
        const pool = apart.length > 0 ? apart : book
        expect(state.bid.rate[chosen]).toBe(Math.min(...pool.map((b) => b.rate)))
        expect(pool.some((b) => b.node === state.bid.node[chosen])).toBe(true)
      }),
      { numRuns: 60 },
    )
  })
})

describe("small rules", () => {
  test("attributes and signatures match as a set of sets says", () => {
    const mask = fc.nat(15)
    fc.assert(
      fc.property(
        mask,
        mask,
        mask,
        mask,
        fc.array(fc.option(mask, { nil: undefined }), { minLength: 4, maxLength: 4 }),
        (own, wanted, allOf, anyOf, signed) => {
          const state = genesis({ nodes: 2 }, values)
          state.provider.attributes[1] = own
          signed.forEach((m, a) => {
            if (m === undefined) return
            state.audit.signed[AUDITORS + a] = 1
            state.audit.attributes[AUDITORS + a] = m
          })
          const bits = (m: number) => [0, 1, 2, 3].filter((b) => (m >> b) & 1)
          const holds = (a: number) => signed[a] !== undefined && bits(wanted).every((b) => bits(signed[a]!).includes(b))
          const expected =
            allOf === 0 && anyOf === 0
              ? bits(wanted).every((b) => bits(own).includes(b))
              : bits(allOf).every(holds) && (anyOf === 0 || bits(anyOf).some(holds))
          expect(matchesRequirements(state, 1, wanted, allOf, anyOf)).toBe(expected)
        },
      ),
    )
  })
  test("a watchdog takes eight minutes, give or take", () => {
    const words = new Uint32Array(4)
    const dice = stream(1, "watchdog")
    const all = Array.from({ length: 400 }, (_, i) => {
      block(dice, words, i)
      return computeWatchdogSeconds(words, 40)
    })
    const mean = all.reduce((a, b) => a + b, 0) / all.length
    // 12.5 s + 40 · 11.5 s = 472.5 s, and half a second for the rounding up.
    expect(Math.abs(mean - 473)).toBeLessThan(6)
    expect([Math.min(...all) >= 170, Math.max(...all) <= 776]).toEqual([true, true])
  })
  test("blocks a validator may miss are those of the rule", () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 1_000_000 }), fc.nat(1000), (signedWindowBlocks, minSignedPermille) => {
        const rule = computeMissedMax(signedWindowBlocks, decimal.make(BigInt(minSignedPermille), 3))
        expect(missedMax({ ...values, signedWindowBlocks, minSignedPermille })).toBe(rule)
      }),
    )
  })
  test("powers by squaring round at each product, as the chain's do", () => {
    expect(dec.power(dec.parse("1.1"), 3)).toBe(dec.parse("1.331"))
    expect(dec.format(dec.power(dec.parse("0.333333333333333333"), 5))).toBe("0.00411522633744856")
    expect([dec.mul(1n, dec.ONE / 2n), dec.mul(3n, dec.ONE / 2n), dec.quo(1n, 2n * dec.ONE), dec.mul(-3n, dec.ONE / 2n)]).toEqual(
      [0n, 2n, 0n, -2n],
    )
    expect([dec.truncate(-dec.ONE / 2n), dec.round(dec.ONE / 2n), dec.round((dec.ONE * 3n) / 2n)]).toEqual([0n, 0n, 2n])
  })
})
