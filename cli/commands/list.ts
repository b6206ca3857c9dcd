/** blackstart list: what there is to run, to change and to read. */
import { readdir, readFile } from "node:fs/promises"
import { join, relative } from "node:path"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Option from "effect/Option"
import { catalogue, type Entry } from "../catalogue.ts"
import { does } from "../does.ts"
import { ROOT } from "../version.ts"

const WHAT = ["scenarios", "incidents", "networks", "presets", "parameters", "runs"] as const
type What = (typeof WHAT)[number]

export const list = Command.make(
  "list",
  { what: Argument.Literals("what", WHAT).pipe(Argument.withDescription("One kind only"), Argument.optional) },
  does(async ({ what }: { readonly what: Option.Option<What> }) => {
    const chosen = Option.isSome(what) ? [what.value] : WHAT
    const parts = await Promise.all(chosen.map(async (w) => [w, ...(await OF[w]()).map((line) => `  ${line}`)].join("\n")))
    process.stdout.write(`${parts.join("\n\n")}\n`)
  }),
).pipe(Command.withDescription("List scenarios, incidents, networks, presets, parameters and runs"))

const OF: Readonly<Record<What, () => Promise<readonly string[]>>> = {
  scenarios,
  incidents: async () => {
    const { incidents } = await import("../../simulation/record/load.ts")
    return table([...(await incidents()).values()].map((r) => [`incident:${r.id}`, r.name]))
  },
  networks: async () => table(of("network").map((e) => [e.name, fact(e, "is")])),
  presets: async () => table(of("preset").map((e) => [e.name, fact(e, "because")])),
  parameters: async () => table(of("parameter").map((e) => [e.name, fact(e, "default"), fact(e, "range")])),
  runs,
}

const of = (kind: Entry["kind"]): readonly Entry[] => catalogue().filter((e) => e.kind === kind)
const fact = (e: Entry, label: string): string => e.facts.find(([l]) => l === label)?.[1] ?? ""

async function scenarios(): Promise<readonly string[]> {
  const { loadScenario } = await import("../../simulation/record/load.ts")
  const folder = join(ROOT, "scenarios")
  const files = (await readdir(folder, { recursive: true }))
    .filter((f) => f.includes("/") && f.endsWith(".ts") && !f.endsWith(".test.ts"))
    .toSorted()
  const rows = await Promise.all(
    files.map(async (file) => {
      const path = join(folder, file)
      // One broken file must not hide the others.
      const said = await loadScenario(path).then(
        (s) => s.question,
        (cause: unknown) => (cause as Error).message,
      )
      return [relative(process.cwd(), path), said]
    }),
  )
  return table([...rows, ...(await studies(folder))])
}

/** Studies, which blackstart study and blackstart supply run: JSON that says so. */
async function studies(folder: string): Promise<readonly (readonly string[])[]> {
  const files = (await readdir(folder, { recursive: true })).filter((f) => f.includes("/") && f.endsWith(".json")).toSorted()
  const found = await Promise.all(
    files.map(async (file) => {
      const path = join(folder, file)
      const data: unknown = await readFile(path, "utf8")
        .then(JSON.parse)
        .catch(() => undefined)
      const { study, question } = (data ?? {}) as { readonly study?: unknown; readonly question?: unknown }
      return (study === "supply" || study === "runs") && typeof question === "string"
        ? [[relative(process.cwd(), path), question]]
        : []
    }),
  )
  return found.flat()
}

/** Folders in ./runs that hold a manifest. */
async function runs(): Promise<readonly string[]> {
  const folders = await readdir("runs", { withFileTypes: true }).catch(() => [])
  const rows = await Promise.all(
    folders
      .filter((f) => f.isDirectory())
      .map(async ({ name }) => {
        const path = join("runs", name)
        const text = await readFile(join(path, "run.json"), "utf8").catch(() => undefined)
        if (text === undefined) return undefined
        try {
          const {
            name: scenario,
            seed,
            status,
            events,
          } = JSON.parse(text) as {
            readonly name: string
            readonly seed: number
            readonly status?: string
            readonly events?: number
          }
          return [
            path,
            `${scenario}, seed ${seed}, ${status ?? "unfinished"}${events === undefined ? "" : `, ${events.toLocaleString("en-GB")} events`}`,
          ]
        } catch {
          return [path, "its run.json is damaged"]
        }
      }),
  )
  const found = rows.filter((row) => row !== undefined)
  return found.length === 0 ? ["none in ./runs"] : table(found.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** Columns side by side, the last one as long as it is. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows.reduce<number[]>((all, row) => row.map((cell, k) => Math.max(all[k] ?? 0, cell.length)), [])
  return rows.map((row) => row.map((cell, k) => (k === row.length - 1 ? cell : cell.padEnd(widths[k]))).join("  "))
}
