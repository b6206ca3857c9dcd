/**
 * Providers that prove what they no longer have, and those who verify the proofs of others.
 *
 * Whether the bytes are there is truth: it follows from dice keyed by provider and deadline, and only this file knows it. The
 * chain sees bytes that verify or do not, and looks at them in a dispute only.
 */
import type { Values } from "../../kernel/param.ts"
import { below, type Stream, stream } from "../../kernel/random.ts"
import { openDeadline, slotAt } from "./chain-time.ts"
import { deadlineRow } from "./cohorts.ts"
import type { Commands } from "./commands.ts"
import type { FilecoinParams } from "./params.ts"
import type { State } from "./state.ts"
import type { Tables } from "../../kernel/row-type.ts"
import { addRow } from "../../kernel/table.ts"

type Rules = Values<FilecoinParams>

export interface Watch {
  /** Is the data of a deadline gone? Of forging providers only. */
  readonly isGone: (v: Rules, node: number, deadline: number) => boolean
  /** Writes the disputes that watchers raise at the half hour `atS` about the deadlines that closed then. */
  readonly dispute: (v: Rules, atS: number) => void
}

export function watch(
  seed: number,
  state: State,
  commands: Tables<Commands>,
  isForging: (node: number, v: Rules) => boolean,
): Watch {
  const gone: Stream = stream(seed, "filecoin/gone")
  const watched: Stream = stream(seed, "filecoin/watched")
  const watchers: Stream = stream(seed, "filecoin/watcher")
  const { miner, unsound } = state
  const nodes = miner.length
  const isGone = (v: Rules, node: number, deadline: number): boolean => below(gone, 1000, node, deadline) < v.forgedPermille
  return {
    isGone,
    dispute(v, atS) {
      if (v.forgingPermille === 0 || v.disputesOn === 0) return
      const slot = slotAt(atS) - 1
      const to = commands.DisputeWindowPoSt
      for (let node = 0; node < nodes; node++) {
        if (miner.provenSlot[node] !== slot || !isForging(node, v)) continue
        const deadline = openDeadline(slot, miner.offset[node])
        // A watcher that verifies finds what is so: bytes on the chain that do not verify.
        if (unsound.slot[deadlineRow(state, node, deadline)] !== slot || below(watched, 1000, node, slot) >= v.watchedPermille)
          continue
        const r = addRow(to)
        to.node[r] = node
        to.disputer[r] = below(watchers, nodes, node, slot)
        to.deadline[r] = deadline
        to.atS[r] = atS
      }
    },
  }
}
