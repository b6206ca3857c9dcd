/** What delegators earn of an epoch: its pools by the veHNT delegated when it began (HIP-51; since HIP-138 one pool of HNT for all). */
import { DAY } from "../../kernel/clock.ts"
import type { Settle } from "../../kernel/network.ts"
import { reserve } from "../../kernel/table.ts"
import type { Events } from "./events.ts"
import type { params } from "./params.ts"
import { delegatedAt, delegatedTo } from "./state-vehnt.ts"
import type { State } from "./state.ts"

const IOT = 1

/** Floored a position at a time; what floors leave stays in the pool, as on chain. */
export const pay_delegators: Settle<State, Events, typeof params> = (state, _at, { out, params: v }) => {
  const { economy, position } = state
  if (position.length === 0 || economy.delegatorDay[0] === 0) return
  const day = economy.delegatorDay[0] - 1
  const all = delegatedTo(state, day * DAY, v)
  const pools = {
    hnt: BigInt(economy.delegatorHnt[0]),
    iot: BigInt(economy.delegatorIot[0]),
    mobile: BigInt(economy.delegatorMobile[0]),
  }
  const part = (pool: bigint, power: bigint, of: bigint): number => (of === 0n ? 0 : Number((pool * power) / of))
  const to = out.DelegatorPaid
  reserve(to, position.length)
  for (let p = 0; p < position.length; p++) {
    const power = delegatedAt(state, p, day * DAY, v)
    if (power === 0n) continue
    const isIot = position.subDao[p] === IOT
    const j = to.length++
    to.day[j] = day
    to.position[j] = p
    to.hnt[j] = part(pools.hnt, power, all.iot + all.mobile)
    to.iot[j] = isIot ? part(pools.iot, power, all.iot) : 0
    to.mobile[j] = isIot ? 0 : part(pools.mobile, power, all.mobile)
  }
}
