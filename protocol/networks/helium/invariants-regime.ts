/** Promises of the regimes: the old chain's epochs add up, nobody draws more than he earned, an epoch that waits loses nothing. */
import type { Invariants } from "../../kernel/invariant.ts"
import { lifetimeHnt } from "./lifetime-rewards.ts"
import type { State } from "./state.ts"

export const regimeInvariants: Invariants<State> = {
  claims_are_earned: {
    because: "The distributor pays lifetime rewards less lifetime claims, never more.",
    check(state, report) {
      const { hotspot, claim, economy } = state
      let drawn = 0
      for (let node = 0; node < hotspot.length; node++) {
        drawn += claim.hnt[node]
        if (claim.hnt[node] > lifetimeHnt(state, node))
          report.require(false, () => `hotspot ${node} drew ${claim.hnt[node]} bones of ${lifetimeHnt(state, node)} earned`)
      }
      report.require(drawn === economy.claimed[0], () => `claims add up to ${drawn} ≠ ${economy.claimed[0]} bones drawn`)
    },
  },
  chain_epochs_are_accounted: {
    because: "Epochs of the old chain mint what they were worth, less what found no claimant.",
    check({ economy }, report) {
      const [scheduled, minted] = [economy.chainScheduled[0], economy.chainMinted[0]]
      const rest = economy.chainUnissued[0]
      report.require(scheduled === minted + rest, () => `epochs worth ${scheduled} minted ${minted} and left ${rest} bones`)
    },
  },
  waiting_epochs_keep_their_shares: {
    because: "A halt of Solana delays an epoch; nothing in it is lost.",
    check({ deferred, waiting }, report) {
      for (let i = 1; i < waiting.length; i++)
        report.require(waiting.day[i] > waiting.day[i - 1], () => `day ${waiting.day[i]} waits behind day ${waiting.day[i - 1]}`)
      let w = 0
      for (let i = 0; i < deferred.length; i++) {
        while (w < waiting.length && waiting.day[w] < deferred.day[i]) w++
        if (w === waiting.length || waiting.day[w] !== deferred.day[i])
          report.require(false, () => `shares of day ${deferred.day[i]} wait, and that day does not`)
      }
    },
  },
  queued_credits_are_held: {
    because: "Credits of traffic that was carried while the ledger was down are set aside until they burn.",
    check({ economy, ledger }, report) {
      const held = ledger.tokens.dc.balance.toNumber(ledger.account.queued_credits)
      report.require(
        held === economy.creditsQueued[0],
        () => `${held} credits are set aside ≠ ${economy.creditsQueued[0]} queued`,
      )
    },
  },
}

export const regimeSabotage: Readonly<Record<string, (s: State) => void>> = {
  claims_are_earned: (s) => void (s.claim.hnt[0] = lifetimeHnt(s, 0) + 1),
  chain_epochs_are_accounted: (s) => void s.economy.chainMinted[0]++,
  waiting_epochs_keep_their_shares: (s) => {
    s.deferred.length = 0
    s.waiting.length = 0
    s.deferred.day[0] = 1
    s.deferred.length = 1
  },
  queued_credits_are_held: (s) => void s.economy.creditsQueued[0]++,
}
