/**
 * The socket that CometBFT dials, four times: consensus, mempool, query and snapshot. One queue answers all of them in the order in
 * which their requests came, as the engine's own server does with its one mutex, so no handler ever sees another's half-done work.
 */
import * as net from "node:net"
import { Deframer, decodeRequest, encodeResponse, type Answer, type Ask } from "./wire.ts"

export interface Handlers {
  /** May begin work that touches no state, such as checking signatures: called when a request arrives, before its turn. Never throws. */
  readonly prepare?: (ask: Ask) => void
  /** Answers in turn. Must not throw: what cannot be done is a code. */
  readonly answer: (ask: Ask) => Answer | Promise<Answer>
}

export interface AbciServer {
  readonly close: () => Promise<void>
}

/** Listens at a Unix socket's path, or a port of the loopback. `onGone` is called when an engine that asked something hangs up. */
export function serveAbci(
  handlers: Handlers,
  address: string | number,
  tell: (sentence: string) => void,
  onGone?: () => void,
): Promise<AbciServer> {
  let tail: Promise<void> = Promise.resolve()
  const open = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    open.add(socket)
    socket.setNoDelay(true)
    const deframer = new Deframer()
    let out: Uint8Array[] = []
    const flush = (): void => {
      if (out.length > 0 && !socket.destroyed) socket.write(Buffer.concat(out))
      out = []
    }
    socket.on("error", () => {})
    let asked = false
    socket.on("close", () => {
      open.delete(socket)
      if (asked) onGone?.()
    })
    const serve = (ask: Ask): void => {
      asked ||= ask.case !== "echo" && ask.case !== "flush"
      handlers.prepare?.(ask)
      tail = tail.then(async () => {
        // The engine that asked is gone: whatever it asked is asked again by the next one.
        if (socket.destroyed) return
        let answer: Answer
        try {
          answer = await handlers.answer(ask)
        } catch (error) {
          // A bug of ours. The engine stops at an exception, which is better than two answers to one question.
          tell(`ABCI ${ask.case ?? "request"} failed: ${(error as Error).stack ?? String(error)}`)
          answer = { case: "exception", value: { error: String(error) } }
        }
        out.push(encodeResponse(answer))
        if (answer.case === "flush" || answer.case === "exception") flush()
      })
    }
    socket.on("data", (chunk: Buffer) => {
      try {
        for (const body of deframer.push(chunk)) serve(decodeRequest(body))
      } catch (error) {
        tell(`bytes on the ABCI socket are no request (${(error as Error).message}): the connection is closed`)
        socket.destroy()
      }
    })
  })
  return new Promise((done, fail) => {
    server.once("error", fail)
    const ready = (): void =>
      done({
        close: () =>
          new Promise((closed) => {
            for (const socket of open) socket.destroy()
            server.close(() => closed())
          }),
      })
    if (typeof address === "number") server.listen(address, "127.0.0.1", ready)
    else server.listen(address, ready)
  })
}
