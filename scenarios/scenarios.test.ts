/** Every scenario that comes with blackstart is data, is sound, and says what it takes for granted. */
import { readdirSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, test } from "vitest"
import { readScenario, type Scenario } from "../protocol/boundary/scenario.ts"
import { resolve } from "../simulation/engine/resolve.ts"
import { incidents, loadScenario } from "../simulation/record/load.ts"
import * as words from "./vocabulary.ts"

const FOLDER = fileURLToPath(new URL(".", import.meta.url))
const files = readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
  .filter((f) => f.includes("/") && f.endsWith(".ts"))
  .toSorted()
const load = (file: string): Promise<Scenario> => loadScenario(join(FOLDER, file))

test("there are scenarios of outages and of economics", () => {
  expect(files).toContain("outages/cloudflare-2025-11-18.ts")
  expect(files).toContain("economics/helium-year.ts")
})

describe.each(files)("%s", (file) => {
  test("is the same scenario after a round trip through JSON", async () => {
    const scenario = await load(file)
    expect(readScenario(JSON.parse(JSON.stringify(scenario)))).toEqual(scenario)
  })

  test("can be planned: every name is known, every time lies within it, every claim can be checked", async () => {
    const plan = resolve(await load(file))
    expect(plan.endS).toBeGreaterThan(plan.beginS)
  })

  test("is named as its file, asks a question, and names its sources", async () => {
    const { name, question, sources = [] } = await load(file)
    expect(file).toContain(`/${name}.ts`)
    expect(question).toMatch(/\?$/)
    expect(sources.length).toBeGreaterThan(0)
  })

  test("has its times from the record it names", async () => {
    const { incident } = await load(file)
    if (incident?.record === undefined) return
    const record = (await incidents()).get(incident.record)!
    expect(incident.onset).toBe(record.start)
    expect(incident.fullRecovery).toBe(record.end)
  })
})

describe("18 November 2025", () => {
  test("runs the CDN before those who depend on it, and answers for 182 minutes", async () => {
    const plan = resolve(await load("outages/cloudflare-2025-11-18.ts"))
    expect(plan.networks.map((n) => [n.network.name, n.nodes])).toEqual([
      ["cdn", 330],
      ["helium", 10_000],
    ])
    expect((plan.windowS!.to - plan.windowS!.from) / 60).toBe(182)
    expect(plan.calendar).toBe("2025-11-18")
  })

  test("never lets the builder be sound before 14:30: people would take the fleet for mended", async () => {
    const plan = resolve(await load("outages/cloudflare-2025-11-18.ts"))
    const before = plan.timeline.filter((m) => m.atS < plan.windowS!.to)
    const levels = before.flatMap(({ do: a }) => (a.verb === "corrupt" ? [a.fromPermille, a.toPermille] : []))
    expect(Math.min(...levels)).toBeGreaterThan(0)
    expect(before.some(({ do: a }) => a.verb === "repair")).toBe(false)
  })

  test("holds the published range of what was not published", async () => {
    const { sweep = [] } = await load("outages/cloudflare-2025-11-18.ts")
    expect(sweep.map((s) => s.axis)).toEqual(["nodesBehind", "usersBehind", "parameter"])
    expect(sweep.at(-1)!.values).toEqual([500, 600, 750, 900, 1000])
  })
})

test("every word returns plain data", () => {
  const where = { country: "DE", share: words.percent(20) }
  const said = [
    words.kill("helium", where, { for: words.hours(1) }),
    words.pause("helium", words.everyone, { for: words.minutes(5) }),
    words.restart("helium", words.share(words.permille(5)), { over: words.days(1) }),
    words.disconnect("helium", words.asn("AS3352")),
    words.reconnect("helium", words.behind("cdn")),
    words.degrade("helium", words.grid("iberia"), { passes: words.percent(50) }),
    words.upgrade("helium", words.country("ES"), { to: "current", down: words.seconds(30) }),
    words.hinder("helium", "verifier", { serves: words.percent(0) }),
    words.change("helium", "witnessesMax", 10),
    words.always("l"),
    words.recovers("cdn", words.hours(1), "x"),
  ]
  expect(JSON.parse(JSON.stringify(said))).toEqual(said)
})

test("a misspelt name does not compile", () => {
  const seedless = { question: "?", begins: "2025-01-01", lasts: words.days(1), epoch: words.hours(1), networks: {} }
  // Never called: what matters is that the compiler refuses each line.
  const misspelt = () => [
    // @ts-expect-error no such network
    words.kill("heluim", words.everyone),
    // @ts-expect-error no such parameter
    words.change("helium", "witnesMax", 10),
    // @ts-expect-error a parameter of another network
    words.parameter("helium", "firstStagePermille", "first stage", [1]),
    // @ts-expect-error a number without a unit
    words.keeps("helium", 99),
    // @ts-expect-error no such parameter to change
    words.scenario({ ...seedless, seed: 1, networks: { cdn: { nodes: 1, change: { stages: 2 } } } }),
    // @ts-expect-error a seed is required
    words.scenario(seedless),
  ]
  expect(misspelt).toBeTypeOf("function")
})
