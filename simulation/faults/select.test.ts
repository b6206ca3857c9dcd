/** Every attribute of a node can be named by a fault, alone, by its largest values, and together with others. */
import { describe, expect, test } from "vitest"
import { stream } from "../../protocol/kernel/random.ts"
import { domainTypes } from "../world/placement.ts"
import { profileOf, profiles } from "../world/profiles.ts"
import { sampleNodes } from "../world/sampler.ts"
import { compileAgenda, type Subject } from "./agenda.ts"
import { select } from "./select.ts"

const NODES = 400
const SEED = 7
const luck = stream(SEED, "test")
const subjectOf = (profile: string): Subject => {
  const places = sampleNodes(profileOf(profile), SEED, NODES)
  return {
    places,
    facilities: [],
    behind: new Uint8Array(NODES),
    client: Uint32Array.from(places.domains.client.of),
    stopped: new Uint8Array(NODES),
    cutS: new Float64Array(NODES),
    failedS: new Float64Array(NODES),
    gone: new Uint8Array(NODES),
    darkS: new Float64Array(NODES),
    fate: new Uint8Array(NODES),
  }
}

describe.each([...profiles.keys()])("of %s", (profile) => {
  const subject = subjectOf(profile)
  test.each(domainTypes)("%s: each value takes its nodes, all values take all, the largest takes most", (type) => {
    const { of, names } = subject.places.domains[type]
    const taken = names.map((name) => select({ network: "x", domain: { [type]: name } }, subject, luck))
    taken.forEach((nodes, i) => expect(nodes.every((n) => of[n] === i)).toBe(true))
    expect(taken.reduce((sum, nodes) => sum + nodes.length, 0)).toBe(NODES)
    const largest = select({ network: "x", largest: { of: type, count: 1 } }, subject, luck)
    expect(largest.length).toBe(Math.max(...taken.map((nodes) => nodes.length)))
  })
  test("conditions stand together: a make of machine, in a country, a share of them", () => {
    const { hardware, country } = subject.places.domains
    const where = { network: "x", domain: { hardware: hardware.names[0], country: country.names[0] } }
    const both = select(where, subject, luck)
    expect([...both]).toEqual([...Array(NODES).keys()].filter((n) => hardware.of[n] === 0 && country.of[n] === 0))
    const some = select({ ...where, permille: 500 }, subject, luck)
    expect(some.every((n) => both.includes(n))).toBe(true)
    expect(some.length).toBeLessThanOrEqual(both.length)
  })
})

test("why a node is away: with its domain, by itself, or still with its domain though something of its own befell it", () => {
  const subject = subjectOf("residential")
  const country = subject.places.domains.country.names[0]
  const kill = (atS: number, where: object, forS: number) => ({
    atS,
    label: `${atS}`,
    do: { verb: "kill", where: { network: "x", ...where }, forS } as const,
  })
  const causes = (timeline: Parameters<typeof compileAgenda>[2]) =>
    new Map(
      compileAgenda(SEED, 10_000, timeline, new Map([["x", subject]]))
        .filter((e) => e.type === "Stop")
        .map((e) => [`${e.row.node}@${e.atS}`, e.fate]),
    )
  const alone = causes([kill(100, { permille: 1000 }, 50)])
  expect([...new Set(alone.values())]).toEqual([1])
  const both = causes([
    kill(100, { domain: { country } }, 500),
    kill(200, { permille: 1000 }, 50),
    kill(900, { permille: 1000 }, 50),
  ])
  for (let node = 0; node < NODES; node++) {
    const isDark = subject.places.domains.country.of[node] === 0
    expect(both.get(`${node}@100`)).toBe(isDark ? 2 : undefined)
    expect(both.get(`${node}@200`)).toBe(isDark ? 2 : 1)
    expect(both.get(`${node}@900`)).toBe(1)
  }
})
