/** Data that is no scenario is refused with one sentence that names the thing, its place, and what would be right. */
import { describe, expect, test } from "vitest"
import { DOMAINS, permilleOf, readScenario, scenarioJsonSchema, VERBS } from "./scenario.ts"
import { VERBS as ACTION_VERBS } from "../../simulation/faults/action.ts"
import { domainTypes } from "../../simulation/world/placement.ts"

const good = () => ({
  question: "What does one bad file cost?",
  begins: "2025-11-15T00:00:00Z",
  lasts: { days: 2 },
  seed: 1,
  epoch: { hours: 1 },
  networks: { helium: { nodes: 10, change: { witnessesMax: 10 } } } as Record<string, unknown>,
  timeline: [
    {
      at: { hours: 1 },
      label: "bad file",
      do: { verb: "corrupt", network: "cdn", facility: "config-builder", to: { percent: 100 } } as Record<string, unknown>,
    },
  ] as unknown,
  expect: [{ claim: "keeps", network: "helium", atLeast: { percent: 90 }, during: "run" }] as unknown,
})
type Draft = ReturnType<typeof good> & Record<string, unknown>
const action = (draft: Draft) => (draft.timeline as { do: Record<string, unknown> }[])[0].do

function refusal(spoil: (draft: Draft) => void): string {
  const draft = good() as Draft
  spoil(draft)
  try {
    readScenario(draft)
  } catch (error) {
    expect((error as Error).name).toBe("ScenarioProblem")
    return (error as Error).message
  }
  throw new Error("it was taken for a scenario")
}

test("a good scenario is given back as it is", () => expect(readScenario(good())).toEqual(good()))

test("the words of this language are those of the world", () => {
  expect([...DOMAINS]).toEqual([...domainTypes])
  // A crash of the price is not done to the world: it is resolved into changed rules and operators who leave.
  expect([...VERBS].toSorted()).toEqual([...ACTION_VERBS, "crash"].toSorted())
})

describe("what is wrong is said in one sentence", () => {
  test.each<[string, (draft: Draft) => void, RegExp]>([
    [
      "a seed that is missing",
      (d) => delete (d as Partial<Draft>).seed,
      /^the scenario has no seed: it needs a whole number from 0 to \d+$/,
    ],
    ["a seed in two halves", (d) => (d.seed = 1.5), /^seed must be a whole number from 0 to \d+, and is 1\.5$/],
    ["a misspelt field", (d) => (d.qestion = "?"), /^a scenario has no qestion; did you mean question\?/],
    [
      "an unknown unit of time",
      (d) => (d.lasts = { weeks: 2 } as never),
      /^lasts must be a length of time with its unit, such as .*, and is {"weeks":2}$/,
    ],
    [
      "a number without a unit",
      (d) => (d.epoch = 3600 as never),
      /^epoch must be a length of time with its unit.*, and is 3600$/,
    ],
    ["two units at once", (d) => (d.lasts = { days: 1, hours: 3 } as never), /^lasts must be a length of time/],
    [
      "no nodes",
      (d) => (d.networks.helium = { nodes: 0 }),
      /^networks\.helium\.nodes must be a whole number from 1 to 1000000, and is 0$/,
    ],
    [
      "nodes in words",
      (d) => (d.networks.helium = { nodes: "many" }),
      /^networks\.helium\.nodes must be a whole number from 1 to 1000000, and is "many"$/,
    ],
    ["a misspelt size", (d) => (d.networks.helium = { nods: 3 }), /^networks\.helium has no nods; did you mean nodes\?/],
    [
      "a parameter as text",
      (d) => (d.networks.helium = { nodes: 1, change: { witnessesMax: "10" } }),
      /^networks\.helium\.change\.witnessesMax must be a finite number, and is "10"$/,
    ],
    [
      "an unknown verb",
      (d) => (action(d).verb = "corupt"),
      /^timeline\[0\] \("bad file"\)\.do has verb "corupt", which is none of .*; did you mean corrupt\?$/,
    ],
    ["no verb", (d) => delete action(d).verb, /^timeline\[0\] \("bad file"\)\.do has no verb: it is one of kill, /],
    [
      "a share above all",
      (d) => (action(d).to = { percent: 120 }),
      /\.do\.to must be a share with its unit.*, and is {"percent":120}$/,
    ],
    ["a span for a share", (d) => (action(d).to = { hours: 1 }), /\.do\.to must be a share with its unit/],
    ["a part that is missing", (d) => delete action(d).to, /\.do has no to: it needs a share with its unit/],
    [
      "a misspelt domain",
      (d) => ((d.timeline as { do: unknown }[])[0].do = { verb: "kill", network: "helium", where: { contry: "ES" } }),
      /\.do\.where has no contry; did you mean country\?/,
    ],
    [
      "a time without a unit",
      (d) => ((d.timeline as { at: unknown }[])[0].at = 5),
      /^timeline\[0\] \("bad file"\)\.at must be a time in UTC such as .*, and is 5$/,
    ],
    ["a timeline that is no list", (d) => (d.timeline = {}), /^timeline must be a list, and is {}$/],
    [
      "an unknown claim",
      (d) => (d.expect = [{ claim: "keep" }]),
      /^expect\[0\] has claim "keep", which is none of .*; did you mean keeps\?$/,
    ],
  ])("%s", (_, spoil, sentence) => {
    const said = refusal(spoil)
    expect(said).toMatch(sentence)
    expect(said).not.toContain("\n")
  })

  test.each([3, null, [], "x", undefined])("%j is not even an object", (data) => {
    expect(() => readScenario(data)).toThrow(/not a scenario: a scenario is an object with at least question/)
  })
})

test("shares become whole permille, whatever the last bit of a product", () => {
  expect([
    permilleOf({ percent: 10 }),
    permilleOf({ percent: 56.7 }),
    permilleOf({ permille: 7 }),
    permilleOf({ percent: 0.01 }),
  ]).toEqual([100, 567, 7, undefined])
})

test("an editor can have the shape as JSON Schema", () => {
  expect(JSON.stringify(scenarioJsonSchema())).toContain('"nodesBehind"')
})
