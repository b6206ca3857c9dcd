/** Parts of Filecoin that are no node: what an outage may take away beside providers. */
import type { Facility } from "../../kernel/habitat.ts"

export const BEACON = "beacon"
export const FAST_FINALITY = "fast-finality"
export const CONSENSUS = "consensus"
export const facilities: readonly Facility[] = [
  {
    name: BEACON,
    because:
      "drand, from which every epoch's election follows. Served: share of epochs that get their randomness; without it nobody makes a block. It cannot be corrupt: everyone verifies it.",
  },
  {
    name: CONSENSUS,
    because:
      "Nodes' agreement on what a block does: in December 2020 a map without order made each compute a different state, and no block followed another for hours. Served: share of epochs in which they agree. It cannot be corrupt: a state that others do not reach is refused.",
  },
  {
    name: FAST_FINALITY,
    because:
      "F3's own software, which stood still four times in its first year while blocks went on. Served: share of its decisions that come about. It cannot be corrupt: a certificate without two thirds is refused.",
  },
]
