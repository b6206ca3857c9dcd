/**
 * Deals a study's jobs to runners: the next job goes to the runner with the fewest in hand for its threads, so that a slow machine, or one
 * that was dealt a long job, gets fewer. The cluster itself places an entity by a hash of its name, which knows nothing of load.
 */
import * as HashRing from "effect/HashRing"
import * as RunnerAddress from "effect/cluster/RunnerAddress"

/** A runner as the cluster lists it: weight is its number of threads. */
export interface Hand {
  readonly host: string
  readonly port: number
  readonly weight: number
}

/** Jobs in hand a thread, at least and at most: one to work on and one waiting, or as many as bridge AHEAD_S of answers on their way. */
const IN_HAND_MIN = 2
const IN_HAND_MAX = 64
const AHEAD_S = 0.8
/** Before a job has come back: as long as one is guessed to take. */
const GUESS_S = 0.1
/** How much of the mean a new job is. */
const SHARE = 0.1
/** Asked for while nobody is known to be there. */
const ALONE = 8

/** The shards of each runner, from 0, as the cluster's own ring gives them. */
export function shardsOf(hands: readonly Hand[], shards: number): number[][] {
  const ring = HashRing.make<RunnerAddress.RunnerAddress>()
  const places = new Map<string, number>()
  hands.forEach(({ host, port, weight }, place) => {
    HashRing.add(ring, RunnerAddress.make(host, port), { weight })
    places.set(`${host}:${port}`, place)
  })
  const owned: number[][] = hands.map(() => [])
  HashRing.getShards(ring, shards)?.forEach(({ host, port }, shard) => owned[places.get(`${host}:${port}`)!].push(shard))
  return owned
}

export class Dealer {
  /** Jobs out, by shard. */
  readonly #out: Uint32Array
  /** Shards of each runner; all of them nobody's before one is there. */
  #owned: number[][]
  #weights: number[] = [1]
  #signature = ""
  /** Where each runner's next job goes, in turn. */
  #turn: number[] = [0]
  #mean = GUESS_S
  #outAll = 0

  readonly shards: number

  constructor(shards: number) {
    this.shards = shards
    this.#out = new Uint32Array(shards)
    this.#owned = [Array.from({ length: shards }, (_, shard) => shard)]
  }

  /** Who is there now. Where the cluster sees it otherwise for a moment, only the balance suffers. */
  runners(hands: readonly Hand[]): void {
    const signature = hands.map(({ host, port, weight }) => `${host}:${port}×${weight}`).join()
    if (hands.length === 0 || signature === this.#signature) return
    this.#signature = signature
    this.#owned = shardsOf(hands, this.shards)
    this.#weights = hands.map(({ weight }) => weight)
    this.#turn = hands.map(() => 0)
  }

  /** Whether another job should be asked for now. */
  get hasRoom(): boolean {
    return this.#outAll < this.window
  }

  /** Jobs asked for at one time. */
  get window(): number {
    if (this.#signature === "") return ALONE
    const each = Math.min(IN_HAND_MAX, Math.max(IN_HAND_MIN, 1 + Math.ceil(AHEAD_S / this.#mean)))
    return each * this.#weights.reduce((sum, weight) => sum + weight, 0)
  }

  /** The shard, from 0, that the next job goes to. */
  take(): number {
    let [best, least] = [0, Infinity]
    for (let place = 0; place < this.#owned.length; place++) {
      const shards = this.#owned[place]
      // More runners than shards: some have none.
      if (shards.length === 0) continue
      let load = 0
      for (const shard of shards) load += this.#out[shard]
      load /= this.#weights[place]
      if (load < least) [best, least] = [place, load]
    }
    const shards = this.#owned[best]
    const shard = shards[this.#turn[best]++ % shards.length]
    this.#out[shard]++
    this.#outAll++
    return shard
  }

  /** A job that was dealt to this shard has come back, or never will; seconds it took where it ran. */
  back(shard: number, seconds?: number): void {
    this.#out[shard]--
    this.#outAll--
    if (seconds !== undefined) this.#mean += SHARE * (seconds - this.#mean)
  }
}
