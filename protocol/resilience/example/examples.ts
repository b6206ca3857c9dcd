/** The mechanisms by example: detection, an outage with and without reason, grace, repair, overload, roll-outs, receipts, a black start. */
import { HOUR, MINUTE } from "../../kernel/clock.ts"
import { examplesFor, playExample, type Example } from "../../kernel/example.ts"
import type { Machine } from "../../kernel/machine.ts"
import type { Ports } from "../../kernel/network.ts"
import { defaults } from "../../kernel/param.ts"
import type { Fact } from "../../kernel/row-type.ts"
import { registry, REGISTERED } from "../../registry/registry.ts"
import { drawObservers, panel } from "../observers.ts"
import { witnessesOf } from "../outage-decide.ts"
import { computeStage } from "../release.ts"
import { NOBODY } from "../rows.ts"
import { example, type Commands } from "./network.ts"
import { params } from "./params.ts"
import type { State } from "./state.ts"

type Ask = Fact<Commands>
type Steps = Parameters<ReturnType<typeof examplesFor<typeof example>>>[0][number]["steps"]
export const NODES = 24
/** A full hour of 2025. */
export const T = 488_900 * HOUR
const EARLY = T - 30 * 24 * HOUR

/** Every node has its own owner; four countries, eight ASNs, three providers, one client, no grid named. */
export const domainsOfNode = (node: number) => ({
  country: 1 + (node % 4),
  asn: 1 + (node % 8),
  provider: 1 + (node % 3),
  client: 1,
  grid: 0,
})
const all = Array.from({ length: NODES }, (_, node) => node)
const join: readonly Ask[] = [
  ...all.map((node): Ask => ({ type: "RegisterNode", node, owner: node, at: EARLY })),
  ...all.map((node): Ask => ({ type: "DeclareDomains", node, ...domainsOfNode(node), at: EARLY })),
]
const fund = (nodes: readonly number[], amount: number): readonly Ask[] =>
  nodes.map((node) => ({ type: "FundNode", node, amount, at: T }))
const beat = (at: number, except: (node: number) => boolean = () => false): readonly Ask[] =>
  all.filter((node) => !except(node)).map((node) => ({ type: "SendHeartbeat", node, at }))
const beats = (fromMin: number, toMin: number, except?: (node: number) => boolean): readonly Ask[] =>
  Array.from({ length: toMin - fromMin }, (_, m) => beat(T + (fromMin + m) * MINUTE, except)).flat()
const minute = (m: number) => ({ settle: "minute" as const, at: T + m * MINUTE })

const book = registry(NODES)
for (const node of all) {
  book.nodes.status[node] = REGISTERED
  book.nodes.owner[node] = node
  Object.entries(domainsOfNode(node)).forEach(([kind, d]) => (book.nodes[kind as "asn"][node] = d))
}
/** Observers of a node's suspicion, as [observer, seat]. */
export const observersOf = (node: number, round: number): readonly (readonly [number, number])[] => {
  drawObservers(book, params.observerSeed.default, node, round, params.observers.default)
  return [...panel.subarray(0, params.observers.default)].map((o, seat) => [o, seat] as const).filter(([o]) => o !== NOBODY)
}
const vote = (node: number, round: number, count: number): readonly Ask[] =>
  observersOf(node, round)
    .slice(0, count)
    .map(([observer, seat]) => ({ type: "VoteSuspicion", observer, seat, node, at: T + 12 * MINUTE }))

/** A machine that has gone through some steps. */
const after = (steps: Steps, changes: Readonly<Record<string, number>>): Machine =>
  playExample(
    example,
    { name: "", nodes: NODES, params: changes, steps: steps as Example["steps"], events: [], refusals: [] },
    {} as Ports,
  ).machine

const inCountry2 = (node: number): boolean => node % 4 === 1
const dark = all.filter(inCountry2)
/** Steps until country 2 is dark and the network has claimed so by itself. */
const BLACKOUT: Steps = [
  { ask: [...join, ...fund(all, 10_000), ...beats(0, 5)] },
  { ask: [...beats(5, 10, inCountry2), ...beat(T + 10 * MINUTE, inCountry2)] },
  minute(10),
]
/** What the drawn witnesses of claim 0 say after some steps. */
export const witnessing = (
  steps: Steps,
  down: 0 | 1,
  at: number,
  changes: Readonly<Record<string, number>> = {},
): readonly Ask[] => {
  const machine = after(steps, changes)
  witnessesOf(machine.state as State, 0, defaults(params))
  return [...panel.subarray(0, params.witnesses.default)]
    .map((witness, seat) => ({ witness, seat }))
    .filter(({ witness }) => witness !== NOBODY && !inCountry2(witness))
    .map(({ witness, seat }): Ask => ({ type: "WitnessOutage", witness, claim: 0, seat, down, at }))
}
const untilDeclared = (words: readonly Ask[]): readonly Ask[] => words.slice(0, Math.ceil((words.length * 14) / 21))
const GRACE = { graceFreezeSeconds: 7 * 24 * HOUR, graceRewardPermille: 250 }
const work = (at: number, except: (node: number) => boolean = () => false): readonly Ask[] =>
  all.filter((n) => !except(n)).map((node) => ({ type: "ReportDuty", node, work: 10, proving: 1, at }))

/** Six nodes whom one observer each could not reach, so that anyone may claim before the minute is over. */
const DOUBT: Steps = [
  { ask: [...join, ...fund(all, 2000), ...beats(0, 12)] },
  { ask: dark.flatMap((node) => vote(node, 1, 1)) },
  { ask: [{ type: "ClaimOutage", claimant: 0, kind: 0, domain: 2, onsetS: T + 10 * MINUTE, at: T + 12 * MINUTE }] },
]
const firstWitness = (witnessing(DOUBT, 1, T)[0] as { readonly witness: number }).witness
const sent = (item: number, needed: number, pieces: number, hasSource: 0 | 1): Ask => ({
  type: "StoreItem",
  needed,
  pieces,
  units: 10,
  priority: item,
  hasSource,
  at: T + 5 * MINUTE,
})
/** Confirmations of everything that is sent and not confirmed after some steps, by nodes that are up. */
export const confirming = (
  steps: Steps,
  at: number,
  up: (node: number) => boolean,
  changes: Readonly<Record<string, number>>,
): readonly Ask[] => {
  const machine = after(steps, changes)
  const { item, slot } = (machine.state as State).placement
  return Array.from({ length: slot.length }, (_, s) => s)
    .filter((s) => slot.state[s] === 1 && up(slot.node[s]))
    .map((s): Ask => ({
      type: "ConfirmPiece",
      item: slot.item[s],
      slot: s - item.firstSlot[slot.item[s]],
      node: slot.node[s],
      at,
    }))
}
const STORED: Steps = [{ ask: [...join, ...beats(0, 5), sent(0, 2, 3, 0), sent(1, 1, 1, 1), sent(2, 1, 2, 0)] }]
const REPAIR = {
  placementAntiAffinity: 3,
  repairDelaySeconds: 0,
  livenessDetector: 1,
  suspicionMinSeconds: 0,
  repairThresholdPermille: 1000,
  outageDeclaration: 0,
}
const isHolding = (steps: Steps, item: number): readonly number[] => {
  const machine = after(steps, REPAIR)
  const p = (machine.state as State).placement
  return Array.from({ length: p.item.slots[item] }, (_, s) => p.item.firstSlot[item] + s)
    .filter((s) => p.slot.state[s] === 2)
    .map((s) => p.slot.node[s])
}
const KEPT: Steps = [...STORED, { ask: confirming(STORED, T + 5 * MINUTE, () => true, REPAIR) }]
const lostOnes = new Set([...isHolding(KEPT, 0).slice(0, 1), ...isHolding(KEPT, 1), ...isHolding(KEPT, 2)])
const isLost = (node: number): boolean => lostOnes.has(node)
const LOST: Steps = [...KEPT, { ask: beats(5, 15, isLost) }, minute(15)]

const canaries = (release: number) => all.filter((n) => computeStage(n, release, 2, 300, params.observerSeed.default) === 1)
const later = (release: number) => all.filter((n) => computeStage(n, release, 2, 300, params.observerSeed.default) === 2)
const ROLL = { rolloutStages: 2, rolloutCanaryPermille: 300, rolloutBakeSeconds: HOUR, versionCapPermille: 900 }
const adopt = (nodes: readonly number[], release: number, at: number): readonly Ask[] =>
  nodes.map((node) => ({ type: "AdoptRelease", node, release, at }))
const prove = (at: number, fails: readonly number[] = []): readonly Ask[] =>
  all.map((node) => ({ type: "ReportDuty", node, work: 1, proving: fails.includes(node) ? 0 : 1, at }))

const receipt = (sequence: number, signedS: number, amount = 10, node = 1): Ask => ({
  type: "SettleReceipt",
  node,
  payer: 0,
  sequence,
  amount,
  signedS,
  at: T + HOUR,
})
const start = (node: number, role: number, digest = 7): Ask => ({
  type: "StartNode",
  node,
  role,
  height: 100,
  digest,
  at: T + node,
})
const meet = (node: number, peer: number): Ask => ({ type: "MeetPeer", node, peer, at: T + 30 })
const serve = (node: number): Ask => ({ type: "BeginService", node, at: T + 60 + node })
const RESTART = { keepersPermille: 100, restartPeersMin: 2, restartQuorumPermille: 600 }

export const examples = examplesFor(example)([
  {
    name: "a silent node is suspected and refutes it; the next time observers confirm that it is down, and it comes back",
    nodes: NODES,
    steps: [
      { ask: [...join, ...beats(0, 5)] },
      { ask: beats(5, 10, (n) => n === 3) },
      minute(10),
      { ask: [...beat(T + 10 * MINUTE + 1), ...beat(T + 11 * MINUTE)] },
      minute(11),
      { ask: beats(12, 17, (n) => n === 3) },
      minute(17),
      { ask: vote(3, 2, 6).map((v) => ({ ...v, at: T + 17 * MINUTE })) },
      { ask: beat(T + 20 * MINUTE) },
    ],
    events: [
      "NodeRegistered",
      "DomainsDeclared",
      "HeartbeatHeard",
      "NodeSuspected",
      "SuspicionRefuted",
      "SuspicionVoted",
      "NodeConfirmedDown",
      "NodeRecovered",
    ],
    refusals: [],
  },
  {
    name: "a country goes dark: claimed, witnessed, declared; its nodes have grace; it ends when they speak again",
    nodes: NODES,
    params: GRACE,
    steps: [
      ...BLACKOUT.slice(0, 1),
      { ask: work(T + 4 * MINUTE) },
      { settle: "hour", at: T },
      ...BLACKOUT.slice(1),
      { ask: untilDeclared(witnessing(BLACKOUT, 1, T + 11 * MINUTE)) },
      {
        ask: [
          ...work(T + 30 * MINUTE, inCountry2),
          { type: "AssertLocation", node: 0, hexHi: 1, hexLo: 2, latE7: 3, lngE7: 4, at: T },
        ],
      },
      { settle: "hour", at: T + HOUR },
      { ask: beat(T + 61 * MINUTE) },
      minute(62),
    ],
    events: [
      "NodeRegistered",
      "DomainsDeclared",
      "LocationAsserted",
      "NodeFunded",
      "HeartbeatHeard",
      "DutyReported",
      "HourClosed",
      "RewardPaid",
      "NodeSuspected",
      "OutageClaimed",
      "OutageWitnessed",
      "OutageDeclared",
      "GraceUsed",
      "PenaltyTaken",
      "SuspicionRefuted",
      "OutageEnded",
    ],
    refusals: [],
  },
  {
    name: "a claim that witnesses do not share falls, and costs its bond",
    nodes: NODES,
    steps: [...DOUBT, { ask: witnessing(DOUBT, 0, T + 13 * MINUTE) }, minute(30)],
    events: [
      "NodeRegistered",
      "DomainsDeclared",
      "NodeFunded",
      "HeartbeatHeard",
      "NodeSuspected",
      "SuspicionVoted",
      "OutageClaimed",
      "OutageWitnessed",
      "OutageRejected",
    ],
    refusals: [],
  },
  {
    name: "who may not vote, claim or witness",
    nodes: NODES,
    steps: [
      ...DOUBT.slice(0, 2),
      { ask: vote(dark[0], 1, 1) },
      {
        ask: [
          { type: "VoteSuspicion", observer: 5, seat: 0, node: 1, at: T + 12 * MINUTE },
          { type: "SendHeartbeat", node: 0, at: T },
          { type: "ClaimOutage", claimant: 0, kind: 0, domain: 0, onsetS: T, at: T + 12 * MINUTE },
          { type: "ClaimOutage", claimant: 0, kind: 0, domain: 2, onsetS: T + HOUR, at: T + 12 * MINUTE },
          { type: "ClaimOutage", claimant: 0, kind: 0, domain: 1, onsetS: T + 10 * MINUTE, at: T + 12 * MINUTE },
          { type: "WitnessOutage", witness: 0, claim: 0, seat: 0, down: 1, at: T },
          { type: "ClaimOutage", claimant: 0, kind: 0, domain: 2, onsetS: T + 10 * MINUTE, at: T + 12 * MINUTE },
          { type: "ClaimOutage", claimant: 0, kind: 0, domain: 2, onsetS: T + 10 * MINUTE, at: T + 12 * MINUTE },
          { type: "WitnessOutage", witness: 1, claim: 0, seat: 0, down: 1, at: T + 12 * MINUTE },
          ...witnessing(DOUBT, 0, T + 13 * MINUTE).slice(0, 1),
          ...witnessing(DOUBT, 0, T + 13 * MINUTE).slice(0, 1),
          ...witnessing(DOUBT, 0, T + 5 * HOUR).slice(1, 2),
        ],
      },
      { change: "claimBond", value: 1_000_000 },
      {
        ask: [
          ...dark.flatMap((n) => vote(n + 1, 1, 1)),
          { type: "ClaimOutage", claimant: 0, kind: 0, domain: 3, onsetS: T + 10 * MINUTE, at: T + 12 * MINUTE },
        ],
      },
      { change: "outageLift", value: 1 },
      { ask: [{ type: "ClaimOutage", claimant: 0, kind: 0, domain: 3, onsetS: T + 10 * MINUTE, at: T + 12 * MINUTE }] },
      { change: "outageDeclaration", value: 0 },
      {
        ask: [
          { type: "ClaimOutage", claimant: 0, kind: 0, domain: 2, onsetS: T, at: T },
          { type: "WitnessOutage", witness: 0, claim: 0, seat: 0, down: 1, at: T },
        ],
      },
      { change: "livenessDetector", value: 1 },
      { ask: vote(5, 1, 1) },
      { change: "livenessDetector", value: 0 },
      { ask: [{ type: "SendHeartbeat", node: 0, at: T + HOUR }, ...vote(5, 1, 1)] },
    ],
    events: [
      "NodeRegistered",
      "DomainsDeclared",
      "NodeFunded",
      "HeartbeatHeard",
      "NodeSuspected",
      "SuspicionVoted",
      "OutageClaimed",
      "OutageWitnessed",
      "ParameterChanged",
    ],
    refusals: [
      "observer_has_voted",
      "observer_is_not_drawn",
      "heartbeat_is_old",
      "domain_is_not_named",
      "onset_is_outside_the_window",
      "evidence_is_too_thin",
      "claim_is_unknown",
      "outage_is_claimed_already",
      "witness_is_not_drawn",
      "witness_has_spoken",
      "claim_is_decided",
      "bond_is_not_covered",
      "declaration_is_off",
      "observers_are_off",
      "liveness_is_off",
    ],
  },
  {
    name: "those who are down, unknown or gone have no say",
    nodes: NODES,
    steps: [
      { ask: [...join.slice(1), ...vote(3, 1, 1), ...beats(0, 5), ...vote(3, 1, 6), ...vote(3, 1, 1)] },
      {
        ask: observersOf(3, 1)
          .slice(0, 1)
          .flatMap(([o]) => [...vote(o, 1, 6), ...vote(3, 1, 1)]),
      },
      // An observer of node 5 goes down before it votes.
      {
        ask: observersOf(5, 1)
          .slice(0, 1)
          .flatMap(([o]) => vote(o, 1, 6)),
      },
      { ask: vote(5, 1, 1) },
      {
        ask: [
          { type: "RegisterNode", node: 99, owner: 1, at: T },
          { type: "RegisterNode", node: 2, owner: 1, at: T },
          { type: "AssertLocation", node: 2, hexHi: 1, hexLo: 2, latE7: 3, lngE7: 4, at: T },
          { type: "AssertLocation", node: 2, hexHi: 1, hexLo: 2, latE7: 3, lngE7: 4, at: T },
          { type: "DeclareDomains", node: 2, ...domainsOfNode(2), at: T },
          { type: "RetireNode", node: 2, at: T },
          { type: "RetireNode", node: 2, at: T },
        ],
      },
    ],
    events: [
      "NodeRegistered",
      "DomainsDeclared",
      "HeartbeatHeard",
      "NodeSuspected",
      "SuspicionVoted",
      "NodeConfirmedDown",
      "LocationAsserted",
      "NodeRetired",
    ],
    refusals: [
      "node_is_unknown",
      "node_never_spoke",
      "node_is_already_down",
      "observer_is_down",
      "node_is_outside_the_registry",
      "node_is_already_registered",
      "location_is_unchanged",
      "domains_are_unchanged",
      "node_is_retired",
    ],
  },
  {
    name: "a witness that is down itself is not heard",
    nodes: NODES,
    steps: [...DOUBT, { ask: [...vote(firstWitness, 1, 6), ...witnessing(DOUBT, 1, T + 13 * MINUTE).slice(0, 1)] }],
    events: [
      "NodeRegistered",
      "DomainsDeclared",
      "NodeFunded",
      "HeartbeatHeard",
      "NodeSuspected",
      "SuspicionVoted",
      "NodeConfirmedDown",
      "OutageClaimed",
    ],
    refusals: ["witness_is_down"],
  },
  {
    name: "the count of assertions ends",
    nodes: 1,
    steps: [
      {
        ask: [
          { type: "RegisterNode", node: 0, owner: 0, at: T },
          ...Array.from({ length: 0x1_0000 }, (_, k): Ask => ({
            type: "AssertLocation",
            node: 0,
            hexHi: k,
            hexLo: 1,
            latE7: 0,
            lngE7: 0,
            at: T,
          })),
        ],
      },
    ],
    events: ["NodeRegistered", "LocationAsserted"],
    refusals: ["location_is_asserted_too_often"],
  },
  {
    name: "pieces are placed apart, written off when their nodes stay down, and made anew; an item without a source is lost",
    nodes: NODES,
    params: REPAIR,
    steps: [
      ...LOST,
      minute(16),
      { ask: confirming([...LOST, minute(16)], T + 16 * MINUTE, () => true, REPAIR) },
      minute(17),
      { ask: [sent(3, 1, 1, 1)] },
      minute(18),
      minute(30),
      {
        ask: [
          sent(9, 0, 1, 0),
          sent(9, 1, 30, 0),
          { type: "ConfirmPiece", item: 99, slot: 0, node: 0, at: T },
          { type: "ConfirmPiece", item: 0, slot: 3, node: 0, at: T },
        ],
      },
    ],
    events: [
      "NodeRegistered",
      "DomainsDeclared",
      "HeartbeatHeard",
      "NodeSuspected",
      "NodeConfirmedDown",
      "ItemStored",
      "PieceSent",
      "PieceHeld",
      "PieceLost",
      "RepairAllowed",
      "ItemLost",
      "PieceDropped",
      "PieceGivenUp",
    ],
    refusals: ["item_is_impossible", "too_few_domains", "piece_is_unknown", "piece_is_not_sent_here"],
  },
  {
    name: "more work than nodes: some is turned away, essential work goes first, what has expired is skipped",
    nodes: NODES,
    params: { admissionQueueSeconds: 120 },
    steps: [
      { ask: [...join, ...beats(0, 1)] },
      {
        ask: [
          { type: "OfferWork", priority: 2, units: 100, deadlineS: T + MINUTE, at: T },
          { type: "OfferWork", priority: 1, units: 1000, deadlineS: T + HOUR, at: T },
          { type: "OfferWork", priority: 0, units: 400, deadlineS: T + HOUR, at: T },
          { type: "OfferWork", priority: 0, units: 0, deadlineS: T + HOUR, at: T },
          { type: "OfferWork", priority: 0, units: 1, deadlineS: T - 1, at: T },
        ],
      },
      minute(1),
      minute(2),
      minute(3),
    ],
    events: [
      "NodeRegistered",
      "DomainsDeclared",
      "HeartbeatHeard",
      "WorkAdmitted",
      "WorkTurnedAway",
      "WorkServed",
      "WorkExpired",
    ],
    refusals: ["work_is_nothing", "deadline_has_passed"],
  },
  {
    name: "a good release goes out in two stages up to its cap; a bad one halts at its canaries, who return",
    nodes: NODES,
    params: ROLL,
    steps: [
      { ask: [...join, ...beats(0, 1), ...prove(T), { type: "PushRelease", at: T }, { type: "PushRelease", at: T }] },
      {
        ask: [
          ...adopt(canaries(1), 1, T),
          ...adopt(later(1).slice(0, 1), 1, T),
          ...adopt(canaries(1).slice(0, 1), 1, T),
          ...adopt([0], 9, T),
        ],
      },
      { settle: "hour", at: T + HOUR },
      { ask: adopt(later(1), 1, T + HOUR) },
      { settle: "hour", at: T + 2 * HOUR },
      {
        ask: [
          { type: "PushRelease", at: T + 2 * HOUR },
          ...adopt(canaries(2), 2, T + 2 * HOUR),
          ...prove(T + 2 * HOUR, canaries(2)),
        ],
      },
      { settle: "hour", at: T + 3 * HOUR },
      { ask: [...adopt(canaries(2).slice(0, 1), 1, T + 3 * HOUR), ...adopt(later(2).slice(0, 1), 2, T + 3 * HOUR)] },
    ],
    events: [
      "NodeRegistered",
      "DomainsDeclared",
      "HeartbeatHeard",
      "DutyReported",
      "ReleasePushed",
      "ReleaseAdopted",
      "ReleaseAdvanced",
      "ReleaseCompleted",
      "ReleaseHalted",
      "RewardPaid",
      "HourClosed",
    ],
    refusals: [
      "release_is_rolling",
      "release_is_not_offered_yet",
      "release_is_run_already",
      "release_is_unknown",
      "release_is_at_its_cap",
      "release_is_halted",
    ],
  },
  {
    name: "the ledger was halted: receipts are settled in order afterwards, none twice, none out of nothing",
    nodes: NODES,
    params: { receiptKeepSeconds: 2 * HOUR },
    steps: [
      { ask: [...join, ...fund([0], 100)] },
      {
        ask: [
          receipt(0, T),
          receipt(0, T),
          receipt(2, T),
          receipt(1, T + 2 * HOUR),
          receipt(1, T - 5 * HOUR),
          receipt(1, T, 1000),
          { type: "ForgoReceipts", node: 1, next: 2, at: T + HOUR },
          { type: "ForgoReceipts", node: 1, next: 2, at: T + HOUR },
          receipt(2, T),
        ],
      },
    ],
    events: ["NodeRegistered", "DomainsDeclared", "NodeFunded", "ReceiptSettled", "ReceiptsForgone"],
    refusals: [
      "receipt_was_settled",
      "receipt_leaves_a_gap",
      "receipt_is_from_the_future",
      "receipt_has_expired",
      "payer_cannot_pay",
      "nothing_to_forgo",
    ],
  },
  {
    name: "from nothing: keepers agree on a snapshot, the ledger runs, the others fetch it, and roles start in their order",
    nodes: NODES,
    params: RESTART,
    steps: [
      { ask: join },
      {
        ask: [
          start(0, 0),
          start(0, 0),
          serve(0),
          start(4, 3, 9),
          { type: "TakeSnapshot", node: 4, from: 0, at: T + 5 },
          start(1, 0),
          meet(4, 0),
          meet(4, 0),
          meet(4, 9),
          { type: "TakeSnapshot", node: 4, from: 0, at: T + 40 },
          meet(4, 1),
          start(5, 3, 9),
          { type: "TakeSnapshot", node: 4, from: 5, at: T + 40 },
          serve(4),
          { type: "TakeSnapshot", node: 4, from: 0, at: T + 41 },
          { type: "TakeSnapshot", node: 4, from: 0, at: T + 42 },
          serve(4),
          serve(0),
          serve(0),
          serve(4),
          { type: "StopNode", node: 5, at: T + 80 },
          serve(1),
          serve(5),
          meet(5, 1),
          { type: "StopNode", node: 0, at: T + 90 },
        ],
      },
    ],
    events: [
      "NodeRegistered",
      "DomainsDeclared",
      "NodeStarted",
      "LedgerRestarted",
      "PeerMet",
      "SnapshotTaken",
      "ServiceBegun",
      "ServiceRestored",
      "NodeStopped",
      "LedgerStopped",
    ],
    refusals: [
      "node_is_up_already",
      "ledger_is_down",
      "peer_was_met",
      "peer_is_off",
      "peers_are_too_few",
      "source_is_not_synced",
      "node_is_not_synced",
      "node_is_synced_already",
      "earlier_role_is_missing",
      "node_serves_already",
      "node_is_off",
    ],
  },
])
