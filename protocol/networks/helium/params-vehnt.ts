/** Numbers of locked HNT: what a lock weighs, how long it and its delegation last, and who locks in a simulated world. */
import type { Param } from "../../kernel/param.ts"

const HPL = "helium-program-library@145947ee voter-stake-registry"

export const vehntParams = {
  vehntBaseline: {
    default: 0,
    unit: "veHNT per HNT",
    range: [0, 1000],
    source: `${HPL} (tests/voter-stake-registry.ts)`,
    because: "What a locked HNT weighs whatever time is left.",
  },
  vehntExtra: {
    default: 100,
    unit: "veHNT per HNT",
    range: [0, 1000],
    source: `HIP-51; ${HPL}`,
    because: "What a locked HNT weighs beside the baseline with the whole saturation left, and in proportion with less.",
  },
  vehntSaturationDays: {
    default: 1460,
    unit: "days",
    range: [1, 10_000],
    source: "HIP-51: four years",
    because: "Longer locks weigh no more.",
  },
  vehntLockDaysMin: {
    default: 183,
    unit: "days",
    range: [1, 1460],
    source: "HIP-51: six months",
    because: "Shortest lock.",
  },
  vehntPositions: {
    default: 0,
    unit: "positions",
    range: [0, 100_000],
    source: "assumption: nobody locks by default, and delegated veHNT is a parameter (iotVehnt, mobileVehnt, iotSharePpm)",
    because:
      "Locked and delegated positions in the world. With any, they decide the sub-networks' shares and earn the delegators' part.",
    side: "world",
  },
  vehntHntPerPosition: {
    default: 1000,
    unit: "HNT",
    range: [1, 1_000_000],
    source: "assumption; no distribution of positions was read (UNVERIFIED)",
    because: "HNT locked in each.",
    side: "world",
  },
  vehntIotPermille: {
    default: 110,
    unit: "‰ of positions",
    range: [0, 1000],
    source: "about 0.11 of delegated veHNT in 2025 (facts: approximate)",
    because: "Positions delegated to IoT; the others are Mobile's.",
    side: "world",
  },
} as const satisfies Readonly<Record<string, Param>>
