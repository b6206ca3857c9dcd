/** Family B, retrieval, which no network run pays for: reads that are refused while checks are served, and checkers' ballots that are stuffed. */
import { onArena, type Arena } from "./arena.ts"
import { Books } from "./books.ts"
import { outcome, type Entry } from "./entry.ts"
import { ownUnits } from "./policy.ts"

const PROVIDERS = 40
const none = { money: 0, identities: 1 }

interface Reads {
  readonly books: Books
  readonly recorded: Float64Array
  readonly success: Float64Array
  readonly asked: Float64Array
  readonly got: Float64Array
}
type Answer = { readonly type: "answer"; readonly request: number; readonly how: "serve" | "refuse" | "ghost" }
interface ReadView {
  /** Requests of this round: whether the object is on the public task list. */
  readonly requests: readonly { readonly request: number; readonly listed: boolean }[]
}
const READS = 20
const withheld: Entry = {
  id: "B11",
  name: "retrieval withholding",
  family: "B",
  where: "ensemble",
  rules: "Spark's checks: tasks of 20 minutes, success above 75 % for data-cap refills",
  goal: "Measured as retrievable without serving: serve what is on the task list only, or answer a byte a minute.",
  view: "V1",
  knobs: {
    ghost: { unit: "0 or 1", range: [0, 1], tries: [0, 1], because: "One byte a minute leaves no result (Spark lists it)." },
    listedOnly: {
      unit: "0 or 1",
      range: [0, 1],
      tries: [0, 1],
      because: "The task list is public while it is checked (Spark lists it).",
    },
  },
  cost: "A tenth of the pay for every read served.",
  defence: {
    name: "a stalled read counts as failed, and checks look like anybody's reads",
    off: "stalled reads leave no result; the task list is public",
    source: "SPARK retrieval-success-rate, its own list of weaknesses",
  },
  seen: [{ figure: "network success 1.22 % (2024-04-18) → 12.8 % (2024-09-25) once refills looked at it", source: "Spark team" }],
  omits: "Checkers that lie (B12); the fraud variants are those Spark names.",
  own: { name: "measured less true success", unit: "share", because: "The gap is the finding." },
  aim: "own",
  share: 0.33,
  control: "measured 100 %, real 0 % with the public list",
  play({ seed, share, knobs, defended }) {
    const own = ownUnits(seed, "B11", PROVIDERS, share)
    const periods = 30
    const make = (intruded: boolean): Reads => {
      const arena: Arena<Reads, ReadView, Answer> = {
        name: "reads",
        players: PROVIDERS,
        periods,
        genesis: () => ({
          books: new Books(PROVIDERS),
          recorded: new Float64Array(PROVIDERS),
          success: new Float64Array(PROVIDERS),
          asked: new Float64Array(PROVIDERS),
          got: new Float64Array(PROVIDERS),
        }),
        // The first half of a round's requests are checks; with the defence nobody can tell.
        view: () => ({
          requests: Array.from({ length: READS }, (_, request) => ({ request, listed: !defended && request < READS / 2 })),
        }),
        honest: ({ requests }, _budget, rng) =>
          requests.map(({ request }) => ({ type: "answer", request, how: rng.chance(0.97) ? "serve" : "refuse" })),
        decide(s, { request, how }, p, period) {
          if (request < 0 || request >= READS) return false
          const isCheck = request < READS / 2
          s.asked[p]++
          if (how === "serve") {
            s.got[p]++
            s.books.cost[p] += 0.1 / READS
            s.books.served++
          } else if (own[p] === 1) s.books.cheat(p, period)
          if (isCheck && !(how === "ghost" && !defended)) {
            s.recorded[p]++
            if (how === "serve") s.success[p]++
          }
          return true
        },
        settle(s, period) {
          for (let p = 0; p < PROVIDERS; p++) {
            s.books.cost[p] += 0.5
            s.books.spent += (READS / 2) * 0.001
            // Without a single result there is nothing against it.
            const isGood = s.recorded[p] === 0 || s.success[p] / s.recorded[p] > 0.75
            if (isGood) s.books.pay(p, 1, s.got[p] / s.asked[p] > 0.75)
            else if (s.books.found[p] !== s.books.found[p]) s.books.penalise(p, 0, period, own[p] === 0)
          }
        },
      }
      return onArena(arena).play(
        seed,
        intruded
          ? {
              id: "B11",
              owns: (p) => own[p] === 1,
              budget: none,
              policy: ({ requests }) =>
                requests.map(({ request, listed }) => ({
                  type: "answer" as const,
                  request,
                  how: knobs.listedOnly === 1 && listed ? "serve" : knobs.ghost === 1 ? "ghost" : "refuse",
                })),
            }
          : undefined,
      ).state
    }
    const state = make(true)
    let [measured, real, count] = [0, 0, 0]
    for (let p = 0; p < PROVIDERS; p++) {
      if (own[p] === 0) continue
      count++
      measured += state.recorded[p] === 0 ? 1 : state.success[p] / state.recorded[p]
      real += state.got[p] / state.asked[p]
    }
    return outcome({
      ...state.books.outcome((p) => own[p] === 1, 24, periods, make(false).books),
      own: count === 0 ? 0 : (measured - real) / count,
    })
  },
}

const SEATS = 40
const SUBNETS = 400
const stuffing: Entry = {
  id: "B12",
  name: "checker ballot-stuffing",
  family: "B",
  where: "ensemble",
  rules: "Spark's committees of 40, one vote a /24 subnet",
  goal: "A rival measured as failing: many self-made ids vote so.",
  view: "V1",
  knobs: {
    ids: { unit: "ids a subnet", range: [1, 50], tries: [1, 5, 20], because: "Ids are free, measurements are not signed." },
  },
  cost: "A subnet a month.",
  defence: {
    name: "the first measurement of each /24 counts",
    off: "every id counts",
    source: "SPARK: first k measurements per IPv4 /24",
  },
  seen: [{ figure: "majority of 40: a = .3 → .0024, .4 → .074, .45 → .213 (K22)", source: "closed form" }],
  omits: "Poisoning of the own subnet's neighbours; rewards of checkers.",
  own: { name: "false verdicts", unit: "share of rounds", because: "An honest provider outvoted." },
  aim: "own",
  share: 0.33,
  names: "ids",
  play({ seed, share, knobs, defended }) {
    const own = ownUnits(seed, "B12", SUBNETS, share)
    const periods = 400
    interface Votes {
      readonly votes: { readonly subnet: number; readonly ok: boolean }[]
      wrong: number
    }
    const arena: Arena<Votes, { id: number }, { type: "report"; ok: boolean; times: number }> = {
      name: "ballot",
      players: SUBNETS,
      periods,
      genesis: () => ({ votes: [], wrong: 0 }),
      view: (_s, id) => ({ id }),
      honest: () => [{ type: "report", ok: true, times: 1 }],
      decide(s, { ok, times }, subnet) {
        for (let k = 0; k < (defended ? 1 : times); k++) s.votes.push({ subnet, ok })
        return times > 0
      },
      settle(s, _period, nature) {
        // A committee is drawn among what was reported.
        let bad = 0
        const seats = Math.min(SEATS, s.votes.length)
        for (let k = 0; k < seats; k++) {
          const j = k + nature.below(s.votes.length - k)
          const kept = s.votes[k]
          s.votes[k] = s.votes[j]
          s.votes[j] = kept
          if (!s.votes[k].ok) bad++
        }
        if (bad > seats / 2) s.wrong++
        s.votes.length = 0
      },
    }
    const { state } = onArena(arena).play(seed, {
      id: "B12",
      owns: (p) => own[p] === 1,
      budget: { money: 0, identities: knobs.ids },
      policy: (_view, budget) => [{ type: "report", ok: false, times: budget.identities }],
    })
    return outcome({ penalised: state.wrong, penalisedHonest: state.wrong, horizonHours: periods, own: state.wrong / periods })
  },
}

export const arenaRetrieval: readonly Entry[] = [withheld, stuffing]
