/** Family B where no network run has it: copies that are one, seals that are ground, gates of volume. */
import { computeGateTarget } from "../../protocol/resilience/adversary/market.ts"
import { computeEscape } from "../../protocol/resilience/adversary/sampling.ts"
import { onArena, type Arena } from "./arena.ts"
import { Books } from "./books.ts"
import { outcome, type Entry } from "./entry.ts"
import { ownUnits } from "./policy.ts"

const PROVIDERS = 40
const none = { money: 0, identities: 1 }

interface Copies {
  readonly books: Books
  /** Copies promised, disks held, and disks that have failed. */
  readonly copies: Float64Array
  readonly disks: Float64Array
  readonly out: Uint8Array
}
const PRICE = 1
const DISK = 0.5
const FEE = 0.05
const deduplicated: Entry = {
  id: "B4",
  name: "Sybil storage",
  family: "B",
  where: "ensemble",
  rules: "possession without seals, as PDP; a client that asks for copies",
  goal: "The price of n copies for one disk: identities that share it answer every challenge.",
  view: "V1",
  knobs: { copies: { unit: "copies", range: [1, 10], tries: [2, 5, 10], because: "n(price − fee) − s." } },
  cost: "A disk's cost for every disk that is really there, and a fee an identity.",
  defence: {
    name: "all copies challenged at once, within a bandwidth bound, one day in five",
    off: "copies challenged one by one",
    source: "fact sheet, design inference from PDP; Filecoin seals each replica instead",
  },
  seen: [
    { figure: "PoRep keys each replica to its provider; possession alone does not tell copies apart", source: "SPEC; inference" },
  ],
  omits: "Two honest providers that share a building.",
  own: { name: "copies that are one", unit: "share of copies", because: "Promised without a disk of their own." },
  aim: "rho",
  share: 0.1,
  names: "copies",
  control: "n(price − fee) − s without the defence",
  play({ seed, share, knobs, defended }) {
    const own = ownUnits(seed, "B4", PROVIDERS, share)
    const periods = 90
    const make = (intruded: boolean) => {
      const arena: Arena<Copies, Record<string, never>, { type: "hold"; copies: number; disks: number }> = {
        name: "copies",
        players: PROVIDERS,
        periods,
        genesis: () => ({
          books: new Books(PROVIDERS),
          copies: new Float64Array(PROVIDERS),
          disks: new Float64Array(PROVIDERS),
          out: new Uint8Array(PROVIDERS),
        }),
        view: () => ({}),
        honest: () => [{ type: "hold", copies: 1, disks: 1 }],
        decide(s, c, p, day) {
          if (s.out[p] === 1) return false
          s.copies[p] = c.copies
          s.disks[p] = c.disks
          if (c.copies > c.disks) s.books.cheat(p, day)
          return true
        },
        settle(s, day, nature) {
          const isDrill = defended && nature.chance(0.2)
          for (let p = 0; p < PROVIDERS; p++) {
            const hasFailed = nature.chance(0.002)
            if (s.out[p] === 1) continue
            s.books.cost[p] += s.disks[p] * DISK + s.copies[p] * FEE
            if (isDrill) s.books.spent += 0.01 * s.copies[p]
            if (isDrill && s.copies[p] > s.disks[p]) {
              s.out[p] = 1
              s.books.penalise(p, s.copies[p] * PRICE * 5, day, false)
              continue
            }
            for (let k = 0; k < s.copies[p]; k++) s.books.pay(p, PRICE, k < s.disks[p])
            // One disk gone takes all copies on it.
            if (!hasFailed) s.books.served += Math.min(s.copies[p], s.disks[p])
          }
        },
      }
      return onArena(arena).play(
        seed,
        intruded
          ? {
              id: "B4",
              owns: (p) => own[p] === 1,
              budget: none,
              policy: () => [{ type: "hold" as const, copies: knobs.copies, disks: 1 }],
            }
          : undefined,
      ).state
    }
    const state = make(true)
    const promised = state.copies.reduce((a, b) => a + b, 0)
    return outcome({
      ...state.books.outcome((p) => own[p] === 1, 24, periods, make(false).books),
      own: (promised - state.disks.reduce((a, b) => a + b, 0)) / promised,
    })
  },
}

const CHALLENGES = 176
const grinding: Entry = {
  id: "B5",
  name: "seal grinding",
  family: "B",
  where: "ensemble",
  rules: "Filecoin's interactive PoRep: 176 challenges of a seal, ten bits",
  goal: "A sector with a bad share δ: seals are tried until no challenge hits it.",
  view: "V1",
  knobs: {
    bad: { unit: "share of a seal", range: [0.001, 0.1], tries: [0.002, 0.01, 0.039], because: "Success (1 − δ)^176 a try." },
  },
  cost: "A seal's work for every try, storage for what is kept, and the deposit of each failure.",
  defence: { name: "the deposit of a failed seal is burnt", off: "no deposit", source: "FIP-0059, SPEC pre-commit deposit" },
  seen: [{ figure: "3.9 % bad passes with 9.1e-4 < 2^-10 (K05); 128 bits without interaction", source: "FIP-0059" }],
  omits: "Later WindowPoSt challenges of the sector, which B1 plays.",
  own: { name: "tries a bad sector", unit: "tries", because: "1/(1 − δ)^176." },
  aim: "rho",
  share: 0.1,
  play({ seed, share, knobs, defended }) {
    const own = ownUnits(seed, "B5", PROVIDERS, share)
    const periods = 120
    const [reward, seal, storage, deposit] = [1, 0.2, 0.4, defended ? 0.5 : 0]
    let [tries, sectors] = [0, 0]
    const arena: Arena<{ books: Books; sealed: Float64Array }, Record<string, never>, { type: "seal"; bad: number }> = {
      name: "seal",
      players: PROVIDERS,
      periods,
      genesis: () => ({ books: new Books(PROVIDERS), sealed: new Float64Array(PROVIDERS).fill(-1) }),
      view: () => ({}),
      honest: () => [{ type: "seal", bad: 0 }],
      decide(s, { bad }, p, period) {
        if (bad < 0 || bad > 1) return false
        s.sealed[p] = bad
        if (bad > 0) s.books.cheat(p, period)
        return true
      },
      settle(s, _period, nature) {
        for (let p = 0; p < PROVIDERS; p++) {
          const luck = nature.unit()
          s.books.cost[p] += seal
          const bad = s.sealed[p]
          if (bad > 0) tries++
          if (luck <= computeEscape(bad, CHALLENGES)) {
            s.books.cost[p] += storage * (1 - bad)
            s.books.pay(p, reward, bad === 0)
            if (bad > 0) sectors++
          } else s.books.cost[p] += deposit
        }
      },
    }
    const { state } = onArena(arena).play(seed, {
      id: "B5",
      owns: (p) => own[p] === 1,
      budget: none,
      policy: () => [{ type: "seal", bad: knobs.bad }],
    })
    const told = state.books.outcome((p) => own[p] === 1, 24, periods)
    return outcome({ ...told, paidForNothing: told.paidForNothing! * knobs.bad, own: sectors === 0 ? NaN : tries / sectors })
  },
}

const UNLOCKED = 250_000
const gate: Entry = {
  id: "B10",
  name: "volume-gate washing",
  family: "B",
  where: "ensemble",
  rules: "FIP-0118 (Draft): quarterly targets of paid volume",
  goal: "A gate's share of block rewards: pay yourself until the target is met.",
  view: "V1",
  knobs: {
    gate: { unit: "gate", range: [0, 7], tries: [0, 2, 4, 7], because: "$3,500 to $3.66 million, 2.7 times each." },
  },
  cost: "The fee on the volume, and 15 % a year on it for the quarter it circulates (assumption: a month at a time).",
  defence: {
    name: "audit freezes washed volume, one quarter in two, and a fee of 2 %",
    off: "no audit, a fee of .1 %",
    source: "FIP-0118 (Draft): anomaly audit, on paper",
  },
  seen: [
    {
      figure: "five points of block reward are worth 71 times the first target and .068 times the last (K28)",
      source: "FIP-0118, at 20 M FIL a year and $1",
    },
  ],
  omits: "Real volume that meets the gates beside the wash; prices are the fact sheet's.",
  own: { name: "unlocked over washed", unit: "1", because: "K28 before costs." },
  aim: "rho",
  share: 0.1,
  control: "the first gate",
  play({ seed, share, knobs, defended }) {
    const own = ownUnits(seed, "B10", PROVIDERS, share)
    const target = computeGateTarget(knobs.gate)
    const [fee, interest, audit] = [defended ? 0.02 : 0.001, 0.15 / 12, defended ? 0.5 : 0]
    // Honest volume earns what it is paid at a margin of ten per cent; the gate's value is the same for all.
    const cost = target / 1.1
    const arena: Arena<
      { books: Books; washed: Float64Array; earned: Float64Array },
      object,
      { type: "pay"; to: "self" | "other"; volume: number }
    > = {
      name: "gate",
      players: PROVIDERS,
      periods: 8,
      genesis: () => ({ books: new Books(PROVIDERS), washed: new Float64Array(PROVIDERS), earned: new Float64Array(PROVIDERS) }),
      view: () => ({}),
      honest: () => [{ type: "pay", to: "other", volume: target }],
      decide(s, { to, volume }, p, quarter) {
        if (!(volume > 0)) return false
        if (to === "self") {
          s.washed[p] += volume
          s.books.cheat(p, quarter)
        } else s.earned[p] += volume
        return true
      },
      settle(s, quarter, nature) {
        for (let p = 0; p < PROVIDERS; p++) {
          const isFound = s.washed[p] > 0 && nature.chance(audit)
          s.books.cost[p] += s.washed[p] * (fee + interest) + (s.earned[p] > 0 ? cost : 0)
          if (s.earned[p] > 0) s.books.pay(p, s.earned[p], true)
          if (isFound) s.books.penalise(p, 0, quarter, false)
          else if (s.washed[p] + s.earned[p] >= target) s.books.pay(p, UNLOCKED, s.earned[p] >= target)
          s.washed[p] = s.earned[p] = 0
        }
      },
    }
    const { state } = onArena(arena).play(seed, {
      id: "B10",
      owns: (p) => own[p] === 1,
      budget: { money: target, identities: 1 },
      policy: (_view, budget) => [{ type: "pay", to: "self", volume: budget.money }],
    })
    return outcome({ ...state.books.outcome((p) => own[p] === 1, 24 * 91, 8), own: UNLOCKED / target })
  },
}

export const arenaStorage: readonly Entry[] = [deduplicated, grinding, gate]
