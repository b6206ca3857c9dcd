/** How the tests run: every *.test.ts and *.properties.ts, in two processes, because two cores are what the project promises to need. */
import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["**/*.{test,properties}.ts"],
    exclude: ["**/node_modules/**", "runs/**", "dist/**"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
