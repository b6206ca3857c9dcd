/** Render's rules under their vector names: numbers and strings become exact decimals on the way in, and what they were on the way out. */
import * as decimal from "../../kernel/decimal.ts"
import type { Decimal } from "../../kernel/decimal.ts"
import { computeAvailabilityPoints, computeHighNodePenalty } from "../../networks/render/availability.ts"
import * as bme from "../../networks/render/burn-mint.ts"
import { computeFrameState } from "../../networks/render/frame-state.ts"
import * as programmes from "../../networks/render/programmes.ts"
import * as subnet from "../../networks/render/subnet.ts"
import * as work from "../../networks/render/work.ts"

/** Amounts of money and shares travel as decimal strings, counts as numbers; either is read exactly. */
type Exact = string | number

const read = (v: Exact): Decimal => decimal.parse(v)
const readAll = (vs: readonly Exact[]): Decimal[] => vs.map(read)
const text = (a: Decimal): string => decimal.format(a)
const number = (a: Decimal): number => decimal.toNumber(a)

/** Every decimal of a result as a string. */
const texts = <K extends string>(result: Readonly<Record<K, Decimal>>): Record<K, string> =>
  Object.fromEntries((Object.keys(result) as K[]).map((k) => [k, text(result[k])])) as Record<K, string>

/** Works of any number of places over one denominator. */
const toCommonUnits = (works: readonly Decimal[]): bigint[] => {
  const places = Math.max(0, ...works.map((w) => w.scale))
  return works.map((w) => decimal.toUnits(w, places, "trunc"))
}

export const render = {
  "render.netSupply": (v: { mint: Exact; burn: Exact }) => number(bme.computeNetSupply(read(v.mint), read(v.burn))),
  "render.epochShare": (v: { jobPool: Exact; availabilityPool: Exact; jobShare: Exact; challengeShare: Exact }) =>
    texts(work.computeEpochShare(read(v.jobPool), read(v.availabilityPool), read(v.jobShare), read(v.challengeShare))),
  "render.burnForCredits": (v: { usd: Exact; priceUsd: Exact }) =>
    texts(bme.computeBurnForCredits(read(v.usd), read(v.priceUsd))),
  "render.impliedEurUsd": (v: { creditsUsed: Exact; burnedUsd: Exact }) =>
    text(bme.computeImpliedEurUsd(read(v.creditsUsed), read(v.burnedUsd))),

  "render.foundationSplit": (v: { monthly: Exact; share: Exact }) =>
    texts(programmes.computeFoundationSplit(read(v.monthly), read(v.share))),
  "render.epochPool": (v: { monthly: Exact; epochDays: Exact; daysPerYear: Exact }) =>
    text(programmes.computeEpochPool(read(v.monthly), read(v.epochDays), read(v.daysPerYear))),
  "render.upgradePoints": (v: { userTokens: Exact; totalTokens: Exact; pointsPerToken: Exact; pool: Exact }) => {
    const { userPoints, totalPoints, reward } = programmes.computeUpgradePoints(
      read(v.userTokens),
      read(v.totalTokens),
      read(v.pointsPerToken),
      read(v.pool),
    )
    return { userPoints: number(userPoints), totalPoints: number(totalPoints), reward: text(reward) }
  },
  "render.upgradePointsTotal": (v: { totalTokens: Exact }) =>
    Number(programmes.computeUpgradePointsTotal(decimal.toUnits(read(v.totalTokens), 0, "floor"))),
  "render.computePool": (v: { remaining: Exact; monthsLeft: Exact; nodes: Exact; perNodeCap: Exact }) =>
    text(programmes.computeClientPool(read(v.remaining), read(v.monthsLeft), read(v.nodes), read(v.perNodeCap))),
  "render.computeScore": (v: {
    earned: Exact
    maxEarned: Exact
    bandwidth: Exact
    gpu: Exact
    uptime: Exact
    weights: readonly Exact[]
  }) => {
    const parts = { bandwidth: read(v.bandwidth), gpu: read(v.gpu), uptime: read(v.uptime) }
    return texts(programmes.computeClientScore(read(v.earned), read(v.maxEarned), parts, readAll(v.weights)))
  },
  "render.monthlyBudget": (v: { jobWeekly: Exact; epochs: Exact; availability: Exact; artists: Exact; upgrade: Exact }) => {
    const { nodes, total } = programmes.computeMonthlyBudget({
      jobWeekly: read(v.jobWeekly),
      epochs: read(v.epochs),
      availability: read(v.availability),
      artists: read(v.artists),
      upgrade: read(v.upgrade),
    })
    return { nodes: number(nodes), total: number(total) }
  },
  "render.monthlyEmission": (v: { nodes: Exact; grants: Exact; operations: Exact; chefs: Exact }) =>
    number(programmes.computeMonthlyEmission(read(v.nodes), read(v.grants), read(v.operations), read(v.chefs))),

  "render.highNodePenalty": (v: { nodes: number }) => computeHighNodePenalty(v.nodes),
  "render.availabilityPoints": (v: {
    idle: number
    ob: number
    avgOb: number
    vramGb: number
    avgVramGb: number
    ageDays: number
    avgAgeDays: number
    walletNodes: number
  }) => computeAvailabilityPoints(v.idle, v, { ob: v.avgOb, vramGb: v.avgVramGb, ageDays: v.avgAgeDays }, v.walletNodes),

  "render.compoundMultiplier": (v: { weights: readonly Exact[]; multipliers: readonly Exact[] }) =>
    text(subnet.computeCompoundMultiplier(readAll(v.weights), readAll(v.multipliers))),
  "render.subnetJobReward": (v: { base: Exact; multiplier: Exact; hours: Exact }) =>
    text(subnet.computeSubnetJobReward(read(v.base), read(v.multiplier), read(v.hours))),
  "render.subnetAvailability": (v: { perEpoch: Exact; uptime: Exact }) =>
    text(subnet.computeSubnetAvailability(read(v.perEpoch), read(v.uptime))),
  "render.subnetTotal": (v: { base: Exact; multiplier: Exact; hours: Exact; availPerEpoch: Exact; uptime: Exact }) =>
    text(
      subnet.computeSubnetTotal({
        base: read(v.base),
        multiplier: read(v.multiplier),
        hours: read(v.hours),
        availPerEpoch: read(v.availPerEpoch),
        uptime: read(v.uptime),
      }),
    ),
  "render.subnetMonthly": (v: { jobPerEpoch: Exact; availPerEpoch: Exact; epochsPerMonth: Exact }) =>
    texts(subnet.computeSubnetMonthly(read(v.jobPerEpoch), read(v.availPerEpoch), read(v.epochsPerMonth))),
  "render.dispersedRewards": (v: { multiplier: Exact; jobHours: Exact; prepHours: Exact; assignableHours: Exact }) =>
    texts(
      subnet.computeDispersedRewards(read(v.multiplier), read(v.jobHours), read(v.prepHours), read(v.assignableHours)),
    ),
  "render.rental": (v: { ask: Exact; feeShare: Exact; gpus: Exact; hours: Exact; grant: Exact }) =>
    texts(
      subnet.computeRental({
        ask: read(v.ask),
        feeShare: read(v.feeShare),
        gpus: read(v.gpus),
        hours: read(v.hours),
        grant: read(v.grant),
      }),
    ),
  "render.saladBme": (v: {
    revenueUsd: Exact
    burnShare: Exact
    rewardShare: Exact
    burnPrice: Exact
    rewardPrice: Exact
  }) =>
    texts(
      subnet.computeSaladBme({
        revenueUsd: read(v.revenueUsd),
        burnShare: read(v.burnShare),
        rewardShare: read(v.rewardShare),
        burnPrice: read(v.burnPrice),
        rewardPrice: read(v.rewardPrice),
      }),
    ),
  "render.saladMonthlyRewards": (v: {
    revenueYear: Exact
    products: readonly { share: Exact; rewardShare: Exact }[]
    price: Exact
  }) =>
    text(
      subnet.computeSaladMonthlyRewards(
        read(v.revenueYear),
        v.products.map((p) => ({ share: read(p.share), rewardShare: read(p.rewardShare) })),
        read(v.price),
      ),
    ),

  "render.workAttribution": (v: { jobEur: Exact; workShare: Exact }) => text(work.attributeWork(read(v.jobEur), read(v.workShare))),
  "render.poolShare": (v: { pool: Exact; work: readonly Exact[] }) =>
    work.splitPool(decimal.toUnits(read(v.pool), bme.RENDER_DECIMALS, "floor"), toCommonUnits(readAll(v.work))).map(String),
  "render.obhCost": (v: { units: Exact; ob: Exact; hours: Exact; pricePerObh: Exact }) =>
    texts(work.computeObhCost(read(v.units), read(v.ob), read(v.hours), read(v.pricePerObh))),
  "render.frameState": (v: { silentHours: number; rejected: boolean; failedRerenders: number }) =>
    computeFrameState(v.silentHours, v.rejected, v.failedRerenders),
}
