/**
 * An engine over processes that speak JSON lines: an order a line on stdin, a reply a line on stdout. The program to start is handed
 * in, so that it may as well be one that starts a worker on another machine.
 */
import { spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import type { Engine, Reply } from "./engine.ts"
import { Pool } from "./pool.ts"

export const WORKER_PROCESS = fileURLToPath(new URL("worker-process.ts", import.meta.url))

/** By default each command is this Node with the worker of this checkout. */
export function processEngine(
  processes: number,
  pastDir?: string,
  command: readonly string[] = [process.execPath, WORKER_PROCESS, ...(pastDir === undefined ? [] : [pastDir])],
): Engine {
  return new Pool(`${processes} process${processes === 1 ? "" : "es"}`, processes, ({ reply, gone }) => {
    const child = spawn(command[0], command.slice(1), { stdio: ["pipe", "pipe", "pipe"] })
    let said = ""
    child.stderr.on("data", (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-2000)))
    // A worker that has gone is heard of by its exit; what was still being written to it is not news.
    child.stdin.on("error", () => {})
    createInterface({ input: child.stdout }).on("line", (line) => {
      let parsed: Reply
      try {
        parsed = JSON.parse(line) as Reply
      } catch {
        said = `it said ${line.slice(0, 200)}, which is no reply`
        child.kill("SIGKILL")
        return
      }
      reply(parsed)
    })
    let isGone = false
    const leave = (why: string): void => {
      if (!isGone) gone(why)
      isGone = true
    }
    const ended = new Promise<void>((done) => {
      child.on("error", (error) => {
        leave(error.message)
        done()
      })
      child.on("close", (code, signal) => {
        leave(`${said.trim().split("\n").at(-1) || "no reason given"} (${signal ?? `exit code ${code}`})`)
        done()
      })
    })
    return {
      send: (order) => void child.stdin.write(`${JSON.stringify(order)}\n`),
      kill: () => void child.kill("SIGKILL"),
      close: async () => {
        child.stdin.end()
        await ended
      },
    }
  })
}
