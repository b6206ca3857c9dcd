/**
 * The rules of the house that a reader relies on, read off the source itself. Each failure says where, what and why.
 *
 * The files are those of the checkout less what .gitignore leaves out, so that a rule is met before it is committed.
 */
import { readdirSync, readFileSync } from "node:fs"
import { basename, dirname, join, posix } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, test } from "vitest"

const ROOT = dirname(fileURLToPath(import.meta.url))
const LINES_MAX = 400

const all = listFiles()
const sources = all.filter((f) => f.endsWith(".ts") && !f.endsWith(".d.ts"))
const isTest = (f: string) => /\.(test|properties|bench)\.ts$/.test(f)
const isGenerated = (f: string) => /\.generated\./.test(f) || f.startsWith("docs/reference/")
const program = sources.filter((f) => !isTest(f))

interface Import {
  readonly from: string
  /** As written. */
  readonly name: string
  /** The path from the root, when it is a file of ours. */
  readonly to: string | undefined
}
const imports = (f: string): readonly Import[] =>
  importNames(read(f)).map((name) => ({
    from: f,
    name,
    // What Vite is told to make of a file follows a question mark.
    to: name.startsWith(".") ? posix.join(posix.dirname(f), name.split("?")[0]) : undefined,
  }))
const importsOf = (files: readonly string[]) => files.flatMap(imports)

describe("who may import whom", () => {
  test("files are found", () => {
    expect(program).toContain("protocol/kernel/log.ts")
    expect(importsOf(["protocol/kernel/log.ts"]).map((i) => i.to)).toContain("protocol/kernel/hash.ts")
  })

  test("rooms look inward only: kernel ← ledger, registry ← mechanisms ← networks ← index ← boundary ← simulation, testnet ← cli", () => {
    const wrong = importsOf(program).filter(({ from, to }) => {
      const here = floorOf(from)
      const there = to === undefined ? undefined : floorOf(to)
      return here !== undefined && there !== undefined && there > here
    })
    forbid(wrong, "an inner room that knows an outer one cannot run, be read or be tested without it")
  })

  test("a network never imports another network", () => {
    const folder = (f: string) => /^protocol\/networks\/([^/]+)\//.exec(f)?.[1]
    const wrong = importsOf(sources).filter(({ from, to }) => {
      const [mine, theirs] = [folder(from), to === undefined ? undefined : folder(to)]
      return mine !== undefined && theirs !== undefined && mine !== theirs
    })
    forbid(wrong, "a network is one folder: what two of them need is extracted into protocol/{proofs,rewards,markets,resilience}")
  })

  test("only networks/index.ts names a network", () => {
    const wrong = importsOf(program).filter(
      ({ from, to }) =>
        to !== undefined &&
        /^protocol\/networks\/[^/]+\//.test(to) &&
        !from.startsWith("protocol/networks/") &&
        // A vector names a network's own function; the bench times a network's own mechanics.
        !/^(protocol\/boundary\/vectors\/|bench\/)/.test(from),
    )
    forbid(wrong, "a fifth DePIN is one folder and one line: everything else goes through the registry")
  })

  test("simulation and testnet never import each other", () => {
    const wrong = importsOf(sources).filter(
      ({ from, to }) =>
        (from.startsWith("simulation/") && to?.startsWith("testnet/")) ||
        (from.startsWith("testnet/") && to?.startsWith("simulation/")),
    )
    forbid(wrong, "they are two worlds around one core, and share the core and the scenario language only")
  })

  test("the protocol never sees the world: no rule of a network imports its inhabitants or their habitat", () => {
    const wrong = importsOf(
      program.filter((f) => /^protocol\/(?!kernel\/|boundary\/)/.test(f) && !/\/(inhabit[^/]*|index)\.ts$/.test(f)),
    ).filter(
      ({ to }) =>
        to !== undefined && (/\/inhabit[^/]*\.ts$/.test(to) || to.endsWith("/habitat.ts") || to.startsWith("simulation/")),
    )
    // A helper of the inhabitants is named inhabit-*.ts, so that it stands on their side of the wall too.
    forbid(
      wrong,
      "what is really up or stored is ground truth; rules know only what arrives as commands, so that detection is measured, not assumed",
    )
  })

  test("scenarios import scenarios/vocabulary.ts and nothing else", () => {
    const wrong = importsOf(program.filter((f) => f.startsWith("scenarios/") && f !== "scenarios/vocabulary.ts")).filter(
      ({ to }) => to !== "scenarios/vocabulary.ts",
    )
    forbid(wrong, "a scenario is data: it can be read aloud, sent as JSON, and played against a testnet")
  })

  test("the vocabulary and the core never import a scenario", () => {
    const wrong = importsOf(program.filter((f) => /^(protocol|simulation|testnet)\/|^scenarios\/vocabulary/.test(f))).filter(
      ({ to }) => to !== undefined && /^scenarios\/(?!vocabulary\.ts)/.test(to),
    )
    forbid(wrong, "a model that imports the experiment cannot be asked another question")
  })

  test("reports and notebooks never reach into a network's state", () => {
    const wrong = importsOf(program.filter((f) => /^(reports|notebooks)\//.test(f))).filter(
      ({ to }) => to !== undefined && /^protocol\/networks\/[^/]+\/(state|evolve|decide|settle)\.ts$/.test(to),
    )
    forbid(wrong, "answers read the recorded columns by SQL or run the core, so that any run folder can be reported")
  })

  test("the core needs no computer: no node: and no npm import", () => {
    const wrong = importsOf(program.filter(isPure)).filter(
      ({ from, to, name }) => to === undefined && !(from === "simulation/world/cells.ts" && name === "h3-js"),
    )
    forbid(
      wrong,
      "protocol/ (but its boundary), simulation/{engine,world,faults} and a study’s maths run in a browser worker too; ports are handed in",
    )
  })

  test("imports of our own files name the file, with .ts", () => {
    const known = new Set(all)
    const wrong = importsOf(sources).filter(({ to }) => to !== undefined && !known.has(to))
    forbid(wrong, "Node runs these files as they stand and guesses no extension; the file must exist")
  })
})

describe("the same bits everywhere", () => {
  const deterministic = program.filter((f) => /^(protocol|simulation\/(engine|world|faults|behaviour|study\/maths))\//.test(f))
  /** Exactly rounded, or exact, on every engine. */
  const exactMath = /^(abs|floor|ceil|round|trunc|sign|min|max|imul|fround|sqrt|clz32|PI|E|LN2|LN10|LOG2E|LOG10E|SQRT2|SQRT1_2)\b/
  const guards: readonly (readonly [string, RegExp, string])[] = [
    ["no clock", /\bDate\b/, "there is no clock here: time is a column"],
    [
      "no timers",
      /\b(setTimeout|setInterval|setImmediate|queueMicrotask|requestAnimationFrame)\b/,
      "there are no timers here: cadences run on the logical clock",
    ],
    [
      "no I/O",
      /\b(process|console|performance|globalThis)\b(?=\s*[.[])/,
      "no I/O and no clock: this must run in a browser worker too",
    ],
    ["no dice of its own", /\bcrypto\s*\./, "dice come from named streams, and the hasher is handed in"],
    ["no locale", /\.toLocale\w+|\bIntl\b|\.localeCompare\b/, "the locale of the computer must not reach a result"],
  ]

  test.each(guards)("%s", (_, pattern, why) => forbidText(deterministic, (line) => pattern.exec(line)?.[0], why))

  test("no promises in the protocol", () => {
    const files = deterministic.filter((f) => /^protocol\/(?!boundary\/)/.test(f))
    forbidText(
      files,
      (line) => /\b(async|await|Promise)\b/.exec(line)?.[0],
      "the core is synchronous: order is the log's, not the scheduler's",
    )
  })

  test("Math only where its last bit is the same on every engine", () => {
    const guard = (line: string) =>
      [...line.matchAll(/\bMath\b\s*(\.?)\s*(\w*)/g)].find(([, dot, name]) => dot === "" || !exactMath.test(name))?.[0]
    forbidText(
      deterministic,
      guard,
      "pow, exp, log and the trigonometric functions differ between engines: use kernel/real.ts or fixed point",
    )
  })

  test("** only between bigints, or as a whole power of two", () => {
    // TypeScript refuses to mix bigint and number, so one operand that says so speaks for both.
    const isBigint = (operand: string, code: string) =>
      /^BigInt\(|^\(*-?\d+n$/.test(operand) || new RegExp(`\\b${operand.replace(/\W/g, "")}\\s*:\\s*bigint\\b`).test(code)
    const guard = (line: string, code: string) =>
      [...line.matchAll(/([\w.]+)\)*\s*\*\*=?\s*((?:BigInt\()?[\w.]+)/g)].find(
        ([, x, y]) => !isBigint(x, code) && !isBigint(y, code) && !(x === "2" && /^\d+$/.test(y)),
      )?.[0]
    forbidText(
      deterministic,
      guard,
      "x ** y is Math.pow, whose last bits differ between engines: use kernel/real.ts or fixed point",
    )
  })
})

describe("a reader's rights", () => {
  const isData = (f: string) => isGenerated(f) || /(^|\/)(data|vectors)\//.test(f) || /\.(json|csv|svg|png|parquet)$/.test(f)

  test(`no file has more than ${LINES_MAX} lines`, () => {
    const wrong = all
      .filter((f) => !isData(f))
      .flatMap((f) => {
        const lines = read(f).split("\n").length - 1
        return lines > LINES_MAX ? [`${f}: ${lines} lines`] : []
      })
    expect(wrong, because("one file, one noun: a reader has twenty minutes", wrong)).toEqual([])
  })

  test("no utils, helpers, common, misc, manager or service", () => {
    const wrong = all.filter((f) => /(^|[/.-])(utils?|helpers?|common|misc|manager|service)\.[cm]?[jt]s$/.test(basename(f)))
    expect(wrong, because("such a name says nothing about what is inside", wrong)).toEqual([])
  })

  test("no path of somebody's computer and no registry host", () => {
    // Written with a bracket so that this file does not match itself.
    const machine = /(?<![\w.:~-])\/(wor[k]|hom[e]|User[s]|roo[t])\/[\w.]|[A-Z]:\\Use[r]s\\/
    const registry = /registry\.(npm[j]s|yarn[p]kg)\.\w+|npm\.pk[g]\.github|[\w-]+\.arti[f]actory|:\/\/localhos[t]:\d+\/.*\.tgz/
    const wrong = all
      .filter((f) => !/\.(png|parquet|ico|woff2?)$/.test(f))
      .flatMap((f) => {
        const found = machine.exec(read(f)) ?? registry.exec(read(f))
        return found === null ? [] : [`${f}: ${found[0]}`]
      })
    expect(wrong, because("the checkout must work on any computer, from any registry", wrong)).toEqual([])
  })
})

/** 0 is the innermost room. Rooms without a number (reports, bench, docs) may look at anything their own rules allow. */
function floorOf(f: string): number | undefined {
  if (f.startsWith("protocol/kernel/")) return 0
  if (/^protocol\/(ledger|registry)\//.test(f)) return 1
  if (/^protocol\/(proofs|rewards|markets|resilience)\//.test(f)) return 2
  if (/^protocol\/networks\/[^/]+\//.test(f)) return 3
  if (/^protocol\/networks\/[^/]+$/.test(f)) return 4
  if (f.startsWith("protocol/boundary/")) return 5
  if (f === "scenarios/vocabulary.ts") return 6
  if (/^(simulation|testnet)\//.test(f)) return 7
  if (f.startsWith("cli/")) return 8
  return undefined
}

function isPure(f: string): boolean {
  return (
    (f.startsWith("protocol/") && !f.startsWith("protocol/boundary/")) ||
    /^simulation\/(engine|world|faults|study\/maths)\//.test(f)
  )
}

function because(why: string, wrong: readonly string[]): string {
  return `${why}\n  ${wrong.join("\n  ")}\n`
}

function forbid(wrong: readonly Import[], why: string): void {
  const lines = wrong.map((i) => `${i.from} imports ${i.to ?? i.name}`)
  expect(lines, because(why, lines)).toEqual([])
}

function forbidText(files: readonly string[], guard: (line: string, code: string) => string | undefined, why: string): void {
  const wrong = files.flatMap((f) => {
    const code = codeOf(read(f), false)
    return code.split("\n").flatMap((line, i) => {
      const found = guard(line, code)
      return found === undefined ? [] : [`${f}:${i + 1}: ${found}`]
    })
  })
  expect(wrong, because(why, wrong)).toEqual([])
}

function read(f: string): string {
  return readFileSync(join(ROOT, f), "utf8")
}

/** Every file of the checkout, as a path from its root, less the folders and endings that .gitignore names. */
function listFiles(): readonly string[] {
  const ignored = readFileSync(join(ROOT, ".gitignore"), "utf8").split("\n")
  const skip = new Set([".git", ...ignored.filter((l) => l.endsWith("/")).map((l) => l.slice(0, -1))])
  const endings = ignored.filter((l) => l.startsWith("*.")).map((l) => l.slice(1))
  const walk = (folder: string): readonly string[] =>
    readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = posix.join(folder, entry.name)
      if (skip.has(entry.name) || endings.some((e) => entry.name.endsWith(e))) return []
      return entry.isDirectory() ? walk(path) : entry.isFile() ? [path] : []
    })
  return walk("").toSorted()
}

/** The modules a source file names, in import and export statements, types included, and in import(). */
function importNames(source: string): readonly string[] {
  const code = codeOf(source, true)
  return [/\b(?:import|export)\b[^;"'`()=]*?\bfrom\s*["']([^"']+)["']/g, /\bimport\s*\(?\s*["']([^"']+)["']/g].flatMap((p) =>
    [...code.matchAll(p)].map((m) => m[1]),
  )
}

/** The source with comments, templates and regular expressions blanked, and strings too unless kept. Lines stay lines. */
function codeOf(source: string, keepStrings: boolean): string {
  let out = ""
  let i = 0
  const blank = (end: number, keep = false) => {
    const text = source.slice(i, end)
    out += keep ? text : text.replace(/[^\n]/g, " ")
    i = end
  }
  const closing = (from: number, quote: string) => {
    let k = from
    let inClass = false
    while (k < source.length) {
      const c = source[k]
      if (c === "\\") k++
      else if (quote === "/" && c === "[") inClass = true
      else if (quote === "/" && c === "]") inClass = false
      else if (c === quote && !inClass) return k + 1
      k++
    }
    return source.length
  }
  const depths: number[] = []
  while (i < source.length) {
    const c = source[i]
    const two = source.slice(i, i + 2)
    if (two === "//") blank(endOr(source.indexOf("\n", i), source.length))
    else if (two === "/*") blank(endOr(source.indexOf("*/", i) + 2, source.length))
    else if (c === '"' || c === "'") blank(closing(i + 1, c), keepStrings)
    else if (c === "/" && /(^|[(,=:[!&|?{};~+\-*%<>^]|\breturn)\s*$/.test(out)) blank(closing(i + 1, "/"))
    else if (c === "`" || (c === "}" && depths.at(-1) === 0)) {
      if (c === "}") depths.pop()
      const end = templateEnd(source, i + 1)
      if (source[end - 1] === "{") depths.push(0)
      blank(end)
    } else {
      if (depths.length > 0 && c === "{") depths[depths.length - 1]++
      if (depths.length > 0 && c === "}") depths[depths.length - 1]--
      out += c
      i++
    }
  }
  return out
}

const endOr = (found: number, otherwise: number): number => (found < 2 ? otherwise : found)

/** Just past the template's closing quote, or past the `${` that opens code inside it. */
function templateEnd(source: string, from: number): number {
  for (let k = from; k < source.length; k++) {
    if (source[k] === "\\") k++
    else if (source[k] === "`") return k + 1
    else if (source[k] === "$" && source[k + 1] === "{") return k + 2
  }
  return source.length
}
