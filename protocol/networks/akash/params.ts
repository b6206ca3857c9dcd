/** Every number of Akash and of the people and machines that use it, and the dated regimes it ran under. */
import { underTopics, type Values } from "../../kernel/param.ts"
import { topics } from "./topics.ts"
import { peopleParams } from "./params-people.ts"
import { worldParams } from "./params-world.ts"
import { MAINNET_SOURCE as NODE, presets as dated } from "./presets.ts"

const GENESIS = `${NODE} cmd/akash/cmd/genesis.go MainnetGenesisParams`
const BME = "chain-sdk@55f1c683 go/node/bme/v1/params.go (AEP-76, 2026-03-23)"
const ORACLE = "chain-sdk@55f1c683 go/node/oracle/v2/params.go"

export const params = underTopics(
  {
    // The chain's clock: billing counts blocks, notice counts seconds.
    blockMs: {
      default: 6500,
      unit: "ms",
      range: [5000, 60_000],
      source: `${GENESIS}: AverageBlockTime 6.5 s; the price script says 6.117 s (CONFLICT)`,
      because: "A block is the unit of billing. A chain that stands still makes none, so nobody is charged.",
    },
    validators: {
      default: 100,
      unit: "validators",
      range: [1, 100],
      source: `${GENESIS}: max validators 100`,
      because: "Those bonded at genesis, the first with most stake.",
    },
    bondedPermille: {
      default: 600,
      unit: "‰ of AKT",
      range: [1, 900],
      source: "assumption",
      because: "The share of AKT staked with validators at genesis; inflation follows it.",
    },
    signedWindowBlocks: {
      default: 30_000,
      unit: "blocks",
      range: [100, 1_000_000],
      source: GENESIS,
      because: "Absence is counted over this many blocks.",
    },
    minSignedPermille: {
      default: 50,
      unit: "‰ of blocks",
      range: [0, 1000],
      source: GENESIS,
      because: "Whoever signed fewer of the window is jailed: after more than 28,500 missed blocks, 51.5 h.",
    },
    jailSeconds: {
      default: 60,
      unit: "s",
      range: [0, 604_800],
      source: GENESIS,
      because: "How long a jailed validator has to wait before it may return.",
    },
    downtimeSlashPermille: {
      default: 0,
      unit: "‰ of stake",
      range: [0, 1000],
      source: GENESIS,
      because: "What absence costs besides the jail: nothing on mainnet.",
    },
    doubleSignSlashPermille: {
      default: 50,
      unit: "‰ of stake",
      range: [0, 1000],
      source: GENESIS,
      because: "What signing two blocks of one height costs. The validator never returns.",
    },
    unbondingDays: {
      default: 14,
      unit: "days",
      range: [1, 60],
      source: `${GENESIS} (live value UNVERIFIED)`,
      because: "How long stake that leaves can still be slashed.",
    },

    // AKT itself.
    supplyAkt: {
      default: 280_000_000,
      unit: "AKT",
      range: [10_000_000, 388_900_000],
      source: "assumption between genesis (100 M) and the maximum (388.9 M, AEP-22)",
      because: "AKT in existence at the beginning.",
    },
    communityAkt: {
      default: 5_000_000,
      unit: "AKT",
      range: [0, 100_000_000],
      source: "assumption",
      because: "The community pool at the beginning, out of which the vault is seeded.",
    },
    inflationPermille: {
      default: 130,
      unit: "‰ a year",
      range: [0, 1000],
      source: "assumption: inflation at the beginning of a run (live value UNVERIFIED)",
      because: "New AKT go to those who stake; the rate then moves by itself.",
    },
    inflationMinPermille: {
      default: 50,
      unit: "‰ a year",
      range: [0, 1000],
      source: "public changes of x/mint: minimum 15 % to 5 % (UNVERIFIED)",
      because: "Inflation never falls below.",
    },
    inflationMaxPermille: {
      default: 250,
      unit: "‰ a year",
      range: [0, 1000],
      source: "public changes of x/mint: maximum 40 % to 25 % (UNVERIFIED)",
      because: "Inflation never rises above.",
    },
    inflationChangePermille: {
      default: 130,
      unit: "‰ a year",
      range: [0, 1000],
      source: "Cosmos SDK default (live value UNVERIFIED)",
      because: "How fast inflation moves when nobody stakes.",
    },
    goalBondedPermille: {
      default: 670,
      unit: "‰ of AKT",
      range: [1, 1000],
      source: "Cosmos SDK default (live value UNVERIFIED)",
      because: "Inflation rises below this share of staked AKT, and falls above.",
    },
    blocksPerYear: {
      default: 4_855_015,
      unit: "blocks",
      range: [1_000_000, 10_000_000],
      source: "31,557,600 s / 6.5 s (DERIVED)",
      because: "By which the yearly provision is divided into blocks.",
    },

    // The market.
    paidInAct: {
      default: 1,
      unit: "0 or 1",
      range: [0, 1],
      source: `${NODE}: uakt rejected for deployments since v2.0.0 (2026-03-23)`,
      because: "Leases are priced and paid in ACT, a dollar credit (1), or in AKT (0).",
    },
    minDepositMicro: {
      default: 500_000,
      unit: "uakt or uact",
      range: [0, 1_000_000_000],
      source: `${NODE} x/deployment MinDeposits`,
      because: "A deployment begins with at least this in escrow.",
    },
    bidDepositUakt: {
      default: 500_000,
      unit: "uakt",
      range: [0, 1_000_000_000],
      source: `${NODE} x/market BidMinDeposits`,
      because: "What a bid costs to hold open; it comes back in full.",
    },
    orderMaxBids: {
      default: 20,
      unit: "bids",
      range: [1, 500],
      source: `${NODE} x/market OrderMaxBids; the check is >, so one more than this fits`,
      because: "Bids an order takes.",
    },
    reclamationOn: {
      default: 1,
      unit: "0 or 1",
      range: [0, 1],
      source: "AEP-82 (final 2026-06-11, v2.1.0; its live height UNVERIFIED)",
      because: "Whether bids may carry a notice period, and orders demand one.",
    },
    reclamationMinSeconds: {
      default: 3600,
      unit: "s",
      range: [1, 2_592_000],
      source: "AEP-82: 1 h",
      because: "The shortest notice a bid may offer.",
    },
    reclamationMaxSeconds: {
      default: 2_592_000,
      unit: "s",
      range: [1, 31_536_000],
      source: "AEP-82: 720 h",
      because: "The longest notice a bid may offer.",
    },
    takePermille: {
      default: 0,
      unit: "‰ of what is withdrawn",
      range: [0, 1000],
      source: "x/take deleted at v2.0.0; before: AKT 40 ‰, others 200 ‰ (AEP-23)",
      because: "The community pool's cut of a provider's earnings.",
    },
    trapsOn: {
      default: 0,
      unit: "0 or 1",
      range: [0, 1],
      source: `${NODE} x/escrow/keeper, read and not executed (UNVERIFIED)`,
      because:
        "Reproduces two oddities of the escrow code: a new lease of an account swallows what its other leases accrued, and a second call in one block finds no payment.",
    },
    debtKeptDays: {
      default: 30,
      unit: "days",
      range: [1, 3650],
      source: "assumption: the chain keeps debts for ever",
      because: "How long an overdrawn account is remembered, so that state does not grow without end.",
    },
    alarmUnstable: {
      default: 5,
      unit: "leases within an hour",
      range: [1, 100_000],
      source: "assumption",
      because: "As many leases closed as unstable within a clock hour tell the network that something is wrong.",
    },

    // Burn and mint.
    bmeOn: {
      default: 1,
      unit: "0 or 1",
      range: [0, 1],
      source: "AEP-76, mainnet 2026-03-23 (v2.0.0)",
      because: "Whether AKT can be turned into ACT and back.",
    },
    vaultSeedAkt: {
      default: 300_000,
      unit: "AKT",
      range: [0, 10_000_000],
      source: "v2.0.0 upgrade: from the community pool, not in the remint credits",
      because: "Collateral the vault began with.",
      atStart: true,
    },
    warnBps: {
      default: 9500,
      unit: "bp",
      range: [2, 10_000],
      source: BME,
      because: "At or below this collateral ratio mint epochs grow longer.",
    },
    haltBps: {
      default: 9000,
      unit: "bp",
      range: [1, 9999],
      source: BME,
      because: "At or below this collateral ratio no ACT is minted.",
    },
    minEpochBlocks: {
      default: 10,
      unit: "blocks",
      range: [1, 14_400],
      source: BME,
      because: "Requests are carried out in batches this often.",
    },
    backoffPercent: {
      default: 10,
      unit: "%",
      range: [0, 100],
      source: BME,
      because: "Growth of the mint epoch for each 10 bp below the warning.",
    },
    mintSpreadBps: { default: 25, unit: "bp", range: [0, 1000], source: BME, because: "Kept by the vault when AKT becomes ACT." },
    settleSpreadBps: {
      default: 0,
      unit: "bp",
      range: [0, 1000],
      source: BME,
      because: "Kept by the vault when ACT becomes AKT.",
    },
    batchRecords: {
      default: 50,
      unit: "requests",
      range: [1, 1000],
      source: BME,
      because: "Requests carried out in one phase of one block.",
    },
    minMintUact: {
      default: 10_000_000,
      unit: "uact",
      range: [0, 1_000_000_000],
      source: BME,
      because: "Less than this much ACT is not minted.",
    },
    attemptsMax: {
      default: 3,
      unit: "attempts",
      range: [1, 100],
      source: BME,
      because: "A request that fails this often is cancelled and refunded.",
    },
    twapSeconds: {
      default: 5,
      unit: "s",
      range: [1, 86_400],
      source: `${ORACLE}: 5 s in code; AEP-76 says 30 min, AEP-80 180 blocks; the governed value is UNVERIFIED`,
      because: "The price is an average over this window: a longer one is harder to push, and later to follow.",
    },
    staleSeconds: {
      default: 30,
      unit: "s",
      range: [1, 86_400],
      source: ORACLE,
      because: "A source silent for longer does not count.",
    },
    sourcesMin: {
      default: 1,
      unit: "sources",
      range: [1, 4],
      source: `${ORACLE}: 1; AEP-76 says two sources (CONFLICT)`,
      because: "With fewer fresh sources there is no price, and burn and mint stand still.",
    },
    deviationBpsMax: {
      default: 150,
      unit: "bp",
      range: [0, 10_000],
      source: ORACLE,
      because: "Sources further apart than this give no price.",
    },

    ...worldParams,
    ...peopleParams,
  },
  topics,
)
export type AkashParams = typeof params

export const coherent = (v: Values<AkashParams>): string | undefined => {
  if (v.warnBps <= v.haltBps) return `warnBps ${v.warnBps} must lie above haltBps ${v.haltBps}`
  if (v.inflationMinPermille > v.inflationMaxPermille)
    return `inflationMinPermille ${v.inflationMinPermille} lies above inflationMaxPermille ${v.inflationMaxPermille}`
  if (v.reclamationMinSeconds > v.reclamationMaxSeconds)
    return `reclamationMinSeconds ${v.reclamationMinSeconds} lies above reclamationMaxSeconds ${v.reclamationMaxSeconds}`
  if (v.paidInAct === 1 && v.bmeOn === 0) return "paidInAct needs bmeOn: without burn and mint nobody has ACT to pay with"
  const spoken = Math.floor((v.supplyAkt * v.bondedPermille) / 1000) + v.communityAkt
  if (spoken > v.supplyAkt) return `bonded and community AKT (${spoken}) exceed supplyAkt ${v.supplyAkt}`
  if (v.vaultSeedAkt > v.communityAkt)
    return `vaultSeedAkt ${v.vaultSeedAkt} exceeds communityAkt ${v.communityAkt}, which pays it`
  return undefined
}

export const presets = dated
