/** Clients and providers of warm storage in a simulated world. */
import { DAY } from "../../kernel/clock.ts"
import type { InhabitContext } from "../../kernel/habitat.ts"
import type { Values } from "../../kernel/param.ts"
import { below, stream } from "../../kernel/random.ts"
import { isOpen } from "../../kernel/slots.ts"
import { addRow } from "../../kernel/table.ts"
import { epochAt, SLOT_S } from "./chain-time.ts"
import type { Commands } from "./commands.ts"
import { CHALLENGES_MIN, releaseAt, WINDOW_EPOCHS } from "./decide-possession.ts"
import { EPOCHS_PER_DAY } from "./epoch.ts"
import { PROVIDER } from "./events-deals.ts"
import type { FilecoinParams } from "./params.ts"
import { advanceLockup, isDelinquent } from "./pay-account.ts"
import type { State } from "./state.ts"
import { accountOf } from "./state-possession.ts"
import { computeRatePerEpoch } from "./warm-storage.ts"

/** Days of the price that a client pays in at once; 30 of them are locked. */
const PAID_DAYS = 60

export interface Keepers {
  readonly arrive: (v: Values<FilecoinParams>, atS: number) => void
  readonly prove: (v: Values<FilecoinParams>, atS: number) => void
  readonly keepHouse: (v: Values<FilecoinParams>, atS: number) => void
}

export function keepers(
  { habitat, state, commands, submit }: InhabitContext<State, Commands>,
  isUp: (node: number) => boolean,
  losesData: (node: number) => boolean,
): Keepers {
  const { nodes, seed } = habitat
  const { dataSet, dataSetHead, miner } = state
  const chosen = stream(seed, "filecoin/data-set")
  const lapsing = stream(seed, "filecoin/lapsing-client")
  const starts = stream(seed, "filecoin/first-challenge")
  const challenges = stream(seed, "filecoin/challenge")

  const deposit = (node: number, amountUsdfc: bigint): void => {
    const to = commands.DepositPayment
    const r = addRow(to)
    to.node[r] = node
    to.amountUsdfc.set(r, amountUsdfc)
  }
  const priceOf = (gib: number, days: number): bigint => computeRatePerEpoch(BigInt(gib) << 30n) * BigInt(days * EPOCHS_PER_DAY)

  return {
    arrive(v, atS) {
      if (v.pdpOn === 0) return
      const to = commands.CreateDataSet
      for (let node = 0; node < nodes; node++) {
        if (below(chosen, 1000, node) >= v.pdpPermille) continue
        deposit(node, priceOf(v.dataSetGib, PAID_DAYS))
        const r = addRow(to)
        to.client[r] = node
        to.node[r] = node
        to.gib[r] = v.dataSetGib
        to.activationS[r] = atS + below(starts, DAY / SLOT_S, node) * SLOT_S
        to.atS[r] = atS
      }
      submit("DepositPayment")
      submit("CreateDataSet")
    },

    /** At an epoch: who is up and has what the challenges ask for proves, where the window is open. */
    prove(v, atS) {
      if (dataSetHead.open[0] === 0) return
      const epoch = epochAt(atS)
      const to = commands.ProvePossession
      for (let d = 0; d < dataSet.length; d++) {
        const deadline = dataSet.deadlineEpoch[d]
        if (epoch < deadline - WINDOW_EPOCHS || epoch >= deadline || !isOpen(dataSet, d) || !isUp(dataSet.node[d])) continue
        if (isCaught(d, v, epoch, deadline)) continue
        const r = addRow(to)
        to.dataSet[r] = d
        to.node[r] = dataSet.node[d]
        to.challenges[r] = CHALLENGES_MIN
        to.atS[r] = atS
      }
      submit("ProvePossession")
    },

    keepHouse(v, atS) {
      if (dataSetHead.open[0] === 0) return
      const now = epochAt(atS)
      const rail = commands.SettleRail
      const end = commands.TerminateDataSet
      for (let d = 0; d < dataSet.length; d++) {
        if (!isOpen(dataSet, d)) continue
        const client = dataSet.client[d]
        const account = advanceLockup(accountOf(state, client), now)
        const isLow = account.funds - account.lockup < account.rate * BigInt(7 * EPOCHS_PER_DAY)
        if (isLow && dataSet.endEpoch[d] === 0 && below(lapsing, 1000, client) >= v.lapsingPermille)
          deposit(client, priceOf(dataSet.gib[d], PAID_DAYS))
        if (!isUp(dataSet.node[d]) || miner.created[dataSet.node[d]] === 0) continue
        const isLast = dataSet.endEpoch[d] > 0 && now > dataSet.endEpoch[d]
        if ((Math.floor(atS / DAY) + d) % Math.min(30, v.settleDays) === 0 || isLast)
          if (releaseAt(state, d, now).settleUpto > dataSet.settledEpoch[d]) {
            const r = addRow(rail)
            rail.dataSet[r] = d
            rail.atS[r] = atS
          }
        if (dataSet.endEpoch[d] > 0 || !isDelinquent(account, now)) continue
        const r = addRow(end)
        end.dataSet[r] = d
        end.side[r] = PROVIDER
        end.atS[r] = atS
      }
      submit("SettleRail")
      submit("TerminateDataSet")
      submit("DepositPayment")
    },
  }

  /** Five leaves are drawn; a provider that loses data lacks `lossPermille` of a tenth more of them each day. */
  function isCaught(d: number, v: Values<FilecoinParams>, epoch: number, deadline: number): boolean {
    if (!losesData(dataSet.node[d])) return false
    const days = Math.floor((epoch - dataSet.activationEpoch[d]) / EPOCHS_PER_DAY)
    const lostPermille = Math.min(1000, Math.floor((days * v.lossPermille) / 10))
    for (let k = 0; k < CHALLENGES_MIN; k++) if (below(challenges, 1000, d, deadline, k) < lostPermille) return true
    return false
  }
}
