/** The invented sweep and manifest of the fixture (see fixture.ts), and the constants both halves share. */
import type { ParquetColumn } from "../simulation/record/parquet.ts"

export const MINUTE = 60
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
/** 18 November 2025, 11:28 UTC. */
export const ONSET = Date.UTC(2025, 10, 18, 11, 28) / 1000
export const BEGIN = Date.UTC(2025, 10, 17) / 1000
export const END = BEGIN + 3 * DAY
export const MAIN_RECOVERY = ONSET + 182 * MINUTE
export const FULL_RECOVERY = ONSET + 338 * MINUTE
export const FULL = 1_000_000

/** A small generator of its own: the fixture must not depend on the core. */
export function dice(seed: number): () => number {
  let s = seed >>> 0
  return () => {
    s = (Math.imul(s, 1_664_525) + 1_013_904_223) >>> 0
    return s / 4_294_967_296
  }
}

/** One column of a table. */
export const column = (name: string, values: readonly number[] | readonly string[], type: ParquetColumn["type"] = "BIGINT") =>
  ({ name, type, values }) satisfies ParquetColumn

export interface FixtureTotals {
  readonly window: Readonly<Record<string, { readonly offered: number; readonly served: number; readonly worst: number }>>
}

/** The sweep table: three seeds a value. */
export function sweepColumns(networks: readonly string[], empty: boolean): ParquetColumn[] {
  const axes = [
    {
      axis: "gateway share behind the provider",
      parameter: "helium.nodesBehind",
      loss: (v: number, cdn: boolean) => (cdn ? 0.49 : 0.38 * v * v),
    },
    {
      axis: "user share behind the provider",
      parameter: "helium.usersBehind",
      loss: (v: number, cdn: boolean) => (cdn ? 0.49 : 0.5 * v),
    },
    {
      axis: "failing share of requests",
      parameter: "cdn.failingSharePermille",
      loss: (v: number, cdn: boolean) => (cdn ? 0.79 * v : 0.035 * v),
    },
  ]
  const random = dice(31)
  const rows = empty
    ? []
    : axes.flatMap(({ axis, parameter, loss }, a) =>
        [0, 100, 250, 500, 750, 900, 1000].flatMap((value) =>
          networks.flatMap((network) =>
            [1, 2, 3].map((seed) => {
              const lost = Math.max(0, loss(value / 1000, network === "cdn") * (0.94 + random() * 0.12))
              return {
                variant: `${"gud"[a]}${value}`,
                axis,
                parameter,
                value,
                network,
                seed,
                served: Math.round(FULL * (1 - lost)),
                lost,
              }
            }),
          ),
        ),
      )
  return [
    column(
      "variant",
      rows.map((r) => r.variant),
      "VARCHAR",
    ),
    column(
      "axis",
      rows.map((r) => r.axis),
      "VARCHAR",
    ),
    column(
      "parameter",
      rows.map((r) => r.parameter),
      "VARCHAR",
    ),
    column(
      "value",
      rows.map((r) => r.value),
      "INTEGER",
    ),
    column(
      "network",
      rows.map((r) => r.network),
      "VARCHAR",
    ),
    column(
      "window_offered_milli",
      rows.map(() => FULL),
    ),
    column(
      "window_served_milli",
      rows.map((r) => r.served),
    ),
    column(
      "blast_radius_ppm",
      rows.map((r) => Math.round(r.lost * 1e6)),
      "INTEGER",
    ),
    column(
      "lost_capacity_minutes_milli",
      rows.map((r) => Math.round(r.lost * 182_000)),
    ),
    column(
      "seed",
      rows.map((r) => r.seed),
    ),
  ]
}

/** The manifest, which says that it is made up. */
export function manifest(
  networks: readonly string[],
  hotspots: number,
  onset: boolean,
  window: FixtureTotals["window"],
): unknown {
  const timeline = [
    [0, "change meets customer traffic", { degrade: { provider: "edge-provider" } }],
    [3, "first automated test fails"],
    [7, "incident call"],
    [97, "key-value store bypasses the proxy"],
    [129, "bad file identified"],
    [176, "no new files"],
    [182, "good file everywhere"],
    [192, "dashboard overloaded"],
    [242, "dashboard back"],
    [338, "all services restarted"],
  ] as const
  const ppm = (n: string) => (window[n].offered > 0 ? Math.round((window[n].served / window[n].offered) * 1e6) : null)
  return {
    format: 1,
    name: "cloudflare-2025-11-18",
    title: "SYNTHETIC FIXTURE: no figure here was simulated",
    question: onset
      ? "When one Cloudflare-like provider fails, what do users lose on it, and what on a network of 10,000 independent hotspots?"
      : "What does a quiet month of a network look like?",
    scenario: {
      begins: new Date(BEGIN * 1000).toISOString(),
    },
    timeline: onset ? timeline.map(([m, label, what]) => ({ at: ONSET - BEGIN + m * MINUTE, label, do: what ?? {} })) : [],
    seed: 20251118,
    nodes: hotspots,
    commit: "0000000",
    version: "0.1.0",
    beginS: BEGIN,
    endS: END,
    ...(onset ? { onsetS: ONSET, windowEndS: MAIN_RECOVERY } : {}),
    networks: networks.map((name) => ({
      name,
      preset: name === "cdn" ? "cloudflare-2025" : "2025-11",
      nodes: name === "cdn" ? 330 : hotspots,
      nodeWord: name === "cdn" ? "PoP" : "hotspot",
      service: {
        unit: name === "cdn" ? "request" : "uplink",
        because: name === "cdn" ? "a page or call a user asks for" : "a packet a device sends that reaches its application",
      },
      params: {},
      changed: {},
    })),
    parameterHash: "f1".repeat(32),
    logHash: "a0".repeat(32),
    stateHash: "0b".repeat(32),
    events: 12_345_678,
    epochs: 4321,
    seconds: 41.2,
    status: "complete",
    results: networks.map((network) => ({
      network,
      windowAvailabilityPpm: onset ? ppm(network) : null,
      blastRadiusPpm: onset ? Math.round((1 - window[network].worst) * 1e6) : null,
      lostCapacityMinutes:
        onset && window[network].offered > 0
          ? Math.round(182 * (1 - window[network].served / window[network].offered) * 100) / 100
          : null,
      detectS: onset ? 3 * MINUTE : null,
      mitigateS: onset ? 97 * MINUTE : null,
      recoverS: onset ? (network === "cdn" ? 182 * MINUTE : null) : null,
    })),
    claims: [
      { claim: "helium serves at least 90% of uplinks in the window", holds: true, figure: "97.8%" },
      { claim: "no hotspot loses more than 10% of its rewards", holds: false, figure: "12.1% (hotspot 4711)" },
    ],
    refusals: { helium: { beacon_too_soon: 1234, witness_not_selected: 56 } },
    footnotes: [
      {
        parameter: "cdn.failingSharePermille",
        value: 620,
        unit: "‰",
        range: [200, 1000],
        source: "assumption, UNVERIFIED",
        because: "no percentage of traffic was published",
      },
      { parameter: "beaconIntervalS", value: 21600, unit: "s", range: [3600, 86400], source: "HIP-15", because: "6 * HOUR" },
    ],
  }
}
