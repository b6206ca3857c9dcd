/** What is read off deals, off what clients keep, and off warm storage. */
import type { Metric } from "../../kernel/network.ts"
import type { Wide } from "../../kernel/wide.ts"
import type { State } from "./state.ts"

const MICRO = 1_000_000_000_000n
/** Millionths of a token with 18 decimals, floored. */
const micro = (w: Wide): number => Math.min(Number.MAX_SAFE_INTEGER, Number(w.get(0) / MICRO))

const of = (unit: string, kind: "counter" | "gauge", because: string, read: (s: State) => number): Metric<State> => ({
  unit,
  kind,
  because,
  of: read,
})

export const dealMetrics: Readonly<Record<string, Metric<State>>> = {
  "deals.published": of("deals", "counter", "Published in the built-in market.", (s) => s.dealTotals.published[0]),
  "deals.activated": of("deals", "counter", "Put into proven sectors by their start.", (s) => s.dealTotals.activated[0]),
  "deals.completed": of("deals", "counter", "Stored to their end, paid in full.", (s) => s.dealTotals.completed[0]),
  "deals.slashed": of("deals", "counter", "Their sector ended before them.", (s) => s.dealTotals.slashed[0]),
  "deals.timedOut": of("deals", "counter", "In no sector by their start.", (s) => s.dealTotals.timedOut[0]),
  "deals.paid": of("microFIL", "counter", "Paid by clients for epochs stored.", (s) => micro(s.dealTotals.paidAtto)),
  "market.escrow": of("microFIL", "gauge", "Held by the market, locked or not.", (s) => micro(s.dealTotals.escrowAtto)),
  "objects.recoverable": of(
    "objects",
    "gauge",
    "Ours: objects once stored of which some deal still holds a copy, as far as the chain knows.",
    (s) => s.dealTotals.present[0],
  ),
  "objects.lost": of(
    "objects",
    "gauge",
    "Ours: objects once stored whose every copy's sector has ended.",
    (s) => s.dealTotals.placed[0] - s.dealTotals.present[0],
  ),
  "repair.inProgress": of("objects", "gauge", "Ours: copies ordered and not yet made.", (s) => s.dealTotals.repairing[0]),
  "repair.done": of("objects", "counter", "Ours: ordered copies that were made.", (s) => s.dealTotals.repaired[0]),
  "repair.givenUp": of("objects", "counter", "Ours: ordered copies that did not come.", (s) => s.dealTotals.repairsGivenUp[0]),
  "pdp.stored": of("GiB", "gauge", "In data sets, those that are ending included.", (s) => s.possessionTotals.gib[0]),
  "pdp.proven": of("periods", "counter", "Proven in their window.", (s) => s.possessionTotals.proven[0]),
  "pdp.faulted": of("periods", "counter", "Gone by without a proof, and not paid.", (s) => s.possessionTotals.faulted[0]),
  "pdp.terminated": of("data sets", "counter", "Ended by client or provider.", (s) => s.possessionTotals.terminated[0]),
  "pdp.paid": of("microUSDFC", "counter", "Paid by rails.", (s) => micro(s.possessionTotals.paidUsdfc)),
  "fee.pdp": of("microFIL", "counter", "Proof fees of data sets, burnt.", (s) => micro(s.possessionTotals.feesAtto)),
}
