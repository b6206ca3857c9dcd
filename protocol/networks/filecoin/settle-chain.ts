/**
 * The chain's own lines of the settlements: tipsets folded before anything closes, gas paid at midnight.
 *
 * The order of an epoch on mainnet is: every block's messages and its reward, then cron once: power's deferred miners (deadlines),
 * its totals and filters, the reward actor (facts/filecoin.md §1). Here the commands of a half hour are its messages and blocks;
 * this file's first line counts them, the lines of settle.ts are its cron. A null round has no cron: a half hour without any block
 * closes nothing, and the next one that has a block catches up, half hour by half hour.
 */
import type { Settle } from "../../kernel/network.ts"
import { addRow } from "../../kernel/table.ts"
import { balance, holderOf } from "../../ledger/ledger.ts"
import { availableOf } from "./books.ts"
import { isInHistory, slotAt, SLOT_EPOCHS, SLOT_S } from "./chain-time.ts"
import type { Events } from "./events.ts"
import { walkGas } from "./gas-market.ts"
import type { FilecoinParams } from "./params.ts"
import type { State } from "./state.ts"
import { blocksOfSlot, firstDue, isHalted, needsBlocks, sentMega } from "./tipsets.ts"

type Line = Settle<State, Events, FilecoinParams>

const TIGHT = 1e-6

/** Runs a line for every half hour that this settlement closes, a halt's first. */
export const everyDue =
  (line: Line): Line =>
  (state, at, to) => {
    const { dueFrom, dueTo } = state.chain
    if ((dueTo[0] + 1) * SLOT_S !== at) return
    for (let slot = dueFrom[0]; slot <= dueTo[0]; slot++) line(state, (slot + 1) * SLOT_S, to)
  }

/** Runs a line once, unless the chain stands still. */
export const whenDue =
  (line: Line): Line =>
  (state, at, to) => {
    const { dueFrom, dueTo } = state.chain
    if ((dueTo[0] + 1) * SLOT_S === at && dueFrom[0] <= dueTo[0]) line(state, at, to)
  }

/** Does this settlement close more than one half hour? Then no fee can be burnt at once: free funds were counted only once. */
export const isCatchingUp = ({ chain }: State): boolean => chain.dueFrom[0] < chain.dueTo[0]

/** Messages have been executed, blocks paid: what they were, what they cost, and what closes now. */
export const fold_tipsets: Line = (state, at, { out, params: v }) => {
  if (!isInHistory(at)) return
  const { chain, miner } = state
  const slot = slotAt(at) - 1
  const blocks = blocksOfSlot(state, slot)
  let [tipsets, all] = [0, 0]
  for (let e = 0; e < SLOT_EPOCHS; e++) {
    all += blocks[e]
    if (blocks[e] > 0) tipsets++
  }
  const counts = needsBlocks(state, v)
  const to = out.TipsetsFolded
  const r = addRow(to)
  to.slot[r] = slot
  to.dueFrom[r] = firstDue(state, v, slot)
  to.dueTo[r] = slot
  to.tipsets[r] = tipsets
  to.nullRounds[r] = counts ? SLOT_EPOCHS - tipsets : 0
  to.blocks[r] = all
  to.isHalted[r] = counts && tipsets === 0 ? 1 : 0
  to.recoveryMegaGas[r] = v.recoveryMegaGas
  to.preCommitMegaGas[r] = v.preCommitMegaGas
  to.proveCommitMegaGas[r] = v.proveCommitMegaGas
  if (v.gasOn === 0 || tipsets + isHaltedNow(state, v, slot) === 0) {
    // Without gas, or before the first block, nothing is used and the base fee stays.
    to.gasUsedMega[r] = 0
    to.backlogMega[r] = chain.backlogMega[0]
    to.baseFeeAtto.hi[r] = chain.baseFeeAtto.hi[0]
    to.baseFeeAtto.lo[r] = chain.baseFeeAtto.lo[0]
    for (const name of NOTHING) to[name].setNumber(r, 0)
    return
  }
  const { provenSlot, length: nodes } = miner
  let proofs = 0
  for (let node = 0; node < nodes; node++) if (provenSlot[node] === slot) proofs++
  const outcome = walkGas({
    blocks,
    arrivingMega: proofs * v.proofMegaGas + sentMega(state, v) + v.otherMegaGas * SLOT_EPOCHS,
    backlogMega: chain.backlogMega[0],
    baseFeeAtto: chain.baseFeeAtto.get(0),
    isByPremium: v.baseFeeByPremium === 1,
    premiumAtto: BigInt(v.premiumAtto),
    urgentPermille: BigInt(v.urgentPremiumPermille),
  })
  to.gasUsedMega[r] = outcome.usedMega
  to.backlogMega[r] = outcome.backlogMega
  to.baseFeeAtto.set(r, outcome.baseFeeAtto)
  to.burnPerMegaAtto.set(r, outcome.burnPerMegaAtto)
  to.tipPerMegaAtto.set(r, outcome.tipPerMegaAtto)
  to.proofBurnAtto.set(r, outcome.burnPerMegaAtto * BigInt(v.proofMegaGas))
  to.proofTipAtto.set(r, outcome.tipPerMegaAtto * BigInt(v.proofMegaGas))
}
const NOTHING = ["burnPerMegaAtto", "tipPerMegaAtto", "proofBurnAtto", "proofTipAtto"] as const
const isHaltedNow = (state: State, v: Parameters<typeof isHalted>[1], slot: number): number =>
  isHalted(state, v, slot + 1) ? 1 : 0

/** A day's gas, from free funds first, else from the owner's wallet, which on the chain pays it all; never from what is locked. */
export const pay_gas: Line = (state, _at, { out }) => {
  const { gas, ledger, miner } = state
  const to = out.GasPaid
  let purse = -1n
  for (let node = 0; node < miner.length; node++) {
    const { owedBurnAtto: burnt, owedTipAtto: tip } = gas
    if (burnt.hi[node] + burnt.lo[node] + tip.hi[node] + tip.lo[node] === 0) continue
    const owed = burnt.toNumber(node) + tip.toNumber(node)
    const held = ledger.tokens.fil.balance.toNumber(holderOf(ledger, node))
    const bound =
      miner.lockedAtto.toNumber(node) +
      miner.pledgeAtto.toNumber(node) +
      miner.depositAtto.toNumber(node) +
      miner.feeDebtAtto.toNumber(node)
    let fromOwner = 0n
    if (!(held - bound > owed + held * TIGHT)) {
      if (purse < 0n) purse = balance(ledger, "fil", ledger.account.circulation)
      const free = availableOf(state, node)
      const due = burnt.get(node) + tip.get(node)
      fromOwner = free >= due ? 0n : due - (free > 0n ? free : 0n)
      // Nobody has it: it stays owed.
      if (fromOwner > purse) continue
      purse -= fromOwner
    }
    const r = addRow(to)
    to.node[r] = node
    to.burntAtto.hi[r] = burnt.hi[node]
    to.burntAtto.lo[r] = burnt.lo[node]
    to.tipAtto.hi[r] = tip.hi[node]
    to.tipAtto.lo[r] = tip.lo[node]
    to.fromOwnerAtto.set(r, fromOwner)
  }
}

/** The premiums put aside go to whoever won since the last time, by wins, floored; what is left over waits for the next day. */
export const share_tips: Line = ({ gas, ledger, miner }, _at, { out }) => {
  const pool = balance(ledger, "fil", ledger.account.tips)
  if (pool === 0n) return
  let wins = 0
  for (let node = 0; node < miner.length; node++) wins += miner.wins[node] - gas.winsTipped[node]
  if (wins === 0) return
  const each = pool / BigInt(wins)
  if (each === 0n) return
  const to = out.TipsShared
  for (let node = 0; node < miner.length; node++) {
    const won = miner.wins[node] - gas.winsTipped[node]
    if (won === 0) continue
    const r = addRow(to)
    to.node[r] = node
    to.wins[r] = won
    to.amountAtto.set(r, each * BigInt(won))
  }
}
