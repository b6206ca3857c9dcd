/** Every study that comes with blackstart is sound, and written in words that a type checks. */
import { readdirSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, test } from "vitest"
import { readStudy } from "../protocol/boundary/study.ts"
import { loadStudy, planStudy } from "../simulation/study/load.ts"
import { study } from "./vocabulary.ts"

const FOLDER = fileURLToPath(new URL("studies/", import.meta.url))

describe.each(readdirSync(FOLDER).toSorted())("%s", (file) => {
  test("can be planned, is named as its file, asks a question, and names its sources", async () => {
    const whole = await loadStudy(join(FOLDER, file))
    expect(planStudy(whole).design.points.length).toBeGreaterThan(1)
    expect(file).toBe(`${whole.name}.json`)
    expect(whole.question).toMatch(/\?$/)
    expect(whole.sources!.length).toBeGreaterThan(0)
    expect(readStudy(JSON.parse(JSON.stringify(whole)))).toEqual(whole)
  })
})

test("in TypeScript a misspelt parameter does not compile", () => {
  const written = study({
    question: "Does it compile?",
    bases: { a: { scenario: "a.json" } },
    vary: [
      { by: "grid", of: { "helium.witnessesMax": [5, 14], "filecoin.nodes": { from: 10, to: 20, steps: 2 } } },
      // @ts-expect-error -- witnesesMax is no parameter of Helium
      { by: "zip", of: { "helium.witnesesMax": [5] } },
    ],
    seeds: { from: 1, count: 2 },
    measure: { lost: { of: "service", network: "helium", figure: "lost" } },
  })
  expect(readStudy(written).vary).toHaveLength(2)
})
