/** The catalogue of adversaries: every entry that can be played, in the order of the fact sheet. */
import { ScenarioProblem } from "../../protocol/boundary/problem.ts"
import type { Entry } from "./entry.ts"
import { presence } from "./presence.ts"

export const catalogue: readonly Entry[] = [...presence]

/** Throws a ScenarioProblem that names the known ones. */
export function entryOf(id: string): Entry {
  const found = catalogue.find((e) => e.id.toLowerCase() === id.toLowerCase())
  if (found === undefined)
    throw new ScenarioProblem(`there is no adversary ${id} in the catalogue; there are ${catalogue.map((e) => e.id).join(", ")}`)
  return found
}
