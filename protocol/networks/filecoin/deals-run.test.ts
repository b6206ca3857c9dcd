/** Deals in a run: given sectors and escrow, when a deal lives, ends, or never starts, then this is who pays. */
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { DAY } from "../../kernel/clock.ts"
import { Report } from "../../kernel/invariant.ts"
import { specify } from "../../kernel/specify.ts"
import { balance } from "../../ledger/ledger.ts"
import { allocateForDeal, CLAIM_TERM_MAX, isWithinTerm } from "./allocation.ts"
import { SLOT_S } from "./chain-time.ts"
import { bundlesIn, countBits, sectorOf } from "./deal-rows.ts"
import { freeEscrowOf } from "./decide-deals.ts"
import { CLIENT, PROVIDER } from "./events-deals.ts"
import { activate, type Ask, fund, join, publish, settleDeal, T, terminate } from "./examples-deals.ts"
import { filecoin } from "./index.ts"
import { computeMixQaGib, computeQaBytes, computeSectorQaGib } from "./quality.ts"
import type { State } from "./state.ts"

const ports = { geometry: {} as never }
const FIL = 10n ** 18n
const PRICE = 1_000_000_000n
const begin = (params: Record<string, number> = {}, nodes = 3) =>
  specify(filecoin, { nodes, params, ports })().when(
    ...join(0),
    ...join(1),
    fund(0, CLIENT),
    fund(0, PROVIDER),
    fund(1, PROVIDER),
  )
const readMetric = (s: State, name: string): number => filecoin.metrics[name].of(s)
const marketOf = (s: State): bigint => balance(s.ledger, "fil", s.ledger.account.market)
const broken = (s: State): readonly string[] => {
  const report = new Report()
  for (const name of Object.keys(filecoin.invariants)) filecoin.invariants[name].check(s, report.within(name))
  return report.broken
}

describe("a published deal", () => {
  test("locks its whole price and both collaterals, and nothing leaves the market", () => {
    const { state } = begin().when(publish({ deals: 1 }))
    expect(freeEscrowOf(state, 0, CLIENT)).toBe(100n * FIL - PRICE * 200n * 2880n - 7n)
    expect(freeEscrowOf(state, 0, PROVIDER)).toBe(99n * FIL)
    expect(marketOf(state)).toBe(300n * FIL)
  })
  test("in no sector by its start: the collateral is burnt, the client has everything back", () => {
    const story = begin().when(publish({ deals: 7 }))
    expect(story.settle("day", T + DAY).facts.filter((f) => f.type === "DealsTimedOut")).toEqual([])
    const { state } = story.settle("day", T + 2 * DAY)
    expect([freeEscrowOf(state, 0, CLIENT), freeEscrowOf(state, 0, PROVIDER)]).toEqual([100n * FIL, 97n * FIL])
    expect(balance(state.ledger, "fil", state.ledger.account.burnt)).toBe(3n * FIL)
    expect(readMetric(state, "deals.timedOut")).toBe(3)
  })
})

describe("an active deal", () => {
  const active = () => begin().when(publish({ deals: 7 }), activate(0))
  test("is paid for the epochs since its start when somebody asks, each once", () => {
    const paid = active().when(settleDeal(0, T + 11 * DAY))
    expect(paid.facts).toMatchObject([{ type: "DealsSettled", paidAtto: 3n * PRICE * 10n * 2880n }])
    expect(paid.when(settleDeal(0, T + 11 * DAY)).refusals).toEqual(["nothing_to_settle"])
    expect(freeEscrowOf(paid.state, 0, PROVIDER)).toBe(97n * FIL + 3n * PRICE * 10n * 2880n)
  })
  test("is completed at its end: paid in full, collaterals free", () => {
    const { state } = active().when(settleDeal(0, T + 400 * DAY))
    const price = 3n * PRICE * 200n * 2880n
    expect([freeEscrowOf(state, 0, CLIENT), freeEscrowOf(state, 0, PROVIDER)]).toEqual([100n * FIL - price, 100n * FIL + price])
    expect([readMetric(state, "deals.completed"), state.dealHead.open[0]]).toEqual([3, 0])
  })
  test("whose sector is terminated is paid up to there; the rest goes back, the provider's collateral is burnt in full", () => {
    const { state, facts } = active().when(terminate(0, 9, T + 6 * DAY))
    const paid = 3n * PRICE * 5n * 2880n
    expect(facts.at(-1)).toMatchObject({ type: "DealsSlashed", deals: 7, paidAtto: paid, burntAtto: 3n * FIL })
    expect([freeEscrowOf(state, 0, CLIENT), freeEscrowOf(state, 0, PROVIDER)]).toEqual([100n * FIL - paid, 97n * FIL + paid])
    expect(marketOf(state)).toBe(297n * FIL)
    expect(broken(state)).toEqual([])
  })
  test("that has ended before its sector was terminated is not slashed", () => {
    const ended = active().when(terminate(0, 9, T + 250 * DAY))
    expect(ended.facts.filter((f) => f.type === "DealsSlashed")).toEqual([])
    expect(ended.when(settleDeal(0, T + 251 * DAY)).facts).toMatchObject([{ paidAtto: 3n * PRICE * 200n * 2880n }])
  })
  test("outlasts 42 days of fault no longer than its sectors do", () => {
    // Deadline 9 misses its proof on the first day and is never proven again.
    const faulty = active().settle("halfHour", T + 10 * SLOT_S)
    expect(readMetric(faulty.settle("halfHour", T + 42 * DAY - 38 * SLOT_S).state, "deals.slashed")).toBe(0)
    const { state } = faulty.settle("halfHour", T + 43 * DAY + 10 * SLOT_S)
    expect(readMetric(state, "deals.slashed")).toBe(3)
    expect(broken(state)).toEqual([])
  })
})

describe("a verified deal", () => {
  const bytes = (gib: number) => BigInt(gib) << 30n
  test("raises the quality of its sectors by its space, for the pledge and the fee of the better ones", () => {
    const plain = begin()
    const [gib, pledge] = [plain.state.miner.qaGib[0], plain.state.miner.pledgeAtto.get(0)]
    // 5 bundles of a whole sector each, among ten: half of the space is verified.
    const { state, facts } = plain.when(
      publish({ deals: 31, pieceMib: 32_768, verified: 1, days: 250 }),
      activate(0, { deadline: 9 }),
    )
    const half = 32 + 9 * 16
    expect(facts.at(-1)).toMatchObject({ type: "DealsActivated", qaGib: half })
    expect(state.miner.qaGib[0] - gib).toBe(10 * (half - 32))
    expect(state.miner.pledgeAtto.get(0) > pledge).toBe(true)
    expect(state.miner.rawGib[0]).toBe(48 * 320)
    expect(broken(state)).toEqual([])
    // An extension keeps the ratio. A story goes on in one state, so what it was is read before.
    const raised = state.miner.qaGib[0]
    const extended = plain.when({ type: "ExtendSectors", node: 0, deadline: 9, days: 500, atS: T })
    expect(extended.facts).toMatchObject([{ type: "SectorsExtended" }])
    expect(extended.state.miner.qaGib[0]).toBe(raised)
  })
  test("is claimed within its allocation's term only", () => {
    const { termMin, termMax, claimUntil } = allocateForDeal(100, 100_000, 100_000 + 200 * 2880)
    expect([termMin, termMax, claimUntil]).toEqual([200 * 2880, 290 * 2880, 100_000])
    expect(allocateForDeal(100, 1_000_000, 2_000_000).claimUntil).toBe(100 + 60 * 2880)
    expect(allocateForDeal(0, 0, CLAIM_TERM_MAX).termMax).toBe(CLAIM_TERM_MAX)
    expect([termMin - 1, termMin, termMax, termMax + 1].map((life) => isWithinTerm({ termMin, termMax }, 5, 5 + life))).toEqual([
      false,
      true,
      true,
      false,
    ])
  })
  test("makes quality continuous, from one to ten, as FIP-0045 has it but for the GiB", () => {
    expect([computeMixQaGib(0), computeMixQaGib(500), computeMixQaGib(1000)]).toEqual([32, 176, 320])
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(40_000), (mix, mib) => {
        const base = computeMixQaGib(mix)
        const more = computeSectorQaGib(base, mib)
        expect(more).toBeGreaterThanOrEqual(base)
        expect(more).toBeLessThanOrEqual(320)
        const exact = computeQaBytes(bytes(32), 2880, (bytes(32) * BigInt(mix) * 2880n) / 1000n)
        expect(Number(exact - bytes(base)) / 2 ** 30).toBeGreaterThanOrEqual(0)
        expect(Number(exact - bytes(base)) / 2 ** 30).toBeLessThan(1)
      }),
    )
  })
})

describe("kept objects", () => {
  const copies = (params: Record<string, number> = {}) =>
    begin({ replicas: 2, repairAfterMissed: 3, repairGibPerProviderDay: 11, ...params }).when(
      publish({ kept: 1 }),
      publish({ kept: 1, node: 1 }),
      activate(0),
      activate(1, { node: 1 }),
    )
  const seen = (s: State) => ["objects.recoverable", "objects.lost"].map((name) => readMetric(s, name))
  test("are recoverable while one copy's sector lives, and lost with the last", () => {
    const one = copies().when(terminate(0, 9, T + 6 * DAY))
    expect(seen(one.state)).toEqual([32, 0])
    expect(seen(one.when(terminate(1, 9, T + 6 * DAY)).state)).toEqual([0, 32])
  })
  test("lose what lies in the sectors that end, and nothing else", () => {
    // Three of ten sectors are declared faulty, and end after 42 days; the others are proven.
    let story = begin({ replicas: 1, repairOn: 0 })
      .when(publish({ kept: 1 }), activate(0))
      .when({ type: "DeclareFaults", node: 0, deadline: 9, sectors: 3, atS: T } as Ask)
    const gone = countBits(bundlesIn(0, 0xffff_ffff, 10, 0, 3))
    story = story
      .when({ type: "SubmitWindowPoSt", node: 0, deadline: 9, skipped: 0, atS: T + 43 * DAY + 9 * SLOT_S } as Ask)
      .settle("halfHour", T + 43 * DAY + 10 * SLOT_S)
    expect(gone).toBeGreaterThan(5)
    expect(gone).toBeLessThan(15)
    expect(seen(story.state)).toEqual([32 - gone, gone])
    expect(broken(story.state)).toEqual([])
  })
  test("are made again only after the proofs missed, by another provider, and only when repair is on", () => {
    const missed = copies().settle("halfHour", T + 10 * SLOT_S)
    expect(missed.settle("day", T + 2 * DAY).facts.filter((f) => f.type === "RepairOrdered")).toEqual([])
    // Both copies are doubtful on the third day; somebody else is there to ask.
    const ordered = missed.when(...join(2).slice(0, 1), {
      type: "PreCommitSectors",
      node: 2,
      sectors: 10,
      atS: T,
    } as Ask)
    const sealed = ordered.when({ type: "ProveCommitSectors", node: 2, verifiedPermille: 0, lifetimeDays: 540, atS: T + 7200 })
    const { facts, state } = sealed.settle("day", T + 3 * DAY)
    expect(facts.filter((f) => f.type === "RepairOrdered")).toMatchObject([{ client: 0, node: 2, objects: 0xffff_ffff }])
    expect(readMetric(state, "repair.inProgress")).toBe(32)
    const made = sealed.when(
      fund(2, PROVIDER),
      publish({ kept: 1, node: 2, startS: T + 5 * DAY, atS: T + 4 * DAY }),
      activate(2, { node: 2, deadline: state.cohort.deadline[state.cohort.length - 1], atS: T + 4 * DAY + DAY / 2 }),
    )
    expect(made.refusals).toEqual([])
    expect(["repair.inProgress", "repair.done"].map((name) => readMetric(made.state, name))).toEqual([0, 32])
    expect(broken(made.state)).toEqual([])

    const off = copies({ repairOn: 0 }).settle("halfHour", T + 10 * SLOT_S)
    expect(off.settle("day", T + 9 * DAY).facts.filter((f) => f.type === "RepairOrdered")).toEqual([])
  })
  test("wait for repair bandwidth", () => {
    const { facts } = copies({ repairGibPerProviderDay: 0 })
      .when(terminate(0, 9, T))
      .settle("day", T + DAY)
    expect(facts.filter((f) => f.type === "RepairOrdered")).toEqual([])
  })
})

describe("bundles", () => {
  test("lie evenly in a cohort's sectors, and go in their order", () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(), fc.integer({ min: 1, max: 5000 }), fc.nat(5000), (row, mask, sectors, cut) => {
        const at = Math.min(cut, sectors)
        const first = bundlesIn(row, mask >>> 0, sectors, 0, at)
        const rest = bundlesIn(row, mask >>> 0, sectors, at, sectors)
        expect([(first | rest) >>> 0, first & rest]).toEqual([mask >>> 0, 0])
        for (let bit = 0; bit < 32; bit++) expect(sectorOf(row, bit, sectors)).toBeLessThan(sectors)
      }),
    )
  })
})

test("escrow is conserved and nobody is paid more than the price, whatever is settled, ended or late", () => {
  const act = fc.record({
    what: fc.constantFrom("settle", "terminate", "day", "activate", "fault"),
    deal: fc.nat(3),
    days: fc.integer({ min: 0, max: 60 }),
  })
  fc.assert(
    fc.property(
      fc.array(act, { maxLength: 14 }),
      fc.array(fc.integer({ min: 1, max: 0xffff }), { minLength: 4, maxLength: 4 }),
      (acts, masks) => {
        let story = begin().when(
          ...masks.map((deals, i): Ask => publish({ deals, node: i % 2, days: 180 + i, startS: T + (i + 1) * DAY })),
          activate(0),
          activate(1, { node: 1 }),
        )
        const paid = new Map<number, bigint>()
        let now = T
        for (const { what, deal, days } of acts) {
          now += days * DAY
          if (what === "settle") story = story.when(settleDeal(deal, now))
          else if (what === "terminate") story = story.when(terminate(deal % 2, 9, now))
          else if (what === "activate") story = story.when(activate(deal, { node: deal % 2, atS: now }))
          else if (what === "day") story = story.settle("day", now + DAY)
          else story = story.settle("halfHour", now + 10 * SLOT_S)
          for (const fact of story.facts)
            if (fact.type === "DealsSettled" || fact.type === "DealsCompleted" || fact.type === "DealsSlashed")
              paid.set(fact.deal, (paid.get(fact.deal) ?? 0n) + fact.paidAtto)
          expect(broken(story.state)).toEqual([])
        }
        for (const [deal, atto] of paid) {
          const price = BigInt(countBits(masks[deal])) * PRICE * BigInt((180 + deal) * 2880)
          expect(atto <= price && atto >= 0n).toBe(true)
        }
      },
    ),
    { numRuns: 60 },
  )
})
