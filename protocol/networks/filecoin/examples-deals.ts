/** Deals, kept objects and warm storage by example. Spread into examples.ts. */
import { DAY, HOUR, MINUTE } from "../../kernel/clock.ts"
import type { Fact } from "../../kernel/row-type.ts"
import { SLOT_S } from "./chain-time.ts"
import type { Commands } from "./commands.ts"
import { CLIENT, PROVIDER } from "./events-deals.ts"
import { USDFC } from "./warm-storage.ts"

/** 2025-11-18T00:00:00Z. */
export const T = 20_410 * DAY
const FIL = 10n ** 18n
const halfHour = (at: number) => ({ settle: "halfHour", at }) as const
const day = (n: number) => ({ settle: "day", at: T + n * DAY }) as const

export type Ask = Fact<Commands>
type Of<T extends Ask["type"]> = Partial<Extract<Ask, { type: T }>>
export const join = (node: number): readonly Ask[] => [
  { type: "CreateMiner", node, offset: 0, fundsAtto: 100_000n * FIL },
  {
    type: "BringSectors",
    node,
    sectorsPerDeadline: 10,
    verifiedDeadlines: 0,
    verifiedPermille: 1000,
    ageDays: 200,
    firstExpiryDays: 300,
    spreadDays: 0,
    atS: T,
  },
]
export const fund = (node: number, side: number, amountAtto = 100n * FIL): Ask => ({
  type: "AddMarketBalance",
  node,
  side,
  amountAtto,
})
const unfund = (node: number, side: number, amountAtto: bigint): Ask => ({
  type: "WithdrawMarketBalance",
  node,
  side,
  amountAtto,
})
/** Client 0 and provider 0, unless said otherwise: all 32 bundles of one piece of 1 GiB, for 200 days from tomorrow. */
export const publish = (more: Of<"PublishDeals"> = {}): Ask => ({
  type: "PublishDeals",
  client: 0,
  node: 0,
  deals: 0xffff_ffff,
  each: 1,
  pieceMib: 1024,
  verified: 0,
  kept: 0,
  startS: T + DAY,
  days: 200,
  priceAtto: 1_000_000_000n,
  providerCollateralAtto: FIL,
  clientCollateralAtto: 7n,
  atS: T,
  ...more,
})
export const activate = (deal: number, more: Of<"ActivateDeals"> = {}): Ask => ({
  type: "ActivateDeals",
  node: 0,
  deal,
  deadline: 9,
  atS: T,
  ...more,
})
export const settleDeal = (deal: number, atS: number): Ask => ({ type: "SettleDealPayments", deal, atS })
export const terminate = (node: number, deadline: number, atS: number): Ask => ({ type: "TerminateSectors", node, deadline, atS })
export const deposit = (node: number, usdfc: bigint): Ask => ({ type: "DepositPayment", node, amountUsdfc: usdfc * USDFC })
const withdraw = (node: number, amountUsdfc: bigint, atS = T): Ask => ({ type: "WithdrawPayment", node, amountUsdfc, atS })
export const dataSet = (more: Of<"CreateDataSet"> = {}): Ask => ({
  type: "CreateDataSet",
  client: 1,
  node: 0,
  gib: 1024,
  activationS: T,
  atS: T,
  ...more,
})
/** Proves in the middle of the last half hour of period `n` (from 1) of a set that began at T. */
export const possess = (n: number, more: Of<"ProvePossession"> = {}): Ask => ({
  type: "ProvePossession",
  dataSet: 0,
  node: 0,
  challenges: 5,
  atS: T + n * DAY - 15 * MINUTE,
  ...more,
})
export const settleRail = (atS: number, set = 0): Ask => ({ type: "SettleRail", dataSet: set, atS })
export const endSet = (side: number, atS: number, set = 0): Ask => ({ type: "TerminateDataSet", dataSet: set, side, atS })

const JOINED = ["MinerCreated", "SectorsBrought"] as const
const CLOCK = ["TipsetsFolded", "PowerTableKept", "NetworkKpiUpdated", "SectorsFaulted", "DailyFeeCharged"] as const
const READY = [...join(0), fund(0, CLIENT), fund(0, PROVIDER)]

export const dealExamples = [
  {
    name: "deals are published, put into sectors, paid as asked, and completed; others end with their sectors, or never start",
    nodes: 2,
    steps: [
      {
        ask: [
          ...READY,
          publish(),
          publish({ kept: 1, verified: 1, deals: 7, days: 250 }),
          publish({ deals: 1, each: 8 }),
          activate(0),
          activate(1, { deadline: 8 }),
          settleDeal(0, T + 3 * DAY),
        ],
      },
      { ask: [terminate(0, 8, T + 5 * DAY)] },
      day(4),
      { ask: [settleDeal(0, T + 201 * DAY), unfund(0, PROVIDER, FIL)] },
      day(5),
    ],
    events: [
      ...JOINED,
      "MarketFunded",
      "DealsPublished",
      "DealsActivated",
      "DealsSettled",
      "SectorsTerminated",
      "DealsSlashed",
      "DealsTimedOut",
      "DealsCompleted",
      "MarketWithdrawn",
      "RewardsVested",
      "RewardsLocked",
      "DayVested",
    ],
    refusals: [],
  },
  {
    name: "copies in sectors that miss proofs are made again elsewhere, if somebody makes them",
    nodes: 3,
    params: { replicas: 1, repairAfterMissed: 2, repairDays: 2 },
    steps: [
      {
        ask: [
          ...READY,
          ...join(1),
          ...join(2),
          fund(1, PROVIDER),
          fund(2, PROVIDER),
          publish({ kept: 1, deals: 15 }),
          activate(0),
        ],
      },
      halfHour(T + 10 * SLOT_S),
      day(3),
      day(5),
      day(6),
      {
        ask: [1, 2].flatMap((node) => [
          publish({ node, kept: 1, deals: 15, startS: T + 8 * DAY, atS: T + 7 * DAY, days: 190 }),
          activate(node, { node, deadline: 30, atS: T + 7 * DAY }),
        ]),
      },
    ],
    events: [
      ...JOINED,
      "MarketFunded",
      "DealsPublished",
      "DealsActivated",
      ...CLOCK,
      "RepairOrdered",
      "RepairGivenUp",
      "RewardsVested",
      "RewardsLocked",
      "DayVested",
    ],
    refusals: [],
  },
  {
    name: "a data set is proven or not, paid for what was proven, and ended when its client's account runs dry",
    nodes: 2,
    params: { pdpOn: 1 },
    steps: [
      { ask: [...join(0), deposit(1, 4n), dataSet(), withdraw(1, 1n), possess(1)] },
      halfHour(T + DAY + SLOT_S),
      halfHour(T + 2 * DAY + SLOT_S),
      { ask: [possess(3), settleRail(T + 3 * DAY + HOUR), endSet(PROVIDER, T + 60 * DAY)] },
      halfHour(T + 70 * DAY),
      { ask: [settleRail(T + 200 * DAY)] },
      {
        ask: [
          dataSet({ gib: 2048, atS: T + 201 * DAY, activationS: T + 201 * DAY }),
          deposit(1, 4n),
          dataSet({ gib: 2048, atS: T + 201 * DAY, activationS: T + 201 * DAY }),
          settleRail(T + 202 * DAY, 9),
          endSet(CLIENT, T + 203 * DAY),
        ],
      },
    ],
    events: [
      ...JOINED,
      "PaymentDeposited",
      "PaymentWithdrawn",
      "DataSetCreated",
      "PossessionProven",
      "PeriodsFaulted",
      "RailSettled",
      "DataSetTerminated",
      "FaultFeeCharged",
      ...CLOCK,
    ],
    refusals: ["lockup_not_covered", "unknown_data_set"],
  },
  {
    name: "what is refused about deals",
    nodes: 2,
    steps: [
      {
        ask: [
          ...READY,
          fund(2, CLIENT),
          fund(0, CLIENT, 0n),
          fund(0, CLIENT, 900_000_000n * FIL),
          unfund(0, CLIENT, 101n * FIL),
          publish({ deals: 0 }),
          publish({ pieceMib: 3 }),
          publish({ each: 33 }),
          publish({ startS: T - DAY }),
          publish({ days: 179 }),
          publish({ priceAtto: -1n }),
          publish({ providerCollateralAtto: 0n }),
          publish({ clientCollateralAtto: 4n * FIL }),
          publish({ providerCollateralAtto: 4n * FIL }),
          publish({ node: 1 }),
          publish({ startS: 5 }),
        ],
      },
      {
        ask: [
          publish({ deals: 1 }),
          publish({ deals: 1, verified: 1, startS: T + 90 * DAY }),
          publish({ deals: 1, days: 400 }),
          publish({ deals: 0xffff, each: 32, providerCollateralAtto: FIL / 100n }),
          publish({ deals: 1, verified: 1, days: 180, startS: T }),
          activate(9),
          activate(0, { deadline: 0 }),
          activate(2),
          activate(3),
          activate(4),
          activate(1, { atS: T + 61 * DAY }),
          activate(0, { atS: T + 2 * DAY }),
          settleDeal(0, T),
          activate(0),
          activate(0),
          settleDeal(0, T),
        ],
      },
    ],
    events: [...JOINED, "MarketFunded", "DealsPublished", "DealsActivated"],
    refusals: [
      "unknown_node",
      "amount_not_positive",
      "circulation_too_small",
      "escrow_locked",
      "no_deals",
      "piece_size_invalid",
      "too_many_deals",
      "start_in_past",
      "duration_out_of_range",
      "price_below_zero",
      "provider_collateral_too_small",
      "client_escrow_too_small",
      "provider_escrow_too_small",
      "unknown_miner",
      "before_genesis",
      "unknown_deal",
      "deadline_is_immutable",
      "sector_ends_before_deal",
      "no_room",
      "claim_term_out_of_range",
      "allocation_expired",
      "start_passed",
      "deal_not_active",
      "already_active",
      "nothing_to_settle",
    ],
  },
  {
    name: "what is refused about warm storage",
    nodes: 2,
    params: { pdpOn: 1 },
    steps: [
      {
        ask: [
          ...join(0),
          deposit(1, 100_000_000n),
          deposit(1, 6n),
          withdraw(1, 7n * USDFC),
          dataSet({ gib: 0 }),
          dataSet({ activationS: T + 16 * DAY }),
          dataSet(),
          possess(1, { challenges: 4 }),
          possess(1, { atS: T }),
          endSet(PROVIDER, T + HOUR),
          endSet(CLIENT, T + 100 * DAY),
          dataSet({ atS: T + 100 * DAY, activationS: T + 100 * DAY }),
        ],
      },
      { ask: Array.from({ length: 33 }, (_, i) => possess(i + 1)) },
      { ask: [endSet(CLIENT, T + HOUR), endSet(CLIENT, T + HOUR)] },
      { change: "pdpOn", value: 0 },
      { ask: [dataSet()] },
    ],
    events: [...JOINED, "PaymentDeposited", "DataSetCreated", "PossessionProven", "DataSetTerminated", "ParameterChanged"],
    refusals: [
      "usdfc_too_small",
      "funds_locked",
      "data_set_empty",
      "activation_out_of_range",
      "too_few_challenges",
      "window_not_open",
      "client_is_funded",
      "client_is_delinquent",
      "rail_is_full",
      "already_terminated",
      "pdp_is_off",
    ],
  },
] as const
