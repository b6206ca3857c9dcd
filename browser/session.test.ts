/** A run on a page is the run of `blackstart run`: the same headers, forwards, backwards, forked, and told node by node. */
import { beforeAll, describe, expect, test } from "vitest"
import { readScenario } from "../protocol/boundary/scenario.ts"
import type { Header } from "../protocol/kernel/log.ts"
import { resolve } from "../simulation/engine/resolve.ts"
import { Simulation } from "../simulation/engine/simulation.ts"
import { environment } from "../simulation/record/environment.ts"
import { Desk } from "./desk.ts"
import { Life } from "./life.ts"
import { STOPPED, type FromCore, type LifeEvent, type LifePart } from "./messages.ts"
import { Session } from "./session.ts"
import { economyOf, OUTAGE } from "./small.ts"

/** As the command line plays it. */
function headersOf(scenario: unknown): readonly Header[] {
  const sim = new Simulation(resolve(readScenario(scenario)), environment())
  const headers: Header[] = []
  while (!sim.done) headers.push(sim.tick().header!)
  return headers
}

let session: Session
let headers: readonly Header[]
beforeAll(() => {
  session = new Session(OUTAGE)
  session.finish()
  headers = headersOf(OUTAGE)
})

test("the headers are those of the command line", () => {
  expect(session.headers).toEqual(headers)
  expect(session.epochs).toBe(headers.length)
  expect(session.hashes()).toMatchObject({ epoch: headers.length, log: headers.at(-1)!.hash, state: headers.at(-1)!.state })
})

test("time goes back and forth, and comes to the same hash", () => {
  const own = new Session(OUTAGE, { snapshotBytes: 4_000_000 })
  own.finish()
  expect(own.snapshots.epochs.length).toBeGreaterThan(1)
  own.scrub(5)
  expect(own.hashes().log).toBe(headers[4].hash)
  const early = own.frame(4)
  expect(early.rows.helium.endS[0]).toBe(headers[4].at)
  own.scrub(9)
  expect(own.hashes().state).toBe(headers[8].state)
  own.finish()
  expect(own.hashes().log).toBe(headers.at(-1)!.hash)
  own.scrub(0)
  own.finish()
  expect(own.hashes()).toEqual(session.hashes())
  expect(() => own.scrub(99)).toThrow(/there is no epoch 99: this run has 16/)
})

test("a node that stopped is shown as stopped, and others by what was lost", () => {
  const own = new Session(OUTAGE)
  own.scrub(5)
  const { nodes } = own.frame(4)
  const stopped = nodes.helium.filter((level) => level === STOPPED).length
  expect(stopped).toBeGreaterThan(10)
  expect(stopped).toBeLessThan(50)
  expect(Math.max(...nodes.cdn)).toBeGreaterThan(50)
})

test("a fork is the same past and the run of the scenario it says", () => {
  const own = new Session(OUTAGE)
  own.scrub(7)
  const other = own.fork([{ network: "helium", parameter: "witnessesMax", value: 3 }])
  other.finish()
  expect(other.headers.slice(0, 7)).toEqual(headers.slice(0, 7))
  expect(other.headers).toEqual(headersOf(other.scenario))
  expect(other.headers.at(-1)!.hash).not.toBe(headers.at(-1)!.hash)
  expect(() => own.fork([{ network: "helium", parameter: "witnesesMax", value: 3 }])).toThrow(/witnessesMax/)
  expect(() => own.fork([])).toThrow(/changes nothing/)
})

/** Every part of a node's life, newest window first. */
function lifeOf(of: Session, network: string, node: number): readonly LifePart[] {
  const life = new Life(of, network, node)
  const parts: LifePart[] = []
  while (parts.at(-1)?.done !== true) {
    const part = life.next()
    if (part !== undefined) parts.push(part)
  }
  return parts
}

describe("a node's life", () => {
  test("holds every row that names it, in order, and folding it changes nothing", () => {
    const hash = session.hashes()
    const counted = countRows(OUTAGE, "helium", 3)
    const events = lifeOf(session, "helium", 3)
      .toReversed()
      .flatMap((p) => p.events)
    expect(tally(events.filter((e) => e.side === "protocol"))).toEqual(counted)
    expect(Object.keys(counted).length).toBeGreaterThan(4)
    for (let i = 1; i < events.length; i++) expect(events[i].epoch).toBeGreaterThanOrEqual(events[i - 1].epoch)
    expect(session.hashes()).toEqual(hash)
  })

  test("names the rule that wrote each row: a command, or a line of a settlement", () => {
    const events = lifeOf(session, "helium", 3).flatMap((p) => p.events)
    for (const e of events) if (e.side === "protocol") expect(e.cause, e.type).toBeDefined()
    expect(events.find((e) => e.type === "NodeRegistered")?.cause).toMatchObject({ kind: "command", name: "RegisterNode" })
    expect(events.find((e) => e.type === "RewardPaid")?.cause).toMatchObject({ kind: "settlement", name: "day.pay_hotspots" })
    expect(events.every((e) => e.because !== "")).toBe(true)
  })

  test("says why it is not to be had", () => {
    expect(() => new Life(session, "helium", 120)).toThrow("helium has no node 120: its nodes are 0 to 119")
  })
})

test("the economy keeps its promises, and its sabotage is caught", () => {
  const own = new Session(economyOf(300, { emissionTokensPerDay: 300, costMaxMilliUsd: 3000 }, 60))
  own.finish()
  const rows = own.frame(0, true)
  expect(rows.rows.economy.nodeLeft.reduce((a, b) => a + b)).toBeGreaterThan(10)
  expect(rows.income!.economy.reduce((a, b) => a + b)).toBe(rows.rows.economy.tokenMinted.reduce((a, b) => a + b))
  const machine = own.simulate(own.plan).networks[0].machine
  const { invariants, sabotage } = machine.network
  for (const [name, breakIt] of Object.entries(sabotage)) {
    const state = machine.network.genesis({ nodes: 3 }, machine.params)
    breakIt(state)
    const broken: string[] = []
    invariants[name].check(state, { require: (holds: boolean, say: () => string) => void (holds || broken.push(say())) } as never)
    expect(broken, name).toHaveLength(1)
  }
  expect(() => new Session(economyOf(10, { costMinMilliUsd: 5000 }))).toThrow(/the cheapest operator/)
  expect(() => new Session({ ...economyOf(10), networks: { economy: { nodes: 5, change: { burnPermile: 1 } } } })).toThrow(
    /burnPermille/,
  )
})

test("a desk answers, pushes frames to the end, and says what is wrong in one sentence", async () => {
  const said: FromCore[] = []
  const desk = new Desk({
    post: (m) => void said.push(m),
    later: (work) => void setImmediate(work),
    now: () => performance.now(),
  })
  desk.take({ id: 1, do: "step", ask: {} })
  desk.take({ id: 2, do: "start", ask: { scenario: { ...OUTAGE, networks: { heliun: { nodes: 3 } } } } })
  expect(said.map((m) => "problem" in m && m.problem)).toEqual([
    "nothing is running: start a scenario first",
    expect.stringMatching(/there is no network heliun; did you mean helium\?/),
  ])
  desk.take({ id: 3, do: "start", ask: { scenario: OUTAGE } })
  desk.take({ id: 4, do: "run", ask: {} })
  await expect.poll(() => said.at(-1), { timeout: 15_000 }).toMatchObject({ push: "frame", frame: { done: true } })
  const frames = said.flatMap((m) => ("push" in m && m.push === "frame" ? [m.frame] : []))
  expect(frames.flatMap((f) => f.headers)).toEqual(headers)
  desk.take({ id: 5, do: "scrub", ask: { epoch: 3 } })
  expect(said.at(-1)).toMatchObject({ re: 5, answer: { epoch: 3, headers: [headers[2]] } })
})

/** The network's rows that name a node, by type, counted on the way. */
function countRows(scenario: unknown, network: string, node: number): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  const sim = new Simulation(
    resolve(readScenario(scenario)),
    environment({
      onEpoch() {
        const { machine } = sim.networks.find((n) => n.name === network)!
        machine.rowsOf.forEach((rows, type) => {
          for (const column of Object.keys(rows.shape).filter((c) => rows.shape[c].unit === "node"))
            for (let i = 0; i < rows.length; i++)
              if ((rows as unknown as Record<string, Uint32Array>)[column][i] === node)
                counts[machine.types[type]] = (counts[machine.types[type]] ?? 0) + 1
        })
      },
    }),
  )
  while (!sim.done) sim.tick()
  return counts
}

const tally = (events: readonly LifeEvent[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for (const { type } of events) counts[type] = (counts[type] ?? 0) + 1
  return counts
}
