/**
 * A small token economy for sliders: nodes earn a daily emission by capacity, users' spending burns tokens, the price follows, and
 * operators come and go. It keeps the contract of a network and runs in the same engine, but it is nobody's protocol: a
 * laboratory, quick enough to fold ninety days of 10,000 nodes between two pictures. Money in millionths of a token.
 */
import { DAY } from "../../protocol/kernel/clock.ts"
import { splitProRata } from "../../protocol/kernel/money.ts"
import { network } from "../../protocol/kernel/network.ts"
import { pow } from "../../protocol/kernel/real.ts"
import { command, event } from "../../protocol/kernel/row-type.ts"
import { filled, reserve, type Table } from "../../protocol/kernel/table.ts"
import { count, count32, flag, nodeIndex, seconds, unit } from "../../protocol/kernel/unit.ts"
import { mulDivFloor } from "../../protocol/kernel/money.ts"
import { enter, memoryShape } from "./inhabit.ts"
import { params, type EconomyParams } from "./params.ts"

export const TOKEN = 1_000_000
const START_SUPPLY = 100_000_000 * TOKEN
const micro = unit("microtoken", "safe", 0)
const price = unit("microUSD/token", "safe", 0)
const power = unit("units of capacity", "u32")

const node = { node: nodeIndex, atS: seconds } as const
export const events = {
  NodeJoined: event("A node came and offers its capacity.", { node: nodeIndex, power, atS: seconds }),
  NodeLeft: event("A node's operator gave up and left.", node),
  NodeReported: event("A node reported for the day: it was there at its end.", { node: nodeIndex }),
  PricePosted: event("The market's price of a token for the day.", { price, atS: seconds }),
  TokensBurned: event("Users spent; tokens of that worth were bought and burnt.", {
    amount: micro,
    spentMicroUsd: count,
    atS: seconds,
  }),
  DayMinted: event("The day's emission came into being, to be shared by the capacity that reported.", {
    amount: micro,
    power,
    atS: seconds,
  }),
  NodeRewarded: event("A node that reported earned its share of the day's emission.", { node: nodeIndex, amount: micro }),
} as const
const commands = {
  Join: command("Come, with this capacity.", { node: nodeIndex, power, atS: seconds }, ["NodeJoined"], "batch"),
  Leave: command("Go.", node, ["NodeLeft"], "batch"),
  Report: command("Say that the node is there at the end of the day.", { node: nodeIndex }, ["NodeReported"], "batch"),
  PostPrice: command("Say what a token costs today.", { price, atS: seconds }, ["PricePosted"]),
  Spend: command("Pay for a day of service.", { spentMicroUsd: count, atS: seconds }, ["TokensBurned"]),
} as const
export type EconomyCommands = typeof commands

const nodeShape = { power, active: flag, reported: flag, lastPaid: micro, paid: micro } as const
const totalShape = {
  supply: micro,
  minted: micro,
  burned: micro,
  spentMicroUsd: count,
  price,
  active: count32,
  activeCapacity: count,
  joined: count,
  left: count,
  day: count32,
} as const
export interface EconomyState {
  readonly node: Table<typeof nodeShape>
  readonly total: Table<typeof totalShape>
  /** Scratch of a settlement: not state. */
  readonly weights: Float64Array
  readonly shares: Float64Array
}

/** What is minted on day `day`, microtokens: halves every `halvingDays`. */
export const emissionOf = (tokensPerDay: number, halvingDays: number, day: number): number =>
  Math.floor(tokensPerDay * TOKEN * pow(2, -day / halvingDays))

export const economy = network<EconomyState, EconomyCommands, typeof events, EconomyParams, "not_there">({
  name: "economy",
  because: "A made-up token economy to learn from: emission, burning, price, and operators who stay or go.",
  service: { unit: "request", because: "What users near a node ask for." },
  nodeWord: "node",
  commands,
  events,
  refusals: { not_there: "A node that is not there cannot report, and one that left cannot leave." },
  params,
  presets: { "as-published": { because: "The defaults: the size of the economy workload W1.", values: {} } },
  defaultPreset: "as-published",
  coherent: ({ costMinMilliUsd, costMaxMilliUsd }) =>
    costMinMilliUsd > costMaxMilliUsd
      ? `economy.costMinMilliUsd is ${costMinMilliUsd} and costMaxMilliUsd ${costMaxMilliUsd}: the cheapest operator cannot pay more than the dearest`
      : undefined,
  genesis({ nodes }, { startPriceMicroUsd }) {
    const total = filled(totalShape, 1)
    total.supply[0] = START_SUPPLY
    total.price[0] = startPriceMicroUsd
    return { node: filled(nodeShape, nodes), total, weights: new Float64Array(nodes), shares: new Float64Array(nodes) }
  },
  tables: ({ node, total }) => ({ node, total }),
  decide: {
    Join(_, rows, begin, end, { out: { NodeJoined: out } }) {
      reserve(out, end - begin)
      for (let i = begin; i < end; i++) {
        const j = out.length++
        out.node[j] = rows.node[i]
        out.power[j] = rows.power[i]
        out.atS[j] = rows.atS[i]
      }
    },
    Leave({ node }, rows, begin, end, { out: { NodeLeft: out }, refuse }) {
      reserve(out, end - begin)
      for (let i = begin; i < end; i++) {
        if (node.active[rows.node[i]] === 0) {
          refuse(i, "not_there")
          continue
        }
        const j = out.length++
        out.node[j] = rows.node[i]
        out.atS[j] = rows.atS[i]
      }
    },
    Report({ node }, rows, begin, end, { out: { NodeReported: out }, refuse }) {
      reserve(out, end - begin)
      for (let i = begin; i < end; i++) {
        if (node.active[rows.node[i]] === 0) refuse(i, "not_there")
        else out.node[out.length++] = rows.node[i]
      }
    },
    PostPrice(_, rows, i, _end, { out: { PricePosted: out } }) {
      reserve(out, 1)
      const j = out.length++
      out.price[j] = rows.price[i]
      out.atS[j] = rows.atS[i]
    },
    Spend({ total }, rows, i, _end, { out: { TokensBurned: out }, params: { burnPermille } }) {
      reserve(out, 1)
      const j = out.length++
      const spent = rows.spentMicroUsd[i]
      // Rounded down, and never more than a hundredth of what there is.
      const bought = mulDivFloor(mulDivFloor(spent, burnPermille, 1000), TOKEN, total.price[0])
      out.amount[j] = Math.min(bought, Math.floor(total.supply[0] / 100))
      out.spentMicroUsd[j] = spent
      out.atS[j] = rows.atS[i]
    },
  },
  evolve: {
    NodeJoined({ node, total }, rows, begin, end) {
      for (let i = begin; i < end; i++) {
        const n = rows.node[i]
        node.power[n] = rows.power[i]
        node.active[n] = 1
        total.active[0]++
        total.activeCapacity[0] += rows.power[i]
        total.joined[0]++
      }
    },
    NodeLeft({ node, total }, rows, begin, end) {
      for (let i = begin; i < end; i++) {
        const n = rows.node[i]
        node.active[n] = 0
        node.lastPaid[n] = 0
        total.active[0]--
        total.activeCapacity[0] -= node.power[n]
        total.left[0]++
      }
    },
    NodeReported({ node }, rows, begin, end) {
      for (let i = begin; i < end; i++) node.reported[rows.node[i]] = 1
    },
    PricePosted({ total }, rows, _begin, end) {
      total.price[0] = rows.price[end - 1]
    },
    TokensBurned({ total }, rows, begin, end) {
      for (let i = begin; i < end; i++) {
        total.supply[0] -= rows.amount[i]
        total.burned[0] += rows.amount[i]
        total.spentMicroUsd[0] += rows.spentMicroUsd[i]
      }
    },
    DayMinted({ node, total }, rows, begin, end) {
      for (let i = begin; i < end; i++) {
        total.supply[0] += rows.amount[i]
        total.minted[0] += rows.amount[i]
        total.day[0]++
      }
      node.reported.fill(0)
      node.lastPaid.fill(0)
    },
    NodeRewarded({ node }, rows, begin, end) {
      for (let i = begin; i < end; i++) {
        const n = rows.node[i]
        node.lastPaid[n] = rows.amount[i]
        node.paid[n] += rows.amount[i]
      }
    },
  },
  cadences: {
    day: {
      because: "Once a day the emission is minted and shared.",
      everySeconds: DAY,
      lines: {
        /** Shares are rounded down; what is over is not minted. */
        mint_and_reward({ node, total, weights, shares }, at, { out: { DayMinted, NodeRewarded }, params }) {
          let capacity = 0
          for (let i = 0; i < node.length; i++) {
            weights[i] = node.reported[i] === 1 ? node.power[i] : 0
            capacity += weights[i]
          }
          const pool = emissionOf(params.emissionTokensPerDay, params.halvingDays, total.day[0])
          let minted = 0
          if (capacity > 0) splitProRata(pool, weights, shares)
          else shares.fill(0)
          reserve(NodeRewarded, node.length)
          for (let i = 0; i < node.length; i++) {
            if (shares[i] === 0) continue
            const j = NodeRewarded.length++
            NodeRewarded.node[j] = i
            NodeRewarded.amount[j] = shares[i]
            minted += shares[i]
          }
          reserve(DayMinted, 1)
          const j = DayMinted.length++
          DayMinted.amount[j] = minted
          DayMinted.power[j] = capacity
          DayMinted.atS[j] = at
        },
      },
    },
  },
  invariants: {
    supply_is_accounted: {
      because: "What there is, is what there was, and what was minted, less what was burnt.",
      check({ total: { supply, minted, burned } }, report) {
        report.require(
          supply[0] === START_SUPPLY + minted[0] - burned[0],
          () =>
            `supply is ${supply[0]}, ${START_SUPPLY} + ${minted[0]} − ${burned[0]} is ${START_SUPPLY + minted[0] - burned[0]}`,
        )
      },
    },
    rewards_are_the_emission: {
      because: "Nodes were paid what was minted, and nothing else.",
      check({ node, total }, report) {
        let paid = 0
        for (let i = 0; i < node.length; i++) paid += node.paid[i]
        report.require(paid === total.minted[0], () => `nodes were paid ${paid}, ${total.minted[0]} was minted`)
      },
    },
  },
  metrics: {
    "token.supply": {
      unit: "tokens",
      because: "Tokens there are.",
      kind: "gauge",
      of: ({ total }) => Math.floor(total.supply[0] / TOKEN),
    },
    "token.price": { unit: "microUSD", because: "What a token costs.", kind: "gauge", of: ({ total }) => total.price[0] },
    "token.minted": {
      unit: "microtokens",
      because: "Tokens minted for nodes.",
      kind: "counter",
      of: ({ total }) => total.minted[0],
    },
    "token.burned": {
      unit: "microtokens",
      because: "Tokens burnt by users.",
      kind: "counter",
      of: ({ total }) => total.burned[0],
    },
    "user.spent": { unit: "microUSD", because: "What users spent.", kind: "counter", of: ({ total }) => total.spentMicroUsd[0] },
    "node.active": { unit: "nodes", because: "Nodes there are.", kind: "gauge", of: ({ total }) => total.active[0] },
    "node.joined": { unit: "nodes", because: "Nodes that came.", kind: "counter", of: ({ total }) => total.joined[0] },
    "node.left": { unit: "nodes", because: "Nodes that left.", kind: "counter", of: ({ total }) => total.left[0] },
  },
  nodeMeasures: {
    paidMicroTokens: {
      unit: "microtokens",
      because: "What the node was paid since the run began.",
      isIncome: true,
      of: ({ node }, i) => node.paid[i],
    },
    capacity: {
      unit: "units",
      because: "The capacity it offered last; 0 for a place where none ever stood.",
      of: ({ node }, i) => node.power[i],
    },
  },
  inhabit: {
    profile: "residential",
    facilities: [],
    demandMilliPerNodeMinute: () => 1000,
    memory: memoryShape,
    enter,
  },
  sabotage: {
    supply_is_accounted: ({ total }) => void total.supply[0]++,
    rewards_are_the_emission: ({ node }) => void node.paid[0]++,
  },
})
