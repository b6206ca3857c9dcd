/** The studio as it is handed out: one page, opened from a disk in Chromium. What it shows must be what the core says. */
import { spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { launch, type Browser, type Page } from "puppeteer-core"
import { build } from "vite"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { CHROMIUM, FLAGS } from "../browser/chromium.ts"
import { Session } from "../browser/session.ts"
import { fromFragment, toFragment } from "../browser/share.ts"
import { economyOf } from "../browser/small.ts"
import type { Scenario } from "../protocol/boundary/scenario.ts"
import { findBarriers } from "./accessible.ts"

const ABSENT = "the studio in Chromium: there is none here; apt-get install chromium installs it"
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const ECONOMY = { ...economyOf(500, { emissionTokensPerDay: 500 }, 40), name: "small-economy" } as unknown as Scenario
const TWO_DAYS: Scenario = {
  name: "two-days",
  question: "What do 40 hotspots earn in two days?",
  begins: "2026-01-01T00:00:00Z",
  lasts: { days: 2 },
  seed: 3,
  epoch: { hours: 6 },
  networks: { helium: { nodes: 40, change: { witnessesMax: 9 } } },
}

let dir = ""
let browser: Browser | undefined
let page: Page
const wrong: string[] = []
beforeAll(async () => {
  if (CHROMIUM === undefined) return
  dir = mkdtempSync(join(tmpdir(), "blackstart-studio-"))
  await build({ configFile: here("vite.config.ts"), build: { outDir: join(dir, "page"), minify: false }, logLevel: "silent" })
  browser = await launch({ executablePath: CHROMIUM, userDataDir: join(dir, "profile"), args: [...FLAGS] })
  page = await browser.newPage()
  page.on("pageerror", (error) => void wrong.push(String(error)))
  page.on("request", (r) => void (/^(file|data|blob|about):/u.test(r.url()) || wrong.push(`asked for ${r.url()}`)))
  await page.setViewport({ width: 1300, height: 900 })
}, 90_000)
afterAll(async () => {
  await browser?.close()
  if (dir !== "") rmSync(dir, { recursive: true, force: true })
})

/** Opens a link that holds a run, and waits until it is done with its hash. */
async function open(a: Scenario, b?: Scenario): Promise<void> {
  await begin(a, b)
  await settled()
}
async function begin(a: Scenario, b?: Scenario): Promise<void> {
  await page.goto("about:blank")
  const fragment = await toFragment({ blackstart: 1, a, ...(b === undefined ? {} : { b }) })
  await page.goto(`file://${join(dir, "page", "index.html")}#${fragment}`)
}
const settled = (): Promise<unknown> =>
  page.waitForFunction(
    () =>
      document.getElementById("answer")!.getAttribute("aria-busy") === "false" &&
      document.getElementById("run")!.textContent === "Run again" &&
      !document.getElementById("hash")!.textContent.includes("follows"),
    { timeout: 60_000 },
  )
const textOf = (id: string): Promise<string> => page.$eval(`#${id}`, (e) => e.textContent)
const hashOf = (scenario: unknown): string => {
  const session = new Session(scenario)
  session.finish()
  return session.hashes().log
}
const setField = (selector: string, value: string, event: string): Promise<void> =>
  page.$eval(
    selector,
    (field, value, event) => {
      ;(field as HTMLInputElement).value = value
      field.dispatchEvent(new Event(event, { bubbles: true }))
    },
    value,
    event,
  )
/** The bytes of the file that a button saves. */
const saved = async (button: string): Promise<Uint8Array> =>
  Uint8Array.from(
    await page.evaluate(
      (button) =>
        new Promise<number[]>((resolve) => {
          const make = URL.createObjectURL.bind(URL)
          URL.createObjectURL = (blob) => {
            URL.createObjectURL = make
            void (blob as Blob).arrayBuffer().then((bytes) => resolve([...new Uint8Array(bytes)]))
            return make(blob)
          }
          document.getElementById(button)!.click()
        }),
      button,
    ),
  )
/** Finds a parameter and sets it by hand. */
async function setParameter(words: string, value: number): Promise<void> {
  await setField("#search", words, "input")
  await page.waitForFunction(
    (words) => {
      const found = [...document.querySelectorAll(".param label")]
      return found.length === 1 && found[0].textContent === words
    },
    {},
    words,
  )
  await setField(".param input[type=number]", String(value), "change")
}

describe.skipIf(CHROMIUM === undefined)("in Chromium, from a disk", { timeout: 90_000 }, () => {
  test("a link opens to the hashes of Node, and says the same as whoever shared it", async () => {
    await open(ECONOMY)
    expect(await textOf("hash")).toContain(hashOf(ECONOMY))
    const link = await page.evaluate(async () => {
      document.getElementById("share")!.click()
      await new Promise((resolve) => setTimeout(resolve, 300))
      return location.hash
    })
    const shared = await fromFragment(link)
    expect(shared).toMatchObject({ a: ECONOMY, came: { a: { epoch: 40, log: hashOf(ECONOMY) } } })
    await page.goto("about:blank")
    await page.goto(`file://${join(dir, "page", "index.html")}${link}`)
    await settled()
    await page.waitForFunction(() => document.getElementById("note")!.textContent.startsWith("The same hashes"))
  })

  test("a slider's run is the run of its value; a wrong value is one sentence", async () => {
    await open(ECONOMY)
    await setParameter("burn permille", 100)
    await page.waitForFunction(() => document.getElementById("hash")!.textContent.includes("follows"))
    await settled()
    const changed = {
      ...ECONOMY,
      networks: { economy: { nodes: 500, change: { emissionTokensPerDay: 500, burnPermille: 100 } } },
    }
    expect(await textOf("hash")).toContain(hashOf(changed))
    await setParameter("burn permille", 1001)
    await page.waitForFunction(() => !document.getElementById("problem")!.hidden)
    expect(await textOf("problem")).toBe(
      "networks.economy.change: economy.burnPermille = 1001 ‰ of spending is out of range: it may be 0 to 1000 (assumption: burn-and-mint networks burn all of it)",
    )
  })

  test("a real network's slider is previewed under a label, and its run is the whole one's", async () => {
    const run = { ...TWO_DAYS, networks: { helium: { nodes: 4000 } } }
    await open(run)
    await page.evaluate(() => {
      const seen: string[] = []
      Object.assign(globalThis, { seen })
      const box = document.getElementById("preview")!
      new MutationObserver(() => box.hidden || seen.push(box.textContent)).observe(box, {
        attributes: true,
        childList: true,
        subtree: true,
      })
    })
    // On a busy computer a preview may come no sooner than the run: then there is nothing to preview, and it is tried again.
    const previewed = "Preview. The same rules with 200 of the 4,000 hotspots."
    let witnessesMax = 4
    let seen: readonly string[] = []
    while (witnessesMax < 9 && !seen.some((text) => text.startsWith(previewed))) {
      /* oxlint-disable no-await-in-loop -- one after another, until one was seen */
      await setParameter("witnesses max", ++witnessesMax)
      await page.waitForFunction(() => performance.getEntriesByName("studio:redraw").length > 0, { timeout: 60_000 })
      await settled()
      seen = await page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen)
      /* oxlint-enable no-await-in-loop */
    }
    expect(seen.find((text) => text.startsWith(previewed))).toBeDefined()
    expect(await page.$eval("#preview", (e) => e.checkVisibility())).toBe(false)
    expect(await textOf("map-a-word")).toBe("4,000 hotspots")
    expect(await textOf("hash")).toContain(hashOf({ ...run, networks: { helium: { nodes: 4000, change: { witnessesMax } } } }))
  })

  test("a run that takes long to its first day is drawn as its preview until then", async () => {
    await begin({ ...TWO_DAYS, networks: { akash: { nodes: 10_000 } } })
    await page.waitForFunction(() => !document.getElementById("preview")!.hidden, { timeout: 60_000 })
    expect(await textOf("preview")).toContain("The same rules with 12 of the 10,000 providers.")
    expect(await textOf("verdict")).not.toContain("Nothing has run yet")
  })

  test("two settings share their luck, and the verdict says who gains", async () => {
    const b = { ...ECONOMY, networks: { economy: { nodes: 500, change: { emissionTokensPerDay: 250 } } } }
    await open(ECONOMY, b)
    const hash = await textOf("hash")
    expect(hash).toContain(hashOf(ECONOMY))
    expect(hash).toContain(hashOf(b))
    expect(await textOf("verdict")).toMatch(/Of 500 nodes, none is paid more in B, \d+ less; all together \d+(\.\d)?% less\./u)
    expect(await page.$eval("#figure-b", (e) => e.checkVisibility())).toBe(true)
  })

  test("time goes back to the hash it had, a fork goes on from there, and a node tells its life", async () => {
    await open(TWO_DAYS)
    const session = new Session(TWO_DAYS)
    session.finish()
    expect(await textOf("hash")).toContain(session.headers[7].hash)
    await setField("#time", "3", "input")
    await setField("#time", "3", "change")
    await page.waitForFunction((hash) => document.getElementById("hash")!.textContent.includes(hash), {}, session.headers[2].hash)
    await page.$eval("#from-here", (e) => (e as HTMLInputElement).click())
    await setParameter("witnesses max", 4)
    await settled()
    session.scrub(3)
    const fork = session.fork([{ network: "helium", parameter: "witnessesMax", value: 4 }])
    fork.finish()
    await page.waitForFunction((hash) => document.getElementById("hash")!.textContent.includes(hash), {}, fork.hashes().log)
    await setField("#node", "7", "input")
    await page.click("#show-life")
    await page.waitForFunction(() => document.getElementById("life")!.textContent.includes("events in all"))
    // Its proofs are many: without them the first thing in its life is on the page too.
    await page.click('#life input[data-key="proof"]')
    const life = await textOf("life")
    const says = (words: RegExp): void => expect(words.test(life), String(words)).toBe(true)
    says(/The life of hotspot 7/u)
    says(/Reward paid.*Rule: line day\.pay_hotspots of the settlement/u)
    says(/Node registered.*Rule: decided on RegisterNode/u)
  })

  test("the scenario file is one that blackstart run plays to the same hash", async () => {
    await open(TWO_DAYS)
    const text = new TextDecoder().decode(await saved("save-scenario"))
    const file = join(dir, "two-days.json")
    writeFileSync(file, text)
    const out = join(dir, "run")
    const ran = spawnSync(process.execPath, [here("../cli/blackstart.mjs"), "run", file, "--no-report", "--out", out], {
      encoding: "utf8",
    })
    expect(ran.status, ran.stderr).toBe(0)
    const { logHash } = JSON.parse(readFileSync(join(out, "run.json"), "utf8")) as { logHash: string }
    expect(await textOf("hash")).toContain(logHash)
  })

  test("the table has a row for every epoch, and the picture is one", async () => {
    await open(TWO_DAYS)
    const lines = new TextDecoder()
      .decode(await saved("save-csv"))
      .trimEnd()
      .split("\n")
    expect(lines[2]).toMatch(/^side,epoch,endS,seconds,offeredMilli,servedMilli,/u)
    expect(lines.slice(3).map((l) => l.split(",").slice(0, 3).join())).toEqual(
      new Session(TWO_DAYS).epochs === 8 ? Array.from({ length: 8 }, (_, i) => `a,${i},${1767225600 + (i + 1) * 21600}`) : [],
    )
    const png = await saved("save-png")
    expect([...png.subarray(1, 4)]).toEqual([...new TextEncoder().encode("PNG")])
    expect(new DataView(png.buffer).getUint32(16)).toBe(1400)
  })

  test("shuts nobody out: light and dark, desktop and phone", async () => {
    await open(ECONOMY, ECONOMY)
    await page.click("#node-best")
    await page.waitForFunction(() => document.getElementById("life")!.textContent.includes("events in all"))
    for (const width of [1300, 390])
      for (const value of ["light", "dark"]) {
        /* oxlint-disable no-await-in-loop -- one look after the other */
        await page.setViewport({ width, height: 850 })
        await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value }])
        expect(await page.evaluate(findBarriers), `${value}, ${width} px`).toEqual([])
        /* oxlint-enable no-await-in-loop */
      }
    // What finds barriers must be able to: a page with one of each.
    await page.evaluate(() => {
      const broken = document.createElement("div")
      broken.innerHTML = '<button></button><p style="color:#999;background:#fff">pale</p><p tabindex="3">jumps</p>'
      document.querySelector("main")!.prepend(broken)
    })
    const found = (await page.evaluate(findBarriers)).join("; ")
    for (const barrier of [
      "button. has no name",
      "p. has a contrast of 2.85 only",
      "p. jumps the order of focus",
      "too small for a finger",
    ])
      expect(found).toContain(barrier)
    await page.setViewport({ width: 1300, height: 900 })
    await page.emulateMediaFeatures([])
  })

  test("every control is reached by the keyboard, in the order of the page, and is seen to have the focus", async () => {
    await open(ECONOMY)
    const reached: string[] = []
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    for (let k = 0; k < 22; k++) {
      await page.keyboard.press("Tab") // oxlint-disable-line no-await-in-loop -- one key after the other
      // oxlint-disable-next-line no-await-in-loop -- as above
      reached.push(
        await page.evaluate(() => {
          const e = document.activeElement as HTMLElement
          const css = getComputedStyle(e.matches("input[type=file]") ? e.parentElement! : e)
          return `${e.id || e.tagName}${css.outlineStyle === "none" ? " (no outline)" : ""}`
        }),
      )
    }
    expect(reached.slice(0, 12).join(" ")).toMatch(
      /^A share save-run open-run save-scenario save-png save-csv network scenario compare preset nodes/u,
    )
    expect(reached.filter((r) => r.includes("no outline"))).toEqual([])
    // A slider moves by the arrows.
    await page.focus(".param input[type=range]")
    const before = await page.$eval(".param input[type=number]", (e) => (e as HTMLInputElement).value)
    await page.keyboard.press("ArrowRight")
    expect(await page.$eval(".param input[type=number]", (e) => (e as HTMLInputElement).value)).not.toBe(before)
  })

  test("nothing went wrong on the way, and nothing was asked of any network", () => {
    expect(wrong).toEqual([])
  })
})

test("the browser's part ran", ({ skip }) => {
  if (CHROMIUM === undefined) skip(ABSENT)
})
