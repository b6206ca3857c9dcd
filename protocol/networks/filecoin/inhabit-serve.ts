/** What users get: retrievals from whoever holds a copy and can be reached. Ours: Filecoin neither places nor repairs copies. */
import type { Habitat, ServiceMeasure } from "../../kernel/habitat.ts"
import type { State } from "./state.ts"

/** Copies stand this far apart in node order, so that one operator's or region's run of nodes rarely holds two of them. */
const STRIDE_SHARE = 0.381966

/**
 * Retrievals of [fromS, toS). What a neighbourhood reads is held by its own provider and `replicas` - 1 others, a fixed stride
 * apart; it is served when one of them runs and is connected. A copy counts while its holder has live sectors, proven or not:
 * a missed proof loses power, not data.
 */
export function serveRetrievals(
  habitat: Habitat,
  { miner }: State,
  replicas: number,
  { fromS, toS }: { readonly fromS: number; readonly toS: number },
  demand: Float64Array,
  byNode?: { offered: Float64Array; served: Float64Array },
): ServiceMeasure {
  const { nodes, running, throughPermille, userThroughPermille } = habitat
  const stride = Math.max(1, Math.floor(nodes * STRIDE_SHARE))
  habitat.demand(fromS, toS, demand)
  let offeredMilli = 0
  let servedMilli = 0
  for (let node = 0; node < nodes; node++) {
    const offered = Math.floor(demand[node])
    let best = 0
    let at = node
    for (let k = 0; k < Math.min(replicas, nodes) && best < 1000; k++) {
      if (running[at] === 1 && miner.live[at] > 0 && throughPermille[at] > best) best = throughPermille[at]
      at = (at + stride) % nodes
    }
    const arrived = offered - Math.floor((offered * (1000 - userThroughPermille[node])) / 1000)
    const served = best === 1000 ? arrived : Math.floor((arrived * best) / 1000)
    offeredMilli += offered
    servedMilli += served
    if (byNode === undefined) continue
    byNode.offered[node] += offered
    byNode.served[node] += served
  }
  return { offeredMilli, servedMilli, degradedMilli: 0 }
}
