/** What outage declaration answers to its commands, and what it settles each minute. */
import type { Invariants } from "../kernel/invariant.ts"
import type { DecideContext } from "../kernel/network.ts"
import type { Columns } from "../kernel/table.ts"
import { absence } from "../registry/decide.ts"
import { REGISTERED, type HasRegistry, type RegistryRefusal } from "../registry/registry.ts"
import { explainSilence, measureDomain, standsOut, type Explanation, type Rule, type Sight } from "./explain.ts"
import { countBits } from "./liveness-decide.ts"
import { DOWN, HEARD, type HasLiveness, type Liveness } from "./liveness.ts"
import { countAble, drawPanel, panel, scaleQuorum } from "./observers.ts"
import {
  DECLARED,
  OPEN,
  type Bonds,
  type HasOutages,
  type OutageCommands,
  type OutageEvents,
  type OutageRefusal,
} from "./outage.ts"
import type { livenessParams, outageParams } from "./params.ts"
import { addRow, domainsOf, NOBODY, since } from "./rows.ts"

type State = HasRegistry & HasLiveness & HasOutages
type OutageParams = typeof outageParams & Pick<typeof livenessParams, "observerSeed" | "suspicionMinSeconds">
type To = Pick<DecideContext<OutageEvents, OutageParams, OutageRefusal | RegistryRefusal>, "out" | "refuse" | "params">
type SettleTo = Pick<To, "out" | "params">
type Rows<K extends keyof OutageCommands> = Columns<OutageCommands[K]["shape"]>

const ruleOf = (params: To["params"]): Rule => ({
  sharePermille: params.outageSharePermille,
  lift: params.outageLift,
  membersMin: params.outageMembersMin,
  operatorsMin: params.outageOperatorsMin,
})

let silent = new Uint8Array(0)
let watched = new Uint8Array(0)
/** Who is watched, and who fell silent within the window before `at` (Infinity: ever) and still is. Scratch, good until the next call. */
function look(l: Liveness, at: number, windowS: number): Sight {
  const { status, beats, suspectedS, length } = l.node
  if (silent.length !== length) {
    silent = new Uint8Array(length)
    watched = new Uint8Array(length)
  }
  for (let node = 0; node < length; node++) {
    watched[node] = beats[node] > 0 ? 1 : 0
    silent[node] = status[node] !== HEARD && since(suspectedS[node], at) <= windowS ? 1 : 0
    // Those already gone when the window opened are neither evidence nor counter-evidence.
    if (status[node] !== HEARD && silent[node] === 0) watched[node] = 0
  }
  return { silent, watched }
}

/** Nodes outside the domain, of other operators than the claimant. */
const drawWitnesses = (
  state: State,
  claim: number,
  kind: number,
  domain: number,
  claimant: number,
  params: To["params"],
): number => {
  const of = domainsOf(state.registry, kind)
  const { owner } = state.registry.nodes
  const except = claimant === NOBODY ? -1 : owner[claimant]
  return drawPanel(
    state.registry,
    params.observerSeed,
    claim,
    ~kind,
    params.witnesses,
    (_, n) => of[n] !== domain && owner[n] !== except,
  )
}

/** The claim, open or declared, that stands on a domain; −1 where there is none. */
export function findStanding({ outages: { claim, total } }: HasOutages, kind: number, domain: number): number {
  if (total.open[0] === 0 && total.declared[0] === 0) return -1
  for (let c = claim.length - 1; c >= 0; c--)
    if (claim.kind[c] === kind && claim.domain[c] === domain && (claim.status[c] === OPEN || claim.status[c] === DECLARED))
      return c
  return -1
}

export const outageDecide = <S extends State>(bonds: Bonds<S>) => ({
  ClaimOutage(state: S, rows: Rows<"ClaimOutage">, begin: number, end: number, { out, refuse, params }: To): void {
    for (let i = begin; i < end; i++) {
      const claimant = rows.claimant[i]
      const kind = rows.kind[i]
      const domain = rows.domain[i]
      const reason = absence(state.registry, claimant)
      if (params.outageDeclaration === 0) refuse(i, "declaration_is_off")
      else if (reason !== undefined) refuse(i, reason)
      else if (domain === 0) refuse(i, "domain_is_not_named")
      else if (findStanding(state, kind, domain) >= 0) refuse(i, "outage_is_claimed_already")
      else if (rows.onsetS[i] > rows.at[i] || rows.at[i] - rows.onsetS[i] > params.outageWindowSeconds)
        refuse(i, "onset_is_outside_the_window")
      else {
        const evidence = weigh(state, kind, domain, state.registry.nodes.owner[claimant], rows.at[i], params)
        if (evidence === undefined) refuse(i, "evidence_is_too_thin")
        else if (!bonds.canLock(state, claimant, params.claimBond)) refuse(i, "bond_is_not_covered")
        else writeClaim(out, claimant, params.claimBond, evidence, rows.onsetS[i], rows.at[i])
      }
    }
  },

  WitnessOutage(state: S, rows: Rows<"WitnessOutage">, begin: number, end: number, { out, refuse, params }: To): void {
    const { claim } = state.outages
    for (let i = begin; i < end; i++) {
      const c = rows.claim[i]
      const seat = rows.seat[i]
      const witness = rows.witness[i]
      const reason = absence(state.registry, witness)
      if (params.outageDeclaration === 0) refuse(i, "declaration_is_off")
      else if (reason !== undefined) refuse(i, reason)
      else if (c >= claim.length) refuse(i, "claim_is_unknown")
      else if (claim.status[c] !== OPEN || since(claim.openedS[c], rows.at[i]) > params.witnessSeconds)
        refuse(i, "claim_is_decided")
      else {
        drawWitnesses(state, c, claim.kind[c], claim.domain[c], claim.claimant[c], params)
        const able = countAble(state.liveness, params.witnesses, rows.at[i], params.suspicionMinSeconds)
        const bit = (1 << seat) >>> 0
        if (seat >= params.witnesses || panel[seat] !== witness) refuse(i, "witness_is_not_drawn")
        else if (state.liveness.node.status[witness] === DOWN) refuse(i, "witness_is_down")
        else if (((claim.sawDown[c] | claim.sawUp[c]) & bit) !== 0) refuse(i, "witness_has_spoken")
        else {
          const w = addRow(out.OutageWitnessed)
          out.OutageWitnessed.claim[w] = c
          out.OutageWitnessed.seat[w] = seat
          out.OutageWitnessed.down[w] = rows.down[i]
          out.OutageWitnessed.at[w] = rows.at[i]
          const seen = countBits(claim.sawDown[c]) + rows.down[i]
          if (rows.down[i] === 0 || seen < scaleQuorum(params.witnessQuorum, params.witnesses, able)) continue
          const d = addRow(out.OutageDeclared)
          out.OutageDeclared.claim[d] = c
          out.OutageDeclared.claimant[d] = claim.claimant[c]
          out.OutageDeclared.bond[d] = claim.bond[c]
          out.OutageDeclared.at[d] = rows.at[i]
        }
      }
    }
  },
})

/** Evidence for a claim on one domain without the claimant's own nodes; undefined where it is too thin. */
function weigh(
  state: State,
  kind: number,
  domain: number,
  exceptOwner: number,
  at: number,
  params: To["params"],
): Explanation | undefined {
  const sight = look(state.liveness, at, params.outageWindowSeconds)
  const r = state.registry
  const e = measureDomain(r, sight, kind, domain, exceptOwner, params.outageOperatorsMin)
  const of = domainsOf(r, kind)
  let members = 0
  let quiet = 0
  for (let node = 0; node < r.nodes.length; node++) {
    if (
      of[node] === domain ||
      sight.watched[node] === 0 ||
      r.nodes.status[node] !== REGISTERED ||
      r.nodes.owner[node] === exceptOwner
    )
      continue
    members++
    quiet += sight.silent[node]
  }
  return standsOut(e, { members, silent: quiet }, ruleOf(params)) ? e : undefined
}

/** Settlement lines, for the network's minute. */
export const outageLines = {
  /** The network's own claims: domains that explain the silence of the window. */
  correlateSilence(state: State, at: number, { out, params }: SettleTo): void {
    if (params.outageDeclaration === 0) return
    const { total } = state.liveness
    if (total.suspected[0] + total.down[0] < params.outageMembersMin * (params.outageSharePermille / 1000)) return
    const sight = look(state.liveness, at, params.outageWindowSeconds)
    if (!sight.silent.includes(1)) return
    markExplained(state, sight)
    for (const e of explainSilence(state.registry, sight, ruleOf(params)))
      if (findStanding(state, e.kind, e.domain) < 0)
        writeClaim(out, NOBODY, 0, e, earliestSilence(state, e, at, params.outageWindowSeconds), at)
  },
  /** Claims whose witnesses had their time. The bond is lost where more saw the domain up than down. */
  closeClaims(state: State, at: number, { out, params }: SettleTo): void {
    const { claim, total } = state.outages
    if (total.open[0] === 0) return
    for (let c = 0; c < claim.length; c++) {
      if (claim.status[c] !== OPEN || since(claim.openedS[c], at) < params.witnessSeconds) continue
      const isFalse = countBits(claim.sawUp[c]) > countBits(claim.sawDown[c])
      const r = addRow(out.OutageRejected)
      out.OutageRejected.claim[r] = c
      out.OutageRejected.claimant[r] = claim.claimant[c]
      out.OutageRejected.forfeited[r] = isFalse ? claim.bond[c] : 0
      out.OutageRejected.returned[r] = isFalse ? 0 : claim.bond[c]
      out.OutageRejected.at[r] = at
    }
  },
  /** Declared outages whose domain speaks again, or that lasted too long. */
  endOutages(state: State, at: number, { out, params }: SettleTo): void {
    const { claim, total } = state.outages
    if (total.declared[0] === 0) return
    const sight = look(state.liveness, at, Infinity)
    for (let c = 0; c < claim.length; c++) {
      if (claim.status[c] !== DECLARED) continue
      const now = measureDomain(state.registry, sight, claim.kind[c], claim.domain[c], -1, 0)
      const speaks = now.silent * 1000 <= now.members * params.outageEndPermille
      if (!speaks && since(claim.onsetS[c], at) < params.outageMaxSeconds) continue
      const r = addRow(out.OutageEnded)
      out.OutageEnded.claim[r] = c
      out.OutageEnded.at[r] = at
    }
  },
} as const

/** Nodes under a standing claim need no further explanation. */
function markExplained(state: State, sight: Sight): void {
  const { claim, total } = state.outages
  if (total.open[0] === 0 && total.declared[0] === 0) return
  for (let c = 0; c < claim.length; c++) {
    if (claim.status[c] !== OPEN && claim.status[c] !== DECLARED) continue
    const of = domainsOf(state.registry, claim.kind[c])
    for (let node = 0; node < state.registry.nodes.length; node++)
      if (of[node] === claim.domain[c] && sight.silent[node] === 1) sight.silent[node] = 2
  }
}

function earliestSilence(state: State, e: Explanation, at: number, windowS: number): number {
  const { status, suspectedS, heardS, length } = state.liveness.node
  const of = domainsOf(state.registry, e.kind)
  let earliest = at
  for (let node = 0; node < length; node++)
    if (of[node] === e.domain && status[node] !== HEARD && since(suspectedS[node], at) <= windowS)
      earliest = Math.min(earliest, heardS[node])
  return earliest
}

function writeClaim(out: SettleTo["out"], claimant: number, bond: number, e: Explanation, onsetS: number, at: number): void {
  const r = addRow(out.OutageClaimed)
  out.OutageClaimed.claimant[r] = claimant
  out.OutageClaimed.bond[r] = bond
  out.OutageClaimed.kind[r] = e.kind
  out.OutageClaimed.domain[r] = e.domain
  out.OutageClaimed.onsetS[r] = onsetS
  out.OutageClaimed.members[r] = e.members
  out.OutageClaimed.silent[r] = e.silent
  out.OutageClaimed.operators[r] = e.operators
  out.OutageClaimed.at[r] = at
}

/** Who is asked about a claim, into `panel`: for witnesses and their agents. */
export const witnessesOf = (state: State, c: number, params: To["params"]): number => {
  const { claim } = state.outages
  return drawWitnesses(state, c, claim.kind[c], claim.domain[c], claim.claimant[c], params)
}

export type OutagePromise = "claims_are_counted" | "declared_outages_were_witnessed"
export const outageInvariants: Record<OutagePromise, Invariants<HasOutages>[string]> = {
  claims_are_counted: {
    because: "an open or declared claim is found through the totals, so they must be the number of rows in each status",
    check: ({ outages: { claim, total } }, report) => {
      let open = 0
      let declared = 0
      for (let c = 0; c < claim.length; c++) {
        if (claim.status[c] === OPEN) open++
        else if (claim.status[c] === DECLARED) declared++
      }
      report.require(
        total.open[0] === open && total.declared[0] === declared && total.claims[0] === claim.length,
        () =>
          `totals say ${total.open[0]} open, ${total.declared[0]} declared of ${total.claims[0]}, rows ${open}, ${declared} of ${claim.length}`,
      )
    },
  },
  declared_outages_were_witnessed: {
    because: "nobody declares an outage alone: someone outside saw it, and it was declared once at most per claim",
    check: ({ outages: { claim, total } }, report) => {
      for (let c = 0; c < claim.length; c++)
        if (claim.status[c] === DECLARED && claim.sawDown[c] === 0)
          report.require(false, () => `claim ${c} is declared and nobody saw the domain down`)
      report.require(
        total.declarations[0] === total.declared[0] + total.ended[0],
        () => `${total.declarations[0]} declarations, but ${total.declared[0]} stand and ${total.ended[0]} ended`,
      )
    },
  },
}
export const outageSabotage: Record<OutagePromise, (state: HasOutages) => void> = {
  claims_are_counted: ({ outages: { total } }) => void total.claims[0]++,
  declared_outages_were_witnessed: ({ outages: { total } }) => void total.declarations[0]++,
}
