/**
 * The docs are executed. A block fenced as ```sh run is run, line by line, in a scratch folder that the blocks of one page share;
 * a plain ```sh block is read: its blackstart commands and flags must exist. Links between pages must lead somewhere.
 */
import { spawnSync } from "node:child_process"
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, relative, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, test } from "vitest"

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..")
const COMMANDS = [
  "run",
  "replay",
  "inspect",
  "explain",
  "list",
  "report",
  "query",
  "study",
  "compare",
  "supply",
  "backtest",
  "cheats",
  "library",
  "adversaries",
  "merge",
  "runner",
  "testnet",
  "join",
  "doctor",
]
const FLAGS = [
  "--threads",
  "--workers",
  "--share",
  "--no-sweep",
  "--database",
  "--list",
  "--engine",
  "--shard",
  "--seed",
  "--nodes",
  "--set",
  "--until",
  "--log",
  "--json",
  "--out",
  "--help",
  "--version",
  "--scenario",
  "--years",
  "--runs",
  "--history",
  "--from",
  "--home",
  "--leave",
  "--sectors",
  "--page",
  "--role",
  "--dir",
  "--gateways",
  "--speed",
  "--host",
  "--port",
  "--cut-damage",
  "--validators",
  "--hosts",
  "--block-ms",
  "--cut",
  "--network",
  "--name",
  "--replicas",
  "--at",
  "--address",
  "--real",
  "--simulated",
  "--seeds",
  "--resume",
  "--plan",
  "--only",
]
const PAGE_MS = 150_000

const pages = [
  ...readdirSync(ROOT).filter((f) => f.endsWith(".md")),
  ...readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
    .filter((f) => f.endsWith(".md"))
    .map((f) => join("docs", f)),
].toSorted()

interface Block {
  readonly info: string
  readonly line: number
  readonly commands: readonly string[]
}

const read = (page: string) => readFileSync(join(ROOT, page), "utf8")

/** The fenced shell blocks of a page; a trailing backslash joins lines, comments and a leading "$ " are dropped. */
function blocks(page: string): readonly Block[] {
  const text = read(page)
  return [...text.matchAll(/^```(sh[^\n]*)\n([\s\S]*?)^```/gm)].map((m) => ({
    info: m[1].trim(),
    line: text.slice(0, m.index).split("\n").length,
    commands: m[2]
      .replaceAll("\\\n", " ")
      .split("\n")
      .map((l) =>
        l
          .replace(/^\$ /, "")
          .replace(/(^|\s)#.*$/, "")
          .trim(),
      )
      .filter((l) => l !== ""),
  }))
}

/** Words of a command line, quotes removed. The docs use nothing cleverer, so that they work in every shell. */
const words = (line: string) => [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map((m) => m[1] ?? m[2] ?? m[3])

/** What a documented command runs in a checkout, or undefined when it is for people only (npm ci, cd, git). */
function program(line: string): readonly string[] | undefined {
  const [first, second, third, ...rest] = words(line)
  if (first === "npx" && second === "blackstart")
    return [join(ROOT, "cli/blackstart.mjs"), third, ...rest].filter((w) => w !== undefined)
  if (first === "npm" && second === "run" && third === "vectors")
    return [join(ROOT, "cli/vectors.ts"), ...rest.filter((w) => w !== "--")]
  return undefined
}

describe("commands", () => {
  const written = pages.flatMap((page) =>
    blocks(page).flatMap((b) => b.commands.map((c) => ({ where: `${page}:${b.line}`, words: words(c) }))),
  )

  test("every blackstart command and flag that is written exists", () => {
    const wrong = written
      .filter(({ words: w }) => w[0] === "npx" && w[1] === "blackstart")
      .flatMap(({ where, words: [, , command, ...rest] }) => [
        ...(COMMANDS.includes(command) || FLAGS.includes(command) ? [] : [`${where}: no command ${command}`]),
        ...rest.filter((w) => w.startsWith("--") && !FLAGS.includes(w.split("=")[0])).map((w) => `${where}: no flag ${w}`),
      ])
    expect(wrong).toEqual([])
  })

  test("every npm script that is written exists", () => {
    const { scripts } = JSON.parse(read("package.json"))
    const wrong = written.filter(({ words: [npm, run, name] }) => npm === "npm" && run === "run" && !(name in scripts))
    expect(wrong).toEqual([])
  })
})

describe("blocks marked sh run", () => {
  const marked = pages
    .map((page) => ({ page, run: blocks(page).filter((b) => b.info === "sh run") }))
    .filter(({ run }) => run.length > 0)

  test.each(marked)(
    "$page",
    ({ page, run }) => {
      const folder = mkdtempSync(join(tmpdir(), "blackstart-docs-"))
      // Pages are written for a reader at the root of a checkout; runs land in the scratch folder.
      for (const name of ["scenarios", "vectors"]) symlinkSync(join(ROOT, name), join(folder, name), "dir")
      try {
        for (const block of run)
          for (const command of block.commands) {
            const args = program(command)
            expect(args, `${page}:${block.line}: only blackstart and vectors can be run here: ${command}`).toBeDefined()
            const done = spawnSync(process.execPath, args!, {
              cwd: folder,
              encoding: "utf8",
              stdio: ["ignore", "pipe", "pipe"],
              timeout: PAGE_MS,
            })
            expect(done.status, `${page}:${block.line}: ${command}\n${done.stdout.slice(-2000)}${done.stderr.slice(-2000)}`).toBe(
              0,
            )
          }
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    },
    PAGE_MS,
  )
})

describe("pages", () => {
  test("links between pages lead somewhere", () => {
    const wrong = pages.flatMap((page) => {
      const prose = read(page)
        .replace(/```[\s\S]*?```/g, "")
        .replace(/`[^`\n]*`/g, "")
      return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
        .map((m) => m[1])
        .filter((to) => !/^[a-z]+:/i.test(to))
        .flatMap((to) => {
          const [path, anchor] = to.split("#")
          const file = path === "" ? page : relative(ROOT, resolve(ROOT, dirname(page), path))
          if (!existsSync(join(ROOT, file))) return [`${page}: there is no ${to}`]
          return anchor === undefined || !file.endsWith(".md") || anchors(file).includes(anchor)
            ? []
            : [`${page}: ${file} has no heading #${anchor}`]
        })
    })
    expect(wrong).toEqual([])
  })

  test("README has under 100 lines", () => {
    // The front door: one question, one picture, two commands, five links.
    expect(read("README.md").split("\n").length - 1).toBeLessThan(100)
  })

  test("every decision is in the index", () => {
    const index = read("docs/adr/README.md")
    const missing = readdirSync(join(ROOT, "docs/adr")).filter((f) => /^\d{4}-.*\.md$/.test(f) && !index.includes(`(${f})`))
    expect(missing).toEqual([])
  })
})

/** Headings as the anchors that forges make of them. */
function anchors(page: string): readonly string[] {
  return [...read(page).matchAll(/^#+ (.*)$/gm)].map((m) =>
    m[1]
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replace(/\s/g, "-"),
  )
}
