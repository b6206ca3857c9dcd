/** Locked HNT by example: positions, their delegation, what delegators earn in HNT, IOT and MOBILE, and every refusal. */
import { DAY, HOUR } from "../../kernel/clock.ts"
import type { Step } from "../../kernel/example.ts"
import { presets } from "./presets.ts"
import { PLACES, T0, type Ask } from "./story.ts"
import { INDOOR, joinMobile } from "./story-mobile.ts"

export const YEAR = 365 * DAY
export const lock = (hnt: number, days: number, but: Partial<Omit<Extract<Ask, { type: "LockHnt" }>, "type">> = {}): Ask => ({
  type: "LockHnt",
  owner: 1,
  locked: hnt * 100_000_000,
  at: T0,
  endsS: T0 + days * DAY,
  constant: 0,
  genesis: 1,
  ...but,
})
export const delegate = (position: number, subDao: number, at = T0): Ask => ({ type: "DelegatePosition", position, subDao, at })
export const draw = (position: number): Ask => ({ type: "ClaimDelegation", position })

export const vehntExamples = [
  {
    name: "HNT is locked and delegated; delegators earn their part of the day's HNT and draw it; a lock runs out and is opened",
    nodes: 1,
    params: { netEmissionsCapBones: 0 },
    steps: [
      { ask: [lock(1000, 182), lock(0, 200), lock(1000, 200), lock(500, 1460, { constant: 1, genesis: 3 })] },
      { ask: [delegate(0, 1), delegate(1, 2), delegate(1, 0), delegate(2, 1), draw(0), draw(2)] },
      { settle: "day", at: T0 + DAY },
      { ask: [draw(0), draw(1), { type: "UnlockHnt", position: 0, at: T0 + DAY }] },
      {
        ask: [
          { type: "UnlockHnt", position: 1, at: T0 + 9 * YEAR },
          { type: "UnlockHnt", position: 0, at: T0 + 200 * DAY },
        ],
      },
      { ask: [delegate(0, 1, T0 + 201 * DAY), { type: "UnlockHnt", position: 0, at: T0 + 201 * DAY }] },
      { ask: [lock(10, 183), delegate(2, 1, T0 + 183 * DAY)] },
      {
        ask: [
          { type: "ReportLedger", at: T0 + 2 * DAY, pacePermille: 0 },
          lock(1, 200),
          delegate(1, 1),
          draw(1),
          { type: "UnlockHnt", position: 1, at: T0 },
        ],
      },
    ],
    events: [
      "HntLocked",
      "PositionDelegated",
      "EmissionIssued",
      "PoolsSplit",
      "EpochClosed",
      "DelegatorPaid",
      "DelegationClaimed",
      "HntUnlocked",
      "LedgerPaced",
    ],
    refusals: [
      "lock_is_too_short",
      "supply_is_too_small",
      "sub_dao_is_unknown",
      "position_is_unknown",
      "nothing_to_claim",
      "position_is_locked",
      "position_has_ended",
      "ledger_is_halted",
    ],
  },
  {
    name: "delegators of SOL-DNT earn IOT and MOBILE, each of its own sub-network, and of a late day as of one on time",
    nodes: 1,
    params: { ...presets["SOL-DNT"].values, rewarderPatienceSeconds: 0 },
    steps: [
      { ask: [lock(1000, 1460), lock(500, 1460), delegate(0, 1), delegate(1, 2), ...joinMobile(0, PLACES.home, INDOOR)] },
      { settle: "day", at: T0 + DAY },
      { ask: [{ type: "ReportLedger", at: T0 + 2 * DAY - HOUR, pacePermille: 0 }] },
      { settle: "day", at: T0 + 2 * DAY },
      { ask: [{ type: "ReportLedger", at: T0 + 2 * DAY + HOUR, pacePermille: 1000 }] },
      { settle: "density", at: T0 + 2 * DAY + 2 * HOUR },
      { ask: [draw(0), draw(1)] },
    ],
    events: [
      "HntLocked",
      "PositionDelegated",
      "NodeRegistered",
      "LocationAsserted",
      "HotspotConfigured",
      "RadioRegistered",
      "SubDaoEmitted",
      "IotPoolsSplit",
      "IotEpochClosed",
      "MobileEmissionIssued",
      "MobilePoolsSplit",
      "MobileEpochClosed",
      "DelegatorPaid",
      "LedgerPaced",
      "EpochDeferred",
      "MobileEpochDeferred",
      "DelegationClaimed",
    ],
    refusals: [],
  },
] as const satisfies readonly { readonly steps: readonly Step[]; readonly [key: string]: unknown }[]
