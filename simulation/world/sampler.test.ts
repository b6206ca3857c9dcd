import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { cities } from "./cities.ts"
import { concentration, summary } from "./concentration.ts"
import { CLOUD_ASNS, NOT_HOME_ASNS } from "./isps.ts"
import { domainTypes } from "./placement.ts"
import type { DomainType, Placement } from "./placement.ts"
import type { NodeProfile } from "./profile.ts"
import { cloud, pointsOfPresence, profileOf, profiles, residential } from "./profiles.ts"
import { sampleNodes } from "./sampler.ts"

const SEED = 20_261_122
const homes = sampleNodes(residential, SEED, 10_000)

const namesOf = (placement: Placement, type: DomainType): string[] =>
  Array.from(placement.domains[type].of, (i) => placement.domains[type].names[i])

/** FNV-1a over every number and name of a placement: two engines that print the same have the same columns. */
function fingerprint(placement: Placement): string {
  let h = 0x811c9dc5
  const mix = (value: number): void => {
    for (let shift = 0; shift < 32; shift += 8) h = Math.imul(h ^ ((value >>> shift) & 0xff), 0x01000193)
  }
  for (const column of [placement.latE7, placement.lngE7, placement.utcOffsetMinutes, placement.backupMinutes])
    for (const value of column) mix(value)
  for (const type of domainTypes) {
    for (const value of placement.domains[type].of) mix(value)
    for (const name of placement.domains[type].names) for (let i = 0; i < name.length; i++) mix(name.charCodeAt(i))
  }
  return (h >>> 0).toString(16)
}

describe("a sample", () => {
  it("is the same for the same seed and another for another", () => {
    expect(sampleNodes(residential, SEED, 10_000)).toEqual(homes)
    expect(sampleNodes(residential, SEED + 1, 10_000).latE7).not.toEqual(homes.latE7)
  })

  it("has not drifted, on any engine that runs this test", () => {
    expect([...profiles.values()].map((profile) => fingerprint(sampleNodes(profile, 1, 2000)))).toMatchInlineSnapshot(`
      [
        "69b23c27",
        "b7d02ac1",
        "879aed54",
        "2eea7023",
      ]
    `)
  })

  it("is a prefix of every larger sample", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...profiles.values()),
        fc.nat(0xffff_ffff),
        fc.integer({ min: 1, max: 700 }),
        fc.integer({ min: 0, max: 700 }),
        (profile, seed, few, more) => {
          const small = sampleNodes(profile, seed, few)
          const large = sampleNodes(profile, seed, few + more)
          expect(large.latE7.slice(0, few)).toEqual(small.latE7)
          expect(large.lngE7.slice(0, few)).toEqual(small.lngE7)
          expect(large.backupMinutes.slice(0, few)).toEqual(small.backupMinutes)
          for (const type of domainTypes) {
            expect(large.domains[type].of.slice(0, few)).toEqual(small.domains[type].of)
            expect(large.domains[type].names.slice(0, small.domains[type].names.length)).toEqual(small.domains[type].names)
          }
        },
      ),
      { numRuns: 40 },
    )
  })

  it("keeps every other column when one attribute's shares change", () => {
    const without = (placement: Placement, ...types: DomainType[]): unknown => [
      placement.latE7,
      placement.lngE7,
      ...domainTypes.filter((type) => !types.includes(type)).map((type) => placement.domains[type]),
    ]
    const otherClients: NodeProfile = { ...residential, clients: { ...residential.clients, value: { a: 500, b: 500 } } }
    const clients = sampleNodes(otherClients, SEED, 10_000)
    expect(clients.domains.client).not.toEqual(homes.domains.client)
    expect(clients.backupMinutes).toEqual(homes.backupMinutes)
    expect(without(clients, "client")).toEqual(without(homes, "client"))

    const noBackup: NodeProfile = {
      ...residential,
      homeBackup: { ...residential.homeBackup, value: { permille: 0, quantileMinutes: [] } },
    }
    const powerless = sampleNodes(noBackup, SEED, 10_000)
    expect(powerless.backupMinutes.every((minutes) => minutes === 0)).toBe(true)
    expect(without(powerless)).toEqual(without(homes))

    const oneOwner: NodeProfile = { ...residential, operators: { ...residential.operators, value: { kind: "one", name: "x" } } }
    const bought = ["operator", "client", "hardware"] as const
    expect(without(sampleNodes(oneOwner, SEED, 10_000), ...bought)).toEqual(without(homes, ...bought))
  })

  it("gives every node a domain of every type, each name once, each in its ranges", () => {
    for (const profile of profiles.values()) {
      const placement = sampleNodes(profile, SEED, 3000)
      for (const type of domainTypes) {
        const { of, names } = placement.domains[type]
        expect(of.length).toBe(3000)
        expect(new Set(of).size).toBe(names.length)
        expect(new Set(names).size).toBe(names.length)
        expect(names.every((name) => name.length > 0 && !name.includes("undefined"))).toBe(true)
      }
      expect(placement.latE7.every((lat) => Math.abs(lat) <= 900_000_000)).toBe(true)
      expect(placement.lngE7.every((lng) => lng >= -1_800_000_000 && lng < 1_800_000_000)).toBe(true)
      expect(placement.utcOffsetMinutes.every((minutes) => minutes >= -720 && minutes <= 840 && minutes % 15 === 0)).toBe(true)
    }
  })

  it("takes its offsets from the day asked for", () => {
    const spring = sampleNodes(residential, SEED, 10_000, { calendar: "2025-04-28" })
    const zones = namesOf(homes, "timeZone")
    const madrid = zones.indexOf("Europe/Madrid")
    expect([homes.utcOffsetMinutes[madrid], spring.utcOffsetMinutes[madrid]]).toEqual([60, 120])
    const tokyo = zones.indexOf("Asia/Tokyo")
    expect([homes.utcOffsetMinutes[tokyo], spring.utcOffsetMinutes[tokyo]]).toEqual([540, 540])
  })

  it("refuses shares that do not sum to 1000 and places it does not know", () => {
    const spreadOver = (countries: Record<string, number>): NodeProfile => ({
      ...residential,
      countries: { ...residential.countries, value: countries },
    })
    expect(() => sampleNodes(spreadOver({ US: 900 }), 1, 10)).toThrow(/sum to 900 permille/)
    expect(() => sampleNodes(spreadOver({ QQ: 1000 }), 1, 10)).toThrow(/no city is known in country "QQ"/)
    expect(() => profileOf("residentail")).toThrow(/there are residential, cloud, pointsOfPresence, storageProviders/)
    expect(() => sampleNodes(residential, 1, 0)).toThrow(/whole number/)
  })
})

describe("homes", () => {
  it("meet the countries' shares within two points", () => {
    const countries = namesOf(homes, "country")
    for (const [country, permille] of Object.entries(residential.countries.value)) {
      const share = countries.filter((name) => name === country).length / 10
      expect(Math.abs(share - permille), `${country}: ${share} of ${permille} permille`).toBeLessThan(20)
    }
  })

  it("use no cloud's, government's or backbone's network", () => {
    for (const name of homes.domains.asn.names) {
      const asn = Number(/^AS(\d+) /.exec(name)![1])
      expect(CLOUD_ASNS.has(asn) || NOT_HOME_ASNS.has(asn), name).toBe(false)
      expect(name).not.toMatch(/amazon|microsoft|google|defen[cs]e|government|universi|hosting/i)
    }
    expect(homes.domains.provider.names).toEqual(["home"])
  })

  it("lie in the Iberian grid exactly when they are in mainland Spain or Portugal", () => {
    const grids = namesOf(homes, "grid")
    const places = namesOf(homes, "city")
    let iberian = 0
    for (let node = 0; node < homes.nodes; node++) {
      const [, country, division] = /, (..)-(\w+)$/.exec(places[node])!
      const mainland =
        (country === "ES" && !["07", "53", "CE", "ML"].includes(division)) ||
        (country === "PT" && !["10", "23"].includes(division))
      expect(grids[node] === "iberia", places[node]).toBe(mainland)
      if (mainland) iberian++
    }
    expect(iberian).toBeGreaterThan(400)
  })

  it("spread over several hundred cities, mostly without backup power", () => {
    expect(homes.domains.city.names.length).toBeGreaterThan(300)
    const powered = homes.backupMinutes.filter((minutes) => minutes > 0).length
    expect(powered).toBeGreaterThan(400)
    expect(powered).toBeLessThan(600)
  })

  it("run one client an operator", () => {
    const clientOf = new Map<string, string>()
    const clients = namesOf(homes, "client")
    namesOf(homes, "operator").forEach((operator, node) => {
      expect(clients[node]).toBe(clientOf.get(operator) ?? clients[node])
      clientOf.set(operator, clients[node])
    })
  })
})

describe("other profiles", () => {
  it("rented nodes take their country from the region and their system from the provider", () => {
    const rented = sampleNodes(cloud, SEED, 5000)
    const providers = namesOf(rented, "provider")
    const regions = namesOf(rented, "region")
    const countries = namesOf(rented, "country")
    const systems = namesOf(rented, "asn")
    const clouds = providers.filter((name) => name !== "home").length
    expect(Math.abs(clouds - 4000)).toBeLessThan(150)
    for (let node = 0; node < 5000; node++) {
      if (providers[node] === "home") continue
      expect(regions[node].startsWith(`${providers[node]} `)).toBe(true)
      if (regions[node] === "hetzner hel1") expect(countries[node]).toBe("FI")
      if (providers[node] === "aws") expect(systems[node]).toMatch(/^AS16509 /)
    }
  })

  it("the first points of presence each take a metro of their own, under the country cap", () => {
    const network = sampleNodes(pointsOfPresence, SEED, 330)
    expect(network.domains.city.names.length).toBe(330)
    expect(network.domains.operator.names.length).toBe(1)
    const perCountry = new Map<string, number>()
    for (const country of namesOf(network, "country")) perCountry.set(country, (perCountry.get(country) ?? 0) + 1)
    expect(perCountry.get("US")).toBeLessThanOrEqual(45)
    expect(perCountry.get("FR")).toBeLessThanOrEqual(12)
    expect(perCountry.size).toBeGreaterThan(120)
    expect(network.backupMinutes.filter((minutes) => minutes >= 60).length).toBeGreaterThan(300)
  })
})

describe("concentration", () => {
  it("is what its definitions say", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(6), { minLength: 1, maxLength: 60 }), (raw) => {
        const names = [...new Set(raw)].map(String)
        const of = Uint32Array.from(raw, (value) => names.indexOf(String(value)))
        const domain = { of, names }
        const placement = { ...homes, nodes: raw.length, domains: { ...homes.domains, city: domain } }
        const found = concentration(placement, "city")
        const counts = names.map((_, i) => raw.filter((value) => String(value) === names[i]).length).sort((a, b) => b - a)
        expect(found.hhi).toBeCloseTo(
          counts.reduce((sum, count) => sum + (count / raw.length) ** 2, 0),
          12,
        )
        const top = counts.slice(0, found.nakamotoHalf).reduce((sum, count) => sum + count, 0)
        expect(top * 2).toBeGreaterThan(raw.length)
        expect((top - counts[found.nakamotoHalf - 1]) * 2).toBeLessThanOrEqual(raw.length)
        expect(found.largestShare).toBe(counts[0] / raw.length)
      }),
      { numRuns: 100 },
    )
  })

  it("says that one network is fragile by country and sturdy by provider of access", () => {
    const rows = new Map(summary(homes).map((row) => [row.domain, row]))
    expect(rows.get("country")!.nakamotoThird).toBe(1)
    expect(rows.get("asn")!.nakamotoThird).toBeGreaterThan(4)
  })
})

describe("the city table", () => {
  it("has unique keys, known continents and real coordinates", () => {
    const all = cities()
    const keys = new Set(Array.from(all.population.keys(), (i) => `${all.name[i]}/${all.country[i]}/${all.admin[i]}`))
    expect(keys.size).toBe(all.count)
    expect(all.latE7.every((lat) => Math.abs(lat) < 800_000_000)).toBe(true)
    expect(all.zone.every((zone) => zone < all.zones.names.length)).toBe(true)
    const madrid = all.name.findIndex((name, i) => name === "Madrid" && all.country[i] === "ES")
    expect([all.latE7[madrid], all.lngE7[madrid]]).toEqual([404_165_000, -37_025_600])
  })
})
