/** Jobs go to whoever has the fewest in hand for their threads. */
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { Dealer, shardsOf, type Hand } from "./dealer.ts"
import { SHARDS } from "./wire.ts"

const hand = (port: number, weight = 1): Hand => ({ host: "127.0.0.1", port, weight })

/** Plays jobs on runners that each do one after another, `speeds[i]` seconds a job; says how many each did, and when the last ended. */
function play(jobs: number, speeds: readonly number[]): { readonly done: number[]; readonly ended: number } {
  const dealer = new Dealer(SHARDS)
  const ownerOf = owners(speeds.map((_, i) => hand(1000 + i)))
  dealer.runners(speeds.map((_, i) => hand(1000 + i)))
  const done = speeds.map(() => 0)
  const queues = speeds.map((): number[] => [])
  const busyUntil = speeds.map(() => Infinity)
  let [left, now] = [jobs, 0]
  for (;;) {
    while (left > 0 && dealer.hasRoom) {
      const shard = dealer.take()
      queues[ownerOf[shard]].push(shard)
      left--
    }
    queues.forEach((queue, i) => {
      if (queue.length > 0 && busyUntil[i] === Infinity) busyUntil[i] = now + speeds[i]
    })
    const next = busyUntil.indexOf(Math.min(...busyUntil))
    if (busyUntil[next] === Infinity) return { done, ended: now }
    now = busyUntil[next]
    busyUntil[next] = Infinity
    done[next]++
    dealer.back(queues[next].shift()!, speeds[next])
  }
}

/** Which runner has each shard. */
function owners(hands: readonly Hand[]): number[] {
  const of = Array.from({ length: SHARDS }, () => -1)
  shardsOf(hands, SHARDS).forEach((shards, place) => shards.forEach((shard) => (of[shard] = place)))
  return of
}

describe("a dealer", () => {
  test("deals as many to one runner as to another that is as fast", () => {
    const { done } = play(200, [0.05, 0.05])
    expect(Math.abs(done[0] - done[1])).toBeLessThanOrEqual(2)
  })

  test("deals fewer to a slow one, so that both end about together", () => {
    const { done, ended } = play(1000, [0.05, 0.2])
    expect(done[0]).toBeGreaterThan(3.5 * done[1])
    // The two together do 25 a second.
    expect(ended).toBeLessThan(1000 / 25 + 3)
  })

  test("gives a runner of eight threads eight times what it gives a runner of one", () => {
    const hands = [hand(1, 8), hand(2, 1)]
    const dealer = new Dealer(SHARDS)
    dealer.runners(hands)
    const given = [0, 0]
    const ownerOf = owners(hands)
    while (dealer.hasRoom) given[ownerOf[dealer.take()]]++
    expect(given[1]).toBeGreaterThan(0)
    expect(given[0]).toBe(8 * given[1])
  })

  test("asks for a few when nobody is known to be there, and for no more of long jobs than to have one in hand", () => {
    const dealer = new Dealer(SHARDS)
    expect(dealer.window).toBe(8)
    dealer.runners([])
    expect(dealer.window).toBe(8)
    dealer.runners([hand(1, 4)])
    for (let n = 0; n < 100; n++) dealer.back(dealer.take(), 60)
    expect(dealer.window).toBe(8)
  })

  test("never deals to a shard that is not, whoever comes and goes", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.array(fc.nat(9), { maxLength: 5 }), fc.nat(40), fc.nat(40)), { maxLength: 12 }),
        (acts) => {
          const dealer = new Dealer(SHARDS)
          const out: number[] = []
          for (const [ports, takes, backs] of acts) {
            dealer.runners([...new Set(ports)].map((port) => hand(port + 1, 1 + (port % 3))))
            for (let n = 0; n < takes && dealer.hasRoom; n++) out.push(dealer.take())
            for (let n = 0; n < backs && out.length > 0; n++) dealer.back(out.pop()!, 0.1)
          }
          expect(out.every((shard) => Number.isInteger(shard) && shard >= 0 && shard < SHARDS)).toBe(true)
          for (const shard of out) dealer.back(shard, 0.1)
          expect(dealer.hasRoom).toBe(true)
        },
      ),
    )
  })
})
