/** Akash's regimes by mainnet version, and one that keeps the escrow code's oddities. Departures from params.ts, each with its reason. */
import type { Preset } from "../../kernel/param.ts"

export const MAINNET_SOURCE = "akash-network/node@3efe26bf (v2.1.0-rc10, 2026-04-28)"

/** Published ranges are on the parameters; a preset says what was in force. */
export const presets = {
  "v1.1-2025-11": {
    because: "Before burn and mint: leases priced and paid in AKT, 4 % of earnings to the community pool (AEP-23).",
    from: "2025-10-28",
    to: "2026-03-23",
    values: { paidInAct: 0, bmeOn: 0, takePermille: 40, reclamationOn: 0 },
  },
  "v2.0-2026-03-23": {
    because: "ACT deposits, burn and mint, no take; leases without notice periods.",
    from: "2026-03-23",
    to: "2026-06-11",
    values: { reclamationOn: 0 },
  },
  "v2.1-2026-06-11": {
    because: "As v2.0, with reclamation windows (AEP-82). The live height of v2.1.0 is UNVERIFIED.",
    from: "2026-06-11",
    values: {},
  },
  mainnet: {
    because:
      "As v2.1, with the two oddities of the escrow code that the fact sheet names (read there, never executed: UNVERIFIED).",
    from: "2026-06-11",
    values: { trapsOn: 1 },
  },
} as const satisfies Readonly<Record<string, Preset>>
