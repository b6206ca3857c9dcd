/** A generated network is one that passes: it type-checks, sits both exams, tells its story, and its name is refused when it is wrong. */
import { spawnSync } from "node:child_process"
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { newNetwork, problemWithName } from "./new-network.ts"
import { ROOT } from "./version.ts"

/** All of a checkout but what was installed, recorded or built: whatever is type-checked must be there. */
const LEFT_BEHIND = new Set(["node_modules", ".git", "runs", "dist"])
/** Type-checking and two exams, on a machine that does other things too. */
const SLOW_MS = 240_000
let root: string

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "blackstart-new-network-"))
  for (const path of readdirSync(ROOT).filter((name) => !LEFT_BEHIND.has(name)))
    cpSync(join(ROOT, path), join(root, path), { recursive: true })
  symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"), "dir")
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const node = (...args: string[]) =>
  spawnSync(process.execPath, args, {
    cwd: root,
    encoding: "utf8",
    timeout: SLOW_MS,
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined },
  })
const index = () => readFileSync(join(root, "protocol/networks/index.ts"), "utf8")

describe("a name", () => {
  test.each([
    [undefined, "a network needs a name"],
    ["Weather", "one word of 2 to 24 small letters"],
    ["weather-station", "one word of 2 to 24 small letters"],
    ["../weather", "one word of 2 to 24 small letters"],
    ["2nd", "one word of 2 to 24 small letters"],
    ["w", "one word of 2 to 24 small letters"],
    ["w".repeat(25), "one word of 2 to 24 small letters"],
    ["class", "the code uses that word itself"],
    ["newcomer", "the code uses that word itself"],
    ["ledger", "the code uses that word itself"],
    ["helium", 'there is a network "helium" already'],
  ])("%s is refused: %s", (name, why) => {
    expect(problemWithName(root, name)).toContain(why)
    expect(problemWithName(root, name)).not.toContain("\n")
  })

  test("that is wrong leaves everything as it was, and ends with status 1", () => {
    const before = index()
    const { status, stderr } = node("cli/new-network.ts", "Weather")
    expect([status, stderr.trim().split("\n").length]).toEqual([1, 1])
    expect(index()).toBe(before)
    expect(() => newNetwork(root, "helium")).toThrow("already")
  })
})

describe("a generated network", () => {
  test("is written, registered by the alphabet and told what to do next", () => {
    const { status, stdout, stderr } = node("cli/new-network.ts", "dawn")
    expect(status, stderr).toBe(0)
    expect(stdout).toContain("npx vitest run protocol/networks/conformance.test.ts -t dawn")
    expect(index()).toMatch(/networks = \{ akash, cdn, dawn, filecoin,/)
    expect(index()).toMatch(/cdn\/index\.ts"\nimport \{ dawn \} from "\.\/dawn\/index\.ts"\nimport \{ filecoin/)
    for (const line of stdout.split("\n").filter((l) => l.startsWith("wrote ")))
      expect(existsSync(join(root, line.slice("wrote ".length))), line).toBe(true)
    expect(readFileSync(join(root, "protocol/networks/dawn/index.ts"), "utf8")).not.toMatch(/newcomer/i)
    expect(problemWithName(root, "dawn")).toContain("already")
  }, 60_000)

  test("the last of the alphabet comes last", () => {
    newNetwork(root, "zephyr")
    expect(index()).toMatch(/, zephyr \} as const/)
    expect(index()).toMatch(/zephyr\/index\.ts"\n\nexport/)
  }, 60_000)

  test(
    "type-checks as it comes out",
    () => {
      const { status, stdout } = node("node_modules/typescript/bin/tsc", "-p", ".")
      expect(status, stdout).toBe(0)
    },
    SLOW_MS,
  )

  test(
    "passes both exams and its own stories as it comes out",
    () => {
      const { status, stdout, stderr } = node(
        "node_modules/vitest/vitest.mjs",
        "run",
        "protocol/networks/conformance.test.ts",
        "simulation/conformance.test.ts",
        "protocol/networks/dawn",
        "-t",
        "dawn|proofs|reward|silence",
      )
      expect(status, `${stdout}\n${stderr}`).toBe(0)
      expect(stdout).toMatch(/Test Files +3 passed/)
    },
    SLOW_MS,
  )
})
