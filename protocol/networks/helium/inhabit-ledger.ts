/** Those who watch the ledger and the price feed, and owners who draw what they are owed. */
import { DAY } from "../../kernel/clock.ts"
import type { InhabitContext } from "../../kernel/habitat.ts"
import type { Values } from "../../kernel/param.ts"
import { reserve } from "../../kernel/table.ts"
import type { Commands } from "./commands.ts"
import type { params } from "./params.ts"
import { FULL_PACE } from "./state-regime.ts"
import { lifetimeHnt } from "./lifetime-rewards.ts"
import type { State } from "./state.ts"

type Context = InhabitContext<State, Commands>

/** Says that the ledger halted, slowed down or came back, when it did; and what became of the price feed. */
export function watch({ commands, habitat, state, submit }: Context, atS: number): void {
  const pace = Math.min(FULL_PACE, habitat.served("ledger"))
  if (pace !== state.economy.pacePermille[0]) {
    const rows = commands.ReportLedger
    reserve(rows, 1)
    const j = rows.length++
    rows.at[j] = atS
    rows.pacePermille[j] = pace
    submit("ReportLedger")
  }
  const substituted = habitat.corrupt("price-feed") > 0 ? 1 : 0
  const isSilent = habitat.served("price-feed") === 0
  // The last word before silence is written when it falls silent; nobody speaks while nothing is amiss.
  if (substituted !== state.economy.substituted[0] || (isSilent && state.economy.priceS[0] === 0))
    publish({ commands, habitat, state, submit } as Context, atS, substituted)
}

/** Before anybody reads a feed that was ever written, it is written again, unless it is silent. */
export function refreshPrice(context: Context, atS: number): void {
  const { habitat, state } = context
  if (state.economy.priceS[0] > 0 && habitat.served("price-feed") > 0 && state.economy.priceS[0] < atS)
    publish(context, atS, habitat.corrupt("price-feed") > 0 ? 1 : 0)
}

function publish({ commands, habitat, submit }: Context, atS: number, substituted: number): void {
  const v = habitat.params() as Values<typeof params>
  const rows = commands.PublishPrice
  reserve(rows, 1)
  const j = rows.length++
  rows.at[j] = atS
  rows.emaE8Usd[j] = v.hntPriceE8Usd
  rows.confidenceE8Usd[j] = v.priceConfidenceE8Usd
  rows.substituted[j] = substituted
  submit("PublishPrice")
}

/** On claiming days owners draw what the distributor owes their hotspots; while the ledger is down they wait for the next. */
export function claim({ commands, habitat, state, submit }: Context, atS: number, everyDays: number): void {
  if (everyDays === 0 || (atS / DAY) % everyDays !== 0 || state.economy.pacePermille[0] === 0) return
  const rows = commands.ClaimRewards
  reserve(rows, habitat.nodes)
  for (let node = 0; node < habitat.nodes; node++)
    if (lifetimeHnt(state, node) > state.claim.hnt[node]) rows.node[rows.length++] = node
  if (rows.length > 0) submit("ClaimRewards")
}
