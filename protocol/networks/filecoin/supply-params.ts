/** Every number of the supply study that is not fixed in a rule file. They are assumptions about people, apart from the network's own. */
import { params as declare, type Values } from "../../kernel/param.ts"

const SHEET = "facts/filecoin.md"

export const supplyParams = declare({
  missedWinsPermille: {
    default: 28,
    unit: "‰",
    range: [0, 1000],
    source: `${SHEET} §17: tipsets average about 4.86 wins of 5; 375.1 of 385.8 million FIL by 2025-05-24`,
    because: "Expected wins that nobody makes a block of are not minted.",
  },
  sectorDays: {
    default: 540,
    unit: "days",
    range: [180, 1278],
    source: "assumption: mechafil-server's default; the chain allows 180 to 1,278",
    because: "How long a sector and its pledge stand before they are renewed or released.",
  },
  historyRenewalPermille: {
    default: 400,
    unit: "‰",
    range: [0, 1000],
    source:
      "calibrated: bundled series 2020-10 to 2025-05, with 540 days; mechafil’s renewals by power are 620 ‰ (2022-10) to 830 ‰ (2025-09)",
    because:
      "Of what expired in the observed past, renewed; the rest of each day’s power is new. It sums up renewals, early ends and longer lives.",
  },
  lockTargetPermille: {
    default: 300,
    unit: "‰",
    range: [0, 1000],
    source: "builtin-actors@b0a3bdd6 monies.rs: 3 tenths",
    because: "Share of the circulating supply that all pledge together aims at.",
  },
} as const)
export type SupplyParams = Values<typeof supplyParams>
