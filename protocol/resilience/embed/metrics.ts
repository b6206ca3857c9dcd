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
import { REGISTERED } from "../../registry/registry.ts"
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
  "diversity.weightMin": {
    unit: "‰",
    because: "The least that a node's work is weighed with in what is paid.",
    kind: "gauge",
    of: (state) => extreme(state, (a, b) => a < b),
  },
  "diversity.weightMax": {
    unit: "‰",
    because: "The most.",
    kind: "gauge",
    of: (state) => extreme(state, (a, b) => a > b),
  },
  "receipts.amount": {
    unit: "smallest unit of credit",
    because: "What receipts have paid.",
    kind: "counter",
    of: ({ receipts }) => receipts.total.paidAmount[0],
  },
}

/** Lowest or highest weight of those who take part; 1000 where nothing is weighed. */
function extreme({ standing, registry: { nodes } }: Resilience, isBetter: (a: number, b: number) => boolean): number {
  let found = -1
  if (standing.version > 0)
    for (let node = 0; node < standing.length; node++) {
      const weight = standing.weightPermille[node] || 1000
      if (nodes.status[node] === REGISTERED && (found < 0 || isBetter(weight, found))) found = weight
    }
  return found < 0 ? 1000 : found
}

export const resilienceMetrics: Readonly<Record<string, Metric<HasResilience>>> = Object.fromEntries(
  Object.entries(own).map(([name, metric]) => [
    `resilience.${name}`,
    { ...metric, of: ({ resilience }: HasResilience) => metric.of(resilience) },
  ]),
)
