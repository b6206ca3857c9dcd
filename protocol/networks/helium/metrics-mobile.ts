/** What is read off Helium Mobile at the end of an epoch and of a run. */
import type { Metric, NodeMeasure } from "../../kernel/network.ts"
import { radioOf, type HasMobile } from "./state-mobile.ts"

export const mobileMetrics = {
  "mobile.heartbeats": {
    unit: "heartbeats",
    kind: "counter",
    because: "Heartbeats that passed every check.",
    of: (s) => s.mobileTotal.heartbeats[0],
  },
  "mobile.radios_rewarded": {
    unit: "radios",
    kind: "gauge",
    because: "Radios that the last epoch paid for coverage.",
    of: (s) => s.mobileTotal.radiosRewarded[0],
  },
  "mobile.hexes_covered": {
    unit: "hexes",
    kind: "gauge",
    because: "Hexes that a radio in the map covered in the last epoch, by kind of radio.",
    of: (s) => s.mobileTotal.hexesCovered[0],
  },
  "mobile.paid": {
    unit: "bones or 1e-6 MOBILE",
    kind: "counter",
    because: "Paid to radios' owners, for coverage and for data.",
    of: (s) => s.mobileTotal.paid.toNumber(0),
  },
  "mobile.paid_coverage": {
    unit: "bones or 1e-6 MOBILE",
    kind: "counter",
    because: "Of that, for coverage.",
    of: (s) => s.mobileTotal.paidCoverage.toNumber(0),
  },
  "mobile.unallocated": {
    unit: "bones or 1e-6 MOBILE",
    kind: "counter",
    because: "What of the Mobile epochs nobody claimed: dust, and pools without shares.",
    of: (s) => s.mobileTotal.unallocated.toNumber(0),
  },
  "mobile.credits_burned": {
    unit: "DC",
    kind: "counter",
    because: "Data Credits paid for Mobile traffic and for boosts.",
    of: (s) => s.mobileTotal.creditsBurned[0],
  },
} as const satisfies Readonly<Record<string, Metric<HasMobile>>>

const ofRadio =
  (read: (s: HasMobile, radio: number) => number) =>
  (s: HasMobile, node: number): number => {
    const r = radioOf(s, node)
    return r < 0 ? 0 : read(s, r)
  }

export const mobileNodeMeasures = {
  mobileEarned: {
    unit: "bones or 1e-6 MOBILE",
    because: "Paid to the owner of the place's Mobile radio.",
    of: ofRadio((s, r) => s.radio.earnedHnt[r] + s.radio.earnedMobile[r]),
  },
  mobileEarnedHnt: {
    unit: "bones",
    because: "Of that, in HNT.",
    isIncome: true,
    incomeOf: "Mobile",
    of: ofRadio((s, r) => s.radio.earnedHnt[r]),
  },
  mobileEarnedMobile: {
    unit: "1e-6 MOBILE",
    because: "Of that, in MOBILE.",
    isIncome: true,
    incomeOf: "Mobile",
    of: ofRadio((s, r) => s.radio.earnedMobile[r]),
  },
  mobileEarnedCoverage: {
    unit: "bones or 1e-6 MOBILE",
    because: "Of that, for coverage.",
    of: ofRadio((s, r) => s.radio.earnedCoverage[r]),
  },
} as const satisfies Readonly<Record<string, NodeMeasure<HasMobile>>>
