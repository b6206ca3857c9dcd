/** Positions of locked HNT: their commands become events or refusals here: read · refuse · write. */
import { DAY } from "../../kernel/clock.ts"
import type { Decide } from "../../kernel/network.ts"
import { reserve } from "../../kernel/table.ts"
import { canPay } from "../../ledger/ledger.ts"
import { civilDate, dayOf } from "./civil-date.ts"
import type { Commands, Refusal } from "./commands.ts"
import type { Events } from "./events.ts"
import type { vehntCommands } from "./commands-vehnt.ts"
import type { params } from "./params.ts"
import type { State } from "./state.ts"

const SUB_DAOS = 2
const AUGUST = 8
const CLOCK_END_S = 0xffff_ffff

/** Unix second of the first of August after a day. */
function nextAugust(atS: number): number {
  const { year, month } = civilDate(Math.floor(atS / DAY))
  return Math.min(CLOCK_END_S, dayOf({ year: month < AUGUST ? year : year + 1, month: AUGUST, day: 1 }) * DAY)
}

export const decideVehnt: Pick<Decide<State, Commands, Events, typeof params, Refusal>, keyof typeof vehntCommands> = {
  LockHnt({ position, economy, ledger }, rows, begin, end, { out, params, refuse }) {
    const to = out.HntLocked
    reserve(to, end - begin)
    for (let i = begin; i < end; i++) {
      const { locked, at, endsS } = rows
      if (economy.pacePermille[0] === 0) refuse(i, "ledger_is_halted")
      else if (endsS[i] - at[i] < params.vehntLockDaysMin * DAY) refuse(i, "lock_is_too_short")
      else if (locked[i] === 0 || !canPay(ledger, "hnt", ledger.account.circulation, locked[i])) refuse(i, "supply_is_too_small")
      else {
        const j = to.length++
        to.position[j] = position.length
        to.owner[j] = rows.owner[i]
        to.locked[j] = locked[i]
        to.at[j] = at[i]
        to.endsS[j] = endsS[i]
        to.constant[j] = rows.constant[i]
        to.genesis[j] = rows.genesis[i]
      }
    }
  },

  DelegatePosition({ position, economy }, rows, begin, end, { out, refuse }) {
    const to = out.PositionDelegated
    reserve(to, end - begin)
    for (let i = begin; i < end; i++) {
      const p = rows.position[i]
      if (economy.pacePermille[0] === 0) refuse(i, "ledger_is_halted")
      else if (rows.subDao[i] < 1 || rows.subDao[i] > SUB_DAOS) refuse(i, "sub_dao_is_unknown")
      else if (!(p < position.length && position.locked[p] > 0)) refuse(i, "position_is_unknown")
      else if (position.constant[p] === 0 && position.endsS[p] <= rows.at[i]) refuse(i, "position_has_ended")
      else {
        const j = to.length++
        to.position[j] = p
        to.subDao[j] = rows.subDao[i]
        to.at[j] = rows.at[i]
        to.untilS[j] = nextAugust(rows.at[i])
      }
    }
  },

  /** Lifetime earnings less what was drawn: a claim that was missed loses nothing. */
  ClaimDelegation({ position, economy }, rows, begin, end, { out, refuse }) {
    const to = out.DelegationClaimed
    reserve(to, end - begin)
    for (let i = begin; i < end; i++) {
      const p = rows.position[i]
      if (economy.pacePermille[0] === 0) {
        refuse(i, "ledger_is_halted")
        continue
      }
      if (!(p < position.length)) {
        refuse(i, "position_is_unknown")
        continue
      }
      const hnt = position.hnt[p] - position.drawnHnt[p]
      const iot = position.iot[p] - position.drawnIot[p]
      const mobile = position.mobile[p] - position.drawnMobile[p]
      if (hnt + iot + mobile === 0) {
        refuse(i, "nothing_to_claim")
        continue
      }
      const j = to.length++
      to.position[j] = p
      to.hnt[j] = hnt
      to.iot[j] = iot
      to.mobile[j] = mobile
    }
  },

  UnlockHnt({ position, economy }, rows, begin, end, { out, refuse }) {
    const to = out.HntUnlocked
    reserve(to, end - begin)
    for (let i = begin; i < end; i++) {
      const p = rows.position[i]
      if (economy.pacePermille[0] === 0) refuse(i, "ledger_is_halted")
      else if (!(p < position.length && position.locked[p] > 0)) refuse(i, "position_is_unknown")
      else if (position.constant[p] === 1 || position.endsS[p] > rows.at[i]) refuse(i, "position_is_locked")
      else {
        const j = to.length++
        to.position[j] = p
        to.at[j] = rows.at[i]
      }
    }
  },
}
