/** Scenarios come from any folder, in TypeScript, JavaScript or JSON; what cannot be loaded is one sentence with the file's name. */
import { chmodSync, mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { incidents, loadScenario } from "./load.ts"

const VOCABULARY = fileURLToPath(new URL("../../scenarios/vocabulary.ts", import.meta.url))
const FLAGSHIP = fileURLToPath(new URL("../../scenarios/outages/cloudflare-2025-11-18.ts", import.meta.url))
const data = {
  question: "Mine?",
  begins: "2025-11-15T00:00:00Z",
  lasts: { days: 1 },
  seed: 1,
  epoch: { hours: 1 },
  networks: { helium: { nodes: 100 } },
}
const written = (from: string) => `import { days, hours, scenario } from ${JSON.stringify(from)}
export default scenario({ question: "Mine?", begins: "2025-11-15T00:00:00Z", lasts: days(1), seed: 1, epoch: hours(1), networks: { helium: { nodes: 100 } } })
`

let folder = ""
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "blackstart-load-"))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
const refusal = async (path: string): Promise<string> => {
  const error = await loadScenario(path).then(
    () => new Error("it was loaded"),
    (cause: unknown) => cause as Error,
  )
  expect(error.name, error.message).toBe("ScenarioProblem")
  expect(error.message).not.toContain("\n")
  return error.message
}

describe("what loads", () => {
  test("JSON, and its name is the file's where it has none", async () => {
    expect(await loadScenario(file("mine.json", JSON.stringify(data)))).toEqual({ name: "mine", ...data })
  })

  test("TypeScript outside the checkout, by the vocabulary's path or its public name, in either module system", async () => {
    expect(await loadScenario(file("path.ts", written(VOCABULARY)))).toMatchObject(data)
    expect(await loadScenario(file("name.ts", written("blackstart/vocabulary")))).toMatchObject(data)
    mkdirSync(join(folder, "esm"))
    file("esm/package.json", '{ "type": "module" }')
    expect(await loadScenario(file("esm/name.ts", written("blackstart/vocabulary")))).toMatchObject(data)
  })

  test("TypeScript that Node alone cannot strip", async () => {
    expect(
      await loadScenario(
        file("enum.ts", `enum Luck { Mine = 1 }\nexport default { ...${JSON.stringify(data)}, seed: Luck.Mine }`),
      ),
    ).toMatchObject(data)
  })

  test("JavaScript modules", async () => {
    expect(await loadScenario(file("plain.mjs", `export default ${JSON.stringify(data)}`))).toMatchObject(data)
  })
})

describe("what does not, and what is said", () => {
  test("every place where JSON can be cut short is named", async () => {
    const text = JSON.stringify(await loadScenario(FLAGSHIP), null, 1)
    for (let length = 1; length < text.length; length += 97) {
      const cut = text.slice(0, length).trimEnd()
      const lines = cut.split("\n")
      const said = await refusal(file("cut.json", cut))
      expect(said).toContain(
        `cut.json is cut short: it ends at line ${lines.length}, column ${lines.at(-1)!.length + 1} (byte ${Buffer.byteLength(cut)}) `,
      )
    }
  })

  test.each([
    [
      "wrong.json",
      '{ "question": "x",\n "begins": }',
      /wrong\.json is not JSON: at line 2, column 12 there is something that cannot stand there/,
    ],
    ["empty.json", " ", /empty\.json is empty: write a scenario into it/],
    ["list.json", "[1, 2]", /list\.json: this is \[1,2\], not a scenario/],
    ["unit.json", JSON.stringify({ ...data, lasts: { weeks: 1 } }), /unit\.json: lasts must be a length of time with its unit/],
    [
      "record.json",
      JSON.stringify({ ...data, incident: { record: "cloudflare-2025-11-19", onset: { hours: 1 } } }),
      /record\.json: incident\.record: .* has no incident cloudflare-2025-11-19; did you mean cloudflare-2025-11-18\?$/,
    ],
    ["nothing.ts", "export const x = 1", /nothing\.ts has no default export: write export default scenario/],
    ["syntax.ts", "export default {", /syntax\.ts could not be loaded: .*ERROR: .*$/],
    [
      "import.ts",
      `import ${JSON.stringify("./gone.ts")}\nexport default {}`,
      /import\.ts could not be loaded: Cannot find module/,
    ],
    ["throws.ts", 'throw new Error("first\\nsecond")', /throws\.ts could not be loaded: first$/],
    ["bigint.ts", "export default { seed: 1n }", /bigint\.ts holds something that is not data/],
    ["scenario.yaml", "", /scenario\.yaml ends in \.yaml: a scenario is a \.ts, /],
  ])("%s", async (name, text, sentence) => expect(await refusal(file(name, text))).toMatch(sentence))

  test("a file that is not there, a folder, and one that may not be read", async () => {
    expect(await refusal(join(folder, "gone.ts"))).toMatch(
      /^there is no scenario .*gone\.ts: blackstart list names those that come with it$/,
    )
    expect(await refusal(folder)).toMatch(/is a folder: name a scenario file in it$/)
    const path = file("secret.json", "{}")
    chmodSync(path, 0)
    // Root may read anything, so there is nothing to refuse.
    if (process.getuid?.() !== 0) expect(await refusal(path)).toMatch(/secret\.json cannot be read: you may not read it/)
  })
})

test("the library of incidents has a source for each", async () => {
  const all = await incidents()
  expect(all.size).toBeGreaterThanOrEqual(38)
  expect([...all.values()].filter((record) => record.sources.length === 0).map((record) => record.id)).toEqual([])
})

describe("incident records", () => {
  const record = {
    id: "a-day",
    kind: "centralised",
    start: "2025-06-01T10:00:00Z",
    end: "2025-06-01T11:00:00Z",
    timeline: [{ t: "2025-06-01T10:00:00Z", phase: "onset", what: "down", capacity: 0 }],
    domains: [{ type: "provider", value: "somebody" }],
  }
  const write = (name: string, data: unknown): string => {
    const path = join(mkdtempSync(join(tmpdir(), "blackstart-record-")), name)
    writeFileSync(path, JSON.stringify(data))
    return path
  }
  test("of the library are named by id, or by words that only one has", async () => {
    expect((await loadScenario("incident:rogers-2022-07-08")).name).toBe("rogers-2022-07-08")
    expect((await loadScenario("incident:rogers")).name).toBe("rogers-2022-07-08")
    await expect(loadScenario("incident:cloudflare")).rejects.toThrow(/several such incidents; it may be cloudflare-2019-07-02/u)
    await expect(loadScenario("incident:rogers-2022-07-09")).rejects.toThrow(
      /no such incident; did you mean rogers-2022-07-08\?/u,
    )
  })
  test("in a file of their own are scenarios; a file of several names them all", async () => {
    expect((await loadScenario(write("a.json", record))).name).toBe("a-day")
    expect((await loadScenario(write("b.json", { version: 1, incidents: [record] }))).name).toBe("a-day")
    await expect(loadScenario(write("c.json", { incidents: [record, record] }))).rejects.toThrow(/holds 2 incident records/u)
    await expect(loadScenario(write("d.json", { ...record, start: "soon", timeline: [], end: null }))).rejects.toThrow(
      /d\.json: a-day has a start that is no time/u,
    )
  })
})
