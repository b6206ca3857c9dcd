/**
 * The hour's table of contents.
 *
 * It is short on purpose: detection, roll-out and rollback run on the control plane's own timers, which are commands with
 * their own times (`ProbeFleet`, `AdvanceRollout`). A cadence of seconds would cut every tick of a simulated year short.
 */
import type { Cadence } from "../../kernel/network.ts"
import { addRow } from "../../kernel/table.ts"
import type { Events } from "./events.ts"
import type { CdnParams } from "./params.ts"
import type { State } from "./state.ts"

const HOUR = 60 * 60

export const cadences: Readonly<Record<"hour", Cadence<State, Events, CdnParams>>> = {
  hour: {
    because: "PoPs report at least hourly, so silence can be told from calm once an hour.",
    everySeconds: HOUR,
    lines: {
      markSilentPops({ pop }, at, { out, params }) {
        const to = out.PopWentSilent
        for (let node = 0; node < pop.length; node++) {
          if (pop.reporting[node] === 0 || pop.reportedS[node] + params.silenceSeconds > at) continue
          const r = addRow(to)
          to.node[r] = node
          to.atS[r] = at
        }
      },
    },
  },
}
