/** Akash by example: an auction and its lease, every end a lease can have, debt and how it is paid, and all that is refused. */
import { DAY, HOUR } from "../../kernel/clock.ts"
import { examplesFor } from "../../kernel/example.ts"
import { resilienceExamples } from "../../resilience/embed/examples.ts"
import {
  LEASING,
  BEGUN,
  T,
  blocks,
  ONE,
  start,
  provider,
  request,
  end,
  deploy,
  bid,
  lease,
  withdraw,
  closeLease,
  closeBid,
  reclaim,
  startGroup,
  closeDeployment,
  topUp,
  hour,
  day,
  LEASED,
  type Ask,
} from "./example-asks.ts"
import { chainExamples } from "./examples-chain.ts"
import { akash } from "./index.ts"
import { DECOMMISSION, UNSTABLE } from "./lease-rules.ts"
import { UACT, UAKT } from "./units.ts"

const market = examplesFor(akash)([
  {
    name: "an order gets bids, a tenant takes one, the provider collects, the tenant ends it and then the deployment",
    nodes: 2,
    steps: [
      { ask: LEASED },
      hour(T + HOUR),
      {
        ask: [
          withdraw(T + HOUR),
          closeLease(T + 2 * HOUR),
          bid(0, 90 * ONE, { atS: T + 2 * HOUR }),
          closeDeployment(T + 3 * HOUR),
        ],
      },
    ],
    events: [...LEASING, "BlocksCounted", "PaymentSettled", "PaymentPaidOut", "LeaseClosed", "OrderCreated", "DeploymentClosed"],
    refusals: [],
  },
  {
    name: "a watchdog closes a lease as unstable: the group waits for its tenant, and one such close is an alarm here",
    nodes: 2,
    params: { alarmUnstable: 1 },
    steps: [
      { ask: [...LEASED, closeBid(0, T + 500), startGroup(T + 900), bid(1, 110 * ONE, { atS: T + 910 }), lease(0, 0, T + 960)] },
    ],
    events: [...LEASING, "PaymentSettled", "PaymentPaidOut", "LeaseClosed", "GroupPaused", "IncidentDetected", "OrderCreated"],
    refusals: [],
  },
  {
    name: "a bid that is still open can be taken back",
    nodes: 2,
    steps: [{ ask: [...BEGUN, deploy(), bid(0), bid(1), closeBid(0, T + 60), lease(1, 0, T + 60)] }],
    events: [...LEASING, "BidClosed"],
    refusals: [],
  },
  {
    name: "notice is given, the lease goes on until the deadline, and then the provider may close it",
    nodes: 2,
    steps: [
      {
        ask: [
          ...BEGUN,
          deploy({ minWindowS: 3600 }),
          bid(0),
          bid(0, 100 * ONE, { windowS: 60 }),
          bid(0, 100 * ONE, { windowS: 7200 }),
          lease(),
          closeBid(0, T + 60),
          reclaim(T + 60),
          reclaim(T + 61),
          closeBid(0, T + 7259, DECOMMISSION),
          closeBid(0, T + 7260, DECOMMISSION),
        ],
      },
    ],
    events: [...LEASING, "LeaseReclaimStarted", "PaymentSettled", "PaymentPaidOut", "LeaseClosed", "GroupPaused"],
    refusals: [
      "reclamation_required",
      "reclamation_too_short",
      "reclamation_not_started",
      "already_reclaiming",
      "reclamation_window_not_elapsed",
    ],
  },
  {
    name: "escrow runs dry: the lease ends, the debt stays, a top-up pays it and what is over goes back",
    nodes: 2,
    steps: [
      {
        ask: [
          ...LEASED,
          topUp(ONE, T + 60),
          withdraw(T + blocks(120_000)),
          closeDeployment(T + blocks(120_000)),
          topUp(500_000, T + blocks(120_001)),
          topUp(2 * ONE, T + blocks(120_002)),
        ],
      },
    ],
    events: [...LEASING, "DeploymentFunded", "PaymentSettled", "PaymentPaidOut", "LeaseClosed", "DeploymentClosed"],
    refusals: ["deployment_closed"],
  },
  {
    name: "two leases on one account: the later one bears the shortfall; nobody pays, and after a while the debt is forgotten",
    nodes: 2,
    params: { debtKeptDays: 1 },
    steps: [
      {
        ask: [
          ...BEGUN,
          deploy({ groups: 2 }),
          bid(0),
          bid(1, 100 * ONE, { group: 1 }),
          lease(0, 0),
          lease(1, 1, T + blocks(10)),
          closeLease(T + blocks(60_000), 1),
        ],
      },
      day(T + 10 * DAY),
    ],
    events: [
      ...LEASING,
      "PaymentSettled",
      "PaymentPaidOut",
      "LeaseClosed",
      "DeploymentClosed",
      "InflationMinted",
      "DebtForgotten",
    ],
    refusals: [],
  },
  {
    name: "with the escrow code's oddities a new lease swallows what its sibling accrued, and a second call in a block finds no payment",
    nodes: 2,
    params: { trapsOn: 1 },
    steps: [
      {
        ask: [
          ...BEGUN,
          deploy({ groups: 2 }),
          bid(0),
          bid(1, 100 * ONE, { group: 1 }),
          lease(0, 0),
          lease(1, 1, T + blocks(100)),
          withdraw(T + blocks(200), 0),
          withdraw(T + blocks(200), 1),
          closeLease(T + blocks(200), 1),
          closeLease(T + blocks(300), 0),
          closeDeployment(T + blocks(300)),
        ],
      },
    ],
    events: [...LEASING, "PaymentSettled", "PaymentPaidOut", "LeaseClosed", "OrderCreated", "DeploymentClosed"],
    refusals: ["payment_not_found"],
  },
  {
    name: "orders that ask nothing or pay too little, and bids that do not fit, are refused",
    nodes: 3,
    params: { orderMaxBids: 1, reclamationMaxSeconds: 7200 },
    steps: [
      {
        ask: [
          ...BEGUN,
          deploy({ groups: 0 }),
          deploy({ deposit: 1 }),
          deploy({ deposit: 2000 * ONE }),
          deploy({ attributes: 1, anyOf: 1 }),
          bid(0, 100, { group: 9 }),
          bid(0, 1001 * ONE),
          bid(2),
          bid(1),
          bid(0, 100, { windowS: 60 }),
          bid(0),
          bid(0),
        ],
      },
      {
        ask: [deploy(), bid(0, 100, { group: 1 }), bid(1, 100, { group: 1 }), bid(0, 90, { group: 1 }), lease(7, 1), lease(1, 1)],
      },
      { ask: [lease(0, 1), bid(0, 80, { group: 1 }), lease(0, 9), withdraw(T, 0), closeBid(1, T), startGroup(T), reclaim(T)] },
      { ask: [closeBid(0, T, 1, 1), closeDeployment(T, 9), topUp(1, T, UAKT, 1), topUp(1, T, UACT, 9), topUp(1e15, T, UACT, 1)] },
      { ask: [topUp(9e14, T, UACT, 1), closeBid(0, T, UNSTABLE, 9), { ...reclaim(T), group: 1 } as Ask] },
    ],
    events: [...LEASING],
    refusals: [
      "nothing_asked",
      "deposit_too_small",
      "deposit_too_large",
      "insufficient_balance",
      "unknown_group",
      "price_too_high",
      "unknown_provider",
      "attributes_mismatch",
      "reclamation_window_invalid",
      "bid_exists",
      "too_many_bids",
      "bid_not_found",
      "order_not_open",
      "lease_not_active",
      "not_its_bid",
      "group_not_paused",
      "wrong_reason",
      "unknown_deployment",
      "wrong_denom",
      "lease_not_reclaimable",
    ],
  },
  {
    name: "without ACT and notice, as before 2026: leases are paid in AKT and the pool takes its cut",
    nodes: 2,
    params: { paidInAct: 0, bmeOn: 0, takePermille: 40, reclamationOn: 0 },
    steps: [
      {
        ask: [
          start(),
          provider(0),
          deploy({ minWindowS: 3600 }),
          deploy(),
          bid(0, 100 * ONE, { windowS: 3600 }),
          bid(0),
          lease(),
          request(ONE),
          end(),
          withdraw(T + blocks(1000)),
        ],
      },
    ],
    events: [
      "ChainStarted",
      "ProviderRegistered",
      "DeploymentCreated",
      "BidCreated",
      "LeaseCreated",
      "PaymentSettled",
      "PaymentPaidOut",
    ],
    refusals: ["reclamation_not_available", "bme_off"],
  },
  {
    name: "a lease cannot begin on an account that cannot pay what it owes",
    nodes: 2,
    steps: [
      {
        ask: [
          ...BEGUN,
          deploy({ groups: 2, deposit: 500_000 }),
          bid(0),
          lease(),
          bid(1, 100, { group: 1, atS: T + blocks(5001) }),
          lease(0, 1, T + blocks(5001)),
        ],
      },
    ],
    events: [...LEASING],
    refusals: ["account_overdrawn"],
  },
])

export const examples = [...market, ...chainExamples, ...resilienceExamples]
