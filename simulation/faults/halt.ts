/** halt: a network's ledger stands still. The facility that stands for it (see part.ts) serves nothing, for so long or until it is repaired. */
import type { Action } from "./action.ts"
import type { Planner } from "./agenda.ts"
import { hinder } from "./facility.ts"

export function halt({ network, facility, forS }: Extract<Action, { verb: "halt" | "cutOracle" }>, p: Planner): void {
  hinder({ verb: "hinder", network, facility, servedPermille: 0, ...(forS === undefined ? {} : { forS }) }, p)
}
