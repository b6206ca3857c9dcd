/** Prices and purses: the oracle's daily price, customers of the subnets, and operators who look at their books. */
import { DAY, HOUR } from "../../kernel/clock.ts"
import type { Values } from "../../kernel/param.ts"
import { below, stream } from "../../kernel/random.ts"
import { addRow } from "../../kernel/table.ts"
import { supply } from "../../ledger/ledger.ts"
import { nextLoyaltyPermille } from "../../markets/demand-curve.ts"
import { churns, dailyCostMicroUsd, ENTER, LEAVE, marginPermille, weighDay } from "../../markets/operator-economics.ts"
import { RENDER_CLOSES } from "../../markets/closes.ts"
import { EXCHANGE, priceModel } from "../../markets/price-model.ts"
import { constantPrice, type PricePath, withShock, withSupplyPressure } from "../../markets/price-path.ts"
import { UNITS_PER_RENDER } from "./burn-mint.ts"
import { IDLE_WATTS, MICRO_USD_PER_KWH, MICRO_USD_PER_KWH_ELSEWHERE } from "./gpu.ts"
import type { Context, Fleet, Memory } from "./inhabit-fleet.ts"
import type { RenderParams } from "./params.ts"
import { CONTAINERS, GATEWAY, LEFT, RENDERING } from "./units.ts"

/** facts/prices-and-demand.md §6.4, RENDER: jumps a year, their mean and deviation, and the share of the market's factor. */
const JUMPS = { jumpsMilliPerYear: 8000, jumpMeanPermille: 100, jumpSdPermille: 290, marketLoadingPermille: 580 }
const CONTAINERS_PERMILLE = 730

export interface Market {
  readonly post: (v: Values<RenderParams>, atS: number) => void
  readonly sell: (v: Values<RenderParams>, atS: number) => void
  readonly weigh: (v: Values<RenderParams>, atS: number) => void
  /** What a kilowatt-hour costs the operator of a node, millionths of a dollar. */
  readonly microUsdPerKwh: (v: Values<RenderParams>) => (n: number) => number
  readonly remember: (v: Values<RenderParams>) => void
}

export function makeMarket({ habitat, state, commands, memory: table, submit }: Context, fleet: Fleet): Market {
  const { nodes } = habitat
  const { ledger, node, service } = state
  const memory = table as unknown as Memory
  const churn = stream(habitat.seed, "render/churn")
  const tempers = stream(habitat.seed, "render/temper")
  const rents = stream(habitat.seed, "render/rent")
  const { of: countryOf, names: countries } = habitat.places.domains.country
  let path: PricePath = constantPrice(1)
  let pathOf = ""

  const pathFor = (v: Values<RenderParams>): PricePath => {
    const key = [v.pricePath, v.priceMicroUsd, v.priceSigmaPermille, v.priceDriftPermille, v.velocityPpm].join("/")
    const more = [v.exchangeSpeedPermille, v.supplyPressurePermille, v.priceShockPermille, v.circulatingRender].join("/")
    if (pathOf === `${key}/${more}`) return path
    pathOf = `${key}/${more}`
    const made = priceModel(habitat.seed, "render", {
      kind: v.pricePath,
      startMicroUsd: v.priceMicroUsd,
      walk: { sigmaPermille: v.priceSigmaPermille, driftPermille: v.priceDriftPermille, ...JUMPS },
      exchange: { velocityPpm: v.velocityPpm, speedPermille: v.exchangeSpeedPermille },
      closes: RENDER_CLOSES,
      beginS: habitat.beginS,
    })
    path =
      v.pricePath === EXCHANGE
        ? made
        : withShock(withSupplyPressure(made, v.circulatingRender, v.supplyPressurePermille), 0, Infinity, v.priceShockPermille)
    return path
  }

  /** Dollars a year at the rate of the last epoch. */
  const spendPerYear = (v: Values<RenderParams>): number =>
    Math.floor((Number(service.lastSpentMicroUsd.get(0)) * 365) / v.epochDays)

  const perKwh = (v: Values<RenderParams>, n: number): number =>
    Math.floor(((MICRO_USD_PER_KWH[countries[countryOf[n]]] ?? MICRO_USD_PER_KWH_ELSEWHERE) * v.powerCostPermille) / 1000)
  const expenses = (v: Values<RenderParams>, n: number, busySeconds: number): number => {
    const microUsdPerKwh = perKwh(v, n)
    const cost = { watts: fleet.wattsOf(n), idleWatts: IDLE_WATTS, microUsdPerKwh, otherMicroUsdPerDay: v.otherCostMicroUsd }
    return dailyCostMicroUsd(cost, busySeconds)
  }

  return {
    microUsdPerKwh: (v) => (n) => perKwh(v, n),

    post(v, atS) {
      // Before the first week's books there is no spending to make a price of.
      const isBlind = v.pricePath === EXCHANGE && service.epochsClosed[0] === 0
      const microUsd = isBlind
        ? v.priceMicroUsd
        : pathFor(v)({
            day: Math.floor(atS / DAY) - Math.floor(habitat.beginS / DAY),
            lastMicroUsd: service.priceMicroUsd[0],
            spendMicroUsdPerYear: spendPerYear(v),
            supplyTokens: Number(supply(ledger, "render") / UNITS_PER_RENDER),
          })
      const to = commands.PostPrice
      const r = addRow(to)
      to.priceMicroUsd[r] = Math.min(1_000_000_000_000, microUsd)
      to.eurUsdE6[r] = v.eurUsdE6
      to.atS[r] = atS
      submit("PostPrice")
    },

    sell(v, atS) {
      if (v.subnetOn === 1) {
        const to = commands.RecordRental
        for (let n = 0; n < nodes; n++) {
          if (node.connected[n] === 0 || node.kind[n] === RENDERING) continue
          // From nothing to twice the mean, evenly, and never more than the day.
          const mean = (DAY * v.rentedPermille) / 1000
          const rented = Math.min(DAY, below(rents, 1 + Math.floor(2 * mean), n, atS))
          if (rented === 0) continue
          const r = addRow(to)
          to.node[r] = n
          to.seconds[r] = rented
          to.microUsd[r] = Math.floor((v.rentMicroUsdPerHour * rented * node.multiplierPermille[n]) / (HOUR * 1000))
          to.atS[r] = atS
        }
        submit("RecordRental")
      }
      if (v.saladOn === 0) return
      const day = Math.floor((v.saladUsdPerYear * 1_000_000) / 365)
      const containers = Math.floor((day * CONTAINERS_PERMILLE) / 1000)
      for (const [product, microUsd] of [
        [CONTAINERS, containers],
        [GATEWAY, day - containers],
      ] as const) {
        if (microUsd === 0) continue
        const to = commands.RecordSalad
        const r = addRow(to)
        to.product[r] = product
        to.microUsd[r] = Math.min(1_000_000_000_000, microUsd)
        to.atS[r] = atS
      }
      submit("RecordSalad")
    },

    weigh(v, atS) {
      if (service.epochsClosed[0] === 0) return
      const day = Math.floor(atS / DAY)
      const price = service.priceMicroUsd[0]
      const revenueOf = (n: number): number =>
        node.paidEpoch[n] === service.epochsClosed[0] ? Math.floor((node.lastPaid8.toNumber(n) * price) / 1e8 / v.epochDays) : 0
      // Who is outside expects what those inside had on average, for a card of average work.
      let [inside, revenues, busy] = [0, 0, 0]
      for (let n = 0; n < nodes; n++) {
        if (node.connected[n] === 0) continue
        inside++
        revenues += revenueOf(n)
        busy += node.lastBusyS[n] + node.lastRentedS[n]
      }
      const expected = inside === 0 ? 0 : Math.floor(revenues / inside)
      const usual = inside === 0 ? 0 : Math.floor(busy / inside / v.epochDays)
      const to = commands.DropNode
      for (let n = 0; n < nodes; n++) {
        const isIn = memory.away[n] === 0
        let isGoing = isIn && churns(churn, n, day, v.churnPpmPerDay)
        if (v.operatorsReact === 1) {
          const busySeconds = isIn ? (node.lastBusyS[n] + node.lastRentedS[n]) / v.epochDays : usual
          const margin = marginPermille(isIn ? revenueOf(n) : expected, expenses(v, n, busySeconds))
          const spread = Math.floor(((below(tempers, 2001, n) - 1000) * v.exitSpreadPermille * v.exitAfterDays) / 1e6)
          const said = weighDay(memory, n, isIn, margin, {
            exitBelowPermille: v.exitBelowPermille,
            exitAfterDays: Math.max(1, v.exitAfterDays + spread),
            enterAbovePermille: v.enterAbovePermille,
            enterAfterDays: v.enterAfterDays,
          })
          if (said === LEAVE) isGoing = true
          else if (said === ENTER) {
            memory.away[n] = 0
            memory.there[n] = habitat.running[n] === 1 && habitat.throughPermille[n] > 0 ? 1 : 0
            memory.backS[n] = atS
            fleet.refresh(v, n)
          }
        }
        if (!isGoing) continue
        memory.away[n] = 1
        memory.there[n] = 0
        memory.downS[n] = atS
        if (node.connected[n] === 1) {
          const r = addRow(to)
          to.node[r] = n
          to.cause[r] = LEFT
          to.atS[r] = atS
        }
      }
      submit("DropNode")
      for (let n = 0; n < nodes; n++) if (memory.away[n] === 1) fleet.refresh(v, n)
    },

    remember(v) {
      const due = service.due[0] - memory.dueDay[0]
      const onTime = service.onTime[0] - memory.onTimeDay[0]
      memory.dueDay[0] = service.due[0]
      memory.onTimeDay[0] = service.onTime[0]
      if (due === 0) return
      const loyalty = nextLoyaltyPermille(1000 - memory.lostPermille[0], Math.floor((onTime * 1000) / due), {
        lossPermille: v.loyaltyLossPermille,
        returnPermille: v.loyaltyReturnPermille,
      })
      memory.lostPermille[0] = 1000 - loyalty
    },
  }
}
