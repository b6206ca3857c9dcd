/** What a claim put to the test comes to: cases judged one by one, a verdict by a rule, the boundary that flips it, and tidy tables. */
import type { Estimate } from "../study/maths/estimate.ts"

/** The interval lies wholly on the claim's side, wholly on the other, or on both. */
export type Answer = "yes" | "no" | "open"

/** A threshold, and on which side of it the claim is true. */
export interface Threshold {
  readonly at: number
  /** "at most" and "at least" have the line itself on the claim's side. */
  readonly side: "below" | "above" | "at most" | "at least"
}
/** What sums of fractions may lie beside a whole number, as the catalogue of adversaries judges too. */
const NOISE = 1e-9

/** Where the whole interval lies. A figure without an interval (one run, or arithmetic) is judged by itself; NaN leaves the case open. */
export function answerOf(e: Pick<Estimate, "mean" | "low" | "high">, { at, side }: Threshold): Answer {
  const low = e.low === e.low ? e.low : e.mean
  const high = e.high === e.high ? e.high : e.mean
  if (side === "below") return high < at ? "yes" : low >= at ? "no" : "open"
  if (side === "at most") return high <= at + NOISE ? "yes" : low > at + NOISE ? "no" : "open"
  if (side === "at least") return low >= at - NOISE ? "yes" : high < at - NOISE ? "no" : "open"
  return low > at ? "yes" : high <= at ? "no" : "open"
}

export type Word = "holds" | "holds when" | "fails when" | "fails" | "undecided" | "not measured"

export interface Judged {
  readonly label: string
  readonly network: string
  readonly estimate: Estimate
  readonly answer: Answer
  /** Judged beside the others and never counts for or against the claim: the centralised comparator, unless `role` says what else. */
  readonly isReference: boolean
  /** A control shows that the experiment can fail; a member is one of those whose largest figure is a case of its own. */
  readonly role?: "control" | "member"
  /** Where a group has a line and a unit of its own. */
  readonly threshold?: Threshold
  readonly unit?: ClaimResult["unit"]
  /** Grouped under this heading on the page. */
  readonly group?: string
}

/**
 * A claim is universal: one case with the whole interval against it refutes it as said. Then "fails when" names the cases against it, where
 * most hold, and "holds when" names those for it, where most fail. Open cases decide nothing; with nothing but open ones it is undecided.
 */
export function verdictOf(cases: readonly Judged[]): {
  readonly word: Word
  readonly yes: number
  readonly no: number
  readonly open: number
} {
  const own = cases.filter((c) => !c.isReference)
  const count = (a: Answer): number => own.filter((c) => c.answer === a).length
  const [yes, no, open] = [count("yes"), count("no"), count("open")]
  const word: Word =
    own.length === 0
      ? "not measured"
      : yes + no === 0
        ? "undecided"
        : no === 0
          ? open === 0
            ? "holds"
            : "holds when"
          : yes === 0
            ? open === 0
              ? "fails"
              : "fails when"
            : no > yes
              ? "holds when"
              : "fails when"
  return { word, yes, no, open }
}

/** Where a claim flips along one axis. */
export interface Boundary {
  readonly axis: string
  readonly network: string
  /** Share from 0 to 1, or a number of domains, as `unit` says; NaN: not within what was searched. */
  readonly at: Estimate
  readonly unit: "share" | "domains" | "seats" | "hours" | "ratio"
  /** How it was found: bisected, interpolated between rungs, counted, closed form. */
  readonly how: string
}

export interface Column {
  readonly name: string
  readonly unit: string
  readonly because: string
}
/** A tidy table: one observation a row. */
export interface Tidy {
  readonly name: string
  readonly because: string
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly (number | string)[])[]
}

/** A line of a chart: means and intervals over seeds. */
export interface Curve {
  readonly network: string
  readonly label: string
  readonly points: readonly { readonly x: number; readonly y: number; readonly low: number; readonly high: number }[]
  /** Drawn thin and dashed: a closed form to compare with. */
  readonly isTheory?: true
}

export interface Panel {
  readonly title: string
  readonly x: string
  readonly y: string
  readonly curves: readonly Curve[]
}

export interface Provenance {
  readonly seedsFrom: number
  readonly seeds: number
  readonly runs: number
  readonly failed: number
  /** Digest of the sources, of all jobs' keys in order, and of all results in order. */
  readonly code: string
  readonly jobs: string
  readonly results: string
  /** Run now, read from the cache; wall seconds of the claim, and seconds its workers worked. */
  readonly computed: number
  readonly cached: number
  readonly seconds: number
  readonly work: number
}

export interface ClaimResult {
  readonly id: string
  /** As the essay says it. */
  readonly words: string
  readonly question: string
  readonly experiment: string
  /** The rule that gives the verdict from the cases. */
  readonly rule: string
  readonly figure: {
    readonly what: string
    readonly estimate: Estimate
    readonly unit: "share" | "ratio" | "count" | "hours"
    /** What its range is, where it is no 95 % interval over seeds. */
    readonly range?: string
  }
  readonly verdict: Word
  readonly sentence: string
  readonly threshold: Threshold
  /** What the cases' figures are, and in which unit. */
  readonly measured: string
  readonly unit: "share" | "ratio" | "count" | "hours"
  /** What a bar is, where it is no 95 % interval over seeds. */
  readonly bars?: string
  readonly cases: readonly Judged[]
  readonly boundary: readonly Boundary[]
  /** Where it is no place at which the claim turns over. */
  readonly boundaryTitle?: string
  readonly panels: readonly Panel[]
  readonly tables: readonly Tidy[]
  /** Assumptions and what was not measured. */
  readonly choices: readonly string[]
  readonly sources: readonly string[]
  readonly provenance: Provenance
}
