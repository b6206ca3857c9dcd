/** What falls due at a cadence: the table of contents of an hour and of a day, in the order it happens. */
import { DAY, HOUR } from "../../kernel/clock.ts"
import type { Cadence } from "../../kernel/network.ts"
import { addRow } from "../../kernel/table.ts"
import { balance } from "../../ledger/ledger.ts"
import type { Events } from "./events.ts"
import type { NewcomerParams } from "./params.ts"
import { shareByProofs } from "./rewards.ts"
import type { State } from "./state.ts"

export const cadences: Readonly<Record<"hour" | "day", Cadence<State, Events, NewcomerParams>>> = {
  hour: {
    because: "Silence can be told from calm once an hour.",
    everySeconds: HOUR,
    lines: {
      markSilentNodes({ node: nodes }, at, { out, params }) {
        const to = out.NodeFellSilent
        for (let node = 0; node < nodes.length; node++) {
          if (nodes.joined[node] === 0 || nodes.silent[node] === 1) continue
          if (nodes.heardS[node] + params.silentSeconds > at) continue
          const r = addRow(to)
          to.node[r] = node
          to.atS[r] = at
        }
      },
      watchSilence({ total }, at, { out, params }) {
        const silent = total.silent[0]
        const isMany = silent > 0 && silent * 1000 >= params.alarmPermille * total.joined[0]
        if (isMany === (total.alarmed[0] === 1)) return
        const to = isMany ? out.AlarmRaised : out.AlarmCleared
        const r = addRow(to)
        to.silent[r] = silent
        to.atS[r] = at
      },
    },
  },
  day: {
    because: "Rewards are paid for a day's proofs.",
    everySeconds: DAY,
    lines: {
      mintPool(_state, at, { out, params }) {
        const to = out.PoolMinted
        const r = addRow(to)
        to.amount.setNumber(r, params.dailyPool)
        to.atS[r] = at
      },
      payNodes({ node: nodes, ledger: l }, at, { out }) {
        const shares = new Float64Array(nodes.length)
        shareByProofs(Number(balance(l, "token", l.account.rewards)), Float64Array.from(nodes.dayProofs), shares)
        const to = out.NodePaid
        for (let node = 0; node < nodes.length; node++) {
          if (shares[node] === 0) continue
          const r = addRow(to)
          to.node[r] = node
          to.amount.setNumber(r, shares[node])
          to.atS[r] = at
        }
      },
      closeDay({ ledger: l }, at, { out }) {
        const to = out.DayClosed
        const r = addRow(to)
        to.dust.set(r, balance(l, "token", l.account.rewards))
        to.atS[r] = at
      },
    },
  },
}
