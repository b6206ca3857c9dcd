/**
 * What can be done to a world, as data. The same verbs perturb a simulated world and a live testnet; each has its own file,
 * which turns it into dated world facts.
 */

/** Which nodes: every named condition must hold; `share` takes that part of those that are left. */
export interface Where {
  readonly network: string
  /** Failure domain → its name, such as `grid: "iberia"` or `country: "ES"`. */
  readonly domain?: Readonly<Record<string, string>>
  /** Nodes whose own connection depends on the shared provider. */
  readonly behind?: true
  readonly permille?: number
  /** Nodes of the `count` domains of a type that hold most nodes. */
  readonly largest?: { readonly of: string; readonly count: number }
}

export type Curve = "instant" | "linear" | "exponential" | "human"

export type Action =
  | { readonly verb: "kill"; readonly where: Where; readonly forS?: number }
  | { readonly verb: "pause"; readonly where: Where; readonly forS: number }
  | { readonly verb: "restart"; readonly where: Where; readonly overS: number; readonly curve?: Curve }
  | { readonly verb: "disconnect"; readonly where: Where; readonly forS?: number; readonly overS?: number }
  | { readonly verb: "reconnect"; readonly where: Where; readonly overS: number; readonly curve?: Curve }
  | { readonly verb: "degrade"; readonly where: Where; readonly passesPermille: number; readonly forS?: number }
  | { readonly verb: "blackout"; readonly where: Where; readonly forS?: number }
  | { readonly verb: "restorePower"; readonly where: Where; readonly overS: number; readonly curve?: Curve }
  | { readonly verb: "upgrade"; readonly where: Where; readonly client: string; readonly overS: number; readonly downS: number }
  | {
      readonly verb: "push"
      readonly where: Where
      readonly client?: string
      readonly overS: number
      readonly forS?: number
    }
  | { readonly verb: "loseData"; readonly where: Where; readonly lostPermille: number }
  | { readonly verb: "skewClock"; readonly where: Where; readonly skewS: number; readonly forS?: number }
  | { readonly verb: "seize"; readonly where: Where; readonly forS?: number }
  | { readonly verb: "leave"; readonly where: Where; readonly overS: number; readonly curve?: Curve }
  | { readonly verb: "surge"; readonly where: Where; readonly timesPermille: number; readonly forS?: number }
  | { readonly verb: "halt" | "cutOracle"; readonly network: string; readonly facility: string; readonly forS?: number }
  | {
      readonly verb: "corrupt"
      readonly network: string
      readonly facility: string
      readonly fromPermille: number
      readonly toPermille: number
      readonly overS: number
      readonly everyS: number
    }
  | {
      readonly verb: "hinder"
      readonly network: string
      readonly facility: string
      readonly servedPermille: number
      readonly forS?: number
    }
  | { readonly verb: "repair"; readonly network: string; readonly facility: string }
  | { readonly verb: "change"; readonly network: string; readonly parameter: string; readonly value: number }
  /** Every parameter that a dated regime sets, at one instant. */
  | {
      readonly verb: "adopt"
      readonly network: string
      readonly preset: string
      readonly values: Readonly<Record<string, number>>
    }

export type Verb = Action["verb"]
export const VERBS: readonly Verb[] = [
  "kill",
  "pause",
  "restart",
  "disconnect",
  "reconnect",
  "degrade",
  "blackout",
  "restorePower",
  "upgrade",
  "push",
  "loseData",
  "skewClock",
  "seize",
  "leave",
  "surge",
  "halt",
  "cutOracle",
  "corrupt",
  "hinder",
  "repair",
  "change",
  "adopt",
]
