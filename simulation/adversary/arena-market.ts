/** Family E where a closed form holds: a ring of bidders, a pumped oracle, a run on what backs a token, a snapshot that pays for an epoch. */
import { computeRingPrice } from "../../protocol/resilience/adversary/market.ts"
import { Dice } from "../../protocol/resilience/ensemble/dice.ts"
import { onArena, type Arena } from "./arena.ts"
import { outcome, type Entry } from "./entry.ts"
import { ownUnits } from "./policy.ts"

const none = { money: 0, identities: 1 }
const BIDDERS = 10
const ROUNDS = 4000

interface Auction {
  readonly bids: Float64Array
  readonly cost: Float64Array
  price: number
  sold: number
  own: number
  ownCost: number
  others: number
  othersCost: number
}
const ring: Entry = {
  id: "E1",
  name: "bid ring",
  family: "E",
  where: "ensemble",
  rules: "a reverse auction, costs uniform on [0, 1], reserve 1, paid at the lowest losing bid",
  goal: "A higher price: of m members only the cheapest bids.",
  view: "V1",
  knobs: { bidders: { unit: "bidders", range: [2, 30], tries: [10], because: "The ring is the share of them." } },
  cost: "What the work costs its winner.",
  defence: {
    name: "ten more bidders, as open registration brings",
    off: "ten bidders",
    source: "AEP-86 (Draft) and open registration; the auction itself has no rule against rings",
  },
  seen: [
    {
      figure: "ring of 5 in 10: price .1818 → .2121, +16.7 %; of 9: .5091; all ten: 1 (K24)",
      source: "closed form 5.8, checked by simulation",
    },
  ],
  omits:
    "Akash pays the bid, not the lowest losing one: the same mean price in equilibrium. Detection by dispersion is not played.",
  own: { name: "price", unit: "of the highest cost", because: "Mean over auctions." },
  aim: "rho",
  share: 0.49,
  control: "a ring of five in ten raises the price by 16.7 %",
  play({ seed, share, knobs, defended }) {
    const n = knobs.bidders + (defended ? BIDDERS : 0)
    const own = ownUnits(seed, "E1", n, (Math.round(share * knobs.bidders) * 1) / n)
    const members = [...own.keys()].filter((p) => own[p] === 1)
    const make = (intruded: boolean): Auction => {
      const arena: Arena<Auction, { readonly cost: number; readonly ring: readonly number[] }, { type: "bid"; price: number }> = {
        name: "auction",
        players: n,
        periods: ROUNDS,
        genesis: () => ({
          bids: new Float64Array(n).fill(Infinity),
          cost: new Float64Array(n),
          price: 0,
          sold: 0,
          own: 0,
          ownCost: 0,
          others: 0,
          othersCost: 0,
        }),
        view: (_s, p, round) => ({ cost: costOf(seed, round, p), ring: members.map((m) => costOf(seed, round, m)) }),
        honest: ({ cost }) => [{ type: "bid", price: cost }],
        decide(s, { price }, p) {
          if (!(price >= 0 && price <= 1)) return false
          s.bids[p] = price
          return true
        },
        settle(s, round) {
          let [winner, second] = [-1, 1]
          for (let p = 0; p < n; p++)
            if (winner < 0 || s.bids[p] < s.bids[winner]) {
              if (winner >= 0) second = Math.min(second, s.bids[winner])
              winner = p
            } else second = Math.min(second, s.bids[p])
          s.bids.fill(Infinity)
          const price = Math.min(1, second)
          const cost = costOf(seed, round, winner)
          s.price += price
          s.sold++
          if (own[winner] === 1) {
            s.own += price
            s.ownCost += cost
          } else {
            s.others += price
            s.othersCost += cost
          }
        },
      }
      return onArena(arena).play(
        seed,
        intruded
          ? {
              id: "E1",
              owns: (p) => own[p] === 1,
              budget: none,
              policy: ({ cost, ring: all }) => (cost <= Math.min(...all) ? [{ type: "bid", price: cost }] : []),
            }
          : undefined,
      ).state
    }
    const [now, then] = [make(true), make(false)]
    return outcome({
      // Against the same bidders' own profit without the ring: what a member gets for its costs.
      income: now.own / Math.max(1e-9, now.ownCost),
      cost: then.own / Math.max(1e-9, then.ownCost),
      honestIncome: 1,
      honestCost: 1,
      paid: now.own + now.others,
      horizonHours: ROUNDS,
      own: now.price / now.sold,
    })
  },
}
/** A cost a bidder and auction, the same with a ring and without. */
const costs = new Map<string, Float64Array>()
function costOf(seed: number, round: number, player: number): number {
  const key = `${seed}/${player}`
  let all = costs.get(key)
  if (all === undefined) {
    const dice = new Dice(seed, "arena/auction/cost", player)
    all = Float64Array.from({ length: ROUNDS }, () => dice.unit())
    if (costs.size > 200) costs.clear()
    costs.set(key, all)
  }
  return all[round]
}
/** What K24 says for the arena's own numbers. */
export const ringPriceOf = (bidders: number, members: number): number => computeRingPrice(bidders, members)

interface Vault {
  akt: number
  act: number
  halted: boolean
  minted: number
  spent: number
}
const PRICE = 1.14
const oracle: Entry = {
  id: "E7",
  name: "oracle push on burn and mint",
  family: "E",
  where: "ensemble",
  rules: "Akash's burn and mint: a mean over a window, a spread of 25 basis points, a halt at .90; vault and supply illustrative",
  goal: "Dollar credit at a pumped price, redeemed at the true one.",
  view: "V3",
  knobs: {
    pump: { unit: "times", range: [1, 3], tries: [1.25, 2, 3], because: "What the source is pushed to." },
    seconds: { unit: "s of the window of 300", range: [0, 300], tries: [60, 150, 300], because: "m_eff = 1 + (m − 1)t/w." },
    akt: { unit: "AKT", range: [0, 1_000_000], tries: [50_000, 500_000], because: "What it brings to be minted." },
  },
  cost: "15 % a year on the AKT for a day, and 1 % of the pump to move the market that the source reads (assumption).",
  defence: {
    name: "two sources within 150 basis points, and a cap of 50 records of 1,000 AKT an epoch",
    off: "one source, no cap",
    source: "AEP-76, AEP-79 R-04, AEP-80",
  },
  seen: [
    {
      figure: "vault 300,000 AKT at $1.14, 300,000 ACT, m_eff 1.25: 516,893 AKT to reach .90, profit $145,473 (K33)",
      source: "closed form; figures illustrative",
    },
  ],
  omits: "Who moves the market, and what it costs there; the share of sources is the entry's share.",
  own: { name: "profit", unit: "$", because: "Minted at the pumped price less what the AKT was worth." },
  aim: "own",
  share: 0.33,
  control: "one source",
  play({ seed, share, knobs, defended }) {
    const sources = defended ? 3 : 1
    const arena: Arena<Vault, object, { type: "post"; price: number } | { type: "mint"; akt: number }> = {
      name: "vault",
      players: 1,
      periods: 10,
      genesis: () => ({ akt: 300_000, act: 300_000, halted: false, minted: 0, spent: 0 }),
      view: () => ({}),
      honest: () => [],
      decide(s, command) {
        if (command.type === "post") return true
        // Fewer sources than a majority move nothing: they are out of bounds, and the price stands.
        const captured = Math.max(defended ? 0 : 1, Math.round(share * sources))
        const factor = captured * 2 > sources ? 1 + ((knobs.pump - 1) * knobs.seconds) / 300 : 1
        const price = PRICE * factor
        const akt = Math.min(command.akt, defended ? 50_000 : Infinity)
        if (s.halted || akt <= 0) return false
        const minted = akt * price * (1 - 0.0025)
        // The breaker reads the pumped price: minting alone trips it only beyond the critical pump.
        if (((s.akt + akt) * price) / (s.act + minted) < 0.9) {
          s.halted = true
          return false
        }
        s.akt += akt
        s.act += minted
        s.minted += minted
        s.spent += akt
        return true
      },
      settle: () => {},
    }
    const { state } = onArena(arena).play(seed, {
      id: "E7",
      owns: () => true,
      budget: { money: knobs.akt, identities: 1 },
      policy: (_view, budget) => [{ type: "mint", akt: budget.money / 10 }],
    })
    // ACT to AKT stays open in a halt: redeemed at the true price.
    const value = state.spent * PRICE
    const attack = 0.01 * value * (knobs.pump - 1) + (value * 0.15) / 365
    return outcome({
      income: state.minted,
      cost: value + attack,
      honestIncome: 1,
      honestCost: 1,
      paid: state.minted,
      paidForNothing: Math.max(0, state.minted - value),
      horizonHours: 24,
      own: state.minted - value,
    })
  },
}

interface Run {
  pool: number
  claims: number
  readonly got: Float64Array
}
const HOLDERS = 60
const bankRun: Entry = {
  id: "E8",
  name: "run on the vault",
  family: "E",
  where: "ensemble",
  rules: "claims of a dollar on a pool that holds CR of them; who redeems first is paid in full",
  goal: "Par for the own claims before the ratio is felt by the others.",
  view: "V0",
  knobs: { ratio: { unit: "collateral ratio", range: [0.5, 2], tries: [0.9], because: "At .9 the last tenth is missing." } },
  cost: "Its claims at their fair value, CR of a dollar.",
  defence: {
    name: "redemption at the ratio, not at par",
    off: "par while it lasts",
    source: "AEP-79 keeps the exit open on purpose; batches of 50",
  },
  seen: [{ figure: "CR = .9, x redeemed: .1 → .889, .5 → .8, .8 → .5 left a dollar (K34)", source: "closed form" }],
  omits: "Back-off of the batches; minting by others while the run goes on.",
  own: { name: "left for the others", unit: "a dollar", because: "(CR − x)/(1 − x) at par." },
  aim: "rho",
  share: 0.33,
  control: "par below a ratio of one",
  play({ seed, share, knobs, defended }) {
    const own = ownUnits(seed, "E8", HOLDERS, share)
    const arena: Arena<Run, { readonly period: number }, { type: "redeem" }> = {
      name: "run",
      players: HOLDERS,
      periods: 2,
      genesis: () => ({ pool: knobs.ratio * HOLDERS, claims: HOLDERS, got: new Float64Array(HOLDERS) }),
      view: (_s, _p, period) => ({ period }),
      // Honest holders come when they need to: after the run.
      honest: ({ period }) => (period === 1 ? [{ type: "redeem" }] : []),
      decide(s, _c, p, period) {
        if (s.got[p] > 0 || s.claims === 0) return false
        const fair = period === 0 && !defended ? 1 : s.pool / s.claims
        const paid = Math.min(s.pool, fair)
        s.got[p] = paid
        s.pool -= paid
        s.claims--
        return true
      },
      settle: () => {},
    }
    const { state } = onArena(arena).play(seed, {
      id: "E8",
      owns: (p) => own[p] === 1,
      budget: none,
      policy: ({ period }) => (period === 0 ? [{ type: "redeem" }] : []),
    })
    let [mine, others, count] = [0, 0, 0]
    state.got.forEach((g, p) => {
      if (own[p] === 1) {
        mine += g
        count++
      } else others += g
    })
    return outcome({
      income: mine,
      cost: count * knobs.ratio,
      honestIncome: others,
      honestCost: (HOLDERS - count) * knobs.ratio,
      paid: mine + others,
      delivered: HOLDERS - count,
      unpaid: Math.max(0, (HOLDERS - count) * knobs.ratio - others),
      horizonHours: 48,
      own: count === HOLDERS ? NaN : others / (HOLDERS - count),
    })
  },
}

const NODES = 50
const edge: Entry = {
  id: "E9",
  name: "epoch-edge timing",
  family: "E",
  where: "ensemble",
  rules: "a reward per epoch of 24 hours",
  goal: "A whole epoch's pay for an hour's service around its end.",
  view: "V0",
  knobs: { hours: { unit: "h of 24", range: [1, 24], tries: [1, 6, 12], because: "Around the snapshot only." } },
  cost: "Hardware by the hour it runs.",
  defence: { name: "pay by time in service", off: "pay by a snapshot at the end", source: "fact sheet E9: an invariant" },
  seen: [],
  omits: "Claiming twice around a boundary, and back-dated reports.",
  own: { name: "pay an hour", unit: "of an honest hour's", because: "Must be one." },
  aim: "rho",
  share: 0.1,
  control: "snapshots",
  play({ seed, share, knobs, defended }) {
    const own = ownUnits(seed, "E9", NODES, share)
    interface Service {
      readonly hours: Float64Array
      readonly now: Uint8Array
      readonly paid: Float64Array
      readonly all: Float64Array
    }
    const days = 20
    const arena: Arena<Service, { readonly hour: number }, { type: "serve" }> = {
      name: "edge",
      players: NODES,
      periods: days * 24,
      genesis: () => ({
        hours: new Float64Array(NODES),
        now: new Uint8Array(NODES),
        paid: new Float64Array(NODES),
        all: new Float64Array(NODES),
      }),
      view: (_s, _p, period) => ({ hour: period % 24 }),
      honest: () => [{ type: "serve" }],
      decide(s, _c, p) {
        s.now[p] = 1
        return true
      },
      settle(s, period) {
        for (let p = 0; p < NODES; p++) {
          s.hours[p] += s.now[p]
          s.all[p] += s.now[p]
        }
        if (period % 24 === 23) {
          const weight = defended ? s.hours : Float64Array.from(s.now)
          const sum = weight.reduce((a, b) => a + b, 0)
          for (let p = 0; p < NODES; p++) s.paid[p] += sum === 0 ? 0 : (NODES * 24 * weight[p]) / sum
          s.hours.fill(0)
        }
        s.now.fill(0)
      },
    }
    const { state } = onArena(arena).play(seed, {
      id: "E9",
      owns: (p) => own[p] === 1,
      budget: none,
      policy: ({ hour }) => (hour >= 24 - knobs.hours ? [{ type: "serve" }] : []),
    })
    let [income, cost, honestIncome, honestCost] = [0, 0, 0, 0]
    state.paid.forEach((paid, p) => {
      if (own[p] === 1) {
        income += paid
        cost += state.all[p]
      } else {
        honestIncome += paid
        honestCost += state.all[p]
      }
    })
    return outcome({
      income,
      cost,
      honestIncome,
      honestCost,
      paid: income + honestIncome,
      paidForNothing: Math.max(0, income - cost),
      served: cost + honestCost,
      servedWithout: NODES * days * 24,
      horizonHours: days * 24,
      own: cost === 0 ? NaN : income / cost / (honestIncome / honestCost),
    })
  },
}

export const arenaMarket: readonly Entry[] = [ring, oracle, bankRun, edge]
