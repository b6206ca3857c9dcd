/**
 * Who is asked to look: panels of nodes drawn by public randomness from other operators and other failure domains than those they judge.
 *
 * A draw is a pure function of the registry, a seed and two counters, so anyone can check it, and nobody can choose it.
 */
import { multiplyHigh, nameHash, philox } from "../kernel/random.ts"
import { REGISTERED, type Registry } from "../registry/registry.ts"
import { DOWN, SUSPECTED, type Liveness } from "./liveness.ts"
import { domainsOf, KINDS, NOBODY, since } from "./rows.ts"

const KEY = nameHash("resilience/panel")
const TRIES = 64
export const PANEL_MAX = 31

const words = new Uint32Array(4)
/** The last panel drawn. */
export const panel = new Uint32Array(PANEL_MAX)

/** True where `node` may judge: it is another operator's, and shares no declared domain with the judged. */
export type Eligible = (r: Registry, node: number) => boolean

/** Draws up to `size` different eligible nodes into `panel` and returns how many were found. Seats without a node stay empty. */
export function drawPanel(r: Registry, seed: number, a: number, b: number, size: number, eligible: Eligible): number {
  const { status, length } = r.nodes
  let found = 0
  for (let seat = 0; seat < size; seat++) {
    panel[seat] = NOBODY
    for (let t = 0; t < TRIES && panel[seat] === NOBODY; t += 4) {
      philox(words, a, b, seat, t, seed, KEY)
      for (let w = 0; w < 4; w++) {
        const node = multiplyHigh(words[w], length) >>> 0
        if (status[node] !== REGISTERED || !eligible(r, node) || isSeated(node, seat)) continue
        panel[seat] = node
        found++
        break
      }
    }
  }
  return found
}

function isSeated(node: number, before: number): boolean {
  for (let i = 0; i < before; i++) if (panel[i] === node) return true
  return false
}

/** True when two nodes share an owner or any declared domain but the client version, which most nodes share. */
export function sharesFate(r: Registry, a: number, b: number): boolean {
  if (r.nodes.owner[a] === r.nodes.owner[b]) return true
  for (let kind = 0; kind < KINDS.length; kind++) {
    if (KINDS[kind] === "client") continue
    const of = domainsOf(r, kind)
    if (of[a] !== 0 && of[a] === of[b]) return true
  }
  return false
}

/** The observers of one node's suspicion number `round`, into `panel`. */
export const drawObservers = (r: Registry, seed: number, node: number, round: number, size: number): number =>
  drawPanel(r, seed, node, round, size, (_, other) => other !== node && !sharesFate(r, node, other))

/**
 * Of the panel just drawn, the seats whose node is not itself down, or suspected for `refuteSeconds` and more. In a large outage the quorum is of
 * these, or nobody could ever be confirmed. A fresh suspicion takes no seat away: one observer can raise it, and a healthy node refutes it
 * with its next heartbeat.
 */
export function countAble({ node: { status, suspectedS } }: Liveness, size: number, at: number, refuteSeconds: number): number {
  let able = 0
  for (let seat = 0; seat < size; seat++) {
    const node = panel[seat]
    if (node === NOBODY || status[node] === DOWN) continue
    if (status[node] !== SUSPECTED || since(suspectedS[node], at) < refuteSeconds) able++
  }
  return able
}

/** What remains of a quorum of q in n where only some seats could be filled; never below one, never above those found. */
export const scaleQuorum = (quorum: number, size: number, found: number): number =>
  found >= size ? Math.min(quorum, size) : Math.max(1, Math.ceil((Math.min(quorum, size) * found) / size))
