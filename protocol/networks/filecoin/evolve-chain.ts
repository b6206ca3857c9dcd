/** Event → state for tipsets, gas, disputes and finality. Called from evolve.ts, which keeps the rest. */
import type { Evolve } from "../../kernel/network.ts"
import { touch } from "../../kernel/table.ts"
import { Wide } from "../../kernel/wide.ts"
import { holderOf, postCell } from "../../ledger/ledger.ts"
import { addTo, burn, owe, takeFrom } from "./books-moves.ts"
import { slotAt } from "./chain-time.ts"
import { deadlineRow, faultActive, MINIMUM_GIB, MINIMUM_MINERS } from "./cohorts.ts"
import type { Events } from "./events.ts"
import { SCALED_POWER_MAX } from "./f3.ts"
import type { State } from "./state.ts"
import { KEPT_EPOCHS } from "./state-chain.ts"
import { takeSoonest } from "./vesting-days.ts"

/** A block of `epoch` is on the chain. */
export function countBlock({ chain, network, tipset }: State, epoch: number, slot: number): void {
  const t = epoch % KEPT_EPOCHS
  if (tipset.epoch[t] !== epoch) {
    tipset.epoch[t] = epoch
    tipset.blocks[t] = 0
  }
  tipset.blocks[t]++
  if (chain.begun[0] === 0 || chain.blockSlot[0] !== slot) {
    chain.blockSlot[0] = slot
    chain.slotBlocks[0] = 0
    chain.proofsBefore[0] = network.proofs[0]
  }
  chain.slotBlocks[0]++
  chain.begun[0] = 1
}

/** Messages but proofs, for the gas they use. */
export function countMessage(
  { chain, gas }: State,
  node: number,
  kind: "recoveries" | "preCommitted" | "proveCommitted",
  n: number,
): void {
  gas[kind][node] += n
  chain[kind][0] += n
}

/** F3 decided at `atS`: the next instance begins, and once a half hour it gets the power of now for its committee. */
export function beginInstance(state: State, atS: number, instances: number): void {
  const { committee, f3, miner, network } = state
  f3.instance[0] += instances
  f3.beganS[0] = atS
  if (f3.whole[0] > 0 && f3.committeeSlot[0] === slotAt(atS)) return
  f3.committeeSlot[0] = slotAt(atS)
  const everybody = network.minersAboveMin[0] < MINIMUM_MINERS
  const total = everybody ? network.committedQaGib[0] : network.countedQaGib[0]
  const minimum = total === 0 ? Infinity : everybody ? 0 : MINIMUM_GIB
  const { rawGib, qaGib, length: nodes } = miner
  const { scaled } = committee
  let whole = 0
  for (let node = 0; node < nodes; node++) {
    const power = rawGib[node] >= minimum ? Math.floor((SCALED_POWER_MAX * qaGib[node]) / total) : 0
    scaled[node] = power
    whole += power
  }
  f3.whole[0] = whole
  touch(committee)
}

export const evolveChain: Pick<
  Evolve<State, Events>,
  "TipsetsFolded" | "GasPaid" | "TipsShared" | "UnsoundProofKept" | "ProofDisputed"
> = {
  TipsetsFolded(state, rows, begin, end) {
    const { chain, gas } = state
    for (let i = begin; i < end; i++) {
      const slot = rows.slot[i]
      chain.dueFrom[0] = rows.dueFrom[i]
      chain.dueTo[0] = rows.dueTo[i]
      if (rows.dueFrom[i] <= rows.dueTo[i]) chain.closedSlot[0] = rows.dueTo[i]
      chain.blocks[0] += rows.blocks[i]
      chain.tipsets[0] += rows.tipsets[i]
      chain.nullRounds[0] += rows.nullRounds[i]
      chain.haltedSlots[0] += rows.isHalted[i]
      chain.gasUsedMega[0] += rows.gasUsedMega[i]
      chain.backlogMega[0] = rows.backlogMega[i]
      chain.baseFeeAtto.hi[0] = rows.baseFeeAtto.hi[i]
      chain.baseFeeAtto.lo[0] = rows.baseFeeAtto.lo[i]
      chargeProofs(state, rows, i, slot)
      if (chain.recoveries[0] + chain.preCommitted[0] + chain.proveCommitted[0] === 0) continue
      const [burnt, tipped] = [rows.burnPerMegaAtto.get(i), rows.tipPerMegaAtto.get(i)]
      const { recoveries, preCommitted, proveCommitted } = gas
      for (let node = 0; node < recoveries.length; node++) {
        if (recoveries[node] + preCommitted[node] + proveCommitted[node] === 0) continue
        const mega =
          recoveries[node] * rows.recoveryMegaGas[i] +
          preCommitted[node] * rows.preCommitMegaGas[i] +
          proveCommitted[node] * rows.proveCommitMegaGas[i]
        recoveries[node] = preCommitted[node] = proveCommitted[node] = 0
        if (mega > 0) oweGas(state, node, burnt * BigInt(mega), tipped * BigInt(mega))
      }
      chain.recoveries[0] = chain.preCommitted[0] = chain.proveCommitted[0] = 0
    }
  },
  GasPaid(state, rows, begin, end) {
    const { chain, gas, ledger, miner } = state
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const holder = holderOf(ledger, node)
      postCell(ledger, "fil", ledger.account.circulation, holder, rows.fromOwnerAtto, i)
      addTo(miner.fundedAtto, node, rows.fromOwnerAtto, i)
      burn(state, node, rows.burntAtto, i)
      postCell(ledger, "fil", holder, ledger.account.tips, rows.tipAtto, i)
      takeFrom(miner.fundedAtto, node, rows.tipAtto, i)
      takeFrom(gas.owedBurnAtto, node, rows.burntAtto, i)
      takeFrom(gas.owedTipAtto, node, rows.tipAtto, i)
      takeFrom(chain.owedBurnAtto, 0, rows.burntAtto, i)
      takeFrom(chain.owedTipAtto, 0, rows.tipAtto, i)
      addTo(chain.gasBurntAtto, 0, rows.burntAtto, i)
    }
  },
  TipsShared(state, rows, begin, end) {
    const { chain, gas, ledger, miner } = state
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      postCell(ledger, "fil", ledger.account.tips, holderOf(ledger, node), rows.amountAtto, i)
      addTo(miner.fundedAtto, node, rows.amountAtto, i)
      gas.winsTipped[node] += rows.wins[i]
      addTo(chain.tippedAtto, 0, rows.amountAtto, i)
    }
  },
  UnsoundProofKept(state, rows, begin, end) {
    const { unsound } = state
    for (let i = begin; i < end; i++) unsound.slot[deadlineRow(state, rows.node[i], rows.deadline[i])] = rows.slot[i]
    touch(unsound)
  },
  ProofDisputed(state, rows, begin, end) {
    const { chain, ledger, miner, network, unsound } = state
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      unsound.slot[deadlineRow(state, node, rows.deadline[i])] = 0
      faultActive(state, node, rows.deadline[i], rows.sectors[i], rows.epoch[i])
      owe(state, node, rows.penaltyAtto, i)
      takeSoonest(state, node, rows.unlockedAtto.hi[i], rows.unlockedAtto.lo[i])
      for (const paid of [rows.burntAtto, rows.rewardAtto]) {
        takeFrom(miner.feeDebtAtto, node, paid, i)
        takeFrom(network.feeDebtAtto, 0, paid, i)
      }
      burn(state, node, rows.burntAtto, i)
      // A disputer that is no provider is paid outside.
      const to = rows.disputer[i] < miner.length ? holderOf(ledger, rows.disputer[i]) : ledger.account.circulation
      postCell(ledger, "fil", holderOf(ledger, node), to, rows.rewardAtto, i)
      takeFrom(miner.fundedAtto, node, rows.rewardAtto, i)
      if (rows.disputer[i] < miner.length) addTo(miner.fundedAtto, rows.disputer[i], rows.rewardAtto, i)
      chain.disputes[0]++
      chain.disputedSectors[0] += rows.sectors[i]
      addTo(chain.disputePenaltiesAtto, 0, rows.penaltyAtto, i)
    }
    touch(unsound)
  },
}

type Folded = Parameters<(typeof evolveChain)["TipsetsFolded"]>[1]

/** Everyone who proved in the half hour owes a proof's gas. */
function chargeProofs({ chain, gas, miner }: State, rows: Folded, i: number, slot: number): void {
  const { proofBurnAtto: burnt, proofTipAtto: tip } = rows
  if (burnt.hi[i] + burnt.lo[i] + tip.hi[i] + tip.lo[i] === 0) return
  const { provenSlot, length: nodes } = miner
  const { hi: burntHi, lo: burntLo } = gas.owedBurnAtto
  const { hi: tipHi, lo: tipLo } = gas.owedTipAtto
  const [addBurntHi, addBurntLo, addTipHi, addTipLo] = [burnt.hi[i], burnt.lo[i], tip.hi[i], tip.lo[i]]
  let proofs = 0
  for (let node = 0; node < nodes; node++) {
    if (provenSlot[node] !== slot) continue
    proofs++
    const b = burntLo[node] + addBurntLo
    const t = tipLo[node] + addTipLo
    const carryB = b >= Wide.BASE ? 1 : 0
    const carryT = t >= Wide.BASE ? 1 : 0
    burntLo[node] = b - carryB * Wide.BASE
    burntHi[node] += addBurntHi + carryB
    tipLo[node] = t - carryT * Wide.BASE
    tipHi[node] += addTipHi + carryT
  }
  chain.owedBurnAtto.set(0, chain.owedBurnAtto.get(0) + burnt.get(i) * BigInt(proofs))
  chain.owedTipAtto.set(0, chain.owedTipAtto.get(0) + tip.get(i) * BigInt(proofs))
}

function oweGas({ chain, gas }: State, node: number, burnt: bigint, tip: bigint): void {
  gas.owedBurnAtto.set(node, gas.owedBurnAtto.get(node) + burnt)
  gas.owedTipAtto.set(node, gas.owedTipAtto.get(node) + tip)
  chain.owedBurnAtto.set(0, chain.owedBurnAtto.get(0) + burnt)
  chain.owedTipAtto.set(0, chain.owedTipAtto.get(0) + tip)
}
