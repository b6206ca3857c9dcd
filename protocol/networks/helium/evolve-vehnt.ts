/** Events of locked HNT change the state here: total and silent. */
import type { Evolve } from "../../kernel/network.ts"
import { reserve, touch } from "../../kernel/table.ts"
import { post } from "../../ledger/ledger.ts"
import type { vehntEvents } from "./events-vehnt.ts"
import type { Events } from "./events.ts"
import type { State } from "./state.ts"

export const evolveVehnt: Pick<Evolve<State, Events>, keyof typeof vehntEvents> = {
  HntLocked({ position, ledger }, rows, begin, end) {
    reserve(position, end - begin)
    for (let i = begin; i < end; i++) {
      const p = position.length++
      position.owner[p] = rows.owner[i]
      position.locked[p] = rows.locked[i]
      position.lockedS[p] = rows.at[i]
      position.endsS[p] = rows.endsS[i]
      position.constant[p] = rows.constant[i]
      position.genesis[p] = rows.genesis[i]
      post(ledger, "hnt", ledger.account.circulation, ledger.account.locked, rows.locked[i])
    }
    touch(position)
  },

  PositionDelegated({ position }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      const p = rows.position[i]
      position.subDao[p] = rows.subDao[i]
      position.delegatedS[p] = rows.at[i]
      position.untilS[p] = rows.untilS[i]
    }
    touch(position)
  },

  DelegatorPaid({ position, economy }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      const p = rows.position[i]
      position.hnt[p] += rows.hnt[i]
      position.iot[p] += rows.iot[i]
      position.mobile[p] += rows.mobile[i]
    }
    economy.delegatorDay[0] = economy.delegatorHnt[0] = economy.delegatorIot[0] = economy.delegatorMobile[0] = 0
    touch(position)
    touch(economy)
  },

  DelegationClaimed({ position, ledger }, rows, begin, end) {
    const { delegators, owners } = ledger.account
    for (let i = begin; i < end; i++) {
      const p = rows.position[i]
      position.drawnHnt[p] += rows.hnt[i]
      position.drawnIot[p] += rows.iot[i]
      position.drawnMobile[p] += rows.mobile[i]
      post(ledger, "hnt", delegators, owners, rows.hnt[i])
      post(ledger, "iot", delegators, owners, rows.iot[i])
      post(ledger, "mobile", delegators, owners, rows.mobile[i])
    }
    touch(position)
  },

  HntUnlocked({ position, ledger }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      const p = rows.position[i]
      post(ledger, "hnt", ledger.account.locked, ledger.account.circulation, position.locked[p])
      position.locked[p] = 0
    }
    touch(position)
  },
}
