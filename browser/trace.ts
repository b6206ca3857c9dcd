/**
 * Why a row was written. A traced network is the same network whose decisions and settlement lines say their name first: what they
 * then append is theirs. The rows, and so the hashes, are those of the network itself.
 */
import type { AnyNetwork } from "../protocol/kernel/network.ts"
import type { AnyTable } from "../protocol/kernel/table.ts"
import type { Cause } from "./messages.ts"

/** A command's row that was refused. */
export interface Refused {
  readonly reason: string
  readonly because: string
  readonly rows: AnyTable
  readonly row: number
  readonly cause: Cause
}

interface Stretch {
  upto: number
  readonly cause: Cause
}

/** Of one network and epoch: by event type, which rows whom were caused by. */
export class Trace {
  readonly #stretches = new Map<string, Stretch[]>()
  #cause: Cause | undefined
  #rows: AnyTable | undefined
  onRefuse: ((refused: Refused) => void) | undefined

  clear(): void {
    this.#stretches.clear()
  }

  enter(cause: Cause, rows?: AnyTable): void {
    this.#cause = cause
    this.#rows = rows
  }

  /** After a decision or line: what its tables gained is its own. */
  leave(out: Readonly<Record<string, AnyTable>>, types: readonly string[]): void {
    const cause = this.#cause!
    for (const type of types) {
      const { length } = out[type]
      let all = this.#stretches.get(type)
      if (all === undefined) this.#stretches.set(type, (all = []))
      const last = all.at(-1)
      if ((last?.upto ?? 0) >= length) continue
      if (last !== undefined && last.cause === cause) last.upto = length
      else all.push({ upto: length, cause })
    }
  }

  refuse(row: number, reason: string, because: string): void {
    if (this.#rows !== undefined) this.onRefuse?.({ reason, because, rows: this.#rows, row, cause: this.#cause! })
  }

  /** The cause of row `i` of an event type, as long as the epoch's rows are there. */
  of(type: string, i: number): Cause | undefined {
    return this.#stretches.get(type)?.find((s) => i < s.upto)?.cause
  }
}

/** The network with every decision and settlement line told to `trace`. */
export function traced(network: AnyNetwork, trace: Trace): AnyNetwork {
  const decide = Object.fromEntries(
    Object.entries(network.decide).map(([name, decide]) => {
      const { because, emits } = network.commands[name]
      const cause: Cause = { kind: "command", name, because }
      return [
        name,
        (state: unknown, rows: AnyTable, begin: number, end: number, to: { out: Record<string, AnyTable> }) => {
          trace.enter(cause, rows)
          ;(decide as (...all: readonly unknown[]) => void)(state, rows, begin, end, to)
          trace.leave(to.out, emits)
        },
      ]
    }),
  )
  const types = Object.keys(network.events)
  const cadences = Object.fromEntries(
    Object.entries(network.cadences).map(([cadence, { lines, ...rest }]) => [
      cadence,
      {
        ...rest,
        lines: Object.fromEntries(
          Object.entries(lines).map(([line, settle]) => {
            const cause: Cause = { kind: "settlement", name: `${cadence}.${line}`, because: rest.because }
            return [
              line,
              (state: unknown, at: number, to: { out: Record<string, AnyTable> }) => {
                trace.enter(cause)
                ;(settle as (...all: readonly unknown[]) => void)(state, at, to)
                trace.leave(to.out, types)
              },
            ]
          }),
        ),
      },
    ]),
  )
  return { ...network, decide: decide as never, cadences: cadences as never }
}
