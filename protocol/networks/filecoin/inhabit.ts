/**
 * Storage providers and their owners in a simulated world: they prove what they can, when they run.
 *
 * They act at instants that do not depend on the length of a tick: half hours, epochs, five minutes, midnights, and the moment
 * truth changes, at which the world cuts every tick. Of themselves they remember nothing but which losses were found: what they are
 * follows from dice keyed by the node.
 */
import { DAY } from "../../kernel/clock.ts"
import type { Inhabit, InhabitContext, Inhabitants } from "../../kernel/habitat.ts"
import type { Values } from "../../kernel/param.ts"
import { below, block, stream } from "../../kernel/random.ts"
import { addRow, reserve } from "../../kernel/table.ts"
import { availableOf, conditionsOf, isInDebt } from "./books.ts"
import { epochAt, isInHistory, openDeadline, slotAt, SLOT_S } from "./chain-time.ts"
import { countDeadline } from "./cohorts.ts"
import type { Commands } from "./commands.ts"
import { DEADLINES } from "./deadlines.ts"
import { CERTIFICATE_S } from "./decide-blocks.ts"
import { EPOCH_SECONDS, EPOCHS_PER_DAY } from "./epoch.ts"
import { isStrongQuorum } from "./f3.ts"
import { dealers } from "./inhabit-deals.ts"
import { BEACON, CONSENSUS, FAST_FINALITY, facilities } from "./inhabit-facilities.ts"
import { keepers } from "./inhabit-possession.ts"
import { watch } from "./inhabit-disputes.ts"
import { losses, memory } from "./inhabit-losses.ts"
import { newReach, serveRetrievals } from "./inhabit-serve.ts"
import { drawSizes } from "./inhabit-sizes.ts"
import { observer, observes } from "./inhabit-truth.ts"
import { networkPowerGib } from "./network-clock.ts"
import type { FilecoinParams } from "./params.ts"
import { computeCreateMinerDeposit, computeInitialPledge } from "./pledge.ts"
import { SECTOR_BYTES, type State } from "./state.ts"
import { computeMixQaGib } from "./quality.ts"
import { isHalted, roomFor } from "./tipsets.ts"

const SCALED_MAX = 0xffff
/** A deadline this many half hours ahead can still be declared for: it opens in 120 epochs, the cut-off is at 70. */
const DECLARE_AHEAD = 2

const HONEST = 0
const LAZY = 1
const LOSSY = 2
const FORGING = 3

/** The first multiple of `every` at or after `atS`. */
const nextFrom = (atS: number, every: number): number => Math.ceil(atS / every) * every

function enter(context: InhabitContext<State, Commands>): Inhabitants {
  const { habitat, state, commands, submit } = context
  const { nodes, running, throughPermille, lostPermille, skewS } = habitat
  const { miner, network, ticket } = state
  const characters = stream(habitat.seed, "filecoin/character")
  const owners = stream(habitat.seed, "filecoin/owner")
  const funders = stream(habitat.seed, "filecoin/funder")
  const failures = stream(habitat.seed, "filecoin/loss")
  const missingOf = losses(habitat.seed, context.memory)
  const winning = stream(habitat.seed, "filecoin/winning-post")
  const verifiedDice = stream(habitat.seed, "filecoin/verified")
  const beacon = stream(habitat.seed, "filecoin/beacon")
  const offsets = stream(habitat.seed, "filecoin/offset")
  const services = stream(habitat.seed, "filecoin/facility")
  const order = stream(habitat.seed, "filecoin/order")
  const skippers = stream(habitat.seed, "filecoin/f3-skipping")
  const skips = Uint16Array.from({ length: nodes }, (_, node) => below(skippers, 1000, node))
  const words = new Uint32Array(4)
  const demand = new Float64Array(nodes)
  const reach = newReach(nodes)
  // The truth and half hour at which everyone was last asked for a proof: spares asking again, never changes who proves.
  let seenTruth = -1
  let seenSlot = -1
  // Is somebody still waiting for room in a block? Asked again at every epoch until nobody is.
  let isWaiting = false

  const read = (): Values<FilecoinParams> => habitat.params() as Values<FilecoinParams>
  const isUp = (node: number): boolean => running[node] === 1 && throughPermille[node] > 0
  /** A block or a signature dated by a clock that is off by half an epoch belongs to another one, and is refused. */
  const isLate = (node: number): boolean => skewS !== undefined && Math.abs(skewS[node]) * 2 >= EPOCH_SECONDS
  const thousandth = Uint16Array.from({ length: nodes }, (_, node) => below(characters, 1000, node))
  const characterOf = (node: number, v: Values<FilecoinParams>): number => {
    if (lostPermille !== undefined && lostPermille[node] > 0) return LOSSY
    const at = thousandth[node]
    if (at < v.lossyPermille) return LOSSY
    if (at < v.lossyPermille + v.lazyPermille) return LAZY
    // From the other end: more forging providers turn none of the lossy and lazy ones, while there are others.
    return at >= 1000 - v.forgingPermille ? FORGING : HONEST
  }
  const watching = watch(habitat.seed, state, commands, (node, v) => characterOf(node, v) === FORGING)

  const losesData = (node: number): boolean => characterOf(node, read()) === LOSSY
  const observing = observer(habitat, state)
  /** Providers that lose data: only what they hold can change without a deal or the truth about them changing. */
  const losing = (): Uint32Array => {
    const { lossyPermille } = read()
    if (losers.permille !== lossyPermille) {
      losers.permille = lossyPermille
      losers.nodes = Uint32Array.from([...thousandth.keys()].filter((node) => thousandth[node] < lossyPermille))
    }
    return losers.nodes
  }
  const losers = { permille: -1, nodes: new Uint32Array(0) }
  const market = dealers(context, isUp, losesData)
  const warm = keepers(context, isUp, losesData)

  /**
   * Every provider that is up and has not proven its open deadline does so, as far as blocks have room: who is first changes with
   * the half hour. Returns whether somebody waits.
   */
  const prove = (v: Values<FilecoinParams>, atS: number): boolean => {
    const to = commands.SubmitWindowPoSt
    const unsound = commands.SubmitUnsoundWindowPoSt
    const slot = slotAt(atS)
    const room = roomFor(state, v, slot)
    let left = v.proofMegaGas === 0 ? (room < 0 ? 0 : Infinity) : Math.floor(room / v.proofMegaGas)
    if (left <= 0) return true
    reserve(to, nodes)
    const phase = slot % DEADLINES
    const first = phase * nodes
    const { live, faulty, recovering, unproven } = state.deadline
    const { offset, provenSlot } = miner
    const honestFrom = v.lossyPermille
    const honestTo = 1000 - v.forgingPermille
    const shift = below(order, nodes, slot)
    let waits = false
    for (let k = 0; k < nodes; k++) {
      const node = k + shift < nodes ? k + shift : k + shift - nodes
      const d = first + node
      const provable = live[d] - faulty[d] + recovering[d]
      if (provable === 0 || provenSlot[node] === slot || running[node] === 0 || throughPermille[node] === 0) continue
      if (left-- <= 0) {
        waits = true
        break
      }
      const deadline = phase < offset[node] ? phase + DEADLINES - offset[node] : phase - offset[node]
      let skipped = 0
      if (lostPermille !== undefined && lostPermille[node] > 0) {
        // What was lost at once is found deadline by deadline, over a day.
        const missing = missingOf(node, deadline, lostPermille[node], live[d], faulty[d])
        // Where nothing is left there is nothing to prove: the deadline's close finds it.
        if (missing.isAll || missing.sectors >= provable) continue
        skipped = Math.min(live[d] - faulty[d] - unproven[d], missing.sectors)
      } else if (thousandth[node] < honestFrom) {
        const active = live[d] - faulty[d] - unproven[d]
        if (active > 0 && below(failures, 1000, node, slot) < v.lossPermille) {
          // The last one gone leaves nothing to prove.
          if (provable === 1) continue
          skipped = 1
        }
      } else if (
        thousandth[node] >= honestTo &&
        characterOf(node, v) === FORGING &&
        recovering[d] === 0 &&
        v.disputesOn === 1 &&
        watching.isGone(v, node, deadline)
      ) {
        const u = addRow(unsound)
        unsound.node[u] = node
        unsound.deadline[u] = deadline
        unsound.atS[u] = atS
        continue
      }
      const r = to.length++
      to.node[r] = node
      to.deadline[r] = deadline
      to.skipped[r] = skipped
      to.atS[r] = atS
    }
    submit("SubmitWindowPoSt")
    submit("SubmitUnsoundWindowPoSt")
    return waits
  }

  /**
   * Owners pay what their providers owe, and bring as much again for each deadline of a day: the next ones charge too, and a
   * provider in debt cannot declare a recovery. It is burnt at the next settlement.
   */
  const topUp = (v: Values<FilecoinParams>): void => {
    if (network.feeDebtAtto.hi[0] === 0 && network.feeDebtAtto.lo[0] === 0) return
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
    if (network.faulty[0] === network.recovering[0] || isHalted(state, v, slot)) return
    const { faulty: faults, recovering: returning } = miner
    for (let node = 0; node < nodes; node++) {
      if (faults[node] === returning[node] || !isUp(node) || isInDebt(state, node)) continue
      if (epochAt(atS) < miner.freeEpoch[node]) continue
      const kind = characterOf(node, v)
      if (kind === LOSSY || (kind === LAZY && (Math.floor(atS / DAY) + node) % v.lazyDays !== 0)) continue
      const deadline = openDeadline(slot + DECLARE_AHEAD, miner.offset[node])
      // What is gone cannot be recovered: that proof would be verified at once.
      if (kind === FORGING && watching.isGone(v, node, deadline)) continue
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
    if (below(services, 1000, epoch, 2) >= habitat.served(CONSENSUS)) return
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
    for (let t = 0; t < network.tickets[0]; t++) {
      const node = ticket.node[t]
      if (ticket.wins[t] === 0 || network.electedEpoch[0] !== epoch || !isUp(node) || isLate(node)) continue
      // WinningPoSt asks for one sector: faulty ones are not asked for, so only fresh losses, unknown yet, could fail it.
      const character = characterOf(node, v)
      const lost = lostPermille === undefined ? 0 : lostPermille[node]
      if (character === LOSSY && below(winning, 1000, node, epoch) < Math.max(lost, v.lossPermille)) continue
      // A block's own proof is always verified.
      if (character === FORGING && below(winning, 1000, node, epoch) < v.forgedPermille) continue
      const b = addRow(to)
      to.node[b] = node
      to.atS[b] = atS
    }
    submit("ProduceBlock")
  }

  // The scaled power that would sign now, kept while neither truth nor committee moves.
  let signedFor = ""
  let [signed, whole] = [0, 0]

  /** F3: a decision, when two thirds of its committee are there to sign it. Providers may mine and skip it. */
  const certify = (v: Values<FilecoinParams>, atS: number): void => {
    const { committee, f3 } = state
    if (v.f3On === 0 || below(services, 1000, epochAt(atS), 1) >= habitat.served(FAST_FINALITY)) return
    const isFirst = f3.whole[0] === 0
    const now = `${habitat.truthVersion()}/${committee.version}/${v.f3SkippingPermille}`
    if (isFirst || now !== signedFor) {
      signedFor = now
      signed = whole = 0
      const { qa } = networkPowerGib(state)
      if (qa === 0) return
      for (let node = 0; node < nodes; node++) {
        // The first instance takes the power of now.
        const scaled = isFirst ? Math.min(SCALED_MAX, Math.floor((SCALED_MAX * miner.qaGib[node]) / qa)) : committee.scaled[node]
        whole += scaled
        if (isUp(node) && !isLate(node) && skips[node] >= v.f3SkippingPermille) signed += scaled
      }
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
    const all = state.deadline
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
    }
    const { cohort: firstOf, expirationEpoch, length: deadlines } = all
    for (let d = 0; d < deadlines; d++) {
      if (expirationEpoch[d] > soon || firstOf[d] === 0 || all.faulty[d] > 0 || !isUp(d % nodes)) continue
      const to = commands.ExtendSectors
      const r = addRow(to)
      to.node[r] = d % nodes
      to.deadline[r] = openDeadline(Math.floor(d / nodes), miner.offset[d % nodes])
      to.days[r] = v.lifetimeDays
      to.atS[r] = atS
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
      const verified = computeInitialPledge(conditions, BigInt(computeMixQaGib(v.verifiedMixPermille)) << 30n)
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
        bring.verifiedPermille[b] = v.verifiedMixPermille
        bring.ageDays[b] = v.lifetimeDays
        bring.firstExpiryDays[b] = v.extendBeforeDays
        bring.spreadDays[b] = v.lifetimeDays
        bring.atS[b] = atS
      }
      submit("CreateMiner")
      submit("BringSectors")
      market.arrive(v, atS)
      warm.arrive(v, atS)
    },

    act(fromS, toS) {
      if (!isInHistory(fromS)) return
      const v = read()
      const isHalfHour = fromS % SLOT_S === 0
      if (isHalfHour) topUp(v)
      if (isHalfHour) recover(v, fromS)
      if (fromS % DAY === 0) {
        housekeep(v, fromS)
        market.keepHouse(v, fromS)
        warm.keepHouse(v, fromS)
      }
      if (isHalfHour) {
        watching.dispute(v, fromS)
        submit("DisputeWindowPoSt")
      }
      // Truth holds for the whole slice, so whoever is up at its first epoch proves then, or when blocks have room.
      const first = nextFrom(fromS, EPOCH_SECONDS)
      if (first < toS && (isHalfHour || seenTruth !== habitat.truthVersion() || seenSlot !== slotAt(first))) {
        seenTruth = habitat.truthVersion()
        seenSlot = slotAt(first)
        isWaiting = true
        warm.prove(v, first)
      }
      for (let atS = first; atS < toS; atS += EPOCH_SECONDS) {
        elect(v, atS)
        if (isWaiting) isWaiting = prove(v, atS)
        if (atS % CERTIFICATE_S === 0) certify(v, atS)
      }
    },

    serve(fromS, toS, byNode) {
      return serveRetrievals(habitat, state, market.held, losing(), { fromS, toS }, demand, reach, byNode)
    },

    observe() {
      const { held, gone } = market.count()
      return { ...observing(), "objects.held": held, "objects.gone": gone }
    },
  }
}

export const inhabit: Inhabit<State, Commands> = {
  profile: "storageProviders",
  facilities,
  demandMilliPerNodeMinute: (params) => params.retrievalsPerMinute * 1000,
  observes,
  memory,
  enter,
}
