/** Helium Mobile by example in each regime: begun and paid in MOBILE, waiting for a halted Solana, under HIP-149. */
import { DAY, HOUR } from "../../kernel/clock.ts"
import type { Step } from "../../kernel/example.ts"
import { MOBILE_2025_03 } from "./params-mobile.ts"
import { params } from "./params.ts"
import { presets } from "./presets.ts"
import { PLACES, T0 } from "./story.ts"
import { assignAround, cover, goodDay, heartbeats, INDOOR, joinMobile, OUTDOOR } from "./story-mobile.ts"

const { home, cells8, km20 } = PLACES

/** From one regime to another: what each sets, and the rest as by default. */
const adopt = (
  from: keyof typeof presets,
  to: keyof typeof presets,
): readonly { readonly change: keyof typeof params; readonly value: number }[] => {
  const [before, after] = [presets[from], presets[to]].map((p) => p.values as Partial<Record<keyof typeof params, number>>)
  return [...new Set([...Object.keys(before), ...Object.keys(after)] as (keyof typeof params)[])].map((change) => ({
    change,
    value: after[change] ?? params[change].default,
  }))
}

export const mobileRegimeExamples = [
  {
    name: "Mobile on the old chain: not begun; with SOL-DNT it begins, is paid in MOBILE, and MOBILE is redeemed",
    nodes: 3,
    params: { ...presets["L1-2020"].values },
    steps: [
      { ask: [...joinMobile(0, home, INDOOR)] },
      { ask: [{ type: "MintCredits", hnt: 10_000_000_000, at: T0 }] },
      { settle: "density", at: T0 + HOUR },
      ...adopt("L1-2020", "SOL-DNT"),
      { ask: [{ type: "RegisterRadio", node: 0, kind: INDOOR }, ...joinMobile(1, cells8, OUTDOOR)] },
      { ask: [...cover(0, 1, home), ...cover(1, 2, cells8), ...goodDay(0, 1, home, T0), ...goodDay(1, 2, cells8, T0)] },
      {
        ask: [
          { type: "ReportMappers", subscribers: 3, verificationPoints: 1 },
          { type: "ReportDataTransfer", node: 0, dc: 500 },
        ],
      },
      { settle: "day", at: T0 + DAY },
      {
        ask: [
          { type: "RedeemMobile", node: 0, mobile: 1_000_000_000 },
          { type: "RedeemMobile", node: 0, mobile: 0 },
          { type: "RedeemMobile", node: 9, mobile: 1 },
          { type: "ReportLedger", at: T0 + DAY + HOUR, pacePermille: 0 },
          { type: "RedeemMobile", node: 0, mobile: 5 },
        ],
      },
    ],
    events: [
      "NodeRegistered",
      "LocationAsserted",
      "HotspotConfigured",
      "CreditsMinted",
      "BlockEpochClosed",
      "ParameterChanged",
      "RadioRegistered",
      "CoverageClaimed",
      "HexCovered",
      "SpeedtestReported",
      "HeartbeatReported",
      "MappersCounted",
      "MobileDataTransferred",
      "SubDaoEmitted",
      "IotPoolsSplit",
      "IotEpochClosed",
      "MobileEmissionIssued",
      "MobilePoolsSplit",
      "RadioPaid",
      "MobileEpochClosed",
      "MobileRedeemed",
      "LedgerPaced",
    ],
    refusals: ["mobile_has_not_begun", "treasury_pays_nothing", "gateway_not_found", "ledger_is_halted"],
  },
  {
    name: "Solana halts over two midnights: Mobile's days wait with the claims of their radios and mappers, and are paid in turn",
    nodes: 3,
    params: { ...MOBILE_2025_03 },
    steps: [
      {
        ask: [
          ...joinMobile(0, home, INDOOR),
          ...joinMobile(1, cells8, OUTDOOR),
          { type: "MintCredits", hnt: 10_000_000_000, at: T0 },
        ],
      },
      { ask: [assignAround(home, "AAA"), assignAround(cells8, "AAA"), ...cover(0, 1, home), ...cover(1, 2, cells8)] },
      {
        ask: [
          ...goodDay(0, 1, home, T0),
          ...goodDay(1, 2, cells8, T0),
          { type: "ReportMappers", subscribers: 3, verificationPoints: 0 },
        ],
      },
      {
        ask: [
          { type: "ReportLedger", at: T0 + 20 * HOUR, pacePermille: 0 },
          { type: "ReportDataTransfer", node: 0, dc: 700 },
        ],
      },
      { settle: "day", at: T0 + DAY },
      { ask: [...goodDay(1, 2, cells8, T0 + DAY), { type: "ReportMappers", subscribers: 5, verificationPoints: 0 }] },
      { settle: "day", at: T0 + 2 * DAY },
      { ask: [{ type: "ReportLedger", at: T0 + 2 * DAY + HOUR, pacePermille: 1000 }] },
      { settle: "density", at: T0 + 2 * DAY + 2 * HOUR },
      { ask: [{ type: "ReportDataTransfer", node: 1, dc: 9 }] },
      { settle: "density", at: T0 + 2 * DAY + 3 * HOUR },
      { settle: "day", at: T0 + 3 * DAY },
      { ask: [{ type: "ClaimRewards", node: 0 }] },
    ],
    events: [
      "NodeRegistered",
      "LocationAsserted",
      "HotspotConfigured",
      "RadioRegistered",
      "CreditsMinted",
      "HexAssigned",
      "CoverageClaimed",
      "HexCovered",
      "SpeedtestReported",
      "HeartbeatReported",
      "MappersCounted",
      "LedgerPaced",
      "MobileTransferQueued",
      "MobileDataTransferred",
      "EpochDeferred",
      "MobileEpochDeferred",
      "RadioDeferred",
      "QueuedCreditsBurned",
      "EmissionIssued",
      "PoolsSplit",
      "EpochClosed",
      "LateEpochClosed",
      "MobileEmissionIssued",
      "MobilePoolsSplit",
      "RadioPaid",
      "MobileEpochClosed",
      "RewardsClaimed",
    ],
    refusals: [],
  },
  {
    name: "Mobile under HIP-149: floor, ceiling and overflow by the credits its radios carried, on time and late",
    nodes: 2,
    params: { ...presets.HIP149.values, supplement: 1 },
    steps: [
      { ask: [...joinMobile(0, home, INDOOR), ...joinMobile(1, km20, OUTDOOR)] },
      { ask: [{ type: "MintCredits", hnt: 10_000_000_000, at: T0 }, ...cover(0, 1, home), ...heartbeats(0, 1, home, T0)] },
      {
        ask: [
          { type: "ReportDataTransfer", node: 0, dc: 300_000 },
          { type: "ReportDataTransfer", node: 1, dc: 1 },
        ],
      },
      { settle: "day", at: T0 + DAY },
      {
        ask: [
          { type: "ReportDataTransfer", node: 1, dc: 70_000 },
          { type: "ReportLedger", at: T0 + 2 * DAY - 60, pacePermille: 0 },
        ],
      },
      { settle: "day", at: T0 + 2 * DAY },
      { ask: [{ type: "ReportLedger", at: T0 + 2 * DAY + 60, pacePermille: 1000 }] },
      { settle: "density", at: T0 + 2 * DAY + HOUR },
    ],
    events: [
      "NodeRegistered",
      "LocationAsserted",
      "HotspotConfigured",
      "RadioRegistered",
      "CreditsMinted",
      "CoverageClaimed",
      "HexCovered",
      "HeartbeatReported",
      "MobileDataTransferred",
      "EmissionIssued",
      "BackstopApplied",
      "PoolsSplit",
      "EpochClosed",
      "MobileEmissionIssued",
      "MobilePoolsSplit",
      "RadioPaid",
      "MobileEpochClosed",
      "LedgerPaced",
      "EpochDeferred",
      "MobileEpochDeferred",
      "RadioDeferred",
      "LateEpochClosed",
    ],
    refusals: [],
  },
] as const satisfies readonly { readonly steps: readonly Step[]; readonly [key: string]: unknown }[]
