/** Every number of Filecoin that is not fixed in a rule file, and the dated regimes. */
import { underTopics, type Preset, type Values } from "../../kernel/param.ts"
import { topics } from "./topics.ts"
import { chainParams } from "./params-chain.ts"
import { dealParams } from "./params-deals.ts"

const YEAR = 365 * 2880
const LOTUS = "filecoin-project/lotus@b835fab7 params_mainnet.go"
const SHEET = "facts/filecoin.md"

export const params = underTopics(
  {
    startEpoch: {
      default: 5_348_280,
      unit: "epoch",
      range: [0, 10 * YEAR],
      source: `${LOTUS}: nv27, 2025-09-24`,
      because: "Where the reward clock stands before the first half hour; it then jumps to the run's own time.",
      atStart: true,
    },
    networkTimeEpochs: {
      default: 3_510_000,
      unit: "epochs",
      range: [0, 10 * YEAR],
      source: `${SHEET} §8, §17: solved from 5.83 FIL a win on 2025-05-24 (3.30 years) and carried on at 0.14 years a year`,
      because: "Effective network time at the start: how far real power has filled the baseline. It sets the baseline reward.",
      atStart: true,
    },
    circulatingFil: {
      default: 728_270_000,
      unit: "FIL",
      range: [1_000_000, 1_600_000_000],
      source: `${SHEET} §6: 728.27 million on 2025-05-24`,
      because: "What circulates at the start: pledge and daily fee are measured by it.",
      atStart: true,
    },
    availableSupplyFil: {
      default: 824_000_000,
      unit: "FIL",
      range: [1_000_000, 1_600_000_000],
      source: `${SHEET} §6: 728.27 million circulating on 2025-05-24 and 0.128 FIL per 32 GiB on 22.38 EiB pledged`,
      because: "FIL outside the reward actor at the start, pledges of brought sectors not yet taken out of it.",
      atStart: true,
    },
    minedFil: {
      default: 385_000_000,
      unit: "FIL",
      range: [0, 900_000_000],
      source: `${SHEET} §17: 375.1 million observed on 2025-05-24, and 123 days * 2880 * 4.86 wins * 5.8 FIL`,
      because: "Rewards paid before the start: the reward actor holds 1.1 billion less this.",
      atStart: true,
    },
    genesisQaGibPerMiner: {
      default: 2_290_483,
      unit: "GiB",
      range: [1, 1_000_000_000],
      source: "arithmetic: 48 deadlines * 233 sectors * 32 GiB * (1 + 9 * 0.6)",
      because:
        "Where the smoothed network power starts, per provider: what they are about to bring. Pledge and fees are measured by it.",
      atStart: true,
    },
    rampStartEpoch: {
      default: 4_461_240,
      unit: "epoch",
      range: [0, 20 * YEAR],
      source: "FIP-0081, nv24, 2024-11-20",
      because: "From here on the consensus pledge moves from the baseline to the network's own power, to 70 : 30.",
    },
    rampEpochs: { default: YEAR, unit: "epochs", range: [0, 5 * YEAR], source: "FIP-0081", because: "How long that move takes." },
    dailyFeeOn: {
      default: 1,
      unit: "0 or 1",
      range: [0, 1],
      source: "FIP-0100, nv25, 2025-04-14",
      because: "Sectors activated under it pay a daily proof fee. Brought sectors count as activated at the start.",
    },
    minerDepositOn: {
      default: 1,
      unit: "0 or 1",
      range: [0, 1],
      source: "FIP-0077; the version that switched it on is UNVERIFIED, nv27 assumed",
      because: "A new provider locks the pledge of 1 TiB, which vests over 180 days.",
    },
    f3On: {
      default: 1,
      unit: "0 or 1",
      range: [0, 1],
      source: "FIP-0086, live since 2025-04-29",
      because: "Fast finality by two thirds of the power.",
    },
    faultFeeEpochs: {
      default: 10_108,
      unit: "epochs of reward",
      range: [0, 28_800],
      source: "builtin-actors@b0a3bdd6 monies.rs: 3.51 days",
      because: "Price of every further proving period that a sector stays faulty; the first is free (FIP-0002).",
    },
    faultyDaysMax: {
      default: 42,
      unit: "days",
      range: [1, 365],
      source: "builtin-actors@b0a3bdd6 policy.rs",
      because: "A sector faulty this long is terminated.",
    },
    alarmFaultyPermille: {
      default: 50,
      unit: "‰ of live sectors",
      range: [1, 1000],
      source: "assumption, ours: the chain has no alarm",
      because: "A half hour that ends with more faulty than this is when the network is held to have noticed an outage.",
    },

    ...chainParams,
    forgingPermille: {
      default: 0,
      unit: "‰ of providers",
      range: [0, 1000],
      source: "assumption",
      because: "Providers that no longer hold part of their data and send proofs of it that would not verify.",
      side: "world",
    },
    forgedPermille: {
      default: 250,
      unit: "‰ of deadlines",
      range: [0, 1000],
      source: "assumption",
      because: "Share of a forging provider's deadlines whose data is gone.",
      side: "world",
    },
    watchedPermille: {
      default: 500,
      unit: "‰ of proofs",
      range: [0, 1000],
      source: "assumption: anyone may verify a proof for 15 hours; how many do is not known",
      because: "Chance that a proof that would not verify is found and disputed in the half hour after its deadline closed.",
      side: "world",
    },
    f3SkippingPermille: {
      default: 250,
      unit: "‰ of providers",
      range: [0, 1000],
      source:
        "assumption: a drop of about 5 % in July 2025 took participation below two thirds (lotus#13208), so it stood little above 70 %",
      because: "Providers that mine and prove but take no part in F3.",
      side: "world",
    },

    // What people and machines are like.
    sectorsPerDeadline: {
      default: 233,
      unit: "sectors",
      range: [1, 2000],
      source: "arithmetic: about 3.4 EiB of raw power (facts §17) over 10,000 providers of 48 deadlines and 32 GiB",
      because: "Sectors a provider brings per deadline, on average.",
      side: "world",
      atStart: true,
    },
    sizeSpreadPermille: {
      default: 1529,
      unit: "‰ (standard deviation of the logarithm of size)",
      range: [0, 3000],
      source:
        "starboard.ventures, 4,069 providers on 2022-08-21: over 75 % below 4 PiB, 1 % above 50 PiB. (ln 50 - ln 4) / (2.3263 - 0.6745) = 1.529; lognormal is an assumption",
      because:
        "How unequal providers are; 0 makes all equal. Check: it has 4.2 % above 20 PiB (published 5 %) and a mean of 4.6 PiB, 18.2 EiB in all (observed raw power that week 16.8 EiB). Gini 0.72.",
      side: "world",
      atStart: true,
    },
    verifiedPermille: {
      default: 600,
      unit: "‰",
      range: [0, 1000],
      source: "facts §6 and §15: 22.4 EiB quality-adjusted over about 3.5 raw is 6.4 = 1 + 9 * 0.6",
      because: "Share of sectors whose data is verified and counts tenfold.",
      side: "world",
      atStart: true,
    },
    freeFundsPermille: {
      default: 200,
      unit: "‰ of pledge",
      range: [0, 2000],
      source: "assumption",
      because: "Free funds beside the pledge: what fees are paid from before rewards come.",
      side: "world",
      atStart: true,
    },
    lifetimeDays: {
      default: 540,
      unit: "days",
      range: [180, 1278],
      source: "assumption: a common commitment",
      because: "Brought sectors expire evenly over this time; extensions give it again.",
      side: "world",
    },
    extendBeforeDays: {
      default: 7,
      unit: "days",
      range: [1, 90],
      source: "assumption",
      because: "Providers extend sectors with less than this to live.",
      side: "world",
    },
    lazyPermille: {
      default: 50,
      unit: "‰ of providers",
      range: [0, 1000],
      source: "assumption",
      because: "Providers that see to faults on one day in lazyDays.",
      side: "world",
    },
    lazyDays: {
      default: 7,
      unit: "days",
      range: [2, 60],
      source: "assumption",
      because: "How long a lazy provider lets faults be.",
      side: "world",
    },
    lossyPermille: {
      default: 10,
      unit: "‰ of providers",
      range: [0, 1000],
      source: "assumption",
      because: "Providers whose disks lose data. What is lost is never proven again.",
      side: "world",
    },
    lossPermille: {
      default: 20,
      unit: "‰ of proofs",
      range: [0, 1000],
      source: "assumption",
      because: "Chance that a lossy provider finds one more sector gone at a deadline.",
      side: "world",
    },
    withdrawingPermille: {
      default: 300,
      unit: "‰ of providers",
      range: [0, 1000],
      source: "assumption",
      because: "Providers whose owners take out, once a day, whatever is free.",
      side: "world",
    },
    toppingUpPermille: {
      default: 950,
      unit: "‰ of providers",
      range: [0, 1000],
      source: "assumption",
      because:
        "Providers whose owners send FIL to pay a fee debt within half an hour of being back. The others stay in debt, and faulty, until rewards pay it.",
      side: "world",
    },
    retrievalsPerMinute: {
      default: 10,
      unit: "retrievals",
      range: [1, 100_000],
      source: "assumption: arbitrary",
      because: "Mean demand per provider. Only fractions mean anything.",
      side: "world",
    },
    ...dealParams,
  },
  topics,
)
export type FilecoinParams = typeof params

/** One sentence when parameters do not fit together. */
export const coherent = (v: Values): string | undefined =>
  v.circulatingFil > v.availableSupplyFil
    ? `circulatingFil ${v.circulatingFil} is more than availableSupplyFil ${v.availableSupplyFil}, which it is part of`
    : v.networkTimeEpochs > v.startEpoch
      ? `networkTimeEpochs ${v.networkTimeEpochs} lies after startEpoch ${v.startEpoch}: power cannot have filled a baseline that has not been`
      : undefined

export const presets = {
  "nv7-2020-12-01": {
    because:
      "December 2020, for the chain halt: no disputes (FIP-0010), no daily fee, no F3, no create-miner deposit, no verified data to speak of. Today's actors otherwise: termination fees, FIP-0081's formula before its ramp. Supply, mined FIL and network time are rough assumptions; a base fee of 2 nanoFIL is FIP-0009's worry.",
    from: "2020-12-01",
    to: "2020-12-21",
    values: {
      startEpoch: 330_000,
      networkTimeEpochs: 104_000,
      circulatingFil: 45_000_000,
      availableSupplyFil: 65_000_000,
      minedFil: 17_000_000,
      genesisQaGibPerMiner: 1_749_504,
      sectorsPerDeadline: 1139,
      verifiedPermille: 0,
      dailyFeeOn: 0,
      minerDepositOn: 0,
      f3On: 0,
      disputesOn: 0,
      baseFeeAtto: 2_000_000_000,
      proofMegaGas: 60,
      lossyPermille: 0,
    },
  },
  "nv24-2024-11-20": {
    because:
      "The day FIP-0081's ramp begins: pledge still measured against the baseline alone; no daily fee, no F3. Termination fees are FIP-0098's already, as the older rule is not modelled.",
    from: "2024-11-20",
    to: "2025-04-13",
    values: {
      startEpoch: 4_461_240,
      networkTimeEpochs: 3_390_000,
      minedFil: 347_000_000,
      dailyFeeOn: 0,
      minerDepositOn: 0,
      f3On: 0,
    },
  },
  "nv25-2025-04-14": {
    because:
      "FIP-0100's daily fee and FIP-0098's termination fee; F3 follows on 2025-04-29. Supply and mined FIL as for nv24 and nv27, between them: assumptions.",
    from: "2025-04-14",
    to: "2025-09-23",
    values: { startEpoch: 4_878_840, networkTimeEpochs: 3_450_000, minedFil: 371_000_000, minerDepositOn: 0 },
  },
  "nv27-2025-09-24": {
    because: "The defaults: GoldenWeek.",
    from: "2025-09-24",
    to: "2026-05-26",
    values: {},
  },
  "nv28-2026-05-27": {
    because:
      "FireHorse: of the protocol only the base fee changed (FIP-0115), and FIP-0081's ramp is over. Warm storage is open by now (its first day is UNVERIFIED). Power is that of 2026-06-18 (filcensus.reiers.io): 1.71 EiB raw over 10,000 simulated providers is 120 sectors a deadline (1.71 * 2^30 GiB / (10,000 * 48 * 32 GiB) = 119.5), 86.4 % of it verified; 48 * 120 * 32 * (1 + 9 * 0.864) GiB each. Mined FIL and network time are carried on, assumptions.",
    from: "2026-05-27",
    values: {
      startEpoch: 6_052_800,
      networkTimeEpochs: 3_610_000,
      minedFil: 404_000_000,
      sectorsPerDeadline: 120,
      verifiedPermille: 864,
      genesisQaGibPerMiner: 1_617_592,
      pdpOn: 1,
      baseFeeByPremium: 1,
    },
  },
} as const satisfies Readonly<Record<string, Preset<FilecoinParams>>>
