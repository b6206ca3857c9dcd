/** What every run lends the engine but its hasher: H3, and places sampled once per seed. It runs in a browser's worker too. */
import { h3Geometry } from "../../protocol/boundary/geometry.ts"
import type { Cells, RadioPaths } from "../../protocol/kernel/habitat.ts"
import type { NewHasher } from "../../protocol/kernel/hash.ts"
import type { Site } from "../engine/habitat.ts"
import type { Environment } from "../engine/simulation.ts"
import { nodeCells } from "../world/cells.ts"
import { namesOf } from "../world/names.ts"
import type { Placement } from "../world/placement.ts"
import { profileOf } from "../world/profiles.ts"
import { radioPaths } from "../world/radio.ts"
import { sampleNodes } from "../world/sampler.ts"

/** Hearers kept per beaconer: only 14 can be rewarded, and the strongest come first. A simplification of the world. */
export const HEARERS_MAX = 16

/** An environment whose places are kept, so that a twin or a variant stands on the same ground. */
export function groundedEnvironment(newHasher: NewHasher, extra: Partial<Environment> = {}): Environment {
  const sites = new Map<string, Site>()
  return {
    newHasher,
    ports: { geometry: h3Geometry },
    site(profile, seed, nodes, plan) {
      const key = `${profile}/${seed}/${nodes}/${plan.calendar}`
      let site = sites.get(key)
      if (site === undefined) {
        const places = withEveryClient(profile, sampleNodes(profileOf(profile), seed, nodes, { calendar: plan.calendar }))
        let cells: Cells | undefined
        let radio: RadioPaths | undefined
        site = {
          places,
          cells: () => (cells ??= nodeCells(places)),
          radio: () => (radio ??= radioPaths(places, seed, { pathsMax: HEARERS_MAX })),
        }
        sites.set(key, site)
      }
      return site
    },
    ...extra,
  }
}

/** Adds the versions that none of a small sample runs yet: an upgrade may still install them. */
function withEveryClient(profile: string, places: Placement): Placement {
  const { of, names } = places.domains.client
  const missing = (namesOf(profileOf(profile), "client") ?? []).filter((name) => !names.includes(name))
  return { ...places, domains: { ...places.domains, client: { of, names: [...names, ...missing] } } }
}
