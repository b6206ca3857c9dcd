/** What may be asked of Helium Mobile, and why it may be refused. */
import { command } from "../../kernel/row-type.ts"
import { count16, count32, flag, hexHigh, hexLow, nodeIndex, seconds, unit } from "../../kernel/unit.ts"
import { assignmentIndexUnit, mobileEvents, object, signalLevel, signalPower } from "./events-mobile.ts"

export const mobileCommands = {
  RegisterRadio: command("An owner registers a hotspot's Mobile radio.", mobileEvents.RadioRegistered.shape, ["RadioRegistered"]),
  SubmitCoverage: command(
    "An owner submits a radio's modelled coverage: all hexes of one object are one decision, in the order of their indexes.",
    {
      object,
      node: nodeIndex,
      claimedS: seconds,
      hexHi: hexHigh,
      hexLo: hexLow,
      powerDdbm: signalPower,
      level: signalLevel,
    },
    ["CoverageClaimed", "HexCovered"],
    { book: "object" },
  ),
  ReportHeartbeat: command(
    "A radio says that it works, where it is and which coverage it means.",
    {
      node: nodeIndex,
      at: seconds,
      hexHi: hexHigh,
      hexLo: hexLow,
      object,
      /** When a location service last confirmed the place; 0: never. */
      validatedS: seconds,
      operational: flag,
    },
    ["HeartbeatReported"],
  ),
  ReportSpeedtest: command(
    "A radio reports a test of its backhaul.",
    mobileEvents.SpeedtestReported.shape,
    ["SpeedtestReported"],
    "batch",
  ),
  ReportConnections: command(
    "A carrier publishes how many users a radio served.",
    mobileEvents.ConnectionsCounted.shape,
    ["ConnectionsCounted"],
    "batch",
  ),
  BanRadio: command("A service provider bans a radio from proof of coverage, or lifts the ban.", mobileEvents.RadioBanned.shape, [
    "RadioBanned",
  ]),
  AssignHex: command(
    "The oracles publish what their data sets say of a cell of resolution 9.",
    { hexHi: hexHigh, hexLo: hexLow, index: assignmentIndexUnit },
    ["HexAssigned"],
    "batch",
  ),
  BoostHex: command(
    "A service provider pays for more points on a hex.",
    {
      hexHi: hexHigh,
      hexLo: hexLow,
      kind: unit("radio kind, 0 for all", "u8", 0, 4),
      multiplier: unit("×", "u16"),
      months: unit("months of 30 days", "u16"),
      at: seconds,
    },
    ["HexBoosted"],
  ),
  ReportMappers: command(
    "The mapping oracle reports subscribers who mapped coverage, by the verification points of each.",
    { subscribers: count32, verificationPoints: count16 },
    ["MappersCounted"],
    "batch",
  ),
  ReportDataTransfer: command("The packet verifier reports a radio's paid traffic.", { node: nodeIndex, dc: count32 }, [
    "MobileDataTransferred",
    "MobileTransferQueued",
  ]),
} as const
export type MobileCommands = typeof mobileCommands

/** Refusals, in their order of precedence within a command; heartbeats in the verifier's order. */
export const mobileRefusals = {
  mobile_has_not_begun: "Mobile has no epochs yet: its sub-network began with the move to Solana (HIP-53).",
  radio_kind_is_unknown: "A radio is indoor or outdoor, Wi-Fi or CBRS: kinds 1 to 4.",
  radio_is_registered: "The hotspot has a radio of this kind already.",
  radio_is_unknown: "The hotspot has no Mobile radio.",
  object_is_mixed: "The hexes of one coverage object name different radios or claims.",
  object_is_known: "The radio covers by this very object already; changed coverage is a new object.",
  coverage_is_too_large: "A coverage object has more hexes than are modelled for one radio.",
  hex_is_no_cell: "Coverage is told in H3 cells of resolution 12; these 64 bits are none.",
  hex_is_out_of_order: "The hexes of an object come in the order of their indexes, each once.",
  signal_level_is_not_indoor: "Indoor radios know high and low signal only.",
  bad_coverage_object: "A heartbeat must name a coverage object.",
  no_such_coverage_object: "The radio has no such coverage object.",
  not_operational: "The radio says itself that it does not work.",
  heartbeat_outside_range: "The heartbeat belongs to a day that is closed, or that the radio has left.",
  invalid_place: "A heartbeat's place is an H3 cell of resolution 12; these 64 bits are none.",
  unsupported_location: "Mobile is offered in the USA and Mexico only.",
  assignment_is_no_cell: "Assignments are told for H3 cells of resolution 9; these 64 bits are none.",
  boost_is_too_large: "New boosts are limited (HIP-122: 10×), and at least 1×.",
  boost_is_too_short: "A boost runs for a least number of months (HIP-122: 3).",
  boost_is_too_long: "A boost ends within the clock's years.",
  nobody_mapped: "A report of no mappers says nothing.",
} as const
export type MobileRefusal = keyof typeof mobileRefusals
