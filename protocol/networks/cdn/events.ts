/** What has happened in the centralised network, as its control plane knows it. */
import { event } from "../../kernel/row-type.ts"
import { count32, degreesE7, duration, flag, nodeIndex, permille, seconds, unit } from "../../kernel/unit.ts"

/** Configurations are numbered from 1 in the order they were published; 0 is none. */
export const revision = unit("revision", "u32")
export const stage = unit("stage", "u8")
/** How a PoP answered a push: see `LOADED`, `FAILED`, `REJECTED`. */
export const outcome = unit("0 loaded, 1 failed, 2 rejected", "u8", 0, 2)

/** The PoP runs the new configuration. */
export const LOADED = 0
/** The PoP took the new configuration and its module broke on it. */
export const FAILED = 1
/** The PoP checked the new configuration, found it wanting and kept what it had. */
export const REJECTED = 2

export const events = {
  PopRegistered: event("The operator put a point of presence into service.", {
    node: nodeIndex,
    latE7: degreesE7,
    lngE7: degreesE7,
    atS: seconds,
  }),
  ConfigPublished: event("A configuration left the builder and was pushed to its first stage.", {
    revision,
    features: unit("features", "u16"),
    stages: stage,
    firstStagePermille: permille,
    bakeSeconds: duration,
    atS: seconds,
  }),
  // One event for all three answers, so that a PoP's answers keep their order in the log whatever they say.
  ConfigAnswered: event("A PoP said what became of a push.", { node: nodeIndex, revision, outcome, atS: seconds }),
  StageAdvanced: event("A roll-out was pushed to its next stage.", { revision, stage, atS: seconds }),
  RolloutCompleted: event("A roll-out reached every PoP and its last stage was watched long enough.", {
    revision,
    knownGood: flag,
    atS: seconds,
  }),
  RolloutHalted: event("A roll-out hurt too many of the PoPs it had reached.", {
    revision,
    stage,
    exposed: count32,
    hurt: count32,
    atS: seconds,
  }),
  ConfigRolledBack: event("Every PoP was told to return to a configuration known to be good.", {
    revision,
    toRevision: revision,
    atS: seconds,
  }),
  HealthReported: event("A PoP reported its share of failed requests.", {
    node: nodeIndex,
    errorPermille: permille,
    failing: flag,
    atS: seconds,
  }),
  PopWentSilent: event("A PoP was not heard from for too long; its last report no longer counts.", {
    node: nodeIndex,
    atS: seconds,
  }),
  FleetProbed: event("An automated test looked at the whole fleet.", { errorPermille: permille, failed: flag, atS: seconds }),
  IncidentOpened: event("Enough tests in a row failed.", { onsetS: seconds, detectedS: seconds, errorPermille: permille }),
  IncidentCleared: event("Enough tests in a row passed.", { mitigatedS: seconds, clearedS: seconds, lastedSeconds: duration }),
} as const
export type Events = typeof events
