/** The columns that say who exists where. A row is a node; nothing here is known to the protocol. */

/** What can fail as one. */
export type DomainType =
  | "country"
  | "continent"
  | "timeZone"
  | "city"
  | "asn"
  | "provider"
  | "region"
  | "grid"
  | "client"
  | "hardware"
  | "operator"

export const domainTypes: readonly DomainType[] = [
  "country",
  "continent",
  "timeZone",
  "city",
  "asn",
  "provider",
  "region",
  "grid",
  "client",
  "hardware",
  "operator",
]

export interface Domain {
  /** node → index into names */
  readonly of: Uint32Array
  /** Unique; in order of the first node that lies in each. */
  readonly names: readonly string[]
}

export interface Placement {
  readonly nodes: number
  /** 1e-7 degree, WGS 84 */
  readonly latE7: Int32Array
  readonly lngE7: Int32Array
  readonly utcOffsetMinutes: Int16Array
  /** How long a node stays up without grid power; 0 for most homes. */
  readonly backupMinutes: Uint16Array
  readonly domains: Readonly<Record<DomainType, Domain>>
}

/** A domain column being filled: names are numbered as they first appear, which keeps a sample's prefix stable. */
export class DomainColumn {
  readonly of: Uint32Array
  readonly names: string[] = []
  readonly #index = new Map<string, number>()

  constructor(nodes: number) {
    this.of = new Uint32Array(nodes)
  }

  /** Puts a node into the domain of this name and returns the domain's index. */
  put(node: number, name: string): number {
    let index = this.#index.get(name)
    if (index === undefined) {
      index = this.names.length
      this.names.push(name)
      this.#index.set(name, index)
    }
    this.of[node] = index
    return index
  }
}
