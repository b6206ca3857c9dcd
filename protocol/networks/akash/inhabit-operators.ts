/** Providers that look at their books: who leaves because a day costs more than it brings, who comes because others live well of it. */
import { DAY } from "../../kernel/clock.ts"
import type { InhabitContext } from "../../kernel/habitat.ts"
import type { Values } from "../../kernel/param.ts"
import { below, stream } from "../../kernel/random.ts"
import { isOpen } from "../../kernel/slots.ts"
import { addRow } from "../../kernel/table.ts"
import { flag, unit } from "../../kernel/unit.ts"
import {
  churns,
  ENTER,
  LEAVE,
  marginPermille,
  patienceShape,
  weighDay,
  type PatienceColumns,
} from "../../markets/operator-economics.ts"
import type { Commands } from "./commands.ts"
import { DECOMMISSION } from "./lease-rules.ts"
import type { AkashParams } from "./params.ts"
import { LEASE_RECLAIMING, NO_LEASE, type State } from "./state.ts"

const TEMPERS = 2001

export const operatorShape = {
  ...patienceShape,
  /** Its operator has gone, or has not come yet. It bids no more; leases end as their terms allow. */
  away: flag,
  /** Takings by the last look, in micro-tokens. */
  earnedDay: unit("micro-tokens", "safe", 0),
} as const
export type OperatorColumns = PatienceColumns & { readonly away: Uint8Array; readonly earnedDay: Float64Array }

export const operatorObserves = {
  "operator.away": { unit: "providers", because: "Providers whose operators have gone, or have not come yet." },
  "operator.margin": {
    unit: "‰ of cost",
    because: "What providers that are there took on the last day, over what staying costs, less one.",
  },
} as const

export interface Operators {
  readonly arrive: (v: Values<AkashParams>) => void
  /** Once a day. */
  readonly weigh: (v: Values<AkashParams>, atS: number) => void
  /** Every hour: those who leave end what they may end. */
  readonly windDown: (atS: number) => void
  readonly away: () => number
  readonly margin: () => number
}

/** `memory` is the actors' table: its columns may be replaced when it grows, so they are read from it each time. */
export function enterOperators(
  { habitat, state, commands, submit }: Pick<InhabitContext<State, Commands>, "habitat" | "state" | "commands" | "submit">,
  memory: OperatorColumns & { readonly dayMargin: Float64Array },
  change: (type: keyof Commands, atS: number) => void,
  nanoUsd: (v: Values<AkashParams>) => number,
): Operators {
  const { nodes, running, throughPermille } = habitat
  const { group, provider } = state
  const outside = stream(habitat.seed, "akash/outsider")
  const churn = stream(habitat.seed, "akash/churn")
  const tempers = stream(habitat.seed, "akash/temper")

  return {
    arrive(v) {
      for (let node = 0; node < nodes; node++) memory.away[node] = below(outside, 1000, node) < v.outsidersPermille ? 1 : 0
    },

    weigh(v, atS) {
      // Nobody has had a day yet.
      if (atS < habitat.beginS + DAY) return
      const isReacting = v.operatorsReact === 1
      const cost = v.providerCostMilliUsdPerDay * 1000
      const day = Math.floor(atS / DAY)
      const price = v.paidInAct === 1 ? 1e9 : nanoUsd(v)
      let [there, takings] = [0, 0]
      for (let node = 0; node < nodes; node++) {
        if (memory.away[node] === 1) continue
        there++
        takings += provider.earned.toNumber(node) - memory.earnedDay[node]
      }
      const mean = there === 0 ? 0 : Math.floor(((takings / there) * price) / 1e9)
      // Shifted, for a margin may be negative and memory holds none: 0 is a day without takings.
      memory.dayMargin[0] = Math.max(0, 1000 + marginPermille(mean, cost))
      for (let node = 0; node < nodes; node++) {
        const isIn = memory.away[node] === 0
        const earned = provider.earned.toNumber(node)
        const revenue = isIn ? Math.floor(((earned - memory.earnedDay[node]) * price) / 1e9) : mean
        memory.earnedDay[node] = earned
        let isGoing = isIn && churns(churn, node, day, v.churnPpmPerDay)
        if (isReacting) {
          const spread = Math.trunc(((below(tempers, TEMPERS, node) - 1000) * v.exitAfterDays) / 2000)
          const said = weighDay(memory, node, isIn, marginPermille(revenue, cost), {
            exitBelowPermille: v.exitBelowPermille,
            exitAfterDays: Math.max(1, v.exitAfterDays + spread),
            enterAbovePermille: v.enterAbovePermille,
            enterAfterDays: v.enterAfterDays,
          })
          if (said === LEAVE) isGoing = true
          else if (said === ENTER) memory.away[node] = 0
        }
        if (isGoing) memory.away[node] = 1
      }
    },

    windDown(atS) {
      let isAny = false
      for (let node = 0; node < nodes && !isAny; node++) isAny = memory.away[node] === 1 && provider.leases[node] > 0
      if (!isAny) return
      for (let g = 0; g < group.length; g++) {
        if (!isOpen(group, g) || group.lease[g] === NO_LEASE) continue
        const node = group.node[g]
        // Machines that failed meanwhile say nothing; their tenants find out.
        if (memory.away[node] === 0 || running[node] === 0 || throughPermille[node] === 0) continue
        const isBound = group.windowS[g] > 0
        const isReclaiming = group.lease[g] === LEASE_RECLAIMING
        if (isBound && isReclaiming && atS < group.deadlineS[g]) continue
        if (isBound && !isReclaiming) {
          const to = commands.StartReclaim
          const r = addRow(to)
          to.group[r] = g
          to.reason[r] = DECOMMISSION
          to.atS[r] = atS
        } else {
          const to = commands.CloseBid
          const r = addRow(to)
          to.group[r] = g
          to.node[r] = node
          to.reason[r] = DECOMMISSION
          to.atS[r] = atS
        }
      }
      change("CloseBid", atS)
      submit("StartReclaim")
    },

    away() {
      let away = 0
      for (let node = 0; node < nodes; node++) away += memory.away[node]
      return away
    },
    margin: () => memory.dayMargin[0] - 1000,
  }
}
