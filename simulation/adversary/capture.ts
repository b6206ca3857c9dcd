/**
 * An adversary inside a network run: it takes over the commands of its own nodes, one by one, before they are handed in, and may add more of
 * them. Everybody else's commands, dice and order stay as they are; decide, evolve and settle do not know that it is there.
 */
import type { Habitat, InhabitContext, Inhabitants } from "../../protocol/kernel/habitat.ts"
import type { AnyNetwork } from "../../protocol/kernel/network.ts"
import type { Values } from "../../protocol/kernel/param.ts"
import type { CommandTypes } from "../../protocol/kernel/row-type.ts"
import { appendRow, readRow, reserve, type AnyTable } from "../../protocol/kernel/table.ts"
import { Wide } from "../../protocol/kernel/wide.ts"
import { Dice } from "../../protocol/resilience/ensemble/dice.ts"
import { ownDice, ownUnits, type Budget, type Policy } from "./policy.ts"

export type Row = Readonly<Record<string, number | bigint>>
/** A command to hand in. `instead` names the own command it takes the place of; without it, it comes after the others. */
export interface Order {
  readonly type: string
  readonly row: Row
  readonly instead?: number
}

export interface NetworkView {
  /** "tick" before anybody acts in a slice; otherwise the type of command about to be handed in. */
  readonly moment: string
  readonly fromS: number
  /** The latest time in what is about to be handed in; otherwise the same. */
  readonly atS: number
  /** Public: what anyone may read off the ledger. */
  readonly state: unknown
  readonly params: Values
  /** V1: which nodes are its own, and what its own software would hand in now. */
  readonly own: Uint8Array
  readonly intended: readonly Row[]
}

export interface Capture {
  readonly id: string
  readonly share: number
  /** Types whose own rows it takes over, with the column that says whose they are. */
  readonly takes: Readonly<Record<string, string>>
  /** True where it wants to be asked before each slice too. */
  readonly ticks?: boolean
  readonly budget: Budget
  /** Truth, not a command: from so many seconds after genesis on its machines do not run at all. Absent: they run like anybody's. */
  readonly darkFromS?: number
  /** What the network's own people do about it, such as a list that its maintainers publish: asked at each slice, with dice of their own. */
  readonly answer?: (fromS: number, beginS: number, own: Uint8Array, dice: Dice) => readonly Order[]
  /** Makes the policy of one run: what it remembers lives in its closure. */
  readonly policy: () => Policy<NetworkView, Order>
}

/** The same network with an adversary among its inhabitants. `owned` is told which nodes it got. */
export function captured(network: AnyNetwork, capture: Capture, owned: (own: Uint8Array) => void): AnyNetwork {
  return {
    ...network,
    inhabit: {
      ...network.inhabit,
      enter: (context: InhabitContext<unknown, CommandTypes>) => intrude(network, context, capture, owned),
    },
  }
}

function intrude(
  network: AnyNetwork,
  context: InhabitContext<unknown, CommandTypes>,
  capture: Capture,
  owned: (own: Uint8Array) => void,
): Inhabitants {
  const { state, commands } = context
  const own = ownUnits(context.habitat.seed, capture.id, context.habitat.nodes, capture.share)
  owned(own)
  const { habitat, look } = darken(context.habitat, own, capture.darkFromS)
  const policy = capture.policy()
  const dice = ownDice(habitat.seed, capture.id)
  const people = new Dice(habitat.seed, `adversary/${capture.id}/answer`)
  const tables = commands as Record<string, AnyTable>
  let nowS = habitat.beginS
  const ask = (moment: string, intended: readonly Row[], atS = nowS): readonly Order[] =>
    policy({ moment, fromS: nowS, atS, state, params: habitat.params(), own, intended }, capture.budget, dice)
  /** Other types go by themselves, unless honest rows of that type wait: then with them. */
  const send = (orders: readonly Order[]): void => {
    for (const { type, row } of orders) {
      const table = tables[type]
      if (table === undefined) throw new RangeError(`${network.name} has no command ${type}: an adversary has no other`)
      const waits = table.length > 0
      appendRow(table, row as never)
      if (!waits) context.submit(type)
    }
  }
  const submit = (type: string): void => {
    const column = capture.takes[type]
    if (column === undefined) return context.submit(type)
    const orders = rewrite(
      tables[type],
      column,
      bookOf(network, type),
      own,
      (intended) => ask(type, intended, latest(tables[type]) ?? nowS),
      type,
    )
    context.submit(type)
    send(orders)
  }
  const inhabitants = network.inhabit.enter({ ...context, habitat, submit }) as Inhabitants
  return {
    ...bound(inhabitants),
    act(fromS, toS) {
      nowS = fromS
      look(fromS)
      if (capture.answer !== undefined) send(capture.answer(fromS, context.habitat.beginS, own, people))
      if (capture.ticks === true) send(ask("tick", []))
      inhabitants.act(fromS, toS)
    },
  }
}

/** The world as it is when some of the nodes stand idle: what users and inhabitants meet, never what the protocol is told. */
function darken(
  h: Habitat,
  own: Uint8Array,
  fromS: number | undefined,
): { readonly habitat: Habitat; readonly look: (nowS: number) => void } {
  if (fromS === undefined) return { habitat: h, look: () => {} }
  const running = Uint8Array.from(h.running)
  let isDark = false
  const look = (nowS: number): void => {
    isDark = nowS >= h.beginS + fromS
    running.set(h.running)
    if (isDark) for (let node = 0; node < running.length; node++) if (own[node] === 1) running[node] = 0
  }
  look(h.beginS)
  const habitat: Habitat = {
    seed: h.seed,
    nodes: h.nodes,
    beginS: h.beginS,
    places: h.places,
    cells: () => h.cells(),
    radio: () => h.radio(),
    running,
    throughPermille: h.throughPermille,
    userThroughPermille: h.userThroughPermille,
    ...(h.lostPermille === undefined ? {} : { lostPermille: h.lostPermille }),
    ...(h.skewS === undefined ? {} : { skewS: h.skewS }),
    ...(h.askedPermille === undefined ? {} : { askedPermille: h.askedPermille }),
    truthVersion: () => 2 * h.truthVersion() + (isDark ? 1 : 0),
    served: (facility) => h.served(facility),
    corrupt: (facility) => h.corrupt(facility),
    demand: (from, to, into) => h.demand(from, to, into),
    params: () => h.params(),
  }
  return { habitat, look }
}

/** Methods may live on a class: they keep their own this. */
const bound = (i: Inhabitants): Inhabitants => ({
  arrive: () => i.arrive(),
  act: (fromS, toS) => i.act(fromS, toS),
  ...(i.close === undefined ? {} : { close: (toS: number) => i.close!(toS) }),
  serve: (fromS, toS, byNode) => i.serve(fromS, toS, byNode),
  ...(i.observe === undefined ? {} : { observe: () => i.observe!() }),
})

/** Takes own rows out of a table and puts what the policy answers in their places; gives back its commands of other types. */
function rewrite(
  table: AnyTable,
  column: string,
  book: string | undefined,
  own: Uint8Array,
  ask: (intended: readonly Row[]) => readonly Order[],
  type: string,
): readonly Order[] {
  const whose = (table as unknown as Record<string, ArrayLike<number>>)[column]
  const mine: number[] = []
  for (let i = 0; i < table.length; i++) if (own[whose[i]] === 1) mine.push(i)
  const orders = ask(mine.map((i) => readRow(table, i) as Row))
  const here = orders.filter((o) => o.type === type)
  const placed = new Map<number, Row[]>()
  for (const { instead, row } of here)
    if (instead !== undefined) placed.set(mine[instead], [...(placed.get(mine[instead]) ?? []), row])
  const isMine = new Set(mine)
  const added = here.filter((o) => o.instead === undefined).map((o) => o.row)
  // Rows of one book are one decision, so what joins a book stands with it.
  const joining = new Map<number, Row[]>()
  if (book !== undefined) {
    const first = new Map<number, number>()
    const keys = (table as unknown as Record<string, ArrayLike<number>>)[book]
    for (let i = table.length - 1; i >= 0; i--) first.set(keys[i], i)
    for (const row of added) {
      const at = first.get(Number(row[book])) ?? Infinity
      joining.set(at, [...(joining.get(at) ?? []), row])
    }
  } else joining.set(Infinity, added)
  if (here.length === 0 && mine.length === 0) return orders
  const honest: (Row | undefined)[] = []
  for (let i = 0; i < table.length; i++) honest.push(isMine.has(i) ? undefined : (readRow(table, i) as Row))
  table.length = 0
  reserve(table, honest.length + here.length)
  honest.forEach((row, i) => {
    for (const more of joining.get(i) ?? []) appendRow(table, more as never)
    if (row !== undefined) put(table, row)
    else for (const instead of placed.get(i) ?? []) appendRow(table, instead as never)
  })
  for (const row of joining.get(Infinity) ?? []) appendRow(table, row as never)
  return orders.filter((o) => o.type !== type)
}

const latest = (table: AnyTable): number | undefined => {
  const { atS } = table as unknown as Readonly<Record<string, ArrayLike<number> | undefined>>
  return atS === undefined || table.length === 0 ? undefined : atS[table.length - 1]
}

/** The column whose equal values stand together as one decision. */
function bookOf(network: AnyNetwork, type: string): string | undefined {
  const { unity } = (network.commands as CommandTypes)[type]
  return typeof unity === "object" && "book" in unity ? unity.book : undefined
}

/** Without the checks of appendRow for honest rows that were taken out of the same columns: they fit. */
function put(table: AnyTable, row: Row): void {
  const i = table.length++
  for (const name of Object.keys(table.shape)) {
    const c = (table as unknown as Record<string, unknown>)[name]
    if (c instanceof Wide) c.set(i, row[name] as bigint)
    else (c as Float64Array)[i] = row[name] as number
  }
}

/** Passes everything on: an adversary that is there and does nothing. */
export const honestly = (view: NetworkView): readonly Order[] =>
  view.moment === "tick" ? [] : view.intended.map((row, instead) => ({ type: view.moment, row, instead }))
