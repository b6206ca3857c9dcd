/**
 * What a network wants drawn of a run: kinds of charts over its own recorded metrics and node measures, as data. A report reads them
 * from the run's manifest and the figures from its tables; it never looks into a state, and no kind of chart knows a network.
 */

/** Amounts are divided by `by` and written in `unit`. */
export interface ChartUnit {
  readonly unit: string
  readonly by: number
}

/** One item of a bill: what the metric added in a tick, or what was `drawn` and not `paid` times `price`, over `shares`. */
export type BillItem =
  | { readonly word: string; readonly metric: string }
  | {
      readonly word: string
      readonly drawn: string
      readonly paid: string
      /** Gauge: what one round's shares are worth together. */
      readonly price: string
      readonly shares: number
    }

export type ChartDeclaration =
  /** Levels against what they were at onset, and beside them what is truly away (a metric in ppm). */
  | {
      readonly kind: "level"
      readonly word: string
      readonly levels: readonly { readonly metric: string; readonly word: string }[]
      readonly away: { readonly metric: string; readonly word: string }
    }
  /** What an incident costs as time goes on, item by item, at the network's full charge. */
  | ({ readonly kind: "bill"; readonly word: string; readonly items: readonly BillItem[] } & ChartUnit)
  /** Who pays: nodes that were away for a time against all others, in sums against the twin. `size` weighs them. */
  | ({
      readonly kind: "payer"
      readonly income: string
      readonly charges: readonly string[]
      readonly size: string
      readonly sizeWord: string
    } & ChartUnit)
  /** How a measure spreads over nodes that were away and those that were not, with and without the incident. */
  | ({ readonly kind: "spread"; readonly measure: string; readonly word: string } & ChartUnit)
  /** Signs of life, one under the other: gauges as they stand, counters as a share of what another counter says was due. */
  | {
      readonly kind: "pulse"
      readonly word: string
      readonly lines: readonly (
        | { readonly word: string; readonly gauge: string; readonly unit: string; readonly alarm: string }
        | { readonly word: string; readonly counter: string; readonly everyS: number }
      )[]
    }
  /** What was true against what was believed, in node minutes: a metric a cell, row by row of truth. Left out where nobody looked. */
  | {
      readonly kind: "confusion"
      readonly word: string
      readonly classes: readonly string[]
      readonly cells: readonly string[]
    }
  /** Gauges and counters as they went, panel by panel: prices, supply, who joins and leaves. The first panel is told in the title. */
  | { readonly kind: "panels"; readonly word: string; readonly panels: readonly ChartPanel[] }

/** Lines in one unit, on one scale. */
export interface ChartPanel extends ChartUnit {
  readonly word: string
  readonly lines: readonly {
    readonly metric: string
    readonly word: string
    /** What counters added in an hour or, in a long run, in a day; or since the picture begins. Without it the metric is a gauge. */
    readonly counted?: "at a time" | "in all"
    /** What others have or charge: grey, and dashed. */
    readonly isComparator?: true
  }[]
}
