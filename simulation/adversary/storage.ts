/** Family B on Filecoin's whole machine: providers that keep less than they prove, miss proofs on purpose, forge them, or buy quality. */
import { below, stream } from "../../protocol/kernel/random.ts"
import { computeDetection } from "../../protocol/resilience/adversary/sampling.ts"
import type { Dice } from "../../protocol/resilience/ensemble/dice.ts"
import type { Capture, NetworkView, Order, Row } from "./capture.ts"
import { outcome, type Entry, type Setting } from "./entry.ts"
import { payOf, runStage, runTwin, type Stage, type Staged } from "./stage.ts"

const NODES = 60
const DAY = 86_400
/** What storing costs of all that a provider spends; the rest is sealing, pledge and people. ASSUMPTION. */
const STORAGE_PART = 0.5

/** Providers of one size, so that a share of nodes is that share of power, and the luck of elections stays small. */
const ALIKE = { sizeSpreadPermille: 0 } as const

const NET = "earnedMicroFil"
/** Block rewards less fees and penalties paid or owed. */
const incomeOf = (run: Staged): Float64Array => {
  const [earned, burnt, owed] = [run.measure(NET), run.measure("burntMicroFil"), run.measure("owedMicroFil")]
  return earned.map((e, i) => e - burnt[i] - owed[i])
}
const capture = (id: string, share: number, more: Pick<Capture, "takes" | "policy">): Capture => ({
  id,
  share,
  budget: { money: 0, identities: Math.round(share * NODES) },
  ...more,
})
const feesOf = (defended: boolean): Readonly<Record<string, number>> => (defended ? {} : { faultFeeEpochs: 0 })
const service = (run: Staged, twin: Staged) => ({ served: run.served, servedWithout: twin.served })

interface Deadlines {
  readonly miner: { readonly offset: Uint8Array }
  readonly deadline: {
    readonly live: Uint32Array
    readonly faulty: Uint32Array
    readonly recovering: Uint32Array
    readonly unproven: Uint32Array
  }
}
const DEADLINES = 48

/** The row of a provider's deadline: half hours of the day from midnight UTC on, each a row a provider. */
const rowOf = (state: Deadlines, view: NetworkView, node: number, deadline: number): number =>
  ((deadline + state.miner.offset[node]) % DEADLINES) * view.own.length + node

/** How many of n independent sectors are hit, each with chance p. */
function countHits(n: number, p: number, rng: Dice): number {
  let hits = 0
  for (let i = 0; i < n; i++) if (rng.unit() <= p) hits++
  return hits
}

const PARTIAL: Stage = { network: "filecoin", nodes: NODES, days: 5, change: { ...ALIKE, sectorsPerDeadline: 8 } }
const partial: Entry = {
  id: "B1",
  name: "partial storage",
  family: "B",
  where: "filecoin",
  goal: "The reward of whole sectors for a part of the data: challenges that hit what is gone are skipped.",
  view: "V1",
  knobs: {
    missing: {
      unit: "share of each sector",
      range: [0.001, 1],
      tries: [0.003, 0.01, 0.03, 0.1, 0.3, 1],
      because: "Detection is 1 − (1 − f)^10 a day.",
    },
  },
  cost: "Hardware at what it earns honestly, less half of it times the share that is not stored (assumption).",
  defence: {
    name: "fault fee of 3.51 days a further day",
    off: "faultFeeEpochs 0; power is lost all the same",
    source: "FIP-0002; builtin-actors@b0a3bdd6 monies.rs",
  },
  seen: [{ figure: "10 challenges a sector and day; detection .0956 a day at 1 % missing (K04)", source: "SPEC, FIP-0059" }],
  omits: "Data of clients is not followed: retrieval of what is gone fails silently. Sectors are independent.",
  own: { name: "sectors skipped a day", unit: "share", because: "Must be 1 − (1 − f)^10 of those proven." },
  aim: "rho",
  share: 0.1,
  play({ seed, share, knobs, defended }) {
    const hit = computeDetection(knobs.missing, 10)
    const stage = { ...PARTIAL, change: { ...PARTIAL.change, ...feesOf(defended) } }
    let [skippedAll, provenAll] = [0, 0]
    let firstS = 0
    const foundS = new Map<number, number>()
    const run = runStage(
      stage,
      seed,
      capture("B1", share, {
        takes: { SubmitWindowPoSt: "node" },
        policy: () => (view, _budget, rng) => {
          const state = view.state as Deadlines
          return view.intended.flatMap((row, instead): Order[] => {
            const node = Number(row.node)
            const d = rowOf(state, view, node, Number(row.deadline))
            const { live, faulty, recovering, unproven } = state.deadline
            const provable = live[d] - faulty[d] + recovering[d]
            const active = live[d] - faulty[d] - unproven[d]
            const hits = countHits(provable, hit, rng)
            provenAll += provable
            skippedAll += hits
            if (firstS === 0) firstS = Number(row.atS)
            if (hits > 0 && !foundS.has(node)) foundS.set(node, Number(row.atS))
            // Who cannot prove anything of a deadline says nothing at all.
            if (hits >= provable) return []
            return [{ type: view.moment, row: { ...row, skipped: Math.min(hits, active) }, instead }]
          })
        },
      }),
    )
    const twin = runTwin(stage, seed)
    const own = [...run.own.keys()].filter((n) => run.own[n] === 1)
    return outcome({
      ...payOf(incomeOf(run), incomeOf(twin), run.own, STORAGE_PART * knobs.missing),
      paidForNothing: Math.max(0, sumOf(run.measure(NET), run.own) * knobs.missing),
      horizonHours: PARTIAL.days * 24,
      foundHours: own.map((n) => (foundS.has(n) ? (foundS.get(n)! - firstS) / 3600 : NaN)),
      own: provenAll === 0 ? NaN : skippedAll / provenAll,
    })
  },
}
const sumOf = (values: Float64Array, own: Uint8Array): number => values.reduce((sum, v, i) => sum + (own[i] === 1 ? v : 0), 0)

const ALTERNATING: Stage = { network: "filecoin", nodes: NODES, days: 8, change: ALIKE }
const alternating: Entry = {
  id: "B6",
  name: "alternating fault",
  family: "B",
  where: "filecoin",
  goal: "Reward on some days, no storage cost on the others: the first missed period is free.",
  view: "V1",
  knobs: {
    missed: {
      unit: "days in a row",
      range: [1, 42],
      tries: [1, 2, 3],
      because: "The second day missed costs 3.51 days of reward.",
    },
    proved: { unit: "days in a row", range: [1, 42], tries: [1, 3], because: "Power returns with the first proof." },
  },
  cost: "Hardware at what it earns honestly, less half of it on days off (assumption: what is idle can be let).",
  defence: { name: "fault fee of 3.51 days a further day", off: "faultFeeEpochs 0", source: "FIP-0002" },
  seen: [
    {
      figure: "it does not pay, for power is lost while faulty; n missed periods cost 3.51·(n − 1) days",
      source: "FIP-0002, derived",
    },
  ],
  omits: "What the idle machines would earn elsewhere is the assumption that decides; sealing is not saved.",
  aim: "rho",
  share: 0.1,
  play({ seed, share, knobs, defended }) {
    const cycle = knobs.missed + knobs.proved
    const isOff = (atS: number): boolean => Math.floor(atS / DAY) % cycle < knobs.missed
    const stage = { ...ALTERNATING, change: { ...ALIKE, ...feesOf(defended) } }
    const run = runStage(
      stage,
      seed,
      capture("B6", share, {
        takes: { SubmitWindowPoSt: "node" },
        policy: () => (view) =>
          view.intended.flatMap((row, instead) => (isOff(Number(row.atS)) ? [] : [{ type: view.moment, row, instead }])),
      }),
    )
    const twin = runTwin(stage, seed)
    return outcome({
      ...payOf(incomeOf(run), incomeOf(twin), run.own, (STORAGE_PART * knobs.missed) / cycle),
      ...service(run, twin),
      horizonHours: ALTERNATING.days * 24,
    })
  },
}

const FORGED: Stage = { network: "filecoin", nodes: NODES, days: 6, change: ALIKE }
const forged: Entry = {
  id: "B7",
  name: "optimistic-proof abuse",
  family: "B",
  where: "filecoin",
  goal: "Power for data that is gone: proofs that would not verify, in the hope that nobody disputes them.",
  view: "V1",
  knobs: {
    forgedPermille: {
      unit: "‰ of deadlines",
      range: [0, 1000],
      tries: [50, 250, 600],
      because: "More forged means more to be found.",
    },
  },
  cost: "Hardware at what it earns honestly, less half of it times the share that is gone (assumption).",
  defence: {
    name: "half of all bad proofs are found and disputed",
    off: "watchedPermille 0: no honest checker",
    source: "FIP-0010: 5.51 days + 20 FIL a proof, 4 FIL to the disputer; how many check is not known",
  },
  seen: [{ figure: "profit is negative if caught within 12 h with probability 1/3 or more", source: "FIP-0010" }],
  omits:
    "A block's own proof is always verified, with or without checkers. Self-disputes, and throw-away providers that leave with a debt.",
  own: { name: "proofs disputed", unit: "proofs", because: "What the checkers found." },
  aim: "rho",
  share: 0.1,
  play({ seed, share, knobs, defended }) {
    const permille = Math.round(share * 1000)
    const rules = { ...ALIKE, watchedPermille: defended ? 500 : 0 }
    const run = runStage({ ...FORGED, change: { ...rules, ...knobs, forgingPermille: permille } }, seed)
    const twin = runTwin({ ...FORGED, change: rules }, seed)
    const dice = stream(seed, "filecoin/character")
    const own = Uint8Array.from({ length: NODES }, (_, n) => (below(dice, 1000, n) >= 1000 - permille ? 1 : 0))
    const gone = knobs.forgedPermille / 1000
    return outcome({
      ...payOf(incomeOf(run), incomeOf(twin), own, STORAGE_PART * gone),
      paidForNothing: sumOf(run.measure(NET), own) * gone,
      ...service(run, twin),
      horizonHours: FORGED.days * 24,
      own: run.total("proof.disputed"),
      spent: 0,
    })
  },
}

const QUALITY: Stage = { network: "filecoin", nodes: NODES, days: 4, change: ALIKE }

const quality: Entry = {
  id: "B8",
  name: "quality self-dealing",
  family: "B",
  where: "filecoin",
  goal: "Ten times the reward per raw byte: own client, own data, a data cap obtained for nothing.",
  view: "V3",
  knobs: {
    tenfold: {
      unit: "share of own deadlines",
      range: [0, 1],
      tries: [0.5, 1],
      because: "Every tenfold deadline draws on the same pool.",
    },
  },
  cost: "Hardware at what it earns honestly. Pledge grows with quality and is brought; its interest is not counted.",
  defence: {
    name: "everybody has the tenfold share",
    off: "others at 115.6 ‰ of raw bytes, as in 2023",
    source: "FIP-0080 (11.56 %), FIP-0118 (≈ 83 % in 2026)",
  },
  seen: [
    { figure: "11.6 % of raw bytes held 56.6 % of power in 2023", source: "FIP-0080" },
    { figure: "≈ 83 % of sectors carry the tenfold in 2026", source: "FIP-0118" },
  ],
  omits: "Allocators, refill reviews and Spark's thresholds: the gate is people, and is either open to the adversary or not.",
  own: { name: "share of power", unit: "share", because: "Closed form K27." },
  aim: "rho",
  share: 0.05,
  control: "tenfold reward per raw byte while others have little of it (K27)",
  play(setting: Setting) {
    const { seed, share, knobs, defended } = setting
    const stage = { ...QUALITY, change: { ...ALIKE, verifiedPermille: defended ? 830 : 116 } }
    const more = BigInt(12)
    const run = runStage(
      stage,
      seed,
      capture("B8", share, {
        takes: { CreateMiner: "node", BringSectors: "node" },
        policy: () => (view) =>
          view.intended.map((row, instead) => {
            const own: Row =
              view.moment === "CreateMiner"
                ? { ...row, fundsAtto: (row.fundsAtto as bigint) * more }
                : { ...row, verifiedDeadlines: Math.round(knobs.tenfold * DEADLINES), verifiedPermille: 1000 }
            return { type: view.moment, row: own, instead }
          }),
      }),
    )
    const twin = runTwin(stage, seed)
    const power = run.measure("qaGib")
    return outcome({
      ...payOf(incomeOf(run), incomeOf(twin), run.own),
      ...service(run, twin),
      horizonHours: QUALITY.days * 24,
      own: sumOf(power, run.own) / power.reduce((a, b) => a + b, 0),
    })
  },
}

const FINALITY: Stage = { network: "filecoin", nodes: NODES, days: 2, change: { ...ALIKE, f3On: 1 } }
const halting: Entry = {
  id: "C3",
  name: "halting finality by a third",
  family: "C",
  where: "filecoin",
  goal: "No finality: power above a third signs nothing.",
  view: "V1",
  knobs: {},
  cost: "Nothing: blocks go on and are paid.",
  defence: { name: "none in the protocol: expected consensus goes on", off: "the same", source: "FIP-0086" },
  seen: [
    { figure: "HIP-40's list: blocked at .5 → .015, .66 → .491, .8 → .984 of inclusion (K21)", source: "HIP-40, evaluated" },
  ],
  omits:
    "Deliberate exclusion of a victim from blocks is in C3b; providers are of one size here, so a share of them is a share of power.",
  own: { name: "epochs behind", unit: "epochs", because: "From the head to the last epoch that F3 made final." },
  aim: "own",
  share: 0.4,
  play({ seed, share }) {
    const run = runStage({ ...FINALITY, change: { ...FINALITY.change, f3SkippingPermille: Math.round(share * 1000) } }, seed)
    const twin = runTwin({ ...FINALITY, change: { ...FINALITY.change, f3SkippingPermille: 0 } }, seed)
    const [now, then] = [run.total("f3.instance"), twin.total("f3.instance")]
    return outcome({
      served: now,
      servedWithout: then,
      horizonHours: FINALITY.days * 24,
      own: run.last("f3.behind"),
      income: share,
      cost: share,
      honestIncome: 1 - share,
      honestCost: 1 - share,
    })
  },
}

export const storage: readonly Entry[] = [partial, alternating, forged, quality]
export const finality: readonly Entry[] = [halting]
