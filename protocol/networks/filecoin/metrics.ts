/** What is read off the state at the end of an epoch, and of a run. */
import type { ChartDeclaration } from "../../kernel/chart.ts"
import type { Metric, NodeMeasure } from "../../kernel/network.ts"
import type { Wide } from "../../kernel/wide.ts"
import { burntOf } from "./books.ts"
import { SLOT_S } from "./chain-time.ts"
import { CHAIN_FINALITY_EPOCHS, EPOCH_SECONDS } from "./epoch.ts"
import { CERTIFICATE_S } from "./decide-blocks.ts"
import { roundAt } from "./f3.ts"
import { dealMetrics } from "./metrics-deals.ts"
import { networkPowerGib } from "./network-clock.ts"
import type { State } from "./state.ts"

/** microFIL, floored: all FIL there will ever be are 2e15 of them. Debts that estimates gone wild pile up beyond 2^53 stop there. */
const micro = (w: Wide, i = 0): number => Math.min(Number.MAX_SAFE_INTEGER, Number(w.get(i) / 1_000_000_000_000n))

/** No certificate for half an hour, in a network that has had one. */
const isF3Halted = ({ network }: State): boolean =>
  network.certificates[0] > 0 && network.nowS[0] - network.certifiedS[0] >= SLOT_S

const of = (unit: string, kind: "counter" | "gauge", because: string, read: (s: State) => number): Metric<State> => ({
  unit,
  kind,
  because,
  of: read,
})

export const metrics: Readonly<Record<string, Metric<State>>> = {
  ...dealMetrics,
  "power.raw": of("GiB", "gauge", "Raw power that rewards are measured by.", (s) => networkPowerGib(s).raw),
  "power.qa": of(
    "GiB",
    "gauge",
    "Quality-adjusted power that elections and pledge are measured by.",
    (s) => networkPowerGib(s).qa,
  ),
  "power.faulty": of("‰", "gauge", "Share of live sectors that are faulty.", ({ network: n }) =>
    n.live[0] === 0 ? 0 : Math.floor((n.faulty[0] * 1000) / n.live[0]),
  ),
  "sectors.live": of("sectors", "gauge", "Neither expired nor terminated.", (s) => s.network.live[0]),
  "sectors.faulty": of("sectors", "gauge", "Live without power for want of a proof.", (s) => s.network.faulty[0]),
  "sectors.recovering": of(
    "sectors",
    "gauge",
    "Faulty, and declared to be proven at their next deadline.",
    (s) => s.network.recovering[0],
  ),
  "sectors.expired": of("sectors", "counter", "Ended as agreed.", (s) => s.network.expired[0]),
  "sectors.terminated": of(
    "sectors",
    "counter",
    "Ended early, by their provider or by 42 days of fault.",
    (s) => s.network.terminated[0],
  ),
  "proof.accepted": of("proofs", "counter", "Deadlines proven.", (s) => s.network.proofs[0]),
  "proof.missed": of("proofs", "counter", "Deadlines that closed without a proof they needed.", (s) => s.network.missed[0]),
  "reward.minted": of("microFIL", "counter", "Block rewards paid since the run began.", (s) => micro(s.network.mintedAtto)),
  "reward.epoch": of("microFIL", "gauge", "What the winners of an epoch share.", (s) => micro(s.network.epochRewardAtto)),
  "reward.locked": of("microFIL", "gauge", "Rewards and deposits still vesting.", (s) => micro(s.network.lockedAtto)),
  "win.drawn": of("wins", "counter", "Wins of the elections, five an epoch expected.", (s) => s.network.winsDrawn[0]),
  "win.paid": of("wins", "counter", "Wins that became blocks; the others are not minted.", (s) => s.network.winsPaid[0]),
  "epoch.null": of(
    "epochs",
    "counter",
    "Epochs drawn in which nobody made a block, once the next is drawn.",
    // The last epoch drawn may get its block yet: it counts when the next one is drawn, so that the number only grows.
    ({ network: n }) =>
      n.epochsElected[0] - n.epochsWithBlock[0] - (n.epochsElected[0] > 0 && n.blockEpoch[0] !== n.electedEpoch[0] ? 1 : 0),
  ),
  "pledge.locked": of("microFIL", "gauge", "Initial pledge of live sectors.", (s) => micro(s.network.pledgeAtto)),
  "fee.fault": of("microFIL", "counter", "Charged for sectors that stayed faulty.", (s) => micro(s.network.faultFeesAtto)),
  "fee.daily": of("microFIL", "counter", "Charged as daily proof fees.", (s) => micro(s.network.dailyFeesAtto)),
  "fee.termination": of("microFIL", "counter", "Charged for sectors that ended early.", (s) =>
    micro(s.network.terminationFeesAtto),
  ),
  "fee.debt": of("microFIL", "gauge", "Charged and not yet paid.", (s) => micro(s.network.feeDebtAtto)),
  burnt: of("microFIL", "counter", "Paid to f099.", (s) => micro(s.network.burntAtto)),
  "f3.lag": of(
    "epochs",
    "gauge",
    "From the head to the last final epoch; 900 where only expected consensus finalises.",
    ({ network: n }) =>
      n.certificates[0] === 0
        ? CHAIN_FINALITY_EPOCHS
        : Math.max(0, Math.min(CHAIN_FINALITY_EPOCHS, n.epoch[0] - n.finalEpoch[0])),
  ),
  "f3.behind": of(
    "epochs",
    "gauge",
    "From the head to the last epoch that F3 made final, however many; 0 before its first.",
    ({ chain, network: n }) =>
      n.certificates[0] === 0 ? 0 : Math.max(0, (chain.begun[0] === 1 ? n.blockEpoch[0] : n.epoch[0]) - n.finalEpoch[0]),
  ),
  "f3.round": of("round", "gauge", "Round of the instance at work: 0 while decisions come in time.", ({ f3, network: n }) =>
    f3.instance[0] === 0 || n.nowS[0] - f3.beganS[0] <= CERTIFICATE_S ? 0 : roundAt(n.nowS[0] - f3.beganS[0]),
  ),
  "f3.instance": of("instances", "counter", "Decisions of F3.", ({ f3 }) => f3.instance[0]),
  "tipset.blocks": of("blocks", "counter", "Blocks of folded half hours.", ({ chain }) => chain.blocks[0]),
  "tipset.null": of("epochs", "counter", "Null rounds, those of halts included.", ({ chain }) => chain.nullRounds[0]),
  "chain.halted": of(
    "half hours",
    "counter",
    "Half hours without any block: no deadline closed.",
    ({ chain }) => chain.haltedSlots[0],
  ),
  "gas.used": of("million gas", "counter", "Gas that blocks took.", ({ chain }) => chain.gasUsedMega[0]),
  "gas.backlog": of("million gas", "gauge", "Gas of messages that wait for a block.", ({ chain }) => chain.backlogMega[0]),
  "gas.baseFee": of("attoFIL per gas", "gauge", "Base fee.", ({ chain }) => chain.baseFeeAtto.toNumber(0)),
  "gas.burnt": of("microFIL", "counter", "Base fees that providers paid.", ({ chain }) => micro(chain.gasBurntAtto)),
  "gas.tipped": of("microFIL", "counter", "Premiums that winners got.", ({ chain }) => micro(chain.tippedAtto)),
  "proof.disputed": of("proofs", "counter", "Proofs that did not stand a dispute.", ({ chain }) => chain.disputes[0]),
  "fee.dispute": of("microFIL", "counter", "Charged for proofs that did not stand.", ({ chain }) =>
    micro(chain.disputePenaltiesAtto),
  ),
  "f3.halted": of("0 or 1", "gauge", "No certificate for half an hour; blocks go on.", (s) => (isF3Halted(s) ? 1 : 0)),
}

export const nodeMeasures: Readonly<Record<string, NodeMeasure<State>>> = {
  earnedMicroFil: {
    unit: "microFIL",
    because: "Block rewards, vested or not.",
    of: ({ miner }, n) => micro(miner.earnedAtto, n),
  },
  burntMicroFil: {
    unit: "microFIL",
    because: "Fees and penalties paid.",
    of: (s, n) => Number(burntOf(s, n) / 1_000_000_000_000n),
  },
  owedMicroFil: { unit: "microFIL", because: "Fee debt at the end.", of: ({ miner }, n) => micro(miner.feeDebtAtto, n) },
  wins: { unit: "wins", because: "Wins that became blocks.", of: ({ miner }, n) => miner.wins[n] },
  missed: { unit: "proofs", because: "Deadlines that closed without their proof.", of: ({ miner }, n) => miner.missed[n] },
  qaGib: { unit: "GiB", because: "Quality-adjusted claim at the end.", of: ({ miner }, n) => miner.qaGib[n] },
}

const FIL = { unit: "FIL", by: 1_000_000 } as const
/** Wins that are expected in an epoch, which share its reward. */
const WINS = 5

export const charts: readonly ChartDeclaration[] = [
  {
    kind: "level",
    word: "power",
    levels: [
      { metric: "power.qa", word: "quality-adjusted power" },
      { metric: "power.raw", word: "raw power" },
    ],
    away: { metric: "sectors.away", word: "sectors truly there" },
  },
  {
    kind: "bill",
    word: "missed rewards and fees",
    items: [
      { word: "rewards not minted", drawn: "win.drawn", paid: "win.paid", price: "reward.epoch", shares: WINS },
      { word: "fault fees", metric: "fee.fault" },
      { word: "daily fees", metric: "fee.daily" },
      { word: "termination fees", metric: "fee.termination" },
    ],
    ...FIL,
  },
  {
    kind: "payer",
    income: "earnedMicroFil",
    charges: ["burntMicroFil", "owedMicroFil"],
    size: "qaGib",
    sizeWord: "power",
    ...FIL,
  },
  { kind: "spread", measure: "earnedMicroFil", word: "block rewards", ...FIL },
  {
    kind: "pulse",
    word: "the chain",
    lines: [
      { word: "finality (F3) behind the head", gauge: "f3.lag", unit: "epochs", alarm: "f3.halted" },
      { word: "rounds without a block", counter: "epoch.null", everyS: EPOCH_SECONDS },
    ],
  },
]
