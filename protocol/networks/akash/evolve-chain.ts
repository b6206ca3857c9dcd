/** Events of the chain, staking, prices and burn-mint change the state: total, silent, and blind to anything but their rows. */
import type { Evolve } from "../../kernel/network.ts"
import { closeSlot, openSlot } from "../../kernel/slots.ts"
import { burn, holderOf, mint, post, postCell, postWide } from "../../ledger/ledger.ts"
import { advance } from "./chain-clock.ts"
import type { Events } from "./events.ts"
import { pointRow } from "./price-of-akt.ts"
import { BONDED, JAILED, TOMBSTONED, tokenOf, type State } from "./state.ts"
import { POINTS, UAKT } from "./units.ts"

type ChainEvent =
  | "ChainStarted"
  | "BlocksCounted"
  | "ChainHalted"
  | "ChainResumed"
  | "BlocksMissed"
  | "BlocksSigned"
  | "ValidatorJailed"
  | "ValidatorUnjailed"
  | "ValidatorTombstoned"
  | "UnbondingSlashed"
  | "Delegated"
  | "Undelegated"
  | "UnbondingCompleted"
  | "InflationMinted"
  | "PriceFed"
  | "FeedStopped"
  | "BurnMintRequested"
  | "BurnMintExecuted"
  | "BurnMintRetried"
  | "BurnMintCancelled"
  | "MintStatusChanged"
  | "EpochsSet"

const slash = ({ chain, ledger: l }: State, amount: number): void => {
  burn(l, "akt", l.account.staked, amount)
  chain.slashed.addNumber(0, amount)
}

/** Ends a validator's absence: only the last one is remembered. */
function endAbsence({ validator }: State, v: number, height: number): void {
  if (validator.missingFrom[v] === 0) return
  validator.missedBegin[v] = validator.missingFrom[v] - 1
  validator.missedEnd[v] = height
  validator.missingFrom[v] = 0
}

/** Takes a request from its queue, wherever it stands in it. */
function freeRequest(state: State, q: number): void {
  const { chain, request, requestHead } = state
  const isMint = request.from[q] === UAKT
  const first = isMint ? chain.firstMint : chain.firstSettle
  const last = isMint ? chain.lastMint : chain.lastSettle
  let before = 0
  for (let at = first[0]; at !== q + 1; at = request.next[at - 1]) before = at
  if (before === 0) first[0] = request.next[q]
  else request.next[before - 1] = request.next[q]
  if (last[0] === q + 1) last[0] = before
  const pending = isMint ? chain.pendingUakt : chain.pendingUact
  pending.addNumber(0, -request.amount[q])
  closeSlot(request, requestHead, q)
}

const accountOf = ({ ledger: l }: State, holder: number): number => (holder === 0 ? l.account.public : holderOf(l, holder - 1))

export const evolveChain: Pick<Evolve<State, Events>, ChainEvent> = {
  ChainStarted({ chain }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      chain.started[0] = 1
      chain.height[0] = rows.height[i]
      chain.anchorMs[0] = rows.atS[i] * 1000
      chain.blockMs[0] = rows.blockMs[i]
      chain.nowS[0] = rows.atS[i]
      chain.mintedHeight[0] = rows.height[i]
      chain.burnEpoch[0] = rows.height[i]
      chain.mintEpoch[0] = rows.height[i]
    }
  },

  BlocksCounted(state, rows, begin, end) {
    const { chain } = state
    for (let i = begin; i < end; i++) {
      chain.height[0] = rows.height[i]
      chain.anchorMs[0] = rows.anchorMs[i]
      chain.blockMs[0] = rows.blockMs[i]
      advance(state, rows.atS[i])
    }
  },

  ChainHalted(state, rows, begin, end) {
    const { chain } = state
    for (let i = begin; i < end; i++) {
      chain.halted[0] = 1
      chain.height[0] = rows.height[i]
      chain.haltedS[0] = rows.atS[i]
      chain.halts[0]++
      advance(state, rows.atS[i])
    }
  },

  ChainResumed(state, rows, begin, end) {
    const { chain } = state
    for (let i = begin; i < end; i++) {
      chain.halted[0] = 0
      chain.anchorMs[0] = rows.atS[i] * 1000
      chain.haltedSeconds[0] += rows.atS[i] - chain.haltedS[0]
      advance(state, rows.atS[i])
    }
  },

  BlocksMissed(state, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      state.validator.missingFrom[rows.validator[i]] = rows.height[i] + 1
      advance(state, rows.atS[i])
    }
  },

  BlocksSigned(state, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      endAbsence(state, rows.validator[i], rows.height[i])
      advance(state, rows.atS[i])
    }
  },

  ValidatorJailed(state, rows, begin, end) {
    const { validator } = state
    for (let i = begin; i < end; i++) {
      const v = rows.validator[i]
      validator.state[v] = JAILED
      validator.tokens[v] -= rows.slashed[i]
      validator.jailedUntilS[v] = rows.untilS[i]
      slash(state, rows.slashed[i])
      advance(state, rows.atS[i])
    }
  },

  ValidatorUnjailed(state, rows, begin, end) {
    const { validator } = state
    for (let i = begin; i < end; i++) {
      const v = rows.validator[i]
      validator.state[v] = BONDED
      // Who is jailed starts again with a clean window.
      validator.missingFrom[v] = 0
      validator.missedBegin[v] = validator.missedEnd[v] = 0
      advance(state, rows.atS[i])
    }
  },

  ValidatorTombstoned(state, rows, begin, end) {
    const { validator } = state
    for (let i = begin; i < end; i++) {
      const v = rows.validator[i]
      validator.state[v] = TOMBSTONED
      validator.tokens[v] -= rows.slashed[i]
      slash(state, rows.slashed[i])
      advance(state, rows.atS[i])
    }
  },

  UnbondingSlashed(state, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      state.unbonding.amount[rows.unbonding[i]] -= rows.amount[i]
      slash(state, rows.amount[i])
    }
  },

  Delegated(state, rows, begin, end) {
    const { validator, ledger: l } = state
    for (let i = begin; i < end; i++) {
      validator.tokens[rows.validator[i]] += rows.amount[i]
      post(l, "akt", l.account.public, l.account.staked, rows.amount[i])
      advance(state, rows.atS[i])
    }
  },

  Undelegated(state, rows, begin, end) {
    const { validator, unbonding, unbondingHead } = state
    for (let i = begin; i < end; i++) {
      const row = openSlot(unbonding, unbondingHead)
      unbonding.validator[row] = rows.validator[i]
      unbonding.amount[row] = rows.amount[i]
      unbonding.completesS[row] = rows.completesS[i]
      validator.tokens[rows.validator[i]] -= rows.amount[i]
      advance(state, rows.atS[i])
    }
  },

  UnbondingCompleted(state, rows, begin, end) {
    const { unbonding, unbondingHead, ledger: l } = state
    for (let i = begin; i < end; i++) {
      const row = rows.unbonding[i]
      post(l, "akt", l.account.staked, l.account.public, unbonding.amount[row])
      closeSlot(unbonding, unbondingHead, row)
      advance(state, rows.atS[i])
    }
  },

  InflationMinted(state, rows, begin, end) {
    const { chain, ledger: l } = state
    for (let i = begin; i < end; i++) {
      postCell(l, "akt", l.account.issuance, l.account.public, rows.amount, i)
      chain.inflatedUakt.add(0, rows.amount.hi[i], rows.amount.lo[i])
      chain.inflation.set(0, rows.inflation.get(i))
      chain.mintedHeight[0] = rows.height[i]
      advance(state, rows.atS[i])
    }
  },

  PriceFed(state, rows, begin, end) {
    const { source, point } = state
    for (let i = begin; i < end; i++) {
      const s = rows.source[i]
      source.known[s] = 1
      source.live[s] = 1
      source.newest[s] = (source.newest[s] + 1) % POINTS
      if (source.points[s] < POINTS) source.points[s]++
      const row = pointRow(state, s, 0)
      point.nanoUsd[row] = rows.nanoUsd[i]
      point.atS[row] = rows.atS[i]
      advance(state, rows.atS[i])
    }
  },

  FeedStopped(state, rows, begin, end) {
    const { source } = state
    for (let i = begin; i < end; i++) {
      source.live[rows.source[i]] = 0
      source.stoppedS[rows.source[i]] = rows.atS[i]
      advance(state, rows.atS[i])
    }
  },

  BurnMintRequested(state, rows, begin, end) {
    const { chain, request, requestHead, ledger: l } = state
    for (let i = begin; i < end; i++) {
      const q = openSlot(request, requestHead)
      const isMint = rows.from[i] === UAKT
      request.holder[q] = rows.holder[i]
      request.from[q] = rows.from[i]
      request.amount[q] = rows.amount[i]
      request.attempts[q] = 0
      request.next[q] = 0
      const first = isMint ? chain.firstMint : chain.firstSettle
      const last = isMint ? chain.lastMint : chain.lastSettle
      if (last[0] === 0) first[0] = q + 1
      else request.next[last[0] - 1] = q + 1
      last[0] = q + 1
      const pending = isMint ? chain.pendingUakt : chain.pendingUact
      pending.addNumber(0, rows.amount[i])
      post(l, tokenOf(rows.from[i]), accountOf(state, rows.holder[i]), l.account.bme, rows.amount[i])
      advance(state, rows.atS[i])
    }
  },

  BurnMintExecuted(state, rows, begin, end) {
    const { chain, request, ledger: l } = state
    const { bme } = l.account
    for (let i = begin; i < end; i++) {
      const q = rows.request[i]
      const to = accountOf(state, request.holder[q])
      const amount = BigInt(request.amount[q])
      const minted = rows.mint.get(i)
      const spread = rows.spread.get(i)
      if (request.from[q] === UAKT) {
        mint(l, "act", bme, minted)
        postWide(l, "act", bme, to, minted - spread)
        chain.remintCredits.set(0, chain.remintCredits.get(0) + amount)
        chain.mintedUact.set(0, chain.mintedUact.get(0) + minted)
      } else {
        const remint = rows.remint.get(i)
        burn(l, "act", bme, amount)
        mint(l, "akt", bme, minted - remint)
        chain.mintedUakt.set(0, chain.mintedUakt.get(0) + minted - remint)
        postWide(l, "akt", bme, to, minted - spread)
        chain.remintCredits.set(0, chain.remintCredits.get(0) - remint)
        chain.burntUact.set(0, chain.burntUact.get(0) + amount)
      }
      chain.executed[0]++
      freeRequest(state, q)
      advance(state, rows.atS[i])
    }
  },

  BurnMintRetried(state, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      state.request.attempts[rows.request[i]]++
      advance(state, rows.atS[i])
    }
  },

  BurnMintCancelled(state, rows, begin, end) {
    const { chain, request, ledger: l } = state
    for (let i = begin; i < end; i++) {
      const q = rows.request[i]
      post(l, tokenOf(request.from[q]), l.account.bme, accountOf(state, request.holder[q]), request.amount[q])
      chain.cancelled[0]++
      freeRequest(state, q)
      advance(state, rows.atS[i])
    }
  },

  MintStatusChanged(state, rows, begin, end) {
    const { chain } = state
    for (let i = begin; i < end; i++) {
      chain.status[0] = rows.status[i]
      chain.epochBlocks[0] = rows.epochBlocks[i]
      advance(state, rows.atS[i])
    }
  },

  EpochsSet({ chain }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      chain.burnEpoch[0] = rows.burnEpoch[i]
      chain.mintEpoch[0] = rows.mintEpoch[i]
    }
  },
}
