/** The figures of a study's runs as they come in: 8 bytes a measure and run, and nothing else grows with their number. */

export class Results {
  readonly measures: readonly string[]
  #values: Float64Array
  #known: Uint8Array
  #count = 0

  constructor(measures: readonly string[]) {
    this.measures = measures
    this.#values = new Float64Array(1024 * measures.length)
    this.#known = new Uint8Array(1024)
  }

  /** Runs that are known. */
  get count(): number {
    return this.#count
  }

  has(run: number): boolean {
    return run < this.#known.length && this.#known[run] === 1
  }

  set(run: number, values: readonly (number | null)[]): void {
    const width = this.measures.length
    if (run >= this.#known.length) {
      const runs = Math.max(run + 1, 2 * this.#known.length)
      const [values2, known2] = [new Float64Array(runs * width), new Uint8Array(runs)]
      values2.set(this.#values)
      known2.set(this.#known)
      this.#values = values2
      this.#known = known2
    }
    for (let k = 0; k < width; k++) this.#values[run * width + k] = values[k] ?? NaN
    if (this.#known[run] === 0) this.#count++
    this.#known[run] = 1
  }

  get(run: number, measure: number): number {
    return this.#values[run * this.measures.length + measure]
  }
}
