/**
 * Clouds and their regions, as failure domains (authored; UNVERIFIED general knowledge of regions and towns, rounded to 0.1
 * degree). AS numbers: facts/topology.md §2. Not a complete list: the regions that carry most rented machines.
 * A node in a cloud takes its country from the region, never from where the provider's addresses are registered.
 */

export interface Region {
  /** Unique: "aws us-east-1". */
  readonly name: string
  /** Town, as a city key like cityName's. */
  readonly city: string
  readonly country: string
  /** GeoNames first-order division, for the power grid. */
  readonly admin: string
  readonly latE7: number
  readonly lngE7: number
  readonly zone: string
}

export interface CloudProvider {
  readonly name: string
  readonly asn: number
  readonly asnName: string
  /** Equally likely, an assumption: no provider publishes how its machines divide over regions. */
  readonly regions: readonly Region[]
}

/** Towns that house regions: "country division latitude×10 longitude×10 zone". */
const TOWNS: Readonly<Record<string, string>> = {
  Ashburn: "US VA 390 -775 America/New_York",
  Columbus: "US OH 400 -830 America/New_York",
  Boardman: "US OR 458 -1197 America/Los_Angeles",
  "San Jose": "US CA 373 -1219 America/Los_Angeles",
  "Los Angeles": "US CA 341 -1182 America/Los_Angeles",
  Dallas: "US TX 328 -968 America/Chicago",
  "San Antonio": "US TX 294 -985 America/Chicago",
  Chicago: "US IL 419 -876 America/Chicago",
  "Council Bluffs": "US IA 413 -959 America/Chicago",
  "Moncks Corner": "US SC 332 -800 America/New_York",
  Atlanta: "US GA 337 -844 America/New_York",
  "New York": "US NY 407 -740 America/New_York",
  Miami: "US FL 258 -802 America/New_York",
  Phoenix: "US AZ 334 -1121 America/Phoenix",
  Montréal: "CA 10 455 -736 America/Toronto",
  Toronto: "CA 08 437 -794 America/Toronto",
  "São Paulo": "BR 27 -235 -466 America/Sao_Paulo",
  Dublin: "IE L 533 -63 Europe/Dublin",
  London: "GB ENG 515 -1 Europe/London",
  Paris: "FR 11 489 24 Europe/Paris",
  Roubaix: "FR 32 507 32 Europe/Paris",
  Strasbourg: "FR 44 486 78 Europe/Paris",
  Gravelines: "FR 32 510 21 Europe/Paris",
  Frankfurt: "DE 05 501 87 Europe/Berlin",
  Falkenstein: "DE 13 505 124 Europe/Berlin",
  Nuremberg: "DE 02 495 111 Europe/Berlin",
  Düsseldorf: "DE 07 512 68 Europe/Berlin",
  Amsterdam: "NL 07 524 49 Europe/Amsterdam",
  Groningen: "NL 04 534 68 Europe/Amsterdam",
  "Saint-Ghislain": "BE WAL 505 38 Europe/Brussels",
  Zürich: "CH ZH 474 85 Europe/Zurich",
  Milan: "IT 09 455 92 Europe/Rome",
  Madrid: "ES 29 404 -37 Europe/Madrid",
  Zaragoza: "ES 52 416 -9 Europe/Madrid",
  Stockholm: "SE 26 593 181 Europe/Stockholm",
  Hamina: "FI 08 606 272 Europe/Helsinki",
  Helsinki: "FI 01 602 249 Europe/Helsinki",
  Warsaw: "PL 78 522 210 Europe/Warsaw",
  Mumbai: "IN 16 191 729 Asia/Kolkata",
  Bengaluru: "IN 19 130 776 Asia/Kolkata",
  Singapore: "SG 01 13 1038 Asia/Singapore",
  "Hong Kong": "HK HCW 223 1142 Asia/Hong_Kong",
  Hangzhou: "CN 02 303 1202 Asia/Shanghai",
  Tokyo: "JP 40 357 1397 Asia/Tokyo",
  Osaka: "JP 32 347 1355 Asia/Tokyo",
  Seoul: "KR 11 376 1270 Asia/Seoul",
  Sydney: "AU 02 -339 1512 Australia/Sydney",
  Bahrain: "BH 16 262 506 Asia/Bahrain",
  "Cape Town": "ZA 11 -339 184 Africa/Johannesburg",
  Johannesburg: "ZA 06 -262 280 Africa/Johannesburg",
}

/** "provider" → its system and its regions as "region=Town". */
const PROVIDERS: Readonly<Record<string, readonly [asn: number, holder: string, regions: string]>> = {
  aws: [
    16509,
    "Amazon.com, Inc.",
    "us-east-1=Ashburn|us-east-2=Columbus|us-west-1=San Jose|us-west-2=Boardman|ca-central-1=Montréal|sa-east-1=São Paulo|eu-west-1=Dublin|eu-west-2=London|eu-west-3=Paris|eu-central-1=Frankfurt|eu-central-2=Zürich|eu-south-1=Milan|eu-south-2=Zaragoza|eu-north-1=Stockholm|ap-south-1=Mumbai|ap-southeast-1=Singapore|ap-southeast-2=Sydney|ap-northeast-1=Tokyo|ap-northeast-2=Seoul|ap-northeast-3=Osaka|ap-east-1=Hong Kong|me-south-1=Bahrain|af-south-1=Cape Town",
  ],
  gcp: [
    396982,
    "Google LLC",
    "us-central1=Council Bluffs|us-east1=Moncks Corner|us-east4=Ashburn|us-west2=Los Angeles|northamerica-northeast1=Montréal|southamerica-east1=São Paulo|europe-west1=Saint-Ghislain|europe-west2=London|europe-west3=Frankfurt|europe-west4=Groningen|europe-southwest1=Madrid|europe-north1=Hamina|europe-central2=Warsaw|asia-south1=Mumbai|asia-southeast1=Singapore|asia-northeast1=Tokyo|australia-southeast1=Sydney|africa-south1=Johannesburg",
  ],
  azure: [
    8075,
    "Microsoft Corporation",
    "eastus=Ashburn|southcentralus=San Antonio|westus3=Phoenix|canadacentral=Toronto|brazilsouth=São Paulo|northeurope=Dublin|westeurope=Amsterdam|uksouth=London|francecentral=Paris|germanywestcentral=Frankfurt|spaincentral=Madrid|southeastasia=Singapore|japaneast=Tokyo|koreacentral=Seoul|australiaeast=Sydney",
  ],
  hetzner: [24940, "Hetzner Online GmbH", "fsn1=Falkenstein|nbg1=Nuremberg|hel1=Helsinki"],
  ovh: [16276, "OVH SAS", "rbx=Roubaix|sbg=Strasbourg|gra=Gravelines|bhs=Montréal|waw=Warsaw|lon=London|sgp=Singapore"],
  digitalocean: [
    14061,
    "DigitalOcean, LLC",
    "nyc=New York|sfo=San Jose|tor=Toronto|lon=London|ams=Amsterdam|fra=Frankfurt|blr=Bengaluru|sgp=Singapore|syd=Sydney",
  ],
  oracle: [31898, "Oracle Corporation", "iad=Ashburn|phx=Phoenix|fra=Frankfurt|lhr=London|nrt=Tokyo|gru=São Paulo"],
  vultr: [
    20473,
    "The Constant Company, LLC",
    "ewr=New York|ord=Chicago|dfw=Dallas|lax=Los Angeles|ams=Amsterdam|fra=Frankfurt|nrt=Tokyo",
  ],
  linode: [63949, "Akamai Connected Cloud", "atl=Atlanta|dal=Dallas|newark=New York|lon=London|fra=Frankfurt|sgp=Singapore"],
  contabo: [51167, "Contabo GmbH", "nuremberg=Nuremberg|dusseldorf=Düsseldorf"],
  latitude: [
    396356,
    "Latitude.sh",
    "ash=Ashburn|chi=Chicago|dal=Dallas|mia=Miami|lon=London|fra=Frankfurt|sao=São Paulo|tyo=Tokyo",
  ],
  teraswitch: [
    20326,
    "TeraSwitch Networks Inc.",
    "ewr=New York|chi=Chicago|ams=Amsterdam|fra=Frankfurt|lon=London|tyo=Tokyo|sgp=Singapore",
  ],
  alibaba: [
    45102,
    "Alibaba (US) Technology Co., Ltd.",
    "cn-hangzhou=Hangzhou|cn-hongkong=Hong Kong|ap-southeast-1=Singapore|eu-central-1=Frankfurt",
  ],
}

function readRegion(provider: string, entry: string): Region {
  const [id, town] = entry.split("=")
  const [country, admin, lat, lng, zone] = TOWNS[town].split(" ")
  return {
    name: `${provider} ${id}`,
    city: `${town}, ${country}-${admin}`,
    country,
    admin,
    latE7: Number(lat) * 1_000_000,
    lngE7: Number(lng) * 1_000_000,
    zone,
  }
}

/** Every provider by name, in the order above. */
export const cloudProviders: ReadonlyMap<string, CloudProvider> = new Map(
  Object.entries(PROVIDERS).map(([name, [asn, holder, regions]]) => [
    name,
    {
      name,
      asn,
      asnName: `AS${asn} ${holder}`,
      regions: regions.split("|").map((entry) => readRegion(name, entry)),
    },
  ]),
)
