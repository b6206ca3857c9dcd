/** A thread that runs jobs: an order comes in by its port, a reply goes out. */
import { parentPort, workerData } from "node:worker_threads"
import type { Order, Reply } from "./engine.ts"
import { Runner } from "./run-job.ts"

const runner = new Runner((workerData as { readonly pastDir?: string }).pastDir)
const port = parentPort!
port.on("message", (order: Order | "end") => {
  if (order === "end") return port.close()
  const began = performance.now()
  const result = runner.run(order.job)
  port.postMessage({ run: order.run, result, seconds: (performance.now() - began) / 1000 } satisfies Reply)
})
