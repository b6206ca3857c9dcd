/** Render by example: frames from the queue to the node's pay, every way back, the week's books, and all that is refused. */
import { DAY, HOUR } from "../../kernel/clock.ts"
import { examplesFor } from "../../kernel/example.ts"
import type { Fact } from "../../kernel/row-type.ts"
import { resilienceExamples } from "../../resilience/embed/examples.ts"
import type { Commands } from "./commands.ts"
import { BME_BEGIN_S } from "./emission.ts"
import { render } from "./index.ts"
import { COMPUTE, CONTAINERS, ENTERPRISE, GATEWAY, LEFT, RENDERING, SILENT, T1, T2, T3 } from "./units.ts"

/** The beginning of epoch 102, 2025-11-26. */
const T = BME_BEGIN_S + 101 * 7 * DAY

type Ask = Fact<Commands>
const register = (node: number, more: Partial<Extract<Ask, { type: "RegisterNode" }>> = {}): Ask => ({
  type: "RegisterNode",
  node,
  wallet: node,
  kind: RENDERING,
  ob: 700,
  vramGb: 24,
  ramGb: 64,
  multiplierPermille: 850,
  sinceS: T - 100 * DAY,
  atS: T,
  ...more,
})
const connect = (node: number, atS = T): Ask => ({ type: "ConnectNode", node, atS })
const drop = (node: number, atS: number, cause = SILENT): Ask => ({ type: "DropNode", node, cause, atS })
const buy = (creator: number, credits: number, atS = T): Ask => ({
  type: "BuyCredits",
  creator,
  microCredit: credits * 1_000_000,
  atS,
})
/** 100 OBh a frame: one credit each on tier 2. */
const submit = (creator: number, frames: number, more: Partial<Extract<Ask, { type: "SubmitJob" }>> = {}): Ask => ({
  type: "SubmitJob",
  creator,
  tier: T2,
  vramClass: 0,
  maxGpus: 10,
  frames,
  milliObh: 100_000,
  deadlineS: T + 12 * HOUR,
  atS: T,
  ...more,
})
const open = (atS: number): Ask => ({ type: "OpenRound", atS })
const match = (atS: number): Ask => ({ type: "MatchFrames", atS })
const deliver = (node: number, frames: number, atS: number, failed = 0): Ask => ({
  type: "DeliverFrames",
  node,
  frames,
  failed,
  atS,
})
const approve = (job: number, atS: number): Ask => ({ type: "ApproveFrames", job, atS })
const reject = (job: number, delivery: number, frames: number, atS: number): Ask => ({
  type: "RejectFrames",
  job,
  delivery,
  frames,
  atS,
})
const fund = (job: number, atS: number): Ask => ({ type: "FundJob", job, atS })
const cancel = (job: number, atS: number): Ask => ({ type: "CancelJob", job, atS })
const price = (atS: number, microUsd = 2_000_000): Ask => ({
  type: "PostPrice",
  priceMicroUsd: microUsd,
  eurUsdE6: 1_100_000,
  atS,
})
const rent = (node: number, hours: number, atS: number): Ask => ({
  type: "RecordRental",
  node,
  seconds: hours * HOUR,
  microUsd: hours * 350_000,
  atS,
})
const salad = (product: number, usd: number, atS: number): Ask => ({
  type: "RecordSalad",
  product,
  microUsd: usd * 1_000_000,
  atS,
})
const hour = (at: number) => ({ settle: "hour", at }) as const
const day = (at: number) => ({ settle: "day", at }) as const

const FLEET: readonly Ask[] = [open(T), register(0), connect(0), register(1), connect(1)]
const FLEET_EVENTS = ["RoundOpened", "NodeRegistered", "NodeConnected"] as const
const WORK: readonly Ask[] = [...FLEET, price(T), buy(0, 100), submit(0, 40), match(T), match(T)]
const WORK_EVENTS = [...FLEET_EVENTS, "PricePosted", "CreditsBought", "JobSubmitted", "FramesAssigned"] as const

const own = examplesFor(render)([
  {
    name: "a job is matched, rendered, judged by its artist and by silence; the week's books burn its credits and pay its nodes",
    nodes: 3,
    steps: [
      { ask: WORK },
      {
        ask: [deliver(0, 20, T + 5 * HOUR), approve(0, T + 6 * HOUR), deliver(1, 12, T + 7 * HOUR), deliver(1, 8, T + 9 * HOUR)],
      },
      hour(T + 12 * HOUR),
      { ask: [open(T + 78 * HOUR), open(T + 79 * HOUR)] },
      hour(T + 79 * HOUR),
      { ask: [open(T + 150 * HOUR), open(T + 168 * HOUR)] },
      hour(T + 168 * HOUR),
      { ask: [open(T + 168 * HOUR + 60), open(T + 260 * HOUR)] },
      hour(T + 260 * HOUR),
      hour(T + 261 * HOUR),
      { ask: [price(T + 336 * HOUR - 60), open(T + 336 * HOUR)] },
      hour(T + 336 * HOUR),
    ],
    events: [
      ...WORK_EVENTS,
      "FramesRendered",
      "FramesApproved",
      "DeadlinePassed",
      "HourClosed",
      "EpochClosed",
      "RewardPaid",
      "JobClosed",
    ],
    refusals: [],
  },
  {
    name: "a node goes silent in the middle: what it had not uploaded goes back to the queue, and to another node",
    nodes: 2,
    steps: [
      { ask: [...FLEET, buy(0, 100), submit(0, 20), match(T), deliver(0, 5, T + HOUR)] },
      { ask: [drop(0, T + 2 * HOUR), match(T + 2 * HOUR), deliver(1, 15, T + 5 * HOUR), connect(0, T + 6 * HOUR)] },
      hour(T + 6 * HOUR),
      { ask: [drop(1, T + 7 * HOUR, LEFT)] },
    ],
    events: [
      ...FLEET_EVENTS,
      "CreditsBought",
      "JobSubmitted",
      "FramesAssigned",
      "FramesRendered",
      "FramesRequeued",
      "NodeDisconnected",
      "HourClosed",
    ],
    refusals: [],
  },
  {
    name: "rejected frames are rendered again on another node; after three failed re-renders the job is quarantined and refunded",
    nodes: 2,
    params: { framesPerMatch: 10 },
    steps: [
      { ask: [...FLEET, buy(0, 100), submit(0, 30, { maxGpus: 1 }), match(T)] },
      { ask: [deliver(0, 10, T + 60), reject(0, 0, 4, T + 120), approve(0, T + 180)] },
      { ask: [match(T + 200), deliver(1, 4, T + 300), reject(0, 0, 4, T + 400), match(T + 500), deliver(0, 0, T + 600, 4)] },
      { ask: [match(T + 700), deliver(1, 3, T + 800, 1)] },
      hour(T + 12 * HOUR),
      hour(T + 13 * HOUR),
    ],
    events: [
      ...FLEET_EVENTS,
      "CreditsBought",
      "JobSubmitted",
      "FramesAssigned",
      "FramesRendered",
      "FramesRejected",
      "FramesApproved",
      "JobQuarantined",
      "DeadlinePassed",
      "HourClosed",
    ],
    refusals: [],
  },
  {
    name: "a job without credits waits; one is paid late, one is taken back, one is never paid and given up at its deadline",
    nodes: 2,
    steps: [
      { ask: [...FLEET, submit(0, 5), submit(1, 5), submit(1, 5), fund(0, T + 60), match(T + 60)] },
      { ask: [buy(0, 5, T + 120), fund(0, T + 180), match(T + 180), buy(1, 5, T + 200), fund(1, T + 210), cancel(1, T + 220)] },
      hour(T + 12 * HOUR),
      hour(T + 13 * HOUR),
      hour(T + 14 * HOUR),
    ],
    events: [
      ...FLEET_EVENTS,
      "JobSubmitted",
      "CreditsBought",
      "JobFunded",
      "FramesAssigned",
      "JobCancelled",
      "DeadlinePassed",
      "JobClosed",
      "HourClosed",
    ],
    refusals: ["credits_do_not_cover", "nothing_to_match"],
  },
  {
    name: "economy jobs take better nodes that wait, priority jobs come first, and nobody holds more nodes than reputation allows",
    nodes: 3,
    params: { creatorNodesMax: 1 },
    steps: [
      { ask: [...FLEET, register(2, { ob: 300 }), connect(2), buy(0, 500), buy(1, 500)] },
      { ask: [submit(1, 20, { tier: T3 }), submit(0, 40), match(T), match(T), match(T)] },
      hour(T + HOUR),
    ],
    events: [...FLEET_EVENTS, "CreditsBought", "JobSubmitted", "FramesAssigned", "HourClosed"],
    refusals: ["nothing_to_match"],
  },
  {
    name: "compute nodes rent their hours and are paid from the reserve; a node of good standing rises, and one of bad standing falls",
    nodes: 3,
    params: { promotePermille: 900, tier2ObMin: 500 },
    steps: [
      { ask: [open(T), register(0, { kind: COMPUTE }), register(1, { kind: ENTERPRISE, multiplierPermille: 4000 })] },
      { ask: [register(2), connect(0), connect(1), connect(2), price(T), buy(0, 100), submit(0, 20), match(T)] },
      { ask: [rent(0, 40, T + 50 * HOUR), rent(1, 100, T + 100 * HOUR), deliver(2, 0, T + 101 * HOUR, 15)] },
      { ask: [open(T + 168 * HOUR)] },
      hour(T + 168 * HOUR),
      { ask: [deliver(2, 5, T + 169 * HOUR), approve(0, T + 170 * HOUR), open(T + 336 * HOUR)] },
      { change: "demotePermille", value: 0 },
      { change: "promotePermille", value: 100 },
      hour(T + 336 * HOUR),
    ],
    events: [
      ...WORK_EVENTS,
      "RentalRecorded",
      "FramesRejected",
      "FramesRendered",
      "FramesApproved",
      "EpochClosed",
      "SubnetPaid",
      "RewardPaid",
      "TierChanged",
      "DeadlinePassed",
      "HourClosed",
      "ParameterChanged",
    ],
    refusals: [],
  },
  {
    name: "the Salad subnet burns when it is paid, and pays its chefs a day later at the average price",
    nodes: 1,
    params: { saladOn: 1 },
    steps: [
      { ask: [open(T), price(T), salad(CONTAINERS, 1000, T + HOUR), salad(GATEWAY, 500, T + 2 * HOUR)] },
      { ask: [price(T + 12 * HOUR, 1_800_000), open(T + DAY)] },
      day(T + DAY),
      hour(T + DAY),
    ],
    events: ["RoundOpened", "PricePosted", "SaladPaid", "ChefsPaid", "HourClosed"],
    refusals: [],
  },
  {
    name: "the service stands still for a day: silence is not counted, no epoch closes until it is back, and an alarm is raised",
    nodes: 2,
    params: { approveAfterHours: 24 },
    steps: [
      { ask: [...FLEET, buy(0, 50), submit(0, 20), match(T), deliver(0, 20, T + 160 * HOUR)] },
      hour(T + 168 * HOUR),
      hour(T + 185 * HOUR),
      { ask: [open(T + 186 * HOUR)] },
      hour(T + 186 * HOUR),
    ],
    events: [
      ...FLEET_EVENTS,
      "CreditsBought",
      "JobSubmitted",
      "FramesAssigned",
      "FramesRendered",
      "DeadlinePassed",
      "EpochClosed",
      "RewardPaid",
      "HourClosed",
    ],
    refusals: [],
  },
  {
    name: "what nobody may ask: of nodes",
    nodes: 2,
    params: { subnetOn: 0, enterpriseOn: 0 },
    steps: [
      { ask: [open(T), open(T - 1), register(0, { ramGb: 16 }), register(0, { vramGb: 6 }), register(9), connect(0)] },
      { ask: [register(0, { sinceS: T + 1 }), register(0, { kind: COMPUTE }), register(0), register(0)] },
      { ask: [drop(0, T), connect(0), connect(0), deliver(0, 1, T), rent(0, 1, T), salad(GATEWAY, 1, T), match(T)] },
    ],
    events: [...FLEET_EVENTS],
    refusals: [
      "clock_runs_backwards",
      "machine_too_small",
      "unknown_node",
      "joined_in_the_future",
      "subnet_is_closed",
      "already_registered",
      "not_connected",
      "already_connected",
      "no_frames_in_work",
      "not_a_compute_node",
      "nothing_to_match",
    ],
  },
  {
    name: "what nobody may ask: of jobs",
    nodes: 2,
    steps: [
      { ask: [...WORK, buy(9, 1), buy(0, 0), submit(9, 1), submit(0, 0), submit(0, 1, { tier: T1 })] },
      { ask: [fund(5, T), fund(0, T), cancel(5, T), cancel(0, T), approve(5, T), approve(0, T), reject(5, 0, 1, T)] },
      {
        ask: [
          reject(0, 0, 1, T),
          deliver(0, 21, T),
          deliver(0, 0, T),
          deliver(0, 20, T),
          reject(0, 0, 21, T),
          reject(0, 0, 0, T),
        ],
      },
    ],
    events: [...WORK_EVENTS, "FramesRendered"],
    refusals: [
      "unknown_creator",
      "nothing_asked",
      "tier_not_released",
      "unknown_job",
      "already_funded",
      "nothing_queued",
      "nothing_to_approve",
      "unknown_delivery",
      "more_than_assigned",
      "more_than_delivered",
    ],
  },
])

/** Its own, and those of the mechanisms it embeds. */
export const examples = [...own, ...resilienceExamples]
