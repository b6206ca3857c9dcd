/** What the registry answers to its four commands: read · refuse · write. */
import type { Invariants } from "../kernel/invariant.ts"
import type { DecideContext } from "../kernel/network.ts"
import { reserve, type Columns } from "../kernel/table.ts"
import { REGISTERED, RETIRED, UNKNOWN } from "./registry.ts"
import type { HasRegistry, Registry, RegistryCommands, RegistryEvents, RegistryRefusal } from "./registry.ts"

type To = Pick<DecideContext<RegistryEvents, {}, RegistryRefusal>, "out" | "refuse">
type Rows<K extends keyof RegistryCommands> = Columns<RegistryCommands[K]["shape"]>

const ASSERTIONS_MAX = 0xffff

export const registryDecide = {
  RegisterNode({ registry: r }: HasRegistry, rows: Rows<"RegisterNode">, begin: number, end: number, to: To): void {
    const out = to.out.NodeRegistered
    reserve(out, end - begin)
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      if (node >= r.nodes.length) to.refuse(i, "node_is_outside_the_registry")
      else if (r.nodes.status[node] === RETIRED) to.refuse(i, "node_is_retired")
      else if (r.nodes.status[node] === REGISTERED) to.refuse(i, "node_is_already_registered")
      else {
        const k = out.length++
        out.node[k] = node
        out.owner[k] = rows.owner[i]
        out.at[k] = rows.at[i]
      }
    }
  },

  AssertLocation({ registry: r }: HasRegistry, rows: Rows<"AssertLocation">, begin: number, end: number, to: To): void {
    const out = to.out.LocationAsserted
    reserve(out, end - begin)
    const { hexHi, hexLo, latE7, lngE7, assertions } = r.nodes
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const reason = absence(r, node)
      if (reason !== undefined) to.refuse(i, reason)
      else if (
        // A first assertion of cell 0 at 0°, 0° is a change: until then nothing was said.
        assertions[node] > 0 &&
        hexHi[node] === rows.hexHi[i] &&
        hexLo[node] === rows.hexLo[i] &&
        latE7[node] === rows.latE7[i] &&
        lngE7[node] === rows.lngE7[i]
      )
        to.refuse(i, "location_is_unchanged")
      else if (assertions[node] === ASSERTIONS_MAX) to.refuse(i, "location_is_asserted_too_often")
      else {
        const k = out.length++
        out.node[k] = node
        out.hexHi[k] = rows.hexHi[i]
        out.hexLo[k] = rows.hexLo[i]
        out.latE7[k] = rows.latE7[i]
        out.lngE7[k] = rows.lngE7[i]
        out.at[k] = rows.at[i]
      }
    }
  },

  DeclareDomains({ registry: r }: HasRegistry, rows: Rows<"DeclareDomains">, begin: number, end: number, to: To): void {
    const out = to.out.DomainsDeclared
    reserve(out, end - begin)
    const { country, asn, provider, client, grid } = r.nodes
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const reason = absence(r, node)
      if (reason !== undefined) to.refuse(i, reason)
      else if (
        country[node] === rows.country[i] &&
        asn[node] === rows.asn[i] &&
        provider[node] === rows.provider[i] &&
        client[node] === rows.client[i] &&
        grid[node] === rows.grid[i]
      )
        to.refuse(i, "domains_are_unchanged")
      else {
        const k = out.length++
        out.node[k] = node
        out.country[k] = rows.country[i]
        out.asn[k] = rows.asn[i]
        out.provider[k] = rows.provider[i]
        out.client[k] = rows.client[i]
        out.grid[k] = rows.grid[i]
        out.at[k] = rows.at[i]
      }
    }
  },

  RetireNode({ registry: r }: HasRegistry, rows: Rows<"RetireNode">, begin: number, end: number, to: To): void {
    const out = to.out.NodeRetired
    reserve(out, end - begin)
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const reason = absence(r, node)
      if (reason !== undefined) to.refuse(i, reason)
      else {
        const k = out.length++
        out.node[k] = node
        out.at[k] = rows.at[i]
      }
    }
  },
} as const

/** Why `node` may not act, or undefined when it may. For a network's own commands too. */
export function absence(
  r: Registry,
  node: number,
): "node_is_outside_the_registry" | "node_is_retired" | "node_is_unknown" | undefined {
  if (node >= r.nodes.length) return "node_is_outside_the_registry"
  const status = r.nodes.status[node]
  if (status === REGISTERED) return undefined
  return status === RETIRED ? "node_is_retired" : "node_is_unknown"
}

export type RegistryPromise = "registry_totals_are_counted" | "unknown_nodes_have_said_nothing"

/** The registry's promises, for a state that embeds it. Linear in nodes. */
export const registryInvariants: Record<RegistryPromise, Invariants<HasRegistry>[string]> = {
  registry_totals_are_counted: {
    because: "metrics read the totals, so they must be the number of nodes in each status",
    check: ({ registry: r }, report) => {
      let registered = 0
      let retired = 0
      const { status, length } = r.nodes
      for (let i = 0; i < length; i++) {
        if (status[i] === REGISTERED) registered++
        else if (status[i] === RETIRED) retired++
      }
      report.require(
        r.total.registered[0] === registered,
        () => `the registry counts ${r.total.registered[0]} registered, its rows ${registered}`,
      )
      report.require(
        r.total.retired[0] === retired,
        () => `the registry counts ${r.total.retired[0]} retired, its rows ${retired}`,
      )
    },
  },
  unknown_nodes_have_said_nothing: {
    because: "a node speaks only after it has joined",
    check: ({ registry: r }, report) => {
      const { status, assertions, asn, length } = r.nodes
      for (let i = 0; i < length; i++)
        if (status[i] === UNKNOWN && (assertions[i] !== 0 || asn[i] !== 0))
          report.require(false, () => `node ${i} never joined but has asserted ${assertions[i]} locations and AS ${asn[i]}`)
    },
  },
}
