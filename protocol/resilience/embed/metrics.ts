/** What the mechanisms report of themselves in every network that embeds them, as "resilience.…": networks have repairs and work of their own. */
import type { Metric } from "../../kernel/network.ts"
import {
  admissionMetrics,
  graceMetrics,
  livenessMetrics,
  outageMetrics,
  placementMetrics,
  receiptMetrics,
  releaseMetrics,
  restartMetrics,
} from "../metrics.ts"
import type { HasResilience, Resilience } from "./state.ts"

const own: Readonly<Record<string, Metric<Resilience>>> = {
  ...(livenessMetrics as unknown as Readonly<Record<string, Metric<Resilience>>>),
  ...(outageMetrics as unknown as Readonly<Record<string, Metric<Resilience>>>),
  ...(graceMetrics as unknown as Readonly<Record<string, Metric<Resilience>>>),
  ...(placementMetrics as unknown as Readonly<Record<string, Metric<Resilience>>>),
  ...(admissionMetrics as unknown as Readonly<Record<string, Metric<Resilience>>>),
  ...(releaseMetrics as unknown as Readonly<Record<string, Metric<Resilience>>>),
  ...(receiptMetrics as unknown as Readonly<Record<string, Metric<Resilience>>>),
  ...(restartMetrics as unknown as Readonly<Record<string, Metric<Resilience>>>),
  "receipts.amount": {
    unit: "smallest unit of credit",
    because: "What receipts have paid.",
    kind: "counter",
    of: ({ receipts }) => receipts.total.paidAmount[0],
  },
}

export const resilienceMetrics: Readonly<Record<string, Metric<HasResilience>>> = Object.fromEntries(
  Object.entries(own).map(([name, metric]) => [
    `resilience.${name}`,
    { ...metric, of: ({ resilience }: HasResilience) => metric.of(resilience) },
  ]),
)
