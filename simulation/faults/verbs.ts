/** Verb → what it does to the world. `change` and `adopt` alter rules, not the world: the engine does it. */
import type { Verb } from "./action.ts"
import type { Planner } from "./agenda.ts"
import { blackout, restorePower } from "./blackout.ts"
import { degrade } from "./degrade.ts"
import { disconnect, reconnect } from "./disconnect.ts"
import { corrupt, hinder, repair } from "./facility.ts"
import { kill } from "./kill.ts"
import { restart } from "./restart.ts"
import { upgrade } from "./upgrade.ts"

export const FAULTS: Readonly<Record<Verb, (action: never, p: Planner) => void>> = {
  kill,
  pause: kill,
  restart,
  disconnect,
  reconnect,
  degrade,
  blackout,
  restorePower,
  upgrade,
  corrupt,
  hinder,
  repair,
  change: () => {},
  adopt: () => {},
}
