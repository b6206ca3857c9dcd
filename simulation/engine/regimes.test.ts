/** A run crosses a regime change on its date: at that instant, whatever the tick, and in one piece with what it began under. */
import { describe, expect, test } from "vitest"
import { readScenario, type Scenario } from "../../protocol/boundary/scenario.ts"
import { adopt, at, change, followHistory, hinder, kill, minutes, scenario } from "../../scenarios/vocabulary.ts"
import { environment } from "../record/environment.ts"
import { resolve } from "./resolve.ts"
import { Simulation } from "./simulation.ts"

const env = environment()
const NODES = 150

/** Two days around an instant, in epochs of `epochMinutes`. */
const around = (begins: string, preset: string, timeline: Scenario["timeline"], epochMinutes: number, change = {}): Scenario =>
  readScenario(
    JSON.parse(
      JSON.stringify(
        scenario({
          name: "crossing",
          question: "Does a run cross?",
          begins,
          lasts: { days: 3 },
          seed: 11,
          epoch: minutes(epochMinutes),
          networks: { helium: { nodes: NODES, preset, change } },
          timeline: timeline ?? [],
        }),
      ),
    ),
  )

interface Books {
  /** Of the state at the end. */
  readonly hash: string
  readonly hnt: number
  readonly iot: number
  readonly events: readonly string[]
}
function play(written: Scenario): Books {
  const seen: string[] = []
  let hash = ""
  const sim = new Simulation(resolve(written), {
    ...env,
    // The order of events as the log has it, without where its epochs end.
    onEpoch: () => {
      const [{ machine }] = sim.networks
      for (const { type, begin, end } of machine.runs) {
        const name = machine.types[type]
        const table = machine.rowsOf[type] as unknown as Record<string, ArrayLike<number>> & { shape: object }
        for (let i = begin; i < end; i++)
          seen.push(
            `${name} ${Object.keys(table.shape)
              .map((c) => table[c][i])
              .join(" ")}`,
          )
      }
    },
  })
  while (!sim.done) hash = sim.tick().header!.state
  const [helium] = sim.networks
  const epochs = helium.epochs.rows as unknown as Record<string, Float64Array>
  const sum = (column: string): number => epochs[column].subarray(0, helium.epochs.rows.length).reduce((a, b) => a + b, 0)
  return {
    hash,
    hnt: sum("rewardPaid"),
    iot: epochs.iotSupply[helium.epochs.rows.length - 1],
    events: seen,
  }
}
/** Within half an hour a log groups by type; within a type the order is one, however finely it is cut. */
const byType = ({ events }: Books): readonly string[] =>
  events
    .map((event, i) => ({ event, i, type: event.split(" ", 1)[0] }))
    .sort((a, b) => (a.type < b.type ? -1 : a.type > b.type ? 1 : a.i - b.i))
    .map(({ event }) => event)
const kinds = (books: Books): ReadonlySet<string> => new Set(books.events.map((e) => e.split(" ", 1)[0]))

describe("April 2023: Helium's own chain becomes a network on Solana", () => {
  const timeline = [at("2023-04-18T00:00:00Z", "the move", adopt("helium", "SOL-DNT"))]
  const run = (epochMinutes: number): Books => play(around("2023-04-16T00:00:00Z", "L1-2020/2023-02-02", timeline, epochMinutes))

  test("half hours of blocks are paid in HNT until then, days in IOT from then on", () => {
    const books = run(1440)
    const moved = books.events.findIndex((e) => e.startsWith("ParameterChanged"))
    expect(books.hnt).toBeGreaterThan(0)
    expect(books.iot).toBeGreaterThan(0)
    expect(books.events.findLastIndex((e) => e.startsWith("BlockEpochClosed"))).toBeLessThan(moved)
    expect(books.events.findIndex((e) => e.startsWith("SubDaoEmitted"))).toBeGreaterThan(moved)
    expect(books.events.filter((e) => e.startsWith("BlockEpochClosed"))).toHaveLength(96)
    expect(books.events.filter((e) => e.startsWith("IotEpochClosed"))).toHaveLength(1)
  })
  test("one log, one state, whether an epoch is a day, an hour, half an hour or ten minutes", () => {
    const [day, hour, half, ten] = [1440, 60, 30, 10].map(run)
    expect(hour.events).toEqual(day.events)
    expect(half.events).toEqual(day.events)
    expect(byType(ten)).toEqual(byType(day))
    expect([hour.hash, half.hash, ten.hash]).toEqual([day.hash, day.hash, day.hash])
  })
})

describe("July 2026: HIP-149 ends proof of coverage", () => {
  const timeline = [at("2026-07-17T00:00:00Z", "HIP-149", adopt("helium", "HIP149"))]
  const run = (epochMinutes: number): Books => play(around("2026-07-15T00:00:00Z", "SOL-HNT", timeline, epochMinutes))

  test("beacons end at that instant; data is paid on, and the backstop is worked out", () => {
    const books = run(1440)
    const changed = books.events.findIndex((e) => e.startsWith("ParameterChanged"))
    expect(books.events.findLastIndex((e) => e.startsWith("BeaconReported"))).toBeLessThan(changed)
    expect(books.events.findIndex((e) => e.startsWith("BackstopApplied"))).toBeGreaterThan(changed)
    const after = books.events.slice(changed).filter((e) => e.startsWith("RewardPaid"))
    expect(after.length).toBeGreaterThan(0)
    // node, beacon, witness, data
    for (const row of after) expect(row.split(" ").slice(2, 4)).toEqual(["0", "0"])
  })
  test("whatever the tick", () => {
    const [day, hour, quarter] = [1440, 60, 15].map(run)
    expect(hour.events).toEqual(day.events)
    expect(byType(quarter)).toEqual(byType(day))
    expect([hour.hash, quarter.hash]).toEqual([day.hash, day.hash])
  })
})

describe("Mobile, on every place", () => {
  const MOBILE = { mobileRadiosPermille: 1000, mobileHexesPerRadio: 5, mobileGeofence: 0 }
  const moved = (epochMinutes: number): Books =>
    play(
      around(
        "2023-04-17T00:00:00Z",
        "L1-2020/2023-02-02",
        [
          at("2023-04-17T00:00:00Z", "history", followHistory("helium")),
          at({ hours: 46 }, "Solana halts", hinder("helium", "ledger", { serves: { percent: 0 }, for: { hours: 5 } })),
        ],
        epochMinutes,
        MOBILE,
      ),
    )
  test("begins with SOL-DNT, is paid in MOBILE, and a day that a halt delays is paid late, whatever the tick", () => {
    const [day, hour, twenty] = [1440, 60, 20].map(moved)
    const begun = day.events.findIndex((e) => e.startsWith("RadioRegistered"))
    expect(begun).toBeGreaterThan(day.events.findIndex((e) => e.startsWith("ParameterChanged")))
    const issued = day.events.filter((e) => e.startsWith("MobileEmissionIssued")).map((e) => e.split(" ").map(Number))
    const april18 = Date.UTC(2023, 3, 18) / 86_400_000
    // day, emission, delegators, inMobile, treasury, overflow
    expect(issued.map((row) => [row[1], row[4]])).toEqual([
      [april18, 1],
      [april18 + 1, 1],
    ])
    expect(kinds(day)).toContain("MobileEpochDeferred")
    expect(kinds(day)).toContain("MobileTransferQueued")
    expect(hour.events).toEqual(day.events)
    // Heartbeats of one tick come in the order of radios: finer ticks tell the same ones in another order.
    expect(twenty.events.toSorted()).toEqual(day.events.toSorted())
    expect([hour.hash, twenty.hash]).toEqual([day.hash, day.hash])
  })
  test("follows its own dated changes, and lives on data alone after HIP-149", () => {
    const timeline = [at("2026-07-15T00:00:00Z", "history", followHistory("helium"))]
    const books = play(around("2026-07-15T00:00:00Z", "SOL-HNT", timeline, 1440, MOBILE))
    const split = books.events.filter((e) => e.startsWith("MobilePoolsSplit")).map((e) => e.split(" ").map(Number))
    // day, data, coverage
    expect(split).toHaveLength(3)
    expect(split.map((row) => row[3] > 0)).toEqual([true, true, false])
    expect(split[2][2]).toBeGreaterThan(0)
    const plan = resolve(
      around("2025-11-03T00:00:00Z", "SOL-HNT", [at("2025-11-03T00:00:00Z", "history", followHistory("helium"))], 1440, MOBILE),
    )
    const adopted = plan.timeline.map(({ do: action }) => (action.verb === "adopt" ? action : undefined))
    expect(adopted.map((a) => a?.preset)).toEqual(["SOL-HNT/2025-09-12", "SOL-HNT/2025-11-05"])
    expect(adopted[0]?.values).toMatchObject({ mobileDataPercent: 60, mobileMappersPercent: 20 })
    expect(adopted[1]?.values).toMatchObject({ mobileDataPercent: 70, mobileMappersPercent: 0 })
  })
})

describe("hotspots that challenge each other", () => {
  const run = (epochMinutes: number): Books =>
    play(
      around(
        "2021-08-01T00:00:00Z",
        "L1-2020/2021-08-01",
        [
          at({ hours: 30 }, "a halt", hinder("helium", "ledger", { serves: { percent: 0 }, for: { hours: 3 } })),
          at({ hours: 40 }, "some stop", kill("helium", { share: { percent: 20 } }, { for: { hours: 5 } })),
        ],
        epochMinutes,
      ),
    )
  test("issue, beacon, witness and collect in one order, whatever the tick", () => {
    const [day, hour, seven] = [1440, 60, 7].map(run)
    expect(kinds(day)).toContain("ChallengeCompleted")
    expect(kinds(day)).toContain("LedgerPaced")
    expect(hour.events).toEqual(day.events)
    expect(byType(seven)).toEqual(byType(day))
    expect([hour.hash, seven.hash]).toEqual([day.hash, day.hash])
  })
  test("lose what the halt kept the chain from issuing, and no traffic", () => {
    const books = run(1440)
    const closed = books.events.filter((e) => e.startsWith("BlockEpochClosed")).map((e) => e.split(" ").map(Number))
    // at, epochs, …, lost last: three hours of 2.5M HNT a month.
    const lost = closed.reduce((sum, row) => sum + row.at(-1)!, 0)
    expect(lost).toBeGreaterThan(6 * 173_611_111_111 - 10)
    expect(lost).toBeLessThanOrEqual(6 * 173_611_111_111 + 10)
    expect(kinds(books)).toContain("TransferQueued")
    expect(kinds(books)).toContain("QueuedCreditsBurned")
  })
})

describe("who follows history", () => {
  test("takes each dated change on its day, and what the scenario set itself stays", () => {
    const plan = resolve(
      around("2022-07-31T00:00:00Z", "L1-2020", [at("2022-07-31T00:00:00Z", "history", followHistory("helium"))], 1440, {
        witnessesMax: 9,
      }),
    )
    const adopted = plan.timeline.map(({ atS, do: action }) => [atS, action.verb === "adopt" ? action.preset : ""])
    expect(adopted).toEqual([
      [Date.UTC(2022, 6, 31) / 1000, "L1-2020/2022-05-11"],
      [Date.UTC(2022, 7, 1) / 1000, "L1-2020/2022-08-01"],
    ])
    const [, august] = plan.timeline
    expect(august.do).toMatchObject({ values: { trafficPpm: 375_000, challengers: 2 } })
    expect(Object.keys((august.do as unknown as { values: object }).values)).not.toContain("witnessesMax")
  })
  test("a preset that is not there is named, with the nearest that is", () => {
    const timeline = [at({ days: 1 }, "the move", { verb: "adopt", network: "helium", preset: "HIP194" } as never)]
    expect(() => resolve(around("2023-04-16T00:00:00Z", "SOL-DNT", timeline, 60))).toThrow(/HIP194.*HIP149/)
    const cdn = at({ days: 1 }, "history", { verb: "adopt", network: "cdn" })
    expect(() => resolve(around("2023-04-16T00:00:00Z", "SOL-DNT", [cdn], 60))).toThrow(/cdn/)
  })
  test("a change before it and after it still counts", () => {
    const timeline = [
      at({ hours: 1 }, "a rule", change("helium", "witnessesMax", 3)),
      at({ days: 1 }, "the move", adopt("helium", "SOL-DNT")),
    ]
    const books = play(around("2023-04-17T00:00:00Z", "L1-2020/2023-02-02", timeline, 720))
    expect(kinds(books)).toContain("SubDaoEmitted")
  })
})
