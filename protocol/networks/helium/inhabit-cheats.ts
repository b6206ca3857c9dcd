/** Rings and those who look for them; and what cheating came to, in money. */
import { DAY } from "../../kernel/clock.ts"
import type { InhabitContext } from "../../kernel/habitat.ts"
import type { Values } from "../../kernel/param.ts"
import { below, stream, type Mixer } from "../../kernel/random.ts"
import { reserve } from "../../kernel/table.ts"
import { balance, holderOf } from "../../ledger/ledger.ts"
import { NO_PATH, type Commands } from "./commands.ts"
import { ROLE, type Roles } from "./inhabit-roles.ts"
import type { params } from "./params.ts"
import { BONES, type State } from "./state.ts"

type Context = InhabitContext<State, Commands>

const CREDITS_PER_USD = 100_000
/** What a ring reports: plausible at any asserted distance up to 100 km, and the same at all of them. */
const RING_SIGNAL_DDBM = -1150
/** Smallest units of IOT times 1e-12 USD, over a credit's 1e-5 USD. */
const IOT_E12_PER_CREDIT = 1e13

/** The verifier measures a ring's pairs, as it does everybody's who report each other. */
export function measureRings({ commands, submit }: Context, { rings }: Roles): void {
  const rows = commands.MeasurePath
  for (const ring of rings)
    for (const a of ring)
      for (const b of ring) {
        if (a === b) continue
        reserve(rows, 1)
        const j = rows.length++
        rows.beaconer[j] = a
        rows.witness[j] = b
      }
  if (rows.length > 0) submit("MeasurePath")
}

/** In one room all of a ring hear each other at once; what they report is what the asserted distance allows, and no more. */
export function vouch(
  { commands, habitat }: Context,
  ring: readonly number[],
  beaconer: number,
  atMs: number,
  payload: number,
  frequencyHz: number,
  dice: Mixer,
): void {
  const rows = commands.ReportWitness
  for (const member of ring) {
    if (member === beaconer || habitat.running[member] === 0) continue
    const w = rows.length++
    rows.beaconer[w] = beaconer
    rows.witness[w] = member
    rows.receivedMs[w] = atMs + 40 + (dice.next() & 0x3ff)
    rows.payload[w] = payload
    rows.frequencyHz[w] = frequencyHz
    rows.signalDdbm[w] = RING_SIGNAL_DDBM - (dice.next() & 0x3f)
    rows.path[w] = NO_PATH
  }
}

/** The maintainers' list, on its day: edges of rings that their classifiers found (denylist, edges since September 2023). */
export function publishEdges({ commands, habitat, submit }: Context, roles: Roles | undefined, atS: number): void {
  const { edgeListDays, edgeListRecallPermille } = habitat.params() as Values<typeof params>
  const days = atS / DAY - Math.floor(habitat.beginS / DAY)
  if (roles === undefined || edgeListDays === 0 || days !== edgeListDays) return
  const dice = stream(habitat.seed, "helium/classifier")
  const rows = commands.DenyEdge
  for (const ring of roles.rings)
    for (const a of ring)
      for (const b of ring) {
        if (a >= b || below(dice, 1000, a, b) >= edgeListRecallPermille) continue
        reserve(rows, 1)
        const j = rows.length++
        rows.a[j] = a
        rows.b[j] = b
        rows.denied[j] = 1
      }
  if (rows.length > 0) submit("DenyEdge")
}

/** A cheater's mean income since genesis, his own credits taken off at their price, for a thousand of an honest hotspot's. */
export function cheaterIncomePermille({ habitat, state }: Context, roles: Roles | undefined, milked: Float64Array): number {
  if (roles === undefined) return 0
  const v = habitat.params() as Values<typeof params>
  const isIot = v.dntRewards === 1
  const perCredit = isIot ? IOT_E12_PER_CREDIT / v.iotPriceE12Usd : (BONES * BONES) / CREDITS_PER_USD / v.hntPriceE8Usd
  const income = [0, 0]
  const count = [0, 0]
  for (let node = 0; node < habitat.nodes; node++) {
    const cheats = roles.of[node] === ROLE.honest ? 0 : 1
    const paid = isIot ? Number(balance(state.ledger, "iot", holderOf(state.ledger, node))) : state.hotspot.earned[node]
    income[cheats] += paid - milked[node] * perCredit
    count[cheats]++
  }
  if (count[0] === 0 || count[1] === 0 || income[0] <= 0) return 0
  return Math.round((income[1] / count[1] / (income[0] / count[0])) * 1000)
}
