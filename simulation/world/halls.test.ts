/** Storage stands where it was published to stand: operators, hosts and countries, and every simulated population of them. */
import { describe, expect, test } from "vitest"
import { concentration } from "./concentration.ts"
import { hallsOf, siteOfNode, type Halls, type Ranked } from "./halls.ts"
import type { NodeProfile } from "./profile.ts"
import { checkProfile } from "./profile.ts"
import { storageProviders } from "./profiles.ts"
import { sampleNodes } from "./sampler.ts"
import { HOST_PPM, OPERATOR_PPM, STORAGE_COUNTRIES } from "./storage.ts"

const rule = storageProviders.settlement.value as Halls
const owners = storageProviders.operators.value as Ranked
const sum = (shares: readonly number[]) => shares.reduce((a, b) => a + b, 0)
const squares = (shares: readonly number[], all: number) => sum(shares.map((s) => (s / all) ** 2))

describe("as published", () => {
  test("267 operators: the largest 11.73, 11.39 and 7.08 %, seven hold half, eighty-three hold nine tenths", () => {
    expect(OPERATOR_PPM.length).toBe(267)
    expect(OPERATOR_PPM.slice(0, 3).map((p) => (p / 10_000).toFixed(1))).toEqual(["11.7", "11.4", "7.1"])
    const held = (k: number) => sum(OPERATOR_PPM.slice(0, k))
    expect(held(6)).toBeLessThan(500_000)
    expect(held(7)).toBeGreaterThanOrEqual(500_000)
    expect(held(82)).toBeLessThan(900_000)
    expect(held(83)).toBeGreaterThanOrEqual(900_000)
    expect(held(267)).toBe(1_000_000)
  })

  test("116 hosts: three hold 21 %, index 0.024", () => {
    expect(HOST_PPM.length).toBe(116)
    expect(sum(HOST_PPM.slice(0, 3)) / 10_000).toBeCloseTo(21, 0)
    expect(squares(HOST_PPM, 1_000_000)).toBeCloseTo(0.024, 3)
  })

  test("24 countries: the largest 24 %, index 0.137", () => {
    const shares = Object.values(STORAGE_COUNTRIES)
    expect([shares.length, Math.max(...shares), sum(shares)]).toEqual([24, 240, 1000])
    expect(Math.abs(squares(shares, 1000) - 0.137)).toBeLessThan(0.001)
  })
})

describe("halls", () => {
  const halls = hallsOf(storageProviders, rule)

  test("each host has one hall; a country's halls sum to its share, a host's to nearly its own", () => {
    expect(halls.map((h) => h.host).sort((a, b) => a - b)).toEqual(HOST_PPM.map((_, i) => i + 1))
    for (const [country, permille] of Object.entries(STORAGE_COUNTRIES))
      expect(sum(halls.filter((h) => h.country === country).map((h) => h.ppm)), country).toBe(permille * 1000)
    for (const { host, ppm } of halls) expect(Math.abs(ppm / HOST_PPM[host - 1] - 1)).toBeLessThan(0.4)
    expect(
      squares(
        halls.map((h) => h.ppm),
        1_000_000,
      ),
    ).toBeCloseTo(0.024, 3)
  })

  test("every operator has a site, and no more sites exist than operators and hosts together", () => {
    const site = siteOfNode(halls, owners, 7)
    const met = new Set<string>()
    const operators = new Set<number>()
    for (let node = 0; node < 200_000; node++) {
      const { hall, operator } = site(node)
      met.add(`${hall} ${operator}`)
      operators.add(operator)
    }
    expect(operators.size).toBe(267)
    expect(met.size).toBeLessThan(267 + 116)
  })
})

describe.each([1, 2026])("10,000 providers of seed %d", (seed) => {
  const sample = sampleNodes(storageProviders, seed, 10_000)

  test("meet what was published within the noise of the draw", () => {
    const country = concentration(sample, "country")
    expect(country.domains).toBe(24)
    expect(country.largest).toBe("CN")
    expect(Math.abs(country.largestShare - 0.24)).toBeLessThan(0.015)
    expect(Math.abs(country.hhi - 0.137)).toBeLessThan(0.006)
    const host = concentration(sample, "provider")
    expect(host.domains).toBe(116)
    expect(Math.abs(host.hhi - 0.024)).toBeLessThan(0.002)
    const operator = concentration(sample, "operator")
    expect(operator.domains).toBeGreaterThan(250)
    expect(operator.largest).toBe("operator 1")
    expect(operator.nakamotoHalf).toBeGreaterThanOrEqual(6)
    expect(operator.nakamotoHalf).toBeLessThanOrEqual(8)
  })

  test("of one hall share its city, its system and its generator", () => {
    const { region, city, asn, provider } = sample.domains
    const first = new Map<number, number>()
    for (let node = 0; node < sample.nodes; node++) {
      const other = first.get(region.of[node]) ?? node
      first.set(region.of[node], other)
      expect(city.of[node]).toBe(city.of[other])
      expect(asn.of[node]).toBe(asn.of[other])
      expect(provider.of[node]).toBe(provider.of[other])
      expect(sample.backupMinutes[node]).toBe(sample.backupMinutes[other])
    }
    expect(asn.names.every((name) => /^AS4200000\d{3} host \d+$/.test(name))).toBe(true)
  })
})

test("where an operator stands is the seed's choice, what a country holds is not", () => {
  const [a, b] = [1, 2].map((seed) => sampleNodes(storageProviders, seed, 4000))
  const home = ({ domains: { operator, country }, nodes }: typeof a) => {
    const largest = operator.names.indexOf("operator 1")
    return new Set(
      Array.from({ length: nodes }, (_, n) => n)
        .filter((n) => operator.of[n] === largest)
        .map((n) => country.names[country.of[n]]),
    )
  }
  expect(home(a)).not.toEqual(home(b))
})

test("a profile whose shares do not fit is refused", () => {
  const broken = (change: Partial<NodeProfile>): NodeProfile => ({ ...storageProviders, ...change })
  const operators = (ppm: readonly number[]) =>
    broken({ operators: { ...storageProviders.operators, value: { kind: "ranked", ppm } } })
  expect(() => checkProfile(operators([600_000, 300_000]))).toThrow(/operators sum to 900000/)
  expect(() => checkProfile(operators([400_000, 600_000]))).toThrow(/number 2 is 600000: shares fall/)
  expect(() => checkProfile(broken({ operators: { ...storageProviders.operators, value: { kind: "one", name: "x" } } }))).toThrow(
    /ranked operators stand in halls/,
  )
  const rented = broken({
    cloudPermille: { ...storageProviders.cloudPermille, value: 1 },
    providers: { ...storageProviders.providers, value: { aws: 1000 } },
  })
  expect(() => checkProfile(rented)).toThrow(/rents no cloud/)
  const few = broken({ settlement: { ...storageProviders.settlement, value: { ...rule, hostPpm: [600_000, 400_000] } } })
  expect(() => sampleNodes(few, 1, 10)).toThrow(/no host is left for HK/)
})
