/** Helium's rules under their vector names: strings become exact numbers on the way in, and strings again on the way out. */

import * as decimal from "../../kernel/decimal.ts"
import { h3Geometry } from "../geometry.ts"
import * as backstop from "../../networks/helium/backstop.ts"
import * as entropy from "../../networks/helium/beacon-entropy.ts"
import * as credits from "../../networks/helium/data-credits.ts"
import * as emission from "../../networks/helium/emission.ts"
import * as density from "../../networks/helium/hex-density.ts"
import * as pools from "../../networks/helium/iot-pools.ts"
import * as safety from "../../networks/helium/issuance-safety.ts"
import * as l1 from "../../networks/helium/l1.ts"
import * as units from "../../networks/helium/reward-units.ts"
import * as subDao from "../../networks/helium/sub-dao.ts"
import * as vehnt from "../../networks/helium/vehnt.ts"
import * as checks from "../../networks/helium/witness-checks.ts"
import { selectWitnesses, type WitnessReport } from "../../networks/helium/witness-selection.ts"

/** Whole amounts and decimals travel as strings; H3 indexes too. */
type Text = string

const whole = (text: Text): bigint => BigInt(text)
const parse = decimal.parse
const floored = (a: decimal.Decimal): Text => decimal.toUnits(a, 0, "floor").toString()
/** Every bigint of a result, as the decimal string that vectors write. */
const written = (value: unknown): unknown => {
  if (typeof value === "bigint") return value.toString()
  if (Array.isArray(value)) return value.map(written)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, written(entry)]))
}
/** A whole double as a decimal string. */
const bones = (x: number): Text => BigInt(l1.roundHalfAway(x)).toString()
/** Every field of a record of strings as bigint. */
const wholes = <K extends string>(record: Record<K, Text | number>): Record<K, bigint> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, BigInt(value as Text)])) as Record<K, bigint>

const proofOfCoverage = {
  "helium.rewardUnits": (v: { witnesses: number; n: number; r: number; cap: number }) => {
    const { beaconer, witness } = units.computeRewardUnits(v.witnesses, { n: v.n, r: parse(v.r), cap: parse(v.cap) })
    return { beaconer: decimal.toNumber(beaconer), witness: decimal.toNumber(witness) }
  },
  "helium.beaconUnitsIssued": (v: { witnesses: number; invalid: number; n: number; r: number; cap: number }) =>
    units.computeProposedUnits(v.witnesses, v.invalid, v),
  "helium.hexDensityLimit": (v: { n: number; target: number; max: number; occupied: number }) =>
    density.computeHexLimit(v, v.occupied),
  "helium.hexScaleProduct": (v: { levels: density.HexCount[] }) => density.computeScaleProduct(v.levels),
  "helium.hexDensityScale": (v: { hotspots: Text[]; params: density.HexLevel[]; countRes: number }) => {
    const scales = density.computeHexScales(v.hotspots.map(whole), v.params, v.countRes, h3Geometry)
    const entries = Array.from(scales, ([cell, scale]) => [cell.toString(), decimal.formatFixed(scale, 4, "half_even")])
    return Object.fromEntries(entries) as Record<Text, Text>
  },
  "helium.cellDistanceMeters": (v: { a: Text; b: Text }) => checks.computeCellDistanceM(whole(v.a), whole(v.b), h3Geometry),
  "helium.cellGridDistance": (v: { a: Text; b: Text; res: number }) => {
    const steps = checks.computeCellGridDistance(whole(v.a), whole(v.b), v.res, h3Geometry)
    if (steps < 0) throw new RangeError(`no grid distance between ${v.a} and ${v.b} at resolution ${v.res}`)
    return steps
  },
  "helium.verifyWitnessMinCells": (v: { beacon: Text; witness: Text; minCells: number; res: number }) =>
    checks.verifyWitnessMinCells(whole(v.beacon), whole(v.witness), v.minCells, v.res, h3Geometry),
  "helium.verifyWitnessMaxDistance": (v: { beacon: Text; witness: Text; maxKm: number }) =>
    checks.verifyWitnessMaxDistance(whole(v.beacon), whole(v.witness), v.maxKm, h3Geometry),
  "helium.expectedRssi": (v: checks.RadioPath & { distanceM: number }) => checks.computeExpectedRssiDbm(v, v.distanceM),
  "helium.verifyWitnessRssi": (v: checks.RadioPath & { signalDdbm: number; beacon: Text; witness: Text }) =>
    checks.verifyWitnessRssi(v, v.signalDdbm, checks.computeCellDistanceM(whole(v.beacon), whole(v.witness), h3Geometry)),
  "helium.verifyWitnessFrequency": (v: { beaconHz: number; witnessHz: number; toleranceHz: number }) =>
    checks.verifyWitnessFrequency(v.beaconHz, v.witnessHz, v.toleranceHz),
  "helium.verifyEdge": (v: { deniedEdges: [string, string][]; a: string; b: string }) =>
    checks.verifyEdge(v.deniedEdges, v.a, v.b),
  "helium.verifyWitnessLag": (v: { beaconMs: number; firstWitnessMs: number; witnessMs: number }) =>
    checks.verifyWitnessLag(v.beaconMs, v.firstWitnessMs, v.witnessMs),
  "helium.verifyBeaconSchedule": (v: { lastBeaconS: number | null; beaconS: number; intervalS: number }) =>
    entropy.verifyBeaconSchedule(v.lastBeaconS, v.beaconS, v.intervalS),
  "helium.verifyEntropyWindow": (v: { startMs: number; endMs: number; receivedMs: number }) =>
    entropy.verifyEntropyWindow(v.startMs, v.endMs, v.receivedMs),
  "helium.beaconPayload": (v: {
    remoteEntropy: number[]
    localEntropy: number[]
    timestampS: number
    channelsHz: number[]
    length: number
  }) => {
    const remote = Uint8Array.from(v.remoteEntropy)
    const local = Uint8Array.from(v.localEntropy)
    const { payload, frequencyHz } = entropy.computeBeacon(remote, v.timestampS, local, v.channelsHz, v.length)
    return { payload: [...payload], frequencyHz }
  },
  "helium.selectWitnesses": (v: { witnesses: WitnessReport[]; max: number }) => selectWitnesses(v.witnesses, v.max),
}

const iotEpoch = {
  "helium.iotPools": (v: { epochEmissions: Text; dcRemainder: Text }) => {
    const { beacons, witnesses, dataTransfer, operations, oracles } = pools.computeIotPools(
      parse(v.epochEmissions),
      parse(v.dcRemainder),
    )
    return {
      beacons: floored(beacons),
      witnesses: floored(witnesses),
      dataTransfer: floored(dataTransfer),
      operations: floored(operations),
      oracles: floored(oracles),
    }
  },
  "helium.dcToBones": (v: { dc: Text; pricePerBone: Text }) =>
    decimal.format(credits.computeDcValueBones(parse(v.dc), parse(v.pricePerBone))),
  "helium.bonesToDc": (v: { bones: Text; pricePerBone: Text }) =>
    written(credits.computeBonesInDc(parse(v.bones), parse(v.pricePerBone))),
  "helium.iotEpochRewards": (v: {
    epochEmissions: Text
    pricePerBone: Text
    gateways: { beaconUnits: Text; witnessUnits: Text; dc: Text }[]
  }) => {
    const gateways = v.gateways.map(({ beaconUnits, witnessUnits, dc }) => ({
      beaconUnits: parse(beaconUnits),
      witnessUnits: parse(witnessUnits),
      dc: parse(dc),
    }))
    return written(pools.computeIotEpochRewards(parse(v.epochEmissions), parse(v.pricePerBone), gateways))
  },
  "helium.hip149.iotPools": (v: { epochEmissions: Text; dcUnderflow: Text }) => {
    const split = pools.computeIotPools(parse(v.epochEmissions), parse(v.dcUnderflow), pools.IOT_SHARES_HIP149)
    return {
      dataTransfer: floored(split.dataTransfer),
      operations: floored(split.operations),
      oracles: floored(split.oracles),
    }
  },
  "helium.hip149.iotDataRewards": (v: { epochEmissions: Text; pricePerBone: Text; dc: Text[] }) =>
    written(pools.computeHip149DataRewards(parse(v.epochEmissions), parse(v.pricePerBone), v.dc.map(parse))),
}

const oldChain = {
  "helium.l1.capRewardUnit": (v: { unit: number; cap: number | null }) => l1.capRewardUnit(v.unit, v.cap),
  "helium.l1.poolShares": (v: { epochReward: Text; percent: number; shares: (number | Text)[] }) =>
    l1.computeL1PoolShares(Number(v.epochReward), v.percent, v.shares.map(Number)).map(bones),
  "helium.l1.dcRewards": (v: { epochReward: Text; percent: number; dc: (number | Text)[]; oraclePrice: Text }) => {
    const dc = v.dc.map(Number)
    const { rewards, remainder } = l1.computeL1DcRewards(Number(v.epochReward), v.percent, dc, Number(v.oraclePrice))
    return { rewards: rewards.map(bones), remainder: bones(remainder) }
  },
  "helium.l1.spillover": (v: l1.L1Fractions & { epochReward: Text; dcRemainder: Text }) => {
    const pool = l1.computeL1Spillover(Number(v.epochReward), Number(v.dcRemainder), v)
    return { challengers: bones(pool.challengers), challengees: bones(pool.challengees), witnesses: bones(pool.witnesses) }
  },
  "helium.hip44.unitSum": (v: { events: number; rate: number; exclusion: number }) =>
    l1.computeHip44Units(v.events, v.rate, v.exclusion),
  "helium.hip44.witnessRewards": (v: { events: number[]; exclusion: number; rate: number | null; pool: Text }) =>
    l1.computeHip44Rewards(v.events, v.rate, v.exclusion, Number(v.pool)).map(bones),
  "helium.hip42.witnessLimit": (v: l1.WitnessLimitRule) => l1.computeHip42Limit(v),
  "helium.hip28.consensusReward": (v: {
    monthlyReward: number
    blockTimeMs: number
    electionInterval: number
    restartInterval: number
    startBlock: number
    endBlock: number
  }) => l1.computeHip28Reward({ ...v, monthlyRewardHnt: v.monthlyReward }),
}

const hip149 = {
  "helium.hip149.mobileSplit": (v: { emissions: Text; issued: Text }) =>
    written(backstop.splitHip149Mobile(whole(v.emissions), whole(v.issued))),
  "helium.hip149.mobileDataRewards": (v: { pool: Text; dc: Text[] }) =>
    written(backstop.splitMobileData(parse(v.pool), v.dc.map(whole))),
  "helium.hip149.recoverPrice": (v: { deployerCap: Text; dcBurned: Text }) =>
    written(backstop.recoverPrice(whole(v.deployerCap), whole(v.dcBurned))),
  "helium.hip149.backstop": (v: Record<keyof backstop.BackstopInput, Text | number>) =>
    written(backstop.computeBackstop(wholes(v))),
  "helium.hip149.overflow": (v: { mobileRewards: Text; deployerCap: Text; escrow: Text }) =>
    written(backstop.computeOverflow(whole(v.mobileRewards), whole(v.deployerCap), whole(v.escrow))),
  "helium.hip149.supplement": (v: { now: number; start: number; flatEnd: number; taperEnd: number; amount: Text }) =>
    written(backstop.computeSupplement(v.now, { ...v, amount: whole(v.amount) })),
  "helium.hip149.councilCut": (v: { amount: Text }) => written(backstop.computeCouncilCut(whole(v.amount))),
}

/** Feed prices as vectors name them. */
interface FeedInput {
  emaPrice: Text
  confidence: Text
  exponent: number
}
const readPrice = (v: FeedInput): credits.FeedPrice => ({
  emaPrice: whole(v.emaPrice),
  confidence: whole(v.confidence),
  exponent: v.exponent,
})

/** "2025-08-01" or a time of that day. */
const readDate = (iso: string): emission.CivilDate => {
  const match = /^(\d{4})-(\d{2})-(\d{2})(T|$)/.exec(iso)
  if (match === null) throw new RangeError(`"${iso}" is not an ISO date`)
  return { year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) }
}

const money = {
  "helium.hntSchedule": (v: { year: number }) => emission.computeHntSchedule(v.year),
  "helium.categoryPercents": (v: { year: number }) => emission.computeCategoryPercents(v.year),
  "helium.dailyEmission": (v: { token: emission.HeliumToken; date: string }) =>
    decimal.formatFixed(emission.computeDailyEmission(v.token, readDate(v.date)), v.token === "hnt" ? 8 : 6, "half_even"),
  "helium.netEmissions": (v: { schedule: Text; previousSmoothed: Text; burned: Text; cap: Text }) =>
    written(
      emission.computeNetEmissions(whole(v.schedule), whole(v.previousSmoothed), whole(v.burned), whole(v.cap)),
    ),
  "helium.hstSplit": (v: { hnt: Text; dnt: Text; hstPercent: number; delegatorPercent: number }) =>
    written(subDao.splitHst(whole(v.hnt), whole(v.dnt), parse(v.hstPercent), parse(v.delegatorPercent))),
  "helium.utilityScore": (v: { vehnt: number; feeUsdSum: number; dcBurned: number | Text }) =>
    subDao.computeUtilityScore(v.vehnt, v.feeUsdSum, Number(v.dcBurned)),
  "helium.hip141Share": (v: { previous: number; stakeShare: number; epochs: number }) =>
    subDao.computeSmoothedShare(v.previous, v.stakeShare, v.epochs),
  "helium.treasuryPrice": (v: { hnt: Text; supply: Text }) =>
    decimal.format(subDao.computeTreasuryPrice(parse(v.hnt), parse(v.supply))),
  "helium.mintDataCredits": (v: FeedInput & { hnt: Text }) =>
    written(credits.computeDataCreditsMinted(whole(v.hnt), readPrice(v))),
  "helium.hntForDataCredits": (v: FeedInput & { dc: Text }) =>
    written(credits.computeHntForDataCredits(whole(v.dc), readPrice(v))),
  "helium.hip10DataReward": (v: { dc: number; hntUsd: number; dcUsd: number }) =>
    credits.computeDataRewardMaxHnt(v.dc, v.hntUsd, v.dcUsd),
  "helium.lazyDistributorPayout": (v: { reports: Text[]; alreadyPaid: Text }) =>
    written(safety.computeLazyPayout(v.reports.map(whole), whole(v.alreadyPaid))),
  "helium.circuitBreaker": (v: {
    supply: Text
    percent: number
    windowS: number
    mints: { t: number; amount: Text }[]
  }) => {
    const mints = v.mints.map(({ t, amount }) => ({ t, amount: whole(amount) }))
    return safety.runBreaker({ percent: parse(v.percent), windowS: v.windowS }, whole(v.supply), mints)
  },
  "helium.vehntPower": (v: {
    amount: number
    remainingDays: number
    maxDays: number
    baseline: number
    scale: number
    genesis: number
  }) =>
    vehnt.computeVehntPower({ ...v, amountHnt: v.amount, saturationDays: v.maxDays, extra: v.scale }),
  "helium.hip51Power": (v: { hnt: number; months: number }) => vehnt.computeHip51Power(v.hnt, v.months),
}

export const helium = { ...proofOfCoverage, ...iotEpoch, ...oldChain, ...hip149, ...money }
