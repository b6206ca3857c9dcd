/** Attributes and who signed them, as filters of bids (chain-sdk MatchRequirements). A set of attributes is a mask of bits. */
import type { State } from "./state.ts"
import { AUDITORS } from "./units.ts"

/** `wanted` ⊆ `have`. */
export const isSubset = (wanted: number, have: number): boolean => (wanted & ~have) >>> 0 === 0

/**
 * Does the provider fulfil the demand? Without auditors its own word is enough. With `allOf`, each of them must have signed a
 * set that holds all that is demanded; with `anyOf`, one of them; with both, both.
 */
export function matchesRequirements(
  { provider, audit }: Pick<State, "provider" | "audit">,
  node: number,
  attributes: number,
  allOf: number,
  anyOf: number,
): boolean {
  if (allOf === 0 && anyOf === 0) return isSubset(attributes, provider.attributes[node])
  let isAnySigned = anyOf === 0
  for (let auditor = 0; auditor < AUDITORS; auditor++) {
    const bit = 1 << auditor
    if (((allOf | anyOf) & bit) === 0) continue
    const row = node * AUDITORS + auditor
    const isSigned = audit.signed[row] === 1 && isSubset(attributes, audit.attributes[row])
    if ((allOf & bit) !== 0 && !isSigned) return false
    if ((anyOf & bit) !== 0 && isSigned) isAnySigned = true
  }
  return isAnySigned
}
