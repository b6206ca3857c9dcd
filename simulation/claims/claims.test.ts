/** The rules that give verdicts, on data where the claim stands and on data where it turns over. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { computeCommitteeHalt } from "../../protocol/resilience/analytic/correlated-failure.ts"
import { inlineEngine } from "../study/engine-inline.ts"
import { ARENAS, domainsOf, scenarioOf, sized, WARM, type Arena } from "./arena.ts"
import { concluded, judged, sentenceOf } from "./ask.ts"
import { answerOf, verdictOf, type Judged } from "./claim.ts"
import { flipShare, largestOf } from "./contribution.ts"
import { crossing } from "./flip.ts"
import { faultsOf, worstOf } from "./global-outage.ts"
import { domainsTo, ladderAsk, NOTHING, over, overShares, robustness, rungsOf, servedAt, shareAt, type Rung } from "./ladder.ts"
import { joinCase, joinChoices, readFirstReward } from "./measured-join.ts"
import { neverPaid, shareToHalt } from "./ledger-pays.ts"
import { costOf, realCost } from "./real-cost.ts"
import { localityOf } from "./slow-and-local.ts"
import { sayEstimate, sayFigure } from "./say.ts"
import { Trials } from "./trials.ts"
import { readClaims, writeClaim } from "./write.ts"

const HALF = { at: 0.5, side: "below" } as const
const node = { id: "helium", isReference: false }
const small = (id: string, nodes: number): Arena =>
  sized(
    ARENAS.find((a) => a.id === id)!,
    nodes,
  )
const trials = (seeds = 2, cacheDir?: string) => new Trials({ engine: () => inlineEngine(), cacheDir, seedsFrom: 1, seeds })

describe("a case", () => {
  test.each([
    [[0.1, 0.2, 0.3], "yes"],
    [[0.65, 0.7, 0.75], "no"],
    [[0.4, 0.6, 0.5], "open"],
    [[0.5, 0.5, 0.5], "no"],
    [[NaN, NaN, NaN], "open"],
  ] as const)("of %j against below 1/2 is %s", (runs, answer) => expect(answerOf(over(runs), HALF)).toBe(answer))
  test("above a threshold the sides change, and one figure without interval is judged by itself", () => {
    expect(answerOf({ mean: 0.6, low: NaN, high: NaN }, { at: 0.5, side: "above" })).toBe("yes")
    expect(answerOf({ mean: 0.5, low: NaN, high: NaN }, { at: 0.5, side: "above" })).toBe("no")
    expect(answerOf({ mean: 0.6, low: 0.4, high: 0.8 }, { at: 0.5, side: "above" })).toBe("open")
  })
})

test("no more than the line is for the claim at the line itself, whatever sums of fractions leave beside it", () => {
  const atMost = { at: 1, side: "at most" } as const
  const answer = (mean: number, low: number, high: number) => answerOf({ mean, low, high }, atMost)
  expect(answer(1 + 1e-15, 1 + 1e-15, 1 + 1e-15)).toBe("yes")
  expect(answer(1.0004, 1.0003, 1.0005)).toBe("no")
  expect(answer(1, 0.9, 1.1)).toBe("open")
  const atLeast = (mean: number, low: number, high: number) => answerOf({ mean, low, high }, { at: 2, side: "at least" })
  expect([atLeast(2, 2, 2), atLeast(1.3, 1.1, 1.5), atLeast(2, 1.9, 2.2)]).toEqual(["yes", "no", "open"])
})

test("figures are said as they are: 1.0004 is not 1, seconds are no hours, nearly all is not all", () => {
  expect([1.0004, 1, 14.04, 0.305].map((x) => sayFigure(x, "ratio"))).toEqual(["1.0004", "1", "14", "0.305"])
  expect([27.5 / 3600, 0.5, 24, 240].map((x) => sayFigure(x, "hours"))).toEqual(["27.5 s", "30 min", "24 h", "10 d"])
  expect([0.99971, 0, -0.02, 1].map((x) => sayFigure(x, "share"))).toEqual(["99.971%", "0%", "-2%", "100%"])
  expect(sayEstimate(over([0.1, 0.1]), "share")).toBe("10% (no spread)")
  expect(sayEstimate(over([]), "share")).toBe("–")
})

describe("a verdict", () => {
  const cases = (...answers: readonly Judged["answer"][]): readonly Judged[] =>
    answers.map((answer, i) => ({ ...judged(node, `case ${i}`, over([0.1, 0.2]), HALF), answer }))
  test.each([
    [["yes", "yes"], "holds"],
    [["yes", "open"], "holds when"],
    [["yes", "yes", "no"], "fails when"],
    [["yes", "no", "no"], "holds when"],
    [["no", "no"], "fails"],
    [["no", "open"], "fails when"],
    [["open"], "undecided"],
    [[], "not measured"],
  ] as const)("over %j is: %s", (answers, word) => expect(verdictOf(cases(...answers)).word).toBe(word))
  test("the comparator never counts, and what is against is named", () => {
    const all = [...cases("yes", "no", "yes"), { ...cases("no")[0], isReference: true }]
    const { word, ...counts } = verdictOf(all)
    expect([word, counts]).toEqual(["fails when", { yes: 2, no: 1, open: 0 }])
    expect(sentenceOf(all, word, counts, "share")).toBe(
      "It fails for helium: case 1 (15%) (2 of 3 cases for it, 1 against, 0 undecided).",
    )
  })
})

describe("a ladder", () => {
  const line = (...points: readonly (readonly [number, number])[]): readonly Rung[] =>
    points.map(([removed, served], count) => ({ count, removed, served }))
  const proportion = line([0, 1], [0.5, 0.5], [1, 0])
  const graceful = line([0, 1], [0.5, 0.95], [0.9, 0.6])
  const cliff = line([0, 1], [0.1, 0])
  test("in proportion has R = 1/2; better is slow, a cliff is not", () => {
    expect(robustness(proportion)).toBeCloseTo(0.5, 12)
    expect(robustness(graceful)).toBeCloseTo(0.5 * 0.975 + 0.4 * 0.775 + 0.1 * 0.3, 12)
    expect(robustness(cliff)).toBeCloseTo(0.05, 12)
    const slow = (r: readonly Rung[]) => answerOf({ mean: robustness(r), low: NaN, high: NaN }, { at: 0.5, side: "above" })
    expect([slow(graceful), slow(cliff)]).toEqual(["yes", "no"])
  })
  test("is read between its rungs, and says where it never gets to", () => {
    expect(servedAt(proportion, 0.25)).toBeCloseTo(0.75, 12)
    expect(servedAt(graceful, 0.95)).toBeNaN()
    expect(shareAt(proportion, 0.9)).toBeCloseTo(0.1, 12)
    expect(shareAt(graceful, 0.5)).toBeNaN()
    expect([domainsTo(cliff, 0.5), domainsTo(proportion, 0.4), domainsTo(graceful, 0.5)]).toEqual([1, 2, NaN])
  })
  test("takes a country of Helium at a time: fewer run on each rung, and the first one costs users", async () => {
    const arena = small("helium", 60)
    const [course, twin] = await trials().courses([ladderAsk(arena, "country", 1), ladderAsk(arena, NOTHING, 1)])
    const rungs = rungsOf(course, twin, arena, "country")
    expect(rungs[0]).toEqual({ count: 0, removed: 0, served: 1 })
    for (let k = 1; k < rungs.length; k++) expect(rungs[k].removed).toBeGreaterThanOrEqual(rungs[k - 1].removed)
    expect(rungs[1].served).toBeLessThan(1)
    expect(rungs.at(-1)!.served).toBeLessThan(0.2)
  })
})

describe("one fault", () => {
  test("takes all of a content network with its operator, and little of it with a tenth of its machines", async () => {
    const arena = ARENAS.find((a) => a.id === "cdn")!
    const faults = faultsOf(arena).filter((f) => f.label === "largest operator" || f.label === "a tenth at random")
    const asks = [...faults, { todo: [] }].map((f) => ({
      network: "cdn",
      scenario: scenarioOf({
        arena,
        seed: 1,
        steps: WARM + 2,
        timeline: f.todo.map((t) => ({ at: { hours: WARM }, label: "fault", do: t })),
      }),
    }))
    const [random, operator, twin] = await trials().courses(asks)
    const worst = [random, operator].map((c) => worstOf(c, twin))
    expect(worst.map((x) => answerOf(over([x, x]), HALF))).toEqual(["yes", "no"])
  })
  test("homes are in no cloud, and halls have hosts", () => {
    expect(domainsOf(small("helium", 60))).not.toContain("provider")
    expect(domainsOf(small("filecoin", 60))).toContain("provider")
  })
  test("is local where only its own users lose, and is not where others do", () => {
    const course = (focusServed: number, served: number) => ({
      epochs: Array.from({ length: WARM + 2 }, () => ({ offered: 100, served, focusOffered: 40, focusServed })),
      split: {},
    })
    expect(localityOf(course(0, 60), course(40, 100))).toEqual({ inside: 1, outside: 0 })
    expect(localityOf(course(40, 70), course(40, 100)).outside).toBeCloseTo(0.5, 12)
    // What the twin loses too is not the fault's doing.
    expect(localityOf(course(20, 50), course(20, 50))).toEqual({ inside: 0, outside: 0 })
  })
})

describe("where a claim turns over", () => {
  test("a crossing is found between neighbours, at the first place, or not at all", () => {
    expect(crossing([0, 0.5, 1], [0, 0.4, 0.8], 0.5)).toBeCloseTo(0.625, 12)
    expect(crossing([0, 1], [0.7, 0.9], 0.5)).toBe(0)
    expect(crossing([0, 1], [0, 0.3], 0.5)).toBeNaN()
  })
  test("the share at which a committee halts is the closed form's own", () => {
    const share = shareToHalt(43, 1, 0.292)
    expect(computeCommitteeHalt(43, 14, share, 1)).toBeCloseTo(0.292, 9)
    expect(share).toBeCloseTo(0.3, 3)
    expect(shareToHalt(43, 8760, 0.5)).toBeLessThan(share)
  })
  test("cheating pays from the smallest share whose interval lies above an honest node's one", () => {
    const at = (share: number, mean: number, low: number) => ({ share, metrics: { rho: { mean, low } } })
    expect(flipShare([at(0.3, 1.5, 1.2), at(0.1, 1.4, 0.9), at(0.2, 1.3, 1.1)])).toBe(0.2)
    expect(flipShare([at(0.3, 0.9, 0.8)])).toBeNaN()
  })
  test("pay of a halt is lost, delayed or more than before", () => {
    expect(neverPaid(100, 90, 12, 120)).toBe(1)
    expect(neverPaid(100, 100, 12, 120)).toBe(0)
    expect(neverPaid(100, 101, 12, 120)).toBeLessThan(0)
    expect(neverPaid(0, 0, 12, 120)).toBeNaN()
  })
  test("intervals of shares stay among the shares", () => {
    expect(over([0, 0, 0, 1]).low).toBeLessThan(0)
    expect(overShares([0, 0, 0, 1]).low).toBe(0)
  })
})

describe("the best-paid of a family", () => {
  test("has an interval that is simultaneous over its members, and never lower than the clearest of them", () => {
    const steady = [1.1, 1.2, 1.1, 1.2]
    const wild = [0, 3, 0, 3]
    const { at, estimate } = largestOf([steady, wild])
    expect(at).toBe(1)
    expect(estimate.mean).toBe(1.5)
    // The wild one alone would leave it open below 1; the steady one says that the largest of the two lies above.
    expect(over(wild).low).toBeLessThan(1)
    expect(estimate.low).toBeGreaterThan(1)
    // Two at once are asked for more than one alone: 97.5 % each.
    expect(estimate.low).toBeLessThan(over(steady).low)
    expect(estimate.high).toBeGreaterThan(over(wild).high)
    expect(largestOf([[NaN, NaN], steady]).at).toBe(1)
  })
})

describe("joining", () => {
  const measured = readFirstReward()
  test("is read from what the bench wrote, with its day, commit, machine and clock", () => {
    const { estimate, unit } = joinCase(measured)
    expect(unit).toBe("hours")
    expect(estimate.runs).toBe(measured.seconds.length)
    const told = joinChoices(measured).join(" ")
    for (const word of [measured.commit, measured.machine, measured.at.slice(0, 10), `${measured.speed} times`])
      expect(told).toContain(word)
  })
  test("is against the claim where no reward came in time, and never leaves such a join out", () => {
    const late = joinCase({ ...measured, seconds: [null, null] })
    expect([late.answer, late.estimate.mean]).toEqual(["no", measured.secondsMax / 3600])
    expect(joinCase({ ...measured, seconds: [20, 21, 22] }).answer).toBe("yes")
  })
})

describe("cost", () => {
  test("is drawn from the ranges of its parts, and doubles with the copies", () => {
    const one = costOf("egress, GB")
    expect(one.low).toBeGreaterThanOrEqual(0.0005)
    expect(one.high).toBeLessThanOrEqual(0.005)
    expect(costOf("egress, GB", [2, 2]).mean).toBeCloseTo(2 * one.mean, 12)
  })
  test("Helium's sensors do not pay for their hotspots, S3 pays several times for its disks; every price has its day", async () => {
    const asked = await realCost({ arenas: ARENAS, trials: trials() })
    const answer = (label: string) =>
      asked.cases.find((c) => c.label.includes(label) && c.group === "price over bottom-up cost")!.answer
    expect(answer("LoRaWAN sensor")).toBe("no")
    expect(answer("AWS S3 Standard: storage")).toBe("yes")
    expect(asked.tables[0].rows.every((r) => /^\d{4}|undated/u.test(String(r[4])))).toBe(true)
    const { verdict, sentence } = concluded(asked, trials().provenance)
    expect(verdict).toBe("fails when")
    expect(sentence).toContain("helium: Helium Mobile, data credits: mobile offload")
  })
})

test("progress goes one way over all phases of a claim, and what is kept counts as done", async () => {
  const told: (readonly [number, number])[] = []
  const options = { engine: () => inlineEngine(), cacheDir: undefined, seedsFrom: 7, seeds: 2 }
  const t = new Trials({ ...options, onProgress: (done, all) => void told.push([done, all]) })
  expect(t.seeds).toEqual([7, 8])
  t.expect(3)
  await t.courses([ladderAsk(small("akash", 12), "random", 7)])
  await t.courses([8, 9].map((seed) => ladderAsk(small("akash", 12), NOTHING, seed)))
  expect(told).toEqual([
    [1, 3],
    [2, 3],
    [3, 3],
  ])
})

test("a claim's runs are kept by key, and its folder is read back with its gaps", async () => {
  const dir = mkdtempSync(join(tmpdir(), "blackstart-claims-"))
  try {
    const ask = ladderAsk(small("akash", 12), "random", 1)
    const [first, again] = [trials(2, join(dir, "cache")), trials(2, join(dir, "cache"))]
    expect(await again.courses([ask])).toEqual(await first.courses([ask]))
    expect(first.provenance).toMatchObject({ runs: 1, cached: 1, computed: 0 })
    expect(again.provenance).toMatchObject({ runs: 1, cached: 0, computed: 1, results: first.provenance.results })
    const result = concluded(await realCost({ arenas: ARENAS, trials: first }), first.provenance)
    await writeClaim(join(dir, "out", result.id), result, { command: "x" })
    const read = readClaims(join(dir, "out")).get(result.id)!
    expect(read.result.cases[0].estimate.low).toBeNaN()
    expect(read.result.sentence).toBe(result.sentence)
    expect(readFileSync(join(dir, "out", result.id, "prices.csv"), "utf8").split("\n")[0]).toBe(
      "who,kind,service,usd,date,source",
    )
    expect(readFileSync(join(dir, "out", result.id, "DICTIONARY.md"), "utf8")).toContain("| usd | US dollar per unit |")
  } finally {
    rmSync(dir, { recursive: true })
  }
})
