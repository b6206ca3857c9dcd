/** Family D where no network run has it: shaved samples, verifiers who do not look, cards that are not there, reputations that are cashed in. */
import { cos, ln } from "../../protocol/kernel/real.ts"
import { computeInspection } from "../../protocol/resilience/adversary/incentive.ts"
import { computeCriticalRatio } from "../../protocol/resilience/adversary/market.ts"
import type { Dice } from "../../protocol/resilience/ensemble/dice.ts"
import { onArena, type Arena } from "./arena.ts"
import { Books } from "./books.ts"
import { outcome, type Entry } from "./entry.ts"
import { ownUnits } from "./policy.ts"

const NODES = 40
const none = { money: 0, identities: 1 }

/** A standard normal draw (Box and Muller). */
const normal = (dice: Dice): number => Math.sqrt(-2 * ln(dice.unit())) * cos(2 * Math.PI * dice.unit())

interface Frames {
  readonly books: Books
  readonly samples: Float64Array
}
const shaving: Entry = {
  id: "D2",
  name: "low-sample rendering",
  family: "D",
  where: "ensemble",
  rules: "a renderer whose noise falls with samples; random pixels rendered again",
  goal: "Full pay for a share σ of the samples ordered, the noise smoothed away.",
  view: "V1",
  knobs: {
    samples: { unit: "of those ordered", range: [0.1, 1], tries: [0.1, 0.5, 0.8, 0.9], because: "Noise variance grows as 1/σ." },
  },
  cost: "Work in proportion to samples, half of all cost; the card the other half (assumption).",
  defence: {
    name: "256 pixels of one frame in five rendered again, F test at 5 %",
    off: "no re-rendering",
    source: "fact sheet D2, derived",
  },
  seen: [
    { figure: "power at 256 pixels: σ = .5 → .9999, .8 → .555, .9 → .211 (K32)", source: "closed form, Gaussian noise assumed" },
  ],
  omits: "Denoisers that bring the variance back; pay by measured samples, which the sheet recommends.",
  own: { name: "frames found", unit: "share of those tested", because: "Against the power of the test." },
  aim: "rho",
  share: 0.2,
  control: "shaving with nobody looking",
  play({ seed, share, knobs, defended }) {
    const own = ownUnits(seed, "D2", NODES, share)
    const [periods, pixels, tested] = [60, 256, 0.2]
    const critical = computeCriticalRatio(pixels)
    let [tests, hits] = [0, 0]
    const arena: Arena<Frames, object, { type: "submit"; samples: number }> = {
      name: "frames",
      players: NODES,
      periods,
      genesis: () => ({ books: new Books(NODES), samples: new Float64Array(NODES) }),
      view: () => ({}),
      honest: () => [{ type: "submit", samples: 1 }],
      decide(s, { samples }, p, period) {
        if (!(samples > 0 && samples <= 1)) return false
        s.samples[p] = samples
        if (samples < 1) s.books.cheat(p, period)
        return true
      },
      settle(s, period, nature) {
        for (let p = 0; p < NODES; p++) {
          const isTested = nature.unit() <= tested
          s.books.cost[p] += 0.5 + 0.5 * s.samples[p]
          let isFound = false
          if (defended && isTested) {
            // Sum of squares of the frame's noise over that of as many pixels rendered again.
            let [a, b] = [0, 0]
            for (let k = 0; k < pixels; k++) {
              const [x, y] = [normal(nature), normal(nature)]
              a += (x * x) / s.samples[p]
              b += y * y
            }
            isFound = a / b > critical
            s.books.spent += 0.05
            if (own[p] === 1) {
              tests++
              if (isFound) hits++
            } else s.books.delivered++
          }
          if (!isFound) {
            s.books.pay(p, 1.1, true)
            s.books.paidForNothing += 1.1 * (1 - s.samples[p])
          } else {
            // A frame found is not paid, and ten frames' pay is lost with the reputation.
            s.books.penalise(p, 11, period, own[p] === 0)
            if (own[p] === 0) s.books.unpaid++
          }
          s.books.served += s.samples[p]
        }
      },
    }
    const game = onArena(arena)
    const { state } = game.play(seed, {
      id: "D2",
      owns: (p) => own[p] === 1,
      budget: none,
      policy: () => [{ type: "submit", samples: knobs.samples }],
    })
    const told = state.books.outcome((p) => own[p] === 1, 24, periods)
    return outcome({ ...told, servedWithout: NODES * periods, own: tests === 0 ? NaN : hits / tests })
  },
}

interface Checks {
  readonly books: Books
  readonly checked: Uint8Array
  cheats: number
  caught: number
  rounds: number
}
const CHECKERS = 10
const [GAIN, STAKE, CHECK, CATCH] = [10, 90, 1, 20]
const lazy: Entry = {
  id: "D4",
  name: "lazy verifier",
  family: "D",
  where: "ensemble",
  rules: "the inspection game with ten checkers; Truebit's forced errors",
  goal: "A checker's pay without checking: everybody approves.",
  view: "V1",
  knobs: {
    idle: { unit: "share of checks skipped", range: [0, 1], tries: [0.5, 0.9, 1], because: "Skipping saves v = 1 each time." },
  },
  cost: "v = 1 a check and .05 a round for being there.",
  defence: {
    name: "a forced error every two hundred rounds, with a jackpot of 300 to who sees it and 300 lost by who does not",
    off: "no forced errors",
    source: "Truebit (wiki): jackpot ≥ pay/error rate (K15); the penalty is the sheet's protocol failure",
  },
  seen: [
    {
      figure: "checked .1, cheat rate .05, idle .9 at g 10, S 90, v 1, R 20, n 10 (K15)",
      source: "closed form 5.5; papers UNVERIFIED",
    },
  ],
  omits: "Copying another's answer: commitments come first. The prover cheats at its equilibrium rate.",
  own: { name: "cheats passed", unit: "share of cheats", because: "Seen by nobody." },
  aim: "rho",
  share: 0.33,
  play({ seed, share, knobs, defended }) {
    const own = ownUnits(seed, "D4", CHECKERS * 3, share)
    const rounds = 2000
    const { cheats } = computeInspection(GAIN, STAKE, CHECK, CATCH, CHECKERS)
    const players = CHECKERS * 3
    const arena: Arena<Checks, object, { type: "check" }> = {
      name: "checks",
      players,
      periods: rounds,
      genesis: () => ({ books: new Books(players), checked: new Uint8Array(players), cheats: 0, caught: 0, rounds: 0 }),
      view: () => ({}),
      honest: () => [{ type: "check" }],
      decide(s, _c, p) {
        s.checked[p] = 1
        s.books.cost[p] += CHECK
        return true
      },
      settle(s, round, nature) {
        const isCheat = nature.unit() <= cheats
        const isForced = nature.unit() <= 0.005 && defended
        if (isCheat) s.cheats++
        let seen = 0
        for (let p = 0; p < players; p++) {
          s.books.cost[p] += 0.05
          // Everybody is paid a fee for approving; who saw an error shares what a catch pays.
          s.books.pay(p, 1.2, s.checked[p] === 1)
          if (s.checked[p] === 0) s.books.cheat(p, round)
          if (s.checked[p] === 1) seen++
        }
        if (isCheat && seen > 0) s.caught++
        for (let p = 0; p < players; p++) {
          if (s.checked[p] === 1 && isCheat) s.books.pay(p, CATCH / seen, true)
          if (isForced && s.checked[p] === 1) s.books.pay(p, 300 / seen, true)
          if (isForced && s.checked[p] === 0) s.books.penalise(p, 300, round, own[p] === 0)
        }
        if (isForced) s.books.spent += 300
        s.checked.fill(0)
        s.rounds++
      },
    }
    const { state } = onArena(arena).play(seed, {
      id: "D4",
      owns: (p) => own[p] === 1,
      budget: none,
      policy: (_v, _b, rng) => (rng.unit() <= knobs.idle ? [] : [{ type: "check" }]),
    })
    return outcome({
      ...state.books.outcome((p) => own[p] === 1, 1, rounds),
      own: state.cheats === 0 ? NaN : 1 - state.caught / state.cheats,
    })
  },
}

interface Cards {
  readonly books: Books
  readonly claimed: Float64Array
  readonly out: Uint8Array
}
const fakeCards: Entry = {
  id: "D5",
  name: "fake hardware",
  family: "D",
  where: "ensemble",
  rules: "availability pay by registered card; benchmarks one by one, or all at once",
  goal: "Availability pay for n cards where one stands.",
  view: "V1",
  knobs: { names: { unit: "identities a card", range: [1, 1000], tries: [1, 10, 100], because: "Registration is cheap." } },
  cost: "A card's cost for every real one, and .01 an identity and day.",
  defence: {
    name: "concurrent benchmark, one day in ten: n names on g cards finish g tasks",
    off: "one benchmark at a time, which any real card passes",
    source: "AEP-86's ladder; fact sheet D5",
  },
  seen: [
    {
      figure: "≈ 1.8 million fake GPUs tried to join io.net, > 500,000 shown, ≈ 12,000 usable",
      source: "press reports, April 2024",
    },
  ],
  omits: "Upper rungs of the ladder: hypervisors and firmware; attestation by hardware.",
  own: { name: "phantom capacity", unit: "of all registered", because: "At the end." },
  aim: "rho",
  share: 0.1,
  names: "names",
  control: "serial benchmarks",
  play({ seed, share, knobs, defended }) {
    const own = ownUnits(seed, "D5", NODES, share)
    const periods = 60
    const arena: Arena<Cards, object, { type: "register"; cards: number }> = {
      name: "cards",
      players: NODES,
      periods,
      genesis: () => ({ books: new Books(NODES), claimed: new Float64Array(NODES), out: new Uint8Array(NODES) }),
      view: () => ({}),
      honest: () => [{ type: "register", cards: 1 }],
      decide(s, { cards }, p, day) {
        if (s.out[p] === 1 || cards < 1) return false
        s.claimed[p] = cards
        if (cards > 1) s.books.cheat(p, day)
        return true
      },
      settle(s, day, nature) {
        const isDrill = nature.unit() <= 0.1 && defended
        let all = 0
        for (let p = 0; p < NODES; p++) all += s.claimed[p]
        for (let p = 0; p < NODES; p++) {
          s.books.cost[p] += 1 + 0.01 * s.claimed[p]
          if (isDrill) s.books.spent += 0.1 * s.claimed[p]
          // One real card answers one task in time: the names beyond it fall.
          if (isDrill && s.claimed[p] > 1) {
            s.books.penalise(p, 0, day, false)
            s.claimed[p] = 0
            s.out[p] = 1
          }
          for (let k = 0; k < Math.min(s.claimed[p], 1); k++) s.books.pay(p, (1.1 * NODES) / all, true)
          if (s.claimed[p] > 1) s.books.pay(p, ((s.claimed[p] - 1) * 1.1 * NODES) / all, false)
        }
      },
    }
    const { state } = onArena(arena).play(seed, {
      id: "D5",
      owns: (p) => own[p] === 1,
      budget: { money: 0, identities: knobs.names },
      policy: (_view, budget) => [{ type: "register", cards: budget.identities }],
    })
    const all = state.claimed.reduce((a, b) => a + b, 0)
    const phantom = state.claimed.reduce((a, c) => a + Math.max(0, c - 1), 0)
    return outcome({ ...state.books.outcome((p) => own[p] === 1, 24, periods), own: all === 0 ? NaN : phantom / all })
  },
}

interface Jobs {
  readonly books: Books
  readonly done: Float64Array
  readonly job: Float64Array
  readonly gone: Uint8Array
}
const milked: Entry = {
  id: "D7",
  name: "reputation milking",
  family: "D",
  where: "ensemble",
  rules: "jobs of growing size by reputation; who fails one is out",
  goal: "Serve honestly until the largest job comes, then keep its pay and leave.",
  view: "V0",
  knobs: { after: { unit: "honest jobs", range: [0, 1000], tries: [5, 20, 60, 120], because: "Reputation opens larger jobs." } },
  cost: "Half of a job's pay for work, .2 an unused day; a new name costs one job.",
  defence: {
    name: "the largest job is no more than margin over discount (V ≤ m/y)",
    off: "jobs grow with every one done",
    source: "fact sheet D7, closed form",
  },
  seen: [],
  omits: "Milked names return at once under a new one; insurance of the victim.",
  own: { name: "value kept", unit: "of all paid to it", because: "For jobs not done." },
  aim: "rho",
  share: 0.1,
  control: "unbounded jobs",
  play({ seed, share, knobs, defended }) {
    const own = ownUnits(seed, "D7", NODES, share)
    const periods = 365
    const bound = defended ? 2 : Infinity
    let kept = 0
    const sizeOf = (done: number): number => Math.min(bound, 1 + done * 0.5)
    const arena: Arena<Jobs, { readonly done: number }, { type: "work" } | { type: "keep" }> = {
      name: "jobs",
      players: NODES,
      periods,
      genesis: () => ({
        books: new Books(NODES),
        done: new Float64Array(NODES),
        job: new Float64Array(NODES),
        gone: new Uint8Array(NODES),
      }),
      view: (s, p) => ({ done: s.done[p] }),
      honest: () => [{ type: "work" }],
      decide(s, { type }, p, day) {
        const size = sizeOf(s.done[p])
        if (type === "work") {
          s.books.cost[p] += size / 2
          s.books.pay(p, size, true)
          s.books.served += size
          s.done[p]++
          return true
        }
        s.books.cheat(p, day)
        s.books.pay(p, size, false)
        kept += size
        // The name is lost, and the next begins at nothing.
        s.books.penalise(p, 1, day, false)
        s.done[p] = 0
        return true
      },
      settle(s) {
        for (let p = 0; p < NODES; p++) s.books.cost[p] += 0.2
      },
    }
    const game = onArena(arena)
    const { state } = game.play(seed, {
      id: "D7",
      owns: (p) => own[p] === 1,
      budget: none,
      policy: ({ done }) => [{ type: done >= knobs.after ? "keep" : "work" }],
    })
    const told = state.books.outcome((p) => own[p] === 1, 24, periods, game.play(seed).state.books)
    return outcome({ ...told, own: told.income === 0 ? NaN : kept / told.income! })
  },
}

export const arenaCompute: readonly Entry[] = [shaving, lazy, fakeCards, milked]
