/** How much time's worth of blocks the settlement ledger has made. A halted chain makes none. */
import { MINUTE } from "../../kernel/clock.ts"
import type { State } from "./state.ts"

/** The old chain is settled every half hour; no longer stretch is ever counted at once. */
export const SETTLED_EVERY_S = 30 * MINUTE

/** Seconds times permille of pace since the last epoch, up to `at`. Before the first count, half an hour has passed. */
export function countPace(economy: State["economy"], at: number): number {
  const passed = at - economy.pacedS[0]
  const seconds = passed < 0 ? 0 : Math.min(passed, SETTLED_EVERY_S)
  return economy.sinceEpoch[0] + seconds * economy.pacePermille[0]
}
