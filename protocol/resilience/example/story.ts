/** Words to tell the examples with: who is there, who beats, votes, witnesses, holds and adopts. */
import { HOUR, MINUTE } from "../../kernel/clock.ts"
import { playExample, type Example, type examplesFor } from "../../kernel/example.ts"
import type { Machine } from "../../kernel/machine.ts"
import type { Ports } from "../../kernel/network.ts"
import { defaults } from "../../kernel/param.ts"
import type { Fact } from "../../kernel/row-type.ts"
import { registry, REGISTERED } from "../../registry/registry.ts"
import { drawObservers, panel } from "../observers.ts"
import { witnessesOf } from "../outage-decide.ts"
import { computeStage } from "../release.ts"
import { NOBODY } from "../rows.ts"
import { example, type Commands } from "./index.ts"
import { params } from "./params.ts"
import type { State } from "./state.ts"

export type Ask = Fact<Commands>
export type Examples = Parameters<ReturnType<typeof examplesFor<typeof example>>>[0]
export type Steps = Examples[number]["steps"]
export const NODES = 24
/** A full hour of 2025. */
export const T = 488_900 * HOUR
export const EARLY = T - 30 * 24 * HOUR

/** Every node has its own owner; four countries, eight ASNs, three providers, one client, no grid named. */
export const domainsOfNode = (node: number) => ({
  country: 1 + (node % 4),
  asn: 1 + (node % 8),
  provider: 1 + (node % 3),
  client: 1,
  grid: 0,
})
export const all = Array.from({ length: NODES }, (_, node) => node)
export const join: readonly Ask[] = [
  ...all.map((node): Ask => ({ type: "RegisterNode", node, owner: node, at: EARLY })),
  ...all.map((node): Ask => ({ type: "DeclareDomains", node, ...domainsOfNode(node), at: EARLY })),
]
export const fund = (nodes: readonly number[], amount: number): readonly Ask[] =>
  nodes.map((node) => ({ type: "FundNode", node, amount, at: T }))
export const beat = (at: number, except: (node: number) => boolean = () => false): readonly Ask[] =>
  all.filter((node) => !except(node)).map((node) => ({ type: "SendHeartbeat", node, at }))
export const beats = (fromMin: number, toMin: number, except?: (node: number) => boolean): readonly Ask[] =>
  Array.from({ length: toMin - fromMin }, (_, m) => beat(T + (fromMin + m) * MINUTE, except)).flat()
export const minute = (m: number) => ({ settle: "minute" as const, at: T + m * MINUTE })

export const book = registry(NODES)
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
export const vote = (node: number, round: number, count: number): readonly Ask[] =>
  observersOf(node, round)
    .slice(0, count)
    .map(([observer, seat]) => ({ type: "VoteSuspicion", observer, seat, node, at: T + 12 * MINUTE }))

/** A machine that has gone through some steps. */
export const after = (steps: Steps, changes: Readonly<Record<string, number>>): Machine =>
  playExample(
    example,
    { name: "", nodes: NODES, params: changes, steps: steps as Example["steps"], events: [], refusals: [] },
    {} as Ports,
  ).machine

export const inCountry2 = (node: number): boolean => node % 4 === 1
export const dark = all.filter(inCountry2)
/** Steps until country 2 is dark and the network has claimed so by itself. */
export const BLACKOUT: Steps = [
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
export const untilDeclared = (words: readonly Ask[]): readonly Ask[] => words.slice(0, Math.ceil((words.length * 14) / 21))
export const GRACE = { graceFreezeSeconds: 7 * 24 * HOUR, graceRewardPermille: 250 }
export const work = (at: number, except: (node: number) => boolean = () => false): readonly Ask[] =>
  all.filter((n) => !except(n)).map((node) => ({ type: "ReportDuty", node, work: 10, proving: 1, at }))

/** Six nodes whom one observer each could not reach, so that anyone may claim before the minute is over. */
export const DOUBT: Steps = [
  { ask: [...join, ...fund(all, 2000), ...beats(0, 12)] },
  { ask: dark.flatMap((node) => vote(node, 1, 1)) },
  { ask: [{ type: "ClaimOutage", claimant: 0, kind: 0, domain: 2, onsetS: T + 10 * MINUTE, at: T + 12 * MINUTE }] },
]
export const firstWitness = (witnessing(DOUBT, 1, T)[0] as { readonly witness: number }).witness
export const sent = (item: number, needed: number, pieces: number, hasSource: 0 | 1): Ask => ({
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
export const STORED: Steps = [{ ask: [...join, ...beats(0, 5), sent(0, 2, 3, 0), sent(1, 1, 1, 1), sent(2, 1, 2, 0)] }]
export const REPAIR = {
  placementAntiAffinity: 3,
  repairDelaySeconds: 0,
  livenessDetector: 1,
  suspicionMinSeconds: 0,
  repairThresholdPermille: 1000,
  outageDeclaration: 0,
}
export const isHolding = (steps: Steps, item: number): readonly number[] => {
  const machine = after(steps, REPAIR)
  const p = (machine.state as State).placement
  return Array.from({ length: p.item.slots[item] }, (_, s) => p.item.firstSlot[item] + s)
    .filter((s) => p.slot.state[s] === 2)
    .map((s) => p.slot.node[s])
}
export const KEPT: Steps = [...STORED, { ask: confirming(STORED, T + 5 * MINUTE, () => true, REPAIR) }]
export const lostOnes = new Set([...isHolding(KEPT, 0).slice(0, 1), ...isHolding(KEPT, 1), ...isHolding(KEPT, 2)])
export const isLost = (node: number): boolean => lostOnes.has(node)
export const LOST: Steps = [...KEPT, { ask: beats(5, 15, isLost) }, minute(15)]

export const canaries = (release: number) =>
  all.filter((n) => computeStage(n, release, 2, 300, params.observerSeed.default) === 1)
export const later = (release: number) => all.filter((n) => computeStage(n, release, 2, 300, params.observerSeed.default) === 2)
export const ROLL = { rolloutStages: 2, rolloutCanaryPermille: 300, rolloutBakeSeconds: HOUR, versionCapPermille: 900 }
export const adopt = (nodes: readonly number[], release: number, at: number): readonly Ask[] =>
  nodes.map((node) => ({ type: "AdoptRelease", node, release, at }))
export const prove = (at: number, fails: readonly number[] = []): readonly Ask[] =>
  all.map((node) => ({ type: "ReportDuty", node, work: 1, proving: fails.includes(node) ? 0 : 1, at }))

export const receipt = (sequence: number, signedS: number, amount = 10, node = 1): Ask => ({
  type: "SettleReceipt",
  node,
  payer: 0,
  sequence,
  amount,
  signedS,
  at: T + HOUR,
})
export const start = (node: number, role: number, digest = 7): Ask => ({
  type: "StartNode",
  node,
  role,
  height: 100,
  digest,
  at: T + node,
})
export const meet = (node: number, peer: number): Ask => ({ type: "MeetPeer", node, peer, at: T + 30 })
export const serve = (node: number): Ask => ({ type: "BeginService", node, at: T + 60 + node })
export const RESTART = { keepersPermille: 100, restartPeersMin: 2, restartQuorumPermille: 600 }
