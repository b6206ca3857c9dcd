/**
 * A made-up run folder for looking at reports and testing them. NO FIGURE HERE WAS SIMULATED OR MEASURED: shapes are only
 * plausible, and the manifest says so. `node reports/fixture.ts DIR` writes one.
 */
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { writeParquet, type ParquetColumn } from "../simulation/record/parquet.ts"
import {
  BEGIN,
  column,
  dice,
  END,
  FULL,
  FULL_RECOVERY,
  HOUR,
  MAIN_RECOVERY,
  manifest,
  MINUTE,
  ONSET,
  sweepColumns,
  type FixtureTotals,
} from "./fixture-manifest.ts"

export interface FixtureOptions {
  readonly networks?: readonly ("cdn" | "helium")[]
  readonly hotspots?: number
  readonly sweep?: boolean
  readonly twin?: boolean
  readonly onset?: boolean
  /** Tables with their columns and no rows. */
  readonly empty?: boolean
}

/** City, country, grid, latitude, longitude, weight. */
const CITIES =
  `New York,US,us-east,40.7,-74,9;Los Angeles,US,us-west,34,-118.2,7;Chicago,US,us-east,41.9,-87.6,6;Houston,US,ercot,29.8,-95.4,5
Miami,US,us-east,25.8,-80.2,4;Seattle,US,us-west,47.6,-122.3,3;Denver,US,us-west,39.7,-105,3;Toronto,CA,us-east,43.7,-79.4,3
London,GB,gb,51.5,-0.1,5;Manchester,GB,gb,53.5,-2.2,3;Paris,FR,ce,48.9,2.4,5;Lyon,FR,ce,45.8,4.8,2;Berlin,DE,ce,52.5,13.4,4
Munich,DE,ce,48.1,11.6,4;Madrid,ES,iberia,40.4,-3.7,4;Barcelona,ES,iberia,41.4,2.2,3;Lisbon,PT,iberia,38.7,-9.1,2;Rome,IT,ce,41.9,12.5,3
Milan,IT,ce,45.5,9.2,3;Warsaw,PL,ce,52.2,21,3;Prague,CZ,ce,50.1,14.4,2;Vienna,AT,ce,48.2,16.4,2;Stockholm,SE,nordic,59.3,18.1,2
Istanbul,TR,tr,41,29,2;Dubai,AE,gcc,25.2,55.3,1;Mumbai,IN,in,19.1,72.9,2;Singapore,SG,my-sg,1.35,103.8,2;Hong Kong,HK,cn,22.3,114.2,2
Shenzhen,CN,cn,22.5,114.1,4;Seoul,KR,kr,37.6,127,2;Tokyo,JP,jp50,35.7,139.7,3;Sydney,AU,au-nem,-33.9,151.2,3;Melbourne,AU,au-nem,-37.8,145,2
São Paulo,BR,br-sin,-23.6,-46.6,3;Buenos Aires,AR,sadi,-34.6,-58.4,1;Mexico City,MX,mx,19.4,-99.1,2;Johannesburg,ZA,za-sapp,-26.2,28,1;Lagos,NG,ng,6.5,3.4,1`
    .split(/[;\n]/)
    .map((line) => {
      const [city, country, grid, lat, lng, weight] = line.split(",")
      return { city, country, grid, lat: Number(lat), lng: Number(lng), weight: Number(weight) }
    })
const BAG = CITIES.flatMap((c) => Array.from({ length: c.weight }, () => c))

/** The invented fraction of requests that fail at `t`: good and bad by five-minute turns, then bad, then a tail. */
function failing(t: number, depth: number): number {
  if (t < ONSET || t >= FULL_RECOVERY) return 0
  if (t >= MAIN_RECOVERY) return 0.06 * depth * (1 - (t - MAIN_RECOVERY) / (FULL_RECOVERY - MAIN_RECOVERY))
  const turn = Math.floor((t - ONSET) / (5 * MINUTE))
  return turn < 16 && turn % 3 === 2 ? 0.08 * depth : depth * (turn < 19 ? 1 : 0.82)
}

interface Tick {
  readonly at: number
  readonly seconds: number
}

function ticks(onset: boolean): Tick[] {
  const all: Tick[] = []
  let t = BEGIN
  while (t < END) {
    const fine = onset && t >= ONSET - HOUR && t < FULL_RECOVERY + 2 * HOUR
    // The coarse tick before the window ends where the fine ones begin.
    const seconds = fine ? MINUTE : Math.min(HOUR, onset && t < ONSET - HOUR ? ONSET - HOUR - t : HOUR, END - t)
    t += seconds
    all.push({ at: t, seconds })
  }
  return all
}

/** Writes the folder and returns the totals a test may compare with. */
export async function writeFixture(dir: string, options: FixtureOptions = {}): Promise<FixtureTotals> {
  const { networks = ["cdn", "helium"], hotspots = 10_000, sweep = true, twin = true, onset = true, empty = false } = options
  mkdirSync(dir, { recursive: true })
  const window: Record<string, { offered: number; served: number; worst: number }> = {}
  for (const network of networks) {
    const random = dice(network === "cdn" ? 7 : 11)
    const share = network === "cdn" ? 1 : 0.045
    const all = empty ? [] : ticks(onset)
    const offered = all.map(({ seconds }) => seconds * (network === "cdn" ? 9_000 : 40) * 1000)
    const lost = all.map(({ at, seconds }) => (onset ? failing(at - seconds, 0.62) * share : 0) + (random() * share) / 200)
    const served = all.map((_, i) => Math.round(offered[i] * (1 - lost[i])))
    const inside = all.map(({ at, seconds }) => onset && at - seconds >= ONSET && at <= MAIN_RECOVERY)
    const sum = (values: readonly number[]) => values.reduce((a, v, i) => a + (inside[i] ? v : 0), 0)
    const worst = Math.min(1, ...all.map((_, i) => (inside[i] ? served[i] / offered[i] : 1)))
    window[network] = { offered: sum(offered), served: sum(served), worst }
    const own: ParquetColumn[] =
      network === "cdn"
        ? [
            column(
              "pops_failing",
              all.map((_, i) => Math.round(lost[i] * 330)),
            ),
            column(
              "incident_open",
              all.map((_, i) => (inside[i] ? 1 : 0)),
            ),
          ]
        : [
            column(
              "coverage_proved",
              all.map((_, i) => Math.round(hotspots * (0.97 - lost[i]))),
            ),
            column(
              "beacons",
              all.map(({ seconds }) => Math.round(((hotspots * seconds) / (6 * HOUR)) * (0.9 + random() / 5))),
            ),
            column(
              "slashed",
              all.map(() => 0),
            ),
          ]
    // oxlint-disable-next-line no-await-in-loop -- two small files, one after the other
    await writeParquet(join(dir, `epochs_${network}.parquet`), [
      column(
        "epoch",
        all.map((_, i) => i),
        "INTEGER",
      ),
      column(
        "end_s",
        all.map((t) => t.at),
      ),
      column(
        "seconds",
        all.map((t) => t.seconds),
        "INTEGER",
      ),
      column("offered_milli", offered),
      column("served_milli", served),
      column(
        "degraded_milli",
        served.map((s) => Math.round(s / 500)),
      ),
      column(
        "running",
        all.map(() => (network === "cdn" ? 330 : hotspots)),
        "INTEGER",
      ),
      ...own,
    ])
    // oxlint-disable-next-line no-await-in-loop
    await writeParquet(
      join(dir, `nodes_${network}.parquet`),
      nodeColumns(network, empty ? 0 : network === "cdn" ? 330 : hotspots, twin, onset),
    )
  }
  if (sweep) await writeParquet(join(dir, "sweep.parquet"), sweepColumns(networks, empty))
  writeFileSync(join(dir, "run.json"), JSON.stringify(manifest(networks, hotspots, onset, window), null, 2))
  return { window }
}

function nodeColumns(network: string, n: number, twin: boolean, onset: boolean): ParquetColumn[] {
  const random = dice(network === "cdn" ? 21 : 23)
  const nodes = Array.from({ length: n }, (_, i) => {
    const city = BAG[Math.floor(random() * BAG.length)]
    const spread = network === "cdn" ? 0.4 : 3.2
    const behind = network === "cdn" || random() < 0.07
    const lost = onset && behind ? Math.min(1, 0.2 + random() * 0.65) : onset && random() < 0.1 ? random() * 0.2 : 0
    const expected = 40_000_000 + Math.floor(random() * 90_000_000)
    return {
      i,
      ...city,
      behind,
      lost,
      expected,
      lat: city.lat + (random() + random() - 1) * spread,
      lng: city.lng + (random() + random() - 1) * spread,
    }
  })
  // A fixed pool: what the losers do not earn is shared among all by what they did.
  const kept = nodes.map((x) => x.expected * (1 - 0.12 * x.lost))
  const pool = nodes.reduce((a, x) => a + x.expected, 0)
  const total = kept.reduce((a, b) => a + b, 0)
  const earned = kept.map((k) => Math.round((k / total) * pool))
  const asked = network === "cdn" ? 5_000_000 : 43_000
  const text = (name: string, of: (x: (typeof nodes)[number]) => string) => column(name, nodes.map(of), "VARCHAR")
  const measures =
    network === "cdn"
      ? []
      : [
          column("earned_bones", earned),
          column(
            "witnessed",
            nodes.map((x) => 300 + (x.i % 50)),
          ),
          ...(twin
            ? [
                column(
                  "twin_earned_bones",
                  nodes.map((x) => x.expected),
                ),
                column(
                  "twin_witnessed",
                  nodes.map((x) => 300 + (x.i % 50) + Math.ceil(x.lost * 9)),
                ),
              ]
            : []),
        ]
  return [
    column(
      "node",
      nodes.map((x) => x.i),
      "INTEGER",
    ),
    column(
      "lat_e7",
      nodes.map((x) => Math.round(x.lat * 1e7)),
      "INTEGER",
    ),
    column(
      "lng_e7",
      nodes.map((x) => Math.round(x.lng * 1e7)),
      "INTEGER",
    ),
    text("country", (x) => x.country),
    text("continent", () => ""),
    text("city", (x) => x.city),
    text("grid", (x) => x.grid),
    text("asn", (x) => `AS${64_496 + (x.i % 13)}`),
    text("provider", (x) => (x.behind ? "edge-provider" : "direct")),
    text("region", (x) => x.country),
    text("client", () => "gateway-rs 1.3"),
    text("operator", (x) => (network === "cdn" ? "cdn" : `operator-${x.i % 997}`)),
    column(
      "offered_milli",
      nodes.map(() => FULL),
    ),
    column(
      "served_milli",
      nodes.map((x) => Math.round(FULL * (1 - x.lost * 0.04))),
    ),
    column(
      "window_offered_milli",
      nodes.map((x) => (onset && x.i % 40 !== 7 ? asked : 0)),
    ),
    column(
      "window_served_milli",
      nodes.map((x) => (onset && x.i % 40 !== 7 ? Math.round(asked * (1 - x.lost)) : 0)),
    ),
    column(
      "down_s",
      nodes.map(() => 0),
    ),
    ...measures,
  ]
}

if (process.argv[1] === import.meta.filename) {
  const dir = process.argv[2]
  if (dir === undefined) throw new Error("usage: node reports/fixture.ts DIR")
  await writeFixture(dir)
}
