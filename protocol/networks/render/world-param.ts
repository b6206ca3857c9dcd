/** A parameter that only inhabitants read. */
import type { Param } from "../../kernel/param.ts"

/** `[default, least, most]`. */
export const world = (
  unit: string,
  [value, min, max]: readonly [value: number, min: number, max: number],
  source: string,
  because: string,
): Param & { readonly side: "world" } => ({ default: value, unit, range: [min, max], source, because, side: "world" })
