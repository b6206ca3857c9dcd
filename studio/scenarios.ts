/** The questions that can be picked: quiet times of every network, and the scenarios that come with blackstart. */
import chatty from "../scenarios/adversaries/helium-chatty.ts"
import milking from "../scenarios/adversaries/helium-milking.ts"
import mobileSpoof from "../scenarios/adversaries/helium-mobile-spoof.ts"
import ring from "../scenarios/adversaries/helium-ring.ts"
import silent from "../scenarios/adversaries/helium-silent.ts"
import spoof from "../scenarios/adversaries/helium-spoof.ts"
import priceCrash from "../scenarios/economics/akash-price-crash.ts"
import regimes from "../scenarios/economics/helium-regimes.ts"
import heliumYear from "../scenarios/economics/helium-year.ts"
import spiralStopped from "../scenarios/economics/render-death-spiral-stopped.ts"
import spiral from "../scenarios/economics/render-death-spiral.ts"
import demandShock from "../scenarios/economics/render-demand-shock.ts"
import akashOutage from "../scenarios/outages/akash-provider-outage.ts"
import akashStandby from "../scenarios/outages/akash-standby-lease.ts"
import cloudflare from "../scenarios/outages/cloudflare-2025-11-18.ts"
import cloudflareDecember from "../scenarios/outages/cloudflare-2025-12-05.ts"
import f3Stall from "../scenarios/outages/filecoin-f3-stall-2025-07.ts"
import filecoinHalt from "../scenarios/outages/filecoin-halt-2020-12-19.ts"
import filecoinHost from "../scenarios/outages/filecoin-host-12h.ts"
import filecoinPower from "../scenarios/outages/filecoin-power-cut.ts"
import helium2022 from "../scenarios/outages/helium-2022-10-19.ts"
import heliumMigration from "../scenarios/outages/helium-migration-2023-04-18.ts"
import iberia from "../scenarios/outages/iberia-2025-04-28.ts"
import matchmaker from "../scenarios/outages/render-matchmaker-24h.ts"
import blackout from "../scenarios/outages/render-us-blackout-12h.ts"
import solana from "../scenarios/outages/solana-2024-02-06.ts"
import type { Scenario } from "../protocol/boundary/scenario.ts"

const BUNDLED = [
  cloudflare,
  cloudflareDecember,
  iberia,
  helium2022,
  heliumMigration,
  solana,
  heliumYear,
  regimes,
  ring,
  spoof,
  chatty,
  silent,
  milking,
  mobileSpoof,
  filecoinPower,
  filecoinHost,
  filecoinHalt,
  f3Stall,
  blackout,
  matchmaker,
  spiral,
  spiralStopped,
  demandShock,
  priceCrash,
  akashOutage,
  akashStandby,
] as readonly Scenario[]

export interface Pick {
  readonly name: string
  readonly words: string
  readonly scenario: Scenario
}

/** Sizes at which a network's quiet run is begun: what a laptop folds while one looks on. */
const QUIET: Readonly<Record<string, { readonly nodes: number; readonly days: number }>> = {
  economy: { nodes: 10_000, days: 90 },
  helium: { nodes: 2000, days: 14 },
  filecoin: { nodes: 400, days: 14 },
  render: { nodes: 2000, days: 30 },
  akash: { nodes: 60, days: 30 },
  cdn: { nodes: 330, days: 14 },
}

const quiet = (network: string, days: number): Scenario => ({
  name: `${network}-quiet-${days}-days`,
  question: `What happens on ${network === "economy" ? "the economy" : network} in ${days} days in which nothing fails?`,
  begins: "2026-01-01T00:00:00Z",
  lasts: { days },
  seed: 1,
  epoch: { days: 1 },
  networks: { [network]: { nodes: QUIET[network]?.nodes ?? 1000 } },
})

/** A name as words: `render-death-spiral` → `Render death spiral`. */
const words = (name: string): string => {
  const text = name.replaceAll(/-(?!\d\d\b)/gu, " ")
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** What may be asked of a network: the quiet ones first. */
export function picksOf(network: string): readonly Pick[] {
  const { days } = QUIET[network] ?? { days: 14 }
  const own = [quiet(network, days), quiet(network, 365)].map((scenario, i) => ({
    name: scenario.name!,
    words: i === 0 ? `${days} quiet days` : "A quiet year",
    scenario,
  }))
  const bundled = BUNDLED.filter((s) => Object.keys(s.networks).includes(network)).map((s) => ({
    name: s.name!,
    words: words(s.name!),
    // As JSON: exactly what a file of it holds.
    scenario: JSON.parse(JSON.stringify(s)) as Scenario,
  }))
  return [...own, ...bundled]
}
