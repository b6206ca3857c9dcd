/** Render run by real nodes: a frame of the core is a tile of a picture; artists' standing orders approve what stood the checks. */
import { DAY } from "../../kernel/clock.ts"
import type { Access, Live, RenderDoor } from "../../kernel/live.ts"
import { isOpen } from "../../kernel/slots.ts"
import type { State } from "./state.ts"
import { LEFT, RENDERING, SILENT, T2 } from "./units.ts"

const own: Access = { own: "node" }
/** What a machine says of itself cannot be checked here: every live node is one and the same machine. */
const MACHINE = { kind: RENDERING, ob: 800, vramGb: 24, ramGb: 64, multiplierPermille: 1000 } as const
/** A tile counts as one OctaneBench-hour on the priority tier: a hundredth of a credit. */
const JOB = { tier: T2, vramClass: 0, maxGpus: 1000, milliObh: 1000 } as const
const MICRO_CREDIT = 1_000_000

const render: RenderDoor<State> = {
  because:
    "On the network itself an artist looks at watermarked previews; here the chain renders a drawn part of the tiles again, and the artist's standing order rejects the whole delivery of a forged one and approves the rest.",
  checkedPermille: 125,
  giveUpSeconds: 12 * 3600,
  framesColumn: "frames",
  newestJob: ({ creator }, c) => creator.job[c] - 1,
  jobOf: ({ node }, n) => (n < node.length ? node.job[n] - 1 : -1),
  lastDelivery: ({ job }, j) => job.lastDelivery[j] - 1,
  framesIn: ({ delivery }, d) => (isOpen(delivery, d) ? delivery.frames[d] : 0),
  given: ({ node }, n) => ({ frames: node.frames[n], level: node.level[n], notNode: node.notNode[n] }),
  assigned: { event: "FramesAssigned", node: "node" },
  isGivenUp: ({ job }, j) => !isOpen(job, j) || job.quarantined[j] === 1,
  waiting: ({ job }, j) => (isOpen(job, j) ? job.rendered[j] : 0),
  view({ node }, n) {
    if (n >= node.length || node.registered[n] === 0) return { registered: false, connected: false, frames: 0, rejected: 0 }
    return { registered: true, connected: node.connected[n] === 1, frames: node.frames[n], rejected: node.rejected[n] }
  },
  asks: {
    join: (node) => ({ type: "RegisterNode", row: { node, wallet: node, ...MACHINE, sinceS: 0, atS: 0 } }),
    connect: (node) => ({ type: "ConnectNode", row: { node, atS: 0 } }),
    deliver: (node, frames) => ({ type: "DeliverFrames", row: { node, frames, failed: 0, atS: 0 } }),
    buy: (creator, amount) => ({ type: "BuyCredits", row: { creator, microCredit: Number(amount), atS: 0 } }),
    submit: (creator, frames, nowS) => ({
      type: "SubmitJob",
      row: { creator, ...JOB, frames, deadlineS: nowS + 7 * DAY, atS: 0 },
    }),
    drop: (node) => ({ type: "DropNode", row: { node, cause: LEFT, atS: 0 } }),
  },
  openRound: { type: "OpenRound", row: (atS) => ({ atS }) },
  match: { type: "MatchFrames", row: (atS) => ({ atS }) },
  dropSilent: (node) => ({ type: "DropNode", row: (atS) => ({ node, cause: SILENT, atS }) }),
  approve: (job) => ({ type: "ApproveFrames", row: (atS) => ({ job, atS }) }),
  reject: (job, delivery, frames) => ({ type: "RejectFrames", row: (atS) => ({ job, delivery, frames, atS }) }),
}

export const live: Live<State> = {
  because:
    "Renderers register, connect and deliver by themselves, artists pay and ask; the matchmaker is the chain. Prices are the authority's.",
  windowSeconds: 3600,
  access: {
    RegisterNode: { ...own, alsoOwn: ["wallet"], stamped: ["sinceS"], fixed: MACHINE },
    ConnectNode: own,
    DropNode: { ...own, fixed: { cause: LEFT } },
    DeliverFrames: { ...own, fixed: { failed: 0 }, evidence: "tiles" },
    BuyCredits: { own: "creator", stake: "microCredit" },
    SubmitJob: { own: "creator", fixed: JOB, evidence: "scene" },
  },
  begin: [
    { type: "OpenRound", row: (atS) => ({ atS }) },
    // One price for as long as nobody posts another: RENDER at 2 USD, the euro at 1.10.
    { type: "PostPrice", row: (atS) => ({ priceMicroUsd: 2_000_000, eurUsdE6: 1_100_000, atS }) },
  ],
  render,
  // Small cohorts, so that a few nodes share a picture; epochs of a day, so that pay is seen; a ledger's pause is no standstill.
  params: { framesPerMatch: 4, epochDays: 1, standstillAfterS: 4 * 3600 },
  speed: 3600,
  // 1,000 credits.
  grant: 1000n * BigInt(MICRO_CREDIT),
  income: "paidMicroRender",
  coin: { word: "RENDER", by: 1_000_000, stakeWord: "credits", stakeBy: BigInt(MICRO_CREDIT) },
}
