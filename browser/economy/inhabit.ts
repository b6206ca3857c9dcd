/** The economy's people: operators who count their losses, users who pay for what they get, and a market that makes the price. */
import { DAY } from "../../protocol/kernel/clock.ts"
import type { InhabitContext, Inhabitants, ServiceMeasure } from "../../protocol/kernel/habitat.ts"
import { mulDivFloor } from "../../protocol/kernel/money.ts"
import { draw, stream } from "../../protocol/kernel/random.ts"
import { reserve } from "../../protocol/kernel/table.ts"
import { count } from "../../protocol/kernel/unit.ts"
import { trendPermille } from "../../protocol/markets/demand-curve.ts"
import {
  ENTER,
  LEAVE,
  marginPermille,
  patienceShape,
  weighDay,
  type PatienceColumns,
} from "../../protocol/markets/operator-economics.ts"
import { exchangePrice } from "../../protocol/markets/price-path.ts"
import type { EconomyCommands, EconomyState } from "./economy.ts"

const YEAR_DAYS = 365
const WORD = 2 ** 32
const MICRO = 1_000_000

/** Days in a row; and in row 0 what the day's users asked for and got. */
export const memoryShape = { ...patienceShape, askedMilli: count, servedMilli: count } as const
type Memory = PatienceColumns & { readonly askedMilli: Float64Array; readonly servedMilli: Float64Array }

export function enter(context: InhabitContext<EconomyState, EconomyCommands>): Inhabitants {
  const { habitat, state, commands, submit } = context
  const memory = context.memory as unknown as Memory
  const { nodes, seed, running, throughPermille, beginS } = habitat
  const p = () => habitat.params()
  const { Join, Leave, Report, PostPrice, Spend } = commands
  const lot = (name: string): Float64Array => {
    const dice = stream(seed, `economy/${name}`)
    return Float64Array.from({ length: nodes }, (_, i) => draw(dice, i) / WORD)
  }
  // Every operator's lot in life: the same in every variant of a run.
  const [size, thrift, start, calm] = ["capacity", "cost", "start", "calm"].map(lot)
  const patience = { exitBelowPermille: 0, exitAfterDays: 0, enterAbovePermille: 0, enterAfterDays: 0 }
  const capacityOf = (i: number): number => 1 + Math.floor(size[i] * p().capacityMost)
  const offered = new Float64Array(nodes)
  const isThere = (i: number): boolean => running[i] === 1 && throughPermille[i] > 0

  function join(i: number, atS: number): void {
    const j = Join.length++
    Join.node[j] = i
    Join.power[j] = capacityOf(i)
    Join.atS[j] = atS
  }

  /** What yesterday paid, or would have paid, against what it cost. */
  function weigh(atS: number): void {
    const v = p()
    const { node, total } = state
    const price = total.price[0]
    const whole = total.activeCapacity[0]
    const [least, spread] = [v.costMinMilliUsd * 1000, (v.costMaxMilliUsd - v.costMinMilliUsd) * 1000]
    // Of the unit of capacity, from what was paid yesterday.
    let paid = 0
    for (let i = 0; i < nodes; i++) paid += node.lastPaid[i]
    reserve(Join, nodes)
    reserve(Leave, nodes)
    patience.exitBelowPermille = v.exitBelowPermille
    patience.enterAbovePermille = v.enterAbovePermille
    for (let i = 0; i < nodes; i++) {
      const isIn = node.active[i] === 1
      // From half the days to one and a half times as many, so that they do not all leave on one day.
      patience.exitAfterDays = 1 + Math.floor((0.5 + calm[i]) * v.exitAfterDays)
      patience.enterAfterDays = 1 + Math.floor((0.5 + calm[i]) * v.enterAfterDays)
      const capacity = isIn ? node.power[i] : capacityOf(i)
      const tokens = isIn ? node.lastPaid[i] : Math.floor((paid * capacity) / (whole + capacity))
      const revenue = Math.floor((tokens * price) / MICRO)
      const does = weighDay(memory, i, isIn, marginPermille(revenue, least + Math.floor(spread * thrift[i])), patience)
      if (does === ENTER) join(i, atS)
      else if (does === LEAVE) {
        const j = Leave.length++
        Leave.node[j] = i
        Leave.atS[j] = atS
      }
    }
    submit("Join")
    submit("Leave")
  }

  function pay(toS: number): void {
    const v = p()
    const day = Math.floor((toS - beginS) / DAY)
    const asked = memory.askedMilli[0]
    const wanted = mulDivFloor(v.spendUsdPerDay * MICRO, trendPermille(v.spendLogGrowthPermille, day), 1000)
    const spent = asked === 0 ? 0 : mulDivFloor(wanted, Math.floor((memory.servedMilli[0] * 1000) / asked), 1000)
    memory.askedMilli[0] = memory.servedMilli[0] = 0
    reserve(PostPrice, 1)
    PostPrice.price[0] = exchangePrice({
      startMicroUsd: v.startPriceMicroUsd,
      velocityPpm: v.velocityPpm,
      speedPermille: v.priceSpeedPermille,
    })({
      day,
      lastMicroUsd: state.total.price[0],
      spendMicroUsdPerYear: spent * YEAR_DAYS,
      supplyTokens: Math.floor(state.total.supply[0] / MICRO),
    })
    PostPrice.atS[0] = toS
    PostPrice.length = 1
    submit("PostPrice")
    reserve(Spend, 1)
    Spend.spentMicroUsd[0] = spent
    Spend.atS[0] = toS
    Spend.length = 1
    submit("Spend")
  }

  return {
    arrive() {
      reserve(Join, nodes)
      const { startActivePermille } = p()
      for (let i = 0; i < nodes; i++) if (Math.floor(start[i] * 1000) < startActivePermille) join(i, beginS)
      submit("Join")
    },
    act() {},
    serve(fromS, toS, byNode): ServiceMeasure {
      habitat.demand(fromS, toS, offered)
      const { active } = state.node
      const { farPermille } = p()
      let offeredMilli = 0
      let servedMilli = 0
      for (let i = 0; i < nodes; i++) {
        const asked = offered[i]
        const got = active[i] === 1 && isThere(i) ? asked : Math.floor((asked * farPermille) / 1000)
        offeredMilli += asked
        servedMilli += got
        if (byNode !== undefined) {
          byNode.offered[i] += asked
          byNode.served[i] += got
        }
      }
      memory.askedMilli[0] += offeredMilli
      memory.servedMilli[0] += servedMilli
      return { offeredMilli, servedMilli, degradedMilli: 0 }
    },
    close(toS) {
      if (toS % DAY !== 0) return
      pay(toS)
      if (state.total.day[0] > 0) weigh(toS)
      reserve(Report, nodes)
      for (let i = 0; i < nodes; i++) if (state.node.active[i] === 1 && isThere(i)) Report.node[Report.length++] = i
      submit("Report")
    },
  }
}
