/** The outage of 18 November 2025 in eighteen hours: what the provider's users lose, and what a hotspot network's. */
import written from "../../scenarios/outages/cloudflare-2025-11-18.ts"
import type { Scenario } from "../../scenarios/vocabulary.ts"
import { lostShare, secondsAt, type Figures } from "./figures.ts"

export interface OutageSettings {
  readonly hotspots: number
  /** Of hotspots, and of their users, behind the provider that fails, %. */
  readonly nodesBehind: number
  readonly usersBehind: number
  /** Of the provider's requests that fail while its file is bad, ‰. */
  readonly failingPermille: number
  readonly seed?: number
}
export const OUTAGE: OutageSettings = { hotspots: 300, nodesBehind: 10, usersBehind: 5, failingPermille: 750 }
export const WINDOW = { fromS: secondsAt("2025-11-18T11:28:00Z"), toS: secondsAt("2025-11-18T14:30:00Z") }

export function outageOf(settings: Partial<OutageSettings> = {}): Scenario {
  const { hotspots, nodesBehind, usersBehind, failingPermille, seed } = { ...OUTAGE, ...settings }
  const { sweep: _sweep, expect: _expect, watch: _watch, ...rest } = written
  return {
    ...rest,
    seed: seed ?? written.seed,
    begins: "2025-11-18T06:00:00Z",
    lasts: { hours: 14 },
    networks: {
      cdn: { nodes: 100, preset: "cloudflare-2025-11-18", change: { failingSharePermille: failingPermille } },
      helium: { nodes: hotspots, preset: "SOL-HNT" },
    },
    dependsOn: {
      helium: {
        on: "cdn",
        nodes: { percent: nodesBehind },
        users: { percent: usersBehind },
        because: "the slider of the notebook",
      },
    },
  }
}

/** Shares lost from 11:28 to 14:30 UTC. */
export const lossesOf = (figures: Figures): { readonly provider: number; readonly hotspots: number } => ({
  provider: lostShare(figures, "cdn", WINDOW),
  hotspots: lostShare(figures, "helium", WINDOW),
})
