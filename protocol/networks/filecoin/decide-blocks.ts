/**
 * Elections, blocks, consensus faults and finality.
 *
 * The chain draws every miner's wins by themselves, Poisson with five times its share of the power. Independent Poisson counts
 * are, exactly, one Poisson count of all wins dealt out in proportion: so one draw an epoch and one a win are enough.
 */
import type { Decide } from "../../kernel/network.ts"
import type { Values } from "../../kernel/param.ts"
import { Mixer, philox } from "../../kernel/random.ts"
import { addRow } from "../../kernel/table.ts"
import { Wide } from "../../kernel/wide.ts"
import { standsLot, weighsLots } from "../../resilience/embed/ask.ts"
import { availableOf, estimatesOf, isInDebt, ticketOf } from "./books.ts"
import { epochAt, isInHistory, slotAt } from "./chain-time.ts"
import type { Commands, Refusal } from "./commands.ts"
import { computePoissonTails } from "./election.ts"
import { EXPECTED_WINS_PER_EPOCH } from "./epoch.ts"
import type { Events } from "./events.ts"
import { computeReach, F3_PERIOD_S, isRoundBeginning, isStrongQuorum } from "./f3.ts"
import type { FilecoinParams } from "./params.ts"
import { computeConsensusFaultPenalty, reportConsensusFault } from "./penalties.ts"
import { awardBlockReward } from "./reward.ts"
import { readEstimate } from "./smoothing.ts"
import { KEPT_SLOTS, LOOKBACK_SLOTS, type State, WINS_MAX } from "./state.ts"
import { computeLockedReward } from "./vesting.ts"

type Decisions = Decide<State, Commands, Events, FilecoinParams, Refusal>

const TAILS = computePoissonTails(EXPECTED_WINS_PER_EPOCH << 256n, WINS_MAX)

const HEADS = Float64Array.from(TAILS, (tail) => Number(tail >> 203n))
const TAIL_WORDS = TAILS.map((tail) => Array.from({ length: 8 }, (_, w) => Number((tail >> BigInt(224 - 32 * w)) & 0xffff_ffffn)))

const mixer = new Mixer()
const drawnWords = new Uint32Array(8)
/** Is the draw below a tail? Both as eight words, the highest first. */
function isBelow(tail: readonly number[]): boolean {
  for (let w = 0; w < 8; w++) if (drawnWords[w] !== tail[w]) return drawnWords[w] < tail[w]
  return false
}
/** All wins of an epoch: how many tails lie above a draw of 256 bits (election.ts `countWins`, without bigints). */
function drawWins(): number {
  for (let w = 0; w < 8; w++) drawnWords[w] = mixer.next()
  const head = drawnWords[0] * 0x20_0000 + (drawnWords[1] >>> 11)
  let wins = 0
  while (wins < WINS_MAX && (head < HEADS[wins] || (head === HEADS[wins] && isBelow(TAIL_WORDS[wins])))) wins++
  return wins
}

const words = new Uint32Array(4)
const winners = new Float64Array(WINS_MAX)
const winnings = new Uint8Array(WINS_MAX)

const seenReward = new Wide(1)
/** Row 2 * wins: what a block is paid; the row after it: what of that is locked. */
const awards = new Wide(2 * WINS_MAX + 2)
const isKnown = new Uint8Array(WINS_MAX + 1)
/** The row of `awards` for a block: worked out once for each number of wins while an epoch's reward stands. */
function awardFor(epochReward: Wide, wins: number, balances: Wide, actor: number): number {
  if (epochReward.hi[0] !== seenReward.hi[0] || epochReward.lo[0] !== seenReward.lo[0]) {
    seenReward.hi[0] = epochReward.hi[0]
    seenReward.lo[0] = epochReward.lo[0]
    isKnown.fill(0)
  }
  // What a block is paid depends on what is left only when little is: far from that, the balance need not be asked.
  const isPlenty = balances.hi[actor] > WINS_MAX * (epochReward.hi[0] + 1)
  if (isKnown[wins] === 0 || !isPlenty) {
    const { rewardAtto } = awardBlockReward(epochReward.get(0), wins, 0n, 0n, balances.get(actor))
    awards.set(2 * wins, rewardAtto)
    awards.set(2 * wins + 1, computeLockedReward(rewardAtto))
    isKnown[wins] = isPlenty ? 1 : 0
  }
  return 2 * wins
}

/** The kept power for an epoch's half hour: of 15 half hours before, or the oldest since; -1 when there is none. */
const findKept = ({ kept }: State, slot: number): number => {
  for (let s = slot - LOOKBACK_SLOTS; s <= slot; s++) {
    const k = s % KEPT_SLOTS
    if (kept.slot[k] === s && kept.qaGib[k] > 0) return k
  }
  return -1
}

/** The node that holds GiB number `at` of kept power `k`. */
function ownerOf({ lookback, miner }: State, k: number, at: number): number {
  const first = k * miner.length
  let low = 0
  let high = miner.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (lookback.qaGib[first + middle] > at) high = middle
    else low = middle + 1
  }
  return low
}

/** So often a win is dealt where weights ask for it; then it stays where it is. One deal in a hundred stands where the bounds are widest. */
const DEALS_MAX = 4096

/**
 * To whom a win falls: in proportion to kept power, and to how scarce a provider's domains are where diversity is on (mechanism 10 of
 * protocol/resilience). As many wins as before: the pool is the same.
 */
function dealWin(state: State, v: Values<FilecoinParams>, k: number): number {
  const isWeighed = weighsLots(v)
  for (let deal = 1; ; deal++) {
    const fraction = (mixer.next() * 0x20_0000 + (mixer.next() >>> 11)) / 0x20_0000_0000_0000
    const node = ownerOf(state, k, Math.floor(fraction * state.kept.qaGib[k]))
    if (!isWeighed || deal === DEALS_MAX || standsLot(state, v, node, mixer.next())) return node
  }
}

export const decideBlocks: Pick<Decisions, "DrawElection" | "ProduceBlock" | "ReportConsensusFault" | "CertifyFinality"> = {
  DrawElection(state, rows, begin, end, { out, params, refuse }) {
    const { miner, network } = state
    for (let i = begin; i < end; i++) {
      const epoch = epochAt(rows.atS[i])
      if (!isInHistory(rows.atS[i])) refuse(i, "before_genesis")
      else if (epoch <= network.electedEpoch[0]) refuse(i, "election_is_over")
      else {
        const k = findKept(state, slotAt(rows.atS[i]))
        if (k < 0) {
          refuse(i, "no_power_table")
          continue
        }
        // Stirred first: whatever the beacon's words are, the small generator starts well mixed.
        philox(words, rows.w0[i], rows.w1[i], rows.w2[i], rows.w3[i], 0, 0)
        mixer.seed(words)
        const wins = drawWins()
        let n = 0
        for (let w = 0; w < wins; w++) {
          const node = dealWin(state, params, k)
          // Who is eligible is looked up now, not 900 epochs ago (lotus `MinerEligibleToMine`).
          if (miner.qaGib[node] === 0 || isInDebt(state, node) || epoch < miner.freeEpoch[node]) continue
          let j = 0
          while (j < n && winners[j] !== node) j++
          if (j === n) {
            winners[n] = node
            winnings[n++] = 0
          }
          winnings[j]++
        }
        const drawn = out.ElectionDrawn
        const r = addRow(drawn)
        drawn.epoch[r] = epoch
        drawn.wins[r] = wins
        for (let j = 0; j < n; j++) {
          const to = out.TicketWon
          const t = addRow(to)
          to.node[t] = winners[j]
          to.epoch[t] = epoch
          to.wins[t] = winnings[j]
        }
      }
    }
  },

  ProduceBlock(state, rows, begin, end, { out, refuse }) {
    const { ledger, miner, network, ticket } = state
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const epoch = epochAt(rows.atS[i])
      if (node >= miner.length || miner.created[node] === 0) refuse(i, "unknown_miner")
      else if (!isInHistory(rows.atS[i])) refuse(i, "before_genesis")
      else if (epoch !== network.electedEpoch[0] || ticketOf(state, node) < 0) refuse(i, "not_elected")
      else {
        const wins = ticket.wins[ticketOf(state, node)]
        const award = awardFor(network.epochRewardAtto, wins, ledger.tokens.fil.balance, ledger.account.reward_actor)
        const to = out.BlockProduced
        const r = addRow(to)
        to.node[r] = node
        to.epoch[r] = epoch
        to.wins[r] = wins
        to.rewardAtto.hi[r] = awards.hi[award]
        to.rewardAtto.lo[r] = awards.lo[award]
        to.lockedAtto.hi[r] = awards.hi[award + 1]
        to.lockedAtto.lo[r] = awards.lo[award + 1]
      }
    }
  },

  ReportConsensusFault(state, rows, begin, end, { out, refuse }) {
    const { miner } = state
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const now = epochAt(rows.atS[i])
      const fault = epochAt(rows.faultS[i])
      if (node >= miner.length || miner.created[node] === 0) refuse(i, "unknown_miner")
      else if (!isInHistory(rows.atS[i])) refuse(i, "before_genesis")
      else if (fault >= now) refuse(i, "fault_not_past")
      else {
        const { result, consensusFaultElapsed } = reportConsensusFault(miner.freeEpoch[node] - 1, now, fault)
        if (result === "too old") {
          refuse(i, "fault_too_old")
          continue
        }
        const smoothed = readEstimate(estimatesOf(state).reward)
        const penalty = computeConsensusFaultPenalty(smoothed > 0n ? smoothed : 0n)
        const isPaid = availableOf(state, node) >= penalty.penaltyAtto
        const to = out.ConsensusFaultReported
        const r = addRow(to)
        to.node[r] = node
        to.untilEpoch[r] = consensusFaultElapsed
        to.burntAtto.set(r, isPaid ? penalty.burnAtto : 0n)
        to.reporterAtto.set(r, isPaid ? penalty.reporterAtto : 0n)
        to.owedAtto.set(r, isPaid ? 0n : penalty.penaltyAtto)
      }
    }
  },

  CertifyFinality({ chain, f3, network }, rows, begin, end, { out, params: v, refuse }) {
    for (let i = begin; i < end; i++) {
      const atS = rows.atS[i]
      // F3 votes on a tipset a few epochs behind the head (EC head lookback), and there is none beyond the last block.
      const newest = epochAt(atS) - F3_HEAD_LOOKBACK
      const head = chain.begun[0] === 1 ? Math.min(newest, network.blockEpoch[0]) : newest
      // One certificate stands for the instances of five minutes; the first one has the chain before it behind it.
      const epoch = f3.instance[0] === 0 ? head : computeReach(network.finalEpoch[0], head, INSTANCES_PER_CERTIFICATE)
      if (v.f3On === 0) refuse(i, "f3_is_off")
      else if (epoch < 0 || !isInHistory(atS)) refuse(i, "before_genesis")
      else if (rows.whole[i] === 0 || !isStrongQuorum(rows.signed[i], rows.whole[i])) refuse(i, "no_strong_quorum")
      else if (epoch <= network.finalEpoch[0] || atS <= f3.beganS[0]) refuse(i, "certificate_is_stale")
      else if (f3.whole[0] > 0 && rows.whole[i] !== f3.whole[0]) refuse(i, "wrong_committee")
      else if (f3.instance[0] > 0 && v.f3BackoffOn === 1 && !isRoundBeginning(atS - f3.beganS[0], CERTIFICATE_S + 1))
        refuse(i, "between_rounds")
      else {
        const to = out.FinalityCertified
        const r = addRow(to)
        to.epoch[r] = epoch
        to.atS[r] = atS
        to.instances[r] = INSTANCES_PER_CERTIFICATE
      }
    }
  },
}

/** Epochs (F3 manifest: EC head lookback 4). */
export const F3_HEAD_LOOKBACK = 4
/** Ours: one certificate every five minutes stands for all instances of them. */
export const CERTIFICATE_S = 300
export const INSTANCES_PER_CERTIFICATE = CERTIFICATE_S / F3_PERIOD_S
