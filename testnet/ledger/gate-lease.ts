/** What the gate keeps of sites: where nodes listen, what content was promised under which name, and what probes found. */
import { event } from "../../protocol/kernel/row-type.ts"
import { paged, table, touchRow, type Columns, type Table } from "../../protocol/kernel/table.ts"
import { count32, flag, nodeIndex, seconds, unit } from "../../protocol/kernel/unit.ts"
import { append, extendTo, putRow, words } from "./words.ts"

const account = unit("account", "u32")
const siteIndex = unit("site", "u32")
const groupIndex = unit("group", "u32")
const windowIndex = unit("window (Unix)", "u32")
const port = unit("port; 0: none", "u16")
const small = unit("count", "u8")
/** What a probe found. */
export const GOOD = 1
export const SILENT = 2
export const WRONG = 3
const verdict = unit("1 good, 2 no answer, 3 wrong content", "u8", GOOD, WRONG)

export const endpointColumns = { ip4: unit("IPv4 address", "u32"), httpPort: port, udpPort: port } as const
/** One row an account, from the first that said where it listens. */
const endpointShape = { ...endpointColumns, setS: seconds, barredUntilS: seconds } as const
const siteShape = {
  account,
  deployment: unit("deployment", "u32"),
  number: unit("deployments before it", "safe", 0),
  ...words("n"),
  ...words("r"),
  openedS: seconds,
  closed: flag,
  failovers: count32,
} as const
/** One row a group of the market: probes of its lease in the window now open, and failed windows in a row. */
const watchShape = {
  site: siteIndex,
  node: nodeIndex,
  window: windowIndex,
  voted: unit("bits by prober drawn", "u8"),
  good: small,
  bad: small,
  failed: small,
} as const

export interface LeaseGate {
  readonly endpoint: Table<typeof endpointShape>
  readonly site: Table<typeof siteShape>
  readonly watch: Table<typeof watchShape>
}
export const leaseTables = (): LeaseGate => ({
  endpoint: paged(table(endpointShape, 16)),
  site: paged(table(siteShape, 16)),
  watch: paged(table(watchShape, 16)),
})

export const leaseEvents = {
  EndpointSet: event("A node said where it listens.", { account, ...endpointColumns, setS: seconds }),
  SiteOpened: event("Content was promised under a name, by a deployment.", {
    account,
    deployment: siteShape.deployment,
    number: siteShape.number,
    ...words("n"),
    ...words("r"),
    openedS: seconds,
  }),
  SiteClosed: event("A site's deployment ended.", { site: siteIndex }),
  LeaseProbed: event("A drawn account said what it found at a lease's provider.", {
    group: groupIndex,
    site: siteIndex,
    node: nodeIndex,
    window: windowIndex,
    prober: unit("which of the drawn", "u8", 0, 7),
    account,
    verdict,
    latencyMicro: unit("µs", "u32"),
  }),
  LeaseJudged: event("A window of probes was counted.", { group: groupIndex, failed: small }),
  LeaseFailed: event("A lease failed too many windows in a row: it is ended, and its provider passed over for a while.", {
    group: groupIndex,
    site: siteIndex,
    node: nodeIndex,
    account,
    barredUntilS: seconds,
  }),
} as const
type Events = typeof leaseEvents

export const evolveLease: {
  readonly [K in keyof Events]: (s: LeaseGate, rows: Columns<Events[K]["shape"]>, begin: number, end: number) => void
} = {
  EndpointSet({ endpoint }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      const a = rows.account[i]
      extendTo(endpoint, a)
      putRow(endpoint, a, rows, i, { barredUntilS: endpoint.barredUntilS[a] })
    }
  },
  SiteOpened({ site }, rows, begin, end) {
    for (let i = begin; i < end; i++) append(site, rows, i, {})
  },
  SiteClosed({ site }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      site.closed[rows.site[i]] = 1
      touchRow(site, rows.site[i])
    }
  },
  LeaseProbed({ watch }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      const g = rows.group[i]
      extendTo(watch, g)
      const isSame = watch.node[g] === rows.node[i] && watch.site[g] === rows.site[i]
      if (!isSame || watch.window[g] !== rows.window[i]) {
        putRow(watch, g, rows, i, { failed: isSame ? watch.failed[g] : 0 })
      }
      watch.voted[g] |= 1 << rows.prober[i]
      if (rows.verdict[i] === GOOD) watch.good[g]++
      else watch.bad[g]++
      touchRow(watch, g)
    }
  },
  LeaseJudged({ watch }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      const g = rows.group[i]
      watch.failed[g] = rows.failed[i]
      watch.voted[g] = 0
      watch.good[g] = 0
      watch.bad[g] = 0
      touchRow(watch, g)
    }
  },
  LeaseFailed({ endpoint, site, watch }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      extendTo(endpoint, rows.account[i])
      endpoint.barredUntilS[rows.account[i]] = rows.barredUntilS[i]
      touchRow(endpoint, rows.account[i])
      site.failovers[rows.site[i]]++
      touchRow(site, rows.site[i])
      watch.failed[rows.group[i]] = 0
      touchRow(watch, rows.group[i])
    }
  },
}
