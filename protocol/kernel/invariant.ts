/** Promises that hold after every epoch. Failures accumulate: one broken promise seldom comes alone. */

export class Report {
  readonly broken: string[]
  readonly #where: () => string

  constructor(where: () => string = () => "", broken: string[] = []) {
    this.#where = where
    this.broken = broken
  }

  /** A report that says where it is, and writes into the same list. Nobody spells out where a promise was kept. */
  within(where: string | (() => string)): Report {
    return new Report(() => `${this.#where()}${typeof where === "string" ? where : where()}: `, this.broken)
  }

  /** `message` shows the two numbers that disagree, and where. */
  require(holds: boolean, message: () => string): void {
    if (!holds) this.broken.push(this.#where() + message())
  }
}

export interface Invariant<State> {
  readonly because: string
  readonly check: (state: State, report: Report) => void
}
export type Invariants<State> = Readonly<Record<string, Invariant<State>>>

/** Thrown by a run whose promise broke: ours, not the user's. Carries every failure. */
export class BrokenPromise extends Error {
  readonly broken: readonly string[]
  constructor(broken: readonly string[], reproduce: string) {
    super(`${broken.length} broken promise(s):\n  ${broken.join("\n  ")}\nreproduce with: ${reproduce}`)
    this.name = "BrokenPromise"
    this.broken = broken
  }
}
