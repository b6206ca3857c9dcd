/** Locked HNT: one row a position, kept when it is opened, and the promises that hold for delegators. */
import type { Invariants } from "../../kernel/invariant.ts"
import { filled, reserve, table, type AnyTable, type Table } from "../../kernel/table.ts"
import { flag, seconds, unit } from "../../kernel/unit.ts"
import type { Ledger } from "../../ledger/ledger.ts"
import { genesis, owner, subDao } from "./events-vehnt.ts"
import { computeLockBones } from "./vehnt.ts"
import { DAY } from "../../kernel/clock.ts"

const bones = unit("bones (1e-8 HNT)", "safe", 0)
const dnt = unit("1e-6 IOT or MOBILE", "safe", 0)

export const positionShape = {
  owner,
  /** 0 once it was opened. */
  locked: bones,
  lockedS: seconds,
  endsS: seconds,
  constant: flag,
  genesis,
  subDao,
  /** It is delegated from `delegatedS` to `untilS`; 0: never. */
  delegatedS: seconds,
  untilS: seconds,
  /** Lifetime, and drawn of that. */
  hnt: bones,
  iot: dnt,
  mobile: dnt,
  drawnHnt: bones,
  drawnIot: dnt,
  drawnMobile: dnt,
} as const

export interface VehntState {
  readonly position: Table<typeof positionShape>
}
export const vehntGenesis = (): VehntState => ({ position: table(positionShape, 0) })
export const vehntTables = (s: VehntState): Readonly<Record<string, AnyTable>> => ({ position: s.position })
export const vehntSeldom = ["position"] as const
export const VEHNT_ACCOUNTS = ["locked"] as const

export interface VehntRule {
  readonly vehntBaseline: number
  readonly vehntExtra: number
  readonly vehntSaturationDays: number
}

/** veHNT of a position at an instant, in bones; 0 where it is not delegated then. */
export function delegatedAt({ position }: VehntState, p: number, atS: number, v: VehntRule): bigint {
  if (position.locked[p] === 0 || position.delegatedS[p] === 0) return 0n
  if (position.delegatedS[p] > atS || position.untilS[p] <= atS) return 0n
  const remainingS = position.constant[p] === 1 ? position.endsS[p] - position.lockedS[p] : Math.max(0, position.endsS[p] - atS)
  return computeLockBones(position.locked[p], remainingS, {
    baseline: v.vehntBaseline,
    extra: v.vehntExtra,
    saturationS: v.vehntSaturationDays * DAY,
    genesis: position.genesis[p],
  })
}

/** veHNT delegated to IoT and to Mobile at an instant, in bones. */
export function delegatedTo(s: VehntState, atS: number, v: VehntRule): { readonly iot: bigint; readonly mobile: bigint } {
  let iot = 0n
  let mobile = 0n
  for (let p = 0; p < s.position.length; p++) {
    const power = delegatedAt(s, p, atS, v)
    if (s.position.subDao[p] === 1) iot += power
    else mobile += power
  }
  return { iot, mobile }
}

interface HasVehnt extends VehntState {
  readonly ledger: Ledger<"hnt" | "dc" | "iot" | "mobile", "locked" | "delegators" | "circulation">
}

const sum = (column: ArrayLike<number>, length: number): bigint => {
  let total = 0n
  for (let i = 0; i < length; i++) total += BigInt(column[i])
  return total
}

export const vehntInvariants: Invariants<HasVehnt> = {
  locks_are_backed: {
    because: "The HNT of every open position is in the vault, and no other.",
    check({ position, ledger }, report) {
      const held = ledger.tokens.hnt.balance.get(ledger.account.locked)
      const locked = sum(position.locked, position.length)
      report.require(held === locked, () => `the vault holds ${held} bones ≠ ${locked} locked`)
    },
  },
  delegators_are_owed_what_is_held: {
    because:
      "What positions earned and have not drawn is in the delegators' pool, in each token; nobody draws more than he earned.",
    check({ position, ledger }, report) {
      for (const [token, earned, drawn] of [
        ["hnt", position.hnt, position.drawnHnt],
        ["iot", position.iot, position.drawnIot],
        ["mobile", position.mobile, position.drawnMobile],
      ] as const) {
        for (let p = 0; p < position.length; p++)
          if (drawn[p] > earned[p]) report.require(false, () => `position ${p} drew ${drawn[p]} of ${earned[p]} ${token} earned`)
        const owed = sum(earned, position.length) - sum(drawn, position.length)
        const held = ledger.tokens[token].balance.get(ledger.account.delegators)
        report.require(owed <= held, () => `delegators are owed ${owed} of ${token}, of which ${held} are there`)
      }
    },
  },
}

export const vehntSabotage: Readonly<Record<string, (s: HasVehnt) => void>> = {
  locks_are_backed: (s) => {
    stray(s)
    s.position.locked[0]++
  },
  delegators_are_owed_what_is_held: (s) => {
    stray(s)
    s.position.drawnHnt[0] = s.position.hnt[0] + 1
  },
}

/** Makes sure there is a position to break. */
function stray({ position }: VehntState): void {
  if (position.length > 0) return
  reserve(position, 1)
  const blank = filled(positionShape, 1)
  for (const name of Object.keys(positionShape) as (keyof typeof positionShape)[]) position[name][0] = blank[name][0]
  position.length = 1
}
