/**
 * A scenario as JSON: a question, a world, a timeline and claims. The same data drives a simulated world and a live testnet.
 *
 * This file says what shape the data has; `scenario-problem.ts` says what is wrong with data that has not. Names of networks,
 * parameters and facilities are checked where a plan is made of it, because only there is it known which networks run.
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { Span } from "./instant.ts"
import { ScenarioProblem } from "./problem.ts"
import { sayProblem } from "./scenario-problem.ts"

const { optionalKey, String: Text, Struct, Union, Literal, Literals, Record, Array: List } = Schema

export const NODES_MIN = 1
export const NODES_MAX = 1_000_000

/** What nodes can have in common, and so lose together. Kept equal to the world's own list by a test. */
export const DOMAINS = [
  "country",
  "continent",
  "timeZone",
  "city",
  "asn",
  "provider",
  "region",
  "grid",
  "client",
  "hardware",
  "operator",
] as const
export type DomainWord = (typeof DOMAINS)[number]

const SPAN = 'a length of time with its unit, such as {"minutes": 90}, {"hours": 36} or {"days": 5}'
const RATIO = 'a share with its unit: {"percent": 0 to 100} or {"permille": 0 to 1000}'
const INSTANT = 'a time in UTC such as "2025-11-18T11:28:00Z", or a span from the begin such as {"hours": 2}'

const count = Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0, { expected: "a number from 0" }))
const span = Union([
  Struct({ seconds: count }),
  Struct({ minutes: count }),
  Struct({ hours: count }),
  Struct({ days: count }),
]).annotate({ expected: SPAN })
const between = (maximum: number) =>
  Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum }, { expected: `a number from 0 to ${maximum}` }))
const ratio = Union([Struct({ percent: between(100) }), Struct({ permille: between(1000) })]).annotate({ expected: RATIO })
const instant = Union([Text, span]).annotate({ expected: INSTANT })
const sentence = Schema.NonEmptyString.annotate({ expected: "some words in quotation marks" })
const wholeNumber = (minimum: number, maximum: number) => {
  const expected = `a whole number from ${minimum} to ${maximum}`
  return Schema.Finite.annotate({ expected }).check(
    Schema.isInt({ expected }),
    Schema.isBetween({ minimum, maximum }, { expected }),
  )
}
/** Of a parameter: its own unit and range are checked with its network. */
const value = Schema.Finite

const where = Struct({
  ...(Object.fromEntries(DOMAINS.map((domain) => [domain, optionalKey(sentence)])) as {
    readonly [K in DomainWord]: Schema.optionalKey<typeof sentence>
  }),
  /** Nodes whose own connection leads through this provider. */
  behind: optionalKey(sentence),
  /** Nodes of the `count` largest domains of a type, by nodes: the three largest operators, say. */
  largest: optionalKey(Struct({ of: Literals(DOMAINS), count: wholeNumber(1, 10_000) })),
  /** That part of the nodes that are left. */
  share: optionalKey(ratio),
})

/** How those who come back, or go, spread over a span: all at once, evenly, most of them early, or as people do. */
export const CURVES = ["instant", "linear", "exponential", "human"] as const
export type CurveWord = (typeof CURVES)[number]
const curve = optionalKey(Literals(CURVES))
const factor = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1000 }, { expected: "a factor from 0 to 1000" }))
const onNodes = { network: sentence, where }
const onFacility = { network: sentence, facility: sentence }
const actions = [
  Struct({ verb: Literal("kill"), ...onNodes, for: optionalKey(span) }),
  Struct({ verb: Literal("pause"), ...onNodes, for: span }),
  Struct({ verb: Literal("restart"), ...onNodes, over: optionalKey(span), curve }),
  Struct({ verb: Literal("disconnect"), ...onNodes, for: optionalKey(span), over: optionalKey(span) }),
  Struct({ verb: Literal("reconnect"), ...onNodes, over: optionalKey(span), curve }),
  Struct({ verb: Literal("degrade"), ...onNodes, passes: ratio, for: optionalKey(span) }),
  Struct({ verb: Literal("blackout"), ...onNodes, for: optionalKey(span) }),
  Struct({ verb: Literal("restorePower"), ...onNodes, over: optionalKey(span), curve }),
  Struct({ verb: Literal("upgrade"), ...onNodes, to: sentence, over: optionalKey(span), down: optionalKey(span) }),
  Struct({
    verb: Literal("corrupt"),
    ...onFacility,
    from: optionalKey(ratio),
    to: ratio,
    over: optionalKey(span),
    every: optionalKey(span),
  }),
  Struct({ verb: Literal("hinder"), ...onFacility, serves: ratio, for: optionalKey(span) }),
  Struct({ verb: Literal("repair"), ...onFacility }),
  Struct({
    verb: Literal("push"),
    ...onNodes,
    version: optionalKey(sentence),
    over: optionalKey(span),
    for: optionalKey(span),
  }),
  Struct({ verb: Literal("loseData"), ...onNodes, share: ratio }),
  Struct({ verb: Literal("skewClock"), ...onNodes, by: wholeNumber(-31_536_000, 31_536_000), for: optionalKey(span) }),
  Struct({ verb: Literal("seize"), ...onNodes, for: optionalKey(span) }),
  Struct({ verb: Literal("leave"), ...onNodes, over: optionalKey(span), curve }),
  Struct({ verb: Literal("surge"), ...onNodes, times: factor, for: optionalKey(span) }),
  Struct({ verb: Literal("halt"), network: sentence, for: optionalKey(span) }),
  Struct({ verb: Literal("cutOracle"), network: sentence, for: optionalKey(span) }),
  Struct({ verb: Literal("crash"), network: sentence, to: ratio, leave: optionalKey(ratio), over: optionalKey(span) }),
  Struct({ verb: Literal("change"), network: sentence, parameter: sentence, value }),
  /** Without a preset: from then on the network follows its dated regimes, each on its day. */
  Struct({ verb: Literal("adopt"), network: sentence, preset: optionalKey(sentence) }),
] as const
export const VERBS: readonly string[] = actions.map((action) => action.fields.verb.literal)
const action = Union(actions).annotate({ expected: "something done to a network", told: { by: "verb", words: VERBS } })

const during = Literals(["window", "run"]).annotate({ expected: '"window" (from onset to main recovery) or "run"' })
const claims = [
  Struct({ claim: Literal("always"), invariant: sentence }),
  Struct({ claim: Literal("keeps"), network: sentence, atLeast: ratio, during }),
  Struct({ claim: Literal("loses"), network: sentence, atLeast: ratio, during }),
  Struct({ claim: Literal("recovers"), network: sentence, within: span, of: sentence }),
  Struct({
    claim: Literal("reads"),
    /** As "network.metric". */
    metric: sentence,
    /** Of the epochs: the highest, lowest or last; of a counter, what one epoch added, or the total of all. */
    figure: Literals(["highest", "lowest", "last", "total"]),
    atLeast: optionalKey(value),
    atMost: optionalKey(value),
    during,
  }),
  Struct({ claim: Literal("servesMoreThan"), network: sentence, than: sentence, during }),
  /** So long after onset a gauge ("network.metric") stands between these shares of what it was at onset. */
  Struct({ claim: Literal("stands"), metric: sentence, after: span, atLeast: ratio, atMost: ratio }),
] as const
const CLAIMS: readonly string[] = claims.map((c) => c.fields.claim.literal)
const claim = Union(claims).annotate({ expected: "something claimed of the run", told: { by: "claim", words: CLAIMS } })

const SWEPT = ["nodesBehind", "usersBehind", "parameter", "preset", "depth"] as const
const sweep = Union([
  Struct({ axis: Literal("nodesBehind"), network: sentence, label: sentence, values: List(ratio) }),
  Struct({ axis: Literal("usersBehind"), network: sentence, label: sentence, values: List(ratio) }),
  Struct({ axis: Literal("parameter"), network: sentence, parameter: sentence, label: sentence, values: List(value) }),
  /** Whole regimes side by side, each with what happens and without. */
  Struct({ axis: Literal("preset"), network: sentence, label: sentence, values: List(sentence) }),
  /** How much the deepest hinder or degrade of the network takes away; the others in proportion. */
  Struct({ axis: Literal("depth"), network: sentence, label: sentence, values: List(ratio) }),
]).annotate({ expected: "a range to show the result over", told: { by: "axis", words: SWEPT } })

export const PLANES = ["service", "nodes", "ledger", "control"] as const
export type Plane = (typeof PLANES)[number]

const Scenario = Struct({
  name: optionalKey(sentence),
  question: sentence,
  /** Where the facts were read. */
  sources: optionalKey(List(sentence)),
  /** Where sources disagree or say nothing: what this scenario takes, and instead of what. */
  choices: optionalKey(List(sentence)),
  begins: Text.annotate({ expected: 'a time in UTC such as "2025-11-15T00:00:00Z"' }),
  lasts: span,
  /** Stops here, though the scenario lasts longer. */
  until: optionalKey(instant),
  seed: wholeNumber(0, Number.MAX_SAFE_INTEGER),
  /** Length of an epoch outside every fine window. */
  epoch: span,
  fine: optionalKey(List(Struct({ from: instant, to: instant, every: span }))),
  networks: Record(
    Text,
    Struct({ nodes: wholeNumber(NODES_MIN, NODES_MAX), preset: optionalKey(sentence), change: optionalKey(Record(Text, value)) }),
  ),
  dependsOn: optionalKey(Record(Text, Struct({ on: sentence, nodes: ratio, users: ratio, because: sentence }))),
  incident: optionalKey(
    Struct({
      record: optionalKey(sentence),
      onset: instant,
      mainRecovery: optionalKey(instant),
      fullRecovery: optionalKey(instant),
      /** Nodes whose service and presence are recorded by themselves: those of the place that failed. */
      focus: optionalKey(Struct({ network: sentence, where: List(where) })),
      /** What the record says, to be drawn beside what was measured. `served` only where it was published. */
      published: optionalKey(List(Struct({ at: instant, phase: sentence, what: sentence, served: optionalKey(ratio) }))),
      /** Which plane the record speaks of: users' requests, nodes that take part, the ledger, or the control plane. */
      plane: optionalKey(Literals(PLANES)),
      /** The network that the record speaks of, or that stands in for what it speaks of. */
      network: optionalKey(sentence),
    }),
  ),
  timeline: optionalKey(List(Struct({ at: instant, label: sentence, do: action }))),
  sweep: optionalKey(List(sweep)),
  watch: optionalKey(List(sentence)),
  expect: optionalKey(List(claim)),
})

export type Scenario = typeof Scenario.Type
export type Ratio = typeof ratio.Type
export type Instant = typeof instant.Type
export type Where = typeof where.Type
export type Action = typeof action.Type
export type IncidentWindow = NonNullable<Scenario["incident"]>
export type Claim = typeof claim.Type
export type Sweep = typeof sweep.Type
export type Moment = NonNullable<Scenario["timeline"]>[number]
export type { Span }

/** What other data in the same style is made of: a study's. */
export const pieces = { sentence, wholeNumber, ratio, instant } as const

const decode = Schema.decodeUnknownResult(Scenario)

/** The scenario that `data` is. Throws a ScenarioProblem with one sentence for the first thing that is wrong. */
export function readScenario(data: unknown): Scenario {
  const read = decode(data, { errors: "all", onExcessProperty: "error" })
  if (Result.isSuccess(read)) return read.success
  throw new ScenarioProblem(sayProblem(read.failure.issue, data))
}

/** Whole permille of a ratio, or undefined when it has none. */
export function permilleOf(r: Ratio): number | undefined {
  const permille = "percent" in r ? Math.round(r.percent * 1e6) / 1e5 : r.permille
  return Number.isInteger(permille) ? permille : undefined
}

/** JSON Schema (draft 2020-12) of a scenario, for editors. */
export const scenarioJsonSchema = (): unknown => Schema.toJsonSchemaDocument(Scenario)
