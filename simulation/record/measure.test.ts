/** What an outage cost, by hand: the definitions of measure.ts on epochs that anyone can add up. */
import { describe, expect, test } from "vitest"
import type { Inhabited } from "../engine/simulation.ts"
import { measure } from "./measure.ts"

const ONSET = 1_000_000_020
const MINUTE = 60

/** Epochs of service: how long each was, and the share of 1,000 requests that was served. */
interface Epoch {
  readonly seconds: number
  readonly served: number
  readonly offered?: number
}

/** A network that lived through `epochs`, of which the first `before` ended by the onset. */
function lived(epochs: readonly Epoch[], before: number, detectedS?: number): Inhabited {
  const beginS = ONSET - epochs.slice(0, before).reduce((sum, e) => sum + e.seconds, 0)
  let at = beginS
  const rows = {
    length: epochs.length,
    endS: Uint32Array.from(epochs, (e) => (at += e.seconds)),
    seconds: Uint32Array.from(epochs, (e) => e.seconds),
    offeredMilli: Float64Array.from(epochs, (e) => e.offered ?? 1_000_000),
    servedMilli: Float64Array.from(epochs, (e) => ((e.offered ?? 1_000_000) * e.served) / 1000),
    degradedMilli: Float64Array.from(epochs, () => 5),
  }
  const network = {
    nodeWord: "node",
    service: { unit: "request" },
    ...(detectedS === undefined ? {} : { detectedS: () => detectedS }),
  }
  return { name: "hand-made", network, lender: { nodes: 3 }, machine: { state: {} }, epochs: { rows } } as unknown as Inhabited
}
const whole = (n: number): Epoch[] => Array.from({ length: n }, () => ({ seconds: MINUTE, served: 1000 }))
const minutesAt = (served: number, n: number): Epoch[] => Array.from({ length: n }, () => ({ seconds: MINUTE, served }))
const window = (minutes: number) => ({ from: ONSET, to: ONSET + minutes * MINUTE })

describe("the whole run", () => {
  test("without an incident, only totals", () => {
    expect(measure(lived([...whole(3), ...minutesAt(500, 1)], 3), undefined)).toEqual({
      network: "hand-made",
      nodeWord: "node",
      unit: "request",
      nodes: 3,
      offeredMilli: 4_000_000,
      servedMilli: 3_500_000,
      degradedMilli: 20,
      windowOfferedMilli: null,
      windowServedMilli: null,
      windowAvailabilityPpm: null,
      blastRadiusPpm: null,
      lostCapacityMinutes: null,
      detectS: null,
      mitigateS: null,
      recoverS: null,
    })
  })

  test("an incident that nobody felt", () => {
    expect(measure(lived(whole(10), 4), window(3))).toMatchObject({
      windowAvailabilityPpm: 1_000_000,
      blastRadiusPpm: 0,
      lostCapacityMinutes: 0,
      mitigateS: 0,
      recoverS: 0,
      detectS: null,
    })
  })
})

describe("availability in the window", () => {
  test("is served by offered, of the epochs between onset and main recovery only", () => {
    // Half lost for two minutes of the window of four; what fails before and after it is not in it.
    const epochs = [...minutesAt(100, 2), ...minutesAt(500, 2), ...whole(2), ...minutesAt(200, 5), ...whole(1)]
    expect(measure(lived(epochs, 2), window(4))).toMatchObject({
      windowOfferedMilli: 4_000_000,
      windowServedMilli: 3_000_000,
      windowAvailabilityPpm: 750_000,
    })
  })

  test("weighs an epoch by what was asked in it", () => {
    const epochs: Epoch[] = [
      ...whole(1),
      { seconds: MINUTE, served: 0, offered: 100_000 },
      { seconds: MINUTE, served: 1000, offered: 900_000 },
    ]
    expect(measure(lived(epochs, 1), window(2)).windowAvailabilityPpm).toBe(900_000)
  })

  test("is unknown when nothing was asked", () => {
    const epochs: Epoch[] = [...whole(1), { seconds: MINUTE, served: 0, offered: 0 }, ...whole(2)]
    expect(measure(lived(epochs, 1), window(1))).toMatchObject({
      windowOfferedMilli: 0,
      windowAvailabilityPpm: null,
      blastRadiusPpm: 0,
      recoverS: 0,
    })
  })
})

describe("blast radius and lost-capacity minutes", () => {
  test("the worst epoch from onset on, and the integral of what was lost, to the end of the run", () => {
    const epochs = [...minutesAt(0, 3), ...minutesAt(400, 10), ...minutesAt(900, 20), ...whole(5)]
    // 10 min * 0.6 + 20 min * 0.1; the three minutes before onset do not count.
    expect(measure(lived(epochs, 3), window(10))).toMatchObject({ blastRadiusPpm: 600_000, lostCapacityMinutes: 8 })
  })

  test("count seconds, however long epochs are", () => {
    const short = measure(lived([...whole(1), ...minutesAt(250, 60), ...whole(60)], 1), window(60))
    const long = measure(
      lived(
        [
          { seconds: 3600, served: 1000 },
          { seconds: 3600, served: 250 },
          { seconds: 3600, served: 1000 },
        ],
        1,
      ),
      window(60),
    )
    expect(short).toMatchObject({ lostCapacityMinutes: 45, blastRadiusPpm: 750_000, recoverS: 3600, mitigateS: 3600 })
    expect(long).toMatchObject({ lostCapacityMinutes: 45, blastRadiusPpm: 750_000, recoverS: 3600, mitigateS: 3600 })
  })

  test("an onset within an epoch: its losses count, for they came after it", () => {
    const epochs: Epoch[] = [...whole(1), { seconds: 60, served: 500 }, ...whole(3)]
    const n = lived(epochs, 1)
    expect(measure(n, { from: ONSET + 30, to: ONSET + 120 })).toMatchObject({
      blastRadiusPpm: 500_000,
      lostCapacityMinutes: 0.5,
      recoverS: 30,
    })
  })
})

describe("times from onset", () => {
  const oscillating = [...whole(5), ...minutesAt(200, 10), ...whole(5), ...minutesAt(200, 10), ...minutesAt(970, 20), ...whole(5)]

  test("mitigated: the last epoch below 95 % has ended; recovered: the last below 99.9 %", () => {
    expect(measure(lived(oscillating, 5), window(25))).toMatchObject({ mitigateS: 25 * MINUTE, recoverS: 45 * MINUTE })
  })

  test("exactly at the bounds is not below them", () => {
    expect(measure(lived([...whole(1), ...minutesAt(950, 5), ...whole(1)], 1), window(5))).toMatchObject({
      mitigateS: 0,
      recoverS: 5 * MINUTE,
    })
    expect(measure(lived([...whole(1), ...minutesAt(999, 5), ...whole(1)], 1), window(5))).toMatchObject({
      mitigateS: 0,
      recoverS: 0,
    })
    expect(measure(lived([...whole(1), ...minutesAt(949, 5), ...whole(1)], 1), window(5)).mitigateS).toBe(5 * MINUTE)
  })

  test("still down at the end: never", () => {
    expect(measure(lived([...whole(2), ...minutesAt(300, 10)], 2), window(10))).toMatchObject({ mitigateS: null, recoverS: null })
    expect(measure(lived([...whole(2), ...minutesAt(300, 10), ...minutesAt(980, 10)], 2), window(10))).toMatchObject({
      mitigateS: 10 * MINUTE,
      recoverS: null,
    })
  })

  test("silence at the end is no recovery", () => {
    const silent: Epoch[] = [...whole(2), ...minutesAt(300, 3), { seconds: MINUTE, served: 0, offered: 0 }]
    expect(measure(lived(silent, 2), window(3)).recoverS).toBeNull()
  })

  test("detected: when the network declared it, from onset; never, before onset, or without a notion of it: null", () => {
    const epochs = [...whole(2), ...minutesAt(300, 5), ...whole(2)]
    expect(measure(lived(epochs, 2, ONSET + 180), window(5)).detectS).toBe(180)
    expect(measure(lived(epochs, 2, 0), window(5)).detectS).toBeNull()
    expect(measure(lived(epochs, 2, ONSET - 3600), window(5)).detectS).toBeNull()
    expect(measure(lived(epochs, 2), window(5)).detectS).toBeNull()
  })
})

/** Copied from shared/vectors/resilience.json, format 1. */
describe("published incidents", () => {
  test("resilience.lossOfResilience.cloudflare-dec5: 28 % for 25 minutes", () => {
    // Its points (0, 1), (1, 0.72), (24, 0.72), (25, 1) are joined by lines; an epoch holds the mean of its minute.
    const expected = { lorMinutes: 6.72, minQ: 0.72, durationMin: 25 }
    const epochs = [...whole(1), ...minutesAt(860, 1), ...minutesAt(720, 23), ...minutesAt(860, 1), ...whole(5)]
    const result = measure(lived(epochs, 1), window(25))
    expect(result.lostCapacityMinutes).toBeCloseTo(expected.lorMinutes, 9)
    expect(1 - result.blastRadiusPpm! / 1e6).toBeCloseTo(expected.minQ, 9)
    expect(result.recoverS! / MINUTE).toBe(expected.durationMin)
  })

  test("resilience.incidentTimes.nov18: from 11:28", () => {
    const clock = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3))
    const input = { impact: "11:28", detect: "11:31", firstMitigation: "13:05", main: "14:30", full: "17:06" }
    const expected = { detectMin: 3, firstMitigationMin: 97, mainRecoveryMin: 182, fullRecoveryMin: 338 }
    const after = (name: keyof typeof input): number => clock(input[name]) - clock(input.impact)
    // Below 95 % until the main recovery, below 99.9 % until the full one, as that day is told.
    const first = after("firstMitigation")
    const epochs = [
      ...whole(2),
      ...minutesAt(250, first),
      ...minutesAt(330, after("main") - first),
      ...minutesAt(980, after("full") - after("main")),
      ...whole(30),
    ]
    const result = measure(lived(epochs, 2, ONSET + after("detect") * MINUTE), window(after("main")))
    expect(first).toBe(expected.firstMitigationMin)
    expect(result.detectS! / MINUTE).toBe(expected.detectMin)
    expect(result.mitigateS! / MINUTE).toBe(expected.mainRecoveryMin)
    expect(result.recoverS! / MINUTE).toBe(expected.fullRecoveryMin)
  })
})
