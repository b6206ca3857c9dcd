/** Every verb: what it does to the truth, to whom, and when. */
import { describe, expect, test } from "vitest"
import type { Moment } from "../engine/plan.ts"
import type { Action, Where } from "./action.ts"
import { VERBS } from "./action.ts"
import { compileAgenda, type Entry, type Subject } from "./agenda.ts"
import { FAULTS } from "./verbs.ts"

const MINUTE = 60
const BEGIN = 1_000_000_800
const END = BEGIN + 24 * 60 * MINUTE
const everyone: Where = { network: "net" }

/** `n` nodes: every other one in the east, every third with the old client, node i with i minutes of backup. */
function population(n: number, backupMinutes: (node: number) => number = (node) => node): Subject {
  const each = (of: (node: number) => number) => Uint32Array.from({ length: n }, (_, node) => of(node))
  const client = each((node) => (node % 3 === 0 ? 1 : 0))
  return {
    places: {
      nodes: n,
      latE7: new Int32Array(n),
      lngE7: new Int32Array(n),
      utcOffsetMinutes: new Int16Array(n),
      backupMinutes: Uint16Array.from({ length: n }, (_, node) => backupMinutes(node)),
      domains: {
        grid: { of: each((node) => node % 2), names: ["west", "east"] },
        client: { of: client, names: ["new", "old", "newest"] },
      },
    },
    facilities: ["builder", "login"],
    behind: Uint8Array.from({ length: n }, (_, node) => (node < n / 4 ? 1 : 0)),
    client: client.slice(),
    stopped: new Uint8Array(n),
    cutS: new Float64Array(n),
    darkS: new Float64Array(n),
    failedS: new Float64Array(n),
    gone: new Uint8Array(n),
  }
}

type Told = readonly [minute: number, Action]
const moments = (told: readonly Told[]): Moment[] =>
  told.map(([minute, action], i) => ({ atS: BEGIN + minute * MINUTE, label: `moment ${i}`, do: action }))
const agenda = (subject: Subject, told: readonly Told[], seed = 1): readonly Entry[] =>
  compileAgenda(seed, END, moments(told), new Map([["net", subject]]))

/** Entries as [minute from the begin, type, node or facility, value]. */
const read = (entries: readonly Entry[]) =>
  entries.map(({ atS, type, row }) => [(atS - BEGIN) / MINUTE, type, ...Object.values(row)])
const nodesOf = (entries: readonly Entry[], type: string): number[] =>
  entries.filter((e) => e.type === type).map((e) => e.row.node)
const minutesOf = (entries: readonly Entry[], type: string): number[] =>
  entries.filter((e) => e.type === type).map((e) => (e.atS - BEGIN) / MINUTE)

test("every verb has its fault", () => {
  expect(Object.keys(FAULTS).sort()).toEqual([...VERBS].sort())
})

describe("kill, pause, restart", () => {
  test("a kill stops every node at once, and for good", () => {
    expect(read(agenda(population(3), [[10, { verb: "kill", where: everyone }]]))).toEqual(
      [0, 1, 2].map((node) => [10, "Stop", node]),
    )
  })

  test.each(["kill", "pause"] as const)("a %s for ten minutes ends after ten minutes", (verb) => {
    expect(read(agenda(population(2), [[10, { verb, where: everyone, forS: 600 }]]))).toEqual([
      [10, "Stop", 0],
      [10, "Stop", 1],
      [20, "Start", 0],
      [20, "Start", 1],
    ])
  })

  test("what is dead cannot be killed again, and restarts once", () => {
    const entries = agenda(population(4), [
      [10, { verb: "kill", where: everyone }],
      [20, { verb: "kill", where: everyone }],
      [30, { verb: "restart", where: everyone, overS: 0 }],
      [40, { verb: "restart", where: everyone, overS: 0 }],
    ])
    expect(minutesOf(entries, "Stop")).toEqual([10, 10, 10, 10])
    expect(minutesOf(entries, "Start")).toEqual([30, 30, 30, 30])
  })

  test("a restart brings back the killed only, each at its own whole minute of the span", () => {
    const entries = agenda(population(400), [
      [10, { verb: "kill", where: { ...everyone, domain: { grid: "east" } } }],
      [60, { verb: "restart", where: everyone, overS: 100 * MINUTE }],
    ])
    expect(nodesOf(entries, "Start").sort((a, b) => a - b)).toEqual(nodesOf(entries, "Stop"))
    const at = minutesOf(entries, "Start")
    expect(at.every((m) => Number.isInteger(m) && m >= 60 && m < 160)).toBe(true)
    expect(new Set(at).size).toBeGreaterThan(60)
  })
})

describe("disconnect, reconnect, degrade", () => {
  test("a disconnection over a span cuts each node at its own minute, for the same time each", () => {
    const entries = agenda(population(300), [[10, { verb: "disconnect", where: everyone, overS: 50 * MINUTE, forS: 5 * MINUTE }]])
    const cut = new Map(entries.filter((e) => e.type === "Cut").map((e) => [e.row.node, e.atS]))
    expect(cut.size).toBe(300)
    expect(new Set(cut.values()).size).toBeGreaterThan(40)
    for (const { type, row, atS } of entries) if (type === "Mend") expect(atS - cut.get(row.node)!).toBe(5 * MINUTE)
    for (const atS of cut.values()) expect(atS - BEGIN >= 10 * MINUTE && atS - BEGIN < 60 * MINUTE).toBe(true)
  })

  test("without an end it lasts until reconnect, which mends what was cut", () => {
    const entries = agenda(population(4), [
      [10, { verb: "disconnect", where: { ...everyone, domain: { grid: "west" } } }],
      [11, { verb: "disconnect", where: everyone }],
      [20, { verb: "reconnect", where: everyone, overS: 0 }],
      [21, { verb: "reconnect", where: everyone, overS: 0 }],
    ])
    expect(read(entries)).toEqual([
      ...[0, 2].map((n) => [10, "Cut", n]),
      ...[1, 3].map((n) => [11, "Cut", n]),
      ...[0, 1, 2, 3].map((n) => [20, "Mend", n]),
    ])
  })

  test("a reconnection in the middle of a disconnection never mends a link before it is cut", () => {
    const entries = agenda(population(200), [
      [10, { verb: "disconnect", where: everyone, overS: 60 * MINUTE }],
      [20, { verb: "reconnect", where: everyone, overS: 10 * MINUTE }],
    ])
    const cuts = new Int32Array(200)
    for (const { type, row } of entries) {
      cuts[row.node] += type === "Cut" ? 1 : -1
      expect(cuts[row.node]).toBeGreaterThanOrEqual(0)
    }
    expect(cuts.every((c) => c === 0)).toBe(true)
  })

  test("a degraded node lets a share through, until its time is over", () => {
    expect(read(agenda(population(1), [[10, { verb: "degrade", where: everyone, passesPermille: 300, forS: 600 }]]))).toEqual([
      [10, "Slow", 0, 300],
      [20, "Slow", 0, 1000],
    ])
  })
})

describe("blackout, restorePower", () => {
  test("each node stops when its own backup runs out; one that outlasts the blackout never notices", () => {
    const entries = agenda(population(5), [[10, { verb: "blackout", where: everyone, forS: 3 * MINUTE }]])
    expect(read(entries)).toEqual([
      [10, "Stop", 0],
      [11, "Stop", 1],
      [12, "Stop", 2],
      [13, "Start", 0],
      [13, "Start", 1],
      [13, "Start", 2],
    ])
  })

  test("power comes back to each at its own minute, and only to those it left", () => {
    const entries = agenda(
      population(300, (node) => node % 100),
      [
        [10, { verb: "blackout", where: { ...everyone, domain: { grid: "east" } } }],
        [40, { verb: "restorePower", where: everyone, overS: 60 * MINUTE }],
      ],
    )
    const offAt = new Map(entries.filter((e) => e.type === "Stop").map((e) => [e.row.node, (e.atS - BEGIN) / MINUTE]))
    for (const [node, minute] of offAt) {
      expect(node % 2).toBe(1)
      expect(minute).toBe(10 + (node % 100))
    }
    const starts = entries.filter((e) => e.type === "Start")
    expect(starts.map((e) => e.row.node).sort((a, b) => a - b)).toEqual([...offAt.keys()].sort((a, b) => a - b))
    for (const { atS, row } of starts) expect((atS - BEGIN) / MINUTE).toBeGreaterThan(offAt.get(row.node)!)
    // Nodes with 90 min and more of backup outlast the longest wait, 10 + 90 to 40 + 60; those with under 30 never do.
    expect([...offAt.keys()].some((node) => node % 100 >= 90)).toBe(false)
    expect([...offAt.keys()].filter((node) => node % 100 < 30)).toHaveLength(45)
  })

  test("without restored power, everybody stops in the end; a second blackout changes nothing", () => {
    const told: Told[] = [
      [10, { verb: "blackout", where: everyone }],
      [11, { verb: "blackout", where: everyone }],
    ]
    expect(read(agenda(population(4), told))).toEqual([0, 1, 2, 3].map((node) => [10 + node, "Stop", node]))
    // A battery that lasts past the end of the run is never seen to run out.
    expect(
      agenda(
        population(2, () => 5000),
        told,
      ),
    ).toEqual([])
  })
})

describe("corrupt, hinder, repair", () => {
  const builder = { network: "net", facility: "builder" } as const
  const ramp = {
    verb: "corrupt",
    ...builder,
    fromPermille: 500,
    toPermille: 1000,
    overS: 20 * MINUTE,
    everyS: 5 * MINUTE,
  } as const

  test("corruption climbs in steps to where it should be", () => {
    expect(read(agenda(population(1), [[10, ramp]]))).toEqual(
      [500, 625, 750, 875, 1000].map((level, i) => [10 + 5 * i, "SetCorrupt", 0, level]),
    )
    expect(read(agenda(population(1), [[10, { ...ramp, toPermille: 0 }]]))).toEqual(
      [500, 375, 250, 125, 0].map((level, i) => [10 + 5 * i, "SetCorrupt", 0, level]),
    )
  })

  test("at once, without a span", () => {
    expect(read(agenda(population(1), [[10, { ...ramp, overS: 0 }]]))).toEqual([[10, "SetCorrupt", 0, 1000]])
  })

  test.each([
    [
      "a repair",
      { verb: "repair", ...builder } as Action,
      [
        [18, "SetServed", 0, 1000],
        [18, "SetCorrupt", 0, 0],
      ],
    ],
    ["another corruption", { ...ramp, overS: 0, toPermille: 10 } as Action, [[18, "SetCorrupt", 0, 10]]],
  ])("%s cuts the ramp short", (_, then, expected) => {
    expect(
      read(
        agenda(population(1), [
          [10, ramp],
          [18, then],
        ]),
      ),
    ).toEqual([[10, "SetCorrupt", 0, 500], [15, "SetCorrupt", 0, 625], ...expected])
    // Written first, it still happens later.
    expect(
      read(
        agenda(population(1), [
          [18, then],
          [10, ramp],
        ]),
      ),
    ).toEqual([[10, "SetCorrupt", 0, 500], [15, "SetCorrupt", 0, 625], ...expected])
  })

  test("a repair of something else does not", () => {
    const entries = agenda(population(1), [
      [10, ramp],
      [18, { verb: "repair", network: "net", facility: "login" }],
    ])
    expect(entries.filter((e) => e.type === "SetCorrupt" && e.row.facility === 0)).toHaveLength(5)
  })

  test("a hindered facility serves less, until its time is over or it is repaired", () => {
    expect(
      read(agenda(population(1), [[10, { verb: "hinder", network: "net", facility: "login", servedPermille: 200, forS: 600 }]])),
    ).toEqual([
      [10, "SetServed", 1, 200],
      [20, "SetServed", 1, 1000],
    ])
  })
})

describe("upgrade", () => {
  const up: Action = {
    verb: "upgrade",
    where: { ...everyone, domain: { client: "old" } },
    client: "newest",
    overS: 0,
    downS: 120,
  }

  test("nodes install, and are down while they do", () => {
    expect(read(agenda(population(2), [[10, up]]))).toEqual([
      [10, "Install", 0, 2],
      [10, "Stop", 0],
      [12, "Start", 0],
    ])
    expect(read(agenda(population(2), [[10, { ...up, downS: 0 }]]))).toEqual([[10, "Install", 0, 2]])
  })

  test("who is meant by a client later on are those who have it by then", () => {
    const kill = (client: string): Action => ({ verb: "kill", where: { ...everyone, domain: { client } } })
    const entries = agenda(population(9), [
      [10, { ...up, downS: 0 }],
      [20, kill("old")],
      [30, kill("newest")],
    ])
    expect(read(entries).filter(([, type]) => type === "Stop")).toEqual([0, 3, 6].map((node) => [30, "Stop", node]))
  })

  test("each node at its own minute of the span", () => {
    expect(new Set(minutesOf(agenda(population(300), [[10, { ...up, overS: 60 * MINUTE }]]), "Install")).size).toBeGreaterThan(40)
  })
})

describe("who is meant", () => {
  const killed = (subject: Subject, where: Where, seed = 1) =>
    nodesOf(agenda(subject, [[10, { verb: "kill", where }]], seed), "Stop")

  test("every condition must hold", () => {
    const east = killed(population(24), { ...everyone, domain: { grid: "east" } })
    expect(east).toEqual(Array.from({ length: 12 }, (_, i) => 2 * i + 1))
    expect(killed(population(24), { ...everyone, domain: { grid: "east", client: "old" } })).toEqual([3, 9, 15, 21])
    expect(killed(population(24), { ...everyone, domain: { grid: "east", client: "old" }, behind: true })).toEqual([3])
    expect(killed(population(24), { ...everyone, domain: { grid: "nowhere" } })).toEqual([])
  })

  test("the largest domains of a type, whatever else is asked; of two as large the first", () => {
    const largest = (of: string, count: number, more: Partial<Where> = {}) =>
      killed(population(12), { ...everyone, ...more, largest: { of, count } })
    // Client 0 ("new") runs on 8 nodes, client 1 on 4; the grids hold 6 each, and west's first node comes first.
    expect(largest("client", 1)).toEqual([1, 2, 4, 5, 7, 8, 10, 11])
    expect(largest("client", 2)).toHaveLength(12)
    expect(largest("grid", 1)).toEqual([0, 2, 4, 6, 8, 10])
    expect(largest("client", 1, { domain: { grid: "east" } })).toEqual([1, 5, 7, 11])
  })

  test("a larger share only adds nodes: 10 % are among the 25 %, and they among all", () => {
    const share = (permille: number, seed?: number) => killed(population(4000), { ...everyone, permille }, seed)
    const [tenth, quarter] = [share(100), share(250)]
    expect(quarter).toEqual(expect.arrayContaining(tenth))
    // A binomial within five standard deviations.
    expect(Math.abs(tenth.length - 400)).toBeLessThan(5 * Math.sqrt(4000 * 0.1 * 0.9))
    expect(Math.abs(quarter.length - 1000)).toBeLessThan(5 * Math.sqrt(4000 * 0.25 * 0.75))
    expect(share(0)).toEqual([])
    expect(share(1000)).toHaveLength(4000)
    expect(share(100, 2)).not.toEqual(tenth)
  })

  test("a share is of those who are left, whatever else is asked", () => {
    const all = killed(population(1000), { ...everyone, permille: 300 })
    expect(killed(population(1000), { ...everyone, permille: 300, domain: { grid: "east" } })).toEqual(
      all.filter((node) => node % 2 === 1),
    )
  })

  test("two moments draw their shares apart", () => {
    const kill: Action = { verb: "kill", where: { ...everyone, permille: 300 }, forS: 60 }
    const entries = agenda(population(1000), [
      [10, kill],
      [20, kill],
    ])
    const at = (minute: number) =>
      entries.filter((e) => e.type === "Stop" && e.atS === BEGIN + minute * MINUTE).map((e) => e.row.node)
    expect(at(10)).not.toEqual(at(20))
  })
})

describe("the agenda", () => {
  const busy: Told[] = [
    [50, { verb: "restart", where: everyone, overS: 60 * MINUTE }],
    [10, { verb: "kill", where: { ...everyone, permille: 500 } }],
    [20, { verb: "blackout", where: { ...everyone, domain: { grid: "east" } } }],
    [20, { verb: "disconnect", where: everyone, overS: 60 * MINUTE, forS: 60 }],
    [70, { verb: "restorePower", where: everyone, overS: 300 }],
  ]

  test("is the same every time, and other with another seed", () => {
    expect(agenda(population(200), busy)).toEqual(agenda(population(200), busy))
    expect(agenda(population(200), busy)).not.toEqual(agenda(population(200), busy, 2))
  })

  test("is in order of time, then of the timeline, then of node", () => {
    const entries = agenda(population(200), busy)
    for (let i = 1; i < entries.length; i++) expect(entries[i].atS).toBeGreaterThanOrEqual(entries[i - 1].atS)
    const together = agenda(population(2), [
      [10, { verb: "degrade", where: everyone, passesPermille: 1 }],
      [10, { verb: "kill", where: everyone }],
    ])
    expect(read(together)).toEqual([
      [10, "Slow", 0, 1],
      [10, "Slow", 1, 1],
      [10, "Stop", 0],
      [10, "Stop", 1],
    ])
  })

  test("ends with the run", () => {
    const entries = agenda(population(2), [
      [24 * 60 - 5, { verb: "pause", where: everyone, forS: 10 * MINUTE }],
      [24 * 60, { verb: "kill", where: everyone }],
    ])
    expect(read(entries)).toEqual([0, 1].map((node) => [24 * 60 - 5, "Stop", node]))
  })

  test("a moment added at the end moves nobody's luck before it", () => {
    const before = agenda(population(200), busy)
    const after = agenda(population(200), [...busy, [300, { verb: "kill", where: { ...everyone, permille: 10 }, forS: 60 }]])
    expect(after.slice(0, before.length)).toEqual(before)
  })
})
