/** What a chain is a function of, beside its commands: written once as genesis.json, and never changed. */
import { h3Geometry } from "../../protocol/boundary/geometry.ts"
import { RecordProblem } from "../../protocol/boundary/durable.ts"
import { Machine } from "../../protocol/kernel/machine.ts"
import { nearest, resolve, type Values } from "../../protocol/kernel/param.ts"
import type { AnyNetwork } from "../../protocol/kernel/network.ts"
import { networkNames, networkOf } from "../../protocol/networks/index.ts"
import { SECTOR_BYTES_MAX, SECTOR_BYTES_MIN } from "../../protocol/proofs/sealed-sector.ts"
import { hexOf, sha256 } from "./command.ts"

export const GENESIS_FORMAT = 1

export interface Genesis {
  readonly format: number
  readonly chain: string
  readonly network: string
  readonly preset: string
  /** Departures from the preset. */
  readonly params: Readonly<Record<string, number>>
  /** Places for nodes: as many keys can be admitted. */
  readonly nodes: number
  /** Unix seconds at which chain time begins. */
  readonly beginS: number
  /** Chain seconds that pass in a second of the clock on the wall. */
  readonly speed: number
  /** Public key, in hex, that may ask anything of the network. */
  readonly authority: string
  /** How far, in chain seconds, the times in the authority's rows may lie from the block's. */
  readonly authoritySlackS: number
  /** Does the chain itself ask what its network leaves to it, such as elections? False where a bridge or a simulation does. */
  readonly draws: boolean
  /** Bytes of a real sector; the core counts each as one of its own size. */
  readonly sectorBytes: number
  readonly faucet: { readonly grantAtto: string; readonly grantsPerDay: number }
  /** Chain seconds that a command may be good for. */
  readonly expirySecondsMax: number
}

export const DEFAULTS = {
  format: GENESIS_FORMAT,
  network: "filecoin",
  nodes: 256,
  /** 2026-01-01T00:00:00Z. */
  beginS: 1_767_225_600,
  speed: 600,
  authoritySlackS: 0,
  draws: true,
  sectorBytes: 64 * 1024,
  faucet: { grantAtto: "0", grantsPerDay: 500 },
  expirySecondsMax: 24 * 60 * 60,
} as const

/** What suits a network: how fast its time passes, and what its faucet gives. */
export function suited(network: string): Pick<Genesis, "speed" | "faucet" | "preset"> {
  const found = networkOf(network)
  const { speed, grant } = found?.live ?? { speed: DEFAULTS.speed, grant: 0n }
  return {
    speed,
    faucet: { grantAtto: String(grant), grantsPerDay: DEFAULTS.faucet.grantsPerDay },
    preset: found?.defaultPreset ?? "",
  }
}

const isWhole = (value: unknown, min: number, max: number): boolean =>
  Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max

/** Reads a genesis. Throws a RecordProblem in one sentence for the first thing that is wrong with it. */
export function readGenesis(data: unknown, where = "genesis.json"): Genesis {
  const g = data as Genesis
  const wrong = (why: string): never => {
    throw new RecordProblem(`${where} is no genesis of a chain: ${why}`)
  }
  if (typeof g !== "object" || g === null || Array.isArray(g)) return wrong("it is not an object")
  if (g.format !== GENESIS_FORMAT) wrong(`it has format ${String(g.format)}, and this version reads ${GENESIS_FORMAT}`)
  if (typeof g.chain !== "string" || !/^[a-z0-9][a-z0-9-]{0,62}$/u.test(g.chain))
    wrong("chain must be lower-case letters, digits and -")
  if (typeof g.network !== "string" || networkOf(g.network) === undefined) {
    const near = typeof g.network === "string" ? nearest(g.network, networkNames) : undefined
    wrong(`there is no network ${JSON.stringify(g.network)}; did you mean ${near ?? networkNames.join(", ")}?`)
  }
  const network = networkOf(g.network)!
  if (typeof g.preset !== "string" || !Object.hasOwn(network.presets, g.preset))
    wrong(`${g.network} has no preset ${JSON.stringify(g.preset)}; it has ${Object.keys(network.presets).join(", ")}`)
  if (typeof g.params !== "object" || g.params === null) wrong("params must be an object")
  if (!isWhole(g.nodes, 1, 1_000_000)) wrong("nodes must be a whole number from 1 to 1,000,000")
  if (!isWhole(g.beginS, 0, 2 ** 32 - 1)) wrong("beginS must be Unix seconds")
  if (!isWhole(g.speed, 1, 100_000)) wrong("speed must be a whole number from 1 to 100,000")
  if (typeof g.authority !== "string" || !/^[0-9a-f]{64}$/u.test(g.authority)) wrong("authority must be a public key in hex")
  if (!isWhole(g.authoritySlackS, 0, 2 ** 32 - 1)) wrong("authoritySlackS must be whole seconds")
  if (typeof g.draws !== "boolean") wrong("draws must be true or false")
  if (!isWhole(g.sectorBytes, SECTOR_BYTES_MIN, SECTOR_BYTES_MAX) || 2 ** Math.round(Math.log2(g.sectorBytes)) !== g.sectorBytes)
    wrong(`sectorBytes must be a power of two from ${SECTOR_BYTES_MIN} to ${SECTOR_BYTES_MAX}`)
  if (
    typeof g.faucet?.grantAtto !== "string" ||
    !/^\d{1,30}$/u.test(g.faucet.grantAtto) ||
    !isWhole(g.faucet.grantsPerDay, 0, 2 ** 31)
  )
    wrong("faucet needs grantAtto, as a string of digits, and grantsPerDay")
  if (!isWhole(g.expirySecondsMax, 1, 2 ** 31)) wrong("expirySecondsMax must be whole seconds")
  try {
    valuesOf(g)
  } catch (error) {
    wrong((error as Error).message)
  }
  return g
}

/** The network's parameters on this chain: preset, then what a small live chain departs from, then the genesis' own. */
export function valuesOf(g: Genesis): Values {
  const network = networkOf(g.network)!
  return resolve(network.name, network.params, network.presets[g.preset], { ...network.live?.params, ...g.params })
}

export const genesisHash = (g: Genesis): string => hexOf(sha256(Buffer.from(JSON.stringify(g))))

/** The network's machine at genesis. */
export function machineOf(g: Genesis): { readonly machine: Machine; readonly network: AnyNetwork } {
  const network = networkOf(g.network)!
  return { network, machine: new Machine(network, g.nodes, valuesOf(g), { geometry: h3Geometry }) }
}
