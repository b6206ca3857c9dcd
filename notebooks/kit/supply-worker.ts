/** Filecoin's supply in a worker: one case a question. */
import { hashOutlook, outlookOf, type Case, type SupplySettings } from "../questions/filecoin.ts"
import type { Outlook } from "../../protocol/networks/index.ts"

export interface SupplyQuestion {
  readonly id: number
  readonly history: string
  readonly which: Case
  readonly settings: Partial<SupplySettings>
}
export type SupplyAnswer =
  | { readonly id: number; readonly outlook: Outlook; readonly hash: string }
  | { readonly id: number; readonly problem: string }

const mailbox = globalThis as unknown as {
  postMessage: (message: SupplyAnswer) => void
  addEventListener: (type: "message", listener: (event: { readonly data: SupplyQuestion }) => void) => void
}
mailbox.addEventListener("message", ({ data: { id, history, which, settings } }) => {
  const post = (message: SupplyAnswer) =>
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has none: windows do
    mailbox.postMessage(message)
  try {
    const outlook = outlookOf(history, which, settings)
    post({ id, outlook, hash: hashOutlook(outlook) })
  } catch (error) {
    post({ id, problem: error instanceof Error ? error.message : String(error) })
  }
})
