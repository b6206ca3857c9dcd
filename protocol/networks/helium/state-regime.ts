/** Tables of what SOL-HNT's plain day does not need: the ledger's pace, epochs that wait, challenges, IOT's books. All change seldom. */
import { table, filled, type AnyTable, type Table } from "../../kernel/table.ts"
import type { Values } from "../../kernel/param.ts"
import { count, count16, flag, nodeIndex, permille, seconds, unit } from "../../kernel/unit.ts"
import { bones, credits, iotUnits, paceSeconds, priceE8, shareE9 } from "./events-regime.ts"
import type { params } from "./params.ts"

export const FULL_PACE = 1000

/** One row. */
export const economyShape = {
  pacePermille: permille,
  /** When the pace was last counted. */
  pacedS: seconds,
  sinceEpoch: paceSeconds,
  /** Epochs of the old chain that came about, and half hours without one. */
  blockEpochs: count,
  missedEpochs: count,
  lost: bones,
  /** Of the old chain's epochs: nominal, and minted to anybody. */
  chainScheduled: bones,
  chainMinted: bones,
  chainUnissued: unit("bones (1e-8 HNT)", "safe"),
  burnOverage: bones,
  /** `sinceEpoch` as the last half hour left it. */
  sinceSettled: paceSeconds,
  /** The day whose emission is issued and not yet paid, plus one; 0 between epochs. */
  openDay: unit("day since 1970, plus 1", "u32"),
  /** IOT of that day that went to delegators. */
  iotDelegated: iotUnits,
  iotPaidEpoch: iotUnits,
  /** IoT's share of the daily emission, moving toward its part of the veHNT. */
  iotShareE9: shareE9,
  /** The mint breaker's window. */
  mintedInWindow: bones,
  windowS: seconds,
  trippedS: seconds,
  /** 0: no price was ever published, and the parameter holds. */
  priceS: seconds,
  emaE8Usd: priceE8,
  confidenceE8Usd: priceE8,
  substituted: flag,
  /** Last day put off, plus one. */
  deferredDay: unit("day since 1970, plus 1", "u32"),
  epochsDeferred: count,
  epochsLate: count,
  creditsQueued: credits,
  /** What delegators get of the day that was issued last, until it is divided among positions; that day plus one. */
  delegatorHnt: bones,
  delegatorIot: iotUnits,
  delegatorMobile: unit("1e-6 MOBILE", "safe", 0),
  delegatorDay: unit("day since 1970, plus 1", "u32"),
  claimed: bones,
  topUp: bones,
  overflow: bones,
  supplement: bones,
} as const

/** Epochs that wait, oldest first: who proved and carried what in them. */
export const deferredShape = {
  day: count16,
  node: nodeIndex,
  beaconShareE8: unit("1e-8 reward unit", "safe", 0),
  witnessShareE8: unit("1e-8 reward unit", "safe", 0),
  dc: unit("DC", "safe", 0),
} as const
/** Days that wait, oldest first; a day may have no rows above. */
export const waitingShape = { day: count16, reason: unit("reason index", "u8") } as const

/** Per hotspot. */
export const challengeShape = {
  /** Who challenged it, plus one; 0 when nobody awaits it. */
  challenger: unit("challenger + 1", "safe", 0, 0x1_0000_0000),
  openedS: seconds,
  /** When it last challenged another. */
  issuedS: seconds,
  /** Its challenger shares of the epoch now open. */
  shares: count,
} as const
export const validatorShape = { shares: count } as const
/** Per hotspot: what it drew, of all it earned. */
export const claimShape = { hnt: bones } as const

export interface RegimeState {
  readonly economy: Table<typeof economyShape>
  readonly deferred: Table<typeof deferredShape>
  readonly waiting: Table<typeof waitingShape>
  readonly challenge: Table<typeof challengeShape>
  readonly validator: Table<typeof validatorShape>
  readonly claim: Table<typeof claimShape>
}

export function regimeGenesis(nodes: number, v: Values<typeof params>): RegimeState {
  const economy = filled(economyShape, 1)
  economy.pacePermille[0] = FULL_PACE
  economy.iotShareE9[0] = v.iotSharePpm * 1000
  return {
    economy,
    deferred: table(deferredShape, 1),
    waiting: table(waitingShape, 0),
    challenge: filled(challengeShape, nodes),
    validator: filled(validatorShape, 1),
    claim: filled(claimShape, nodes),
  }
}

export const regimeTables = (s: RegimeState): Readonly<Record<string, AnyTable>> => ({
  economy: s.economy,
  deferred: s.deferred,
  waiting: s.waiting,
  challenge: s.challenge,
  validator: s.validator,
  claim: s.claim,
})

export const regimeSeldom = ["economy", "deferred", "waiting", "challenge", "validator", "claim", "ledger.balance.iot"] as const
