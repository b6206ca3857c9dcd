// oxlint-disable unicorn/require-post-message-target-origin -- a thread is no window
/** The default engine: a thread a core. A run allocates in its own heap, and one that runs out of it takes no other along. */
import { availableParallelism } from "node:os"
import { Worker } from "node:worker_threads"
import type { Reply } from "./engine.ts"
import { Pool } from "./pool.ts"

const ENTRY = new URL("worker-thread.ts", import.meta.url)

export function threadEngine(threads = availableParallelism(), pastDir?: string): Pool {
  return new Pool(`${threads} thread${threads === 1 ? "" : "s"}`, threads, ({ reply, gone }) => {
    // Flags of a test runner are none of a worker's.
    const worker = new Worker(ENTRY, { workerData: { pastDir }, execArgv: [] })
    worker.on("message", (m: Reply) => reply(m))
    let why = "no reason given"
    worker.on("error", (error) => (why = error instanceof Error ? error.message : String(error)))
    const ended = new Promise<void>((done) => {
      worker.on("exit", (code) => {
        gone(`${why} (exit code ${code})`)
        done()
      })
    })
    return {
      send: (order) => worker.postMessage(order),
      kill: () => void worker.terminate(),
      close: async () => {
        worker.postMessage("end")
        await ended
      },
    }
  })
}
