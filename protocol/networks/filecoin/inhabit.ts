/**
 * Storage providers and their owners in a simulated world: they prove what they can, when they run.
 *
 * They act at instants that do not depend on the length of a tick: half hours, epochs, five minutes, midnights, and the moment
 * truth changes, at which the world cuts every tick. They remember nothing: what they are follows from dice keyed by the node.
 */
import { DAY, MINUTE } from "../../kernel/clock.ts"
import type { Facility, Inhabit, InhabitContext, Inhabitants } from "../../kernel/habitat.ts"
import type { Values } from "../../kernel/param.ts"
import { below, block, stream } from "../../kernel/random.ts"
import { addRow } from "./add-row.ts"
import { availableOf, conditionsOf, isInDebt } from "./books.ts"
import { epochAt, isInHistory, openDeadline, slotAt, SLOT_S } from "./chain-time.ts"
import { countDeadline, firstCohort, nextCohort } from "./cohorts.ts"
import type { Commands } from "./commands.ts"
import { DEADLINES } from "./deadlines.ts"
import { EPOCH_SECONDS, EPOCHS_PER_DAY } from "./epoch.ts"
import { isStrongQuorum } from "./f3.ts"
import { serveRetrievals } from "./inhabit-serve.ts"
import { drawSizes } from "./inhabit-sizes.ts"
import { observer, observes } from "./inhabit-truth.ts"
import { networkPowerGib } from "./network-clock.ts"
import type { FilecoinParams } from "./params.ts"
import { computeCreateMinerDeposit, computeInitialPledge } from "./pledge.ts"
import { SECTOR_BYTES, type State } from "./state.ts"
import { computeQaBytesMax } from "./quality.ts"

const CERTIFY_S = 5 * MINUTE
const SCALED_MAX = 0xffff
/** A deadline this many half hours ahead can still be declared for: it opens in 120 epochs, the cut-off is at 70. */
const DECLARE_AHEAD = 2

export const BEACON = "beacon"
export const FAST_FINALITY = "fast-finality"
export const facilities: readonly Facility[] = [
  {
    name: BEACON,
    because:
      "drand, from which every epoch's election follows. Served: share of epochs that get their randomness; without it nobody makes a block. It cannot be corrupt: everyone verifies it.",
  },
  {
    name: FAST_FINALITY,
    because:
      "F3's own software, which stood still four times in its first year while blocks went on. Served: share of its decisions that come about. It cannot be corrupt: a certificate without two thirds is refused.",
  },
]

const HONEST = 0
const LAZY = 1
const LOSSY = 2

/** The first multiple of `every` at or after `atS`. */
const nextFrom = (atS: number, every: number): number => Math.ceil(atS / every) * every

function enter({ habitat, state, commands, submit }: InhabitContext<State, Commands>): Inhabitants {
  const { nodes, running, throughPermille } = habitat
  const { cohort, miner, network } = state
  const characters = stream(habitat.seed, "filecoin/character")
  const owners = stream(habitat.seed, "filecoin/owner")
  const funders = stream(habitat.seed, "filecoin/funder")
  const losses = stream(habitat.seed, "filecoin/loss")
  const winning = stream(habitat.seed, "filecoin/winning-post")
  const verifiedDice = stream(habitat.seed, "filecoin/verified")
  const beacon = stream(habitat.seed, "filecoin/beacon")
  const offsets = stream(habitat.seed, "filecoin/offset")
  const services = stream(habitat.seed, "filecoin/facility")
  const words = new Uint32Array(4)
  const demand = new Float64Array(nodes)
  // The truth and half hour at which everyone was last asked for a proof: spares asking again, never changes who proves.
  let seenTruth = -1
  let seenSlot = -1

  const read = (): Values<FilecoinParams> => habitat.params() as Values<FilecoinParams>
  const isUp = (node: number): boolean => running[node] === 1 && throughPermille[node] > 0
  const characterOf = (node: number, v: Values<FilecoinParams>): number => {
    const at = below(characters, 1000, node)
    return at < v.lossyPermille ? LOSSY : at < v.lossyPermille + v.lazyPermille ? LAZY : HONEST
  }

  /** Every provider that is up and has not proven its open deadline does so. */
  const prove = (v: Values<FilecoinParams>, atS: number): void => {
    const to = commands.SubmitWindowPoSt
    const slot = slotAt(atS)
    for (let node = 0; node < nodes; node++) {
      if (miner.provenSlot[node] === slot || miner.live[node] === 0 || !isUp(node)) continue
      const deadline = openDeadline(slot, miner.offset[node])
      const { live, faulty, recovering, active } = countDeadline(state, node, deadline)
      const provable = live - faulty + recovering
      if (provable === 0) continue
      const isLosing =
        active > 0 && provable > 1 && characterOf(node, v) === LOSSY && below(losses, 1000, node, slot) < v.lossPermille
      const r = addRow(to)
      to.node[r] = node
      to.deadline[r] = deadline
      to.skipped[r] = isLosing ? 1 : 0
      to.atS[r] = atS
    }
    submit("SubmitWindowPoSt")
  }

  /**
   * Owners pay what their providers owe, and bring as much again for each deadline of a day: the next ones charge too, and a
   * provider in debt cannot declare a recovery. It is burnt at the next settlement.
   */
  const topUp = (v: Values<FilecoinParams>): void => {
    const to = commands.FundMiner
    for (let node = 0; node < nodes; node++) {
      if (!isInDebt(state, node) || !isUp(node) || below(funders, 1000, node) >= v.toppingUpPermille) continue
      const r = addRow(to)
      to.node[r] = node
      to.amountAtto.set(r, miner.feeDebtAtto.get(node) * BigInt(DEADLINES))
    }
    submit("FundMiner")
  }

  /** Faults are declared recovered two half hours before their deadline; by lazy providers on some days, of lost data never. */
  const recover = (v: Values<FilecoinParams>, atS: number): void => {
    const to = commands.DeclareRecoveries
    const slot = slotAt(atS)
    for (let node = 0; node < nodes; node++) {
      if (miner.faulty[node] === miner.recovering[node] || !isUp(node) || isInDebt(state, node)) continue
      if (epochAt(atS) < miner.freeEpoch[node]) continue
      const character = characterOf(node, v)
      if (character === LOSSY || (character === LAZY && (Math.floor(atS / DAY) + node) % v.lazyDays !== 0)) continue
      const deadline = openDeadline(slot + DECLARE_AHEAD, miner.offset[node])
      const { faulty, recovering } = countDeadline(state, node, deadline)
      if (faulty === recovering) continue
      const r = addRow(to)
      to.node[r] = node
      to.deadline[r] = deadline
      to.atS[r] = atS
    }
    submit("DeclareRecoveries")
  }

  /** An epoch's beacon, and the blocks of those winners that are up and can prove the sector drawn. */
  const elect = (v: Values<FilecoinParams>, atS: number): void => {
    const epoch = epochAt(atS)
    // The first half hour of a run has no power of 900 epochs before, nor any since.
    if (epoch <= network.electedEpoch[0] || network.nowS[0] === 0 || networkPowerGib(state).qa === 0) return
    if (below(services, 1000, epoch, 0) >= habitat.served(BEACON)) return
    block(beacon, words, epoch)
    const drawn = commands.DrawElection
    const r = addRow(drawn)
    drawn.atS[r] = atS
    drawn.w0[r] = words[0]
    drawn.w1[r] = words[1]
    drawn.w2[r] = words[2]
    drawn.w3[r] = words[3]
    submit("DrawElection")
    const to = commands.ProduceBlock
    for (let node = 0; node < nodes; node++) {
      if (miner.ticketWins[node] === 0 || miner.ticketEpoch[node] !== epoch || !isUp(node)) continue
      // WinningPoSt asks for one sector: faulty ones are not asked for, so only fresh losses, unknown yet, could fail it.
      if (characterOf(node, v) === LOSSY && below(winning, 1000, node, epoch) < v.lossPermille) continue
      const b = addRow(to)
      to.node[b] = node
      to.atS[b] = atS
    }
    submit("ProduceBlock")
  }

  /** F3: a decision, when two thirds of the scaled power are there to sign it. */
  const certify = (v: Values<FilecoinParams>, atS: number): void => {
    if (v.f3On === 0 || below(services, 1000, epochAt(atS), 1) >= habitat.served(FAST_FINALITY)) return
    const { qa } = networkPowerGib(state)
    if (qa === 0) return
    let signed = 0
    let whole = 0
    for (let node = 0; node < nodes; node++) {
      const scaled = Math.floor((SCALED_MAX * miner.qaGib[node]) / qa)
      whole += scaled
      if (isUp(node)) signed += scaled
    }
    if (whole === 0 || !isStrongQuorum(signed, whole)) return
    const to = commands.CertifyFinality
    const r = addRow(to)
    to.atS[r] = atS
    to.signed[r] = signed
    to.whole[r] = whole
    submit("CertifyFinality")
  }

  /** Owners take out what is free; providers extend what would end soon. */
  const housekeep = (v: Values<FilecoinParams>, atS: number): void => {
    const soon = epochAt(atS) + v.extendBeforeDays * EPOCHS_PER_DAY
    for (let node = 0; node < nodes; node++) {
      if (miner.created[node] === 0 || !isUp(node)) continue
      if (below(owners, 1000, node) < v.withdrawingPermille && !isInDebt(state, node)) {
        const free = availableOf(state, node)
        if (free > 0n) {
          const to = commands.WithdrawBalance
          const r = addRow(to)
          to.node[r] = node
          to.amountAtto.set(r, free)
        }
      }
      for (let deadline = 0; deadline < DEADLINES; deadline++) {
        let isEnding = false
        let isFaulty = false
        for (let c = firstCohort(state, node, deadline); c >= 0; c = nextCohort(state, c)) {
          isEnding ||= cohort.expirationEpoch[c] <= soon
          isFaulty ||= cohort.faulty[c] > 0
        }
        if (!isEnding || isFaulty) continue
        const to = commands.ExtendSectors
        const r = addRow(to)
        to.node[r] = node
        to.deadline[r] = deadline
        to.days[r] = v.lifetimeDays
        to.atS[r] = atS
      }
    }
    submit("WithdrawBalance")
    submit("ExtendSectors")
  }

  return {
    arrive() {
      const v = read()
      const atS = habitat.beginS
      // Everyone comes at the prices of the first moment: what it takes is known before anyone comes.
      const conditions = conditionsOf(state, v, network.epoch[0])
      const sizes = drawSizes(habitat.seed, nodes, v.sectorsPerDeadline, v.sizeSpreadPermille)
      const plain = computeInitialPledge(conditions, SECTOR_BYTES)
      const verified = computeInitialPledge(conditions, computeQaBytesMax(SECTOR_BYTES))
      const deposit = v.minerDepositOn === 1 ? computeCreateMinerDeposit(conditions) : 0n
      const verifiedThousandths = v.verifiedPermille * DEADLINES
      for (let node = 0; node < nodes; node++) {
        const whole = Math.floor((verifiedThousandths + below(verifiedDice, 1000, node)) / 1000)
        const verifiedDeadlines = Math.min(DEADLINES, whole)
        const pledge =
          BigInt(sizes[node]) * (BigInt(verifiedDeadlines) * verified + BigInt(DEADLINES - verifiedDeadlines) * plain)
        const create = commands.CreateMiner
        const r = addRow(create)
        create.node[r] = node
        create.offset[r] = below(offsets, DEADLINES, node)
        create.fundsAtto.set(r, deposit + pledge + (pledge * BigInt(v.freeFundsPermille)) / 1000n + 1n)
        const bring = commands.BringSectors
        const b = addRow(bring)
        bring.node[b] = node
        bring.sectorsPerDeadline[b] = sizes[node]
        bring.verifiedDeadlines[b] = verifiedDeadlines
        bring.ageDays[b] = v.lifetimeDays
        bring.firstExpiryDays[b] = v.extendBeforeDays
        bring.spreadDays[b] = v.lifetimeDays
        bring.atS[b] = atS
      }
      submit("CreateMiner")
      submit("BringSectors")
    },

    act(fromS, toS) {
      if (!isInHistory(fromS)) return
      const v = read()
      const isHalfHour = fromS % SLOT_S === 0
      if (isHalfHour) topUp(v)
      if (isHalfHour) recover(v, fromS)
      if (fromS % DAY === 0) housekeep(v, fromS)
      // Truth holds for the whole slice, so whoever is up at its first epoch proves then. Half hours cut every slice.
      const first = nextFrom(fromS, EPOCH_SECONDS)
      if (first < toS && (isHalfHour || seenTruth !== habitat.truthVersion() || seenSlot !== slotAt(first))) {
        seenTruth = habitat.truthVersion()
        seenSlot = slotAt(first)
        prove(v, first)
      }
      for (let atS = first; atS < toS; atS += EPOCH_SECONDS) {
        elect(v, atS)
        if (atS % CERTIFY_S === 0) certify(v, atS)
      }
    },

    serve(fromS, toS, byNode) {
      return serveRetrievals(habitat, state, read().replicas, { fromS, toS }, demand, byNode)
    },

    observe: observer(habitat, state),
  }
}

export const inhabit: Inhabit<State, Commands> = {
  profile: "storageProviders",
  facilities,
  observes,
  demandMilliPerNodeMinute: (params) => params.retrievalsPerMinute * 1000,
  enter,
}
