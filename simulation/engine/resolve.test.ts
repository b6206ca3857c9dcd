/** From a scenario to a plan: what is right is exact, and what is wrong is one sentence with the thing, the place and the way out. */
import { describe, expect, test } from "vitest"
import { readScenario, type Scenario } from "../../protocol/boundary/scenario.ts"
import { networks } from "../../protocol/networks/index.ts"
import { domainTypes } from "../world/placement.ts"
import { namesOf } from "../world/names.ts"
import { profiles } from "../world/profiles.ts"
import { sampleNodes } from "../world/sampler.ts"
import { override, type Overrides } from "./override.ts"
import { resolve } from "./resolve.ts"

const BEGIN = 1_763_164_800 // 2025-11-15T00:00:00Z
const HOUR = 3600

const draft = {
  question: "What does one bad file cost?",
  begins: "2025-11-15T00:00:00Z",
  lasts: { days: 2 },
  seed: 7,
  epoch: { hours: 1 },
  fine: [{ from: { hours: 29 }, to: { hours: 34 }, every: { seconds: 60 } }],
  networks: { helium: { nodes: 10_000 }, cdn: { nodes: 330 } },
  dependsOn: { helium: { on: "cdn", nodes: { percent: 10 }, users: { permille: 55 }, because: "assumption" } },
  incident: { onset: { hours: 30 }, mainRecovery: { hours: 33 } },
  timeline: [
    {
      at: { hours: 30 },
      label: "bad file",
      do: { verb: "corrupt", network: "cdn", facility: "config-builder", to: { percent: 100 } },
    },
    {
      at: "2025-11-16T07:00:00Z",
      label: "ISP gone",
      do: { verb: "disconnect", network: "helium", where: { asn: "AS3352", share: { percent: 50 } }, for: { minutes: 90 } },
    },
    { at: { hours: 32 }, label: "those behind", do: { verb: "kill", network: "helium", where: { behind: "cdn" } } },
  ],
  expect: [{ claim: "recovers", network: "cdn", within: { minutes: 5 }, of: "bad file" }],
} as const
type Json = Record<string, any>

const scenario = (spoil: (d: Json) => void = () => {}): Scenario => {
  const copy = structuredClone(draft) as Json
  spoil(copy)
  return readScenario(copy)
}

describe("a plan", () => {
  const plan = resolve(scenario())

  test("has absolute seconds, and an incident window", () => {
    expect([plan.beginS, plan.endS, plan.everySeconds]).toEqual([BEGIN, BEGIN + 48 * HOUR, HOUR])
    expect(plan.windows).toEqual([{ fromS: BEGIN + 29 * HOUR, toS: BEGIN + 34 * HOUR, everySeconds: 60 }])
    expect(plan.windowS).toEqual({ from: BEGIN + 30 * HOUR, to: BEGIN + 33 * HOUR })
  })

  test("runs a provider before those who depend on it", () => {
    expect(plan.networks.map((n) => n.network.name)).toEqual(["cdn", "helium"])
    expect(plan.dependencies).toEqual([{ network: "helium", on: "cdn", nodesPermille: 100, usersPermille: 55 }])
  })

  test("has actions as the world takes them", () => {
    expect(plan.timeline.map((m) => m.do)).toEqual([
      {
        verb: "corrupt",
        network: "cdn",
        facility: "config-builder",
        fromPermille: 1000,
        toPermille: 1000,
        overS: 0,
        everyS: 300,
      },
      {
        verb: "disconnect",
        where: { network: "helium", domain: { asn: expect.stringMatching(/^AS3352 /) }, permille: 500 },
        forS: 5400,
      },
      { verb: "kill", where: { network: "helium", behind: true } },
    ])
    expect(plan.timeline[1].atS).toBe(BEGIN + 31 * HOUR)
  })

  test("uses the nearest calendar the world knows", () => {
    expect(plan.calendar).toBe("2025-11-18")
    expect(
      resolve(
        scenario((d) =>
          Object.assign(d, { begins: "2025-04-27", timeline: [], expect: [], incident: { onset: "2025-04-28" }, fine: [] }),
        ),
      ).calendar,
    ).toBe("2025-04-28")
  })
})

describe("what a command line changes", () => {
  const plan = (overrides: Overrides) => resolve(scenario(), overrides)

  test("seed, size, parameters and end", () => {
    const changed = plan({ seed: 8, nodes: 300, set: ["helium.witnessesMax=10", "cdn.badFeatures=1_000"], until: "36h" })
    expect([changed.seed, changed.endS]).toEqual([8, BEGIN + 36 * HOUR])
    expect(changed.networks.map((n) => n.nodes)).toEqual([330, 300])
    expect([changed.networks[1].values.witnessesMax, changed.networks[0].values.badFeatures]).toEqual([10, 1000])
    expect(plan({ until: "2025-11-16" }).endS).toBe(BEGIN + 24 * HOUR)
  })

  test("size is for large networks, and says so", () => {
    expect(override(scenario(), { nodes: 300 }).notes).toEqual([
      "helium has 300 hotspots instead of 10000",
      "cdn keeps its 330 PoPs: --nodes sizes networks of 1000 or more",
    ])
  })

  test("where no network is large, the largest is sized", () => {
    expect(
      override(
        scenario((d) => (d.networks = { cdn: { nodes: 330 } })),
        { nodes: 10 },
      ).scenario.networks.cdn.nodes,
    ).toBe(10)
  })

  test("a run that stops before the onset has no window; one that stops within has a part of it", () => {
    expect(plan({ until: "30h" }).windowS).toBeUndefined()
    expect(plan({ until: "31h" }).windowS).toEqual({ from: BEGIN + 30 * HOUR, to: BEGIN + 31 * HOUR })
  })

  test("what is stored gives the same plan again", () => {
    const overrides = { seed: 8, nodes: 300, set: ["helium.witnessesMax=10"], until: "36h" }
    expect(resolve(readScenario(JSON.parse(JSON.stringify(override(scenario(), overrides).scenario))))).toEqual(plan(overrides))
  })

  test.each<[Overrides, RegExp]>([
    [{ nodes: 0 }, /^--nodes 0: it must be a whole number from 1 to 1000000$/],
    [{ nodes: 2_000_000 }, /^--nodes 2000000: it must be/],
    [{ seed: -1 }, /^--seed -1: a seed is a whole number from 0/],
    [
      { set: ["witnessesMax=10"] },
      /^--set witnessesMax=10: write it as network\.parameter=value, such as helium\.witnessesMax=10$/,
    ],
    [{ set: ["heluim.witnessesMax=10"] }, /^--set heluim\..*: this scenario runs no network heluim; did you mean helium\?/],
    [
      { set: ["helium.witnesMax=10"] },
      /helium has no parameter witnesMax; did you mean helium\.witnessesMax \(count, 1 to 64\)\?$/,
    ],
    [{ set: ["helium.witnessesMax=100"] }, /helium\.witnessesMax = 100 count is out of range: it may be 1 to 64/],
    [{ set: ["helium.witnessesMax=ten"] }, /helium\.witnessesMax must be a whole number of count from 1 to 64, got "ten"$/],
    [{ set: ["helium.beaconIntervalSeconds=6h"] }, /must be a whole number of s from 600 to 604800, got "6h"; 6h is 21600 s$/],
    [{ set: ["cdn.failingSharePermille=75%"] }, /got "75%"; 75% is 750 ‰ of requests$/],
    [{ until: "3 weeks" }, /^--until 3 weeks: write a time in UTC such as .*, or a span from the begin such as 3d/],
    [
      { until: "9d" },
      /^until is 2025-11-24T00:00:00Z, outside the scenario, which runs from 2025-11-15T00:00:00Z to 2025-11-17T00:00:00Z/,
    ],
    [{ until: "0s" }, /^until is 2025-11-15T00:00:00Z, which is when the scenario begins/],
  ])("%j", (overrides, sentence) => expect(() => plan(overrides)).toThrow(sentence))
})

describe("what is wrong is said in one sentence", () => {
  const moment = (d: Json, action: unknown) => (d.timeline = [{ at: { hours: 1 }, label: "x", do: action }])
  test.each<[string, (d: Json) => void, RegExp]>([
    ["a begin in nobody's calendar", (d) => (d.begins = "2025-02-30"), /^begins is "2025-02-30": write a time in UTC/],
    [
      "a begin without a zone",
      (d) => (d.begins = "2025-11-15T00:00:00"),
      /^begins is "2025-11-15T00:00:00": write a time in UTC/,
    ],
    ["a length of nothing", (d) => (d.lasts = { days: 0 }), /^lasts is {"days":0}: it must be at least 1 s$/],
    [
      "a part of a second",
      (d) => (d.epoch = { seconds: 0.5 }),
      /^epoch is {"seconds":0.5}, which is no whole number of seconds$/,
    ],
    [
      "no network",
      (d) => Object.assign(d, { networks: {}, dependsOn: {} }),
      /^networks is empty: name at least one of akash, cdn, filecoin, helium, render/,
    ],
    [
      "an unknown network",
      (d) => (d.networks.filecash = { nodes: 1 }),
      /^networks\.filecash: there is no network filecash; did you mean/,
    ],
    [
      "an unknown preset",
      (d) => (d.networks.helium.preset = "SOL-HTN"),
      /^networks\.helium\.preset: helium has no preset SOL-HTN; did you mean SOL-HNT\?/,
    ],
    [
      "an unknown parameter",
      (d) => (d.networks.cdn.change = { stages: 2 }),
      /^networks\.cdn\.change: cdn has no parameter stages; did you mean cdn\./,
    ],
    [
      "a value out of range",
      (d) => (d.networks.cdn.change = { rolloutStages: 20 }),
      /^networks\.cdn\.change: cdn\.rolloutStages = 20 stages is out of range: it may be 1 to 10/,
    ],
    [
      "values that do not fit together",
      (d) => (d.networks.helium.change = { dataPercent: 90 }),
      /^networks\.helium\.change: helium's pools add up to/,
    ],
    [
      "a provider that does not run",
      (d) => (d.dependsOn.helium.on = "cnd"),
      /^dependsOn\.helium\.on: this scenario runs no network cnd; did you mean cdn\?/,
    ],
    [
      "a circle of dependence",
      (d) => (d.dependsOn.cdn = { ...d.dependsOn.helium, on: "helium" }),
      /^dependsOn goes round in a circle: helium on cdn on helium/,
    ],
    [
      "a moment after the end",
      (d) => (d.timeline[0].at = { days: 3 }),
      /^timeline\[0\] \("bad file"\)\.at is 2025-11-18T00:00:00Z, outside the scenario/,
    ],
    [
      "an unknown facility",
      (d) => (d.timeline[0].do.facility = "config-bilder"),
      /\.do: cdn has no facility config-bilder; did you mean config-builder\? There are config-builder, /,
    ],
    [
      "a ramp that would not arrive",
      (d) => Object.assign(d.timeline[0].do, { over: { minutes: 92 }, every: { minutes: 5 } }),
      /\.do\.over is 5520 s, no whole number of steps of 300 s/,
    ],
    [
      "an unknown grid",
      (d) => moment(d, { verb: "blackout", network: "helium", where: { grid: "ibera" } }),
      /\.where\.grid: no hotspot of helium can have grid ibera; did you mean iberia\?/,
    ],
    [
      "a country without nodes",
      (d) => moment(d, { verb: "kill", network: "helium", where: { country: "LU" } }),
      /\.where\.country: no hotspot of helium can have country LU/,
    ],
    [
      "an unknown client",
      (d) => moment(d, { verb: "upgrade", network: "helium", where: {}, to: "curent" }),
      /\.do\.to: no hotspot of helium can have client curent; did you mean current\? There are/,
    ],
    [
      "behind the wrong provider",
      (d) => moment(d, { verb: "kill", network: "cdn", where: { behind: "helium" } }),
      /\.where\.behind: cdn does not depend on helium; say so in dependsOn\.cdn$/,
    ],
    [
      "a rule changed out of range",
      (d) => moment(d, { verb: "change", network: "helium", parameter: "witnessesMax", value: 99 }),
      /^timeline \("x", 2025-11-15T01:00:00Z\): helium\.witnessesMax = 99 count is out of range/,
    ],
    [
      "a verb on a network that does not run",
      (d) => moment(d, { verb: "kill", network: "akash", where: {} }),
      /\.do: this scenario runs no network akash/,
    ],
    [
      "a recovery before the onset",
      (d) => (d.incident.mainRecovery = { hours: 29 }),
      /^incident: onset, mainRecovery and fullRecovery must follow each other/,
    ],
    ["a fine window without length", (d) => (d.fine[0].to = { hours: 29 }), /^fine\[0\] ends at .*, no later than it begins/],
    [
      "a claim about no moment",
      (d) => (d.expect[0].of = "bad fill"),
      /^expect\[0\]: no moment of the timeline is called "bad fill"; did you mean "bad file"\?$/,
    ],
    [
      "a claim about no invariant",
      (d) => (d.expect[0] = { claim: "always", invariant: "emission_is_acounted" }),
      /^expect\[0\]: no network .* invariant emission_is_acounted; did you mean emission_is_accounted\?$/,
    ],
    [
      "a claim about no window",
      (d) =>
        delete Object.assign(d, { expect: [{ claim: "loses", network: "cdn", atLeast: { percent: 1 }, during: "window" }] })
          .incident,
      /^expect\[0\] speaks of the window, and the scenario has no incident/,
    ],
    [
      "a claim about no metric",
      (d) => (d.expect[0] = { claim: "reads", metric: "cdn.health.eror", figure: "highest", atLeast: 1, during: "run" }),
      /^expect\[0\]: there is no metric cdn\.health\.eror; did you mean cdn\.health\.error\?$/,
    ],
    [
      "a claim that adds up a gauge",
      (d) => (d.expect[0] = { claim: "reads", metric: "cdn.health.error", figure: "total", atLeast: 1, during: "run" }),
      /^expect\[0\]: .* is a gauge, and only a counter adds up/,
    ],
    [
      "a claim about a metric without a bound",
      (d) => (d.expect[0] = { claim: "reads", metric: "cdn.health.error", figure: "highest", during: "run" }),
      /^expect\[0\]: .* has no bound/,
    ],
    [
      "a metric claimed that nobody records",
      (d) => (d.expect = [{ claim: "reads", metric: "helium.reward.payed", figure: "total", atLeast: 1, during: "run" }]),
      /^expect\[0\]: there is no metric helium\.reward\.payed; did you mean helium\.reward\.paid\?$/,
    ],
    [
      "a counter that stands",
      (d) =>
        (d.expect = [
          {
            claim: "stands",
            metric: "helium.reward.paid",
            after: { hours: 1 },
            atLeast: { percent: 1 },
            atMost: { percent: 2 },
          },
        ]),
      /^expect\[0\]: helium\.reward\.paid is a counter, and only a gauge stands/,
    ],
    [
      "bounds the wrong way round",
      (d) =>
        (d.expect = [
          {
            claim: "stands",
            metric: "cdn.pops.registered",
            after: { hours: 1 },
            atLeast: { percent: 3 },
            atMost: { percent: 2 },
          },
        ]),
      /^expect\[0\]: atLeast is 30 permille, which is more than atMost, 20/,
    ],
    [
      "a sweep out of range",
      (d) =>
        (d.sweep = [
          { axis: "parameter", network: "cdn", parameter: "failingSharePermille", label: "depth", values: [500, 1001] },
        ]),
      /^sweep\[0\] \("depth"\)\.values: cdn\.failingSharePermille = 1001/,
    ],
    [
      "a sweep over no dependence",
      (d) => (d.sweep = [{ axis: "nodesBehind", network: "cdn", label: "share", values: [{ percent: 1 }] }]),
      /^sweep\[0\] \("share"\): cdn depends on nobody; say on whom in dependsOn\.cdn$/,
    ],
    [
      "half a permille",
      (d) => (d.dependsOn.helium.nodes = { percent: 0.05 }),
      /^dependsOn\.helium\.nodes is {"percent":0.05}: shares are counted in whole permille/,
    ],
    [
      "a metric nobody records",
      (d) => (d.watch = ["helium.coverage.proven"]),
      /^watch\[0\]: there is no metric helium\.coverage\.proven; did you mean helium\.coverage\.proved\?|^$/,
    ],
  ])("%s", (name, spoil, sentence) => {
    // Where inhabitants observe without declaring what, a metric's name cannot be called wrong.
    if (name === "a metric nobody records" && !("observes" in networks.helium.inhabit)) return
    const spoilt = scenario(spoil)
    let said = ""
    try {
      resolve(spoilt)
    } catch (error) {
      expect((error as Error).name).toBe("ScenarioProblem")
      said = (error as Error).message
    }
    expect(said).toMatch(sentence)
    expect(said).not.toContain("\n")
  })
})

test("names that are known hold every name that is drawn", () => {
  for (const profile of profiles.values()) {
    const { domains } = sampleNodes(profile, 5, 3000)
    for (const type of domainTypes) {
      const known = namesOf(profile, type)
      if (known !== undefined)
        expect(
          domains[type].names.filter((name) => !known.includes(name)),
          `${profile.name}, ${type}`,
        ).toEqual([])
    }
  }
})
