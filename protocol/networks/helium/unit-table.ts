/** HIP-15 units per number of selected witnesses, kept for the parameters last asked for. */
import { make } from "../../kernel/decimal.ts"
import type { Values } from "../../kernel/param.ts"
import type { params } from "./params.ts"
import { rewardUnitsE4 } from "./reward-units.ts"

const kept = { desired: -1, decay: -1, cap: -1, beaconer: new Int32Array(0), witness: new Int32Array(0) }
const answer = { beaconer: 0, witness: 0 }

/** Units ×1e4 of the beaconer and of each of `selected` witnesses. The answer is one object, overwritten by each call. */
export function unitsE4(selected: number, p: Values<typeof params>): { readonly beaconer: number; readonly witness: number } {
  if (
    kept.desired !== p.unitsDesired ||
    kept.decay !== p.unitsDecayPermille ||
    kept.cap !== p.unitsCapMilli ||
    kept.beaconer.length <= selected
  ) {
    const tables = rewardUnitsE4(Math.max(selected, 64), {
      n: p.unitsDesired,
      r: make(BigInt(p.unitsDecayPermille), 3),
      cap: make(BigInt(p.unitsCapMilli), 3),
    })
    kept.beaconer = tables.beaconer
    kept.witness = tables.witness
    kept.desired = p.unitsDesired
    kept.decay = p.unitsDecayPermille
    kept.cap = p.unitsCapMilli
  }
  answer.beaconer = kept.beaconer[selected]
  answer.witness = kept.witness[selected]
  return answer
}
