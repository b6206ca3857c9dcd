/**
 * The agenda: every world fact that a timeline brings about, dated and in order, compiled before the run begins.
 *
 * Faults do not look at what the simulation does, so the whole agenda is a function of scenario, seed and places: a
 * resumed run has the same one, and nothing of it needs saving.
 */
import type { Places } from "../../protocol/kernel/habitat.ts"
import { below, stream } from "../../protocol/kernel/random.ts"
import type { Moment } from "../engine/plan.ts"
import type { Verb, Where } from "./action.ts"
import { stayDark } from "./blackout.ts"
import { stayCut } from "./disconnect.ts"
import { stayFailed } from "./push.ts"
import { select } from "./select.ts"
import { FAULTS } from "./verbs.ts"

/** One world command: `type` and its row, for the world of `network`. */
export interface Entry {
  readonly atS: number
  readonly network: string
  readonly type: string
  readonly row: Readonly<Record<string, number>>
  /** The word of the timeline that brought it about: a live testnet does to processes what the verb says. */
  readonly cause?: Verb
  /** Of what takes a node from its users: 1 by itself, 2 with others of a domain that the timeline named. */
  readonly fate?: number
}

export interface Subject {
  readonly places: Places
  readonly facilities: readonly string[]
  /** 1 where the node's own connection depends on the shared provider. */
  readonly behind: Uint8Array
  /** Client index per node as the timeline has left it. */
  readonly client: Uint32Array
  /** Causes of this kind now holding, so that what ends is what began. */
  readonly stopped: Uint8Array
  /** When an open-ended disconnection cut, or will cut, a node off, Unix seconds; 0 where there is none. */
  readonly cutS: Float64Array
  /** When a node fails, or will fail, by a bad push that nobody has put right, Unix seconds; 0 where there is none. */
  readonly failedS: Float64Array
  /** 1 once a node was seized or left: nobody takes it twice. */
  readonly gone: Uint8Array
  /** When a node in a blackout runs out of backup, Unix seconds; 0 where there is none. */
  readonly darkS: Float64Array
  /** Why the timeline last spoke of a node: 1 by itself or by a share of all, 2 with others of a domain. Absent where nobody asks. */
  readonly fate?: Uint8Array
}

/** What takes a node from its users. */
const TAKES: ReadonlySet<string> = new Set(["Stop", "Cut", "Slow"])
const ALONE = 1
const TOGETHER = 2
const isOfDomain = (where: Where): boolean => where.domain !== undefined || where.largest !== undefined || where.behind === true

export interface Planner {
  readonly seed: number
  readonly endS: number
  readonly moment: Moment
  readonly index: number
  readonly subject: (network: string) => Subject
  readonly add: (entry: Entry) => void
  /** Nodes that a `where` means, in node order. */
  readonly nodes: (where: Where) => Uint32Array
  /** When the timeline next speaks of this facility's corruption. */
  readonly nextWordOn: (network: string, facility: string) => number
  /** A whole number below n for this moment and node: its own stream per moment, so that moments do not share luck. */
  readonly dice: (n: number, node: number) => number
}

/** Compiles a timeline. Entries come in order of time, then of the timeline, then of node. */
export function compileAgenda(
  seed: number,
  endS: number,
  timeline: readonly Moment[],
  subjects: ReadonlyMap<string, Subject>,
): readonly Entry[] {
  const entries: (Entry & { readonly sequence: number })[] = []
  const ordered = timeline
    .map((moment, index) => ({ moment, index }))
    .sort((a, b) => a.moment.atS - b.moment.atS || a.index - b.index)
  const add = (entry: Entry): void => {
    if (entry.atS >= endS) return
    const fate = TAKES.has(entry.type) ? subjects.get(entry.network)?.fate?.[entry.row.node] : undefined
    entries.push({ ...entry, ...(fate === undefined ? {} : { fate }), sequence: entries.length })
  }
  for (const [position, { moment, index }] of ordered.entries()) {
    const dice = stream(seed, `fault/${index}/${moment.label}`)
    const planner: Planner = {
      seed,
      endS,
      moment,
      index,
      subject: (network) => subjects.get(network)!,
      add: (entry) => add({ ...entry, cause: moment.do.verb }),
      nextWordOn: (network, facility) =>
        ordered
          .slice(position + 1)
          .find(
            ({ moment: { do: a } }) =>
              (a.verb === "corrupt" || a.verb === "repair") && a.network === network && a.facility === facility,
          )?.moment.atS ?? endS,
      nodes: (where) => {
        const subject = subjects.get(where.network)!
        const chosen = select(where, subject, stream(seed, `fault/${index}/share`))
        if (subject.fate !== undefined) for (const node of chosen) subject.fate[node] = isOfDomain(where) ? TOGETHER : ALONE
        return chosen
      },
      dice: (n, node) => below(dice, n, node),
    }
    const act = FAULTS[moment.do.verb]
    act(moment.do as never, planner)
  }
  for (const [network, subject] of subjects) {
    stayDark(network, subject, { add: (entry) => add({ ...entry, cause: "blackout" }) })
    stayCut(network, subject, { add: (entry) => add({ ...entry, cause: "disconnect" }) })
    stayFailed(network, subject, { add: (entry) => add({ ...entry, cause: "push" }) })
  }
  return settleFates(entries.sort((a, b) => a.atS - b.atS || a.sequence - b.sequence))
}

const ENDS: ReadonlySet<string> = new Set(["Start", "Mend"])

/** Who is away with its domain stays so though something of its own befalls it meanwhile. */
function settleFates<E extends Entry>(entries: readonly E[]): readonly E[] {
  const now = new Map<string, { away: number; fate: number }>()
  return entries.map((entry) => {
    const isEnd = ENDS.has(entry.type)
    if (entry.fate === undefined && !isEnd) return entry
    const key = `${entry.network}/${entry.row.node}`
    let node = now.get(key)
    if (node === undefined) now.set(key, (node = { away: 0, fate: 0 }))
    if (isEnd) {
      node.away = Math.max(0, node.away - 1)
      return entry
    }
    node.fate = node.away > 0 ? Math.max(node.fate, entry.fate!) : entry.fate!
    if (entry.type !== "Slow") node.away++
    return node.fate === entry.fate ? entry : { ...entry, fate: node.fate }
  })
}
