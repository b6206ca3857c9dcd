import fc from "fast-check"
import { createHash } from "node:crypto"
import { describe, expect, it } from "vitest"
import type { NewHasher } from "./hash.ts"
import { Log } from "./log.ts"
import { Machine, PARAMETER_CHANGED } from "./machine.ts"
import { network, type AnyNetwork } from "./network.ts"
import { params, resolve } from "./param.ts"
import { appendFact, command, event, tables, type Fact } from "./row-type.ts"
import { loadTables, saveTables } from "./snapshot.ts"
import { specify } from "./specify.ts"
import { filled, reserve, type AnyTable, type Table } from "./table.ts"
import { count, count32, nodeIndex, unit } from "./unit.ts"

/** A toy in which order matters: each node has a number that is raised, doubled, won in auctions and halved each hour. */
const wealth = { node: nodeIndex, by: count32 } as const
const events = {
  Raised: event("a number grew", wealth),
  Doubled: event("a number doubled", { node: nodeIndex }),
  Won: event("an auction was won", { lot: count32, node: nodeIndex, price: count32 }),
  Halved: event("the hour halved it", { node: nodeIndex }),
  Counted: event("the hour saw this sum", { sum: count }),
}
const commands = {
  Raise: command("grow", wealth, ["Raised"], "batch"),
  Spend: command("take away, one row after another", wealth, ["Raised"]),
  // Two types, and their evolves do not commute: (x + by) · 2 is not x · 2 + by.
  RaiseAndDouble: command("grow, then double", wealth, ["Raised", "Doubled"]),
  Bid: command(
    "offer for a lot; the highest wins, ties to the first",
    { lot: count32, node: nodeIndex, price: count32 },
    ["Won"],
    { book: "lot" },
  ),
  Mistake: command("writes what it does not say", { node: nodeIndex }, ["Raised"]),
}
const refusals = { too_poor: "it has less than that", too_cheap: "below the reserve price" }
interface State {
  readonly x: Table<{ readonly value: typeof signed }>
  readonly seen: Table<{ readonly sum: typeof count }>
}
const signed = unit("x", "safe")
const toy = network({
  name: "toy",
  because: "to see the machine at work",
  service: { unit: "x", because: "none" },
  nodeWord: "node",
  commands,
  events,
  refusals,
  params: params({
    reservePrice: { default: 10, unit: "x", range: [0, 100], source: "assumption: invented", because: "cheap bids lose" },
    floorPrice: { default: 5, unit: "x", range: [0, 100], source: "assumption: invented", because: "cheap bids lose" },
  }),
  coherent: (p) => (p.floorPrice > p.reservePrice ? "toy.floorPrice is above toy.reservePrice" : undefined),
  presets: { plain: { because: "the only one", values: {} } },
  defaultPreset: "plain",
  genesis: ({ nodes }): State => ({ x: filled({ value: signed }, nodes), seen: filled({ sum: count }, 1) }),
  tables: (s) => ({ x: s.x, seen: s.seen }),
  decide: {
    Raise(_, rows, begin, end, { out }) {
      for (let i = begin; i < end; i++) appendFact(out, { type: "Raised", node: rows.node[i], by: rows.by[i] })
    },
    Spend(s, rows, begin, end, { out, refuse }) {
      for (let i = begin; i < end; i++)
        if (s.x.value[rows.node[i]] < rows.by[i]) refuse(i, "too_poor")
        else appendFact(out, { type: "Raised", node: rows.node[i], by: rows.by[i] })
    },
    RaiseAndDouble(s, rows, begin, end, { out, refuse }) {
      for (let i = begin; i < end; i++) {
        if (s.x.value[rows.node[i]] > 1e9) {
          refuse(i, "too_poor")
          continue
        }
        appendFact(out, { type: "Raised", node: rows.node[i], by: rows.by[i] })
        appendFact(out, { type: "Doubled", node: rows.node[i] })
      }
    },
    Bid(_, rows, begin, end, { out, params: p, refuse }) {
      let best = -1
      for (let i = begin; i < end; i++)
        if (rows.price[i] < p.reservePrice) refuse(i, "too_cheap")
        else if (best < 0 || rows.price[i] > rows.price[best]) best = i
      if (best >= 0) appendFact(out, { type: "Won", lot: rows.lot[best], node: rows.node[best], price: rows.price[best] })
    },
    Mistake(_, _rows, _begin, _end, { out }) {
      appendFact(out, { type: "Counted", sum: 1 })
    },
  },
  evolve: {
    Raised: ({ x }, rows, begin, end) => {
      for (let i = begin; i < end; i++) x.value[rows.node[i]] += rows.by[i]
    },
    Doubled: ({ x }, rows, begin, end) => {
      for (let i = begin; i < end; i++) x.value[rows.node[i]] *= 2
    },
    Won: ({ x }, rows, begin, end) => {
      for (let i = begin; i < end; i++) x.value[rows.node[i]] += rows.price[i]
    },
    Halved: ({ x }, rows, begin, end) => {
      for (let i = begin; i < end; i++) x.value[rows.node[i]] = Math.floor(x.value[rows.node[i]] / 2)
    },
    Counted: ({ seen }, rows, begin, end) => {
      for (let i = begin; i < end; i++) seen.sum[0] = rows.sum[i]
    },
  },
  cadences: {
    hour: {
      because: "to see lines in order",
      everySeconds: 3600,
      lines: {
        halve({ x }, _at, { out }) {
          reserve(out.Halved, x.length)
          for (let node = 0; node < x.length; node++) if (x.value[node] > 0) out.Halved.node[out.Halved.length++] = node
        },
        count({ x }, _at, { out }) {
          appendFact(out, { type: "Counted", sum: x.value.subarray(0, x.length).reduce((a, b) => a + b, 0) })
        },
      },
    },
  },
  invariants: {},
  metrics: {},
  nodeMeasures: {},
  inhabit: {
    profile: "none",
    facilities: [],
    demandMilliPerNodeMinute: () => 0,
    enter: () => ({ arrive() {}, act() {}, serve: () => ({ offeredMilli: 0, servedMilli: 0, degradedMilli: 0 }) }),
  },
  sabotage: {},
})

const ports = {} as never
const NODES = 4
const given = specify(toy, { nodes: NODES, ports })
const raised = (node: number, by: number) => ({ type: "Raised", node, by }) as const
const values = (s: State) => [...s.x.value]

describe("decide → evolve", () => {
  it("by row: the next row sees what the last did", () => {
    const {
      refusals: why,
      refusedAt,
      state,
    } = given(raised(0, 3)).when(
      { type: "Spend", node: 0, by: 3 },
      { type: "Spend", node: 0, by: 6 },
      { type: "Spend", node: 0, by: 13 },
    )
    expect([values(state)[0], why, refusedAt]).toEqual([12, ["too_poor"], [2]])
  })

  it("by book: rows that stand together with one key are one decision", () => {
    const bid = (lot: number, node: number, price: number) => ({ type: "Bid", lot, node, price }) as const
    const {
      facts,
      refusals: why,
      refusedAt,
    } = given().when(bid(7, 0, 20), bid(7, 1, 30), bid(7, 2, 30), bid(8, 3, 9), bid(9, 3, 11))
    expect(facts).toEqual([
      { type: "Won", lot: 7, node: 1, price: 30 },
      { type: "Won", lot: 9, node: 3, price: 11 },
    ])
    expect([why, refusedAt]).toEqual([["too_cheap"], [3]])
  })

  it("by batch: one decision for the whole range, and only that range", () => {
    const { machine, state } = given()
    const rows = tables(commands, 3).Raise
    rows.length = 3
    rows.node.set([0, 1, 2])
    rows.by.set([5, 6, 7])
    machine.step("Raise", rows, 1, 3)
    expect(values(state)).toEqual([0, 6, 7, 0])
    expect(machine.runs).toEqual([{ type: 0, begin: 0, end: 2 }])
  })

  it("refusals are counted by reason, in declared order", () => {
    const { machine } = given().when(
      { type: "Spend", node: 0, by: 1 },
      { type: "Spend", node: 1, by: 1 },
      { type: "Bid", lot: 1, node: 0, price: 1 },
    )
    expect(machine.reasons).toEqual(["too_poor", "too_cheap"])
    expect([...machine.refused]).toEqual([2, 1])
  })

  it("the log keeps the order in which the state saw the rows, and joins neighbours of one type", () => {
    const go = { type: "RaiseAndDouble", node: 0, by: 1 } as const
    const { facts, machine, state } = given().when(go, go, { type: "Raise", node: 1, by: 1 }, { type: "Raise", node: 2, by: 1 })
    expect(facts.map((f) => f.type)).toEqual(["Raised", "Doubled", "Raised", "Doubled", "Raised", "Raised"])
    expect(machine.runs).toHaveLength(5)
    expect(values(state)[0]).toBe((0 + 1) * 2 * 2 + 1 * 2)
  })
})

describe("settle", () => {
  it("runs its lines in order, each seeing what the last did", () => {
    const { facts, state } = given(raised(0, 9), raised(2, 4)).settle("hour", 3600)
    expect(facts).toEqual([
      { type: "Halved", node: 0 },
      { type: "Halved", node: 2 },
      { type: "Counted", sum: 6 },
    ])
    expect(values(state)).toEqual([4, 0, 2, 0])
  })
})

describe("parameters", () => {
  it("given a change, then decide sees it, the log tells it and the state holds it", () => {
    const { machine, when } = given()
    machine.change("reservePrice", 50)
    expect(machine.runs).toEqual([{ type: machine.types.indexOf(PARAMETER_CHANGED), begin: 0, end: 1 }])
    expect(machine.params.reservePrice).toBe(50)
    expect([...(machine.stateTables().params as unknown as { value: Float64Array }).value]).toEqual([50, 5])
    expect(when({ type: "Bid", lot: 1, node: 0, price: 49 }).refusals).toEqual(["too_cheap"])
  })

  it("a wrong change is refused in one sentence and changes nothing", () => {
    const { machine } = given()
    expect(() => machine.change("reservePrise", 1)).toThrow("did you mean toy.reservePrice (x, 0 to 100)?")
    expect(() => machine.change("reservePrice", 101)).toThrow("out of range")
    expect(() => machine.change("floorPrice", 11)).toThrow("toy.floorPrice is above toy.reservePrice")
    expect([machine.runs.length, machine.params.reservePrice]).toEqual([0, 10])
  })

  it("a story may begin with changed ones, and a wrong one is named", () => {
    expect(
      specify(toy, { nodes: 1, params: { reservePrice: 1, floorPrice: 0 }, ports })().when({
        type: "Bid",
        lot: 1,
        node: 0,
        price: 1,
      }).refusals,
    ).toEqual([])
    expect(() => specify(toy, { nodes: 1, params: { reservePrice: -1 }, ports })()).toThrow("out of range")
    expect(() => specify(toy, { nodes: 1, params: { floorPrice: 11 }, ports })()).toThrow(
      "toy.floorPrice is above toy.reservePrice",
    )
  })
})

describe("what is ours to get right crashes", () => {
  const machine = (change: Partial<AnyNetwork>) =>
    new Machine({ ...toy, ...change }, NODES, resolve("toy", toy.params, undefined), ports)
  const row = () => {
    const t = tables(commands, 1)
    for (const c of Object.values(t)) c.length = 1
    return t as unknown as Record<string, AnyTable>
  }
  it("an unknown command", () =>
    expect(() => machine({}).step("Rise", row().Raise, 0, 1)).toThrow("toy has no command Rise; it has Raise, Spend"))
  it("an event that the command does not say it emits", () =>
    expect(() => machine({}).step("Mistake", row().Mistake, 0, 1)).toThrow(
      "toy.Mistake wrote Counted, which it does not say it emits",
    ))
  it("and so does one that a command writes late in an epoch of many: at the next settlement, and at the epoch's end", () => {
    for (const end of [(m: Machine) => m.settle("hour", 3600), (m: Machine) => m.clear()]) {
      let writes = 0
      const late = machine({
        decide: { ...toy.decide, Mistake: (s, r, b, e, to) => ++writes > 1000 && toy.decide.Mistake(s, r, b, e, to) },
      })
      const { Mistake } = row()
      for (let i = 0; i < 1001; i++) late.step("Mistake", Mistake, 0, 1)
      expect(() => end(late)).toThrow("a command of toy wrote Counted, which it does not say it emits")
    }
  })
  it("an emitted type that is not declared", () =>
    expect(() => machine({ commands: { Raise: command("", wealth, ["Rised"]) } }).step("Raise", row().Raise, 0, 1)).toThrow(
      "toy.Raise says it emits Rised",
    ))
  it("a reason that is not declared", () =>
    expect(() => machine({ refusals: {} }).step("Spend", Object.assign(row().Spend, { by: Uint32Array.of(1) }), 0, 1)).toThrow(
      "toy refused with too_poor",
    ))
  it("the kernel's own event declared by a network", () =>
    expect(() => machine({ events: { [PARAMETER_CHANGED]: event("", {}) } })).toThrow("toy may not declare ParameterChanged"))
})

const sha256: NewHasher = () => {
  const h = createHash("sha256")
  return { update: (b) => void h.update(b), digest: () => new Uint8Array(h.digest()) }
}
type Act = Fact<typeof commands> | "hour" | { readonly reservePrice: number }
const node = fc.nat(NODES - 1)
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ type: fc.constantFrom("Raise", "Spend", "RaiseAndDouble"), node, by: fc.nat(50) }) as fc.Arbitrary<Act>,
  fc.record({ type: fc.constant("Bid"), lot: fc.nat(2), node, price: fc.nat(40) }) as fc.Arbitrary<Act>,
  fc.constant("hour" as const),
  fc.record({ reservePrice: fc.integer({ min: 5, max: 100 }) }),
)
/** A life is epochs of acts. */
const life = fc.array(fc.array(act, { maxLength: 12 }), { minLength: 1, maxLength: 5 })

function play(story: ReturnType<typeof given>, acts: readonly Act[], together: boolean): void {
  const { machine } = story
  for (let i = 0; i < acts.length;) {
    const a = acts[i]
    if (a === "hour") machine.settle("hour", 3600)
    else if ("reservePrice" in a) machine.change("reservePrice", a.reservePrice)
    else {
      const rows = tables(commands, 0)
      let j = i
      while (j < acts.length && (acts[j] as { type?: string }).type === a.type && (together || j === i))
        appendFact(rows, acts[j++] as Fact<typeof commands>)
      machine.step(a.type, (rows as unknown as Record<string, AnyTable>)[a.type], 0, j - i)
      i = j
      continue
    }
    i++
  }
}
const headersOf = (story: ReturnType<typeof given>, log: Log, epochs: readonly (readonly Act[])[], together = true) =>
  epochs.map((acts, e) => {
    play(story, acts, together)
    return log.close([story.machine], e)
  })

describe("laws of the machine", () => {
  it("replay: folding the logged runs in order gives the live state, parameters included", () => {
    fc.assert(
      fc.property(life, (epochs) => {
        const live = given()
        const again = given()
        const hash = (m: Machine) => Buffer.from(new Log(sha256).stateHash([m])).toString("hex")
        for (const acts of epochs) {
          play(live, acts, true)
          for (const { type, begin, end } of live.machine.runs) again.machine.replay(type, live.machine.rowsOf[type], begin, end)
          expect(hash(again.machine)).toBe(hash(live.machine))
          expect(again.machine.params).toEqual(live.machine.params)
          live.machine.clear()
        }
      }),
    )
  })

  it("two runs of one life have one log, whether rows of a command come together or one by one", () => {
    fc.assert(
      fc.property(life, (epochs) => {
        // A book is one decision however it is told, so its bids are left out of the comparison.
        const rows = epochs.map((acts) => acts.filter((a) => (a as { type?: string }).type !== "Bid"))
        expect(headersOf(given(), new Log(sha256), epochs)).toEqual(headersOf(given(), new Log(sha256), epochs))
        expect(headersOf(given(), new Log(sha256), rows, false)).toEqual(headersOf(given(), new Log(sha256), rows))
      }),
    )
  })

  it("fork and resume: from a snapshot of any epoch the same future has the same hashes", () => {
    fc.assert(
      fc.property(life, fc.nat(4), (epochs, pick) => {
        const at = pick % epochs.length
        const live = given()
        const log = new Log(sha256)
        const before = headersOf(live, log, epochs.slice(0, at))
        const bytes = saveTables(live.machine.stateTables())
        const from = { epoch: log.epoch, previous: log.hash, rows: log.rows }
        const rest = headersOf(live, log, epochs.slice(at))

        const fork = given()
        loadTables(fork.machine.stateTables(), bytes)
        fork.machine.refreshParams()
        expect(before).toHaveLength(at)
        expect(headersOf(fork, new Log(sha256, undefined, from), epochs.slice(at))).toEqual(rest)
      }),
    )
  })
})
