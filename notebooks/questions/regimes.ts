/** Four rule books of Helium on the same hotspots and days, with a ten-hour halt of the ledger over a midnight. */
import written from "../../scenarios/economics/helium-regimes.ts"
import type { Scenario } from "../../scenarios/vocabulary.ts"
import { secondsAt, total, type Figures } from "./figures.ts"

export const REGIMES = ["L1-2020/2022-08-01", "SOL-DNT", "SOL-HNT", "HIP149"] as const
export type Regime = (typeof REGIMES)[number]
export const SAY_REGIME: Readonly<Record<Regime, string>> = {
  "L1-2020/2022-08-01": "own chain",
  "SOL-DNT": "IOT",
  "SOL-HNT": "HNT",
  HIP149: "HIP-149",
}

/** Whole days under the regime, before the halt and after it. */
const SETTLED = { fromS: secondsAt("2025-11-12T00:00:00Z"), toS: secondsAt("2025-11-16T00:00:00Z") }
const DAYS = 4
const BONES = 1e8
const ADOPTED = "2025-11-11T12:00:00Z"
/** When the written scenario's ledger halts. */
const HALTED_S = secondsAt("2025-11-13T20:00:00Z")

export function regimeOf(regime: Regime, hotspots = 200, haltHours = 10): Scenario {
  const { sweep: _sweep, expect: _expect, watch: _watch, timeline = [], ...rest } = written
  const [halts, back] = timeline
  return {
    ...rest,
    networks: { helium: { ...written.networks.helium, nodes: hotspots } },
    timeline: [
      ...(regime === "SOL-HNT"
        ? []
        : [{ at: ADOPTED, label: regime, do: { verb: "adopt", network: "helium", preset: regime } } as const]),
      ...(haltHours === 0
        ? []
        : [halts, { ...back, at: `${new Date((HALTED_S + haltHours * 3600) * 1000).toISOString().slice(0, 19)}Z` }]),
    ],
  }
}

export interface RegimeFigures {
  /** Paid a day to hotspots of the IoT network and to radios: HNT. IOT and MOBILE are other tokens and are not in it. */
  readonly hntADay: number
  readonly proofsADay: number
  /** IOT that exists at the end, millions. */
  readonly iotMillions: number
  readonly lostHnt: number
  readonly lateEpochs: number
}
export function regimeFigures(figures: Figures): RegimeFigures {
  const { iotSupply } = figures.rows.helium
  return {
    hntADay: total(figures, "helium", "rewardPaid", SETTLED) / BONES / DAYS,
    proofsADay: total(figures, "helium", "coverageProved", SETTLED) / DAYS,
    iotMillions: iotSupply[iotSupply.length - 1] / 1e6,
    lostHnt: total(figures, "helium", "emissionLost") / BONES,
    lateEpochs: total(figures, "helium", "epochLate"),
  }
}
