/** Family G, against a diversity weight: names, false domains, squatting and crowding, on mechanism 10 and on the rules it is compared with. */
import { defaults } from "../../protocol/kernel/param.ts"
import { splitByDiversity } from "../../protocol/resilience/diversity.ts"
import { computeCellGain, computeGeometricGain } from "../../protocol/resilience/adversary/identity.ts"
import { diversityParams } from "../../protocol/resilience/params.ts"
import { REGISTERED, registry, type Registry } from "../../protocol/registry/registry.ts"
import { onArena, type Arena } from "./arena.ts"
import { Books } from "./books.ts"
import { outcome, type Entry } from "./entry.ts"
import { ownUnits } from "./policy.ts"

const none = { money: 0, identities: 1 }
const OWNERS = 40
const PERIODS = 30
const POOL = 1_000_000

const geometric: Entry = {
  id: "G1",
  name: "splitting a decaying reward",
  family: "G",
  where: "ensemble",
  rules: "ICP's type-3 reward: base·r^(i−1) for the i-th node of an owner in a region",
  goal: "No decay: every node under an owner of its own.",
  view: "V0",
  knobs: {
    names: { unit: "owners", range: [1, 100], tries: [1, 2, 5, 10], because: "n(1 − r)/(1 − r^n)." },
    ratioMilli: { unit: "‰", range: [500, 1000], tries: [700], because: "r of the region; .95 in others." },
  },
  cost: "Ten nodes' hardware, and .05 an owner and period.",
  defence: {
    name: "pay by work, not by owner (mechanism 10)",
    off: "a geometric series an owner",
    source: "ICP rs/registry/node_provider_rewards; HIP-149's lesson",
  },
  seen: [{ figure: `r = .7: ten split gain ${computeGeometricGain(10, 0.7).toFixed(2)} (K17)`, source: "closed form" }],
  omits: "Only vetted providers limit it on ICP.",
  own: { name: "Sybil gain", unit: "1", because: "Against the closed form." },
  aim: "rho",
  share: 0.1,
  names: "names",
  control: "3.09 times for ten at r = .7",
  play({ seed, share, knobs, defended }) {
    const own = ownUnits(seed, "G1", OWNERS, share)
    const [nodes, r] = [10, knobs.ratioMilli / 1000]
    const series = (n: number): number => {
      let sum = 0
      for (let i = 0, f = 1; i < n; i++, f *= r) sum += f
      return sum
    }
    const arena: Arena<{ books: Books; names: Uint16Array }, object, { type: "register"; names: number }> = {
      name: "geometric",
      players: OWNERS,
      periods: PERIODS,
      genesis: () => ({ books: new Books(OWNERS), names: new Uint16Array(OWNERS).fill(1) }),
      view: () => ({}),
      honest: () => [{ type: "register", names: 1 }],
      decide(s, { names }, p, period) {
        if (names < 1 || names > nodes) return false
        s.names[p] = names
        if (names > 1) s.books.cheat(p, period)
        return true
      },
      settle(s) {
        for (let p = 0; p < OWNERS; p++) {
          s.books.cost[p] += nodes + 0.05 * s.names[p]
          s.books.pay(p, defended ? nodes : s.names[p] * series(nodes / s.names[p]), true)
        }
      },
    }
    const { state } = onArena(arena).play(seed, {
      id: "G1",
      owns: (p) => own[p] === 1,
      budget: { money: 0, identities: knobs.names },
      policy: (_view, budget) => [{ type: "register", names: budget.identities }],
    })
    const told = state.books.outcome((p) => own[p] === 1, 24, PERIODS)
    const count = own.reduce((a, b) => a + b, 0)
    return outcome({ ...told, own: count === 0 ? NaN : told.income! / count / PERIODS / (defended ? nodes : series(nodes)) })
  },
}

/** Forty nodes in five countries, the first of which holds half of them; all do the same work. */
const COUNTRIES = [1, 2, 3, 4, 5]
const homeOf = (node: number): number => (node < OWNERS / 2 ? 1 : COUNTRIES[1 + (node % 4)])
const weighed = (beta: number, attributes: Uint8Array, work: Float64Array): Float64Array => {
  const r: Registry = registry(OWNERS)
  for (let n = 0; n < OWNERS; n++) {
    r.nodes.status[n] = REGISTERED
    r.nodes.owner[n] = n
    r.nodes.country[n] = attributes[n]
  }
  const into = new Float64Array(OWNERS)
  const params = { ...defaults(diversityParams), diversityBetaMilli: beta, diversityKinds: 1 }
  splitByDiversity(r, POOL, work, params, new Float64Array(OWNERS), into)
  return into
}

interface Places {
  readonly books: Books
  readonly said: Uint8Array
  readonly locked: Float64Array
}
const spoofed: Entry = {
  id: "G2",
  name: "false domain",
  family: "G",
  where: "ensemble",
  rules: "mechanism 10's own split over forty nodes in five countries, half of them in one",
  goal: "The weight of a rare country for a node that stands in the crowded one.",
  view: "V0",
  knobs: {
    betaMilli: { unit: "‰", range: [0, 2000], tries: [250, 500, 1000], because: "The spread of weights is what it earns." },
  },
  cost: "One a period and node; a tunnel .02.",
  defence: {
    name: "round trips from three places, one period in ten; ten periods' pay lost",
    off: "what is said is taken",
    source: "fact sheet 5.10 and 7.2: nearness is provable",
  },
  seen: [{ figure: "spoofing is unprofitable iff spread · time undetected ≤ its cost + p·stake", source: "closed form 7.2" }],
  omits: "A relay at the claimed place, which a round trip cannot tell from the node unless the answer needs the real resource.",
  own: { name: "weight gained", unit: "1", because: "A spoofing node's pay over an honest one's of the crowded country." },
  aim: "rho",
  share: 0.1,
  play({ seed, share, knobs, defended }) {
    const own = ownUnits(seed, "G2", OWNERS, share)
    const work = new Float64Array(OWNERS).fill(10)
    const arena: Arena<Places, { readonly home: number }, { type: "declare"; country: number }> = {
      name: "places",
      players: OWNERS,
      periods: PERIODS,
      genesis: () => ({ books: new Books(OWNERS), said: new Uint8Array(OWNERS), locked: new Float64Array(OWNERS) }),
      view: (_s, p) => ({ home: homeOf(p) }),
      honest: ({ home }) => [{ type: "declare", country: home }],
      decide(s, { country }, p, period) {
        // Who was found lying keeps the address that was measured.
        if (!COUNTRIES.includes(country) || s.locked[p] > 0) return false
        s.said[p] = country
        if (country !== homeOf(p)) s.books.cheat(p, period)
        return true
      },
      settle(s, period, nature) {
        const pay = weighed(knobs.betaMilli, s.said, work)
        for (let p = 0; p < OWNERS; p++) {
          const isLying = s.said[p] !== homeOf(p)
          const isMeasured = nature.chance(0.1)
          s.books.cost[p] += POOL / OWNERS + (isLying ? (0.02 * POOL) / OWNERS : 0)
          s.books.pay(p, pay[p], !isLying)
          if (!defended || !isMeasured) continue
          s.books.spent += (0.001 * POOL) / OWNERS
          if (!isLying) continue
          s.books.penalise(p, (10 * POOL) / OWNERS, period, false)
          s.said[p] = homeOf(p)
          s.locked[p] = 1
        }
      },
    }
    const { state } = onArena(arena).play(seed, {
      id: "G2",
      owns: (p) => own[p] === 1,
      budget: none,
      // Those of the crowded country say a rare one; the others have nothing to gain.
      policy: ({ home }, _b, rng) => [{ type: "declare", country: home === 1 ? 2 + rng.below(4) : home }],
    })
    const said = Uint8Array.from({ length: OWNERS }, (_, p) => (own[p] === 1 && homeOf(p) === 1 ? 2 + (p % 4) : homeOf(p)))
    const pay = weighed(knobs.betaMilli, said, work)
    const liar = [...own.keys()].find((p) => own[p] === 1 && homeOf(p) === 1)
    const crowd = [...own.keys()].find((p) => own[p] === 0 && homeOf(p) === 1)
    return outcome({
      ...state.books.outcome((p) => own[p] === 1 && homeOf(p) === 1, 24, PERIODS),
      own: liar === undefined || crowd === undefined ? NaN : pay[liar] / pay[crowd],
    })
  },
}

const squatting: Entry = {
  id: "G3",
  name: "squatting in rare cells",
  family: "G",
  where: "ensemble",
  rules: "mechanism 10's own split; a cell's weight paid to presence or to work",
  goal: "The weight of every rare country for one minimal node in each.",
  view: "V0",
  knobs: { betaMilli: { unit: "‰", range: [0, 2000], tries: [500, 1000], because: "The rarer, the heavier." } },
  cost: "A minimal node costs a tenth of an honest one.",
  defence: {
    name: "pay is weight times work (mechanism 10)",
    off: "pay is weight times presence",
    source: "fact sheet 7.3: rare-domain nodes must carry load",
  },
  seen: [{ figure: "GEODNET: the first good station of a hex holds its token for good", source: "docs, hex reward rules" }],
  omits: "First-mover rents, which mechanism 10 does not pay.",
  own: { name: "pay of a squatter", unit: "of an honest node's", because: "One period." },
  aim: "rho",
  share: 0.1,
  control: "weight times presence",
  play({ seed, share, knobs, defended }) {
    const own = ownUnits(seed, "G3", OWNERS, share)
    const arena: Arena<
      { books: Books; work: Float64Array; said: Uint8Array },
      { readonly home: number },
      { type: "serve"; work: number; country: number }
    > = {
      name: "squat",
      players: OWNERS,
      periods: PERIODS,
      genesis: () => ({ books: new Books(OWNERS), work: new Float64Array(OWNERS), said: new Uint8Array(OWNERS) }),
      view: (_s, p) => ({ home: homeOf(p) }),
      honest: ({ home }) => [{ type: "serve", work: 10, country: home }],
      decide(s, { work, country }, p, period) {
        s.work[p] = work
        s.said[p] = country
        if (work < 10) s.books.cheat(p, period)
        return true
      },
      settle(s) {
        // Presence is paid as if all did the same.
        const counted = defended ? s.work : Float64Array.from(s.work, () => 10)
        const pay = weighed(knobs.betaMilli, s.said, counted)
        for (let p = 0; p < OWNERS; p++) {
          s.books.cost[p] += s.work[p] < 10 ? 0.1 : 1
          s.books.pay(p, pay[p], s.work[p] >= 10)
          s.books.served += s.work[p]
        }
      },
    }
    const game = onArena(arena)
    const { state } = game.play(seed, {
      id: "G3",
      owns: (p) => own[p] === 1,
      budget: none,
      policy: (_view, _b, rng) => [{ type: "serve", work: 1, country: 2 + rng.below(4) }],
    })
    const told = state.books.outcome((p) => own[p] === 1, 24, PERIODS, game.play(seed).state.books)
    const count = own.reduce((a, b) => a + b, 0)
    return outcome({
      ...told,
      own: count === 0 ? NaN : told.income! / count / (told.honestIncome! / (OWNERS - count)),
    })
  },
}

const crowding: Entry = {
  id: "G4",
  name: "crowding out a cell",
  family: "G",
  where: "ensemble",
  rules: "a cell whose sum is capped, shared by identity as HIP-104 and GEODNET do, or by work",
  goal: "A rival's part of a capped cell: cheap nodes beside it.",
  view: "V0",
  knobs: { names: { unit: "nodes", range: [1, 100], tries: [1, 3, 9], because: "k(1 + m)/(k + m) against m rivals." } },
  cost: "A cheap node costs .05 of a working one; the work of one is done in any case.",
  defence: { name: "the cap is shared by work", off: "shared by identity", source: "fact sheet 7.2 and 7.3" },
  seen: [{ figure: `one rival, nine names: ${computeCellGain(9, 1)} times (7.2)`, source: "closed form" }],
  omits: "Collusion of the rivals; the cell's service stays what it is.",
  own: { name: "rival's share", unit: "of the cell", because: "One half without the crowd." },
  aim: "rho",
  share: 0.49,
  names: "names",
  control: "shared by identity",
  play({ seed, share, knobs, defended }) {
    // Cells of two: in a share of them one of the two crowds the other.
    const cells = 40
    const crowded = ownUnits(seed, "G4", cells, share)
    const arena: Arena<{ books: Books; nodes: Uint16Array }, object, { type: "place"; nodes: number }> = {
      name: "cell",
      players: 2 * cells,
      periods: PERIODS,
      genesis: () => ({ books: new Books(2 * cells), nodes: new Uint16Array(2 * cells).fill(1) }),
      view: () => ({}),
      honest: () => [{ type: "place", nodes: 1 }],
      decide(s, { nodes }, p, period) {
        if (nodes < 1) return false
        s.nodes[p] = nodes
        if (nodes > 1) s.books.cheat(p, period)
        return true
      },
      settle(s) {
        for (let c = 0; c < cells; c++) {
          const [a, b] = [2 * c, 2 * c + 1]
          const share = defended ? 0.5 : s.nodes[a] / (s.nodes[a] + s.nodes[b])
          for (const [p, part] of [
            [a, share],
            [b, 1 - share],
          ]) {
            s.books.cost[p] += 1 + 0.05 * (s.nodes[p] - 1)
            s.books.pay(p, 2.2 * part, true)
          }
        }
      },
    }
    const isOwn = (p: number): boolean => p % 2 === 0 && crowded[p / 2] === 1
    const { state } = onArena(arena).play(seed, {
      id: "G4",
      owns: isOwn,
      budget: { money: 0, identities: knobs.names },
      policy: (_v, budget) => [{ type: "place", nodes: budget.identities }],
    })
    const rivals = [...crowded.keys()].filter((c) => crowded[c] === 1)
    const left = rivals.reduce(
      (sum, c) => sum + state.books.paid[2 * c + 1] / (state.books.paid[2 * c] + state.books.paid[2 * c + 1]),
      0,
    )
    return outcome({ ...state.books.outcome(isOwn, 24, PERIODS), own: rivals.length === 0 ? NaN : left / rivals.length })
  },
}

export const diversity: readonly Entry[] = [geometric, spoofed, squatting, crowding]
