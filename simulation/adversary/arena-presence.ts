/** Family A where no network run has it: relays and the lists that find them, identities that are thrown away, identities that go dark. */
import { exp } from "../../protocol/kernel/real.ts"
import { onArena, type Arena } from "./arena.ts"
import { Books } from "./books.ts"
import { outcome, type Entry } from "./entry.ts"
import { ownUnits } from "./policy.ts"

const RATE = 1.8
const MEAN_LIFE = 14
const HARDWARE = 1
const DAYS = 180
const SLOTS = 40

interface Identity {
  readonly slot: number
  readonly since: number
  live: boolean
  banned: boolean
  readonly pending: { readonly due: number; readonly amount: number }[]
}
interface Cycling {
  readonly books: Books
  readonly identities: Identity[]
  readonly current: (Identity | undefined)[]
  readonly cheats: Uint8Array
}
type CycleCommand = { readonly type: "register" | "abandon" }
interface CycleView {
  /** Days its identity has earned; −1 without one. */
  readonly age: number
}

const cycling: Entry = {
  id: "A6",
  name: "identity cycling",
  family: "A",
  where: "ensemble",
  rules: "Helium's registration and escrow, as a list of identities with a hazard",
  goal: "Earn until detected, drop the identity, register another.",
  view: "V0",
  knobs: {
    leaveAfter: {
      unit: "d",
      range: [1, 90],
      tries: [14, 30, 90],
      because: "Leaving before detection saves what is not in escrow.",
    },
    hardware: {
      unit: "of an honest gateway's",
      range: [0, 1],
      tries: [0.1, 1],
      because: "HIP-57 suspects keys without hardware of their own.",
    },
    identityCost: {
      unit: "$",
      range: [0, 500],
      tries: [10, 50],
      because: "HIP-57's $40 + $10; data-only identities are nearly free.",
    },
  },
  cost: "$1 of hardware a day and slot, and the price of every identity.",
  defence: { name: "rolling escrow of 30 d, burnt on a ban", off: "no escrow", source: "HIP-144, authorised, optional" },
  seen: [
    {
      figure: "removal within seven days of a weekly list over a 14-day window; HIP-57 assumes 15 days",
      source: "DEVBLOG, HIP-57",
    },
    { figure: "break-even 27.8 d, with 10 % pay for 15 d 41.3 d (K13)", source: "HIP-57's numbers" },
  ],
  omits: "Shared hardware behind identities; honest gateways are never banned here.",
  own: { name: "income per identity", unit: "$", because: "Closed form 5.7: r·T·e^(−W/T) for one that never leaves." },
  aim: "rho",
  share: 0.1,
  control: "cheap identities without escrow",
  play({ seed, share, knobs, defended }) {
    const escrow = defended ? 30 : 0
    const own = ownUnits(seed, "A6", SLOTS, share)
    const hazard = 1 - exp(-1 / MEAN_LIFE)
    const arena: Arena<Cycling, CycleView, CycleCommand> = {
      name: "cycling",
      players: SLOTS,
      periods: DAYS,
      genesis: () => ({ books: new Books(SLOTS), identities: [], current: Array.from({ length: SLOTS }), cheats: own }),
      view: (s, p, day) => ({ age: s.current[p] === undefined ? -1 : day - s.current[p].since }),
      honest: ({ age }) => (age < 0 ? [{ type: "register" }] : []),
      decide(s, { type }, p, day) {
        const id = s.current[p]
        if (type === "abandon") {
          if (id === undefined) return false
          id.live = false
          s.current[p] = undefined
          return true
        }
        if (id !== undefined) return false
        const fresh: Identity = { slot: p, since: day, live: true, banned: false, pending: [] }
        s.current[p] = fresh
        s.identities.push(fresh)
        s.books.cost[p] += knobs.identityCost
        if (s.cheats[p] === 1) s.books.cheat(p, day)
        return true
      },
      settle(s, day, nature) {
        for (let p = 0; p < SLOTS; p++) s.books.cost[p] += s.cheats[p] === 1 ? HARDWARE * knobs.hardware : HARDWARE
        for (const id of s.identities) {
          const isCheat = s.cheats[id.slot] === 1
          if (id.banned || (!id.live && id.pending.length === 0)) continue
          if (isCheat && nature.chance(hazard)) {
            id.banned = true
            id.live = false
            if (s.current[id.slot] === id) s.current[id.slot] = undefined
            id.pending.length = 0
            s.books.penalise(id.slot, 0, day, false)
            continue
          }
          if (id.live) id.pending.push({ due: day + escrow, amount: RATE })
          while (id.pending.length > 0 && id.pending[0].due <= day) s.books.pay(id.slot, id.pending.shift()!.amount, !isCheat)
        }
      },
    }
    const { state } = onArena(arena).play(seed, {
      id: "A6",
      owns: (p) => own[p] === 1,
      budget: { money: Infinity, identities: Infinity },
      policy: ({ age }) => (age < 0 ? [{ type: "register" }] : age >= knobs.leaveAfter ? [{ type: "abandon" }] : []),
    })
    const mine = state.identities.filter((id) => own[id.slot] === 1)
    const result = state.books.outcome((p) => own[p] === 1, 24, DAYS)
    return outcome({ ...result, own: mine.length === 0 ? NaN : result.income! / mine.length })
  },
}

interface Listed {
  readonly books: Books
  /** The last day with data of a cheat, and whether it is listed. */
  readonly seen: Int16Array
  readonly listed: Uint8Array
  readonly worked: Uint8Array
}
const WINDOW = 14
const onOff: Entry = {
  id: "A7",
  name: "on-off evasion",
  family: "A",
  where: "ensemble",
  rules: "Helium's weekly list over a window of 14 days",
  goal: "Leave the list by going dark for as long as its window looks back, then return.",
  view: "V0",
  knobs: { dark: { unit: "d", range: [0, 28], tries: [7, 15, 21], because: "The window is 14 days." } },
  cost: "Hardware that costs what an honest gateway earns.",
  defence: {
    name: "entries without data are carried over",
    off: "an entry lapses when its window has no data",
    source: "denylist, since 2023-10-17",
  },
  seen: [{ figure: "7,413,913 edges carried over in the list of 2026-07-01", source: "denylist@738247d7" }],
  omits: "A list finds each cheat with data in its window with .9 a week: an assumption of the network.",
  own: { name: "days paid", unit: "share", because: "Of all days, after the first listing: 0 with carry-over." },
  aim: "rho",
  share: 0.1,
  play({ seed, share, knobs, defended }) {
    const own = ownUnits(seed, "A7", SLOTS, share)
    let [after, paidAfter] = [0, 0]
    const arena: Arena<Listed, { listed: boolean; darkFor: number }, { type: "work" }> = {
      name: "list",
      players: SLOTS,
      periods: DAYS,
      genesis: () => ({
        books: new Books(SLOTS),
        seen: new Int16Array(SLOTS).fill(-999),
        listed: new Uint8Array(SLOTS),
        worked: new Uint8Array(SLOTS),
      }),
      view: (s, p, day) => ({ listed: s.listed[p] === 1, darkFor: day - s.seen[p] }),
      honest: () => [{ type: "work" }],
      decide(s, _command, p, day) {
        s.worked[p] = 1
        if (own[p] === 1) {
          s.seen[p] = day
          s.books.cheat(p, day)
        }
        return true
      },
      settle(s, day, nature) {
        for (let p = 0; p < SLOTS; p++) {
          s.books.cost[p] += 1
          if (s.books.found[p] === s.books.found[p]) after++
          if (s.worked[p] === 1 && s.listed[p] === 0) {
            s.books.pay(p, 1, own[p] === 0)
            if (s.books.found[p] === s.books.found[p]) paidAfter++
          }
          s.worked[p] = 0
          if (day % 7 !== 6 || own[p] === 0) continue
          const hasData = day - s.seen[p] < WINDOW
          if (hasData && (s.listed[p] === 1 || nature.chance(0.9))) {
            if (s.listed[p] === 0) s.books.penalise(p, 0, day, false)
            s.listed[p] = 1
          } else if (!hasData && !defended) s.listed[p] = 0
        }
      },
    }
    const { state } = onArena(arena).play(seed, {
      id: "A7",
      owns: (p) => own[p] === 1,
      budget: { money: 0, identities: 1 },
      policy: ({ listed, darkFor }) => (!listed || darkFor > knobs.dark ? [{ type: "work" }] : []),
    })
    return outcome({ ...state.books.outcome((p) => own[p] === 1, 24, DAYS), own: after === 0 ? 0 : paidAfter / after })
  },
}

interface Relayed {
  readonly books: Books
  /** Observations and suspicion by beaconer × witness, and what is denied. */
  readonly count: Uint16Array
  readonly relayed: Uint16Array
  readonly deniedEdge: Uint8Array
  readonly deniedNode: Uint8Array
}
const HOTSPOTS = 60
const RELAY_DAYS = 28
const LATENCY_MAX = 4
const relay: Entry = {
  id: "A2",
  name: "rebroadcast relay",
  family: "A",
  where: "ensemble",
  rules: "Helium's latency classifier on a ring of hotspots with six neighbours each",
  goal: "Rewarded witnesses beyond radio range: honest beacons are forwarded and witnessed by remote gateways.",
  view: "V1",
  knobs: {
    delayMax: { unit: "s", range: [0.1, 4.5], tries: [0.5, 2, 3.9], because: "Beyond 4 s an edge is out of bounds at once." },
    victims: {
      unit: "beaconers a gateway",
      range: [1, 50],
      tries: [3, 10, 25],
      because: "More victims, more witnesses, more suspicion on each.",
    },
  },
  cost: "Hardware that costs what an honest hotspot earns.",
  defence: {
    name: "edges are denied, not nodes",
    off: "both ends of too many suspicious edges are denied",
    source: "denylist, edges since 2023-09; DEVBLOG 2023-09-14 names the victims",
  },
  seen: [{ figure: "one classifier relaxed: 14,623 → 7,765 entries the same day", source: "denylist, 2023-09-07" }],
  omits:
    "Entropy of 180 s and the first witness's lag; a flat latency histogram is found with .8 a week, an honest edge with .001.",
  own: { name: "honest nodes denied", unit: "share of honest", because: "At the end." },
  aim: "collateral",
  share: 0.1,
  play({ seed, share, knobs, defended }) {
    const own = ownUnits(seed, "A2", HOTSPOTS, share)
    const isNear = (a: number, b: number): boolean => {
      const d = Math.abs(a - b)
      return Math.min(d, HOTSPOTS - d) <= 3
    }
    const arena: Arena<Relayed, { player: number }, { type: "witness"; beaconer: number; latency: number }> = {
      name: "relay",
      players: HOTSPOTS,
      periods: RELAY_DAYS,
      genesis: () => ({
        books: new Books(HOTSPOTS),
        count: new Uint16Array(HOTSPOTS * HOTSPOTS),
        relayed: new Uint16Array(HOTSPOTS * HOTSPOTS),
        deniedEdge: new Uint8Array(HOTSPOTS * HOTSPOTS),
        deniedNode: new Uint8Array(HOTSPOTS),
      }),
      view: (_s, player) => ({ player }),
      honest: ({ player }, _budget, rng) =>
        Array.from({ length: HOTSPOTS }, (_, b) => b)
          .filter((b) => b !== player && isNear(b, player))
          .map((beaconer) => ({ type: "witness", beaconer, latency: 0.1 + 0.3 * rng.unit() })),
      decide(s, { beaconer, latency }, p, day) {
        const edge = beaconer * HOTSPOTS + p
        const isRelayed = !isNear(beaconer, p)
        s.count[edge]++
        if (isRelayed) {
          s.relayed[edge]++
          s.books.cheat(p, day)
        }
        if (latency > LATENCY_MAX || s.deniedEdge[edge] === 1 || s.deniedNode[p] === 1 || s.deniedNode[beaconer] === 1) {
          // A sound report that is not paid.
          if (!isRelayed && own[p] === 0) {
            s.books.delivered++
            s.books.unpaid++
          }
          return false
        }
        if (!isRelayed && own[p] === 0) s.books.delivered++
        s.books.pay(p, 1, !isRelayed)
        return true
      },
      settle(s, day, nature) {
        for (let p = 0; p < HOTSPOTS; p++) s.books.cost[p] += 6
        if (day % 7 !== 6) return
        const suspicious = new Uint16Array(HOTSPOTS)
        const edges = new Uint16Array(HOTSPOTS)
        for (let b = 0; b < HOTSPOTS; b++)
          for (let w = 0; w < HOTSPOTS; w++) {
            const edge = b * HOTSPOTS + w
            if (s.count[edge] < 5) continue
            edges[b]++
            edges[w]++
            if (!nature.chance(s.relayed[edge] > 0 ? 0.8 : 0.001)) continue
            suspicious[b]++
            suspicious[w]++
            if (defended && s.deniedEdge[edge] === 0) {
              s.deniedEdge[edge] = 1
              s.books.penalise(w, 0, day, s.relayed[edge] === 0 && own[w] === 0)
            }
          }
        if (!defended)
          for (let n = 0; n < HOTSPOTS; n++)
            if (s.deniedNode[n] === 0 && edges[n] > 0 && suspicious[n] / edges[n] > 0.2) {
              s.deniedNode[n] = 1
              s.books.penalise(n, 0, day, own[n] === 0)
            }
      },
    }
    const { state } = onArena(arena).play(seed, {
      id: "A2",
      owns: (p) => own[p] === 1,
      budget: { money: 0, identities: 1 },
      policy: ({ player }, _budget, rng) =>
        Array.from({ length: knobs.victims }, (_, k) => ({
          type: "witness" as const,
          beaconer: (player + 7 + k) % HOTSPOTS,
          latency: 0.2 + (knobs.delayMax - 0.2) * rng.unit(),
        })).filter(({ beaconer }) => own[beaconer] === 0),
    })
    const honest = HOTSPOTS - own.reduce((a, b) => a + b, 0)
    const denied = state.deniedNode.reduce((a, d, n) => a + (d === 1 && own[n] === 0 ? 1 : 0), 0)
    return outcome({ ...state.books.outcome((p) => own[p] === 1, 24, RELAY_DAYS), own: denied / honest })
  },
}

export const arenaPresence: readonly Entry[] = [relay, cycling, onOff]
