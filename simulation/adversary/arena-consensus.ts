/** Family C: forks, withheld blocks, censorship and biased beacons, on chains of a few hundred epochs. */
import { exp } from "../../protocol/kernel/real.ts"
import { computeRevealBias } from "../../protocol/resilience/adversary/quorum.ts"
import type { Dice } from "../../protocol/resilience/ensemble/dice.ts"
import { onArena, type Arena } from "./arena.ts"
import { outcome, type Entry } from "./entry.ts"
import { natureDice } from "./policy.ts"

const none = { money: 0, identities: 1 }

/** A Poisson draw by Knuth's product, for small means. */
export function poisson(mean: number, dice: Dice): number {
  const limit = exp(-mean)
  let n = 0
  for (let product = dice.unit(); product > limit; product *= dice.unit()) n++
  return n
}

const EPOCHS = 900
interface Forks {
  publicWeight: number
  privateWeight: number
  split: boolean
}
const nSplit: Entry = {
  id: "C1",
  name: "n-split on expected consensus",
  family: "C",
  where: "ensemble",
  rules: "expected consensus: weight is blocks, m expected an epoch",
  goal: "A private chain heavier than the public one over a finality of 900 epochs, by keeping honest miners apart.",
  view: "V2",
  knobs: { blocks: { unit: "blocks an epoch", range: [1, 10], tries: [1, 5, 10], because: "The threshold falls with m (K25)." } },
  cost: "Nothing until slashed: identities of 10 TiB are burnt one an epoch.",
  defence: {
    name: "consistent broadcast: six seconds' hold, equivocations dropped",
    off: "every honest block is alone on its fork",
    source: "FRC-0051, which says > 44 %; the paper conjectures ≈ 40 %",
  },
  seen: [
    {
      figure: "threshold .4329 at m = 1, .1964 at m = 5, .1000 at m = 10 (K25)",
      source: "Security Analysis of Filecoin's Expected Consensus",
    },
    { figure: "20 % of 18 EiB splits into 3.6e5 identities of 10 TiB", source: "FRC-0051" },
  ],
  omits: "The race of mean growths: who is heavier after 900 epochs. Ties, uncles and null rounds are not played.",
  own: { name: "private chain heavier", unit: "0 or 1", because: "After 900 epochs." },
  aim: "own",
  share: 0.3,
  control: "above the threshold of K25 the private chain wins",
  play({ seed, share, knobs, defended }) {
    const m = knobs.blocks
    const arena: Arena<Forks, object, { type: "equivocate" }> = {
      name: "n-split",
      players: 1,
      periods: EPOCHS,
      genesis: () => ({ publicWeight: 0, privateWeight: 0, split: false }),
      view: () => ({}),
      honest: () => [],
      decide(s) {
        // A broadcast that drops equivocations refuses it.
        if (defended) return false
        s.split = true
        return true
      },
      settle(s, _epoch, nature) {
        const honest = poisson((1 - share) * m, nature)
        // The private chain is mined in any case; what the split takes is the weight of honest blocks.
        s.privateWeight += poisson(share * m, nature)
        s.publicWeight += s.split ? Math.min(1, honest) : honest
        s.split = false
      },
    }
    const { state } = onArena(arena).play(seed, {
      id: "C1",
      owns: () => true,
      budget: none,
      policy: () => [{ type: "equivocate" }],
    })
    const isHeavier = state.privateWeight > state.publicWeight
    return outcome({ horizonHours: 7.5, own: isHeavier ? 1 : 0, served: isHeavier ? 0 : EPOCHS, servedWithout: EPOCHS })
  },
}

interface Race {
  /** Blocks the selfish side keeps to itself, and whether two branches of one length are racing. */
  lead: number
  tie: boolean
  own: number
  honest: number
  found: "own" | "honest"
}
const selfish: Entry = {
  id: "C2",
  name: "withholding blocks",
  family: "C",
  where: "ensemble",
  rules: "a longest chain (Eyal and Sirer's game), and expected consensus beside it",
  goal: "More than its share of blocks: a lead is kept private and shown when it hurts.",
  view: "V2",
  knobs: {
    gamma: {
      unit: "share of honest miners that follow it",
      range: [0, 1],
      tries: [0, 0.5],
      because: "The threshold is (1 − γ)/(3 − 2γ).",
    },
  },
  cost: "Its share of all mining cost.",
  defence: {
    name: "expected consensus: a win that is not published is lost",
    off: "longest chain",
    source: "SPEC expected consensus",
  },
  seen: [
    {
      figure: "revenue .3269 at α = .3, γ = .5 (threshold .25); .4837 at α = .4, γ = 0",
      source: "formula evaluated, paper UNVERIFIED",
    },
  ],
  omits: "Difficulty adjustment and uncles; a consensus fault's 900 epochs out.",
  own: { name: "revenue share", unit: "share of blocks", because: "Against the closed form." },
  aim: "rho",
  share: 0.33,
  control: "above (1 − γ)/(3 − 2γ) on a longest chain",
  play({ seed, share, knobs, defended }) {
    const blocks = 8000
    const arena: Arena<Race, Race, { type: "show" | "keep" }> = {
      name: "longest-chain",
      players: 1,
      periods: blocks,
      genesis: () => ({ lead: 0, tie: false, own: 0, honest: 0, found: "honest" }),
      view: (s) => s,
      honest: () => [{ type: "show" }],
      decide(s, { type }) {
        if (type === "keep") return true
        s.own += s.lead
        s.lead = 0
        return true
      },
      settle(s, _block, nature) {
        const isOwn = nature.unit() <= share
        const follows = nature.unit() <= knobs.gamma
        if (defended) {
          // A win belongs to its epoch: kept, it is worth nothing in the next.
          if (isOwn) s.lead = 0
          else s.honest++
          return
        }
        if (s.tie) {
          s.tie = false
          if (isOwn) s.own += 2
          else if (follows) {
            s.own++
            s.honest++
          } else s.honest += 2
        } else if (isOwn) s.lead++
        else if (s.lead === 0) s.honest++
        else if (s.lead === 1) {
          s.lead = 0
          s.tie = true
        } else if (s.lead === 2) {
          s.own += 2
          s.lead = 0
        } else {
          s.own++
          s.lead--
        }
      },
    }
    const { state } = onArena(arena).play(seed, { id: "C2", owns: () => true, budget: none, policy: () => [{ type: "keep" }] })
    const all = state.own + state.honest
    return outcome({
      income: state.own,
      cost: share * all,
      honestIncome: state.honest,
      honestCost: (1 - share) * all,
      paid: all,
      horizonHours: blocks / 6,
      own: state.own / all,
    })
  },
}

const DELAY_EPOCHS = 60
const censorship: Entry = {
  id: "C3b",
  name: "censorship by delay",
  family: "C",
  where: "ensemble",
  rules: "slots of a chain with one maker each, and expected consensus with five",
  goal: "A victim's proof misses its deadline: no own block takes it.",
  view: "V1",
  knobs: { slots: { unit: "slots of the deadline", range: [1, 60], tries: [1, 3, 10], because: "a^d falls fast." } },
  cost: "The fees of what is left out.",
  defence: {
    name: "five blocks an epoch, sixty epochs a deadline",
    off: "one block a slot",
    source: "SPEC: expected consensus, 30-minute deadlines",
  },
  seen: [{ figure: "a = .3 for ten slots 5.9e-6; a = .9 for all sixty epochs 9.4e-14 (K29)", source: "closed form" }],
  omits: "Bribing other makers to leave the victim out.",
  own: { name: "proofs lost", unit: "share", because: "a^d without the defence." },
  aim: "own",
  share: 0.33,
  play({ seed, share, knobs, defended }) {
    const rounds = 400
    const epochs = defended ? DELAY_EPOCHS : knobs.slots
    interface Inclusion {
      lost: number
      included: boolean
      excludes: boolean
    }
    const arena: Arena<Inclusion, object, { type: "exclude" }> = {
      name: "inclusion",
      players: 1,
      periods: rounds,
      genesis: () => ({ lost: 0, included: false, excludes: false }),
      view: () => ({}),
      honest: () => [],
      decide(s) {
        s.excludes = true
        return true
      },
      settle(s, _round, nature) {
        s.included = false
        for (let e = 0; e < epochs && !s.included; e++) {
          const honest = defended ? poisson(5 * (1 - share), nature) : nature.unit() <= share ? 0 : 1
          s.included = honest > 0 || !s.excludes
        }
        if (!s.included) s.lost++
        s.excludes = false
      },
    }
    const { state } = onArena(arena).play(seed, {
      id: "C3b",
      owns: () => true,
      budget: none,
      policy: () => [{ type: "exclude" }],
    })
    return outcome({
      delivered: rounds,
      unpaid: state.lost,
      penalised: state.lost,
      penalisedHonest: state.lost,
      served: rounds - state.lost,
      servedWithout: rounds,
      horizonHours: rounds / 2,
      own: state.lost / rounds,
    })
  },
}

const biased: Entry = {
  id: "C4",
  name: "withheld reveals",
  family: "C",
  where: "ensemble",
  rules: "commit and reveal; the last k reveals are the adversary's",
  goal: "A random number it likes: of 2^k outcomes the best is shown.",
  view: "V1",
  knobs: {
    held: { unit: "last reveals", range: [0, 6], tries: [1, 2, 3], because: "2^k outcomes." },
    good: { unit: "share of outcomes", range: [0.01, 0.5], tries: [0.2], because: "How rare what it wants is." },
  },
  cost: "A reveal's reward for each withheld; it takes part at its share.",
  defence: { name: "a beacon nobody can withhold (drand)", off: "commit and reveal", source: "SPEC: Filecoin uses drand" },
  seen: [
    {
      figure: `π = .2: k = 1 → ${computeRevealBias(0.2, 1)}, k = 3 → ${computeRevealBias(0.2, 3).toFixed(4)} (K30)`,
      source: "closed form",
    },
  ],
  omits: "Grinding stake against the beacon: blocked by a lookback of 900 epochs.",
  own: { name: "good outcomes", unit: "share of rounds", because: "Against 1 − (1 − π)^(2^k)." },
  aim: "own",
  share: 0.33,
  control: "a last revealer without the defence",
  play({ seed, share, knobs, defended }) {
    const rounds = 500
    interface Reveal {
      /** Which of the held reveals are kept back, as bits. */
      mask: number
      good: number
      withheld: number
    }
    const isGood = (outcome: number): boolean => outcome < knobs.good
    // What each way of withholding would give is known to the last revealer before it chooses.
    const outcomes = (round: number): readonly number[] => {
      const dice = ownOutcomes(seed, round)
      return Array.from({ length: 2 ** knobs.held }, () => dice.unit())
    }
    const arena: Arena<Reveal, { readonly outcomes: readonly number[] }, { type: "withhold"; mask: number }> = {
      name: "reveal",
      players: 1,
      periods: rounds,
      genesis: () => ({ mask: 0, good: 0, withheld: 0 }),
      view: (_s, _p, round) => ({ outcomes: outcomes(round) }),
      honest: () => [],
      decide(s, { mask }) {
        if (defended || mask < 0 || mask >= 2 ** knobs.held) return false
        s.mask = mask
        return true
      },
      settle(s, round) {
        if (isGood(outcomes(round)[s.mask])) s.good++
        for (let bits = s.mask; bits > 0; bits &= bits - 1) s.withheld++
        s.mask = 0
      },
    }
    const { state } = onArena(arena).play(seed, {
      id: "C4",
      owns: () => true,
      budget: none,
      policy: ({ outcomes: all }) => {
        const mask = all.findIndex(isGood)
        return mask > 0 ? [{ type: "withhold", mask }] : []
      },
    })
    const worth = 10
    let plain = 0
    for (let round = 0; round < rounds; round++) if (isGood(outcomes(round)[0])) plain++
    return outcome({
      // A good outcome is worth ten reveals; honest ones get it as often as the same dice say.
      income: share * rounds + state.good * worth - state.withheld,
      cost: share * rounds + plain * worth,
      honestIncome: 1,
      honestCost: 1,
      horizonHours: rounds,
      own: state.good / rounds,
    })
  },
}
/** Nature's, for each round anew: every way of withholding has an outcome of its own. */
const ownOutcomes = (seed: number, round: number): Dice => natureDice(seed, "reveal", round)

export const arenaConsensus: readonly Entry[] = [nSplit, selfish, censorship, biased]
