/** What a run on this computer lends the engine: node:crypto's SHA-256, and the ground. */
import { createHash } from "node:crypto"
import type { NewHasher } from "../../protocol/kernel/hash.ts"
import type { Environment } from "../engine/simulation.ts"
import { groundedEnvironment } from "./ground.ts"

export { HEARERS_MAX } from "./ground.ts"

export const sha256: NewHasher = () => {
  const hash = createHash("sha256")
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() }
}

/** An environment whose places are kept, so that a twin or a variant stands on the same ground. */
export const environment = (extra: Partial<Environment> = {}): Environment => groundedEnvironment(sha256, extra)
