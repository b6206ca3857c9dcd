/** What came out, in words: of one run, or of two that shared their luck. Plain sentences; no figure that is not in the rows. */
import { gini, percent, quantile, short, sum, whole } from "./figures.ts"

/** What a verdict reads of a side's network. */
export interface Outcome {
  readonly nodeWord: string
  readonly nodes: number
  /** Per epoch, asked for and got, service unit × 1000. */
  readonly offered: readonly number[]
  readonly served: readonly number[]
  /** What each node was paid, in order of nodes; empty where nobody is paid. */
  readonly income: Float64Array
  readonly incomeUnit: string
  /** Last value of what is charted as supply and as price; undefined where nothing such is recorded. */
  readonly supply?: { readonly word: string; readonly last: number }
  readonly price?: { readonly word: string; readonly last: number }
}

const plural = (word: string): string => (word.endsWith("s") ? word : `${word}s`)
const served = (o: Outcome): number => (sum(o.offered) === 0 ? 1 : sum(o.served) / sum(o.offered))
const worst = (o: Outcome): number =>
  o.offered.reduce((least, asked, i) => (asked === 0 ? least : Math.min(least, o.served[i] / asked)), 1)
/** Below this two shares are told as the same. */
const NEAR = 0.0005

export function verdictOfOne(o: Outcome): readonly string[] {
  if (o.offered.length === 0) return ["Nothing has run yet."]
  const lines = [
    `Users got ${percent(served(o))} of what they asked for${worst(o) < served(o) - NEAR ? `; in the worst epoch ${percent(worst(o))}` : ""}.`,
  ]
  if (o.income.length > 0) {
    const ascending = o.income.toSorted()
    const none = countNone(ascending)
    lines.push(
      sum(ascending) === 0
        ? `No ${o.nodeWord} has been paid yet.`
        : `The ${o.nodeWord} in the middle was paid ${short(quantile(ascending, 0.5))} ${o.incomeUnit}; the best tenth have ${percent(topTenth(ascending))} of it all (Gini ${gini(ascending).toFixed(2)})${none > 0 ? `, and ${whole(none)} of ${whole(ascending.length)} got nothing` : ""}.`,
    )
  }
  return lines
}

/** B against A. Both run the same epochs. */
export function verdictOfTwo(a: Outcome, b: Outcome): readonly string[] {
  if (a.offered.length === 0 || b.offered.length === 0) return ["Both settings must run first."]
  const lines: string[] = []
  const [servedA, servedB] = [served(a), served(b)]
  lines.push(
    Math.abs(servedA - servedB) < NEAR
      ? `Users are served alike: ${percent(servedA)} in both.`
      : `Users are served ${servedB > servedA ? "better" : "worse"} in B: ${percent(servedB)} against ${percent(servedA)} in A.`,
  )
  const gains = whoGains(a, b)
  if (gains !== undefined) lines.push(gains)
  for (const name of ["supply", "price"] as const) {
    const [x, y] = [a[name], b[name]]
    if (x === undefined || y === undefined) continue
    const change = x.last === 0 ? 0 : y.last / x.last - 1
    if (Math.abs(change) >= NEAR)
      lines.push(`At the end ${y.word} is ${percent(Math.abs(change))} ${change > 0 ? "higher" : "lower"} in B.`)
  }
  return lines
}

/** Node by node: the same places and the same dice in both. */
function whoGains(a: Outcome, b: Outcome): string | undefined {
  if (a.income.length === 0 || a.income.length !== b.income.length) return undefined
  let [more, less] = [0, 0]
  for (let i = 0; i < a.income.length; i++) {
    // A thousandth either way is told as the same.
    const slack = Math.max(a.income[i], b.income[i]) / 1000
    if (b.income[i] > a.income[i] + slack) more++
    else if (b.income[i] < a.income[i] - slack) less++
  }
  const total = a.income.length
  if (more === 0 && less === 0) return `Every ${a.nodeWord} is paid the same in both.`
  const [allA, allB] = [sum(a.income), sum(b.income)]
  const [giniA, giniB] = [gini(a.income.toSorted()), gini(b.income.toSorted())]
  const together =
    allA === 0 || Math.abs(allB / allA - 1) < NEAR
      ? ""
      : `; all together ${percent(Math.abs(allB / allA - 1))} ${allB >= allA ? "more" : "less"}`
  const spread =
    Math.abs(giniA - giniB) < 0.005
      ? ""
      : ` Income is ${giniB > giniA ? "less" : "more"} equal: Gini ${giniB.toFixed(2)} against ${giniA.toFixed(2)}.`
  return `Of ${whole(total)} ${plural(a.nodeWord)}, ${more === 0 ? "none is" : `${whole(more)} are`} paid more in B, ${less === 0 ? "none" : whole(less)} less${together}.${spread}`
}

const countNone = (ascending: Float64Array): number => {
  const first = ascending.findIndex((v) => v > 0)
  return first < 0 ? ascending.length : first
}
const topTenth = (ascending: Float64Array): number => {
  const all = sum(ascending)
  return all === 0 ? 0 : sum(ascending.subarray(Math.floor(ascending.length * 0.9))) / all
}
