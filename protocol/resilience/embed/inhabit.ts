/**
 * The world's side of the mechanisms, around a network's own people and machines: what nodes, observers, witnesses, developers, payers and users
 * do for them. Where everything is off they do nothing, and the network's own people live as before.
 */
import { HOUR, MINUTE } from "../../kernel/clock.ts"
import type { ChartDeclaration } from "../../kernel/chart.ts"
import type { Inhabit, InhabitContext, Inhabitants } from "../../kernel/habitat.ts"
import type { Values } from "../../kernel/param.ts"
import type { CommandTypes, Tables } from "../../kernel/row-type.ts"
import { appendRow } from "../../kernel/table.ts"
import type { Hooks } from "./hooks.ts"
import { Queue } from "./inhabit-queue.ts"
import { Receipts } from "./inhabit-receipts.ts"
import { CLIENT_RELEASE, Releases } from "./inhabit-release.ts"
import { Restarts } from "./inhabit-restart.ts"
import { memoryShape, Seen, type Memory } from "./inhabit-seen.ts"
import { Watch, type Desk } from "./inhabit-watch.ts"
import { isOn, type ResilienceParams } from "./params.ts"
import type { Commands } from "./part.ts"
import type { HasResilience } from "./state.ts"

type V = Values<ResilienceParams>
/** Items are placed once the first heartbeats are in. */
const PLACE_AFTER_S = 5 * MINUTE

const CLASSES = ["well", "individual", "correlated"] as const
const cell = (truth: number, belief: number): string => `resilience.watch.${CLASSES[truth]}.as.${CLASSES[belief]}`
/** The confusion matrix, for a report. */
export const resilienceChart: ChartDeclaration = {
  kind: "confusion",
  word: "suspicion and declaration held against the truth",
  classes: ["well", "by themselves", "with their domain"],
  cells: CLASSES.flatMap((_, t) => CLASSES.map((__, b) => cell(t, b))),
}
export const resilienceObserves: NonNullable<Inhabit<never, never>["observes"]> = {
  ...Object.fromEntries(
    CLASSES.flatMap((truth, t) =>
      CLASSES.map((belief, b) => [
        cell(t, b),
        {
          unit: "node minutes",
          because:
            t === 0
              ? `Nodes that were there and were believed ${b === 0 ? "to be" : `to have failed (${belief})`}, since the beginning.`
              : `Nodes that had failed (${truth}) and were believed ${b === 0 ? "to be there" : `to have failed (${belief})`}, since the beginning.`,
        },
      ]),
    ),
  ),
  "resilience.watch.falseSuspicions": {
    unit: "suspicions",
    because: "Suspicions of nodes that were there, since the beginning.",
  },
  "resilience.items.served": {
    unit: "items",
    because: "Items of which enough pieces are on nodes that really run and are connected.",
  },
  "resilience.receipts.kept": {
    unit: "receipts",
    because: "Signed, and not paid yet because the ledger stands still or their node is away.",
  },
  "resilience.receipts.lost": {
    unit: "receipts",
    because: "Signed, and dropped because a node had no more room, since the beginning.",
  },
  "resilience.release.broken": { unit: "nodes", because: "Nodes that have power and whose release keeps them from serving." },
  "resilience.retry.waiting": { unit: "1/1000 service unit", because: "Requests that failed and will be tried again." },
  "resilience.retry.tried": { unit: "1/1000 service unit", because: "Second and further tries, since the beginning." },
  "resilience.retry.gaveUp": { unit: "1/1000 service unit", because: "Requests that were given up, since the beginning." },
}

type Context = InhabitContext<HasResilience, CommandTypes>
/** What there is to observe where nothing was ever switched on. */
const NOTHING: Readonly<Record<string, number>> = Object.fromEntries(Object.keys(resilienceObserves).map((name) => [name, 0]))

/** The inhabitants of a network with the mechanisms around them. */
export function inhabitResilience(base: Inhabit<never, CommandTypes>, hooks: Hooks<never>): Inhabit<never, CommandTypes> {
  return {
    ...base,
    facilities: [
      ...base.facilities,
      {
        name: CLIENT_RELEASE,
        because:
          "What the developers release next. Corrupt: the share of nodes that run it and are broken by it. Each change is a release: repair it, and the next one is sound.",
      },
    ],
    observes: { ...base.observes, ...resilienceObserves },
    memory: { ...base.memory, ...memoryShape },
    enter: (context) => enter(base, hooks, context as unknown as Context),
  }
}

function enter(base: Inhabit<never, CommandTypes>, hooks: Hooks<never>, context: Context): Inhabitants {
  const { habitat: truth, state: whole } = context
  const state = whole.resilience
  const memory = context.memory as unknown as Memory
  const seen = new Seen(truth, state, context.memory)
  const inner = base.enter({ ...context, habitat: seen } as never)
  const desk: Desk = {
    seen,
    state,
    memory,
    commands: context.commands as unknown as Tables<Commands>,
    submit: context.submit as Desk["submit"],
  }
  const powered = (node: number): boolean => truth.running[node] === 1
  const watch = new Watch(desk)
  const releases = new Releases(desk)
  const receipts = new Receipts(desk)
  const restarts = new Restarts(desk, powered, truth.truthVersion)
  const queue = new Queue(desk)
  const read = (): V => truth.params() as V
  const isHalted = (): boolean => truth.served(hooks.ledger.facility) === 0 || hooks.ledger.isHalted?.(whole as never) === true

  const begin = (v: V, atS: number): void => {
    if (state.registry.total.registered[0] > 0 && (v.blackStart === 0 || state.restart.total.height[0] > 0)) return
    watch.enrol(v, atS)
    if (state.releases.release.length === 0) releases.begin(v, atS)
    if (v.blackStart === 1 && state.restart.total.height[0] === 0) restarts.begin(atS)
  }

  const place = (v: V, atS: number): void => {
    if (memory.placed[0] === 1 || atS < truth.beginS + PLACE_AFTER_S) return
    memory.placed[0] = 1
    const { needed, pieces, units, hasSource } = hooks.placed
    const items = Math.floor((v.placedItemsPermille * seen.nodes) / 1000)
    for (let i = 0; i < items; i++)
      appendRow(desk.commands.StoreItem, { needed, pieces, units, priority: i % 4, hasSource, at: atS })
    desk.submit("StoreItem")
  }

  const confirm = (atS: number): void => {
    const { item, slot, total } = state.placement
    if (total.sent[0] === 0) return
    for (let s = 0; s < slot.length; s++)
      if (slot.state[s] === 1 && seen.running[slot.node[s]] === 1 && seen.throughPermille[slot.node[s]] > 0)
        appendRow(desk.commands.ConfirmPiece, {
          item: slot.item[s],
          slot: s - item.firstSlot[slot.item[s]],
          node: slot.node[s],
          at: atS,
        })
    desk.submit("ConfirmPiece")
  }

  /** Anything of a release to see to, on or off: a bad push hurts a network without roll-outs most. */
  const actReleases = (v: V, toS: number): void => {
    if (state.releases.release.length === 0 && truth.corrupt(CLIENT_RELEASE) === 0) return
    watch.enrol(v, toS)
    releases.act(v, truth.running, toS)
  }

  return {
    arrive() {
      const v = read()
      if (isOn(v)) begin(v, truth.beginS)
      seen.look()
      inner.arrive()
    },

    act(fromS, toS) {
      const v = read()
      const on = isOn(v)
      if (on) {
        begin(v, fromS)
        if (v.blackStart === 1) restarts.act(v, fromS)
      }
      actReleases(v, toS)
      seen.look()
      if (on) {
        if (v.livenessDetector > 0) {
          watch.observe(v, fromS)
          if (v.outageDeclaration === 1) watch.witness(v, fromS)
          watch.beat(v, fromS, toS)
          watch.judge(toS - fromS)
        }
        if (v.placedItemsPermille > 0) {
          place(v, fromS)
          confirm(fromS)
        }
        if (v.receiptKeepSeconds > 0 && fromS % HOUR === 0 && fromS > truth.beginS) receipts.close(v, fromS, isHalted())
      }
      inner.act(fromS, toS)
    },

    serve(fromS, toS, byNode) {
      const v = read()
      if (!(v.serviceUnitsPerNode > 0)) return inner.serve(fromS, toS, byNode)
      return queue.serve(v, fromS, toS, (own) => inner.serve(fromS, toS, own), byNode)
    },

    close: (toS) => inner.close?.(toS),

    observe() {
      const own = inner.observe?.()
      if (state.registry.total.registered[0] === 0) return own === undefined ? NOTHING : { ...own, ...NOTHING }
      const cells = memory as unknown as Readonly<Record<string, Float64Array>>
      let lost = 0
      for (let node = 0; node < seen.nodes; node++) lost += memory.receiptsLost[node]
      let broken = 0
      if (state.releases.release.length > 0)
        for (let node = 0; node < seen.nodes; node++)
          if (truth.running[node] === 1 && seen.isBroken(node, state.releases.node.release[node])) broken++
      return {
        ...own,
        ...Object.fromEntries(
          CLASSES.flatMap((_, t) => CLASSES.map((__, b) => [cell(t, b), Math.floor(cells[`watch${t * 3 + b}`][0] / 60)])),
        ),
        "resilience.watch.falseSuspicions": memory.falseSuspicions[0],
        "resilience.items.served": countServed(desk),
        "resilience.receipts.kept": receipts.countKept(),
        "resilience.receipts.lost": lost,
        "resilience.release.broken": broken,
        "resilience.retry.waiting": memory.waitingMilli[0],
        "resilience.retry.tried": memory.retriedMilli[0],
        "resilience.retry.gaveUp": memory.gaveUpMilli[0],
      }
    },
  }
}

function countServed({ state, seen }: Desk): number {
  const { item, slot } = state.placement
  let served = 0
  for (let i = 0; i < item.length; i++) {
    let up = 0
    for (let s = item.firstSlot[i]; s < item.firstSlot[i] + item.slots[i]; s++)
      if (slot.state[s] === 2 && seen.running[slot.node[s]] === 1 && seen.throughPermille[slot.node[s]] > 0) up++
    if (up >= item.needed[i]) served++
  }
  return served
}
