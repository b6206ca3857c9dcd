/** The settlements of Helium IoT, as tables of contents: the map and what waits every half hour, the books every midnight UTC. */
import { DAY, MINUTE } from "../../kernel/clock.ts"
import type { Cadence } from "../../kernel/network.ts"
import { reserve } from "../../kernel/table.ts"
import type { Events } from "./events.ts"
import type { params } from "./params.ts"
import { lateMobileLines, mobileLines } from "./settle-mobile.ts"
import { settle_blocks } from "./settle-chain.ts"
import { close_books, defer_epoch, issue_emission, issue_late, pay_hotspots, type Line } from "./settle-epoch.ts"
import { pay_delegators } from "./settle-vehnt.ts"
import type { State } from "./state.ts"

/** Scales follow who is active; a hotspot that fell silent stops crowding its neighbours (oracles: hex_density.rs). */
const refresh_density: Line = (state, at, { out, params: v, ports }) => {
  const to = out.HexScaleChanged
  reserve(to, state.hotspot.length)
  state.density.refresh(state, at, v, ports.geometry, (node, scaleE4, active) => {
    const j = to.length++
    to.node[j] = node
    to.scaleE4[j] = scaleE4
    to.active[j] = active
  })
}

export const cadences: Readonly<Record<string, Cadence<State, Events, typeof params>>> = {
  density: {
    because:
      "The verifier refreshes its density map every 30 minutes (oracles@824f7724); an epoch of the old chain took as long, and a rewarder that waits tries again.",
    everySeconds: 30 * MINUTE,
    lines: {
      refresh_density,
      settle_blocks,
      issue_late,
      pay_late: pay_hotspots,
      close_late: close_books,
      ...lateMobileLines,
      pay_delegators_late: pay_delegators,
    },
  },
  day: {
    because: "An epoch is a UTC day; its books close when it ends (helium.md §3.1).",
    everySeconds: DAY,
    lines: { defer_epoch, issue_emission, pay_hotspots, close_books, ...mobileLines, pay_delegators },
  },
}
