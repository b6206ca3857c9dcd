/** The HTTP API as it is documented: typed endpoints, from which the OpenAPI document is made. Commands themselves are bytes. */
import * as Schema from "effect/Schema"
import { withRest } from "./openapi.ts"
import { HttpApi, HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"

const Whole = Schema.Int
const Figures = Schema.Record(Schema.String, Schema.Finite)

export const Status = Schema.Struct({
  chain: Schema.String,
  network: Schema.String,
  nodeWord: Schema.String,
  height: Whole,
  time: Whole,
  appHash: Schema.String,
  speed: Whole,
  sectorBytes: Whole,
  windowSeconds: Whole,
  sealDelaySeconds: Whole,
  expirySecondsMax: Whole,
  accounts: Whole,
  places: Whole,
  simulated: Whole,
  commands: Whole,
  refused: Whole,
  sectors: Whole,
  grantAtto: Schema.String,
  coin: Schema.String,
  coinBy: Whole,
  stakeWord: Schema.String,
  stakeBy: Schema.String,
  refusals: Figures,
})
const Endpoint = Schema.Struct({ ip: Schema.String, httpPort: Whole, udpPort: Whole })
const Site = Schema.Struct({
  site: Whole,
  name: Schema.String,
  root: Schema.String,
  tenant: Whole,
  deployment: Whole,
  failovers: Whole,
  groups: Schema.Array(
    Schema.Struct({ group: Whole, node: Whole, rate: Whole, orderS: Whole, endpoint: Endpoint, failed: Whole }),
  ),
})
const ofSite = { group: Whole, deployment: Whole, site: Schema.String, root: Schema.String }
const Lease = Schema.Struct({
  joined: Schema.Boolean,
  window: Whole,
  orders: Schema.Array(Schema.Struct({ ...ofSite, maxRate: Whole })),
  leases: Schema.Array(Schema.Struct({ ...ofSite, rate: Whole })),
  probes: Schema.Array(
    Schema.Struct({
      group: Whole,
      site: Schema.String,
      root: Schema.String,
      node: Whole,
      ip: Schema.String,
      httpPort: Whole,
      udpPort: Whole,
    }),
  ),
})
const Coverage = Schema.Struct({
  registered: Schema.Boolean,
  configured: Schema.Boolean,
  denied: Schema.Boolean,
  cell: Schema.String,
  window: Whole,
  beaconed: Schema.Boolean,
  liar: Schema.Boolean,
  reason: Schema.String,
  contacts: Whole,
  contradictions: Whole,
  peers: Schema.Array(
    Schema.Struct({ account: Whole, node: Whole, key: Schema.String, ip: Schema.String, httpPort: Whole, udpPort: Whole }),
  ),
})
const scene = { seed: Whole, width: Whole, height: Whole, tile: Whole, samples: Whole }
const Render = Schema.Struct({
  registered: Schema.Boolean,
  connected: Schema.Boolean,
  frames: Whole,
  rejected: Whole,
  tiles: Schema.Array(Schema.Struct({ tile: Whole, number: Whole, scene: Schema.Struct(scene) })),
})
const Picture = Schema.Struct({
  picture: Whole,
  artist: Whole,
  status: Schema.String,
  ...scene,
  tiles: Whole,
  waiting: Whole,
  given: Whole,
  delivered: Whole,
  approved: Whole,
  rejected: Whole,
})
export const Sector = Schema.Struct({
  sector: Whole,
  number: Whole,
  status: Schema.String,
  deadline: Whole,
  announcedS: Whole,
  provenWindow: Whole,
  commR: Schema.String,
})
const Storage = Schema.Struct({
  joined: Schema.Boolean,
  deadline: Whole,
  due: Whole,
  wonS: Whole,
  recoverable: Schema.Array(Whole),
  held: Schema.Array(Whole),
  endable: Schema.Array(Whole),
})
export const Account = Schema.Struct({
  key: Schema.String,
  account: Whole,
  node: Whole,
  nonce: Whole,
  closed: Schema.Boolean,
  grantedAtto: Schema.String,
  spentAtto: Schema.String,
  sectors: Schema.Array(Sector),
  measures: Figures,
  endpoint: Endpoint,
  lease: Schema.optionalKey(Lease),
  render: Schema.optionalKey(Render),
  coverage: Schema.optionalKey(Coverage),
  storage: Schema.optionalKey(Storage),
})
export const Node = Schema.Struct({
  node: Whole,
  key: Schema.String,
  sectors: Whole,
  closed: Schema.Boolean,
  /** False for who only pays: tenants and artists. */
  takesPart: Schema.Boolean,
  measures: Figures,
})
export const Block = Schema.Struct({
  height: Whole,
  time: Whole,
  commands: Whole,
  refused: Whole,
  events: Whole,
  appHash: Schema.String,
})

export const Quorum = Schema.Struct({
  sentence: Schema.String,
  halted: Schema.Boolean,
  height: Whole,
  secondsSinceBlock: Schema.Finite,
  powerHere: Whole,
  powerNeeded: Whole,
  powerAll: Whole,
  validators: Schema.Array(
    Schema.Struct({
      name: Schema.String,
      address: Schema.String,
      power: Whole,
      status: Schema.String,
      lastSigned: Whole,
      away: Schema.Boolean,
      height: Whole,
    }),
  ),
})

export class NotFound extends Schema.TaggedError<NotFound>()("NotFound", { message: Schema.String }, { httpApiStatus: 404 }) {}

class Chain extends HttpApiGroup.make("chain").add(
  HttpApiEndpoint.get("status", "/v1/status", { success: Status }),
  HttpApiEndpoint.get("metrics", "/v1/figures", { success: Figures }),
  HttpApiEndpoint.get("nodes", "/v1/nodes", { success: Schema.Array(Node) }),
  HttpApiEndpoint.get("account", "/v1/accounts/:key", { params: { key: Schema.String }, success: Account, error: NotFound }),
  HttpApiEndpoint.get("seed", "/v1/seeds/:window", {
    params: { window: Schema.String },
    success: Schema.Struct({ window: Whole, seed: Schema.String }),
    error: NotFound,
  }),
  HttpApiEndpoint.get("sites", "/v1/sites", { success: Schema.Array(Site) }),
  HttpApiEndpoint.get("validators", "/v1/validators", { success: Quorum, error: NotFound }),
  HttpApiEndpoint.get("pictures", "/v1/pictures", { success: Schema.Array(Picture) }),
  HttpApiEndpoint.get("refusals", "/v1/refusals", { success: Schema.Record(Schema.String, Schema.String) }),
  HttpApiEndpoint.get("blocks", "/v1/blocks", { success: HttpApiSchema.StreamSse({ data: Block }) }),
) {}

export class Api extends HttpApi.make("blackstart")
  .add(Chain)
  .annotateMerge(
    OpenApi.annotations({
      title: "blackstart testnet gateway",
      version: "1",
      description: "Read a chain, watch its blocks, and submit signed commands.",
      transform: withRest,
    }),
  ) {}
