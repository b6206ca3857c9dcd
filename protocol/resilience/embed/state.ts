/** The mechanisms' part of a network's state: one object beside the network's own tables, so that no name of theirs meets another. */
import type { Invariants } from "../../kernel/invariant.ts"
import type { Values } from "../../kernel/param.ts"
import { filled, touch, type AnyTable, type Table } from "../../kernel/table.ts"
import { count32, flag, unit } from "../../kernel/unit.ts"
import { ledger, tablesOf } from "../../ledger/ledger.ts"
import { registry, registryTables } from "../../registry/registry.ts"
import { admission, admissionTables } from "../admission.ts"
import { restart, restartTables, type HasKeepers } from "../black-start.ts"
import { grace, graceTables } from "../grace.ts"
import { liveness, livenessTables } from "../liveness.ts"
import { outages, outageTables } from "../outage.ts"
import { placement, placementTables } from "../placement.ts"
import { receipts, receiptTables } from "../receipt.ts"
import { releases, releaseTables } from "../release.ts"
import type { ResilienceParams } from "./params.ts"
import { bondsIn, purseIn, mechanismInvariants, mechanismSabotage, type HasMechanisms } from "../together.ts"

const standingShape = {
  /** 1 where the node's last word was that its proof did not hold. */
  failing: flag,
  /** Weight of its domains, ‰; 0 stands for 1000: never weighed. */
  weightPermille: unit("‰", "u32"),
} as const
const keeperShape = { keepers: count32 } as const

/**
 * What the ten mechanisms keep. Their tables stand in `Network.tables` as "resilience.…". Credits of users and claimants, for bonds and
 * receipts, are a token of their own, whatever the network's is.
 */
export interface Resilience extends HasMechanisms<"credit"> {
  readonly standing: Table<typeof standingShape>
  readonly keepers: HasKeepers & { readonly total: Table<typeof keeperShape> }
}
export interface HasResilience {
  readonly resilience: Resilience
}

export const resilienceGenesis = (nodes: number, params: Values<ResilienceParams>): Resilience => {
  const total = filled(keeperShape, 1)
  total.keepers[0] = Math.ceil((nodes * params.keepersPermille) / 1000)
  return {
    registry: registry(nodes),
    liveness: liveness(nodes),
    outages: outages(),
    grace: grace(nodes),
    placement: placement(nodes),
    admission: admission(),
    releases: releases(nodes),
    receipts: receipts(nodes),
    restart: restart(nodes),
    standing: filled(standingShape, nodes),
    keepers: { total },
    ledger: ledger(["credit"], ["bonds", "treasury"], nodes),
  }
}

/** Tables of each component, by the component's name. */
const partsOf = (s: Resilience): Readonly<Record<Part, Readonly<Record<string, AnyTable>>>> => ({
  registry: registryTables(s.registry),
  liveness: livenessTables(s.liveness),
  outages: outageTables(s.outages),
  grace: graceTables(s.grace),
  placement: placementTables(s.placement),
  admission: admissionTables(s.admission),
  releases: releaseTables(s.releases),
  receipts: receiptTables(s.receipts),
  restart: restartTables(s.restart),
  standing: { standing: s.standing },
  keepers: { keepers: s.keepers.total },
  ledger: tablesOf(s.ledger),
})
export type Part =
  | "registry"
  | "liveness"
  | "outages"
  | "grace"
  | "placement"
  | "admission"
  | "releases"
  | "receipts"
  | "restart"
  | "standing"
  | "keepers"
  | "ledger"

const known = new WeakMap<Resilience, Readonly<Record<string, AnyTable>>>()
/** Asked for at every epoch's end, and always the same: tables grow, they are never replaced. */
export function resilienceTables({ resilience }: HasResilience): Readonly<Record<string, AnyTable>> {
  let all = known.get(resilience)
  if (all === undefined) {
    all = Object.fromEntries(
      Object.values(partsOf(resilience)).flatMap((named) =>
        Object.entries(named).map(([name, t]) => [`resilience.${name}`, t] as const),
      ),
    )
    known.set(resilience, all)
  }
  return all
}

const touched = new WeakMap<Resilience, Readonly<Record<Part, readonly AnyTable[]>>>()
/** Says that tables of these components moved: they are hashed seldom, so that what is switched off costs nothing. */
export function touchParts(s: Resilience, parts: readonly Part[]): void {
  const all = tablesByPart(s)
  for (const part of parts) for (const t of all[part]) touch(t)
}
function tablesByPart(s: Resilience): Readonly<Record<Part, readonly AnyTable[]>> {
  const found = touched.get(s)
  if (found !== undefined) return found
  const all = Object.fromEntries(
    Object.entries(partsOf(s)).map(([name, named]) => [name, Object.values(named)] as const),
  ) as unknown as Readonly<Record<Part, readonly AnyTable[]>>
  touched.set(s, all)
  return all
}

export const bonds = bondsIn("credit")
export const purse = purseIn("credit")
const own = mechanismInvariants("credit")
const broken = mechanismSabotage("credit")

/** Nothing was ever written here: where all is switched off there is nothing to promise about, and looking would cost every epoch. */
function isUntouched(s: Resilience): boolean {
  if (s.registry.total.registered[0] > 0) return false
  for (const t of flat(s)) if (t.version !== 0) return false
  return true
}
const flattened = new WeakMap<Resilience, readonly AnyTable[]>()
function flat(s: Resilience): readonly AnyTable[] {
  let all = flattened.get(s)
  if (all === undefined) flattened.set(s, (all = Object.values(resilienceTables({ resilience: s }))))
  return all
}

/** Promises stand beside the network's own as "resilience_…". */
export const resilienceInvariants: Invariants<HasResilience> = Object.fromEntries(
  Object.entries(own).map(([name, { because, check }]) => [
    `resilience_${name}`,
    { because, check: ({ resilience }: HasResilience, report) => isUntouched(resilience) || check(resilience, report) },
  ]),
)
export const resilienceSabotage: Readonly<Record<string, (state: HasResilience) => void>> = Object.fromEntries(
  Object.entries(broken).map(([name, act]) => [
    `resilience_${name}`,
    ({ resilience }: HasResilience): void => {
      touchParts(resilience, ["registry"])
      act(resilience)
    },
  ]),
)
