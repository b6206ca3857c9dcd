/** Small things every mechanism here needs: a row to write into, the domain columns of the registry by number, "nobody". */
import { reserve, type AnyTable } from "../kernel/table.ts"
import { unit } from "../kernel/unit.ts"
import type { Registry } from "../registry/registry.ts"

/** Makes room for one more row and returns its number. */
export const addRow = (t: AnyTable): number => {
  reserve(t, 1)
  return t.length++
}

/** The failure domains of the registry, by number. */
export const KINDS = ["country", "asn", "provider", "client", "grid"] as const
export const kindUnit = unit("0 country, 1 ASN, 2 provider, 3 client version, 4 grid", "u8", 0, KINDS.length - 1)
export const domainUnit = unit("domain", "u32")

/** Node → domain, of one kind; 0 is "not said". */
export const domainsOf = (r: Registry, kind: number): Uint16Array | Uint32Array => r.nodes[KINDS[kind]]

/** Stands where a node would, when there is none. */
export const NOBODY = 0xffff_ffff

/** Whole seconds from `earlier` to `later`, never below 0: times of different sources need not be in order. */
export const since = (earlier: number, later: number): number => Math.max(0, later - earlier)
