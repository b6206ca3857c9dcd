/** What may be asked of the network, and why it may be refused. */
import { command } from "../../kernel/row-type.ts"
import { duration, nodeIndex, seconds, unit } from "../../kernel/unit.ts"
import {
  creatorIndex,
  deliveryIndex,
  dropCause,
  eurUsd,
  frameCount,
  jobIndex,
  kindUnit,
  microUsdPaid,
  milliObh,
  obScore,
  priceMicroUsd,
  productUnit,
  tierUnit,
  vramClass,
} from "./units.ts"

export const commands = {
  RegisterNode: command(
    "An operator brings a machine; its benchmark says what it is good for.",
    {
      node: nodeIndex,
      wallet: nodeIndex,
      kind: kindUnit,
      ob: obScore,
      vramGb: unit("GB", "u16", 0, 4096),
      ramGb: unit("GB", "u16", 0, 4096),
      multiplierPermille: unit("‰", "u16"),
      sinceS: seconds,
      atS: seconds,
    },
    ["NodeRegistered"],
  ),
  ConnectNode: command("A node opens its session.", { node: nodeIndex, atS: seconds }, ["NodeConnected"]),
  DropNode: command(
    "The matchmaker ends a session: its operator wants to go, or it has been silent too long.",
    { node: nodeIndex, cause: dropCause, atS: seconds },
    ["FramesRequeued", "NodeDisconnected"],
  ),
  BuyCredits: command(
    "A creator pays for credits.",
    { creator: creatorIndex, microCredit: unit("microcredit", "safe", 0, 10_000_000_000_000), atS: seconds },
    ["CreditsBought"],
  ),
  SubmitJob: command(
    "A creator asks for frames.",
    {
      creator: creatorIndex,
      tier: tierUnit,
      vramClass,
      maxGpus: unit("GPUs", "u16"),
      frames: frameCount,
      milliObh,
      deadlineS: seconds,
      atS: seconds,
    },
    ["JobSubmitted"],
  ),
  FundJob: command("A creator's new credits are locked for a waiting job.", { job: jobIndex, atS: seconds }, ["JobFunded"]),
  CancelJob: command("A creator gives up what nobody has begun.", { job: jobIndex, atS: seconds }, ["JobCancelled"]),
  OpenRound: command("The matchmaker looks at its queues.", { atS: seconds }, ["RoundOpened"]),
  MatchFrames: command("It pairs one job and one node: both waiting longest.", { atS: seconds }, ["FramesAssigned"]),
  DeliverFrames: command(
    "A node uploads frames of its cohort; some may fail the network's checks.",
    { node: nodeIndex, frames: frameCount, failed: frameCount, atS: seconds },
    ["FramesRendered", "FramesRejected", "JobQuarantined"],
  ),
  ApproveFrames: command("An artist approves all that was delivered to a job.", { job: jobIndex, atS: seconds }, [
    "FramesApproved",
  ]),
  RejectFrames: command(
    "An artist rejects frames of a delivery.",
    { job: jobIndex, delivery: deliveryIndex, frames: frameCount, atS: seconds },
    ["FramesRejected", "JobQuarantined"],
  ),
  PostPrice: command("The oracle tells prices.", { priceMicroUsd, eurUsdE6: eurUsd, atS: seconds }, ["PricePosted"]),
  RecordRental: command(
    "A customer's hours on a compute node end, and are paid.",
    { node: nodeIndex, seconds: duration, microUsd: microUsdPaid, atS: seconds },
    ["RentalRecorded"],
  ),
  RecordSalad: command("A customer pays on the Salad subnet.", { product: productUnit, microUsd: microUsdPaid, atS: seconds }, [
    "SaladPaid",
  ]),
} as const
export type Commands = typeof commands

/** Refusals, in their order of precedence within a command. */
export const refusals = {
  clock_runs_backwards: "The time lies before something that has already happened.",
  unknown_node: "There is no such node, or it has not registered.",
  already_registered: "A machine registers once.",
  machine_too_small: "A node has at least 8 GB of video memory and 32 GB of memory.",
  joined_in_the_future: "A machine cannot have joined after now.",
  subnet_is_closed: "There is no such subnet under these rules.",
  already_connected: "The session is open.",
  not_connected: "There is no session.",
  unknown_creator: "There is no such creator.",
  nothing_asked: "An amount is more than 0.",
  tier_not_released: "Tier 1 was never released.",
  unknown_job: "There is no such open job.",
  already_funded: "The job's credits are locked.",
  credits_do_not_cover: "The creator's credits do not cover the job.",
  nothing_queued: "Every frame is at work, delivered or settled.",
  nothing_to_match: "No job that waits has an eligible node that waits.",
  no_frames_in_work: "The node works on no frames.",
  more_than_assigned: "A node delivers at most what it was given.",
  nothing_to_approve: "Nothing waits for approval.",
  unknown_delivery: "There is no such delivery of this job, or it was settled.",
  more_than_delivered: "No more frames of this delivery wait for approval.",
  not_a_compute_node: "Hours are rented of nodes of the compute subnet.",
} as const
export type Refusal = keyof typeof refusals
