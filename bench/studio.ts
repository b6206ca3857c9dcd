/**
 * The studio in Chromium: how many pictures a second while a year of 10,000 nodes runs, and how long a slider takes to its first
 * redraw of ninety days of them, of the economy whole and of real networks as a preview. `node bench/studio.ts` builds the page, opens it from the disk, and prints the figures.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { launch, type Page } from "puppeteer-core"
import { build } from "vite"
import { CHROMIUM, FLAGS } from "../browser/chromium.ts"
import { ground, Session } from "../browser/session.ts"
import { toFragment } from "../browser/share.ts"
import type { Scenario } from "../protocol/boundary/scenario.ts"
import heliumYear from "../scenarios/economics/helium-year.ts"
import { align } from "./table.ts"

const NODES = 10_000
const SECONDS = 8
const MOVES = 15

export interface StudioRow {
  readonly what: string
  readonly median: number
  readonly worst: number
  readonly unit: string
  readonly goal: string
}

/** Real networks, and the slider of each that is moved: whatever its value, the run can be played. */
const REAL = {
  helium: "witnesses max",
  filecoin: "fault fee epochs",
  render: "approve after hours",
  akash: "order max bids",
} as const
/** What a page gives up waiting for, ms: ten thousand providers of Akash need minutes for a day. */
const PATIENCE_MS = 60_000

const quietDays = (network: string, days: number): Scenario => ({
  name: `${network}-${days}`,
  question: "A bench",
  begins: "2026-01-01T00:00:00Z",
  lasts: { days },
  seed: 1,
  epoch: { days: 1 },
  networks: { [network]: { nodes: NODES } },
})
const economyDays = (days: number): Scenario => quietDays("economy", days)

/** Undefined where there is no Chromium. */
export async function studioRows(): Promise<readonly StudioRow[] | undefined> {
  if (CHROMIUM === undefined) return undefined
  const dir = mkdtempSync(join(tmpdir(), "blackstart-studio-"))
  const outDir = join(dir, "page")
  await build({
    configFile: fileURLToPath(new URL("../studio/vite.config.ts", import.meta.url)),
    build: { outDir },
    logLevel: "silent",
  })
  const browser = await launch({ executablePath: CHROMIUM, userDataDir: join(dir, "profile"), args: [...FLAGS] })
  try {
    const page = await browser.newPage()
    await page.setViewport({ width: 1440, height: 900 })
    const open = async (scenario: Scenario): Promise<void> => {
      await page.goto("about:blank")
      await page.goto(`file://${join(outDir, "index.html")}#${await toFragment({ blackstart: 1, a: scenario })}`)
      await page.waitForFunction(() => document.getElementById("question")!.textContent !== "")
    }
    await open(heliumYear as Scenario)
    await page.waitForFunction(() => document.getElementById("run")!.textContent === "Pause", { timeout: 120_000 })
    const helium = await frames(page, SECONDS)
    await open(economyDays(3650))
    await page.waitForFunction(() => document.getElementById("run")!.textContent === "Pause", { timeout: 120_000 })
    const economy = await frames(page, SECONDS)
    await open(economyDays(90))
    await page.waitForFunction(() => document.getElementById("run")!.textContent === "Run again", { timeout: 120_000 })
    const slider = await redraws(page)
    const real: StudioRow[] = []
    for (const [network, words] of Object.entries(REAL)) {
      /* oxlint-disable no-await-in-loop -- one network has the processor at a time */
      await open(quietDays(network, 90))
      await page.waitForFunction(() => document.querySelectorAll("#params details").length > 0)
      // Its worker has folded a little, as by the time that somebody has found the slider.
      await new Promise((resolve) => setTimeout(resolve, 5000))
      const { previews, arrivalMs } = await previewsOf(page, words)
      real.push({
        what: `slider to the preview's first days, 90 days of ${network}, ${NODES} nodes; ${arrivalMs === undefined ? `no day of the full run within ${PATIENCE_MS / 1000} s` : `the full run's first day after ${(arrivalMs / 1000).toFixed(1)} s`}`,
        median: Math.round(quantile(previews, 0.5)),
        worst: Math.round(quantile(previews, 0.95)),
        unit: "ms",
        goal: "≤ 300",
      })
      /* oxlint-enable no-await-in-loop */
    }
    const row = (what: string, { gaps, cpuMs }: Frames): StudioRow => ({
      what: `${what}; ${cpuMs.toFixed(1)} ms of the page's processor time a frame`,
      median: Math.round(10_000 / quantile(gaps, 0.5)) / 10,
      worst: Math.round(10_000 / quantile(gaps, 0.95)) / 10,
      unit: "frames/s",
      goal: "≥ 30",
    })
    return [
      row(`Helium's year runs, ${NODES} hotspots`, helium),
      row(`the economy's ten years run, ${NODES} nodes`, economy),
      {
        what: `slider to first redraw, 90 days of the economy, ${NODES} nodes; ${foldCpuMs()} ms of Node's processor time for the fold`,
        median: Math.round(quantile(slider, 0.5)),
        worst: Math.round(quantile(slider, 0.95)),
        unit: "ms",
        goal: "≤ 300",
      },
      ...real,
    ]
  } finally {
    await browser.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

/** The fold alone, warm, whoever else uses the computer. */
function foldCpuMs(): number {
  const environment = ground()
  let spent = 0
  for (let k = 0; k < 8; k++) {
    const before = process.cpuUsage()
    const session = new Session(economyDays(90), { environment, chained: false, hasSnapshots: false })
    session.finish()
    session.frame(0, true)
    spent = process.cpuUsage(before).user / 1000
  }
  return Math.round(spent)
}

/** Milliseconds between the pictures of a page, while its run goes on. */
async function frames(page: Page, seconds: number): Promise<Frames> {
  const cdp = await page.createCDPSession()
  // The page's own processor time: what a frame costs, whoever else uses the computer.
  await cdp.send("Performance.enable", { timeDomain: "threadTicks" })
  const busy = async (): Promise<number> =>
    (await cdp.send("Performance.getMetrics")).metrics.find((m) => m.name === "TaskDuration")!.value * 1000
  const before = await busy()
  const gaps = await gapsOf(page, seconds)
  const spent = (await busy()) - before
  await cdp.detach()
  return { gaps, cpuMs: spent / gaps.length }
}

interface Frames {
  readonly gaps: readonly number[]
  readonly cpuMs: number
}

const gapsOf = (page: Page, seconds: number): Promise<readonly number[]> =>
  page.evaluate(
    (ms) =>
      new Promise<number[]>((resolve) => {
        const gaps: number[] = []
        const began = performance.now()
        let before = began
        const next = (): void => {
          const now = performance.now()
          gaps.push(now - before)
          before = now
          const isOver = now - began > ms || document.getElementById("run")!.textContent !== "Pause"
          if (isOver) resolve(gaps.slice(1))
          else requestAnimationFrame(next)
        }
        requestAnimationFrame(next)
      }),
    seconds * 1000,
  )

/** Moves a slider as a hand does, and reads how long the page took until the run with the new value was drawn. */
async function redraws(page: Page): Promise<readonly number[]> {
  for (let k = 0; k < MOVES; k++) {
    /* oxlint-disable no-await-in-loop -- a hand moves once at a time */
    await page.evaluate((k) => {
      performance.clearMeasures()
      const slider = document.querySelector<HTMLInputElement>(".param input[type=range]")!
      slider.value = String(400 + 20 * k)
      slider.dispatchEvent(new Event("input", { bubbles: true }))
    }, k)
    await page.waitForFunction(() => performance.getEntriesByName("studio:redraw").length > 0, { timeout: 20_000 })
    await page.evaluate(() => {
      const kept = globalThis as unknown as { took?: number[] }
      kept.took = [...(kept.took ?? []), performance.getEntriesByName("studio:redraw")[0].duration]
    })
    /* oxlint-enable no-await-in-loop */
  }
  // The first ones warm the worker up, as a first touch does for people.
  return page.evaluate(() => (globalThis as unknown as { took: number[] }).took.slice(2))
}

/** Moves a slider of a real network and reads how long its preview took; then lets it go, and waits for the full run. */
async function previewsOf(
  page: Page,
  words: string,
): Promise<{ readonly previews: readonly number[]; readonly arrivalMs: number | undefined }> {
  const previews: number[] = []
  await page.evaluate((words) => {
    const search = document.querySelector<HTMLInputElement>("#search")!
    search.value = words
    search.dispatchEvent(new Event("input", { bubbles: true }))
  }, words)
  await page.waitForFunction(
    (words) => {
      const param = [...document.querySelectorAll(".param")].find((p) => p.querySelector("label")?.textContent === words)
      const slider = param?.querySelector("input[type=range]")
      if (slider) slider.id = "moved"
      return slider !== undefined
    },
    {},
    words,
  )
  for (let k = 0; k < MOVES; k++) {
    /* oxlint-disable no-await-in-loop -- a hand moves once at a time */
    await page.evaluate((k) => {
      const slider = document.querySelector<HTMLInputElement>("#moved")!
      slider.value = String(1 + k)
      slider.dispatchEvent(new Event("input", { bubbles: true }))
    }, k)
    await page.waitForFunction(() => performance.getEntriesByName("studio:preview").length > 0, { timeout: PATIENCE_MS })
    previews.push(await page.evaluate(() => performance.getEntriesByName("studio:preview")[0].duration))
    /* oxlint-enable no-await-in-loop */
  }
  await page.evaluate(() => document.getElementById("moved")!.dispatchEvent(new Event("change", { bubbles: true })))
  const arrivalMs = await page
    .waitForFunction(() => performance.getEntriesByName("studio:arrival")[0]?.duration, { timeout: PATIENCE_MS })
    .then((handle) => handle.jsonValue())
    .catch(() => undefined)
  return { previews: previews.slice(2), arrivalMs }
}

const quantile = (values: readonly number[], p: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.round(p * (sorted.length - 1))]
}

/** A table, or one line that says why there is none. */
export const formatStudio = (rows: readonly StudioRow[] | undefined): string =>
  rows === undefined
    ? "the studio in Chromium: there is none here; apt-get install chromium installs it"
    : align(
        ["studio", "median", "worst of 20", "unit", "goal"],
        rows.map((r) => [r.what, r.median, r.worst, r.unit, r.goal]),
      )

if (import.meta.main) console.log(formatStudio(await studioRows()))
