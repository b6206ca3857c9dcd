/** How the tests run: every *.test.ts and *.properties.ts, in two processes, because two cores are what the project promises to need. */
import { defineConfig } from "vitest/config"
import type { Reporter, TestModule } from "vitest/node"

/** Says in one line what was skipped and why, whatever other reporters are asked for: a test that did not run proves nothing. */
const skipped: Reporter = {
  onTestRunEnd(modules: readonly TestModule[]) {
    const reasons = new Set<string>()
    for (const module of modules)
      for (const test of module.children.allTests("skipped")) {
        const { note } = test.result() as { readonly note?: string }
        if (note !== undefined) reasons.add(note)
      }
    if (reasons.size > 0) console.log(`skipped: ${[...reasons].join("; ")}`)
  },
}

export default defineConfig({
  plugins: [{ name: "skipped", configureVitest: ({ vitest }) => void vitest.config.reporters.push(skipped as never) }],
  test: {
    include: ["**/*.{test,properties}.ts"],
    exclude: ["**/node_modules/**", "runs/**", "dist/**"],
    pool: "forks",
    maxWorkers: 2,
    globalSetup: "vitest.scratch.ts",
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
