/**
 * W1, token economy: 10,000 nodes earn by capacity, demand burns, the price follows, loss-makers leave and others return.
 *
 * Written twice: as a network on the real kernel (declared events, four settlement lines a day), and as bare loops over
 * typed arrays. Both must give the published check values, and each other's bits, before either is timed.
 */
import { DAY } from "../protocol/kernel/clock.ts"
import { toHex } from "../protocol/kernel/hash.ts"
import { Log } from "../protocol/kernel/log.ts"
import { Machine } from "../protocol/kernel/machine.ts"
import { network, type Settle } from "../protocol/kernel/network.ts"
import { event } from "../protocol/kernel/row-type.ts"
import { filled, reserve, type Table } from "../protocol/kernel/table.ts"
import { count16, count32, flag, nodeIndex, unit } from "../protocol/kernel/unit.ts"
import { agree, h, measure, noPorts, sha256, uninhabited, type Options, type Timing } from "./workload.ts"

const NODES = 10_000
const DAYS = 365

/** u(i, d, k) of the specification, in [0, 1). */
const u = (i: number, d: number, k: number): number => h(42_000 + k, i, d) / 0x1_0000_0000
const capacityOf = (i: number) => 1 + 9 * u(i, 0, 1)
const costOf = (i: number) => 0.6 + 0.8 * u(i, 0, 2)
const isActiveAtFirst = (i: number) => u(i, 0, 3) < 0.8
const emissionOf = (d: number) => 10_000 * Math.pow(2, -d / 1460)
const demandOf = (d: number) => 9000 * (1 + 0.25 * Math.sin((2 * Math.PI * d) / 365)) * (1 + 0.2 * (u(0, d, 5) - 0.5))
const isUp = (i: number, d: number) => u(i, d, 4) < 0.98
const leaves = (i: number, d: number) => u(i, d, 6) < 0.05
const patienceDays = 30
const clampPrice = (p: number) => Math.min(Math.max(p, 0.01), 100)
/** A pure function of the day, so that the state keeps who was up and not what each earned. */
const rewardOf = (up: number, emission: number, power: number, powerUp: number) => (up === 1 ? (emission * power) / powerUp : 0)
const joinChance = (emission: number, meanCapacity: number, power: number, price: number) =>
  power > 0 && ((emission * meanCapacity) / power) * price > 1 ? 0.01 : 0.0005

const token = unit("token", "real")
const price = unit("unit of account per token", "real")
const power = unit("unit of capacity", "real")

const events = {
  DayMinted: event("the day's emission came into being, to be shared by the capacity that is up", { emission: token, power }),
  NodeRewarded: event("a node that is up earned its share", { node: nodeIndex, reward: token }),
  TokenBurned: event("users paid, and the market moved", { burn: token, price }),
  LossMade: event("an active node's reward was worth less than its cost", { node: nodeIndex }),
  LossesEnded: event("after losses, a day without one", { node: nodeIndex }),
  NodeLeft: event("patience ran out", { node: nodeIndex }),
  NodeRejoined: event("an inactive node came back", { node: nodeIndex }),
  DayRecorded: event("the day as it closed", { active: count32, power, supply: token, price, burn: token }),
} as const
type Events = typeof events

const traitShape = { power, cost: unit("unit of account per day", "real") } as const
const nodeShape = { balance: token, streak: count16, active: flag, up: flag } as const
const totalShape = {
  supply: token,
  price,
  priceBefore: price,
  emission: token,
  power,
  burn: token,
  burned: token,
  active: count32,
} as const
interface State {
  /** Drawn once; hashed once. */
  readonly trait: Table<typeof traitShape>
  readonly node: Table<typeof nodeShape>
  readonly total: Table<typeof totalShape>
  readonly meanCapacity: number
}

function genesis({ nodes }: { readonly nodes: number }): State {
  const trait = filled(traitShape, nodes)
  const node = filled(nodeShape, nodes)
  const total = filled(totalShape, 1)
  let sum = 0
  for (let i = 0; i < nodes; i++) {
    sum += trait.power[i] = capacityOf(i)
    trait.cost[i] = costOf(i)
    total.active[0] += node.active[i] = isActiveAtFirst(i) ? 1 : 0
  }
  total.supply[0] = 1e8
  total.price[0] = 1
  return { trait, node, total, meanCapacity: sum / nodes }
}

type Line = Settle<State, Events, {}>

const reward: Line = ({ trait, node: { active, length } }, at, { out: { DayMinted, NodeRewarded } }) => {
  const d = at / DAY
  reserve(NodeRewarded, length)
  const { node, reward } = NodeRewarded
  const { power } = trait
  let rows = 0
  let powerUp = 0
  for (let i = 0; i < length; i++)
    if (active[i] === 1 && isUp(i, d)) {
      node[rows++] = i
      powerUp += power[i]
    }
  const emission = emissionOf(d)
  for (let r = 0; r < rows; r++) reward[r] = rewardOf(1, emission, power[node[r]], powerUp)
  NodeRewarded.length = rows
  reserve(DayMinted, 1)
  DayMinted.emission[0] = emission
  DayMinted.power[0] = powerUp
  DayMinted.length = 1
}

const market: Line = ({ total }, at, { out: { TokenBurned } }) => {
  const price = total.price[0]
  const burn = Math.min(demandOf(at / DAY) / price, 0.01 * total.supply[0])
  reserve(TokenBurned, 1)
  TokenBurned.burn[0] = burn
  TokenBurned.price[0] = clampPrice(price * (1 + (0.02 * (burn - total.emission[0])) / 10_000))
  TokenBurned.length = 1
}

const churn: Line = (
  { trait: { cost, power }, node, total, meanCapacity },
  at,
  { out: { LossMade, LossesEnded, NodeLeft, NodeRejoined } },
) => {
  const d = at / DAY
  const { active, up, streak, length } = node
  const price = total.priceBefore[0]
  const emission = total.emission[0]
  const powerUp = total.power[0]
  const join = joinChance(emission, meanCapacity, powerUp, price)
  for (const t of [LossMade, LossesEnded, NodeLeft, NodeRejoined]) reserve(t, length)
  const [lost, ended, left, rejoined] = [LossMade.node, LossesEnded.node, NodeLeft.node, NodeRejoined.node]
  let [l, e, q, j] = [0, 0, 0, 0]
  for (let i = 0; i < length; i++) {
    if (active[i] === 0) {
      if (u(i, d, 7) < join) rejoined[j++] = i
    } else if (rewardOf(up[i], emission, power[i], powerUp) * price - cost[i] >= 0) {
      if (streak[i] > 0) ended[e++] = i
    } else if (streak[i] + 1 >= patienceDays && leaves(i, d)) left[q++] = i
    else lost[l++] = i
  }
  LossMade.length = l
  LossesEnded.length = e
  NodeLeft.length = q
  NodeRejoined.length = j
}

const record: Line = ({ total }, _, { out: { DayRecorded } }) => {
  reserve(DayRecorded, 1)
  DayRecorded.active[0] = total.active[0]
  DayRecorded.power[0] = total.power[0]
  DayRecorded.supply[0] = total.supply[0]
  DayRecorded.price[0] = total.price[0]
  DayRecorded.burn[0] = total.burn[0]
  DayRecorded.length = 1
}

export const tokenEconomy = network({
  ...uninhabited,
  name: "w1",
  because: "the token economy that peers were measured on",
  service: { unit: "unit of capacity", because: "not measured here" },
  nodeWord: "node",
  commands: {},
  events,
  refusals: {},
  genesis,
  tables: ({ trait, node, total }: State) => ({ trait, node, total }),
  seldom: ["trait"],
  decide: {},
  cadences: { day: { because: "the specification counts in days", everySeconds: DAY, lines: { reward, market, churn, record } } },
  evolve: {
    DayMinted: ({ node, total }, { emission, power }, begin, end) => {
      for (let r = begin; r < end; r++) {
        total.emission[0] = emission[r]
        total.power[0] = power[r]
        // With nobody up the emission is not minted.
        if (power[r] > 0) total.supply[0] += emission[r]
        node.up.fill(0)
      }
    },
    NodeRewarded: ({ node: { balance, up } }, { node, reward }, begin, end) => {
      for (let r = begin; r < end; r++) {
        balance[node[r]] += reward[r]
        up[node[r]] = 1
      }
    },
    TokenBurned: ({ total }, { burn, price }, begin, end) => {
      for (let r = begin; r < end; r++) {
        total.supply[0] -= burn[r]
        total.burn[0] = burn[r]
        total.burned[0] += burn[r]
        total.priceBefore[0] = total.price[0]
        total.price[0] = price[r]
      }
    },
    LossMade: ({ node: { streak } }, { node }, begin, end) => {
      for (let r = begin; r < end; r++) streak[node[r]]++
    },
    LossesEnded: ({ node: { streak } }, { node }, begin, end) => {
      for (let r = begin; r < end; r++) streak[node[r]] = 0
    },
    NodeLeft: ({ node: { streak, active }, total }, { node }, begin, end) => {
      for (let r = begin; r < end; r++) streak[node[r]] = active[node[r]] = 0
      total.active[0] -= end - begin
    },
    NodeRejoined: ({ node: { active }, total }, { node }, begin, end) => {
      for (let r = begin; r < end; r++) active[node[r]] = 1
      total.active[0] += end - begin
    },
    DayRecorded: () => {},
  },
})

export interface Economy {
  readonly active: number
  readonly price: number
  readonly supply: number
  readonly burned: number
  readonly balances: number
}
const sum = (column: Float64Array): number => {
  let total = 0
  for (let i = 0; i < column.length; i++) total += column[i]
  return total
}

/** `days` days on the kernel; with a log, every row and every day's state goes into its chain. */
export function economyOnKernel(days: number, log?: Log): Economy {
  const machine = new Machine(tokenEconomy, NODES, {}, noPorts)
  for (let d = 1; d <= days; d++) {
    machine.settle("day", d * DAY)
    if (log === undefined) machine.clear()
    else log.close([machine], d * DAY)
  }
  const { node, total } = machine.state as State
  return {
    active: total.active[0],
    price: total.price[0],
    supply: total.supply[0],
    burned: total.burned[0],
    balances: sum(node.balance),
  }
}

interface Bare {
  readonly capacity: Float64Array
  readonly cost: Float64Array
  readonly active: Uint8Array
  readonly balance: Float64Array
  readonly reward: Float64Array
  readonly streak: Uint16Array
}

/** Rewards of day `d`; the power that was up. */
function rewardBare({ capacity, active, balance, reward }: Bare, d: number, emission: number): number {
  let power = 0
  for (let i = 0; i < NODES; i++) {
    const up = active[i] === 1 && isUp(i, d)
    reward[i] = up ? capacity[i] : 0
    if (up) power += capacity[i]
  }
  if (power > 0) for (let i = 0; i < NODES; i++) balance[i] += reward[i] = (emission * reward[i]) / power
  return power
}

/** Who leaves and who returns on day `d`; the change in active nodes. */
function churnBare({ cost, active, reward, streak }: Bare, d: number, price: number, join: number): number {
  let change = 0
  for (let i = 0; i < NODES; i++) {
    if (active[i] === 0) {
      if (u(i, d, 7) < join) {
        active[i] = 1
        change++
      }
      continue
    }
    streak[i] = reward[i] * price - cost[i] < 0 ? streak[i] + 1 : 0
    if (streak[i] >= patienceDays && leaves(i, d)) {
      active[i] = streak[i] = 0
      change--
    }
  }
  return change
}

/** The same mechanics as loops over typed arrays, with nothing recorded but the day's line. */
export function economyBare(days: number): Economy {
  const bare: Bare = {
    capacity: Float64Array.from({ length: NODES }, (_, i) => capacityOf(i)),
    cost: Float64Array.from({ length: NODES }, (_, i) => costOf(i)),
    active: Uint8Array.from({ length: NODES }, (_, i) => (isActiveAtFirst(i) ? 1 : 0)),
    balance: new Float64Array(NODES),
    reward: new Float64Array(NODES),
    streak: new Uint16Array(NODES),
  }
  const meanCapacity = sum(bare.capacity) / NODES
  const series = Array.from({ length: 5 }, () => new Float64Array(days + 1))
  let [price, supply, burned, active] = [1, 1e8, 0, 0]
  for (let i = 0; i < NODES; i++) active += bare.active[i]
  for (let d = 1; d <= days; d++) {
    const emission = emissionOf(d)
    const power = rewardBare(bare, d, emission)
    if (power > 0) supply += emission
    const burn = Math.min(demandOf(d) / price, 0.01 * supply)
    supply -= burn
    burned += burn
    const before = price
    price = clampPrice(price * (1 + (0.02 * (burn - emission)) / 10_000))
    active += churnBare(bare, d, before, joinChance(emission, meanCapacity, power, before))
    const line = [active, power, supply, price, burn]
    for (let k = 0; k < line.length; k++) series[k][d] = line[k]
  }
  return { active, price, supply, burned, balances: sum(bare.balance) }
}

/** The check values that the specification publishes, by number of days, at its digits. */
export const ECONOMY_PUBLISHED: Readonly<Record<number, Readonly<Record<keyof Economy, string>>>> = {
  60: { active: "6837", price: "1.030163026", supply: "99985092.790153", burned: "606301.720523", balances: "591394.5107" },
  365: { active: "6335", price: "0.913500424", supply: "100044852.892347", burned: "3305605.762112", balances: "3350458.6545" },
}

/** Times W1. Throws when any variant's figures are not the published ones, or not those of the bare loop to the last bit. */
export function w1({ days = DAYS, repeats = 5 }: Options & { readonly days?: number } = {}): readonly Timing[] {
  const bare = economyBare(days)
  const check = (result: Economy, variant: string) => {
    for (const name of Object.keys(bare) as (keyof Economy)[]) {
      if (result[name] !== bare[name])
        throw new Error(`W1 ${variant}: ${name} is ${result[name]}, the bare loop has ${bare[name]}; a wrong run is not timed`)
      const published = ECONOMY_PUBLISHED[days]?.[name]
      if (published !== undefined) agree(`W1 ${variant}`, name, result[name], published)
    }
  }
  const variants = {
    "bare typed arrays": () => economyBare(days),
    "kernel, log off": () => economyOnKernel(days),
    "kernel, log on": () => economyOnKernel(days, new Log(sha256)),
  }
  return measure("W1 token economy", "days", days, variants, check, repeats)
}

/** The log's hash after `days` days: equal in every run, on every engine whose sin and pow are. */
export function economyLogHash(days: number): string {
  const log = new Log(sha256)
  economyOnKernel(days, log)
  return toHex(log.hash)
}
