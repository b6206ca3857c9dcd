/** Random graphs, and what is left of them after an attack. Measured counterpart of analytic/percolation.ts. */
import { Dice } from "./dice.ts"

/** Edges as two columns of end points. */
export interface Graph {
  readonly nodes: number
  readonly from: Uint32Array
  readonly to: Uint32Array
}

/** A graph of `nodes` nodes with nodes·meanDegree/2 edges between pairs drawn at random. */
export function drawRandomGraph(nodes: number, meanDegree: number, dice: Dice): Graph {
  const edges = Math.round((nodes * meanDegree) / 2)
  const from = new Uint32Array(edges)
  const to = new Uint32Array(edges)
  for (let e = 0; e < edges; e++) {
    from[e] = dice.below(nodes)
    to[e] = (from[e] + 1 + dice.below(nodes - 1)) % nodes
  }
  return { nodes, from, to }
}

/** Preferential attachment: each newcomer links to `links` different nodes, drawn in proportion to their links (Barabási and Albert). */
export function drawPreferentialGraph(nodes: number, links: number, dice: Dice): Graph {
  const edges = Math.max(0, nodes - links) * links
  const from = new Uint32Array(edges)
  const to = new Uint32Array(edges)
  // Every end of every edge, once: a uniform draw from it is a draw by degree. The first newcomer links to all founders.
  const ends = new Uint32Array(2 * edges)
  const chosen = new Uint32Array(links)
  let e = 0
  for (let node = links; node < nodes; node++) {
    const known = 2 * e
    for (let k = 0; k < links;) {
      const target = known === 0 ? k : ends[dice.below(known)]
      if (chosen.subarray(0, k).includes(target)) continue
      chosen[k++] = target
    }
    for (let k = 0; k < links; k++) {
      from[e] = node
      to[e] = chosen[k]
      ends[2 * e] = node
      ends[2 * e + 1] = chosen[k]
      e++
    }
  }
  return { nodes, from, to }
}

/** Links of each node. */
export function degrees({ nodes, from, to }: Graph): Uint32Array {
  const degree = new Uint32Array(nodes)
  for (let e = 0; e < from.length; e++) {
    degree[from[e]]++
    degree[to[e]]++
  }
  return degree
}

/** 1 for each node taken away: a random share, or the most connected by original degree (ties by number). */
export function drawRemoval(graph: Graph, removed: number, targeted: boolean, dice: Dice): Uint8Array {
  const gone = new Uint8Array(graph.nodes)
  const count = Math.min(graph.nodes, Math.max(0, Math.round(graph.nodes * removed)))
  const order = Uint32Array.from({ length: graph.nodes }, (_, i) => i)
  if (targeted) {
    const degree = degrees(graph)
    order.sort((a, b) => degree[b] - degree[a] || a - b)
  } else dice.sample(order, count)
  for (let i = 0; i < count; i++) gone[order[i]] = 1
  return gone
}

/** Nodes of the largest connected part among those not gone. */
export function largestComponent({ nodes, from, to }: Graph, gone: Uint8Array): number {
  const parent = Uint32Array.from({ length: nodes }, (_, i) => i)
  const size = new Uint32Array(nodes).fill(1)
  const root = (x: number): number => {
    while (parent[x] !== x) {
      parent[x] = parent[parent[x]]
      x = parent[x]
    }
    return x
  }
  let largest = gone.includes(0) ? 1 : 0
  for (let e = 0; e < from.length; e++) {
    if (gone[from[e]] === 1 || gone[to[e]] === 1) continue
    const a = root(from[e])
    const b = root(to[e])
    if (a === b) continue
    const [small, big] = size[a] < size[b] ? [a, b] : [b, a]
    parent[small] = big
    size[big] += size[small]
    if (size[big] > largest) largest = size[big]
  }
  return largest
}

const ATTACK_SEEDS = 10

/** Largest connected part of a preferential-attachment graph after removal, as a share of the original nodes: mean of ten seeds. */
export function simulateAttack(nodes: number, links: number, removed: number, targeted: boolean, seed = 1): number {
  if (nodes <= 0) return 0
  let sum = 0
  for (let run = 0; run < ATTACK_SEEDS; run++) {
    const dice = new Dice(seed, "resilience/attack", run)
    const graph = drawPreferentialGraph(nodes, links, dice)
    sum += largestComponent(graph, drawRemoval(graph, removed, targeted, dice)) / nodes
  }
  return sum / ATTACK_SEEDS
}
