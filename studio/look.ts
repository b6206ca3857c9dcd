/**
 * Photographs the built studio as people will meet it, so that someone looks at it: `node studio/look.ts OUT_DIR` writes desktop
 * (light and dark), a comparison, a node's life and a phone as PNG. Development only; `npm run studio:build` first.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { launch, type Page } from "puppeteer-core"
import { CHROMIUM, FLAGS } from "../browser/chromium.ts"

const outDir = process.argv[2]
const page = fileURLToPath(new URL("../dist/studio/index.html", import.meta.url))
if (outDir === undefined) stop("usage: node studio/look.ts OUT_DIR")
if (CHROMIUM === undefined) stop("no Chromium found: install Debian's with `apt-get install chromium`")
if (!existsSync(page)) stop("there is no built studio: run `npm run studio:build` first")
mkdirSync(outDir, { recursive: true })

const settled = (tab: Page): Promise<unknown> =>
  tab.waitForFunction(
    () =>
      document.getElementById("answer")!.getAttribute("aria-busy") === "false" &&
      document.getElementById("run")!.textContent === "Run again" &&
      !/follows/u.test(document.getElementById("hash")!.textContent) &&
      /[0-9a-f]{64}/u.test(document.getElementById("hash")!.textContent),
    { timeout: 120_000 },
  )

const SHOTS: readonly {
  readonly name: string
  readonly width: number
  readonly height: number
  readonly scheme: "light" | "dark"
  readonly isWhole?: boolean
  readonly act?: (tab: Page) => Promise<void>
}[] = [
  { name: "desktop-light", width: 1440, height: 950, scheme: "light" },
  { name: "desktop-dark", width: 1440, height: 950, scheme: "dark" },
  { name: "compare", width: 1440, height: 950, scheme: "light", isWhole: true, act: compare },
  { name: "life", width: 1440, height: 950, scheme: "light", isWhole: true, act: life },
  { name: "outage", width: 1440, height: 950, scheme: "light", isWhole: true, act: outage },
  { name: "phone", width: 390, height: 844, scheme: "light", isWhole: true },
  { name: "phone-dark", width: 390, height: 844, scheme: "dark", isWhole: true },
]
const wanted = process.argv.slice(3)

const profile = mkdtempSync(join(tmpdir(), "blackstart-look-"))
const browser = await launch({ executablePath: CHROMIUM, userDataDir: profile, args: [...FLAGS] })
try {
  for (const { name, width, height, scheme, isWhole, act } of SHOTS) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    /* oxlint-disable no-await-in-loop -- one picture at a time */
    const tab = await browser.newPage()
    tab.on("pageerror", (error) => console.error(`${name}: ${String(error)}`))
    tab.on("console", (m) => m.type() === "error" && console.error(`${name}: ${m.text()}`))
    await tab.setViewport({ width, height, deviceScaleFactor: 1 })
    await tab.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }])
    await tab.goto(`file://${page}`)
    try {
      await settled(tab)
      await act?.(tab)
    } catch (error) {
      console.error(`${name}: ${String(error)}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 400))
    const wide = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    await tab.screenshot({ path: join(outDir, `${name}.png`) as `${string}.png`, fullPage: isWhole === true })
    console.log(`${name}  ${width} × ${height} px${wide > 0 ? `  TOO WIDE by ${wide} px` : ""}`)
    await tab.close()
    /* oxlint-enable no-await-in-loop */
  }
} finally {
  await browser.close()
  rmSync(profile, { recursive: true, force: true })
}

async function compare(tab: Page): Promise<void> {
  await tab.click("#compare")
  await settled(tab)
  await setParameter(tab, "burn permille", 200)
  await setParameter(tab, "cost max", 2200)
  await settled(tab)
}

async function life(tab: Page): Promise<void> {
  await tab.select("#network", "helium")
  await settled(tab)
  await tab.click("#node-middle")
  await tab.waitForFunction(() => /events in all/u.test(document.getElementById("life")!.textContent), { timeout: 120_000 })
}

async function outage(tab: Page): Promise<void> {
  await tab.select("#network", "helium")
  await tab.select("#scenario", "cloudflare-2025-11-18")
  await tab.$eval("#nodes", (field) => {
    ;(field as HTMLInputElement).value = "1500"
    field.dispatchEvent(new Event("change"))
  })
  await settled(tab)
  await tab.$eval("#time", (field) => {
    ;(field as HTMLInputElement).value = "130"
    field.dispatchEvent(new Event("input"))
    field.dispatchEvent(new Event("change"))
  })
  await new Promise((resolve) => setTimeout(resolve, 3000))
}

/** As a hand would: finds it and types its value. */
async function setParameter(tab: Page, search: string, value: number): Promise<void> {
  await tab.$eval("#search", (field, text) => ((field as HTMLInputElement).value = text), search)
  await tab.$eval("#search", (field) => field.dispatchEvent(new Event("input")))
  await tab.waitForFunction(
    (words) => {
      const found = [...document.querySelectorAll(".param label")]
      return found.length === 1 && found[0].textContent.startsWith(words)
    },
    {},
    search,
  )
  await tab.$eval(
    ".param input[type=number]",
    (field, value) => {
      ;(field as HTMLInputElement).value = String(value)
      field.dispatchEvent(new Event("change"))
    },
    value,
  )
  // Its hash follows when the slider has rested a little.
  await tab.waitForFunction(() => /follows/u.test(document.getElementById("hash")!.textContent), { timeout: 20_000 })
}

function stop(why: string): never {
  console.error(why)
  process.exit(1)
}
