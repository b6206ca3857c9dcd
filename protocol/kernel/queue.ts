/**
 * What falls due next: a binary heap in typed arrays, ordered by time and, at one time, by the order of scheduling.
 *
 * Two entries never compare equal, so the order is total and the same on every engine. Nothing is allocated but when the
 * queue outgrows its room, which doubles.
 */
export class EventQueue {
  #times: Float64Array
  #sequences: Float64Array
  #payloads: Uint32Array
  #length = 0
  #next = 0

  constructor(capacity = 1024) {
    this.#times = new Float64Array(Math.max(1, capacity))
    this.#sequences = new Float64Array(this.#times.length)
    this.#payloads = new Uint32Array(this.#times.length)
  }

  get length(): number {
    return this.#length
  }
  /** Entries ever scheduled: the sequence number of the next one. */
  get scheduled(): number {
    return this.#next
  }
  /** When the first entry is due; Infinity when there is none. */
  get time(): number {
    return this.#length === 0 ? Infinity : this.#times[0]
  }
  /** What the first entry carries. Call only when there is one. */
  get payload(): number {
    return this.#payloads[0]
  }

  /** Schedules a u32 at `time`, a whole number in any one unit, behind all that was scheduled for that time before. */
  push(time: number, payload: number): void {
    if (this.#length === this.#times.length) this.#grow()
    const times = this.#times
    const sequences = this.#sequences
    const payloads = this.#payloads
    // The new entry is the youngest, so it rises past later times only, never past an equal one.
    let hole = this.#length++
    while (hole > 0) {
      const parent = (hole - 1) >> 1
      if (times[parent] <= time) break
      times[hole] = times[parent]
      sequences[hole] = sequences[parent]
      payloads[hole] = payloads[parent]
      hole = parent
    }
    times[hole] = time
    sequences[hole] = this.#next++
    payloads[hole] = payload
  }

  /** Drops the first entry; read its time and payload before. Does nothing when there is none. */
  pop(): void {
    if (this.#length === 0) return
    const last = --this.#length
    const times = this.#times
    const sequences = this.#sequences
    const payloads = this.#payloads
    const time = times[last]
    const sequence = sequences[last]
    // The hole sinks to a leaf, then the last entry rises from there: it came from a leaf and seldom rises far.
    let hole = 0
    let child = 1
    while (child < last) {
      const other = child + 1
      if (other < last && (times[other] < times[child] || (times[other] === times[child] && sequences[other] < sequences[child])))
        child = other
      times[hole] = times[child]
      sequences[hole] = sequences[child]
      payloads[hole] = payloads[child]
      hole = child
      child = 2 * hole + 1
    }
    while (hole > 0) {
      const parent = (hole - 1) >> 1
      if (times[parent] < time || (times[parent] === time && sequences[parent] < sequence)) break
      times[hole] = times[parent]
      sequences[hole] = sequences[parent]
      payloads[hole] = payloads[parent]
      hole = parent
    }
    times[hole] = time
    sequences[hole] = sequence
    payloads[hole] = payloads[last]
  }

  #grow(): void {
    const wider = <T extends Float64Array | Uint32Array>(old: T, fresh: T): T => {
      fresh.set(old)
      return fresh
    }
    const capacity = 2 * this.#times.length
    this.#times = wider(this.#times, new Float64Array(capacity))
    this.#sequences = wider(this.#sequences, new Float64Array(capacity))
    this.#payloads = wider(this.#payloads, new Uint32Array(capacity))
  }
}
