/**
 * Opens every built notebook in Chromium and waits for its cells: no error, every claim met, the hashes those of Node, nothing
 * fetched from elsewhere, nothing wider than a phone.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { launch, type Browser, type Page } from "puppeteer-core"
import { CHROMIUM, FLAGS } from "../browser/chromium.ts"
import { Session } from "../browser/session.ts"
import { hashOutlook, outlookOf, type Case } from "./questions/filecoin.ts"
import { OUT, serve } from "./serve.ts"
import { NOTEBOOKS } from "./vite.config.ts"

/** A page's cells have so long, ms: they take a second or a few, but a shared computer is slow. */
const PATIENCE_MS = 90_000
const HISTORY = fileURLToPath(new URL("../scenarios/economics/filecoin-observed.csv", import.meta.url))

/** What is wrong, one sentence each; empty when all is well. Pictures go to `shots` when it is given. */
export async function checkPages(shots?: string, only: readonly string[] = NOTEBOOKS): Promise<readonly string[]> {
  if (CHROMIUM === undefined) {
    console.log("skipped: the notebooks in a browser: there is no Chromium here; apt-get install chromium installs it")
    return []
  }
  if (shots !== undefined) mkdirSync(shots, { recursive: true })
  const profile = mkdtempSync(join(tmpdir(), "blackstart-notebooks-"))
  const served = await serve(OUT)
  const browser = await launch({
    executablePath: CHROMIUM,
    userDataDir: profile,
    args: [...FLAGS],
    protocolTimeout: 2 * PATIENCE_MS,
  })
  const failures: string[] = []
  try {
    for (const file of only) {
      const began = performance.now()
      // oxlint-disable-next-line no-await-in-loop -- one page at a time: each has a worker of its own
      const { wrong, claims } = await checkPage(browser, `${served.address}${file}`, sourceOf(file), shots)
      failures.push(...wrong)
      const seconds = ((performance.now() - began) / 1000).toFixed(1)
      console.log(`notebooks: ${wrong.length === 0 ? "ok" : "FAILED"}: ${file}, ${claims} claims, ${seconds} s`)
    }
  } finally {
    await browser.close()
    served.close()
    rmSync(profile, { recursive: true, force: true })
  }
  return failures
}

/** Claims and hashes that a notebook's source says it shows: a page whose cells did not run shows fewer. */
const sourceOf = (file: string): string => readFileSync(fileURLToPath(new URL(file, import.meta.url)), "utf8")
const count = (text: string, part: string): number => text.split(part).length - 1

/** Opens one page. `source` is its notebook, which says how many claims, charts and hashes must come. */
export async function checkPage(
  browser: Browser,
  address: string,
  source: string,
  shots?: string,
  patienceMs = PATIENCE_MS,
): Promise<{ readonly wrong: string[]; readonly claims: number }> {
  const wrong: string[] = []
  const { origin, pathname } = new URL(address)
  const file = pathname.slice(1)
  const fail = (what: string) => wrong.push(`${file}: ${what}`)
  const page = await browser.newPage()
  try {
    page.on("pageerror", (error) => fail(`an error in the page: ${error instanceof Error ? error.message : String(error)}`))
    page.on("console", (message) => {
      if (message.type() === "error") fail(`the console says ${message.text()}`)
    })
    page.on("request", (request) => {
      if (!request.url().startsWith(origin) && !/^(data|blob):/.test(request.url())) fail(`it fetches ${request.url()}`)
    })
    await page.setViewport({ width: 1100, height: 900 })
    await page.goto(address)
    const wanted = {
      claims: count(source, "display(claim("),
      bits: count(source, "display(same"),
      charts: count(source, "display(chart("),
    }
    await waitForCells(page, wanted, patienceMs).catch(() => fail(`its cells did not finish in ${patienceMs / 1000} s`))
    const seen = await look(page)
    for (const error of seen.errors) fail(`a cell failed: ${error}`)
    for (const sentence of seen.unmet) fail(`a claim is not met: ${sentence}`)
    if (seen.claims !== wanted.claims) fail(`${seen.claims} of its ${wanted.claims} claims are there`)
    for (const chart of seen.silent) fail(`a chart says nothing to those who do not see it: ${chart}`)
    for (const bits of seen.bits) {
      const here = hashesHere(bits)
      if (here !== bits.hash) fail(`Chromium comes to ${bits.hash} and Node to ${here} for ${bits.manifest}`)
    }
    await photograph(page, file, fail, shots)
    if (seen.sliders > 0)
      await moveSlider(page, patienceMs).catch(() => fail("nothing changes when its first slider is moved to the end"))
    for (const error of (await look(page)).errors.filter((e) => !seen.errors.includes(e)))
      fail(`a cell fails when a slider is moved: ${error}`)
    return { wrong, claims: seen.claims }
  } finally {
    await page.close()
  }
}

type Wanted = { readonly claims: number; readonly bits: number; readonly charts: number }
const waitForCells = (page: Page, wanted: Wanted, patienceMs: number) =>
  page.waitForFunction(
    ({ claims, bits, charts }: Wanted) => {
      const all = (selector: string) => document.querySelectorAll(selector).length
      return (
        all(".observablehq--error") > 0 ||
        (all("[data-claim]") >= claims && all(".bits") >= bits && all("figure.chart") >= charts)
      )
    },
    { timeout: patienceMs, polling: 200 },
    wanted,
  )

interface Bits {
  readonly hash: string
  readonly manifest: string
  readonly kind: "run" | "supply"
}
const look = (page: Page) =>
  page.evaluate(() => {
    const all = (selector: string) => Array.from(document.querySelectorAll<HTMLElement>(selector))
    const text = (element: HTMLElement) => element.textContent?.trim() ?? ""
    return {
      errors: all(".observablehq--error").map(text),
      claims: all("[data-claim]").length,
      sliders: all(".slider").length,
      unmet: all('[data-claim="unmet"]').map(text),
      silent: all("figure.chart")
        .filter((figure) => !figure.querySelector('svg[role="img"][aria-label]'))
        .map(text),
      bits: all(".bits").map(({ dataset }) => ({
        hash: dataset.log === undefined ? dataset.supply! : `${dataset.log} ${dataset.state}`,
        manifest: dataset.manifest!,
        kind: dataset.log === undefined ? ("supply" as const) : ("run" as const),
      })),
    }
  })

/** Moves the first slider to its end by the keyboard, and waits until a claim, a table or a chart says something else. */
async function moveSlider(page: Page, patienceMs: number): Promise<void> {
  const said = () =>
    Array.from(document.querySelectorAll("[data-claim], table, .observablehq--error"), (e) => e.textContent).join(" ")
  const before = await page.evaluate(said)
  await page.focus(".slider input")
  await page.keyboard.press("End")
  await page.waitForFunction(
    (before) => {
      const now = Array.from(document.querySelectorAll("[data-claim], table, .observablehq--error"), (e) => e.textContent)
      return now.length > 0 && now.join(" ") !== before
    },
    { timeout: patienceMs, polling: 200 },
    before,
  )
}

/** The same manifest in this Node. */
function hashesHere({ manifest, kind }: Bits): string {
  if (kind === "supply") {
    const { which, settings } = JSON.parse(manifest) as { which: Case; settings: object }
    return hashOutlook(outlookOf(readFileSync(HISTORY, "utf8"), which, settings))
  }
  const session = new Session(JSON.parse(manifest), { hasSnapshots: false })
  session.finish()
  const { log, state } = session.hashes()
  return `${log} ${state}`
}

const SHOTS = [
  { name: "desktop", width: 1100, scheme: "light" },
  { name: "dark", width: 1100, scheme: "dark" },
  { name: "phone", width: 390, scheme: "light" },
] as const
async function photograph(page: Page, file: string, fail: (what: string) => void, shots?: string): Promise<void> {
  for (const { name, width, scheme } of SHOTS) {
    if (shots === undefined && name !== "phone") continue
    /* oxlint-disable no-await-in-loop -- one page, one picture at a time */
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }])
    await page.setViewport({ width, height: 900 })
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    if (over > 0) fail(`it is ${over} px wider than a screen of ${width} px`)
    if (shots !== undefined)
      await page.screenshot({ path: join(shots, `${file.replace(".html", "")}-${name}.png`), fullPage: true })
    /* oxlint-enable no-await-in-loop */
  }
}
