/**
 * Mechanism 6, degradation: work waits in a queue that knows classes and deadlines. What cannot be done in time is turned away at the
 * door, what has expired is not done for nobody, essential work goes first, and while more waits than can be served answers leave out
 * their extras.
 *
 * Work is counted in units; what a minute can serve is the network's to say (`Capacity`).
 */
import { command, event } from "../kernel/row-type.ts"
import { closeSlot, isOpen, openSlot, slotHead, slotShape, type SlotHead } from "../kernel/slots.ts"
import { filled, table, type AnyTable, type Columns, type Table } from "../kernel/table.ts"
import { count, flag, seconds, unit } from "../kernel/unit.ts"
import type { Invariants } from "../kernel/invariant.ts"
import type { DecideContext } from "../kernel/network.ts"
import type { Values } from "../kernel/param.ts"
import type { admissionParams } from "./params.ts"
import { addRow } from "./rows.ts"

export const CLASSES = 4
const priority = unit("0 essential to 3 least", "u8", 0, CLASSES - 1)
const units = unit("units", "u32")
const bucketIndex = unit("bucket", "u32")
const MINUTE = 60

export const bucketShape = { ...slotShape, priority, deadlineS: seconds, units: count } as const
const totalShape = {
  queued: count,
  offered: count,
  admitted: count,
  turnedAway: count,
  served: count,
  /** Served without extras; a part of served. */
  degraded: count,
  /** Served after the deadline, for nobody; a part of served. */
  late: count,
  expired: count,
} as const

export interface Admission {
  readonly bucket: Table<typeof bucketShape>
  readonly head: SlotHead
  readonly total: Table<typeof totalShape>
}
export interface HasAdmission {
  readonly admission: Admission
}
export const admission = (): Admission => ({ bucket: table(bucketShape, 64), head: slotHead(), total: filled(totalShape, 1) })
export const admissionTables = (a: Admission): Record<string, AnyTable> => ({
  "admission.bucket": a.bucket,
  "admission.head": a.head,
  "admission.total": a.total,
})

export const admissionEvents = {
  WorkAdmitted: event("work was let in", { priority, units, deadlineS: seconds, at: seconds }),
  WorkTurnedAway: event("work was turned away at the door", { priority, units, at: seconds }),
  WorkServed: event("work was done", { bucket: bucketIndex, units: count, degraded: flag, late: flag, at: seconds }),
  WorkExpired: event("work whose deadline had passed was skipped", { bucket: bucketIndex, units: count, at: seconds }),
} as const
export type AdmissionEvents = typeof admissionEvents

export const admissionCommands = {
  OfferWork: command("ask for work to be done by a deadline", { priority, units, deadlineS: seconds, at: seconds }, [
    "WorkAdmitted",
    "WorkTurnedAway",
  ]),
} as const
export type AdmissionCommands = typeof admissionCommands

export const admissionRefusals = {
  work_is_nothing: "an offer of no work is no offer",
  deadline_has_passed: "nobody would wait for the answer",
} as const
export type AdmissionRefusal = keyof typeof admissionRefusals

/** Units a network can serve in a minute as it stands. */
export type Capacity<State> = (state: State, params: Values) => number
type AdmissionValues = Values<typeof admissionParams>
type To = Pick<DecideContext<AdmissionEvents, typeof admissionParams, AdmissionRefusal>, "out" | "refuse" | "params">
type Rows<K extends keyof AdmissionEvents> = Columns<AdmissionEvents[K]["shape"]>

const minuteOf = (deadlineS: number): number => deadlineS - (deadlineS % MINUTE)

export const admissionEvolve = {
  WorkAdmitted({ admission: a }: HasAdmission, rows: Rows<"WorkAdmitted">, begin: number, end: number): void {
    for (let i = begin; i < end; i++) {
      const deadlineS = minuteOf(rows.deadlineS[i])
      const k = findBucket(a, rows.priority[i], deadlineS)
      a.bucket.units[k] += rows.units[i]
      a.total.queued[0] += rows.units[i]
      a.total.offered[0] += rows.units[i]
      a.total.admitted[0] += rows.units[i]
    }
  },
  WorkTurnedAway({ admission: { total } }: HasAdmission, rows: Rows<"WorkTurnedAway">, begin: number, end: number): void {
    for (let i = begin; i < end; i++) {
      total.offered[0] += rows.units[i]
      total.turnedAway[0] += rows.units[i]
    }
  },
  WorkServed({ admission: a }: HasAdmission, rows: Rows<"WorkServed">, begin: number, end: number): void {
    for (let i = begin; i < end; i++) {
      takeOut(a, rows.bucket[i], rows.units[i])
      a.total.served[0] += rows.units[i]
      if (rows.degraded[i] === 1) a.total.degraded[0] += rows.units[i]
      if (rows.late[i] === 1) a.total.late[0] += rows.units[i]
    }
  },
  WorkExpired({ admission: a }: HasAdmission, rows: Rows<"WorkExpired">, begin: number, end: number): void {
    for (let i = begin; i < end; i++) {
      takeOut(a, rows.bucket[i], rows.units[i])
      a.total.expired[0] += rows.units[i]
    }
  },
} as const

function findBucket(a: Admission, priority: number, deadlineS: number): number {
  for (let k = 0; k < a.bucket.length; k++)
    if (isOpen(a.bucket, k) && a.bucket.priority[k] === priority && a.bucket.deadlineS[k] === deadlineS) return k
  const k = openSlot(a.bucket, a.head)
  a.bucket.priority[k] = priority
  a.bucket.deadlineS[k] = deadlineS
  a.bucket.units[k] = 0
  return k
}

function takeOut(a: Admission, k: number, units: number): void {
  a.bucket.units[k] -= units
  a.total.queued[0] -= units
  if (a.bucket.units[k] === 0) closeSlot(a.bucket, a.head, k)
}

/** What the queue may hold for a class: all of it for essential work, half for the next, and so on. */
export const computeRoom = (capacityPerMinute: number, queueSeconds: number, priority: number): number =>
  Math.floor((capacityPerMinute * queueSeconds) / MINUTE / (1 << priority))

export const admissionDecide = <State extends HasAdmission>(capacityOf: Capacity<State>) => ({
  OfferWork(
    state: State,
    rows: Columns<AdmissionCommands["OfferWork"]["shape"]>,
    begin: number,
    end: number,
    { out, refuse, params }: To,
  ): void {
    for (let i = begin; i < end; i++) {
      if (rows.units[i] === 0) refuse(i, "work_is_nothing")
      else if (rows.deadlineS[i] < rows.at[i]) refuse(i, "deadline_has_passed")
      else {
        const room =
          params.admission === 0
            ? rows.units[i]
            : Math.max(
                0,
                computeRoom(capacityOf(state, params), params.admissionQueueSeconds, rows.priority[i]) -
                  state.admission.total.queued[0],
              )
        const admitted = Math.min(room, rows.units[i])
        if (admitted > 0) {
          const r = addRow(out.WorkAdmitted)
          out.WorkAdmitted.priority[r] = rows.priority[i]
          out.WorkAdmitted.units[r] = admitted
          out.WorkAdmitted.deadlineS[r] = rows.deadlineS[i]
          out.WorkAdmitted.at[r] = rows.at[i]
        }
        if (admitted < rows.units[i]) {
          const r = addRow(out.WorkTurnedAway)
          out.WorkTurnedAway.priority[r] = rows.priority[i]
          out.WorkTurnedAway.units[r] = rows.units[i] - admitted
          out.WorkTurnedAway.at[r] = rows.at[i]
        }
      }
    }
  },
})

/** Settlement line, for the network's minute: serves what the minute can. */
export function serveWork<State extends HasAdmission>(
  state: State,
  at: number,
  { out, params }: { readonly out: To["out"]; readonly params: AdmissionValues },
  capacityOf: Capacity<State>,
): void {
  const { bucket, total } = state.admission
  if (total.queued[0] === 0) return
  const order: number[] = []
  for (let k = 0; k < bucket.length; k++) if (isOpen(bucket, k)) order.push(k)
  const rank = (k: number) => (params.priorities === 1 ? bucket.priority[k] : 0)
  order.sort((a, b) => rank(a) - rank(b) || bucket.deadlineS[a] - bucket.deadlineS[b] || a - b)
  const full = capacityOf(state, params)
  const isScarce = total.queued[0] > full
  const saved = isScarce ? params.brownOutPermille : 0
  let left = Math.floor((full * 1000) / (1000 - saved))
  for (const k of order) {
    // A bucket's deadline is its minute's first second: the minute itself is still in time.
    const late = bucket.deadlineS[k] + MINUTE <= at ? 1 : 0
    if (late === 1 && params.dropExpired === 1) {
      const r = addRow(out.WorkExpired)
      out.WorkExpired.bucket[r] = k
      out.WorkExpired.units[r] = bucket.units[k]
      out.WorkExpired.at[r] = at
      continue
    }
    const done = Math.min(left, bucket.units[k])
    if (done === 0) continue
    left -= done
    const r = addRow(out.WorkServed)
    out.WorkServed.bucket[r] = k
    out.WorkServed.units[r] = done
    out.WorkServed.degraded[r] = saved > 0 ? 1 : 0
    out.WorkServed.late[r] = late
    out.WorkServed.at[r] = at
  }
}

export type AdmissionPromise = "work_is_conserved"
export const admissionInvariants: Record<AdmissionPromise, Invariants<HasAdmission>[string]> = {
  work_is_conserved: {
    because: "what was let in was served, has expired or still waits; nothing else can become of it",
    check: ({ admission: { bucket, total } }, report) => {
      let queued = 0
      for (let k = 0; k < bucket.length; k++) if (isOpen(bucket, k)) queued += bucket.units[k]
      const known = total.served[0] + total.expired[0] + total.queued[0]
      report.require(
        queued === total.queued[0] && known === total.admitted[0] && total.offered[0] === total.admitted[0] + total.turnedAway[0],
        () => `${total.admitted[0]} were let in; ${known} are accounted for, ${queued} wait, totals say ${total.queued[0]}`,
      )
    },
  },
}
export const admissionSabotage: Record<AdmissionPromise, (state: HasAdmission) => void> = {
  work_is_conserved: ({ admission: { total } }) => void total.served[0]++,
}
