/** Asks the supply's worker from a page. */
import type { Outlook } from "../../protocol/networks/index.ts"
import type { Case, SupplySettings } from "../questions/filecoin.ts"
import type { SupplyAnswer, SupplyQuestion } from "./supply-worker.ts"

export interface SupplyRun {
  readonly which: Case
  readonly outlook: Outlook
  readonly hash: string
  readonly settings: Partial<SupplySettings>
}

let worker: Worker | undefined
let next = 1

/** One case. Rejects with one sentence when the settings are out of range. */
export function playSupply(history: string, which: Case, settings: Partial<SupplySettings> = {}): Promise<SupplyRun> {
  const asked = (worker ??= new Worker(new URL("./supply-worker.ts", import.meta.url), { type: "module" }))
  const id = next++
  return new Promise((resolve, reject) => {
    asked.addEventListener("message", function take({ data }: { readonly data: SupplyAnswer }) {
      if (data.id !== id) return
      asked.removeEventListener("message", take)
      if ("problem" in data) reject(new Error(data.problem))
      else resolve({ which, outlook: data.outlook, hash: data.hash, settings })
    })
    asked.addEventListener("error", ({ message }) => reject(new Error(`The supply's worker could not start: ${message}.`)))
    const question: SupplyQuestion = { id, history, which, settings }
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has none: windows do
    asked.postMessage(question)
  })
}
