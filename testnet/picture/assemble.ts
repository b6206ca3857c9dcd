/** A picture out of the tiles that came, each held against the digest it was promised by; what has not come is grey. */
import { tileAt } from "../../protocol/proofs/path-tracer.ts"
import type { ChainApplication } from "../ledger/application.ts"
import { readDigest, readPictures } from "../ledger/reading.ts"
import type { BlobStore } from "../site/blobs.ts"
import { encodePng } from "./png.ts"

const GREY = 128

export interface Assembled {
  readonly png: Uint8Array
  readonly missing: number
}

/** Undefined where there is no such picture. */
export function assemble(app: ChainApplication, blobs: BlobStore, p: number): Assembled | undefined {
  const seen = readPictures(app).find(({ picture }) => picture === p)
  if (seen === undefined) return undefined
  const { width, height, tiles } = seen
  const rgb = new Uint8Array(width * height * 3).fill(GREY)
  let missing = 0
  for (let n = 0; n < tiles; n++) {
    const digest = readDigest(app, p, n)
    const bytes = digest === undefined ? undefined : blobs.get(digest)
    const at = tileAt(seen, n)
    if (bytes?.length !== at.width * at.height * 3) {
      missing++
      continue
    }
    for (let y = 0; y < at.height; y++)
      rgb.set(bytes.subarray(y * at.width * 3, (y + 1) * at.width * 3), ((at.y + y) * width + at.x) * 3)
  }
  return { png: encodePng(width, height, rgb), missing }
}

/** Is this the digest of a tile that somebody promised? */
export function isTileOf(app: ChainApplication, hash: string): boolean {
  for (const { picture, tiles } of readPictures(app))
    for (let n = 0; n < tiles; n++) if (readDigest(app, picture, n) === hash) return true
  return false
}
