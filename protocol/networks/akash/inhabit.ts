/**
 * Providers, tenants, validators and price feeds in a simulated world.
 *
 * They act on full minutes, whatever the length of a tick, and remember only since when a provider's machines are down. What
 * a tenant is follows from dice keyed by its deployment's number; when it wants to end stands in the deployment's note.
 */
import { DAY, HOUR, MINUTE } from "../../kernel/clock.ts"
import type { Inhabit, InhabitContext, Inhabitants } from "../../kernel/habitat.ts"
import type { Values } from "../../kernel/param.ts"
import { below, draw, stream } from "../../kernel/random.ts"
import { isOpen } from "../../kernel/slots.ts"
import { addRow } from "../../kernel/table.ts"
import { balance } from "../../ledger/ledger.ts"
import { blocksLeft, costOf } from "./accounts.ts"
import { heightAt } from "./chain-clock.ts"
import type { Commands } from "./commands.ts"
import { enterChain } from "./inhabit-chain.ts"
import { CONSOLE, facilities, RPC } from "./inhabit-facilities.ts"
import { observePrices, priceObserves } from "./inhabit-prices.ts"
import * as providers from "./inhabit-providers.ts"
import { memoryShape, ServiceMeter, serviceObserves } from "./inhabit-serve.ts"
import * as tenants from "./inhabit-tenants.ts"
import { DECOMMISSION, UNSTABLE } from "./lease-rules.ts"
import { isExcused, isWrittenOff } from "../../resilience/embed/ask.ts"
import type { AkashParams } from "./params.ts"
import { breakerAt } from "./price-of-akt.ts"
import { ACTIVE, GROUP_PAUSED, LEASE_RECLAIMING, NO_LEASE, ORDER_OPEN, STATUS_HALT_CR, type State } from "./state.ts"
import { MICRO_MAX, UACT, UAKT } from "./units.ts"

const MICRO = 1_000_000
/** Orders without a bid are looked at again every five minutes, and hourly once they are old. */
const RETRY_S = 5 * MINUTE
const isLookedAt = (ageS: number): boolean => ageS % (ageS < HOUR ? RETRY_S : HOUR) < MINUTE

function enter({ habitat, state, commands, submit, memory: remembered }: InhabitContext<State, Commands>): Inhabitants {
  const { nodes, running, throughPermille } = habitat
  const { chain, provider, deployment, group, ledger: l } = state
  const memory = remembered as typeof remembered & {
    downSinceS: Uint32Array
    lostSeconds: Float64Array
    turnedAway: Float64Array
    missingMilli: Float64Array
    nanoUsd: Float64Array
  }
  const people = tenants.tenantDice(habitat.seed)
  const machines = providers.providerDice(habitat.seed)
  const services = stream(habitat.seed, "akash/facility")
  const asn = habitat.places.domains.asn ?? habitat.places.domains.operator
  const read = (): Values<AkashParams> => habitat.params() as Values<AkashParams>
  const meter = new ServiceMeter(
    habitat,
    state,
    () => memory,
    () => read().auctionSeconds,
  )
  const order = new Uint32Array(nodes)
  const delay = new Float64Array(nodes)
  const rate = new Float64Array(nodes)
  /** Further bids whose deposits each provider can pay this minute. */
  const affordable = new Float64Array(nodes)
  // What each provider adds to the script's target: dice, thrown once for each value of the parameter.
  const margin = new Float64Array(nodes)
  let marginsOf = -1
  const { nanoUsd, makePrice, feed, sign, unjail, buy, keepFloat, settleAct, endBlock } = enterChain(
    { habitat, state, commands, submit },
    memory,
  )

  const isUp = (node: number): boolean => running[node] === 1 && throughPermille[node] > 0
  const isWorking = (facility: string, atS: number, die: number): boolean => {
    const served = habitat.served(facility)
    return served === 1000 || below(services, 1000, atS, die) < served
  }

  /** Everything that changes a lease goes through here, so that service before it is counted with the old leases. */
  const change = (type: keyof Commands, atS: number): void => {
    if (commands[type].length === 0) return
    meter.integrate(atS)
    submit(type)
  }

  const deploy = (v: Values<AkashParams>, number: number, atS: number, pastS = 0): void => {
    const spec = tenants.specOf(people, v, number)
    const price = nanoUsd(v)
    const denom = v.paidInAct === 1 ? UACT : UAKT
    const target = providers.computeTargetMilliUsd(v, spec)
    const most = providers.computeRate(Math.floor((target * v.orderMaxPermille) / 1000), denom, price)
    const groups = 1 + v.standbyLeases
    const isAudit = tenants.wantsAudit(people, v, number)
    const to = commands.CreateDeployment
    const r = addRow(to)
    to.tenant[r] = number
    to.deposit[r] = Math.min(
      MICRO_MAX,
      Math.max(v.minDepositMicro, groups * costOf(most, v.depositHours * HOUR, chain.blockMs[0])),
    )
    to.groups[r] = groups
    to.cpuMilli[r] = spec.cpuMilli
    to.memoryMib[r] = spec.memoryMib
    to.storageMib[r] = spec.storageMib
    to.gpus[r] = spec.gpus
    to.maxRate[r] = most
    to.attributes[r] = isAudit ? providers.AUDITED_ATTRIBUTE : 0
    to.allOf[r] = 0
    to.anyOf[r] = isAudit ? 1 << providers.AUDITOR : 0
    to.minWindowS[r] = v.demandsNotice === 1 && v.reclamationOn === 1 ? v.reclamationMinSeconds : 0
    to.note[r] = atS + Math.max(HOUR, tenants.lifeSeconds(people, v, number) - pastS)
    to.atS[r] = atS
  }

  /** Providers that are up, fit and have room bid; of more than an order takes, the quickest. */
  const bidOn = (v: Values<AkashParams>, g: number, atS: number): void => {
    const spec = {
      cpuMilli: group.cpuMilli[g],
      memoryMib: group.memoryMib[g],
      storageMib: group.storageMib[g],
      gpus: group.gpus[g],
    }
    const target = providers.computeTargetMilliUsd(v, spec)
    const denom = deployment.denom[group.deployment[g]]
    const price = nanoUsd(v)
    if (marginsOf !== v.marginPermille) {
      marginsOf = v.marginPermille
      for (let node = 0; node < nodes; node++) margin[node] = providers.marginOf(machines, v, node)
    }
    // What not even the cheapest would do for the money, nobody looks at.
    if (providers.computeRate(Math.floor((target * (1000 - v.marginPermille)) / 1000), denom, price) > group.maxRate[g]) return
    let n = 0
    for (let node = 0; node < nodes; node++) {
      if (
        affordable[node] === 0 ||
        !isUp(node) ||
        !providers.isEligible(state, node, g) ||
        !providers.hasRoom(state, v, node, spec)
      )
        continue
      rate[node] = providers.computeRate(Math.floor((target * margin[node]) / 1000), denom, price)
      if (rate[node] <= group.maxRate[g]) order[n++] = node
    }
    for (let k = 0; k < n; k++) delay[order[k]] = draw(machines.delay, order[k], group.orderS[g], g)
    const bidders = order.subarray(0, n).sort((a, b) => delay[a] - delay[b] || a - b)
    const to = commands.CreateBid
    for (let k = 0; k < n && k <= v.orderMaxBids; k++) {
      const node = bidders[k]
      const r = addRow(to)
      to.group[r] = g
      to.node[r] = node
      to.rate[r] = rate[node]
      to.windowS[r] = v.reclamationOn === 1 ? Math.max(v.windowSeconds, group.minWindowS[g]) : 0
      to.atS[r] = atS
      affordable[node]--
    }
  }

  /** Orders get bids, tenants choose, paused groups are started again. */
  const trade = (v: Values<AkashParams>, atS: number, isConsole: boolean, isAtOnce = false): void => {
    for (let node = 0; node < nodes; node++) affordable[node] = providers.countDeposits(state, v, node)
    for (let g = chain.firstWaiting[0] - 1; g >= 0; g = group.waitNext[g] - 1)
      if (group.order[g] === ORDER_OPEN && group.bids[g] === 0 && isLookedAt(atS - group.orderS[g])) bidOn(v, g, atS)
    submit("CreateBid")
    if (!isConsole) return
    for (let g = chain.firstWaiting[0] - 1; g >= 0;) {
      const next = group.waitNext[g] - 1
      if (group.state[g] === GROUP_PAUSED) {
        if (atS >= group.lostS[g] + tenants.noticeSecondsOf(people, v, g, group.lostS[g])) {
          const to = commands.StartGroup
          const r = addRow(to)
          to.group[r] = g
          to.atS[r] = atS
        }
      } else if (group.firstBid[g] > 0 && (isAtOnce || atS >= group.orderS[g] + v.auctionSeconds)) {
        // One lease at a time: a sibling's lease decides where the next may stand.
        const to = commands.CreateLease
        const r = addRow(to)
        to.group[r] = g
        to.bid[r] = tenants.chooseBid(state, v, people, asn, g)
        to.atS[r] = atS
        change("CreateLease", atS)
      }
      g = next
    }
    change("StartGroup", atS)
  }

  /** Of machines that are down: watchdogs that outlived them close leases, tenants who notice order anew. */
  const react = (v: Values<AkashParams>, atS: number, isConsole: boolean): void => {
    let isAnyDown = false
    for (let node = 0; node < nodes && !isAnyDown; node++) isAnyDown = memory.downSinceS[node] > 0 && provider.leases[node] > 0
    if (!isAnyDown) return
    for (let g = 0; g < group.length; g++) {
      if (!isOpen(group, g) || group.lease[g] === NO_LEASE) continue
      const node = group.node[g]
      const sinceS = Math.max(memory.downSinceS[node], group.leaseS[g])
      if (memory.downSinceS[node] === 0) continue
      const noticed = atS >= sinceS + tenants.noticeSecondsOf(people, v, g, sinceS) || isWrittenOff(state, v, node, atS)
      if (isConsole && noticed) {
        const to = commands.CloseLease
        const r = addRow(to)
        to.group[r] = g
        to.atS[r] = atS
      } else if (throughPermille[node] > 0 && atS >= sinceS + providers.watchdogSeconds(machines, v, node, sinceS)) {
        // Under grace a provider of a declared outage keeps its leases: they are its tenants' to leave.
        if (isExcused(state, v, node)) continue
        // The watchdog needs the provider's own connection to the chain.
        const isBound = group.windowS[g] > 0
        if (isBound && group.lease[g] === LEASE_RECLAIMING && atS < group.deadlineS[g]) continue
        if (isBound && group.lease[g] !== LEASE_RECLAIMING) {
          const to = commands.StartReclaim
          const r = addRow(to)
          to.group[r] = g
          to.reason[r] = DECOMMISSION
          to.atS[r] = atS
          continue
        }
        const to = commands.CloseBid
        const r = addRow(to)
        to.group[r] = g
        to.node[r] = node
        to.reason[r] = UNSTABLE
        to.atS[r] = atS
      }
    }
    change("CloseLease", atS)
    change("CloseBid", atS)
    submit("StartReclaim")
  }

  /** Hourly: ends, top-ups, withdrawals. */
  const keepHouse = (v: Values<AkashParams>, atS: number, isConsole: boolean): void => {
    const height = heightAt(state, atS)
    const hour = Math.floor(atS / HOUR) % 24
    const halfBlocks = Math.floor((v.depositHours * HOUR * 1000) / chain.blockMs[0] / 2)
    const isShort = v.paidInAct === 1 && v.bmeOn === 1 && breakerAt(state, v, atS).status === STATUS_HALT_CR
    for (let d = 0; d < deployment.length; d++) {
      if (!isOpen(deployment, d) || deployment.state[d] !== ACTIVE) continue
      if (isConsole && deployment.note[d] <= atS) {
        const to = commands.CloseDeployment
        const r = addRow(to)
        to.deployment[r] = d
        to.atS[r] = atS
        continue
      }
      const left = blocksLeft(state, d) - (height - deployment.settledHeight[d])
      if (isConsole && left < halfBlocks && !tenants.drains(people, v, deployment.number[d])) {
        let rate = 0
        for (let p = deployment.firstPayment[d] - 1; p >= 0; p = state.payment.next[p] - 1) rate += state.payment.rate[p]
        const cost = costOf(rate, v.depositHours * HOUR, chain.blockMs[0])
        // While collateral is short nobody can mint ACT, and escrow takes AKT beside it.
        const isAkt = isShort && Number(balance(l, "act", l.account.public)) < cost
        const to = commands.TopUpDeployment
        const r = addRow(to)
        to.deployment[r] = d
        to.denom[r] = isAkt ? UAKT : deployment.denom[d]
        to.amount[r] = Math.min(MICRO_MAX, isAkt ? Math.ceil((cost * 1e9) / nanoUsd(v)) : cost)
        to.atS[r] = atS
      }
    }
    submit("TopUpDeployment")
    change("CloseDeployment", atS)
    for (let g = 0; g < group.length; g++) {
      if (!isOpen(group, g) || group.lease[g] === NO_LEASE || !isUp(group.node[g])) continue
      const d = group.deployment[g]
      const isDry = blocksLeft(state, d) < height - deployment.settledHeight[d]
      if (!isDry && g % 24 !== hour) continue
      const to = commands.WithdrawLease
      const r = addRow(to)
      to.group[r] = g
      to.atS[r] = atS
    }
    change("WithdrawLease", atS)
  }

  /** Tenants who could not deploy go elsewhere, and are missed for as long as `missedHours` says, on average. */
  const turnAway = (count: number, atS: number): void => {
    if (count === 0) return
    meter.integrate(atS)
    for (let k = 0; k < count; k++) {
      const place = below(people.arrival, nodes, atS, k + 1)
      memory.turnedAway[place]++
      memory.missingMilli[place] += 1000
    }
  }
  const forget = (v: Values<AkashParams>, atS: number): void => {
    meter.integrate(atS)
    for (let place = 0; place < nodes; place++)
      memory.missingMilli[place] -= Math.floor(memory.missingMilli[place] / v.missedHours)
  }

  return {
    arrive() {
      const v = read()
      const atS = habitat.beginS
      commands.StartChain.atS[addRow(commands.StartChain)] = atS
      submit("StartChain")
      for (let node = 0; node < nodes; node++) {
        const to = commands.RegisterProvider
        const r = addRow(to)
        to.node[r] = node
        to.attributes[r] = providers.AUDITED_ATTRIBUTE
        to.fundsUakt[r] = v.providerFundsAkt * MICRO
        to.atS[r] = atS
        if (!providers.isAudited(machines, v, node)) continue
        const signed = commands.SignAttributes
        const q = addRow(signed)
        signed.node[q] = node
        signed.auditor[q] = providers.AUDITOR
        signed.attributes[q] = providers.AUDITED_ATTRIBUTE
        signed.atS[q] = atS
      }
      submit("RegisterProvider")
      submit("SignAttributes")
      makePrice(v, atS)
      feed(v, atS)
      for (let i = 0; i < v.tenantsAtBegin * nodes; i++) deploy(v, i, atS)
      if (v.paidInAct === 1 && v.bmeOn === 1) {
        let uact = 2 * v.floatAct * MICRO
        for (let i = 0; i < commands.CreateDeployment.length; i++) uact += commands.CreateDeployment.deposit[i]
        buy(v, uact, atS)
        endBlock(v, atS)
      }
      submit("CreateDeployment")
      meter.begin(atS)
      trade(v, atS, true, true)
    },

    act(fromS, toS) {
      const v = read()
      meter.begin(fromS)
      for (let node = 0; node < nodes; node++) {
        if (isUp(node)) memory.downSinceS[node] = 0
        else if (memory.downSinceS[node] === 0) memory.downSinceS[node] = fromS
      }
      sign(fromS)
      if (chain.halted[0] === 0) feed(v, fromS)
      for (let atS = Math.ceil(fromS / MINUTE) * MINUTE; atS < toS; atS += MINUTE) {
        if (atS % HOUR === 0) forget(v, atS)
        const arrivals = tenants.countArrivals(people, v, nodes, atS)
        const isChain = chain.halted[0] === 0 && isWorking(RPC, atS, 0)
        const isConsole = isChain && isWorking(CONSOLE, atS, 1)
        if (!isConsole) turnAway(arrivals, atS)
        if (!isChain) continue
        const isHour = atS % HOUR === 0
        if (atS % DAY === 0) {
          makePrice(v, atS)
          feed(v, atS)
          settleAct(v, atS)
        }
        if (isHour) {
          keepFloat(v, atS)
          keepHouse(v, atS, isConsole)
          unjail(atS)
        }
        endBlock(v, atS)
        react(v, atS, isConsole)
        if (isConsole && arrivals > 0) {
          const before = chain.deployments[0]
          for (let k = 0; k < arrivals; k++) deploy(v, before + k, atS)
          submit("CreateDeployment")
          turnAway(arrivals - (chain.deployments[0] - before), atS)
        }
        if (chain.firstWaiting[0] > 0) trade(v, atS, isConsole)
      }
      meter.integrate(toS)
    },

    serve(_fromS, _toS, byNode) {
      return meter.take(byNode)
    },

    observe() {
      const v = read()
      let lost = 0
      let turnedAway = 0
      for (let node = 0; node < nodes; node++) {
        lost += memory.lostSeconds[node]
        turnedAway += memory.turnedAway[node]
      }
      return {
        "tenants.served": meter.tenants - meter.without,
        "tenants.without": meter.without,
        "tenants.lostMinutes": Math.floor(lost / MINUTE),
        "tenants.turnedAway": turnedAway,
        ...observePrices(state, v, nanoUsd(v), isUp),
      }
    },
  }
}

export const inhabit: Inhabit<State, Commands> = {
  profile: "cloud",
  facilities,
  demandMilliPerNodeMinute: (params) => params.tenantsAtBegin * 1000,
  observes: {
    ...serviceObserves,
    ...priceObserves,
  },
  memory: memoryShape,
  enter,
}
