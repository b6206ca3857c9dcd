/** What each mechanism reports of itself, for `Network.metrics`. Counted by the protocol: what is true is measured elsewhere. */
import type { Metric } from "../kernel/network.ts"
import type { HasAdmission } from "./admission.ts"
import type { HasRestart } from "./black-start.ts"
import type { HasGrace } from "./grace.ts"
import type { HasLiveness } from "./liveness.ts"
import type { HasOutages } from "./outage.ts"
import type { HasPlacement } from "./placement.ts"
import type { HasReceipts } from "./receipt.ts"
import type { HasReleases } from "./release.ts"

const counter = <State>(unit: string, because: string, of: (state: State) => number): Metric<State> => ({
  unit,
  because,
  kind: "counter",
  of,
})
const gauge = <State>(unit: string, because: string, of: (state: State) => number): Metric<State> => ({
  unit,
  because,
  kind: "gauge",
  of,
})

export const livenessMetrics = {
  "liveness.suspected": gauge(
    "nodes",
    "Nodes that went silent and may still speak up.",
    ({ liveness: l }: HasLiveness) => l.total.suspected[0],
  ),
  "liveness.down": gauge("nodes", "Nodes believed to be down.", ({ liveness: l }: HasLiveness) => l.total.down[0]),
  "liveness.beats": counter(
    "heartbeats",
    "Heartbeats heard: what watching costs.",
    ({ liveness: l }: HasLiveness) => l.total.beats[0],
  ),
  "liveness.suspicions": counter("suspicions", "Suspicions raised.", ({ liveness: l }: HasLiveness) => l.total.suspicions[0]),
  "liveness.refuted": counter(
    "suspicions",
    "Suspicions that proved false in time.",
    ({ liveness: l }: HasLiveness) => l.total.refuted[0],
  ),
} as const
export const outageMetrics = {
  "outages.standing": gauge("outages", "Declared and not over.", ({ outages: o }: HasOutages) => o.total.declared[0]),
  "outages.claims": counter("claims", "Claims brought or opened.", ({ outages: o }: HasOutages) => o.total.claims[0]),
  "outages.declared": counter(
    "outages",
    "Claims that witnesses confirmed.",
    ({ outages: o }: HasOutages) => o.total.declarations[0],
  ),
  "outages.rejected": counter("claims", "Claims that witnesses let fall.", ({ outages: o }: HasOutages) => o.total.rejected[0]),
  "outages.bondsLost": counter("smallest unit", "What false claims cost.", ({ outages: o }: HasOutages) => o.total.bondsLost[0]),
} as const
export const graceMetrics = {
  "grace.seconds": counter("node·s", "Grace used.", ({ grace: g }: HasGrace) => g.total.usedSeconds[0]),
} as const
export const placementMetrics = {
  "pieces.held": gauge("pieces", "Pieces that nodes confirmed.", ({ placement: p }: HasPlacement) => p.total.held[0]),
  "items.lost": counter("items", "Items of which too few pieces are left.", ({ placement: p }: HasPlacement) => p.total.lost[0]),
  "repair.pieces": counter("pieces", "Pieces made anew and confirmed.", ({ placement: p }: HasPlacement) => p.total.repaired[0]),
  "repair.units": counter("units", "Traffic of repair.", ({ placement: p }: HasPlacement) => p.total.repairUnits[0]),
  "repair.givenUp": counter(
    "pieces",
    "Pieces sent that nobody confirmed.",
    ({ placement: p }: HasPlacement) => p.total.givenUp[0],
  ),
} as const
export const admissionMetrics = {
  "work.queued": gauge("units", "Work that waits.", ({ admission: a }: HasAdmission) => a.total.queued[0]),
  "work.served": counter("units", "Work done, late work included.", ({ admission: a }: HasAdmission) => a.total.served[0]),
  "work.late": counter("units", "Work done for nobody.", ({ admission: a }: HasAdmission) => a.total.late[0]),
  "work.degraded": counter("units", "Work done without its extras.", ({ admission: a }: HasAdmission) => a.total.degraded[0]),
  "work.turnedAway": counter("units", "Work turned away at the door.", ({ admission: a }: HasAdmission) => a.total.turnedAway[0]),
  "work.expired": counter(
    "units",
    "Work skipped because nobody waits for it any more.",
    ({ admission: a }: HasAdmission) => a.total.expired[0],
  ),
} as const
export const releaseMetrics = {
  "releases.halted": counter(
    "roll-outs",
    "Roll-outs that halted by themselves.",
    ({ releases: r }: HasReleases) => r.total.halts[0],
  ),
  "releases.adoptions": counter(
    "adoptions",
    "Times a node changed its release.",
    ({ releases: r }: HasReleases) => r.total.adoptions[0],
  ),
} as const
export const receiptMetrics = {
  "receipts.paid": counter("receipts", "Receipts settled.", ({ receipts: r }: HasReceipts) => r.total.paid[0]),
  "receipts.delayed": counter(
    "receipts",
    "Settled more than an hour after they were signed.",
    ({ receipts: r }: HasReceipts) => r.total.delayed[0],
  ),
  "receipts.forgone": counter(
    "receipts",
    "Given up: lost, or kept too long.",
    ({ receipts: r }: HasReceipts) => r.total.forgone[0],
  ),
  "receipts.delayMax": gauge(
    "s",
    "The longest a settled receipt was kept.",
    ({ receipts: r }: HasReceipts) => r.total.delayMaxSeconds[0],
  ),
} as const
export const restartMetrics = {
  "restart.started": gauge("nodes", "Nodes that are up.", ({ restart: r }: HasRestart) => r.total.started[0]),
  "restart.serving": gauge("nodes", "Nodes that serve.", ({ restart: r }: HasRestart) => r.total.serving[0]),
  "restart.firstService": gauge(
    "s",
    "From the first node up to the first service; 0: not yet.",
    ({ restart: { total } }: HasRestart) =>
      total.firstServiceS[0] === 0 ? 0 : Math.max(0, total.firstServiceS[0] - total.begunS[0]),
  ),
  "restart.restored": gauge("s", "From the first node up to 99 % serving; 0: not yet.", ({ restart: { total } }: HasRestart) =>
    total.restoredS[0] === 0 ? 0 : Math.max(0, total.restoredS[0] - total.begunS[0]),
  ),
} as const
