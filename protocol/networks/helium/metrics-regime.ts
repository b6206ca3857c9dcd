/** What can be read off the state beyond SOL-HNT's plain day. */
import type { Metric, NodeMeasure } from "../../kernel/network.ts"
import { balance, holderOf, supply } from "../../ledger/ledger.ts"
import type { State } from "./state.ts"

const IOT = 1_000_000n
const whole = (units: bigint): number => Number(units / IOT)

const sumOf = (column: ArrayLike<number>, length: number): number => {
  let sum = 0
  for (let i = 0; i < length; i++) sum += column[i]
  return sum
}

export const regimeMetrics: Readonly<Record<string, Metric<State>>> = {
  "emission.issued": { unit: "bones", kind: "counter", because: "HNT minted in all.", of: (s) => s.total.emitted[0] },
  "emission.lost": {
    unit: "bones",
    kind: "counter",
    because: "HNT that the old chain never issued, for want of blocks.",
    of: (s) => s.economy.lost[0],
  },
  "epoch.waiting": {
    unit: "epochs",
    kind: "gauge",
    because: "Daily epochs that have ended and could not be settled yet.",
    of: (s) => s.waiting.length,
  },
  "epoch.late": {
    unit: "epochs",
    kind: "counter",
    because: "Epochs settled after their midnight.",
    of: (s) => s.economy.epochsLate[0],
  },
  "credits.queued": {
    unit: "DC",
    kind: "gauge",
    because: "Credits of traffic carried while the ledger was down, not yet burnt.",
    of: (s) => s.economy.creditsQueued[0],
  },
  "reward.claimed": { unit: "bones", kind: "counter", because: "HNT that owners drew.", of: (s) => s.economy.claimed[0] },
  "iot.supply": {
    unit: "IOT",
    kind: "gauge",
    because: "IOT minted and not redeemed, whole tokens.",
    of: (s) => whole(supply(s.ledger, "iot")),
  },
  "treasury.held": {
    unit: "bones",
    kind: "gauge",
    because: "HNT that backs IOT.",
    of: (s) => Number(balance(s.ledger, "hnt", s.ledger.account.iot_treasury)),
  },
  "delegator.earned": {
    unit: "bones",
    kind: "counter",
    because: "HNT that delegated positions earned.",
    of: ({ position }) => sumOf(position.hnt, position.length),
  },
  "share.iot": { unit: "1e-9", kind: "gauge", because: "IoT's share of the daily emission.", of: (s) => s.economy.iotShareE9[0] },
}

export const regimeNodeMeasures: Readonly<Record<string, NodeMeasure<State>>> = {
  claimedBones: {
    unit: "bones",
    because: "HNT its owner drew, or was paid at once by the old chain.",
    of: (s, n) => s.claim.hnt[n],
  },
  iotHeld: {
    unit: "IOT",
    because: "IOT paid to it and not drawn, whole tokens.",
    isIncome: true,
    incomeOf: "IoT",
    of: (s, n) => whole(balance(s.ledger, "iot", holderOf(s.ledger, n))),
  },
}
