/** The assumptions of a supply study as set on the command line. */
import { defaults, nearest } from "../protocol/kernel/param.ts"
import { type SupplyParams, supplyViews } from "../protocol/networks/index.ts"
import { mistake } from "./failure.ts"

/** The defaults, and each `name=value` of `--set` over them. A wrong one is one sentence with the nearest right one. */
export function supplyParamsOf(set: readonly string[]): SupplyParams {
  const all = supplyViews.filecoin.params
  const values: Record<keyof SupplyParams, number> = { ...defaults(all) }
  for (const text of set) {
    const [, given, value] =
      /^(?:filecoin\.)?([^=]+)=(.+)$/u.exec(text) ?? mistake(`--set ${text}: write name=value, such as sectorDays=360`)
    if (!Object.hasOwn(all, given)) {
      const near = nearest(given, Object.keys(all)) as keyof SupplyParams
      mistake(
        `--set ${text}: a supply study has no assumption ${given}; did you mean ${near} (${all[near].range.join(" to ")} ${all[near].unit})?`,
      )
    }
    const name = given as keyof SupplyParams
    const [low, high] = all[name].range
    const number = /^\d+$/u.test(value) ? Number(value) : NaN
    if (!(number >= low && number <= high))
      mistake(`--set ${text}: ${name} must be a whole number of ${all[name].unit} from ${low} to ${high}`)
    values[name] = number
  }
  return values
}
