/**
 * Which names a failure domain can have for a population, so that a misspelt grid is found before a run and not taken for
 * an empty one. That few nodes are drawn and none lies in a place is chance, and no mistake.
 */
import { cities } from "./cities.ts"
import { cloudProviders } from "./clouds.ts"
import { accessNetworks } from "./isps.ts"
import { hallAsn, hallName, hostName, rankedName } from "./halls.ts"
import { metros } from "./metros.ts"
import type { DomainType } from "./placement.ts"
import type { NodeProfile } from "./profile.ts"
import { siteOfCity, siteOfRegion, type Site } from "./site.ts"

/** Every name, in a stable order; undefined for operators of fleets, who are made up as nodes are drawn. */
export function namesOf(profile: NodeProfile, type: DomainType): readonly string[] | undefined {
  const settlement = profile.settlement.value
  const clouds =
    profile.cloudPermille.value > 0 ? Object.keys(profile.providers.value).map((name) => cloudProviders.get(name)!) : []
  const isMetros = settlement.kind === "metros"
  if (settlement.kind === "halls") {
    const hosts = settlement.hostPpm.map((_, i) => i + 1)
    if (type === "provider") return hosts.map(hostName)
    if (type === "region") return hosts.map(hallName)
    if (type === "asn") return hosts.map((host) => hallAsn(settlement, host))
  }
  switch (type) {
    case "client":
      return Object.keys(profile.clients.value)
    case "hardware":
      return Object.keys(profile.hardware.value)
    case "operator":
      return operatorsOf(profile)
    case "provider":
      return [isMetros ? "own machines" : "home", ...clouds.map((c) => c.name)]
    case "region":
      return [
        ...(isMetros ? unique(settled(profile), (s) => s.city) : ["home"]),
        ...clouds.flatMap((c) => c.regions.map((r) => r.name)),
      ]
    case "asn": {
      const home = isMetros
        ? [settlement.asnName]
        : unique(settled(profile), (s) => s.country).flatMap((country) => accessNetworks(country).name)
      return [...new Set([...home, ...clouds.map((c) => c.asnName)])]
    }
    default: {
      const sites = [...settled(profile), ...clouds.flatMap((c) => c.regions.map(siteOfRegion))]
      return unique(sites, (s) => s[type])
    }
  }
}

function operatorsOf({ operators: { value } }: NodeProfile): readonly string[] | undefined {
  switch (value.kind) {
    case "one":
      return [value.name]
    case "ranked":
      return value.ppm.map((_, i) => rankedName(i + 1))
    case "fleets":
      return undefined
  }
}

/** The cities where nodes may live that rent no machine. */
function settled(profile: NodeProfile): readonly Site[] {
  const settlement = profile.settlement.value
  if (settlement.kind === "metros") return Array.from(metros(settlement.rule), siteOfCity)
  const { byCountry } = cities()
  return Object.keys(profile.countries.value).flatMap((country) => {
    const { begin, end } = byCountry.get(country)!
    return Array.from({ length: end - begin }, (_, i) => siteOfCity(begin + i))
  })
}

const unique = (sites: readonly Site[], of: (site: Site) => string): readonly string[] => [...new Set(sites.map(of))]
