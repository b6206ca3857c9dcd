/** Panels drawn from a registry in which some nodes collude: how often they hold a quorum, or can block one. */
import { REGISTERED, registry, type Registry } from "../../registry/registry.ts"
import { drawPanel, panel } from "../observers.ts"

/** A registry of `nodes` nodes, each its own owner, without domains. */
export function plainRegistry(nodes: number): Registry {
  const r = registry(nodes)
  for (let node = 0; node < nodes; node++) {
    r.nodes.status[node] = REGISTERED
    r.nodes.owner[node] = node
  }
  return r
}

/** Share of `draws` panels of `size` in which at least `quorum` are among the first `colluders` nodes, and in which at least size − quorum + 1 are. */
export function simulateCapture(nodes: number, colluders: number, size: number, quorum: number, draws: number, seed: number) {
  const r = plainRegistry(nodes)
  let captured = 0
  let blocked = 0
  for (let d = 0; d < draws; d++) {
    drawPanel(r, seed, d, 0, size, () => true)
    let bad = 0
    for (let i = 0; i < size; i++) if (panel[i] < colluders) bad++
    if (bad >= quorum) captured++
    if (bad >= size - quorum + 1) blocked++
  }
  return { captured: captured / draws, blocked: blocked / draws }
}
