/** What may be asked of Helium IoT, and why it may be refused. */
import { command } from "../../kernel/row-type.ts"
import { count32, flag, nodeIndex, seconds, unit } from "../../kernel/unit.ts"
import { registryCommands, registryRefusals } from "../../registry/registry.ts"
import { mobileCommands, mobileRefusals } from "./commands-mobile.ts"
import { regimeCommands, regimeRefusals } from "./commands-regime.ts"
import { vehntCommands, vehntRefusals } from "./commands-vehnt.ts"
import { bones, dbm, deciDbi, deciDbm, hertz, payloadTag, region } from "./events.ts"

/** A row of the path table, as a hint that saves a search; `NO_PATH` asks for the search. */
export const pathHint = unit("path index", "u32")
export const NO_PATH = 0xffff_ffff

/** Its whole seconds fit a column of Unix seconds. */
const received = unit("ms (Unix)", "safe", 0, 0xffff_ffff * 1000 + 999)

export const commands = {
  ...registryCommands,
  ConfigureHotspot: command(
    "An owner registers a hotspot's radio.",
    { node: nodeIndex, region, gainDdbi: deciDbi, capable: flag },
    ["HotspotConfigured"],
  ),
  MeasurePath: command(
    "The verifier measures a pair of asserted locations before it needs the distance.",
    { beaconer: nodeIndex, witness: nodeIndex },
    ["PathMeasured"],
  ),
  PublishDenylist: command("The denylist's maintainers add or remove a hotspot.", { node: nodeIndex, denied: flag }, [
    "DenylistChanged",
  ]),
  DenyEdge: command(
    "The denylist's maintainers add or remove a pair of hotspots.",
    { a: nodeIndex, b: nodeIndex, denied: flag },
    ["EdgeDenied"],
  ),
  ReportBeacon: command(
    "A gateway reports that it beaconed, with the entropy it used.",
    {
      node: nodeIndex,
      receivedMs: received,
      entropyS: seconds,
      local: unit("local entropy", "u32"),
      payload: payloadTag,
      frequencyHz: hertz,
      txPowerDbm: dbm,
    },
    ["BeaconRefused", "BeaconReported"],
    "batch",
  ),
  ReportWitness: command(
    "Gateways report that they heard a beacon. All reports of one beacon are one decision.",
    {
      beaconer: nodeIndex,
      witness: nodeIndex,
      receivedMs: received,
      payload: payloadTag,
      frequencyHz: hertz,
      signalDdbm: deciDbm,
      path: pathHint,
    },
    ["WitnessProved", "PocResolved"],
    { book: "beaconer", commuting: true },
  ),
  ...regimeCommands,
  ...vehntCommands,
  MintCredits: command("A network user burns HNT for Data Credits.", { hnt: bones, at: seconds }, ["CreditsMinted"]),
  ReportTransfer: command(
    "The packet router reports a hotspot's paid traffic since its last report.",
    { node: nodeIndex, dc: count32 },
    ["DataTransferred", "TransferQueued"],
  ),
  ...mobileCommands,
} as const
export type Commands = typeof commands

/** Refusals, in their order of precedence within a command; each is named as the verifier names it, as a fact. */
export const refusals = {
  ...registryRefusals,
  location_is_no_cell: "A hotspot asserts an H3 cell of resolution 12; these 64 bits are none.",
  centre_is_not_the_cells: "The degrees asserted with the cell are not the cell's centre.",
  gateway_not_found: "The verifier knows no such hotspot.",
  not_asserted: "A hotspot without an asserted location proves nothing about a place.",
  denied: "The hotspot is on the denylist.",
  entropy_expired: "The report did not arrive while its entropy lived.",
  invalid_capability: "Only full hotspots take part in proof of coverage.",
  irregular_interval: "One beacon per aligned interval; this one is the second, or comes before the last.",
  invalid_packet: "The payload does not follow from the entropy.",
  beacon_is_not_open: "No valid beacon of this hotspot awaits witnesses.",
  denied_edge: "This pair of hotspots is on the edge denylist.",
  self_witness: "A hotspot cannot witness itself; the report is dropped.",
  too_late: "The report came too long after the first event of its beacon (HIP-94).",
  wrong_payload: "The witness heard something else than what was sent.",
  invalid_frequency: "The witness heard another frequency than the beacon's.",
  invalid_region: "The two hotspots are registered in different regions.",
  below_min_distance: "The witness stands too near to prove anything.",
  max_distance_exceeded: "The witness stands farther than radio carries.",
  bad_rssi: "The signal is louder than free space allows.",
  duplicate: "This witness already reported this beacon.",
  gateway_no_valid_beacons: "The witness had no valid beacon of its own within the reciprocity window (HIP-106).",
  gateway_no_valid_witnesses: "The beaconer was no valid witness within the reciprocity window (HIP-106).",
  path_is_known: "The pair is measured already, and neither has moved since.",
  supply_is_too_small: "There is not that much HNT in circulation to burn.",
  epoch_burn_is_full: "The books of one epoch count up to 2^53 bones burnt, about 90 million HNT.",
  ...regimeRefusals,
  ...vehntRefusals,
  payer_is_out_of_credits: "The payer's Data Credits do not cover the traffic.",
  ...mobileRefusals,
} as const
export type Refusal = keyof typeof refusals
