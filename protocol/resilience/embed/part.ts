/**
 * The ten mechanisms as one part of a network: its facts, requests and answers, joined from the components and turned to
 * `state.resilience`. The registry's words are said anew ("enrol", "fate"), because networks have registries of their own.
 */
import type { DecideContext } from "../../kernel/network.ts"
import { command, event, type CommandTypes, type EventTypes } from "../../kernel/row-type.ts"
import type { Columns } from "../../kernel/table.ts"
import { flag, nodeIndex, seconds, unit } from "../../kernel/unit.ts"
import { holderOf, mint } from "../../ledger/ledger.ts"
import { absence, registryDecide } from "../../registry/decide.ts"
import { registryEvents, registryEvolve, registryRefusals } from "../../registry/registry.ts"
import {
  admissionCommands,
  admissionDecide,
  admissionEvents,
  admissionEvolve,
  admissionRefusals,
  type Capacity,
} from "../admission.ts"
import { restartCommands, restartDecide, restartEvents, restartEvolve, restartRefusals } from "../black-start.ts"
import { graceEvents, graceEvolve, noteDomains } from "../grace.ts"
import { livenessDecide } from "../liveness-decide.ts"
import { HEARD, livenessCommands, livenessEvents, livenessEvolve, livenessRefusals } from "../liveness.ts"
import { outageDecide } from "../outage-decide.ts"
import { outageCommands, outageEvents, outageEvolve, outageRefusals } from "../outage.ts"
import { placementCommands, placementEvents, placementEvolve, placementRefusals } from "../placement.ts"
import { receiptCommands, receiptDecide, receiptEvents, receiptEvolve, receiptRefusals } from "../receipt.ts"
import { releaseCommands, releaseDecide, releaseEvents, releaseEvolve, releaseRefusals } from "../release.ts"
import { placementDecide } from "../repair.ts"
import { addRow } from "../rows.ts"
import type { ResilienceParams } from "./params.ts"
import { bonds, purse, touchParts, type HasResilience, type Part, type Resilience } from "./state.ts"

const money = unit("smallest unit of credit", "u32")
const permille = unit("‰", "u32")

export const events = {
  NodeEnrolled: event("a node takes part in the mechanisms, under an owner's name", registryEvents.NodeRegistered.shape),
  FateDeclared: event(
    "a node said which failure domains it shares with others; nobody has checked them",
    registryEvents.DomainsDeclared.shape,
  ),
  NodeWithdrawn: event("a node no longer takes part", registryEvents.NodeRetired.shape),
  ...livenessEvents,
  ...outageEvents,
  ...graceEvents,
  ...placementEvents,
  ...admissionEvents,
  ...releaseEvents,
  ...receiptEvents,
  ...restartEvents,
  CreditBrought: event("users or claimants near a node brought credit", { node: nodeIndex, amount: money, at: seconds }),
  HealthReported: event("a node's operator said whether its proofs hold", { node: nodeIndex, proving: flag, at: seconds }),
  NodeWeighed: event("the weight of a node's domains changed", { node: nodeIndex, weightPermille: permille, at: seconds }),
} as const
export type Events = typeof events

export const commands = {
  EnrolNode: command("take part in the mechanisms", events.NodeEnrolled.shape, ["NodeEnrolled"]),
  DeclareFate: command("say which failure domains the node shares with others", events.FateDeclared.shape, ["FateDeclared"]),
  WithdrawNode: command("take part no longer", events.NodeWithdrawn.shape, ["NodeWithdrawn"]),
  ...livenessCommands,
  ...outageCommands,
  ...placementCommands,
  ...admissionCommands,
  ...releaseCommands,
  ...receiptCommands,
  ...restartCommands,
  BringCredit: command("bring credit for bonds and receipts", events.CreditBrought.shape, ["CreditBrought"]),
  ReportHealth: command("say whether the node's proofs hold", events.HealthReported.shape, ["HealthReported"], "batch"),
} as const
export type Commands = typeof commands

const { location_is_unchanged: _same, location_is_asserted_too_often: _often, ...enrolment } = registryRefusals
export const refusals = {
  ...enrolment,
  ...livenessRefusals,
  ...outageRefusals,
  ...placementRefusals,
  ...admissionRefusals,
  ...releaseRefusals,
  ...receiptRefusals,
  ...restartRefusals,
} as const
export type Refusal = keyof typeof refusals

type Rows<K extends keyof Events> = Columns<Events[K]["shape"]>
type EvolveOne = (state: Resilience, rows: never, begin: number, end: number) => void

const evolveOwn = {
  NodeEnrolled: (state: Resilience, rows: Rows<"NodeEnrolled">, begin: number, end: number): void =>
    registryEvolve.NodeRegistered(state, rows, begin, end),
  FateDeclared(state: Resilience, rows: Rows<"FateDeclared">, begin: number, end: number): void {
    registryEvolve.DomainsDeclared(state, rows, begin, end)
    noteDomains(state, rows.node, rows.at, begin, end)
  },
  NodeWithdrawn: (state: Resilience, rows: Rows<"NodeWithdrawn">, begin: number, end: number): void =>
    registryEvolve.NodeRetired(state, rows, begin, end),
  CreditBrought({ ledger: l }: Resilience, rows: Rows<"CreditBrought">, begin: number, end: number): void {
    for (let i = begin; i < end; i++) mint(l, "credit", holderOf(l, rows.node[i]), rows.amount[i])
  },
  HealthReported({ standing }: Resilience, rows: Rows<"HealthReported">, begin: number, end: number): void {
    for (let i = begin; i < end; i++) standing.failing[rows.node[i]] = 1 - rows.proving[i]
  },
  NodeWeighed({ standing }: Resilience, rows: Rows<"NodeWeighed">, begin: number, end: number): void {
    for (let i = begin; i < end; i++) standing.weightPermille[rows.node[i]] = rows.weightPermille[i]
  },
} as const

/** Which tables an event may move. */
const moves = (named: EventTypes, parts: readonly Part[]): readonly (readonly [string, readonly Part[]])[] =>
  Object.keys(named).map((name) => [name, parts] as const)
const MOVES: ReadonlyMap<string, readonly Part[]> = new Map([
  ...moves(livenessEvents, ["liveness"]),
  ...moves(outageEvents, ["outages", "ledger"]),
  ...moves(graceEvents, ["grace"]),
  ...moves(placementEvents, ["placement"]),
  ...moves(admissionEvents, ["admission"]),
  ...moves(releaseEvents, ["releases"]),
  ...moves(receiptEvents, ["receipts", "ledger"]),
  ...moves(restartEvents, ["restart"]),
  ["NodeEnrolled", ["registry"]],
  ["FateDeclared", ["registry", "grace"]],
  ["NodeWithdrawn", ["registry"]],
  ["CreditBrought", ["ledger"]],
  ["HealthReported", ["standing"]],
  ["NodeWeighed", ["standing"]],
])

const evolveAll = {
  ...evolveOwn,
  ...livenessEvolve,
  ...outageEvolve<Resilience>(bonds),
  ...graceEvolve,
  ...placementEvolve,
  ...admissionEvolve,
  ...releaseEvolve,
  ...receiptEvolve<Resilience>(purse),
  ...restartEvolve,
} as unknown as Readonly<Record<keyof Events, EvolveOne>>

/** Evolves on `state.resilience`, and says which tables moved. */
export const evolve = Object.fromEntries(
  (Object.keys(events) as (keyof Events)[]).map((name) => {
    const one = evolveAll[name]
    const parts = MOVES.get(name)!
    return [
      name,
      ({ resilience }: HasResilience, rows: never, begin: number, end: number): void => {
        one(resilience, rows, begin, end)
        touchParts(resilience, parts)
      },
    ]
  }),
) as Readonly<Record<keyof Events, (state: HasResilience, rows: never, begin: number, end: number) => void>>

/** Nodes that are believed to be there. */
export function countHeard({ registry: r, liveness: l }: Resilience): number {
  let heard = 0
  for (let node = 0; node < r.nodes.length; node++)
    if (r.nodes.status[node] === 1 && l.node.beats[node] > 0 && l.node.status[node] === HEARD) heard++
  return heard
}

/** Units a minute can serve: what the nodes believed to be there can do. Without a limit, all there is. */
export const capacityOf: Capacity<Resilience> = (state, p) =>
  p.serviceUnitsPerNode === 0
    ? Number.MAX_SAFE_INTEGER / 1024
    : p.serviceUnitsPerNode * (p.livenessDetector === 0 ? state.registry.total.registered[0] : countHeard(state))

type To = DecideContext<Events, ResilienceParams, Refusal>
type DecideOne = (state: Resilience, rows: never, begin: number, end: number, to: To) => void

const decideOwn = {
  EnrolNode: (state: Resilience, rows: Columns<Commands["EnrolNode"]["shape"]>, begin: number, end: number, to: To) =>
    registryDecide.RegisterNode(state, rows, begin, end, {
      out: { NodeRegistered: to.out.NodeEnrolled } as never,
      refuse: to.refuse as never,
    }),
  DeclareFate: (state: Resilience, rows: Columns<Commands["DeclareFate"]["shape"]>, begin: number, end: number, to: To) =>
    registryDecide.DeclareDomains(state, rows, begin, end, {
      out: { DomainsDeclared: to.out.FateDeclared } as never,
      refuse: to.refuse as never,
    }),
  WithdrawNode: (state: Resilience, rows: Columns<Commands["WithdrawNode"]["shape"]>, begin: number, end: number, to: To) =>
    registryDecide.RetireNode(state, rows, begin, end, {
      out: { NodeRetired: to.out.NodeWithdrawn } as never,
      refuse: to.refuse as never,
    }),
  BringCredit(state: Resilience, rows: Columns<Commands["BringCredit"]["shape"]>, begin: number, end: number, to: To): void {
    const { out, refuse } = to
    for (let i = begin; i < end; i++) {
      const reason = absence(state.registry, rows.node[i])
      if (reason !== undefined) {
        refuse(i, reason)
        continue
      }
      const k = addRow(out.CreditBrought)
      out.CreditBrought.node[k] = rows.node[i]
      out.CreditBrought.amount[k] = rows.amount[i]
      out.CreditBrought.at[k] = rows.at[i]
    }
  },
  ReportHealth(state: Resilience, rows: Columns<Commands["ReportHealth"]["shape"]>, begin: number, end: number, to: To): void {
    const { out, refuse } = to
    for (let i = begin; i < end; i++) {
      const reason = absence(state.registry, rows.node[i])
      if (reason !== undefined) {
        refuse(i, reason)
        continue
      }
      const k = addRow(out.HealthReported)
      out.HealthReported.node[k] = rows.node[i]
      out.HealthReported.proving[k] = rows.proving[i]
      out.HealthReported.at[k] = rows.at[i]
    }
  },
} as const

const decideAll = {
  ...decideOwn,
  ...livenessDecide,
  ...outageDecide<Resilience>(bonds),
  ...placementDecide,
  ...admissionDecide<Resilience>(capacityOf),
  ...releaseDecide,
  ...receiptDecide<Resilience>(purse),
  ...restartDecide,
} as unknown as Readonly<Record<keyof Commands, DecideOne>>

/** Decides on `state.resilience`. */
export const decide = Object.fromEntries(
  (Object.keys(commands) as (keyof Commands)[]).map((name) => {
    const one = decideAll[name]
    return [
      name,
      ({ resilience }: HasResilience, rows: never, begin: number, end: number, to: To): void =>
        one(resilience, rows, begin, end, to),
    ]
  }),
) as Readonly<Record<keyof Commands, (state: HasResilience, rows: never, begin: number, end: number, to: To) => void>>

/** The names above, checked to be nobody else's. Throws an Error that names the first that is. */
export function refuseCollisions(
  network: string,
  kind: string,
  theirs: Readonly<Record<string, unknown>>,
  ours: CommandTypes | EventTypes | Readonly<Record<string, unknown>>,
): void {
  const both = Object.keys(ours).find((name) => Object.hasOwn(theirs, name))
  if (both !== undefined)
    throw new Error(`${network} has a ${kind} ${both} of its own: the mechanisms of resilience have one too`)
}
