/**
 * What a network says about being run live, by real nodes: who may ask what about whom, which commands need evidence that the door
 * checks, and what the chain itself asks at its own times. Without it only the chain's authority may ask anything.
 */

/** One command that a node may sign itself. What is not listed is the authority's alone. */
export interface Access {
  /** The column that must hold the index of the signer's own node. */
  readonly own?: string
  /** Where a row speaks of something that is a node's rather than of a node: whose it is; −1: nobody's. */
  readonly owner?: (state: any, row: Readonly<Record<string, number | string>>) => number
  /** A column of money that is paid out of the signer's test stake. */
  readonly stake?: string
  /** How far in the past the row's time may lie, in chain seconds. Without it the door stamps the block's time. */
  readonly claimSeconds?: number
  /** What must come with it, for the door to check. */
  readonly evidence?: Evidence
  /** Columns that have one value on a live chain, because nobody could check another. */
  readonly fixed?: Readonly<Record<string, number>>
  /** Further columns that must hold the signer's node, and columns of time that the door stamps. */
  readonly alsoOwn?: readonly string[]
  readonly stamped?: readonly string[]
}

/**
 * Commitments to sealed sectors, a proof of the seal, a proof that the bytes are still there; a site's name and content; a scene to
 * be rendered, digests of rendered tiles; receipts of neighbours that heard a beacon.
 */
export type Evidence = "announcement" | "seal" | "possession" | "site" | "scene" | "tiles" | "receipts"

/** A command as a node signs it; the door stamps times that are 0. */
export interface Ask {
  readonly type: string
  readonly row: Readonly<Record<string, number | string>>
}

/** What a provider's own software reads of the chain to know what to do next. */
export interface StorageView {
  /** Is the node a provider yet? */
  readonly joined: boolean
  /** The deadline open now, and what a proof of it must show; 0 when it is proven, or nothing is due. */
  readonly deadline: number
  readonly due: number
  /** Chain seconds of the won election that still takes this node's block; 0: none. */
  readonly wonS: number
  /** Deadlines with faulty sectors that can be declared recovering now. */
  readonly recoverable: readonly number[]
  /** Deadlines with sectors, and those that may be ended now. */
  readonly held: readonly number[]
  readonly endable: readonly number[]
}

/** The commands of a provider's life, in its own network's words. */
export interface StorageAsks {
  /** `nowS`: chain time. Stakes a part of `stakeAtto`. */
  readonly join: (node: number, nowS: number, stakeAtto: bigint) => Ask
  readonly announce: (node: number, sectors: number) => Ask
  readonly seal: (node: number) => Ask
  readonly possess: (node: number, deadline: number, skipped: number) => Ask
  readonly recover: (node: number, deadline: number) => Ask
  readonly block: (node: number, wonS: number) => Ask
  readonly end: (node: number, deadline: number) => Ask
}

/** How the core counts the sectors that the door has seen proven. */
export interface StorageDoor<State> {
  /** The column of the announcing command that counts sectors. */
  readonly countColumn: string
  /** Chain seconds between an announcement and the first window whose seed challenges the seal. */
  readonly sealDelaySeconds: number
  /** The event, and its column, that says in which deadline proven sectors lie. */
  readonly assigned: { readonly event: string; readonly column: string }
  readonly deadlineColumn: string
  readonly skippedColumn: string
  /** Sectors of a node's deadline that a proof now must show, less the skipped ones. `atS` is the time of the proof. */
  readonly provable: (state: State, node: number, deadline: number, atS: number) => number
  readonly view: (state: State, node: number, atS: number) => StorageView
  readonly asks: StorageAsks
}

/** A command that the chain asks itself, with its row as the core takes it. */
export interface Own {
  readonly type: string
  readonly row: (atS: number) => Readonly<Record<string, number | bigint>>
}

/** A group of a deployment: what is wanted, and who has it. */
export interface LeaseGroup {
  readonly group: number
  /** The provider of its lease; −1 without one. */
  readonly node: number
  readonly rate: number
  /** Since when its order has been open; 0 where none is. */
  readonly orderS: number
}

/** What a provider's own software reads of the market. */
export interface LeaseView {
  readonly joined: boolean
  readonly orders: readonly { readonly group: number; readonly deployment: number; readonly maxRate: number }[]
  readonly leases: readonly { readonly group: number; readonly deployment: number; readonly rate: number }[]
}

/** How the door acts for tenants, and what providers read. Rates are the network's own. */
export interface LeaseDoor<State> {
  readonly because: string
  /** Chain seconds that a tenant waits for bids before it takes the cheapest. */
  readonly auctionSeconds: number
  /** A lease whose probes fail in so many windows in a row is ended by its tenant, and its provider passed over for a while. */
  readonly failedWindows: number
  readonly barredSeconds: number
  /** Accounts drawn in each window to probe a lease. */
  readonly probers: number
  /** The deployment made last, and the number that no other will have. */
  readonly newest: (state: State) => { readonly deployment: number; readonly number: number }
  readonly numberOf: (state: State, deployment: number) => number | undefined
  readonly groups: (state: State, deployment: number) => readonly LeaseGroup[]
  readonly bids: (
    state: State,
    group: number,
  ) => readonly { readonly bid: number; readonly node: number; readonly rate: number }[]
  readonly view: (state: State, node: number) => LeaseView
  readonly asks: {
    readonly join: (node: number, stake: bigint) => Ask
    readonly bid: (node: number, group: number, rate: number) => Ask
    readonly collect: (group: number) => Ask
    readonly giveUp: (node: number, group: number) => Ask
    readonly deploy: (tenant: number, deposit: bigint, groups: number, maxRate: number) => Ask
    readonly close: (deployment: number) => Ask
  }
  /** What tenants' standing orders ask. */
  readonly accept: (group: number, bid: number) => Own
  readonly end: (group: number) => Own
}

/** What a renderer's own software reads of the network. */
export interface RenderView {
  readonly registered: boolean
  readonly connected: boolean
  /** Frames in work, and those rejected so far. */
  readonly frames: number
  readonly rejected: number
}

/** How frames of the core are tiles of pictures, and what a picture's owner leaves to the chain. A frame is one tile. */
export interface RenderDoor<State> {
  readonly because: string
  /** Of delivered tiles, how many are rendered again by the chain itself, drawn when they can no longer be changed. */
  readonly checkedPermille: number
  /** A node that delivers nothing of its tiles for so long is dropped. */
  readonly giveUpSeconds: number
  readonly framesColumn: string
  /** The newest job of a creator; the job a node works on, or −1; the last delivery of a job; how many frames stand in it. */
  readonly newestJob: (state: State, creator: number) => number
  readonly jobOf: (state: State, node: number) => number
  readonly lastDelivery: (state: State, job: number) => number
  readonly framesIn: (state: State, delivery: number) => number
  /** What a node got: frames, how often they were rejected before, and the node + 1 that must not have them again. */
  readonly given: (state: State, node: number) => { readonly frames: number; readonly level: number; readonly notNode: number }
  readonly assigned: { readonly event: string; readonly node: string }
  /** Nothing more will be rendered of it. */
  readonly isGivenUp: (state: State, job: number) => boolean
  readonly waiting: (state: State, job: number) => number
  readonly view: (state: State, node: number) => RenderView
  readonly asks: {
    readonly join: (node: number) => Ask
    readonly connect: (node: number) => Ask
    readonly deliver: (node: number, frames: number) => Ask
    readonly buy: (creator: number, amount: bigint) => Ask
    readonly submit: (creator: number, frames: number, nowS: number) => Ask
    readonly drop: (node: number) => Ask
  }
  readonly openRound: Own
  readonly match: Own
  readonly dropSilent: (node: number) => Own
  readonly approve: (job: number) => Own
  readonly reject: (job: number, delivery: number, frames: number) => Own
}

/** What a hotspot's own software reads of the network. */
export interface CoverageView {
  readonly registered: boolean
  readonly configured: boolean
  readonly denied: boolean
  /** Where it says it is, as 64 bits in hex; empty where it has not said. */
  readonly cell: string
}
export interface CellPlace {
  readonly hexHi: number
  readonly hexLo: number
  readonly latE7: number
  readonly lngE7: number
}

/** How beacons over a real network become the core's, and what contradicts a claimed place. */
export interface CoverageDoor<State> {
  readonly because: string
  /** Accounts drawn in each window whom a beacon may reach. */
  readonly peersMax: number
  /** A round trip may take so much longer, in µs, than a path three times as long as the straight one. */
  readonly slackMicro: number
  /** Whoever contradicts two thirds of at least so many others, in so many windows in a row, is named a liar. */
  readonly partnersMin: number
  readonly strikes: number
  readonly isPlaced: (state: State, node: number) => boolean
  /** Whole metres between two claimed places. */
  readonly metres: (state: State, a: number, b: number) => number
  readonly view: (state: State, node: number) => CoverageView
  readonly asks: {
    readonly join: (node: number) => Ask
    readonly place: (node: number, place: CellPlace) => Ask
    readonly configure: (node: number) => Ask
    readonly beacon: (node: number, local: number) => Ask
    readonly leave: (node: number) => Ask
  }
  readonly beacon: (node: number, local: number) => Own
  /** `afterMs`: from the beacon to its being heard. */
  readonly witness: (beaconer: number, witness: number, local: number, afterMs: number) => Own
  readonly deny: (node: number) => Own
}

export interface Live<State = any> {
  readonly because: string
  /** Chain seconds of a window: each begins with a seed drawn from the chain, which challenges are cut from. */
  readonly windowSeconds: number
  readonly access: Readonly<Record<string, Access>>
  /** What the chain asks by itself: once in so many seconds, with 128 bits of the chain's own. */
  readonly draw?: {
    readonly type: string
    readonly everySeconds: number
    readonly row: (atS: number, words: readonly number[]) => Readonly<Record<string, number | bigint>>
  }
  readonly storage?: StorageDoor<State>
  readonly lease?: LeaseDoor<State>
  readonly render?: RenderDoor<State>
  readonly coverage?: CoverageDoor<State>
  /** What the chain asks itself in its first block. */
  readonly begin?: readonly Own[]
  /** Rules that a chain of a handful of nodes departs from, with the reason in the file that says so. */
  readonly params: Readonly<Record<string, number>>
  /** Chain seconds in a second that suit it, and what the faucet gives a key, in the smallest unit of the stake. */
  readonly speed: number
  readonly grant: bigint
  /** The figure of a node that says what it earned, among `nodeMeasures`; and the coin it is in, `by` of the figure's units. */
  readonly income: string
  readonly coin: { readonly word: string; readonly by: number; readonly stakeWord: string; readonly stakeBy: bigint }
}
