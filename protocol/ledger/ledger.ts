/**
 * Double entry: money moves only by postings between two accounts of one token, so that every token's balances always
 * add up to zero. Mint and burn are postings from and to "issuance", whose balance is minus the supply.
 *
 * A component a network's state embeds. Its functions are called from `evolve`, with amounts decided before: what
 * `post` asserts here, `decide` has already checked with `canPay`. A stake is an escrow whose payee is whoever a slash
 * goes to (see escrow.ts).
 */
import { slotHead, slotShape, type SlotHead } from "../kernel/slots.ts"
import { filled, table, type AnyTable, type Table } from "../kernel/table.ts"
import { amount, seconds, duration, unit } from "../kernel/unit.ts"
import type { Wide } from "../kernel/wide.ts"

const holderIndex = unit("holder", "u32")
const tokenIndex = unit("token", "u8")

export const balanceShape = { balance: amount } as const
export const escrowShape = {
  ...slotShape,
  payer: holderIndex,
  payee: holderIndex,
  token: tokenIndex,
  /** What it still holds. */
  left: amount,
  /** What it has paid out so far, returns to the payer not counted. */
  paid: amount,
} as const
export const grantShape = {
  ...slotShape,
  holder: holderIndex,
  token: tokenIndex,
  total: amount,
  released: amount,
  startS: seconds,
  periodS: duration,
  /** Nothing is released before this much has passed. */
  cliffS: duration,
  /** Time counts in whole steps of this length; 1 for a smooth release. */
  stepS: duration,
} as const

/** Accounts every ledger has, at holders 0, 1 and 2. */
export type SystemAccount = "issuance" | "escrow" | "vesting"
/** The contra account: minus the supply, the only one that may be negative. */
export const ISSUANCE = 0
/** Holds what escrows hold. */
export const ESCROW = 1
/** Holds what is granted and not yet released. */
export const VESTING = 2

export interface Ledger<T extends string = string, A extends string = string> {
  /** Accounts with a name, the system's first. */
  readonly accounts: readonly string[]
  /** Name → holder. */
  readonly account: Readonly<Record<A | SystemAccount, number>>
  /** Holders in all: named accounts, then one per node. */
  readonly holders: number
  readonly tokenNames: readonly T[]
  readonly tokens: Readonly<Record<T, Table<typeof balanceShape>>>
  readonly escrows: Table<typeof escrowShape>
  readonly escrowHead: SlotHead
  readonly grants: Table<typeof grantShape>
  readonly grantHead: SlotHead
}

/** A ledger of `tokens`, with named `accounts` beside the system's three and one holder for each of `nodes` nodes. */
export function ledger<const T extends string, const A extends string = never>(
  tokens: readonly T[],
  accounts: readonly A[],
  nodes: number,
): Ledger<T, A> {
  const names: string[] = ["issuance", "escrow", "vesting", ...accounts]
  if (new Set(names).size !== names.length) throw new Error(`two accounts of a ledger have one name: ${names.join(", ")}`)
  const holders = names.length + nodes
  return {
    accounts: names,
    account: Object.fromEntries(names.map((name, i) => [name, i])) as Record<A | SystemAccount, number>,
    holders,
    tokenNames: tokens,
    tokens: Object.fromEntries(tokens.map((t) => [t, filled(balanceShape, holders)])) as Record<T, Table<typeof balanceShape>>,
    escrows: table(escrowShape, 0),
    escrowHead: slotHead(),
    grants: table(grantShape, 0),
    grantHead: slotHead(),
  }
}

/** The holder that is node `node`. */
export const holderOf = (l: Ledger, node: number): number => l.accounts.length + node

/** "treasury" or "node 17": for messages and pages. */
export const holderName = (l: Ledger, holder: number): string =>
  holder < l.accounts.length ? l.accounts[holder] : `node ${holder - l.accounts.length}`

/** Every table of the ledger by name, for `Network.tables`. */
export const tablesOf = (l: Ledger, prefix = "ledger"): Record<string, AnyTable> => ({
  ...Object.fromEntries(l.tokenNames.map((token) => [`${prefix}.balance.${token}`, l.tokens[token]])),
  [`${prefix}.escrow`]: l.escrows,
  [`${prefix}.escrowHead`]: l.escrowHead,
  [`${prefix}.grant`]: l.grants,
  [`${prefix}.grantHead`]: l.grantHead,
})

/** Exact balance of `holder` in the token's smallest unit. */
export const balance = <T extends string>(l: Ledger<T>, token: T, holder: number): bigint => l.tokens[token].balance.get(holder)

/** What has been minted and not burnt: minus the balance of issuance. */
export const supply = <T extends string>(l: Ledger<T>, token: T): bigint => -l.tokens[token].balance.get(ISSUANCE)

const BASE = 2 ** 48
const BIG_BASE = 1n << 48n
const HI_MAX = 2 ** 53

/** True when `from` covers `amount` (a safe integer from 0). Issuance covers everything. */
export function canPay<T extends string>(l: Ledger<T>, token: T, from: number, amount: number): boolean {
  const hi = Math.floor(amount / BASE)
  return covers(l.tokens[token].balance, from, hi, amount - hi * BASE)
}

/** `canPay` for bigint. */
export const canPayWide = <T extends string>(l: Ledger<T>, token: T, from: number, amount: bigint): boolean =>
  from === ISSUANCE || balance(l, token, from) >= amount

/** Moves `amount` (a safe integer from 0). Throws on an overdraft, a wrong amount or an unknown holder: ours, not the user's. */
export function post<T extends string>(l: Ledger<T>, token: T, from: number, to: number, amount: number): void {
  if (!(amount >= 0 && Number.isSafeInteger(amount)))
    throw new Error(`a posting of ${amount} ${token}: not a safe whole number from 0`)
  const hi = Math.floor(amount / BASE)
  move(l, token, from, to, hi, amount - hi * BASE)
}

/** `post` for bigint amounts up to 2^101. */
export function postWide<T extends string>(l: Ledger<T>, token: T, from: number, to: number, amount: bigint): void {
  if (amount < 0n) throw new Error(`a posting of ${amount} ${token}: below 0`)
  move(l, token, from, to, Number(amount / BIG_BASE), Number(amount % BIG_BASE))
}

/** `post` of the amount in cell `row` of a wide column, such as an event's: no bigint is made. */
export function postCell<T extends string>(l: Ledger<T>, token: T, from: number, to: number, amounts: Wide, row: number): void {
  move(l, token, from, to, amounts.hi[row], amounts.lo[row])
}

/**
 * `postCell` of rows [begin, end) of a wide column, each from the node in its row, all to one holder; rows whose `due` is 0 are left
 * out. The nodes pay in the order of the rows; `sum` is set to what they paid.
 */
export function collect<T extends string>(
  l: Ledger<T>,
  token: T,
  to: number,
  rows: { readonly node: Uint32Array; readonly amounts: Wide; readonly due: Uint8Array },
  begin: number,
  end: number,
  sum: Wide,
): void {
  const { node, amounts, due } = rows
  const { balance: balances } = l.tokens[token]
  const { hi: heldHi, lo: heldLo } = balances
  const { hi: his, lo: los } = amounts
  const first = l.accounts.length
  let sumHi = 0
  let sumLo = 0
  for (let i = begin; i < end; i++) {
    if (due[i] === 0) continue
    const from = first + node[i]
    const hi = his[i]
    const lo = los[i]
    // What `move` would throw at, it throws at here.
    if (from >= l.holders || !(hi >= 0) || heldHi[from] < hi || (heldHi[from] === hi && heldLo[from] < lo))
      move(l, token, from, to, hi, lo)
    const rest = heldLo[from] - lo
    const borrow = rest < 0 ? 1 : 0
    heldLo[from] = rest + borrow * BASE
    heldHi[from] -= hi + borrow
    sumHi += hi
    sumLo += lo
    if (sumLo >= BASE) {
      sumLo -= BASE
      sumHi++
    }
  }
  balances.add(to, sumHi, sumLo)
  sum.hi[0] = sumHi
  sum.lo[0] = sumLo
  l.tokens[token].version++
}

/** `post` or `postWide`, by the kind of the amount. */
export function postEither<T extends string>(l: Ledger<T>, token: T, from: number, to: number, amount: number | bigint): void {
  if (typeof amount === "number") post(l, token, from, to, amount)
  else postWide(l, token, from, to, amount)
}

/** Creates `amount`: a posting from issuance. */
export const mint = <T extends string>(l: Ledger<T>, token: T, to: number, amount: number | bigint): void =>
  postEither(l, token, ISSUANCE, to, amount)

/** Destroys `amount`: a posting to issuance. */
export const burn = <T extends string>(l: Ledger<T>, token: T, from: number, amount: number | bigint): void =>
  postEither(l, token, from, ISSUANCE, amount)

/** Parts of an amount: hi · 2^48 + lo, with 0 ≤ lo < 2^48. */
function covers(balances: Wide, from: number, hi: number, lo: number): boolean {
  const have = balances.hi[from]
  return from === ISSUANCE || have > hi || (have === hi && balances.lo[from] >= lo)
}

/** A posting to oneself is allowed, moves nothing, and must still be covered. */
function move<T extends string>(l: Ledger<T>, token: T, from: number, to: number, hi: number, lo: number): void {
  const t = l.tokens[token]
  const balances = t.balance
  // A typed array swallows a write out of bounds, and with it the money.
  if (from >>> 0 !== from || to >>> 0 !== to || from >= l.holders || to >= l.holders)
    throw new Error(`a posting of ${token} from holder ${from} to ${to}, but there are only ${l.holders}`)
  if (!(hi >= 0 && hi <= HI_MAX))
    throw new Error(`a posting of ${BigInt(hi) * BIG_BASE + BigInt(lo)} ${token}: not from 0 to 2^101`)
  if (!covers(balances, from, hi, lo))
    throw new Error(
      `overdraft: ${holderName(l, from)} has ${balances.get(from)} ${token}, too little for ${BigInt(hi) * BIG_BASE + BigInt(lo)}; decide should have refused`,
    )
  // Every other balance lies within the supply, so that minting is the only way out of a cell's exact range.
  if (from === ISSUANCE && balances.hi[ISSUANCE] - hi < 1 - HI_MAX) throw new Error(`minting more ${token} than 2^101 in all`)
  balances.subtract(from, hi, lo)
  balances.add(to, hi, lo)
  t.version++
}
