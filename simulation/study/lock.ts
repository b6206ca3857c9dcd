/**
 * One sitting at a study at a time: two that go on with one folder would run everything twice and write over each other. A sitting that was
 * killed leaves its lock behind, and the next one sees that nobody holds it.
 */
import { closeSync, openSync, readFileSync, rmSync, writeSync } from "node:fs"
import { hostname } from "node:os"
import { join } from "node:path"
import { explainFailure, RecordProblem } from "../record/durable.ts"

const LOCK = "under-way.lock"

/** Takes the folder until what is returned is called. Throws a RecordProblem while another sitting holds it. */
export function lockStudy(dir: string): () => void {
  const path = join(dir, LOCK)
  const own = `${process.pid} ${hostname()}\n`
  for (;;) {
    try {
      const fd = openSync(path, "wx")
      writeSync(fd, own)
      closeSync(fd)
      return () => rmSync(path, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw explainFailure(error, "take the study folder by", path)
    }
    const [pid, host] = holderOf(path)
    if (host === hostname() ? isAlive(pid) : host !== "")
      throw new RecordProblem(
        `the study in ${dir} is under way in process ${pid}${host === hostname() ? "" : ` on ${host}`}: wait for it, or end it; if there is no such study any more, delete ${path}`,
      )
    rmSync(path, { force: true })
  }
}

function holderOf(path: string): readonly [pid: number, host: string] {
  try {
    const [pid, host] = readFileSync(path, "utf8").trim().split(" ")
    return [Number(pid), host ?? ""]
  } catch {
    return [0, ""]
  }
}

function isAlive(pid: number): boolean {
  if (!(pid > 0)) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Somebody else's process is one too.
    return (error as NodeJS.ErrnoException).code === "EPERM"
  }
}
