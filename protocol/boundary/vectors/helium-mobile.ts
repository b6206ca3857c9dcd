/** Helium Mobile's rules under their vector names: strings become exact numbers on the way in, and strings again on the way out. */
import * as decimal from "../../kernel/decimal.ts"
import * as assignment from "../../networks/helium/mobile-assignment.ts"
import * as coverage from "../../networks/helium/mobile-coverage.ts"
import * as pools from "../../networks/helium/mobile-pools.ts"
import type { MobileRules, RadioType, SignalLevel } from "../../networks/helium/mobile-radio.ts"
import { rankRadios } from "../../networks/helium/mobile-rank.ts"
import * as speedtest from "../../networks/helium/mobile-speedtest.ts"
import { dayOf } from "../../networks/helium/civil-date.ts"

type Text = string
const { parse } = decimal
const floored = (a: decimal.Decimal): Text => decimal.toUnits(a, 0, "floor").toString()
/** Every bigint of a record as the decimal string that vectors write. */
const written = (record: Readonly<Record<string, bigint | readonly bigint[]>>) =>
  Object.fromEntries(Object.entries(record).map(([key, v]) => [key, typeof v === "bigint" ? v.toString() : v.map(String)]))

const HOUR_S = 3600
const MINUTE_S = 60
const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?)?(?:Z|([+-])(\d{2}):?(\d{2}))?$/

/** An ISO date, or a time of it, as Unix seconds; without an offset it is UTC. Throws a RangeError for anything else. */
const readInstant = (iso: string): number => {
  const match = ISO.exec(iso)
  if (match === null) throw new RangeError(`"${iso}" is not an ISO date`)
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0))
  const fraction = Number(match[7] ?? 0)
  const ahead = (match[8] === "-" ? -1 : 1) * (Number(match[9] ?? 0) * HOUR_S + Number(match[10] ?? 0) * MINUTE_S)
  return dayOf({ year, month, day }) * 24 * HOUR_S + hour * HOUR_S + minute * MINUTE_S + second + fraction - ahead
}

interface RadioText {
  readonly id: string
  readonly signalPower: number
  readonly claimedAt: string
}
const readRadio = <R extends RadioText>(radio: R) => ({ ...radio, claimedAtS: readInstant(radio.claimedAt) })

export const heliumMobile = {
  "helium.mobile.assignmentMultiplier": (
    v: assignment.AssignedHex & { rules: MobileRules; status: assignment.OracleStatus; radioType: RadioType },
  ) => assignment.computeAssignmentE2(v, v.status, v.radioType, v.rules) / 100,
  "helium.mobile.coverageShares": (
    v: Omit<coverage.RadioDay, "trust" | "hasSubscribers"> & {
      boostEligible: boolean
      trust: { score: number; distanceM: number }[]
    },
  ) => {
    const trust = v.trust.map(({ score, distanceM }) => ({ score: parse(score), distanceM }))
    const { base, boosted } = coverage.computeShares({ ...v, hasSubscribers: v.boostEligible, trust })
    return coverage.shareNumber(base) + coverage.shareNumber(boosted)
  },
  "helium.mobile.speedtestTier": (v: speedtest.SpeedtestSample) => speedtest.computeTier(v),
  "helium.mobile.speedtestMultiplier": (v: { samples: speedtest.SpeedtestSample[] }) =>
    speedtest.computeSpeedQuarters(v.samples) / 4,
  "helium.mobile.rankOutdoor": (v: { radios: RadioText[] }) => rankRadios(v.radios.map(readRadio)).map((k) => v.radios[k].id),
  "helium.mobile.sharedCoverageShares": (v: {
    rules: MobileRules
    radioType: RadioType
    hexes: { count: number; signal: SignalLevel }[]
    radios: (RadioText & { speedtest: speedtest.SpeedtestTier })[]
  }) => coverage.computeSharedCoverage(v.rules, v.radioType, v.hexes, v.radios.map(readRadio)),
  "helium.mobile.pools": (v: { epochEmissions: Text }) => written(pools.computeMobilePools(parse(v.epochEmissions))),
  "helium.mobile.dataTransfer": (v: { epochEmissions: Text; sessions: number; dcPerSession: Text; pricePerBone: Text }) => {
    const bill = pools.computeEqualSessions(parse(v.epochEmissions), v.sessions, parse(v.dcPerSession), parse(v.pricePerBone))
    return { demand: decimal.format(bill.demand), paid: floored(bill.spent), leftForPoc: floored(bill.leftForPoc) }
  },
  "helium.mobile.mapperRewards": (v: {
    epochEmissions: Text
    subscribers: number
    discoveryPoints: number
    verificationPoints: number
  }) =>
    written(pools.computeMapperRewards(parse(v.epochEmissions), v.subscribers, v.discoveryPoints, v.verificationPoints)),
  "helium.mobile.epochRewards": (v: {
    epochEmissions: Text
    dc: (Text | number)[]
    pricePerBone: Text
    radioShares: (Text | number)[][]
  }) =>
    written(
      pools.computeMobileEpochRewards(
        parse(v.epochEmissions),
        v.dc.map(parse),
        parse(v.pricePerBone),
        v.radioShares.map((owner) => owner.map(parse)),
      ),
    ),
  "helium.mobile.boostedRewards": (v: {
    pocPool: Text
    boostedPool: Text
    radios: { base: Text | number; boosted: Text | number }[]
  }) => {
    const radios = v.radios.map(({ base, boosted }) => ({ base: parse(base), boosted: parse(boosted) }))
    return pools.computeBoostedRewards(parse(v.pocPool), parse(v.boostedPool), radios).map(String)
  },
  "helium.mobile.serviceProvider": (v: { pool: Text; dc: Text; pricePerBone: Text }) =>
    written(pools.computeServiceProviderReward(parse(v.pool), parse(v.dc), parse(v.pricePerBone))),
}
