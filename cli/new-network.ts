/**
 * npm run new:network NAME: a folder for a new network, which type-checks and passes the exam as it comes out, its line in
 * protocol/networks/index.ts, and its reference page. What it copies is protocol/scaffold/newcomer, a network like any other, so
 * it is checked, linted and tested where it lies.
 */
import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const TEMPLATE = "newcomer"
const NAME_MAX = 24
/** A name becomes a constant, so it may be none of the language's words, nor one that a file of the folder imports or uses. */
const TAKEN_WORDS = new Set(
  (
    "await break case catch class const continue debugger default delete do else enum export extends false finally for function if " +
    "implements import in instanceof interface let new null package private protected public return static super switch this throw " +
    "true try typeof undefined var void while with yield arguments eval async type of as " +
    "balance below block commands count decide demand describe events evolve examples expect facilities genesis inhabit invariants join " +
    "ledger metrics network networks nodes params ports post presets prove rows sabotage seconds state stream supply table test unit newcomer"
  ).split(" "),
)

/** What is wrong with `name` for a new network of the checkout at `root`, in one sentence with the way out; undefined: nothing is. */
export function problemWithName(root: string, name: string | undefined): string | undefined {
  if (name === undefined || name === "") return "a network needs a name: npm run new:network -- weather"
  if (!/^[a-z][a-z0-9]*$/u.test(name) || name.length < 2 || name.length > NAME_MAX)
    return `"${name}" cannot be the name of a network: it must be one word of 2 to ${NAME_MAX} small letters and digits that begins with a letter, such as weather`
  if (TAKEN_WORDS.has(name)) return `"${name}" cannot be the name of a network: the code uses that word itself; take another`
  if (existsSync(join(root, "protocol/networks", name)) || registered(indexOf(root)).includes(name))
    return `there is a network "${name}" already, in protocol/networks/${name}; take another name, or remove that folder and its line in protocol/networks/index.ts`
  return undefined
}

/**
 * Writes the folder, the line and the reference page of network `name`. Returns the files it wrote, as paths from `root`. Throws an
 * Error with one sentence when the name is wrong or index.ts is not as it should be; then nothing was written.
 */
export function newNetwork(root: string, name: string): readonly string[] {
  const wrong = problemWithName(root, name)
  if (wrong !== undefined) throw new Error(wrong)
  const index = withLine(indexOf(root), name)
  const from = join(root, "protocol/scaffold", TEMPLATE)
  const folder = join("protocol/networks", name)
  mkdirSync(join(root, folder))
  const files = readdirSync(from).map((file) => {
    const path = join(folder, file.replace(TEMPLATE, name))
    writeFileSync(join(root, path), renamed(readFileSync(join(from, file), "utf8"), name))
    return path
  })
  writeFileSync(join(root, "protocol/networks/index.ts"), index)
  // In a process of its own: this one has read the registry as it was.
  const docs = spawnSync(process.execPath, [join(root, "cli/docs.ts")], { cwd: root, encoding: "utf8" })
  if (docs.status !== 0) {
    rmSync(join(root, folder), { recursive: true })
    writeFileSync(join(root, "protocol/networks/index.ts"), withoutLine(index, name))
    throw new Error(`the reference page of ${name} could not be written, so nothing is left of it:\n${docs.stderr}`)
  }
  return [...files, "protocol/networks/index.ts", `docs/reference/${name}.md`]
}

const capital = (word: string): string => word[0].toUpperCase() + word.slice(1)
const renamed = (text: string, name: string): string =>
  text.replaceAll(TEMPLATE, name).replaceAll(capital(TEMPLATE), capital(name))

const indexOf = (root: string): string => readFileSync(join(root, "protocol/networks/index.ts"), "utf8")
const REGISTRY = /export const networks = \{([^}]*)\} as const/u
const registered = (index: string): readonly string[] =>
  (REGISTRY.exec(index)?.[1] ?? "")
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "")
const importLine = (name: string): string => `import { ${name} } from "./${name}/index.ts"\n`

/** index.ts with the network's import and its name, each in its place by the alphabet. */
function withLine(index: string, name: string): string {
  const names = registered(index)
  if (names.length === 0)
    throw new Error("protocol/networks/index.ts has no line `export const networks = { … } as const`; restore it first")
  const after = names.find((other) => other > name)
  const at = after === undefined ? index.indexOf("\n\nexport") + 1 : index.indexOf(importLine(after))
  if (at <= 0) throw new Error(`protocol/networks/index.ts does not import ${after} as it should; restore it first`)
  return listed(index.slice(0, at) + importLine(name) + index.slice(at), [...names, name].toSorted())
}
const withoutLine = (index: string, name: string): string =>
  listed(
    index.replace(importLine(name), ""),
    registered(index).filter((other) => other !== name),
  )
const listed = (index: string, names: readonly string[]): string =>
  index.replace(REGISTRY, `export const networks = { ${names.join(", ")} } as const`)

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL("..", import.meta.url))
  const [name, ...more] = process.argv.slice(2)
  const wrong = more.length > 0 ? `one name, please, not "${[name, ...more].join(" ")}"` : problemWithName(root, name)
  if (wrong !== undefined) {
    process.stderr.write(`${wrong}\n`)
    process.exit(1)
  }
  const files = newNetwork(root, name)
  process.stdout.write(`${files.map((file) => `wrote ${file}`).join("\n")}

${name} is registered and should pass its exam as it is:
  npx vitest run protocol/networks/conformance.test.ts -t ${name}
  npx vitest run simulation/conformance.test.ts -t ${name}

Next, make it yours, in the order of protocol/networks/${name}: README.md, params.ts, events.ts, commands.ts, state.ts, decide.ts, evolve.ts,
settle.ts, inhabit.ts. Keep examples.ts in step, and after any change of names run npm run docs. docs/guides/add-a-network.md goes
through it, up to a first scenario.
`)
}
