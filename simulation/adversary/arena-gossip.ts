/** Family C around the chain: peers that are all the adversary's, and votes that are bought. */
import { computeEclipse } from "../../protocol/resilience/adversary/quorum.ts"
import { onArena, type Arena } from "./arena.ts"
import { outcome, type Entry } from "./entry.ts"
import { ownUnits } from "./policy.ts"

const PEERS = 400
const eclipse: Entry = {
  id: "C6",
  name: "eclipse",
  family: "C",
  where: "ensemble",
  rules: "a gossip mesh of D peers, some of them dialled out; a proof that must reach one honest peer",
  goal: "All of a victim's peers are the adversary's: its proofs miss their deadline though it is up.",
  view: "V2",
  knobs: {
    dials: { unit: "of inbound slots", range: [0, 1], tries: [0.5, 1], because: "Inbound slots can be forced by dialling." },
  },
  cost: "Addresses.",
  defence: { name: "four outbound slots drawn fresh, kept scores", off: "no outbound quota", source: "GSUB v1.1: D_out" },
  seen: [
    {
      figure: `a^D: .4 of addresses take all of six with ${computeEclipse(0.4, 6).toFixed(4)}`,
      source: "closed form; Heilman et al. UNVERIFIED",
    },
  ],
  omits: "Address-book poisoning over restarts; scores that prune.",
  own: { name: "victims eclipsed", unit: "share of draws", because: "a^D, or a^D_out where inbound is forced." },
  aim: "own",
  share: 0.33,
  play({ seed, share, knobs, defended }) {
    const [degree, outbound, rounds] = [8, defended ? 4 : 1, 20]
    const own = ownUnits(seed, "C6", PEERS, share)
    interface Mesh {
      forced: number
      eclipsed: number
      drawn: number
    }
    const arena: Arena<Mesh, object, { type: "dial"; slots: number }> = {
      name: "mesh",
      players: 1,
      periods: rounds,
      genesis: () => ({ forced: 0, eclipsed: 0, drawn: 0 }),
      view: () => ({}),
      honest: () => [],
      decide(s, { slots }) {
        s.forced = Math.min(slots, degree - outbound)
        return true
      },
      settle(s, _round, nature) {
        for (let victim = 0; victim < 100; victim++) {
          let honest = 0
          // Outbound peers, and inbound ones that were not forced, are drawn among all.
          for (let k = 0; k < degree - s.forced; k++) if (own[nature.below(PEERS)] === 0) honest++
          s.drawn++
          if (honest === 0) s.eclipsed++
        }
        s.forced = 0
      },
    }
    const { state } = onArena(arena).play(seed, {
      id: "C6",
      owns: () => true,
      budget: { money: 0, identities: PEERS },
      policy: () => [{ type: "dial", slots: Math.round(knobs.dials * degree) }],
    })
    return outcome({
      delivered: state.drawn,
      unpaid: state.eclipsed,
      penalised: state.eclipsed,
      penalisedHonest: state.eclipsed,
      served: state.drawn - state.eclipsed,
      servedWithout: state.drawn,
      horizonHours: rounds / 2,
      own: state.eclipsed / state.drawn,
    })
  },
}

const VOTERS = 60
const bribery: Entry = {
  id: "C7",
  name: "p + ε bribery",
  family: "C",
  where: "ensemble",
  rules: "a report paid to whoever is with the majority",
  goal: "A wrong report by the majority: voters are promised more than the pay if the vote fails to go wrong.",
  view: "V0",
  knobs: {
    epsilon: {
      unit: "of the pay",
      range: [0.001, 1],
      tries: [0.01, 0.1, 1],
      because: "Every rational voter follows; nothing is ever paid.",
    },
  },
  cost: "What is spent; n(P + ε) must be held.",
  defence: {
    name: "a bond of twenty times the pay, lost by who is outvoted later by audit, one round in ten",
    off: "the majority is paid, nothing else",
    source: "fact sheet C7; George and Lesaege, abstract read",
  },
  seen: [{ figure: "n(P + ε) held, 0 spent", source: "closed form; Buterin's post UNVERIFIED" }],
  omits: "Voters who doubt the briber; a share of rational voters equal to the entry's share follows, the rest are honest.",
  own: { name: "wrong verdicts", unit: "share of rounds", because: "Rounds whose majority was wrong." },
  aim: "own",
  share: 0.4,
  control: "from a majority of rational voters on",
  play({ seed, share, knobs, defended }) {
    const rounds = 100
    const [pay, bond, audit] = [1, 20, defended ? 0.1 : 0]
    interface Vote {
      yes: number
      no: number
      bribe: number
      wrong: number
      spent: number
    }
    const arena: Arena<Vote, { readonly bribe: number }, { type: "vote"; wrong: boolean } | { type: "bribe"; each: number }> = {
      name: "vote",
      players: VOTERS + 1,
      periods: rounds,
      genesis: () => ({ yes: 0, no: 0, bribe: 0, wrong: 0, spent: 0 }),
      view: (s) => ({ bribe: s.bribe }),
      honest: ({ bribe }, _budget, rng) => {
        // A rational voter follows where the promise is more than the pay and than what an audit would cost it.
        const isRational = rng.unit() <= share
        return [{ type: "vote", wrong: isRational && bribe > pay && audit * bond < bribe }]
      },
      decide(s, command, p) {
        if (command.type === "bribe") s.bribe = command.each
        else if (p > 0 && command.wrong) s.yes++
        else if (p > 0) s.no++
        return true
      },
      settle(s) {
        if (s.yes > s.no) s.wrong++
        else s.spent += s.yes * s.bribe
        s.yes = s.no = 0
      },
    }
    const { state } = onArena(arena).play(seed, {
      id: "C7",
      owns: (p) => p === 0,
      budget: { money: VOTERS * (pay + knobs.epsilon), identities: 1 },
      policy: (_view, budget) => [{ type: "bribe", each: budget.money / VOTERS }],
    })
    return outcome({
      penalised: rounds,
      penalisedHonest: state.wrong,
      spent: state.spent,
      horizonHours: rounds,
      own: state.wrong / rounds,
      served: rounds - state.wrong,
      servedWithout: rounds,
    })
  },
}

export const arenaGossip: readonly Entry[] = [eclipse, bribery]
