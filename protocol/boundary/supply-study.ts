/**
 * A supply study as JSON: one question, what people do in it, and named cases that each change some of that. Text and numbers in,
 * a checked study out; what is wrong is one sentence that names the place and the way out.
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { nearest } from "../kernel/param.ts"
import type { Path, SupplyScenario } from "../networks/index.ts"
import { refuse, ScenarioProblem } from "./problem.ts"
import { sayProblem } from "./scenario-problem.ts"

const { optionalKey, Record, Struct, Array: List } = Schema

export const YEARS_MAX = 20
/** Each run keeps its days until the quantiles are taken: 0.3 MB a run and series. */
export const RUNS_MAX = 2000

const sentence = Schema.NonEmptyString.annotate({ expected: "some words in quotation marks" })
const number = (most: number) => {
  const expected = `a number from 0 to ${most}`
  return Schema.Finite.annotate({ expected }).check(Schema.isBetween({ minimum: 0, maximum: most }, { expected }))
}
const whole = (minimum: number, maximum: number) => {
  const expected = `a whole number from ${minimum} to ${maximum}`
  return Schema.Finite.annotate({ expected }).check(
    Schema.isInt({ expected }),
    Schema.isBetween({ minimum, maximum }, { expected }),
  )
}
/** A tenfold a year is beyond anything seen; more would leave the doubles in ten years of a bad guess. */
export const YEARLY_MOST = 10_000
const path = (most: number) =>
  Struct({
    low: number(most),
    high: number(most),
    yearlyPermille: optionalKey(Struct({ low: number(YEARLY_MOST), high: number(YEARLY_MOST) })),
  }).annotate({ expected: `{"low": …, "high": …} from 0 to ${most}` })
const shock = Struct({
  label: sentence,
  day: whole(1, 365 * YEARS_MAX),
  days: whole(1, 365 * YEARS_MAX),
  onboardPermille: optionalKey(number(YEARLY_MOST)),
  renewalPermille: optionalKey(number(YEARLY_MOST)),
  burnPermille: optionalKey(number(1e6)),
  chancePermille: optionalKey(number(1000)),
})
/** What people do, and the most of it that can be written. */
export const DRIVERS = {
  onboardPib: { unit: "PiB/day", most: 1000 },
  renewalPermille: { unit: "‰", most: 1000 },
  verifiedPermille: { unit: "‰", most: 1000 },
  burnFil: { unit: "FIL/day", most: 10e6 },
  lockTargetPermille: { unit: "‰", most: 1000 },
} as const
const paths = {
  onboardPib: path(DRIVERS.onboardPib.most),
  renewalPermille: path(DRIVERS.renewalPermille.most),
  verifiedPermille: path(DRIVERS.verifiedPermille.most),
  burnFil: path(DRIVERS.burnFil.most),
  lockTargetPermille: path(DRIVERS.lockTargetPermille.most),
}
const changes = Struct({
  because: sentence,
  onboardPib: optionalKey(paths.onboardPib),
  renewalPermille: optionalKey(paths.renewalPermille),
  verifiedPermille: optionalKey(paths.verifiedPermille),
  burnFil: optionalKey(paths.burnFil),
  lockTargetPermille: optionalKey(paths.lockTargetPermille),
  shocks: optionalKey(List(shock)),
})

const Study = Struct({
  study: Schema.Literal("supply"),
  name: sentence,
  question: sentence,
  sources: List(sentence),
  choices: optionalKey(List(sentence)),
  years: whole(1, YEARS_MAX),
  runs: whole(1, RUNS_MAX),
  seed: whole(0, Number.MAX_SAFE_INTEGER),
  ...paths,
  cases: Record(Schema.String, changes),
})
export type SupplyStudy = typeof Study.Type

const decode = Schema.decodeUnknownResult(Study)
const PATHS = Object.keys(paths) as (keyof typeof paths)[]

/** The study that `data` is. Throws a ScenarioProblem with one sentence for the first thing that is wrong. */
export function readSupplyStudy(data: unknown): SupplyStudy {
  if (typeof data !== "object" || data === null || Array.isArray(data))
    refuse(
      'this is no supply study: it is an object with {"study": "supply", …}, such as scenarios/economics/filecoin-supply-outlook.json',
    )
  const read = decode(data, { errors: "all", onExcessProperty: "error" })
  if (!Result.isSuccess(read))
    throw new ScenarioProblem(sayProblem(read.failure.issue, data).replaceAll(/\b(a|the) scenario\b/gu, "$1 study"))
  const study = read.success
  if (Object.keys(study.cases).length === 0) refuse("cases is empty: a study needs one case or more")
  const check = (place: string, holder: { readonly [K in (typeof PATHS)[number]]?: Path | undefined }): void => {
    for (const name of PATHS) {
      const value = holder[name]
      for (const [at, range] of [
        [`${place}${name}`, value],
        [`${place}${name}.yearlyPermille`, value?.yearlyPermille],
      ] as const)
        if (range !== undefined && range.low > range.high)
          refuse(`${at} goes from ${range.low} to ${range.high}: low must not be above high`)
    }
  }
  check("", study)
  for (const [name, one] of Object.entries(study.cases)) check(`cases.${name}.`, one)
  return study
}

/** One case of a study, ready to run; its first case without a name. Throws a ScenarioProblem when it has no such case. */
export function caseOf(study: SupplyStudy, wanted?: string): SupplyScenario {
  const names = Object.keys(study.cases)
  const name = wanted ?? names[0]
  if (!Object.hasOwn(study.cases, name))
    refuse(`${study.name} has no case ${name}; did you mean ${nearest(name, names)}? There are ${names.join(", ")}`)
  const { because: _because, ...changed } = study.cases[name]
  const { study: _study, cases: _cases, ...base } = study
  return { ...base, ...changed, name: `${study.name}-${name}` }
}
