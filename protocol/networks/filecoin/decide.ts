/** Commands become events or refusals: read, refuse, write. Sectors are in decide-sectors.ts, blocks in decide-blocks.ts. */
import type { Decide } from "../../kernel/network.ts"
import { addRow } from "../../kernel/table.ts"
import { balance } from "../../ledger/ledger.ts"
import { availableOf, conditionsOf, isInDebt } from "./books.ts"
import type { Commands, Refusal } from "./commands.ts"
import { decideBlocks } from "./decide-blocks.ts"
import { decideDeals } from "./decide-deals.ts"
import { decidePossession } from "./decide-possession.ts"
import { decideDisputes } from "./decide-disputes.ts"
import { decideProofs } from "./decide-proofs.ts"
import { decideSectors } from "./decide-sectors.ts"
import type { Events } from "./events.ts"
import type { FilecoinParams } from "./params.ts"
import { computeCreateMinerDeposit } from "./pledge.ts"
import type { State } from "./state.ts"

type Decisions = Decide<State, Commands, Events, FilecoinParams, Refusal>

const funds: Pick<Decisions, "CreateMiner" | "FundMiner" | "WithdrawBalance"> = {
  CreateMiner(state, rows, begin, end, { out, params: v, refuse }) {
    const { ledger, miner, network } = state
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const sent = rows.fundsAtto.get(i)
      if (node >= miner.length) refuse(i, "unknown_node")
      else if (miner.created[node] === 1) refuse(i, "already_created")
      else if (sent <= 0n) refuse(i, "amount_not_positive")
      else if (balance(ledger, "fil", ledger.account.circulation) < sent) refuse(i, "circulation_too_small")
      else {
        const deposit = v.minerDepositOn === 1 ? computeCreateMinerDeposit(conditionsOf(state, v, network.epoch[0])) : 0n
        if (deposit > sent) {
          refuse(i, "deposit_not_covered")
          continue
        }
        const to = out.MinerCreated
        const r = addRow(to)
        to.node[r] = node
        to.offset[r] = rows.offset[i]
        to.fundsAtto.set(r, sent)
        to.depositAtto.set(r, deposit)
      }
    }
  },
  FundMiner({ ledger, miner }, rows, begin, end, { out, refuse }) {
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const sent = rows.amountAtto.get(i)
      if (node >= miner.length || miner.created[node] === 0) refuse(i, "unknown_miner")
      else if (sent <= 0n) refuse(i, "amount_not_positive")
      else if (balance(ledger, "fil", ledger.account.circulation) < sent) refuse(i, "circulation_too_small")
      else {
        const to = out.MinerFunded
        const r = addRow(to)
        to.node[r] = node
        to.amountAtto.set(r, sent)
      }
    }
  },
  WithdrawBalance(state, rows, begin, end, { out, refuse }) {
    const { miner } = state
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const wanted = rows.amountAtto.get(i)
      if (node >= miner.length || miner.created[node] === 0) refuse(i, "unknown_miner")
      else if (wanted <= 0n) refuse(i, "amount_not_positive")
      else if (isInDebt(state, node)) refuse(i, "fee_debt")
      else if (availableOf(state, node) < wanted) refuse(i, "insufficient_funds")
      else {
        const to = out.BalanceWithdrawn
        const r = addRow(to)
        to.node[r] = node
        to.amountAtto.set(r, wanted)
      }
    }
  },
}

export const decide: Decisions = {
  ...funds,
  ...decideSectors,
  ...decideProofs,
  ...decideDisputes,
  ...decideBlocks,
  ...decideDeals,
  ...decidePossession,
}
