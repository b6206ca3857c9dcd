/** What may be asked of Akash, and why it may be refused. */
import { command } from "../../kernel/row-type.ts"
import { count8, count32, duration, nodeIndex, seconds } from "../../kernel/unit.ts"
import { specShape } from "./events.ts"
import * as u from "./units.ts"

/** What settling an account may write, in the order it is evolved. */
const SETTLES = ["PaymentSettled", "DebtPaidInAkt", "PaymentPaidOut"] as const
const ENDS = [...SETTLES, "LeaseClosed", "GroupPaused", "OrderCreated", "DeploymentClosed"] as const

export const commands = {
  StartChain: command("Validators make the first block.", { atS: seconds }, ["ChainStarted"]),
  MissBlocks: command("A validator's signature is missing from now on.", { validator: u.validatorIndex, atS: seconds }, [
    "BlocksMissed",
    "ChainHalted",
  ]),
  SignBlocks: command("A validator's signature is there again.", { validator: u.validatorIndex, atS: seconds }, [
    "BlocksSigned",
    "ChainResumed",
  ]),
  Unjail: command("A jailed validator asks to return.", { validator: u.validatorIndex, atS: seconds }, ["ValidatorUnjailed"]),
  SubmitEvidence: command(
    "Somebody shows two blocks of one height with one validator's signature.",
    { validator: u.validatorIndex, atS: seconds },
    ["ValidatorTombstoned", "UnbondingSlashed", "ChainHalted"],
  ),
  Delegate: command("AKT holders stake with a validator.", { validator: u.validatorIndex, amount: u.micro, atS: seconds }, [
    "Delegated",
    "ChainHalted",
  ]),
  Undelegate: command(
    "AKT holders take stake from a validator.",
    { validator: u.validatorIndex, amount: u.micro, atS: seconds },
    ["Undelegated", "ChainHalted"],
  ),

  RegisterProvider: command(
    "A provider registers, with AKT bought for its bids' deposits.",
    { node: nodeIndex, attributes: u.attributeMask, fundsUakt: u.micro, atS: seconds },
    ["ProviderRegistered"],
  ),
  SignAttributes: command(
    "An auditor signs attributes of a provider; the last signature counts.",
    { node: nodeIndex, auditor: u.auditorIndex, attributes: u.attributeMask, atS: seconds },
    ["AttributesSigned"],
  ),
  CreateDeployment: command(
    "A tenant wants groups of services run, all groups alike, at no more than a price.",
    { tenant: u.tenant, deposit: u.micro, groups: count8, ...specShape, note: count32, atS: seconds },
    ["DeploymentCreated"],
  ),
  TopUpDeployment: command(
    "A tenant adds to its deposit: in the deployment's own token, or in AKT while collateral is short.",
    { deployment: u.deploymentRow, denom: u.denom, amount: u.micro, atS: seconds },
    ["DeploymentFunded", ...SETTLES, "DeploymentClosed"],
  ),
  CreateBid: command(
    "Providers bid on an order: its bids that arrive together are one book, taken in the order of their rows.",
    { group: u.groupRow, node: nodeIndex, rate: u.rate, windowS: duration, atS: seconds },
    ["BidCreated"],
    { book: "group" },
  ),
  CreateLease: command(
    "A tenant accepts any one of the open bids; the chain does not insist on the cheapest.",
    { group: u.groupRow, bid: u.bidRow, atS: seconds },
    ["PaymentSettled", "LeaseCreated"],
  ),
  WithdrawLease: command("A provider collects what a lease has earned.", { group: u.groupRow, atS: seconds }, ENDS),
  CloseLease: command("A tenant ends a lease and orders anew.", { group: u.groupRow, atS: seconds }, ENDS),
  CloseBid: command(
    "A provider takes back its bid, or ends its lease: the group then waits for its tenant.",
    { group: u.groupRow, node: nodeIndex, reason: u.closeReason, atS: seconds },
    ["BidClosed", ...ENDS, "IncidentDetected"],
  ),
  StartReclaim: command("A provider gives notice.", { group: u.groupRow, reason: u.closeReason, atS: seconds }, [
    "LeaseReclaimStarted",
  ]),
  StartGroup: command("A tenant puts a paused group up for bids again.", { group: u.groupRow, atS: seconds }, ["OrderCreated"]),
  CloseDeployment: command("A tenant ends its deployment.", { deployment: u.deploymentRow, atS: seconds }, ENDS),

  RequestBurnMint: command(
    "Somebody asks to turn AKT into ACT, or ACT into AKT.",
    { holder: u.holder, from: u.denom, amount: u.micro, atS: seconds },
    ["BurnMintRequested"],
  ),
  EndBlock: command(
    "The end of a block in which requests may fall due. Blocks in which nothing could happen are left out.",
    { atS: seconds },
    ["BurnMintExecuted", "BurnMintRetried", "BurnMintCancelled", "MintStatusChanged", "EpochsSet"],
  ),
  FeedPrice: command(
    "A source's price changes; it reports it with every block until it says otherwise.",
    { source: u.sourceIndex, nanoUsd: u.nanoUsd, atS: seconds },
    ["PriceFed"],
  ),
  StopFeed: command("A source falls silent.", { source: u.sourceIndex, atS: seconds }, ["FeedStopped"]),
} as const
export type Commands = typeof commands

/** Refusals, in their order of precedence within a command. */
export const refusals = {
  chain_started: "The chain runs already.",
  chain_not_started: "There is no chain yet.",
  chain_halted: "No block is made, so nothing can be put into one.",
  out_of_order: "It would lie before a block that is made.",
  unknown_validator: "There is no such validator.",
  already_missing: "The validator's signature is missing already.",
  already_signing: "The validator signs already.",
  not_jailed: "The validator is not jailed.",
  still_jailed: "The jail term has not passed.",
  tombstoned: "Who signed twice never returns.",
  stake_too_small: "The validator has less stake than that.",
  unknown_node: "There is no such node in this world.",
  already_registered: "The provider is registered.",
  unknown_provider: "No provider is registered under this node.",
  nothing_asked: "A deployment has one to twenty groups, each with some CPU and memory and a price.",
  deposit_too_small: "The deposit is below the minimum.",
  deposit_too_large: "An escrow account holds no more than a billion tokens.",
  insufficient_balance: "The account has less than that.",
  unknown_deployment: "There is no such deployment.",
  wrong_denom: "The deployment is paid in another token, and AKT is taken beside ACT only while collateral is short.",
  unknown_group: "There is no such group.",
  too_many_bids: "The order has more bids than it takes.",
  order_not_open: "The group has no open order.",
  price_too_high: "The bid asks more than the order pays, or nothing.",
  attributes_mismatch: "The provider lacks an attribute or a signature that the order demands.",
  bid_exists: "The provider has bid on this order.",
  reclamation_not_available: "Notice periods are not in force.",
  reclamation_required: "The order demands a notice period and the bid offers none.",
  reclamation_too_short: "The bid's notice is shorter than the order demands.",
  reclamation_window_invalid: "The bid's notice lies outside what the network allows.",
  bid_not_found: "The order has no such open bid.",
  account_overdrawn: "The account cannot pay what it owes, so no lease can begin.",
  lease_not_active: "The group has no lease that is in force.",
  lease_not_reclaimable: "The lease was made without a notice period.",
  already_reclaiming: "Notice has been given.",
  reclamation_not_started: "The provider has to give notice first.",
  reclamation_window_not_elapsed: "The notice period has not passed.",
  wrong_reason: "Only a provider's reasons are a provider's to give.",
  not_its_bid: "The provider has neither an open bid nor the lease.",
  payment_not_found: "A second call in one block finds no payment (an oddity of the escrow code).",
  group_not_paused: "Only a paused group can be started.",
  deployment_closed: "The deployment is closed and only its debt is left.",
  bme_off: "AKT is not burnt for ACT yet.",
  no_price: "The oracle has no price.",
  circuit_breaker: "The circuit breaker does not let this through.",
  nothing_pending: "No request waits and no status could change.",
  points_full: "The source changed its price too often for its window.",
  feed_silent: "The source is silent already.",
} as const
export type Refusal = keyof typeof refusals
