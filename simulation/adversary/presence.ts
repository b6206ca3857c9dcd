/** Family A on Helium's whole machine: presence and location. Who cheats is drawn by the network's own inhabitants, once a node. */
import { draw, stream } from "../../protocol/kernel/random.ts"
import { clique } from "./presence-clique.ts"
import { outcome, type Entry, type Setting } from "./entry.ts"
import { payOf, runStage, runTwin, type Stage } from "./stage.ts"

const CREDITS_PER_USD = 100_000
const BONES = 1e8

/** Nodes that Helium's inhabitants draw for the first role with a share: the rule of its roles, which a test holds against what it observes. */
export function drawnRoles(seed: number, nodes: number, permille: number): Uint8Array {
  const dice = stream(seed, "helium/role")
  return Uint8Array.from({ length: nodes }, (_, node) => (draw(dice, node) % 1000 < permille ? 1 : 0))
}

const earned = "earnedBones"

function playRole(setting: Setting, stage: Stage, role: string, change: Readonly<Record<string, number>>) {
  const permille = Math.round(setting.share * 1000)
  // The twin lives under the same rules.
  const rules = { ...stage.change, ...change }
  const run = runStage({ ...stage, change: { ...rules, [role]: permille } }, setting.seed)
  const twin = runTwin({ ...stage, change: rules }, setting.seed)
  const own = drawnRoles(setting.seed, stage.nodes, permille)
  return { run, twin, own, pay: payOf(run.measure(earned), twin.measure(earned), own) }
}

const SPOOF: Stage = { network: "helium", nodes: 600, days: 4 }
export const spoof: Entry = {
  id: "A1b",
  name: "false place",
  family: "A",
  where: "helium",
  goal: "A better place on the map than the gateway stands in: it works where it is and asserts another city.",
  view: "V1",
  knobs: {},
  cost: "Hardware at what it earns honestly at the same seed.",
  defence: { name: "no witness beyond 100 km", off: "distanceMaxKm 1000", source: "HIP-58; var-126, 2022-04-14" },
  seen: [{ figure: "more than 99.9 % of 10,000 honest witnesses lie below 100 km", source: "HIP-58" }],
  omits:
    "Free space limits it before and after: RSSI is checked. Farms on one antenna (A3 of the sheet) are not played; their density cap is checkpoint K10.",
  aim: "rho",
  share: 0.1,
  play(setting) {
    const { pay } = playRole(setting, SPOOF, "spoofPermille", { distanceMaxKm: setting.defended ? 100 : 1000 })
    return outcome({ ...pay, paidForNothing: pay.income, horizonHours: SPOOF.days * 24 })
  },
}

const MOBILE: Stage = {
  network: "helium",
  nodes: 600,
  days: 4,
  change: { mobileRadiosPermille: 1000, mobileHexesPerRadio: 20, mobileGeofence: 0 },
}
const FAR_METRES = 100_000
export const modelled: Entry = {
  id: "A4",
  name: "modelled coverage at a false place",
  family: "A",
  where: "helium",
  goal: "Coverage points of a place where the radio does not stand.",
  view: "V1",
  knobs: {
    mobileHexesPerRadio: {
      unit: "hexes",
      range: [1, 100],
      tries: [5, 20],
      because: "More hexes a radio mean more overlap, so the rank within a hex decides.",
    },
  },
  cost: "Hardware alike: a spoofing radio's mean income over an honest one's.",
  defence: {
    name: "distance bands of the location service",
    off: "no distance counts",
    source: "HIP-119; oracles@3e142e9c",
  },
  seen: [{ figure: "phones placed beside gateways are named as the new cheat", source: "HIP-145" }],
  omits: "Boosted cells, heartbeats beside the minimum and phones are not played; data is paid all the same.",
  aim: "rho",
  share: 0.05,
  play({ seed, share, knobs, defended }) {
    const limit = defended ? 300 : FAR_METRES
    const run = runStage(
      {
        ...MOBILE,
        change: {
          ...MOBILE.change,
          ...knobs,
          mobileSpoofPermille: Math.round(share * 1000),
          mobileReachMetres: FAR_METRES,
          mobileIndoorFullMetres: limit,
          mobileOutdoorFullMetres: limit,
        },
      },
      seed,
    )
    const income = run.last("cheater.mobileIncomePermille") / 1000
    return outcome({
      income: income * share,
      cost: share,
      honestIncome: 1 - share,
      honestCost: 1 - share,
      paid: income * share + 1 - share,
      paidForNothing: income * share,
      horizonHours: MOBILE.days * 24,
    })
  },
}

const WASH: Stage = { network: "helium", nodes: 400, days: 4 }
export const milking: Entry = {
  id: "A5",
  name: "wash traffic",
  family: "A",
  where: "helium",
  goal: "Data reward above what the traffic costs: own devices send through own gateways.",
  view: "V1",
  knobs: {
    milkingCreditsPerDay: {
      unit: "Data Credits a day and gateway",
      range: [1, 1_000_000],
      tries: [1000, 10_000, 100_000],
      because: "Closed form 5.6: the most is earned at √(BV) − V.",
    },
  },
  cost: "Hardware at what it earns honestly, and the credits bought at the oracle's price of HNT.",
  defence: { name: "pay for traffic pegged to its cost", off: "dataPegged 0", source: "HIP-10; var-38, 2020-08-12" },
  seen: [{ figure: "$145 of Data Credits drew about $21,000 of HNT: 145 times", source: "HIP-10" }],
  omits: "The flat-tariff subscriber, whose traffic costs nothing, and the HIP-149 band.",
  own: {
    name: "income per credit",
    unit: "1",
    because: "What the own traffic earned beyond honest income, over what its credits cost.",
  },
  aim: "rho",
  share: 0.05,
  control: "income over cost of about 145 before HIP-10",
  play(setting) {
    const credits = setting.knobs.milkingCreditsPerDay
    const { run, twin, own, pay } = playRole(setting, WASH, "milkingPermille", {
      milkingCreditsPerDay: credits,
      dataPegged: setting.defended ? 1 : 0,
    })
    const count = own.reduce((a, b) => a + b, 0)
    const spentBones = (credits * WASH.days * count * BONES * BONES) / CREDITS_PER_USD / run.params.hntPriceE8Usd
    // The twin is pegged too or not, so that the difference is the traffic's.
    const before = own.reduce((sum, is, node) => sum + (is === 1 ? twin.measure(earned)[node] : 0), 0)
    return outcome({
      ...pay,
      cost: pay.cost + spentBones,
      paidForNothing: Math.max(0, pay.income - before),
      horizonHours: WASH.days * 24,
      own: count === 0 ? NaN : (pay.income - before) / spentBones,
    })
  },
}

export const presence: readonly Entry[] = [clique, spoof, modelled, milking]
