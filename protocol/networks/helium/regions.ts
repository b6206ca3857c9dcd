/**
 * LoRaWAN regions: country → plan, and the beacon channels of each plan in Hz.
 *
 * Source: LoRaWAN Regional Parameters; helium docs "region plans" (US915 sub-band 2). Countries not listed use EU868, an
 * assumption. CN470 was removed from proof of coverage by HIP-137.
 */

export interface RegionPlan {
  readonly name: string
  readonly channelsHz: readonly number[]
  /** Whether proof of coverage exists there. */
  readonly poc: boolean
}

const channels = (firstHz: number, stepHz: number, n: number): readonly number[] =>
  Array.from({ length: n }, (_, i) => firstHz + i * stepHz)

export const REGIONS: readonly RegionPlan[] = [
  { name: "EU868", channelsHz: channels(867_100_000, 200_000, 8), poc: true },
  { name: "US915", channelsHz: channels(903_900_000, 200_000, 8), poc: true },
  { name: "AU915", channelsHz: channels(916_800_000, 200_000, 8), poc: true },
  { name: "IN865", channelsHz: [865_062_500, 865_402_500, 865_985_000], poc: true },
  { name: "KR920", channelsHz: channels(922_100_000, 200_000, 7), poc: true },
  { name: "AS923_1", channelsHz: channels(923_200_000, 200_000, 8), poc: true },
  { name: "CN470", channelsHz: channels(486_300_000, 200_000, 8), poc: false },
]

const BY_COUNTRY: Readonly<Record<string, string>> = {
  ...Object.fromEntries(["US", "CA", "MX", "GT", "PA", "CR", "EC", "PR"].map((cc) => [cc, "US915"])),
  ...Object.fromEntries(["AU", "BR", "AR", "CL", "NZ", "UY", "PE"].map((cc) => [cc, "AU915"])),
  ...Object.fromEntries(["JP", "SG", "MY", "TH", "TW", "HK", "ID", "VN", "PH"].map((cc) => [cc, "AS923_1"])),
  IN: "IN865",
  KR: "KR920",
  CN: "CN470",
}

/** Index into `REGIONS` of a country (ISO 3166-1 alpha-2). */
export const regionOf = (country: string): number => {
  const name = Object.hasOwn(BY_COUNTRY, country) ? BY_COUNTRY[country] : "EU868"
  return REGIONS.findIndex((r) => r.name === name)
}
