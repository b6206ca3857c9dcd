/** Results do not change by accident: every outage ends as scenarios/golden.json says it did. */
import { expect, test } from "vitest"
import { play, readGoldens, scenarioFiles, UPDATE } from "../cli/golden.ts"

const goldens = readGoldens()

test("every scenario has its golden, and every golden its scenario", () => {
  expect(Object.keys(goldens), `a scenario came or went: ${UPDATE}`).toEqual(scenarioFiles())
})

// The others are checked by npm run golden: they take longer, and go through the same code.
test.each(scenarioFiles().filter((file) => file.startsWith("scenarios/outages/")))("%s ends as it did", async (file) => {
  expect(
    await play(file),
    `${file} ends otherwise. If that is meant, renew it with ${UPDATE} and say why in CHANGELOG.md`,
  ).toEqual(goldens[file])
})
