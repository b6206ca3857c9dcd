import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Report } from "../kernel/invariant.ts"
import { Wide } from "../kernel/wide.ts"
import { closeEscrow, escrowCovers, escrowLeft, fundEscrow, openEscrow, settleEscrow } from "./escrow.ts"
import { ledgerInvariants, type LedgerPromise } from "./invariants.ts"
import {
  balance,
  burn,
  canPay,
  canPayWide,
  holderOf,
  ISSUANCE,
  ledger,
  mint,
  post,
  postCell,
  postWide,
  supply,
  tablesOf,
  type Ledger,
} from "./ledger.ts"
import { grant, grantLeft, releasable, releaseGrant, revokeGrant, vestedBy } from "./vesting.ts"

const invariants = ledgerInvariants((l: Ledger) => l)
/** Every broken promise of a ledger, by name. */
const broken = (l: Ledger): string[] => {
  const report = new Report()
  for (const name of Object.keys(invariants) as LedgerPromise[]) invariants[name].check(l, report.within(name))
  return report.broken
}
const three = () => ledger(["HNT", "DC"], ["treasury", "burnt"], 3)

describe("postings", () => {
  it("given a new ledger, then its own accounts come first, then the named, then one per node", () => {
    const l = three()
    expect(l.account).toEqual({ issuance: 0, escrow: 1, vesting: 2, treasury: 3, burnt: 4 })
    expect(l.holders).toBe(8)
    expect(holderOf(l, 2)).toBe(7)
    expect(Object.keys(tablesOf(l, "l"))).toEqual([
      "l.balance.HNT",
      "l.balance.DC",
      "l.escrow",
      "l.escrowHead",
      "l.grant",
      "l.grantHead",
    ])
    expect(() => ledger(["HNT"], ["escrow"], 1)).toThrow("one name")
  })

  it("given 100 minted, when 30 move and 20 burn, then the supply is 80 and every promise holds", () => {
    const l = three()
    mint(l, "HNT", l.account.treasury, 100)
    post(l, "HNT", l.account.treasury, holderOf(l, 0), 30)
    burn(l, "HNT", holderOf(l, 0), 20)
    expect(supply(l, "HNT")).toBe(80n)
    expect(balance(l, "HNT", l.account.treasury)).toBe(70n)
    expect(balance(l, "HNT", holderOf(l, 0))).toBe(10n)
    expect(supply(l, "DC")).toBe(0n)
    expect(broken(l)).toEqual([])
  })

  it("given 10, then 10 can be paid and 11 cannot; issuance can always pay", () => {
    const l = three()
    mint(l, "HNT", 5, 10)
    expect([canPay(l, "HNT", 5, 10), canPay(l, "HNT", 5, 11), canPay(l, "HNT", ISSUANCE, 11)]).toEqual([true, false, true])
    expect([canPayWide(l, "HNT", 5, 10n), canPayWide(l, "HNT", 5, 11n), canPayWide(l, "HNT", ISSUANCE, 11n)]).toEqual([
      true,
      false,
      true,
    ])
  })

  it("what decide should have refused throws and moves nothing", () => {
    const l = three()
    mint(l, "HNT", 5, 10)
    const cell = new Wide(1)
    cell.set(0, -1n)
    const wrong: [string, () => void][] = [
      ["overdraft: node 0 has 10 HNT, too little for 11", () => post(l, "HNT", 5, 6, 11)],
      ["overdraft", () => postWide(l, "HNT", 5, 6, 2n ** 90n)],
      ["-1 HNT", () => post(l, "HNT", 5, 6, -1)],
      ["below 0", () => postWide(l, "HNT", 5, 6, -1n)],
      ["not from 0", () => postCell(l, "HNT", 5, 6, cell, 0)],
      ["0.5 HNT", () => post(l, "HNT", 5, 6, 0.5)],
      ["NaN HNT", () => post(l, "HNT", 5, 6, NaN)],
      ["only 8", () => post(l, "HNT", 5, 8, 1)],
      ["only 8", () => post(l, "HNT", 5, undefined as never, 1)],
      ["only 8", () => post(l, "HNT", 0.5, 6, 1)],
      ["overdraft", () => post(l, "HNT", 5, 5, 11)],
      ["2^101 in all", () => [1, 2].forEach(() => mint(l, "HNT", 5, 2n ** 100n))],
    ]
    for (const [message, act] of wrong) expect(act).toThrow(message)
    expect(balance(l, "HNT", 5)).toBe(10n + 2n ** 100n)
    expect(broken(l)).toEqual([])
  })

  it("a posting to oneself moves nothing", () => {
    const l = three()
    mint(l, "HNT", 5, 10)
    post(l, "HNT", 5, 5, 10)
    expect(balance(l, "HNT", 5)).toBe(10n)
  })
})

const amountOf = fc.oneof(fc.nat(1000), fc.maxSafeNat(), fc.bigInt(0n, 2n ** 90n), fc.constant(2n ** 95n))

describe("laws of postings", () => {
  it("any sequence of postings conserves and agrees with bigint bookkeeping", () => {
    // Not straight into "escrow" or "vesting": those move only through their own functions.
    const holder = fc.constantFrom(ISSUANCE, 3, 4, 5, 6, 7)
    const step = fc.record({ from: holder, to: holder, amount: amountOf, cell: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const l = three()
        const book = new Array<bigint>(8).fill(0n)
        const cell = new Wide(1)
        for (const { from, to, amount, cell: asCell } of steps) {
          const exact = BigInt(amount)
          const can = from === ISSUANCE || book[from] >= exact
          expect(canPayWide(l, "HNT", from, exact)).toBe(can)
          if (typeof amount === "number") expect(canPay(l, "HNT", from, amount)).toBe(can)
          if (!can) continue
          if (asCell) {
            cell.set(0, exact)
            postCell(l, "HNT", from, to, cell, 0)
          } else if (typeof amount === "number") post(l, "HNT", from, to, amount)
          else postWide(l, "HNT", from, to, amount)
          book[from] -= exact
          book[to] += exact
        }
        book.forEach((b, holder) => expect(balance(l, "HNT", holder)).toBe(b))
        expect(broken(l)).toEqual([])
      }),
    )
  })

  it("amounts up to 2^100 are exact", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 100n), (n) => {
        const l = three()
        mint(l, "HNT", 5, n)
        postWide(l, "HNT", 5, 6, n / 3n)
        expect([balance(l, "HNT", 5), balance(l, "HNT", 6), supply(l, "HNT")]).toEqual([n - n / 3n, n / 3n, n])
      }),
    )
  })
})

describe("escrow", () => {
  const funded = (deposit: number | bigint) => {
    const l = three()
    mint(l, "DC", 5, 2n ** 80n)
    return { l, row: openEscrow(l, 5, 6, "DC", deposit) }
  }

  it("given a deposit of 100, when 30 and a fee of 5 are settled and it closes, then 65 goes back", () => {
    const { l, row } = funded(100)
    settleEscrow(l, row, 30)
    settleEscrow(l, row, 5, l.account.treasury)
    expect(escrowLeft(l, row)).toBe(65n)
    expect(broken(l)).toEqual([])
    expect(closeEscrow(l, row)).toBe(65n)
    expect([5, 6, 3].map((h) => balance(l, "DC", h))).toEqual([2n ** 80n - 35n, 30n, 5n])
    expect(broken(l)).toEqual([])
  })

  it("given a closed escrow, then nothing can be done with it, and its row goes to the next", () => {
    const { l, row } = funded(100)
    closeEscrow(l, row)
    for (const act of [() => settleEscrow(l, row, 1), () => fundEscrow(l, row, 1), () => closeEscrow(l, row)])
      expect(act).toThrow("not open")
    expect(openEscrow(l, 5, 3, "DC", 7)).toBe(row)
    expect(l.escrows.paid.get(row)).toBe(0n)
  })

  it("more than is left throws and moves nothing", () => {
    const { l, row } = funded(100)
    openEscrow(l, 5, 6, "DC", 1000)
    expect(() => settleEscrow(l, row, 101)).toThrow("escrow 0 has 100 left")
    expect(escrowLeft(l, row)).toBe(100n)
    expect(broken(l)).toEqual([])
  })

  it("never pays more than funded, whatever is asked", () => {
    const act = fc.record({ verb: fc.constantFrom("fund", "settle", "close", "open"), amount: amountOf, which: fc.nat(5) })
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
        const { l } = funded(100)
        for (const { verb, amount, which } of acts) {
          const row = which % l.escrows.length
          const open = l.escrows.link[row] === 0xffff_ffff
          if (verb === "open" && canPayWide(l, "DC", 5, BigInt(amount))) openEscrow(l, 5, 6, "DC", amount)
          else if (open && verb === "fund" && canPayWide(l, "DC", 5, BigInt(amount))) fundEscrow(l, row, amount)
          else if (open && verb === "settle" && escrowCovers(l, row, amount)) settleEscrow(l, row, amount)
          else if (open && verb === "settle") expect(() => settleEscrow(l, row, amount)).toThrow("left")
          else if (open && verb === "close") closeEscrow(l, row)
          expect(broken(l)).toEqual([])
        }
        for (let row = 0; row < l.escrows.length; row++) if (l.escrows.link[row] === 0xffff_ffff) closeEscrow(l, row)
        expect(balance(l, "DC", l.account.escrow)).toBe(0n)
        expect(balance(l, "DC", 5) + balance(l, "DC", 6)).toBe(2n ** 80n)
      }),
    )
  })
})

describe("vesting", () => {
  const granted = (total: number | bigint, schedule: { periodS: number; cliffS?: number; stepS?: number }) => {
    const l = three()
    mint(l, "HNT", 3, 2n ** 99n)
    return { l, row: grant(l, 3, 5, "HNT", total, { startS: 1000, ...schedule }) }
  }

  it("given 100 over 30 s, then floor(100 × elapsed / 30) is free", () => {
    const { l, row } = granted(100, { periodS: 30 })
    expect([999, 1000, 1001, 1029, 1030, 2000].map((at) => vestedBy(l, row, at))).toEqual([0n, 0n, 3n, 96n, 100n, 100n])
  })

  it("given a cliff and a step, then nothing is free before the one and time counts in the other", () => {
    const { l, row } = granted(300, { periodS: 30, cliffS: 7, stepS: 10 })
    expect([1006, 1007, 1010, 1019, 1020, 1030].map((at) => vestedBy(l, row, at))).toEqual([0n, 0n, 100n, 100n, 200n, 300n])
  })

  it("given a release, then only the rest is releasable, and the last ends the grant", () => {
    const { l, row } = granted(100, { periodS: 30 })
    releaseGrant(l, row, releasable(l, row, 1001))
    expect(releasable(l, row, 1001)).toBe(0n)
    expect(() => releaseGrant(l, row, 98)).toThrow("grant 0 has 97 left")
    expect(broken(l)).toEqual([])
    releaseGrant(l, row, 97)
    expect(balance(l, "HNT", 5)).toBe(100n)
    expect(() => releaseGrant(l, row, 0)).toThrow("not open")
    expect(grant(l, 3, 6, "HNT", 1, { startS: 0, periodS: 1 })).toBe(row)
    expect(broken(l)).toEqual([])
  })

  it("given a grant revoked half way, then the holder keeps what was released and the rest goes where it is sent", () => {
    const { l, row } = granted(100, { periodS: 30 })
    releaseGrant(l, row, 40)
    expect(grantLeft(l, row)).toBe(60n)
    expect(revokeGrant(l, row, l.account.burnt)).toBe(60n)
    expect([balance(l, "HNT", 5), balance(l, "HNT", l.account.burnt), balance(l, "HNT", l.account.vesting)]).toEqual([
      40n,
      60n,
      0n,
    ])
    expect(broken(l)).toEqual([])
  })

  it("releases the total exactly at the end, never more before, never less later", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.nat(), fc.bigInt(0n, 2n ** 99n)),
        fc.nat(10_000),
        fc.nat(10_000),
        fc.integer({ min: 1, max: 100 }),
        fc.array(fc.nat(12_000), { maxLength: 20 }),
        (total, periodS, cliffS, stepS, waits) => {
          const { l, row } = granted(total, { periodS, cliffS: Math.min(cliffS, periodS), stepS })
          let before = 0n
          for (const wait of waits.toSorted((a, b) => a - b)) {
            const due = releasable(l, row, 1000 + wait)
            expect(due >= 0n).toBe(true)
            if (grantLeft(l, row) === due) break
            releaseGrant(l, row, due)
            expect(balance(l, "HNT", 5) >= before && balance(l, "HNT", 5) * BigInt(periodS) <= BigInt(total) * BigInt(wait)).toBe(
              true,
            )
            before = balance(l, "HNT", 5)
          }
          releaseGrant(l, row, releasable(l, row, 1000 + periodS))
          expect(balance(l, "HNT", 5)).toBe(BigInt(total))
          expect(broken(l)).toEqual([])
        },
      ),
    )
  })
})

describe("each promise is caught when it breaks", () => {
  const sabotage: Record<LedgerPromise, [(l: Ledger) => void, string]> = {
    debits_equal_credits: [(l) => l.tokens.HNT.balance.addNumber(5, 1), "balances of HNT add up to 1, not 0"],
    only_issuance_is_negative: [
      (l) => {
        l.tokens.HNT.balance.addNumber(5, -1)
        l.tokens.HNT.balance.addNumber(6, 1)
      },
      "node 0 has -1 HNT, below 0",
    ],
    escrow_is_backed: [
      (l) => {
        mint(l, "HNT", 5, 9)
        const row = openEscrow(l, 5, 6, "HNT", 9)
        l.escrows.left.addNumber(row, 1)
      },
      "escrow has 9 HNT, its open rows 10",
    ],
    vesting_is_backed: [
      (l) => {
        mint(l, "HNT", 5, 9)
        const row = grant(l, 5, 6, "HNT", 9, { startS: 0, periodS: 9 })
        l.grants.released.addNumber(row, 10)
      },
      "grant 0 has released 10 of 9",
    ],
  }
  for (const name of Object.keys(sabotage) as LedgerPromise[])
    it(name, () => {
      const l = three()
      sabotage[name][0](l as Ledger)
      expect(broken(l).join("\n")).toContain(name + ": " + sabotage[name][1])
    })

  it("a sum of balances carries beyond 2^53 without losing a unit", () => {
    const l = ledger(["FIL"], [], 200_000)
    for (let node = 0; node < 200_000; node++) mint(l, "FIL", holderOf(l, node), 2 ** 48 - 1)
    expect(broken(l)).toEqual([])
    l.tokens.FIL.balance.addNumber(77, 1)
    expect(broken(l)).toHaveLength(1)
  })
})
