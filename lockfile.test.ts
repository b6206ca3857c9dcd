/** What a fresh clone installs: the lockfile must serve every platform and every registry, and say exactly one thing. */
import { readFileSync } from "node:fs"
import { expect, test } from "vitest"

interface Locked {
  readonly version?: string
  readonly resolved?: string
  readonly link?: boolean
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const json = (name: string) => JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"))
const manifest = json("./package.json")
const lock = json("./package-lock.json")
const packages = Object.entries(lock.packages as Record<string, Locked>)

/** Where Node would find `name` from the folder `path`: its own node_modules, then each one further out. */
function isLocked(path: string, name: string): boolean {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf("/node_modules/")))) {
    if (`${at}${at === "" ? "" : "/"}node_modules/${name}` in lock.packages) return true
    if (!at.includes("node_modules/")) return false
    if (!at.includes("/node_modules/")) at = "node_modules/"
    if (at === "node_modules/") return `node_modules/${name}` in lock.packages
  }
}

test("every optional dependency of every locked package is locked", () => {
  const missing = packages.flatMap(([path, p]) =>
    Object.keys(p.optionalDependencies ?? {})
      .filter((name) => !isLocked(path, name))
      .map((name) => `${path || "the project"} needs ${name} on some platform`),
  )
  // npm locks only the platforms it can resolve at that moment; others then fail in npm ci, or at run time.
  expect(missing).toEqual([])
})

test("no package is tied to one registry", () => {
  expect(packages.filter(([, p]) => p.resolved !== undefined && !p.link).map(([path]) => path)).toEqual([])
})

test("every dependency is pinned exactly, and the lock agrees", () => {
  const wanted = Object.entries<string>({ ...manifest.dependencies, ...manifest.devDependencies })
  expect(wanted.filter(([, v]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(v))).toEqual([])
  expect(wanted.filter(([name, v]) => lock.packages[`node_modules/${name}`]?.version !== v)).toEqual([])
  expect(lock.packages[""].dependencies).toEqual(manifest.dependencies)
  expect(lock.packages[""].devDependencies).toEqual(manifest.devDependencies)
})

test("Node: the range is declared, and a current one comes with the development set", () => {
  expect(manifest.engines.node).toBe(">=22.19.0")
  // Where the computer's own Node is older, npm run and npx use this one.
  expect(manifest.devDependencies.node).toMatch(/^(2[2-9]|[3-9]\d)\./)
})

test("the licence is Apache-2.0, in the manifest, the lock and the file", () => {
  expect(manifest.license).toBe("Apache-2.0")
  expect(lock.packages[""].license).toBe("Apache-2.0")
  expect(readFileSync(new URL("./LICENSE", import.meta.url), "utf8")).toMatch(/Apache License\s+Version 2\.0/)
})

test("packages replaced by their successors do not come back", () => {
  const back = ["@effect/schema", "duckdb", "ts-node"].filter((name) => `node_modules/${name}` in lock.packages)
  expect(back, "see docs/adr/0003 to 0005").toEqual([])
})
