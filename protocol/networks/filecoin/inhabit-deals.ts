/**
 * Clients and providers of deals in a simulated world: neighbourhoods keep 32 objects with `replicas` providers each, renew their
 * deals, and have copies made again where the repair policy says so. A copy is made only from one that is there and reachable.
 */
import { DAY } from "../../kernel/clock.ts"
import type { InhabitContext } from "../../kernel/habitat.ts"
import type { Values } from "../../kernel/param.ts"
import { below, stream } from "../../kernel/random.ts"
import { isOpen } from "../../kernel/slots.ts"
import { addRow } from "../../kernel/table.ts"
import { allocateForDeal, isWithinTerm } from "./allocation.ts"
import { epochAt, offsetEpochs } from "./chain-time.ts"
import { firstCohort, nextCohort } from "./cohorts.ts"
import type { Commands } from "./commands.ts"
import { computePeriodStart, DEADLINES, isMutable } from "./deadlines.ts"
import { countBits, faultyBundles, firstOfClient, hasRoom, nextOfClient } from "./deal-rows.ts"
import { collateralMin } from "./decide-deals.ts"
import { EPOCH_SECONDS, EPOCHS_PER_DAY } from "./epoch.ts"
import { CLIENT, PROVIDER } from "./events-deals.ts"
import type { FilecoinParams } from "./params.ts"
import { strideOf } from "./settle-deals.ts"
import type { State } from "./state.ts"

const ALL_OBJECTS = 0xffff_ffff
/** Deals start this long after they are published: time to seal. */
const START_DAYS = 2
const RENEW_DAYS = 14

/** The largest power of two within `mib`. */
const pieceOf = (mib: number): number => 2 ** (31 - Math.clz32(mib))

export interface Dealers {
  /** Bundles of a deal that its provider really has. */
  readonly held: (row: number) => number
  readonly arrive: (v: Values<FilecoinParams>, atS: number) => void
  /** Once a day: pay, renew, repair, seal. */
  readonly keepHouse: (v: Values<FilecoinParams>, atS: number) => void
  /** Objects ever stored of which a copy is really there, and the others. */
  readonly count: () => { readonly held: number; readonly gone: number }
}

/** `isUp` and `losesData` are the truth about a provider. */
export function dealers(
  { habitat, state, commands, submit }: InhabitContext<State, Commands>,
  isUp: (node: number) => boolean,
  losesData: (node: number) => boolean,
): Dealers {
  const { nodes } = habitat
  const { cohort, deal, dealHead, dealTotals, keeper, miner, repair, repairHead } = state
  const verifiedClients = stream(habitat.seed, "filecoin/verified-client")
  const stride = strideOf(nodes)

  /** Faulty sectors of a provider that loses data are gone; those of others wait for a proof. */
  const held = (row: number): number =>
    cohort.faulty[deal.cohort[row] - 1] > 0 && losesData(deal.node[row])
      ? (deal.deals[row] & ~faultyBundles(state, row)) >>> 0
      : deal.deals[row]

  /** Objects of a client that could be copied from somebody now. */
  const reachable = (client: number): number => {
    let objects = 0
    for (let row = firstOfClient(state, client); row >= 0; row = nextOfClient(state, row))
      if (deal.kept[row] === 1 && deal.cohort[row] !== 0 && isUp(deal.node[row])) objects |= held(row)
    return objects >>> 0
  }

  const fund = (node: number, side: number, amountAtto: bigint): void => {
    if (amountAtto <= 0n) return
    const to = commands.AddMarketBalance
    const r = addRow(to)
    to.node[r] = node
    to.side[r] = side
    to.amountAtto.set(r, amountAtto)
  }

  /** Gathers a publication and the escrow it needs. */
  const publish = (
    v: Values<FilecoinParams>,
    { client, node, objects, startS, atS }: Record<"client" | "node" | "objects" | "startS" | "atS", number>,
  ): void => {
    const mib = pieceOf(v.objectMib)
    const n = BigInt(countBits(objects))
    const price = (BigInt(v.dealPriceAttoPerGib) * BigInt(mib)) / 1024n
    // A tenth more than the least, as supply and power move until it is published.
    const collateral = (collateralMin(state, mib) * 11n) / 10n + 1n
    fund(client, CLIENT, n * price * BigInt(v.dealDays * EPOCHS_PER_DAY))
    fund(node, PROVIDER, n * collateral)
    const to = commands.PublishDeals
    const r = addRow(to)
    to.client[r] = client
    to.node[r] = node
    to.deals[r] = objects
    to.each[r] = 1
    to.pieceMib[r] = mib
    to.verified[r] = below(verifiedClients, 1000, client) < v.verifiedDealsPermille ? 1 : 0
    to.kept[r] = 1
    to.startS[r] = startS
    to.days[r] = v.dealDays
    to.priceAtto.set(r, price)
    to.providerCollateralAtto.set(r, collateral)
    to.clientCollateralAtto.set(r, 0n)
    to.atS[r] = atS
  }

  /** A deadline with a cohort that can take a deal: the first from a place of the deal's own on; -1 when there is none. */
  const findDeadline = (row: number, epoch: number): number => {
    const node = deal.node[row]
    const start = computePeriodStart(offsetEpochs(miner.offset[node]), epoch)
    const term = allocateForDeal(epoch, deal.startEpoch[row], deal.endEpoch[row])
    for (let k = 0; k < DEADLINES; k++) {
      const d = (row * 7 + k) % DEADLINES
      if (!isMutable(start, d, epoch)) continue
      for (let c = firstCohort(state, node, d); c >= 0; c = nextCohort(state, c)) {
        const ends = cohort.expirationEpoch[c]
        if (cohort.faulty[c] > 0 || ends < deal.endEpoch[row] || !hasRoom(state, row, c)) continue
        if (deal.verified[row] === 0 || isWithinTerm(term, epoch, ends)) return d
      }
    }
    return -1
  }

  /** The deadline whose sectors end first: the one to extend for a deal that fits none. */
  const findSoonest = (node: number): number => {
    let soonest = Infinity
    let found = 0
    for (let d = 0; d < DEADLINES; d++) {
      const c = firstCohort(state, node, d)
      if (c < 0 || cohort.faulty[c] > 0 || cohort.expirationEpoch[c] >= soonest) continue
      soonest = cohort.expirationEpoch[c]
      found = d
    }
    return found
  }

  /** Providers seal what was published. Objects that were stored before come from a copy that can be reached. */
  const seal = (v: Values<FilecoinParams>, atS: number): void => {
    if (dealTotals.pending[0] === 0) return
    const epoch = epochAt(atS)
    for (let row = 0; row < deal.length; row++) {
      if (!isOpen(deal, row) || deal.cohort[row] !== 0 || !isUp(deal.node[row])) continue
      const old = deal.deals[row] & keeper.placed[deal.client[row]]
      if (deal.kept[row] === 1 && (old & ~reachable(deal.client[row])) !== 0) continue
      const d = findDeadline(row, epoch)
      const to = d < 0 ? commands.ExtendSectors : commands.ActivateDeals
      const r = addRow(to)
      to.node[r] = deal.node[row]
      to.deadline[r] = d < 0 ? findSoonest(deal.node[row]) : d
      to.atS[r] = atS
      if (d >= 0) commands.ActivateDeals.deal[r] = row
      // A sector that is to claim outlives the deal by no more than 90 days.
      else commands.ExtendSectors.days[r] = Math.max(v.dealDays + START_DAYS + 1, Math.min(v.lifetimeDays, v.dealDays + 80))
    }
    submit("ExtendSectors")
    submit("ActivateDeals")
  }

  const settle = (v: Values<FilecoinParams>, atS: number): void => {
    const epoch = epochAt(atS)
    const to = commands.SettleDealPayments
    for (let row = 0; row < deal.length; row++) {
      if (!isOpen(deal, row) || deal.cohort[row] === 0 || !isUp(deal.node[row])) continue
      const isDue =
        (Math.floor(atS / DAY) + row) % v.settleDays === 0 && epoch > Math.max(deal.startEpoch[row], deal.settledEpoch[row])
      if (!isDue && epoch < deal.endEpoch[row]) continue
      const r = addRow(to)
      to.deal[r] = row
      to.atS[r] = atS
    }
    submit("SettleDealPayments")
  }

  const renew = (v: Values<FilecoinParams>, atS: number): void => {
    const soon = epochAt(atS) + RENEW_DAYS * EPOCHS_PER_DAY
    for (let row = 0; row < deal.length; row++) {
      if (!isOpen(deal, row) || deal.kept[row] === 0 || deal.cohort[row] === 0 || deal.endEpoch[row] > soon) continue
      if (!isUp(deal.node[row]) || isRenewed(row)) continue
      const startS = atS + Math.max(START_DAYS * EPOCHS_PER_DAY, deal.endEpoch[row] - epochAt(atS)) * EPOCH_SECONDS
      publish(v, { client: deal.client[row], node: deal.node[row], objects: held(row), startS, atS })
    }
  }
  const isRenewed = (row: number): boolean => {
    for (let other = firstOfClient(state, deal.client[row]); other >= 0; other = nextOfClient(state, other))
      if (deal.node[other] === deal.node[row] && deal.startEpoch[other] >= deal.endEpoch[row] && deal.kept[other] === 1)
        return true
    return false
  }

  /** The client of an ordered copy agrees with its provider, once, on what can be copied. */
  const agreeRepairs = (v: Values<FilecoinParams>, atS: number): void => {
    if (repairHead.open[0] === 0) return
    for (let k = 0; k < repair.length; k++) {
      if (!isOpen(repair, k) || !isUp(repair.node[k])) continue
      const client = repair.client[k]
      let isAgreed = false
      for (let row = firstOfClient(state, client); row >= 0; row = nextOfClient(state, row))
        isAgreed ||= deal.node[row] === repair.node[k] && deal.cohort[row] === 0
      const objects = (repair.objects[k] & reachable(client)) >>> 0
      if (isAgreed || objects === 0) continue
      publish(v, { client, node: repair.node[k], objects, startS: atS + START_DAYS * DAY, atS })
    }
  }

  return {
    held,
    arrive(v, atS) {
      for (let client = 0; client < nodes; client++) {
        let node = client
        for (let k = 0; k < Math.min(v.replicas, nodes); k++) {
          publish(v, { client, node, objects: ALL_OBJECTS, startS: atS + START_DAYS * DAY, atS })
          node = (node + stride) % nodes
        }
      }
      submit("AddMarketBalance")
      submit("PublishDeals")
      seal(v, atS)
    },
    keepHouse(v, atS) {
      if (dealHead.open[0] === 0) return
      settle(v, atS)
      renew(v, atS)
      agreeRepairs(v, atS)
      submit("AddMarketBalance")
      submit("PublishDeals")
      seal(v, atS)
    },
    count() {
      let there = 0
      let placed = 0
      for (let client = 0; client < nodes; client++) {
        if (keeper.placed[client] === 0) continue
        let objects = 0
        for (let row = firstOfClient(state, client); row >= 0; row = nextOfClient(state, row))
          if (deal.kept[row] === 1 && deal.cohort[row] !== 0) objects |= held(row)
        there += countBits(objects)
        placed += countBits(keeper.placed[client])
      }
      return { held: there, gone: placed - there }
    },
  }
}
