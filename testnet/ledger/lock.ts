/** Keeps a second process out of a folder. A lock of a dead process is taken over; one's own is one's own. */
import { existsSync, readFileSync, rmSync } from "node:fs"
import { RecordProblem, replaceFile } from "../../protocol/boundary/durable.ts"

/** Locks `path`, and gives the function that unlocks it. Throws a RecordProblem with `sentence` of the process that holds it. */
export function lock(path: string, sentence: (pid: number) => string): () => void {
  const pid = holderOf(path)
  if (pid !== undefined) throw new RecordProblem(sentence(pid))
  rmSync(path, { force: true })
  replaceFile(path, String(process.pid))
  return () => rmSync(path, { force: true })
}

/** The other process that holds a lock and lives, or undefined. */
export function holderOf(path: string): number | undefined {
  if (!existsSync(path)) return undefined
  const pid = Number(readFileSync(path, "utf8"))
  return pid !== process.pid && isAlive(pid) ? pid : undefined
}

/** Killed, and its parent has not asked: in a container nobody may ever ask. Linux only. */
function isZombie(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1")
    return stat[stat.lastIndexOf(")") + 2] === "Z"
  } catch {
    return false
  }
}

/** Is there such a process, and does it run? */
export function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid < 1) return false
  try {
    process.kill(pid, 0)
    return !isZombie(pid)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"
  }
}
