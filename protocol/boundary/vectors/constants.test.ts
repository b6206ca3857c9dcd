/** The plain constants on record are the ones the networks run with. */
import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { DECOMMISSION, INSUFFICIENT_FUNDS, MANIFEST_TIMEOUT, OWNER, UNSPECIFIED, UNSTABLE } from "../../networks/akash/lease-rules.ts"
import { DISPUTE_EPOCHS, FAULT_FEE_EPOCHS, TERMINATION_AGE_EPOCHS_MAX } from "../../networks/filecoin/penalties.ts"
import { PLEDGE_EPOCHS } from "../../networks/filecoin/pledge.ts"
import { EPOCHS_PER_DAY } from "../../networks/filecoin/epoch.ts"
import { HIP138_TREASURY_BONES, NET_EMISSIONS_CAP_BONES } from "../../networks/helium/emission.ts"
import { computeModeledPoints, RADIO_TYPES, type RadioType, type SignalLevel } from "../../networks/helium/mobile-radio.ts"
import { TIER_QUARTERS, TIERS } from "../../networks/helium/mobile-speedtest.ts"
import { params as helium } from "../../networks/helium/params.ts"
import { monthlyUnits, SUPPLY_CAP_RENDER, UNITS } from "../../networks/render/emission.ts"
import { params as render } from "../../networks/render/params.ts"

interface Constant {
  readonly id: string
  readonly value: unknown
}
const { constants } = JSON.parse(readFileSync(new URL("../../../vectors/constants.json", import.meta.url), "utf8")) as {
  readonly constants: readonly Constant[]
}
const BONES = 100_000_000n
const inHnt = (bones: bigint): string => `${bones / BONES}.${String(bones % BONES).padStart(8, "0")}`
const points = (rules: "2025-03" | "2026-07", value: unknown) =>
  Object.fromEntries(
    Object.entries(value as Readonly<Record<RadioType, Readonly<Record<SignalLevel, number>>>>).map(([radio, levels]) => [
      radio,
      Object.fromEntries(
        Object.keys(levels).map((level) => [level, computeModeledPoints(rules, radio as RadioType, level as SignalLevel)]),
      ),
    ]),
  )

/** What ours is, in the shape of the record. */
const ours: Readonly<Record<string, (value: unknown) => unknown>> = {
  "helium.netEmissionsCap": () => {
    expect(BigInt(helium.netEmissionsCapBones.default)).toBe(NET_EMISSIONS_CAP_BONES)
    return inHnt(NET_EMISSIONS_CAP_BONES)
  },
  "helium.hip138TreasuryMint": () => inHnt(HIP138_TREASURY_BONES),
  "helium.mobile.basePoints.2025-03": (value) => points("2025-03", value),
  "helium.mobile.basePoints.2026-07": (value) => points("2026-07", value),
  "helium.mobile.speedtestMultipliers": () => Object.fromEntries(TIERS.map((tier, n) => [tier, TIER_QUARTERS[n] / 4])),
  "filecoin.projectionPeriods": (value) => ({
    continuedFault: FAULT_FEE_EPOCHS,
    invalidWindowPost: DISPUTE_EPOCHS,
    initialPledge: PLEDGE_EPOCHS,
    preCommitDeposit: PLEDGE_EPOCHS,
    // FIP-0098 replaced it and nothing here runs under the older rule: not compared.
    terminationLowerBoundLegacy: (value as Readonly<Record<string, number>>).terminationLowerBoundLegacy,
    terminationLifetimeCapDays: TERMINATION_AGE_EPOCHS_MAX / EPOCHS_PER_DAY,
  }),
  "render.emissionCap": () => ({
    initialCap: 2 ** 29,
    additional: Math.floor(2 ** 29 / 5),
    newCap: SUPPLY_CAP_RENDER,
  }),
  "render.emissionYear1": () => (12 * monthlyUnits(1, 1000)) / UNITS,
  "render.obhPer100Credits": () => ({
    T1: 100 * render.tier1ObhPerCredit.default,
    T2: 100 * render.tier2ObhPerCredit.default,
    T3: 100 * render.tier3ObhPerCredit.default,
  }),
  "akash.leaseClosedReasons": () => ({
    [OWNER]: "owner",
    [UNSTABLE]: "unstable",
    [DECOMMISSION]: "decommission",
    [UNSPECIFIED]: "unspecified",
    [MANIFEST_TIMEOUT]: "manifest_timeout",
    [INSUFFICIENT_FUNDS]: "insufficient_funds",
  }),
}

test.each(constants.map(({ id, value }) => [id, value] as const))("%s", (id, value) => {
  expect(Object.keys(ours)).toContain(id)
  expect(ours[id](value)).toEqual(value)
})

test("every radio has base points", () => {
  for (const radio of RADIO_TYPES) expect(computeModeledPoints("2025-03", radio, "High")).toBeGreaterThan(0)
})
