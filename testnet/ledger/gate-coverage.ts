/** What the gate keeps of coverage: round trips of the window now open, and who contradicted the claims of others. */
import { event } from "../../protocol/kernel/row-type.ts"
import { paged, table, touch, touchRow, type Columns, type Table } from "../../protocol/kernel/table.ts"
import { count32, flag, nodeIndex, seconds, unit } from "../../protocol/kernel/unit.ts"
import { append, extendTo } from "./words.ts"

const account = unit("account", "u32")
const windowIndex = unit("window (Unix)", "u32")
const micro = unit("µs", "u32")
export const FITS = 1
export const FASTER_THAN_LIGHT = 2
export const TOO_SLOW = 3
const verdict = unit("1 fits, 2 faster than light, 3 too slow for the place", "u8", FITS, TOO_SLOW)

const contactShape = { a: account, b: account, roundTripMicro: micro, verdict, window: windowIndex } as const
const standingShape = {
  /** The last window it beaconed in. */
  beaconWindow: windowIndex,
  contacts: count32,
  contradictions: count32,
  /** Windows in a row in which it contradicted most of its partners. */
  strikes: unit("windows", "u8"),
  liar: flag,
  reason: unit("0 none, 2 faster than light, 3 too slow for the place", "u8", 0, TOO_SLOW),
  namedS: seconds,
} as const

export interface CoverageGate {
  readonly contact: Table<typeof contactShape>
  readonly standing: Table<typeof standingShape>
}
export const coverageTables = (): CoverageGate => ({
  contact: table(contactShape, 64),
  standing: paged(table(standingShape, 16)),
})

export const coverageEvents = {
  BeaconShown: event("A beacon's receipts were checked.", { account, window: windowIndex }),
  ContactShown: event("Two nodes measured their round trip, and both signed for it.", contactShape),
  WindowJudged: event("A window's round trips were held against the places claimed.", { window: windowIndex }),
  AccountStruck: event("An account contradicted most of its partners in a window, or, with 0, did so no more.", {
    account,
    strikes: standingShape.strikes,
  }),
  LiarNamed: event("An account's claimed place cannot be: it is put on the network's denylist.", {
    account,
    node: nodeIndex,
    reason: verdict,
    partners: unit("accounts", "u16"),
    against: unit("accounts", "u16"),
    namedS: seconds,
  }),
} as const
type Events = typeof coverageEvents

export const evolveCoverage: {
  readonly [K in keyof Events]: (s: CoverageGate, rows: Columns<Events[K]["shape"]>, begin: number, end: number) => void
} = {
  BeaconShown({ standing }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      const a = rows.account[i]
      extendTo(standing, a)
      standing.beaconWindow[a] = rows.window[i]
      touchRow(standing, a)
    }
  },
  ContactShown({ contact, standing }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      append(contact, rows, i, {})
      for (const a of [rows.a[i], rows.b[i]]) {
        extendTo(standing, a)
        standing.contacts[a]++
        if (rows.verdict[i] !== FITS) standing.contradictions[a]++
        touchRow(standing, a)
      }
    }
  },
  WindowJudged({ contact }) {
    contact.length = 0
    touch(contact)
  },
  AccountStruck({ standing }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      extendTo(standing, rows.account[i])
      standing.strikes[rows.account[i]] = rows.strikes[i]
      touchRow(standing, rows.account[i])
    }
  },
  LiarNamed({ standing }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      const a = rows.account[i]
      extendTo(standing, a)
      standing.liar[a] = 1
      standing.reason[a] = rows.reason[i]
      standing.namedS[a] = rows.namedS[i]
      touchRow(standing, a)
    }
  },
}
