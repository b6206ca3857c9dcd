/** The whole Helium day on the product, beside the bare loop, in the same process and on the same days. */
import { mulDivFloor } from "../protocol/kernel/money.ts"
import type { State } from "../protocol/networks/helium/state.ts"
import { BareFleet } from "./bare.ts"
import { fleet, runDay, WORKLOAD_HEARERS, type Fleet } from "./fleet.ts"

/** Genesis, then a day in which everybody's reciprocity begins. */
const SETTLING_DAYS = 2

export interface DayTiming {
  readonly nodes: number
  readonly events: number
  /** Median seconds of a day, and of the bare loop's. */
  readonly seconds: number
  readonly bareSeconds: number
  /** The same of the quietest day: what neighbours on the machine cost is out of it. */
  readonly bestSeconds: number
  readonly bareBestSeconds: number
}

const median = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[times.length >> 1]

/** A day's rows and per-node sums, read off the machine just before the chain lets go of them. */
interface Witnessed {
  rows: Map<string, Record<string, ArrayLike<number>>>
  beaconShareE8: Float64Array
  witnessShareE8: Float64Array
  iotBones: number
}

function watchDay(f: Fleet): Witnessed {
  const { machine } = f.hotspots
  const { hotspot } = machine.state as State
  const seen: Witnessed = {
    rows: new Map(),
    beaconShareE8: new Float64Array(hotspot.length),
    witnessShareE8: new Float64Array(hotspot.length),
    iotBones: 0,
  }
  const clear = machine.clear.bind(machine)
  machine.clear = function () {
    machine.types.forEach((type, t) => {
      const table = machine.rowsOf[t]
      const columns = table as unknown as Record<string, Float64Array>
      seen.rows.set(
        type,
        Object.fromEntries(
          Object.keys(table.shape)
            .filter((name) => columns[name].subarray !== undefined)
            .map((name) => [name, columns[name].slice(0, table.length)]),
        ),
      )
    })
    clear()
  }
  runDay(f)
  machine.clear = clear
  const proved = seen.rows.get("WitnessProved")!
  for (let i = 0; i < proved.witness.length; i++) seen.witnessShareE8[proved.witness[i]] += proved.shareE8[i]
  const resolved = seen.rows.get("PocResolved")!
  for (let i = 0; i < resolved.beaconer.length; i++)
    if (resolved.unreciprocated[i] === 0 && resolved.selected[i] > 0)
      seen.beaconShareE8[resolved.beaconer[i]] += resolved.shareE8[i]
  seen.iotBones = seen.rows.get("EmissionIssued")!.iot[0]
  return seen
}

function agreeOn(what: string, product: ArrayLike<number>, bare: ArrayLike<number>, length: number): void {
  if (product.length !== length)
    throw new Error(`${what}: the product has ${product.length} rows, the bare loop ${length}; a wrong run is not timed`)
  for (let i = 0; i < length; i++)
    if (product[i] !== bare[i])
      throw new Error(`${what}[${i}]: the product has ${product[i]}, the bare loop ${bare[i]}; a wrong run is not timed`)
}

/** Every event row of the day, every refusal, and every hotspot's shares and earnings: equal, or an error. */
function assertEqualDay(f: Fleet, bare: BareFleet): void {
  const { machine } = f.hotspots
  const { hotspot } = machine.state as State
  const before = Float64Array.from(machine.refused)
  const fromS = f.simulation.atS
  const seen = watchDay(f)
  bare.day(fromS, seen.iotBones)
  for (const [type, rows] of Object.entries(bare.events)) {
    const product = seen.rows.get(type)!
    for (const [name, column] of Object.entries(rows))
      if (name !== "length") agreeOn(`${type}.${name}`, product[name], column as ArrayLike<number>, rows.length)
  }
  for (const name of ["earned", "beacons", "witnessed", "goodBeaconS", "witnessedS", "scaleE4"] as const)
    agreeOn(name, hotspot[name], bare.node[name], hotspot.length)
  const now = machine.refused.reduce((sum, n, i) => sum + n - before[i], 0)
  const bares = bare.refused.late + bare.refused.standing + bare.refused.reciprocity
  if (now !== bares) throw new Error(`refusals: the product has ${now}, the bare loop ${bares}; a wrong run is not timed`)
}

/** Days of the product and of the bare loop, taken in turn so that both meet the same neighbours on the machine. */
export function heliumDay(nodes: number, days: number, hearersMax = WORKLOAD_HEARERS): DayTiming {
  const f = fleet({ nodes, days: SETTLING_DAYS + 1 + days, hearersMax })
  for (let d = 0; d < SETTLING_DAYS; d++) runDay(f)
  const bare = new BareFleet(f)
  assertEqualDay(f, bare)
  const product: number[] = []
  const plain: number[] = []
  let events = 0
  const { hotspot, total } = f.hotspots.machine.state as State
  for (let d = 0; d < days; d++) {
    const fromS = f.simulation.atS
    const emitted = total.emitted[0]
    const day = runDay(f)
    events = day.events
    product.push(day.seconds)
    const iot = mulDivFloor(total.emitted[0] - emitted, f.hotspots.machine.params.iotSharePpm, 1_000_000)
    const begin = performance.now()
    bare.day(fromS, iot)
    plain.push((performance.now() - begin) / 1000)
  }
  agreeOn("earned", hotspot.earned, bare.node.earned, nodes)
  return {
    nodes,
    events,
    seconds: median(product),
    bareSeconds: median(plain),
    bestSeconds: Math.min(...product),
    bareBestSeconds: Math.min(...plain),
  }
}
