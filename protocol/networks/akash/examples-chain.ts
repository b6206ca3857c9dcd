/** Akash by example: burn and mint, short collateral, a halted chain, validators jailed and slashed. */
import { DAY, HOUR } from "../../kernel/clock.ts"
import { examplesFor } from "../../kernel/example.ts"
import {
  LEASING,
  LEASED,
  BEGAN,
  BEGUN,
  T,
  blocks,
  ONE,
  start,
  provider,
  sign,
  price,
  request,
  end,
  withdraw,
  topUp,
  miss,
  signBlocks,
  hour,
  day,
} from "./example-asks.ts"
import { akash } from "./index.ts"
import { UACT, UAKT } from "./units.ts"

export const chainExamples = examplesFor(akash)([
  {
    name: "ACT goes back to AKT, from credits first; too little is not minted, and without a price requests wait and are given up",
    nodes: 2,
    params: { attemptsMax: 2 },
    steps: [
      {
        ask: [
          ...BEGUN,
          end(),
          request(100 * ONE, UACT, T + 10),
          request(ONE, UAKT, T + 10),
          end(T + 70),
          request(5 * ONE, UACT, T + 80),
          { type: "StopFeed", source: 0, atS: T + 90 },
          { type: "StopFeed", source: 0, atS: T + 91 },
          request(5 * ONE, UACT, T + 125),
          end(T + 140),
          end(T + 210),
        ],
      },
    ],
    events: [...BEGAN, "FeedStopped", "BurnMintRetried", "BurnMintCancelled", "MintStatusChanged"],
    refusals: ["nothing_pending", "feed_silent", "no_price"],
  },
  {
    name: "the price falls, collateral is short: no more ACT, but escrow takes AKT and pays debts with it",
    nodes: 2,
    params: { vaultSeedAkt: 10, twapSeconds: 1 },
    steps: [
      {
        ask: [...LEASED, price(500_000_000, T + 60), request(ONE, UAKT, T + 65), topUp(ONE, T + 70, UAKT)],
      },
      hour(T + HOUR),
      { ask: [withdraw(T + blocks(110_000)), topUp(ONE, T + blocks(110_001), UAKT)] },
      { ask: [price(1_500_000_000, T + blocks(110_002)), end(T + blocks(110_010))] },
    ],
    events: [
      ...LEASING,
      "DeploymentFunded",
      "BlocksCounted",
      "MintStatusChanged",
      "PaymentSettled",
      "DebtPaidInAkt",
      "PaymentPaidOut",
      "LeaseClosed",
      "DeploymentClosed",
    ],
    refusals: ["circuit_breaker"],
  },
  {
    name: "two thirds do not sign: the chain halts, nothing is billed and nothing taken; then it goes on",
    nodes: 2,
    params: { validators: 3 },
    steps: [
      {
        ask: [
          ...LEASED,
          miss(0, T + 650),
          miss(0, T + 651),
          withdraw(T + 700),
          signBlocks(0, T + 6500),
          signBlocks(0, T + 6501),
          miss(100 - 1, T + 6502),
          withdraw(T + 7150),
        ],
      },
    ],
    events: [...LEASING, "BlocksMissed", "ChainHalted", "BlocksSigned", "ChainResumed", "PaymentSettled", "PaymentPaidOut"],
    refusals: ["already_missing", "chain_halted", "already_signing", "unknown_validator"],
  },
  {
    name: "a validator away for too long is jailed and returns; one that signs twice is slashed, as is stake that leaves it, and never does",
    nodes: 2,
    params: { signedWindowBlocks: 100, downtimeSlashPermille: 1, unbondingDays: 1, paidInAct: 0, bmeOn: 0 },
    steps: [
      {
        ask: [
          start(),
          { type: "Delegate", validator: 5, amount: 7 * ONE, atS: T },
          miss(5, T + 60),
          { type: "Unjail", validator: 5, atS: T + 70 },
        ],
      },
      hour(T + HOUR),
      {
        ask: [
          { type: "Unjail", validator: 5, atS: T + HOUR + 59 },
          { type: "Unjail", validator: 5, atS: T + HOUR + 60 },
          { type: "Undelegate", validator: 6, amount: ONE, atS: T + HOUR + 60 },
          { type: "Undelegate", validator: 6, amount: 1e15, atS: T + HOUR + 60 },
          { type: "SubmitEvidence", validator: 6, atS: T + HOUR + 61 },
          { type: "SubmitEvidence", validator: 6, atS: T + HOUR + 62 },
        ],
      },
      day(T + 2 * DAY),
    ],
    events: [
      "ChainStarted",
      "Delegated",
      "BlocksMissed",
      "BlocksCounted",
      "ValidatorJailed",
      "ValidatorUnjailed",
      "Undelegated",
      "ValidatorTombstoned",
      "UnbondingSlashed",
      "UnbondingCompleted",
      "InflationMinted",
    ],
    refusals: ["not_jailed", "still_jailed", "stake_too_small", "tombstoned"],
  },
  {
    name: "before there is a chain, after a block that is made, and twice: refused",
    nodes: 1,
    steps: [{ ask: [price(), start(), start(), provider(0), provider(0), provider(1), provider(0, T - 1), sign(3)] }],
    events: ["ChainStarted", "ProviderRegistered"],
    refusals: ["chain_not_started", "chain_started", "already_registered", "unknown_node", "out_of_order", "unknown_provider"],
  },
  {
    name: "a price that changes too often for its window, and a rule that changes",
    nodes: 1,
    params: { twapSeconds: 3600 },
    steps: [
      { ask: [start(), ...Array.from({ length: 65 }, (_, i) => price(1_000_000_000 + i, T + i))] },
      { change: "blockMs", value: 6117 },
      hour(T + HOUR),
    ],
    events: ["ChainStarted", "PriceFed", "ParameterChanged", "BlocksCounted"],
    refusals: ["points_full"],
  },
])
