/** What a run is, resolved: every name checked, every time absolute, every number in its range. Made by the boundary. */
import type { Resolution } from "../../protocol/kernel/clock.ts"
import type { AnyNetwork } from "../../protocol/kernel/network.ts"
import type { Values } from "../../protocol/kernel/param.ts"
import type { Action, Where } from "../faults/action.ts"

export interface PlannedNetwork {
  readonly network: AnyNetwork
  readonly nodes: number
  readonly preset: string
  readonly values: Values
}

export interface Moment {
  readonly atS: number
  readonly label: string
  readonly do: Action
}

/** `network` reaches its ledger or its users through `on` for this share of its nodes, and of its users' applications. */
export interface Dependency {
  readonly network: string
  readonly on: string
  readonly nodesPermille: number
  readonly usersPermille: number
}

/** Nodes whose lot is recorded by itself: those of any of these places. */
export interface Focus {
  readonly network: string
  readonly where: readonly Where[]
}

export interface Plan {
  readonly seed: number
  readonly beginS: number
  readonly endS: number
  /** Length of an epoch outside every window. */
  readonly everySeconds: number
  readonly windows: readonly Resolution[]
  /** In the order they are run: a provider before those who depend on it. */
  readonly networks: readonly PlannedNetwork[]
  readonly dependencies: readonly Dependency[]
  readonly timeline: readonly Moment[]
  /** The timeline takes data, clocks or demand, so that the world keeps a table of them; a twin without a timeline keeps it too. */
  readonly hasPlight?: true
  readonly calendar: "2025-11-18" | "2025-04-28"
  readonly focus?: Focus
  /** Onset and main recovery of the incident, when the scenario names them: the window that answers are about. */
  readonly windowS?: { readonly from: number; readonly to: number }
}
