/** The state of Render: tables and genesis. Promises are in invariants.ts, lists in queues.ts. */
import type { Values } from "../../kernel/param.ts"
import { slotHead, slotShape, type SlotHead } from "../../kernel/slots.ts"
import { filled, table, type AnyTable, type Table } from "../../kernel/table.ts"
import { amount, count, count32, flag, nodeIndex, seconds, unit } from "../../kernel/unit.ts"
import { ledger, mint, tablesOf, type Ledger } from "../../ledger/ledger.ts"
import { UNITS_PER_RENDER } from "./burn-mint.ts"
import type { RenderParams } from "./params.ts"
import {
  CLASSES,
  creatorIndex,
  frameCount,
  framesSum,
  kindUnit,
  levelUnit,
  link,
  microCredit,
  milliObh,
  render8,
  reputationE6,
  tierUnit,
  vramClass,
} from "./units.ts"

/** Reputation of all who have not been judged yet. */
export const REPUTATION_FULL_E6 = 1_000_000
export const REPUTATION_START_E6 = 900_000
/** Lists by tier (2, 3) and VRAM class. */
export const LISTS = 2 * CLASSES

export const nodeShape = {
  registered: flag,
  kind: kindUnit,
  wallet: nodeIndex,
  ob: unit("OctaneBench score", "u16"),
  vramGb: unit("GB", "u16"),
  vramClass,
  tier: unit("tier; 0 before it registers", "u8", 0, 3),
  multiplierPermille: unit("‰", "u16"),
  /** Since when the machine is on the network, for RNP-015's age. */
  joinedS: seconds,
  connected: flag,
  /** Its cohort of frames: job + 1, or 0. */
  job: link,
  frames: frameCount,
  level: levelUnit,
  /** The node that must not render these frames again, + 1. */
  notNode: link,
  /** Since when it has waited for frames: its place in line. */
  waitS: seconds,
  /** Time up to here is counted as waiting or as work. */
  countedS: seconds,
  /** When it got its cohort, or last delivered of it. */
  assignedS: seconds,
  idleS: unit("s of this epoch", "u32"),
  busyS: unit("s of this epoch", "u32"),
  rentedS: unit("s of this epoch", "u32"),
  next: link,
  previous: link,
  reputationE6,
  /** Judged in this epoch. */
  approved: framesSum,
  rejected: framesSum,
  workMicroCredit: microCredit,
  /** Of the last epoch, for operators' books. */
  lastPaid8: render8,
  paidEpoch: unit("epochs closed when it was paid last", "u32"),
  lastBusyS: unit("s of the last epoch", "u32"),
  lastRentedS: unit("s of the last epoch", "u32"),
  rendered: framesSum,
  lost: framesSum,
  paid8: render8,
} as const

/** Rows come and go: a job is open until its deadline has passed and every frame is settled. */
export const jobShape = {
  ...slotShape,
  creator: creatorIndex,
  tier: tierUnit,
  vramClass,
  maxGpus: unit("GPUs", "u16"),
  frames: frameCount,
  milliObh,
  microCredit,
  funded: flag,
  quarantined: flag,
  judged: flag,
  submittedS: seconds,
  deadlineS: seconds,
  /** Where its frames are. Fresh ones were never rejected; the others wait in cohorts of their own. */
  fresh: frameCount,
  again: frameCount,
  assigned: frameCount,
  rendered: frameCount,
  approved: frameCount,
  cancelled: frameCount,
  /** Nodes at work on it. */
  held: unit("nodes", "u16"),
  /** First delivery awaiting judgement, and the last: row + 1. */
  delivery: link,
  lastDelivery: link,
  renderedS: seconds,
  rerender: link,
  /** 1 in a queue of those who wait, 2 among the finished, 0 in neither. */
  listed: unit("0, 1 or 2", "u8", 0, 2),
  next: link,
  previous: link,
  /** Other open jobs of its creator. */
  sibling: link,
  elder: link,
  waitingSeq: unit("place in line", "safe", 0),
} as const

export const deliveryShape = {
  ...slotShape,
  job: link,
  node: nodeIndex,
  frames: frameCount,
  level: levelUnit,
  /** On the service's clock, which stands while the service does. */
  clockS: unit("s (service clock)", "u32"),
  /** The next of its job; and all that await judgement in the order of time. */
  next: link,
  younger: link,
  older: link,
} as const

export const rerenderShape = {
  ...slotShape,
  frames: frameCount,
  level: levelUnit,
  notNode: link,
  next: link,
} as const

export const creatorShape = {
  /** Its open jobs. */
  job: link,
  held: unit("nodes", "u32"),
  reputationE6,
  approved: framesSum,
  rejected: framesSum,
  /** Frames whose deadline came, and those delivered by then. */
  due: framesSum,
  onTime: framesSum,
} as const

const lineShape = { head: link, tail: link, waiting: count32 } as const

export const serviceShape = {
  /** The last thing that happened, and how much time until then did not count against artists. */
  clockS: seconds,
  pausedS: unit("s", "u32"),
  rounds: count,
  waitingSeq: unit("place in line", "safe", 0),
  /** Deliveries awaiting judgement: the oldest and the youngest. */
  oldest: link,
  youngest: link,
  /** Jobs of which nothing is left to do, chained by `next`: their rows are closed within the hour. */
  finished: link,
  epochBeginS: seconds,
  epochsClosed: count32,
  priceMicroUsd: unit("microUSD per RENDER", "safe", 0),
  priceS: seconds,
  eurUsdE6: unit("USD per EUR, millionths", "u32"),
  /** Sum of price · seconds since the chefs were paid, for the average of the day. */
  averageSum: unit("microUSD s", "wide"),
  averageBeginS: seconds,
  chefsMicroUsd: unit("microUSD", "wide"),
  nodes: count32,
  connected: count32,
  working: count32,
  dropped: unit("sessions lost in this hour", "u32"),
  detectedS: seconds,
  alarmed: flag,
  jobs: count,
  asked: framesSum,
  due: framesSum,
  onTime: framesSum,
  rendered: framesSum,
  approved: framesSum,
  rejected: framesSum,
  cancelled: framesSum,
  requeued: framesSum,
  approvedBySilence: framesSum,
  quarantines: count,
  /** Seconds from submission to delivery, summed over frames. */
  waitedS: unit("frame s", "safe", 0),
  milliObh: unit("OBh/1000 approved", "safe", 0),
  boughtMicroCredit: microCredit,
  spentMicroCredit: microCredit,
  lockedMicroCredit: microCredit,
  /** Not yet burnt. */
  openMicroCredit: microCredit,
  spentMicroUsd: unit("microUSD", "wide"),
  lastSpentMicroUsd: unit("microUSD", "wide"),
  feeMicroUsd: unit("microUSD", "wide"),
  rentMicroUsd: unit("microUSD", "wide"),
  saladMicroUsd: unit("microUSD", "wide"),
  /** Supply at the start. */
  begun8: amount,
  burnt8: amount,
  minted8: amount,
  paid8: amount,
} as const

export const TOKENS = ["render", "credit"] as const
/**
 * `market` is everybody who neither renders nor works for the Foundation; `locked` holds credits of frames not yet settled, `spent`
 * those of approved frames until the epoch burns them.
 */
export const ACCOUNTS = ["market", "locked", "spent", "node_reserve", "operations", "grants", "chefs"] as const

export interface State {
  readonly node: Table<typeof nodeShape>
  readonly job: Table<typeof jobShape>
  readonly jobHead: SlotHead
  readonly delivery: Table<typeof deliveryShape>
  readonly deliveryHead: SlotHead
  readonly rerender: Table<typeof rerenderShape>
  readonly rerenderHead: SlotHead
  readonly creator: Table<typeof creatorShape>
  /** Nodes that wait, and jobs that wait, by tier and class. */
  readonly idle: Table<typeof lineShape>
  readonly queue: Table<typeof lineShape>
  readonly service: Table<typeof serviceShape>
  readonly ledger: Ledger<(typeof TOKENS)[number], (typeof ACCOUNTS)[number]>
}
export type Line = Table<typeof lineShape>

/** One creator lives near each node: places and demand come by node. Their holders follow the nodes' in the ledger. */
export const genesis = ({ nodes }: { readonly nodes: number }, v: Values<RenderParams>): State => {
  const books = ledger(TOKENS, ACCOUNTS, 2 * nodes)
  mint(books, "render", books.account.market, BigInt(v.circulatingRender) * UNITS_PER_RENDER)
  const service = filled(serviceShape, 1)
  service.begun8.set(0, BigInt(v.circulatingRender) * UNITS_PER_RENDER)
  const creator = filled(creatorShape, nodes)
  creator.reputationE6.fill(REPUTATION_FULL_E6)
  return {
    node: filled(nodeShape, nodes),
    job: table(jobShape, 0),
    jobHead: slotHead(),
    delivery: table(deliveryShape, 0),
    deliveryHead: slotHead(),
    rerender: table(rerenderShape, 0),
    rerenderHead: slotHead(),
    creator,
    idle: filled(lineShape, LISTS),
    queue: filled(lineShape, LISTS),
    service,
    ledger: books,
  }
}

/** The holder that is creator `c`. */
export const creatorHolder = ({ ledger, node }: State, c: number): number => ledger.accounts.length + node.length + c

export const stateTables = (s: State): Readonly<Record<string, AnyTable>> => ({
  node: s.node,
  job: s.job,
  jobHead: s.jobHead,
  delivery: s.delivery,
  deliveryHead: s.deliveryHead,
  rerender: s.rerender,
  rerenderHead: s.rerenderHead,
  creator: s.creator,
  idle: s.idle,
  queue: s.queue,
  service: s.service,
  ...tablesOf(s.ledger),
})
