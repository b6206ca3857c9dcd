/** A site's content: a list of paths with the hash of what belongs there. Its own hash is what the chain knows of the site. */
import { canonicalPath, isPath } from "./path.ts"
import { hexOf, sha256 } from "../ledger/command.ts"

export const FILES_MAX = 200
export const FILE_BYTES_MAX = 2 * 1024 * 1024
export const SITE_BYTES_MAX = 16 * 1024 * 1024
export const MANIFEST_BYTES_MAX = 64 * 1024

export interface SiteFile {
  readonly path: string
  readonly sha256: string
  readonly bytes: number
}
export interface Manifest {
  readonly files: readonly SiteFile[]
}

/** Throws a RangeError in one sentence where the files are no site. */
export function makeManifest(files: readonly { readonly path: string; readonly content: Uint8Array }[]): Uint8Array {
  const manifest: Manifest = {
    files: files
      .map(({ path, content }) => ({ path: canonicalPath(path), sha256: hexOf(sha256(content)), bytes: content.length }))
      .toSorted((a, b) => (a.path < b.path ? -1 : 1)),
  }
  const problem = problemOf(manifest)
  if (problem !== undefined) throw new RangeError(problem)
  return new Uint8Array(Buffer.from(JSON.stringify(manifest)))
}

/** A manifest out of bytes of anybody's; undefined where they are none. Never throws. */
export function readManifest(bytes: Uint8Array): Manifest | undefined {
  if (bytes.length > MANIFEST_BYTES_MAX) return undefined
  try {
    const manifest = JSON.parse(Buffer.from(bytes).toString("utf8")) as Manifest
    return problemOf(manifest) === undefined ? manifest : undefined
  } catch {
    return undefined
  }
}

function problemOf(manifest: Manifest): string | undefined {
  if (typeof manifest !== "object" || manifest === null || !Array.isArray(manifest.files)) return "a manifest lists files"
  const { files } = manifest as { files: readonly SiteFile[] }
  if (files.length === 0 || files.length > FILES_MAX) return `a site has 1 to ${FILES_MAX} files, this has ${files.length}`
  const seen = new Set<string>()
  let total = 0
  for (const file of files) {
    if (typeof file !== "object" || file === null) return "a file is an object"
    if (typeof file.path !== "string" || !isPath(file.path)) return `${JSON.stringify(file.path)} is no path of a site`
    if (typeof file.sha256 !== "string" || !/^[0-9a-f]{64}$/u.test(file.sha256)) return `${file.path} has no hash`
    if (!Number.isSafeInteger(file.bytes) || file.bytes < 0 || file.bytes > FILE_BYTES_MAX)
      return `${file.path} is larger than ${FILE_BYTES_MAX} bytes`
    if (seen.has(file.path)) return `${file.path} is there twice`
    seen.add(file.path)
    total += file.bytes
  }
  return total > SITE_BYTES_MAX ? `a site has at most ${SITE_BYTES_MAX} bytes, this has ${total}` : undefined
}

/** The file that a visitor's path means; a folder means its index.html. */
export const fileFor = ({ files }: Manifest, path: string): SiteFile | undefined =>
  files.find((f) => f.path === path) ?? files.find((f) => f.path === `${path === "" ? "" : path.replace(/\/?$/u, "/")}index.html`)
