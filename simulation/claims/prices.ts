/** Prices for the same unit, each with its day, and what the unit costs from the bottom up. Source of all: facts/prices-and-demand.md. */

export interface Offer {
  readonly who: string
  /** The open network, or "centralised", or "marketplace" (independent machines without a protocol here). */
  readonly network: string
  readonly service: string
  readonly usd: number
  readonly date: string
  readonly source: string
  /** Raw copies kept for each usable one, from and to; one where nothing is copied. */
  readonly copies?: readonly [number, number]
}

const EUR = 1.1133
const offer = (who: string, network: string, service: string, usd: number, date: string, source: string): Offer => ({
  who,
  network,
  service,
  usd,
  date,
  source,
})
const STORE = "storage, usable TiB-month"
const EGRESS = "egress, GB"
const OFFLOAD = "mobile offload, GB"
const MACHINE = "4 vCPU and 8 GB, month"
const SENSOR = "LoRaWAN sensor, 34 packets a day, year"
const H100 = "H100 hour"

const IOT_PACKETS_A_YEAR = 34 * 365
const CENTRAL = "centralised"
const S11 = "prices-and-demand.md §1.1"
const S12 = "prices-and-demand.md §1.2"
const S15 = "prices-and-demand.md §1.5"

/** Erasure coding of central vendors: 1.2 to 1.5 (UNVERIFIED, prices-and-demand.md §2.3). */
const CODED = [1.2, 1.5] as const

export const OFFERS: readonly Offer[] = [
  { ...offer("Filecoin Onchain Cloud (PDP), two copies", "filecoin", STORE, 5, "2026-11", "filecoin.md §11"), copies: [2, 2] },
  { ...offer("AWS S3 Standard", CENTRAL, STORE, 23.55, "2026-05", S11), copies: CODED },
  { ...offer("Google Cloud Storage", CENTRAL, STORE, 20.48, "2026-09-20", S11), copies: CODED },
  { ...offer("Cloudflare R2", CENTRAL, STORE, 16, "2026-05", `${S11}, middle of 15.4 to 16.5`), copies: CODED },
  { ...offer("Wasabi", CENTRAL, STORE, 8.4, "2026-07-01", `${S11}, middle of 8.0 to 8.8`), copies: CODED },
  { ...offer("Backblaze B2", CENTRAL, STORE, 6.6, "2026-05", S11), copies: CODED },
  { ...offer("Storj", "marketplace", STORE, 7.7, "2026-07-01", S11), copies: [2.76, 2.76] },
  offer("FilBeam", "filecoin", EGRESS, 0.0064, "2026-11", "filecoin.md §11"),
  offer("AWS S3", CENTRAL, EGRESS, 0.09, "2026-05", S11),
  offer("CloudFront", CENTRAL, EGRESS, 0.085, "2025 to 2026", S12),
  offer("Bunny Standard, EU and NA", CENTRAL, EGRESS, 0.01, "2026-09-20", S12),
  offer("Bunny Volume", CENTRAL, EGRESS, 0.005, "2026-09-20", S12),
  offer("Hetzner overage", CENTRAL, EGRESS, 0.00116, "2026-05-27", S12),
  offer("Helium Mobile, data credits", "helium", OFFLOAD, 0.1, "2026-06", `${S15}, helium.md §11`),
  offer("MVNO wholesale", CENTRAL, OFFLOAD, 2, "2026-01", `${S15}, State of DePIN chart, middle of 1.5 to 2.5`),
  offer("Wi-Fi offload", CENTRAL, OFFLOAD, 0.175, "2026-01", `${S15}, its text, middle of .10 to .25`),
  offer("Helium IoT, data credits", "helium", SENSOR, IOT_PACKETS_A_YEAR * 1e-5, "2026-11", S15),
  offer("1NCE cellular, $14 for ten years", CENTRAL, SENSOR, 1.4, "2026-05", S15),
  offer("Akash, generic price script", "akash", MACHINE, 12.8, "2026-11", "prices-and-demand.md §1.4, akash.md B4"),
  offer("Hetzner CX33, shared", CENTRAL, MACHINE, 6.49 * EUR, "2026-05", "prices-and-demand.md §1.4"),
  offer(
    "AWS, two m6a.large less 8 GB",
    CENTRAL,
    MACHINE,
    67.86 * 2 * EUR,
    "2026-10-28",
    "prices-and-demand.md §1.4: 4 vCPU and 16 GB, the nearest",
  ),
  offer(
    "OVH b3-8 doubled",
    CENTRAL,
    MACHINE,
    37.38 * 2 * EUR,
    "2026-10-28",
    "prices-and-demand.md §1.4: 4 vCPU and 16 GB, the nearest",
  ),
  offer("Akash", "akash", H100, 2.58, "2026-10-24", "prices-and-demand.md §1.3"),
]

interface Part {
  readonly low: number
  readonly high: number
  readonly source: string
}
interface Cost {
  /** A centralised seller provides the same by the same means, so that its price may be held against this cost. */
  readonly isShared: boolean
  readonly parts: Readonly<Record<string, Part>>
  /** US dollars per unit from one draw of its parts. */
  readonly of: (x: Readonly<Record<string, number>>) => number
}

const HOURS_A_MONTH = 730
const HOURS_A_YEAR = 8766
const TB_OF_TIB = 1.0995
const D62 = "prices-and-demand.md §6.2"
const D21 = "prices-and-demand.md §2.1"
const part = (low: number, high: number, source: string): Part => ({ low, high, source })

export const COSTS: Readonly<Record<string, Cost>> = {
  [STORE]: {
    isShared: true,
    parts: {
      diskUsdPerTb: part(15, 30, D62),
      diskYears: part(4, 7, D62),
      overheadTimesDisk: part(1, 3, `${D62}, assumption`),
      wattsPerTib: part(1, 8.9, D62),
      pue: part(1.18, 1.93, D62),
      usdPerKwh: part(0.05, 0.2, D62),
    },
    of: (x) =>
      ((x.diskUsdPerTb * TB_OF_TIB) / (x.diskYears * 12)) * (1 + x.overheadTimesDisk) +
      (x.wattsPerTib / 1000) * x.pue * HOURS_A_MONTH * x.usdPerKwh,
  },
  [EGRESS]: {
    isShared: true,
    parts: { usdPerGb: part(0.0005, 0.005, `${D62}, bandwidth.real`) },
    of: (x) => x.usdPerGb,
  },
  [H100]: {
    isShared: true,
    parts: {
      capexUsd: part(37_500, 44_000, D62),
      years: part(3, 5, D21),
      used: part(0.2, 0.8, "prices-and-demand.md §6.1, gpuUtilisation"),
      colocationUsdPerKwMonth: part(150, 250, D62),
      kilowatts: part(1.28, 1.28, D62),
    },
    of: (x) => (x.capexUsd / (x.years * HOURS_A_YEAR) + (x.kilowatts * x.colocationUsdPerKwMonth) / HOURS_A_MONTH) / x.used,
  },
  [OFFLOAD]: {
    isShared: false,
    parts: {
      accessPointUsd: part(249, 499, D62),
      years: part(3, 7, "prices-and-demand.md §6.2, hotspot.life"),
      watts: part(8, 25, D62),
      usdPerKwh: part(0.13, 0.43, "prices-and-demand.md §2.2, homes"),
      gbPerDay: part(0.4, 1.5, "prices-and-demand.md §2.3: .77 in 2026; the range is an assumption"),
    },
    of: (x) => (x.accessPointUsd / x.years + (x.watts / 1000) * HOURS_A_YEAR * x.usdPerKwh) / (x.gbPerDay * 365),
  },
  [SENSOR]: {
    isShared: false,
    parts: {
      hotspotsPerSensor: part(
        100_000 / 320_000,
        375_000 / 320_000,
        "prices-and-demand.md §0.2, §4.2: 100,000 active to 375,000 counted, 320,000 sensors",
      ),
      hotspotUsd: part(100, 500, D62),
      years: part(3, 7, D62),
      watts: part(5, 15, D62),
      usdPerKwh: part(0.13, 0.43, "prices-and-demand.md §2.2, homes"),
    },
    of: (x) => x.hotspotsPerSensor * (x.hotspotUsd / x.years + (x.watts / 1000) * HOURS_A_YEAR * x.usdPerKwh),
  },
}
