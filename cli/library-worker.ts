/** One of the hands that play a library: takes records, gives back what they came to, or one sentence that says why not. */
// oxlint-disable unicorn/require-post-message-target-origin -- a thread of ours, not a window
import { parentPort } from "node:worker_threads"
import { playIncident } from "../simulation/record/library.ts"

interface Task {
  readonly index: number
  readonly record: unknown
  readonly nodes?: number
}

parentPort!.on("message", ({ index, record, nodes }: Task) => {
  try {
    parentPort!.postMessage({ index, played: playIncident(record, nodes) })
  } catch (cause) {
    const { name, message, stack } = cause as Error
    parentPort!.postMessage({
      index,
      problem: name === "ScenarioProblem" ? message : (stack ?? message),
      isMistake: name === "ScenarioProblem",
    })
  }
})
