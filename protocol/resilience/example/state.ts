/** State of the example network: all ten mechanisms side by side, and a small economy of its own. */
import type { Invariants } from "../../kernel/invariant.ts"
import type { Values } from "../../kernel/param.ts"
import { filled, type AnyTable, type Table } from "../../kernel/table.ts"
import { count, count32, flag } from "../../kernel/unit.ts"
import { ledger, tablesOf } from "../../ledger/ledger.ts"
import { registry, registrySeldom, registryTables, REGISTERED } from "../../registry/registry.ts"
import { admission, admissionTables } from "../admission.ts"
import { restart, restartTables, type HasKeepers } from "../black-start.ts"
import { grace, graceTables } from "../grace.ts"
import { HEARD, liveness, livenessTables } from "../liveness.ts"
import { outages, outageSeldom, outageTables } from "../outage.ts"
import { placement, placementTables } from "../placement.ts"
import { receipts, receiptTables } from "../receipt.ts"
import { releases, releaseTables } from "../release.ts"
import type { ExampleParams } from "./params.ts"
import { bondsIn, purseIn, mechanismInvariants, mechanismSabotage, type HasMechanisms } from "../together.ts"

const dutyShape = {
  /** Work done since the hour began, and in the last hour with any. */
  work: count,
  usualWork: count,
  /** 1 where the node's last report held its proof. */
  proving: flag,
  paid: count,
  lost: count,
  waived: count,
} as const
const keeperShape = { keepers: count32 } as const

export interface State extends HasMechanisms<"token"> {
  readonly duty: Table<typeof dutyShape>
  readonly keepers: HasKeepers & { readonly total: Table<typeof keeperShape> }
}

export const genesis = ({ nodes }: { readonly nodes: number }, params: Values<ExampleParams>): State => {
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
    duty: filled(dutyShape, nodes),
    keepers: { total },
    ledger: ledger(["token"], ["bonds", "treasury"], nodes),
  }
}

export const stateTables = (s: State): Readonly<Record<string, AnyTable>> => ({
  ...registryTables(s.registry),
  ...livenessTables(s.liveness),
  ...outageTables(s.outages),
  ...graceTables(s.grace),
  ...placementTables(s.placement),
  ...admissionTables(s.admission),
  ...releaseTables(s.releases),
  ...receiptTables(s.receipts),
  ...restartTables(s.restart),
  duty: s.duty,
  keepers: s.keepers.total,
  ...tablesOf(s.ledger),
})
export const seldom = [...registrySeldom, ...outageSeldom] as const

export const bonds = bondsIn("token")
export const purse = purseIn("token")

/** Nodes that are believed to be there. */
export const countHeard = ({ registry: r, liveness: l }: State): number => {
  let heard = 0
  for (let node = 0; node < r.nodes.length; node++)
    if (r.nodes.status[node] === REGISTERED && l.node.beats[node] > 0 && l.node.status[node] === HEARD) heard++
  return heard
}
export const proves = ({ duty, liveness: l }: State, node: number): boolean =>
  duty.proving[node] === 1 && l.node.status[node] === HEARD

export const invariants: Invariants<State> = mechanismInvariants("token")
export const sabotage: Readonly<Record<string, (state: State) => void>> = mechanismSabotage("token")
