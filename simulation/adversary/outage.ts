/** Family F on the resilience mechanisms' own machine: captured observers, grace by a late address, outages made by oneself. */
import { CORRELATED, INDIVIDUAL } from "../../protocol/resilience/confusion.ts"
import { computeGraceBond } from "../../protocol/resilience/adversary/incentive.ts"
import { Rehearsal, usualHome } from "../../protocol/resilience/example/inhabit-rehearsal.ts"
import { appendRow } from "../../protocol/kernel/table.ts"
import { outcome, type Entry } from "./entry.ts"
import { ownUnits } from "./policy.ts"

const FUND = 1_000_000
const HOURS = 6
const sum = (nodes: readonly number[], of: (n: number) => number): number => nodes.reduce((a, n) => a + of(n), 0)

const capture: Entry = {
  id: "F1",
  name: "false outage by observer capture",
  family: "F",
  where: "resilience",
  goal: "A healthy country declared down: colluding observers and witnesses say so, and one of them claims it.",
  view: "V1",
  knobs: {},
  cost: "Bonds behind claims that fall; hardware goes on earning.",
  defence: {
    name: "14 of 21 witnesses from outside the domain, and a bond",
    off: "one witness is enough",
    source: "mechanism 2, witnessQuorum; fact sheet 5.9",
  },
  seen: [
    {
      figure: "21 drawn, 14 needed: a = .3 → 5.6e-4, a = .4 → .0122 captured; .277 and .651 blocked (K19, K20)",
      source: "closed form",
    },
  ],
  omits: "What a false declaration would be worth is in F2 and F3. Ninety minutes: a claim is opened again as soon as one falls.",
  own: { name: "false declarations", unit: "in 90 minutes", because: "Of a country that is up." },
  aim: "own",
  share: 0.33,
  control: "with one witness the country is declared down",
  play({ seed, share, defended }) {
    const nodes = 200
    const own = ownUnits(seed, "F1", nodes, share)
    const r = new Rehearsal({
      nodes,
      seed,
      frames: 3,
      colludes: (n) => own[n] === 1,
      fund: FUND,
      ...(defended ? {} : { params: { witnessQuorum: 1 } }),
    })
    r.run(90)
    const { total } = r.state.outages
    const mine = [...own.keys()].filter((n) => own[n] === 1)
    const others = [...own.keys()].filter((n) => own[n] === 0)
    const { duty } = r.state
    return outcome({
      income: sum(mine, (n) => duty.paid[n] - duty.lost[n]) - total.bondsLost[0],
      cost: mine.length,
      honestIncome: sum(others, (n) => duty.paid[n] - duty.lost[n]),
      honestCost: others.length,
      penalised: total.rejected[0] + sum([...own.keys()], (n) => (duty.lost[n] > 0 ? 1 : 0)),
      penalisedHonest: sum(others, (n) => (duty.lost[n] > 0 ? 1 : 0)),
      horizonHours: 1.5,
      own: total.declarations[0],
    })
  },
}

const REWARD = 1000
const PENALTY = 400
const late: Entry = {
  id: "F2",
  name: "individual grace fraud",
  family: "F",
  where: "resilience",
  goal: "A share of the reward while silent: move on paper into the country that is dark, and sell the machine elsewhere.",
  view: "V0",
  knobs: {
    resold: {
      unit: "of the reward",
      range: [0, 1.5],
      tries: [0.3, 0.6, 0.9],
      because: "What the machine earns elsewhere an hour.",
    },
  },
  cost: "The same hardware for all.",
  defence: {
    name: "addresses frozen for seven days before the onset",
    off: "graceFreezeSeconds 0",
    source: "mechanism 3; fact sheet F2: attributes must be frozen before the outage",
  },
  seen: [
    {
      figure: `bond that deters: ${computeGraceBond(48, 0.5, 1, 0.2, 0.1)} hours of reward at 48 h, γ .5, w .2, p .1 (K23)`,
      source: "closed form",
    },
  ],
  omits: "Grace pays half of the reward here; by default it pays none, and only penalties are waived.",
  own: { name: "hours under grace", unit: "h a node", because: "Of the adversary's nodes." },
  aim: "rho",
  share: 0.1,
  control: "half a reward and .6 elsewhere are more than one",
  play({ seed, share, knobs, defended }) {
    const nodes = 200
    const dark = 2
    const r = new Rehearsal({
      nodes,
      seed,
      fund: FUND,
      home: usualHome,
      params: {
        rewardPerHour: nodes * REWARD,
        penaltyPerHour: PENALTY,
        graceRewardPermille: 500,
        diversityBetaMilli: 0,
        ...(defended ? {} : { graceFreezeSeconds: 0 }),
      },
    })
    const drawn = ownUnits(seed, "F2", nodes, share)
    const mine = [...drawn.keys()].filter((n) => drawn[n] === 1 && r.homes[n].country !== dark)
    const others = [...drawn.keys()].filter((n) => drawn[n] === 0 && r.homes[n].country !== dark)
    let sold = 0
    r.run(60 * (HOURS + 2), (minute) => {
      if (minute === 118) {
        for (const node of mine) {
          const { owner: _owner, ...home } = r.homes[node]
          appendRow(r.commands.DeclareDomains, { node, ...home, country: dark, grid: dark, at: r.nowS })
        }
        r.submit("DeclareDomains")
      }
      if (minute === 120) for (const node of r.members("country", dark)) r.set(node, false, CORRELATED)
      if (minute === 121) for (const node of mine) r.set(node, false, CORRELATED)
      if (minute > 121 && minute % 60 === 0) sold += mine.length
    })
    const { duty, grace } = r.state
    const net = (n: number): number => duty.paid[n] - duty.lost[n]
    return outcome({
      income: sum(mine, net) + sold * knobs.resold * REWARD,
      cost: mine.length,
      honestIncome: sum(others, net),
      honestCost: others.length,
      paid: sum([...drawn.keys()], (n) => duty.paid[n]),
      paidForNothing: sum(mine, (n) => (grace.node.usedSeconds[n] / 3600) * REWARD * 0.5),
      penalised: sum([...drawn.keys()], (n) => (duty.lost[n] > 0 ? 1 : 0)),
      penalisedHonest: sum(others, (n) => (duty.lost[n] > 0 ? 1 : 0)),
      horizonHours: HOURS,
      own: mine.length === 0 ? NaN : sum(mine, (n) => grace.node.usedSeconds[n]) / 3600 / mine.length,
    })
  },
}

const MEMBERS = 40
const selfMade: Entry = {
  id: "F3",
  name: "self-inflicted domain outage",
  family: "F",
  where: "resilience",
  goal: "Save the penalties of nodes that fail anyway: switch off more of the same ASN until an outage is declared.",
  view: "V0",
  knobs: {
    off: { unit: "of its healthy nodes", range: [0, 1], tries: [0.3, 0.6, 1], because: "Each gives up its reward." },
    names: { unit: "names", range: [1, 40], tries: [1, 40], because: "Under one name its own nodes do not count for its grace." },
  },
  cost: "The same hardware for all; what is switched off earns nothing.",
  defence: {
    name: "the waiver rises from the threshold to 90 % of the domain",
    off: "all is waived at the threshold (graceFullPermille 501)",
    source: "mechanism 3, bound p·θ₂ ≤ r·(θ₂ − θ)",
  },
  seen: [{ figure: "no profit as long as b·pen ≤ (1 − γ)·r·x·N·H", source: "closed form F3" }],
  omits: "The domain has 40 of 200 nodes, a third of which fail by themselves; the penalty is .4 of the reward.",
  own: { name: "penalties waived", unit: "of those due", because: "Over the adversary's failing nodes." },
  aim: "rho",
  share: 0.33,
  names: "names",
  play({ seed, share, knobs, defended }) {
    const nodes = 200
    const mineCount = Math.round(share * MEMBERS)
    const drawn = ownUnits(seed, "F3", MEMBERS, share)
    const failing = ownUnits(seed, "F3/failing", MEMBERS, 1 / 3)
    const mine = [...drawn.keys()].filter((n) => drawn[n] === 1)
    const others = [...drawn.keys()].filter((n) => drawn[n] === 0)
    const healthy = mine.filter((n) => failing[n] === 0)
    const run = (off: number): Rehearsal => {
      const r = new Rehearsal({
        nodes,
        seed,
        fund: FUND,
        params: {
          rewardPerHour: nodes * REWARD,
          penaltyPerHour: PENALTY,
          diversityBetaMilli: 0,
          ...(defended ? {} : { graceFullPermille: 501 }),
        },
        home: (node) => ({
          owner: node < MEMBERS && drawn[node] === 1 ? 1000 + (mine.indexOf(node) % knobs.names) : node,
          country: 1 + (node % 7),
          asn: node < MEMBERS ? 1 : 2 + (node % 8),
          provider: 1 + (node % 5),
          client: 1,
          grid: 1 + (node % 7),
        }),
      })
      r.run(60 * HOURS, (minute) => {
        if (minute !== 30) return
        for (let n = 0; n < MEMBERS; n++) if (failing[n] === 1) r.set(n, false, INDIVIDUAL)
        for (const n of healthy.slice(0, Math.round(off * healthy.length))) r.set(n, false, CORRELATED)
      })
      return r
    }
    const [done, twin] = [run(knobs.off), run(0)]
    const gross = (r: Rehearsal, of: readonly number[]): number => r.income(of)
    const { duty } = done.state
    return outcome({
      // Hardware costs what it earns when nothing is switched off.
      income: gross(done, mine),
      cost: mineCount === 0 ? 0 : gross(twin, mine),
      honestIncome: gross(done, others),
      honestCost: gross(twin, others),
      penalised: sum([...drawn.keys()], (n) => (duty.lost[n] > 0 ? 1 : 0)),
      penalisedHonest: 0,
      horizonHours: HOURS,
      own:
        sum(mine, (n) => duty.waived[n]) /
        Math.max(
          1,
          sum(mine, (n) => duty.waived[n] + duty.lost[n]),
        ),
    })
  },
}

export const outage: readonly Entry[] = [capture, late, selfMade]
