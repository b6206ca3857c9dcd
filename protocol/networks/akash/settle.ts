/** What falls due by itself: the hour's and the day's table of contents. Leases are not among it: escrow is settled when somebody acts. */
import { DAY, HOUR } from "../../kernel/clock.ts"
import { mulDivFloor } from "../../kernel/money.ts"
import type { Cadence } from "../../kernel/network.ts"
import { isOpen } from "../../kernel/slots.ts"
import { addRow } from "../../kernel/table.ts"
import { supply } from "../../ledger/ledger.ts"
import { isOldDebt } from "./accounts.ts"
import { countMissed, heightAt, missedMax, refuseTime } from "./chain-clock.ts"
import { endBlock } from "./decide-bme.ts"
import type { Events } from "./events.ts"
import { clamp, computeProvision, computeStep } from "./inflation.ts"
import * as dec from "./legacy-dec.ts"
import type { AkashParams } from "./params.ts"
import { breakerAt } from "./price-of-akt.ts"
import { BONDED, OVERDRAWN, type State } from "./state.ts"
import { VALIDATORS_MAX } from "./units.ts"

const perThousand = (permille: number): dec.Dec => (BigInt(permille) * dec.ONE) / 1000n

export const cadences: Readonly<Record<"hour" | "day", Cadence<State, Events, AkashParams>>> = {
  hour: {
    because: "Blocks are counted and absent validators looked for hourly; on chain every block does both.",
    everySeconds: HOUR,
    lines: {
      countBlocks(state, at, { out, params }) {
        const { chain } = state
        if (refuseTime(state, at) !== undefined) return
        const height = heightAt(state, at)
        const to = out.BlocksCounted
        const r = addRow(to)
        to.height[r] = height
        // The anchor is a block's own time, so that no part of a block is lost at a count.
        to.anchorMs[r] = chain.anchorMs[0] + (height - chain.height[0]) * chain.blockMs[0]
        to.blockMs[r] = params.blockMs
        to.atS[r] = at
      },
      jailAbsent(state, at, { out, params }) {
        const { validator } = state
        if (refuseTime(state, at) !== undefined) return
        const height = heightAt(state, at)
        const most = missedMax(params)
        for (let v = 0; v < VALIDATORS_MAX; v++) {
          if (validator.state[v] !== BONDED || countMissed(state, v, params.signedWindowBlocks, height) <= most) continue
          const to = out.ValidatorJailed
          const r = addRow(to)
          to.validator[r] = v
          to.slashed[r] = mulDivFloor(validator.tokens[v], params.downtimeSlashPermille, 1000)
          to.untilS[r] = at + params.jailSeconds
          to.atS[r] = at
        }
      },
      lookAtCollateral(state, at, { out, params }) {
        if (params.bmeOn === 0 || refuseTime(state, at) !== undefined) return
        if (breakerAt(state, params, at).status !== state.chain.status[0]) endBlock(state, params, out, at)
      },
    },
  },
  day: {
    because: "Inflation of a day's blocks at once, stake that came free, and debts nobody will pay.",
    everySeconds: DAY,
    lines: {
      mintInflation(state, at, { out, params }) {
        const { chain, validator, ledger: l } = state
        if (refuseTime(state, at) !== undefined) return
        const height = heightAt(state, at)
        const blocks = height - chain.mintedHeight[0]
        if (blocks <= 0) return
        let bonded = 0n
        for (let v = 0; v < VALIDATORS_MAX; v++) if (validator.state[v] === BONDED) bonded += BigInt(validator.tokens[v])
        const total = supply(l, "akt")
        const ratio = dec.quo(dec.fromWhole(bonded), dec.fromWhole(total))
        const step = computeStep(ratio, {
          rateChange: perThousand(params.inflationChangePermille),
          goalBonded: perThousand(params.goalBondedPermille),
          blocksPerYear: params.blocksPerYear,
        })
        const [low, high] = [perThousand(params.inflationMinPermille), perThousand(params.inflationMaxPermille)]
        const inflation = clamp(chain.inflation.get(0) + step * BigInt(blocks), low, high)
        const each = computeProvision(dec.mul(inflation, dec.fromWhole(total)), params.blocksPerYear)
        const to = out.InflationMinted
        const r = addRow(to)
        to.amount.set(r, each * BigInt(blocks))
        to.inflation.set(r, inflation)
        to.blocks[r] = blocks
        to.height[r] = height
        to.atS[r] = at
      },
      completeUnbonding(state, at, { out }) {
        const { unbonding } = state
        if (refuseTime(state, at) !== undefined) return
        for (let row = 0; row < unbonding.length; row++) {
          if (!isOpen(unbonding, row) || unbonding.completesS[row] > at) continue
          const to = out.UnbondingCompleted
          const r = addRow(to)
          to.unbonding[r] = row
          to.atS[r] = at
        }
      },
      forgetDebts(state, at, { out, params }) {
        const { deployment } = state
        if (refuseTime(state, at) !== undefined) return
        for (let d = 0; d < deployment.length; d++) {
          if (!isOpen(deployment, d) || deployment.state[d] !== OVERDRAWN) continue
          if (!isOldDebt(deployment.endedS[d], at, params.debtKeptDays)) continue
          const to = out.DebtForgotten
          const r = addRow(to)
          to.deployment[r] = d
          to.atS[r] = at
        }
      },
    },
  },
}
