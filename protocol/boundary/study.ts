/**
 * A study as JSON: one question, the scenarios it is asked of, what is varied, how often the dice are thrown, what is measured,
 * and what is claimed of it. Names of parameters and metrics are checked where it is planned, against the networks that run.
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { refuse, ScenarioProblem } from "./problem.ts"
import { sayProblem } from "./scenario-problem.ts"
import { permilleOf, pieces } from "./scenario.ts"

const { optionalKey, Record, Struct, Union, Literal, Literals, Array: List, String: Text, Finite } = Schema
const { sentence, wholeNumber, ratio, instant } = pieces

export const RUNS_MAX = 1_000_000
const SEED_MAX = Number.MAX_SAFE_INTEGER
const REPLICATES_MAX = 100_000

const numbers = List(Finite).annotate({ expected: "a list of numbers such as [1, 2, 5]" })
const settings = Record(Text, Union([Finite, Text]).annotate({ expected: "a number, or the name of a preset" }))
const span = Struct({ from: Finite, to: Finite, steps: wholeNumber(2, 100_000) }).annotate({
  expected: 'a list of values, or {"from": …, "to": …, "steps": …}',
})
const choice = Union([List(Union([Finite, Text])), span]).annotate({
  expected: 'a list of values such as [1, 2, 5], or {"from": 1, "to": 9, "steps": 5}',
})
/** Without ends, the parameter's own range. */
const axis = Struct({
  from: optionalKey(Finite),
  to: optionalKey(Finite),
  scale: optionalKey(Literals(["even", "log"])),
}).annotate({
  expected: '{"from": …, "to": …}, or {} for the parameter’s whole range',
})
const axes = Record(Text, axis)
const designSeed = optionalKey(wholeNumber(0, SEED_MAX))

const variations = [
  /** Every value with every other. */
  Struct({ by: Literal("grid"), of: Record(Text, choice) }),
  /** These points and no others. */
  Struct({ by: Literal("list"), points: List(Struct({ label: optionalKey(sentence), set: settings })) }),
  /** The first values together, the second together, and so on: lists of one length. */
  Struct({ by: Literal("zip"), of: Record(Text, numbers) }),
  Struct({ by: Literal("latinHypercube"), points: wholeNumber(1, 100_000), of: axes, seed: designSeed }),
  Struct({ by: Literal("sobolSequence"), points: wholeNumber(1, 100_000), of: axes, seed: designSeed }),
  /** What happens from here on, by name: more of the timeline. Empty is what the base does anyway. */
  Struct({ by: Literal("responses"), of: Record(Text, List(Schema.Unknown)) }),
  Struct({
    by: Literal("morris"),
    trajectories: wholeNumber(2, 10_000),
    levels: optionalKey(wholeNumber(2, 1000)),
    of: axes,
    seed: designSeed,
  }),
  /** First and total indices, from rows × (parameters + 2) points. */
  Struct({ by: Literal("sobolIndices"), rows: wholeNumber(2, 100_000), of: axes, seed: designSeed }),
  Struct({
    by: Literal("search"),
    goals: List(Struct({ measure: sentence, want: Literals(["least", "most"]) })),
    population: wholeNumber(4, 1000),
    generations: wholeNumber(1, 1000),
    of: axes,
    seed: designSeed,
  }),
] as const
const WAYS = variations.map((v) => v.fields.by.literal)
const variation = Union(variations).annotate({ expected: "a way to vary parameters", told: { by: "by", words: WAYS } })

const during = optionalKey(Literals(["window", "run"]))
const FIGURES = ["highest", "lowest", "last", "total", "mean"] as const
export const OUTAGE_FIGURES = ["blastRadius", "lostCapacityMinutes", "detectS", "mitigateS", "recoverS"] as const
export const NODE_FIGURES = ["gini", "mean", "total", "lowest", "highest", "p10", "p50", "p90", "topTenth"] as const
/** Without a length of time, of the whole run. */
const measures = [
  /** "network.metric"; of a counter, the total of what epochs added. */
  Struct({ of: Literal("metric"), metric: sentence, figure: Literals(FIGURES), during }),
  /** Shares of what was asked for. */
  Struct({ of: Literal("service"), network: sentence, figure: Literals(["served", "lost", "degraded"]), during }),
  Struct({ of: Literal("outage"), network: sentence, figure: Literals(OUTAGE_FIGURES) }),
  /** "network.measure" of each node at the end, as one number. */
  Struct({ of: Literal("nodes"), measure: sentence, figure: Literals(NODE_FIGURES) }),
] as const
const MEASURED = measures.map((m) => m.fields.of.literal)
const measure = Union(measures).annotate({ expected: "something that a run records", told: { by: "of", words: MEASURED } })

const point = Record(Text, Union([Finite, Text]))
const claims = [
  /** The whole interval of the mean lies within, at every point that is meant. */
  Struct({
    claim: Literal("within"),
    measure: sentence,
    at: optionalKey(point),
    atLeast: optionalKey(Finite),
    atMost: optionalKey(Finite),
  }),
  /** With shared luck, the measure is more at one point than at another: the whole interval of the difference says so. */
  Struct({ claim: Literal("more"), measure: sentence, at: point, than: point, by: optionalKey(Finite) }),
  /** No other parameter has more of the variance (or a larger effect), this one's interval lying above the others' figures. */
  Struct({ claim: Literal("decides"), measure: sentence, parameter: sentence }),
] as const
const CLAIMS = claims.map((c) => c.fields.claim.literal)
const claim = Union(claims).annotate({ expected: "something claimed of the study", told: { by: "claim", words: CLAIMS } })

const setFields = {
  set: optionalKey(settings),
} as const
const base = Union([
  Struct({
    /** A path, beside the study or from where one stands, or a whole scenario. */
    scenario: Schema.Unknown,
    nodes: optionalKey(wholeNumber(1, 1_000_000)),
    until: optionalKey(sentence),
    ...setFields,
  }),
  Struct({
    /** A supply study, likewise, and one of its cases. */
    supply: Schema.Unknown,
    case: optionalKey(sentence),
    years: optionalKey(wholeNumber(1, 20)),
    ...setFields,
  }),
]).annotate({ expected: '{"scenario": a path or a scenario, …} or {"supply": a path or a supply study, …}' })

const fixedSeeds = Struct({ from: wholeNumber(0, SEED_MAX), count: wholeNumber(1, REPLICATES_MAX) })
const preciseSeeds = Struct({
  from: wholeNumber(0, SEED_MAX),
  atLeast: wholeNumber(2, REPLICATES_MAX),
  atMost: wholeNumber(2, REPLICATES_MAX),
  /** Stop when the interval of this measure is that narrow at every point. */
  until: Struct({ measure: sentence, halfWidth: optionalKey(Finite), relative: optionalKey(ratio) }),
})
const seeds = Union([fixedSeeds, preciseSeeds]).annotate({
  expected:
    '{"from": 1, "count": 20}, or {"from": 1, "atLeast": 10, "atMost": 200, "until": {"measure": …, "relative": {"percent": 5}}}',
})

const Study = Struct({
  study: Literal("runs"),
  name: optionalKey(sentence),
  question: sentence,
  sources: optionalKey(List(sentence)),
  choices: optionalKey(List(sentence)),
  bases: Record(Text, base),
  /** One history, many futures: what is varied changes here, and everything before is lived through once a seed. */
  fork: optionalKey(instant.annotate({ expected: '"onset", a time in UTC, or a span from the begin such as {"hours": 2}' })),
  vary: optionalKey(List(variation)),
  seeds,
  /** Of the intervals; 95 % without. */
  confidence: optionalKey(ratio),
  measure: Record(Text, measure),
  claims: optionalKey(List(claim)),
})
export type Study = typeof Study.Type
export type Base = Study["bases"][string]
export type Variation = typeof variation.Type
export type Axis = typeof axis.Type
export type Measure = typeof measure.Type
export type StudyClaim = typeof claim.Type

const decode = Schema.decodeUnknownResult(Study)
const COLUMN = /^[a-z][a-z0-9_]*$/u
/** Columns that every table of runs has anyway. */
export const RESERVED = [
  "run",
  "point",
  "base",
  "response",
  "label",
  "generation",
  "replicate",
  "seed",
  "failed",
  "fingerprint",
  "key",
] as const

/** The study that `data` is. Throws a ScenarioProblem with one sentence for the first thing that is wrong. */
export function readStudy(data: unknown): Study {
  if (typeof data !== "object" || data === null || Array.isArray(data) || (data as { study?: unknown }).study !== "runs")
    refuse('this is no study of runs: it is an object with "study": "runs", question, bases, seeds and measure')
  const read = decode(data, { errors: "all", onExcessProperty: "error" })
  if (!Result.isSuccess(read))
    throw new ScenarioProblem(sayProblem(read.failure.issue, data).replaceAll(/\b(a|the) scenario (?=has|must)/gu, "$1 study "))
  const study = read.success
  if (Object.keys(study.bases).length === 0)
    refuse('bases is empty: name a scenario, such as {"as it was": {"scenario": "my.json"}}')
  for (const [name, one] of Object.entries(study.bases))
    if (("scenario" in one ? one.scenario : one.supply) === undefined)
      refuse(`bases.${name} names no scenario: give a path or the scenario itself`)
  if (Object.keys(study.measure).length === 0)
    refuse('measure is empty: say what to record, such as {"lost": {"of": "service", "network": "helium", "figure": "lost"}}')
  for (const name of Object.keys(study.measure)) {
    if (!COLUMN.test(name))
      refuse(`measure.${name}: it becomes a column, so write it in small letters, digits and _, such as fees_paid`)
    if ((RESERVED as readonly string[]).includes(name))
      refuse(`measure.${name}: every table has a column ${name} already; choose another name`)
  }
  const sure = study.confidence === undefined ? undefined : permilleOf(study.confidence)
  if (sure === 0 || sure === 1000)
    refuse(`confidence is ${sure / 10} %: an interval that is never or always right says nothing; give one between, such as 95 %`)
  checkSeeds(study)
  checkVariations(study)
  checkClaims(study)
  return study
}

function checkSeeds({ seeds: s }: Study): void {
  const count = "count" in s ? s.count : s.atMost
  if (count - 1 > SEED_MAX - s.from)
    refuse(`seeds.from is ${s.from}, and ${count} seeds from there go beyond ${SEED_MAX}, where numbers are no longer told apart`)
  if ("count" in s) return
  if (s.atMost < s.atLeast) refuse(`seeds.atMost is ${s.atMost}, less than atLeast, ${s.atLeast}: let it be as many or more`)
  const { halfWidth, relative } = s.until
  if ((halfWidth === undefined) === (relative === undefined))
    refuse("seeds.until needs one of halfWidth (in the measure’s own unit) and relative (a share of the mean)")
  if (halfWidth !== undefined && !(halfWidth > 0)) refuse(`seeds.until.halfWidth is ${halfWidth}: it must be above 0`)
  if (relative !== undefined && !(permilleOf(relative)! > 0))
    refuse("seeds.until.relative must be a whole number of permille above 0")
}

function checkClaims({ claims = [] }: Study): void {
  for (const [i, c] of claims.entries())
    if (c.claim === "within" && c.atLeast !== undefined && c.atMost !== undefined && c.atLeast > c.atMost)
      refuse(`claims[${i}] (within): nothing is at least ${c.atLeast} and at most ${c.atMost}: exchange them`)
}

/** What needs all of a study to itself: its answer is about its own points. */
const ALONE: readonly string[] = ["morris", "sobolIndices", "search"]

function checkVariations({ vary = [] }: Study): void {
  for (const [i, v] of vary.entries()) {
    const place = `vary[${i}] (${v.by})`
    if (ALONE.includes(v.by) && vary.length > 1)
      refuse(`${place} must be the only variation of a study: put the other ${vary.length - 1} into a study of their own`)
    if (v.by === "list") {
      if (v.points.length === 0) refuse(`${place} has no points: give at least one, such as {"set": {"filecoin.replicas": 2}}`)
      const label = twiceIn(v.points.flatMap((p) => (p.label === undefined ? [] : [p.label])))
      if (label !== undefined)
        refuse(`${place}: two points are called ${label}: tables tell points by their labels, so rename one`)
      continue
    }
    const names = Object.keys(v.of)
    if (names.length === 0) refuse(`${place} varies nothing: name a parameter in "of"`)
    if (v.by === "grid" || v.by === "zip" || v.by === "responses")
      for (const name of names) {
        const values = v.of[name]
        if (v.by !== "responses" && Array.isArray(values) && values.length === 0)
          refuse(`${place}: the list of ${name} is empty; give it at least one value, or leave ${name} out`)
        const twice = v.by === "grid" && Array.isArray(values) ? twiceIn(values) : undefined
        if (twice !== undefined)
          refuse(`${place}: the list of ${name} has ${twice} twice, which would be one point twice: leave one out`)
      }
    if (v.by === "zip") {
      const lengths = names.map((name) => v.of[name].length)
      if (new Set(lengths).size > 1)
        refuse(
          `${place}: lists that go together must be of one length, and they have ${names.map((n, k) => `${n} ${lengths[k]}`).join(", ")}; for every value with every other say "grid"`,
        )
    }
    if (v.by === "morris" && (v.levels ?? 4) % 2 === 1) refuse(`${place}: levels is ${v.levels}, and must be even, such as 4`)
    if (v.by === "search" && v.goals.length === 0)
      refuse(`${place} has no goals: give at least one measure and want "least" or "most"`)
  }
}

const twiceIn = <T>(all: readonly T[]): T | undefined => all.find((x, i) => all.indexOf(x) < i)

/** JSON Schema (draft 2020-12) of a study, for editors. */
export const studyJsonSchema = (): unknown => Schema.toJsonSchemaDocument(Study)
