/** Holders who lock HNT and delegate it: at the start, again each August, and they draw what they earned when owners do. */
import { DAY } from "../../kernel/clock.ts"
import type { InhabitContext } from "../../kernel/habitat.ts"
import type { Values } from "../../kernel/param.ts"
import { below, draw, stream } from "../../kernel/random.ts"
import { reserve } from "../../kernel/table.ts"
import type { Commands } from "./commands.ts"
import type { params } from "./params.ts"
import { BONES, type State } from "./state.ts"

type Context = InhabitContext<State, Commands>

const IOT = 1
const MOBILE = 2
/** Locks begin up to so long before the run, and are as long as HIP-51 allows: an assumption. */
const DAYS_MAX = 1460

/** Positions are locked, by dice of their own, and delegated. */
export function lockHnt({ commands, habitat, submit, state }: Context): void {
  const v = habitat.params() as Values<typeof params>
  if (v.vehntPositions === 0) return
  const traits = stream(habitat.seed, "helium/vehnt")
  const rows = commands.LockHnt
  reserve(rows, v.vehntPositions)
  for (let p = 0; p < v.vehntPositions; p++) {
    rows.owner[p] = p
    rows.locked[p] = v.vehntHntPerPosition * BONES
    rows.at[p] = habitat.beginS
    rows.endsS[p] = habitat.beginS + (v.vehntLockDaysMin + below(traits, Math.max(1, DAYS_MAX - v.vehntLockDaysMin), p, 0)) * DAY
    rows.constant[p] = draw(traits, p, 1) & 1
    rows.genesis[p] = 1
  }
  rows.length = v.vehntPositions
  submit("LockHnt")
  delegate({ commands, habitat, submit, state } as Context, habitat.beginS)
}

/** Whoever is not delegated delegates again, a minute after the last delegation ended. */
function delegate({ commands, habitat, state, submit }: Context, atS: number): void {
  const v = habitat.params() as Values<typeof params>
  const { position } = state
  const traits = stream(habitat.seed, "helium/vehnt")
  const rows = commands.DelegatePosition
  reserve(rows, position.length)
  for (let p = 0; p < position.length; p++) {
    if (position.untilS[p] > atS || (position.constant[p] === 0 && position.endsS[p] <= atS)) continue
    const j = rows.length++
    rows.position[j] = p
    rows.subDao[j] = draw(traits, p, 2) % 1000 < v.vehntIotPermille ? IOT : MOBILE
    rows.at[j] = atS
  }
  if (rows.length > 0) submit("DelegatePosition")
}

/** At midnight: delegations that ended are renewed, and on claiming days holders draw. */
export function tendPositions(context: Context, atS: number, everyDays: number): void {
  const { commands, state, submit } = context
  const { position, economy } = state
  if (position.length === 0 || economy.pacePermille[0] === 0) return
  delegate(context, atS)
  if (everyDays === 0 || (atS / DAY) % everyDays !== 0) return
  const rows = commands.ClaimDelegation
  reserve(rows, position.length)
  for (let p = 0; p < position.length; p++)
    if (
      position.hnt[p] + position.iot[p] + position.mobile[p] >
      position.drawnHnt[p] + position.drawnIot[p] + position.drawnMobile[p]
    )
      rows.position[rows.length++] = p
  if (rows.length > 0) submit("ClaimDelegation")
}
