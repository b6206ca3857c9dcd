/** The page's end of the core: asks it, waits for its answers, and hands on what it pushes. */
import type { Frame, FromCore, LifePart, RequestName, Requests } from "./messages.ts"

/** What a Worker, or a test in its place, must do. */
export interface Mailbox {
  postMessage(message: unknown): void
  addEventListener(type: "message", listener: (event: { readonly data: FromCore }) => void): void
  addEventListener(type: "error", listener: (event: { readonly message: string }) => void): void
  terminate(): void
}

/** What is wrong, in one sentence for people. */
export class CoreProblem extends Error {
  constructor(message: string) {
    super(message)
    this.name = "CoreProblem"
  }
}

export class Core {
  readonly #mailbox: Mailbox
  readonly #waiting = new Map<number, { resolve: (answer: never) => void; reject: (why: Error) => void }>()
  #next = 1
  onFrame: ((frame: Frame) => void) | undefined
  onLife: ((part: LifePart) => void) | undefined
  onProblem: ((sentence: string) => void) | undefined

  constructor(mailbox: Mailbox) {
    this.#mailbox = mailbox
    mailbox.addEventListener("message", ({ data }) => this.#receive(data))
    mailbox.addEventListener("error", ({ message }) => {
      const why = `The core could not start in this browser: ${message || "it gave no reason"}.`
      for (const { reject } of this.#waiting.values()) reject(new CoreProblem(why))
      this.#waiting.clear()
      this.onProblem?.(why)
    })
  }

  /** Rejects with a CoreProblem. */
  ask<K extends RequestName>(name: K, ask: Requests[K]["ask"]): Promise<Requests[K]["answer"]> {
    const id = this.#next++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has none: windows do
      this.#mailbox.postMessage({ id, do: name, ask })
    })
  }

  /** To the end, frame by frame. */
  async toEnd(onFrame?: (frame: Frame) => void): Promise<Frame> {
    return new Promise((resolve, reject) => {
      this.onFrame = (frame) => {
        onFrame?.(frame)
        if (frame.done) resolve(frame)
      }
      this.onProblem = (why) => reject(new CoreProblem(why))
      this.ask("run", {}).catch(reject)
    })
  }

  end(): void {
    this.#mailbox.terminate()
  }

  #receive(message: FromCore): void {
    if ("push" in message) {
      if (message.push === "frame") this.onFrame?.(message.frame)
      else if (message.push === "life") this.onLife?.(message.part)
      else this.onProblem?.(message.problem)
      return
    }
    const waiting = this.#waiting.get(message.re)
    this.#waiting.delete(message.re)
    if ("problem" in message) waiting?.reject(new CoreProblem(message.problem))
    else waiting?.resolve(message.answer as never)
  }
}
