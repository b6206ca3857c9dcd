/** corrupt, hinder, repair: what happens to the parts of a network that are not nodes. */
import type { Action } from "./action.ts"
import type { Planner } from "./agenda.ts"

const WHOLE = 1000

function setServed(p: Planner, network: string, name: string, atS: number, served: number): void {
  p.add({ atS, network, type: "SetServed", row: { facility: p.subject(network).facilities.indexOf(name), served } })
}

function setCorrupt(p: Planner, network: string, name: string, atS: number, corrupt: number): void {
  p.add({ atS, network, type: "SetCorrupt", row: { facility: p.subject(network).facilities.indexOf(name), corrupt } })
}

/** Corruption moves in steps from one level to the other; the next word on the same facility cuts the ramp short. */
export function corrupt(
  { network, facility, fromPermille, toPermille, overS, everyS }: Extract<Action, { verb: "corrupt" }>,
  p: Planner,
): void {
  const { atS } = p.moment
  if (overS === 0) return setCorrupt(p, network, facility, atS, toPermille)
  const until = p.nextWordOn(network, facility)
  for (let passed = 0; passed <= overS && atS + passed < until; passed += everyS)
    setCorrupt(p, network, facility, atS + passed, fromPermille + Math.round(((toPermille - fromPermille) * passed) / overS))
}

export function hinder({ network, facility, servedPermille, forS }: Extract<Action, { verb: "hinder" }>, p: Planner): void {
  const { atS } = p.moment
  setServed(p, network, facility, atS, servedPermille)
  if (forS !== undefined) setServed(p, network, facility, atS + forS, WHOLE)
}

export function repair({ network, facility }: Extract<Action, { verb: "repair" }>, p: Planner): void {
  setServed(p, network, facility, p.moment.atS, WHOLE)
  setCorrupt(p, network, facility, p.moment.atS, 0)
}
