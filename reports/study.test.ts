/** What a study's page says of what was varied: words, never the file's own brackets, which no phone is wide enough for. */
import { expect, test } from "vitest"
import type { Variation } from "../protocol/boundary/study.ts"
import { sayVariation } from "./study.ts"

test.each<[Variation, string]>([
  [{ by: "grid", of: { "a.b": [5, 14], "a.c": { from: 1, to: 9, steps: 5 } } }, "grid: a.b 5, 14; a.c 1 to 9 in 5 values"],
  [{ by: "list", points: [{ set: { "a.b": 5 } }, { set: { "a.b": 6, "a.c": 1 } }] }, "list: a.b; a.c"],
  [
    { by: "latinHypercube", points: 4, of: { "a.b": {}, "a.c": { from: 1, to: 9, scale: "log" }, "a.d": { to: 3 } } },
    "latinHypercube: a.b over its whole range; a.c 1 to 9, logarithmic; a.d from its least to 3",
  ],
  [
    { by: "responses", of: { help: [{ label: "now", do: { verb: "restart" } }], wait: [] } },
    'responses: help (restart "now"); wait (nothing is added)',
  ],
])("%o", (variation, said) => {
  expect(sayVariation(variation)).toBe(said)
})
