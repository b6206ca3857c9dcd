/** The populations a network can name: homes with radios, rented validators, storage halls, and a content network's points of presence. */
import type { NodeProfile } from "./profile.ts"
import { HOST_PPM, OPERATOR_PPM, STORAGE_COUNTRIES } from "./storage.ts"

/** 20-quantiles of a lognormal with median 60 min and log standard deviation 1.1: small uninterruptible supplies. */
const HOME_BACKUP = [7, 12, 17, 21, 26, 31, 36, 42, 49, 56, 64, 74, 85, 99, 116, 138, 168, 213, 292, 518]
/** 20-quantiles of a lognormal with median 12 h and log standard deviation 0.8: batteries, then diesel, then refuelling. */
const DATACENTRE_BACKUP = [
  150, 228, 287, 341, 393, 446, 501, 558, 619, 685, 757, 838, 929, 1035, 1161, 1318, 1521, 1807, 2278, 3454,
]

const homeBackup = {
  value: { permille: 50, quantileMinutes: HOME_BACKUP },
  source: "assumption",
  because:
    "a home router and its modem stop with the socket; one home in twenty is taken to have a battery, solar or a small UPS",
}
const datacentreBackup = {
  value: { permille: 980, quantileMinutes: DATACENTRE_BACKUP },
  source: "assumption",
  because: "datacentres hold fuel for hours to days; one in fifty fails to start its generators when they are needed",
}
const noClouds = { value: {}, source: "not used", because: "no node of this profile rents a cloud" }
const noCountries = { value: {}, source: "not used", because: "the places decide the country" }

/** Sum 1.00, as drawn in the measured sample of facts/topology.md §3. */
const HOTSPOT_COUNTRIES = {
  US: 450,
  DE: 70,
  GB: 60,
  CA: 50,
  FR: 50,
  ES: 50,
  IT: 40,
  MX: 40,
  CN: 30,
  NL: 20,
  PT: 20,
  PL: 20,
  BR: 20,
  AU: 20,
  JP: 10,
  KR: 10,
  IN: 10,
  SG: 10,
  TR: 10,
  ZA: 10,
}

/** Helium-like hotspots: at home, on home internet, in patches dense enough to hear one another. */
export const residential: NodeProfile = {
  name: "residential",
  because: "coverage networks are built of radios in homes; what fails with them is the ISP, the mains and the maker's firmware",
  cloudPermille: { value: 0, source: "facts/helium.md", because: "a hotspot is a radio: it stands where its antenna stands" },
  providers: noClouds,
  countries: {
    value: HOTSPOT_COUNTRIES,
    source: "facts/topology.md §3 and §5 (UNVERIFIED: a scenario parameter)",
    because: "no published split of hotspots by country was found; these are the weights of the measured sample",
  },
  settlement: {
    value: {
      kind: "communities",
      nodesPerCommunity: 26,
      openCommunities: 32,
      populationPowerPermille: 800,
      spreadMetresMin: 1200,
      spreadMetresMax: 4500,
      lonelyPermille: 40,
      lonelySpreadMetres: 40_000,
    },
    source: "assumption",
    because:
      "hotspots earn by hearing each other, so they gather; 25 to 40 within about 10 km leaves most with 20 to 40 in radio range and a few in the country with none",
  },
  operators: {
    value: {
      kind: "fleets",
      classes: [
        { nodes: 1, permille: 450, within: "community" },
        { nodes: 2, permille: 180, within: "community" },
        { nodes: 3, permille: 120, within: "community" },
        { nodes: 8, permille: 110, within: "community" },
        { nodes: 30, permille: 80, within: "country" },
        { nodes: 120, permille: 60, within: "country" },
      ],
    },
    source: "assumption",
    because: "most owners have one to three; a few fleets are large: Zipf-like, written as a table so that it can be read",
  },
  clients: {
    value: { current: 780, previous: 160, stale: 60 },
    source: "assumption",
    because: "firmware updates itself over the air, but not everywhere at once",
  },
  hardware: {
    value: { Bobcat: 250, SenseCAP: 200, RAK: 150, Nebra: 100, Milesight: 80, Linxdot: 70, other: 150 },
    source:
      "assumption: the makers are those sold (facts/helium.md, facts/prices-and-demand.md: Nebra's guide); no share of any was found published",
    because:
      "a maker signs the firmware of its hotspots and can break them together; the order follows what was said of sales in 2021 and 2022",
  },
  homeBackup,
  datacentreBackup,
}

/** Validators and other rented nodes: mostly in a few clouds, the rest on home internet in many cities. */
export const cloud: NodeProfile = {
  name: "cloud",
  because: "nodes that need a server rather than a place gather in few hosts; the concentration is what a host's outage tests",
  cloudPermille: {
    value: 800,
    source: "assumption",
    because: "validators at home exist but are the minority; published shares are of hosted nodes only",
  },
  providers: {
    value: {
      aws: 500,
      hetzner: 150,
      gcp: 90,
      digitalocean: 80,
      ovh: 41,
      contabo: 40,
      azure: 35,
      vultr: 24,
      oracle: 20,
      latitude: 20,
    },
    source:
      "facts/topology.md §5: Ethereum nodes, August 2022 (AWS > 50 %, Hetzner > 15 %, OVH 4.1 %); the rest is an assumption",
    because: "three clouds carried 69 % of hosted nodes; the remaining 31 % is divided by our judgement of sizes",
  },
  countries: {
    value: { US: 350, DE: 140, GB: 80, FR: 70, CA: 60, NL: 50, AU: 50, JP: 40, PL: 40, ES: 30, IT: 30, BR: 30, KR: 30 },
    source: "facts/topology.md §5: US about 35 %, DE 14 % (undated); the rest is an assumption",
    because: "it places only the nodes that are not in a cloud",
  },
  settlement: {
    value: {
      kind: "communities",
      nodesPerCommunity: 1,
      openCommunities: 1,
      populationPowerPermille: 1000,
      spreadMetresMin: 2000,
      spreadMetresMax: 8000,
      lonelyPermille: 0,
      lonelySpreadMetres: 0,
    },
    source: "assumption",
    because: "a node at home does not care who lives next door",
  },
  operators: {
    value: {
      kind: "fleets",
      classes: [
        { nodes: 1, permille: 300, within: "world" },
        { nodes: 4, permille: 200, within: "world" },
        { nodes: 20, permille: 200, within: "world" },
        { nodes: 100, permille: 150, within: "world" },
        { nodes: 500, permille: 150, within: "world" },
      ],
    },
    source: "assumption",
    because: "staking services run hundreds of nodes; the table is Zipf-like",
  },
  clients: {
    value: { geth: 517, nethermind: 265, besu: 83, reth: 69, erigon: 61, other: 5 },
    source: "facts/topology.md §5: Ethereum execution clients, n = 10,475, about 2025, rounded to permille",
    because: "the best-counted mix of independent client programs there is",
  },
  hardware: {
    value: { "x86-64 Intel": 550, "x86-64 AMD": 350, arm64: 100 },
    source: "assumption",
    because:
      "rented machines run on two makers' processors and some ARM; what fails together is a microcode or a board, not a brand name",
  },
  homeBackup,
  datacentreBackup,
}

/** A content network: one operator's machines in a few hundred metros. The first nodes take one metro each. */
export const pointsOfPresence: NodeProfile = {
  name: "pointsOfPresence",
  because: "the centralised comparator: everywhere on the map, yet one operator, one network and one configuration",
  cloudPermille: { value: 0, source: "assumption", because: "a content network of this size runs its own machines" },
  providers: noClouds,
  countries: noCountries,
  settlement: {
    value: {
      kind: "metros",
      rule: {
        metros: 330,
        perCountry: 12,
        perCountryExcept: { US: 45, CN: 20, IN: 18, BR: 20 },
        apartKm: 60,
        countryPopulation: 1_000_000,
      },
      populationPowerPermille: 500,
      asnName: "AS64500 content network",
      spreadMetres: 3000,
    },
    source: "assumption: Cloudflare says about 330 cities; the list here is our rule (metros.ts) over GeoNames, not theirs",
    because:
      "large metros first, one in every sizeable country, no country with more than its cap; machines follow the square root of inhabitants, as halls in the largest metros serve more users each; AS64500 is reserved for documentation (RFC 5398)",
  },
  operators: {
    value: { kind: "one", name: "content network" },
    source: "definition",
    because: "a centralised network has one operator: that is the comparison",
  },
  clients: {
    value: { current: 1000 },
    source: "assumption",
    because: "one operator upgrades all its machines together, whatever the scenario then does to a rollout",
  },
  hardware: {
    value: { "generation A": 500, "generation B": 350, "generation C": 150 },
    source: "assumption: a content network buys in generations; names are ours",
    because: "one operator's fleet has as many kinds of machine as it has bought in its machines' life",
  },
  homeBackup,
  datacentreBackup,
}

/** Storage providers: few operators own most of them, in the halls of many hosts; all as published, as far as it is. */
export const storageProviders: NodeProfile = {
  name: "storageProviders",
  because:
    "storage is where the disks are: a third of the operators hold nine tenths of it, in more halls than there are large operators; which of these fails decides what is lost",
  cloudPermille: {
    value: 0,
    source: "assumption",
    because: "the hosts below include rented machines: who the hosting organisations are is not published",
  },
  providers: noClouds,
  countries: {
    value: STORAGE_COUNTRIES,
    source:
      "geobeat.xyz/network/filecoin, November 2025, 223 reachable nodes: 24 countries, the largest 24 %, HHI 0.137. Which countries: assumption",
    because:
      "squares sum to 0.137; the order follows Messari's second quarter of 2022 (Asia 32 %, North America 14 %, half undisclosed): here 62 % and 24 %",
  },
  settlement: {
    value: {
      kind: "halls",
      hostPpm: HOST_PPM,
      asnBase: 4_200_000_000,
      populationPowerPermille: 1000,
      spreadMetres: 300,
    },
    source:
      "geobeat.xyz/network/filecoin, November 2025: 116 hosting organisations, the largest three 21 %, HHI 0.024. One hall a host: assumption",
    because:
      "one hall a host gives a spatial index of 0.024, published as 0.025 (CONFLICT: the same page counts 62 effective locations, which would be 0.016); storage.ts shows the arithmetic",
  },
  operators: {
    value: { kind: "ranked", ppm: OPERATOR_PPM },
    source:
      "filcensus.reiers.io, 2026-06-18: 622 miner IDs of 267 operators, 7 hold half of the power, 83 hold 90 %; the largest 11.73, 11.39 and 7.08 %",
    because:
      "an operator's share of simulated providers is its share of power (assumption: its IDs are a share of their own); storage.ts shows the arithmetic. Which operator stands where is not published: the seed decides",
  },
  clients: {
    value: { current: 850, previous: 120, stale: 30 },
    source: "assumption",
    because: "network upgrades are mandatory for providers: few lag, by operator",
  },
  hardware: {
    value: { "AMD EPYC with NVIDIA": 700, "Intel Xeon with NVIDIA": 220, other: 80 },
    source: "assumption: sealing wants SHA extensions and a graphics card (facts/filecoin.md names neither shares nor makers)",
    because: "the disks differ more than the machines; a driver of the card is what most would lose together",
  },
  homeBackup,
  datacentreBackup: {
    value: { permille: 500, quantileMinutes: DATACENTRE_BACKUP },
    source: "assumption",
    because:
      "storage halls are built for cheap power: one in two is taken to have generators behind its disks, with the same fuel as a datacentre; all of a hall shares them",
  },
}

/** Every profile by the name a network gives. */
export const profiles: ReadonlyMap<string, NodeProfile> = new Map(
  [residential, cloud, pointsOfPresence, storageProviders].map((profile) => [profile.name, profile]),
)

/** A profile by name; throws RangeError with the known names. */
export function profileOf(name: string): NodeProfile {
  const profile = profiles.get(name)
  if (profile === undefined) throw new RangeError(`no profile "${name}": there are ${[...profiles.keys()].join(", ")}`)
  return profile
}
