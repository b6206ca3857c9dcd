/**
 * Visitors of a site, by way of a gateway: sent to whoever of its providers is alive. What comes back is held against the manifest, so
 * that neither a provider nor whoever sits between can serve anything else.
 */
import { hexOf, sha256 } from "../ledger/command.ts"
import { readSites, type SiteSeen } from "../ledger/reading.ts"
import type { ChainApplication } from "../ledger/application.ts"
import type { BlobStore } from "./blobs.ts"
import { fileFor, FILE_BYTES_MAX, readManifest, type Manifest } from "./manifest.ts"

const TIMEOUT_MS = 1500
/** A provider that did not answer is asked last for so long. */
const SHUN_MS = 3000
const MANIFESTS_MAX = 64

export interface Visit {
  readonly status: 200 | 404 | 503
  readonly body: Uint8Array | string
  readonly path: string
  /** The node that served it; −1 where none did. */
  readonly node: number
}

export class Visits {
  readonly #app: ChainApplication
  readonly #blobs: BlobStore
  readonly #manifests = new Map<string, Manifest>()
  readonly #shunned = new Map<string, number>()
  #turn = 0

  constructor(app: ChainApplication, blobs: BlobStore) {
    this.#app = app
    this.#blobs = blobs
  }

  /** Is this hash a manifest's, or a file's of a manifest, that an open site promises? */
  isPromised = (hash: string): boolean =>
    readSites(this.#app).some(({ root }) => root === hash || this.#manifest(root)?.files.some((f) => f.sha256 === hash) === true)

  /** Serves a path of a site from one of its providers. */
  async visit(name: string, path: string): Promise<Visit> {
    const none = (status: 404 | 503, body: string): Visit => ({ status, body, path: "x.txt", node: -1 })
    const site = readSites(this.#app).find((s) => s.name === name)
    if (site === undefined) return none(404, `There is no site ${name} on this chain.\n`)
    const manifest = this.#manifest(site.root)
    if (manifest === undefined) return none(503, "The site's list of files has not come yet.\n")
    const file = fileFor(manifest, path)
    if (file === undefined) return none(404, `${name} has no such page.\n`)
    for (const { node, endpoint } of this.#inTurn(site)) {
      const base = `http://${endpoint.ip}:${endpoint.httpPort}`
      const body = await fetchFile(`${base}/sites/${name}/${file.path}`, file.sha256)
      if (typeof body !== "string") {
        this.#shunned.delete(base)
        return { status: 200, body, path: file.path, node }
      }
      this.#shunned.set(base, performance.now() + SHUN_MS)
    }
    return none(503, `None of the ${site.groups.length} leases of ${name} answers now.\n`)
  }

  /** Providers in turn, those that failed just now at the end. */
  #inTurn(site: SiteSeen): readonly SiteSeen["groups"][number][] {
    const now = performance.now()
    const held = site.groups.filter(({ node, endpoint }) => node >= 0 && endpoint.httpPort > 0)
    const turn = this.#turn++
    const turned = held.map((_, k) => held[(k + turn) % held.length])
    const isShunned = ({ endpoint }: (typeof held)[number]): boolean =>
      (this.#shunned.get(`http://${endpoint.ip}:${endpoint.httpPort}`) ?? 0) > now
    return [...turned.filter((g) => !isShunned(g)), ...turned.filter(isShunned)]
  }

  #manifest(root: string): Manifest | undefined {
    const known = this.#manifests.get(root)
    if (known !== undefined) return known
    const bytes = this.#blobs.get(root)
    const manifest = bytes === undefined ? undefined : readManifest(bytes)
    if (manifest === undefined) return undefined
    if (this.#manifests.size >= MANIFESTS_MAX) this.#manifests.clear()
    this.#manifests.set(root, manifest)
    return manifest
  }
}

/** A file from a provider, if it is the one that was promised: its bytes, or what was wrong. Never throws. */
export async function fetchFile(
  url: string,
  hash: string,
  timeoutMs = TIMEOUT_MS,
): Promise<Uint8Array | "no_answer" | "wrong_content"> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), redirect: "error" })
    if (answer.status !== 200 || answer.body === null) {
      await answer.body?.cancel()
      return answer.status === 200 ? "wrong_content" : "no_answer"
    }
    const parts: Uint8Array[] = []
    let total = 0
    // A provider that never ends must not fill the memory.
    for await (const part of answer.body as unknown as AsyncIterable<Uint8Array>) {
      total += part.length
      if (total > FILE_BYTES_MAX) return "wrong_content"
      parts.push(part)
    }
    const bytes = new Uint8Array(Buffer.concat(parts))
    return hexOf(sha256(bytes)) === hash ? bytes : "wrong_content"
  } catch {
    return "no_answer"
  }
}
