/**
 * Results of jobs by their keys, for all studies of one computer: what was run once is read. A result is one small file, whole or not
 * there; one that was damaged is as good as not there, and is written anew.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { explainFailure } from "../record/durable.ts"
import { digest, type Done } from "./job.ts"

export class Cache {
  readonly #dir: string | undefined
  /** Results found, and results that were damaged. */
  found = 0
  damaged = 0
  readonly #made = new Set<string>()

  /** Without a folder nothing is kept. */
  constructor(dir: string | undefined) {
    this.#dir = dir
  }

  /** Where the shared pasts of forks are kept. */
  get pastDir(): string | undefined {
    return this.#dir === undefined ? undefined : join(this.#dir, "pasts")
  }

  get(key: string): Done | undefined {
    if (this.#dir === undefined) return undefined
    let text: string
    try {
      text = readFileSync(this.#path(key), "utf8")
    } catch {
      return undefined
    }
    const [body, seal] = text.split("\n")
    if (digest(body) !== seal) {
      this.damaged++
      return undefined
    }
    const { key: own, result } = JSON.parse(body) as { readonly key: string; readonly result: Done }
    if (own !== key) return undefined
    this.found++
    return result
  }

  /** Throws a RecordProblem when the disk refuses. */
  put(key: string, result: Done): void {
    if (this.#dir === undefined) return
    const path = this.#path(key)
    const body = JSON.stringify({ key, result })
    try {
      const folder = key.slice(0, 2)
      if (!this.#made.has(folder)) mkdirSync(join(this.#dir, folder), { recursive: true })
      this.#made.add(folder)
      const beside = `${path}.${process.pid}`
      try {
        writeFileSync(beside, `${body}\n${digest(body)}\n`)
        renameSync(beside, path)
      } catch (error) {
        rmSync(beside, { force: true })
        throw error
      }
    } catch (error) {
      throw explainFailure(error, "keep a result in", path)
    }
  }

  #path(key: string): string {
    return join(this.#dir!, key.slice(0, 2), `${key.slice(2)}.json`)
  }
}
