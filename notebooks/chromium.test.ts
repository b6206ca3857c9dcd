/** The check of notebooks can fail, and Chromium's worker comes to Node's bits for the notebooks' own manifests. */
import { mkdtempSync, rmSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"
import { launch, type Browser } from "puppeteer-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { CHROMIUM, FLAGS } from "../browser/chromium.ts"
import { Session } from "../browser/session.ts"
import { checkPage } from "./check.ts"
import { diversityOf } from "./questions/diversity.ts"
import { hashOutlook, outlookOf } from "./questions/filecoin.ts"
import { regimeOf } from "./questions/regimes.ts"
import { spiralOf } from "./questions/spiral.ts"
import { serve, type Served } from "./serve.ts"

let browser: Browser | undefined
let served: Served | undefined
let folder = ""
beforeAll(async () => {
  if (CHROMIUM === undefined) return
  folder = mkdtempSync(join(tmpdir(), "blackstart-notebooks-"))
  served = await serve(folder)
  browser = await launch({ executablePath: CHROMIUM, userDataDir: join(folder, "profile"), args: [...FLAGS] })
}, 60_000)
afterAll(async () => {
  await browser?.close()
  served?.close()
  if (folder !== "") rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
})
const absent = "notebooks in Chromium: there is none here; apt-get install chromium installs it"

/** How long a page is waited for whose cells will never finish. */
const LATE_MS = 600
const isLate = ({ source }: RegExp): boolean => /^(did not finish|nothing changes)/.test(source)
const CLAIM = '<p data-claim="met">Holds: so.</p>'
const BITS = (log: string) =>
  `<details class="bits" data-log="${log}" data-state="s" data-manifest='${JSON.stringify(diversityOf({ hotspots: 3 }))}'></details>`
test.for([
  ["all is well", CLAIM, "display(claim(", []],
  [
    "a claim is not met",
    '<p data-claim="unmet">Does not hold: so.</p>',
    "display(claim(",
    [/a claim is not met: Does not hold: so/],
  ],
  ["a claim never came", "", "display(claim(", [/did not finish in 0.6 s/, /0 of its 1 claims/]],
  [
    "a cell failed",
    `<p class="observablehq--error">RangeError: no</p>${CLAIM}`,
    "display(claim(",
    [/a cell failed: RangeError: no/],
  ],
  ["other bits", BITS("00"), "display(sameBits(", [/Chromium comes to 00 s and Node to [0-9a-f]{64} /]],
  [
    "a chart without words",
    '<figure class="chart"><svg></svg>A caption</figure>',
    "display(chart(",
    [/says nothing .*: A caption/],
  ],
  ["too wide", `${CLAIM}<div style="width: 900px">wide</div>`, "display(claim(", [/wider than a screen of 390 px/]],
  [
    "a dead slider",
    `${CLAIM}<p class="slider"><input type="range" aria-label="dead"></p>`,
    "display(claim(",
    [/nothing changes when/],
  ],
  [
    "it fetches",
    `${CLAIM}<img alt="" src="http://127.0.0.2:9/x.png">`,
    "display(claim(",
    [/it fetches http:\/\/127\.0\.0\.2:9/, /console/],
  ],
] as const)("the check of a page: %s", async ([name, body, source, expected], { skip }) => {
  if (browser === undefined) return skip(absent)
  const file = `${name.replaceAll(" ", "-")}.html`
  writeFileSync(join(folder, file), `<!doctype html><html lang="en"><link rel="icon" href="data:,"><main>${body}</main></html>`)
  const { wrong } = await checkPage(
    browser,
    `${served!.address}${file}`,
    source,
    undefined,
    (expected as readonly RegExp[]).some(isLate) ? LATE_MS : 20_000,
  )
  expect(wrong).toHaveLength(expected.length)
  for (const sentence of expected) expect(wrong).toContainEqual(expect.stringMatching(sentence))
})

const HISTORY = readFileSync(new URL("../scenarios/economics/filecoin-observed.csv", import.meta.url), "utf8")

test("the core's worker has Node's hashes for manifests of the notebooks", async ({ skip }) => {
  if (browser === undefined) return skip(absent)
  const manifests = [regimeOf("HIP149", 20), diversityOf({ hotspots: 30 }), spiralOf({ machines: 12, remintPermille: 560 })]
  const asked = manifests.flatMap((scenario, k) => [
    { id: 3 * k, do: "start", ask: { scenario } },
    { id: 3 * k + 1, do: "finish", ask: {} },
    { id: 3 * k + 2, do: "hashes", ask: {} },
  ])
  const answers = await askWorker(browser, "../browser/worker.ts", asked)
  for (const [k, scenario] of manifests.entries()) {
    const here = new Session(scenario, { hasSnapshots: false })
    here.finish()
    expect((answers[3 * k + 2] as { readonly answer: unknown }).answer).toEqual(here.hashes())
  }
})

test("and the supply's worker for a case of ten years", async ({ skip }) => {
  if (browser === undefined) return skip(absent)
  const settings = { runs: 3 }
  const asked = [{ id: 1, history: HISTORY, which: "growth", settings }]
  const [answer] = await askWorker(browser, "kit/supply-worker.ts", asked)
  expect((answer as { readonly hash: string }).hash).toBe(hashOutlook(outlookOf(HISTORY, "growth", settings)))
})

/** What a new worker answers to each message, in turn; only what is small comes back. */
async function askWorker(browser: Browser, entry: string, asked: readonly object[]): Promise<readonly unknown[]> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    write: false,
    format: "iife",
    platform: "browser",
    logLevel: "silent",
  })
  const page = await browser.newPage()
  try {
    return (await page.evaluate(
      async (code, asked) => {
        const worker = new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })))
        const answers: unknown[] = []
        for (const message of asked)
          answers.push(
            // oxlint-disable-next-line no-await-in-loop -- one question after the other
            await new Promise((resolve, reject) => {
              worker.addEventListener(
                "message",
                ({ data }) => {
                  if (data.problem !== undefined) reject(new Error(data.problem))
                  else resolve({ hash: data.hash, answer: data.answer?.log === undefined ? undefined : data.answer })
                },
                { once: true },
              )
              worker.addEventListener("error", ({ message: why }) => reject(new Error(why)), { once: true })
              // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has none: windows do
              worker.postMessage(message)
            }),
          )
        return answers
      },
      outputFiles[0].text,
      asked,
    )) as readonly unknown[]
  } finally {
    await page.close()
  }
}
