/** Filecoin run by real nodes: what a provider signs itself, and how its real sectors become the core's counts. */
import type { Access, Live, StorageAsks, StorageView } from "../../kernel/live.ts"
import { ticketOf } from "./books.ts"
import { epochAt, GENESIS_S, nextDeadline, offsetEpochs, openDeadline, SLOT_S, slotAt } from "./chain-time.ts"
import { computePeriodStart, DEADLINES, isCutoffPassed, isMutable } from "./deadlines.ts"
import { SEAL_DELAY_EPOCHS } from "./decide-sectors.ts"
import { EPOCH_SECONDS } from "./epoch.ts"
import type { State } from "./state.ts"

const own: Access = { own: "node" }
/** An election is drawn twice a half hour: its winners hear of it a block later, and their own blocks come a block after that. */
const ELECTION_S = SLOT_S / 2

/** Half hours from the seed of the seal to the first deadline: it must not open in the half hour that begins then, nor in the next. */
const FIRST_DEADLINE_SLOTS = 3
/** A join and an announcement take a few blocks; half an hour of the chain is room for them. */
const JOIN_S = SLOT_S / 2
const LIFETIME_DAYS = 540

/** What a proof of this deadline must show now; 0 while it is closed. */
function countProvable({ deadline: all, miner }: State, node: number, deadline: number, atS: number): number {
  if (node >= miner.length || (deadline + miner.offset[node]) % DEADLINES !== slotAt(atS) % DEADLINES) return 0
  const d = (slotAt(atS) % DEADLINES) * miner.length + node
  return all.live[d] - all.faulty[d] + all.recovering[d]
}

function view(state: State, node: number, atS: number): StorageView {
  const { deadline: all, miner, network } = state
  const none = { joined: false, deadline: 0, due: 0, wonS: 0, recoverable: [], held: [], endable: [] }
  if (node >= miner.length || miner.created[node] === 0) return none
  const slot = slotAt(atS)
  const epoch = epochAt(atS)
  const offset = miner.offset[node]
  const deadline = openDeadline(slot, offset)
  const rowOf = (d: number): number => ((d + offset) % DEADLINES) * miner.length + node
  const held = Array.from({ length: DEADLINES }, (_, d) => d).filter((d) => all.live[rowOf(d)] > 0)
  const start = computePeriodStart(offsetEpochs(offset), epoch)
  return {
    joined: true,
    deadline,
    due: miner.provenSlot[node] === slot ? 0 : countProvable(state, node, deadline, atS),
    wonS: ticketOf(state, node) < 0 ? 0 : GENESIS_S + network.electedEpoch[0] * EPOCH_SECONDS,
    recoverable: held.filter(
      (d) => all.faulty[rowOf(d)] > all.recovering[rowOf(d)] && !isCutoffPassed(nextDeadline(offset, d, epoch), epoch),
    ),
    held,
    endable: held.filter((d) => isMutable(start, d, epoch)),
  }
}

const asks: StorageAsks = {
  join(node, nowS, stakeAtto) {
    // Its proving periods begin so that the first sector's deadline opens soon after the seal can be proven.
    const seal = Math.floor((nowS + JOIN_S + SEAL_DELAY_EPOCHS * EPOCH_SECONDS) / SLOT_S) + 1
    return { type: "CreateMiner", row: { node, offset: (seal + FIRST_DEADLINE_SLOTS) % DEADLINES, fundsAtto: String(stakeAtto) } }
  },
  announce: (node, sectors) => ({ type: "PreCommitSectors", row: { node, sectors, atS: 0 } }),
  seal: (node) => ({ type: "ProveCommitSectors", row: { node, verifiedPermille: 0, lifetimeDays: LIFETIME_DAYS, atS: 0 } }),
  possess: (node, deadline, skipped) => ({ type: "SubmitWindowPoSt", row: { node, deadline, skipped, atS: 0 } }),
  recover: (node, deadline) => ({ type: "DeclareRecoveries", row: { node, deadline, atS: 0 } }),
  block: (node, wonS) => ({ type: "ProduceBlock", row: { node, atS: wonS } }),
  end: (node, deadline) => ({ type: "TerminateSectors", row: { node, deadline, atS: 0 } }),
}

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
    provable: countProvable,
    view,
    asks,
  },
  // With two elections a half hour most epochs are null rounds, and a pause of the only ledger is no halt of the chain: messages
  // neither wait for blocks nor pay for gas, and daily verified data is out of reach of a test stake.
  params: { cronNeedsBlocks: 0, capacityOn: 0, gasOn: 0 },
  speed: 600,
  // 100,000 FIL: Filecoin's deposit for a new provider and the pledge of some sectors, with room.
  grant: 100_000n * 10n ** 18n,
  income: "earnedMicroFil",
  coin: { word: "FIL", stakeWord: "FIL", by: 1_000_000, stakeBy: 10n ** 18n },
}
