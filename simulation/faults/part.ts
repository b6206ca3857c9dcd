/** Which of a network's facilities stands for a part that every network has in some form. Read off their names: no network is named here. */
import type { Facility } from "../../protocol/kernel/habitat.ts"

export type Part = "ledger" | "oracle" | "price" | "control" | "door" | "edge"

/** In order of preference. A network without a chain keeps its books where its control plane or its oracles do. */
const NAMES: Readonly<Record<Part, readonly RegExp[]>> = {
  ledger: [/ledger|chain|consensus/u, /^validators?$/u, /verifier|oracle/u, /control/u],
  oracle: [/oracle|verifier|beacon|price|feed/u, /control/u],
  price: [/price|feed/u, /oracle/u],
  control: [/dashboard|console/u, /^control/u],
  door: [/gateway|router|door|ingress/u, /^edge/u],
  edge: [/^edge/u, /gateway|router|door|ingress/u],
}

/** The facility's name, or undefined when the network has none of the kind. */
export function facilityOf(part: Part, facilities: readonly Facility[]): string | undefined {
  for (const name of NAMES[part]) {
    const found = facilities.find((f) => name.test(f.name))
    if (found !== undefined) return found.name
  }
  return undefined
}
