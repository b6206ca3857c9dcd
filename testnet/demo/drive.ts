/**
 * Drives the demonstration in a real browser: `npm run demo:check -- OUT_DIR` presses every button, checks what the page's own series
 * says of both ways, what it draws, and that every copy has a sound node again; and photographs it. Exit code 1 and a sentence where something is not as told.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { launch, type Page } from "puppeteer-core"
import { draw, stream } from "../../protocol/kernel/random.ts"
import { Demo, type Act, type Sample, type Shown } from "./demo.ts"
import { serveDemo } from "./serve.ts"

const chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((p) => existsSync(p))
const outDir = process.argv[2] ?? mkdtempSync(join(tmpdir(), "blackstart-demo-shots-"))
if (chromium === undefined) {
  process.stderr.write("no Chromium found: install Debian's with `apt-get install chromium`\n")
  process.exit(1)
}
mkdirSync(outDir, { recursive: true })
const ARGS =
  "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"

/** Shares of visits answered in the samples of [from, to) seconds. */
interface Course {
  readonly central: number
  readonly nodes: number
  readonly worstNodes: number
}

const profile = mkdtempSync(join(tmpdir(), "blackstart-look-"))
const dice = stream(20_261_122, "testnet/demo")
let drawn = 0
// A computer that runs a browser and two dozen servers may be slow to answer.
const demo = new Demo({ dice: () => draw(dice, drawn++) / 2 ** 32, patienceMs: 1500 })
const wrong: string[] = []
await demo.start()
const { url, close } = await serveDemo(demo, 0)
const browser = await launch({ executablePath: chromium, userDataDir: profile, args: ARGS.split(" ") })
try {
  const tab = await browser.newPage()
  const errors: string[] = []
  tab.on("pageerror", (error) => void errors.push(String(error)))
  tab.on("console", (message) => {
    if (message.type() === "error" && !/502/u.test(message.text())) errors.push(message.text())
  })
  await tab.setViewport({ width: 1280, height: 900, deviceScaleFactor: 1 })
  await tab.goto(url)
  await wait(5)
  await shoot(tab, "1-all-well")
  await press(tab, "kill-proxy", "2-proxy-killed", 5, ({ central, nodes }) => central === 0 && nodes > 0.99)
  await isDrawn(tab, { central: 0, nodes: 1 })
  await press(tab, "repair", "3-repaired", 4, ({ central, nodes }) => central > 0.99 && nodes > 0.99)
  await isDrawn(tab, { central: 1, nodes: 1 })
  await press(tab, "kill-half", "4-half-killed", 5, ({ central, nodes }) => central > 0.99 && nodes > 0.99)
  await press(tab, "repair", undefined, 4, ({ nodes }) => nodes > 0.99)
  await press(tab, "kill-region:east", "5-east-dark", 5, ({ central, nodes }) => central === 0 && nodes > 0.99)
  await press(tab, "repair", undefined, 4, ({ central }) => central > 0.99)
  await press(tab, "kill-region:north", undefined, 4, ({ central, nodes }) => central > 0.99 && nodes > 0.99)
  await press(tab, "kill-region:south", undefined, 4, ({ nodes }) => nodes > 0.99)
  await press(tab, "kill-region:west", "6-only-east-left", 6, ({ central, nodes }) => central > 0.99 && nodes > 0.99)
  await press(tab, "repair", undefined, 12, ({ central, nodes }) => central > 0.99 && nodes > 0.99)
  await press(tab, "push-config", "7-bad-configuration", 6, ({ central, nodes }) => central === 0 && nodes > 0.99)
  const { hosts } = await read(tab)
  const broken = hosts.filter((h) => h.state === "broken").length
  if (broken !== 3) wrong.push(`the bad update broke ${broken} nodes, not the three at which it stops`)
  for (const [name, width, height] of [
    ["desk", 1280, 900],
    ["phone", 390, 844],
  ] as const)
    for (const scheme of ["light", "dark"] as const) {
      await tab.setViewport({ width, height, deviceScaleFactor: 1 })
      await tab.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }])
      await wait(1)
      await isSound(tab, `${name}-${scheme}`, name === "desk" ? ".key" : ".cards")
      await shoot(tab, `8-${name}-${scheme}`)
    }
  await press(tab, "repair", undefined, 4, ({ central, nodes }) => central > 0.99 && nodes > 0.99)
  if (errors.length > 0) wrong.push(`the page reports: ${errors.join("; ")}`)
} finally {
  await browser.close()
  await close()
  await demo.close()
  rmSync(profile, { recursive: true, force: true })
}
process.stdout.write(`pictures in ${outDir}\n`)
for (const line of wrong) process.stderr.write(`${line}\n`)
process.exit(wrong.length > 0 ? 1 : 0)

/** Presses a button on the page, waits, and judges the last two seconds of the series that the page drew from. */
async function press(
  tab: Page,
  act: Act,
  shot: string | undefined,
  seconds: number,
  isRight: (c: Course) => boolean,
): Promise<void> {
  const from = (await read(tab)).t
  await tab.click(`button[data-act="${act}"]`)
  await wait(seconds)
  const { samples } = await read(tab)
  const since = samples.filter((s) => s.t >= from)
  // The last two seconds of them; on a busy computer they took longer.
  const course = share(since.slice(-4))
  const worst = Math.min(...since.map((s) => s.nodes / s.visits))
  const percent = (x: number): string => `${Math.round(100 * x)} %`
  process.stdout.write(
    `${act.padEnd(18)} central ${percent(course.central).padStart(5)}  nodes ${percent(course.nodes).padStart(5)}  (nodes' worst half second ${percent(worst)})\n`,
  )
  if (!isRight(course)) wrong.push(`after ${act}: central ${percent(course.central)}, nodes ${percent(course.nodes)}`)
  await heals(tab, act)
  if (shot !== undefined) await shoot(tab, shot)
}

/** Every copy has a sound node again, and the page says so in its list and its tiles. */
async function heals(tab: Page, after: string): Promise<void> {
  const began = performance.now()
  for (;;) {
    const { hosts, copies } = await read(tab)
    const tiles = await tab.$$eval("#regions .serving", (all) => all.length)
    const serving = hosts.filter((h) => h.state === "serving").length
    if (serving === copies && tiles === copies) return
    if (performance.now() - began > 10_000)
      return void wrong.push(`after ${after}: ${serving} of ${copies} copies have a node, and the page shows ${tiles}`)
    await wait(0.25)
  }
}

/** The chart moves on by itself, and ends where the figures beside it say: on top for a share of 1, at the bottom for 0. */
async function isDrawn(tab: Page, shares: { readonly central: number; readonly nodes: number }): Promise<void> {
  const ends = (): Promise<Record<string, { readonly x: number; readonly y: number; readonly now: string }>> =>
    tab.evaluate(() =>
      Object.fromEntries(
        [...document.querySelectorAll("#chart path")].map((path) => {
          const way = path.getAttribute("data-way") ?? ""
          const numbers = (path.getAttribute("d") ?? "").match(/[\d.]+/gu)!.map(Number)
          return [way, { x: numbers.at(-2)!, y: numbers.at(-1)!, now: document.getElementById(`${way}-now`)!.textContent }]
        }),
      ),
    )
  const [top, bottom] = await tab.evaluate(() =>
    [2, 0].map((i) => Number(document.querySelectorAll("#chart line")[i].getAttribute("y1"))),
  )
  const before = await ends()
  await wait(2)
  const after = await ends()
  for (const way of ["central", "nodes"] as const) {
    if (after[way].x <= before[way].x) wrong.push(`the chart's line of ${way} stands still`)
    const at = bottom + (top - bottom) * shares[way]
    if (Math.abs(after[way].y - at) > 2) wrong.push(`the chart's line of ${way} ends at ${after[way].y}, not at ${at}`)
    if (after[way].now !== `${100 * shares[way]} %`) wrong.push(`the figure of ${way} is ${after[way].now}`)
  }
}

/** In this window: nothing too wide, the named part in the first screen, words of marks apart, and the right site's page not a blank. */
async function isSound(tab: Page, where: string, inFirstScreen: string): Promise<void> {
  const seen = await tab.evaluate((part) => {
    const boxes = [...document.querySelectorAll("#chart .mark, #chart rect")].map((mark) => mark.getBoundingClientRect())
    const doMeet = boxes.some((a, i) =>
      boxes.some((b, k) => i < k && a.left < b.right - 0.5 && b.left < a.right - 0.5 && a.top < b.bottom && b.top < a.bottom),
    )
    const { scrollWidth, clientWidth, clientHeight } = document.documentElement
    return {
      over: scrollWidth - clientWidth,
      low: document.querySelector(part)!.getBoundingClientRect().bottom - clientHeight,
      doMeet,
    }
  }, inFirstScreen)
  if (seen.over > 0) wrong.push(`${where}: the page is ${seen.over} px too wide`)
  if (seen.low > 0) wrong.push(`${where}: ${inFirstScreen} ends ${Math.round(seen.low)} px below the first screen`)
  if (seen.doMeet) wrong.push(`${where}: the chart's marks lie on each other`)
  // Without scrolling there: what lies below the first screen is to be drawn too.
  const clip = await tab.$eval("#nodes-screen", (screen) => {
    const { x, y, width, height } = screen.getBoundingClientRect()
    return { x, y: y + scrollY, width, height }
  })
  const png = await tab.screenshot({ encoding: "base64", clip, captureBeyondViewport: true })
  const colours = await tab.evaluate(async (bytes) => {
    const image = new Image()
    image.src = `data:image/png;base64,${bytes}`
    await image.decode()
    const canvas = document.createElement("canvas")
    canvas.width = image.width
    canvas.height = image.height
    const context = canvas.getContext("2d")!
    context.drawImage(image, 0, 0)
    return new Set(new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer)).size
  }, png)
  if (colours < 20) wrong.push(`${where}: the right site's page is a blank of ${colours} colours`)
}

function read(tab: Page): Promise<Shown & { readonly samples: readonly Sample[] }> {
  return tab.evaluate(async () => (await fetch("/state.json")).json() as Promise<Shown & { readonly samples: readonly Sample[] }>)
}

function share(samples: readonly Sample[]): Course {
  const visits = samples.reduce((sum, s) => sum + s.visits, 0)
  const of = (key: "central" | "nodes"): number => samples.reduce((sum, s) => sum + s[key], 0) / Math.max(1, visits)
  return { central: of("central"), nodes: of("nodes"), worstNodes: Math.min(...samples.map((s) => s.nodes / s.visits)) }
}

async function shoot(tab: Page, name: string): Promise<void> {
  await tab.screenshot({ path: join(outDir, `${name}.png`) as `${string}.png`, fullPage: name.includes("phone") })
}
function wait(seconds: number): Promise<void> {
  return new Promise((done) => void setTimeout(done, seconds * 1000))
}
