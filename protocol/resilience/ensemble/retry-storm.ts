/**
 * A first-in-first-out server, an outage, and clients that give up and try again: the metastable failure of Bronson et al. (HotOS'21) in
 * ticks of 0.1 s, as a fluid. Every cure is a switch, so that the storm can be shown without it and its absence with it.
 */

const TICKS_PER_S = 10
const GOOD_SHARE = 0.95

export interface Storm {
  readonly capacity: number
  /** New requests a second. */
  readonly offered: number
  /** How long a client waits for an answer. */
  readonly timeoutS: number
  /** How often it tries again. */
  readonly retries: number
  readonly outageS: number
  readonly outageStartS: number
  readonly horizonS: number
  /** The server skips work whose client has gone. */
  readonly dropExpired: boolean
}

export interface Cures {
  /** Wait before the first retry; doubles with each. 0: at once. */
  readonly backoffS?: number
  /** Retries of one moment are spread evenly over this much time. */
  readonly jitterS?: number
  /** Retries allowed as a share of new requests; absent: no limit. */
  readonly budget?: number
  /** The server takes the youngest work first. */
  readonly lifo?: boolean
  /** Requests that may stand in the queue; more are turned away at the door. Absent: no limit. */
  readonly queueMax?: number
}

export interface StormRun {
  /** Seconds from the start from which good answers stay at 95 % of offered; null: never. */
  readonly recoveredS: number | null
  /** Good answers over new requests, the whole run. */
  readonly goodShare: number
  /** Attempts per new request. */
  readonly amplification: number
}

/** Groups of requests that arrived together, as columns; `first` is the oldest still queued. */
class Queue {
  readonly bornTick: number[] = []
  readonly left: number[] = []
  readonly tries: number[] = []
  /** The first group that has not been told to give up; groups join in order of time, so the told ones are a prefix. */
  told = 0
  first = 0
  last = 0
  waiting = 0

  join(tick: number, amount: number, tries: number): void {
    this.bornTick.push(tick)
    this.left.push(amount)
    this.tries.push(tries)
    this.last++
    this.waiting += amount
  }
}

/** Runs the storm with the cures given. */
export function simulateStorm(storm: Storm, cures: Cures = {}): StormRun {
  const ticks = Math.round(storm.horizonS * TICKS_PER_S)
  const timeout = Math.round(storm.timeoutS * TICKS_PER_S)
  const downFrom = Math.round(storm.outageStartS * TICKS_PER_S)
  const downTo = downFrom + Math.round(storm.outageS * TICKS_PER_S)
  const arriving = storm.offered / TICKS_PER_S
  const backoff = Math.round((cures.backoffS ?? 0) * TICKS_PER_S)
  const jitter = Math.max(1, Math.round((cures.jitterS ?? 0) * TICKS_PER_S))
  const queue = new Queue()
  // Retries not yet due: amount by tick and by tries left.
  const due = Array.from({ length: storm.retries + 1 }, () => new Float64Array(ticks + 1))
  let allowance = 0
  let attempts = 0
  let goodAll = 0
  let recovered = 0

  const enter = (tick: number, amount: number, tries: number): void => {
    attempts += amount
    const room = cures.queueMax === undefined ? amount : Math.min(amount, Math.max(0, cures.queueMax - queue.waiting))
    if (room > 0) queue.join(tick, room, tries)
    // Turned away at the door: the client knows at once, and may try again like one that gave up.
    if (amount > room) retry(tick, amount - room, tries)
  }
  const retry = (tick: number, amount: number, tries: number): void => {
    if (tries === 0 || amount <= 0) return
    const allowed = cures.budget === undefined ? amount : Math.min(amount, allowance)
    if (cures.budget !== undefined) allowance -= allowed
    const wait = backoff === 0 ? 0 : backoff * (1 << Math.min(30, storm.retries - tries))
    if (wait === 0 && jitter === 1 && cures.queueMax === undefined) {
      attempts += allowed
      queue.join(tick, allowed, tries - 1)
      return
    }
    for (let j = 0; j < jitter; j++) {
      const at = tick + Math.max(1, wait + j)
      if (at <= ticks) due[tries - 1][at] += allowed / jitter
    }
  }

  for (let tick = 0; tick < ticks; tick++) {
    allowance = Math.min(storm.offered, allowance + arriving * (cures.budget ?? 0))
    enter(tick, arriving, storm.retries)
    for (let tries = 0; tries <= storm.retries; tries++) if (due[tries][tick] > 0) enter(tick, due[tries][tick], tries)

    let capacity = tick >= downFrom && tick < downTo ? 0 : storm.capacity / TICKS_PER_S
    let good = 0
    const serve = (g: number): void => {
      const expired = tick - queue.bornTick[g] > timeout
      if (expired && storm.dropExpired) {
        queue.waiting -= queue.left[g]
        queue.left[g] = 0
        return
      }
      const done = Math.min(capacity, queue.left[g])
      queue.left[g] -= done
      queue.waiting -= done
      capacity -= done
      if (!expired) good += done
    }
    if (cures.lifo === true) for (let g = queue.last - 1; g >= queue.first && capacity > 0; g--) serve(g)
    else for (let g = queue.first; g < queue.last && capacity > 0; g++) serve(g)
    while (queue.first < queue.last && queue.left[queue.first] <= 0) queue.first++

    const last = queue.last
    for (; queue.told < last && tick - queue.bornTick[queue.told] > timeout; queue.told++)
      retry(tick, queue.left[queue.told], queue.tries[queue.told])
    goodAll += good
    if (good < GOOD_SHARE * arriving - 1e-9) recovered = tick + 1
  }
  const requests = arriving * ticks
  return {
    recoveredS: recovered >= ticks ? null : recovered / TICKS_PER_S,
    goodShare: requests === 0 ? 1 : goodAll / requests,
    amplification: requests === 0 ? 1 : attempts / requests,
  }
}
