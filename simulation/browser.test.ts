/** The same manifest, the same hashes: in this Node, in Chromium's worker, and in the oldest Node that engines allows. */
import { spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"
import fc from "fast-check"
import { launch } from "puppeteer-core"
import { beforeAll, expect, test } from "vitest"
import type { Header } from "../protocol/kernel/log.ts"
import { at, change, corrupt, hours, kill, minutes, percent, repair, scenario, seconds, share } from "../scenarios/vocabulary.ts"
import { play } from "./browser-entry.ts"
import { plainHasher } from "./engine/hasher.ts"

const ENTRY = fileURLToPath(new URL("browser-entry.ts", import.meta.url))
const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => existsSync(path))
const NODE22 = process.env.BLACKSTART_NODE22

/** Six hours of everything: a push, an outage, stops, a changed rule, and midnight's settlement. */
const SIX_HOURS = scenario({
  question: "Does every engine come to the same bits?",
  begins: "2025-11-17T20:00:00Z",
  lasts: hours(6),
  seed: 22,
  epoch: minutes(30),
  fine: [{ from: "2025-11-17T21:50:00Z", to: "2025-11-17T22:40:00Z", every: seconds(60) }],
  networks: { cdn: { nodes: 20 }, helium: { nodes: 200 } },
  dependsOn: { helium: { on: "cdn", nodes: percent(30), users: percent(10), because: "a test" } },
  incident: { onset: "2025-11-17T22:00:00Z", mainRecovery: "2025-11-17T22:30:00Z" },
  timeline: [
    at(
      "2025-11-17T22:00:00Z",
      "a bad file",
      corrupt("cdn", "config-builder", { from: percent(20), to: percent(100), over: minutes(20) }),
    ),
    at("2025-11-17T22:05:00Z", "some stop", kill("helium", share(percent(25)), { for: minutes(40) })),
    at("2025-11-17T22:10:00Z", "worse", change("cdn", "failingSharePermille", 900)),
    at("2025-11-17T22:30:00Z", "the right file", repair("cdn", "config-builder")),
  ],
})

let here: readonly Header[]
beforeAll(() => {
  here = play(SIX_HOURS, "node")
})

test("the plain hasher is SHA-256, however the bytes are cut", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 6 }), (parts) => {
      const [plain, node] = [plainHasher(), createHash("sha256")]
      for (const part of parts) {
        const lent = part.slice()
        plain.update(lent)
        node.update(part)
        lent.fill(0)
      }
      expect(Buffer.from(plain.digest()).toString("hex")).toBe(node.digest("hex"))
    }),
    { numRuns: 50 },
  )
})

test("this Node gives the same headers with the browser's hasher", () => {
  expect(here.length).toBeGreaterThan(50)
  expect(here.reduce((sum, h) => sum + h.rows, 0)).toBeGreaterThan(2000)
  expect(play(SIX_HOURS, "plain")).toEqual(here)
})

test("Chromium gives the same headers, in a worker", async ({ skip }) => {
  if (CHROMIUM === undefined) return skip("the same hashes in Chromium: there is none here; apt-get install chromium installs it")
  const profile = mkdtempSync(join(tmpdir(), "blackstart-browser-"))
  const browser = await launch({
    executablePath: CHROMIUM,
    userDataDir: profile,
    args: "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync".split(
      " ",
    ),
  })
  try {
    const page = await browser.newPage()
    const there = await page.evaluate(
      inWorker,
      `${await bundle()}\nonmessage = ({ data }) => postMessage(blackstart.play(data, "plain"))`,
      SIX_HOURS,
    )
    compare(there as readonly Header[])
  } finally {
    await browser.close()
    rmSync(profile, { recursive: true, force: true })
  }
})

test("Node 22 gives the same headers", ({ skip }) => {
  if (NODE22 === undefined) return skip("the same hashes in Node 22: BLACKSTART_NODE22 names no node; set it to the path of one")
  const program = `const { play } = await import(${JSON.stringify(ENTRY)}); process.stdout.write(JSON.stringify([process.version, play(JSON.parse(process.argv[1]), "node")]))`
  const { stdout, stderr, status, error } = spawnSync(NODE22, ["--input-type=module", "-e", program, JSON.stringify(SIX_HOURS)], {
    encoding: "utf8",
    maxBuffer: 1e8,
  })
  expect(status, `${NODE22}: ${error?.message ?? stderr}`).toBe(0)
  const [version, headers] = JSON.parse(stdout)
  expect(version).toMatch(/^v22\./u)
  compare(headers)
})

/** Header by header, so that a difference names its first epoch. */
function compare(there: readonly Header[]): void {
  for (const [epoch, header] of here.entries()) expect(there[epoch], `epoch ${epoch}`).toEqual(header)
  expect(there).toHaveLength(here.length)
}

/** The entry as one script. */
async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [ENTRY],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "blackstart",
    platform: "browser",
    logLevel: "silent",
    plugins: [
      {
        name: "no-node",
        setup(b) {
          // The one thing of Node's on the way: the record's environment names its SHA-256, which is not called in a browser.
          b.onResolve({ filter: /^node:crypto$/ }, ({ path }) => ({ path, namespace: "absent" }))
          b.onLoad({ filter: /.*/, namespace: "absent" }, () => ({ contents: "export const createHash = undefined" }))
        },
      },
    ],
  })
  return outputFiles[0].text
}

/** Runs in the page: starts `code` as a worker, hands it `message`, and gives what it answers. */
function inWorker(code: string, message: unknown): Promise<unknown> {
  const worker = new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })))
  return new Promise((resolve, reject) => {
    worker.addEventListener("message", ({ data }) => resolve(data))
    worker.addEventListener("error", ({ message: why }) => reject(new Error(why)))
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has none: windows do
    worker.postMessage(message)
  })
}
