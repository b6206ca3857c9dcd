/**
 * Drives the demonstration in a real browser: `npm run demo:check -- OUT_DIR` presses every button, checks what the page's own series
 * says of both ways, and photographs it. Exit code 1 and a sentence where something is not as told.
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
  await press(tab, "repair", "3-repaired", 4, ({ central, nodes }) => central > 0.99 && nodes > 0.99)
  await press(tab, "kill-half", "4-half-killed", 5, ({ central, nodes }) => central > 0.99 && nodes > 0.99)
  await press(tab, "repair", undefined, 4, ({ nodes }) => nodes > 0.99)
  await press(tab, "kill-region:east", "5-east-dark", 5, ({ central, nodes }) => central === 0 && nodes > 0.99)
  await press(tab, "repair", undefined, 4, ({ central }) => central > 0.99)
  await press(tab, "kill-region:north", undefined, 4, ({ central, nodes }) => central > 0.99 && nodes > 0.99)
  await press(tab, "kill-region:south", undefined, 4, ({ nodes }) => nodes > 0.99)
  await press(tab, "kill-region:west", "6-only-east-left", 6, ({ central, nodes }) => central > 0.99 && nodes > 0.99)
  await press(tab, "repair", undefined, 12, ({ central, nodes }) => central > 0.99 && nodes > 0.99)
  await press(tab, "kill-region:east", undefined, 4, ({ central, nodes }) => central === 0 && nodes > 0.99)
  await press(tab, "repair", undefined, 4, ({ central }) => central > 0.99)
  await press(tab, "push-config", "7-bad-configuration", 6, ({ central, nodes }) => central === 0 && nodes > 0.99)
  await tab.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }])
  await shoot(tab, "8-dark")
  await tab.setViewport({ width: 390, height: 844, deviceScaleFactor: 1 })
  await wait(1)
  const over = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  if (over > 0) wrong.push(`on a phone the page is ${over} px too wide`)
  await shoot(tab, "9-phone")
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
  if (shot !== undefined) await shoot(tab, shot)
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
  await tab.screenshot({ path: join(outDir, `${name}.png`) as `${string}.png`, fullPage: name.endsWith("phone") })
}
function wait(seconds: number): Promise<void> {
  return new Promise((done) => void setTimeout(done, seconds * 1000))
}
