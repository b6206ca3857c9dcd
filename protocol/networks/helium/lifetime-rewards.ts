/** What the distributor counts for a place: HNT that its owner was ever paid. */
import { radioOf } from "./state-mobile.ts"
import type { State } from "./state.ts"

/** For its hotspot and for its radio, in bones. */
export const lifetimeHnt = (s: State, node: number): number => {
  const r = radioOf(s, node)
  return s.hotspot.earned[node] + (r < 0 ? 0 : s.radio.earnedHnt[r])
}
