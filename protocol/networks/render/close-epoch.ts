/**
 * The end of an epoch (facts/render.md §A4): what was spent is burnt at the price of the moment, and the schedule's pools are minted by
 * shares of approved work and of availability points. The mint never depends on the burn, but for what remintPermille adds.
 */
import { DAY } from "../../kernel/clock.ts"
import * as decimal from "../../kernel/decimal.ts"
import { mulDivFloorBig, splitProRata } from "../../kernel/money.ts"
import type { DecideContext } from "../../kernel/network.ts"
import type { Values } from "../../kernel/param.ts"
import { addRow } from "../../kernel/table.ts"
import { balance, supply } from "../../ledger/ledger.ts"
import { computeAvailabilityPoints } from "./availability.ts"
import { nextReputationE6, nextTier } from "./books.ts"
import { burnUnits, microUsdOfCredits, RENDER_DECIMALS, UNITS_PER_RENDER } from "./burn-mint.ts"
import { BME_BEGIN_S, epochAt, SUPPLY_CAP_RENDER, weeklyEmission } from "./emission.ts"
import type { Events } from "./events.ts"
import type { RenderParams } from "./params.ts"
import type { State } from "./state.ts"
import { computeSubnetAvailability, computeSubnetJobReward } from "./subnet.ts"
import { ENTERPRISE, RENDERING } from "./units.ts"

type To = Pick<DecideContext<Events, RenderParams, never>, "out" | "params">

const WEEK_S = 7 * DAY
/** Emission runs by time, but a standstill longer than this is not made up for. ASSUMPTION. */
const ELAPSED_MAX_S = 4 * WEEK_S
const POINTS_E6 = 1_000_000

/** Whether an epoch's boundary lies between its begin and now. */
export const isEpochDue = (beginS: number, atS: number, epochDays: number): boolean => {
  const lengthS = epochDays * DAY
  return beginS > 0 && Math.floor((atS - BME_BEGIN_S) / lengthS) > Math.floor((beginS - BME_BEGIN_S) / lengthS)
}

export function closeEpoch(state: State, at: number, to: To): void {
  const { service, ledger } = state
  const { out, params: v } = to
  const isAlive = service.clockS[0] > 0 && at - service.clockS[0] <= v.standstillAfterS
  const beginS = service.epochBeginS[0]
  if (!isAlive || at < service.clockS[0] || !isEpochDue(beginS, at, v.epochDays)) return
  const elapsedS = BigInt(Math.min(ELAPSED_MAX_S, at - beginS))

  const spent = service.openMicroCredit[0]
  const price = service.priceMicroUsd[0]
  const spentMicroUsd = microUsdOfCredits(BigInt(spent), v.creditMicroEur, service.eurUsdE6[0])
  const wanted = price === 0 ? 0n : burnUnits(spentMicroUsd, v.burnPermille, price)
  const there = balance(ledger, "render", ledger.account.market)
  const burnt = wanted < there ? wanted : there

  const week = weeklyEmission(beginS, v.yearDampingPermille)
  const part = (units: number): bigint => (BigInt(units) * elapsedS) / BigInt(WEEK_S)
  // Everything is minted within the cap, nodes first.
  let room = BigInt(SUPPLY_CAP_RENDER) * UNITS_PER_RENDER - supply(ledger, "render") + burnt
  const within = (units: bigint): bigint => {
    const given = units < room ? units : room > 0n ? room : 0n
    room -= given
    return given
  }
  const jobPool = within(
    (part(week.job) * BigInt(v.jobPoolPermille)) / 1000n + mulDivFloorBig(burnt, BigInt(v.remintPermille), 1000n),
  )
  const availabilityPool = within(v.availabilityOn === 1 ? part(week.availability) : 0n)
  const reserve = within(part(week.reserve))
  const operations = within(part(week.operations))
  const grants = within(part(week.grants))

  const paid = payNodes(state, at, jobPool, availabilityPool, to)
  if (v.subnetOn === 1) paySubnet(state, at, balance(ledger, "render", ledger.account.node_reserve) + reserve, to)

  const row = addRow(out.EpochClosed)
  const closed = out.EpochClosed
  const fee = spentMicroUsd - mulDivFloorBig(spentMicroUsd, BigInt(v.burnPermille), 1000n)
  closed.epoch[row] = Math.max(0, epochAt(beginS))
  closed.spentMicroCredit[row] = spent
  closed.spentMicroUsd.set(row, spentMicroUsd)
  closed.feeMicroUsd.set(row, fee)
  closed.burnt8.set(row, burnt)
  closed.job8.set(row, paid.job)
  closed.availability8.set(row, paid.availability)
  closed.reserve8.set(row, reserve)
  closed.operations8.set(row, operations)
  closed.grants8.set(row, grants)
  closed.atS[row] = at
  moveTiers(state, v, to)
}

/** Time of node `n` in this epoch, that of its present state included. */
const idleSecondsOf = ({ node }: State, n: number, at: number): number =>
  node.idleS[n] + (node.connected[n] === 1 && node.job[n] === 0 ? Math.max(0, at - node.countedS[n]) : 0)

/** Shares of both pools, floored to 1e-8 RENDER: dust is not minted. */
function payNodes(
  state: State,
  at: number,
  jobPool: bigint,
  availabilityPool: bigint,
  { out }: To,
): { job: bigint; availability: bigint } {
  const { node } = state
  const work = node.workMicroCredit.subarray(0, node.length)
  const job = new Float64Array(node.length)
  const jobDust = splitProRata(jobPool, work, job)
  const availability = new Float64Array(node.length)
  const availabilityDust = splitProRata(availabilityPool, computePoints(state, at), availability)
  const rows = out.RewardPaid
  for (let n = 0; n < node.length; n++) {
    if (job[n] === 0 && availability[n] === 0) continue
    const r = addRow(rows)
    rows.node[r] = n
    rows.job8.setNumber(r, job[n])
    rows.availability8.setNumber(r, availability[n])
  }
  return { job: jobPool - jobDust, availability: availabilityPool - availabilityDust }
}

/** Availability points of every render node in millionths, rounded down (RNP-015). Averages are of nodes that were there. */
export function computePoints(state: State, at: number): Float64Array {
  const { node, service } = state
  const epochS = Math.max(1, at - service.epochBeginS[0])
  const points = new Float64Array(node.length)
  const perWallet = new Uint32Array(node.length)
  let [count, ob, vramGb, days] = [0, 0, 0, 0]
  const isThere = (n: number): boolean =>
    node.registered[n] === 1 && node.kind[n] === RENDERING && (node.connected[n] === 1 || node.idleS[n] + node.busyS[n] > 0)
  const ageOf = (n: number): number => Math.max(0, Math.floor((at - node.joinedS[n]) / DAY))
  for (let n = 0; n < node.length; n++) {
    if (!isThere(n)) continue
    count++
    perWallet[node.wallet[n]]++
    ob += node.ob[n]
    vramGb += node.vramGb[n]
    days += ageOf(n)
  }
  if (count === 0) return points
  const average = { ob: ob / count, vramGb: vramGb / count, ageDays: days / count }
  for (let n = 0; n < node.length; n++) {
    if (!isThere(n)) continue
    const idle = Math.min(1, idleSecondsOf(state, n, at) / epochS)
    const own = { ob: node.ob[n], vramGb: node.vramGb[n], ageDays: ageOf(n) }
    points[n] = Math.floor(computeAvailabilityPoints(idle, own, average, perWallet[node.wallet[n]]) * POINTS_E6)
  }
  return points
}

/** Compute nodes are paid from the reserve by rented hours and by time there (RNP-019, 021); less, pro rata, when it does not cover them. */
function paySubnet(state: State, at: number, reserve: bigint, { out, params: v }: To): void {
  const { node } = state
  const jobs: bigint[] = []
  const availabilities: bigint[] = []
  const who: number[] = []
  let total = 0n
  const base = [decimal.make(BigInt(v.subnetJobRender)), decimal.make(BigInt(v.enterpriseJobRender))] as const
  const perEpoch = decimal.make(BigInt(v.subnetAvailabilityRender))
  for (let n = 0; n < node.length; n++) {
    if (node.registered[n] === 0 || node.kind[n] === RENDERING) continue
    const idleS = idleSecondsOf(state, n, at)
    if (idleS === 0 && node.rentedS[n] === 0) continue
    const hours = decimal.div(decimal.make(BigInt(node.rentedS[n])), decimal.make(3600n), 8, "floor")
    const uptime = decimal.div(decimal.make(BigInt(Math.min(WEEK_S, idleS))), decimal.make(BigInt(WEEK_S)), 8, "floor")
    const multiplier = decimal.make(BigInt(node.multiplierPermille[n]), 3)
    const job = computeSubnetJobReward(node.kind[n] === ENTERPRISE ? base[1] : base[0], multiplier, hours)
    const job8 = decimal.toUnits(job, RENDER_DECIMALS, "floor")
    const availability8 = decimal.toUnits(computeSubnetAvailability(perEpoch, uptime), RENDER_DECIMALS, "floor")
    who.push(n)
    jobs.push(job8)
    availabilities.push(availability8)
    total += job8 + availability8
  }
  const isShort = total > reserve
  const rows = out.SubnetPaid
  for (let k = 0; k < who.length; k++) {
    const r = addRow(rows)
    rows.node[r] = who[k]
    rows.job8.set(r, isShort ? mulDivFloorBig(jobs[k], reserve, total) : jobs[k])
    rows.availability8.set(r, isShort ? mulDivFloorBig(availabilities[k], reserve, total) : availabilities[k])
  }
}

/** Nodes whose reputation after this epoch puts them in another tier. */
function moveTiers({ node }: State, v: Values<RenderParams>, { out }: To): void {
  const rows = out.TierChanged
  for (let n = 0; n < node.length; n++) {
    if (node.registered[n] === 0) continue
    const reputation = nextReputationE6(node.reputationE6[n], node.approved[n], node.rejected[n])
    const tier = nextTier(node.tier[n], reputation, node.ob[n], v)
    if (tier === node.tier[n]) continue
    const r = addRow(rows)
    rows.node[r] = n
    rows.tier[r] = tier
  }
}
