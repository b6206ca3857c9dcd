/** What is read off the state at the end of an epoch, and of a run. */
import type { ChartDeclaration } from "../../kernel/chart.ts"
import type { Metric, NodeMeasure } from "../../kernel/network.ts"
import { isOpen } from "../../kernel/slots.ts"
import type { Wide } from "../../kernel/wide.ts"
import type { State } from "./state.ts"

/** microRENDER, floored. */
const micro = (w: Wide, i = 0): number => Number(w.get(i) / 100n)
/** Dollars, floored. */
const usd = (w: Wide): number => Number(w.get(0) / 1_000_000n)

const of = (unit: string, kind: "counter" | "gauge", because: string, read: (s: State) => number): Metric<State> => ({
  unit,
  kind,
  because,
  of: read,
})

const sumOf = (column: ArrayLike<number>, length: number): number => {
  let sum = 0
  for (let i = 0; i < length; i++) sum += column[i]
  return sum
}

export const metrics: Readonly<Record<string, Metric<State>>> = {
  "node.connected": of("nodes", "gauge", "Nodes with an open session.", (s) => s.service.connected[0]),
  "node.working": of("nodes", "gauge", "Nodes with frames.", (s) => s.service.working[0]),
  "node.tier2": of("nodes", "gauge", "Connected nodes that serve priority jobs.", ({ node }) => {
    let count = 0
    for (let n = 0; n < node.length; n++) if (node.connected[n] === 1 && node.tier[n] === 2) count++
    return count
  }),
  "job.open": of("jobs", "gauge", "Jobs with a deadline to come or a frame to settle.", (s) => s.jobHead.open[0]),
  "frame.asked": of("frames", "counter", "Frames that jobs asked for.", (s) => s.service.asked[0]),
  "frame.queued": of("frames", "gauge", "Frames that no node has begun.", ({ job }) => {
    let frames = 0
    for (let j = 0; j < job.length; j++) if (isOpen(job, j)) frames += job.fresh[j] + job.again[j]
    return frames
  }),
  "frame.rendered": of("frames", "counter", "Frames uploaded, right or wrong.", (s) => s.service.rendered[0]),
  "frame.approved": of("frames", "counter", "Frames approved and paid.", (s) => s.service.approved[0]),
  "frame.silent": of("frames", "counter", "Of those, approved by 72 hours of silence.", (s) => s.service.approvedBySilence[0]),
  "frame.rejected": of("frames", "counter", "Frames rejected, by checks or by artists.", (s) => s.service.rejected[0]),
  "frame.requeued": of("frames", "counter", "Frames that went back because their node was gone.", (s) => s.service.requeued[0]),
  "frame.cancelled": of("frames", "counter", "Frames given up, by creators or by quarantine.", (s) => s.service.cancelled[0]),
  "frame.due": of("frames", "counter", "Frames whose deadline came.", (s) => s.service.due[0]),
  "frame.late": of("frames", "counter", "Of those, not delivered by then.", (s) => s.service.due[0] - s.service.onTime[0]),
  "frame.wait": of("s", "gauge", "Mean time from submission to delivery, since the run began.", ({ service }) =>
    service.rendered[0] === 0 ? 0 : Math.floor(service.waitedS[0] / service.rendered[0]),
  ),
  "job.quarantined": of("jobs", "counter", "Jobs stopped by too many failed re-renders.", (s) => s.service.quarantines[0]),
  "work.approved": of("OBh", "counter", "OctaneBench-hours of approved frames.", (s) => Math.floor(s.service.milliObh[0] / 1000)),
  "credit.spent": of("microcredit", "counter", "Credits of approved frames.", (s) => s.service.spentMicroCredit[0]),
  "spend.render": of("USD", "counter", "What closed epochs' approved frames cost.", (s) => usd(s.service.spentMicroUsd)),
  "spend.compute": of("USD", "counter", "What customers of the compute subnet paid.", (s) => usd(s.service.rentMicroUsd)),
  "spend.salad": of("USD", "counter", "What customers of the Salad subnet paid.", (s) => usd(s.service.saladMicroUsd)),
  "price.posted": of("microUSD", "gauge", "The oracle's price of RENDER.", (s) => s.service.priceMicroUsd[0]),
  "supply.minted": of("microRENDER", "counter", "Minted since the run began.", (s) => micro(s.service.minted8)),
  "supply.burnt": of("microRENDER", "counter", "Burnt since the run began.", (s) => micro(s.service.burnt8)),
  "reward.paid": of("microRENDER", "counter", "Paid to nodes.", (s) => micro(s.service.paid8)),
  "service.rounds": of("rounds", "counter", "Rounds in which the matchmaker looked at all.", (s) => s.service.rounds[0]),
  "service.standstill": of(
    "s",
    "counter",
    "Time the matchmaker stood still, not counted against artists.",
    (s) => s.service.pausedS[0],
  ),
  "reputation.creators": of("‰", "gauge", "Mean reputation of creators.", ({ creator }) =>
    creator.length === 0 ? 0 : Math.floor(sumOf(creator.reputationE6, creator.length) / creator.length / 1000),
  ),
}

export const nodeMeasures: Readonly<Record<string, NodeMeasure<State>>> = {
  paidMicroRender: {
    unit: "microRENDER",
    because: "Rewards of both pools and of the subnet.",
    isIncome: true,
    of: ({ node }, n) => micro(node.paid8, n),
  },
  rendered: { unit: "frames", because: "Frames uploaded.", of: ({ node }, n) => node.rendered[n] },
  lost: { unit: "frames", because: "Frames that went back to the queue when it was gone.", of: ({ node }, n) => node.lost[n] },
  reputation: { unit: "‰", because: "Reputation at the end.", of: ({ node }, n) => Math.floor(node.reputationE6[n] / 1000) },
  ob: { unit: "OctaneBench score", because: "Its strength.", of: ({ node }, n) => node.ob[n] },
  onTime: {
    unit: "frames",
    because: "Frames of the creator near it that came in time.",
    of: ({ creator }, n) => creator.onTime[n],
  },
  late: { unit: "frames", because: "Those that did not.", of: ({ creator }, n) => creator.due[n] - creator.onTime[n] },
}

const MICRO = 1_000_000

export const charts: readonly ChartDeclaration[] = [
  {
    kind: "panels",
    word: "the market",
    panels: [
      { word: "price of RENDER", unit: "USD", by: MICRO, lines: [{ metric: "price.posted", word: "RENDER" }] },
      {
        word: "machines",
        unit: "nodes",
        by: 1,
        lines: [
          { metric: "node.connected", word: "connected" },
          { metric: "node.working", word: "at work" },
          { metric: "operator.away", word: "gone" },
        ],
      },
      {
        word: "frames",
        unit: "frames",
        by: 1,
        lines: [
          { metric: "frame.due", word: "due", counted: "at a time" },
          { metric: "frame.late", word: "late", counted: "at a time" },
        ],
      },
      { word: "the queue", unit: "frames", by: 1, lines: [{ metric: "frame.queued", word: "not begun" }] },
      {
        word: "RENDER in all",
        unit: "RENDER",
        by: MICRO,
        lines: [
          { metric: "supply.minted", word: "minted", counted: "in all" },
          { metric: "supply.burnt", word: "burnt", counted: "in all" },
        ],
      },
      {
        word: "1000 OctaneBench-hours",
        unit: "USD",
        by: MICRO,
        lines: [
          { metric: "obh.tier2", word: "Render, tier 2" },
          { metric: "obh.farm", word: "render farms", isComparator: true },
        ],
      },
    ],
  },
]
