/** What an entry of the catalogue of adversaries states, and what one play of it comes to. */

/** A presence, B storage, C consensus and randomness, D compute, E markets and money, F outage and recovery, G diversity weights. */
export type Family = "A" | "B" | "C" | "D" | "E" | "F" | "G"
export const FAMILIES: Readonly<Record<Family, string>> = {
  A: "Presence and location",
  B: "Storage",
  C: "Consensus and randomness",
  D: "Compute and rendering",
  E: "Market and money",
  F: "Outage, grace and recovery",
  G: "Against a diversity weight",
}

/** V0 the public state; V1 and its own nodes; V2 and control of the network between nodes; V3 and an insider's office. */
export type Sight = "V0" | "V1" | "V2" | "V3"

export interface Knob {
  readonly unit: string
  readonly range: readonly [number, number]
  /** Values the search tries: the grid is their product. */
  readonly tries: readonly number[]
  readonly because: string
}

/** One play: everything it is a function of, besides the code. */
export interface Setting {
  readonly seed: number
  /** Of the scarce resource: nodes, power, stake, bids or seats, as the entry says. */
  readonly share: number
  readonly knobs: Readonly<Record<string, number>>
  /** False switches the entry's defence off. */
  readonly defended: boolean
}

/**
 * What one play came to, in one unit of money of the entry's choice; what was not there to be measured is 0. Everything is counted over the
 * whole horizon, the twin without the adversary included where it is needed.
 */
export interface Outcome {
  /** Of all adversary identities: what they were paid or saved, and what their hardware, stake, fees and bribes cost. */
  readonly income: number
  readonly cost: number
  readonly honestIncome: number
  readonly honestCost: number
  /** All value paid, and what of it for units with no service behind them. */
  readonly paid: number
  readonly paidForNothing: number
  /** Value of service delivered by honest nodes, and what of it was not paid. */
  readonly delivered: number
  readonly unpaid: number
  /** Service with the adversary, and without it at the same seed. */
  readonly served: number
  readonly servedWithout: number
  /** Units penalised, and the honest ones among them. */
  readonly penalised: number
  readonly penalisedHonest: number
  /** Income between the first cheating event and the loss that ended it. */
  readonly extracted: number
  /** What verifiers and disputes cost. */
  readonly spent: number
  readonly horizonHours: number
  /** The entry's own first metric. */
  readonly own: number
  /** By adversary identity: hours from its first cheating event to its first irrevocable loss; NaN: never found. */
  readonly foundHours: readonly number[]
}

const NOTHING: Outcome = {
  income: 0,
  cost: 0,
  honestIncome: 0,
  honestCost: 0,
  paid: 0,
  paidForNothing: 0,
  delivered: 0,
  unpaid: 0,
  served: 0,
  servedWithout: 0,
  penalised: 0,
  penalisedHonest: 0,
  extracted: 0,
  spent: 0,
  horizonHours: 0,
  own: 0,
  foundHours: [],
}
export const outcome = (some: Partial<Outcome>): Outcome => ({ ...NOTHING, ...some })

/** Names of the figures, in the order in which they go down a wire. */
export const FIGURES = Object.keys(NOTHING).filter((k) => k !== "foundHours") as readonly Exclude<keyof Outcome, "foundHours">[]

export interface Seen {
  readonly figure: string
  readonly source: string
}

export interface Entry {
  /** As in the fact sheet. */
  readonly id: string
  readonly name: string
  readonly family: Family
  /** The network whose whole machine it is played on, or "ensemble": a small arena of its own, because no network run has what it attacks. */
  readonly where: "helium" | "filecoin" | "render" | "akash" | "resilience" | "ensemble"
  /** Whose rules the arena follows, where it is one. */
  readonly rules?: string
  readonly goal: string
  readonly view: Sight
  readonly knobs: Readonly<Record<string, Knob>>
  /** How cost is counted. */
  readonly cost: string
  readonly defence: { readonly name: string; readonly off: string; readonly source: string }
  readonly seen: readonly Seen[]
  /** What is not modelled. */
  readonly omits: string
  readonly own?: { readonly name: string; readonly unit: string; readonly because: string }
  /** What the search makes as large as it can. */
  readonly aim: "rho" | "harm" | "own" | "denial" | "collateral"
  /** The share at which knobs are searched. */
  readonly share: number
  /** The knob that counts identities, for the Sybil gain. */
  readonly names?: string
  /** A positive control: what it must show with the defence off. */
  readonly control?: string
  readonly play: (setting: Setting) => Outcome
}

/** Every combination of the knobs' tries, in a fixed order. */
export function gridOf(entry: Entry): readonly Readonly<Record<string, number>>[] {
  let grid: Record<string, number>[] = [{}]
  for (const [name, { tries }] of Object.entries(entry.knobs))
    grid = grid.flatMap((g) => tries.map((value) => ({ ...g, [name]: value })))
  return grid
}
