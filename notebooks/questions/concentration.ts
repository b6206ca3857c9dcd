/** How concentrated a network may become: ever more of it behind one provider that fails, or inside one country that is cut off. */
import type { Scenario } from "../../scenarios/vocabulary.ts"
import { lostShare, secondsAt, type Figures } from "./figures.ts"
import { outageOf } from "./outage.ts"

/** Shares of hotspots and of users behind the provider, %. */
export const SHARES = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100] as const
const CUT = { fromS: secondsAt("2025-11-18T12:00:00Z"), toS: secondsAt("2025-11-18T15:00:00Z") }

/** The outage with that share of hotspots behind the provider, and of users where `isUsersToo`. */
export const behindOf = (share: number, hotspots: number, isUsersToo: boolean, seed?: number): Scenario =>
  outageOf({ hotspots, nodesBehind: share, usersBehind: isUsersToo ? share : 0, ...(seed === undefined ? {} : { seed }) })

export const DOMAINS = ["country", "asn", "city"] as const
export type Domain = (typeof DOMAINS)[number]
export const SAY_DOMAIN: Readonly<Record<Domain, string>> = { country: "country", asn: "internet provider", city: "city" }

/** Three hours in which the largest domains of a kind are cut off. */
export const cutOf = (domain: Domain, count: number, hotspots: number): Scenario => ({
  question: "What is lost when the largest are cut off?",
  begins: "2025-11-18T06:00:00Z",
  lasts: { hours: 12 },
  seed: 20251118,
  epoch: { hours: 1 },
  networks: { helium: { nodes: hotspots, preset: "SOL-HNT" } },
  timeline: [
    {
      at: "2025-11-18T12:00:00Z",
      label: "the largest are cut off",
      do: { verb: "disconnect", network: "helium", where: { largest: { of: domain, count } }, for: { hours: 3 } },
    },
  ],
})
export const cutLoss = (figures: Figures): number => lostShare(figures, "helium", CUT)

/** Of all nodes, those in the largest domains, 0 to 1. */
export function largestShare(of: Uint32Array, names: readonly string[], count: number): number {
  const nodes = names.map(() => 0)
  for (const k of of) nodes[k]++
  const sum = nodes
    .toSorted((a, b) => b - a)
    .slice(0, count)
    .reduce((a, b) => a + b, 0)
  return sum / of.length
}

/** The least share at which the loss is above what is borne, by a straight line between its neighbours; undefined if it never is. */
export function breaksAt(
  points: readonly { readonly share: number; readonly lost: number }[],
  borne: number,
): number | undefined {
  const k = points.findIndex(({ lost }) => lost > borne)
  if (k <= 0) return k === 0 ? points[0].share : undefined
  const [a, b] = [points[k - 1], points[k]]
  return a.share + ((borne - a.lost) / (b.lost - a.lost)) * (b.share - a.share)
}
