/** Writing so that nothing acknowledged is lost: beside and rename, fsync, and one clear sentence when a disk refuses. */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs"
import { dirname } from "node:path"

/** A mistake or a mishap outside blackstart, told in one sentence: what, where, and the way out. */
export class RecordProblem extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = "RecordProblem"
  }
}

/** Says what went wrong with a file in words. */
export function explainFailure(error: unknown, doing: string, path: string): RecordProblem {
  const code = (error as NodeJS.ErrnoException).code
  const why =
    code === "ENOSPC"
      ? "the disk is full; free some space"
      : code === "EACCES" || code === "EPERM"
        ? "permission is denied; choose another folder with --out"
        : code === "ENOENT"
          ? "there is no such file or folder; check the path"
          : code === "EROFS"
            ? "the file system is read-only; choose another folder with --out"
            : code === "EEXIST" || code === "EISDIR" || code === "ENOTDIR"
              ? "a file stands where a folder should be, or the other way round; choose another path"
              : (error as Error).message
  return new RecordProblem(`cannot ${doing} ${path}: ${why}`)
}

/** Writes all of `bytes`, however many calls it takes, from `position` of the file on. */
export function writeAll(fd: number, bytes: Uint8Array, position = 0): void {
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at, bytes.length - at, position + at)
}

/** Replaces `path` by `data`: written beside it, synced, renamed. Either the old file stands or the whole new one. */
export function replaceFile(path: string, data: Uint8Array | string): void {
  const beside = `${path}.tmp`
  try {
    mkdirSync(dirname(path), { recursive: true })
    const fd = openSync(beside, "w")
    try {
      writeAll(fd, typeof data === "string" ? new TextEncoder().encode(data) : data)
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
    renameSync(beside, path)
  } catch (error) {
    rmSync(beside, { force: true })
    throw explainFailure(error, "write", path)
  }
}
