/**
 * The registry: nodes as the protocol knows them. Who joined and when, where it says it is, and which failure domains
 * it says it shares with others. All of it is declared by its operator, so all of it may be wrong.
 *
 * A component: a network embeds `registry` in its state and spreads the parts below into its own events, commands,
 * decide, evolve, refusals and invariants. The domains are indexes into names that the world or the testnet keeps.
 */
import { command, event } from "../kernel/row-type.ts"
import { filled, type AnyTable, type Columns, type Table } from "../kernel/table.ts"
import { count16, count32, degreesE7, hexHigh, hexLow, nodeIndex, seconds, unit } from "../kernel/unit.ts"

const ownerIndex = unit("owner", "u32")
const latitude = unit("1e-7 degree", "i32", -900_000_000, 900_000_000)
const domain16 = unit("domain", "u16")
const domain32 = unit("domain", "u32")

/** What a node's operator says it shares with others; a declared domain of 0 means "not said". */
const domainColumns = {
  country: domain16,
  /** Autonomous system number. */
  asn: domain32,
  /** Hosting provider or power utility's customer class, whatever the network calls one. */
  provider: domain16,
  /** Client software and version. */
  client: domain16,
  /** Power grid. */
  grid: domain16,
} as const
const placeColumns = { hexHi: hexHigh, hexLo: hexLow, latE7: latitude, lngE7: degreesE7 } as const

export const UNKNOWN = 0
export const REGISTERED = 1
export const RETIRED = 2

export const registryShape = {
  status: unit("0 unknown, 1 registered, 2 retired", "u8", UNKNOWN, RETIRED),
  owner: ownerIndex,
  joinedS: seconds,
  ...placeColumns,
  /** How often it has said where it is. */
  assertions: count16,
  ...domainColumns,
} as const
const totalShape = { registered: count32, retired: count32 } as const

export interface Registry {
  /** One row per node that could ever join. Changes seldom: list it in `Network.seldom` (see `registrySeldom`). */
  readonly nodes: Table<typeof registryShape>
  readonly total: Table<typeof totalShape>
}

/** What a state must have for this component. */
export interface HasRegistry {
  readonly registry: Registry
}

/** A registry with room for `nodes` nodes, all unknown. */
export const registry = (nodes: number): Registry => ({ nodes: filled(registryShape, nodes), total: filled(totalShape, 1) })

/** Its tables by name, for `Network.tables`. */
export const registryTables = (r: Registry): Record<"registry.node" | "registry.total", AnyTable> => ({
  "registry.node": r.nodes,
  "registry.total": r.total,
})
/** For `Network.seldom`. */
export const registrySeldom = ["registry.node"] as const

export const isRegistered = (r: Registry, node: number): boolean => r.nodes.status[node] === REGISTERED

export const registryEvents = {
  NodeRegistered: event("a node joined and has an owner to pay", { node: nodeIndex, owner: ownerIndex, at: seconds }),
  LocationAsserted: event("a node said where it is; nobody has checked it", { node: nodeIndex, ...placeColumns, at: seconds }),
  DomainsDeclared: event("a node said which failure domains it shares; nobody has checked them", {
    node: nodeIndex,
    ...domainColumns,
    at: seconds,
  }),
  NodeRetired: event("a node left for good; its place in the registry stays taken", { node: nodeIndex, at: seconds }),
} as const
export type RegistryEvents = typeof registryEvents

export const registryCommands = {
  RegisterNode: command("join the network", registryEvents.NodeRegistered.shape, ["NodeRegistered"]),
  AssertLocation: command("say where the node is, or that it has moved", registryEvents.LocationAsserted.shape, [
    "LocationAsserted",
  ]),
  DeclareDomains: command("say which failure domains the node shares with others", registryEvents.DomainsDeclared.shape, [
    "DomainsDeclared",
  ]),
  RetireNode: command("leave the network for good", registryEvents.NodeRetired.shape, ["NodeRetired"]),
} as const
export type RegistryCommands = typeof registryCommands

/** In order of precedence. */
export const registryRefusals = {
  node_is_outside_the_registry: "the registry has a fixed number of places and this index is not one of them",
  node_is_retired: "a node that left for good cannot act or join again; a new node takes a new place",
  node_is_already_registered: "a node joins once",
  node_is_unknown: "only a node that has joined can say anything",
  location_is_unchanged: "asserting the same place again would change nothing and only cost a row",
  location_is_asserted_too_often: "the count of assertions ends at 65,535",
  domains_are_unchanged: "declaring the same domains again would change nothing and only cost a row",
} as const
export type RegistryRefusal = keyof typeof registryRefusals

type Rows<K extends keyof RegistryEvents> = Columns<RegistryEvents[K]["shape"]>

export const registryEvolve = {
  NodeRegistered({ registry: r }: HasRegistry, rows: Rows<"NodeRegistered">, begin: number, end: number): void {
    const { status, owner, joinedS } = r.nodes
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      status[node] = REGISTERED
      owner[node] = rows.owner[i]
      joinedS[node] = rows.at[i]
    }
    r.total.registered[0] += end - begin
    r.nodes.version++
  },
  LocationAsserted({ registry: r }: HasRegistry, rows: Rows<"LocationAsserted">, begin: number, end: number): void {
    const { hexHi, hexLo, latE7, lngE7, assertions } = r.nodes
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      hexHi[node] = rows.hexHi[i]
      hexLo[node] = rows.hexLo[i]
      latE7[node] = rows.latE7[i]
      lngE7[node] = rows.lngE7[i]
      assertions[node]++
    }
    r.nodes.version++
  },
  DomainsDeclared({ registry: r }: HasRegistry, rows: Rows<"DomainsDeclared">, begin: number, end: number): void {
    const { country, asn, provider, client, grid } = r.nodes
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      country[node] = rows.country[i]
      asn[node] = rows.asn[i]
      provider[node] = rows.provider[i]
      client[node] = rows.client[i]
      grid[node] = rows.grid[i]
    }
    r.nodes.version++
  },
  NodeRetired({ registry: r }: HasRegistry, rows: Rows<"NodeRetired">, begin: number, end: number): void {
    const { status } = r.nodes
    for (let i = begin; i < end; i++) status[rows.node[i]] = RETIRED
    r.total.registered[0] -= end - begin
    r.total.retired[0] += end - begin
    r.nodes.version++
  },
} as const
