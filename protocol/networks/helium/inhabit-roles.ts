/** Who cheats, and how: drawn once a node, so that a larger share only adds cheaters, and the same ones in every variant. */
import type { Habitat } from "../../kernel/habitat.ts"
import type { Values } from "../../kernel/param.ts"
import { below, draw, stream } from "../../kernel/random.ts"
import type { params } from "./params.ts"

type Settings = Values<typeof params>

/** In one room with a ring, in another city than it says, never beaconing, beaconing again and again, sending to itself. */
export const ROLE = { honest: 0, ring: 1, spoof: 2, silent: 3, chatty: 4, milking: 5 } as const

export class Roles {
  /** By node. */
  readonly of: Uint8Array
  /** Members of each ring, and the ring of a node, or -1. */
  readonly rings: readonly (readonly number[])[]
  readonly ringOf: Int32Array
  /** Whose place a node asserts: its own, unless it spoofs. */
  readonly asserts: Uint32Array
  readonly chatty: readonly number[]

  constructor(h: Habitat, v: Settings) {
    const { nodes, places, seed } = h
    this.of = new Uint8Array(nodes)
    this.ringOf = new Int32Array(nodes).fill(-1)
    this.asserts = Uint32Array.from({ length: nodes }, (_, node) => node)
    const dice = stream(seed, "helium/role")
    const shares = [v.ringPermille, v.spoofPermille, v.silentPermille, v.chattyPermille, v.milkingPermille]
    for (let node = 0; node < nodes; node++) {
      let left = draw(dice, node) % 1000
      const role = shares.findIndex((share) => {
        left -= share
        return left < 0
      })
      this.of[node] = role + 1
    }
    this.rings = this.#formRings(places.domains.city.of, v.ringSize)
    this.chatty = [...this.of.keys()].filter((node) => this.of[node] === ROLE.chatty)
    this.#spoof(places.domains.country.of, places.domains.city.of, stream(seed, "helium/spoofed-place"))
  }

  /** Members of one city, in node order; who finds no second one is honest. */
  #formRings(cityOf: Uint32Array, size: number): readonly (readonly number[])[] {
    const open = new Map<number, number[]>()
    const rings: number[][] = []
    for (let node = 0; node < this.of.length; node++) {
      if (this.of[node] !== ROLE.ring) continue
      let ring = open.get(cityOf[node])
      if (ring === undefined || ring.length === size) {
        ring = []
        open.set(cityOf[node], ring)
        rings.push(ring)
      }
      ring.push(node)
    }
    const whole = rings.filter((ring) => ring.length > 1)
    for (const [node] of rings.filter((ring) => ring.length === 1)) this.of[node] = ROLE.honest
    whole.forEach((ring, r) => ring.forEach((node) => (this.ringOf[node] = r)))
    return whole
  }

  /** A place in the same country and another city; who finds none says the truth, and is honest. */
  #spoof(countryOf: Uint32Array, cityOf: Uint32Array, dice: ReturnType<typeof stream>): void {
    for (let node = 0; node < this.of.length; node++) {
      if (this.of[node] !== ROLE.spoof) continue
      const start = below(dice, this.of.length, node)
      let found = node
      for (let k = 0; k < this.of.length; k++) {
        const other = (start + k) % this.of.length
        if (countryOf[other] !== countryOf[node] || cityOf[other] === cityOf[node]) continue
        found = other
        break
      }
      this.asserts[node] = found
      if (found === node) this.of[node] = ROLE.honest
    }
  }
}

/** The roles of a run, made again only when a share of them changed; undefined where everybody is honest. */
export function rolesFor(h: Habitat): () => Roles | undefined {
  let key = ""
  let roles: Roles | undefined
  return () => {
    const v = h.params() as Settings
    const { ringPermille, spoofPermille, silentPermille, chattyPermille, milkingPermille, ringSize } = v
    if (ringPermille + spoofPermille + silentPermille + chattyPermille + milkingPermille === 0) return undefined
    const now = `${ringPermille} ${spoofPermille} ${silentPermille} ${chattyPermille} ${milkingPermille} ${ringSize}`
    if (now !== key) {
      key = now
      roles = new Roles(h, v)
    }
    return roles
  }
}
