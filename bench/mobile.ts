/**
 * A Helium day with Mobile on every place: the IoT day, and beside it a heartbeat an hour, two speed tests, the ranking of two
 * hundred hexes a radio, and both epochs' payouts. Checked before it is timed.
 */
import { appendRow, type AnyTable } from "../protocol/kernel/table.ts"
import type { State } from "../protocol/networks/helium/state.ts"
import { DAY_S, fleet, runDay, type Fleet } from "./fleet.ts"

/** Genesis with all coverage, then a day in which everybody's reciprocity begins. */
const SETTLING_DAYS = 2
export const HEXES = 200
const HOURS = 24

export interface MobileTiming {
  readonly nodes: number
  readonly hexes: number
  readonly events: number
  /** Medians of a day, wall clock and user CPU, in seconds, by what happened to the map. */
  readonly days: readonly { readonly what: string; readonly seconds: number; readonly userSeconds: number }[]
  /** Of the first day, user CPU: two million hexes are claimed in it. */
  readonly firstUserSeconds: number
}

const median = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[times.length >> 1]

const stateOf = (f: Fleet): State => f.hotspots.machine.state as State

/** Rows for one command, decided at once. */
function ask(f: Fleet, type: string, rows: readonly Readonly<Record<string, number>>[]): void {
  const table = (f.hotspots.commands as Record<string, AnyTable>)[type]
  for (const row of rows) appendRow(table, row as never)
  f.hotspots.machine.step(type, table, 0, table.length)
  table.length = 0
}

/** Points of November 2025 by kind of radio and signal level, and hundredths by assignment where footfall is A and B. */
const POINTS = [[], [400, 0, 100, 0], [120, 60, 0, 0]] as const
const FOOTFALL_E2 = [
  [100, 100, 0],
  [70, 50, 0],
  [3, 3, 0],
] as const
const LOW_DIGITS_9 = 0x3ffff

/** The last epoch's points again, by a map of lists and plain sorting: every radio's, to the unit. */
function assertPoints(f: Fleet): void {
  const { radio, coverage, map, assignment, speedtest } = stateOf(f)
  const told = new Map<string, number>()
  for (let i = 0; i < assignment.length; i++) told.set(`${assignment.hexHi[i]}/${assignment.hexLo[i]}`, assignment.index[i])
  const byHex = new Map<number, number[]>()
  for (let r = 0; r < radio.length; r++) {
    // Everybody runs and is where he says: only a failing line keeps a radio out.
    if (speedtest.uploadKbps[6 * r] < 2000) continue
    for (let i = radio.hexBegin[r]; i < radio.hexBegin[r] + radio.hexes[r]; i++) {
      const key = (coverage.hexHi[i] & 0xfffff) * 2 ** 25 + (coverage.hexLo[i] >>> 9) * 4 + (radio.kind[r] - 1)
      const list = byHex.get(key)
      if (list === undefined) byHex.set(key, [r, i])
      else list.push(r, i)
    }
  }
  const points = new Float64Array(radio.length)
  for (const list of byHex.values()) {
    const [first, row] = list
    const isIndoor = radio.kind[first] === 1
    const order = Array.from({ length: list.length / 2 }, (_, k) => [list[2 * k], list[2 * k + 1]] as const).sort(
      ([r, i], [q, j]) =>
        (isIndoor ? coverage.level[i] - coverage.level[j] : coverage.powerDdbm[j] - coverage.powerDdbm[i]) ||
        radio.seniorityS[r] - radio.seniorityS[q] ||
        radio.node[r] - radio.node[q],
    )
    const hi = ((coverage.hexHi[row] & 0xff0fffff) | (9 << 20)) >>> 0
    const lo = (coverage.hexLo[row] | LOW_DIGITS_9) >>> 0
    const index = told.get(`${hi}/${lo}`)
    const tabled = index === undefined ? 0 : FOOTFALL_E2[Math.floor(index / 9)][index % 3]
    for (const [k, [r, i]] of order.slice(0, isIndoor ? 1 : 3).entries())
      points[r] += POINTS[radio.kind[r]][coverage.level[i]] * (radio.connections[r] > 25 ? 100 : tabled) * [100, 50, 25][k]
  }
  for (let r = 0; r < radio.length; r++)
    if (points[r] !== map.baseE4[r])
      throw new Error(`radio ${r}: the product has ${map.baseE4[r]} points, a plain count ${points[r]}; a wrong run is not timed`)
}

function assertDay(f: Fleet, nodes: number, heartbeatsBefore: number): void {
  const { mobileTotal, radio } = stateOf(f)
  const heard = mobileTotal.heartbeats[0] - heartbeatsBefore
  if (heard !== nodes * HOURS) throw new Error(`${heard} heartbeats, not ${nodes * HOURS}; a wrong run is not timed`)
  const claimed = radio.hexes.subarray(0, radio.length).reduce((sum, n) => sum + n, 0)
  if (claimed !== nodes * HEXES) throw new Error(`${claimed} hexes, not ${nodes * HEXES}; a wrong run is not timed`)
  if (mobileTotal.radiosRewarded[0] < nodes / 2)
    throw new Error(`only ${mobileTotal.radiosRewarded[0]} radios were paid for coverage; a wrong run is not timed`)
}

/** Days of the product with Mobile, `days` of each kind. */
export function mobileDay(nodes: number, days: number): MobileTiming {
  const kinds = [
    { what: "nothing moved", before: () => undefined },
    {
      what: "a radio came or went: all hexes ranked",
      before: (f: Fleet, d: number) => ask(f, "BanRadio", [{ node: d % nodes, banned: 1, at: f.simulation.atS }]),
    },
    {
      what: "coverage changed: all hexes sorted and ranked",
      before: (f: Fleet, d: number) => {
        const { radio, coverage } = stateOf(f)
        const r = d % radio.length
        const rows = Array.from({ length: radio.hexes[r] }, (_, k) => {
          const i = radio.hexBegin[r] + k
          const { hexHi, hexLo, powerDdbm, level } = coverage
          return { hexHi: hexHi[i], hexLo: hexLo[i], powerDdbm: powerDdbm[i], level: level[i] }
        })
        const object = nodes + 1 + Math.floor(f.simulation.atS / DAY_S)
        ask(
          f,
          "SubmitCoverage",
          rows.map((row) => ({ object, node: radio.node[r], claimedS: f.simulation.atS, ...row })),
        )
      },
    },
  ] as const
  const f = fleet({
    nodes,
    days: SETTLING_DAYS + 1 + kinds.length * days,
    changes: { mobileRadiosPermille: 1000, mobileHexesPerRadio: HEXES, mobileGeofence: 0 },
  })
  const cpu = process.cpuUsage()
  runDay(f)
  const firstUserSeconds = process.cpuUsage(cpu).user / 1e6
  for (let d = 1; d < SETTLING_DAYS; d++) runDay(f)
  const before = stateOf(f).mobileTotal.heartbeats[0]
  runDay(f)
  assertDay(f, nodes, before)
  assertPoints(f)
  let events = 0
  const measured = kinds.map(({ what, before: prepare }) => {
    const wall: number[] = []
    const user: number[] = []
    for (let d = 0; d < days; d++) {
      prepare(f, d)
      const start = process.cpuUsage()
      const day = runDay(f)
      user.push(process.cpuUsage(start).user / 1e6)
      wall.push(day.seconds)
      if (what === kinds[0].what) ({ events } = day)
    }
    return { what, seconds: median(wall), userSeconds: median(user) }
  })
  return { nodes, hexes: nodes * HEXES, events, days: measured, firstUserSeconds }
}
