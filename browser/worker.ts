/** The deterministic core in a Web Worker: a desk behind its mailbox. */
import { Desk } from "./desk.ts"
import type { FromCore, ToCore } from "./messages.ts"

const mailbox = globalThis as unknown as {
  postMessage: (message: FromCore) => void
  addEventListener: (type: "message", listener: (event: { readonly data: ToCore }) => void) => void
}
/** A message to oneself comes after those that wait, and costs no four milliseconds as a timer does. */
const { port1, port2 } = new MessageChannel()
const waiting: (() => void)[] = []
port1.addEventListener("message", () => waiting.shift()?.())
port1.start()

const desk = new Desk({
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has none: windows do
  post: (message) => mailbox.postMessage(message),
  later(work) {
    waiting.push(work)
    port2.postMessage(null)
  },
  now: () => performance.now(),
})
mailbox.addEventListener("message", ({ data }) => desk.take(data))
