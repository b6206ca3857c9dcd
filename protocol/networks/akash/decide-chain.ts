/** Commands of the chain itself, of staking and of the price feeds become events or refusals: read, refuse, write. */
import { DAY } from "../../kernel/clock.ts"
import { mulDivFloor } from "../../kernel/money.ts"
import type { Decide } from "../../kernel/network.ts"
import type { Tables } from "../../kernel/row-type.ts"
import { isOpen } from "../../kernel/slots.ts"
import { addRow } from "../../kernel/table.ts"
import { canPay } from "../../ledger/ledger.ts"
import { heightAt, isQuorum, refuseTime } from "./chain-clock.ts"
import type { Commands, Refusal } from "./commands.ts"
import type { Events } from "./events.ts"
import type { AkashParams } from "./params.ts"
import { pointRow } from "./price-of-akt.ts"
import { JAILED, TOMBSTONED, type State } from "./state.ts"
import { MICRO_MAX, POINTS } from "./units.ts"

type ChainCommand =
  | "StartChain"
  | "MissBlocks"
  | "SignBlocks"
  | "Unjail"
  | "SubmitEvidence"
  | "Delegate"
  | "Undelegate"
  | "FeedPrice"
  | "StopFeed"

function writeHalt(state: State, out: Tables<Events>, atS: number): void {
  if (state.chain.halted[0] === 1) return
  const to = out.ChainHalted
  const r = addRow(to)
  to.height[r] = heightAt(state, atS)
  to.atS[r] = atS
}

/** Signatures are facts about blocks, not transactions in them: they are told while the chain stands still too. */
const refuseSignature = (state: State, atS: number): Refusal | undefined => {
  const wrong = refuseTime(state, atS)
  return wrong === "chain_halted" ? undefined : wrong
}

export const decideChain: Pick<Decide<State, Commands, Events, AkashParams, Refusal>, ChainCommand> = {
  StartChain({ chain }, rows, begin, end, { out, params, refuse }) {
    for (let i = begin; i < end; i++) {
      if (chain.started[0] === 1) refuse(i, "chain_started")
      else {
        const to = out.ChainStarted
        const r = addRow(to)
        to.height[r] = 1
        to.blockMs[r] = params.blockMs
        to.atS[r] = rows.atS[i]
      }
    }
  },

  MissBlocks(state, rows, begin, end, { out, refuse }) {
    const { validator } = state
    for (let i = begin; i < end; i++) {
      const v = rows.validator[i]
      const atS = rows.atS[i]
      const wrong = refuseSignature(state, atS)
      if (wrong !== undefined) refuse(i, wrong)
      else if (validator.state[v] === 0) refuse(i, "unknown_validator")
      else if (validator.missingFrom[v] > 0) refuse(i, "already_missing")
      else {
        const to = out.BlocksMissed
        const r = addRow(to)
        to.validator[r] = v
        to.height[r] = heightAt(state, atS)
        to.atS[r] = atS
        if (!isQuorum(state, v, { signs: false })) writeHalt(state, out, atS)
      }
    }
  },

  SignBlocks(state, rows, begin, end, { out, refuse }) {
    const { chain, validator } = state
    for (let i = begin; i < end; i++) {
      const v = rows.validator[i]
      const atS = rows.atS[i]
      const wrong = refuseSignature(state, atS)
      if (wrong !== undefined) refuse(i, wrong)
      else if (validator.state[v] === 0) refuse(i, "unknown_validator")
      else if (validator.missingFrom[v] === 0) refuse(i, "already_signing")
      else {
        const to = out.BlocksSigned
        const r = addRow(to)
        to.validator[r] = v
        to.height[r] = heightAt(state, atS)
        to.atS[r] = atS
        if (chain.halted[0] === 1 && isQuorum(state, v, { signs: true })) {
          const resumed = out.ChainResumed
          const q = addRow(resumed)
          resumed.height[q] = chain.height[0]
          resumed.atS[q] = atS
        }
      }
    }
  },

  Unjail(state, rows, begin, end, { out, refuse }) {
    const { validator } = state
    for (let i = begin; i < end; i++) {
      const v = rows.validator[i]
      const atS = rows.atS[i]
      const wrong = refuseTime(state, atS)
      if (wrong !== undefined) refuse(i, wrong)
      else if (validator.state[v] === TOMBSTONED) refuse(i, "tombstoned")
      else if (validator.state[v] !== JAILED) refuse(i, "not_jailed")
      else if (atS < validator.jailedUntilS[v]) refuse(i, "still_jailed")
      else {
        const to = out.ValidatorUnjailed
        const r = addRow(to)
        to.validator[r] = v
        to.height[r] = heightAt(state, atS)
        to.atS[r] = atS
      }
    }
  },

  SubmitEvidence(state, rows, begin, end, { out, params, refuse }) {
    const { validator, unbonding } = state
    for (let i = begin; i < end; i++) {
      const v = rows.validator[i]
      const atS = rows.atS[i]
      const wrong = refuseTime(state, atS)
      if (wrong !== undefined) refuse(i, wrong)
      else if (validator.state[v] === 0) refuse(i, "unknown_validator")
      else if (validator.state[v] === TOMBSTONED) refuse(i, "tombstoned")
      else {
        const to = out.ValidatorTombstoned
        const r = addRow(to)
        to.validator[r] = v
        to.slashed[r] = mulDivFloor(validator.tokens[v], params.doubleSignSlashPermille, 1000)
        to.atS[r] = atS
        for (let row = 0; row < unbonding.length; row++) {
          if (!isOpen(unbonding, row) || unbonding.validator[row] !== v) continue
          const slashed = out.UnbondingSlashed
          const q = addRow(slashed)
          slashed.unbonding[q] = row
          slashed.amount[q] = mulDivFloor(unbonding.amount[row], params.doubleSignSlashPermille, 1000)
        }
        if (!isQuorum(state, v, { bonded: false })) writeHalt(state, out, atS)
      }
    }
  },

  Delegate(state, rows, begin, end, { out, refuse }) {
    const { validator, ledger: l } = state
    for (let i = begin; i < end; i++) {
      const v = rows.validator[i]
      const amount = rows.amount[i]
      const atS = rows.atS[i]
      const wrong = refuseTime(state, atS)
      if (wrong !== undefined) refuse(i, wrong)
      else if (validator.state[v] === 0) refuse(i, "unknown_validator")
      else if (validator.state[v] === TOMBSTONED) refuse(i, "tombstoned")
      else if (validator.tokens[v] + amount > MICRO_MAX) refuse(i, "deposit_too_large")
      else if (!canPay(l, "akt", l.account.public, amount)) refuse(i, "insufficient_balance")
      else {
        const to = out.Delegated
        const r = addRow(to)
        to.validator[r] = v
        to.amount[r] = amount
        to.atS[r] = atS
        // More stake with one who is missing can cost the others their two thirds.
        if (!isQuorum(state, v, { tokens: amount })) writeHalt(state, out, atS)
      }
    }
  },

  Undelegate(state, rows, begin, end, { out, params, refuse }) {
    const { validator } = state
    for (let i = begin; i < end; i++) {
      const v = rows.validator[i]
      const amount = rows.amount[i]
      const atS = rows.atS[i]
      const wrong = refuseTime(state, atS)
      if (wrong !== undefined) refuse(i, wrong)
      else if (validator.state[v] === 0) refuse(i, "unknown_validator")
      else if (validator.tokens[v] < amount) refuse(i, "stake_too_small")
      else {
        const to = out.Undelegated
        const r = addRow(to)
        to.validator[r] = v
        to.amount[r] = amount
        to.completesS[r] = atS + params.unbondingDays * DAY
        to.atS[r] = atS
        if (!isQuorum(state, v, { tokens: -amount })) writeHalt(state, out, atS)
      }
    }
  },

  FeedPrice(state, rows, begin, end, { out, params, refuse }) {
    const { source, point } = state
    for (let i = begin; i < end; i++) {
      const s = rows.source[i]
      const atS = rows.atS[i]
      const wrong = refuseTime(state, atS)
      // The point that would be dropped still begins the window when the one after it lies inside.
      const isFull = source.points[s] === POINTS && point.atS[pointRow(state, s, POINTS - 2)] > atS - params.twapSeconds
      if (wrong !== undefined) refuse(i, wrong)
      else if (isFull) refuse(i, "points_full")
      else {
        const to = out.PriceFed
        const r = addRow(to)
        to.source[r] = s
        to.nanoUsd[r] = rows.nanoUsd[i]
        to.atS[r] = atS
      }
    }
  },

  StopFeed(state, rows, begin, end, { out, refuse }) {
    const { source } = state
    for (let i = begin; i < end; i++) {
      const s = rows.source[i]
      const wrong = refuseTime(state, rows.atS[i])
      if (wrong !== undefined) refuse(i, wrong)
      else if (source.live[s] === 0) refuse(i, "feed_silent")
      else {
        const to = out.FeedStopped
        const r = addRow(to)
        to.source[r] = s
        to.atS[r] = rows.atS[i]
      }
    }
  },
}
