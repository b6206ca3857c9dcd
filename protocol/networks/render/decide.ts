/** Commands become events or refusals: read, refuse, write. Frames are in decide-work.ts. */
import type { Decide } from "../../kernel/network.ts"
import { isOpen } from "../../kernel/slots.ts"
import { addRow } from "../../kernel/table.ts"
import { balance, canPay } from "../../ledger/ledger.ts"
import { burnUnits } from "./burn-mint.ts"
import type { Commands, Refusal } from "./commands.ts"
import { decideWork } from "./decide-work.ts"
import type { Events } from "./events.ts"
import type { RenderParams } from "./params.ts"
import { creatorHolder, type State } from "./state.ts"
import { COMPUTE, CONTAINERS, ENTERPRISE, RENDERING, T1, T2, T3, VRAM_CLASSES_GB } from "./units.ts"
import { frameMicroCredit } from "./work.ts"

type Decisions = Decide<State, Commands, Events, RenderParams, Refusal>

/** Least machine: 8 GB of video memory, 32 GB of memory (node-operator FAQ). */
const RAM_MIN_GB = 32
/** RNP-023: burn and reward of a dollar of revenue, by product. */
export const SALAD_BURN_PERMILLE = { containers: 600, gateway: 350 } as const
export const SALAD_REWARD_PERMILLE = { containers: 560, gateway: 310 } as const

/** The largest class that a card's memory reaches; −1 below the smallest. */
export function classOfVram(gb: number): number {
  let c = -1
  while (c + 1 < VRAM_CLASSES_GB.length && VRAM_CLASSES_GB[c + 1] <= gb) c++
  return c
}

/** What can be bought on the market of what should be burnt. */
const burnable = ({ ledger }: State, wanted: bigint): bigint => {
  const there = balance(ledger, "render", ledger.account.market)
  return wanted < there ? wanted : there
}

const nodes: Pick<Decisions, "RegisterNode" | "ConnectNode" | "DropNode"> = {
  RegisterNode({ node, service }, rows, begin, end, { out, params: v, refuse }) {
    for (let i = begin; i < end; i++) {
      const n = rows.node[i]
      const kind = rows.kind[i]
      const vramClass = classOfVram(rows.vramGb[i])
      if (rows.atS[i] < service.clockS[0]) refuse(i, "clock_runs_backwards")
      else if (n >= node.length || rows.wallet[i] >= node.length) refuse(i, "unknown_node")
      else if (node.registered[n] === 1) refuse(i, "already_registered")
      else if (vramClass < 0 || rows.ramGb[i] < RAM_MIN_GB) refuse(i, "machine_too_small")
      else if (rows.sinceS[i] > rows.atS[i]) refuse(i, "joined_in_the_future")
      else if ((kind === COMPUTE && v.subnetOn === 0) || (kind === ENTERPRISE && v.enterpriseOn === 0))
        refuse(i, "subnet_is_closed")
      else {
        const to = out.NodeRegistered
        const r = addRow(to)
        to.node[r] = n
        to.wallet[r] = rows.wallet[i]
        to.kind[r] = kind
        to.ob[r] = rows.ob[i]
        to.vramGb[r] = rows.vramGb[i]
        to.vramClass[r] = vramClass
        to.tier[r] = rows.ob[i] >= v.tier2ObMin ? T2 : T3
        to.multiplierPermille[r] = rows.multiplierPermille[i]
        to.sinceS[r] = rows.sinceS[i]
        to.atS[r] = rows.atS[i]
      }
    }
  },
  ConnectNode({ node, service }, rows, begin, end, { out, refuse }) {
    for (let i = begin; i < end; i++) {
      const n = rows.node[i]
      if (rows.atS[i] < service.clockS[0]) refuse(i, "clock_runs_backwards")
      else if (n >= node.length || node.registered[n] === 0) refuse(i, "unknown_node")
      else if (node.connected[n] === 1) refuse(i, "already_connected")
      else {
        const to = out.NodeConnected
        const r = addRow(to)
        to.node[r] = n
        to.atS[r] = rows.atS[i]
      }
    }
  },
  DropNode({ node, service }, rows, begin, end, { out, refuse }) {
    for (let i = begin; i < end; i++) {
      const n = rows.node[i]
      if (rows.atS[i] < service.clockS[0]) refuse(i, "clock_runs_backwards")
      else if (n >= node.length || node.registered[n] === 0) refuse(i, "unknown_node")
      else if (node.connected[n] === 0) refuse(i, "not_connected")
      else {
        if (node.job[n] !== 0) {
          const to = out.FramesRequeued
          const r = addRow(to)
          to.job[r] = node.job[n] - 1
          to.node[r] = n
          to.frames[r] = node.frames[n]
          to.atS[r] = rows.atS[i]
        }
        const to = out.NodeDisconnected
        const r = addRow(to)
        to.node[r] = n
        to.cause[r] = rows.cause[i]
        to.atS[r] = rows.atS[i]
      }
    }
  },
}

const jobs: Pick<Decisions, "BuyCredits" | "SubmitJob" | "FundJob" | "CancelJob"> = {
  BuyCredits({ creator, service }, rows, begin, end, { out, refuse }) {
    for (let i = begin; i < end; i++)
      if (rows.atS[i] < service.clockS[0]) refuse(i, "clock_runs_backwards")
      else if (rows.creator[i] >= creator.length) refuse(i, "unknown_creator")
      else if (rows.microCredit[i] === 0) refuse(i, "nothing_asked")
      else {
        const to = out.CreditsBought
        const r = addRow(to)
        to.creator[r] = rows.creator[i]
        to.microCredit[r] = rows.microCredit[i]
        to.atS[r] = rows.atS[i]
      }
  },
  SubmitJob(state, rows, begin, end, { out, params: v, refuse }) {
    const { creator, ledger, service } = state
    for (let i = begin; i < end; i++) {
      const c = rows.creator[i]
      if (rows.atS[i] < service.clockS[0]) refuse(i, "clock_runs_backwards")
      else if (c >= creator.length) refuse(i, "unknown_creator")
      else if (rows.tier[i] === T1) refuse(i, "tier_not_released")
      else if (rows.frames[i] === 0 || rows.maxGpus[i] === 0) refuse(i, "nothing_asked")
      else {
        const price = frameMicroCredit(rows.milliObh[i], rows.tier[i] === T2 ? v.tier2ObhPerCredit : v.tier3ObhPerCredit)
        const to = out.JobSubmitted
        const r = addRow(to)
        to.creator[r] = c
        to.tier[r] = rows.tier[i]
        to.vramClass[r] = rows.vramClass[i]
        to.maxGpus[r] = rows.maxGpus[i]
        to.frames[r] = rows.frames[i]
        to.milliObh[r] = rows.milliObh[i]
        to.microCredit[r] = price
        to.funded[r] = canPay(ledger, "credit", creatorHolder(state, c), price * rows.frames[i]) ? 1 : 0
        to.deadlineS[r] = rows.deadlineS[i]
        to.atS[r] = rows.atS[i]
      }
    }
  },
  FundJob(state, rows, begin, end, { out, refuse }) {
    const { job, ledger, service } = state
    for (let i = begin; i < end; i++) {
      const j = rows.job[i]
      if (rows.atS[i] < service.clockS[0]) refuse(i, "clock_runs_backwards")
      else if (!isOpen(job, j)) refuse(i, "unknown_job")
      else if (job.funded[j] === 1) refuse(i, "already_funded")
      else if (job.fresh[j] === 0) refuse(i, "nothing_queued")
      else if (!canPay(ledger, "credit", creatorHolder(state, job.creator[j]), job.fresh[j] * job.microCredit[j]))
        refuse(i, "credits_do_not_cover")
      else {
        const to = out.JobFunded
        const r = addRow(to)
        to.job[r] = j
        to.atS[r] = rows.atS[i]
      }
    }
  },
  CancelJob({ job, service }, rows, begin, end, { out, refuse }) {
    for (let i = begin; i < end; i++) {
      const j = rows.job[i]
      if (rows.atS[i] < service.clockS[0]) refuse(i, "clock_runs_backwards")
      else if (!isOpen(job, j)) refuse(i, "unknown_job")
      else if (job.fresh[j] + job.again[j] === 0) refuse(i, "nothing_queued")
      else {
        const to = out.JobCancelled
        const r = addRow(to)
        to.job[r] = j
        to.frames[r] = job.fresh[j] + job.again[j]
        to.atS[r] = rows.atS[i]
      }
    }
  },
}

const money: Pick<Decisions, "PostPrice" | "RecordRental" | "RecordSalad"> = {
  PostPrice({ service }, rows, begin, end, { out, refuse }) {
    for (let i = begin; i < end; i++)
      if (rows.atS[i] < service.clockS[0]) refuse(i, "clock_runs_backwards")
      else {
        const to = out.PricePosted
        const r = addRow(to)
        to.priceMicroUsd[r] = rows.priceMicroUsd[i]
        to.eurUsdE6[r] = rows.eurUsdE6[i]
        to.atS[r] = rows.atS[i]
      }
  },
  RecordRental(state, rows, begin, end, { out, params: v, refuse }) {
    const { node, service } = state
    for (let i = begin; i < end; i++) {
      const n = rows.node[i]
      if (rows.atS[i] < service.clockS[0]) refuse(i, "clock_runs_backwards")
      else if (n >= node.length || node.registered[n] === 0) refuse(i, "unknown_node")
      else if (node.kind[n] === RENDERING) refuse(i, "not_a_compute_node")
      else if (rows.seconds[i] === 0) refuse(i, "nothing_asked")
      else {
        const to = out.RentalRecorded
        const r = addRow(to)
        to.node[r] = n
        to.seconds[r] = rows.seconds[i]
        to.microUsd[r] = rows.microUsd[i]
        to.burnt8.set(r, burnNow(state, rows.microUsd[i], v.burnPermille))
        to.atS[r] = rows.atS[i]
      }
    }
  },
  RecordSalad(state, rows, begin, end, { out, params: v, refuse }) {
    for (let i = begin; i < end; i++)
      if (rows.atS[i] < state.service.clockS[0]) refuse(i, "clock_runs_backwards")
      else if (v.saladOn === 0) refuse(i, "subnet_is_closed")
      else if (rows.microUsd[i] === 0) refuse(i, "nothing_asked")
      else {
        const product = rows.product[i] === CONTAINERS ? "containers" : "gateway"
        const to = out.SaladPaid
        const r = addRow(to)
        to.product[r] = rows.product[i]
        to.microUsd[r] = rows.microUsd[i]
        to.burnt8.set(r, burnNow(state, rows.microUsd[i], SALAD_BURN_PERMILLE[product]))
        to.rewardMicroUsd[r] = Math.floor((rows.microUsd[i] * SALAD_REWARD_PERMILLE[product]) / 1000)
        to.atS[r] = rows.atS[i]
      }
  },
}

/** What a payment burns at the posted price; nothing before there is one. */
function burnNow(state: State, microUsd: number, permille: number): bigint {
  const price = state.service.priceMicroUsd[0]
  return price === 0 ? 0n : burnable(state, burnUnits(BigInt(microUsd), permille, price))
}

export const decide: Decisions = { ...nodes, ...jobs, ...money, ...decideWork }
