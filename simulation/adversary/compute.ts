/** Family D on Render's whole machine: frames that were never rendered, artists who do not pay, machines that idle for pay. */
import { below, stream } from "../../protocol/kernel/random.ts"
import type { Order } from "./capture.ts"
import { outcome, type Entry } from "./entry.ts"
import { payOf, runStage, runTwin, type Stage } from "./stage.ts"

const NODES = 100
/** Electricity and wear of a busy machine over its pay: the c/pay of checkpoint K31. ASSUMPTION of the fact sheet. */
const WORK_PART = 0.3
const STAGE: Stage = { network: "render", nodes: NODES, days: 15, change: { fakerPermille: 0, freeloaderPermille: 0 } }
const HOURS = STAGE.days * 24
const paid = "paidMicroRender"
const drawn = (seed: number, name: string, permille: number): Uint8Array => {
  const dice = stream(seed, name)
  return Uint8Array.from({ length: NODES }, (_, n) => (below(dice, 1000, n) < permille ? 1 : 0))
}
const sumOf = (values: Float64Array, own: Uint8Array): number => values.reduce((sum, v, i) => sum + (own[i] === 1 ? v : 0), 0)

const forgedFrames: Entry = {
  id: "D1",
  name: "forged frames",
  family: "D",
  where: "render",
  goal: "Pay for frames that were not rendered: noise, or copies.",
  view: "V1",
  knobs: {},
  cost: "Hardware at what it earns honestly, less the .3 of it that work costs (the fact sheet's c/pay).",
  defence: {
    name: "checks on arrival (300 ‰) and artists who look (400 ‰ of jobs, notice 900 ‰)",
    off: "no checks, every artist silent for 72 h",
    source: "Render: previews, 72 h approval, three failed re-renders; shares are assumptions of the network",
  },
  seen: [{ figure: "without slashing forging pays iff it is found less often than c/pay (K31)", source: "fact sheet, derived" }],
  omits: "A share of frames forged by an otherwise honest machine; similarity of the forgery.",
  own: { name: "wrong frames approved", unit: "share of frames due", because: "What artists got and paid for." },
  aim: "rho",
  share: 0.1,
  control: "with nobody looking forging pays 1/(1 − c/pay)",
  play({ seed, share, defended }) {
    const permille = Math.round(share * 1000)
    const rules = { ...STAGE.change, ...(defended ? { checkPermille: 300 } : { checkPermille: 0, silentArtistsPermille: 1000 }) }
    const run = runStage({ ...STAGE, change: { ...rules, fakerPermille: permille } }, seed)
    const twin = runTwin({ ...STAGE, change: rules }, seed)
    const own = drawn(seed, "render/faker", permille)
    return outcome({
      ...payOf(run.measure(paid), twin.measure(paid), own, WORK_PART),
      paidForNothing: sumOf(run.measure(paid), own),
      served: run.served - run.total("degradedMilli"),
      servedWithout: twin.served - twin.total("degradedMilli"),
      horizonHours: HOURS,
      own: run.offered === 0 ? NaN : run.total("degradedMilli") / run.offered,
    })
  },
}

const freeloading: Entry = {
  id: "D3",
  name: "artists who reject good frames",
  family: "D",
  where: "render",
  goal: "Frames for nothing: half of the sound frames are rejected, and the previews kept.",
  view: "V0",
  knobs: {},
  cost: "Nothing: rejected frames are not charged.",
  defence: {
    name: "reputation lowers how many nodes a creator may hold",
    off: "creatorNodesMax as for anybody: demotePermille 0",
    source: "RNP-001; creator reputation, thresholds of the network's parameters",
  },
  seen: [],
  omits: "Watermarks on previews: a rejected frame is worth something here only to the artist.",
  own: { name: "frames rejected", unit: "share of frames rendered", because: "Sound ones, for no machine forges here." },
  aim: "denial",
  share: 0.1,
  play({ seed, share, defended }) {
    const rules = { ...STAGE.change, ...(defended ? {} : { demotePermille: 0 }) }
    const permille = Math.round(share * 1000)
    const run = runStage({ ...STAGE, change: { ...rules, freeloaderPermille: permille } }, seed)
    const twin = runTwin({ ...STAGE, change: rules }, seed)
    const [rendered, rejected] = [run.total("frame.rendered"), run.total("frame.rejected")]
    const own = drawn(seed, "render/freeloader", permille)
    const frames = (of: typeof run, mine: 0 | 1): number => {
      const onTime = of.measure("onTime")
      const late = of.measure("late")
      return own.reduce((sum, is, c) => sum + (is === mine ? onTime[c] + late[c] : 0), 0)
    }
    return outcome({
      // What an artist got for what she paid: frames over frames not rejected.
      income: frames(run, 1),
      cost: Math.max(0, frames(run, 1) - rejected),
      honestIncome: frames(run, 0),
      honestCost: frames(run, 0),
      delivered: rendered,
      unpaid: rejected,
      served: run.served,
      servedWithout: twin.served,
      penalised: rejected,
      penalisedHonest: rejected,
      horizonHours: HOURS,
      own: rendered === 0 ? NaN : rejected / rendered,
    })
  },
}

interface RenderState {
  readonly node: { readonly job: ArrayLike<number> }
}
/** As an operator who wants to go; a matchmaker that drops one gives another. */
const BY_OPERATOR = 1

const idle: Entry = {
  id: "D6",
  name: "idle farming",
  family: "D",
  where: "render",
  goal: "Availability pay without work: the session is dropped as soon as frames come, and opened again.",
  view: "V0",
  knobs: {
    declined: {
      unit: "share of cohorts",
      range: [0, 1],
      tries: [0.3, 1],
      because: "Each declined cohort goes back to the queue.",
    },
  },
  cost: "Hardware at what it earns honestly, less .3 of it times what is declined.",
  defence: {
    name: "no availability rewards",
    off: "availabilityOn 1, as since RNP-015",
    source: "RNP-015 admits it and suggests benchmarks in the background",
  },
  seen: [{ figure: "a wallet's penalty falls from the fourth node on and any split wins (K18)", source: "RNP-015" }],
  omits: "The compute subnet's 2 RENDER an epoch (RNP-019) are in the run; no node is rented to the adversary on purpose.",
  aim: "rho",
  share: 0.1,
  play({ seed, share, knobs, defended }) {
    const stage = { ...STAGE, change: { ...STAGE.change, availabilityOn: defended ? 0 : 1 } }
    let declined = 0
    let asked = 0
    const run = runStage(stage, seed, {
      id: "D6",
      share,
      // Asked at every round of the matchmaker; nobody's rounds are taken.
      takes: { OpenRound: "atS" },
      budget: { money: 0, identities: Math.round(share * NODES) },
      policy: () => {
        const decided = new Map<number, number>()
        return (view, _budget, rng) => {
          const { job } = (view.state as RenderState).node
          const { atS } = view
          return [...view.own.keys()].flatMap((node): Order[] => {
            if (view.own[node] === 0 || job[node] === 0) return []
            if (decided.get(node) === job[node]) return []
            decided.set(node, job[node])
            asked++
            if (rng.unit() > knobs.declined) return []
            declined++
            return [
              { type: "DropNode", row: { node, cause: BY_OPERATOR, atS } },
              { type: "ConnectNode", row: { node, atS } },
            ]
          })
        }
      },
    })
    const twin = runTwin(stage, seed)
    return outcome({
      ...payOf(run.measure(paid), twin.measure(paid), run.own, WORK_PART * knobs.declined),
      served: run.served,
      servedWithout: twin.served,
      horizonHours: HOURS,
      own: asked === 0 ? NaN : declined / asked,
    })
  },
  own: { name: "cohorts declined", unit: "share", because: "Of those seen at a round." },
}

export const compute: readonly Entry[] = [forgedFrames, freeloading, idle]
