/** The state of Filecoin: tables and genesis. Promises are in invariants.ts. */
import type { Values } from "../../kernel/param.ts"
import { filled, paged, table, type AnyTable, type Table } from "../../kernel/table.ts"
import { amount, count, count32, flag, nodeIndex, seconds, unit } from "../../kernel/unit.ts"
import { ledger, mint, tablesOf, type Ledger } from "../../ledger/ledger.ts"
import { BASELINE_GROWTH, BASELINE_INITIAL_BYTES } from "./baseline.ts"
import { fromRatio, mul, ONE } from "../../kernel/fixed.ts"
import { DEADLINES } from "./deadlines.ts"
import { deadlineIndex, epochUnit, kpiColumns, offsetUnit, sectorCount, sectorQaGib } from "./events.ts"
import { ATTO_PER_FIL, BASELINE_TOTAL_ATTO, computeEpochReward, MAINNET_ALLOCATION, SIMPLE_TOTAL_ATTO } from "./minting.ts"
import type { FilecoinParams } from "./params.ts"
import { chainGenesis, chainSeldom, type ChainTables, chainTables } from "./state-chain.ts"
import { makeEstimate } from "./smoothing.ts"
import { dealTables, genesisDeals, seldomDeals, type DealState } from "./state-deals.ts"
import { genesisPossession, possessionTables, seldomPossession, type PossessionState } from "./state-possession.ts"
import { USDFC } from "./warm-storage.ts"
import { writeEstimate } from "./wide-pair.ts"

export const SECTOR_GIB = 32
export const SECTOR_BYTES = BigInt(SECTOR_GIB) << 30n
/** Days of a miner's vesting table: 180 to come, and the one that has just come free. */
export const VESTING_DAYS = 181
/** Most wins of one epoch: more come once in 10^22. */
export const WINS_MAX = 40
/** Half hours kept for elections: the lookback of 900 epochs, and the one being written. */
export const LOOKBACK_SLOTS = 15
export const KEPT_SLOTS = LOOKBACK_SLOTS + 1

/** A day's rows move together. */
const VESTING_PAGE = 1024

const gib = unit("GiB", "safe", 0)
const sectorsSafe = unit("sectors", "safe", 0)

export const minerShape = {
  created: flag,
  offset: offsetUnit,
  /** Its claim: active sectors only. */
  rawGib: gib,
  qaGib: gib,
  /** All that are neither expired nor terminated, and the parts of them without power. */
  live: sectorsSafe,
  faulty: sectorsSafe,
  recovering: sectorsSafe,
  unproven: sectorsSafe,
  pledgeAtto: amount,
  depositAtto: amount,
  /** Rewards still vesting, those of today included. */
  lockedAtto: amount,
  lockedTodayAtto: amount,
  /** What comes free of them each day: vesting-days.ts. */
  flowAtto: amount,
  /** The day that fees eat, what is left of it, and the flow on it: vesting-days.ts. A day that is over says: none yet. */
  soonDay: count32,
  soonLeftAtto: amount,
  soonFlowAtto: amount,
  feeDebtAtto: amount,
  pendingSectors: sectorCount,
  pendingEpoch: epochUnit,
  /** The half hour of its last proof. */
  provenSlot: unit("half hour (Unix)", "u32"),
  /** First epoch in which it may be elected again after a consensus fault. */
  freeEpoch: epochUnit,
  wins: count,
  proofs: count,
  missed: count,
  earnedAtto: amount,
  /** What came in (from its owner, as premiums or as a finder's reward) less what went out to others: with what it earned and still has, it tells what it burnt (books.ts). */
  fundedAtto: amount,
} as const

/** Sectors with one deadline, one quality and one life. The parts of `sectors` are counted, not told apart. */
export const cohortShape = {
  node: nodeIndex,
  deadline: deadlineIndex,
  sectors: sectorCount,
  faulty: sectorCount,
  recovering: sectorCount,
  unproven: sectorCount,
  /** What a sector counts: 32 plain, 320 all verified. */
  qaGib: sectorQaGib,
  activationEpoch: epochUnit,
  expirationEpoch: epochUnit,
  /** Since when some of it has been faulty without a break. */
  faultEpoch: epochUnit,
  pledgeAtto: amount,
  dailyFeeAtto: amount,
  /** The next cohort of its deadline, plus 1; 0 ends the list. */
  next: unit("cohort + 1", "u32"),
} as const

/**
 * A miner's deadline: what its cohorts add up to, so that a proof or a fee reads one row. Row half hour of the day * miners + miner:
 * what closes together lies together.
 */
export const deadlineShape = {
  /** The first of its cohorts, plus 1; 0: none. */
  cohort: unit("cohort + 1", "u32"),
  live: sectorCount,
  faulty: sectorCount,
  recovering: sectorCount,
  unproven: sectorCount,
  /** No cohort of it expires before. */
  expirationEpoch: epochUnit,
  qaGib: gib,
  faultyQaGib: gib,
  dailyFeeAtto: amount,
} as const

/** Row day modulo 181 * miners + miner. A day's locked rewards are 180 steps, and the rest of the division with the last. */
export const vestingShape = {
  stepAtto: amount,
  restAtto: count32,
  /** Of what would come free on this day, what penalties have taken already. */
  takenAtto: amount,
} as const
/** The blocks that may still be made in the epoch elected last. */
export const ticketShape = { node: nodeIndex, wins: unit("wins", "u8") } as const
/** Row slot * nodes + node: counted power of the nodes up to this one. */
const lookbackShape = { qaGib: gib } as const
const keptShape = { slot: unit("half hour (Unix)", "u32"), qaGib: gib } as const

export const networkShape = {
  nowS: seconds,
  epoch: epochUnit,
  ...kpiColumns,
  /** Claims of all miners, and of those at or above the consensus minimum. */
  committedRawGib: gib,
  committedQaGib: gib,
  countedRawGib: gib,
  countedQaGib: gib,
  minersAboveMin: count32,
  miners: count32,
  live: sectorsSafe,
  faulty: sectorsSafe,
  recovering: sectorsSafe,
  unproven: sectorsSafe,
  expired: sectorsSafe,
  terminated: sectorsSafe,
  pledgeAtto: amount,
  lockedAtto: amount,
  feeDebtAtto: amount,
  mintedAtto: amount,
  burntAtto: amount,
  faultFeesAtto: amount,
  dailyFeesAtto: amount,
  terminationFeesAtto: amount,
  /** What circulates at the start, and what sectors brought had locked before: see books.ts. */
  circulatingBaseAtto: amount,
  /** FIL paid out before the run. */
  minedBeforeAtto: amount,
  electedEpoch: epochUnit,
  /** Rows of `ticket` that are of it. */
  tickets: unit("winners", "u8", 0, WINS_MAX),
  blockEpoch: epochUnit,
  epochsElected: count,
  epochsWithBlock: count,
  winsDrawn: count,
  winsPaid: count,
  proofs: count,
  missed: count,
  finalEpoch: epochUnit,
  certifiedS: seconds,
  certificates: count,
  vestedDay: count32,
  detectedS: seconds,
  alarmed: flag,
} as const

export const TOKENS = ["fil", "usdfc"] as const
/**
 * `circulation` is everybody who is no provider; `burnt` is f099, which still holds what was sent to it; `market` is f05, which
 * holds every escrow; `tips` go to winners.
 */
export const ACCOUNTS = ["circulation", "reward_actor", "burnt", "market", "filecoin_pay", "tips"] as const

export interface State extends ChainTables, DealState, PossessionState {
  readonly miner: Table<typeof minerShape>
  readonly cohort: Table<typeof cohortShape>
  readonly deadline: Table<typeof deadlineShape>
  readonly vesting: Table<typeof vestingShape>
  readonly lookback: Table<typeof lookbackShape>
  readonly kept: Table<typeof keptShape>
  readonly ticket: Table<typeof ticketShape>
  readonly network: Table<typeof networkShape>
  readonly ledger: Ledger<(typeof TOKENS)[number], (typeof ACCOUNTS)[number]>
}

export const MINING_ALLOCATION_ATTO = SIMPLE_TOTAL_ATTO + BASELINE_TOTAL_ATTO

/** The baseline `epochs` after `bytes`: by squaring, so that a jump of years costs nothing; off by a few bytes. */
export const jumpBaseline = (bytes: bigint, epochs: number): bigint => {
  let factor = ONE
  let power = BASELINE_GROWTH
  for (let n = epochs; n > 0; n = Math.floor(n / 2)) {
    if (n % 2 === 1) factor = mul(factor, power)
    power = mul(power, power)
  }
  return mul(bytes, factor)
}

export const genesis = ({ nodes }: { readonly nodes: number }, v: Values<FilecoinParams>): State => {
  const books = ledger(TOKENS, ACCOUNTS, nodes)
  const network = filled(networkShape, 1)
  const minedBefore = BigInt(v.minedFil) * ATTO_PER_FIL
  mint(books, "fil", books.account.reward_actor, MINING_ALLOCATION_ATTO - minedBefore)
  mint(books, "fil", books.account.circulation, BigInt(v.availableSupplyFil) * ATTO_PER_FIL)
  mint(books, "usdfc", books.account.circulation, BigInt(v.usdfcSupply) * USDFC)
  network.circulatingBaseAtto.set(0, BigInt(v.circulatingFil) * ATTO_PER_FIL)
  network.minedBeforeAtto.set(0, minedBefore)

  // The baseline that real power has filled so far, summed from epoch 1 on, is a geometric series.
  const effective = jumpBaseline(BASELINE_INITIAL_BYTES, v.networkTimeEpochs)
  const filledSum = mul(effective - BASELINE_INITIAL_BYTES, fromRatio(BASELINE_GROWTH, BASELINE_GROWTH - ONE))
  const theta = BigInt(v.networkTimeEpochs) * ONE
  const qaBytes = BigInt(nodes) * (BigInt(v.genesisQaGibPerMiner) << 30n)
  // Half of a miner's quality-adjusted power or less is raw; the first half hour corrects the guess.
  const reward = computeEpochReward(v.startEpoch, theta, theta + ONE / 8n, MAINNET_ALLOCATION)
  network.epoch[0] = v.startEpoch
  network.epochRewardAtto.set(0, reward)
  network.baselineBytes.set(0, jumpBaseline(BASELINE_INITIAL_BYTES, v.startEpoch))
  network.cumsumRealised.set(0, filledSum)
  network.cumsumBaseline.set(0, filledSum)
  network.networkTime[0] = v.networkTimeEpochs
  network.effectiveBaselineBytes.set(0, effective)
  writeEstimate(network, "reward", 0, makeEstimate(reward, 0n))
  writeEstimate(network, "qa", 0, makeEstimate(qaBytes, 0n))
  return {
    miner: filled(minerShape, nodes),
    cohort: paged(table(cohortShape, 0)),
    deadline: paged(filled(deadlineShape, nodes * DEADLINES)),
    vesting: paged(filled(vestingShape, nodes * VESTING_DAYS), VESTING_PAGE),
    lookback: filled(lookbackShape, nodes * KEPT_SLOTS),
    kept: filled(keptShape, KEPT_SLOTS),
    ticket: filled(ticketShape, WINS_MAX),
    network,
    ...chainGenesis(nodes, v.baseFeeAtto),
    ledger: books,
    ...genesisDeals(nodes),
    ...genesisPossession(nodes),
  }
}

export const stateTables = (s: State): Readonly<Record<string, AnyTable>> => ({
  miner: s.miner,
  cohort: s.cohort,
  deadline: s.deadline,
  vesting: s.vesting,
  lookback: s.lookback,
  kept: s.kept,
  ticket: s.ticket,
  network: s.network,
  ...chainTables(s),
  ...tablesOf(s.ledger),
  ...dealTables(s),
  ...possessionTables(s),
})

/** Large, and mostly still on a quiet day: hashed only where they moved. */
export const seldom = ["cohort", "deadline", "vesting", "lookback", ...chainSeldom, ...seldomDeals, ...seldomPossession] as const
