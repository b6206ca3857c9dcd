/** The catalogue of adversaries: every entry that can be played, in the order of the fact sheet. */
import { ScenarioProblem } from "../../protocol/boundary/problem.ts"
import { arenaCompute } from "./arena-compute.ts"
import { arenaConsensus } from "./arena-consensus.ts"
import { arenaGossip } from "./arena-gossip.ts"
import { arenaMarket } from "./arena-market.ts"
import { arenaOutage } from "./arena-outage.ts"
import { arenaPresence } from "./arena-presence.ts"
import { arenaRetrieval } from "./arena-retrieval.ts"
import { arenaStorage } from "./arena-storage.ts"
import { compute } from "./compute.ts"
import { diversity } from "./diversity.ts"
import type { Entry } from "./entry.ts"
import { leases } from "./leases.ts"
import { outage } from "./outage.ts"
import { presence } from "./presence.ts"
import { finality, storage } from "./storage.ts"

/** A1, A2, …, A10: by family, then by number. */
const place = (e: Entry): string => e.id.replace(/\d+/, (n) => n.padStart(2, "0"))

export const catalogue: readonly Entry[] = [
  presence,
  arenaPresence,
  storage,
  arenaStorage,
  arenaRetrieval,
  finality,
  arenaConsensus,
  arenaGossip,
  compute,
  arenaCompute,
  leases,
  arenaMarket,
  outage,
  arenaOutage,
  diversity,
]
  .flat()
  .toSorted((a, b) => (place(a) < place(b) ? -1 : 1))

/** Throws a ScenarioProblem that names the known ones. */
export function entryOf(id: string): Entry {
  const found = catalogue.find((e) => e.id.toLowerCase() === id.toLowerCase())
  if (found === undefined)
    throw new ScenarioProblem(`there is no adversary ${id} in the catalogue; there are ${catalogue.map((e) => e.id).join(", ")}`)
  return found
}
