/** The promises that hold after every epoch, and a broken state for each. */
import type { Invariants } from "../../kernel/invariant.ts"
import { isOpen } from "../../kernel/slots.ts"
import { Wide } from "../../kernel/wide.ts"
import { ledgerInvariants } from "../../ledger/invariants.ts"
import { balance, holderOf, post, supply } from "../../ledger/ledger.ts"
import { UNITS_PER_RENDER } from "./burn-mint.ts"
import { SUPPLY_CAP_RENDER } from "./emission.ts"
import { isIdle, isServable, lineOf } from "./queues.ts"
import { LISTS, type State } from "./state.ts"

export const invariants: Invariants<State> = {
  ...ledgerInvariants((s: State) => s.ledger),
  supply_is_minted_less_burnt: {
    because:
      "No token comes from nowhere: supply is what there was, what was minted, less what was burnt, and within RNP-001's cap.",
    check({ ledger, service }, report) {
      const there = supply(ledger, "render")
      const told = service.begun8.get(0) + service.minted8.get(0) - service.burnt8.get(0)
      report.require(there === told, () => `${there} units of RENDER exist, the books say ${told}`)
      const cap = BigInt(SUPPLY_CAP_RENDER) * UNITS_PER_RENDER
      report.require(there <= cap, () => `${there} units of RENDER exist, the cap is ${cap}`)
    },
  },
  credits_are_bought_locked_or_spent: {
    because: "A credit is minted when it is paid for, locked while frames are open, and burnt with the epoch that approved them.",
    check(state, report) {
      const { job, ledger, service } = state
      let locked = 0
      for (let j = 0; j < job.length; j++)
        if (isOpen(job, j) && job.funded[j] === 1)
          locked += (job.frames[j] - job.approved[j] - job.cancelled[j]) * job.microCredit[j]
      const [held, spent] = [balance(ledger, "credit", ledger.account.locked), balance(ledger, "credit", ledger.account.spent)]
      report.require(
        BigInt(locked) === held && locked === service.lockedMicroCredit[0],
        () => `${held} microcredits are locked, ${service.lockedMicroCredit[0]} are counted, open jobs need ${locked}`,
      )
      report.require(
        spent === BigInt(service.openMicroCredit[0]),
        () => `${spent} microcredits wait to be burnt, ${service.openMicroCredit[0]} are counted`,
      )
      const gone = service.spentMicroCredit[0] - service.openMicroCredit[0]
      report.require(
        supply(ledger, "credit") === BigInt(service.boughtMicroCredit[0] - gone),
        () => `${supply(ledger, "credit")} microcredits exist, ${service.boughtMicroCredit[0]} were bought and ${gone} burnt`,
      )
    },
  },
  a_frame_is_in_one_place: {
    because: "Each frame of a job is queued, at work, delivered, approved or cancelled, and never two of them.",
    check(state, report) {
      const { delivery, job, node, rerender } = state
      const [assigned, held, rendered] = [
        new Float64Array(job.length),
        new Float64Array(job.length),
        new Float64Array(job.length),
      ]
      for (let n = 0; n < node.length; n++) {
        const j = node.job[n] - 1
        report.require(j >= 0 === node.frames[n] > 0, () => `node ${n} has ${node.frames[n]} frames of job ${j}`)
        if (j < 0 || j >= job.length) continue
        assigned[j] += node.frames[n]
        held[j]++
      }
      for (let d = 0; d < delivery.length; d++) if (isOpen(delivery, d)) rendered[delivery.job[d] - 1] += delivery.frames[d]
      for (let j = 0; j < job.length; j++) {
        if (!isOpen(job, j)) continue
        let again = 0
        for (let r = job.rerender[j]; r !== 0; r = rerender.next[r - 1]) again += rerender.frames[r - 1]
        const sum = job.fresh[j] + job.again[j] + job.assigned[j] + job.rendered[j] + job.approved[j] + job.cancelled[j]
        if (
          sum === job.frames[j] &&
          again === job.again[j] &&
          assigned[j] === job.assigned[j] &&
          held[j] === job.held[j] &&
          rendered[j] === job.rendered[j]
        )
          continue
        report.require(
          false,
          () =>
            `job ${j} of ${job.frames[j]} frames counts ${sum}: ${job.again[j]} to render again (cohorts ${again}), ${job.assigned[j]} at work (nodes ${assigned[j]}), ${job.rendered[j]} delivered (deliveries ${rendered[j]}), on ${job.held[j]} nodes (nodes ${held[j]})`,
        )
      }
    },
  },
  a_frame_is_paid_at_most_once: {
    because: "Every frame ever asked for is open, or approved and so paid once, or cancelled.",
    check({ job, service }, report) {
      let open = 0
      for (let j = 0; j < job.length; j++)
        if (isOpen(job, j)) open += job.fresh[j] + job.again[j] + job.assigned[j] + job.rendered[j]
      const sum = open + service.approved[0] + service.cancelled[0]
      report.require(
        sum === service.asked[0],
        () =>
          `${service.asked[0]} frames were asked for; ${open} are open, ${service.approved[0]} approved, ${service.cancelled[0]} cancelled: ${sum}`,
      )
    },
  },
  lines_hold_who_waits: {
    because: "A node or a job that no line holds would wait for ever; one that is held twice would be served twice.",
    check(state, report) {
      const { idle, job, node, queue } = state
      let [nodes, jobs, idling, waiting] = [0, 0, 0, 0]
      for (let line = 0; line < LISTS; line++) {
        let [inIdle, inQueue, seq] = [0, 0, -1]
        for (let n = idle.head[line]; n !== 0 && inIdle <= node.length; n = node.next[n - 1]) {
          inIdle++
          const isRight = isIdle(state, n - 1) && lineOf(node.tier[n - 1], node.vramClass[n - 1]) === line
          if (!isRight) report.require(false, () => `node ${n - 1} stands in line ${line}, where it does not belong`)
        }
        for (let j = queue.head[line]; j !== 0 && inQueue <= job.length; j = job.next[j - 1]) {
          inQueue++
          const isRight = isServable(state, j - 1) && isOpen(job, j - 1) && job.waitingSeq[j - 1] > seq
          if (!isRight) report.require(false, () => `job ${j - 1} stands in line ${line}, where it does not belong`)
          seq = job.waitingSeq[j - 1]
        }
        if (inIdle !== idle.waiting[line] || inQueue !== queue.waiting[line])
          report.require(
            false,
            () =>
              `line ${line} counts ${idle.waiting[line]} nodes and ${queue.waiting[line]} jobs, it holds ${inIdle} and ${inQueue}`,
          )
        nodes += inIdle
        jobs += inQueue
      }
      for (let n = 0; n < node.length; n++) if (isIdle(state, n)) idling++
      for (let j = 0; j < job.length; j++) if (isOpen(job, j) && isServable(state, j)) waiting++
      report.require(
        nodes === idling && jobs === waiting,
        () => `${idling} nodes and ${waiting} jobs wait, the lines hold ${nodes} and ${jobs}`,
      )
    },
  },
  totals_are_of_rows: {
    because: "Metrics, alarms and creators' limits are read from kept counts: they must be those of the rows.",
    check({ creator, job, node, service }, report) {
      let [registered, connected, working] = [0, 0, 0]
      const held = new Float64Array(creator.length)
      for (let n = 0; n < node.length; n++) {
        registered += node.registered[n]
        connected += node.connected[n]
        const j = node.job[n] - 1
        if (j < 0) continue
        working++
        if (j < job.length) held[job.creator[j]]++
      }
      const counts = [
        ["nodes", registered],
        ["connected", connected],
        ["working", working],
      ] as const
      for (const [name, rows] of counts)
        report.require(service[name][0] === rows, () => `${service[name][0]} nodes ${name} are counted, the rows say ${rows}`)
      for (let c = 0; c < creator.length; c++)
        if (creator.held[c] !== held[c])
          report.require(false, () => `creator ${c} is counted to hold ${creator.held[c]} nodes, ${held[c]} work for it`)
    },
  },
  nodes_have_what_they_were_paid: {
    because: "Rewards reach nodes by postings only, and a node's RENDER is what it was paid.",
    check({ ledger, node, service }, report) {
      const sum = new Wide(1)
      const { hi, lo } = ledger.tokens.render.balance
      for (let n = 0; n < node.length; n++) {
        sum.add(0, node.paid8.hi[n], node.paid8.lo[n])
        const h = holderOf(ledger, n)
        if (hi[h] !== node.paid8.hi[n] || lo[h] !== node.paid8.lo[n])
          report.require(false, () => `node ${n} has ${balance(ledger, "render", h)}, it was paid ${node.paid8.get(n)}`)
      }
      report.require(
        sum.hi[0] === service.paid8.hi[0] && sum.lo[0] === service.paid8.lo[0],
        () => `${service.paid8.get(0)} was paid to nodes, they were paid ${sum.get(0)}`,
      )
    },
  },
}

export const sabotage: Readonly<Record<string, (s: State) => void>> = {
  escrow_is_backed: (s) => post(s.ledger, "render", s.ledger.account.market, s.ledger.account.escrow, 1),
  vesting_is_backed: (s) => post(s.ledger, "render", s.ledger.account.market, s.ledger.account.vesting, 1),
  debits_equal_credits: (s) => s.ledger.tokens.render.balance.addNumber(s.ledger.account.grants, 1),
  only_issuance_is_negative: (s) => {
    const { balance: all } = s.ledger.tokens.render
    const { chefs, market } = s.ledger.account
    all.set(market, all.get(market) + all.get(chefs) + 5n)
    all.setNumber(chefs, -5)
  },
  supply_is_minted_less_burnt: (s) => s.service.minted8.addNumber(0, 1),
  credits_are_bought_locked_or_spent: (s) => void s.service.boughtMicroCredit[0]++,
  a_frame_is_in_one_place: (s) => {
    const n = s.node.job.indexOf(0)
    s.node.frames[Math.max(0, n)] = n < 0 ? 0 : 1
  },
  a_frame_is_paid_at_most_once: (s) => void s.service.approved[0]++,
  lines_hold_who_waits: (s) => void s.idle.waiting[0]++,
  totals_are_of_rows: (s) => void s.service.connected[0]++,
  nodes_have_what_they_were_paid: (s) => s.node.paid8.addNumber(0, 1),
}
