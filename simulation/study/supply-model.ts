/** A case of a supply study as the base of a study: what people do and what is assumed varies, and the supply is measured. */
import { refuse } from "../../protocol/boundary/problem.ts"
import type { Measure } from "../../protocol/boundary/study.ts"
import { caseOf, DRIVERS, YEARLY_MOST, type SupplyStudy } from "../../protocol/boundary/supply-study.ts"
import { supplyViews, type Path, type SupplyParams, type SupplyScenario } from "../../protocol/networks/index.ts"
import type { SupplyJob } from "./job.ts"
import { unknown, type Model, type Value, type Variable } from "./model.ts"

const PREFIX = "supply."
const YEARLY = ".yearlyPermille"
const UNITS: Readonly<Record<string, string>> = {
  circulating: "FIL",
  locked: "FIL",
  minted: "FIL",
  vested: "FIL",
  burnt: "FIL",
  raw: "PiB",
  qa: "PiB",
  reward: "FIL/win",
  pledge: "FIL per 32 GiB",
}
type DriverName = keyof typeof DRIVERS

export interface SupplyModelOptions {
  readonly name: string
  readonly study: SupplyStudy
  readonly case: string | undefined
  readonly years: number | undefined
  /** What the base has other than its case, by the names that may vary. */
  readonly set: Readonly<Record<string, Value>>
  readonly measure: Readonly<Record<string, Measure>>
  readonly code: string
  /** Digest of the observed series. */
  readonly history: string
}

/** Throws a ScenarioProblem when the study has no such case, or `set` names what is not there. */
export function supplyModel(o: SupplyModelOptions): Model {
  const written = caseOf(o.study, o.case)
  const scenario: SupplyScenario = { ...written, runs: 1, ...(o.years === undefined ? {} : { years: o.years }) }
  const sheet = supplyViews.filecoin.params
  for (const [variable, value] of Object.entries(o.set)) {
    const wrong = variableOf(variable, "set", scenario).problem(value)
    if (wrong !== undefined) refuse(`set: ${wrong}`)
  }
  const assumed = Object.fromEntries(Object.entries(sheet).map(([k, p]) => [k, p.default])) as SupplyParams
  return {
    kind: "supply",
    name: o.name,
    data: { supply: scenario, ...(Object.keys(o.set).length === 0 ? {} : { set: o.set }) },
    variable(name, place) {
      const variable = variableOf(name, place, scenario)
      return Object.hasOwn(o.set, name) ? { ...variable, value: o.set[name] } : variable
    },
    recorded(m, place) {
      if (m.of !== "metric") refuse(`${place}: the supply has neither users nor nodes: measure a metric of it`)
      const { metric, figure, during } = m as Extract<Measure, { of: "metric" }>
      const own = metric.startsWith(PREFIX) ? metric.slice(PREFIX.length) : ""
      if (!Object.hasOwn(UNITS, own))
        unknown(
          place,
          "metric",
          metric,
          Object.keys(UNITS).map((x) => PREFIX + x),
        )
      if (figure === "total")
        refuse(`${place}: ${metric} is as it stands, and does not add up: say "last", "highest", "lowest" or "mean"`)
      if (during === "window") refuse(`${place} speaks of the window, and a supply has no incident: leave during out`)
      return { unit: UNITS[own], because: `${own} of the days ahead: ${figure}.` }
    },
    job(values, response, seed) {
      if (response.length > 0) refuse("responses are moments of a timeline, which a supply has none of")
      let s: SupplyScenario = { ...scenario, seed }
      let params = assumed
      for (const [name, value] of Object.entries({ ...o.set, ...values }) as [string, number][]) {
        const own = name.slice(PREFIX.length)
        const driver = own.replace(YEARLY, "") as DriverName
        if (!Object.hasOwn(DRIVERS, driver)) params = { ...params, [own]: value }
        else if (own.endsWith(YEARLY)) s = { ...s, [driver]: { ...s[driver], yearlyPermille: { low: value, high: value } } }
        else s = { ...s, [driver]: { ...s[driver], low: value, high: value } }
      }
      const { name: _n, question: _q, sources: _s, choices: _c, ...rest } = s
      const job: SupplyJob = {
        model: "supply",
        code: o.code,
        scenario: { ...rest, name: "-", question: "-", sources: [] },
        params,
        history: o.history,
        measure: o.measure,
      }
      return job
    },
  }
}

function variableOf(name: string, place: string, scenario: SupplyScenario): Variable {
  const sheet = supplyViews.filecoin.params
  const drivers = Object.keys(DRIVERS) as DriverName[]
  const assumptions = Object.keys(sheet).filter((k) => !Object.hasOwn(DRIVERS, k)) as (keyof SupplyParams)[]
  const names = [...drivers, ...drivers.map((d) => d + YEARLY), ...assumptions].map((x) => PREFIX + x)
  if (!names.includes(name)) unknown(place, "parameter", name, names)
  const own = name.slice(PREFIX.length)
  const driver = own.replace(YEARLY, "") as DriverName
  const isDriver = Object.hasOwn(DRIVERS, driver)
  const range: readonly [number, number] = isDriver
    ? [0, own.endsWith(YEARLY) ? YEARLY_MOST : DRIVERS[driver].most]
    : sheet[own as keyof SupplyParams].range
  const unit = !isDriver
    ? sheet[own as keyof SupplyParams].unit
    : own.endsWith(YEARLY)
      ? "‰ of the year before"
      : DRIVERS[driver].unit
  const middle = (p: Path): number => (p.low + p.high) / 2
  const yearly = isDriver ? scenario[driver].yearlyPermille : undefined
  return {
    name,
    unit,
    range,
    isWhole: !isDriver,
    source: isDriver ? "supply study" : sheet[own as keyof SupplyParams].source,
    because: isDriver
      ? "What people do; a study sets it for good instead of drawing it."
      : sheet[own as keyof SupplyParams].because,
    value: !isDriver
      ? sheet[own as keyof SupplyParams].default
      : own.endsWith(YEARLY)
        ? yearly === undefined
          ? 1000
          : (yearly.low + yearly.high) / 2
        : middle(scenario[driver]),
    problem: (value: Value) =>
      typeof value === "number" && value >= range[0] && value <= range[1] && (isDriver || Number.isSafeInteger(value))
        ? undefined
        : `${name} = ${value} is out of range: it may be ${range[0]} to ${range[1]} ${unit}${isDriver ? "" : ", in whole numbers"}`,
  }
}
