/** Filecoin run by real nodes: what a provider signs itself, and how its real sectors become the core's counts. */
import type { Access, Live } from "../../kernel/live.ts"
import { SLOT_S, slotAt } from "./chain-time.ts"
import { SEAL_DELAY_EPOCHS } from "./decide-sectors.ts"
import { DEADLINES } from "./deadlines.ts"
import { EPOCH_SECONDS } from "./epoch.ts"
import type { State } from "./state.ts"

const own: Access = { own: "node" }
/** An election is drawn twice a half hour: its winners hear of it a block later, and their own blocks come a block after that. */
const ELECTION_S = SLOT_S / 2

export const live: Live<State> = {
  because: "Providers seal, prove and make blocks by themselves; what only a sealed past or a quorum may say is the authority's.",
  windowSeconds: SLOT_S,
  access: {
    CreateMiner: { ...own, stake: "fundsAtto" },
    FundMiner: { ...own, stake: "amountAtto" },
    WithdrawBalance: own,
    PreCommitSectors: { ...own, evidence: "announcement" },
    ProveCommitSectors: { ...own, evidence: "seal" },
    SubmitWindowPoSt: { ...own, evidence: "possession" },
    DeclareFaults: own,
    DeclareRecoveries: own,
    ExtendSectors: own,
    TerminateSectors: own,
    ProduceBlock: { ...own, claimSeconds: ELECTION_S },
  },
  draw: {
    type: "DrawElection",
    everySeconds: ELECTION_S,
    row: (atS, [w0, w1, w2, w3]) => ({ atS, w0, w1, w2, w3 }),
  },
  storage: {
    countColumn: "sectors",
    sealDelaySeconds: SEAL_DELAY_EPOCHS * EPOCH_SECONDS,
    assigned: { event: "SectorsProven", column: "deadline" },
    deadlineColumn: "deadline",
    skippedColumn: "skipped",
    provable({ deadline: all, miner }, node, deadline, atS) {
      if (node >= miner.length || (deadline + miner.offset[node]) % DEADLINES !== slotAt(atS) % DEADLINES) return 0
      const d = (slotAt(atS) % DEADLINES) * miner.length + node
      return all.live[d] - all.faulty[d] + all.recovering[d]
    },
  },
  // With two elections a half hour most epochs are null rounds, and a pause of the only ledger is no halt of the chain: messages
  // neither wait for blocks nor pay for gas, and daily verified data is out of reach of a test stake.
  params: { cronNeedsBlocks: 0, capacityOn: 0, gasOn: 0 },
  income: "earnedMicroFil",
}
