/** Family F where no network run has it: waivers that cover cheating, bonuses for coming back, free rides on redundancy, spare capacity that is not there. */
import { onArena, type Arena } from "./arena.ts"
import { Books } from "./books.ts"
import { outcome, type Entry } from "./entry.ts"
import { ownUnits } from "./policy.ts"

const NODES = 60
const none = { money: 0, identities: 1 }
const DAYS = 90

interface Watched {
  readonly books: Books
  readonly worked: Uint8Array
  /** Challenges that were put off while a dependency was down. */
  readonly pending: Float64Array
}
const waiver: Entry = {
  id: "F4",
  name: "cheating under a waiver",
  family: "F",
  where: "ensemble",
  rules: "a node challenged once a day; challenges need a shared dependency that fails",
  goal: "Reward without work while a shared dependency is down and penalties are waived for all.",
  view: "V2",
  knobs: {
    attack: { unit: "d a month", range: [0, 10], tries: [1, 3, 10], because: "Days on which it takes the dependency down." },
  },
  cost: "Work is half of all cost; an attack on the dependency costs 20 a day.",
  defence: {
    name: "challenges are kept pending and replayed afterwards",
    off: "challenges are cancelled",
    source: "fact sheet F4; not in the protocol yet",
  },
  seen: [],
  omits: "How the dependency (CDN, RPC, drand, price feed) is taken down; our own mechanism 3 waives, and does not replay.",
  own: { name: "leakage inside waivers", unit: "share of pay there", because: "Paid for nothing while the dependency is down." },
  aim: "rho",
  share: 0.2,
  play({ seed, share, knobs, defended }) {
    const own = ownUnits(seed, "F4", NODES, share)
    const count = Math.max(
      1,
      own.reduce((a, b) => a + b, 0),
    )
    let [inside, leaked] = [0, 0]
    const isDown = (day: number): boolean => day % 30 < knobs.attack
    const arena: Arena<Watched, { readonly down: boolean }, { type: "work" }> = {
      name: "waiver",
      players: NODES,
      periods: DAYS,
      genesis: () => ({ books: new Books(NODES), worked: new Uint8Array(NODES), pending: new Float64Array(NODES) }),
      view: (_s, _p, day) => ({ down: isDown(day) }),
      honest: () => [{ type: "work" }],
      decide(s, _c, p) {
        s.worked[p] = 1
        return true
      },
      settle(s, day) {
        for (let p = 0; p < NODES; p++) {
          const works = s.worked[p] === 1
          s.books.cost[p] += works ? 1 : 0.5
          if (own[p] === 1 && isDown(day)) s.books.cost[p] += 20 / count
          if (!works) s.books.cheat(p, day)
          if (isDown(day)) {
            inside += 1.1
            if (!works) {
              leaked += 1.1
              s.pending[p]++
            }
            s.books.pay(p, 1.1, works)
          } else {
            // Yesterday's challenges are put again: what was not done cannot be shown.
            if (defended && s.pending[p] > 0) s.books.penalise(p, s.pending[p] * 3, day, own[p] === 0)
            s.pending[p] = 0
            if (works) s.books.pay(p, 1.1, true)
            else s.books.penalise(p, 3, day, own[p] === 0)
          }
          if (works) s.books.served++
        }
        s.worked.fill(0)
      },
    }
    const { state } = onArena(arena).play(seed, {
      id: "F4",
      owns: (p) => own[p] === 1,
      budget: none,
      policy: ({ down }) => (down ? [] : [{ type: "work" }]),
    })
    return outcome({
      ...state.books.outcome((p) => own[p] === 1, 24, DAYS),
      servedWithout: NODES * DAYS,
      own: inside === 0 ? 0 : leaked / inside,
    })
  },
}

interface Capacity {
  readonly books: Books
  readonly up: Uint8Array
  readonly peak: Float64Array
  readonly lastBonus: Int16Array
}
const bonus: Entry = {
  id: "F5",
  name: "recovery-bonus farming",
  family: "F",
  where: "ensemble",
  rules: "pay by the day up, and a premium for capacity that returns",
  goal: "The premium again and again: down on purpose, up again.",
  view: "V0",
  knobs: {
    down: { unit: "d", range: [1, 10], tries: [1, 3], because: "A day without pay each." },
    up: { unit: "d", range: [1, 30], tries: [1, 5, 20], because: "Cycles a month." },
  },
  cost: "One a day, half of it while down.",
  defence: {
    name: "premium on net capacity above the level before, once in thirty days",
    off: "premium of two days' pay on every return",
    source: "fact sheet F5",
  },
  seen: [],
  omits: "No network here pays such a premium: it is a warning for one that would.",
  own: { name: "premiums", unit: "a node", because: "Over ninety days." },
  aim: "rho",
  share: 0.2,
  control: "a premium on every return",
  play({ seed, share, knobs, defended }) {
    const own = ownUnits(seed, "F5", NODES, share)
    let premiums = 0
    const arena: Arena<Capacity, { readonly day: number }, { type: "up" } | { type: "down" }> = {
      name: "bonus",
      players: NODES,
      periods: DAYS,
      genesis: () => ({
        books: new Books(NODES),
        up: new Uint8Array(NODES).fill(1),
        peak: new Float64Array(NODES).fill(1),
        lastBonus: new Int16Array(NODES).fill(-999),
      }),
      view: (_s, _p, day) => ({ day }),
      honest: () => [{ type: "up" }],
      decide(s, { type }, p, day) {
        const before = s.up[p]
        s.up[p] = type === "up" ? 1 : 0
        if (type === "down") s.books.cheat(p, day)
        if (type !== "up" || before === 1) return true
        if (defended && (s.peak[p] >= 1 || day - s.lastBonus[p] < 30)) return true
        s.lastBonus[p] = day
        premiums++
        s.books.pay(p, 2.2, own[p] === 0)
        return true
      },
      settle(s, _day, nature) {
        for (let p = 0; p < NODES; p++) {
          // Honest machines fail too, now and then.
          if (own[p] === 0 && nature.chance(0.01)) s.up[p] = 0
          s.books.cost[p] += s.up[p] === 1 ? 1 : 0.5
          if (s.up[p] === 1) {
            s.books.pay(p, 1.1, true)
            s.books.served++
          }
        }
      },
    }
    const game = onArena(arena)
    const { state } = game.play(seed, {
      id: "F5",
      owns: (p) => own[p] === 1,
      budget: none,
      policy: ({ day }) => [{ type: day % (knobs.up + knobs.down) < knobs.up ? "up" : "down" }],
    })
    const all = premiums
    return outcome({ ...state.books.outcome((p) => own[p] === 1, 24, DAYS, game.play(seed).state.books), own: all / NODES })
  },
}

const [SET, NEEDED, OBJECTS] = [10, 4, 300]
interface Pieces {
  readonly books: Books
  readonly kept: Uint8Array
  lost: number
}
const freeRider: Entry = {
  id: "F6",
  name: "free-riding on redundancy",
  family: "F",
  where: "ensemble",
  rules: "objects in ten pieces, any four of which are enough",
  goal: "Pay for a piece that is not kept: the others suffice.",
  view: "V1",
  knobs: {
    dropped: {
      unit: "of its pieces",
      range: [0, 1],
      tries: [0.5, 1],
      because: "Invisible while no more than six of ten are gone.",
    },
  },
  cost: "Half a piece's pay is storage.",
  defence: {
    name: "each piece challenged by itself, one day in twenty",
    off: "objects are checked whole, by reading any four pieces",
    source: "fact sheet F6",
  },
  seen: [{ figure: "absence is invisible while failures ≤ n − k", source: "fact sheet F6" }],
  omits: "Repair fees earned by who let the piece go.",
  own: { name: "objects lost", unit: "share", because: "When a third of honest nodes fail on the last day." },
  aim: "rho",
  share: 0.2,
  control: "objects checked whole",
  play({ seed, share, knobs, defended }) {
    const own = ownUnits(seed, "F6", NODES, share)
    const make = (intruded: boolean): Pieces => {
      const holderOf = (object: number, k: number): number => (object * 7 + k * 6) % NODES
      const arena: Arena<Pieces, { readonly pieces: readonly number[] }, { type: "drop"; piece: number }> = {
        name: "pieces",
        players: NODES,
        periods: 60,
        genesis: () => ({ books: new Books(NODES), kept: new Uint8Array(OBJECTS * SET).fill(1), lost: 0 }),
        view: (_s, p, day) => {
          const pieces: number[] = []
          if (day === 0)
            for (let o = 0; o < OBJECTS; o++) for (let k = 0; k < SET; k++) if (holderOf(o, k) === p) pieces.push(o * SET + k)
          return { pieces }
        },
        honest: () => [],
        decide(s, { piece }, p, day) {
          if (holderOf(Math.floor(piece / SET), piece % SET) !== p) return false
          s.kept[piece] = 0
          s.books.cheat(p, day)
          return true
        },
        settle(s, day, nature) {
          for (let o = 0; o < OBJECTS; o++)
            for (let k = 0; k < SET; k++) {
              const p = holderOf(o, k)
              const isKept = s.kept[o * SET + k] === 1
              s.books.cost[p] += isKept ? 0.5 : 0
              const isAsked = nature.chance(0.05)
              if (defended && isAsked) {
                s.books.spent += 0.01
                if (!isKept) {
                  s.books.penalise(p, 20, day, own[p] === 0)
                  continue
                }
              }
              s.books.pay(p, 0.6, isKept)
            }
          if (day < 59) return
          // The day of need: a third of the honest nodes are gone.
          const gone = Uint8Array.from({ length: NODES }, () => (nature.chance(1 / 3) ? 1 : 0))
          for (let o = 0; o < OBJECTS; o++) {
            let left = 0
            for (let k = 0; k < SET; k++) if (s.kept[o * SET + k] === 1 && gone[holderOf(o, k)] === 0) left++
            if (left < NEEDED) s.lost++
            else s.books.served++
          }
        },
      }
      return onArena(arena).play(
        seed,
        intruded
          ? {
              id: "F6",
              owns: (p) => own[p] === 1,
              budget: none,
              policy: ({ pieces }, _b, rng) =>
                pieces.filter(() => rng.unit() <= knobs.dropped).map((piece) => ({ type: "drop", piece })),
            }
          : undefined,
      ).state
    }
    const [state, twin] = [make(true), make(false)]
    const told = state.books.outcome((p) => own[p] === 1, 24, 60, twin.books)
    // A card or disk stands there all the same: a tenth of what storing costs.
    return outcome({
      ...told,
      cost: told.cost! + 0.05 * told.honestCost! * (share / Math.max(0.01, 1 - share)),
      own: state.lost / OBJECTS,
    })
  },
}

interface Spare {
  readonly books: Books
  readonly said: Uint8Array
  readonly real: Uint8Array
}
const phantomSpare: Entry = {
  id: "F7",
  name: "capacity phantom",
  family: "F",
  where: "ensemble",
  rules: "a retainer for spare capacity that is needed in a failover",
  goal: "The retainer for capacity that does not exist.",
  view: "V0",
  knobs: {
    phantom: { unit: "of its spare capacity", range: [0, 1], tries: [0.5, 1], because: "What is not there costs nothing." },
  },
  cost: "Spare capacity .9 a day; .05 for saying so.",
  defence: {
    name: "surprise load tests, one day in thirty; ten days' pay lost",
    off: "no drills",
    source: "fact sheet F7; deterrence 5.4",
  },
  seen: [],
  omits: "A centralised provider has no such problem, and one control.",
  own: { name: "capacity missing in a failover", unit: "share", because: "On three days of ninety." },
  aim: "rho",
  share: 0.2,
  control: "no drills",
  play({ seed, share, knobs, defended }) {
    const own = ownUnits(seed, "F7", NODES, share)
    let [asked, missing] = [0, 0]
    const arena: Arena<Spare, object, { type: "offer"; real: boolean }> = {
      name: "spare",
      players: NODES,
      periods: DAYS,
      genesis: () => ({ books: new Books(NODES), said: new Uint8Array(NODES), real: new Uint8Array(NODES) }),
      view: () => ({}),
      honest: () => [{ type: "offer", real: true }],
      decide(s, { real }, p, day) {
        s.said[p] = 1
        s.real[p] = real ? 1 : 0
        if (!real) s.books.cheat(p, day)
        return true
      },
      settle(s, day, nature) {
        const isFailover = day % 30 === 29
        for (let p = 0; p < NODES; p++) {
          const isDrilled = nature.chance(1 / 30)
          if (s.said[p] === 0) continue
          s.books.cost[p] += 0.05 + (s.real[p] === 1 ? 0.9 : 0)
          const isFound = s.real[p] === 0 && ((defended && isDrilled) || isFailover)
          if (defended && isDrilled) s.books.spent += 0.1
          if (isFound) s.books.penalise(p, defended ? 30 : 0, day, own[p] === 0)
          else s.books.pay(p, 1, s.real[p] === 1)
          if (!isFailover) continue
          asked++
          if (s.real[p] === 0) missing++
          else s.books.served++
        }
      },
    }
    const game = onArena(arena)
    const { state } = game.play(seed, {
      id: "F7",
      owns: (p) => own[p] === 1,
      budget: none,
      policy: (_v, _b, rng) => [{ type: "offer", real: rng.unit() > knobs.phantom }],
    })
    const gap = missing / asked
    return outcome({ ...state.books.outcome((p) => own[p] === 1, 24, DAYS, game.play(seed).state.books), own: gap })
  },
}

export const arenaOutage: readonly Entry[] = [waiver, bonus, freeRider, phantomSpare]
