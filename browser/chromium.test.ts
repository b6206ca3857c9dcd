/** The worker itself, in Chromium: the hashes that Node has for the same scenario, forwards, back in time, and in another future. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"
import { launch, type Browser } from "puppeteer-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { CHROMIUM, FLAGS } from "./chromium.ts"
import type { Hashes, RequestName } from "./messages.ts"
import { Session } from "./session.ts"
import { economyOf, OUTAGE } from "./small.ts"

let browser: Browser | undefined
let profile = ""
let code = ""
beforeAll(async () => {
  if (CHROMIUM === undefined) return
  profile = mkdtempSync(join(tmpdir(), "blackstart-core-"))
  const entry = fileURLToPath(new URL("worker.ts", import.meta.url))
  const bundled = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "iife",
    platform: "browser",
    logLevel: "silent",
  })
  code = bundled.outputFiles[0].text
  browser = await launch({ executablePath: CHROMIUM, userDataDir: profile, args: [...FLAGS] })
})
afterAll(async () => {
  await browser?.close()
  if (profile !== "") rmSync(profile, { recursive: true, force: true })
})

type Asked = [name: RequestName, ask: unknown][]
const absent = "the core in Chromium's worker: there is no Chromium here; apt-get install chromium installs it"

test("the worker has Node's hashes for an outage: to the end, back in time, and forked", async ({ skip }) => {
  if (browser === undefined) return skip(absent)
  const changes = [{ network: "helium", parameter: "witnessesMax", value: 3 }]
  const there = await ask(browser, [
    ["start", { scenario: OUTAGE }],
    ["finish", {}],
    ["hashes", {}],
    ["scrub", { epoch: 7 }],
    ["hashes", {}],
    ["fork", { changes }],
    ["finish", {}],
    ["hashes", {}],
  ])
  const here = new Session(OUTAGE)
  here.finish()
  expect(there[2]).toEqual(here.hashes())
  here.scrub(7)
  expect(there[4]).toEqual(here.hashes())
  const other = here.fork(changes)
  other.finish()
  expect(there[7]).toEqual(other.hashes())
  expect((there[7] as Hashes).log).not.toBe((there[2] as Hashes).log)
})

test("and for ninety days of the economy", async ({ skip }) => {
  if (browser === undefined) return skip(absent)
  const scenario = economyOf(400, { emissionTokensPerDay: 400 })
  const there = await ask(browser, [
    ["start", { scenario }],
    ["finish", {}],
    ["hashes", {}],
  ])
  const here = new Session(scenario)
  here.finish()
  expect(there[2]).toEqual(here.hashes())
})

/** What a new worker answers, in turn. */
async function ask(browser: Browser, asked: Asked): Promise<readonly unknown[]> {
  const page = await browser.newPage()
  try {
    return (await page.evaluate(
      async (code, asked) => {
        const worker = new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })))
        const answers: unknown[] = []
        for (const [id, [name, what]] of asked.entries())
          // oxlint-disable-next-line no-await-in-loop -- one question after the other
          answers[id] = await new Promise((resolve, reject) => {
            worker.addEventListener("message", ({ data }) => {
              if (data.re === id && "problem" in data) reject(new Error(data.problem))
              else if (data.re === id) resolve(name === "hashes" ? data.answer : null)
            })
            worker.addEventListener("error", ({ message }) => reject(new Error(message)))
            // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has none: windows do
            worker.postMessage({ id, do: name, ask: what })
          })
        return answers
      },
      code,
      asked,
    )) as readonly unknown[]
  } finally {
    await page.close()
  }
}
