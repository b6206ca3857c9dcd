/**
 * Graphics cards as operators bring them. Multipliers are RNP-019's and RNP-021's; OctaneBench scores are round figures of public results
 * (UNVERIFIED), the mix is an ASSUMPTION: nobody publishes Render's fleet.
 */

export interface Gpu {
  readonly name: string
  readonly ob: number
  readonly vramGb: number
  readonly watts: number
  /** RNP-019 appendix 2: GPU score, in permille. Enterprise cards: RNP-021. */
  readonly multiplierPermille: number
  /** Share of the fleet, in permille; they add up to 1000. */
  readonly sharePermille: number
}

const gpu = (
  name: string,
  ob: number,
  vramGb: number,
  watts: number,
  multiplierPermille: number,
  sharePermille: number,
): Gpu => ({ name, ob, vramGb, watts, multiplierPermille, sharePermille })

export const GPUS: readonly Gpu[] = [
  gpu("RTX 3060", 280, 12, 170, 500, 90),
  gpu("RTX 3070", 400, 8, 220, 600, 110),
  gpu("RTX 3080", 550, 10, 320, 700, 150),
  gpu("RTX 3090", 660, 24, 350, 850, 250),
  gpu("RTX 4070 Ti", 730, 12, 285, 750, 90),
  gpu("RTX 4080", 930, 16, 320, 850, 70),
  gpu("RTX 4090", 1270, 24, 450, 1000, 190),
  gpu("RTX 5090", 1700, 32, 575, 1700, 30),
  gpu("L40", 1100, 48, 300, 2500, 15),
  gpu("A100", 650, 80, 400, 3500, 5),
]

/** A card by a draw from 0 to 999. */
export function gpuOf(draw: number): Gpu {
  let upTo = 0
  for (const g of GPUS) {
    upTo += g.sharePermille
    if (draw < upTo) return g
  }
  return GPUS[GPUS.length - 1]
}

/** Watts of a card that waits: fans, memory and the machine around it. ASSUMPTION. */
export const IDLE_WATTS = 60

/** Electricity by country in millionths of a dollar a kWh: homes (facts/prices-and-demand.md §2.2, §6.2; EUR 1.113). China is an ASSUMPTION. */
export const MICRO_USD_PER_KWH: Readonly<Record<string, number>> = {
  US: 187_000,
  DE: 427_000,
  BE: 398_000,
  DK: 388_000,
  IE: 501_000,
  IT: 479_000,
  BG: 145_000,
  MT: 138_000,
  HU: 116_000,
  CN: 80_000,
}
/** The European Union's mean, for every country without a figure of its own. */
export const MICRO_USD_PER_KWH_ELSEWHERE = 320_000
