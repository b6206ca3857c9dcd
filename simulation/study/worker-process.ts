/** A process that runs jobs: an order a line on stdin, a reply a line on stdout, and the end of stdin is its end. */
import { createInterface } from "node:readline"
import type { Order, Reply } from "./engine.ts"
import { Runner } from "./run-job.ts"

const runner = new Runner(process.argv[2])
for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() === "") continue
  const { run, job } = JSON.parse(line) as Order
  const began = performance.now()
  const result = runner.run(job)
  process.stdout.write(`${JSON.stringify({ run, result, seconds: (performance.now() - began) / 1000 } satisfies Reply)}\n`)
}
