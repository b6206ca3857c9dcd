/** A picture of a page, where there is a Chromium; nothing where there is none. */
import { existsSync } from "node:fs"

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]

export async function shoot(url: string, path: string): Promise<void> {
  const executablePath = PLACES.find((place) => existsSync(place))
  if (executablePath === undefined) return
  const { default: puppeteer } = await import("puppeteer-core")
  const browser = await puppeteer.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] })
  try {
    const page = await browser.newPage()
    await page.setViewport({ width: 1000, height: 900 })
    await page.goto(url, { waitUntil: "domcontentloaded", timeout: 10_000 })
    await new Promise((done) => setTimeout(done, 2500))
    await page.screenshot({ path: path as `${string}.png` })
  } finally {
    await browser.close()
  }
}
