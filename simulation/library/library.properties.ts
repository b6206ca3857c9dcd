/** Whatever a record holds, it becomes a scenario that can be planned, or one sentence that says why not. Never anything else. */
import { readFileSync } from "node:fs"
import fc from "fast-check"
import { expect, test } from "vitest"
import { ScenarioProblem } from "../../protocol/boundary/problem.ts"
import { readScenario } from "../../protocol/boundary/scenario.ts"
import { resolve } from "../engine/resolve.ts"
import { translate } from "./translate.ts"

type Json = Record<string, unknown>
const records = (
  JSON.parse(readFileSync(new URL("../../scenarios/incidents.json", import.meta.url), "utf8")) as { incidents: readonly Json[] }
).incidents

/** A plan, or a problem of ours to tell. */
function plan(record: unknown): void {
  try {
    resolve(readScenario(JSON.parse(JSON.stringify(translate(record)))))
  } catch (cause) {
    if (!(cause instanceof ScenarioProblem)) throw cause
    // Once the record has a time, nothing that we made of it may be refused.
    expect(cause.message).toMatch(/give start as a time in UTC|not an incident/u)
    expect(cause.message).not.toContain("\n")
  }
}

const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    undefined,
    "",
    "soon",
    -1,
    0,
    1e12,
    Number.MAX_VALUE,
    true,
    [],
    {},
    [[]],
    "2025-13-40",
    "2025-06-01",
    "99%",
  ),
  fc.jsonValue({ maxDepth: 2 }),
)
const when = fc.oneof(
  {
    arbitrary: fc
      .date({ min: new Date("2010-01-01"), max: new Date("2030-01-01"), noInvalidDate: true })
      .map((d) => d.toISOString()),
    weight: 5,
  },
  { arbitrary: odd, weight: 1 },
)
const level = fc.oneof({ arbitrary: fc.double({ min: 0, max: 1, noNaN: true }), weight: 4 }, { arbitrary: odd, weight: 1 })
const phase = fc.constantFrom(
  "trigger",
  "onset",
  "detection",
  "diagnosis",
  "communication",
  "mitigation",
  "partial_recovery",
  "secondary_onset",
  "full_recovery",
  "info",
  "odd",
  "",
)
const domain = fc.record({
  type: fc.constantFrom(
    "provider",
    "region",
    "asn",
    "isp",
    "country",
    "power-grid",
    "power",
    "datacentre",
    "dns",
    "bgp",
    "submarine-cable",
    "control-plane",
    "certificate",
    "client-version",
    "software-monoculture",
    "consensus-halt",
    "overload",
    "gateway",
    "operator",
    "policy",
    "economic",
    "network",
    "oracle",
    "",
  ),
  value: fc.oneof(
    fc.constantFrom<unknown>(
      null,
      "aws",
      "ES",
      "ES,PT",
      "IN,PK,AE",
      "Spain and Portugal",
      "812",
      "AS3352",
      "telefonica",
      "iberia",
      "ercot",
      "us-east-1",
      "price crash",
      "single node",
    ),
    odd,
  ),
})
const record = fc.record(
  {
    id: fc.oneof(fc.constantFrom("x", "helium-x", "filecoin 2", "../../etc"), odd),
    name: fc.oneof(fc.string(), odd),
    kind: fc.constantFrom<unknown>("centralised", "decentralised", "Decentralized", null, 3),
    date: when,
    start: when,
    end: when,
    rootCause: fc.oneof(fc.constantFrom("price crash", "chain halt", "terms of service", "silent leak"), odd),
    fraction: fc.oneof(
      fc.array(
        fc.record({
          metric: fc.constantFrom("stake", "participation low", "duration minutes", "share"),
          value: fc.oneof(level, fc.integer({ max: 1e6 })),
        }),
      ),
      odd,
    ),
    timeline: fc.oneof(
      {
        arbitrary: fc.array(fc.record({ t: when, phase, what: fc.string(), capacity: level }, { requiredKeys: [] }), {
          maxLength: 8,
        }),
        weight: 5,
      },
      { arbitrary: odd, weight: 1 },
    ),
    detectMin: odd,
    mitigateMin: odd,
    mainRecoveryMin: fc.oneof(fc.integer({ min: -5, max: 1e5 }), odd),
    fullRecoveryMin: fc.oneof(fc.integer({ min: -5, max: 1e6 }), odd),
    simulate: fc.oneof(
      fc.record({
        select: fc.oneof(fc.record({ asn: fc.constant([812]) }), odd),
        profile: fc.oneof(fc.array(fc.tuple(fc.double({ min: -10, max: 1e5, noNaN: true }), level)), odd),
        profileBasis: odd,
      }),
      odd,
    ),
    conflicts: odd,
    sources: odd,
    domains: fc.oneof({ arbitrary: fc.array(domain, { maxLength: 4 }), weight: 5 }, { arbitrary: odd, weight: 1 }),
  },
  { requiredKeys: [] },
)

test("made-up records", () => {
  fc.assert(fc.property(record, plan), { numRuns: 400 })
})

test("real records, with one or two fields spoilt", () => {
  const spoilt = fc.tuple(
    fc.constantFrom(...records),
    fc.array(fc.tuple(fc.constantFrom(...Object.keys(records[0]), "detectMin", "conflicts"), odd), {
      minLength: 1,
      maxLength: 2,
    }),
  )
  fc.assert(
    fc.property(spoilt, ([real, changes]) => plan({ ...real, ...Object.fromEntries(changes) })),
    { numRuns: 300 },
  )
})

test("anything at all", () => {
  fc.assert(fc.property(fc.anything(), plan), { numRuns: 200 })
})
