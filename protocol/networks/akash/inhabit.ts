/**
 * Providers, tenants, validators and price feeds in a simulated world.
 *
 * They act on full minutes, whatever the length of a tick, and remember only since when a provider's machines are down. What
 * a tenant is follows from dice keyed by its deployment's number; when it wants to end stands in the deployment's note.
 */
import { DAY, HOUR, MINUTE } from "../../kernel/clock.ts"
import type { Inhabit, InhabitContext, Inhabitants } from "../../kernel/habitat.ts"
import type { Values } from "../../kernel/param.ts"
import { below, stream } from "../../kernel/random.ts"
import { isOpen } from "../../kernel/slots.ts"
import { addRow } from "../../kernel/table.ts"
import { balance } from "../../ledger/ledger.ts"
import { blocksLeft, costOf } from "./accounts.ts"
import { heightAt } from "./chain-clock.ts"
import type { Commands } from "./commands.ts"
import { enterChain } from "./inhabit-chain.ts"
import { CONSOLE, facilities, RPC } from "./inhabit-facilities.ts"
import { BAITER, cheatObserves, observeCheats, PHANTOM, Roles } from "./inhabit-cheats.ts"
import { LossBook, lostObserves } from "./inhabit-lost.ts"
import { enterOperators, operatorObserves, type OperatorColumns } from "./inhabit-operators.ts"
import { observePrices, priceObserves } from "./inhabit-prices.ts"
import * as providers from "./inhabit-providers.ts"
import { memoryShape, ServiceMeter, serviceObserves } from "./inhabit-serve.ts"
import * as tenants from "./inhabit-tenants.ts"
import { isExcused, isWrittenOff } from "../../resilience/embed/ask.ts"
import { enterTrade } from "./inhabit-trade.ts"
import { DECOMMISSION, UNSPECIFIED, UNSTABLE } from "./lease-rules.ts"
import type { AkashParams } from "./params.ts"
import { breakerAt } from "./price-of-akt.ts"
import { ACTIVE, LEASE_RECLAIMING, NO_LEASE, STATUS_HALT_CR, type State } from "./state.ts"
import { MICRO_MAX, UAKT } from "./units.ts"

const MICRO = 1_000_000
function enter({ habitat, state, commands, submit, memory: remembered }: InhabitContext<State, Commands>): Inhabitants {
  const { nodes, running, throughPermille } = habitat
  const { chain, provider, deployment, group, ledger: l } = state
  const memory = remembered as typeof remembered & {
    length: number
    downSinceS: Uint32Array
    lostSeconds: Float64Array
    turnedAway: Float64Array
    missingMilli: Float64Array
    nanoUsd: Float64Array
    complaints: Float64Array
    dayMargin: Float64Array
  } & OperatorColumns
  const people = tenants.tenantDice(habitat.seed)
  const machines = providers.providerDice(habitat.seed)
  const demandOf: { key?: Values<AkashParams>; permille: number } = { permille: 1000 }
  const services = stream(habitat.seed, "akash/facility")
  const read = (): Values<AkashParams> => habitat.params() as Values<AkashParams>
  const roles = new Roles(habitat.seed, nodes)
  /** What each provider is, by the parameters of this slice. */
  let role = roles.of(read())
  const losses = new LossBook(state, remembered, nodes)
  const meter = new ServiceMeter({
    habitat,
    state,
    memory: () => memory,
    auctionSeconds: () => read().auctionSeconds,
    runs: (node) => role[node] !== PHANTOM,
    losses,
  })
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

  const { deploy, trade, askAnew } = enterTrade(
    { habitat, state, commands, submit },
    { people, machines, roles, memory, isUp, nanoUsd, change },
  )
  const operators = enterOperators({ habitat, state, commands, submit }, memory, change, nanoUsd)

  /** Of machines that are down: watchdogs that outlived them close leases, tenants who notice order anew. */
  const react = (v: Values<AkashParams>, atS: number, isConsole: boolean): void => {
    let isAnyDown = false
    for (let node = 0; node < nodes && !isAnyDown; node++)
      isAnyDown = (memory.downSinceS[node] > 0 || role[node] === PHANTOM || role[node] === BAITER) && provider.leases[node] > 0
    if (!isAnyDown) return
    for (let g = 0; g < group.length; g++) {
      if (!isOpen(group, g) || group.lease[g] === NO_LEASE) continue
      const node = group.node[g]
      const sinceS = Math.max(memory.downSinceS[node], group.leaseS[g])
      if (role[node] === BAITER && isUp(node)) {
        bait(v, g, atS)
        continue
      }
      if (memory.downSinceS[node] === 0 && role[node] !== PHANTOM) continue
      const noticed = atS >= sinceS + tenants.noticeSecondsOf(people, v, g, sinceS) || isWrittenOff(state, v, node, atS)
      if (isConsole && noticed) {
        memory.complaints[node]++
        const to = commands.CloseLease
        const r = addRow(to)
        to.group[r] = g
        to.atS[r] = atS
      } else if (
        role[node] !== PHANTOM &&
        throughPermille[node] > 0 &&
        atS >= sinceS + providers.watchdogSeconds(machines, v, node, sinceS)
      ) {
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

  /** A baiter has served long enough: it closes the lease, or gives the notice it owes. The tenant complains when it finds out. */
  const bait = (v: Values<AkashParams>, g: number, atS: number): void => {
    if (atS < group.leaseS[g] + v.baitStayHours * HOUR) return
    const isBound = group.windowS[g] > 0
    const isReclaiming = group.lease[g] === LEASE_RECLAIMING
    if (isBound && isReclaiming && atS < group.deadlineS[g]) return
    const type = isBound && !isReclaiming ? "StartReclaim" : "CloseBid"
    const to = commands[type]
    const r = addRow(to)
    to.group[r] = g
    to.reason[r] = UNSPECIFIED
    to.atS[r] = atS
    if (type === "StartReclaim") return
    commands.CloseBid.node[r] = group.node[g]
    memory.complaints[group.node[g]]++
  }

  /** Hourly: ends, top-ups, withdrawals. */
  const keepHouse = (v: Values<AkashParams>, atS: number, isConsole: boolean): void => {
    const height = heightAt(state, atS)
    const hour = Math.floor(atS / HOUR) % v.withdrawHours
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
      if (!isDry && g % v.withdrawHours !== hour) continue
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
        if (role[node] === PHANTOM || !providers.isAudited(machines, v, node)) continue
        const signed = commands.SignAttributes
        const q = addRow(signed)
        signed.node[q] = node
        signed.auditor[q] = providers.AUDITOR
        signed.attributes[q] = providers.AUDITED_ATTRIBUTE
        signed.atS[q] = atS
      }
      submit("RegisterProvider")
      submit("SignAttributes")
      operators.arrive(v)
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
      role = roles.of(v)
      meter.begin(fromS)
      for (let node = 0; node < nodes; node++) {
        if (isUp(node)) memory.downSinceS[node] = 0
        else if (memory.downSinceS[node] === 0) memory.downSinceS[node] = fromS
      }
      sign(fromS)
      if (chain.halted[0] === 0) feed(v, fromS)
      for (let atS = Math.ceil(fromS / MINUTE) * MINUTE; atS < toS; atS += MINUTE) {
        if (atS % HOUR === 0) forget(v, atS)
        if (atS % DAY === 0 || demandOf.key !== v) {
          demandOf.key = v
          demandOf.permille = tenants.demandPermille(people, v, habitat.beginS, atS)
        }
        const arrivals = tenants.countArrivals(people, v, nodes, atS, demandOf.permille)
        const isChain = chain.halted[0] === 0 && isWorking(RPC, atS, 0)
        const isConsole = isChain && isWorking(CONSOLE, atS, 1)
        if (!isConsole) turnAway(arrivals, atS)
        if (!isChain) continue
        const isHour = atS % HOUR === 0
        if (atS % DAY === 0) {
          makePrice(v, atS)
          feed(v, atS)
          settleAct(v, atS)
          operators.weigh(v, atS)
        }
        if (isHour) {
          keepFloat(v, atS)
          operators.windDown(atS)
          keepHouse(v, atS, isConsole)
          if (isConsole) askAnew(v, atS)
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
        ...losses.observe(),
        ...observePrices(state, v, nanoUsd(v), (node) => isUp(node) && memory.away[node] === 0),
        ...observeCheats(state, v, roles.of(v), memory.complaints),
        "operator.away": operators.away(),
        "operator.margin": operators.margin(),
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
    ...lostObserves,
    ...priceObserves,
    ...operatorObserves,
    ...cheatObserves,
  },
  memory: memoryShape,
  enter,
}
