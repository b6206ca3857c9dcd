/** Providers, watchers and blocks in a world of this file's making: who forges, who waits, who skips, and what a halt does. */
import { describe, expect, test } from "vitest"
import { DAY } from "../../kernel/clock.ts"
import type { Habitat } from "../../kernel/habitat.ts"
import { Machine } from "../../kernel/machine.ts"
import { resolve } from "../../kernel/param.ts"
import { tables, type Tables } from "../../kernel/row-type.ts"
import type { AnyTable } from "../../kernel/table.ts"
import { SLOT_S } from "./chain-time.ts"
import type { Commands } from "./commands.ts"
import { filecoin } from "./index.ts"
import type { State } from "./state.ts"

const T = 20_410 * DAY
const small = {
  sectorsPerDeadline: 10,
  sizeSpreadPermille: 0,
  genesisQaGibPerMiner: 98_304,
  lossyPermille: 0,
  lazyPermille: 0,
  withdrawingPermille: 0,
}

/** Runs half hours with everybody up; `served` says what share of each facility there is in a half hour. */
function live(
  nodes: number,
  halfHours: number,
  change: Readonly<Record<string, number>>,
  served: (facility: string, halfHour: number) => number = () => 1000,
) {
  const machine = new Machine(filecoin, nodes, resolve("filecoin", filecoin.params, undefined, { ...small, ...change }), {
    geometry: {} as never,
  })
  let now = 0
  const alone = { of: new Uint32Array(nodes), names: ["all"] }
  const habitat = {
    seed: 7,
    nodes,
    beginS: T,
    places: { domains: { operator: alone, country: alone } },
    running: new Uint8Array(nodes).fill(1),
    throughPermille: new Uint16Array(nodes).fill(1000),
    truthVersion: () => 1,
    served: (facility: string) => served(facility, now),
    corrupt: () => 0,
    params: () => machine.params,
  } as unknown as Habitat
  const commands = tables(filecoin.commands, 16) as Tables<Commands>
  const submit = (type: string): void => {
    const rows = (commands as Record<string, AnyTable>)[type]
    if (rows.length > 0) machine.step(type, rows, 0, rows.length)
    rows.length = 0
  }
  const actors = filecoin.inhabit.enter({
    habitat,
    state: machine.state as State,
    commands,
    memory: {} as AnyTable,
    submit,
  } as never)
  actors.arrive()
  const seen: Readonly<Record<string, number>>[] = []
  for (; now < halfHours; now++) {
    actors.act(T + now * SLOT_S, T + (now + 1) * SLOT_S)
    machine.settle("halfHour", T + (now + 1) * SLOT_S)
    if (((now + 1) * SLOT_S) % DAY === 0) machine.settle("day", T + (now + 1) * SLOT_S)
    seen.push(Object.fromEntries(Object.entries(filecoin.metrics).map(([name, m]) => [name, m.of(machine.state as State)])))
  }
  const refused = Object.fromEntries(machine.reasons.map((r, i) => [r, machine.refused[i]]).filter(([, n]) => n !== 0))
  return { state: machine.state as State, seen, last: seen.at(-1)!, refused }
}

describe("forging providers", () => {
  test("are found out by watchers, pay, and lose that power for good; honest ones never are", () => {
    const { last, refused, state } = live(60, 60, { forgingPermille: 200, watchedPermille: 1000 })
    expect(last["proof.disputed"]).toBeGreaterThan(30)
    expect(last["sectors.faulty"]).toBe(10 * last["proof.disputed"])
    expect(refused).toEqual({})
    const fallen = Array.from(state.miner.faulty).filter((n) => n > 0).length
    // About a fifth of sixty, each with about a quarter of its deadlines gone.
    expect(fallen).toBeGreaterThan(5)
    expect(fallen).toBeLessThan(20)
  })
  test("keep their power where nobody watches", () => {
    const { last } = live(60, 60, { forgingPermille: 200, watchedPermille: 0 })
    expect([last["proof.disputed"], last["sectors.faulty"]]).toEqual([0, 0])
  })
})

describe("blocks", () => {
  test("come five an epoch: null rounds are about e^-5 of them", () => {
    const { last } = live(30, 96, {})
    const epochs = 95 * 60
    // Expected 38.4, standard deviation 6.2.
    expect(Math.abs(last["epoch.null"] - epochs * 0.006738)).toBeLessThan(5 * 6.2)
    expect(last["tipset.null"]).toBe(last["epoch.null"])
    expect(last["chain.halted"]).toBe(0)
  })
  test("without room for every proof leave some deadlines unproven, and all are proven with it", () => {
    // 300 blocks of 10,000 in a half hour take 600 proofs of 5000; 40 providers prove.
    expect(live(40, 10, { proofMegaGas: 5000 }).last["proof.missed"]).toBe(0)
    const scarce = (f: string) => (f === "consensus" ? 20 : 1000)
    const { last } = live(40, 10, { proofMegaGas: 5000 }, scarce)
    expect(last["proof.missed"]).toBeGreaterThan(0)
    expect(live(40, 10, { proofMegaGas: 5000, capacityOn: 0 }, scarce).last["proof.missed"]).toBeLessThan(last["proof.missed"])
  })
})

describe("a halt", () => {
  const halt = (facility: string, h: number) => (facility === "consensus" && h >= 10 && h < 25 ? 0 : 1000)
  const { seen } = live(40, 100, {}, halt)
  test("makes no block and closes no deadline while it lasts", () => {
    expect(seen[24]["tipset.blocks"]).toBe(seen[9]["tipset.blocks"])
    expect([seen[24]["proof.missed"], seen[24]["power.faulty"], seen[24]["chain.halted"]]).toEqual([0, 0, 15])
  })
  test("costs fifteen of forty-eight deadlines' power at its end, and no fee", () => {
    expect([seen[25]["proof.missed"], seen[25]["power.faulty"]]).toEqual([15 * 40, Math.floor(15_000 / 48)])
    expect(seen[99]["fee.fault"]).toBe(0)
  })
  test("is over a day later: every recovery was declared and proven", () => expect(seen[99]["power.faulty"]).toBe(0))
})

describe("fast finality", () => {
  test("stands with three quarters of the power, falls behind with three fifths, while blocks come as before", () => {
    const [with75, with60] = [live(200, 30, { f3SkippingPermille: 250 }), live(200, 30, { f3SkippingPermille: 400 })]
    expect([with75.last["f3.halted"], with75.last["f3.behind"] < 20]).toEqual([0, true])
    expect(with60.last["f3.instance"]).toBe(0)
    expect(with60.last["win.paid"]).toBe(with75.last["win.paid"])
  })
})
