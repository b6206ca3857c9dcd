/**
 * `npm run bench` prints what the product costs, always beside the bare loop that does the same: a table, never a test.
 * `npm run bench -- --short` takes small sizes and less than a minute. `npm run bench -- testnet` measures the testnet instead: signed
 * commands, recovery, kills, node processes (`--only=NAME` for one of them); `npm run bench -- claim` each claim of the report with 30 seeds;
 * `npm run bench -- w2` and other names measure one part: parts.ts.
 */
import { cpus } from "node:os"
import { HEARERS_MAX as WORLD_HEARERS } from "../simulation/record/environment.ts"
import { formatMarket, market } from "./akash.ts"
import { filecoinYear } from "./filecoin.ts"
import { fleet, WORKLOAD_HEARERS } from "./fleet.ts"
import { heliumDay } from "./helium.ts"
import { longRun, type LongRun } from "./long-run.ts"
import { HEXES, mobileDay } from "./mobile.ts"
import { renderYear } from "./render.ts"
import { MIXED, outageDay, worldDay } from "./outage-day.ts"
import { partOf, refuseOddFlags } from "./parts.ts"
import { heliumReplay } from "./replay.ts"
import { formatStudio, studioRows } from "./studio.ts"
import { studyTiming } from "./study.ts"
import { align, figure, formatTimings } from "./table.ts"
import { w1 } from "./w1.ts"
import { w2Full } from "./w2-full.ts"
import { w2 } from "./w2.ts"
import { w3 } from "./w3.ts"

const args = process.argv.slice(2)
/** What goes wrong in the arguments is one sentence. */
const orSay = <T>(read: () => T): T => {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    process.stderr.write(`${error.message}\n`)
    return process.exit(1)
  }
}
orSay(() => refuseOddFlags(args))
// The testnet's bench is one of real processes: it ends this one by itself.
if (args.includes("testnet")) await import("./testnet.ts")
// So are the claims', with a thread a core.
if (args.includes("claim")) await import("./claims.ts")

const part = orSay(() => partOf(args))
if (part !== undefined) {
  process.stdout.write(`${part()}\n`)
  process.exit()
}

const short = process.argv.includes("--short")
const say = (text: string): void => void process.stdout.write(`${text}\n`)
/** Progress goes beside the table, not into it. */
const doing = (what: string): void => void process.stderr.write(`bench: ${what} …\n`)

const NODES = short ? 2000 : 10_000
const HEARERS_MAX = WORKLOAD_HEARERS

doing("the Helium day and its bare loop")
const day = heliumDay(NODES, short ? 15 : 25)
doing("the same with as many hearers as a scenario's world keeps")
const wide = heliumDay(NODES, short ? 8 : 15, WORLD_HEARERS)
doing("the same with a Mobile radio on every place")
const mobile = mobileDay(NODES, short ? 5 : 9)
doing("replay")
const replay = heliumReplay(NODES, short ? 5 : 8)
doing(short ? "thirty days in a process of their own" : "a year in a process of its own")
const year = longRun(NODES, short ? 30 : 365)
const sizes: readonly (readonly [nodes: number, days: number, hearers: number])[] = short
  ? [
      [500, 200, HEARERS_MAX],
      [2000, 50, HEARERS_MAX],
      [8000, 12, HEARERS_MAX],
    ]
  : [
      [1000, 400, HEARERS_MAX],
      [10_000, 40, HEARERS_MAX],
      [100_000, 6, HEARERS_MAX],
      [1_000_000, 2, 8],
    ]
const scaling: (LongRun & { hearers: number })[] = []
for (const [nodes, days, hearers] of sizes) {
  doing(`${figure(nodes)} hotspots`)
  scaling.push({ ...longRun(nodes, days, hearers), hearers })
}
doing(short ? "Filecoin, ten days" : "Filecoin, a year")
const deadlines = filecoinYear(NODES, short ? 10 : 365)
doing(short ? "thirty days of Render" : "a year of Render")
const rendered = renderYear(NODES, short ? 30 : 365)
doing(short ? "thirty days of Akash" : "a year of Akash")
const leased = market(short ? 30 : 365)
doing("an outage day of the resilience example")
const outage = outageDay(NODES)
doing("an outage day of all networks, mechanisms on")
const mixed = worldDay(MIXED)
doing("studies of ten-day outages")
const studies = (
  short
    ? [
        [300, 20, 1],
        [300, 20, 2],
      ]
    : [
        [2000, 100, 1],
        [2000, 100, 2],
        [2000, 500, 2],
      ]
).map(([nodes, runs, workers]) => studyTiming(nodes, runs, workers))
doing("W1, W2 and W3")
const workloads = [
  ...w1(short ? { days: 60, repeats: 3 } : {}),
  ...w2(short ? { nodes: 2000, endS: 1200, repeats: 3 } : { repeats: 3 }),
  ...w2Full(short ? { nodes: 2000, repeats: 3 } : { repeats: 3 }),
  ...w3(short ? { runs: 200, repeats: 3 } : {}),
]

const rate = (events: number, seconds: number): string => (events / seconds / 1e6).toFixed(2)
const s3 = (seconds: number): string => seconds.toFixed(3)
const { length: columns } = Object.keys(fleet({ nodes: 10, days: 1 }).hotspots.epochs.rows.shape)

say(
  `blackstart bench · Node ${process.version} · ${cpus()[0].model.trim()} · one core · Helium IoT, four beacons a hotspot and day, ${HEARERS_MAX} hearers kept`,
)
say(
  `every event chained by SHA-256, every promise checked, ${columns} columns recorded per epoch, event rows not kept (as with --log epochs); one epoch a day`,
)
say("")
say(
  align(
    ["Helium", "variant", "nodes", "events", "time [s]", "rate [M/s]", "ratio [×]", "of"],
    [
      [
        "day",
        "bare typed arrays",
        figure(day.nodes),
        figure(day.events),
        s3(day.bareSeconds),
        rate(day.events, day.bareSeconds),
        "1.00",
        "bare",
      ],
      [
        "day",
        "product",
        figure(day.nodes),
        figure(day.events),
        s3(day.seconds),
        rate(day.events, day.seconds),
        (day.bareSeconds / day.seconds).toFixed(2),
        "bare",
      ],
      [
        "day",
        `product, ${WORLD_HEARERS} hearers kept`,
        figure(wide.nodes),
        figure(wide.events),
        s3(wide.seconds),
        rate(wide.events, wide.seconds),
        (wide.bareSeconds / wide.seconds).toFixed(2),
        "its bare",
      ],
      [
        `${year.days} days`,
        "product, whole run",
        figure(year.nodes),
        figure(year.events),
        s3(year.firstDaySeconds + year.seconds),
        rate(year.events, year.firstDaySeconds + year.seconds),
        (day.bareSeconds / day.events / ((year.firstDaySeconds + year.seconds) / year.events)).toFixed(2),
        "bare",
      ],
      [
        "run",
        "product, full log",
        figure(NODES),
        figure(replay.events),
        s3(replay.seconds),
        rate(replay.events, replay.seconds),
        "1.00",
        "run",
      ],
      [
        "replay",
        "every hash compared",
        figure(NODES),
        figure(replay.events),
        s3(replay.replaySeconds),
        rate(replay.events, replay.replaySeconds),
        (replay.seconds / replay.replaySeconds).toFixed(2),
        "run",
      ],
    ],
  ),
)
say(
  `quietest day: bare ${s3(day.bareBestSeconds)} s, product ${s3(day.bestSeconds)} s, ${rate(day.events, day.bestSeconds)} M/s, ratio ${(day.bareBestSeconds / day.bestSeconds).toFixed(2)}`,
)
say(
  `peak memory of the ${year.days} days: ${figure(year.peakMB)} MB; placing and mapping before them: ${s3(year.setupSeconds)} s`,
)
say("")
say(
  align(
    ["Helium with Mobile, IoT and Mobile together", "nodes", "hexes", "events", "time [s]", "user CPU [s]"],
    mobile.days.map((kind) => [
      `day: ${kind.what}`,
      figure(mobile.nodes),
      figure(mobile.hexes),
      figure(mobile.events),
      s3(kind.seconds),
      s3(kind.userSeconds),
    ]),
  ),
)
say(
  `${HEXES} hexes a radio, a heartbeat an hour, two speed tests a day; the first day, with all coverage claimed, takes ${s3(mobile.firstUserSeconds)} s of user CPU`,
)
say("")
const perEvent = (r: LongRun): number => (r.seconds / r.laterEvents) * 1e9
say(
  align(
    [
      "scaling: nodes [count]",
      "hearers kept [count]",
      "placing [s]",
      "first day [s]",
      "events a day [count]",
      "a later day [s]",
      "an event [ns]",
      "of the smallest [ratio]",
      "peak [MB]",
    ],
    scaling.map((r) => [
      figure(r.nodes),
      String(r.hearers),
      s3(r.setupSeconds),
      s3(r.firstDaySeconds),
      figure(r.laterEvents / (r.days - 1)),
      s3(r.seconds / (r.days - 1)),
      perEvent(r).toFixed(1),
      (perEvent(r) / perEvent(scaling[0])).toFixed(2),
      figure(r.peakMB),
    ]),
  ),
)
say("")
say(
  align(
    ["Filecoin", "variant", "providers", "proofs", "events", "time [s]", "proofs [M/s]", "ratio [×]", "of"],
    [
      [
        `${deadlines.days} days`,
        "bare typed arrays: proofs and daily fees only",
        figure(deadlines.nodes),
        figure(deadlines.proofs),
        figure(2 * deadlines.proofs),
        s3(deadlines.bareSeconds),
        rate(deadlines.proofs, deadlines.bareSeconds),
        "1.00",
        "bare",
      ],
      [
        `${deadlines.days} days`,
        "product, whole run",
        figure(deadlines.nodes),
        figure(deadlines.proofs),
        figure(deadlines.events),
        s3(deadlines.seconds),
        rate(deadlines.proofs, deadlines.seconds),
        (deadlines.bareSeconds / deadlines.seconds).toFixed(2),
        "bare",
      ],
    ],
  ),
)
say(`peak memory: ${figure(deadlines.peakMB)} MB`)
say("")
say(formatMarket(short ? 30 : 365, leased))
say(
  `outage day of the resilience example: ${figure(outage.nodes)} nodes by the minute, ${figure(outage.items)} items, ${figure(outage.beats)} heartbeats, ${outage.declared} outage declared, ${figure(outage.repaired)} pieces repaired: ${s3(outage.seconds)} s of user CPU`,
)
say(
  `outage day of all networks, mechanisms on: ${mixed.networks.map((n) => `${n.name} ${figure(n.nodes)} (noticed after ${n.detectMin} min)`).join(", ")}; ${figure(mixed.events)} events, chained: ${s3(mixed.seconds)} s of user CPU, and ${s3(mixed.groundSeconds)} s for the ground`,
)
const [alone] = studies
say(
  align(
    [
      "study of ten-day outages: runs [count]",
      "nodes",
      "threads [count]",
      "time [s]",
      "user CPU [s]",
      "threads busy [%]",
      "efficiency [%]",
      "peak [MB]",
    ],
    studies.map((t) => [
      figure(t.runs),
      figure(t.nodes),
      String(t.workers),
      s3(t.seconds),
      s3(t.userSeconds),
      (100 * t.busy).toFixed(1),
      ((100 * (alone.seconds / alone.runs)) / ((t.workers * t.seconds) / t.runs)).toFixed(1),
      figure(t.peakMB),
    ]),
  ),
)
say(
  "efficiency: time of a run on one thread, over the same on several times their number; each result is kept on disk as it comes",
)
say("")
say(formatTimings(workloads))
say("")
say(
  align(
    ["Render: GPUs [count]", "days", "jobs", "frames", "events", "time [s]", "processor [s]", "rate [M/s]"],
    [
      [
        figure(rendered.nodes),
        String(rendered.days),
        figure(rendered.jobs),
        figure(rendered.frames),
        figure(rendered.events),
        s3(rendered.seconds),
        s3(rendered.userSeconds),
        rate(rendered.events, rendered.seconds),
      ],
    ],
  ),
)
doing("the studio in Chromium")
say("")
say(formatStudio(await studioRows()))
