/** The plainest engine: one job after the other, on this thread. What every other is held against. */
import { setImmediate } from "node:timers/promises"
import type { Engine, Outcome, Task } from "./engine.ts"
import { Runner } from "./run-job.ts"

export function inlineEngine(pastDir?: string): Engine {
  const runner = new Runner(pastDir)
  let isCancelled = false
  return {
    name: "this thread",
    width: 1,
    async *run(tasks: Iterable<Task>): AsyncGenerator<Outcome> {
      for (const { run, job } of tasks) {
        // Lets signals in.
        // oxlint-disable-next-line no-await-in-loop
        await setImmediate()
        if (isCancelled) return
        const began = performance.now()
        const result = runner.run(job)
        yield { run, result, seconds: (performance.now() - began) / 1000 }
      }
    },
    cancel: () => void (isCancelled = true),
    close: async () => {},
  }
}
