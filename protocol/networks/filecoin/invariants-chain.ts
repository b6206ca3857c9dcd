/** The chain's own promises: gas, premiums, tipsets, committee; and a broken state for each. */
import type { Invariants } from "../../kernel/invariant.ts"
import { Wide } from "../../kernel/wide.ts"
import { balance } from "../../ledger/ledger.ts"
import { slotAt, GENESIS_S } from "./chain-time.ts"
import { EPOCH_SECONDS } from "./epoch.ts"
import type { State } from "./state.ts"

export const chainInvariants: Invariants<State> = {
  gas_owed_is_of_senders: {
    because: "Gas is owed by whoever sent the message: the totals are the sums of the providers', none of them below 0.",
    check({ chain, gas, miner }, report) {
      for (const name of ["owedBurnAtto", "owedTipAtto"] as const) {
        const sum = new Wide(1)
        for (let node = 0; node < miner.length; node++) {
          sum.add(0, gas[name].hi[node], gas[name].lo[node])
          if (gas[name].isNegative(node))
            report.require(false, () => `provider ${node} has ${name} ${gas[name].get(node)}, below 0`)
        }
        report.require(
          sum.hi[0] === chain[name].hi[0] && sum.lo[0] === chain[name].lo[0],
          () => `${name} is kept as ${chain[name].get(0)}, the providers add up to ${sum.get(0)}`,
        )
      }
    },
  },
  gas_burnt_is_within_burnt: {
    because: "Base fees paid are among what f099 holds.",
    check({ chain, network }, report) {
      report.require(
        chain.gasBurntAtto.get(0) <= network.burntAtto.get(0),
        () => `${chain.gasBurntAtto.get(0)} of base fees, but only ${network.burntAtto.get(0)} is burnt`,
      )
    },
  },
  tips_go_to_winners: {
    because: "A premium is paid once: nobody is given a share for more wins than it had, and the purse is never below 0.",
    check({ gas, ledger, miner }, report) {
      const purse = balance(ledger, "fil", ledger.account.tips)
      report.require(purse >= 0n, () => `the purse of premiums holds ${purse}`)
      for (let node = 0; node < miner.length; node++)
        if (gas.winsTipped[node] > miner.wins[node])
          report.require(false, () => `provider ${node} was tipped for ${gas.winsTipped[node]} wins of ${miner.wins[node]}`)
    },
  },
  tipsets_have_their_blocks: {
    because: "The half hour's blocks bound its messages: they are the sum of its epochs'.",
    check({ chain, tipset }, report) {
      if (chain.begun[0] === 0) return
      let sum = 0
      for (let t = 0; t < tipset.length; t++)
        if (slotAt(GENESIS_S + tipset.epoch[t] * EPOCH_SECONDS) === chain.blockSlot[0]) sum += tipset.blocks[t]
      report.require(
        sum >= chain.slotBlocks[0],
        () => `${chain.slotBlocks[0]} blocks count for the half hour, its epochs hold ${sum}`,
      )
    },
  },
  committee_adds_up: {
    because: "Two thirds are of the whole committee: its sum is kept with it.",
    check({ committee, f3 }, report) {
      let sum = 0
      for (let node = 0; node < committee.length; node++) sum += committee.scaled[node]
      report.require(sum === f3.whole[0], () => `the committee adds up to ${sum}, ${f3.whole[0]} is kept`)
    },
  },
}

export const chainSabotage: Readonly<Record<keyof typeof chainInvariants, (s: State) => void>> = {
  gas_owed_is_of_senders: (s) => s.gas.owedTipAtto.addNumber(0, 1),
  gas_burnt_is_within_burnt: (s) => s.chain.gasBurntAtto.set(0, s.network.burntAtto.get(0) + 1n),
  tips_go_to_winners: (s) => void (s.gas.winsTipped[0] = s.miner.wins[0] + 1),
  tipsets_have_their_blocks: (s) => {
    s.chain.begun[0] = 1
    s.chain.slotBlocks[0] += 1_000_000
  },
  committee_adds_up: (s) => void s.f3.whole[0]++,
}
