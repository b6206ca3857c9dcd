/** An engine over workers that speak orders and replies, whatever carries them: one that dies is replaced, and its jobs run again. */
import type { Engine, Order, Outcome, Reply, Task } from "./engine.ts"

/** The wire to one worker. */
export interface Channel {
  send(order: Order): void
  /** Ends it, whatever it is doing. */
  kill(): void
  /** Lets it go when it has nothing to do; resolves when it has gone. */
  close(): Promise<void>
}

export interface Hears {
  readonly reply: (reply: Reply) => void
  /** The worker has gone, and why. */
  readonly gone: (why: string) => void
}

export type Open = (hears: Hears) => Channel

/** One to work on and one in hand, so that no worker waits for the wire. */
const IN_HAND = 2
/** A job that ends two workers is not sent to a third. */
const LIVES = 2

interface Member {
  channel: Channel
  readonly hand: Map<number, Task>
}

export class Pool implements Engine {
  readonly name: string
  readonly width: number
  readonly #open: Open
  readonly #members: Member[] = []
  readonly #ready: Outcome[] = []
  readonly #again: Task[] = []
  readonly #lives = new Map<number, number>()
  #tasks: Iterator<Task> = [][Symbol.iterator]()
  #isDry = true
  #isCancelled = false
  #wake: () => void = () => {}

  constructor(name: string, width: number, open: Open) {
    this.name = name
    this.width = width
    this.#open = open
  }

  /** Opens the workers before there is anything to do: they load their code meanwhile. */
  begin(): this {
    while (this.#members.length < this.width) this.#hire()
    return this
  }

  async *run(tasks: Iterable<Task>): AsyncGenerator<Outcome> {
    this.#tasks = tasks[Symbol.iterator]()
    this.#isDry = false
    for (const member of this.#members) this.#fill(member)
    while (this.#members.length < this.width && this.#hasMore()) this.#hire()
    for (;;) {
      while (this.#ready.length > 0) yield this.#ready.shift()!
      if (this.#isCancelled || (!this.#hasMore() && this.#members.every((m) => m.hand.size === 0))) return
      // oxlint-disable-next-line no-await-in-loop
      await new Promise<void>((wake) => (this.#wake = wake))
    }
  }

  cancel(): void {
    this.#isCancelled = true
    for (const { channel } of this.#members.splice(0)) channel.kill()
    this.#wake()
  }

  async close(): Promise<void> {
    await Promise.all(this.#members.splice(0).map(({ channel }) => channel.close()))
  }

  #hasMore(): boolean {
    return this.#again.length > 0 || !this.#isDry
  }

  #next(): Task | undefined {
    const again = this.#again.shift()
    if (again !== undefined || this.#isDry) return again
    const { done, value } = this.#tasks.next()
    if (done === true) this.#isDry = true
    return done === true ? undefined : value
  }

  #hire(): void {
    const member: Member = { channel: undefined as never, hand: new Map() }
    member.channel = this.#open({
      reply: (reply) => {
        member.hand.delete(reply.run)
        this.#lives.delete(reply.run)
        this.#ready.push(reply)
        this.#fill(member)
        this.#wake()
      },
      gone: (why) => this.#bury(member, why),
    })
    this.#members.push(member)
    this.#fill(member)
  }

  #fill(member: Member): void {
    while (member.hand.size < IN_HAND) {
      const task = this.#next()
      if (task === undefined) return
      member.hand.set(task.run, task)
      member.channel.send({ run: task.run, job: task.job })
    }
  }

  /** The first in a dead worker's hand is what it worked on; the others are innocent. */
  #bury(member: Member, why: string): void {
    const at = this.#members.indexOf(member)
    if (at < 0) return
    this.#members.splice(at, 1)
    const [worked, ...innocent] = [...member.hand.values()]
    member.hand.clear()
    this.#again.push(...innocent)
    if (worked !== undefined) {
      const lives = (this.#lives.get(worked.run) ?? LIVES) - 1
      this.#lives.set(worked.run, lives)
      if (lives > 0) this.#again.unshift(worked)
      else
        this.#ready.push({
          run: worked.run,
          result: { status: "failed", why: `its worker ended ${LIVES} times over it: ${why}` },
          seconds: 0,
        })
    }
    if (!this.#isCancelled && this.#hasMore()) this.#hire()
    this.#wake()
  }
}
