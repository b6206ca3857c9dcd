/** Burning AKT for ACT and back: requests, and the batches in which the end of a block carries them out. */
import type { Values } from "../../kernel/param.ts"
import type { Decide } from "../../kernel/network.ts"
import type { Tables } from "../../kernel/row-type.ts"
import { addRow } from "../../kernel/table.ts"
import { canPay, holderOf, supply } from "../../ledger/ledger.ts"
import { computeEpochBlocks, computeSwap, spendCredits } from "./bme.ts"
import { heightAt, refuseTime } from "./chain-clock.ts"
import type { Commands, Refusal } from "./commands.ts"
import type { Events } from "./events.ts"
import type { Dec } from "./legacy-dec.ts"
import type { AkashParams } from "./params.ts"
import { ACT_PRICE, breakerAt, breakerOf, priceAt, vaultOf, type Breaker } from "./price-of-akt.ts"
import { STATUS_HALT_CR, STATUS_HALT_ORACLE, STATUS_WARNING, tokenOf, type State } from "./state.ts"
import { UACT, UAKT } from "./units.ts"

type Rules = Values<AkashParams>
type Out = Tables<Events>

/** Reasons a request was cancelled, as `cancelReason` numbers them. */
const REASONS = { epsilon: 1, minimum_mint: 2, max_attempts: 3, zero_price: 3 } as const

export const holderAccount = ({ ledger: l }: State, holder: number): number =>
  holder === 0 ? l.account.public : holderOf(l, holder - 1)

/** What changes while a block's batches are carried out. */
interface Running {
  vault: bigint
  credits: bigint
  outstanding: bigint
  status: number
  epochBlocks: number
}

export const decideBme: Pick<Decide<State, Commands, Events, AkashParams, Refusal>, "RequestBurnMint" | "EndBlock"> = {
  RequestBurnMint(state, rows, begin, end, { out, params, refuse }) {
    const { provider, ledger: l } = state
    for (let i = begin; i < end; i++) {
      const holder = rows.holder[i]
      const from = rows.from[i]
      const amount = rows.amount[i]
      const atS = rows.atS[i]
      const wrong = refuseTime(state, atS)
      if (wrong !== undefined) {
        refuse(i, wrong)
        continue
      }
      if (params.bmeOn === 0) {
        refuse(i, "bme_off")
        continue
      }
      if (holder > provider.length) {
        refuse(i, "unknown_node")
        continue
      }
      const { status } = breakerAt(state, params, atS)
      if (status === STATUS_HALT_ORACLE) refuse(i, "no_price")
      else if (status === STATUS_HALT_CR && from === UAKT) refuse(i, "circuit_breaker")
      else if (amount === 0 || !canPay(l, tokenOf(from), holderAccount(state, holder), amount)) refuse(i, "insufficient_balance")
      else {
        const to = out.BurnMintRequested
        const r = addRow(to)
        to.holder[r] = holder
        to.from[r] = from
        to.amount[r] = amount
        to.atS[r] = atS
      }
    }
  },

  EndBlock(state, rows, begin, end, { out, params, refuse }) {
    const { chain } = state
    for (let i = begin; i < end; i++) {
      const atS = rows.atS[i]
      const wrong = refuseTime(state, atS)
      if (wrong !== undefined) {
        refuse(i, wrong)
        continue
      }
      const isPending = chain.firstMint[0] > 0 || chain.firstSettle[0] > 0
      if (params.bmeOn === 0) refuse(i, "bme_off")
      else if (!isPending && breakerAt(state, params, atS).status === chain.status[0]) refuse(i, "nothing_pending")
      else endBlock(state, params, out, atS)
    }
  },
}

/**
 * 1. ACT → AKT, whenever its epoch has come. 2. The breaker looks. 3. AKT → ACT when its epoch has come and collateral allows;
 * on leaving a halt the epoch is only set anew. On chain every block asks whether its height equals the epoch's; here blocks
 * without work are left out, so at or after it counts.
 */
export function endBlock(state: State, params: Rules, out: Out, atS: number): void {
  const { chain, ledger: l } = state
  const height = heightAt(state, atS)
  const price = priceAt(state, params, atS)
  const running: Running = {
    vault: vaultOf(state),
    credits: chain.remintCredits.get(0),
    outstanding: supply(l, "act"),
    status: chain.status[0],
    epochBlocks: chain.epochBlocks[0],
  }
  let burnEpoch = chain.burnEpoch[0]
  if (burnEpoch <= height) {
    runBatch(state, params, out, running, chain.firstSettle[0], price, atS)
    // Epochs nobody asked about went by; the rhythm stays.
    burnEpoch += Math.ceil((height + 1 - burnEpoch) / params.minEpochBlocks) * params.minEpochBlocks
  }
  const before = running.status
  look(params, out, running, price, height, atS)
  let mintEpoch = chain.mintEpoch[0]
  if (before >= STATUS_HALT_CR && running.status <= STATUS_WARNING) mintEpoch = height + running.epochBlocks
  else if (running.status <= STATUS_WARNING && mintEpoch <= height) {
    mintEpoch = height + running.epochBlocks
    runBatch(state, params, out, running, chain.firstMint[0], price, atS)
    look(params, out, running, price, height, atS)
  }
  if (burnEpoch === chain.burnEpoch[0] && mintEpoch === chain.mintEpoch[0]) return
  const to = out.EpochsSet
  const r = addRow(to)
  to.burnEpoch[r] = burnEpoch
  to.mintEpoch[r] = mintEpoch
}

/** The circuit breaker looks at collateral as it stands now, and says so when its state changes. */
function look(params: Rules, out: Out, running: Running, price: Dec | null, height: number, atS: number): void {
  const now: Breaker = breakerOf(params, price, running.vault, running.outstanding)
  const epochBlocks =
    now.status <= STATUS_WARNING
      ? computeEpochBlocks(now.ratioBps, params.warnBps, params.backoffPercent, params.minEpochBlocks)
      : running.epochBlocks
  if (now.status === running.status && epochBlocks === running.epochBlocks) return
  const to = out.MintStatusChanged
  const r = addRow(to)
  to.status[r] = now.status
  to.previous[r] = running.status
  to.ratioBps[r] = now.ratioBps
  to.epochBlocks[r] = epochBlocks
  to.height[r] = height
  to.atS[r] = atS
  running.status = now.status
  running.epochBlocks = epochBlocks
}

/** Carries out the oldest requests of one direction, at one price. Those that fail wait, or are cancelled. */
function runBatch(state: State, params: Rules, out: Out, running: Running, first: number, price: Dec | null, atS: number): void {
  const { request } = state
  let left = params.batchRecords
  for (let q = first - 1; q >= 0 && left > 0; q = request.next[q] - 1, left--) {
    if (price === null) {
      if (request.attempts[q] + 1 >= params.attemptsMax) writeCancelled(out, q, REASONS.max_attempts, atS)
      else {
        const to = out.BurnMintRetried
        const r = addRow(to)
        to.request[r] = q
        to.atS[r] = atS
      }
      continue
    }
    const isMint = request.from[q] === UAKT
    const burn = BigInt(request.amount[q])
    const swap = isMint
      ? computeSwap(burn, price, ACT_PRICE, params.mintSpreadBps, BigInt(params.minMintUact))
      : computeSwap(burn, ACT_PRICE, price, params.settleSpreadBps, 0n)
    if (swap.error !== null) {
      writeCancelled(out, q, REASONS[swap.error], atS)
      continue
    }
    const { remint } = isMint ? { remint: 0n } : spendCredits(running.credits, swap.mint)
    const to = out.BurnMintExecuted
    const r = addRow(to)
    to.request[r] = q
    to.mint.set(r, swap.mint)
    to.spread.set(r, swap.spread)
    to.remint.set(r, remint)
    to.atS[r] = atS
    if (isMint) {
      running.vault += burn
      running.credits += burn
      running.outstanding += swap.mint
    } else {
      running.vault += swap.spread - remint
      running.credits -= remint
      running.outstanding -= burn
    }
  }
}

function writeCancelled(out: Out, q: number, reason: number, atS: number): void {
  const to = out.BurnMintCancelled
  const r = addRow(to)
  to.request[r] = q
  to.reason[r] = reason
  to.atS[r] = atS
}

/** Whether a holder of ACT may still leave, and of AKT still enter: for people who ask before they try. */
export const mayRequest = (status: number, from: number): boolean =>
  status <= STATUS_WARNING || (status === STATUS_HALT_CR && from === UACT)
