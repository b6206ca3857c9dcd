/** The market in a simulated world: tenants order, providers bid, tenants choose; and cheats among them. */
import { HOUR, MINUTE } from "../../kernel/clock.ts"
import type { InhabitContext } from "../../kernel/habitat.ts"
import type { Values } from "../../kernel/param.ts"
import { Shuffle } from "../../kernel/random.ts"
import { addRow } from "../../kernel/table.ts"
import { costOf } from "./accounts.ts"
import type { Commands } from "./commands.ts"
import { GRIEFER, HONEST, PHANTOM, type Roles } from "./inhabit-cheats.ts"
import * as providers from "./inhabit-providers.ts"
import * as tenants from "./inhabit-tenants.ts"
import { DECOMMISSION } from "./lease-rules.ts"
import type { AkashParams } from "./params.ts"
import { GROUP_PAUSED, NO_LEASE, ORDER_OPEN, type State } from "./state.ts"
import { MICRO_MAX, UACT, UAKT } from "./units.ts"

/** Orders without a bid are looked at again every five minutes, and hourly once they are old. */
const RETRY_S = 5 * MINUTE
const isLookedAt = (ageS: number): boolean => ageS % (ageS < HOUR ? RETRY_S : HOUR) < MINUTE

const hasCheats = (v: Values<AkashParams>): boolean => v.phantomPermille + v.baiterPermille + v.grieferPermille > 0

/** What the market's people share with the rest of the inhabitants. */
export interface Market {
  readonly people: tenants.TenantDice
  readonly machines: providers.ProviderDice
  readonly roles: Roles
  /** The actors' table: its columns are read from it each time, since it grows. */
  readonly memory: { readonly away: Uint8Array; readonly complaints: Float64Array }
  readonly isUp: (node: number) => boolean
  readonly nanoUsd: (v: Values<AkashParams>) => number
  readonly change: (type: keyof Commands, atS: number) => void
}

export interface Trade {
  readonly deploy: (v: Values<AkashParams>, number: number, atS: number) => void
  readonly trade: (v: Values<AkashParams>, atS: number, isConsole: boolean, isAtOnce?: boolean) => void
  readonly askAnew: (v: Values<AkashParams>, atS: number) => void
}

export function enterTrade(
  { habitat, state, commands, submit }: Pick<InhabitContext<State, Commands>, "habitat" | "state" | "commands" | "submit">,
  { people, machines, roles, memory, isUp, nanoUsd, change }: Market,
): Trade {
  const { nodes } = habitat
  const { chain, deployment, group, bid } = state
  const asn = habitat.places.domains.asn ?? habitat.places.domains.operator
  /** For how many more bids each provider can pay the deposit this minute; none where it is not there. */
  const affordable = new Float64Array(nodes)
  /** In what order an order's bidders answer. */
  const answers = new Shuffle(nodes)
  // What each provider adds to the script's target: dice, thrown once for each value of the parameter.
  const margin = new Float64Array(nodes)
  let marginsOf = -1

  const deploy = (v: Values<AkashParams>, number: number, atS: number): void => {
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
    const hours = v.drainDepositHours > 0 && tenants.drains(people, v, number) ? v.drainDepositHours : v.depositHours
    to.deposit[r] = Math.min(MICRO_MAX, Math.max(v.minDepositMicro, groups * costOf(most, hours * HOUR, chain.blockMs[0])))
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
    to.note[r] = atS + Math.max(HOUR, tenants.lifeSeconds(people, v, number))
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
    const least = Math.floor((target * (1000 - v.marginPermille) * (1000 - (hasCheats(v) ? v.cheatDiscountPermille : 0))) / 1e6)
    if (providers.computeRate(least, denom, price) > group.maxRate[g]) return
    const role = roles.of(v)
    const rateOf = (named: number): number => providers.computeRate(named, denom, price)
    const nameOf = (node: number): number => {
      const asked = Math.floor((target * margin[node]) / 1000)
      return role[node] === HONEST ? asked : Math.floor((asked * (1000 - v.cheatDiscountPermille)) / 1000)
    }
    const isTaken = (marginPermille: number): boolean => rateOf(Math.floor((target * marginPermille) / 1000)) <= group.maxRate[g]
    const marginMost = findMost(1000 - v.marginPermille, 1000 + v.marginPermille, isTaken)
    const to = commands.CreateBid
    let left = v.orderMaxBids + 1
    const ask = (node: number): void => {
      const is = role[node]
      if (is === HONEST ? margin[node] > marginMost : rateOf(nameOf(node)) > group.maxRate[g]) return
      if (affordable[node] === 0 || !providers.isEligible(state, node, g)) return
      // Who means to run nothing needs no room.
      if (is !== PHANTOM && is !== GRIEFER && !providers.hasRoom(state, v, node, spec)) return
      const r = addRow(to)
      to.group[r] = g
      to.node[r] = node
      to.rate[r] = rateOf(nameOf(node))
      to.windowS[r] = v.reclamationOn === 1 ? Math.max(v.windowSeconds, group.minWindowS[g]) : 0
      to.atS[r] = atS
      affordable[node]--
      left--
    }
    // Griefers wait for orders and answer before anybody else.
    if (v.grieferPermille > 0) for (let node = 0; node < nodes && left > 0; node++) if (role[node] === GRIEFER) ask(node)
    answers.begin(machines.delay, group.orderS[g], g)
    for (let node = answers.next(); node >= 0 && left > 0; node = answers.next()) if (role[node] !== GRIEFER) ask(node)
  }

  /** Griefers take back bids of orders older than this minute: the places they filled stay filled. */
  const withdraw = (v: Values<AkashParams>, atS: number): void => {
    const role = roles.of(v)
    const to = commands.CloseBid
    for (let g = chain.firstWaiting[0] - 1; g >= 0; g = group.waitNext[g] - 1) {
      if (group.order[g] !== ORDER_OPEN || group.orderS[g] >= atS) continue
      for (let b = group.firstBid[g] - 1; b >= 0; b = bid.next[b] - 1) {
        if (role[bid.node[b]] !== GRIEFER) continue
        const r = addRow(to)
        to.group[r] = g
        to.node[r] = bid.node[b]
        to.reason[r] = DECOMMISSION
        to.atS[r] = atS
      }
    }
    submit("CloseBid")
  }

  /** Orders get bids, tenants choose, paused groups are started again. */
  const trade = (v: Values<AkashParams>, atS: number, isConsole: boolean, isAtOnce = false): void => {
    for (let node = 0; node < nodes; node++)
      affordable[node] = isUp(node) && memory.away[node] === 0 ? providers.countDeposits(state, v, node) : 0
    for (let g = chain.firstWaiting[0] - 1; g >= 0; g = group.waitNext[g] - 1)
      if (group.order[g] === ORDER_OPEN && group.bids[g] === 0 && isLookedAt(atS - group.orderS[g])) bidOn(v, g, atS)
    submit("CreateBid")
    if (v.grieferPermille > 0) withdraw(v, atS)
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
        const b = tenants.chooseBid(state, v, people, asn, g, memory.complaints)
        if (b >= 0) {
          const to = commands.CreateLease
          const r = addRow(to)
          to.group[r] = g
          to.bid[r] = b
          to.atS[r] = atS
          change("CreateLease", atS)
        }
      }
      g = next
    }
    change("StartGroup", atS)
  }

  /** Tenants whose orders nobody is left to serve close them, and somebody like them asks anew. */
  const askAnew = (v: Values<AkashParams>, atS: number): void => {
    const to = commands.CloseDeployment
    for (let g = chain.firstWaiting[0] - 1; g >= 0; g = group.waitNext[g] - 1) {
      if (group.order[g] !== ORDER_OPEN || group.bids[g] === 0 || atS - group.orderS[g] < v.redeployHours * HOUR) continue
      const d = group.deployment[g]
      let isLeased = false
      let isFirst = true
      for (let s = deployment.firstGroup[d] - 1; s >= 0; s = group.next[s] - 1) {
        if (group.lease[s] !== NO_LEASE) isLeased = true
        if (s !== g && group.order[s] === ORDER_OPEN && group.bids[s] > 0 && s < g) isFirst = false
      }
      if (isLeased || !isFirst) continue
      const r = addRow(to)
      to.deployment[r] = d
      to.atS[r] = atS
    }
    const closing = to.length
    if (closing === 0) return
    change("CloseDeployment", atS)
    for (let k = 0; k < closing; k++) deploy(v, chain.deployments[0] + k, atS)
    submit("CreateDeployment")
  }

  return { deploy, trade, askAnew }
}

/** The highest whole number from `low` to `high` of which `holds` is true, and of all lower ones; low − 1 where of none. */
function findMost(low: number, high: number, holds: (n: number) => boolean): number {
  if (holds(high)) return high
  let [yes, no] = [low - 1, high]
  while (no - yes > 1) {
    const middle = Math.floor((yes + no) / 2)
    if (holds(middle)) yes = middle
    else no = middle
  }
  return yes
}
