/**
 * The hasher for where there is none: a browser worker. It gathers what it is given and hashes it at the end with the
 * kernel's own SHA-256, so that the same run has the same hashes there. Slow beside node:crypto, and the same bits.
 */
import type { NewHasher } from "../../protocol/kernel/hash.ts"
import { sha256 } from "../../protocol/kernel/sha256.ts"

export const plainHasher: NewHasher = () => {
  let buffer = new Uint8Array(1024)
  let length = 0
  return {
    update(bytes) {
      if (length + bytes.length > buffer.length) {
        const larger = new Uint8Array(Math.max(2 * buffer.length, length + bytes.length))
        larger.set(buffer.subarray(0, length))
        buffer = larger
      }
      // Copied, because the bytes are only lent.
      buffer.set(bytes, length)
      length += bytes.length
    },
    digest: () => sha256(buffer.subarray(0, length)),
  }
}
