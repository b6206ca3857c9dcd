/** The chain under the storage: tipsets, gas, finality and proofs that would not stand a dispute. Tables of their own. */
import { filled, type AnyTable, type Table } from "../../kernel/table.ts"
import { amount, count, count32, flag, seconds, unit } from "../../kernel/unit.ts"
import { DEADLINES } from "./deadlines.ts"

/** Epochs whose blocks are remembered: one half hour, and the rest of a power of two. */
export const KEPT_EPOCHS = 128
export const megaGas = unit("million gas", "safe", 0)
export const slotUnit = unit("half hour (Unix)", "u32")
export const epochUnit32 = unit("epoch", "u32")

export const chainShape = {
  /** Has a block been made since the run began? Before it, half hours close by themselves: nothing could have proven otherwise. */
  begun: flag,
  /** The half hours that the last settlement closed, the last one closed ever, and whether there is a block in the newest. */
  dueFrom: slotUnit,
  dueTo: slotUnit,
  closedSlot: slotUnit,
  /** Blocks of the half hour of the last block. */
  blockSlot: slotUnit,
  slotBlocks: count32,
  /** Proofs ever, when that half hour began: what came since is in its blocks. */
  proofsBefore: count,
  /** Messages but proofs in that half hour. */
  recoveries: count32,
  preCommitted: count,
  proveCommitted: count,
  blocks: count,
  tipsets: count,
  nullRounds: count,
  /** Half hours without a block. */
  haltedSlots: count,
  baseFeeAtto: amount,
  gasUsedMega: megaGas,
  backlogMega: megaGas,
  /** Gas owed by providers, all together; paid for gas, and to winners, since the run began. */
  owedBurnAtto: amount,
  owedTipAtto: amount,
  gasBurntAtto: amount,
  tippedAtto: amount,
  disputes: count,
  disputedSectors: count,
  disputePenaltiesAtto: amount,
} as const

/** The blocks of an epoch, at row epoch modulo KEPT_EPOCHS. */
export const tipsetShape = { epoch: epochUnit32, blocks: unit("blocks", "u16") } as const

/** What a provider's messages cost, until they are paid at midnight. */
export const gasShape = {
  recoveries: count32,
  preCommitted: count,
  proveCommitted: count,
  owedBurnAtto: amount,
  owedTipAtto: amount,
  /** Its wins that tips have been shared for. */
  winsTipped: count,
} as const

/** Row node * 48 + deadline: the half hour of the last accepted proof, if its bytes would not verify; 0 when they would. */
export const unsoundShape = { slot: slotUnit } as const

export const f3Shape = {
  /** Decisions so far. */
  instance: count,
  /** When the instance at work began, Unix seconds; 0 before the first. */
  beganS: seconds,
  /** The half hour that the committee's power was read in, and all of it. */
  committeeSlot: slotUnit,
  whole: unit("scaled power", "u32"),
} as const
/** Who may sign the instance at work: scaled power. */
export const committeeShape = { scaled: unit("scaled power", "u16") } as const

export interface ChainTables {
  readonly chain: Table<typeof chainShape>
  readonly tipset: Table<typeof tipsetShape>
  readonly gas: Table<typeof gasShape>
  readonly unsound: Table<typeof unsoundShape>
  readonly f3: Table<typeof f3Shape>
  readonly committee: Table<typeof committeeShape>
}

export const chainGenesis = (nodes: number, baseFeeAtto: number): ChainTables => {
  const chain = filled(chainShape, 1)
  chain.baseFeeAtto.setNumber(0, baseFeeAtto)
  chain.dueFrom[0] = 1
  return {
    chain,
    tipset: filled(tipsetShape, KEPT_EPOCHS),
    gas: filled(gasShape, nodes),
    unsound: filled(unsoundShape, nodes * DEADLINES),
    f3: filled(f3Shape, 1),
    committee: filled(committeeShape, nodes),
  }
}

export const chainTables = (s: ChainTables): Readonly<Record<keyof ChainTables, AnyTable>> => ({
  chain: s.chain,
  tipset: s.tipset,
  gas: s.gas,
  unsound: s.unsound,
  f3: s.f3,
  committee: s.committee,
})

/** Large, and seldom moved. */
export const chainSeldom = ["unsound", "committee"] as const

/** Blocks of an epoch, 0 when it is null or no longer remembered. */
export const blocksOf = ({ tipset }: ChainTables, epoch: number): number => {
  const t = epoch % KEPT_EPOCHS
  return tipset.epoch[t] === epoch ? tipset.blocks[t] : 0
}
