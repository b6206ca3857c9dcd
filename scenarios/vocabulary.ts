/**
 * The words a scenario is written in. Every word returns plain data, so that a scenario survives JSON, and every name is
 * checked against the registry by its type, so that a misspelt network or parameter does not compile.
 *
 * Read one aloud: at 11:28, "a bad file", corrupt the cdn's config-builder to one hundred percent.
 */
import type {
  Action,
  Claim,
  CurveWord,
  Instant,
  Moment,
  Ratio,
  Scenario,
  Span,
  Sweep,
  Where,
} from "../protocol/boundary/scenario.ts"
import type { Study, Variation } from "../protocol/boundary/study.ts"
import type { networks, NetworkName } from "../protocol/networks/index.ts"

// Names, from the registry.
type Networks = typeof networks
export type { NetworkName, Scenario }
export type ParameterName<N extends NetworkName> = keyof Networks[N]["params"] & string
export type PresetName<N extends NetworkName> = keyof Networks[N]["presets"] & string
/** Literal as soon as a network declares its facilities so; until then any name compiles, and a run checks it. */
export type FacilityName<N extends NetworkName> = Networks[N]["inhabit"]["facilities"][number]["name"]

// Lengths of time, shares.
export const seconds = (n: number): Span => ({ seconds: n })
export const minutes = (n: number): Span => ({ minutes: n })
export const hours = (n: number): Span => ({ hours: n })
export const days = (n: number): Span => ({ days: n })
export const percent = (n: number): Ratio => ({ percent: n })
export const permille = (n: number): Ratio => ({ permille: n })

// Which nodes. Conditions stand together in one object: { country: "DE", share: percent(20) }.
export const everyone: Where = {}
/** That part of the nodes, drawn node by node: a larger share only adds nodes to a smaller one. */
export const share = (of: Ratio): Where => ({ share: of })
/** ISO 3166-1 alpha-2, such as "ES". */
export const country = (code: string): Where => ({ country: code })
/** A synchronous power grid, such as "iberia". */
export const grid = (name: string): Where => ({ grid: name })
/** An autonomous system, such as "AS3352". */
export const asn = (name: string): Where => ({ asn: name })
/** Who runs nodes, such as "operator 1". */
export const operator = (name: string): Where => ({ operator: name })
/** A hosting company, such as "host 1" or "aws". */
export const provider = (name: string): Where => ({ provider: name })
/** A city by its name, such as "Madrid". */
export const city = (name: string): Where => ({ city: name })
/** A region of a cloud, or a hall, such as "us-east-1". */
export const region = (name: string): Where => ({ region: name })
/** A client version, such as "current" or "geth". */
export const client = (name: string): Where => ({ client: name })
/** A make of machine, such as "Bobcat". */
export const hardware = (name: string): Where => ({ hardware: name })
/** Nodes of the `count` largest domains of a type, by nodes: `largest(3, "operator")`. */
export const largest = (count: number, of: NonNullable<Where["largest"]>["of"]): Where => ({ largest: { of, count } })
/** Nodes whose own connection leads through this provider. */
export const behind = (provider: NetworkName): Where => ({ behind: provider })

// Verbs on nodes.
/** Processes end. They wait for `restart`, unless it is said how long they are down. */
export const kill = (network: NetworkName, where: Where, how: { readonly for?: Span } = {}): Action => ({
  verb: "kill",
  network,
  where,
  ...how,
})
/** Processes stand still for a while. */
export const pause = (network: NetworkName, where: Where, how: { readonly for: Span }): Action => ({
  verb: "pause",
  network,
  where,
  ...how,
})
type Spread = { readonly over?: Span; readonly curve?: CurveWord }
/** Killed nodes come back, each at its own moment of the span: evenly, unless a curve is named. */
export const restart = (network: NetworkName, where: Where, how: Spread = {}): Action => ({
  verb: "restart",
  network,
  where,
  ...how,
})
/** Nodes run on without a way to the internet. */
export const disconnect = (
  network: NetworkName,
  where: Where,
  how: { readonly for?: Span; readonly over?: Span } = {},
): Action => ({ verb: "disconnect", network, where, ...how })
export const reconnect = (network: NetworkName, where: Where, how: Spread = {}): Action => ({
  verb: "reconnect",
  network,
  where,
  ...how,
})
/** Only this share of what nodes send gets through. */
export const degrade = (network: NetworkName, where: Where, how: { readonly passes: Ratio; readonly for?: Span }): Action => ({
  verb: "degrade",
  network,
  where,
  ...how,
})
/** The grid goes; each node stops when its own backup runs out. */
export const blackout = (network: NetworkName, where: Where, how: { readonly for?: Span } = {}): Action => ({
  verb: "blackout",
  network,
  where,
  ...how,
})
/** The grid comes back, to each node at its own moment of the span. */
export const restorePower = (network: NetworkName, where: Where, how: Spread = {}): Action => ({
  verb: "restorePower",
  network,
  where,
  ...how,
})
/** Nodes install another client version, and are down while they do. */
export const upgrade = (
  network: NetworkName,
  where: Where,
  how: { readonly to: string; readonly over?: Span; readonly down?: Span },
): Action => ({ verb: "upgrade", network, where, ...how })

/** Nodes take a bad version or configuration and fail, each at its own moment of `over`, for so long or until `restart`. */
export const push = (
  network: NetworkName,
  where: Where,
  how: { readonly version?: string; readonly over?: Span; readonly for?: Span } = {},
): Action => ({ verb: "push", network, where, ...how })
/** That share of what nodes store is gone. Where nothing is stored, nothing is lost. */
export const loseData = (network: NetworkName, where: Where, lost: Ratio): Action => ({
  verb: "loseData",
  network,
  where,
  share: lost,
})
/** Nodes' clocks are off by so many seconds; they go on serving, and what they date is dated wrong. */
export const skewClock = (network: NetworkName, where: Where, how: { readonly by: number; readonly for?: Span }): Action => ({
  verb: "skewClock",
  network,
  where,
  ...how,
})
/** Taken by the law, at once; nobody restarts them before the order is lifted. */
export const seize = (network: NetworkName, where: Where, how: { readonly for?: Span } = {}): Action => ({
  verb: "seize",
  network,
  where,
  ...how,
})
/** Operators switch their nodes off for good. */
export const leave = (network: NetworkName, where: Where, how: Spread = {}): Action => ({ verb: "leave", network, where, ...how })
/** Users near these nodes ask for so many times as much. */
export const surge = (network: NetworkName, where: Where, how: { readonly times: number; readonly for?: Span }): Action => ({
  verb: "surge",
  network,
  where,
  ...how,
})

// Verbs on a whole network.
/** Its ledger stands still: the facility that stands for it serves nothing. */
export const halt = (network: NetworkName, how: { readonly for?: Span } = {}): Action => ({ verb: "halt", network, ...how })
/** Its oracle is away. */
export const cutOracle = (network: NetworkName, how: { readonly for?: Span } = {}): Action => ({
  verb: "cutOracle",
  network,
  ...how,
})
/** Its token falls to that share of its price, and that part of its operators leaves. */
export const crash = (
  network: NetworkName,
  how: { readonly to: Ratio; readonly leave?: Ratio; readonly over?: Span },
): Action => ({ verb: "crash", network, ...how })

// Verbs on a network's facilities: parts of it that are not nodes.
/** That share of its work is corrupt; with `over`, it gets there from `from` in steps of `every`. */
export const corrupt = <N extends NetworkName>(
  network: N,
  facility: FacilityName<N>,
  how: { readonly from?: Ratio; readonly to: Ratio; readonly over?: Span; readonly every?: Span },
): Action => ({ verb: "corrupt", network, facility, ...how })
/** It serves only this share. */
export const hinder = <N extends NetworkName>(
  network: N,
  facility: FacilityName<N>,
  how: { readonly serves: Ratio; readonly for?: Span },
): Action => ({ verb: "hinder", network, facility, ...how })
/** It is sound and serves in full again. */
export const repair = <N extends NetworkName>(network: N, facility: FacilityName<N>): Action => ({
  verb: "repair",
  network,
  facility,
})
/** A rule changes while the network runs. */
export const change = <N extends NetworkName>(network: N, parameter: ParameterName<N>, value: number): Action => ({
  verb: "change",
  network,
  parameter,
  value,
})

/** A whole regime comes into force at once; what the scenario itself set stays as set. */
export const adopt = <N extends NetworkName>(network: N, preset: PresetName<N>): Action => ({ verb: "adopt", network, preset })
/** From here on the network's dated regimes come into force, each on its day. */
export const followHistory = (network: NetworkName): Action => ({ verb: "adopt", network })

/** When, what to call it, what is done: `at` an instant in UTC, or a span after the begin. */
export const at = (when: Instant, label: string, todo: Action): Moment => ({ at: when, label, do: todo })

// Ranges to show the result over: one short variant a value, beside the run.
export const nodesBehind = (network: NetworkName, label: string, values: readonly Ratio[]): Sweep => ({
  axis: "nodesBehind",
  network,
  label,
  values,
})
export const usersBehind = (network: NetworkName, label: string, values: readonly Ratio[]): Sweep => ({
  axis: "usersBehind",
  network,
  label,
  values,
})
/** In the parameter's own unit. */
export const parameter = <N extends NetworkName>(
  network: N,
  name: ParameterName<N>,
  label: string,
  values: readonly number[],
): Sweep => ({ axis: "parameter", network, parameter: name, label, values })

/** Whole regimes side by side, from before onset on: each with the timeline and without it. */
export const regimes = <N extends NetworkName>(network: N, label: string, values: readonly PresetName<N>[]): Sweep => ({
  axis: "preset",
  network,
  label,
  values,
})
/** How much the deepest hinder or degrade of a network takes away; the others in proportion. */
export const depth = (network: NetworkName, label: string, values: readonly Ratio[]): Sweep => ({
  axis: "depth",
  network,
  label,
  values,
})

// Claims. `window` is from onset to main recovery.
type During = "window" | "run"
/** This promise of a network holds after every epoch. All promises are checked anyway; this says which one the answer rests on. */
export const always = (invariant: string): Claim => ({ claim: "always", invariant })
export const keeps = (network: NetworkName, atLeast: Ratio, during: During = "window"): Claim => ({
  claim: "keeps",
  network,
  atLeast,
  during,
})
export const loses = (network: NetworkName, atLeast: Ratio, during: During = "window"): Claim => ({
  claim: "loses",
  network,
  atLeast,
  during,
})
/** A metric's highest, lowest or last epoch, or a counter's total, lies within bounds, in the metric's own unit. */
export const reads = (
  metric: `${NetworkName}.${string}`,
  figure: Extract<Claim, { claim: "reads" }>["figure"],
  bounds: { readonly atLeast?: number; readonly atMost?: number },
  during: During = "window",
): Claim => ({ claim: "reads", metric, figure, ...bounds, during })
/** Service is normal again within the span after the labelled moment. */
export const recovers = (network: NetworkName, within: Span, of: string): Claim => ({ claim: "recovers", network, within, of })
/** As fractions of what each was asked for: a request and an uplink are different things. */
export const servesMoreThan = (network: NetworkName, than: NetworkName, during: During = "window"): Claim => ({
  claim: "servesMoreThan",
  network,
  than,
  during,
})

/** So long after onset, a gauge stands between two shares of what it was at onset. */
export const stands = (
  metric: `${NetworkName}.${string}`,
  after: Span,
  { atLeast, atMost }: { readonly atLeast: Ratio; readonly atMost: Ratio },
): Claim => ({ claim: "stands", metric, after, atLeast, atMost })

/** How a scenario is written: as its JSON, with the names that the registry knows. */
export interface Draft extends Omit<Scenario, "networks" | "dependsOn" | "watch"> {
  readonly networks: {
    readonly [N in NetworkName]?: {
      readonly nodes: number
      readonly preset?: string
      readonly change?: { readonly [P in ParameterName<N>]?: number }
    }
  }
  /** The share of its nodes and of its users that reach the network through another one. */
  readonly dependsOn?: {
    readonly [N in NetworkName]?: {
      readonly on: NetworkName
      readonly nodes: Ratio
      readonly users: Ratio
      readonly because: string
    }
  }
  /** Metrics worth a look, as "network.metric". */
  readonly watch?: readonly `${NetworkName}.${string}`[]
}

export const scenario = (draft: Draft): Scenario => draft as Scenario

/** What a study may vary: a misspelt one does not compile. */
export type Varied =
  | {
      readonly [N in NetworkName]: `${N}.${ParameterName<N> | "nodes" | "preset" | "dependsOn.nodes" | "dependsOn.users"}`
    }[NetworkName]
  | `supply.${string}`
type Points = { readonly [P in Varied]?: number | string }
type Typed<V> = V extends { readonly by: "list" }
  ? { readonly by: "list"; readonly points: readonly { readonly label?: string; readonly set: Points }[] }
  : V extends { readonly by: "responses" }
    ? { readonly by: "responses"; readonly of: Readonly<Record<string, readonly Moment[]>> }
    : V extends { readonly of: Readonly<Record<string, infer A>> }
      ? Omit<V, "of"> & { readonly of: { readonly [P in Varied]?: A } }
      : never

/** How a study is written: as its JSON, with the names that the registry knows. */
export interface StudyDraft extends Omit<Study, "study" | "vary"> {
  readonly vary?: readonly Typed<Variation>[]
}

export const study = (draft: StudyDraft): Study => ({ study: "runs", ...draft }) as Study
