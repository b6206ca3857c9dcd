/**
 * Who comes first on a hex. Outdoors by signal power, then by the older claim; indoors by signal level, then by the older claim.
 * Sources: HIP-105; helium/oracles@21935653 coverage_map/src/{indoor,outdoor}.rs. The source leaves ties open (a binary heap);
 * here the earlier in the list comes first, and lists are kept in the order of hotspots.
 */

export interface RankedRadio {
  /** Tenths of dBm. */
  readonly signalPower: number
  /** When its coverage was claimed, Unix seconds. */
  readonly claimedAtS: number
}

/** Indexes of the radios, best first, by power and then by claim. Indoor radios of one signal level are told with one power. */
export const rankRadios = (radios: readonly RankedRadio[]): number[] =>
  radios
    .map((_, k) => k)
    .sort((a, b) => radios[b].signalPower - radios[a].signalPower || radios[a].claimedAtS - radios[b].claimedAtS || a - b)
