/** Every claim that is put to the test, in the essay's order. */
import { ARENAS, sized, type Arena } from "./arena.ts"
import { concluded, type Ask } from "./ask.ts"
import type { ClaimResult } from "./claim.ts"
import { globalOutage } from "./global-outage.ts"
import { anyone } from "./anyone.ts"
import { contribution } from "./contribution.ts"
import { ledgerPays } from "./ledger-pays.ts"
import { realCost } from "./real-cost.ts"
import { shutdown } from "./shutdown.ts"
import { slowAndLocal } from "./slow-and-local.ts"
import { Trials, type TrialOptions } from "./trials.ts"

export const CLAIMS: Readonly<Record<string, Ask>> = {
  "no-global-outage": globalOutage,
  "slow-and-local": slowAndLocal,
  "contribution-earns": contribution,
  "cost-is-real": realCost,
  "cannot-be-shut-down": shutdown,
  "ledger-keeps-paying": ledgerPays,
  "anyone-can-take-part": anyone,
}
export const claimNames: readonly string[] = Object.keys(CLAIMS)

export interface TestOptions extends TrialOptions {
  readonly nodes?: number | undefined
}

/** Puts one claim to the test. Throws a RangeError for a name that is none, and an Error when a run failed. */
export async function testClaim(name: string, options: TestOptions): Promise<ClaimResult> {
  if (!Object.hasOwn(CLAIMS, name)) throw new RangeError(`there is no claim ${name}; there are ${claimNames.join(", ")}`)
  const arenas: readonly Arena[] = ARENAS.map((a) => sized(a, options.nodes))
  const trials = new Trials(options)
  const asked = await CLAIMS[name]({ arenas, trials })
  return concluded(asked, trials.provenance)
}
