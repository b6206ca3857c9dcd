/** What holders of HNT may ask of their positions, and why it may be refused. */
import { command } from "../../kernel/row-type.ts"
import { flag, seconds, unit } from "../../kernel/unit.ts"
import { genesis, owner, position, subDao } from "./events-vehnt.ts"

export const vehntCommands = {
  LockHnt: command(
    "A holder locks HNT until a day.",
    { owner, locked: unit("bones (1e-8 HNT)", "safe", 0), at: seconds, endsS: seconds, constant: flag, genesis },
    ["HntLocked"],
  ),
  DelegatePosition: command(
    "A holder delegates a position to a sub-network, or again to another.",
    { position, subDao, at: seconds },
    ["PositionDelegated"],
  ),
  ClaimDelegation: command("A holder draws what a delegated position has earned.", { position }, ["DelegationClaimed"]),
  UnlockHnt: command("A holder opens a lock that has run out.", { position, at: seconds }, ["HntUnlocked"]),
} as const

export const vehntRefusals = {
  lock_is_too_short: "A lock holds HNT for six months at least (HIP-51).",
  position_is_unknown: "There is no such position, or its HNT is no longer locked.",
  position_has_ended: "The lock has run out: it weighs nothing.",
  position_is_locked: "The lock has not run out, or does not run down.",
  sub_dao_is_unknown: "There are two sub-networks: 1 is IoT, 2 is Mobile.",
} as const
