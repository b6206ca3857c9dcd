/**
 * The example network: a folder's worth of rules that embeds all ten mechanisms, so that they sit the same exam as a real network does,
 * and so that a designer can read how they are embedded. It is not registered in networks/index.ts and models nothing that exists.
 */
import { HOUR, MINUTE } from "../../kernel/clock.ts"
import { network, type Cadence, type Decide, type Evolve } from "../../kernel/network.ts"
import { command, event } from "../../kernel/row-type.ts"
import { count, flag, nodeIndex, seconds, unit } from "../../kernel/unit.ts"
import { canPay, holderOf, ISSUANCE, mint, post } from "../../ledger/ledger.ts"
import { absence, registryDecide } from "../../registry/decide.ts"
import { registryCommands, registryEvents, registryEvolve, registryRefusals } from "../../registry/registry.ts"
import {
  admissionCommands,
  admissionDecide,
  admissionEvents,
  admissionEvolve,
  admissionRefusals,
  serveWork,
  type Capacity,
} from "../admission.ts"
import { restartCommands, restartDecide, restartEvents, restartEvolve, restartRefusals } from "../black-start.ts"
import { splitByDiversity } from "../diversity.ts"
import { graceEvents, graceEvolve, isUnderGrace, noteDomains, penaltyUnderGrace, rewardUnderGrace, useGrace } from "../grace.ts"
import { livenessDecide, livenessLines } from "../liveness-decide.ts"
import { HEARD, livenessCommands, livenessEvents, livenessEvolve, livenessRefusals } from "../liveness.ts"
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
import { outageDecide, outageLines } from "../outage-decide.ts"
import { outageCommands, outageEvents, outageEvolve, outageRefusals } from "../outage.ts"
import { placementCommands, placementEvents, placementEvolve, placementRefusals } from "../placement.ts"
import { receiptCommands, receiptDecide, receiptEvents, receiptEvolve, receiptRefusals } from "../receipt.ts"
import { releaseCommands, releaseDecide, releaseEvents, releaseEvolve, releaseRefusals, watchRollout } from "../release.ts"
import { placementDecide, repairLines } from "../repair.ts"
import { addRow } from "../rows.ts"
import { inhabit } from "./inhabit.ts"
import { params, type ExampleParams } from "./params.ts"
import { bonds, countHeard, genesis, invariants, proves, purse, sabotage, seldom, stateTables, type State } from "./state.ts"

const money = unit("smallest unit", "u32")
const work = unit("units", "u32")

export const events = {
  ...registryEvents,
  ...livenessEvents,
  ...outageEvents,
  ...graceEvents,
  ...placementEvents,
  ...admissionEvents,
  ...releaseEvents,
  ...receiptEvents,
  ...restartEvents,
  NodeFunded: event("a node's owner brought tokens", { node: nodeIndex, amount: money, at: seconds }),
  DutyReported: event("a node said what it did and whether its proof held", {
    node: nodeIndex,
    work,
    proving: flag,
    at: seconds,
  }),
  PenaltyTaken: event("a silent node paid, or was let off", { node: nodeIndex, amount: money, waived: money, at: seconds }),
  RewardPaid: event("a node was paid for its hour", { node: nodeIndex, amount: unit("smallest unit", "safe", 0), at: seconds }),
  HourClosed: event("work counts anew from here", { work: count, at: seconds }),
} as const
export type Events = typeof events

export const commands = {
  ...registryCommands,
  ...livenessCommands,
  ...outageCommands,
  ...placementCommands,
  ...admissionCommands,
  ...releaseCommands,
  ...receiptCommands,
  ...restartCommands,
  FundNode: command("bring tokens", events.NodeFunded.shape, ["NodeFunded"]),
  ReportDuty: command("say what was done, with the proof", events.DutyReported.shape, ["DutyReported"], "batch"),
} as const
export type Commands = typeof commands

export const refusals = {
  ...registryRefusals,
  ...livenessRefusals,
  ...outageRefusals,
  ...placementRefusals,
  ...admissionRefusals,
  ...releaseRefusals,
  ...receiptRefusals,
  ...restartRefusals,
} as const
export type Refusal = keyof typeof refusals

/** Work per node and hour beyond this is not believed, so that weights times work stay exact. */
const WORK_MAX = 1_000_000

const evolve: Evolve<State, Events> = {
  ...registryEvolve,
  ...livenessEvolve,
  ...outageEvolve<State>(bonds),
  ...graceEvolve,
  ...placementEvolve,
  ...admissionEvolve,
  ...releaseEvolve,
  ...receiptEvolve<State>(purse),
  ...restartEvolve,
  DomainsDeclared(state, rows, begin, end) {
    registryEvolve.DomainsDeclared(state, rows, begin, end)
    noteDomains(state, rows.node, rows.at, begin, end)
  },
  NodeFunded({ ledger: l }, rows, begin, end) {
    for (let i = begin; i < end; i++) mint(l, "token", holderOf(l, rows.node[i]), rows.amount[i])
  },
  DutyReported({ duty }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      duty.work[rows.node[i]] = Math.min(WORK_MAX, duty.work[rows.node[i]] + rows.work[i])
      duty.proving[rows.node[i]] = rows.proving[i]
    }
  },
  PenaltyTaken({ duty, ledger: l }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      duty.lost[rows.node[i]] += rows.amount[i]
      duty.waived[rows.node[i]] += rows.waived[i]
      post(l, "token", holderOf(l, rows.node[i]), l.account.treasury, rows.amount[i])
    }
  },
  RewardPaid({ duty, ledger: l }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      duty.paid[rows.node[i]] += rows.amount[i]
      post(l, "token", ISSUANCE, holderOf(l, rows.node[i]), rows.amount[i])
    }
  },
  HourClosed({ duty }) {
    for (let node = 0; node < duty.length; node++) {
      if (duty.work[node] > 0) duty.usualWork[node] = duty.work[node]
      duty.work[node] = 0
    }
  },
}

/** Units a minute can serve: what the nodes believed to be there can do. */
const capacityOf: Capacity<State> = (state, p) => countHeard(state) * p.unitsPerNode

const decide: Decide<State, Commands, Events, ExampleParams, Refusal> = {
  ...registryDecide,
  ...livenessDecide,
  ...outageDecide<State>(bonds),
  ...placementDecide,
  ...admissionDecide<State>(capacityOf),
  ...releaseDecide,
  ...receiptDecide<State>(purse),
  ...restartDecide,
  FundNode({ registry: r }, rows, begin, end, { out, refuse }) {
    for (let i = begin; i < end; i++) {
      const reason = absence(r, rows.node[i])
      if (reason !== undefined) {
        refuse(i, reason)
        continue
      }
      const k = addRow(out.NodeFunded)
      out.NodeFunded.node[k] = rows.node[i]
      out.NodeFunded.amount[k] = rows.amount[i]
      out.NodeFunded.at[k] = rows.at[i]
    }
  },
  ReportDuty({ registry: r }, rows, begin, end, { out, refuse }) {
    for (let i = begin; i < end; i++) {
      const reason = absence(r, rows.node[i])
      if (reason !== undefined) {
        refuse(i, reason)
        continue
      }
      const k = addRow(out.DutyReported)
      out.DutyReported.node[k] = rows.node[i]
      out.DutyReported.work[k] = rows.work[i]
      out.DutyReported.proving[k] = rows.proving[i]
      out.DutyReported.at[k] = rows.at[i]
    }
  },
}

const cadences: Readonly<Record<"minute" | "hour", Cadence<State, Events, ExampleParams>>> = {
  minute: {
    because: "Heartbeats come by the minute, so silence is looked at by the minute.",
    everySeconds: MINUTE,
    lines: {
      ...livenessLines,
      ...outageLines,
      ...repairLines,
      serveWork: (state, at, to) => serveWork(state, at, to, capacityOf),
    },
  },
  hour: {
    because: "Rewards and penalties are counted by the hour.",
    everySeconds: HOUR,
    lines: {
      watchRollout: (state, at, to) => watchRollout(state, at, to, proves),
      useGrace: (state, at, to) => useGrace(state, at, to, HOUR),
      takePenalties(state, at, { out, params: p }) {
        const { node } = state.liveness
        for (let n = 0; n < node.length; n++) {
          if (node.status[n] === HEARD) continue
          const due = penaltyUnderGrace(state, n, at, p.penaltyPerHour)
          if (!canPay(state.ledger, "token", holderOf(state.ledger, n), due)) continue
          const r = addRow(out.PenaltyTaken)
          out.PenaltyTaken.node[r] = n
          out.PenaltyTaken.amount[r] = due
          out.PenaltyTaken.waived[r] = p.penaltyPerHour - due
          out.PenaltyTaken.at[r] = at
        }
      },
      payRewards(state, at, { out, params: p }) {
        const { duty, registry: r } = state
        const done = new Float64Array(duty.length)
        const weights = new Float64Array(duty.length)
        const pay = new Float64Array(duty.length)
        let all = 0
        for (let n = 0; n < duty.length; n++) {
          // A node under grace counts with a share of what it usually does.
          done[n] = isUnderGrace(state, n, at) ? Math.floor((duty.usualWork[n] * rewardUnderGrace(true, p)) / 1000) : duty.work[n]
          all += done[n]
        }
        if (all > 0) {
          splitByDiversity(r, p.rewardPerHour, done, p, weights, pay)
          for (let n = 0; n < duty.length; n++) {
            if (pay[n] === 0) continue
            const k = addRow(out.RewardPaid)
            out.RewardPaid.node[k] = n
            out.RewardPaid.amount[k] = pay[n]
            out.RewardPaid.at[k] = at
          }
        }
        const k = addRow(out.HourClosed)
        out.HourClosed.work[k] = all
        out.HourClosed.at[k] = at
      },
    },
  },
}

export const example = network({
  name: "resilience-example",
  because: "Every resilience mechanism in one place, to be examined and read.",
  service: { unit: "unit of work", because: "What the example's nodes do for its users." },
  nodeWord: "node",
  commands,
  events,
  refusals,
  params,
  presets: { plain: { because: "The defaults.", values: {} } },
  defaultPreset: "plain",
  genesis,
  tables: stateTables,
  seldom,
  decide,
  evolve,
  cadences,
  invariants,
  metrics: {
    ...livenessMetrics,
    ...outageMetrics,
    ...graceMetrics,
    ...placementMetrics,
    ...admissionMetrics,
    ...releaseMetrics,
    ...receiptMetrics,
    ...restartMetrics,
  },
  detectedS: ({ outages: { claim } }: State) => (claim.length === 0 ? 0 : claim.openedS[claim.length - 1]),
  nodeMeasures: {
    paid: { unit: "smallest unit", because: "What it was paid.", of: ({ duty }: State, node: number) => duty.paid[node] },
    lost: { unit: "smallest unit", because: "Penalties it paid.", of: ({ duty }: State, node: number) => duty.lost[node] },
    waived: {
      unit: "smallest unit",
      because: "Penalties it was let off.",
      of: ({ duty }: State, node: number) => duty.waived[node],
    },
  },
  inhabit,
  sabotage,
})
