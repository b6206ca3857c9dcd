/** What may be asked of the centralised network, and why it may be refused. */
import { command } from "../../kernel/row-type.ts"
import { degreesE7, nodeIndex, permille, seconds, unit } from "../../kernel/unit.ts"
import { outcome, revision } from "./events.ts"

// Where a command may write several event types, their order here is the only order in which one run of commands can
// write them, or they commute: so a log replays to the same state however many rows were decided at once.
export const commands = {
  RegisterPop: command(
    "The operator puts a point of presence into service.",
    { node: nodeIndex, latE7: degreesE7, lngE7: degreesE7, atS: seconds },
    ["PopRegistered"],
  ),
  PublishConfig: command(
    "The builder, or a person, hands a new configuration to the control plane.",
    { features: unit("features", "u16"), atS: seconds },
    ["ConfigPublished"],
  ),
  AcknowledgeConfig: command(
    "A PoP says what became of the configuration pushed to it.",
    { node: nodeIndex, revision, outcome, atS: seconds },
    ["ConfigAnswered"],
  ),
  AdvanceRollout: command(
    "The automation looks at the open roll-out: halt it, wait, go on to the next stage, or call it complete.",
    { atS: seconds },
    ["StageAdvanced", "RolloutCompleted", "RolloutHalted", "ConfigRolledBack"],
  ),
  RollBackConfig: command("An operator returns every PoP to a configuration known to be good.", { revision, atS: seconds }, [
    "ConfigRolledBack",
  ]),
  ReportHealth: command(
    "A PoP reports the share of its requests that fail: when it changes, and once an hour.",
    { node: nodeIndex, errorPermille: permille, atS: seconds },
    ["HealthReported"],
  ),
  ProbeFleet: command("An automated test asks whether the fleet as a whole is well.", { atS: seconds }, [
    "FleetProbed",
    "IncidentOpened",
    "IncidentCleared",
  ]),
} as const
export type Commands = typeof commands

/** Refusals, in their order of precedence within a command. */
export const refusals = {
  unknown_node: "There is no such node in this world.",
  already_registered: "The PoP is in service already.",
  unknown_pop: "No PoP is registered under this node.",
  file_is_empty: "A configuration without features is no configuration.",
  no_rollout_in_progress: "There is no open roll-out to look at.",
  rollout_in_progress: "One roll-out at a time: the open one must complete, be halted or be rolled back first.",
  unknown_revision: "No configuration was published under this number.",
  not_known_good: "Only a configuration that every PoP which answered could load is a place to return to.",
  already_current: "Every PoP is meant to run this configuration already.",
  not_pushed_here: "This PoP is meant to run another configuration.",
  already_answered: "The PoP has said what became of this push.",
  out_of_order: "It happened before something of the same kind that is already on record.",
  nothing_to_probe: "No PoP has been heard from lately.",
  still_baking: "The stage has not been watched long enough, and too few PoPs are hurt to halt it.",
} as const
export type Refusal = keyof typeof refusals
