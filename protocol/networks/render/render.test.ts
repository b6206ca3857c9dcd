/** Given what has happened, when something is asked or falls due, then this follows: frames, their ways back, and who is paid. */
import { describe, expect, test } from "vitest"
import { DAY, HOUR } from "../../kernel/clock.ts"
import type { Fact } from "../../kernel/row-type.ts"
import { specify } from "../../kernel/specify.ts"
import { balance, holderOf, supply } from "../../ledger/ledger.ts"
import type { Commands } from "./commands.ts"
import { BME_BEGIN_S } from "./emission.ts"
import { render } from "./index.ts"
import { creatorHolder, type State } from "./state.ts"
import { BY_ARTIST, BY_CHECK, BY_SILENCE, LEFT, RENDERING, SILENT, T2, T3 } from "./units.ts"

const T = BME_BEGIN_S + 101 * 7 * DAY
const ports = { geometry: {} as never }
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
const buy = (creator: number, credits: number): Ask => ({ type: "BuyCredits", creator, microCredit: credits * 1e6, atS: T })
/** 100 OBh a frame: one credit on tier 2, half of one on tier 3. */
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
const match = (atS = T): Ask => ({ type: "MatchFrames", atS })
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
const price = (atS: number, priceMicroUsd = 2_000_000): Ask => ({ type: "PostPrice", priceMicroUsd, eurUsdE6: 1_100_000, atS })

const fleet = (nodes: number, params: Record<string, number> = {}) =>
  specify(render, { nodes: Math.max(2, nodes), params, ports })().when(
    open(T),
    ...Array.from({ length: nodes }, (_, n) => [register(n), connect(n)]).flat(),
    buy(0, 1000),
    buy(1, 1000),
  )
const ofType = (facts: readonly { readonly type: string }[], type: string) => facts.filter((f) => f.type === type)
const credits = (s: State, c: number) => balance(s.ledger, "credit", creatorHolder(s, c))

describe("matching", () => {
  test("given nodes that waited unlike long, then the one waiting longest is taken, ties by reputation, then by number", () => {
    const given = fleet(3).when(drop(0, T + 10, LEFT), connect(0, T + 20), submit(0, 100, { atS: T + 30 }))
    const { facts } = given.when(match(T + 30), match(T + 30), match(T + 30))
    expect(ofType(facts, "FramesAssigned").map((f) => (f as unknown as { node: number }).node)).toEqual([1, 2, 0])
  })

  test("given two jobs, then each gets a node in turn: who was served goes to the end of the line", () => {
    const { facts } = fleet(4).when(submit(0, 60), submit(1, 60), match(), match(), match(), match())
    expect(ofType(facts, "FramesAssigned").map((f) => (f as unknown as { job: number }).job)).toEqual([0, 1, 0, 1])
  })

  test("given a job that needs more memory than the node waiting longest has, then a larger one is taken, and a small job the other", () => {
    const given = specify(render, { nodes: 2, ports })().when(
      open(T),
      register(0, { vramGb: 8 }),
      connect(0),
      register(1, { vramGb: 48 }),
      connect(1),
      buy(0, 100),
    )
    const { facts } = given.when(submit(0, 20, { vramClass: 3 }), submit(0, 20), match(), match())
    expect(facts.filter((f) => f.type === "FramesAssigned")).toMatchObject([
      { job: 0, node: 1 },
      { job: 1, node: 0 },
    ])
  })

  test("given economy and priority jobs, then priority comes first, and better nodes help out only where the rule lets them", () => {
    const two = (tier2TakesTier3: number) =>
      fleet(1, { tier2TakesTier3 }).when(submit(0, 20, { tier: T3 }), submit(1, 20), match())
    expect(two(1).facts.at(-1)).toMatchObject({ type: "FramesAssigned", job: 1 })
    const help = (tier2TakesTier3: number) => fleet(1, { tier2TakesTier3 }).when(submit(0, 20, { tier: T3 }), match()).refusals
    expect(help(1)).toEqual([])
    expect(help(0)).toEqual(["nothing_to_match"])
  })

  test("given a creator of half the reputation, then she holds half of the nodes, and the next creator is served", () => {
    const given = fleet(4, { creatorNodesMax: 2 }).when(submit(0, 100), submit(1, 100))
    given.state.creator.reputationE6[0] = 500_000
    const { facts } = given.when(match(), match(), match())
    expect(ofType(facts, "FramesAssigned").map((f) => (f as unknown as { job: number }).job)).toEqual([0, 1, 1])
    expect(given.when(match()).refusals).toEqual(["nothing_to_match"])
  })

  test("given a job of one GPU, then it holds one", () => {
    expect(fleet(2).when(submit(0, 100, { maxGpus: 1 }), match(), match()).refusals).toEqual(["nothing_to_match"])
  })
})

describe("frames and their ways back", () => {
  test("given a silent node, then what it uploaded stays, the rest is queued again unpaid, and nothing is slashed", () => {
    const given = fleet(2).when(submit(0, 20), match(), deliver(0, 5, T + HOUR), drop(0, T + 2 * HOUR))
    const { job, node, service } = given.state
    expect([job.rendered[0], job.fresh[0], job.assigned[0], service.requeued[0], node.lost[0]]).toEqual([5, 15, 0, 15, 15])
    expect(given.when(match(T + 2 * HOUR)).facts.at(-1)).toMatchObject({ node: 1, frames: 15, level: 0 })
    expect(given.when(connect(0, T + 3 * HOUR)).state.node.reputationE6[0]).toBe(900_000)
  })

  test("given a rejection, then another node renders it again, and never the one it came from", () => {
    const given = fleet(2).when(submit(0, 10), match(), deliver(0, 10, T + HOUR), reject(0, 0, 4, T + 2 * HOUR))
    expect(given.state.job.again[0]).toBe(4)
    const again = given.when(match(T + 2 * HOUR))
    expect(again.facts.at(-1)).toMatchObject({ type: "FramesAssigned", node: 1, frames: 4, level: 1 })
    // With the other at work, the first would be free, and is not asked.
    const alone = fleet(1).when(submit(0, 10), match(), deliver(0, 10, T + HOUR), reject(0, 0, 4, T + 2 * HOUR))
    expect(alone.when(match(T + 2 * HOUR)).refusals).toEqual(["nothing_to_match"])
  })

  test("given three failed re-renders, then the job is quarantined, what was not begun is refunded, and what was right is paid", () => {
    let s = fleet(2, { framesPerMatch: 10 }).when(
      submit(0, 30, { maxGpus: 1 }),
      match(),
      deliver(0, 10, T + 1),
      approve(0, T + 2),
    )
    expect(credits(s.state, 0)).toBe(970_000_000n)
    s = s.when(match(T + 3), deliver(1, 0, T + 4, 10))
    for (const [node, at] of [
      [0, 5],
      [1, 7],
      [0, 9],
    ] as const)
      s = s.when(match(T + at), deliver(node, 0, T + at + 1, 10))
    expect(ofType(s.facts, "JobQuarantined")).toHaveLength(1)
    const { job, service } = s.state
    expect([job.approved[0], job.cancelled[0], job.quarantined[0], service.quarantines[0]]).toEqual([10, 20, 1, 1])
    expect(credits(s.state, 0)).toBe(990_000_000n)
    expect(s.when(match(T + 20)).refusals).toEqual(["nothing_to_match"])
  })

  test("given a rejection by a check, then it counts against the node and not against the artist", () => {
    const byCheck = fleet(2).when(submit(0, 20), match(), deliver(0, 0, T + 1, 20))
    expect(byCheck.facts.at(-1)).toMatchObject({ type: "FramesRejected", cause: BY_CHECK, delivery: 0 })
    expect([byCheck.state.node.rejected[0], byCheck.state.creator.rejected[0]]).toEqual([20, 0])
    const byArtist = fleet(2).when(submit(0, 20), match(), deliver(0, 20, T + 1), reject(0, 0, 20, T + 2))
    expect(byArtist.facts.at(-1)).toMatchObject({ cause: BY_ARTIST, delivery: 1 })
    expect([byArtist.state.node.rejected[0], byArtist.state.creator.rejected[0]]).toEqual([20, 20])
  })

  test("given silence, then it approves after exactly 72 hours, and time in which the service stood still is none", () => {
    const delivered = () => fleet(2).when(submit(0, 20), match(), deliver(0, 20, T + HOUR))
    const early = delivered().when(open(T + HOUR + 600))
    expect(ofType(early.when(open(T + 72 * HOUR)).settle("hour", T + 72 * HOUR).facts, "FramesApproved")).toEqual([])
    // A round every ten minutes, so that nothing stands still.
    const rounds = (from: number, to: number) => Array.from({ length: (to - from) / 600 }, (_, i) => open(from + (i + 1) * 600))
    const living = delivered().when(...rounds(T + HOUR, T + 73 * HOUR))
    expect(ofType(living.settle("hour", T + 73 * HOUR).facts, "FramesApproved")).toMatchObject([
      { frames: 20, cause: BY_SILENCE },
    ])
    const stood = delivered().when(open(T + 30 * HOUR), ...rounds(T + 30 * HOUR, T + 73 * HOUR))
    expect(stood.state.service.pausedS[0]).toBe(29 * HOUR)
    expect(ofType(stood.settle("hour", T + 73 * HOUR).facts, "FramesApproved")).toEqual([])
  })

  test("given a deadline, then what is delivered by then was in time, approved or not", () => {
    const given = fleet(2).when(
      submit(0, 40),
      match(),
      match(),
      deliver(0, 20, T + HOUR),
      deliver(1, 5, T + 2 * HOUR),
      open(T + 12 * HOUR),
    )
    expect(ofType(given.settle("hour", T + 12 * HOUR).facts, "DeadlinePassed")).toMatchObject([{ frames: 40, onTime: 25 }])
    expect([given.state.creator.due[0], given.state.creator.onTime[0]]).toEqual([40, 25])
  })

  test("given a finished job, then its row is free for another within the hour", () => {
    const given = fleet(2).when(submit(0, 20), match(), deliver(0, 20, T + HOUR), approve(0, T + 2 * HOUR), open(T + 12 * HOUR))
    given.settle("hour", T + 12 * HOUR)
    expect(given.state.jobHead.open[0]).toBe(0)
    given.when(submit(1, 10, { atS: T + 12 * HOUR }))
    expect([given.state.job.length, given.state.job.creator[0], given.state.job.approved[0]]).toEqual([1, 1, 0])
  })
})

describe("the week's books", () => {
  const week = (params: Record<string, number> = {}) =>
    fleet(3, params).when(
      price(T),
      submit(0, 40),
      match(),
      match(),
      deliver(0, 20, T + HOUR),
      deliver(1, 20, T + HOUR),
      reject(0, 1, 10, T + 2 * HOUR),
      approve(0, T + 2 * HOUR),
      open(T + 7 * DAY),
    )

  test("given work, then 95 % of its euros are burnt at the price, and the schedule is minted whatever was burnt", () => {
    const given = week()
    const { facts } = given.settle("hour", T + 7 * DAY)
    const closed = ofType(facts, "EpochClosed")[0] as unknown as Record<string, bigint | number>
    // 30 credits · €0.25 · 1.10 = $8.25; 95 % of it at $2 is 3.91875 RENDER.
    expect(closed).toMatchObject({ epoch: 102, spentMicroCredit: 30_000_000, spentMicroUsd: 8_250_000n, burnt8: 391_875_000n })
    expect(closed.job8).toBeLessThanOrEqual(15_000n * 10n ** 8n)
    expect(closed.job8).toBeGreaterThan(15_000n * 10n ** 8n - 3n)
    const { ledger, service } = given.state
    expect(supply(ledger, "render")).toBe(service.begun8.get(0) + service.minted8.get(0) - 391_875_000n)
    expect(supply(ledger, "credit")).toBe(1_970_000_000n)
  })

  test("given the same work for both tiers, then nodes are paid by its value: twice as much for an OBh of tier 2", () => {
    const given = fleet(2).when(
      submit(0, 20),
      submit(1, 20, { tier: T3 }),
      match(),
      match(),
      deliver(0, 20, T + 1),
      deliver(1, 20, T + 1),
      approve(0, T + 2),
      approve(1, T + 2),
      open(T + 7 * DAY),
    )
    const paid = ofType(given.settle("hour", T + 7 * DAY).facts, "RewardPaid") as unknown as { node: number; job8: bigint }[]
    expect(paid.map((r) => r.job8)).toEqual([1_000_000_000_000n, 500_000_000_000n])
    expect(balance(given.state.ledger, "render", holderOf(given.state.ledger, 1))).toBeGreaterThan(500_000_000_000n)
  })

  test("given rejections, then reputation is half the old and half the epoch's, and a fallen node changes its line", () => {
    const given = week({ demotePermille: 800 })
    given.settle("hour", T + 7 * DAY)
    const { creator, node } = given.state
    // Node 0: 20 of 20; node 1: 10 of 20.
    expect([node.reputationE6[0], node.reputationE6[1], node.reputationE6[2]]).toEqual([950_000, 700_000, 900_000])
    expect([node.tier[0], node.tier[1]]).toEqual([T2, T3])
    expect(creator.reputationE6[0]).toBe(875_000)
  })

  test("given a part of the burn for nodes, then the pool grows by it and supply still shrinks by the rest", () => {
    const [plain, more] = [week(), week({ remintPermille: 560 })]
    const pool = (s: ReturnType<typeof week>) =>
      (ofType(s.settle("hour", T + 7 * DAY).facts, "EpochClosed")[0] as unknown as { job8: bigint }).job8
    expect(Number(pool(more) - pool(plain))).toBeCloseTo(0.56 * 391_875_000, -1)
  })

  test("given no price, then nothing is burnt, and nodes are paid all the same", () => {
    const given = fleet(1).when(submit(0, 20), match(), deliver(0, 20, T + 1), approve(0, T + 2), open(T + 7 * DAY))
    expect(ofType(given.settle("hour", T + 7 * DAY).facts, "EpochClosed")).toMatchObject([
      { burnt8: 0n, spentMicroCredit: 20_000_000 },
    ])
  })

  test("given a service that stands still at the week's end, then the books wait for it", () => {
    const given = fleet(1).when(open(T + 6 * DAY))
    expect(ofType(given.settle("hour", T + 7 * DAY).facts, "EpochClosed")).toEqual([])
    expect(given.state.service.alarmed[0]).toBe(1)
    const back = given.when(open(T + 8 * DAY)).settle("hour", T + 8 * DAY)
    expect(ofType(back.facts, "EpochClosed")).toHaveLength(1)
  })
})
