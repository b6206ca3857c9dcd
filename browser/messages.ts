/** What a page and the core in its worker say to each other. Everything is plain data; what is wrong comes back as one sentence. */
import type { Header } from "../protocol/kernel/log.ts"
import type { Catalogue } from "./catalogue.ts"

/** What is recorded of every epoch or node, with its unit and reason. */
export interface Recorded {
  readonly name: string
  /** Column in `Frame.rows`. */
  readonly column: string
  readonly unit: string
  readonly because: string
  /** Counters are what the epoch added; gauges stand at its end. */
  readonly kind: "counter" | "gauge"
}

export interface NetworkAbout {
  readonly name: string
  readonly because: string
  readonly nodeWord: string
  readonly nodes: number
  readonly preset: string
  readonly service: { readonly unit: string; readonly because: string }
  readonly metrics: readonly Recorded[]
  readonly measures: readonly { readonly name: string; readonly unit: string; readonly because: string }[]
  /** The measure that is a node's income; undefined where nobody is paid. */
  readonly income: string | undefined
  readonly params: Readonly<Record<string, number>>
  /** Where nodes stand, 1e-7 degree. */
  readonly latE7: Int32Array
  readonly lngE7: Int32Array
  /** Failure domains: node → index into names. */
  readonly domains: Readonly<Record<string, { readonly of: Uint32Array; readonly names: readonly string[] }>>
}

/** What is known of a run before its first epoch. */
export interface About {
  readonly question: string
  readonly seed: number
  readonly beginS: number
  readonly endS: number
  readonly epochs: number
  readonly onsetS?: number
  readonly recoveryS?: number
  readonly moments: readonly { readonly atS: number; readonly label: string }[]
  readonly networks: readonly NetworkAbout[]
}

/** A node's epoch as one byte: 0 to 250 is the share lost of what was asked of it; then the two ways of not being there. */
export const LOST_MOST = 250
export const CUT_OFF = 254
export const STOPPED = 255

/** Something that happened in an epoch: rows of one type, with its reason, and the first row when there are few. */
export interface FeedItem {
  readonly atS: number
  readonly network: string
  readonly type: string
  readonly because: string
  readonly count: number
  readonly row?: Readonly<Record<string, number | string>>
  readonly kind: "event" | "world" | "moment"
}

export interface Frame {
  /** Epochs done. */
  readonly epoch: number
  readonly atS: number
  readonly done: boolean
  /** Headers of the epochs since the frame before; empty when hashing is off. */
  readonly headers: readonly Header[]
  /** Rows of those epochs by network and column: the numbers of the epoch table. */
  readonly rows: Readonly<Record<string, Readonly<Record<string, Float64Array>>>>
  /** Of the last epoch, by network: a byte a node. */
  readonly nodes: Readonly<Record<string, Uint8Array>>
  /** What each node was paid by now, by network; only at intervals. */
  readonly income?: Readonly<Record<string, Float64Array>>
  readonly feed: readonly FeedItem[]
}

/** Why a row was written: the command that was decided, or the line of a settlement. */
export interface Cause {
  readonly kind: "command" | "settlement" | "parameter"
  readonly name: string
  readonly because: string
}

/** One thing in a node's life. */
export interface LifeEvent {
  readonly epoch: number
  readonly atS: number
  readonly side: "protocol" | "world" | "refusal"
  readonly type: string
  readonly because: string
  readonly row: Readonly<Record<string, number | string>>
  readonly units: Readonly<Record<string, string>>
  readonly cause?: Cause
}

/** Some epochs of a node's life, newest window first, events in the order they happened. */
export interface LifePart {
  readonly network: string
  readonly node: number
  readonly fromEpoch: number
  readonly toEpoch: number
  readonly events: readonly LifeEvent[]
  /** Left out because a window keeps at most so many. */
  readonly leftOut: number
  readonly done: boolean
}

export interface Change {
  readonly network: string
  readonly parameter: string
  readonly value: number
}

export interface Hashes {
  readonly epoch: number
  readonly log: string
  readonly state: string
  readonly rows: number
}

/** Requests by name: what is asked, and what is answered. */
export interface Requests {
  /** The networks, parameters and regimes there are. */
  catalogue: { readonly ask: {}; readonly answer: Catalogue }
  /** Reads and checks a scenario; the run stands before its first epoch. `chained: false` leaves the hashes out, for speed. */
  start: { readonly ask: { readonly scenario: unknown; readonly chained?: boolean }; readonly answer: About }
  /** Starts and finishes at once, without hashes and snapshots: what a slider asks while it moves. */
  fold: { readonly ask: { readonly scenario: unknown }; readonly answer: Frame }
  /** One epoch. */
  step: { readonly ask: {}; readonly answer: Frame }
  /** Goes on, with pushed frames, until that epoch, the end or a pause. */
  run: { readonly ask: { readonly until?: number; readonly framesPerSecond?: number }; readonly answer: {} }
  pause: { readonly ask: {}; readonly answer: { readonly epoch: number } }
  /** To the end without frames on the way: the quickest answer. Rows and headers are of all epochs. */
  finish: { readonly ask: {}; readonly answer: Frame }
  /** To where `epoch` epochs are done, from the nearest snapshot. */
  scrub: { readonly ask: { readonly epoch: number }; readonly answer: Frame }
  /** Another future from here: the scenario with the changes as moments of its timeline. The run goes on in it. */
  fork: {
    readonly ask: { readonly changes: readonly Change[] }
    readonly answer: { readonly scenario: unknown; readonly about: About }
  }
  /** What each node was paid, or another measure of it. */
  measure: { readonly ask: { readonly network: string; readonly measure: string }; readonly answer: Float64Array }
  hashes: { readonly ask: {}; readonly answer: Hashes }
  /** Pushes the node's life in parts, the newest first. */
  life: { readonly ask: { readonly network: string; readonly node: number }; readonly answer: {} }
  stopLife: { readonly ask: {}; readonly answer: {} }
}
export type RequestName = keyof Requests

export type ToCore = {
  [K in RequestName]: { readonly id: number; readonly do: K; readonly ask: Requests[K]["ask"] }
}[RequestName]
export type FromCore =
  | { readonly re: number; readonly answer: unknown }
  | { readonly re: number; readonly problem: string }
  | { readonly push: "frame"; readonly frame: Frame }
  | { readonly push: "life"; readonly part: LifePart }
  | { readonly push: "problem"; readonly problem: string }
