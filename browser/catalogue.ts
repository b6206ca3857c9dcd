/** What there is to choose: the networks with their parameters and regimes, as a page's controls are made of. */
import type { AnyNetwork } from "../protocol/kernel/network.ts"
import type { Param, Preset } from "../protocol/kernel/param.ts"
import { networks } from "../protocol/networks/index.ts"
import { economy } from "./economy/economy.ts"

export interface CatalogueNetwork {
  readonly name: string
  readonly because: string
  readonly nodeWord: string
  readonly params: Readonly<Record<string, Param>>
  readonly presets: Readonly<Record<string, Preset>>
  readonly defaultPreset: string
  /** False for the laboratory's own: `blackstart run` does not know it. */
  readonly isRegistered: boolean
}
export type Catalogue = readonly CatalogueNetwork[]

const entry = (n: AnyNetwork, isRegistered: boolean): CatalogueNetwork => ({
  name: n.name,
  because: n.because,
  nodeWord: n.nodeWord,
  params: plain(n.params),
  presets: plain(n.presets),
  defaultPreset: n.defaultPreset,
  isRegistered,
})
/** Only what a message can carry. */
const plain = <T>(data: T): T => JSON.parse(JSON.stringify(data)) as T

export const catalogue = (): Catalogue => [
  entry(economy as AnyNetwork, false),
  ...Object.values(networks as Readonly<Record<string, AnyNetwork>>).map((n) => entry(n, true)),
]
