/** What the chain's blocks allow: whether it stands still, what room its blocks have, which half hours are due to close. Pure. */
import type { Values } from "../../kernel/param.ts"
import { SLOT_EPOCHS, SLOT_S, epochAt } from "./chain-time.ts"
import { DEADLINES } from "./deadlines.ts"
import { BLOCK_MEGA_GAS } from "./gas-market.ts"
import type { FilecoinParams } from "./params.ts"
import type { State } from "./state.ts"
import { blocksOf } from "./state-chain.ts"

type Rules = Values<FilecoinParams>

/** Do blocks count yet? Before the first one of a run nothing depends on them. */
export const needsBlocks = ({ chain }: State, v: Rules): boolean => v.cronNeedsBlocks === 1 && chain.begun[0] === 1

/** No block in this half hour nor the one before: nobody's message gets in. */
export const isHalted = (state: State, v: Rules, slot: number): boolean =>
  needsBlocks(state, v) && state.chain.blockSlot[0] + 1 < slot

/** Million gas that the half hour's blocks so far still take; Infinity where blocks do not bound it. */
export function roomFor(state: State, v: Rules, slot: number): number {
  const { chain, network } = state
  if (v.capacityOn === 0 || !needsBlocks(state, v)) return Infinity
  if (chain.blockSlot[0] !== slot) return 0
  const proofs = network.proofs[0] - chain.proofsBefore[0]
  return chain.slotBlocks[0] * BLOCK_MEGA_GAS - proofs * v.proofMegaGas - sentMega(state, v)
}

/** Million gas of the half hour's messages but proofs. */
export const sentMega = ({ chain }: State, v: Rules): number =>
  chain.recoveries[0] * v.recoveryMegaGas +
  chain.preCommitted[0] * v.preCommitMegaGas +
  chain.proveCommitted[0] * v.proveCommitMegaGas

/**
 * The half hours that a settlement at the end of `slot` closes, from the first to `slot`; the first lies after it when there are
 * none. A halt's are closed by the first half hour that has a block, at most a day of them, so that no deadline comes twice.
 */
export function firstDue(state: State, v: Rules, slot: number): number {
  const { chain } = state
  if (!needsBlocks(state, v)) return slot
  if (chain.blockSlot[0] !== slot) return slot + 1
  if (v.haltedDeadlinesMissed === 0 || chain.closedSlot[0] === 0) return slot
  return Math.min(slot, Math.max(chain.closedSlot[0] + 1, slot - DEADLINES + 1))
}

const blocks = new Uint16Array(SLOT_EPOCHS)
/** Blocks of each epoch of a half hour. The same array each time. */
export function blocksOfSlot(state: State, slot: number): Uint16Array {
  const first = epochAt(slot * SLOT_S)
  for (let e = 0; e < SLOT_EPOCHS; e++) blocks[e] = blocksOf(state, first + e)
  return blocks
}
