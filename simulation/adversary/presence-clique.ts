/**
 * A1, the location-spoof clique, as a policy on Helium's whole machine: gateways in one room assert cells a few kilometres apart, beacon when
 * their software would, on a channel that no neighbour of their old places reports, and witness nobody but each other.
 */
import { appointed, type Appointed } from "./presence-map.ts"
import type { NetworkView, Order, Row } from "./capture.ts"
import { outcome, type Entry, type Setting } from "./entry.ts"
import { payOf, runStage, runTwin, type Stage } from "./stage.ts"

const STAGE: Stage = { network: "helium", nodes: 300, days: 4 }
const DAY = 86_400
const NO_PATH = 0xffff_ffff
/** Another channel of the same band: honest reports of it name the old one and are refused. */
const CHANNEL_HZ = 200_000
/** Plausible at any distance asserted here: FSPL leaves more at 100 km. */
const SIGNAL_DDBM = -1150
const SIGNAL_SPREAD_DDB = 60
const WITHIN_MS = 1000
/** Share of a clique's edges that the maintainers' classifiers find: the network's own assumption (edgeListRecallPermille). */
const RECALL = 0.9

function policy(size: number, gapKm: number) {
  let cliques: Appointed | undefined
  let region = 0
  const send = (type: string, row: Row): Order => ({ type, row })
  const keep =
    (type: string) =>
    (row: Row, instead: number): Order => ({ type, row, instead })
  return (view: NetworkView, _budget: unknown, rng: { below(n: number): number }): readonly Order[] => {
    const { moment, intended } = view
    switch (moment) {
      case "AssertLocation": {
        cliques = appointed(intended, size, gapKm)
        return intended.map((row, i) => ({ type: moment, row: { ...row, ...cliques!.place(Number(row.node)) }, instead: i }))
      }
      case "ConfigureHotspot": {
        // The room stands where the first of them stood, and all are of its region.
        region = Number(intended[0]?.region ?? 0)
        return intended.map((row, i) => ({ type: moment, row: { ...row, region, capable: 1 }, instead: i }))
      }
      case "MeasurePath":
        return [
          ...intended.map(keep(moment)),
          ...cliques!.all.flatMap((c) =>
            c.flatMap((a) => c.filter((b) => b !== a).map((b) => send(moment, { beaconer: a, witness: b }))),
          ),
        ]
      case "ReportBeacon":
        cliques!.beacons = intended
        return intended.map((row, i) => ({
          type: moment,
          row: { ...row, frequencyHz: Number(row.frequencyHz) + CHANNEL_HZ },
          instead: i,
        }))
      default:
        // What they would have heard where they no longer stand is not reported; each other's beacons are.
        return cliques!.takeBeacons().flatMap((beacon) =>
          cliques!
            .of(Number(beacon.node))
            .filter((member) => member !== beacon.node)
            .map((witness) =>
              send(moment, {
                beaconer: beacon.node,
                witness,
                receivedMs: Number(beacon.receivedMs) + 40 + rng.below(WITHIN_MS),
                payload: beacon.payload,
                frequencyHz: Number(beacon.frequencyHz) + CHANNEL_HZ,
                signalDdbm: SIGNAL_DDBM - rng.below(SIGNAL_SPREAD_DDB),
                path: NO_PATH,
              }),
            ),
        )
    }
  }
}

const earned = "earnedBones"

function play({ seed, share, knobs, defended }: Setting) {
  const size = knobs.size
  let found: number | undefined
  let members: readonly (readonly number[])[] = []
  const run = runStage(STAGE, seed, {
    id: "A1",
    share,
    takes: {
      AssertLocation: "node",
      ConfigureHotspot: "node",
      MeasurePath: "beaconer",
      ReportBeacon: "node",
      ReportWitness: "witness",
    },
    budget: { money: 0, identities: Math.round(share * STAGE.nodes) },
    policy: () => policy(size, knobs.gapKm),
    answer(fromS, beginS, own, dice) {
      if (!defended || found !== undefined || fromS < beginS + 2 * DAY) return []
      found = (fromS - beginS) / 3600
      members = cliquesOf(own, size)
      return members.flatMap((c) =>
        c.flatMap((a) =>
          c.filter((b) => b > a && dice.unit() < RECALL).map((b) => ({ type: "DenyEdge", row: { a, b, denied: 1 } })),
        ),
      )
    },
  })
  const pay = payOf(run.measure(earned), runTwin(STAGE, seed).measure(earned), run.own)
  const count = run.own.reduce((a, b) => a + b, 0)
  return outcome({
    ...pay,
    paidForNothing: pay.income,
    horizonHours: STAGE.days * 24,
    foundHours: Array.from({ length: count }, () => found ?? NaN),
    extracted: found === undefined ? 0 : pay.income,
    own:
      count === 0
        ? NaN
        : run.own.reduce((sum, is, n) => sum + (is === 1 ? run.measure("beacons")[n] : 0), 0) / count / STAGE.days,
  })
}

/** Cliques are formed in the order of their nodes. */
const cliquesOf = (own: Uint8Array, size: number): readonly (readonly number[])[] => {
  const nodes = [...own.keys()].filter((n) => own[n] === 1)
  return Array.from({ length: Math.ceil(nodes.length / size) }, (_, k) => nodes.slice(k * size, (k + 1) * size))
}

export const clique: Entry = {
  id: "A1",
  name: "location-spoof clique",
  family: "A",
  where: "helium",
  goal: "Coverage reward without coverage: gateways of one room assert places apart and witness each other.",
  view: "V1",
  knobs: {
    size: { unit: "gateways", range: [2, 40], tries: [3, 5, 8, 14], because: "Five already reach the most a beacon can earn." },
    gapKm: {
      unit: "km",
      range: [0.6, 100],
      tries: [0.8, 3],
      because: "Neighbouring cells keep full density scale up to seven (K10).",
    },
  },
  cost: "Hardware at what it earns honestly at the same seed; nothing besides.",
  defence: {
    name: "list of denied edges on the third day",
    off: "no list",
    source: "denylist@738247d7, edges since 2023-08, weekly; nine edges in ten are found (assumption of the network)",
  },
  seen: [
    {
      figure: "CN470, Sept 2024: 36,066 hotspots, 86.9 % judged gaming, 283 against 222 IOT a hotspot (+27.4 %)",
      source: "HIP-137",
    },
    { figure: "41,544 of 625,000 hotspots listed, early 2022 (6.6 %)", source: "denylist, HIP-57" },
  ],
  omits:
    "Terrain and antenna classifiers; the list knows the edges, whatever RSSI they report. Reciprocity does not hinder a clique. Its gateways go on carrying users' traffic where they were, so harm is not measured.",
  own: { name: "beacons a day and gateway", unit: "beacons", because: "Four a day is all there is." },
  aim: "rho",
  share: 0.1,
  control: "five units a beacon for any clique of five without a list (K09)",
  play,
}
