/**
 * Photographs a report as people will meet it, so that someone looks at it: `node reports/look.ts RUN_DIR OUT_DIR` writes
 * desktop (light and dark), first screen, phone and print as PNG. Development only.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { launch } from "puppeteer-core"

const [runDir, outDir] = process.argv.slice(2)
const chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((p) => existsSync(p))
if (runDir === undefined || outDir === undefined) stop("usage: node reports/look.ts RUN_DIR OUT_DIR")
if (chromium === undefined) stop("no Chromium found: install Debian's with `apt-get install chromium`")
const report = resolve(runDir, "report.html")
if (!existsSync(report)) stop(`there is no ${report}: write it first with \`blackstart report ${runDir}\``)
mkdirSync(outDir, { recursive: true })

/** Height of one picture of a long page, px. */
const SLICE = 1500

const SHOTS = [
  { name: "first-screen", width: 1280, height: 900, scheme: "light", media: "screen", whole: false },
  { name: "desktop-light", width: 1280, height: 900, scheme: "light", media: "screen", whole: true },
  { name: "desktop-dark", width: 1280, height: 900, scheme: "dark", media: "screen", whole: true },
  { name: "phone", width: 390, height: 844, scheme: "light", media: "screen", whole: true },
  { name: "phone-dark", width: 390, height: 844, scheme: "dark", media: "screen", whole: true },
  { name: "print", width: 794, height: 1123, scheme: "dark", media: "print", whole: true },
] as const

const profile = mkdtempSync(join(tmpdir(), "blackstart-look-"))
const browser = await launch({
  executablePath: chromium,
  userDataDir: profile,
  args: "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync".split(
    " ",
  ),
})
try {
  const tab = await browser.newPage()
  const protocol = await tab.createCDPSession()
  for (const { name, width, height, scheme, media, whole } of SHOTS) {
    /* oxlint-disable no-await-in-loop -- one tab, one picture at a time */
    await tab.setViewport({ width, height, deviceScaleFactor: 1 })
    // Both at once: each of the tab's own two calls forgets what the other set.
    await protocol.send("Emulation.setEmulatedMedia", { media, features: [{ name: "prefers-color-scheme", value: scheme }] })
    await tab.goto(pathToFileURL(report).href)
    const overflow = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    // A long page is cut into pictures small enough to be looked at.
    const length = whole ? await tab.evaluate(() => document.documentElement.scrollHeight) : height
    for (let top = 0, part = 1; top < length; top += SLICE, part++) {
      const file = whole ? `${name}-${part}.png` : `${name}.png`
      await tab.screenshot({
        path: join(outDir, file),
        clip: { x: 0, y: top, width, height: Math.min(whole ? SLICE : height, length - top) },
        captureBeyondViewport: true,
      })
    }
    console.log(`${name}  ${width} × ${length} px${overflow > 0 ? `  TOO WIDE by ${overflow} px` : ""}`)
    /* oxlint-enable no-await-in-loop */
  }
} finally {
  await browser.close()
  rmSync(profile, { recursive: true, force: true })
}

function stop(why: string): never {
  console.error(why)
  process.exit(1)
}
