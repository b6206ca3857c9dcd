/**
 * Mechanism 2, outage declaration: many silent nodes of one failure domain within a window become a claim; witnesses outside the domain,
 * drawn by chance, make it a declared outage or let it fall. The evidence stays in the claim. A claim that someone brings costs a bond,
 * lost when more witnesses see the domain up than down.
 *
 * The protocol opens claims by itself too (claimant NOBODY, no bond). Money is the network's: it locks, frees and takes the bond where it
 * evolves the events here.
 */
import { command, event } from "../kernel/row-type.ts"
import { filled, reserve, table, type AnyTable, type Columns, type Table } from "../kernel/table.ts"
import { count, count32, flag, nodeIndex, seconds, unit } from "../kernel/unit.ts"
import { domainUnit, kindUnit } from "./rows.ts"

export const OPEN = 1
export const DECLARED = 2
export const REJECTED = 3
export const ENDED = 4

const seat = unit("seat of a panel", "u8", 0, 30)
const mask = unit("bits: seats", "u32")
const claimIndex = unit("claim", "u32")
const money = unit("smallest unit of credit", "safe", 0)

const evidence = { members: count32, silent: count32, operators: count32 } as const
export const claimShape = {
  status: unit("1 open, 2 declared, 3 rejected, 4 ended", "u8", OPEN, ENDED),
  kind: kindUnit,
  domain: domainUnit,
  claimant: nodeIndex,
  bond: money,
  onsetS: seconds,
  openedS: seconds,
  decidedS: seconds,
  endedS: seconds,
  ...evidence,
  sawDown: mask,
  sawUp: mask,
} as const
const totalShape = {
  open: count32,
  declared: count32,
  claims: count,
  declarations: count,
  rejected: count,
  ended: count,
  bondsLost: money,
} as const

export interface Outages {
  /** Every claim ever made, with its evidence: changes seldom, list it in `Network.seldom`. */
  readonly claim: Table<typeof claimShape>
  readonly total: Table<typeof totalShape>
}
export interface HasOutages {
  readonly outages: Outages
}
export const outages = (): Outages => ({ claim: table(claimShape, 16), total: filled(totalShape, 1) })
export const outageTables = (o: Outages): Record<string, AnyTable> => ({ "outage.claim": o.claim, "outage.total": o.total })
export const outageSeldom = ["outage.claim"] as const

export const outageEvents = {
  OutageClaimed: event("someone, or the network itself, says that a failure domain is out", {
    claimant: nodeIndex,
    bond: money,
    kind: kindUnit,
    domain: domainUnit,
    onsetS: seconds,
    ...evidence,
    at: seconds,
  }),
  OutageWitnessed: event("a witness outside the domain said what it sees", { claim: claimIndex, seat, down: flag, at: seconds }),
  OutageDeclared: event("enough witnesses saw the domain down", {
    claim: claimIndex,
    claimant: nodeIndex,
    bond: money,
    at: seconds,
  }),
  OutageRejected: event("too few witnesses saw the domain down in time", {
    claim: claimIndex,
    claimant: nodeIndex,
    /** Given back. */
    returned: money,
    /** Lost. */
    forfeited: money,
    at: seconds,
  }),
  OutageEnded: event("a declared outage is over", { claim: claimIndex, at: seconds }),
} as const
export type OutageEvents = typeof outageEvents

export const outageCommands = {
  ClaimOutage: command(
    "claim, with a bond, that a failure domain is out",
    { claimant: nodeIndex, kind: kindUnit, domain: domainUnit, onsetS: seconds, at: seconds },
    ["OutageClaimed"],
  ),
  WitnessOutage: command(
    "say as a drawn witness whether the domain is down",
    { witness: nodeIndex, claim: claimIndex, seat, down: flag, at: seconds },
    ["OutageWitnessed", "OutageDeclared"],
  ),
} as const
export type OutageCommands = typeof outageCommands

/** In order of precedence, after the registry's `absence`. */
export const outageRefusals = {
  declaration_is_off: "the network declares no outages",
  domain_is_not_named: "domain 0 is what nobody said; it cannot be out",
  outage_is_claimed_already: "this domain has an open claim or a declared outage",
  onset_is_outside_the_window:
    "an outage is claimed while it begins: not before, and not long after, when it could be made to fit",
  evidence_is_too_thin:
    "too few nodes, too few operators, too small a share or no more than elsewhere, the claimant's own left out",
  bond_is_not_covered: "the claimant does not have the bond",
  claim_is_unknown: "there is no such claim",
  claim_is_decided: "the witnesses have spoken, or their time has run out",
  witness_is_not_drawn: "only the witnesses drawn for this claim are asked, each on its own seat",
  witness_is_down: "who is believed to be down cannot bear witness",
  witness_has_spoken: "one seat, one word",
} as const
export type OutageRefusal = keyof typeof outageRefusals

/** What a network does with bonds. Called from evolve; `NOBODY` never comes here. */
export interface Bonds<State> {
  readonly canLock: (state: State, node: number, amount: number) => boolean
  readonly lock: (state: State, node: number, amount: number) => void
  readonly release: (state: State, node: number, amount: number) => void
  readonly forfeit: (state: State, node: number, amount: number) => void
}

type Rows<K extends keyof OutageEvents> = Columns<OutageEvents[K]["shape"]>

export const outageEvolve = <State extends HasOutages>(bonds: Bonds<State>) => ({
  OutageClaimed(state: State, rows: Rows<"OutageClaimed">, begin: number, end: number): void {
    const { claim, total } = state.outages
    reserve(claim, end - begin)
    for (let i = begin; i < end; i++) {
      const c = claim.length++
      claim.status[c] = OPEN
      claim.kind[c] = rows.kind[i]
      claim.domain[c] = rows.domain[i]
      claim.claimant[c] = rows.claimant[i]
      claim.bond[c] = rows.bond[i]
      claim.onsetS[c] = rows.onsetS[i]
      claim.openedS[c] = rows.at[i]
      claim.members[c] = rows.members[i]
      claim.silent[c] = rows.silent[i]
      claim.operators[c] = rows.operators[i]
      // A restored table may hold old rows beyond its length.
      claim.decidedS[c] = claim.endedS[c] = claim.sawDown[c] = claim.sawUp[c] = 0
      if (rows.bond[i] > 0) bonds.lock(state, rows.claimant[i], rows.bond[i])
    }
    total.open[0] += end - begin
    total.claims[0] += end - begin
    claim.version++
  },
  OutageWitnessed({ outages: { claim } }: State, rows: Rows<"OutageWitnessed">, begin: number, end: number): void {
    for (let i = begin; i < end; i++) {
      const c = rows.claim[i]
      const bit = 1 << rows.seat[i]
      if (rows.down[i] === 1) claim.sawDown[c] = (claim.sawDown[c] | bit) >>> 0
      else claim.sawUp[c] = (claim.sawUp[c] | bit) >>> 0
    }
    claim.version++
  },
  OutageDeclared(state: State, rows: Rows<"OutageDeclared">, begin: number, end: number): void {
    const { claim, total } = state.outages
    for (let i = begin; i < end; i++) {
      claim.status[rows.claim[i]] = DECLARED
      claim.decidedS[rows.claim[i]] = rows.at[i]
      if (rows.bond[i] > 0) bonds.release(state, rows.claimant[i], rows.bond[i])
      claim.bond[rows.claim[i]] = 0
    }
    total.open[0] -= end - begin
    total.declared[0] += end - begin
    total.declarations[0] += end - begin
    claim.version++
  },
  OutageRejected(state: State, rows: Rows<"OutageRejected">, begin: number, end: number): void {
    const { claim, total } = state.outages
    for (let i = begin; i < end; i++) {
      claim.status[rows.claim[i]] = REJECTED
      claim.decidedS[rows.claim[i]] = rows.at[i]
      claim.bond[rows.claim[i]] = 0
      if (rows.returned[i] > 0) bonds.release(state, rows.claimant[i], rows.returned[i])
      if (rows.forfeited[i] > 0) bonds.forfeit(state, rows.claimant[i], rows.forfeited[i])
      total.bondsLost[0] += rows.forfeited[i]
    }
    total.open[0] -= end - begin
    total.rejected[0] += end - begin
    claim.version++
  },
  OutageEnded({ outages: { claim, total } }: State, rows: Rows<"OutageEnded">, begin: number, end: number): void {
    for (let i = begin; i < end; i++) {
      claim.status[rows.claim[i]] = ENDED
      claim.endedS[rows.claim[i]] = rows.at[i]
    }
    total.declared[0] -= end - begin
    total.ended[0] += end - begin
    claim.version++
  },
})
