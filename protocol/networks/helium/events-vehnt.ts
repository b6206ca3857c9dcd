/** What has happened to locked HNT: positions, their delegation, and what delegators earned and drew. */
import { event } from "../../kernel/row-type.ts"
import { count16, count32, flag, seconds, unit } from "../../kernel/unit.ts"

const bones = unit("bones (1e-8 HNT)", "safe", 0)
const dnt = unit("1e-6 IOT or MOBILE", "safe", 0)
export const position = unit("position", "u32")
export const owner = count32
/** 1 for a plain lock, 3 for one of the landrush. */
export const genesis = unit("×", "u8", 1, 3)
/** Which sub-network: 1 IoT, 2 Mobile. */
export const subDao = unit("1 IoT, 2 Mobile", "u8", 0, 2)

export const vehntEvents = {
  HntLocked: event("HNT was locked for voting power (HIP-51). A constant lock does not run down.", {
    position,
    owner,
    locked: bones,
    at: seconds,
    endsS: seconds,
    constant: flag,
    genesis,
  }),
  PositionDelegated: event("A position was delegated to a sub-network, until the next first of August.", {
    position,
    subDao,
    at: seconds,
    untilS: seconds,
  }),
  DelegatorPaid: event("A position's part of an epoch's delegator pools was worked out; it waits to be claimed.", {
    day: count16,
    position,
    hnt: bones,
    iot: dnt,
    mobile: dnt,
  }),
  DelegationClaimed: event("A position's owner drew what it had earned and not drawn.", {
    position,
    hnt: bones,
    iot: dnt,
    mobile: dnt,
  }),
  HntUnlocked: event("A lock that had run out was opened.", { position, at: seconds }),
} as const
